"""What passes between spreadsheets and the core: grids that were read, and plans of sheets to be written.

Nothing here knows a file format. ``files`` reads a file into a ``BookText`` and renders a ``WorkbookPlan``.
Rows and columns count from 0 here; ``a1`` gives the address that people see.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any


class Unread(str):
    """The text of a cell whose value the file does not hold: an error ('#N/A') or a formula without a result."""


def column_letter(column: int) -> str:
    """0 -> 'A', 26 -> 'AA'."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def a1(row: int, column: int, *, fixed: str = "") -> str:
    """(4, 1) -> 'B5'; ``fixed`` is '', 'row', 'column' or 'both' for the $ signs."""
    dollar_column = "$" if fixed in ("column", "both") else ""
    dollar_row = "$" if fixed in ("row", "both") else ""
    return f"{dollar_column}{column_letter(column)}{dollar_row}{row + 1}"


# ------------------------------------------------------------------ what was read

@dataclass
class Grid:
    """One sheet as read. ``rows[r][c]`` is the cell at (r, c) counted from A1, rows all of the same length.

    A cell is None, str, int, float, bool, datetime.date / datetime / time / timedelta, or ``Unread``.
    ``merges`` are (first row, first column, last row, last column).
    """

    name: str
    rows: list[list[Any]]
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()


@dataclass
class BookText:
    """A spreadsheet file as read. ``format`` is what the content says (xlsx, xlsm, xls, xlsb, ods, csv, html, mht, xml)."""

    path: str
    format: str
    sha256: str
    grids: list[Grid]


# ------------------------------------------------------------------ what will be written

@dataclass(frozen=True)
class Style:
    """How a cell looks. Colours are 'RRGGBB'; ``border`` is a colour or None; ``number_format`` as in Excel."""

    font: str = "微软雅黑"
    size: float = 10
    bold: bool = False
    italic: bool = False
    underline: bool = False
    color: str = "1F2933"
    fill: str | None = None
    border: str | None = None
    border_style: str = "thin"          # thin, medium, hair
    align: str = "left"                 # left, center, right, fill
    valign: str = "vcenter"             # top, vcenter, bottom
    wrap: bool = False
    indent: int = 0
    rotation: int = 0                   # degrees; 255 stacks the characters
    number_format: str = "General"
    locked: bool = True
    shrink: bool = False


@dataclass(frozen=True)
class Formula:
    """A live formula of ours, without the leading '='; ``result`` is the value to show before recalculation."""

    text: str
    result: Any = ""


@dataclass(frozen=True)
class Link:
    """A link of ours to a cell of the same workbook: ``target`` is \"'企业'!B5\"."""

    target: str
    text: str
    tip: str = ""


@dataclass(frozen=True)
class RichText:
    """Text in runs of (text, style); the cell itself takes the style given in the plan."""

    runs: tuple[tuple[str, Style], ...]


@dataclass(frozen=True)
class Validation:
    """A data validation on a rectangle. ``kind`` is list, whole, decimal, date, length, custom or any.

    ``formula`` is the list source or custom formula (no leading '='), ``values`` a short inline list;
    ``criteria``/``minimum``/``maximum`` serve the numeric kinds. ``stop`` False only warns.
    """

    area: tuple[int, int, int, int]
    kind: str
    formula: str | None = None
    values: tuple[str, ...] = ()
    criteria: str = "between"
    minimum: Any = None
    maximum: Any = None
    prompt_title: str = ""
    prompt: str = ""
    error_title: str = ""
    error: str = ""
    stop: bool = True
    ignore_blank: bool = True


@dataclass(frozen=True)
class Condition:
    """A conditional format: the style where the formula (relative to the first cell) is true."""

    area: tuple[int, int, int, int]
    formula: str
    style: Style


@dataclass(frozen=True)
class Table:
    """An Excel table over an area that includes its header row."""

    area: tuple[int, int, int, int]
    name: str
    headers: tuple[str, ...]
    style: str | None = None


@dataclass(frozen=True)
class Chart:
    """A chart anchored at a cell. ``series`` are (name, categories, values): references like \"='统计'!$A$2:$A$9\".

    ``most`` is the greatest value (of stacked bars their sum), 0 where it is not known; sizes are in pixels.
    """

    row: int
    column: int
    kind: str                           # bar, column, pie
    title: str
    series: tuple[tuple[str, str, str], ...]
    colors: tuple[str, ...] = ()
    stacked: bool = False
    width: int = 480
    height: int = 288
    most: int = 0


@dataclass(frozen=True)
class PushButton:
    """A button over the cell at (row, column) that runs a macro of the workbook; ``width`` and ``height`` in pixels."""

    row: int
    column: int
    caption: str
    macro: str
    width: int = 120
    height: int = 28


@dataclass(frozen=True)
class Print:
    """Print set-up. ``fit`` is (pages wide, pages high), 0 = as many as needed; with ``scale`` (per cent) the sheet
    is not fitted but broken before each column of ``column_breaks`` and row of ``row_breaks``."""

    landscape: bool = False
    fit: tuple[int, int] = (1, 0)
    repeat_rows: tuple[int, int] | None = None
    repeat_columns: tuple[int, int] | None = None
    margins: tuple[float, float, float, float] = (0.5, 0.5, 0.6, 0.6)   # left, right, top, bottom (inches)
    header: str = ""
    footer: str = "&C第 &P 页，共 &N 页"
    area: tuple[int, int, int, int] | None = None
    centered: bool = False
    scale: int = 0
    column_breaks: tuple[int, ...] = ()
    row_breaks: tuple[int, ...] = ()


@dataclass
class SheetPlan:
    """A sheet to be written: pure data, so that any writer (a file, a live Excel) can carry it out."""

    name: str
    cells: list[tuple[int, int, Any, Style]] = field(default_factory=list)
    blocks: list[tuple[int, int, list[Sequence[Any]], list[Style]]] = field(default_factory=list)
    merges: list[tuple[int, int, int, int, Any, Style]] = field(default_factory=list)
    widths: dict[int, float] = field(default_factory=dict)
    heights: dict[int, float] = field(default_factory=dict)
    column_styles: dict[int, Style] = field(default_factory=dict)
    hidden_columns: set[int] = field(default_factory=set)
    validations: list[Validation] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    charts: list[Chart] = field(default_factory=list)
    notes: list[tuple[int, int, str]] = field(default_factory=list)
    buttons: list[PushButton] = field(default_factory=list)
    autofilter: tuple[int, int, int, int] | None = None
    freeze: tuple[int, int] | None = None
    protect: bool = False
    hidden: bool = False
    gridlines: bool = False
    zoom: int = 100
    tab_color: str | None = None
    print: Print = field(default_factory=Print)

    def put(self, row: int, column: int, value: Any, style: Style) -> None:
        """One cell. ``value`` is text, number, date, bool, None, ``Formula``, ``Link`` or ``RichText``."""
        self.cells.append((row, column, value, style))

    def put_columns(self, row: int, column: int, columns: list[Sequence[Any]], styles: list[Style]) -> None:
        """A block of data, one sequence a column, each with its style."""
        self.blocks.append((row, column, columns, styles))

    def merge(self, area: tuple[int, int, int, int], value: Any, style: Style) -> None:
        """A merged area with its value; an area of one cell is a plain cell."""
        if area[:2] == area[2:]:
            self.put(area[0], area[1], value, style)
        else:
            self.merges.append((*area, value, style))

    def values(self) -> Iterator[tuple[int, int, Any]]:
        """(row, column, value) of everything planned, for tests and for the live face."""
        yield from ((r, c, v) for r, c, v, _ in self.cells)
        yield from ((r, c, v) for r, c, _, _, v, _ in self.merges)
        for row, column, columns, _ in self.blocks:
            yield from ((row + i, column + j, v) for j, values in enumerate(columns) for i, v in enumerate(values))


@dataclass
class WorkbookPlan:
    """A workbook to be written. ``names`` are defined names: name -> reference without the leading '='."""

    sheets: list[SheetPlan]
    names: dict[str, str] = field(default_factory=dict)
    title: str = ""
    subject: str = ""

    def sheet(self, name: str) -> SheetPlan:
        return next(sheet for sheet in self.sheets if sheet.name == name)
