"""统计摘要: the figures of 统计 that matter most, on one sheet of A4. Every number is a reference to 统计."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import zip_longest

from ..book import Print, SheetPlan, Style
from ..criteria import VERDICTS
from ..problem import message_class
from . import style
from .counting import KindCounts, band_labels
from .regions import region_order
from .roster import UNREADABLE
from .statistics import OTHER, TICKS, inner_levels, service_fields, sheet_of
from .tally import HEADING, NUMBER, PIXELS, TEXT, TOTAL, Page

SHEET = "统计摘要"
COLUMNS, LEFT, GAP = 20, 9, 1           # the regions stand left, what else is counted right of the gap
LINE, PICTURE = 13.5, 250               # heights: of a row in points, of a chart in pixels
MOST_PROBLEMS = 5
TILE = replace(style.BASE, size=20, bold=True, color=style.ACCENT, fill=style.ACCENT_TINT, align="center", number_format="#,##0")
TILE_NAME = replace(style.BASE, size=9, color=style.MUTED, fill=style.ACCENT_TINT, align="center")
T, N, H, TT, TN = (replace(look, size=8, wrap=False) for look in (TEXT, NUMBER, HEADING, TOTAL[TEXT], TOTAL[NUMBER]))
BLANK = style.BASE
Cell = tuple[int, object, Style]  # columns spanned, value, look


def plan_summary(figures: Page, counts: list[KindCounts]) -> SheetPlan:
    """``figures`` is the page 统计, filled."""
    page = Page(SheetPlan(SHEET, tab_color=style.ACCENT), COLUMNS)
    page.begin(counts[0].edition, "数字均取自“统计”，与它一同更新。家：申报单位数；家次：所选服务项数；“–”为零。")
    page.line((COLUMNS, figures.quote("check"), TT), height=LINE)
    fill_tiles(page, figures, counts)
    page.skip(height=6)
    right = [*services(figures, counts), *bands(figures, counts)]
    for left, beside in zip_longest(regions(figures, counts), right, fillvalue=[]):
        page.line(*(left or [(LEFT, None, BLANK)]), (GAP, None, BLANK), *beside, height=LINE)
    fill_pictures(page, figures, counts)
    fill_problems(page, figures)
    page.plan.print = Print(fit=(1, 1), margins=(0.5, 0.5, 0.5, 0.5), centered=True, footer="",
                            area=(0, 0, page.row - 1, COLUMNS - 1))
    return page.plan


def fill_tiles(page: Page, figures: Page, counts: list[KindCounts]) -> None:
    """All applicants and each verdict; below them the kinds, and how many of each lack no paper."""
    page.skip(height=6)
    words = tuple(VERDICTS.values())
    tiles = [("申报单位（家）", ("合计", "")), *((f"{word}（家）", (word, "")) for word in words)]
    span = COLUMNS // len(tiles)
    page.line(*((span, figures.quote("verdict", *key), TILE) for _, key in tiles), height=30)
    page.line(*((span, name, TILE_NAME) for name, _ in tiles), height=LINE)
    page.skip(height=6)
    width = 3
    left = COLUMNS - width * (2 + len(words))
    page.line((left, "类别（家）", H), *((width, word, H) for word in (*words, "合计", "材料一份不缺")), height=LINE)
    for one in counts:
        whole = figures.quote("complete", one.kind) if ("complete", one.kind) in figures.named else 0
        page.line((left, one.edition.kinds[one.kind].label, T),
                  *((width, figures.quote("verdict", word, one.kind), N) for word in (*words, "合计")), (width, whole, N),
                  height=LINE)


def regions(figures: Page, counts: list[KindCounts]) -> Iterator[list[Cell]]:
    """Every sender and what was sent."""
    words = (*VERDICTS.values(), "小计")
    width = LEFT - len(words)
    yield [(width, "报送地区（家）", H), *((1, word, H) for word in words)]
    for region in (*region_order(counts[0].edition, counts[0].kind), OTHER, "合计"):
        text, count = (TT, TN) if region == "合计" else (T, N)
        yield [(width, region, text), *((1, figures.quote("region", region, word), count) for word in words)]


def services(figures: Page, counts: list[KindCounts]) -> Iterator[list[Cell]]:
    """The top of the tree of services, 家 and 家次 of at most three kinds."""
    shown = [(one, f) for one in counts if one.size for f in service_fields(one)][:3]
    if not shown:
        return
    first, f = shown[0]
    width = COLUMNS - LEFT - GAP - 2 * len(shown)
    yield [(width, first.edition.vocabularies[f.vocabulary].label, H), *((2, sheet_of(one), H) for one, _ in shown)]
    yield [(width, None, H), *((1, word, H) for _ in shown for word in TICKS)]
    for term in first.edition.vocabularies[f.vocabulary].level(1):
        yield [(width, term.label, T), *((1, figures.quote("service", one.kind, term.code, word), N)
                                         for one, _ in shown for word in TICKS)]
    yield [(COLUMNS - LEFT - GAP, None, BLANK)]


def bands(figures: Page, counts: list[KindCounts]) -> Iterator[list[Cell]]:
    """Every number that is divided into bands."""
    width = COLUMNS - LEFT - GAP - 2
    for one in counts:
        for division in one.edition.bands_of(one.kind) if one.size else ():
            f = one.edition.fields(one.kind)[division.field]
            yield [(width, f"{sheet_of(one)}：{f.label}", H), (2, "家", H)]
            for label in (*band_labels(f, division), UNREADABLE):
                yield [(width, label, T), (2, figures.quote("part", one.kind, f.id, label), N)]
            yield [(COLUMNS - LEFT - GAP, None, BLANK)]


def fill_pictures(page: Page, figures: Page, counts: list[KindCounts]) -> None:
    """The lowest groups of services, and the first division, side by side."""
    levels = [level for one in counts for f in service_fields(one) for level in inner_levels(one, f)]
    drawn = [figures.pictures[key] for key in (f"services/{max(levels, default=0)}", "part") if key in figures.pictures]
    if not drawn:
        return
    page.skip(height=6)
    width = COLUMNS // len(drawn)
    for i, chart in enumerate(drawn):
        page.plan.charts.append(replace(chart, row=page.row, column=i * width, width=width * PIXELS - 6 * (i + 1 < len(drawn)),
                                        height=PICTURE))
    page.skip(-(-PICTURE // 18), LINE)


def fill_problems(page: Page, figures: Page) -> None:
    codes = [key[1] for key in figures.named if key[0] == "problem" and key[1] != "合计"][:MOST_PROBLEMS]
    if not codes:
        return
    page.skip(height=6)
    page.line((COLUMNS - 2, f"最常见的 {len(codes)} 种问题（“…”处各有不同）", H), (2, "条", H), height=LINE)
    for code in codes:
        page.line((COLUMNS - 2, message_class(code), T), (2, figures.quote("problem", code), N), height=LINE)
