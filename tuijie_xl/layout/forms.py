"""The applicants' book: an index and one A4 page an applicant (clauses 一（二）1, 二.1, 三.1 of the notice).

The page is what gets stamped, so it never shows a verdict; the index does. ``form_slots`` compiles the forms.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from math import ceil
from re import sub

from ..book import Link, Print, SheetPlan, Style, WorkbookPlan
from ..edition import Edition
from .form_slots import Applicant, Area, Filled, Form, Slot, compile_form
from .paper import A4, ROW_LIMIT, cell_em, column_units, quote_sheet, stretch, text_height, unique_sheet_names

INDEX = "目录"
MARGINS = (0.72, 0.6, 0.75, 0.7)        # inches: left (binding), right, top, bottom
ROOM = (A4[0] - 72 * (MARGINS[0] + MARGINS[1]) - 6, A4[1] - 72 * (MARGINS[2] + MARGINS[3]) - 8)
SCALES = tuple(1 - step * 0.04 for step in range(20))LOOSEST = 1.45                          # how far the rows of a short form may be stretched


def plan_form(form: Form, applicant: Applicant, sheet_name: str, header: str) -> SheetPlan:
    """One A4 page: the type is set as large as the page allows, rows grow with their texts, nothing is cut."""
    for scale in SCALES:
        width, room = ROOM[0] / scale / form.columns, ROOM[1] / scale
        filled = [(slot, slot.fill(applicant, _em(slot, width))) for slot in form.slots]
        heights = _heights(form, filled, width)
        if sum(heights) <= room:
            break
    heights = stretch(heights, form.fixed, room, LOOSEST)
    sheet = SheetPlan(sheet_name, widths=dict.fromkeys(range(form.columns), column_units(width)))
    tops = [0]                                      # the first row of the sheet for each row of the form
    for height in heights:
        parts = ceil(height / ROW_LIMIT)
        sheet.heights.update({row: round(height / parts, 1) for row in range(tops[-1], tops[-1] + parts)})
        tops.append(tops[-1] + parts)
    for slot, one in filled:
        r0, c0, r1, c1 = slot.area
        sheet.merge((tops[r0], c0, tops[r1 + 1] - 1, c1), one.content, one.style)
    sheet.print = page(header, area=(0, 0, tops[-1] - 1, form.columns - 1), fit=(1, 1))
    return sheet


def page(header: str, *, area: Area, fit: tuple[int, int], repeat_rows: tuple[int, int] | None = None) -> Print:
    """A4 portrait with the running title above and 第 x 页，共 y 页 below."""
    running = header[:200].replace("&", "&&")
    return Print(fit=fit, margins=MARGINS, header=f"&C&9 {running}", footer="&C&9 第 &P 页，共 &N 页",
                 area=area, centered=True, repeat_rows=repeat_rows)


def _em(slot: Slot, width: float) -> float:
    """How much text fits on a line of the slot; an indent of a cell takes about one em of the default font."""
    columns = slot.area[3] - slot.area[1] + 1
    return cell_em(columns * width - slot.style.indent * 9, slot.style.size)


def _heights(form: Form, filled: Sequence[tuple[Slot, Filled]], width: float) -> list[float]:
    """The height that every row needs: first cells of one row, then what taller texts of joined rows lack."""
    heights = list(form.heights)
    for slot, one in sorted(filled, key=lambda pair: pair[0].area[2] - pair[0].area[0]):
        r0, c0, r1, c1 = slot.area
        need = text_height(one.text, (c1 - c0 + 1) * width - one.style.indent * 9, one.style.size)
        heights[r1] += max(0.0, need - sum(heights[r0:r1 + 1]))
    return heights
