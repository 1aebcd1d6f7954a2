"""问题清单: every problem with its place, value, remedy and clause; the place is a link to the very cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from ..batch import Named
from ..book import Condition, Link, SheetPlan, Table, Validation, a1
from ..edition import Edition
from ..problem import SEVERITIES, Problem
from . import style
from .records import head, landscape, row_height

SHEET = "问题清单"
HEADER = 3
STATE, NOTE = "处理情况", "处理说明"      # the officer's own columns
COLUMNS = (("序号", 6), ("程度", 7), ("申报单位", 30), ("字段", 22), ("现值", 20), ("问题", 48), ("处理办法", 48),
           ("依据", 18), ("位置", 16), ("出自文件", 26), ("出自工作表", 14), ("单元格", 9), ("代号", 20), ("单位代码", 21),
           (STATE, 10), (NOTE, 30))
_PLACE = 8
_QUIET = (9, 10, 11, 12, 13)
NOBODY = Named(None, None, None)
VERIFIED, EXEMPT, RETURNED = STATES = ("已核", "豁免", "退回")


class Handling(NamedTuple):
    """What an officer decided about one problem: a word of ``STATES`` (or another text), and why."""

    state: str | None = None
    note: str | None = None

    @property
    def settles(self) -> bool:
        """True when nothing is left to do: verified, or exempt for a reason that is written down."""
        return self.state == VERIFIED or self.state == EXEMPT and bool(self.note)


def count_handled(handling: Iterable[Handling]) -> dict[str, int]:
    """How many problems are in each state; those exempt without a reason do not count."""
    counted = Counter(one.state for one in handling if one.settles or one.state == RETURNED)
    return {state: counted[state] for state in STATES}


def problem_lines(problems: Sequence[Problem], edition: Edition, targets: Sequence[str | None],
                  applicants: Mapping[tuple, Named]) -> list[tuple]:
    """One line a problem, without the officer's columns. ``targets`` gives each problem's cell in this workbook
    ("'企业'!F5") or None; ``applicants`` maps (file, sheet, row) as read to the applicant."""
    return [_line(i, p, edition, target, applicants.get((p.file, p.sheet, p.row), NOBODY))
            for i, (p, target) in enumerate(zip(problems, targets), 1)]


def plan_problems(lines: Sequence[tuple], handling: Sequence[Handling] = ()) -> SheetPlan:
    """The sheet of ``lines`` (see ``problem_lines``), each with what the officer decided about it."""
    rows = [(*line, *own) for line, own in zip(lines, handling or [(None, None)] * len(lines))]
    sheet = SheetPlan(SHEET, tab_color=style.BAD, freeze=(HEADER + 1, 3))
    head(sheet, HEADER, SHEET, f"共 {len(rows)} 条：{_said(lines, handling)}　　点“位置”跳到该单元格；错误须更正，待核由您判断，提示供参考",
         COLUMNS)
    looks = [style.TABLE_CENTERED if i in (0, 1) else style.TABLE_QUIET if i in _QUIET else style.TABLE_CELL
             for i in range(len(COLUMNS))]
    looks[_PLACE] = replace(style.LINKED, wrap=True)
    if rows:
        sheet.put_columns(HEADER + 1, 0, list(zip(*rows)), looks)
        sheet.heights |= {HEADER + i: row_height(row, [width for _, width in COLUMNS]) for i, row in enumerate(rows, 1)}
        _guide_eye_and_hand(sheet, len(rows))
    sheet.tables.append(Table((HEADER, 0, HEADER + max(len(rows), 1), len(COLUMNS) - 1), "T_problems",
                              tuple(label for label, _ in COLUMNS)))
    sheet.print = landscape((HEADER, HEADER))
    return sheet


def _guide_eye_and_hand(sheet: SheetPlan, size: int) -> None:
    """Colours of the severities, and the words that 处理情况 may hold."""
    first, last, state = HEADER + 1, HEADER + size, len(COLUMNS) - 2
    for key, look in (("error", style.ILLEGAL), ("warning", style.LACKING)):
        sheet.conditions.append(Condition((first, 1, last, 1), f'$B{first + 1}="{SEVERITIES[key]}"', replace(look, bold=True)))
    lacking = f'AND({a1(first, state, fixed="column")}="{EXEMPT}",{a1(first, state + 1, fixed="column")}="")'
    sheet.conditions.append(Condition((first, state + 1, last, state + 1), lacking, style.LACKING))
    sheet.validations.append(Validation(
        (first, state, last, state), "list", values=STATES, prompt_title=STATE,
        prompt="已核：核对无误；豁免：不作要求，须在处理说明写明原因；退回：退回地方更正。结论不因此改变。", error_title=STATE,
        error=f"请选{'、'.join(STATES)}；其他说明写在“{NOTE}”。"))


def _said(lines: Sequence[tuple], handling: Sequence[Handling]) -> str:
    """How many of each severity; once officers have decided some, how many are still open and what was decided."""
    still = [line[1] for i, line in enumerate(lines) if not (handling and handling[i].settles)]
    said = "　".join(f"{word} {still.count(word)}" for word in SEVERITIES.values())
    decided = {state: number for state, number in count_handled(handling).items() if number}
    return said if not decided else f"待处理 {said}　|　" + "　".join(f"{state} {number}" for state, number in decided.items())


def _line(number: int, one: Problem, edition: Edition, target: str | None, who: Named) -> tuple[Any, ...]:
    label = one.field and (edition.fields(who.kind)[one.field].label if who.kind else edition.label(one.field))
    return (number, SEVERITIES[one.severity], who.name, label, one.value and one.value[:1000], one.message, one.remedy,
            edition.cite(one.source), _place(one, target), one.file and Path(one.file).name, one.sheet,
            one.cell or (f"第{one.row}行" if one.row else None), one.code, who.code)


def _place(one: Problem, target: str | None) -> Link | str | None:
    """A link to the cell; for a problem of a whole sheet or file, to its line in 导入记录."""
    if one.row:
        return Link(target, target.replace("'", ""), "跳到该单元格") if target else None
    words = "（整表）" if one.sheet is not None else "（整个文件）"
    return Link(target, words, "跳到导入记录") if target else words
