"""A page of tables filled from top to bottom, and the small formulas that add up its cells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from ..book import Chart, Formula, Print, SheetPlan, Style, a1
from ..edition import Edition
from . import style
from .counting import Count
from .paper import A4, quote_sheet

CELL_WIDTH, PIXELS = 4.7, 38            # the width of a column, in Excel's units and in pixels
ROW, HEAD, GAP = 18.0, 20.0, 10.0       # heights in points
COUNT = '#,##0;-#,##0;"–"'

TEXT = replace(style.TABLE_CELL, size=9, indent=1)
NUMBER = replace(style.TABLE_CELL, size=9, align="center", number_format=COUNT)
SHARE = replace(NUMBER, number_format='0.0%;-0.0%;"–"')
WORD = replace(NUMBER, number_format="General")
LINKED = replace(TEXT, color=style.ACCENT_MIDDLE, underline=True)
PLAIN = {TEXT: TEXT, NUMBER: NUMBER, SHARE: SHARE, WORD: WORD}
TOTAL = {look: replace(look, bold=True, fill=style.ACCENT_TINT) for look in PLAIN}
STRONG = {look: replace(look, bold=True, fill=style.ACCENT_SOFT) for look in PLAIN}
HEADING = replace(style.TABLE_HEAD, size=9)
SUBHEADING = replace(style.BAND, size=9)
NARROW = replace(SUBHEADING, size=8)
SOURCE = replace(style.BASE, size=8, color=style.MUTED, indent=1)



def title_of(edition: Edition, name: str) -> str:
    """The title in A1 by which reading knows a sheet of ours that lists applicants or regions."""
    return f"{edition.title} · {name}"


@dataclass
class Page:
    """A sheet that is filled from top to bottom; ``row`` is the next free one.

    A formula for which ``lives`` is false is written as its result. ``named`` tells where a number stands that other
    sheets quote, ``parts`` the rows at which a printed page may begin.
    """

    plan: SheetPlan
    columns: int
    lives: Callable[[str], bool] = lambda text: True
    row: int = 0
    named: dict[tuple[str, ...], tuple[int, int, Count]] = field(default_factory=dict)
    parts: list[int] = field(default_factory=list)
    pictures: dict[str, Chart] = field(default_factory=dict)

    def begin(self, edition: Edition, hint: str) -> None:
        self.plan.widths = dict.fromkeys(range(self.columns), CELL_WIDTH)
        self.line((self.columns, title_of(edition, self.plan.name), style.TITLE), height=style.TITLE_HEIGHT)
        self.line((self.columns, hint, style.HINT), height=style.HINT_HEIGHT)

    def line(self, *cells: tuple[int, object, Style], height: float = ROW) -> int:
        """One row of (columns spanned, value, style) from the left; gives its number."""
        column = 0
        for span, value, look in cells:
            value = value.result if isinstance(value, Formula) and not self.lives(value.text) else value
            self.plan.merge((self.row, column, self.row, column + span - 1), value, look)
            column += span
        self.plan.heights[self.row] = height
        self.row += 1
        return self.row - 1

    def skip(self, rows: int = 1, height: float = GAP) -> int:
        for _ in range(rows):
            self.plan.heights[self.row] = height
            self.row += 1
        return self.row - rows

    def section(self, title: str, source: str = "") -> None:
        """A heading; ``source`` says where the numbers below come from (see ``source``)."""
        self.parts.append(self.row)
        self.skip()
        self.line((self.columns, title, style.SECTION), height=24)
        self.line((self.columns, None, style.RULE), height=2)
        if source:
            self.line((self.columns, source, SOURCE), height=14)

    def source(self, where: str, *samples: Count) -> str:
        """Says what the numbers counted by ``samples`` are: formulas over ``where``, or results."""
        living = [one for one in samples if isinstance(one, Formula) and self.lives(one.text)]
        return f"公式，随{where}更新。" if living else f"按{where}数出，是生成本表时的结果。"

    def chart(self, kind: str, title: str, series: tuple[tuple[str, str, str], ...], height: int, *,
              most: int, colors: tuple[str, ...] = style.CHART_COLORS, stacked: bool = False, key: str = "",
              row: int | None = None) -> None:
        """A chart (``height`` in pixels) over the whole width below what stands here, or where room was kept for it.

        Without anything to show (``most`` 0) there is none. The first of each ``key`` may be shown elsewhere too.
        """
        if not most:
            return
        row = self.keep_room(height) if row is None else row
        self.plan.charts.append(Chart(row, 0, kind, title, series, colors, stacked, self.columns * PIXELS, height, most))
        self.pictures.setdefault(key, self.plan.charts[-1])

    def keep_room(self, height: int) -> int:
        """The row below which ``height`` pixels stay free; a printed page may begin below them."""
        self.skip(height=6)
        row = self.skip(-(-height // 24), ROW)
        self.skip(height=6)
        return row

    def reference(self, first: int, last: int, column: int) -> str:
        """Rows of a column of this sheet, as a chart wants them."""
        return f"{quote_sheet(self.plan.name)}!{a1(first, column, fixed='both')}:{a1(last, column, fixed='both')}"

    def name(self, *key: str, row: int, column: int, count: Count) -> None:
        self.named[key] = row, column, count

    def quote(self, *key: str) -> Formula:
        """The named number, as another sheet shows it."""
        row, column, count = self.named[key]
        return Formula(f"{quote_sheet(self.plan.name)}!{a1(row, column, fixed='both')}", number(count))

    def print_setup(self, scale: int = 79) -> Print:
        """A4 in portrait at ``scale`` per cent, no table and no chart parted that fits on a page."""
        margin = 0.6
        room = (A4[1] - 2 * 72 * (margin + 0.15)) * 100 / scale
        breaks, used = [], 0.0
        for first, after in zip((0, *self.parts), (*self.parts, self.row)):
            height = sum(self.plan.heights.get(row, ROW) for row in range(first, after))
            if used and used + height > room:
                breaks, used = [*breaks, first], 0.0
            used = (used + height) % room
        return Print(scale=scale, row_breaks=tuple(breaks), margins=(0.55, 0.55, margin, margin), centered=True,
                     footer="&C&9 第 &P 页，共 &N 页", area=(0, 0, self.row - 1, self.columns - 1))


# ------------------------------------------------------------------ small formulas

def number(count: Count) -> int:
    return count.result if isinstance(count, Formula) else count


def add(row: int, column: int, step: int, numbers: list[Count]) -> Formula:
    """The sum of cells of one row, ``step`` columns apart."""
    cells = "+".join(a1(row, column + i * step) for i in range(len(numbers)))
    return Formula(cells, sum(map(number, numbers)))


def column_sum(first: int, last: int, column: int, result: int) -> Formula:
    return Formula(f"SUM({a1(first, column)}:{a1(last, column)})", result)


def share(row: int, total_row: int, column: int, count: Count, total: int) -> Formula:
    """The share of a cell in the total below it; 0 where there is nothing."""
    whole = a1(total_row, column, fixed="row")
    return Formula(f"IF({whole}=0,0,{a1(row, column)}/{whole})", number(count) / total if total else 0)
