"""材料交接单: for each applicant one A4 page that lists the papers called for, to be ticked and signed at the handing over."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date

from ..book import Print, SheetPlan, WorkbookPlan
from ..criteria import STATES, Judgement
from ..edition import Edition
from ..mailing import STEPS, Standing, judge_mailing
from . import style
from .paper import text_height
from .regions import region_order, regions

TITLE = "材料交接单"
_WIDTHS = (19, 33, 12, 9, 18)           # number, paper, clause, tick, remark: 488 points of the 523 between the margins
_LAST = len(_WIDTHS) - 1
_TEXT = replace(style.BASE, font="宋体", size=11, border="404040", wrap=True)
_MIDDLE = replace(_TEXT, align="center")
_LABEL = replace(_MIDDLE, font="黑体")
_TITLE = replace(style.BASE, font="黑体", size=18, align="center")
_SMALL = replace(style.BASE, font="宋体", size=10, wrap=True)


def plan_cover_lists(judgements: dict[str, Judgement], on: date) -> WorkbookPlan:
    """A sheet a region, a page an applicant, numbered as its sheets are; ``on`` as for ``judge_mailing``."""
    edition = next(iter(judgements.values())).edition
    grouped = defaultdict(list)
    for found in judgements.values():
        places = regions(found.frame, edition, found.kind)
        for row, (region, standing) in enumerate(zip(places, judge_mailing(found, on))):
            grouped[region].append((found, row, standing))
    sheets = [_plan_region(edition, region, grouped[region])
              for region in region_order(edition, next(iter(edition.kinds))) if grouped[region]]
    return WorkbookPlan(sheets or [SheetPlan(TITLE, cells=[(0, 0, "没有申报单位", _TITLE)])],
                        title=f"{edition.title}{TITLE}", subject=edition.title)


def _plan_region(edition: Edition, region: str, everyone: list[tuple[Judgement, int, Standing]]) -> SheetPlan:
    sheet = SheetPlan(region, widths=dict(enumerate(_WIDTHS)))
    page, breaks = _Page(sheet), []
    for number, (found, row, standing) in enumerate(everyone, 1):
        if number > 1:
            breaks.append(page.row)
        _put_applicant(page, found, row, standing, f"{region}　{number:03d}")
    sheet.print = Print(scale=100, row_breaks=tuple(breaks), centered=True, footer=f"&C&9{edition.title}　第 &P 页，共 &N 页")
    return sheet


def _put_applicant(page: _Page, found: Judgement, row: int, standing: Standing, number: str) -> None:
    edition, frame = found.edition, found.frame
    page.line(((0, _LAST, f"{edition.title}　{TITLE}", _TITLE),), 40)
    page.line(((0, _LAST, f"编号：{number}", replace(_SMALL, align="right")),), 20)
    for label, value in (("申报单位", frame["name"].iat[row]), ("类别", edition.kinds[found.kind].label),
                         (edition.label("credit_code"), frame["credit_code"].iat[row])):
        page.line(((0, 0, label, _LABEL), (1, _LAST, value, _TEXT)), 26)
    page.line(tuple((i, i, text, _LABEL) for i, text in enumerate(("序号", "申报材料", "依据", "收到", "备注"))), 26)
    called = papers_called_for(found, row)
    for place, (name, clause, state, remark) in enumerate(called, 1):
        page.line(((0, 0, place, _MIDDLE), (1, 1, name, _TEXT), (2, 2, clause, _MIDDLE),
                   (3, 3, "☑" if state == "received" else "☐", replace(_MIDDLE, size=13)), (4, 4, remark, _MIDDLE)), 27)
    _put_foot(page, edition, [state for _, _, state, _ in called], standing)


def _put_foot(page: _Page, edition: Edition, states: list[str], standing: Standing) -> None:
    """What adds up, how far the papers have come, and where to stamp and sign."""
    counts = "，".join(f"{STATES[key]} {states.count(key)}" for key in ("received", "missing", "unverified"))
    page.line(((0, 0, "合计", _LABEL), (1, _LAST, f"共 {len(states)} 项：{counts}", _TEXT)), 26)
    steps = [f"{'☑' if standing.done(name) else '☐'} {word}{_noted(standing, name)}" for name, word in STEPS.items()]
    page.line(((0, 0, "办理进度", _LABEL), (1, _LAST, "　".join(steps[:3]) + "\n" + "　".join(steps[3:]), _TEXT)), 40)
    page.line(((0, 1, "申报单位（盖章）\n\n\n\n移交人：　　　　　　日期：", _TEXT),
               (2, _LAST, f"{edition.recipient}（收件）\n\n\n\n接收人：　　　　　　日期：", _TEXT)), 110)
    page.line(((0, _LAST, f"请将材料于{edition.last_day}邮寄至{edition.recipient}。☑ 为已收到，☐ 为未收到或待核。", _SMALL),), 30)


def _noted(standing: Standing, name: str) -> str:
    step = standing.steps[name]
    return f"（{step.said}）" if step.on or step.state == "doubt" or name == "filled" and step.state == "open" else ""


def papers_called_for(found: Judgement, row: int) -> list[tuple[str, str, str, str | None]]:
    """(name, clause, state, remark) of every paper that an applicant owes, may owe or has handed in."""
    papers = []
    for m in found.edition.materials_of(found.kind):
        state, owed = found.states[m.id][row], found.required[m.id].to_numpy(dtype=object, na_value=None)[row]
        if state != "not_applicable":
            remark = "是否须交待核" if owed is None else STATES[state] if state == "unverified" else None
            papers.append((m.name, found.edition.clauses[m.clause].number, state, remark))
    return papers


class _Page:
    """Fills a sheet downwards; every row is at least as high as its texts need."""

    def __init__(self, sheet: SheetPlan):
        self.sheet, self.row = sheet, 0

    def line(self, cells: tuple, height: float) -> None:
        """One row of (first column, last column, value, style)."""
        for left, right, value, look in cells:
            self.sheet.merge((self.row, left, self.row, right), value, look)
            width = sum((w * 7 + 5) * 0.75 for w in _WIDTHS[left:right + 1])
            height = max(height, text_height(str(value or ""), width, look.size))
        self.sheet.heights[self.row] = height
        self.row += 1
