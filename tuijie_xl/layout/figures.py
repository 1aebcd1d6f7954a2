"""The sheets of figures: 统计摘要 (one page), 统计 (every table and chart) and 统计明细 (who stands behind a number)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from ..book import Condition, Formula, SheetPlan, a1
from ..criteria import VERDICTS, Judgement
from ..edition import Edition
from ..pause import Pause, each, go_on
from ..problem import Problem
from . import roster, style, summary
from .counting import LIVE_ROWS, VERDICT, Count, KindCounts, Listing
from .distribution import fill_distributions
from .roster import owed_by, plan_roster
from .shortfalls import fill_materials, fill_problems
from .statistics import (
    LABEL_COLUMNS,
    LEAST_COLUMNS,
    SHEET,
    fill_regions,
    fill_services,
    fill_types,
    fill_verdicts,
    inner_levels,
    service_fields,
)
from .summary import plan_summary
from .tally import HEAD, HEADING, NUMBER, TEXT, TOTAL, WORD, Page, number

HINT = "每张表注明数字的来源；家：申报单位数，家次：所选服务项数；“–”为零；空白和读不准的另列，不作零。"
SHEETS = (summary.SHEET, SHEET, roster.SHEET)
AGREE, DIFFER = "相符", "不符"


@dataclass(frozen=True)
class Source:
    """What the figures are taken from.

    ``rows`` gives for each kind the first and the last row of its data on its sheet, from 0; ``homes`` and ``origins``
    of every applicant the address of its name in the book (or None) and the (file, sheet, row) it was read from.
    ``papers`` and ``findings`` are the sheets 材料清单 and 问题清单. ``lives`` tells of a formula over another sheet
    whether that stands in the book as planned.

    The kinds' sheets hold the columns of ``kind_columns(provenance=True)``, with the sender in 'region' and the
    verdict's word in 'verdict'.
    """

    edition: Edition
    judgements: Mapping[str, Judgement]
    rows: Mapping[str, tuple[int, int]]
    homes: Mapping[str, Sequence[str | None]]
    origins: Mapping[str, Sequence[tuple]]
    problems: Sequence[Problem]
    papers: SheetPlan
    findings: SheetPlan
    lives: Callable[[str], bool] = field(default=lambda text: True)


def plan_figures(source: Source, pause: Pause = go_on) -> list[SheetPlan]:
    """统计摘要, 统计 and 统计明细. With very many applicants all that is counted over other sheets are results.
    ``pause`` is called between the tables."""
    edition = source.edition
    counts = [KindCounts(source.judgements[kind], *source.rows[kind]) for kind in edition.kinds]
    small = sum(one.size for one in counts) <= LIVE_ROWS
    page = Page(SheetPlan(SHEET, tab_color=style.ACCENT), max(LEAST_COLUMNS, LABEL_COLUMNS * (len(counts) + 2)),
                lambda text: "!" not in text or small and source.lives(text))
    names, first_rows = plan_roster(edition, counts, source.homes, owed_by(counts, source.origins, source.problems))
    page.begin(edition, HINT)
    checked = page.skip(height=20)
    pause()
    fill_verdicts(page, counts)
    pause()
    fill_regions(page, counts, first_rows)
    for one in each(counts, pause):
        for f in service_fields(one) if one.size else ():
            for level in inner_levels(one, f):
                fill_types(page, one, f, level)
    pause()
    fill_services(page, counts)
    papers, findings = Listing(source.papers), Listing(source.findings)
    for one in each(counts, pause):
        fill_distributions(page, one)
        pause()
        fill_materials(page, one, papers)
    pause()
    fill_problems(page, source.problems, findings, {origin for rows in source.origins.values() for origin in rows})
    fill_checks(page, checked, comparisons(page, counts, Listing(names), papers, findings))
    page.plan.print = page.print_setup()
    return [plan_summary(page, counts), page.plan, names]


# ------------------------------------------------------------------ 核对

Comparison = tuple[str, Count, Count]


def comparisons(page: Page, counts: list[KindCounts], roster: Listing, papers: Listing, findings: Listing) -> list[Comparison]:
    """(what is compared, a total of this page, the same counted another way)."""
    everyone = Formula("+".join(one.everyone().text for one in counts if one.size) or "0", sum(one.size for one in counts))
    found: list[Comparison] = [("各结论之和 = 各表行数", _cell(page, "verdict", "合计", ""), everyone),
                               ("各地区之和 = 各表行数", _cell(page, "region", "合计", "小计"), everyone)]
    label = counts[0].edition.label(VERDICT)
    for word in VERDICTS.values():
        found.append((f"“{word}”的家数 = 统计明细中的行数", _cell(page, "verdict", word, ""), roster.where({label: word})))
    for one in counts:
        for f in service_fields(one) if one.size else ():
            for level in inner_levels(one, f):
                found.append((f"{one.edition.kinds[one.kind].sheet}：第 {level} 层家次之和 = 逐项家次之和",
                              _cell(page, "service", one.kind, f"{f.id}/{level}", "家次"), _cell(page, "leaves", one.kind, f.id)))
    if papers.size:
        found.append(("材料清单的行数 = 各表行数", Formula(f"ROWS({papers.area(papers.headers[0])})", papers.size), everyone))
    if findings.size:
        found.append(("问题条数之和 = 问题清单的行数", _cell(page, "problem", "合计"),
                      Formula(f"ROWS({findings.area(findings.headers[0])})", findings.size)))
    return found


def _cell(page: Page, *key: str) -> Formula:
    """A number of this very page."""
    row, column, count = page.named[key]
    return Formula(a1(row, column), number(count))


def fill_checks(page: Page, top: int, compared: list[Comparison]) -> None:
    """Every comparison with its answer; row ``top`` says whether all agree."""
    page.section("核对")
    width = page.columns - 9
    page.line((width, "", HEADING), (3, "本表", HEADING), (3, "另数", HEADING), (3, "结果", HEADING), height=HEAD)
    first = page.row
    for label, ours, other in compared:
        same = f"IF({a1(page.row, width)}={a1(page.row, width + 3)},\"{AGREE}\",\"{DIFFER}\")"
        page.line((width, label, TEXT), (3, ours, NUMBER), (3, other, NUMBER),
                  (3, Formula(same, AGREE if number(ours) == number(other) else DIFFER), WORD))
    area = (first, width + 6, page.row - 1, width + 8)
    answers = f"{a1(first, width + 6, fixed='both')}:{a1(page.row - 1, width + 6, fixed='both')}"
    differing = f'COUNTIF({answers},"{DIFFER}")'
    wrong = sum(number(ours) != number(other) for _, ours, other in compared)
    said = Formula(f'IF({differing}=0,"核对：各项合计相符（{len(compared)} 项，见“统计”末尾）","核对：有 "&{differing}&" 项合计不符，见“统计”末尾；请重新生成")',
                   f"核对：有 {wrong} 项合计不符，见“统计”末尾；请重新生成" if wrong else f"核对：各项合计相符（{len(compared)} 项，见“统计”末尾）")
    page.plan.merge((top, 0, top, page.columns - 1), said, TOTAL[TEXT])
    page.plan.conditions.append(Condition(area, f'{a1(*area[:2])}="{DIFFER}"', style.ILLEGAL))
    page.plan.conditions.append(Condition((top, 0, top, page.columns - 1), f"{differing}>0", style.ILLEGAL))
    page.name("check", row=top, column=0, count=said)

