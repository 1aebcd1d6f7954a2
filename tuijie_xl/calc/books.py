"""Workbooks: LibreOffice's spreadsheet documents, opened from and saved as the real files."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlwings import XlwingsError, base_classes

from . import values
from .area import Area
from .bridge import failure, path, settings, struct, typed, url
from .names import Names
from .range import Range
from .sheets import Sheet, Sheets

if TYPE_CHECKING:
    from .engine import App

FILTERS = {".xlsx": "Calc MS Excel 2007 XML", ".xlsm": "Calc MS Excel 2007 VBA XML", ".xls": "MS Excel 97",
           ".ods": "calc8", ".csv": "Text - txt - csv (StarCalc)"}
_NEVER, _ALWAYS = 0, 4                      # MacroExecMode: no macros, all macros without asking
_UPDATE_LINKS = 3                           # UpdateDocMode.FULL_UPDATE


class Books(base_classes.Books):
    """The books opened through this app; the active one is the one opened, added or activated last."""

    def __init__(self, app: App):
        self.app = app
        self._books: list[Book] = []
        self._added = 0

    @property
    def api(self) -> Any:
        return self.app.api.getComponents()

    @property
    def active(self) -> Book:
        if not self._books:
            raise XlwingsError("没有打开的工作簿。")
        return self._books[-1]

    def __call__(self, name_or_index: str | int) -> Book:
        """By name (in any case) or number; KeyError where there is none, as xlwings' ``open`` expects."""
        if isinstance(name_or_index, str):
            found = [book for book in self._books if book.name.lower() == name_or_index.lower()]
        else:
            found = sorted(self._books, key=lambda book: book.turn)[name_or_index - 1:name_or_index]
        if not found:
            raise KeyError(name_or_index)
        return found[0]

    def __len__(self) -> int:
        return len(self._books)

    def __iter__(self) -> Iterator[Book]:
        return iter(sorted(self._books, key=lambda book: book.turn))

    def add(self) -> Book:
        return self._take(self._load("private:factory/scalc"))

    def open(self, fullname: str, update_links: Any = None, read_only: bool | None = None, format: Any = None,
             password: str | None = None, *others: Any, **more: Any) -> Book:
        """Open a file. One that another program has locked opens read-only, as Excel does when it is not to ask."""
        if password:
            raise NotImplementedError("books with a password are not opened here")
        options = {"UpdateDocMode": _UPDATE_LINKS} if update_links else {}
        document = self._load(url(fullname), ReadOnly=bool(read_only), **options)
        if document is None:
            document = self._load(url(fullname), ReadOnly=True, **options)
        if document is None:
            raise XlwingsError(f"LibreOffice 打不开这个文件：{fullname}")
        return self._take(document)

    def _load(self, address: str, **options: Any) -> Any:
        try:
            return self.app.api.loadComponentFromURL(address, "_blank", 0, settings(
                MacroExecutionMode=_ALWAYS if self.app.engine.macros else _NEVER, **options))
        except (failure("lang.IllegalArgumentException"), failure("io.IOException")) as error:
            raise XlwingsError(f"LibreOffice 打不开这个文件：{path(address)}（{error}）") from error

    def _take(self, document: Any) -> Book:
        self._added += 1
        self._books.append(Book(self, document, self._added))
        self._books[-1].take_settings()
        return self._books[-1]

    def any_document(self) -> Any:
        return (self._books[-1] if self._books else self.add()).api

    def raise_to_top(self, book: Book) -> None:
        self._books.sort(key=lambda other: other is book)

    def remove(self, book: Book) -> None:
        self._books.remove(book)


class Book(base_classes.Book):
    """One document. ``api`` is LibreOffice's model of it, ``turn`` the order in which it was opened."""

    api = None                          # (a property in the base class)

    def __init__(self, books: Books, document: Any, turn: int):
        self.books, self.api, self.turn = books, document, turn
        self._kinds: dict[int, str | None] = {}
        self._locked_screen = False
        self.moves = 0                      # how often cells were inserted, deleted or moved: see Sheet.api

    @property
    def app(self) -> App:
        return self.books.app

    @property
    def fullname(self) -> str:
        return path(self.api.URL) or f"Book{self.turn}"

    @property
    def name(self) -> str:
        return os.path.basename(self.fullname)

    @property
    def read_only(self) -> bool:
        return self.api.isReadonly()

    @property
    def sheets(self) -> Sheets:
        return Sheets(self)

    @property
    def names(self) -> Names:
        return Names(self, self.api.NamedRanges)

    @cached_property
    def epoch(self) -> dt.datetime:
        """Day 0 of this book: 1899-12-30, or 1904-01-01 in books from old Macs."""
        day = self.api.NullDate
        return dt.datetime(day.Year, day.Month, day.Day)

    @property
    def controller(self) -> Any:
        return self.api.CurrentController

    @property
    def frame(self) -> Any:
        return self.controller.Frame if self.controller else None

    @property
    def selection(self) -> Range | None:
        chosen = self.controller.getSelection() if self.controller else None
        if chosen is not None and hasattr(chosen, "RangeAddresses"):
            chosen = chosen.getByIndex(0) if chosen.Count else None
        return self.range_of(chosen) if hasattr(chosen, "RangeAddress") else None

    def range_of(self, cells: Any) -> Range:
        """LibreOffice's cell range as ours."""
        return self.at(cells.RangeAddress)

    def at(self, place: Any) -> Range:
        """A CellRangeAddress as a range."""
        sheet = Sheet(self, self.api.Sheets.getByIndex(place.Sheet))
        return Range(sheet, Area(place.StartRow + 1, place.StartColumn + 1, place.EndRow - place.StartRow + 1,
                                 place.EndColumn - place.StartColumn + 1))

    def visible(self, sheet: Sheet, area: Area) -> list[Area]:
        """The parts of an area that are not hidden."""
        return [self.at(place).area for place in Range(sheet, area).api.queryVisibleCells().getRangeAddresses()]

    def areas(self, sheet: int, areas: Iterable[Area]) -> Any:
        """Many areas of one sheet (index from 0) as one object, so that a property is set in one call."""
        together = self.api.createInstance("com.sun.star.sheet.SheetCellRanges")
        together.addRangeAddresses(tuple(struct("table.CellRangeAddress", sheet, *area.bounds) for area in areas), False)
        return together

    def number_format(self, code: str) -> int:
        """The key of a number format in Excel's (English) writing, made where the book does not have it yet."""
        formats, english = self.api.NumberFormats, struct("lang.Locale", "en", "US", "")
        key = formats.queryKey(code, english, False)
        return key if key >= 0 else formats.addNew(code, english)

    def kind(self, key: int) -> str | None:
        """What numbers under this number format are: see ``values.kind_of``."""
        if key not in self._kinds:
            self._kinds[key] = values.kind_of(self.api.NumberFormats.getByKey(key).Type)
        return self._kinds[key]

    def take_settings(self) -> None:
        """Follow the app's screen updating and calculation mode."""
        self.api.enableAutomaticCalculation(self.app.calculation != "manual")
        if self._locked_screen == self.app.screen_updating:
            self._locked_screen = not self._locked_screen
            (self.api.lockControllers if self._locked_screen else self.api.unlockControllers)()

    def activate(self) -> None:
        self.books.raise_to_top(self)

    def run(self, name: str, arguments: Sequence[Any]) -> Any:
        """Run a macro of the book. LibreOffice keeps VBA in the library VBAProject; without a module name every
        module is tried. A module that LibreOffice can't compile makes every macro return nothing."""
        module, _, macro = name.rpartition(".")
        modules = [module] if module else self.api.BasicLibraries.getByName("VBAProject").ElementNames
        provider = self.api.getScriptProvider()
        for module in modules:
            try:
                script = provider.getScript(
                    f"vnd.sun.star.script:VBAProject.{module}.{macro}?language=Basic&location=document")
            except failure("script.provider.ScriptFrameworkErrorException"):
                continue
            return script.invoke(tuple(arguments), (), ())[0]
        raise XlwingsError(f"工作簿 {self.name} 中没有宏 {name}。")

    def save(self, path: str | None = None, password: str | None = None) -> None:
        """Save under its own name, or as ``path``, which is its name from then on. The ending decides the format."""
        if path is None and self.read_only:
            raise XlwingsError(f"工作簿 {self.name} 是只读打开的，请另存为其它文件。")
        target = Path(path or (self.fullname if self.api.URL else f"{self.name}.xlsx")).absolute()
        if target.suffix.lower() not in FILTERS:
            raise ValueError(f"can't save as {target.suffix!r}; known are {', '.join(FILTERS)}")
        if password:
            raise NotImplementedError("LibreOffice drops the password of the formats of Excel when a program saves")
        if not target.parent.is_dir():                      # LibreOffice would make the folder
            raise XlwingsError(f"没有这个文件夹：{target.parent}")
        try:
            self.api.storeAsURL(url(target), settings(FilterName=FILTERS[target.suffix.lower()]))
        except failure("io.IOException") as error:
            raise XlwingsError(f"LibreOffice 无法保存 {target}（{error}）。") from error

    def to_pdf(self, path: str, quality: str = "standard", selection: Any = None) -> None:
        """Print the visible sheets, or only ``selection`` (LibreOffice's cell range), into a PDF."""
        chosen = settings(Selection=selection) if selection is not None else ()
        data = typed("[]com.sun.star.beans.PropertyValue", (*chosen, *settings(Quality=95 if quality == "standard" else 70)))
        self.api.storeToURL(url(path), settings(FilterName="calc_pdf_Export", FilterData=data))

    def close(self) -> None:
        """Close without saving."""
        self.books.remove(self)
        self.api.close(True)
