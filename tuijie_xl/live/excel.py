"""Excel's own side over COM: what xlwings has no words for. The only place with ``.api`` calls into Excel; none of it
can be run without Excel, so every function is a few plain calls and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, nullcontext, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import xlwings as xw

from ..book import Chart, Print, a1
from ..desk.openbook import CannotDo, Cell
from . import dialogs

_ALLOWED = ("AllowFormattingCells", "AllowFormattingColumns", "AllowFormattingRows", "AllowInsertingColumns",
            "AllowInsertingRows", "AllowInsertingHyperlinks", "AllowDeletingColumns", "AllowDeletingRows", "AllowSorting",
            "AllowFiltering", "AllowUsingPivotTables")
_LONGEST_ADDRESS = 240                  # Range("A1,B2,...") takes 255 characters
_FILE_PICKER, _FOLDER_PICKER, _CHOSEN = 3, 4, -1
_CATEGORIES = 1                         # an axis, as Excel numbers them
_CHARTS = {("bar", False): 57, ("bar", True): 58, ("column", False): 51, ("column", True): 52, ("pie", False): 5}


def path(book: xw.Book) -> str:
    """As Excel has it: xlwings' ``fullname`` fails on an address of OneDrive that it cannot map."""
    return book.api.FullName


def is_read_only(book: xw.Book) -> bool:
    return bool(book.api.ReadOnly)


def refuse_locked_structure(book: xw.Book) -> None:
    if book.api.ProtectStructure:
        raise CannotDo("工作簿的结构受保护，不能添加工作表。请在“审阅”中撤销“保护工作簿”，再点一次按钮。")


def protection(sheet: xw.Sheet) -> dict[str, Any] | None:
    api = sheet.api
    if not api.ProtectContents:
        return None
    return {"DrawingObjects": api.ProtectDrawingObjects, "Contents": True, "Scenarios": api.ProtectScenarios,
            **{name: getattr(api.Protection, name) for name in _ALLOWED}, "selection": api.EnableSelection}


def unprotect(sheet: xw.Sheet) -> None:
    """With an empty password, so that Excel never asks for one in a dialog that nobody sees."""
    with suppress(Exception):
        sheet.api.Unprotect("")
    if sheet.api.ProtectContents:
        raise CannotDo(f"工作表“{sheet.name}”有保护密码，不能写入。请在“审阅”中撤销工作表保护，再点一次按钮。")


def protect(sheet: xw.Sheet, options: dict[str, Any]) -> None:
    sheet.api.Protect(**{name: value for name, value in options.items() if name != "selection"})
    sheet.api.EnableSelection = options["selection"]


def styles_open(book: xw.Book) -> AbstractContextManager[None]:
    """Excel asks for nothing before a sheet is drawn."""
    return nullcontext()


def scroll(book: xw.Book) -> tuple[int, int]:
    window = book.api.Windows(1)
    return window.ScrollRow, window.ScrollColumn


def set_scroll(book: xw.Book, place: tuple[int, int]) -> None:
    window = book.api.Windows(1)
    with suppress(Exception):           # a window that shows a chart sheet has none
        window.ScrollRow, window.ScrollColumn = place


def hush(app: xw.App, stack: ExitStack) -> None:
    """A table must not fill a column of its own accord with the first formula that is written into it."""
    correct = app.api.AutoCorrect
    stack.callback(setattr, correct, "AutoFillFormulasInLists", correct.AutoFillFormulasInLists)
    correct.AutoFillFormulasInLists = False


def threads(sheet: xw.Sheet) -> dict[tuple[int, int], str]:
    """The cells with a conversation (批注 of the new kind), which is the officers' own. Excel before 2019 has none."""
    with suppress(Exception):
        return {(one.Parent.Row - 1, one.Parent.Column - 1): one.Text() for one in sheet.api.CommentsThreaded}
    return {}


def active_cell(book: xw.Book) -> tuple[int, int]:
    """Counted from 0."""
    cell = book.api.Windows(1).ActiveCell
    return cell.Row - 1, cell.Column - 1


def epoch(book: xw.Book) -> datetime:
    """Day 0 of the book's dates. Moments go to and fro in xlwings as such; only a number written for one needs it."""
    return datetime(1904, 1, 1) if book.api.Date1904 else datetime(1899, 12, 30)


def fills(sheet: xw.Sheet, cells: list[Cell]) -> list[tuple[int, int, int] | None]:
    """Cell by cell: of cells that differ Excel does not tell the colours."""
    return [sheet.range((row + 1, column + 1)).color for row, column in cells]


def paint(sheet: xw.Sheet, cells: list[Cell], color: tuple[int, int, int] | None) -> None:
    for address in addresses(cells):
        sheet.range(address).color = color


def drop_notes(sheet: xw.Sheet, cells: list[Cell]) -> None:
    for address in addresses(cells):
        sheet.range(address).api.ClearComments()


def addresses(cells: list[Cell]) -> Iterator[str]:
    """Many single cells as few addresses 'A1,B5,...' as Excel takes."""
    joined = ""
    for cell in (a1(*cell) for cell in cells):
        if len(joined) + len(cell) > _LONGEST_ADDRESS:
            yield joined
            joined = ""
        joined = f"{joined},{cell}" if joined else cell
    if joined:
        yield joined


def put_notes(sheet: xw.Sheet, notes: Mapping[Cell, str]) -> None:
    """Each large enough to be read whole."""
    for (row, column), text in notes.items():
        shape = sheet.range((row + 1, column + 1)).add_note(text).api.Shape
        shape.Width = 260
        shape.Height = 14 * sum(1 + len(line) // 22 for line in text.split("\n")) + 8


def ask_files(book: xw.Book) -> list[Path]:
    answer = book.app.alert(dialogs.FILES_OR_FOLDER, "推介申报", "yes_no_cancel")
    if answer == "cancel":
        return []
    picker = book.app.api.FileDialog(_FILE_PICKER if answer == "yes" else _FOLDER_PICKER)
    picker.Title = dialogs.FILES_TITLE if answer == "yes" else dialogs.FOLDER_TITLE
    if answer == "yes":
        picker.AllowMultiSelect = True
        picker.Filters.Clear()
        picker.Filters.Add("表格", dialogs.PATTERNS.replace(" ", ";"))
        picker.Filters.Add("所有文件", "*.*")
    if picker.Show() != _CHOSEN:
        return []
    return [Path(picker.SelectedItems(i + 1)) for i in range(picker.SelectedItems.Count)]


# ------------------------------------------------------------------ drawing

def set_locked(cells: xw.Range, locked: bool) -> None:
    cells.api.Locked = locked


def set_indent(cells: xw.Range, indent: int) -> None:
    cells.api.IndentLevel = indent


def set_underline(cells: xw.Range) -> None:
    cells.api.Font.Underline = 2


def set_tab(sheet: xw.Sheet, color: tuple[int, int, int]) -> None:
    sheet.api.Tab.Color = color[0] + 256 * color[1] + 65536 * color[2]


def set_print(sheet: xw.Sheet, plan: Print) -> None:
    """Paper, fit and repeated rows. A machine without any printer refuses; the sheet is good without."""
    with suppress(Exception):
        setup = sheet.api.PageSetup
        setup.Orientation = 2 if plan.landscape else 1
        setup.PaperSize = 9
        setup.Zoom = False
        setup.FitToPagesWide, setup.FitToPagesTall = (n or False for n in plan.fit)
        if plan.repeat_rows:
            setup.PrintTitleRows = f"${plan.repeat_rows[0] + 1}:${plan.repeat_rows[1] + 1}"
        setup.CenterFooter = plan.footer.removeprefix("&C")


def add_chart(sheet: xw.Sheet, plan: Chart, name: str) -> None:
    cell = sheet.range((plan.row + 1, plan.column + 1))
    shape = sheet.api.ChartObjects().Add(cell.left, cell.top, plan.width * 0.75, plan.height * 0.75)
    shape.Name = name
    chart = shape.Chart
    chart.ChartType = _CHARTS[plan.kind, plan.stacked]
    for i, (label, categories, values) in enumerate(plan.series):
        series = chart.SeriesCollection().NewSeries()
        series.Name, series.XValues, series.Values = label, f"={categories}", f"={values}"
        if plan.kind != "pie" and i < len(plan.colors):
            red, green, blue = (int(plan.colors[i][n:n + 2], 16) for n in (0, 2, 4))
            series.Format.Fill.ForeColor.RGB = red + 256 * green + 65536 * blue
    if plan.kind == "bar":
        chart.Axes(_CATEGORIES).ReversePlotOrder = True     # the first one on top, as in the table
    chart.HasTitle = True
    chart.ChartTitle.Text = plan.title


