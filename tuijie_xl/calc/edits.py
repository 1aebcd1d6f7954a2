"""What changes the cells of a range: clearing, moving, merging, links, groups, validations, conditional formats."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from xlwings import XlwingsError

from .area import Area
from .bridge import CONTENTS, FORMATS, NOTES, enum, struct
from .conditions import ConditionalFormats
from .validation import DataValidation

if TYPE_CHECKING:
    from .range import Range

_CALC_LINK, _EXCEL_LINK = re.compile(r"^#\$?('(?:[^']|'')+'|[^.!']+)\."), re.compile(r"^#('(?:[^']|'')+'|[^.!']+)!")


class Edits:
    """The part of ``Range`` that changes cells. Expects ``api``, ``sheet``, ``area``, ``address``, ``_at`` and ``__call__``.

    LibreOffice silently leaves protected cells as they are; here every change asks first and raises.
    """

    def guard_contents(self) -> None:
        """Raise where the sheet is protected and one of these cells is locked."""
        if not self.sheet.api.isProtected():
            return
        if self.api.getPropertyState("CellProtection").value == "AMBIGUOUS_VALUE" or self.api.CellProtection.IsLocked:
            self.sheet.guard(f"改动 {self.address}")

    def guard_formats(self, doing: str) -> None:
        """Raise where the sheet is protected: formats are then closed for all its cells, as by default in Excel."""
        self.sheet.guard(doing)

    # ------------------------------------------------------------------ clearing

    def clear_contents(self) -> None:
        """Values, texts and formulas; notes and formats stay, as in Excel."""
        self.guard_contents()
        self.api.clearContents(CONTENTS)

    def clear_formats(self) -> None:
        self.guard_formats("清除格式")
        self.api.clearContents(FORMATS)

    def clear(self) -> None:
        """Contents, formats and notes, as in Excel; validations go as well, for LibreOffice counts them as format."""
        self.guard_formats("清除")
        self.api.clearContents(CONTENTS | FORMATS | NOTES)

    # ------------------------------------------------------------------ moving cells

    def _way(self, shift: str | None, across: str, along: str) -> str:
        """LibreOffice's word for how the neighbours move; Excel decides by the shape where it is not told."""
        if self.area.whole_rows:
            return "ROWS"
        if self.area.whole_columns:
            return "COLUMNS"
        if shift is None:
            return across if self.area.rows > self.area.columns else along
        return {"right": across, "left": across, "down": along, "up": along}[shift]

    def insert(self, shift: str | None = None, copy_origin: str | None = None) -> None:
        """Insert cells, or whole rows or columns where the range is such; formats come from above or the left."""
        self.guard_formats("插入单元格")
        self.sheet.api.insertCells(self.api.RangeAddress, enum("sheet.CellInsertMode", self._way(shift, "RIGHT", "DOWN")))
        self.sheet.book.moves += 1

    def delete(self, shift: str | None = None) -> None:
        self.guard_formats("删除单元格")
        self.sheet.api.removeRange(self.api.RangeAddress, enum("sheet.CellDeleteMode", self._way(shift, "LEFT", "UP")))
        self.sheet.book.moves += 1

    def copy(self, destination: Any = None) -> None:
        """Copy everything to a range of this book. Excel's clipboard is not imitated: a destination is needed."""
        if destination is None:
            raise NotImplementedError("copy() needs a destination: there is no clipboard")
        self._transfer(destination, self.sheet.api.copyRange)

    def copy_from(self, source_range: Any, copy_type: str = "all", skip_blanks: bool = False, transpose: bool = False) -> None:
        """'all' or 'formulas' or 'values' of another range of this book."""
        if skip_blanks or transpose or copy_type not in ("all", "values", "formulas"):
            raise NotImplementedError("copy_from() copies all, values or formulas, as they stand")
        source = source_range.impl
        if copy_type == "all":
            source.copy(self)
        else:
            target = self._at(Area(self.area.row, self.area.column, *source.shape))
            target.guard_contents()
            name = "DataArray" if copy_type == "values" else "FormulaArray"
            getattr(target.api, f"set{name}")(getattr(source.api, f"get{name}")())

    def move(self, destination: Any) -> None:
        self.guard_contents()
        self._transfer(destination, self.sheet.api.moveRange)

    def _transfer(self, destination: Any, transfer: Any) -> None:
        target: Range = getattr(destination, "impl", destination)
        if target.sheet.book is not self.sheet.book:
            raise NotImplementedError("cells are copied within one book; copy the sheet instead")
        whole = target._at(Area(target.area.row, target.area.column, *self.shape))
        whole.guard_contents()
        transfer(struct("table.CellAddress", target.sheet.index - 1, target.area.column - 1, target.area.row - 1),
                 self.api.RangeAddress)
        self.sheet.book.moves += 1

    # ------------------------------------------------------------------ merging and grouping

    @property
    def merge_area(self) -> Range:
        cursor = self.sheet.api.createCursorByRange(self(1).api)
        cursor.collapseToMergedArea()
        return self.sheet.book.range_of(cursor)

    @property
    def merge_cells(self) -> bool | None:
        """True if all cells belong to one merged area, None if only some do."""
        cursor = self.sheet.api.createCursorByRange(self.api)
        cursor.collapseToMergedArea()
        widened = self.sheet.book.range_of(cursor).area
        if widened == self.area and not self.api.IsMerged:         # LibreOffice: whether a merged area begins in it
            return False
        area = self.merge_area.area
        return True if area.size > 1 and self.area in area else None

    def merge(self, across: bool = False) -> None:
        """Merge (``across``: each row by itself). Only the upper left value stays, as in Excel."""
        self.guard_formats("合并单元格")
        if across and self.area.rows > 1:
            for row in range(1, self.area.rows + 1):
                self._at(Area(self.area.row + row - 1, self.area.column, 1, self.area.columns)).merge()
            return
        if self.area.columns > 1:
            self._at(Area(self.area.row, self.area.column + 1, 1, self.area.columns - 1)).clear_contents()
        if self.area.rows > 1:
            self._at(Area(self.area.row + 1, self.area.column, self.area.rows - 1, self.area.columns)).clear_contents()
        self.api.merge(True)

    def unmerge(self) -> None:
        self.guard_formats("取消合并")
        (self.merge_area if self.area.size == 1 else self).api.merge(False)

    def group(self, by: str) -> None:
        """An outline level over these rows (``by`` 'rows') or columns ('columns')."""
        self.guard_formats("分组")
        self.sheet.api.group(self.api.RangeAddress, enum("table.TableOrientation", _orientation(by)))

    def ungroup(self, by: str) -> None:
        self.guard_formats("取消分组")
        self.sheet.api.ungroup(self.api.RangeAddress, enum("table.TableOrientation", _orientation(by)))

    # ------------------------------------------------------------------ links and rules

    def _link(self) -> Any:
        fields = self(1).api.getCellByPosition(0, 0).TextFields
        return next((fields.getByIndex(i) for i in range(fields.Count) if hasattr(fields.getByIndex(i), "URL")), None)

    @property
    def hyperlink(self) -> str:
        """The address of the link in the cell. One inside the book is "#'企业'!B5", where Excel answers ''."""
        field = self._link()
        if field is None:
            raise XlwingsError("The cell doesn't seem to contain a hyperlink!")
        return _CALC_LINK.sub(lambda found: f"#{found[1]}!", field.URL)

    def add_hyperlink(self, address: str, text_to_display: str, screen_tip: str | None = None) -> None:
        """A link to a file, a page or, "#'企业'!B5", a cell of this book. The tip is dropped: LibreOffice keeps none."""
        self.guard_contents()
        cell = self(1).api.getCellByPosition(0, 0)
        cell.setString("")
        field = self.sheet.book.api.createInstance("com.sun.star.text.TextField.URL")
        field.URL = _EXCEL_LINK.sub(lambda found: f"#{found[1]}.", address)
        field.Representation = text_to_display
        cell.insertTextContent(cell.createTextCursor(), field, False)

    @property
    def data_validation(self) -> DataValidation:
        return DataValidation(self)

    @property
    def conditional_formats(self) -> ConditionalFormats:
        return ConditionalFormats(self)


def _orientation(by: str) -> str:
    return "ROWS" if by.startswith("r") else "COLUMNS"
