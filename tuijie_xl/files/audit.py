"""What a reader of values leaves out: errors, formulas without a result, merges, hidden rows and columns.

Each format has its own audit of the raw bytes; all give an ``Audit``, and ``make_grid`` lays it over the values.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ..book import Grid, Unread

#: More cells than this on one sheet are not laid out in memory: a stray value in the last corner of a sheet.
MOST_CELLS = 20_000_000
#: What stands for a formula whose words the file does not give readily.
SOME_FORMULA = "=…"
ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!",
          0x2A: "#N/A", 0x2B: "#GETTING_DATA"}


class TooWide(Exception):
    """The cells of a sheet span too large an area; ``args`` are (sheet name, rows, columns)."""


@dataclass
class Audit:
    """Of one sheet, counted from 0: ``unread`` is (row, column) -> text such as '#N/A' or '=A1+B1'.

    ``extent`` is (rows, columns) that hold something, where the audit knows; else None.
    """

    unread: dict[tuple[int, int], str] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: Iterable[int] = field(default_factory=set)
    extent: tuple[int, int] | None = None


def refuse_wide(name: str, rows: int, columns: int) -> None:
    """TooWide when an area of that size must not be laid out."""
    if rows * columns > MOST_CELLS:
        raise TooWide(name, rows, columns)


def make_grid(name: str, rows: list[list], hidden: bool, audit: Audit) -> Grid:
    """Values ('' or None for blank) and audit as one ``Grid``: rectangular from A1, trailing blanks cropped.

    Merges are clipped to what is left, so that every cell they name can be looked up.
    """
    rows = [[None if value == "" else value for value in row] if "" in row else row for row in rows]
    if audit.unread:
        _lay_unread(name, rows, audit.unread)
    height, width = _crop(rows)
    return Grid(name, rows, _clip(audit.merges, height, width), hidden,
                frozenset(row for row in audit.hidden_rows if row < height),
                frozenset(column for column in audit.hidden_columns if column < width))


def _lay_unread(name: str, rows: list[list], unread: dict[tuple[int, int], str]) -> None:
    height = max(len(rows), 1 + max(row for row, _ in unread))
    refuse_wide(name, height, max(len(rows[0]) if rows else 0, 1 + max(column for _, column in unread)))
    rows.extend([] for _ in range(height - len(rows)))
    for (row, column), text in unread.items():
        cells = rows[row]
        cells.extend([None] * (column + 1 - len(cells)))
        cells[column] = Unread(text)


def _crop(rows: list[list]) -> tuple[int, int]:
    """Drop trailing blank rows and columns in place and make all rows equally long; (height, width)."""
    while rows and not any(value is not None for value in rows[-1]):
        rows.pop()
    if all(len(row) == len(rows[0]) for row in rows) and any(row[-1] is not None for row in rows):
        return len(rows), len(rows[0])
    width = max((_length(row) for row in rows), default=0)
    for row in rows:
        del row[width:]
        row.extend([None] * (width - len(row)))
    return len(rows), width


def _length(row: list) -> int:
    """The number of cells up to the last one that is not blank."""
    length = len(row)
    while length and row[length - 1] is None:
        length -= 1
    return length


def _clip(merges: Iterable[tuple[int, int, int, int]], height: int, width: int) -> list[tuple[int, int, int, int]]:
    clipped = ((top, left, min(bottom, height - 1), min(right, width - 1)) for top, left, bottom, right in merges)
    return [area for area in clipped if area[2] >= area[0] and area[3] >= area[1] and area[:2] != area[2:]]
