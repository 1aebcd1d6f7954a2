"""The 统计 sheet of the master workbook: how many applicants, where, with which verdict and which services.

Every number is a live formula over the kinds' sheets (see ``counting``). The first page shows charts, the
tables that they draw follow.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from ..book import Chart, Formula, Print, SheetPlan, Style, a1
from ..criteria import VERDICTS, Judgement
from ..edition import OWN, Edition, Field, Term
from . import style
from .counting import REGION, VERDICT, KindCounts
from .paper import quote_sheet
from .regions import region_order

SHEET = "统计"
NONE = "无"
LEGEND = "数字均为公式，随各表更新；家：申报单位数，家次：所选服务项数（主营计入）；“–”为零。"
LABEL_COLUMNS, TYPE_COLUMNS, CHOICE_COLUMNS, LEAST_COLUMNS = 4, 8, 9, 20
CELL_WIDTH = 4.7
ROW, HEAD, GAP = 18.0, 20.0, 10.0        # heights in points
CHART_ROWS, PIXELS = 13, 38             # rows that a chart takes; the width of a column
BAR, BAR_LENGTH = "█", 24
VERDICT_FILLS = ("3C8F5A", "C2554F", "E0A030")
COUNT = '#,##0;-#,##0;"–"'

TEXT = replace(style.TABLE_CELL, size=9, indent=1)
NUMBER = replace(style.TABLE_CELL, size=9, align="center", number_format=COUNT)
SHARE = replace(NUMBER, number_format='0.0%;-0.0%;"–"')
PLAIN = {TEXT: TEXT, NUMBER: NUMBER, SHARE: SHARE}
TOTAL = {look: replace(look, bold=True, fill=style.ACCENT_TINT) for look in PLAIN}
STRONG = {look: replace(look, bold=True, fill=style.ACCENT_SOFT) for look in PLAIN}
HEADING = replace(style.TABLE_HEAD, size=9)
SUBHEADING = replace(style.BAND, size=9)
NARROW = replace(SUBHEADING, size=8)
BARS = replace(style.TABLE_CELL, font="Arial", size=7, color="4E97AC")

Count = Formula | int


@dataclass
class Page:
    """A sheet that is filled from top to bottom; ``row`` is the next free one."""

    plan: SheetPlan
    columns: int
    row: int = 0

    def line(self, *cells: tuple[int, object, Style], height: float = ROW) -> int:
        """One row of (columns spanned, value, style) from the left; gives its number."""
        column = 0
        for span, value, look in cells:
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

    def section(self, title: str) -> None:
        self.skip()
        self.line((self.columns, title, style.SECTION), height=24)
        self.line((self.columns, None, style.RULE), height=2)

    def reference(self, first: int, last: int, column: int) -> str:
        """Rows of a column of this sheet, as a chart wants them."""
        return f"{quote_sheet(self.plan.name)}!{a1(first, column, fixed='both')}:{a1(last, column, fixed='both')}"


def plan_statistics(edition: Edition, judgements: Mapping[str, Judgement],
                    rows: Mapping[str, tuple[int, int]]) -> SheetPlan:
    """The sheet 统计. ``rows`` gives for each kind the first and the last row of its data on its sheet, from 0.

    The kinds' sheets hold the columns of ``kind_columns(provenance=True)``, with the sender in 'region' and the
    verdict's word in 'verdict'.
    """
    counts = [KindCounts(judgements[kind], *rows[kind]) for kind in edition.kinds]
    page = Page(SheetPlan(SHEET, tab_color=style.ACCENT), max(LEAST_COLUMNS, LABEL_COLUMNS * (len(counts) + 2)))
    page.plan.widths = dict.fromkeys(range(page.columns), CELL_WIDTH)
    page.line((page.columns, f"{edition.title} · 统计", style.TITLE), height=style.TITLE_HEIGHT)
    page.line((page.columns, LEGEND, style.HINT), height=style.HINT_HEIGHT)
    fill_summary(page, counts)
    page.section("图示")
    charts = page.skip(2 * CHART_ROWS, ROW)
    regional = fill_regions(page, counts)
    types = [fill_types(page, one, f) for one in counts for f in service_fields(one) if one.size]
    fill_services(page, counts)
    for one in counts:
        fill_choices(page, one)
    add_charts(page, charts, regional, types)
    page.plan.print = Print(fit=(1, 0), margins=(0.55, 0.55, 0.6, 0.6), centered=True,
                            footer="&C&9 第 &P 页，共 &N 页", area=(0, 0, page.row - 1, page.columns - 1))
    return page.plan


# ------------------------------------------------------------------ the tables

def fill_summary(page: Page, counts: list[KindCounts]) -> None:
    """Verdict x kind, with a pie at its right."""
    page.section("审核结论")
    span = 2
    page.line((LABEL_COLUMNS, "结论", HEADING), *((span, sheet_of(one), HEADING) for one in counts),
              (span, "合计", HEADING), (span, "占比", HEADING), height=HEAD)
    first = page.row
    end = first + len(VERDICTS)
    grand = LABEL_COLUMNS + span * len(counts)
    for word in VERDICTS.values():
        numbers = [one.where(verdict=word) for one in counts]
        total = add(page.row, LABEL_COLUMNS, span, numbers)
        everyone = sum(one.size for one in counts)
        cells = [(span, n, NUMBER) for n in (*numbers, total)]
        page.line((LABEL_COLUMNS, word, TEXT), *cells, (span, share(page.row, end, grand, total, everyone), SHARE))
    sizes = [one.size for one in counts]
    sums = [column_sum(first, end - 1, LABEL_COLUMNS + span * i, n) for i, n in enumerate((*sizes, sum(sizes)))]
    page.line((LABEL_COLUMNS, "合计", TOTAL[TEXT]), *((span, n, TOTAL[NUMBER]) for n in sums),
              (span, share(end, end, grand, sums[-1], sum(sizes)), TOTAL[SHARE]))
    page.skip(3, ROW)
    column = grand + 2 * span + 1
    page.plan.charts.append(Chart(first - 1, column, "pie", "结论构成", ((
        "结论", page.reference(first, end - 1, 0), page.reference(first, end - 1, grand)),), VERDICT_FILLS,
        width=(page.columns - column) * PIXELS, height=196))


def fill_regions(page: Page, counts: list[KindCounts]) -> tuple[int, int]:
    """Region x verdict for all kinds together and each; the last row but one catches regions that are not listed.
    Gives the rows of the regions."""
    page.section("地区与结论")
    groups = ["全部", *(sheet_of(one) for one in counts)]
    words = [*VERDICTS.values(), "小计"]
    page.line((LABEL_COLUMNS, "", HEADING), *((len(words), name, HEADING) for name in groups), height=HEAD)
    page.line((LABEL_COLUMNS, "报送地区", SUBHEADING), *((1, word, NARROW) for _ in groups for word in words),
              height=HEAD)
    first = page.row
    for region in occurring(counts):
        numbers = [[one.where(region=region, verdict=word) for word in VERDICTS.values()] for one in counts]
        page.line((LABEL_COLUMNS, region, TEXT), *((1, n, NUMBER) for n in with_sums(page.row, numbers)))
    last = page.row - 1
    width = len(words) * len(groups)
    other = [[remainder(one, word, first, last, LABEL_COLUMNS + (1 + g) * len(words) + v)
              for v, word in enumerate(VERDICTS.values())] for g, one in enumerate(counts)]
    page.line((LABEL_COLUMNS, "其他地区", TEXT), *((1, n, NUMBER) for n in with_sums(page.row, other)))
    bottom = page.row
    totals = [[sum(v == key for v in one.found.verdicts) for key in VERDICTS] for one in counts]
    flat = [number(n) for n in with_sums(page.row, totals)]
    page.line((LABEL_COLUMNS, "合计", TOTAL[TEXT]), *((1, column_sum(first, bottom - 1, LABEL_COLUMNS + i, flat[i]),
                                                     TOTAL[NUMBER]) for i in range(width)))
    return first, last


def fill_types(page: Page, one: KindCounts, f: Field) -> tuple[str, int, int]:
    """The top terms of a tree of services (ITO, BPO, KPO): 家, 家次 and 主营. Gives (name, first row, last row)."""
    tops = one.edition.vocabularies[f.vocabulary].level(1)
    mains = [o for o in one.edition.fields(one.kind).values()
             if o.type == "term" and o.vocabulary == f.vocabulary and o.level == 1]
    page.section(f"{sheet_of(one)}：{f.label}")
    labels = ("家", "家次", *(main.label for main in mains))
    page.line((TYPE_COLUMNS, one.edition.vocabularies[f.vocabulary].label, HEADING),
              *((3, label, HEADING) for label in labels), height=HEAD)
    first = page.row
    counted = [[*service_counts(one, f, top), *(one.where(**{main.id: top.label}) for main in mains)] for top in tops]
    for top, numbers in zip(tops, counted):
        page.line((TYPE_COLUMNS, top.label, TEXT), *((3, n, NUMBER) for n in numbers))
    sums = [column_sum(first, page.row - 1, TYPE_COLUMNS + 3 * i, sum(number(row[i]) for row in counted))
            for i in range(1, len(labels))]
    page.line((TYPE_COLUMNS, "合计（家不重复计算）", TOTAL[TEXT]),
              *((3, n, TOTAL[NUMBER]) for n in (one.with_any(f, one.edition.terms(f)), *sums)))
    return sheet_of(one), first, page.row - 2


def fill_services(page: Page, counts: list[KindCounts]) -> None:
    """The whole tree, level by level, with 家 and 家次 of every kind that ticks its leaves."""
    shown = [(one, f) for one in counts for f in service_fields(one)]
    for vocabulary in dict.fromkeys(f.vocabulary for _, f in shown):
        group = [(one, f) for one, f in shown if f.vocabulary == vocabulary]
        tree = group[0][0].edition.vocabularies[vocabulary]
        page.section(f"{tree.label}：逐项")
        width = page.columns - 4 * len(group)
        page.line((width, "", HEADING), *((4, sheet_of(one), HEADING) for one, _ in group), height=HEAD)
        page.line((width, "功能领域", SUBHEADING), *((2, word, SUBHEADING) for _ in group for word in ("家", "家次")),
                  height=HEAD)
        for term in _walk(tree.children, None):
            looks = PLAIN if term in tree.leaves else TOTAL if term.parent else STRONG
            page.line((width, term.label, replace(looks[TEXT], indent=2 * len(tree.path(term)) - 1)),
                      *((2, n, looks[NUMBER]) for one, f in group for n in service_counts(one, f, term)))


def fill_choices(page: Page, one: KindCounts) -> None:
    """Every other list that the applicants of a kind choose one term from (three terms or more), with bars."""
    if not one.size:
        page.section(sheet_of(one))
        page.line((page.columns, NONE, TEXT))
        return
    wide = page.columns - CHOICE_COLUMNS - 4
    for f in choice_fields(one):
        page.section(f"{sheet_of(one)}：{f.label}")
        page.line((CHOICE_COLUMNS, f.label, HEADING), (2, "家", HEADING), (2, "占比", HEADING), (wide, "", HEADING),
                  height=HEAD)
        lines = choice_lines(page.row, one, f)
        first, end, most = page.row, page.row + len(lines), max(number(n) for _, n in lines)
        for label, n in lines:
            page.line((CHOICE_COLUMNS, label, TEXT), (2, n, NUMBER),
                      (2, share(page.row, end, CHOICE_COLUMNS, n, one.size), SHARE),
                      (wide, bar(page.row, first, end - 1, CHOICE_COLUMNS, number(n), most), BARS))
        page.line((CHOICE_COLUMNS, "合计", TOTAL[TEXT]),
                  (2, column_sum(first, end - 1, CHOICE_COLUMNS, one.size), TOTAL[NUMBER]),
                  (2, share(end, end, CHOICE_COLUMNS, one.size, one.size), TOTAL[SHARE]), (wide, "", TOTAL[TEXT]))


def choice_lines(first: int, one: KindCounts, f: Field) -> list[tuple[str, Count]]:
    """(label, count) of every term, from row ``first`` on; last what is blank or no term, so that nothing is lost."""
    lines = [(term.label, one.where(**{f.id: term.label})) for term in one.edition.terms(f)]
    listed = f"SUM({a1(first, CHOICE_COLUMNS)}:{a1(first + len(lines) - 1, CHOICE_COLUMNS)})"
    rest = one.size - sum(number(n) for _, n in lines)
    return [*lines, ("未填或不在词表内", Formula(f"ROWS({one.area(f.id)})-{listed}", rest))]


def add_charts(page: Page, row: int, regional: tuple[int, int], types: list[tuple[str, int, int]]) -> None:
    """Regions x verdict over the whole width, and below it the services of each kind."""
    height = CHART_ROWS * 24 - 8
    first, last = regional
    if first <= last:
        series = tuple((word, page.reference(first, last, 0), page.reference(first, last, LABEL_COLUMNS + i))
                       for i, word in enumerate(VERDICTS.values()))
        page.plan.charts.append(Chart(row, 0, "column", "各地区申报单位与结论", series, VERDICT_FILLS, True,
                                      page.columns * PIXELS, height))
    for i, (name, top, bottom) in enumerate(types):
        at, beyond = (n * page.columns // len(types) for n in (i, i + 1))
        series = tuple((word, page.reference(top, bottom, 0), page.reference(top, bottom, TYPE_COLUMNS + 3 * j))
                       for j, word in enumerate(("家", "家次")))
        page.plan.charts.append(Chart(row + CHART_ROWS, at, "bar", name, series, style.CHART_COLORS, False,
                                      (beyond - at) * PIXELS - 4, height))


# ------------------------------------------------------------------ what is counted

def occurring(counts: list[KindCounts]) -> list[str]:
    """The regions that some applicant belongs to, in the order of the edition, 未填 last."""
    present = {region for one in counts for region in one.values(REGION)}
    return [region for region in dict.fromkeys(r for one in counts for r in region_order(one.edition, one.kind))
            if region in present]


def sheet_of(one: KindCounts) -> str:
    return one.edition.kinds[one.kind].sheet


def service_fields(one: KindCounts) -> list[Field]:
    """The fields of many terms from a tree."""
    return [f for f in one.edition.fields(one.kind).values() if f.type == "terms"
            and any(term.parent for term in one.edition.vocabularies[f.vocabulary].terms)]


def choice_fields(one: KindCounts) -> list[Field]:
    """Fields of one term of three or more, but for the sender, the materials and the trees counted elsewhere; those
    whose list stands in the notice come first."""
    passed = {m.field for m in one.edition.materials_of(one.kind)} | {"province"}
    trees = {f.vocabulary for f in service_fields(one)}
    found = [f for f in one.edition.fields(one.kind).values() if f.type == "term" and f.id not in passed
             and f.vocabulary not in trees and len(one.edition.terms(f)) > 2]
    return sorted(found, key=lambda f: one.edition.vocabularies[f.vocabulary].source == OWN)


def service_counts(one: KindCounts, f: Field, term: Term) -> tuple[Count, Count]:
    """(家, 家次) of the leaves below ``term``: applicants with at least one, and ticks."""
    vocabulary = one.edition.vocabularies[f.vocabulary]
    leaves = [leaf for leaf in one.edition.terms(f) if term in vocabulary.path(leaf)]
    single = [one.with_any(f, [leaf]) for leaf in leaves]
    if not one.size or leaves == [term]:
        return single[0], single[0]
    ticks = Formula("+".join(n.text for n in single), sum(n.result for n in single))
    return one.with_any(f, leaves), ticks


def _walk(children: Callable, parent: Term | None):
    for term in children(parent):
        yield term
        yield from _walk(children, term)


# ------------------------------------------------------------------ small formulas on this sheet

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


def bar(row: int, first: int, last: int, column: int, count: int, most: int) -> Formula:
    """A bar of blocks as long as the count beside the greatest of its column."""
    top = f"MAX({a1(first, column, fixed='row')}:{a1(last, column, fixed='row')})"
    text = f'IF({top}=0,"",REPT("{BAR}",ROUNDUP({BAR_LENGTH}*{a1(row, column)}/{top},0)))'
    return Formula(text, BAR * -(-BAR_LENGTH * count // most) if most else "")


def with_sums(row: int, numbers: list[list[Count]]) -> list[Count]:
    """Verdict counts of each kind -> those of all kinds and of each, every group with its sum at its right."""
    size = len(VERDICTS) + 1
    starts = [LABEL_COLUMNS + size * (1 + g) for g in range(len(numbers))]
    both = []
    for v in range(size - 1):
        cells = "+".join(a1(row, start + v) for start in starts)
        both.append(Formula(cells, sum(number(group[v]) for group in numbers)))
    flat: list[Count] = []
    for start, group in zip((LABEL_COLUMNS, *starts), (both, *numbers)):
        total = sum(map(number, group))
        flat += [*group, Formula(f"SUM({a1(row, start)}:{a1(row, start + size - 2)})", total)]
    return flat


def remainder(one: KindCounts, word: str, first: int, last: int, column: int) -> Count:
    """Applicants with this verdict in regions that the rows above do not list (0 until somebody edits a region)."""
    if not one.size:
        return 0
    everyone = one.where(**{VERDICT: word})
    return Formula(f"{everyone.text}-SUM({a1(first, column)}:{a1(last, column)})", 0)

