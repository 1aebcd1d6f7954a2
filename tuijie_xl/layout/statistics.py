"""The sheet 统计: how many applicants, where, with which verdict, which services, which papers and problems.

Numbers are live formulas over the kinds' sheets and lists (see ``counting``) unless the table says otherwise. Every
table has its total; 核对 at the top says whether the totals agree. Charts stand below the tables they draw.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from ..book import Chart, Formula, Link, a1
from ..criteria import VERDICTS
from ..edition import OWN, Field, Term
from .counting import REGION, VERDICT, Count, KindCounts
from .regions import region_order
from .tally import (
    HEAD,
    HEADING,
    LINKED,
    NARROW,
    NUMBER,
    PIXELS,
    PLAIN,
    ROW,
    SHARE,
    STRONG,
    SUBHEADING,
    TEXT,
    TOTAL,
    Page,
    add,
    column_sum,
    number,
    share,
)

SHEET = "统计"
NONE, OTHER = "无", "其他地区"
LABEL_COLUMNS, TYPE_COLUMNS, LEAST_COLUMNS = 4, 8, 20
VERDICT_FILLS = ("3C8F5A", "C2554F", "E0A030")
BAR_PIXELS, CHART_FRAME = 18, 100       # of a chart that lies: a bar, and what surrounds them
TICKS = ("家", "家次")


# ------------------------------------------------------------------ verdicts and regions

def fill_verdicts(page: Page, counts: list[KindCounts]) -> None:
    """Verdict x kind, with a pie at its right."""
    samples = [one.where(verdict=word) for one in counts for word in VERDICTS.values()]
    page.section("审核结论", page.source(f"{sheets_of(counts)}的结论", *samples))
    span = 2
    page.line((LABEL_COLUMNS, "结论", HEADING), *((span, sheet_of(one), HEADING) for one in counts),
              (span, "合计", HEADING), (span, "占比", HEADING), height=HEAD)
    first, grand = page.row, LABEL_COLUMNS + span * len(counts)
    end, everyone = first + len(VERDICTS), sum(one.size for one in counts)
    for word in VERDICTS.values():
        numbers = [one.where(verdict=word) for one in counts]
        total = add(page.row, LABEL_COLUMNS, span, numbers)
        for i, (kind, count) in enumerate([*((one.kind, n) for one, n in zip(counts, numbers)), ("", total)]):
            page.name("verdict", word, kind, row=page.row, column=LABEL_COLUMNS + span * i, count=count)
        page.line((LABEL_COLUMNS, word, TEXT), *((span, n, NUMBER) for n in (*numbers, total)),
                  (span, share(page.row, end, grand, total, everyone), SHARE))
    sizes = [*(one.size for one in counts), everyone]
    sums = [column_sum(first, end - 1, LABEL_COLUMNS + span * i, n) for i, n in enumerate(sizes)]
    for i, (kind, count) in enumerate(zip([*(one.kind for one in counts), ""], sums)):
        page.name("verdict", "合计", kind, row=end, column=LABEL_COLUMNS + span * i, count=count)
    page.line((LABEL_COLUMNS, "合计", TOTAL[TEXT]), *((span, n, TOTAL[NUMBER]) for n in sums),
              (span, share(end, end, grand, sums[-1], everyone), TOTAL[SHARE]))
    page.skip(3, ROW)
    column = grand + 2 * span + 1
    if everyone:
        series = (("结论", page.reference(first, end - 1, 0), page.reference(first, end - 1, grand)),)
        page.plan.charts.append(Chart(first - 1, column, "pie", "结论构成", series, VERDICT_FILLS,
                                      width=(page.columns - column) * PIXELS, height=196, most=everyone))


def fill_regions(page: Page, counts: list[KindCounts], first_rows: Mapping[str, str]) -> None:
    """Every sender x verdict, for all kinds together and each; the last row but one catches regions that are not
    listed. The name of a region leads to its applicants in 统计明细 (``first_rows``)."""
    samples = [one.where(region=NONE, verdict=NONE) for one in counts]
    page.section("地区与结论", page.source(f"{sheets_of(counts)}的地区、结论", *samples) + "点地区名称，看它的申报单位。")
    regions, everyone = region_order(counts[0].edition, counts[0].kind), sum(one.size for one in counts)
    height = BAR_PIXELS * len(regions) + CHART_FRAME
    room = page.keep_room(height) if everyone else None
    page.parts.append(page.row)
    groups, words = ["全部", *(sheet_of(one) for one in counts)], [*VERDICTS.values(), "小计"]
    page.line((LABEL_COLUMNS, "", HEADING), *((len(words), name, HEADING) for name in groups), height=HEAD)
    page.line((LABEL_COLUMNS, "报送地区", SUBHEADING), *((1, word, NARROW) for _ in groups for word in words),
              height=HEAD)
    first, most = page.row, 0
    for region in regions:
        numbers = [[one.where(region=region, verdict=word) for word in VERDICTS.values()] for one in counts]
        cells = with_sums(page.row, numbers)
        most = max(most, number(cells[len(words) - 1]))
        _name_sums(page, region, cells)
        where = first_rows.get(region)
        page.line((LABEL_COLUMNS, Link(where, region, "看这个地区的申报单位") if where else region, LINKED if where else TEXT),
                  *((1, n, NUMBER) for n in cells))
    last = page.row - 1
    fill_region_totals(page, counts, first, len(words))
    series = tuple((word, page.reference(first, last, 0), page.reference(first, last, LABEL_COLUMNS + i))
                   for i, word in enumerate(VERDICTS.values()))
    page.chart("bar", "各地区申报单位与结论（家）", series, height, most=most, colors=VERDICT_FILLS, stacked=True, row=room)


def fill_region_totals(page: Page, counts: list[KindCounts], first: int, size: int) -> None:
    """What stands in no row from ``first`` on, and the sums; ``size`` columns a group."""
    last = page.row - 1
    other = [[remainder(one, word, first, last, LABEL_COLUMNS + (1 + g) * size + v)
              for v, word in enumerate(VERDICTS.values())] for g, one in enumerate(counts)]
    rest = with_sums(page.row, other)
    _name_sums(page, OTHER, rest)
    page.line((LABEL_COLUMNS, OTHER, TEXT), *((1, n, NUMBER) for n in rest))
    totals = [[sum(v == key for v in one.found.verdicts) for key in VERDICTS] for one in counts]
    flat = [number(n) for n in with_sums(page.row, totals)]
    sums = [column_sum(first, page.row - 1, LABEL_COLUMNS + i, n) for i, n in enumerate(flat)]
    _name_sums(page, "合计", sums)
    page.line((LABEL_COLUMNS, "合计", TOTAL[TEXT]), *((1, n, TOTAL[NUMBER]) for n in sums))


def _name_sums(page: Page, label: str, cells: Sequence[Count]) -> None:
    """The counts of all kinds together, in the row to come."""
    for i, word in enumerate((*VERDICTS.values(), "小计")):
        page.name("region", label, word, row=page.row, column=LABEL_COLUMNS + i, count=cells[i])


def with_sums(row: int, numbers: list[list[Count]]) -> list[Count]:
    """Verdict counts of each kind -> those of all kinds and of each, every group with its sum at its right."""
    size = len(VERDICTS) + 1
    starts = [LABEL_COLUMNS + size * (1 + g) for g in range(len(numbers))]
    both: list[Count] = []
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


# ------------------------------------------------------------------ services

def fill_types(page: Page, one: KindCounts, f: Field, level: int) -> None:
    """The terms of one level of a tree of services (ITO, BPO, KPO; their groups): 家, 家次 and 主营, and a chart."""
    tree = one.edition.vocabularies[f.vocabulary]
    terms = tree.level(level)
    mains = [o for o in one.edition.fields(one.kind).values()
             if o.type == "term" and o.vocabulary == f.vocabulary and o.level == level]
    counted = [[*service_counts(one, f, term), *(one.where(**{main.id: term.label}) for main in mains)] for term in terms]
    page.section(f"{sheet_of(one)}：{f.label}" + (f"（第 {level} 层）" if level > 1 else ""),
                 page.source(f"“{sheet_of(one)}”", counted[0][0]) + "家：选有其中任何一项的单位；家次：所选项数之和；主营计入。")
    labels = (*TICKS, *(main.label for main in mains))
    page.line((TYPE_COLUMNS, tree.label, HEADING), *((3, label, HEADING) for label in labels), height=HEAD)
    first = page.row
    for term, numbers in zip(terms, counted):
        for i, word in enumerate(TICKS):
            page.name("service", one.kind, term.code, word, row=page.row, column=TYPE_COLUMNS + 3 * i, count=numbers[i])
        page.line((TYPE_COLUMNS, term.label, TEXT), *((3, n, NUMBER) for n in numbers))
    last = page.row - 1
    sums = [column_sum(first, last, TYPE_COLUMNS + 3 * i, sum(number(row[i]) for row in counted))
            for i in range(1, len(labels))]
    page.name("service", one.kind, f"{f.id}/{level}", "家次", row=page.row, column=TYPE_COLUMNS + 3, count=sums[0])
    page.line((TYPE_COLUMNS, "合计（家不重复计算）", TOTAL[TEXT]),
              *((3, n, TOTAL[NUMBER]) for n in (one.with_any(f, one.edition.terms(f)), *sums)))
    series = tuple((word, page.reference(first, last, 0), page.reference(first, last, TYPE_COLUMNS + 3 * j))
                   for j, word in enumerate(TICKS))
    page.chart("bar", f"{sheet_of(one)}：{f.label}", series, 2 * BAR_PIXELS * len(terms) + CHART_FRAME,
               most=max(number(row[1]) for row in counted), key=f"services/{level}")


def fill_services(page: Page, counts: list[KindCounts]) -> None:
    """The whole tree, level by level, with 家 and 家次 of every kind that ticks its leaves."""
    shown = [(one, f) for one in counts for f in service_fields(one)]
    for vocabulary in dict.fromkeys(f.vocabulary for _, f in shown):
        group = [(one, f) for one, f in shown if f.vocabulary == vocabulary]
        tree = group[0][0].edition.vocabularies[vocabulary]
        page.section(f"{tree.label}：逐项", page.source(sheets_of([one for one, _ in group]),
                                                   *(one.everyone() for one, _ in group)))
        width = page.columns - 4 * len(group)
        page.line((width, "", HEADING), *((4, sheet_of(one), HEADING) for one, _ in group), height=HEAD)
        page.line((width, "功能领域", SUBHEADING), *((2, word, SUBHEADING) for _ in group for word in TICKS), height=HEAD)
        for term in _walk(tree.children, None):
            looks = PLAIN if term in tree.leaves else TOTAL if term.parent else STRONG
            page.line((width, term.label, replace(looks[TEXT], indent=2 * len(tree.path(term)) - 1)),
                      *((2, n, looks[NUMBER]) for one, f in group for n in service_counts(one, f, term)))
        fill_tick_totals(page, group, width)


def fill_tick_totals(page: Page, group: list[tuple[KindCounts, Field]], width: int) -> None:
    """Applicants with any tick, and the sum of the leaves' ticks alone (each leaf counted once)."""
    tree = group[0][0].edition.vocabularies[group[0][1].vocabulary]
    first = page.row - len(tree.terms)
    leaves = [first + i for i, term in enumerate(_walk(tree.children, None)) if term in tree.leaves]
    cells: list[Count] = []
    for i, (one, f) in enumerate(group):
        column = width + 4 * i + 2
        ticks = sum(number(service_counts(one, f, leaf)[1]) for leaf in one.edition.terms(f))
        cells += [one.with_any(f, one.edition.terms(f)), Formula("+".join(a1(row, column) for row in leaves), ticks)]
        page.name("leaves", one.kind, f.id, row=page.row, column=column, count=cells[-1])
    page.line((width, "合计（家不重复计算）", TOTAL[TEXT]), *((2, n, TOTAL[NUMBER]) for n in cells))


def service_fields(one: KindCounts) -> list[Field]:
    """The fields of many terms from a tree."""
    return [f for f in one.edition.fields(one.kind).values() if f.type == "terms"
            and any(term.parent for term in one.edition.vocabularies[f.vocabulary].terms)]


def inner_levels(one: KindCounts, f: Field) -> range:
    """The levels of a tree above its leaves, from 1."""
    tree = one.edition.vocabularies[f.vocabulary]
    return range(1, max(len(tree.path(leaf)) for leaf in tree.leaves))


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


# ------------------------------------------------------------------ words

def sheet_of(one: KindCounts) -> str:
    return one.edition.kinds[one.kind].sheet


def sheets_of(counts: Sequence[KindCounts]) -> str:
    """'“企业”“园区”': the sheets that are counted."""
    return "".join(f"“{sheet_of(one)}”" for one in counts)


def choice_fields(one: KindCounts) -> list[Field]:
    """Fields of one term of three or more, but for the sender, the materials and the trees counted elsewhere; those
    whose list stands in the notice come first."""
    passed = {m.field for m in one.edition.materials_of(one.kind)} | {"province", REGION}
    trees = {f.vocabulary for f in service_fields(one)}
    found = [f for f in one.edition.fields(one.kind).values() if f.type == "term" and f.id not in passed
             and f.vocabulary not in trees and len(one.edition.terms(f)) > 2]
    return sorted(found, key=lambda f: one.edition.vocabularies[f.vocabulary].source == OWN)
