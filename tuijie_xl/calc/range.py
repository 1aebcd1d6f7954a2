"""Ranges: where they are and what is in their cells. How cells look is in ``looks``, how they are changed in ``edits``.

A range is kept as (sheet, rectangle); LibreOffice is asked only when a cell's content or look is wanted, so resizing,
offsets and indexing cost nothing. A block of any size is read or written in a fixed number of calls.

Where this differs from Excel (each point has a test):
- A text written through ``value`` stays that text: '=1+1', '007' and '2018-07-03' are not taken for a formula, a
  number or a date, as they are in Excel. One leading apostrophe is dropped in both, so "'" + text writes a text in both.
- A number whose cell shows a date is read as a date and one whose cell shows TRUE as a bool, for LibreOffice keeps
  no types; writing a number over a bool, therefore, also takes the format away.
- A range stays at its address when cells are inserted or deleted before it; Excel's moves along with its cells.
- ``formula`` of a bool or a date is its number ('1', '43284').
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from . import formulas, values
from .area import SHEET, Area, rectangles
from .edits import Edits
from .looks import Looks
from .names import Name
from .notes import Note
from .tables import Table

if TYPE_CHECKING:
    from .sheets import Sheet

_STEPS = {"d": (1, 0), "u": (-1, 0), "r": (0, 1), "l": (0, -1)}


class Range(Looks, Edits, base_classes.Range):
    """``options`` and ``arg1_input`` are set by xlwings and by ``Sheet.range``."""

    arg1_input = ""

    def __init__(self, sheet: Sheet, area: Area):
        self.sheet, self.area = sheet, area
        self.options: dict[str, Any] = {}
        self._held: tuple[int, Any] = -1, None

    # ------------------------------------------------------------------ where it is

    @property
    def api(self) -> Any:
        """LibreOffice's cell range, fetched anew after cells have moved: this range stays at its address."""
        moves = self.sheet.book.moves
        if self._held[0] != moves:
            self._held = moves, self.sheet.api.getCellRangeByPosition(*self.area.bounds)
        return self._held[1]

    @property
    def coords(self) -> tuple[str, int, int, int, int]:
        return self.sheet.name, self.area.row, self.area.column, self.area.rows, self.area.columns

    @property
    def row(self) -> int:
        return self.area.row

    @property
    def column(self) -> int:
        return self.area.column

    @property
    def shape(self) -> tuple[int, int]:
        return self.area.rows, self.area.columns

    def __len__(self) -> int:
        return self.area.size

    def __call__(self, arg1: int, arg2: int | None = None) -> Range:
        """The cell at (row, column) from 1, which may lie beyond the range, or the n-th cell row by row."""
        return self._at(self.area.cell(arg1, arg2))

    def _at(self, area: Area) -> Range:
        if area not in SHEET:
            raise IndexError(f"{area} lies outside the sheet")
        return Range(self.sheet, area)

    @property
    def address(self) -> str:
        return self.area.address()

    def get_address(self, row_absolute: bool = True, col_absolute: bool = True, external: bool = False) -> str:
        """'$A$1', or with ``external`` "'[报送.xlsx]企业 表'!$A$1" (quoted where Excel quotes)."""
        address = self.area.address(row_absolute, col_absolute)
        if not external:
            return address
        place = f"[{self.sheet.book.name}]{self.sheet.name}"
        plain = place.translate(str.maketrans("", "", "[]._")).isalnum()
        return f"{place}!{address}" if plain else "'" + place.replace("'", "''") + f"'!{address}"

    def end(self, direction: str) -> Range:
        """Where Ctrl and an arrow key lead from the upper left cell; hidden rows and merged cells are not minded."""
        down, right = _STEPS[direction[0]]
        row, column = self.area.row, self.area.column
        used = self.sheet.used_range.area
        line = Area(1, column, max(used.last_row, row), 1) if down else Area(row, 1, 1, max(used.last_column, column))
        found = Range(self.sheet, line).api.getFormulaArray()
        filled = [bool(cell) for cells in found for cell in cells]
        place = _stop(filled, (row if down else column) - 1, down + right, SHEET.rows if down else SHEET.columns)
        return self._at(Area(place + 1, column) if down else Area(row, place + 1))

    @property
    def current_region(self) -> Range:
        cursor = self.sheet.api.createCursorByRange(self(1).api)
        cursor.collapseToCurrentRegion()
        return self.sheet.book.range_of(cursor)

    def select(self) -> None:
        self.sheet.activate()
        self.sheet.book.controller.select(self.api)

    # ------------------------------------------------------------------ what is in it

    def kinds(self) -> Iterator[tuple[Area, str]]:
        """(area counted from 1 on the sheet, DATE or BOOLEAN) for the cells whose number format is such a one.

        LibreOffice groups cells by equal formatting: the calls grow with the number of formats, not of cells.
        """
        found = self.api.UniqueCellFormatRanges
        for i in range(found.Count):
            cells = found.getByIndex(i)
            kind = self.sheet.book.kind(cells.NumberFormat)
            if kind:
                for place in cells.getRangeAddresses():
                    yield Area(place.StartRow + 1, place.StartColumn + 1, place.EndRow - place.StartRow + 1,
                               place.EndColumn - place.StartColumn + 1), kind

    @property
    def raw_value(self) -> Any:
        """The value of one cell, or the rows of many: float, str, bool, datetime, None for a blank.

        An error is None, or its text ('#N/A') where the option ``err_to_str`` is set.
        """
        data = self.api.getDataArray()
        epoch = self.sheet.book.epoch
        found = [[value or None if isinstance(value, str) else value for value in row] for row in data]
        if any(isinstance(value, float) for row in data for value in row):
            for area, kind in self.kinds():
                self._each(area, lambda row, column, kind=kind: _convert(found, row, column, kind, epoch))
        if self.options.get("err_to_str"):
            self._name_errors(data, found)
        return found[0][0] if self.area.size == 1 else found

    @raw_value.setter
    def raw_value(self, value: Any) -> None:
        rows = values.rows_of(value, *self.shape)
        target = self._fitting(rows)
        target.guard_contents()
        epoch = self.sheet.book.epoch
        converted = [[values.to_calc(cell, epoch) for cell in row] for row in rows]
        before = target._kinds_by_cell() if any(isinstance(cell, float) for row in converted for cell, _ in row) else {}
        target.api.setDataArray(tuple(tuple(cell for cell, _ in row) for row in converted))
        target._give_formats(rows, converted, before)

    def _fitting(self, rows: list[list[Any]]) -> Range:
        """This range, with as many rows and columns as there are to write."""
        shape = len(rows), len(rows[0])
        return self if shape == self.shape else self._at(Area(self.area.row, self.area.column, *shape))

    def _each(self, area: Area, do: Callable[[int, int], None]) -> None:
        """``do(row, column)``, counted from 0 in this range, for the cells of an area that lie in it."""
        common = area & self.area
        for row in range(common.row - self.area.row, common.last_row - self.area.row + 1) if common else ():
            for column in range(common.column - self.area.column, common.last_column - self.area.column + 1):
                do(row, column)

    def _kinds_by_cell(self) -> dict[tuple[int, int], str]:
        found: dict[tuple[int, int], str] = {}
        for area, kind in self.kinds():
            self._each(area, lambda row, column, kind=kind: found.__setitem__((row, column), kind))
        return found

    def _give_formats(self, rows: list[list[Any]], converted: list[list[tuple[Any, str | None]]],
                      before: dict[tuple[int, int], str]) -> None:
        """Number formats for what was written: dates and bools get one that shows them, numbers lose a bool's.
        A cell that already shows dates keeps its own date format."""
        wanted: dict[str, list[tuple[int, int]]] = {}
        for i, row in enumerate(converted):
            for j, (cell, kind) in enumerate(row):
                if not isinstance(cell, float) or kind == before.get((i, j)):
                    continue
                code = "BOOLEAN" if kind == values.BOOLEAN else _date_format(rows[i][j]) if kind else "General"
                if kind or before[i, j] == values.BOOLEAN:
                    wanted.setdefault(code, []).append((self.area.row + i, self.area.column + j))
        for code, cells in wanted.items():
            self.sheet.book.areas(self.sheet.index - 1, rectangles(cells)).NumberFormat = self.sheet.book.number_format(code)

    def _name_errors(self, data: Any, found: list[list[Any]]) -> None:
        """Put the errors' names in; each costs a call, for LibreOffice gives no block of error numbers."""
        for i, row in enumerate(data):
            for j, value in enumerate(row):
                if value is None:
                    found[i][j] = values.ERRORS.get(self.api.getCellByPosition(j, i).getError(), "#VALUE!")

    @property
    def formula(self) -> Any:
        """Formulas in Excel's writing, and what was typed into the other cells: the text of one, rows of many."""
        typed, values = self.api.getFormulaArray(), self.api.getDataArray()
        is_formula = [[text[:1] in ("=", "{") and text != value for text, value in zip(*row)] for row in zip(typed, values)]
        translated = formulas.many_to_excel((text for texts, flags in zip(typed, is_formula) for text, flag in zip(texts, flags)
                                             if flag), self.sheet.app.function_names[1])
        shown = [[next(translated) if flag else value if isinstance(value, str) else text
                  for text, value, flag in zip(*row)] for row in zip(typed, values, is_formula)]
        return shown[0][0] if self.area.size == 1 else shown

    @formula.setter
    def formula(self, value: Any) -> None:
        """One formula fills the range, its relative references moving along; rows of formulas go cell by cell.
        What is no formula is taken as typed: '007' becomes 7, "'007" stays a text (as in Excel)."""
        epoch, to_calc = self.sheet.book.epoch, self.sheet.app.function_names[0]
        rows = [[values.typed_in(cell, epoch) for cell in row] for row in values.rows_of(value, *self.shape)]
        target = self._fitting(rows)
        target.guard_contents()
        filled = not isinstance(value, list | tuple)
        target.api.setFormulaArray(tuple(tuple(
            formulas.to_calc(formulas.shifted(text, i, j) if filled else text, to_calc) if text.startswith("=") else text
            for j, text in enumerate(row)) for i, row in enumerate(rows)))

    # Calc 7 has no dynamic arrays: nothing spills.
    formula2 = formula

    @property
    def has_array(self) -> bool:
        return any(text.startswith("{=") for row in self.api.getFormulaArray() for text in row)

    @property
    def formula_array(self) -> str | None:
        text = self.api.getArrayFormula()
        return formulas.to_excel(text, self.sheet.app.function_names[1]) if text else None

    @formula_array.setter
    def formula_array(self, value: str) -> None:
        self.guard_contents()
        self.api.setArrayFormula(formulas.to_calc(value, self.sheet.app.function_names[0]))

    # ------------------------------------------------------------------ what is attached to it

    @property
    def name(self) -> Name | None:
        """The name of exactly this range, None if there is none."""
        meant = "=" + self.get_address(external=True).partition("]")[2].strip("'").replace("'!", "!")
        return next((name for _, name in self.sheet.book.names.snapshot() if name.refers_to.replace("'", "") == meant), None)

    @name.setter
    def name(self, value: str) -> None:
        sheet = self.sheet.name.replace("'", "''")
        self.sheet.book.names.add(value, f"='{sheet}'!{self.address}")

    @property
    def note(self) -> Note | None:
        note = Note(self(1))
        return note if note.text else None

    def add_note(self, text: str) -> Note:
        return Note.add(self, text)

    @property
    def table(self) -> Table | None:
        return next((table for table in self.sheet.tables if table.range.area & self.area), None)

    def to_pdf(self, path: str, quality: str = "standard") -> None:
        self.sheet.book.to_pdf(path, quality, self.api)


def _convert(found: list[list[Any]], row: int, column: int, kind: str, epoch: dt.datetime) -> None:
    found[row][column] = values.from_calc(found[row][column], kind, epoch)


def _date_format(value: Any) -> str:
    has_time = isinstance(value, dt.datetime) and value.time() != dt.time()
    return "yyyy-mm-dd hh:mm:ss" if has_time else "yyyy-mm-dd"


def _stop(filled: list[bool], here: int, step: int, limit: int) -> int:
    """Where Ctrl+arrow stops, from ``here`` on a line of cells of which those beyond the list are empty."""
    def at(place: int) -> bool:
        return 0 <= place < len(filled) and filled[place]

    place = here + step
    if at(here) and at(place):
        while at(place + step):
            place += step
        return place
    while 0 <= place < len(filled):
        if filled[place]:
            return place
        place += step
    return (limit - 1 if step > 0 else 0)
