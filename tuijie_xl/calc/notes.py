"""Notes on cells (批注 of the old kind; LibreOffice calls them annotations)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from .bridge import NOTES, struct

if TYPE_CHECKING:
    from .range import Range



class Note(base_classes.Note):
    """The note on one cell, written or not: ``text`` is '' where there is none. ``api`` is LibreOffice's annotation, looked
    up when it is not given."""

    location = api = None               # (properties in the base class)

    def __init__(self, location: Range, api: Any = None):
        self.location = location
        self.api = api or location(1).api.getCellByPosition(0, 0).getAnnotation()

    @classmethod
    def add(cls, location: Range, text: str) -> Note:
        location.guard_formats("添加批注")
        row, column = location.area.row - 1, location.area.column - 1
        place = struct("table.CellAddress", location.sheet.index - 1, column, row)
        location.sheet.api.Annotations.insertNew(place, text)
        return cls(location)

    @property
    def text(self) -> str:
        return self.api.getString()

    @text.setter
    def text(self, value: str) -> None:
        self.location.guard_formats("修改批注")
        self.api.setString(value)

    @property
    def author(self) -> str:
        """Who wrote it, where LibreOffice knows: '' for notes made here and for those of an .xlsx file, whose authors it
        drops on loading (unlike Excel)."""
        return self.api.getAuthor()

    def delete(self) -> None:
        """Delete the note. One that is deleted already is no fault."""
        self.location.guard_formats("删除批注")
        self.location(1).api.clearContents(NOTES)
