"""Conditional formats: those that touch a range are listed; rules by a formula or by the cell's value can be added.

Colour scales, data bars and icon sets are seen (type 'color_scale', 'data_bar', 'icon_set') but not made here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from . import formulas
from .area import Area
from .bridge import enum
from .texts import look, rgb, to_color

if TYPE_CHECKING:
    from .range import Range

# com.sun.star.sheet.ConditionFormatOperator
_OPERATORS = {"equal_to": 0, "less_than": 1, "greater_than": 2, "less_than_or_equal": 3, "greater_than_or_equal": 4,
              "not_equal_to": 5, "between": 6, "not_between": 7}
_OPERATOR_NAMES = {number: name for name, number in _OPERATORS.items()}
_FORMULA, _CONDITION = 24, 0
_TYPES = {1: "color_scale", 2: "data_bar", 3: "icon_set"}
_STYLE = "tuijie_{}"


class ConditionalFormats(base_classes.ConditionalFormats):
    """The rules whose cells overlap ``cells``, in LibreOffice's order."""

    def __init__(self, cells: Range):
        self.cells = cells

    @property
    def api(self) -> Any:
        """LibreOffice's formats of the sheet."""
        return self.cells.sheet.api.ConditionalFormats

    @property
    def parent(self) -> Range:
        return self.cells

    def _formats(self) -> Iterator[Any]:
        for found in self.api.getConditionalFormats():
            places = found.Range.getRangeAddresses()
            if any(Area(p.StartRow + 1, p.StartColumn + 1, p.EndRow - p.StartRow + 1, p.EndColumn - p.StartColumn + 1)
                   & self.cells.area for p in places):
                yield found

    def __iter__(self) -> Iterator[ConditionalFormat]:
        return (ConditionalFormat(self, found, i) for found in self._formats() for i in range(found.Count))

    def __len__(self) -> int:
        return sum(found.Count for found in self._formats())

    def __call__(self, key: int) -> ConditionalFormat:
        return list(self)[key - 1]

    def __contains__(self, key: int) -> bool:
        return 1 <= key <= len(self)

    def clear(self) -> None:
        """Delete every rule that touches these cells, with all its cells (Excel would cut the range out)."""
        self.cells.guard_formats("清除条件格式")
        for found in list(self._formats()):
            self.api.removeByID(found.ID)

    def add_custom(self, spec: dict[str, Any]) -> ConditionalFormat:
        return self._add(_FORMULA, spec["formula"], None, spec)

    def add_cell_value(self, spec: dict[str, Any]) -> ConditionalFormat:
        return self._add(_OPERATORS[spec["operator"]], spec["formula1"], spec["formula2"], spec)

    def _add(self, operator: int, formula1: Any, formula2: Any, look_of: dict[str, Any]) -> ConditionalFormat:
        self.cells.guard_formats("设置条件格式")
        book, names = self.cells.sheet.book, self.cells.sheet.app.function_names[0]
        identity = self.api.createByRange(book.areas(self.cells.sheet.index - 1, [self.cells.area]))
        created = next(found for found in self.api.getConditionalFormats() if found.ID == identity)
        created.createEntry(_CONDITION, 0)
        entry = created.getByIndex(0)
        entry.StyleName = self._style(look_of)
        entry.Operator = operator
        entry.Formula1, entry.Formula2 = (
            formulas.to_calc(str(text if text is not None else "").removeprefix("="), names) for text in (formula1, formula2))
        return ConditionalFormat(self, created, 0)

    def _style(self, look_of: dict[str, Any]) -> str:
        """A cell style of the book with this look; LibreOffice's rules name a style."""
        document = self.cells.sheet.book.api
        styles, number = document.StyleFamilies.getByName("CellStyles"), 1
        while styles.hasByName(_STYLE.format(number)):
            number += 1
        style = document.createInstance("com.sun.star.style.CellStyle")
        styles.insertByName(_STYLE.format(number), style)
        for name, to in (("fill_color", "CellBackColor"), ("font_color", "CharColor")):
            if look_of.get(name) is not None:
                style.setPropertyValue(to, to_color(look_of[name]))
        for script in ("", "Asian"):
            if look_of.get("font_bold") is not None:
                style.setPropertyValue("CharWeight" + script, 150.0 if look_of["font_bold"] else 100.0)
            if look_of.get("font_italic") is not None:
                slant = enum("awt.FontSlant", "ITALIC" if look_of["font_italic"] else "NONE")
                style.setPropertyValue("CharPosture" + script, slant)
        return style.Name


class ConditionalFormat(base_classes.ConditionalFormat):
    """One rule: entry ``number`` of one of LibreOffice's formats."""

    def __init__(self, formats: ConditionalFormats, found: Any, number: int):
        self.formats, self._found, self._number = formats, found, number

    @property
    def api(self) -> Any:
        return self._found.getByIndex(self._number)

    @property
    def type(self) -> str:
        entry = self.api
        if entry.Type != _CONDITION:
            return _TYPES.get(entry.Type, "unknown")
        return "custom" if entry.Operator == _FORMULA else "cell_value" if entry.Operator in _OPERATOR_NAMES else "unknown"

    @property
    def operator(self) -> str | None:
        return _OPERATOR_NAMES.get(self.api.Operator) if self.type == "cell_value" else None

    def _excel(self, text: str) -> str | None:
        names = self.formats.cells.sheet.app.function_names[1]
        return "=" + formulas.to_excel(text.removeprefix("="), names) if text else None

    @property
    def formula1(self) -> str | None:
        return self._excel(self.api.Formula1) if self.type == "cell_value" else None

    @property
    def formula2(self) -> str | None:
        return self._excel(self.api.Formula2) if self.operator in ("between", "not_between") else None

    @property
    def formula(self) -> str | None:
        return self._excel(self.api.Formula1) if self.type == "custom" else None

    @property
    def stop_if_true(self) -> bool | None:
        """True: in LibreOffice the first rule of a format that is met ends it."""
        return True if self.type in ("custom", "cell_value") else None

    def _style(self) -> Any:
        if self.type not in ("custom", "cell_value"):
            return None
        return self.formats.cells.sheet.book.api.StyleFamilies.getByName("CellStyles").getByName(self.api.StyleName)

    @property
    def fill_color(self) -> tuple[int, int, int] | None:
        style = self._style()
        return rgb(look(style, "CellBackColor")) if style else None

    @property
    def font_color(self) -> tuple[int, int, int] | None:
        style = self._style()
        return rgb(look(style, "CharColor")) if style else None

    @property
    def font_bold(self) -> bool | None:
        style = self._style()
        return style.CharWeight > 100 if style else None

    @property
    def font_italic(self) -> bool | None:
        style = self._style()
        return style.CharPosture.value != "NONE" if style else None

    def delete(self) -> None:
        self.formats.cells.guard_formats("删除条件格式")
        if self._found.Count == 1:
            self.formats.api.removeByID(self._found.ID)
        else:
            self._found.removeByIndex(self._number)
