"""选择服务: the terms of a tree as boxes to tick, grouped as in the notice, for one applicant at a time.

A sheet and not a form of MSForms: what it does can be proved without Excel, and it works in WPS and on a Mac.
The macros find it by the names that ``plan_picker`` returns.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby

from ..book import Print, PushButton, SheetPlan, a1
from ..edition import Edition, Field, Term
from . import style
from .paper import quote_sheet

PICKER = "选择服务"
BOX = "☐"
_HEAD, _APPLICANT, _FIRST = 0, 2, 4
_TOP, _GROUP, _BOXES = 1, 2, 3          # columns: the first two levels of the tree, then boxes and labels in turn
_ABREAST = 3                            # terms in a row
_WIDTHS = (2.0, 20.0, 20.0, *(4.0, 27.0) * _ABREAST, 2.0)
_LAST = len(_WIDTHS) - 2
_BOX = replace(style.INPUT, align="center", size=14, color=style.ACCENT, border=None)
_TERM = replace(style.BASE, wrap=True)


def plan_picker(edition: Edition, f: Field) -> tuple[SheetPlan, dict[str, str]]:
    """The sheet for the terms of ``f`` (a tree of three levels), and the names picker_* over it."""
    sheet = SheetPlan(PICKER, widths=dict(enumerate(_WIDTHS)), tab_color=style.ACCENT_MIDDLE, protect=True)
    _cover(sheet, f.label)
    row = _FIRST
    paths = [edition.vocabularies[f.vocabulary].path(term) for term in edition.terms(f)]
    for top, under in groupby(paths, lambda path: path[0]):
        first = row
        for group, members in groupby(under, lambda path: path[1]):
            row = _group(sheet, row, group, [path[-1] for path in members])
        sheet.merge((first, _TOP, row - 1, _TOP), top.label, replace(style.GROUP, wrap=True, align="center"))
    sheet.freeze = (_FIRST, 0)
    sheet.print = Print(landscape=True, fit=(1, 1), centered=True)
    places = {"picker_boxes": (_FIRST, _BOXES, row - 1, _LAST), "picker_sheet": (_APPLICANT, _BOXES + 1),
              "picker_cell": (_APPLICANT, _BOXES + 3), "picker_applicant": (_APPLICANT, _GROUP)}
    return sheet, {name: _reference(*area) for name, area in places.items()}


def _group(sheet: SheetPlan, row: int, group: Term, terms: list[Term]) -> int:
    """The terms of one group, ``_ABREAST`` in a row; the row after them."""
    last = row + (len(terms) - 1) // _ABREAST
    sheet.merge((row, _GROUP, last, _GROUP), group.label, replace(style.BAND_ALTERNATE, wrap=True))
    for number, term in enumerate(terms):
        at, column = row + number // _ABREAST, _BOXES + number % _ABREAST * 2
        sheet.put(at, column, BOX, _BOX)
        sheet.put(at, column + 1, term.label, _TERM)
        sheet.heights[at] = 27
    return last + 1


def _cover(sheet: SheetPlan, label: str) -> None:
    hint = "双击方框或文字打勾，再双击取消；选好后点“确定”写回该行，点“取消”不改动。"
    for column in range(len(_WIDTHS)):
        sheet.put(_HEAD, column, label if column == _TOP else None, style.TITLE)
        sheet.put(_HEAD + 1, column, hint if column == _TOP else None, style.HINT)
    sheet.put(_APPLICANT, _TOP, "正在为哪家填写", style.READ_HEAD)
    for column in (_GROUP, _BOXES + 1, _BOXES + 3):
        sheet.put(_APPLICANT, column, None, replace(style.INPUT, bold=column == _GROUP, border=None, color=style.ACCENT))
    sheet.buttons += [PushButton(_APPLICANT, _LAST, "确定", "AcceptServices", 84),
                      PushButton(_APPLICANT, _LAST - 2, "取消", "CancelServices", 84)]
    sheet.heights |= {_HEAD: style.TITLE_HEIGHT, _HEAD + 1: style.HINT_HEIGHT, _APPLICANT: 27, _APPLICANT + 1: 6}


def _reference(row: int, column: int, last_row: int | None = None, last_column: int | None = None) -> str:
    area = a1(row, column, fixed="both")
    if last_row is not None and last_column is not None:
        area += f":{a1(last_row, last_column, fixed='both')}"
    return f"{quote_sheet(PICKER)}!{area}"
