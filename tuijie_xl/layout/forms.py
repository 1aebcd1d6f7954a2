"""The applicants' book: an index and one A4 page an applicant (clauses 一（二）1, 二.1, 三.1 of the notice).

The page is what gets stamped, so it never shows a verdict; the index does. ``form_slots`` compiles the forms.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from math import ceil, sqrt
from re import sub

from ..book import Link, Print, SheetPlan, WorkbookPlan
from ..criteria import VERDICTS
from ..edition import Edition
from ..pause import Pause, each, go_on
from . import style
from .form_slots import Applicant, Area, Filled, Form, Slot, compile_form
from .paper import (
    A4,
    COLUMN_UNIT,
    ROW_LIMIT,
    cell_em,
    column_units,
    quote_sheet,
    stretch,
    text_height,
    unique_sheet_names,
)

INDEX = "目录"
MARGINS = (0.65, 0.5, 0.6, 0.55)        # inches: left (binding), right, top, bottom
ROOM = (0.97 * (A4[0] - 72 * (MARGINS[0] + MARGINS[1])),            # a little less than the paper between the
        0.99 * (A4[1] - 72 * (MARGINS[2] + MARGINS[3])))            # margins: renderers round widths differently
FITTING_STEPS = 4
SMALLEST = 0.1                          # Excel prints no smaller
READABLE = 0.72                         # below this scale a form goes on to another page
MOST_PAGES = 4
PAGE_END = 0.08                         # of a page, what may stay empty where a tall row goes to the next
LOOSEST = 1.45                          # how far the rows of a short form may be stretched
WIDTHS_DIFFER = 0.95                    # a stated scale leaves room, for programs differ in how wide a column prints

INDEX_WIDTHS = (8, 22, 36, 21, 15, 9)
NUMBER = replace(style.LINKED, align="center")
CELL = replace(style.TABLE_CELL, indent=1)
CENTERED = style.TABLE_CENTERED
VERDICT_COLORS = {word: style.VERDICT_COLORS[key] for key, word in VERDICTS.items()}
BACK = replace(style.LINKED, size=9, border=None)

_COMPANY_TAIL = r"(?<=..)(集团)?(股份)?(有限责任公司|有限公司)$"


def plan_applicant_book(edition: Edition, title: str, applicants: Sequence[Applicant], pause: Pause = go_on) -> WorkbookPlan:
    """The index and the sheets of ``applicants``, in their order, ``pause`` called before each. EditionError for a form
    that cannot be read."""
    forms = {kind: compile_form(edition, kind) for kind in edition.kinds}
    names = applicant_sheet_names(applicants)
    pages = [plan_form(forms[one.kind], one, name, edition.title) for one, name in each(zip(applicants, names), pause)]
    return WorkbookPlan([plan_index(edition, title, applicants, names), *pages], title=title, subject=edition.title)


def applicant_sheet_names(applicants: Sequence[Applicant]) -> list[str]:
    """'001 某某科技' for each: its number and its name without 有限公司; legal, different, the same at every run."""
    wanted = [f"{one.number} {sub(_COMPANY_TAIL, '', _text(one.values.get('name')))}" for one in applicants]
    return unique_sheet_names(wanted, reserved=(INDEX,))


# ------------------------------------------------------------------ the index

def plan_index(edition: Edition, title: str, applicants: Sequence[Applicant], names: Sequence[str]) -> SheetPlan:
    """The first sheet: every applicant with its verdict; its number is the link to its page."""
    sheet = SheetPlan(INDEX, widths=dict(enumerate(INDEX_WIDTHS)), tab_color=style.ACCENT)
    last = len(INDEX_WIDTHS) - 1
    counts = Counter(one.kind for one in applicants)
    parts = "、".join(f"{kind.label} {counts[kind.id]} 家" for kind in edition.kinds.values() if counts[kind.id])
    sheet.merge((0, 0, 0, last), title, style.TITLE)
    total = f"{edition.title}　｜　共 {len(applicants)} 家{'：' if parts else ''}{parts}"
    sheet.merge((1, 0, 1, last), total, style.HINT)
    sheet.merge((2, 0, 2, last), f"材料邮寄截止：{edition.last_day}　｜　点击编号，打开该单位的表", style.HINT)
    sheet.heights.update({0: style.TITLE_HEIGHT, 1: style.HINT_HEIGHT, 2: style.HINT_HEIGHT, 3: 24})
    code = next(iter(edition.kinds))
    labels = ("编号", "类别", "申报单位", edition.fields(code)["credit_code"].label, "地区", "结论")
    for column, label in enumerate(labels):
        sheet.put(3, column, label, style.TABLE_HEAD)
    for row, (one, name) in enumerate(zip(applicants, names), 4):
        _index_row(sheet, row, edition, one, name)
    end = 3 + len(applicants)
    sheet.autofilter = (3, 0, end, last)
    sheet.freeze = (4, 0)
    sheet.print = page(edition.title, area=(0, 0, end, last), fit=(1, 0), repeat_rows=(3, 3))
    return sheet


def _index_row(sheet: SheetPlan, row: int, edition: Edition, one: Applicant, name: str) -> None:
    kind, shown = edition.kinds[one.kind].label, _text(one.values.get("name")) or "（未填名称）"
    link = Link(f"{quote_sheet(name)}!A1", one.number, f"打开“{name}”")
    ink, tint = VERDICT_COLORS.get(one.verdict, (style.INK, None))
    verdict = replace(CENTERED, bold=True, color=ink, fill=tint)
    cells = ((link, NUMBER), (kind, CELL), (shown, CELL), (_text(one.values.get("credit_code")), CENTERED),
             (one.region, CENTERED), (one.verdict, verdict))
    for column, (value, look) in enumerate(cells):
        sheet.put(row, column, value, look)
    sheet.heights[row] = max(style.ROW_HEIGHT, *(text_height(text, INDEX_WIDTHS[column] * COLUMN_UNIT - 9, CELL.size)
                                                 for column, text in ((1, kind), (2, shown))))


def _text(value) -> str:
    return " ".join(str(value).split()) if value is not None else ""


# ------------------------------------------------------------------ one page

def plan_form(form: Form, applicant: Applicant, sheet_name: str, header: str) -> SheetPlan:
    """One A4 page: the type is set as large as the page allows, rows grow with their texts, nothing is cut.

    Texts so long that one page would make them too small to read go on to a second.
    """
    for pages in range(1, MOST_PAGES + 1):
        room = ROOM[1] * pages * (1 if pages == 1 else 1 - PAGE_END)
        scale, filled, heights = _fit(form, applicant, room)
        if scale >= READABLE:
            break
    heights = stretch(heights, form.fixed, room / scale, LOOSEST)
    sheet = SheetPlan(sheet_name, widths=dict.fromkeys(range(form.columns), column_units(ROOM[0] / scale / form.columns)))
    tops = [0]                                      # the first row of the sheet for each row of the form
    for height in heights:
        parts = ceil(height / ROW_LIMIT)
        sheet.heights.update({row: round(height / parts, 1) for row in range(tops[-1], tops[-1] + parts)})
        tops.append(tops[-1] + parts)
    for slot, one in filled:
        r0, c0, r1, c1 = slot.area
        sheet.merge((tops[r0], c0, tops[r1 + 1] - 1, c1), one.content, one.style)
    sheet.put(0, form.columns + 1, Link(f"{quote_sheet(INDEX)}!A1", "← 返回目录"), BACK)     # not printed
    sheet.print = page(header, area=(0, 0, tops[-1] - 1, form.columns - 1), fit=(1, pages))
    if pages > 1:
        percent = int(scale * WIDTHS_DIFFER * 100)
        breaks = _breaks(form, sheet.heights, tops, ROOM[1] / percent * 100)
        if len(breaks) < pages:                     # said outright, for programs differ in where they would break
            sheet.print = replace(sheet.print, scale=percent, row_breaks=breaks)
    return sheet


def _breaks(form: Form, heights: dict[int, float], tops: list[int], room: float) -> tuple[int, ...]:
    """The rows of the sheet that begin a page: before rows that no area joins to the one above, where such can be."""
    joined = {row for slot in form.slots for row in range(tops[slot.area[0]] + 1, tops[slot.area[2] + 1])}
    found: list[int] = []
    used, loose = 0.0, 0                            # loose: the last row of the page that may begin another
    for row, height in sorted(heights.items()):
        if row not in joined:
            loose = row
        if used + height > room:
            start = loose if loose > max(found, default=0) else row
            found.append(start)
            used = sum(heights[above] for above in range(start, row))
        used += height
    return tuple(found)


def _fit(form: Form, applicant: Applicant, room: float) -> tuple[float, list[tuple[Slot, Filled]], list[float]]:
    """(scale, slots with their texts, heights of rows) at the largest scale found at which all rows fit the page.

    What is printed smaller has more width, so rows that are too tall at scale 1 fit at room / height for certain,
    and were all of it running text, at the square root of that; the best lies between.
    """
    best = 1.0, *_fill(form, applicant, 1.0)
    ratio = room / sum(best[2])
    if ratio >= 1:
        return best
    low, high = max(ratio, SMALLEST), max(sqrt(ratio), SMALLEST)
    best = low, *_fill(form, applicant, low)
    for _ in range(FITTING_STEPS):
        middle = (low + high) / 2
        tried = middle, *_fill(form, applicant, middle)
        if sum(tried[2]) <= room / middle:
            low, best = middle, tried
        else:
            high = middle
    return best


def _fill(form: Form, applicant: Applicant, scale: float) -> tuple[list[tuple[Slot, Filled]], list[float]]:
    width = ROOM[0] / scale / form.columns
    filled = [(slot, slot.fill(applicant, _em(slot, width))) for slot in form.slots]
    return filled, _heights(form, filled, width)


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
    for slot, one in filled:
        r0, c0, r1, c1 = slot.area
        need = text_height(one.text, (c1 - c0 + 1) * width - one.style.indent * 9, one.style.size)
        heights[r1] += max(0.0, need - sum(heights[r0:r1 + 1]))
    return heights
