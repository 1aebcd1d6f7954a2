"""LibreOffice's side: the same questions as ``excel``, answered through ``calc``. What Calc has no way to do is left out
and said here; nothing that an officer would miss for his work is among it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from pathlib import Path

import xlwings as xw

from ..book import Chart, Print
from ..calc import many, view
from ..calc import protection as guard
from ..calc.bridge import struct
from ..desk.openbook import CannotDo, Cell
from . import dialogs


def path(book: xw.Book) -> str:
    return book.fullname


def is_read_only(book: xw.Book) -> bool:
    return guard.is_read_only(book)


def refuse_locked_structure(book: xw.Book) -> None:
    if book.api.isProtected():
        raise CannotDo("工作簿的结构受保护，不能添加工作表。请撤销工作簿保护，再点一次按钮。")


def protection(sheet: xw.Sheet) -> dict | None:
    """What a protected sheet still allows is not told by Calc: it is lost."""
    return {} if guard.is_protected(sheet) else None


def unprotect(sheet: xw.Sheet) -> None:
    with suppress(xw.XlwingsError):
        guard.unprotect(sheet)
    if guard.is_protected(sheet):
        raise CannotDo(f"工作表“{sheet.name}”有保护密码，不能写入。请撤销工作表保护，再点一次按钮。")


def protect(sheet: xw.Sheet, options: dict) -> None:
    guard.protect(sheet, **options)


@contextmanager
def styles_open(book: xw.Book) -> Iterator[None]:
    """Calc makes no new style (a conditional format needs one) as long as any sheet is protected."""
    locked = [sheet for sheet in book.sheets if guard.is_protected(sheet)]
    opened = []
    try:
        for sheet in locked:
            with suppress(xw.XlwingsError):
                guard.unprotect(sheet)
                opened.append(sheet)
        yield
    finally:
        for sheet in opened:
            guard.protect(sheet)


def scroll(book: xw.Book) -> tuple[int, int]:
    return view.scroll(book)


def set_scroll(book: xw.Book, place: tuple[int, int]) -> None:
    view.set_scroll(book, *place)


def hush(app: xw.App, stack: ExitStack) -> None:
    """Calc does nothing of its own accord."""


def threads(sheet: xw.Sheet) -> dict[tuple[int, int], str]:
    """Calc has no conversations."""
    return {}


def active_cell(book: xw.Book) -> tuple[int, int]:
    """The first cell of the selection: Calc does not tell its cursor from it."""
    selected = book.selection
    return (selected.row - 1, selected.column - 1) if selected is not None else (0, 0)


def epoch(book: xw.Book) -> datetime:
    return book.impl.epoch


def fills(sheet: xw.Sheet, cells: list[Cell]) -> list[tuple[int, int, int] | None]:
    return many.fills(sheet, cells)


def paint(sheet: xw.Sheet, cells: list[Cell], color: tuple[int, int, int] | None) -> None:
    many.paint(sheet, cells, color)


def drop_notes(sheet: xw.Sheet, cells: list[Cell]) -> None:
    many.drop_notes(sheet, cells)


def put_notes(sheet: xw.Sheet, notes: Mapping[Cell, str]) -> None:
    """Calc's notes fit themselves."""
    many.put_notes(sheet, notes)


def ask_files(book: xw.Book) -> list[Path]:
    return dialogs.ask_files()


# ------------------------------------------------------------------ drawing

def set_locked(cells: xw.Range, locked: bool) -> None:
    guard.set_locked(cells, locked)


def set_indent(cells: xw.Range, indent: int) -> None:
    cells.api.ParaIndent = 353 * indent         # hundredths of a millimetre


def set_underline(cells: xw.Range) -> None:
    cells.api.CharUnderline = 1


def set_tab(sheet: xw.Sheet, color: tuple[int, int, int]) -> None:
    sheet.api.TabColor = color[0] << 16 | color[1] << 8 | color[2]


def set_print(sheet: xw.Sheet, plan: Print) -> None:
    """Not set: Calc keeps it in page styles that sheets share."""


_DIAGRAMS = {"bar": "BarDiagram", "column": "BarDiagram", "pie": "PieDiagram"}
_PIXEL = 26.46                          # hundredths of a millimetre


def add_chart(sheet: xw.Sheet, plan: Chart, name: str) -> None:
    """The chart over its ranges. A series takes its name from the cell above its values, where that says it: a name that
    stands in no cell Calc would save in a way that Excel may object to."""
    place = sheet.range((plan.row + 1, plan.column + 1)).api.Position
    _, categories, _ = plan.series[0]
    values = [_area(sheet, reference) for _, _, reference in plan.series]
    areas = [_area(sheet, categories), *values]
    frame = struct("awt.Rectangle", place.X, place.Y, int(plan.width * _PIXEL), int(plan.height * _PIXEL))
    sheet.api.Charts.addNewByName(name, frame, tuple(areas), False, True)
    drawn = sheet.api.Charts.getByName(name).EmbeddedObject
    diagram = drawn.createInstance(f"com.sun.star.chart.{_DIAGRAMS[plan.kind]}")
    drawn.setDiagram(diagram)
    if plan.kind == "bar":
        diagram.Vertical = True         # Calc's word for bars that lie
    if plan.stacked:
        diagram.Stacked = True
    drawn.HasMainTitle = True
    drawn.Title.String = plan.title
    shown = drawn.getFirstDiagram().getCoordinateSystems()[0].getChartTypes()[0].getDataSeries()
    for i, (one, (label, _, _), area) in enumerate(zip(shown, plan.series, values)):
        heading = sheet.book.sheets[area.Sheet].range((area.StartRow, area.StartColumn + 1))
        if heading.value == label:
            name = drawn.getDataProvider().createDataSequenceByRangeRepresentation(heading.impl.api.AbsoluteName)
            name.Role = "label"
            one.getDataSequences()[0].setLabel(name)
        if plan.kind != "pie" and i < len(plan.colors):
            one.Color = int(plan.colors[i], 16)


def _area(sheet: xw.Sheet, reference: str):
    name, _, address = reference.rpartition("!")
    return sheet.book.sheets[name.strip("'").replace("''", "'")].range(address).api.RangeAddress
