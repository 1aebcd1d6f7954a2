"""``LiveBook``: an ``OpenBook`` over xlwings, so over Excel or, for tests and Linux desktops, over LibreOffice.

Whole ranges only; what xlwings has no words for is asked of the ``side`` (``excel`` or ``office``).
"""

from __future__ import annotations

import datetime
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlwings as xw

from ..book import Formula, Grid, Link, SheetPlan, Unread
from ..desk.journal import folder
from ..desk.openbook import Area, CannotDo, Cell, Selection
from ..files.audit import ERRORS, Audit, make_grid
from ..intake.submission import SETTINGS_SHEET
from ..manual import open_file
from ..pause import Pause, go_on
from . import dialogs
from .drawing import draw

TITLE = "推介申报"
_ERRORS = frozenset(ERRORS.values()) | {"#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!", "#CONNECT!", "#BUSY!", "#UNKNOWN!"}
_BUSY = {-2147418111, -2147417846, -2146777998}     # call rejected, retry later, Excel is in edit mode
_GONE = {-2147417848, -2147023174, -2147023170}     # disconnected, no such server, the call failed on the way
_LONGEST_ADDRESS = 255


class LiveBook:
    """One workbook that is open in a spreadsheet program."""

    def __init__(self, book: xw.Book):
        self.book, self.app = book, book.app
        if book.app.engine.name == "excel":
            from . import excel as side
        else:
            from . import office as side
        self.side, self._epoch = side, side.epoch(book)
        self._flag = folder() / "cancel"
        self._flag.unlink(missing_ok=True)
        dialogs.escape_pressed()            # what was pressed before does not count

    @property
    def path(self) -> str:
        return self.side.path(self.book)

    @property
    def read_only(self) -> bool:
        return self.side.is_read_only(self.book)

    def edition_id(self) -> str | None:
        """The edition that the workbook was made for, as its settings say."""
        if SETTINGS_SHEET not in self.sheet_names():
            return None
        keys = dict(self._sheet(SETTINGS_SHEET).range("A2:B9").options(ndim=2).value)
        value = keys.get("edition")
        return f"{value:g}" if isinstance(value, float) else value

    def _sheet(self, name: str) -> xw.Sheet:
        return self.book.sheets[name]

    def _range(self, area: Area) -> xw.Range:
        return self._sheet(area.sheet).range((area.row + 1, area.column + 1),
                                             (area.row + area.rows, area.column + area.columns))

    # ------------------------------------------------------------------ values

    def sheet_names(self) -> list[str]:
        return list(self.book.sheet_names)

    def read(self, sheet: str) -> Grid:
        page = self._sheet(sheet)
        last = page.used_range.last_cell
        found = page.range((1, 1), (last.row, last.column)).options(ndim=2, err_to_str=True).value
        return make_grid(sheet, [[_read(value, self._epoch) for value in row] for row in found], not page.visible, Audit())

    def merges(self, sheet: str) -> list[tuple[int, int, int, int]]:
        page = self._sheet(sheet)
        last = page.used_range.last_cell
        found = set(_merges(page.range((1, 1), (last.row, last.column))))
        return sorted(found)

    def formulas(self, area: Area) -> list[list[str]]:
        typed = self._range(area).formula
        rows = typed if isinstance(typed, list | tuple) else ((typed,),)
        if rows and not isinstance(rows[0], list | tuple):
            rows = (rows,) if area.rows == 1 else tuple((value,) for value in rows)
        return [["" if value is None else str(value) for value in row] for row in rows]

    def write_rows(self, sheet: str, row: int, column: int, rows: list[list[Any]]) -> None:
        target = self._range(Area(sheet, row, column, len(rows), len(rows[0])))
        if any(isinstance(value, Formula | Link) for line in rows for value in line):
            target.formula = tuple(tuple(_typed(value, self._epoch) for value in line) for line in rows)
        else:
            target.value = [[_value(value) for value in line] for line in rows]

    # ------------------------------------------------------------------ sheets

    def replace_sheet(self, plan: SheetPlan, pause: Pause = go_on) -> None:
        is_new = plan.name not in self.sheet_names()
        if is_new:
            self.side.refuse_locked_structure(self.book)
            self.book.sheets.add(plan.name, after=self.book.sheets[-1])
        with self.side.styles_open(self.book):
            draw(self, self._sheet(plan.name), plan, is_new, pause)

    def remove_sheet(self, sheet: str) -> None:
        with self._no_questions():
            self._sheet(sheet).delete()

    def _no_questions(self) -> ExitStack:
        stack, alerts = ExitStack(), self.app.display_alerts
        stack.callback(setattr, self.app, "display_alerts", alerts)
        self.app.display_alerts = False
        return stack

    def copy_look(self, source: Area, target: Area) -> None:
        """By copying ever larger parts, as Excel repeats a source of its own accord and Calc does not."""
        columns, rows = source.columns, source.rows
        self._copy(source, target, 0, 0)
        while columns < target.columns:
            step = min(columns, target.columns - columns)
            self._copy(Area(target.sheet, target.row, target.column, rows, step), target, 0, columns)
            columns += step
        while rows < target.rows:
            step = min(rows, target.rows - rows)
            self._copy(Area(target.sheet, target.row, target.column, step, target.columns), target, rows, 0)
            rows += step
        self._range(target).clear_contents()
        self._drop_notes_in(target)

    def _copy(self, part: Area, target: Area, down: int, right: int) -> None:
        self._range(part).copy(self._range(Area(target.sheet, target.row + down, target.column + right, part.rows, part.columns)))

    def widths(self, sheet: str, column: int, count: int) -> tuple[float, ...]:
        page = self._sheet(sheet)
        return tuple(page.range((1, number + 1)).column_width for number in range(column, column + count))

    def set_widths(self, sheet: str, column: int, widths: Sequence[float]) -> None:
        for number, width in enumerate(widths, column + 1):
            self._sheet(sheet).range((1, number)).column_width = width

    def clear_area(self, area: Area) -> None:
        self._drop_notes_in(area)
        cells = self._range(area)
        cells.clear()
        cells.data_validation.delete()

    def _drop_notes_in(self, area: Area) -> None:
        self.drop_notes(area.sheet, [(r, c) for r, c in self.notes(area.sheet)
                                     if 0 <= r - area.row < area.rows and 0 <= c - area.column < area.columns])

    # ------------------------------------------------------------------ marks

    def fills(self, sheet: str, cells: Iterable[Cell]) -> list[str | None]:
        return [_hex(color) for color in self.side.fills(self._sheet(sheet), list(cells))]

    def paint(self, sheet: str, fills: Mapping[Cell, str | None]) -> None:
        page, by_color = self._sheet(sheet), defaultdict(list)
        for cell, color in fills.items():
            by_color[color].append(cell)
        for color, cells in by_color.items():
            self.side.paint(page, cells, _rgb(color))

    def notes(self, sheet: str) -> dict[Cell, str]:
        page = self._sheet(sheet)
        return self.side.threads(page) | {(note.location.row - 1, note.location.column - 1): note.text.replace("\r\n", "\n")
                                          for note in page.notes}

    def put_notes(self, sheet: str, notes: Mapping[Cell, str]) -> None:
        self.side.put_notes(self._sheet(sheet), notes)

    def drop_notes(self, sheet: str, cells: Iterable[Cell]) -> None:
        self.side.drop_notes(self._sheet(sheet), list(cells))

    # ------------------------------------------------------------------ protection, quiet

    def protection(self, sheet: str) -> Any | None:
        return self.side.protection(self._sheet(sheet))

    def unprotect(self, sheet: str) -> None:
        self.side.unprotect(self._sheet(sheet))

    def protect(self, sheet: str, options: Any) -> None:
        self.side.protect(self._sheet(sheet), options)

    def hush(self) -> ExitStack:
        """Everything is put back even where putting back one thing fails."""
        stack, app = ExitStack(), self.app
        place, scroll = self._place(), self.side.scroll(self.book)
        for name, quiet in (("screen_updating", False), ("enable_events", False), ("calculation", "manual")):
            with suppress(NotImplementedError):
                before = getattr(app, name)
                stack.callback(setattr, app, name, before)
                setattr(app, name, quiet)
        self.side.hush(app, stack)
        stack.callback(self.side.set_scroll, self.book, scroll)
        stack.callback(self._go_back, *place)
        return stack

    def unhush(self, state: ExitStack) -> None:
        state.close()

    def _place(self) -> tuple[str, str]:
        """(active sheet, address of the selection) where cells are selected."""
        active = self.book.sheets.active.name
        selected = self.book.selection
        return active, selected.get_address(False, False) if selected is not None else "A1"

    def _go_back(self, sheet: str, address: str) -> None:
        """Of more areas than an address can name, the first one is selected again."""
        if len(address) > _LONGEST_ADDRESS:
            address = address.partition(",")[0]
        if self._place() != (sheet, address) and sheet in self.sheet_names():
            self._sheet(sheet).activate()
            self._sheet(sheet).range(address).select()

    # ------------------------------------------------------------------ the officer

    def selection(self) -> Selection:
        sheet, address = self._place()
        row, column = self.side.active_cell(self.book)
        rows: dict[int, None] = {}
        for part in address.split(","):
            cells = self._sheet(sheet).range(part)
            last = min(cells.last_cell.row, self._sheet(sheet).used_range.last_cell.row)
            rows |= dict.fromkeys(range(cells.row - 1, last))
        return Selection(sheet, (row, column), tuple(rows))

    def go_to(self, sheet: str, cell: Cell) -> None:
        page = self._sheet(sheet)
        if not page.visible:
            raise CannotDo(f"工作表“{sheet}”是隐藏的，请先取消隐藏，再点一次按钮。")
        page.activate()
        page.range((cell[0] + 1, cell[1] + 1)).select()

    def status(self, text: str | None) -> None:
        self.app.status_bar = False if text is None else text

    def cancelled(self) -> bool:
        return self._flag.exists() or dialogs.escape_pressed()

    def ask_files(self) -> list[Path]:
        return self.side.ask_files(self.book)

    def tell(self, text: str) -> None:
        try:
            self.app.alert(text, TITLE)
        except Exception:  # noqa: BLE001   a program that cannot show it must not make it worse
            print(text, file=sys.stderr)

    def explain(self, err: BaseException) -> str | None:
        return explain(err)

    def open_file(self, path: Path) -> bool:
        return open_file(path)          # not through Excel, which warns of files from the disk as of the internet

    def export_pdf(self, source: Path, target: Path) -> None:
        other = self.app.books.open(str(source), update_links=False, read_only=True)
        try:
            other.to_pdf(str(target))
        finally:
            other.close()
            self.book.activate()


# ------------------------------------------------------------------ one cell

def _read(value: Any, epoch: datetime.datetime) -> Any:
    """A value of the program's as a file would give it; a moment of the book's day 0 is a time of day."""
    if isinstance(value, str):
        return Unread(value) if value in _ERRORS else value
    if isinstance(value, Decimal):      # a cell with a currency format
        return float(value)
    if isinstance(value, datetime.datetime):
        value = value.replace(tzinfo=None)
        return value.time() if value.year < 1900 or value.date() == epoch.date() else value
    return value


def _value(value: Any) -> Any:
    """For writing where no formula stands: text behind an apostrophe, which the program takes for 'this is text'."""
    if isinstance(value, str):
        return f"'{value}" if value else ""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return datetime.datetime(value.year, value.month, value.day)
    return "" if value is None else value


def _typed(value: Any, epoch: datetime.datetime) -> Any:
    """For writing among formulas: dates as numbers of the book's own count, which the cell's format shows as dates."""
    if isinstance(value, Formula):
        return f"={value.text}"
    if isinstance(value, Link):
        return '=HYPERLINK("#{}","{}")'.format(*(text.replace('"', '""') for text in (value.target, value.text)))
    value = _value(value)
    return (value - epoch) / datetime.timedelta(days=1) if isinstance(value, datetime.datetime) else value


def _hex(color: tuple[int, int, int] | None) -> str | None:
    return None if color is None else "{:02X}{:02X}{:02X}".format(*color)


def _rgb(color: str | None) -> tuple[int, int, int] | None:
    return None if color is None else (int(color[:2], 16), int(color[2:4], 16), int(color[4:], 16))


def _merges(cells: xw.Range) -> Iterator[tuple[int, int, int, int]]:
    """The merged areas of a range, by halving it as long as it holds merged and other cells."""
    merged = cells.merge_cells
    if merged is False:
        return
    area = cells.merge_area if merged or cells.count == 1 else None
    if area is not None and area.row <= cells.row and area.last_cell.row >= cells.last_cell.row \
            and area.column <= cells.column and area.last_cell.column >= cells.last_cell.column:
        yield area.row - 1, area.column - 1, area.last_cell.row - 1, area.last_cell.column - 1
        return
    rows, columns = cells.shape
    if rows > 1:
        yield from _merges(cells[:rows // 2, :])
        yield from _merges(cells[rows // 2:, :])
    else:
        yield from _merges(cells[:, :columns // 2])
        yield from _merges(cells[:, columns // 2:])


def explain(err: BaseException) -> str | None:
    """What the spreadsheet program objects to, in words; None where it is not the program's doing."""
    codes = {code for one in (err, err.__cause__, err.__context__) if one is not None for code in one.args
             if isinstance(code, int)}
    if codes & _GONE:
        return "工作簿或 Excel 已经关闭，按钮没有做完。请重新打开工作簿，再点一次按钮：没有做完的改动会先恢复原样。"
    if codes & _BUSY:
        return "Excel 正在编辑单元格，或有对话框开着，按钮没有执行，工作簿没有改动。请按 Enter 或 Esc 结束编辑、关闭对话框，再点一次按钮。"
    return None
