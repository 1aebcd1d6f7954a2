"""A second look at a table: read once more, row by row, does every value stand in the row of its applicant?

Columns are read one at a time; a column shifted by a row would still have the right length. This look goes across.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .records import LostRows, Table

if TYPE_CHECKING:
    from .tables import TableBuilder

_MOST = 40                              # rows looked at, spread over the table: a shift is seen in nearly any of them
_FROM_HEADINGS = ("province", "city")   # blanks that headings of sections fill


def check_cells(builder: TableBuilder, table: Table) -> None:
    """Raise ``LostRows`` where a value is not what the cell of its own row and column reads as.

    Cells that were blank and took over a merged cell or a heading are passed over, and lists that ticks were added to.
    """
    size = len(builder.accepted)
    rows = range(size) if size <= _MOST else {round(i * (size - 1) / (_MOST - 1)) for i in range(_MOST)}
    for index, (f, reader) in builder.readers.items():
        values, filled = table.columns[f.id], f.id in _FROM_HEADINGS or index in builder.merged
        if len(values) != size:
            raise LostRows(f"[{builder.grid.name}] {f.id}: {len(values)} values of {size} rows")
        if f.type == "terms":
            continue
        for position in rows:
            cell = builder.grid.rows[builder.accepted[position]][index]
            if values[position] is cell or filled and reader[_plain(cell)] is None:
                continue
            if values[position] != reader[_plain(cell)]:
                raise LostRows(f"[{builder.grid.name}] row {table.rows[position]}, {f.id}: {values[position]!r} of {cell!r}")


def _plain(cell: Any) -> Any:
    """A cell as readers of columns are given it."""
    return str(cell).upper() if cell is True or cell is False else cell
