"""A workbook that is open before the officer: the few whole-range operations that the actions need.

Rows and columns count from 0 as in ``book``. ``LiveBook`` carries them out in a spreadsheet program, the tests'
``MemoryBook`` in memory; both must pass the same tests.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from ..book import Formula, Grid, SheetPlan, Unread, a1
from ..pause import Pause, go_on

Cell = tuple[int, int]


class CannotDo(Exception):
    """What was asked cannot be done now; the message is one Chinese sentence that ends with the next step."""


class Cancelled(Exception):
    """The officer asked to stop; the book is left as it was."""


@dataclass(frozen=True)
class Area:
    """A rectangle of a sheet: its first cell and its size."""

    sheet: str
    row: int
    column: int
    rows: int
    columns: int

    @property
    def address(self) -> str:
        """'B5:C9'."""
        return f"{a1(self.row, self.column)}:{a1(self.row + self.rows - 1, self.column + self.columns - 1)}"


@dataclass(frozen=True)
class Selection:
    """What is selected: the active sheet, its active cell, and the selected rows of it in order."""

    sheet: str
    cell: Cell
    rows: tuple[int, ...]


class OpenBook(Protocol):
    """One open workbook. An operation on a sheet or cell that does not exist is our own bug: KeyError."""

    path: str                           # as the program gives it: a path, or an address 'https://...'
    read_only: bool

    def sheet_names(self) -> list[str]:
        """All sheets in their order, hidden ones as well."""

    def read(self, sheet: str) -> Grid:
        """The values of a sheet from A1, errors as ``Unread``, trailing blanks cropped; without merges. One call."""

    def merges(self, sheet: str) -> list[tuple[int, int, int, int]]:
        """The merged areas: (first row, first column, last row, last column). Many calls where there are many."""

    def formulas(self, area: Area) -> list[list[str]]:
        """What was typed into each cell, formulas with their '=', blanks as ''. One call."""

    def write_rows(self, sheet: str, row: int, column: int, rows: list[list[Any]]) -> None:
        """Values, ``Formula`` and ``Link`` into a rectangle, None to empty a cell. Text stays text, whatever it looks
        like. One call."""

    def replace_sheet(self, plan: SheetPlan, pause: Pause = go_on) -> None:
        """Make the sheet of that name, or clear it in place, and carry out the plan, ``pause`` called between its steps."""

    def remove_sheet(self, sheet: str) -> None: ...

    def copy_look(self, source: Area, target: Area) -> None:
        """Formats, conditional formats and lists of an area laid over another one, repeated; contents and notes stay."""

    def widths(self, sheet: str, column: int, count: int) -> tuple[float, ...]:
        """The widths of ``count`` columns from ``column`` on, in Excel's units."""

    def set_widths(self, sheet: str, column: int, widths: Sequence[float]) -> None:
        """The widths of columns from ``column`` on, in Excel's units."""

    def clear_area(self, area: Area) -> None:
        """Take away everything in an area, formats and lists as well; nothing moves."""

    def fills(self, sheet: str, cells: Iterable[Cell]) -> list[str | None]:
        """The colour of each cell's ground, 'RRGGBB' or None."""

    def paint(self, sheet: str, fills: Mapping[Cell, str | None]) -> None: ...

    def notes(self, sheet: str) -> dict[Cell, str]:
        """Every note of a sheet."""

    def put_notes(self, sheet: str, notes: Mapping[Cell, str]) -> None:
        """Give cells without a note one."""

    def drop_notes(self, sheet: str, cells: Iterable[Cell]) -> None:
        """Take the notes of these cells away. Few calls."""

    def protection(self, sheet: str) -> Any | None:
        """None, or what ``protect`` needs to protect the sheet in the same way again."""

    def unprotect(self, sheet: str) -> None:
        """``CannotDo`` when a password is asked for."""

    def protect(self, sheet: str, options: Any) -> None: ...

    def hush(self) -> Any:
        """Stop redrawing, recalculation and events; what ``unhush`` needs to put everything back, the selection too."""

    def unhush(self, state: Any) -> None: ...

    def selection(self) -> Selection: ...

    def go_to(self, sheet: str, cell: Cell) -> None: ...

    def status(self, text: str | None) -> None:
        """The status bar; None gives it back to the program."""

    def cancelled(self) -> bool:
        """Whether the officer has asked to stop since the action began."""

    def ask_files(self) -> list[Path]:
        """Files or a folder that the officer chooses; nothing when he thinks better of it."""

    def tell(self, text: str) -> None: ...

    def explain(self, err: BaseException) -> str | None:
        """What the program objects to (a cell being edited), in words; None where the fault is ours."""

    def open_file(self, path: Path) -> bool:
        """Show a file with the program that the officer opens such files with; False where that cannot be done."""

    def export_pdf(self, source: Path, target: Path) -> None:
        """Print another workbook into a PDF, without showing it."""


def pausing(book: OpenBook) -> Pause:
    """What raises ``Cancelled`` when the officer has asked to stop."""
    def pause() -> None:
        if book.cancelled():
            raise Cancelled
    return pause


def contents(book: OpenBook, area: Area) -> list[list[Any]]:
    """Each cell so that writing it back gives the same: a value, or ``Formula``. Two calls."""
    grid = book.read(area.sheet)
    return contents_of([[value_at(grid, area.row + i, area.column + j) for j in range(area.columns)]
                        for i in range(area.rows)], book.formulas(area))


def contents_of(values: list[list[Any]], typed: list[list[str]]) -> list[list[Any]]:
    """Values and what was typed, put together; a text that begins with '=' is a text."""
    return [[Formula(text.removeprefix("=")) if isinstance(value, Unread) or text.startswith("=") and value != text
             else value for value, text in zip(row, texts)] for row, texts in zip(values, typed)]


def value_at(grid: Grid, row: int, column: int) -> Any:
    """The value of a cell, None beyond what was read."""
    return grid.rows[row][column] if row < len(grid.rows) and column < len(grid.rows[row]) else None
