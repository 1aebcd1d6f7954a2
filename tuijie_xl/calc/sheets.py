"""Sheets, their print area and frozen panes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from xlwings import XlwingsError, base_classes

from .area import SHEET, Area, parse
from .bridge import CONTENTS, FORMATS, struct
from .drawings import Charts, Shapes
from .names import Names
from .notes import Note
from .range import Range
from .tables import Tables

if TYPE_CHECKING:
    from .books import Book
    from .engine import App

_LONGEST_NAME = 31


class Sheets(base_classes.Sheets):
    """The sheets of a book, hidden ones too."""

    api = None                          # (a property in the base class)

    def __init__(self, book: Book):
        self.book, self.api = book, book.api.Sheets

    @property
    def active(self) -> Sheet:
        return Sheet(self.book, self.book.controller.getActiveSheet())

    def __call__(self, name_or_index: str | int) -> Sheet:
        """By name (in any case) or number from 1; KeyError where there is none."""
        if isinstance(name_or_index, str):
            found = [name for name in self.api.ElementNames if name.lower() == name_or_index.lower()]
            if found:
                return Sheet(self.book, self.api.getByName(found[0]))
        elif 1 <= name_or_index <= len(self):
            return Sheet(self.book, self.api.getByIndex(name_or_index - 1))
        raise KeyError(name_or_index)

    def __len__(self) -> int:
        return self.api.Count

    def __iter__(self) -> Iterator[Sheet]:
        return (Sheet(self.book, self.api.getByName(name)) for name in self.api.ElementNames)

    def __contains__(self, name: str) -> bool:
        return self.api.hasByName(name)

    def place(self, before: Sheet | None, after: Sheet | None) -> int:
        """The index from 0 of a new sheet; without a neighbour it goes before the active one, as in Excel."""
        if after is not None:
            return after.index
        return (before or self.active).index - 1

    def free_name(self, pattern: str, number: int = 1) -> str:
        """The first name of a pattern like 'Sheet{}' or '企业 ({})' that no sheet has."""
        while self.api.hasByName(pattern.format(number)):
            number += 1
        return pattern.format(number)

    def add(self, before: Sheet | None = None, after: Sheet | None = None, name: str | None = None) -> Sheet:
        name = name or self.free_name("Sheet{}")
        self.api.insertNewByName(name, self.place(before, after))
        if not self.api.hasByName(name):
            raise XlwingsError(f"不能添加工作表 {name}：名称不合要求，或工作簿结构受保护。")
        sheet = self(name)
        sheet.select()
        return sheet


class Sheet(base_classes.Sheet):
    """One sheet."""

    book = None                         # (a property in the base class)

    def __init__(self, book: Book, api: Any):
        self.book, self._held, self._moves = book, api, book.moves

    @property
    def api(self) -> Any:
        """LibreOffice's sheet. Its handle is a range that shrinks when cells are deleted: it is then fetched anew."""
        if self._moves != self.book.moves:
            self._held, self._moves = self.book.api.Sheets.getByName(self._held.Name), self.book.moves
        return self._held

    @property
    def app(self) -> App:
        return self.book.app

    @property
    def name(self) -> str:
        return self.api.Name

    @name.setter
    def name(self, value: str) -> None:
        if value.lower() != self.name.lower() and value in self.book.sheets:
            raise ValueError(f"Sheet named '{value}' already present in workbook")
        self.api.Name = value

    @property
    def index(self) -> int:
        return self.api.RangeAddress.Sheet + 1

    @property
    def names(self) -> Names:
        return Names(self.book, self.api.NamedRanges, self.name)

    @property
    def notes(self) -> list[Note]:
        """The notes in the order in which LibreOffice keeps them (by column, then row)."""
        return [Note(self.range((place.Row + 1, place.Column + 1)), note) for note in self.api.Annotations
                for place in [note.Position]]

    @property
    def tables(self) -> Tables:
        return Tables(self)

    @property
    def charts(self) -> Charts:
        return Charts(self)

    @property
    def shapes(self) -> Shapes:
        return Shapes(self)

    def range(self, arg1: Any, arg2: Any = None) -> Range:
        """By address, name, (row, column), (row, column, rows, columns) or range; two of them span a rectangle."""
        first = self._area(arg1)
        found = Range(self, first if arg2 is None else first | self._area(arg2))
        found.arg1_input = arg1 if isinstance(arg1, str) else ""
        return found

    def _area(self, place: Any) -> Area:
        if isinstance(place, Range):
            return place.area
        if isinstance(place, tuple):
            area = Area(*place)
            if not area.size or area not in SHEET:
                raise IndexError(f"{place} lies outside the sheet")
            return area
        area = parse(place)
        if area is not None:
            return area
        for names in (self.names, self.book.names):
            if names.contains(place):
                return names(place).refers_to_range.area
        raise XlwingsError(f"没有这样的地址或名称：{place}")

    @property
    def cells(self) -> Range:
        return Range(self, SHEET)

    @property
    def used_range(self) -> Range:
        """From the first to the last cell that holds something or is formatted; an empty sheet gives A1, as in Excel."""
        cursor = self.api.createCursor()
        cursor.gotoStartOfUsedArea(False)
        cursor.gotoEndOfUsedArea(True)
        return self.book.range_of(cursor)

    def guard(self, doing: str) -> None:
        """Raise where the sheet is protected: LibreOffice itself would do nothing and say nothing."""
        if self.api.isProtected():
            raise XlwingsError(f"工作表“{self.name}”受保护，不能{doing}。请先撤销工作表保护。")

    def activate(self) -> None:
        self.book.controller.setActiveSheet(self.api)

    select = activate

    def clear_contents(self) -> None:
        self.guard("清除内容")
        self.api.clearContents(CONTENTS)

    def clear_formats(self) -> None:
        self.guard("清除格式")
        self.api.clearContents(FORMATS)

    def clear(self) -> None:
        self.guard("清除")
        self.api.clearContents(CONTENTS | FORMATS)

    def autofit(self, axis: str | None = None) -> None:
        self.used_range.autofit(axis)

    def delete(self) -> None:
        """Delete without asking; the last visible sheet can't go, as in Excel."""
        if not any(sheet.visible for sheet in self.book.sheets if sheet.name != self.name):
            raise XlwingsError("工作簿至少要有一张可见的工作表。")
        self.book.api.Sheets.removeByName(self.name)

    def copy(self, before: Sheet | None, after: Sheet | None) -> None:
        """Copy beside a sheet of this or another open book; the copy is named '企业 (2)', as in Excel."""
        target = (before or after).book
        place = target.sheets.place(before, after)
        if target is self.book:
            name = target.sheets.free_name(self.name[:_LONGEST_NAME - 4] + " ({})", 2)
            self.book.api.Sheets.copyByName(self.name, name, place)
        else:
            target.api.Sheets.importSheet(self.book.api, self.name, place)

    def move(self, before: Sheet | None, after: Sheet | None) -> None:
        self.book.api.Sheets.moveByName(self.name, self.book.sheets.place(before, after))

    @property
    def visible(self) -> bool:
        return self.api.IsVisible

    @visible.setter
    def visible(self, value: bool) -> None:
        if not value and not any(sheet.visible for sheet in self.book.sheets if sheet.name != self.name):
            raise XlwingsError("工作簿至少要有一张可见的工作表。")
        self.api.IsVisible = bool(value)

    @property
    def show_gridlines(self) -> bool:
        """Grid lines belong to the view: asking or setting makes this the active sheet."""
        self.activate()
        return self.book.controller.ShowGrid

    @show_gridlines.setter
    def show_gridlines(self, value: bool) -> None:
        self.activate()
        self.book.controller.ShowGrid = bool(value)

    @property
    def page_setup(self) -> PageSetup:
        return PageSetup(self)

    @property
    def freeze_panes(self) -> FreezePanes:
        return FreezePanes(self)


class PageSetup(base_classes.PageSetup):
    def __init__(self, sheet: Sheet):
        self.sheet = sheet

    @property
    def api(self) -> Any:
        """The page style of the sheet."""
        return self.sheet.book.api.StyleFamilies.getByName("PageStyles").getByName(self.sheet.api.PageStyle)

    @property
    def print_area(self) -> str | None:
        """'$A$1:$C$9' or None; several areas are joined by commas, as in Excel."""
        areas = [self.sheet.book.at(place).address for place in self.sheet.api.getPrintAreas()]
        return ",".join(areas) or None

    @print_area.setter
    def print_area(self, value: str | None) -> None:
        index = self.sheet.index - 1
        areas = [parse(part) for part in (value or "").split(",") if part]
        self.sheet.api.setPrintAreas(tuple(struct("table.CellRangeAddress", index, *area.bounds) for area in areas))


class FreezePanes(base_classes.FreezePanes):
    """Frozen rows and columns; they belong to the view, so the sheet becomes the active one."""

    def __init__(self, sheet: Sheet):
        self.sheet = sheet

    def freeze_at(self, frozen_range: str) -> None:
        """The area that stays in sight: '$1:$5' rows, '$A:$B' columns, '$A$1:$B$5' both."""
        area = parse(frozen_range)
        self.sheet.activate()
        self.sheet.book.controller.freezeAtPosition(0 if area.whole_rows else area.last_column,
                                                    0 if area.whole_columns else area.last_row)

    def unfreeze(self) -> None:
        self.sheet.activate()
        self.sheet.book.controller.freezeAtPosition(0, 0)
