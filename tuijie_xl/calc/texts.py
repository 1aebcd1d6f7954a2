"""Fonts, colours and parts of a cell's text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from xlwings import base_classes, utils

from .bridge import enum

_BOLD, _NORMAL = 150.0, 100.0


def look(api: Any, name: str) -> Any:
    """A property, None where it differs from cell to cell."""
    state = api.getPropertyState(name).value if hasattr(api, "getPropertyState") else ""
    return None if state == "AMBIGUOUS_VALUE" else api.getPropertyValue(name)


def rgb(color: int | None) -> tuple[int, int, int] | None:
    """LibreOffice's colour as (red, green, blue); None for none, automatic or mixed."""
    return None if color is None or color < 0 else (color >> 16 & 255, color >> 8 & 255, color & 255)


def to_color(value: Any) -> int:
    """(red, green, blue), '#rrggbb' or Excel's number (blue first) as LibreOffice's number (red first)."""
    if isinstance(value, str):
        value = utils.hex_to_rgb(value)
    elif isinstance(value, int):
        value = utils.int_to_rgb(value)
    red, green, blue = value
    return red << 16 | green << 8 | blue


class Font(base_classes.Font):
    """The font of cells or of characters. Chinese characters and Latin ones have fonts of their own in LibreOffice:
    setting changes both, reading looks at the Latin one."""

    api = None                          # (a property in the base class)

    def __init__(self, api: Any, guard: Callable[[str], None] = lambda doing: None):
        self.api, self._guard = api, guard

    def _set(self, name: str, value: Any) -> None:
        self._guard("设置字体")
        for script in ("", "Asian"):
            self.api.setPropertyValue(name + script, value)

    @property
    def bold(self) -> bool | None:
        weight = look(self.api, "CharWeight")
        return None if weight is None else weight > _NORMAL

    @bold.setter
    def bold(self, value: bool) -> None:
        self._set("CharWeight", _BOLD if value else _NORMAL)

    @property
    def italic(self) -> bool | None:
        posture = look(self.api, "CharPosture")
        return None if posture is None else posture.value != "NONE"

    @italic.setter
    def italic(self, value: bool) -> None:
        self._set("CharPosture", enum("awt.FontSlant", "ITALIC" if value else "NONE"))

    @property
    def size(self) -> float | None:
        return look(self.api, "CharHeight")

    @size.setter
    def size(self, value: float) -> None:
        self._set("CharHeight", float(value))

    @property
    def name(self) -> str | None:
        return look(self.api, "CharFontName")

    @name.setter
    def name(self, value: str) -> None:
        self._set("CharFontName", value)

    @property
    def color(self) -> tuple[int, int, int] | None:
        """Black where the colour is automatic, as Excel answers."""
        color = look(self.api, "CharColor")
        return (0, 0, 0) if color == -1 else rgb(color)

    @color.setter
    def color(self, value: Any) -> None:
        self._guard("设置字体")
        self.api.CharColor = to_color(value)


class Characters(base_classes.Characters):
    """A cell's text, or the part from ``start`` to ``stop`` (counted from 0)."""

    def __init__(self, cell: Any, start: int = 0, stop: int | None = None):
        self._cell, self._start, self._stop = cell, start, stop

    @property
    def api(self) -> Any:
        """A text cursor over the part."""
        cursor = self._cell.createTextCursor()
        length = len(self._cell.getString())
        stop = length if self._stop is None else min(self._stop, length)
        cursor.gotoStart(False)
        cursor.goRight(self._start, False)
        cursor.goRight(max(stop - self._start, 0), True)
        return cursor

    @property
    def text(self) -> str:
        return self._cell.getString()[self._start:self._stop]

    @property
    def font(self) -> Font:
        return Font(self.api)

    def __getitem__(self, item: int | slice) -> Characters:
        if isinstance(item, slice):
            start, stop, _ = item.indices(len(self.text))
        else:
            start, stop = item, item + 1
        return Characters(self._cell, self._start + start, self._start + stop)
