"""材料清单: what every applicant owes and has handed in, how far its papers have come and whether they are in time."""

from __future__ import annotations

from datetime import date

from ..batch import Batch
from ..book import Condition, Print, SheetPlan, Style, Table, a1
from ..criteria import STATES, Judgement
from ..mailing import STEPS, TIMINGS, Standing, judge_mailing
from . import style
from .guide import MATERIALS
from .records import HEADER, head, row_height, transpose
from .regions import regions

DONE = "已齐"                            # no step is left
LATE = ("late", "overdue")
_STATE_LOOKS = {"missing": style.ILLEGAL, "unverified": style.LACKING, "received": style.VERDICT_STYLES["eligible"]}
_SCALE = 58                             # per cent, at which each half of the columns is as wide as the paper


def plan_materials(batch: Batch, judgements: dict[str, Judgement], on: date | None = None) -> SheetPlan:
    """One line an applicant: its steps, then one column a material with its state in words.

    ``on`` is the day as of which papers that were not mailed are overdue; without it no paper is. Clauses 一（二）1-4.
    """
    edition = batch.edition
    papers = list(dict.fromkeys(m.name for kind in edition.kinds for m in edition.materials_of(kind)))
    columns = (("类别", 18), ("申报单位", 30), (edition.label("credit_code"), 23), (edition.label("region"), 14), ("缺", 5),
               *((label, 12) for label in STEPS.values()), ("下一步", 13), ("期限", 10), ("须核对的日期", 22),
               *((label, 7.5) for label in papers))
    rows = [row for kind in edition.kinds for row in _rows(judgements[kind], papers, on)]
    sheet = SheetPlan(MATERIALS, freeze=(HEADER + 1, 2), protect=True)
    as_of = f"截至 {on.isoformat()}" if on else "未定截至日期，不判断逾期未寄"
    head(sheet, HEADER, MATERIALS, f"{as_of}　　{edition.last_day}邮寄至{edition.recipient}　　共缺 {sum(row[4] for row in rows)} 份　　"
                                   "收到后在各类单位的表中填材料列和收到日期，再重新校验；待核：是否应交或是否办过尚不能确定", columns)
    sheet.heights[HEADER] = 62
    looks = [*[style.TABLE_CELL] * 2, *[style.TABLE_CENTERED] * (len(columns) - 2)]
    sheet.put_columns(HEADER + 1, 0, transpose(rows, len(columns)), looks)
    sheet.heights |= {HEADER + i: row_height(row, [width for _, width in columns]) for i, row in enumerate(rows, 1)}
    if rows:
        sheet.conditions = _conditions(HEADER + 1, HEADER + len(rows), len(columns), len(papers))
    sheet.tables.append(Table((HEADER, 0, HEADER + max(len(rows), 1), len(columns) - 1), "T_materials",
                              tuple(label for label, _ in columns)))
    sheet.print = Print(landscape=True, fit=(2, 0), scale=_SCALE, repeat_rows=(HEADER, HEADER), repeat_columns=(0, 1),
                        column_breaks=(len(columns) - len(papers),))
    return sheet


def _conditions(top: int, bottom: int, width: int, papers: int) -> list[Condition]:
    first, timing = width - papers, width - papers - 2
    steps = timing - 1 - len(STEPS)

    def equal(left: int, right: int, word: str, look: Style) -> Condition:
        return Condition((top, left, bottom, right), f'{a1(top, left)}="{word}"', look)

    return [*(equal(first, width - 1, STATES[key], look) for key, look in _STATE_LOOKS.items()),
            *(equal(timing, timing, TIMINGS[key], style.ILLEGAL) for key in LATE),
            equal(timing, timing, TIMINGS["unverified"], style.LACKING),
            equal(steps, timing - 2, STATES["unverified"], style.LACKING)]


def _rows(found: Judgement, papers: list[str], on: date | None) -> list[list]:
    edition, kind = found.edition, found.edition.kinds[found.kind]
    of = {m.name: found.states[m.id] for m in edition.materials_of(kind.id)}
    where = regions(found.frame, edition, kind.id).tolist()
    return [[kind.label, name, code, region, sum(states[i] == "missing" for states in of.values()), *_progress(standing),
             *(STATES[of[paper][i]] if paper in of else None for paper in papers)]
            for i, (name, code, region, standing) in enumerate(
                zip(found.frame["name"], found.frame["credit_code"], where, judge_mailing(found, on)))]


def _progress(standing: Standing) -> list[str | None]:
    return [*(step.said for step in standing.steps.values()), next_step(standing), TIMINGS[standing.timing],
            "；".join(standing.doubts) or None]


def next_step(standing: Standing) -> str:
    """The next step in a word or two: '商务部门核准', '核实邮寄', '已齐'."""
    if standing.next is None:
        return DONE
    doubtful = standing.steps[standing.next].state == "doubt"
    return f"核实{STEPS[standing.next]}" if doubtful else STEPS[standing.next]


def lacking(found: Judgement, row: int) -> list[str]:
    """The names of the materials that an applicant owes and has not handed in."""
    return [m.name for m in found.edition.materials_of(found.kind) if found.states[m.id][row] == "missing"]
