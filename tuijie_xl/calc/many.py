"""Many single cells of a sheet at once, for which xlwings has no words: their grounds and notes. Cells count from 0."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import xlwings as xw

from .area import Area, rectangles
from .bridge import NOTES, struct
from .texts import rgb, to_color

Cell = tuple[int, int]


def fills(sheet: xw.Sheet, cells: Sequence[Cell]) -> list[tuple[int, int, int] | None]:
    """The colour of each cell's ground. LibreOffice groups cells by equal formatting: the calls grow with the number of
    formats, not of cells."""
    if not cells:
        return []
    rows, columns = zip(*cells)
    box = Area(min(rows) + 1, min(columns) + 1, max(rows) - min(rows) + 1, max(columns) - min(columns) + 1)
    formats = sheet.impl.range((box.row, box.column, box.rows, box.columns)).api.UniqueCellFormatRanges
    wanted, found = set(cells), {}
    for i in range(formats.Count):
        group = formats.getByIndex(i)
        color = rgb(group.CellBackColor)
        for place in group.getRangeAddresses() if color else ():
            found |= dict.fromkeys(((r, c) for r in range(place.StartRow, place.EndRow + 1)
                                    for c in range(place.StartColumn, place.EndColumn + 1) if (r, c) in wanted), color)
    return [found.get(cell) for cell in cells]


def paint(sheet: xw.Sheet, cells: Sequence[Cell], color: Any) -> None:
    """One ground for all cells, None for none."""
    if cells:
        _together(sheet, cells, "设置填充颜色").CellBackColor = -1 if color is None else to_color(color)


def put_notes(sheet: xw.Sheet, notes: Mapping[Cell, str]) -> None:
    """A note for each of these cells, which have none: one call each, where xlwings' own way takes seven."""
    own = sheet.impl
    own.guard("添加批注")
    index, annotations = own.index - 1, own.api.Annotations
    for (row, column), text in notes.items():
        annotations.insertNew(struct("table.CellAddress", index, column, row), text)


def drop_notes(sheet: xw.Sheet, cells: Sequence[Cell]) -> None:
    """Take away the notes of these cells, where they have any."""
    if cells:
        _together(sheet, cells, "删除批注").clearContents(NOTES)


def _together(sheet: xw.Sheet, cells: Sequence[Cell], doing: str) -> Any:
    own = sheet.impl
    own.guard(doing)
    return own.book.areas(own.index - 1, rectangles((row + 1, column + 1) for row, column in cells))
