"""Tables of 统计 on what is lacking: papers that are called for and not there, and the most frequent problems."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace

from ..book import Formula, a1
from ..criteria import STATES
from ..problem import SEVERITIES, Problem, catalogue, message_class
from .counting import Count, KindCounts, Listing
from .paper import text_height
from .statistics import NONE, sheet_of
from .tally import HEAD, HEADING, NUMBER, PIXELS, ROW, TEXT, TOTAL, WORD, Page, column_sum, number

MOST_PROBLEMS = 15                      # classes shown one by one
SHOWN_STATES = ("received", "missing", "unverified", "not_applicable")
KIND, LACKING, CODE = "类别", "缺", "代号"           # labels of 材料清单 and 问题清单
_NUMBERS, _SEVERITY, _CODES = 12, 2, 4  # columns


# ------------------------------------------------------------------ papers

def fill_materials(page: Page, one: KindCounts, papers: Listing) -> None:
    """Each paper of a kind: from how many applicants it is called for, and in which state it is."""
    edition, width = one.edition, page.columns - _NUMBERS
    materials = edition.materials_of(one.kind)
    if not one.size or not materials:
        return
    label = edition.kinds[one.kind].label
    lines = [[papers.where({KIND: label, m.name: STATES[state]}) for state in SHOWN_STATES] for m in materials]
    page.section(f"{sheet_of(one)}：材料", page.source("“材料清单”", lines[0][0]) + "应交是生成本表时的数；已收含不要求而已交的。")
    heads = ("应交", *(STATES[state] for state in SHOWN_STATES), "合计")
    page.line((width, "材料", HEADING), *((2, head, HEADING) for head in heads), height=HEAD)
    first, owed = page.row, [int(one.found.required[m.id].fillna(False).sum()) for m in materials]
    for m, called_for, states in zip(materials, owed, lines):
        span = f"{a1(page.row, width + 2)}:{a1(page.row, width + 8)}"
        for head, count, column in zip(heads, (called_for, *states), range(width, page.columns, 2)):
            page.name("paper", one.kind, m.id, head, row=page.row, column=column, count=count)
        page.line((width, m.name, TEXT), *((2, n, NUMBER) for n in (called_for, *states)),
                  (2, Formula(f"SUM({span})", sum(map(number, states))), NUMBER))
    sums = [sum(owed), *(sum(number(states[i]) for states in lines) for i in range(len(SHOWN_STATES)))]
    totals = [column_sum(first, page.row - 1, width + 2 * i, n) for i, n in enumerate((*sums, sum(sums[1:])))]
    page.name("papers", one.kind, row=page.row, column=page.columns - 2, count=totals[-1])
    page.line((width, "合计（份）", TOTAL[TEXT]), *((2, n, TOTAL[NUMBER]) for n in totals))
    complete = papers.where({KIND: label, LACKING: 0})
    page.name("complete", one.kind, row=page.row, column=width, count=complete)
    page.line((width, "一份不缺的单位（家）", TOTAL[TEXT]), (2, complete, TOTAL[NUMBER]), (_NUMBERS - 2, None, TOTAL[TEXT]))


# ------------------------------------------------------------------ problems

def fill_problems(page: Page, problems: Sequence[Problem], listed: Listing, origins: Collection[tuple]) -> None:
    """The most frequent classes of problems: how often, and at how many applicants (rows in ``origins``)."""
    counts = Counter(p.code for p in problems)
    shown = sorted(counts, key=lambda code: (-counts[code], code))[:MOST_PROBLEMS]
    lines = {code: listed.where({CODE: code}) for code in shown}
    page.section("最常见的问题", page.source("“问题清单”", *lines.values()) + "家数是生成本表时的数；“…”处各有不同。")
    if not problems:
        page.line((page.columns, NONE, TEXT))
        return
    width = page.columns - _SEVERITY - _CODES - 4
    page.line((_SEVERITY, "程度", HEADING), (width, "问题", HEADING), (_CODES, CODE, HEADING), (2, "条", HEADING),
              (2, "家", HEADING), height=HEAD)
    met: dict[str | None, set[tuple]] = defaultdict(set)
    for p in problems:
        if (p.file, p.sheet, p.row) in origins:
            for key in (p.code if p.code in lines else None, ""):
                met[key].add((p.file, p.sheet, p.row))
    first = page.row
    for code, count in lines.items():
        _problem_line(page, width, code, count, len(met[code]))
    rest = Formula(f"ROWS({listed.area(CODE)})-SUM({a1(first, page.columns - 4)}:{a1(page.row - 1, page.columns - 4)})",
                   len(problems) - sum(map(number, lines.values())))
    page.line((page.columns - 4, f"其余 {len(counts) - len(shown)} 种", TEXT), (2, rest, NUMBER), (2, len(met[None]), NUMBER))
    total = column_sum(first, page.row - 1, page.columns - 4, len(problems))
    page.name("problem", "合计", row=page.row, column=page.columns - 4, count=total)
    page.line((page.columns - 4, "合计（家不重复计算）", TOTAL[TEXT]), (2, total, TOTAL[NUMBER]), (2, len(met[""]), TOTAL[NUMBER]))


def _problem_line(page: Page, width: int, code: str, count: Count, applicants: int) -> None:
    words = message_class(code)
    page.name("problem", code, row=page.row, column=page.columns - 4, count=count)
    page.line((_SEVERITY, SEVERITIES[catalogue()[code]["severity"]], WORD), (width, words, TEXT),
              (_CODES, code, replace(WORD, size=8)), (2, count, NUMBER), (2, applicants, NUMBER),
              height=max(ROW, text_height(words, width * PIXELS * 0.75 - 8, TEXT.size)))
