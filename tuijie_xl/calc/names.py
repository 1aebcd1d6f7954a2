"""Defined names, of a book or of one sheet. Names are found in any case, as in Excel.

Unlike Excel, ``Book.names`` holds the names of the book only; a sheet's own names are in ``Sheet.names``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from xlwings import XlwingsError, base_classes

from . import formulas
from .bridge import failure, struct

if TYPE_CHECKING:
    from .books import Book
    from .range import Range


class Names(base_classes.Names):
    """The names in ``api``, LibreOffice's collection of a book or a sheet (then ``prefix`` is the sheet's name)."""

    api = None                          # (a property in the base class)

    def __init__(self, book: Book, api: Any, prefix: str = ""):
        self.book, self.api, self.prefix = book, api, prefix

    def snapshot(self) -> list[tuple[str, Name]]:
        return [(name, Name(self, self.api.getByName(name))) for name in self.api.ElementNames]

    def __iter__(self) -> Iterator[Name]:
        return (name for _, name in self.snapshot())

    def __len__(self) -> int:
        return self.api.Count

    def __call__(self, name_or_index: str | int) -> Name:
        if isinstance(name_or_index, int):
            return self.snapshot()[name_or_index - 1][1]
        if not self.contains(name_or_index):
            raise KeyError(name_or_index)
        return Name(self, self.api.getByName(name_or_index.rpartition("!")[2]))

    def contains(self, name: str) -> bool:
        return self.api.hasByName(name.rpartition("!")[2])

    def add(self, name: str, refers_to: str) -> Name:
        """A name for '=企业!$A$1:$B$2' or any formula; one that exists is given the new meaning, as in Excel."""
        if self.contains(name):
            found = self(name)
            found.refers_to = refers_to
            return found
        try:
            self.api.addNewByName(name, _content(self.book, refers_to), struct("table.CellAddress", 0, 0, 0), 0)
        except failure("uno.RuntimeException") as error:
            raise XlwingsError(f"不能用作名称：{name}") from error
        return self(name)


class Name(base_classes.Name):
    """One name: ``names`` is the collection that holds it."""

    api = None                          # (a property in the base class)

    def __init__(self, names: Names, api: Any):
        self.names, self.api = names, api

    @property
    def name(self) -> str:
        """The name; one of a sheet with the sheet before it, as in Excel: '企业!合计'."""
        return f"{self.names.prefix}!{self.api.Name}" if self.names.prefix else self.api.Name

    @name.setter
    def name(self, value: str) -> None:
        self.api.Name = value.rpartition("!")[2]

    @property
    def refers_to(self) -> str:
        return formulas.to_excel("=" + self.api.Content, self.names.book.app.function_names[1])

    @refers_to.setter
    def refers_to(self, value: str) -> None:
        self.api.Content = _content(self.names.book, value)

    @property
    def refers_to_range(self) -> Range:
        cells = self.api.getReferredCells()
        if cells is None:
            raise XlwingsError(f"名称 {self.name} 不指向单元格区域。")
        return self.names.book.range_of(cells)

    def delete(self) -> None:
        self.names.api.removeByName(self.api.Name)


def _content(book: Book, formula: str) -> str:
    return formulas.to_calc(formula.removeprefix("="), book.app.function_names[0])
