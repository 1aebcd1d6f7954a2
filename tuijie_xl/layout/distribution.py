"""Tables of 统计 that divide the applicants of one kind, each of them once: bands of a number, terms of a list.

What is blank, unreadable or no term is a line of its own, so that every table adds up to all applicants.
"""

from __future__ import annotations

from dataclasses import replace

from ..book import Formula, a1
from ..edition import OWN, Bands, Field
from . import style
from .counting import Count, KindCounts
from .roster import UNREADABLE
from .statistics import BAR_PIXELS, CHART_FRAME, NONE, choice_fields, sheet_of
from .tally import HEAD, HEADING, NUMBER, SHARE, TEXT, TOTAL, Page, column_sum, number, share

LABELS = 9                              # columns of the labels
BAR, BAR_LENGTH = "█", 24
BARS = replace(style.TABLE_CELL, font="Arial", size=7, color=style.CHART_COLORS[1])


def fill_distributions(page: Page, one: KindCounts) -> None:
    """The bands that the edition asks for, then every other list that the applicants choose one term from."""
    if not one.size:
        page.section(sheet_of(one))
        page.line((page.columns, NONE, TEXT))
        return
    for bands in one.edition.bands_of(one.kind):
        fill_bands(page, one, bands)
    for f in choice_fields(one):
        lines = [(term.label, one.where(**{f.id: term.label})) for term in one.edition.terms(f)]
        in_notice = one.edition.vocabularies[f.vocabulary].source != OWN
        fill_parts(page, one, f, lines, "未填或不在词表内", chart=in_notice and len(lines) > 3)


def fill_bands(page: Page, one: KindCounts, bands: Bands) -> None:
    f = one.edition.fields(one.kind)[bands.field]
    fill_parts(page, one, f, one.bands(bands), UNREADABLE, chart=True, hint="每档含下限、不含上限。")


def fill_parts(page: Page, one: KindCounts, f: Field, lines: list[tuple[str, Count]], rest: str, *, chart: bool,
               hint: str = "") -> None:
    """(label, count) lines and, last, the ``rest`` of the applicants, with shares and bars, perhaps a chart."""
    page.section(f"{sheet_of(one)}：{f.label}", page.source(f"“{sheet_of(one)}”", lines[0][1]) + hint)
    wide = page.columns - LABELS - 4
    page.line((LABELS, f.label, HEADING), (2, "家", HEADING), (2, "占比", HEADING), (wide, "", HEADING), height=HEAD)
    first, end = page.row, page.row + len(lines) + 1
    listed = f"SUM({a1(first, LABELS)}:{a1(end - 2, LABELS)})"
    unlisted = one.size - sum(number(n) for _, n in lines)
    lines = [*lines, (rest, Formula(f"ROWS({one.area(f.id)})-{listed}", unlisted))]
    most = max(number(n) for _, n in lines)
    for label, n in lines:
        page.name("part", one.kind, f.id, label, row=page.row, column=LABELS, count=n)
        page.line((LABELS, label, TEXT), (2, n, NUMBER), (2, share(page.row, end, LABELS, n, one.size), SHARE),
                  (wide, bar(page.row, first, end - 1, LABELS, number(n), most), BARS))
    page.line((LABELS, "合计", TOTAL[TEXT]), (2, column_sum(first, end - 1, LABELS, one.size), TOTAL[NUMBER]),
              (2, share(end, end, LABELS, one.size, one.size), TOTAL[SHARE]), (wide, "", TOTAL[TEXT]))
    page.name("part", one.kind, f.id, "合计", row=end, column=LABELS, count=one.size)
    if chart:
        series = (("家", page.reference(first, end - 1, 0), page.reference(first, end - 1, LABELS)),)
        page.chart("bar", f"{sheet_of(one)}：{f.label}", series, BAR_PIXELS * len(lines) + CHART_FRAME, most=most,
                   key="part")


def bar(row: int, first: int, last: int, column: int, count: int, most: int) -> Formula:
    """A bar of blocks as long as the count beside the greatest of its column."""
    top = f"MAX({a1(first, column, fixed='row')}:{a1(last, column, fixed='row')})"
    text = f'IF({top}=0,"",REPT("{BAR}",ROUNDUP({BAR_LENGTH}*{a1(row, column)}/{top},0)))'
    return Formula(text, BAR * -(-BAR_LENGTH * count // most) if most else "")
