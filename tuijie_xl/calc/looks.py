"""How the cells of a range look. A property that differs from cell to cell is None, as in Excel."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from .area import LAST_COLUMN, LAST_ROW, Area, rectangles
from .borders import Borders
from .bridge import enum
from .texts import Characters, Font, look, rgb, to_color

_HORIZONTAL = {"general": "STANDARD", "left": "LEFT", "center": "CENTER", "right": "RIGHT", "fill": "REPEAT", "justify": "BLOCK"}
_VERTICAL = {"top": 1, "center": 2, "bottom": 3, "justify": 4}
_POINT = 2540 / 72                                  # LibreOffice measures in 1/100 mm
_LETTERS = re.compile(r'([YMDHS]+)|"[^"]*"|\[[A-Z][^\]]*\]|AM/PM|[A-Za-z]+')       # LibreOffice: YYYY-MM-DD
# Excel counts column widths in digits of the default font: with Calibri 11 a digit has 7 pixels, and 5 are added.
_PIXEL, _DIGIT, _PADDING = 2540 / 96, 7, 5


class Looks:
    """The part of ``Range`` that deals with formats. Expects ``api``, ``sheet``, ``area`` and ``guard_formats``."""

    @property
    def font(self) -> Font:
        return Font(self.api, self.guard_formats)

    @property
    def borders(self) -> Borders:
        return Borders(self)

    @property
    def characters(self) -> Characters:
        return Characters(self(1).api.getCellByPosition(0, 0))

    @property
    def color(self) -> tuple[int, int, int] | None:
        """The fill, None where there is none or where it differs."""
        return rgb(look(self.api, "CellBackColor"))

    @color.setter
    def color(self, value: Any) -> None:
        self.guard_formats("设置填充颜色")
        self.api.CellBackColor = -1 if value is None else to_color(value)

    def set_colors(self, colors: Sequence[Sequence[Any]]) -> None:
        """A fill for every cell (``...`` leaves one as it is): two calls a colour, not a cell."""
        self.guard_formats("设置填充颜色")
        cells: dict[Any, list[tuple[int, int]]] = {}
        for i, row in enumerate(colors):
            for j, color in enumerate(row):
                if color is not ...:
                    cells.setdefault(color, []).append((self.area.row + i, self.area.column + j))
        for color, places in cells.items():
            together = self.sheet.book.areas(self.sheet.index - 1, rectangles(places))
            together.CellBackColor = -1 if color is None else to_color(color)

    @property
    def number_format(self) -> str | None:
        """In Excel's (English) writing: 'yyyy-mm-dd', '#,##0.00', 'General'."""
        key = look(self.api, "NumberFormat")
        if key is None:
            return None
        code = self.sheet.book.api.NumberFormats.getByKey(key).FormatString
        return _LETTERS.sub(lambda found: found[0].lower() if found[1] else found[0], code)

    @number_format.setter
    def number_format(self, value: str) -> None:
        self.guard_formats("设置数字格式")
        self.api.NumberFormat = self.sheet.book.number_format(value)

    @property
    def wrap_text(self) -> bool | None:
        return look(self.api, "IsTextWrapped")

    @wrap_text.setter
    def wrap_text(self, value: bool) -> None:
        self.guard_formats("设置自动换行")
        self.api.IsTextWrapped = bool(value)

    @property
    def horizontal_alignment(self) -> str | None:
        return _named(_HORIZONTAL, look(self.api, "HoriJustify"))

    @horizontal_alignment.setter
    def horizontal_alignment(self, value: str) -> None:
        self.guard_formats("设置对齐方式")
        self.api.HoriJustify = enum("table.CellHoriJustify", _known(_HORIZONTAL, value))

    @property
    def vertical_alignment(self) -> str | None:
        return {number: name for name, number in (("bottom", 0), *_VERTICAL.items())}.get(look(self.api, "VertJustify"))

    @vertical_alignment.setter
    def vertical_alignment(self, value: str) -> None:
        self.guard_formats("设置对齐方式")
        self.api.VertJustify = _known(_VERTICAL, value)

    @property
    def column_width(self) -> float:
        """In digits of the default font, as Excel shows it (about: LibreOffice keeps 1/100 mm); of columns that differ
        the first one's (Excel: None)."""
        return round(max(self.api.Columns.Width / _PIXEL - _PADDING, 0) / _DIGIT, 2)

    @column_width.setter
    def column_width(self, value: float) -> None:
        self.guard_formats("调整列宽")
        self.api.Columns.Width = round((value * _DIGIT + _PADDING) * _PIXEL)

    @property
    def row_height(self) -> float:
        """In points; of rows that differ the first one's (Excel: None)."""
        return round(self.api.Rows.Height / _POINT, 2)

    @row_height.setter
    def row_height(self, value: float) -> None:
        self.guard_formats("调整行高")
        self.api.Rows.Height = round(value * _POINT)

    @property
    def width(self) -> float:
        return self.api.Size.Width / _POINT

    @property
    def height(self) -> float:
        return self.api.Size.Height / _POINT

    @property
    def left(self) -> float:
        return self.api.Position.X / _POINT

    @property
    def top(self) -> float:
        return self.api.Position.Y / _POINT

    @property
    def row_hidden(self) -> bool | None:
        """None where only some rows are."""
        rows = self.sheet.book.visible(self.sheet, Area(self.area.row, 1, self.area.rows, LAST_COLUMN))
        return _unless_some(len({row for area in rows for row in range(area.row, area.last_row + 1)}), self.area.rows)

    @row_hidden.setter
    def row_hidden(self, value: bool) -> None:
        self.guard_formats("隐藏行")
        self.api.Rows.IsVisible = not value

    @property
    def column_hidden(self) -> bool | None:
        columns = self.sheet.book.visible(self.sheet, Area(1, self.area.column, LAST_ROW, self.area.columns))
        return _unless_some(len({c for area in columns for c in range(area.column, area.last_column + 1)}), self.area.columns)

    @column_hidden.setter
    def column_hidden(self, value: bool) -> None:
        self.guard_formats("隐藏列")
        self.api.Columns.IsVisible = not value

    def autofit(self, axis: str | None = None) -> None:
        """Widths (axis 'c'), heights ('r') or both to fit the contents."""
        self.guard_formats("调整行高列宽")
        if axis not in ("r", "rows"):
            self.api.Columns.OptimalWidth = True
        if axis not in ("c", "columns"):
            self.api.Rows.OptimalHeight = True


def _unless_some(visible: int, all_of: int) -> bool | None:
    return None if 0 < visible < all_of else not visible


def _named(names: dict[str, str], value: Any) -> str | None:
    return None if value is None else next((name for name, theirs in names.items() if theirs == value.value), None)


def _known(names: dict[str, Any], value: str) -> Any:
    if value not in names:
        raise NotImplementedError(f"LibreOffice has no alignment {value!r}")
    return names[value]


