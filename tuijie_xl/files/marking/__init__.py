"""A bureau's own workbook given back marked: notes and grounds on the cells, and the sheet 反馈 at its end.

Only XML parts of the package are edited; every other part keeps its bytes, every other element its place. What we
put is taken away before we put anew, so marking a marked copy gives the same bytes as marking the original.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

from ...book import SheetPlan, a1
from ...intake.submission import FEEDBACK_MARK, FEEDBACK_SHEET
from ...layout import style as looks
from ...problem import SEVERITIES
from .notes import SIGN, Former, Notes
from .package import Package, rels_of
from .page import render_page
from .sheet import NEW_CELL, NEW_ROW, OLD, SheetXml
from .styles import Styles

FILLS = {"error": looks.ILLEGAL.fill, "warning": looks.LACKING.fill}
MOST_MARKS = 5_000                      # cells with a mark in one file; beyond, 反馈 alone tells
MOST_WORDS = 1_500                      # characters of one note
_OUR_NAME = re.compile(rf"{FEEDBACK_SHEET}(\(\d+\))?")
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_UNSEEN = ("hidden", "veryHidden")


@dataclass(frozen=True)
class Spot:
    """What is wrong somewhere: ``row`` and ``column`` count from 0, None for what is of a whole row, sheet or file."""

    sheet: str | None
    row: int | None
    column: int | None
    severity: str
    words: str


@dataclass(frozen=True)
class Landing:
    """Where a spot is in the marked copy: a target for a link (None where none leads), and a word on the place."""

    target: str | None
    remark: str = ""


def mark_package(data: bytes, spots: Sequence[Spot], plan: Callable[[list[Landing], bool], SheetPlan]) -> bytes:
    """The workbook (xlsx, xlsm) with our marks replaced by those of ``spots``.

    ``plan`` is called with where each spot landed, and whether the file bears a digital signature (which any change
    makes invalid), and gives the sheet 反馈. Notices (severity 'note') are listed there and mark no cell.
    """
    package = Package(data)
    styles = Styles(package)
    home = _feedback_part(package)
    pages = {}
    for number, (name, part, unseen) in enumerate(_worksheets(package), 1):
        if part != home and (any(spot.sheet == name for spot in spots) or _has_ours(package, part)):
            pages[name] = _Page(package, part, number, name, unseen)
    for page in pages.values():         # all of them before the first new mark, so that freed names and ids are free
        page.clean(styles)
    landings, room = [], MOST_MARKS
    for name, page in pages.items():
        room -= page.mark([spot for spot in spots if spot.sheet == name], styles, room)
    for spot in spots:
        landings.append(pages[spot.sheet].landing(spot) if spot.sheet in pages else Landing(None))
    package.put(home, render_page(plan(landings, _is_signed(package)), package, styles))
    return package.write()


class _Page:
    """One sheet of the workbook while it is marked."""

    def __init__(self, package: Package, part: str, number: int, name: str, unseen: bool):
        self.sheet = SheetXml(package.edit(part))
        self.notes = Notes(package, part, self.sheet, number)
        self.name, self.unseen = name, unseen
        self.remarks: dict[tuple[int, int], str] = {}

    def clean(self, styles: Styles) -> None:
        """Take our marks away. A cell whose ground somebody changed since keeps it."""
        for row, column, former in self.notes.take_ours():
            cell = self.sheet.cells(row).get(column)
            style = int(cell.get("s", 0)) if cell is not None else 0
            if cell is None or styles.fill_code(style) not in FILLS.values():
                continue
            if former.style in (NEW_CELL, NEW_ROW) and not len(cell):
                self.sheet.remove(row, column, former.style == NEW_ROW)
            else:
                known = int(former.style) if (former.style or "").isdecimal() else None
                self.sheet.set_style(cell, styles.restored(style, known, former.fill))
        self.notes.close()

    def mark(self, spots: Iterable[Spot], styles: Styles, room: int) -> int:
        """Mark the cells with errors and warnings, at most ``room``, in their order; how many."""
        by_cell: dict[tuple[int, int], list[Spot]] = defaultdict(list)
        for spot in spots:
            if spot.row is not None and spot.severity in FILLS:
                by_cell[self.cell_of(spot)].append(spot)
        marked = 0
        for (row, column), own in sorted(by_cell.items()):
            if marked >= room:
                self.remarks[row, column] = "标记过多，此格未标"
            elif not self.notes.can_take(row, column):
                self.remarks[row, column] = "此格已有批注对话，未另作标记"
            else:
                self._mark(row, column, own, styles)
                marked += 1
        self.notes.close()
        return marked

    def _mark(self, row: int, column: int, own: list[Spot], styles: Styles) -> None:
        own = sorted(own, key=lambda spot: list(FILLS).index(spot.severity))
        words = "\n".join(f"{SEVERITIES[spot.severity]}：{spot.words}" for spot in own).replace("〔", "（").replace("〕", "）")
        if len(words) > MOST_WORDS:
            words = f"{words[:MOST_WORDS]}……（其余见“{FEEDBACK_SHEET}”表）"
        cell, was = self.sheet.ensure(row, column)
        style = int(cell.get("s", 0))
        former = Former(str(style) if was == OLD else was, styles.fill_code(style))
        self.notes.put(row, column, words, former)
        self.sheet.set_style(cell, styles.filled(style, FILLS[own[0].severity]))

    def cell_of(self, spot: Spot) -> tuple[int, int]:
        column = self.sheet.first_filled(spot.row) if spot.column is None else spot.column
        return self.sheet.anchor(spot.row, column)

    def landing(self, spot: Spot) -> Landing:
        """A sheet that is hidden cannot be jumped to; a hidden row or column is said."""
        row, column = (0, 0) if spot.row is None else self.cell_of(spot)
        words = "在隐藏的工作表" if self.unseen else self.sheet.hidden(row, column) if spot.row is not None else ""
        remark = "，".join(part for part in (words, self.remarks.get((row, column), "")) if part)
        quoted = self.name.replace("'", "''")
        return Landing(None if self.unseen else f"'{quoted}'!{a1(row, column)}", remark)


# ------------------------------------------------------------------ the workbook

def _worksheets(package: Package) -> Iterator[tuple[str, str, bool]]:
    """(name, part, whether it is hidden) of every worksheet, in order."""
    parts = package.related(package.book, "worksheet")
    for sheet in _sheet_list(package.read(package.book), package):
        part = parts.get(sheet.get(f"{{{package.office}}}id"))
        if part:
            yield sheet.get("name"), part, sheet.get("state") in _UNSEEN


def _sheet_list(book, package: Package) -> list:
    return list(book.find(f"{{{package.namespace}}}sheets").iterfind(f"{{{package.namespace}}}sheet"))


def _has_ours(package: Package, part: str) -> bool:
    return any(SIGN.encode() in package.parts[target] for target in package.related(part, "comments").values())


def _is_signed(package: Package) -> bool:
    return any("digital-signature" in one.get("Type", "") for one in package.relationships(""))


def _feedback_part(package: Package) -> str:
    """The part of our sheet, emptied where it stands, or made after the last sheet under a name that is free."""
    for name, part, unseen in _worksheets(package):
        if _is_feedback(package, name, part):
            package.parts.pop(rels_of(part), None)
            if unseen:
                sheet = next(one for one in _sheet_list(package.edit(package.book), package) if one.get("name") == name)
                del sheet.attrib["state"]
            return part
    book = package.edit(package.book)
    sheets = _sheet_list(book, package)
    taken = {sheet.get("name").casefold() for sheet in sheets}
    names = (FEEDBACK_SHEET, *(f"{FEEDBACK_SHEET}({n})" for n in range(2, len(sheets) + 3)))
    part = f"{package.book.rpartition('/')[0]}/worksheets/tuijie_feedback.xml".lstrip("/")
    package.put(part, b"", _SHEET_TYPE)
    made = sheets[-1].makeelement(sheets[-1].tag, {
        "name": next(name for name in names if name not in taken),
        "sheetId": str(max(int(sheet.get("sheetId")) for sheet in sheets) + 1),
        f"{{{package.office}}}id": package.relate(package.book, "rIdTuijieFeedback", "worksheet", part)})
    sheets[-1].addnext(made)
    return part


def _is_feedback(package: Package, name: str, part: str) -> bool:
    """Whether a sheet is ours: by its name and the mark in A1, wherever a program has put that text."""
    if not _OUR_NAME.fullmatch(name) or not package.parts[part]:
        return False
    root = package.read(part)
    space = f"{{{package.namespace}}}"
    first = next(root.iter(f"{space}c"), None)
    if first is None or first.get("r", "A1") != "A1":
        return False
    text = "".join(one.text or "" for one in first.iter(f"{space}t", f"{space}v"))
    if first.get("t") == "s":
        shared = package.read(next(iter(package.related(package.book, "sharedStrings").values())))
        item = list(shared.iterfind(f"{space}si"))[int(text)]
        text = "".join(one.text or "" for one in item.iter(f"{space}t"))
    return text == FEEDBACK_MARK


def is_marked(path: Path) -> bool:
    """True for a workbook that holds our sheet 反馈, saved by another program since or not."""
    try:
        package = Package(path.read_bytes())
        return any(_is_feedback(package, name, part) for name, part, _ in _worksheets(package))
    except (OSError, BadZipFile, KeyError, StopIteration, ValueError, AttributeError):
        return False
