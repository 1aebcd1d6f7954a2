"""Our marks on the officers' cells: a ground colour and a note that says why, removable without a trace.

The note itself carries what is needed to take the mark away again (the former ground), so that a mark that was moved,
sorted, copied or saved on another machine is still found and cleared. A cell that bears a note of the officer's own is
left as it is; 问题清单 lists its problems all the same.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from ..intake.submission import OUR_SHEETS
from ..layout import style
from ..problem import SEVERITIES, Problem
from .openbook import Cell, OpenBook, pausing

MOST_MARKS = 2000                       # cells with a mark; beyond, 问题清单 alone tells
SIGN = "【推介校验】"
_NONE = "无"
_OURS = re.compile(rf"\n?{SIGN}\n.*?\n〔原底色：({_NONE}|[0-9A-F]{{6}})〕", re.DOTALL)
_FILLS = {"error": style.ILLEGAL.fill, "warning": style.LACKING.fill}
_CHUNK = 25                             # marks between two looks at the officer's wish to stop
T = TypeVar("T", "Mark", "Marked")


@dataclass(frozen=True)
class Mark:
    """What is wrong with one cell: ``severity`` of the worst of it, ``words`` one line a problem."""

    sheet: str
    cell: Cell
    severity: str
    words: str


@dataclass(frozen=True)
class Marked:
    """A mark as it stands in the book: the whole note, and the ground of the cell now."""

    sheet: str
    cell: Cell
    note: str
    fill: str | None


def marks_of(problems: Iterable[tuple[Problem, str, Cell]]) -> list[Mark]:
    """One mark a cell that holds an error or a warning, errors first, at most ``MOST_MARKS``.

    ``problems`` come with the sheet and the cell of the open book that they speak of.
    """
    grouped: dict[tuple[str, Cell], list[Problem]] = defaultdict(list)
    for one, sheet, cell in problems:
        if one.severity in _FILLS:
            grouped[sheet, cell].append(one)
    marks = [Mark(sheet, cell, min((p.severity for p in own), key=list(_FILLS).index),
                  "\n".join(f"{SEVERITIES[p.severity]}：{p.message}{p.remedy}" for p in own))
             for (sheet, cell), own in grouped.items()]
    return sorted(marks, key=lambda mark: list(_FILLS).index(mark.severity))[:MOST_MARKS]


def standing_marks(book: OpenBook) -> list[Marked]:
    """Every mark of ours in the book, wherever it is now."""
    found = []
    for sheet in book.sheet_names():
        if sheet in OUR_SHEETS:
            continue
        own = {cell: text for cell, text in book.notes(sheet).items() if _OURS.search(text)}
        found += [Marked(sheet, cell, text, fill)
                  for (cell, text), fill in zip(own.items(), book.fills(sheet, own) if own else ())]
    return found


def change_marks(book: OpenBook, standing: Iterable[Marked], marks: Iterable[Mark]) -> None:
    """From the marks that stand to ``marks``. Those that say the same as before are not touched."""
    standing, wanted = list(standing), {(mark.sheet, mark.cell): mark for mark in marks}
    same = {(one.sheet, one.cell) for one in standing for mark in [wanted.get((one.sheet, one.cell))]
            if mark and one.fill == _FILLS[mark.severity] and one.note == _words(mark, _former(one))}
    clear_marks(book, [one for one in standing if (one.sheet, one.cell) not in same])
    put_marks(book, [mark for place, mark in wanted.items() if place not in same])


def clear_marks(book: OpenBook, standing: Iterable[Marked]) -> None:
    """Take our marks away: the former ground comes back unless the officer gave the cell another one since; what the
    officer wrote into our note stays as a note."""
    for sheet, own in _by_sheet(standing).items():
        book.paint(sheet, {one.cell: _former(one) for one in own if one.fill in _FILLS.values()})
        # last, as a ground without its note could not be given back after a crash
        book.drop_notes(sheet, [one.cell for one in own])
        words = {one.cell: _OURS.sub("", one.note).strip() for one in own}
        book.put_notes(sheet, {cell: text for cell, text in words.items() if text})


def put_marks(book: OpenBook, marks: Iterable[Mark]) -> None:
    """Mark the cells that bear no note of the officer's."""
    grouped = _by_sheet(marks)
    total, done = sum(map(len, grouped.values())), 0
    for sheet, own in grouped.items():
        taken = book.notes(sheet)
        free = [mark for mark in own if mark.cell not in taken]
        grounds = book.fills(sheet, [mark.cell for mark in free])
        notes = [(mark.cell, _words(mark, ground)) for mark, ground in zip(free, grounds)]
        for start in range(0, len(notes), _CHUNK):      # before the grounds, for the same reason
            show_progress(book, f"正在标记 {done + start}/{total}")
            book.put_notes(sheet, dict(notes[start:start + _CHUNK]))
        book.paint(sheet, {mark.cell: _FILLS[mark.severity] for mark in free})
        done += len(own)


def restore_marks(book: OpenBook, former: Iterable[Marked]) -> None:
    """Back to the marks that stood; words that the officer has added to a note since stay in it."""
    former, now = list(former), standing_marks(book)
    clear_marks(book, [one for one in now if one not in set(former)])
    for sheet, own in _by_sheet(one for one in former if one not in set(now)).items():
        taken = book.notes(sheet)
        words = {one.cell: "\n".join(filter(None, (one.note, taken.get(one.cell)))) for one in own}
        book.drop_notes(sheet, [cell for cell in words if cell in taken])
        book.put_notes(sheet, words)
        book.paint(sheet, {one.cell: one.fill for one in own})


def _words(mark: Mark, ground: str | None) -> str:
    """The whole note of a mark on a cell of that ground."""
    return f"{SIGN}\n{mark.words}\n〔原底色：{ground or _NONE}〕"


def _former(one: Marked) -> str | None:
    """The ground that the cell had before it was marked."""
    ground = _OURS.search(one.note)[1]
    return None if ground == _NONE else ground


def _by_sheet(marks: Iterable[T]) -> dict[str, list[T]]:
    grouped: dict[str, list[T]] = defaultdict(list)
    for one in marks:
        grouped[one.sheet].append(one)
    return grouped


def show_progress(book: OpenBook, text: str) -> None:
    """Say how far we are; ``Cancelled`` when the officer has asked to stop."""
    pausing(book)()
    book.status(f"{text}……（按 Esc 停止，工作簿将恢复原样）")
