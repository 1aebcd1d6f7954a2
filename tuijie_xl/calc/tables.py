"""Excel's tables, which are database ranges in LibreOffice.

What a database range lacks is lost when LibreOffice saves: the table's style, its stripes and its calculated columns.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import TYPE_CHECKING, Any

from xlwings import XlwingsError, base_classes

from .area import Area
from .bridge import failure, struct

if TYPE_CHECKING:
    from .range import Range
    from .sheets import Sheet


class Tables(base_classes.Tables):
    """The tables of one sheet, in the order of their names."""

    def __init__(self, sheet: Sheet):
        self.sheet, self.api = sheet, sheet.book.api.DatabaseRanges

    @property
    def parent(self) -> Sheet:
        return self.sheet

    def __iter__(self) -> Iterator[Table]:
        index = self.sheet.index - 1
        found = (self.api.getByName(name) for name in self.api.ElementNames)
        return (Table(self.sheet, table) for table in found if table.DataArea.Sheet == index)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, name: str) -> bool:
        return any(table.name.lower() == name.lower() for table in self)

    def __call__(self, key: str | int) -> Table:
        tables = list(self)
        found = tables[key - 1:key] if isinstance(key, int) else [t for t in tables if t.name.lower() == key.lower()]
        if not found:
            raise KeyError(key)
        return found[0]

    def add(self, source: Any = None, name: str | None = None, source_type: Any = None, link_source: Any = None,
            has_headers: bool = True, destination: Any = None, table_style_name: str | None = None) -> Table:
        """A table over ``source`` (xlwings' range or ours) with a filter row; the style is dropped."""
        cells: Range = getattr(source, "impl", source)
        self.sheet.guard("添加表格")
        if cells.table is not None:
            raise XlwingsError("表格不能重叠。")
        name = name or next(free for free in map("Table{}".format, count(1)) if not self.api.hasByName(free))
        if self.api.hasByName(name):
            raise XlwingsError(f"已有名为 {name} 的表格。")
        try:
            self.api.addNewByName(name, cells.api.RangeAddress)
        except failure("uno.RuntimeException") as error:
            raise XlwingsError(f"不能用作表格名称：{name}") from error
        table = self.api.getByName(name)
        table.ContainsHeader, table.AutoFilter = has_headers, has_headers
        return Table(self.sheet, table)


class Table(base_classes.Table):
    """One table: ``api`` is LibreOffice's database range."""

    api = None                          # (a property in the base class)

    def __init__(self, sheet: Sheet, api: Any):
        self.sheet, self.api = sheet, api

    @property
    def parent(self) -> Sheet:
        return self.sheet

    @property
    def name(self) -> str:
        return self.api.Name

    @name.setter
    def name(self, value: str) -> None:
        self.api.Name = value

    display_name = name

    @property
    def range(self) -> Range:
        return self.sheet.book.at(self.api.DataArea)

    @property
    def show_headers(self) -> bool:
        return self.api.ContainsHeader

    @show_headers.setter
    def show_headers(self, value: bool) -> None:
        self.api.ContainsHeader = bool(value)

    @property
    def show_totals(self) -> bool:
        return self.api.TotalsRow

    @property
    def show_autofilter(self) -> bool:
        return self.api.AutoFilter

    @show_autofilter.setter
    def show_autofilter(self, value: bool) -> None:
        self.api.AutoFilter = bool(value)

    @property
    def header_row_range(self) -> Range | None:
        return self._rows(0, 1) if self.show_headers else None

    @property
    def totals_row_range(self) -> Range | None:
        return self._rows(self.range.area.rows - 1, 1) if self.show_totals else None

    @property
    def data_body_range(self) -> Range | None:
        """The rows between header and totals, None if there are none."""
        first = int(self.show_headers)
        rows = self.range.area.rows - first - int(self.show_totals)
        return self._rows(first, rows) if rows > 0 else None

    insert_row_range = None

    def _rows(self, first: int, rows: int) -> Range:
        area = self.range.area
        return self.range._at(Area(area.row + first, area.column, rows, area.columns))

    def resize(self, range: Any) -> None:
        cells: Range = getattr(range, "impl", range)
        if cells.sheet.name != self.sheet.name:
            raise ValueError("a table stays on its sheet")
        self.api.DataArea = struct("table.CellRangeAddress", self.sheet.index - 1, *cells.area.bounds)
