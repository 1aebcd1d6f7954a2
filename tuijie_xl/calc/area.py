"""Rectangles of cells, counted from 1 as in Excel, and their A1 addresses. Nothing here talks to LibreOffice."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
_CORNER = re.compile(r"\$?([A-Za-z]{1,3})?\$?(\d{1,7})?")


def letters(column: int) -> str:
    """1 -> 'A', 27 -> 'AA'."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def number(text: str) -> int:
    """'A' -> 1, 'AA' -> 27."""
    column = 0
    for letter in text.upper():
        column = column * 26 + ord(letter) - 64
    return column


@dataclass(frozen=True)
class Area:
    """``rows`` x ``columns`` cells whose upper left one is at (``row``, ``column``)."""

    row: int
    column: int
    rows: int = 1
    columns: int = 1

    @property
    def last_row(self) -> int:
        return self.row + self.rows - 1

    @property
    def last_column(self) -> int:
        return self.column + self.columns - 1

    @property
    def size(self) -> int:
        return self.rows * self.columns

    @property
    def whole_rows(self) -> bool:
        return self.columns == LAST_COLUMN

    @property
    def whole_columns(self) -> bool:
        return self.rows == LAST_ROW

    @property
    def bounds(self) -> tuple[int, int, int, int]:
        """(first column, first row, last column, last row) counted from 0, the order LibreOffice wants."""
        return self.column - 1, self.row - 1, self.last_column - 1, self.last_row - 1

    def __contains__(self, other: object) -> bool:
        return isinstance(other, Area) and self & other == other

    def __and__(self, other: Area) -> Area | None:
        """The cells that both have, None if there are none."""
        row, column = max(self.row, other.row), max(self.column, other.column)
        rows = min(self.last_row, other.last_row) - row + 1
        columns = min(self.last_column, other.last_column) - column + 1
        return Area(row, column, rows, columns) if rows > 0 and columns > 0 else None

    def __or__(self, other: Area) -> Area:
        """The smallest rectangle around both."""
        row, column = min(self.row, other.row), min(self.column, other.column)
        return Area(row, column, max(self.last_row, other.last_row) - row + 1,
                    max(self.last_column, other.last_column) - column + 1)

    def cell(self, row: int, column: int | None = None) -> Area:
        """The cell at (row, column) counted from 1 in this area, or the n-th row by row; it may lie outside."""
        if column is None:
            row, column = divmod(row - 1, self.columns)
            row, column = row + 1, column + 1
        return Area(self.row + row - 1, self.column + column - 1)

    def address(self, row_fixed: bool = True, column_fixed: bool = True) -> str:
        """'$B$2:$C$9', '$B$2', '$B:$C' for whole columns, '$2:$9' for whole rows."""
        r, c = "$" * row_fixed, "$" * column_fixed
        if self.whole_rows:
            return f"{r}{self.row}:{r}{self.last_row}"
        if self.whole_columns:
            return f"{c}{letters(self.column)}:{c}{letters(self.last_column)}"
        first = f"{c}{letters(self.column)}{r}{self.row}"
        return first if self.size == 1 else f"{first}:{c}{letters(self.last_column)}{r}{self.last_row}"


SHEET = Area(1, 1, LAST_ROW, LAST_COLUMN)


def parse(text: str) -> Area | None:
    """The area of 'B2', 'B2:C9', '$B:$C' or '2:9'; None if the text is no such address (a name, perhaps)."""
    corners = [_CORNER.fullmatch(part) for part in text.strip().split(":")]
    if len(corners) > 2 or not all(corners) or not all(any(corner.groups()) for corner in corners):
        return None
    columns = [number(corner[1]) for corner in corners if corner[1]]
    rows = [int(corner[2]) for corner in corners if corner[2]]
    if len(corners) == 1 and not (columns and rows) or len(columns) == 1 != len(corners) or len(rows) == 1 != len(corners):
        return None
    columns, rows = columns or [1, LAST_COLUMN], rows or [1, LAST_ROW]
    if not 1 <= min(columns) <= max(columns) <= LAST_COLUMN or not 1 <= min(rows) <= max(rows) <= LAST_ROW:
        return None
    return Area(min(rows), min(columns), max(rows) - min(rows) + 1, max(columns) - min(columns) + 1)


def rectangles(cells: Iterable[tuple[int, int]]) -> list[Area]:
    """Few areas that cover exactly these (row, column) cells: runs down a column, joined across equal neighbours."""
    runs: dict[int, list[tuple[int, int]]] = {}
    for row, column in sorted(cells, key=lambda cell: (cell[1], cell[0])):
        column_runs = runs.setdefault(column, [])
        if column_runs and column_runs[-1][1] == row - 1:
            column_runs[-1] = (column_runs[-1][0], row)
        else:
            column_runs.append((row, row))
    found: list[tuple[int, int, list[int]]] = []
    latest: dict[tuple[int, int], list[int]] = {}
    for column in sorted(runs):
        for run in runs[column]:
            if run in latest and latest[run][1] == column - 1:
                latest[run][1] = column
            else:
                latest[run] = [column, column]
                found.append((*run, latest[run]))
    return [Area(top, left, bottom - top + 1, right - left + 1) for top, bottom, (left, right) in found]
