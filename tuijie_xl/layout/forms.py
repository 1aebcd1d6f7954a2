"""The applicants' book: an index and one A4 page an applicant (clauses 一（二）1, 二.1, 三.1 of the notice).

The page is what gets stamped, so it never shows a verdict; the index does. ``form_slots`` compiles the forms.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from math import ceil
from re import sub

from ..book import Link, Print, SheetPlan, WorkbookPlan
from ..criteria import STATES, VERDICTS, Judgement
from ..edition import Edition
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
from .regions import region_order, regions

INDEX = "目录"
MARGINS = (0.72, 0.6, 0.75, 0.7)        # inches: left (binding), right, top, bottom
ROOM = (0.97 * (A4[0] - 72 * (MARGINS[0] + MARGINS[1])),            # a little less than the paper between the
        0.99 * (A4[1] - 72 * (MARGINS[2] + MARGINS[3])))            # margins: renderers round widths differently
SCALES = tuple(1 - step * 0.04 for step in range(20))
LOOSEST = 1.45                          # how far the rows of a short form may be stretched

INDEX_WIDTHS = (8, 22, 36, 21, 15, 9)
NUMBER = replace(style.LINKED, align="center")
CELL = replace(style.TABLE_CELL, indent=1)
CENTERED = style.TABLE_CENTERED
BACK = replace(style.LINKED, size=9, border=None)

_COMPANY_TAIL = r"(?<=..)(集团)?(股份)?(有限责任公司|有限公司)$"


def plan_applicant_books(edition: Edition, judgements: Mapping[str, Judgement],
                         only: Collection[str] = ()) -> Iterator[tuple[str, WorkbookPlan]]:
    """(region, book of its applicants) for every region that has some, in the order of the edition.

    ``only`` keeps the applicants with these codes or names. An applicant's number is its place among all.
    """
    everyone = list(applicants_of(judgements))
    chosen = [one for one in everyone
              if not only or not {one.values.get("credit_code"), one.values.get("name")}.isdisjoint(only)]
    order = dict.fromkeys(label for kind in edition.kinds for label in region_order(edition, kind))
    for region in order:
        group = [one for one in chosen if one.region == region]
        if group:
            yield region, plan_applicant_book(edition, f"{region} 申报单位表", group)


def applicants_of(judgements: Mapping[str, Judgement]) -> Iterator[Applicant]:
    """Every judged applicant as its sheet shows it, numbered from 001 through all kinds."""
    number = 0
    for kind, found in judgements.items():
        edition, materials = found.edition, found.edition.materials_of(kind)
        where = regions(found.frame, edition, kind)
        required = {m.id: found.required[m.id].to_numpy(dtype=object, na_value=None) for m in materials}
        for row, values in enumerate(found.frame.to_dict("records")):
            number += 1
            papers = tuple((edition.fields(kind)[m.field].label, required[m.id][row], STATES[found.states[m.id][row]])
                           for m in materials if required[m.id][row] is not False or values[m.field] is not None)
            yield Applicant(kind, f"{number:03d}", values, papers, found.verdicts[row], where.iat[row])


def plan_applicant_book(edition: Edition, title: str, applicants: Sequence[Applicant]) -> WorkbookPlan:
    """The index and the sheets of ``applicants``, in their order. EditionError for a form that cannot be read."""
    forms = {kind: compile_form(edition, kind) for kind in edition.kinds}
    names = applicant_sheet_names(applicants)
    pages = [plan_form(forms[one.kind], one, name, edition.title) for one, name in zip(applicants, names)]
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
    ink, tint = style.VERDICT_COLORS.get(one.verdict, (style.INK, None))
    verdict = replace(CENTERED, bold=True, color=ink, fill=tint)
    cells = ((link, NUMBER), (kind, CELL), (shown, CELL), (_text(one.values.get("credit_code")), CENTERED),
             (one.region, CENTERED), (VERDICTS.get(one.verdict, ""), verdict))
    for column, (value, look) in enumerate(cells):
        sheet.put(row, column, value, look)
    sheet.heights[row] = max(style.ROW_HEIGHT, *(text_height(text, INDEX_WIDTHS[column] * COLUMN_UNIT - 9, CELL.size)
                                                 for column, text in ((1, kind), (2, shown))))


def _text(value) -> str:
    return " ".join(str(value).split()) if value is not None else ""


# ------------------------------------------------------------------ one page

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
    sheet.put(0, form.columns + 1, Link(f"{quote_sheet(INDEX)}!A1", "← 返回目录"), BACK)     # not printed
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
