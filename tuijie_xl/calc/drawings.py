"""Charts and shapes that are in a sheet: found, named, moved and deleted. Making new charts is not offered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from .bridge import struct

if TYPE_CHECKING:
    from .sheets import Sheet

_POINT = 2540 / 72
_OLE = "com.sun.star.drawing.OLE2Shape"


class _Placed:
    """Name, place and size (in points) of something drawn on a sheet. Expects ``sheet`` and ``shape``."""

    def __init__(self, sheet: Sheet, shape: Any):
        self.sheet, self.shape = sheet, shape

    @property
    def api(self) -> Any:
        return self.shape

    @property
    def parent(self) -> Sheet:
        return self.sheet

    @property
    def name(self) -> str:
        return self.shape.Name or getattr(self.shape, "PersistName", "")

    @name.setter
    def name(self, value: str) -> None:
        self.shape.Name = value

    def _move(self, x: float | None = None, y: float | None = None) -> None:
        place = self.shape.Position
        self.shape.Position = struct("awt.Point", place.X if x is None else round(x * _POINT),
                                     place.Y if y is None else round(y * _POINT))

    def _resize(self, width: float | None = None, height: float | None = None) -> None:
        size = self.shape.Size
        self.shape.Size = struct("awt.Size", size.Width if width is None else round(width * _POINT),
                                 size.Height if height is None else round(height * _POINT))

    left = property(lambda self: self.shape.Position.X / _POINT, lambda self, value: self._move(x=value))
    top = property(lambda self: self.shape.Position.Y / _POINT, lambda self, value: self._move(y=value))
    width = property(lambda self: self.shape.Size.Width / _POINT, lambda self, value: self._resize(width=value))
    height = property(lambda self: self.shape.Size.Height / _POINT, lambda self, value: self._resize(height=value))

    def delete(self) -> None:
        self.sheet.guard("删除图形")
        self.sheet.api.DrawPage.remove(self.shape)


class _Drawn(base_classes.Collection):
    """The shapes of a sheet's drawing page that ``holds`` accepts."""

    kind: type[_Placed]

    def __init__(self, sheet: Sheet):
        self.sheet = sheet

    @property
    def parent(self) -> Sheet:
        return self.sheet

    @property
    def api(self) -> Any:
        return self.sheet.api.DrawPage

    def holds(self, shape: Any) -> bool:
        raise NotImplementedError

    def __iter__(self) -> Iterator[Any]:
        page = self.api
        shapes = (page.getByIndex(i) for i in range(page.Count))
        return (self.kind(self.sheet, shape) for shape in shapes if self.holds(shape))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, key: str) -> bool:
        return any(drawn.name == key for drawn in self)

    def __call__(self, key: str | int) -> Any:
        drawn = list(self)
        found = drawn[key - 1:key] if isinstance(key, int) else [one for one in drawn if one.name == key]
        if not found:
            raise KeyError(key)
        return found[0]


class Shape(_Placed, base_classes.Shape):
    @property
    def type(self) -> str:
        """LibreOffice's kind in small letters: 'custom', 'text', 'graphicobject', 'control'."""
        return self.shape.ShapeType.rpartition(".")[2].removesuffix("Shape").lower()

    @property
    def text(self) -> str:
        return self.shape.getString()

    @text.setter
    def text(self, value: str) -> None:
        self.shape.setString(value)


class Shapes(_Drawn):
    """Everything drawn except charts and the frames of notes (Excel counts charts as shapes too)."""

    kind = Shape

    def holds(self, shape: Any) -> bool:
        return shape.ShapeType not in (_OLE, "com.sun.star.drawing.CaptionShape")


class Chart(_Placed, base_classes.Chart):
    @property
    def title(self) -> str | None:
        chart = self.shape.Model
        return chart.Title.String if chart.HasMainTitle else None


class Charts(_Drawn, base_classes.Charts):
    kind = Chart

    def holds(self, shape: Any) -> bool:
        return shape.ShapeType == _OLE
