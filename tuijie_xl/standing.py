"""A master workbook as it stands before new files come: its applicants, and what officers and earlier batches left in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .applicants import Applicants
from .batch import stack
from .book import BookText, Grid
from .edition import Edition
from .intake import FileIntake, SheetIntake, read_submission
from .intake.submission import OUR_SHEETS, SETTINGS_SHEET
from .intake.text import as_written
from .layout.changes import CHANGES
from .layout.problem_list import SHEET as PROBLEMS
from .layout.records import (
    FINGERPRINT,
    HEADER,
    IMPORTS,
    LETTERS,
    REASONS,
    SET_ASIDE,
    STATUS,
    bare,
    letters_of,
    letters_text,
)
from .layout.template import MASTER
from .problem import UnusableFile
from .reported import REPORTED, Texts, joined, load, parts, texts_of, typed_measure

LISTS = (PROBLEMS, IMPORTS, SET_ASIDE, CHANGES)
NONE = "none"                           # in the place of a sha256: there was no master before
NOTES_APART = "\n──您的批注──\n"        # between our note of a cell and the officer's

Line = dict[str, Any]                   # label -> cell of one line of a list


@dataclass
class Past:
    """What a new master carries on from the one before: lines of its lists, officers' columns and notes.

    ``columns`` holds kind -> label -> one value an applicant; ``notes`` holds (kind, position, label) -> text.
    ``former`` is the sha256 of the file that the new one replaces, 'none' for the first.
    """

    former: str = NONE
    lists: dict[str, list[Line]] = field(default_factory=lambda: {name: [] for name in LISTS})
    columns: dict[str, dict[str, list]] = field(default_factory=dict)
    notes: dict[tuple[str, int, str], str] = field(default_factory=dict)
    changes: list[tuple] = field(default_factory=list)


@dataclass
class Standing:
    """The master: ``applicants`` with places in the master itself, ``base`` what bureaus last reported of each (None
    for a row that an officer put in), ``past`` all else that must not be lost; ``formulas`` are (sheet, label) of columns
    in which officers wrote formulas, of which only the values can be kept."""

    path: str
    sha256: str
    intake: FileIntake
    applicants: dict[str, Applicants]
    base: dict[str, list[Texts | None]]
    past: Past
    settings: dict[str, str] = field(default_factory=dict)
    formulas: list[tuple[str, str]] = field(default_factory=list)

    def letters(self, edition: Edition) -> dict[tuple, dict[str, str]]:
        """(file name, sheet) -> field id -> column letter, of the files that were imported before."""
        return letters_of(self.past.lists[IMPORTS], edition)

    def knows(self, file: FileIntake, edition: Edition) -> bool:
        """Whether the very file was imported before, its columns read as they are read now; or could not be used, and
        cannot be used now."""
        lines = [line for line in self.past.lists[IMPORTS] if (line.get(FINGERPRINT) or "") == file.sha256
                 and (file.sha256 or line.get("文件") == Path(file.path).name)]
        if file.status == "refused":
            return bool(lines)
        before = {(bare(line.get("工作表")), line.get(LETTERS)) for line in lines if line.get("状态") != STATUS["refused"]}
        return {(sheet.name or None, letters_text(sheet, edition)) for sheet in file.sheets} <= before


def settings_of(book: BookText) -> dict[str, str]:
    """Key -> value of the sheet 设置; empty for a book that is none of ours."""
    grid = next((g for g in book.grids if g.name == SETTINGS_SHEET), Grid(SETTINGS_SHEET, []))
    return {str(row[0]): as_written(row[1]) for row in grid.rows[1:] if len(row) > 1 and row[0] is not None and row[1] is not None}


def read_standing(book: BookText, edition: Edition, notes: dict[str, dict[tuple[int, int], str]] | None = None) -> Standing:
    """The master in ``book``; ``notes`` are officers' own: sheet -> (row, column) from 0 -> text.

    ``UnusableFile`` for a book that is no master of this edition, or that holds what an update would lose:
    sheets of the officer's own, notes on cells that are written anew.
    """
    settings = settings_of(book)
    _refuse_others(book, settings, edition)
    intake = read_submission(book, edition)
    sheets = {kind.sheet: kind.id for kind in edition.kinds.values()}
    past = Past(book.sha256, {name: list(_lines(book, name)) for name in LISTS})
    applicants, base = {}, {}
    for name, kind in sheets.items():
        tables = [(intake, sheet, table) for sheet in intake.sheets if sheet.name == name for table in sheet.tables
                  if table.kind == kind]
        if not tables:
            raise UnusableFile(book.path, f"总表里找不到工作表“{name}”或它的列名行，没有更新。请恢复该工作表（可从“上一版”里的总表复制），保存后再导入。",
                               "no-kind-sheet")
        past.columns[kind] = _own_columns(tables)
        for _, _, table in tables:
            table.unmapped = {}
        group, _ = stack(tables, edition, kind, NONE)
        base[kind] = _base(group, edition, any(REPORTED in table.columns for _, _, table in tables))
        applicants[kind] = _as_reported(group, base[kind], edition)
    standing = Standing(book.path, book.sha256, intake, applicants, base, past, settings)
    past.lists[SET_ASIDE] += _set_aside(intake, sheets)
    past.notes = dict(_placed_notes(notes or {}, standing, book, sheets))
    return standing


def _refuse_others(book: BookText, settings: dict[str, str], edition: Edition) -> None:
    if settings.get("book") != MASTER:
        raise UnusableFile(book.path, "这不是本工具生成的总表，不能往里导入。请换一个输出文件名。", "not-ours")
    if settings.get("edition") != edition.id:
        raise UnusableFile(book.path, f"这是 {settings.get('edition')} 年度的总表，不能导入 {edition.id} 年度的报送表。请换一个输出文件名，"
                                      f"或用 -e {settings.get('edition')}。", "other-edition")
    own = [g.name for g in book.grids if g.name not in OUR_SHEETS | {kind.sheet for kind in edition.kinds.values()}]
    if own:
        raise UnusableFile(book.path, f"总表里有您自己加的工作表“{'”“'.join(own)}”，更新总表时保留不了，所以没有更新。请把它移到另一个工作簿"
                                      "（右键工作表标签-移动），保存后再导入。", "own-sheets")


def _lines(book: BookText, name: str) -> Iterator[Line]:
    """The lines of a list of ours by label; blank lines and the line of totals are none."""
    grid = next((g for g in book.grids if g.name == name), None)
    if grid is None or len(grid.rows) <= HEADER:
        return
    labels = [as_written(cell) if cell is not None else "" for cell in grid.rows[HEADER]]
    for row in grid.rows[HEADER + 1:]:
        cells = [as_written(cell) if isinstance(cell, float) else cell for cell in row]
        if any(cell is not None for cell in cells) and cells[0] != "合计":
            yield {label or f"#{i}": cell for i, (label, cell) in enumerate(zip(labels, cells))}


def _set_aside(intake: FileIntake, sheets: Iterable[str]) -> Iterator[Line]:
    """Rows of the kinds' sheets that are no applicants (somebody's lines below the list), as lines of 导入异常."""
    for sheet in intake.sheets:
        for row in sheet.set_aside if sheet.name in sheets else ():
            head = (Path(intake.path).name, row.sheet, row.row, REASONS[row.reason], row.why)
            yield dict(enumerate([*head, *(value if value is None else as_written(value) for value in row.values)]))


def _own_columns(tables: list[tuple[FileIntake, SheetIntake, Any]]) -> dict[str, list]:
    """Label -> one value an applicant of columns that officers added."""
    labels = dict.fromkeys(label for _, _, table in tables for label in table.unmapped)
    return {label: [value for _, _, table in tables for value in table.unmapped.get(label) or [None] * len(table.rows)]
            for label in labels}


def _base(group: Applicants, edition: Edition, kept: bool) -> list[Texts | None]:
    """What bureaus last reported; in a master that did not keep it, what stands there."""
    return [load(cell) for cell in group.values(REPORTED)] if kept else list(texts_of(group, edition))


def _as_reported(group: Applicants, base: list[Texts | None], edition: Edition) -> Applicants:
    """The applicants as the importer knew them: typed measures instead of computed ones, extras without what the master
    puts there itself."""
    fields = edition.fields(group.kind)
    shown = tuple(f"{f.label}：" for f in fields.values() if f.type in ("terms", "measure"))
    frame = group.frame.copy()
    for f in fields.values():
        if f.type == "measure":
            frame[f.id] = [typed_measure((texts or {}).get(f.id)) for texts in base]
    frame["extras"] = [joined(part for part in parts(extras) if not part.startswith(shown)) for extras in group.values("extras")]
    return Applicants(group.kind, frame.astype(object).where(frame.notna(), None), group.origins, group.letters)


def label_of(standing: Standing, book: BookText, name: str, column: int) -> str:
    """The label over a column of a kind's sheet, '' where there is none."""
    sheet = next((s for s in standing.intake.sheets if s.name == name), None)
    grid = next((g for g in book.grids if g.name == name), None)
    labels = grid.rows[sheet.header_rows[-1] - 1] if sheet and sheet.header_rows and grid else []
    return as_written(labels[column]) if column < len(labels) and labels[column] is not None else ""


def _placed_notes(notes: dict[str, dict[tuple[int, int], str]], standing: Standing, book: BookText,
                  sheets: dict[str, str]) -> Iterator[tuple[tuple[str, int, str], str]]:
    """Officers' notes by applicant and label. ``UnusableFile`` for one that stands elsewhere."""
    for name, of_sheet in notes.items():
        kind = sheets.get(name)
        group = standing.applicants.get(kind)
        rows = {origin[2] - 1: i for i, origin in enumerate(group.origins)} if group else {}
        for (row, column), text in of_sheet.items():
            label = label_of(standing, book, name, column)
            if row not in rows or not label:
                raise UnusableFile(standing.path, f"工作表“{name}”第 {row + 1} 行有您的批注，那里的内容更新时会重写，批注保留不了，所以没有更新。"
                                                  "请把批注的内容写到“处理说明”或申报单位行的单元格批注里，删除原批注后再导入。", "own-notes")
            yield (kind, rows[row], label), text
