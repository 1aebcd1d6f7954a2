"""Grids put together from a sheet's cells: a part of it, the sheet turned over, a form laid out as a list.

Whatever reads a view reads it like any other grid; ``number_of`` and ``address_of`` tell where its cells really stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from ..book import Grid, a1, column_letter

Cell = tuple[int, int]


class RowPart(int):
    """The number of a row that holds another applicant as well: equal only to the same part of the same row.

    Reads, sorts and prints as the row's number; ``column`` (from 0) is where this applicant's part begins.
    """

    column: int

    def __new__(cls, number: int, column: int):
        self = super().__new__(cls, number)
        self.column = column
        return self

    def __getnewargs__(self) -> Cell:
        return int(self), self.column

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RowPart) and int(self) == int(other) and self.column == other.column

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash((int(self), self.column))


@dataclass
class View(Grid):
    """``spots`` maps a cell (row, column) to the one of the sheet whose content it has; what is not in it stands where
    it stood. ``numbers`` gives rows the number under which they are reported (the sheet's own counting, from 1).
    ``area`` says in words which part of the sheet this is; '' for all of it.
    """

    spots: Mapping[Cell, Cell] = field(default_factory=dict)
    numbers: Mapping[int, int] = field(default_factory=dict)
    area: str = ""


def number_of(grid: Grid, row: int) -> int:
    """The number (from 1) of the sheet's row that stands for the row (from 0) of a grid or view."""
    return grid.numbers.get(row, row + 1) if isinstance(grid, View) else row + 1


def address_of(grid: Grid, row: int, column: int) -> str:
    """The address on the sheet of a cell of a grid or view: 'C5'."""
    return a1(*grid.spots.get((row, column), (row, column))) if isinstance(grid, View) else a1(row, column)


def turned(grid: Grid, top: int, left: int, bottom: int, anchor: int) -> View:
    """Rows ``top`` to ``bottom`` from column ``left`` on, with rows and columns exchanged.

    What stood in a column is a row then; all of them share the number of the row ``anchor``.
    """
    rows = [list(column) for column in zip(*(row[left:] for row in grid.rows[top:bottom + 1]))]
    spots = {(r, c): (top + c, left + r) for r, row in enumerate(rows) for c in range(len(row))}
    numbers = {r: RowPart(anchor + 1, left + r) if r > 1 else anchor + 1 for r in range(len(rows))}
    return View(grid.name, rows, spots=spots, numbers=numbers)


def split(grid: Grid, starts: Iterable[int]) -> list[View]:
    """The grid parted before each of the columns ``starts``: every part in its place, the other columns blank."""
    parts = []
    for left, right in pairwise([0, *starts, max(map(len, grid.rows), default=0)]):
        rows = [[cell if left <= column < right else None for column, cell in enumerate(row)] for row in grid.rows]
        merges = [merge for merge in grid.merges if left <= merge[1] and merge[3] < right]
        numbers = {row: RowPart(row + 1, left) for row in range(len(rows))} if left else {}
        parts.append(View(grid.name, rows, merges, grid.hidden, grid.hidden_rows,
                          grid.hidden_columns & set(range(left, right)), numbers=numbers,
                          area=f"{column_letter(left)}:{column_letter(right - 1)}"))
    return parts
