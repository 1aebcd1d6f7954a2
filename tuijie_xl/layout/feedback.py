"""反馈: the sheet added to a bureau's own file: every problem with a link to its cell, and every applicant's verdict.

Column A is hidden; its first cell bears the mark by which intake knows the sheet and passes it over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..book import Link, SheetPlan, Style
from ..criteria import VERDICTS
from ..edition import Edition
from ..intake.submission import FEEDBACK_MARK, FEEDBACK_SHEET
from ..problem import SEVERITIES, Problem, count_by_severity
from . import style
from .paper import ROW_LIMIT
from .records import landscape, row_height

_PROBLEMS = (("序号", 6), ("程度", 8), ("位置", 20), ("申报单位", 28), ("列名", 22), ("现值", 22), ("问题", 46), ("怎么改", 46),
             ("依据", 16))
_APPLICANTS = ("序号", "结论", "位置", "申报单位", "类别", "代码", "未达到或待补充的推介标准")
_WIDTHS = [width for _, width in _PROBLEMS]
_FIRST, _LAST = 1, len(_PROBLEMS)       # columns of the lists; 0 is hidden
_TINTS = {"error": style.ILLEGAL, "warning": style.LACKING}
_TODO = "请点“位置”到原处改正（有问题的单元格已着色，批注里写明怎么改；错误须更正，待核请核对，提示供参考），改好后重新盖章报送。"
_MOST_SHOWN = 500                       # characters of a value


@dataclass(frozen=True)
class Finding:
    """A problem and where it stands in the marked copy: ``target`` for a link or None, ``remark`` on the place."""

    problem: Problem
    applicant: str | None
    label: str | None
    target: str | None
    remark: str = ""


@dataclass(frozen=True)
class Result:
    """One applicant of the file: ``verdict`` is a key of VERDICTS, ``open`` the criteria that are not met or not known."""

    kind: str
    name: str | None
    code: str | None
    verdict: str
    open: str
    place: str
    target: str | None


def plan_feedback(edition: Edition, file: str, findings: Sequence[Finding], results: Sequence[Result],
                  remarks: Sequence[str] = ()) -> SheetPlan:
    """``file`` is the name of the bureau's file, ``remarks`` sentences about this copy (converted, signed)."""
    sheet = SheetPlan(FEEDBACK_SHEET, tab_color=style.BAD, hidden_columns={0}, widths={0: 4.0})
    sheet.widths |= {_FIRST + i: width for i, width in enumerate(_WIDTHS)}
    sheet.put(0, 0, FEEDBACK_MARK, style.BASE)
    row = _head(sheet, edition, file, findings, results, remarks)
    sheet.freeze = (row + 1, 0)
    _labels(sheet, row, [label for label, _ in _PROBLEMS])
    for number, finding in enumerate(findings, 1):
        row += 1
        _row(sheet, row, _finding(number, finding, edition), _TINTS.get(finding.problem.severity))
    if results:
        row += 2
        _line(sheet, row, f"申报单位结论（共 {len(results)} 家）", style.GROUP, style.BAND_HEIGHT)
        row += 1
        _labels(sheet, row, _APPLICANTS)
        for number, result in enumerate(results, 1):
            row += 1
            _row(sheet, row, _result(number, result), style.VERDICT_STYLES[result.verdict])
    sheet.print = landscape((0, 0))
    return sheet


def _head(sheet: SheetPlan, edition: Edition, file: str, findings: Sequence[Finding], results: Sequence[Result],
          remarks: Sequence[str]) -> int:
    """Title, counts, what to do and what to know of this copy; the row after them."""
    counts = count_by_severity(finding.problem for finding in findings)
    said = "，".join(f"{word} {counts[key]}" for key, word in SEVERITIES.items())
    verdicts = "，".join(f"{word} {sum(r.verdict == key for r in results)}" for key, word in VERDICTS.items())
    lines = [f"{file}　　申报单位 {len(results)} 家：{verdicts}　　问题 {len(findings)} 条：{said}",
             f"{_TODO}{edition.last_day}报送。",
             f"本表（“{FEEDBACK_SHEET}”，加在最后一张）和【推介校验】批注由推介工具所加，重新报送时不必删除，不会当作申报内容。",
             *remarks]
    _line(sheet, 0, f"{edition.title} · 校验反馈", style.TITLE, style.TITLE_HEIGHT)
    for row, text in enumerate(lines, 1):
        look = style.HINT if row <= 3 else replace(style.HINT, bold=True, color=style.BAD)
        _line(sheet, row, text, replace(look, size=10, wrap=True), style.HINT_HEIGHT)
    sheet.heights[len(lines) + 1] = 6
    return len(lines) + 2


def _line(sheet: SheetPlan, row: int, text: str, look: Style, height: float) -> None:
    sheet.merge((row, _FIRST, row, _LAST), text, look)
    sheet.heights[row] = height


def _labels(sheet: SheetPlan, row: int, labels: Sequence[str]) -> None:
    *labels, last = labels
    for column, label in enumerate(labels, _FIRST):
        sheet.put(row, column, label, style.TABLE_HEAD)
    sheet.merge((row, _FIRST + len(labels), row, _LAST), last, style.TABLE_HEAD)
    sheet.heights[row] = 24


def _row(sheet: SheetPlan, row: int, values: Sequence, tint: Style | None) -> None:
    """One line of a list; the second column wears the colour of what it says. The last value has the rest of the width."""
    for column, value in enumerate(values, _FIRST):
        look = style.TABLE_CENTERED if column <= _FIRST + 1 else style.TABLE_CELL
        if column == _FIRST + 1 and tint:
            look = replace(look, bold=True, color=tint.color, fill=tint.fill)
        if isinstance(value, Link):
            look = replace(style.LINKED, wrap=True)
        sheet.put(row, column, value, look)
    texts = [value.text if isinstance(value, Link) else value for value in values]
    if len(values) < _LAST:
        last = _FIRST + len(values) - 1
        sheet.cells.pop()
        sheet.merge((row, last, row, _LAST), values[-1], style.TABLE_CELL)
        texts[-1] = None
    sheet.heights[row] = min(row_height(texts, _WIDTHS), ROW_LIMIT)


def _finding(number: int, finding: Finding, edition: Edition) -> tuple:
    one = finding.problem
    where = one.cell or (f"第{one.row}行" if one.row else "整表" if one.sheet is not None else "整个文件")
    place = " ".join(part for part in (one.sheet, where, f"（{finding.remark}）" if finding.remark else "") if part)
    return (number, SEVERITIES[one.severity], Link(finding.target, place, "跳到该单元格") if finding.target else place,
            finding.applicant, finding.label, one.value and one.value[:_MOST_SHOWN], one.message, one.remedy,
            edition.cite(one.source))


def _result(number: int, result: Result) -> tuple:
    place = Link(result.target, result.place, "跳到该单元格") if result.target else result.place
    return number, VERDICTS[result.verdict], place, result.name, result.kind, result.code, result.open
