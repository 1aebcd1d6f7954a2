"""The sheet of one kind of applicant: title, hint, two rows of bands, labels, and prepared rows that judge themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby, pairwise
from typing import Any

import pandas as pd

from ..book import Condition, Formula, Print, SheetPlan, Style
from ..criteria import VERDICTS
from ..edition import Edition, Field
from . import style
from .columns import TICK, Column, column_of, kind_columns
from .formulas import COMPUTED, RowCells, blank, lacks, missing_count, quotient, serial, to_fix, truth, verdict
from .prompts import notes, validation

TITLE_ROW, HINT_ROW, BAND_ROW, AREA_ROW, LABEL_ROW, FIRST_ROW = range(6)
SERIAL, NAME, VERDICT, TO_FIX, MISSING = "serial", "name", "verdict", "to_fix", "missing_count"
_ROW = "{row}"                          # stands for the row number in a formula that is made once for all rows
_NARROWEST_TICK = 5.6
_PRINT_SCALE, _PRINT_WIDTH = 60, 182    # per cent; width units on a landscape A4 page, with wide fonts as well
_PADDING = 0.72                         # width units that a column takes beside its own


def plan_entry(edition: Edition, kind: str, rows: int, frame: pd.DataFrame | None = None) -> SheetPlan:
    """The sheet of ``kind`` with ``rows`` prepared rows, or as many as ``frame`` has (field id -> value).

    What ``frame`` says of computed columns becomes the result that their formulas show before recalculation.
    """
    frame = pd.DataFrame() if frame is None else frame
    rows = max(rows, len(frame))
    columns = kind_columns(edition, kind)
    sheet = SheetPlan(edition.kinds[kind].sheet, protect=True, zoom=90, tab_color=style.ACCENT)
    frozen = column_of(columns, VERDICT).index + 1
    _head(sheet, edition, kind, columns, frozen)
    for column in columns:
        sheet.widths[column.index] = max(column.field.width, _NARROWEST_TICK) if column.term else column.field.width
        sheet.put_columns(FIRST_ROW, column.index, [_values(column, edition, columns, rows, frame)],
                          [cell_style(column, edition)])
    sheet.heights |= {FIRST_ROW + i: style.ROW_HEIGHT for i in range(rows)}
    row = RowCells(edition, kind, columns, FIRST_ROW + 1, LABEL_ROW + 1)
    last = FIRST_ROW + rows - 1
    sheet.validations = [validation(c, (FIRST_ROW, c.index, last, c.index), row) for c in columns]
    sheet.conditions = list(_conditions(row, last))
    sheet.autofilter = (LABEL_ROW, 0, last, len(columns) - 1)
    sheet.freeze = (FIRST_ROW, frozen)
    sheet.print = print_setup(columns, sheet.widths)
    return sheet


# ------------------------------------------------------------------ the head

def _head(sheet: SheetPlan, edition: Edition, kind: str, columns: tuple[Column, ...], frozen: int) -> None:
    applicants = edition.kinds[kind]
    sheet.put_columns(TITLE_ROW, 0, [(None, None)] * len(columns), [style.TITLE] * len(columns))
    sheet.put_columns(HINT_ROW, 0, [(None,)] * len(columns), [style.HINT] * len(columns))
    sheet.put(TITLE_ROW, 0, f"{applicants.label}填报表", style.TITLE)
    sheet.put(HINT_ROW, 0, f"{edition.title}　·　一行填一家，从第 {FIRST_ROW + 1} 行起。深色列名必填，中间色按条件必填，浅色选填，灰色自动计算；"
                           f"浅黄格待填，红格待更正。选中单元格可见填写说明。{edition.last_day}报送。", style.HINT)
    put_bands(sheet, columns, frozen)
    for column in columns:
        sheet.put(LABEL_ROW, column.index, column.label, label_style(column.field, column.term is not None))
        text = notes(column, edition)
        if text:
            sheet.notes.append((LABEL_ROW, column.index, text))
    sheet.heights |= {TITLE_ROW: style.TITLE_HEIGHT, HINT_ROW: style.HINT_HEIGHT, BAND_ROW: style.BAND_HEIGHT,
                      AREA_ROW: style.BAND_HEIGHT, LABEL_ROW: 68}


def put_bands(sheet: SheetPlan, columns: tuple[Column, ...], frozen: int) -> None:
    """Merged groups over the labels, in two levels over the ticks; no merge crosses the frozen edge."""
    turn = 0
    for (_, text), members in groupby(columns, lambda c: (c.index < frozen, _top(c))):
        own = list(members)
        continued = own[0].index == frozen and _top(columns[frozen - 1]) == text
        turn += not continued
        look = (style.BAND_ALTERNATE, style.BAND)[turn % 2]
        tall = BAND_ROW if own[0].term and "｜" in own[0].group else AREA_ROW
        sheet.merge((BAND_ROW, own[0].index, tall, own[-1].index), None if continued else text, look)
        if tall == BAND_ROW:
            for number, (group, part) in enumerate(groupby(own, lambda c: c.group)):
                area = list(part)
                sheet.merge((AREA_ROW, area[0].index, AREA_ROW, area[-1].index), group.split("｜", 1)[1],
                            replace((style.BAND_ALTERNATE, style.BAND)[(turn + number) % 2], size=9))


def _top(column: Column) -> str:
    """The upper band over a column: its group, or for ticks the field and the top of its vocabulary."""
    above = column.group.split("｜")[0]
    return f"{column.field.label}　{above}" if "｜" in column.group else above


def label_style(f: Field, tick: bool = False) -> Style:
    """The look of a label says whether its column must be filled in."""
    if f.type in COMPUTED:
        return style.LABEL_COMPUTED
    if tick:
        return style.LABEL_TICK
    return style.LABEL_REQUIRED if f.required is True else style.LABEL_CONDITIONAL if f.required else style.LABEL


# ------------------------------------------------------------------ the cells

def cell_style(column: Column, edition: Edition) -> Style:
    """The look and type of a column's cells: codes as text, computed cells locked."""
    f = column.field
    if f.type == "measure":
        decimals = next(m.decimals for m in edition.measures_of(f.kind) if m.field == f.id)
        return replace(style.COMPUTED, align="right", number_format=f"0.{'0' * decimals}" if decimals else "0")
    if f.type == "system":
        return replace(style.COMPUTED, align="left" if f.id == TO_FIX else "center", bold=f.id == VERDICT)
    if column.term:
        return replace(style.INPUT, align="center", size=11, color=style.ACCENT)
    return replace(style.INPUT, **_LOOKS.get(f.type, {"number_format": "@"}))


_LOOKS = {
    "amount": {"align": "right", "number_format": "#,##0.00####"}, "number": {"align": "right"}, "percent": {"align": "right"},
    "count": {"align": "right"}, "year": {"align": "center", "number_format": "0"},
    "date": {"align": "center", "number_format": "yyyy-mm-dd"}, "term": {},
    "long_text": {"wrap": True, "valign": "top"},
}


def _values(column: Column, edition: Edition, columns: tuple[Column, ...], rows: int, frame: pd.DataFrame) -> list[Any]:
    held = frame[column.field.id].tolist() if column.field.id in frame else []
    held += [None] * (rows - len(held))
    formula = _formula(column.field, edition, columns) if column.field.type in COMPUTED else None
    if formula:
        return [Formula(formula.replace(_ROW, str(FIRST_ROW + 1 + i)), "" if value is None else value)
                for i, value in enumerate(held)]
    return [column.value({column.field.id: value}) for value in held] if column.term else held


def _formula(f: Field, edition: Edition, columns: tuple[Column, ...]) -> str | None:
    """The formula of a computed column with the row left open; None for a column that others fill in."""
    row = RowCells(edition, f.kind, columns, _ROW, LABEL_ROW + 1)
    if f.type == "measure":
        return next(quotient(m, row) for m in edition.measures_of(f.kind) if m.field == f.id)
    made = {SERIAL: lambda: serial(row, FIRST_ROW + 1), VERDICT: lambda: verdict(row), TO_FIX: lambda: to_fix(row),
            MISSING: lambda: missing_count(row)}
    return made[f.id]() if f.id in made else None


# ------------------------------------------------------------------ conditional formats

def _conditions(row: RowCells, last: int) -> Iterator[Condition]:
    """What pasting broke is red, what is still lacking amber, and the verdict has its colour."""
    columns = row.columns

    def over(first: int, until: int | None = None) -> tuple[int, int, int, int]:
        return FIRST_ROW, first, last, first if until is None else until

    faults = row.cell(TO_FIX)
    yield Condition(over(0, len(columns) - 1), f'ISNUMBER(FIND("、"&A${LABEL_ROW + 1}&"、","、"&{faults}&"、"))', style.ILLEGAL)
    for _, group in groupby((c for c in columns if c.term), lambda c: c.field.id):
        ticks = list(group)
        cell = row.at(ticks[0].index).removeprefix("$")
        yield Condition(over(ticks[0].index, ticks[-1].index), f'IFERROR(AND({cell}<>"",{cell}<>"{TICK}"),TRUE)', style.ILLEGAL)
    for f in row.fields:
        if f.required and f.type != "terms":
            yield Condition(over(column_of(columns, f.id).index), lacks(f, row), style.LACKING)
    fields = row.edition.fields(row.kind)
    for m in row.edition.materials_of(row.kind):
        called = f'AND({row.cell(SERIAL)}<>"",{truth(m.when, row)}=1,{blank(fields[m.field], row)})'
        yield Condition(over(column_of(columns, m.field).index), called, style.LACKING)
    judged = row.cell(VERDICT)
    for key, word in VERDICTS.items():
        yield Condition(over(column_of(columns, VERDICT).index), f'{judged}="{word}"', style.VERDICT_STYLES[key])
    missing = row.cell(MISSING)
    yield Condition(over(column_of(columns, MISSING).index), f"IF(ISNUMBER({missing}),{missing}>0,FALSE)",
                    style.VERDICT_STYLES["unknown"])
    yield Condition(over(column_of(columns, TO_FIX).index), f'{faults}<>""', style.ILLEGAL)


# ------------------------------------------------------------------ printing

def print_setup(columns: tuple[Column, ...], widths: dict[int, float]) -> Print:
    """Landscape A4; the name is repeated on every page, and pages break between groups where they can."""
    def width(part: Iterable[Column]) -> float:
        return sum(widths[c.index] + _PADDING for c in part)

    repeated = column_of(columns, NAME).index
    room = _PRINT_WIDTH - width(columns[:repeated + 1])
    breaks, used = [], 0.0
    for before, column in pairwise(columns[repeated:]):
        group = [c for c in columns[column.index:] if _top(c) == _top(column)]
        if used + width([column]) > room or (
                _top(before) != _top(column) and used > 0.4 * room and used + width(group) > room):
            breaks.append(column.index)
            used = 0.0
        used += width([column])
    return Print(landscape=True, repeat_rows=(BAND_ROW, LABEL_ROW), repeat_columns=(0, repeated), scale=_PRINT_SCALE,
                 column_breaks=tuple(breaks), margins=(0.4, 0.4, 0.5, 0.6))
