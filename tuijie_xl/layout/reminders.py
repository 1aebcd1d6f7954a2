"""催办单: one sheet a region that says which applicants still lack what, who sees to it and by when."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from ..book import Print, SheetPlan, WorkbookPlan
from ..criteria import Judgement
from ..edition import Edition
from ..mailing import STEPS, TIMINGS, Standing, is_late, judge_mailing
from . import style
from .material_list import lacking, next_step
from .paper import text_height
from .regions import NO_REGION, region_order, regions

TITLE = "催办单"
_COLUMNS = (("序号", 6), ("申报单位", 30), ("类别", 13), ("缺的和待核的材料", 44), ("下一步", 15), ("由谁办理", 15), ("期限", 20),
            ("contact", 12), ("phone", 18))    # the last two: the labels of these fields
_WIDE = len(_COLUMNS) - 1
_PLAIN = replace(style.BASE, font="仿宋", size=12)
_HEAD = replace(style.TABLE_HEAD, font="黑体", size=11, color=style.INK, fill=style.ACCENT_TINT, border="808080")
_CELL = replace(_PLAIN, size=11, border="808080", wrap=True)
_MIDDLE = replace(_CELL, align="center")
_BUREAU = "当地商务主管部门"


@dataclass(frozen=True)
class Owing:
    """An applicant of a region that has something left to do."""

    found: Judgement
    row: int
    standing: Standing
    papers: tuple[str, ...]

    def value(self, field: str) -> Any:
        return self.found.frame[field].iat[self.row] if field in self.found.frame else None


def plan_reminders(judgements: dict[str, Judgement], on: date) -> WorkbookPlan:
    """A sheet for each region that has somebody to remind, in the order of the edition; ``on`` as for ``judge_mailing``.

    Not reminded, but counted in the last line: who has everything, and whose papers are on their way.
    """
    edition = next(iter(judgements.values())).edition
    owing, settled = defaultdict(list), defaultdict(lambda: [0, 0])
    for found in judgements.values():
        places = regions(found.frame, edition, found.kind)
        for row, (region, standing) in enumerate(zip(places, judge_mailing(found, on))):
            one = Owing(found, row, standing, tuple(lacking(found, row)))
            state = _settled(one)
            if state is None:
                owing[region].append(one)
            else:
                settled[region][state] += 1
    sheets = [_plan_region(edition, region, owing[region], settled[region], on)
              for region in region_order(edition, next(iter(edition.kinds))) if owing[region]]
    return WorkbookPlan(sheets or [_plan_nothing(edition, on)], title=f"{edition.title}{TITLE}", subject=edition.title)


def _settled(one: Owing) -> int | None:
    """0: has everything; 1: its papers are on their way; None: there is something to remind of."""
    states = [states[one.row] for states in one.found.states.values()]
    if one.standing.next is None and not one.papers and not one.standing.doubts and "unverified" not in states:
        return 0
    nothing_known = "received" not in states or not one.papers and "unverified" not in states
    return 1 if one.standing.next == "received" and not one.standing.doubts and nothing_known else None


def _plan_region(edition: Edition, region: str, owing: list[Owing], settled: list[int], on: date) -> SheetPlan:
    sheet = _begin(region)
    known = region != NO_REGION
    text = edition.text("reminder_late" if is_late(on, edition) else "reminder",
                        region=region if known else "地区尚未确定的", count=len(owing), day=say_day(on))
    row = _lines(sheet, (f"{edition.title}{TITLE}", f"{region}商务主管部门：" if known else "有关商务主管部门：", f"　　{text}"))
    for column, (label, _) in enumerate(_COLUMNS):
        sheet.put(row, column, edition.label(label) if label.isascii() else label, _HEAD)
    sheet.heights[row] = 28
    for number, one in enumerate(owing, 1):
        _put_row(sheet, row + number, (number, *_told(one, edition)))
    rest = "　".join(f"{word} {count} 家" for word, count in zip(("手续、材料已齐的", "已邮寄、待收到的"), settled) if count)
    if rest:
        sheet.merge((row + len(owing) + 1, 0, row + len(owing) + 1, _WIDE), f"未列入本单：{rest}。", replace(_PLAIN, size=10))
        sheet.heights[row + len(owing) + 1] = 26
    sheet.print = Print(landscape=True, fit=(1, 0), repeat_rows=(row, row), centered=True,
                        footer=f"&L&9{region}　截至 {on.isoformat()}&C&9第 &P 页，共 &N 页")
    return sheet


def _told(one: Owing, edition: Edition) -> tuple:
    """The cells of an applicant after its number: what is lacking, what is next, who does it, by when, whom to call."""
    timing = one.standing.timing
    when = edition.last_day + (f"，{TIMINGS[timing]}" if timing not in ("waiting", "in_time") else "")
    contact = "\n".join(str(text) for text in (one.value("phone"), one.value("mobile")) if text)
    notes = [*one.papers, *(f"{name}（待核）" for name in _unverified(one)), *(f"{text}（待核）" for text in one.standing.doubts)]
    return (one.value("name"), edition.kinds[one.found.kind].label, "、".join(notes) or "—", _to_do(one),
            _BUREAU if one.standing.next == "approved" else "申报单位", when, one.value("contact"), contact or None)


def _unverified(one: Owing) -> list[str]:
    return [m.name for m in one.found.edition.materials_of(one.found.kind) if one.found.states[m.id][one.row] == "unverified"]


def _to_do(one: Owing) -> str:
    """What the bureau is asked to see to; the last step is ours, so before it the papers that are lacking come."""
    step = one.standing.next
    if step == "filled":
        return f"{STEPS[step]}（{one.standing.steps[step].said}）"
    if step in (None, "received"):
        return "补齐材料" if one.papers else "核实"
    return next_step(one.standing)


def _put_row(sheet: SheetPlan, row: int, values: tuple) -> None:
    for column, value in enumerate(values):
        sheet.put(row, column, value, _CELL if column in (1, 3, 6) else _MIDDLE)
    sheet.heights[row] = max([24, *(text_height(str(value), _points(_COLUMNS[column][1]), _CELL.size)
                                    for column, value in enumerate(values) if value is not None)])


# ------------------------------------------------------------------ shared

def _begin(name: str) -> SheetPlan:
    return SheetPlan(name, widths={i: width for i, (_, width) in enumerate(_COLUMNS)}, tab_color=style.WAIT)


def _lines(sheet: SheetPlan, texts: tuple[str, ...]) -> int:
    """Title, salutation and text, each across the sheet from the top; the next row."""
    looks = (replace(_PLAIN, font="黑体", size=18, align="center"), replace(_PLAIN, bold=True), replace(_PLAIN, wrap=True))
    for row, (text, look) in enumerate(zip(texts, looks)):
        sheet.merge((row, 0, row, _WIDE), text, look)
        width = sum(_points(width) for _, width in _COLUMNS)
        sheet.heights[row] = max(26, text_height(text, width, look.size) + 8)
    return len(texts)


def _plan_nothing(edition: Edition, on: date) -> SheetPlan:
    sheet = _begin(TITLE)
    _lines(sheet, (f"{edition.title}{TITLE}", f"截至{say_day(on)}，没有需要催办的申报单位。"))
    sheet.print = Print(landscape=True, fit=(1, 0), centered=True)
    return sheet


def _points(width: float) -> float:
    return (width * 7 + 5) * 0.75


def say_day(day: date) -> str:
    """A day as letters write it: '2018年7月3日'."""
    return f"{day.year}年{day.month}月{day.day}日"
