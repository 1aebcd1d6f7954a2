"""All merged areas of a range at once, for which xlwings has no words: it would have to ask cell by cell."""

from __future__ import annotations

from itertools import product

import xlwings as xw

from .area import Area


def merged_areas(cells: xw.Range) -> list[xw.Range]:
    """The merged areas that begin in these cells, row by row: a few calls for each, however many cells there are."""
    own = cells.impl
    formats = own.api.UniqueCellFormatRanges
    begins = [own.sheet.book.at(place).area for i in range(formats.Count)
              if formats.getByIndex(i).getByIndex(0).IsMerged          # cells of one format: all begin one or none does
              for place in formats.getByIndex(i).getRangeAddresses()]
    corners = {corner for area in begins for corner in product(range(area.row, area.last_row + 1),
                                                               range(area.column, area.last_column + 1))}
    return [xw.Range(impl=own._at(Area(*corner)).merge_area) for corner in sorted(corners)]
