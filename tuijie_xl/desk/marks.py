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

from ..intake.submission import OUR_SHEETS
from ..layout import style
from ..problem import SEVERITIES, Problem
from .openbook import Cancelled, Cell, OpenBook

MOST_MARKS = 500                        # cells with a mark; beyond, 问题清单 alone tells
SIGN = "【推介校验】"
_NONE = "无"
_OURS = re.compile(rf"\n?{SIGN}\n.*?\n〔原底色：({_NONE}|[0-9A-F]{{6}})〕", re.DOTALL)
_FILLS = {"error": style.ILLEGAL.fill, "warning": style.LACKING.fill}
_CHUNK = 25                             # marks between two looks at the officer's wish to stop


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


def clear_marks(book: OpenBook, standing: Iterable[Marked]) -> None:
    """Take our marks away: the former ground comes back unless the officer gave the cell another one since; what the
    officer wrote into our note stays as a note."""
    standing, grounds = list(standing), defaultdict(dict)
    for one in standing:
        former = _OURS.search(one.note)[1]
        if one.fill in _FILLS.values():
            grounds[one.sheet][one.cell] = None if former == _NONE else former
    for sheet, fills in grounds.items():
        book.paint(sheet, fills)
    for one in standing:                # last, as a ground without its note could not be given back after a crash
        book.put_note(one.sheet, one.cell, None)
        own = _OURS.sub("", one.note).strip()
        if own:
            book.put_note(one.sheet, one.cell, own)


def put_marks(book: OpenBook, marks: Iterable[Mark]) -> int:
    """Mark the cells that bear no note of the officer's; how many were marked."""
    by_sheet: dict[str, list[Mark]] = defaultdict(list)
    for mark in marks:
        by_sheet[mark.sheet].append(mark)
    total, done = sum(map(len, by_sheet.values())), 0
    for sheet, own in by_sheet.items():
        taken = book.notes(sheet)
        free = [mark for mark in own if mark.cell not in taken]
        grounds = dict(zip((mark.cell for mark in free), book.fills(sheet, [mark.cell for mark in free])))
        for mark in free:               # before the grounds, for the same reason
            if done % _CHUNK == 0:
                show_progress(book, f"正在标记 {done}/{total}")
            former = grounds[mark.cell] or _NONE
            book.put_note(sheet, mark.cell, f"{SIGN}\n{mark.words}\n〔原底色：{former}〕")
            done += 1
        book.paint(sheet, {mark.cell: _FILLS[mark.severity] for mark in free})
    return done


def restore_marks(book: OpenBook, former: Iterable[Marked]) -> None:
    """Put marks back exactly as they stood."""
    for one in former:
        book.paint(one.sheet, {one.cell: one.fill})
        book.put_note(one.sheet, one.cell, one.note)


def show_progress(book: OpenBook, text: str) -> None:
    """Say how far we are; ``Cancelled`` when the officer has asked to stop."""
    if book.cancelled():
        raise Cancelled
    book.status(f"{text}……（按 Esc 停止，工作簿将恢复原样）")
