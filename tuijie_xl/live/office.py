"""LibreOffice's side: the same questions as ``excel``, answered through ``calc``. What Calc has no way to do is left out
and said here; nothing that an officer would miss for his work is among it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import xlwings as xw

from ..book import Chart, Print
from ..calc import protection as guard
from ..calc import view
from ..calc.bridge import struct
from ..desk.openbook import CannotDo
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


def addresses(cells: list[str]) -> Iterator[str]:
    yield from cells


def fit_note(note: xw.main.Note, text: str) -> None:
    """Calc's notes fit themselves."""


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
    """The chart over its ranges; Calc takes no series' names without a row of them, so its legend counts them."""
    place = sheet.range((plan.row + 1, plan.column + 1)).api.Position
    _, categories, _ = plan.series[0]
    areas = [_area(sheet, categories), *(_area(sheet, values) for _, _, values in plan.series)]
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


def _area(sheet: xw.Sheet, reference: str):
    name, _, address = reference.rpartition("!")
    return sheet.book.sheets[name.strip("'").replace("''", "'")].range(address).api.RangeAddress
