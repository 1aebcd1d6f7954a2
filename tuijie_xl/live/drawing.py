"""A ``SheetPlan`` carried out on a live sheet in as few calls as its looks allow.

Values go in one write; looks by rectangles of equal style, beginning with the commonest over the whole sheet. What
only a file can hold (rich text in one cell, buttons) and what our result sheets have none of (lists, hidden
columns) is not drawn here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

import xlwings as xw

from ..book import SheetPlan, Style, a1
from ..pause import Pause, each

if TYPE_CHECKING:
    from .book import LiveBook

_ALIGN = {"left": "left", "center": "center", "right": "right", "fill": "fill"}
_VALIGN = {"top": "top", "vcenter": "center", "bottom": "bottom"}
_WEIGHTS = {"thin": "thin", "medium": "medium", "hair": "hairline"}
_MOST_HEIGHTS = 60
_OURS = "tuijie "                       # begins the names of our charts
_CLEARED = Style(font="", size=0, color="", align="", valign="")       # a cell that was cleared, and no font of ours
Rectangle = tuple[int, int, int, int]   # first row, first column, last row, last column, from 0


def draw(book: LiveBook, sheet: xw.Sheet, plan: SheetPlan, is_new: bool, pause: Pause) -> None:
    """Clear the sheet of what we drew before and draw the plan, ``pause`` called between the steps."""
    _clear(book, sheet)
    pause()
    cells = _values(plan)
    height, width = 1 + max((r for r, _ in cells), default=0), 1 + max((c for _, c in cells), default=0)
    for top, left, bottom, right in each(_merge_blocks(plan), pause):
        area = sheet.range((top + 1, left + 1), (bottom + 1, right + 1))
        area.merge(across=True)
    _draw_looks(book, sheet, plan, pause)
    pause()
    if cells:
        book.write_rows(plan.name, 0, 0, [[cells.get((r, c)) for c in range(width)] for r in range(height)])
    pause()
    for column, size in plan.widths.items():
        sheet.range((1, column + 1)).column_width = size
    _draw_heights(sheet, plan, width, pause)
    for condition in plan.conditions:
        _draw_condition(sheet, condition)
    for table in plan.tables:
        _draw_table(sheet, table)
    for number, chart in enumerate(plan.charts, 1):
        book.side.add_chart(sheet, chart, f"{_OURS}{plan.name} {number}")       # Calc wants them unique in the book
    book.put_notes(plan.name, {(row, column): text for row, column, text in plan.notes})
    if is_new:
        _draw_view(book, sheet, plan)


def _clear(book: LiveBook, sheet: xw.Sheet) -> None:
    for chart in list(sheet.charts):
        if chart.name.startswith(_OURS):
            chart.delete()
    book.drop_notes(sheet.name, book.notes(sheet.name))
    used = sheet.used_range
    used.unmerge()
    used.conditional_formats.clear()
    used.clear()


# ------------------------------------------------------------------ values

def _values(plan: SheetPlan) -> dict[tuple[int, int], Any]:
    """(row, column) -> value. A block's blank yields to a cell of its own; text in runs is plain text here."""
    found = {}
    for row, column, value in sorted(plan.values(), key=lambda one: one[2] is not None):
        found[row, column] = "".join(text for text, _ in value.runs) if hasattr(value, "runs") else value
    return found


def _merge_blocks(plan: SheetPlan) -> Iterator[Rectangle]:
    """Merged areas of one row, those of equal columns in rows one below the other taken together."""
    by_columns: dict[tuple[int, int], list[int]] = defaultdict(list)
    for top, left, bottom, right, *_ in plan.merges:
        if top == bottom:
            by_columns[left, right].append(top)
    for (left, right), rows in by_columns.items():
        for first, last, _ in _runs(dict.fromkeys(rows, 0)):
            yield first, left, last, right


def _runs(values: dict[int, Any]) -> Iterator[tuple[int, int, Any]]:
    """{3: a, 4: a, 6: a} -> (3, 4, a), (6, 6, a)."""
    for (_, value), members in groupby(enumerate(sorted(values)), key=lambda one: (one[1] - one[0], values[one[1]])):
        numbers = [number for _, number in members]
        yield numbers[0], numbers[-1], value


def _draw_heights(sheet: xw.Sheet, plan: SheetPlan, width: int, pause: Pause) -> None:
    """As planned; where that would be very many calls, a long block's rows fit themselves to their text."""
    runs = list(_runs(plan.heights))
    if len(runs) > _MOST_HEIGHTS and plan.blocks:
        top, _, columns, _ = max(plan.blocks, key=lambda block: len(block[2][0]))
        bottom = top + len(columns[0])
        sheet.range((top + 1, 1), (bottom, width)).rows.autofit()
        runs = [run for run in runs if not top <= run[0] <= run[1] < bottom]
    for first, last, size in each(runs, pause):
        sheet.range((first + 1, 1), (last + 1, 1)).row_height = size


# ------------------------------------------------------------------ looks

def _draw_looks(book: LiveBook, sheet: xw.Sheet, plan: SheetPlan, pause: Pause) -> None:
    styles = _styles(plan)
    if not styles:
        return
    cells_of: dict[Style, list[tuple[int, int]]] = defaultdict(list)
    for cell, look in styles.items():
        cells_of[look].append(cell)
    common = max(cells_of, key=lambda look: len(cells_of[look]))
    base = replace(common, fill=None, border=None, bold=False, underline=False, indent=0, number_format="General")
    whole = sheet.range((1, 1), (1 + max(r for r, _ in styles), 1 + max(c for _, c in styles)))
    _set(book, whole, base, _CLEARED)
    for look, cells in each(cells_of.items(), pause):
        for top, left, bottom, right in rectangles(cells):
            _set(book, sheet.range((top + 1, left + 1), (bottom + 1, right + 1)), look, base)


def _styles(plan: SheetPlan) -> dict[tuple[int, int], Style]:
    styles = {(row + i, column + j): look for row, column, columns, looks in plan.blocks
              for j, (values, look) in enumerate(zip(columns, looks)) for i in range(len(values))}
    styles |= {(row, column): look for row, column, _, look in plan.cells}
    return styles | {(r, c): look for top, left, bottom, right, _, look in plan.merges
                     for r in range(top, bottom + 1) for c in range(left, right + 1)}


def rectangles(cells: Iterable[tuple[int, int]]) -> Iterator[Rectangle]:
    """The cells as few rectangles: runs of a row, equal runs of rows one below the other joined."""
    by_row: dict[int, list[int]] = defaultdict(list)
    for row, column in cells:
        by_row[row].append(column)
    by_run: dict[tuple[int, int], list[int]] = defaultdict(list)
    for row, columns in by_row.items():
        for first, last, _ in _runs(dict.fromkeys(columns, 0)):
            by_run[first, last].append(row)
    for (left, right), rows in by_run.items():
        for top, bottom, _ in _runs(dict.fromkeys(rows, 0)):
            yield top, left, bottom, right


def _set(book: LiveBook, cells: xw.Range, look: Style, base: Style) -> None:
    """Give cells a look; only what differs from ``base`` costs a call."""
    def setter(name: str, do: Callable[[Any], None]) -> None:
        if getattr(look, name) != getattr(base, name):
            do(getattr(look, name))

    setter("font", lambda v: setattr(cells.font, "name", v))
    setter("size", lambda v: setattr(cells.font, "size", v))
    setter("bold", lambda v: setattr(cells.font, "bold", v))
    setter("italic", lambda v: setattr(cells.font, "italic", v))
    setter("color", lambda v: setattr(cells.font, "color", _rgb(v)))
    setter("underline", lambda v: v and book.side.set_underline(cells))
    setter("fill", lambda v: setattr(cells, "color", v and _rgb(v)))
    setter("align", lambda v: setattr(cells, "horizontal_alignment", _ALIGN[v]))
    setter("valign", lambda v: setattr(cells, "vertical_alignment", _VALIGN[v]))
    setter("wrap", lambda v: setattr(cells, "wrap_text", v))
    setter("indent", lambda v: book.side.set_indent(cells, v))
    setter("number_format", lambda v: setattr(cells, "number_format", v))
    setter("locked", lambda v: book.side.set_locked(cells, v))
    setter("border", lambda v: _border(cells, look))


def _border(cells: xw.Range, look: Style) -> None:
    with suppress(NotImplementedError):
        if look.border is None:
            cells.borders.clear()
        else:
            cells.borders.set(line_style="continuous", weight=_WEIGHTS[look.border_style], color=_rgb(look.border))


def _rgb(color: str) -> tuple[int, int, int]:
    return int(color[:2], 16), int(color[2:4], 16), int(color[4:], 16)


# ------------------------------------------------------------------ the rest

def _draw_condition(sheet: xw.Sheet, condition) -> None:
    """Excel reads relative addresses as seen from the active cell, so the first cell of the area becomes it."""
    top, left, bottom, right = condition.area
    cells = sheet.range((top + 1, left + 1), (bottom + 1, right + 1))
    if sheet.visible:
        sheet.activate()
        cells[0, 0].select()
    look = condition.style
    cells.conditional_formats.add_custom(f"={condition.formula}", fill_color=look.fill and _rgb(look.fill),
                                         font_color=_rgb(look.color), font_bold=look.bold or None)


def _draw_table(sheet: xw.Sheet, table) -> None:
    """The table of that name takes the new area; a sheet without one gets it."""
    top, left, bottom, right = table.area
    cells = sheet.range((top + 1, left + 1), (bottom + 1, right + 1))
    known = next((one for one in sheet.tables if one.name == table.name), None)
    if known is not None:
        known.resize(cells)
    elif not len(sheet.tables):
        made = sheet.tables.add(cells, name=table.name)
        with suppress(NotImplementedError):
            made.table_style = table.style or ""


def _draw_view(book: LiveBook, sheet: xw.Sheet, plan: SheetPlan) -> None:
    if plan.tab_color:
        book.side.set_tab(sheet, _rgb(plan.tab_color))
    sheet.show_gridlines = plan.gridlines
    if plan.freeze:
        sheet.freeze_panes.freeze_at(a1(0, 0) + ":" + a1(plan.freeze[0] - 1, max(plan.freeze[1] - 1, 0)))
    book.side.set_print(sheet, plan.print)

