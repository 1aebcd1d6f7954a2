"""批量导入: the applicants of other files written below those that the open book already holds."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from ..actions import Outcome, review_files
from ..book import Formula, SheetPlan
from ..edition import Edition
from ..intake import FileIntake
from ..layout import records, style
from ..layout.columns import Column, kind_columns
from ..layout.entry import SERIAL
from ..layout.formulas import COMPUTED
from ..pause import each
from ..provenance import check_provenance
from ..reported import REPORTED
from .change import Change, Extension, Write
from .computed import computed_values, row_formulas
from .findings import Places, marks_for, problem_list, standing_list
from .openbook import Area, CannotDo, OpenBook, pausing
from .reading import Reading

TITLE = "批量导入"


@dataclass
class Landing:
    """Where the new rows of one kind go: ``first`` row from 0, ``columns`` the sheet's column of each planned one."""

    sheet: str
    header_row: int                     # Excel's number
    first: int
    labels: list[str | None]
    columns: list[tuple[Column, int]]
    added: list[tuple[Column, int]] = field(default_factory=list)

    @property
    def fields(self) -> dict[str, int]:
        """Field id -> column, the first one of a field of many."""
        found: dict[str, int] = {}
        for column, index in self.columns:
            found.setdefault(column.field.id, index)
        return found


def plan_import(book: OpenBook, reading: Reading, files: list[FileIntake], edition: Edition) -> tuple[Change, Outcome, int]:
    """All that importing ``files`` changes, the judgement of everything then in the book, and how many rows are new.

    Rows that the book holds already are set aside as duplicates.
    """
    outcome = review_files([reading.intake, *files], edition, pausing(book))
    check_provenance(outcome.batch, outcome.judgements)
    outcome.problems = [p for p in outcome.problems if not (p.code == "no-applicants" and p.file == reading.path)]
    change, moved = Change(TITLE), {}
    for kind, group in each(outcome.batch.applicants.items(), pausing(book)):
        new = [i for i, origin in enumerate(group.origins) if origin[0] != reading.path]
        if new:
            landing = _landing(reading, edition, kind)
            _write(book, change, landing, outcome, kind, new)
            moved |= {group.origins[i]: (landing.sheet, landing.first + n, landing.fields) for n, i in enumerate(new)}
    places = Places(reading, moved)
    brought = replace(outcome.batch, files=files)
    aside = {(file.path, row.sheet, row.row): records.address_of(i) for i, (file, row) in enumerate(brought.set_aside())}
    former = standing_list(book)
    change.plans = [problem_list(outcome, places, former, aside),
                    _above_former(book, records.plan_imports(brought)), _above_former(book, records.plan_set_aside(brought))]
    change.marks = marks_for(outcome, places, former)
    return change, outcome, len(moved)


def _landing(reading: Reading, edition: Edition, kind: str) -> Landing:
    """The sheet of a kind, its columns by label; columns that it lacks (来源 among them) are added at the right."""
    name = edition.kinds[kind].sheet
    sheet = reading.sheet(name)
    if sheet is None or not sheet.header_rows:
        raise CannotDo(f"没有找到工作表“{name}”或它的列名行，无法导入。请恢复该工作表（可从空白的推介申报工作簿复制），再导入。")
    labels = reading.labels(sheet)
    free, columns, added = list(labels), [], []
    for column in kind_columns(edition, kind, provenance=True):
        if column.field.id == REPORTED:     # for the update of a master; an open book has none
            continue
        if column.label in free:
            index = free.index(column.label)
            free[index] = None
        else:
            index = len(free)
            free.append(None)
            added.append((column, index))
        columns.append((column, index))
    first = max(len(reading.grids[name].rows), sheet.header_rows[-1])
    return Landing(name, sheet.header_rows[-1], first, labels, columns, added)


def _write(book: OpenBook, change: Change, landing: Landing, outcome: Outcome, kind: str, new: list[int]) -> None:
    """The labels of added columns, the room for rows that are not prepared yet, and all new rows in one rectangle."""
    width = 1 + max(index for _, index in landing.columns)
    area = Area(landing.sheet, landing.first, 0, len(new), width)
    typed = book.formulas(area)
    if landing.added:
        first = landing.added[0][1]
        label = Area(landing.sheet, landing.header_row - 1, first, 1, len(landing.added))
        widths = tuple(column.field.width for column, _ in landing.added)
        change.extensions.append(Extension(replace(label, column=0, columns=1), label, widths))
        change.writes.append(Write(landing.sheet, label.row, first, [[c.label for c, _ in landing.added]]))
        below = Area(landing.sheet, landing.first, first, len(new), len(landing.added))
        change.extensions.append(Extension(replace(below, row=landing.header_row, column=0, rows=1, columns=1), below))
    prepared = sum(1 for line in typed if any(text.startswith("=") for text in line))
    if prepared < len(new):
        more = Area(landing.sheet, landing.first + prepared, 0, len(new) - prepared, len(landing.labels))
        change.extensions.append(Extension(replace(more, row=landing.header_row, rows=1), more))
    change.writes.append(Write(landing.sheet, landing.first, 0, _rows(landing, outcome, kind, new, typed, width)))


def _rows(landing: Landing, outcome: Outcome, kind: str, new: list[int], typed: list[list[str]],
          width: int) -> list[list[Any]]:
    """The new applicants as rows of the sheet; what formulas stood in columns of the officer's own stays there."""
    group, edition = outcome.batch.applicants[kind], outcome.batch.edition
    values = computed_values(outcome, kind)
    values |= {name: group.values(name) for name in edition.fields(kind) if name not in values}
    values[SERIAL] = [landing.first - landing.header_row + 1 + new.index(i) if i in new else None
                      for i in range(len(group.frame))]
    formulas_of, rows = row_formulas(edition, kind, landing.labels, landing.header_row), []
    for n, position in enumerate(new):
        line: list[Any] = [Formula(text[1:]) if text.startswith("=") else None for text in typed[n]] + [None] * width
        living = formulas_of(landing.first + n + 1)
        for column, index in landing.columns:
            f = column.field
            if f.id in living:
                line[index] = living[f.id]
            elif f.type not in COMPUTED or not isinstance(line[index], Formula):
                line[index] = column.value({f.id: values[f.id][position]})
        rows.append(line[:width])
    return rows


def _above_former(book: OpenBook, plan: SheetPlan) -> SheetPlan:
    """The plan with the records of former imports kept below it, as they stand."""
    if plan.name not in book.sheet_names():
        return plan
    former = book.read(plan.name).rows[records.HEADER + 1:]
    if former:
        last = max(row for row, _, _ in plan.values())
        width = len(former[0])
        plan.put(last + 2, 0, "以前的导入：", style.TABLE_HEAD)
        plan.put_columns(last + 3, 0, [list(column) for column in zip(*former)], [style.TABLE_CELL] * width)
    return plan


