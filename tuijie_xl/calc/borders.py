"""The lines around and between the cells of a range. Diagonals are not offered.

All lines of a range are read in one call and set in one; a line that differs from cell to cell is None.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from xlwings import base_classes
from xlwings.base_classes import _UNSET, BORDER_GRID_SIDES

from .bridge import struct
from .texts import rgb, to_color

if TYPE_CHECKING:
    from .range import Range

_SIDES = dict(zip(BORDER_GRID_SIDES, ("Top", "Bottom", "Left", "Right", "Vertical", "Horizontal"), strict=True))
_STYLES = {"continuous": 0, "dot": 1, "dash": 2, "double": 3, "dash_dot": 16, "dash_dot_dot": 17}
_WEIGHTS = {"hairline": 2, "thin": 26, "medium": 62, "thick": 88}       # 1/100 mm, as LibreOffice reads Excel's
_NO_LINE = 0x7FFF


class Borders(base_classes.Borders):
    def __init__(self, cells: Range):
        self.parent = cells

    @property
    def api(self) -> Any:
        """LibreOffice's TableBorder2: a copy, in force only when it is set on the cells again."""
        return self.parent.api.TableBorder2

    def __getitem__(self, side: str) -> Border:
        return Border(self, side)

    def common(self, name: str) -> Any:
        """A property that all grid lines of the range share, else None."""
        found = {getattr(self[side], name) for side in self._grid_sides()}
        return found.pop() if len(found) == 1 else None

    @property
    def line_style(self) -> str | None:
        return self.common("line_style")

    @property
    def weight(self) -> str | None:
        return self.common("weight")

    @property
    def color(self) -> tuple[int, int, int] | None:
        return self.common("color")

    def set(self, which: Iterable[str] = BORDER_GRID_SIDES, *, line_style: Any = _UNSET, weight: Any = _UNSET,
            color: Any = _UNSET) -> None:
        """Change these lines; ``line_style`` 'none' or None takes them away. What is not said stays as it is, and a
        line that was not there becomes thin, continuous and black."""
        self.parent.guard_formats("设置边框")
        border = self.api
        for name in ("Top", "Bottom", "Left", "Right", "Horizontal", "Vertical", "Distance"):
            setattr(border, f"Is{name}{'' if name == 'Distance' else 'Line'}Valid", False)
        clears = line_style in (None, "none")
        for side in which:
            if side not in _SIDES and not clears:
                raise NotImplementedError("LibreOffice's ranges have no diagonal lines here")
            if side in _SIDES:
                name = f"{_SIDES[side]}Line"
                line = struct("table.BorderLine2") if clears else self._line(getattr(border, name), line_style, weight, color)
                setattr(border, name, line)
                setattr(border, f"Is{name}Valid", True)
        self.parent.api.TableBorder2 = border

    @staticmethod
    def _line(line: Any, line_style: Any, weight: Any, color: Any) -> Any:
        if not line.LineWidth:
            line.LineStyle, line.LineWidth, line.Color = _STYLES["continuous"], _WEIGHTS["thin"], 0
        if line_style is not _UNSET:
            if line_style not in _STYLES:
                raise NotImplementedError(f"LibreOffice has no line {line_style!r}")
            line.LineStyle = _STYLES[line_style]
        if weight is not _UNSET:
            line.LineWidth = line.OuterLineWidth = _WEIGHTS[weight]
        if color is not _UNSET:
            line.Color = to_color(color)
        return line


class Border(base_classes.Border):
    """One side of a range."""

    def __init__(self, borders: Borders, side: str):
        self._borders, self._side = borders, side

    @property
    def api(self) -> Any:
        """The line, None where it differs from cell to cell."""
        if self._side not in _SIDES:
            raise NotImplementedError("LibreOffice's ranges have no diagonal lines here")
        border, name = self._borders.api, f"{_SIDES[self._side]}Line"
        return getattr(border, name) if getattr(border, f"Is{name}Valid") else None

    @property
    def line_style(self) -> str | None:
        line = self.api
        if line is None:
            return None
        if not line.LineWidth or line.LineStyle == _NO_LINE:
            return "none"
        return next((name for name, number in _STYLES.items() if number == line.LineStyle), "continuous")

    @line_style.setter
    def line_style(self, value: str | None) -> None:
        self._borders.set([self._side], line_style=value)

    @property
    def weight(self) -> str | None:
        """The nearest of Excel's four."""
        line = self.api
        if line is None or not line.LineWidth:
            return None
        return min(_WEIGHTS, key=lambda name: abs(_WEIGHTS[name] - line.LineWidth))

    @weight.setter
    def weight(self, value: str) -> None:
        self._borders.set([self._side], weight=value)

    @property
    def color(self) -> tuple[int, int, int] | None:
        line = self.api
        return rgb(line.Color) if line is not None and line.LineWidth else None

    @color.setter
    def color(self, value: Any) -> None:
        self._borders.set([self._side], color=value)
