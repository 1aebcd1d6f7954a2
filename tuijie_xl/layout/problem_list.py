"""问题清单: every problem with its place, value, remedy and clause; the place is a link to the very cell."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ..book import Condition, Link, SheetPlan, Table
from ..edition import Edition
from ..problem import SEVERITIES, Problem, count_by_severity
from . import style
from .records import head, landscape, row_height

SHEET = "问题清单"
HEADER = 3
COLUMNS = (("序号", 6), ("程度", 7), ("申报单位", 30), ("字段", 22), ("现值", 20), ("问题", 48), ("处理办法", 48),
           ("依据", 18), ("位置", 16), ("出自文件", 26), ("出自工作表", 14), ("单元格", 9), ("代号", 20), ("处理情况", 16))
_PLACE = 8


def plan_problems(problems: list[Problem], edition: Edition, targets: list[str | None],
                  applicants: dict[tuple, tuple[str, str | None]]) -> SheetPlan:
    """``targets`` gives each problem's cell in this workbook ("'企业'!F5") or None; ``applicants`` maps (file, sheet,
    row) as read to kind and name."""
    counts = count_by_severity(problems)
    said = "　".join(f"{word} {counts[key]}" for key, word in SEVERITIES.items())
    sheet = SheetPlan(SHEET, tab_color=style.BAD, freeze=(HEADER + 1, 3))
    head(sheet, HEADER, SHEET, f"共 {len(problems)} 条：{said}　　点“位置”跳到该单元格；错误须更正，待核由您判断，提示供参考",
         COLUMNS)
    rows = [_row(i, p, edition, target, *applicants.get((p.file, p.sheet, p.row), (None, None)))
            for i, (p, target) in enumerate(zip(problems, targets), 1)]
    looks = [style.TABLE_CENTERED if i in (0, 1) else style.TABLE_QUIET if i in (9, 10, 11, 12) else style.TABLE_CELL
             for i in range(len(COLUMNS))]
    looks[_PLACE] = replace(style.LINKED, wrap=True)
    if rows:
        sheet.put_columns(HEADER + 1, 0, list(zip(*rows)), looks)
        sheet.heights |= {HEADER + i: row_height(row, [width for _, width in COLUMNS]) for i, row in enumerate(rows, 1)}
        area = (HEADER + 1, 1, HEADER + len(rows), 1)
        for key, look in (("error", style.ILLEGAL), ("warning", style.LACKING)):
            sheet.conditions.append(Condition(area, f'$B{HEADER + 2}="{SEVERITIES[key]}"', replace(look, bold=True)))
    sheet.tables.append(Table((HEADER, 0, HEADER + max(len(rows), 1), len(COLUMNS) - 1), "T_problems",
                              tuple(label for label, _ in COLUMNS)))
    sheet.print = landscape((HEADER, HEADER))
    return sheet


def _row(number: int, one: Problem, edition: Edition, target: str | None, kind: str | None, name: str | None) -> tuple:
    label = one.field and (edition.fields(kind)[one.field].label if kind else edition.label(one.field))
    return (number, SEVERITIES[one.severity], name, label, one.value and one.value[:1000], one.message, one.remedy, edition.cite(one.source),
            _place(one, target), one.file and Path(one.file).name, one.sheet,
            one.cell or (f"第{one.row}行" if one.row else None), one.code, None)


def _place(one: Problem, target: str | None) -> Link | str | None:
    """A link to the cell; for a problem of a whole sheet or file, to its line in 导入记录."""
    if one.row:
        return Link(target, target.replace("'", ""), "跳到该单元格") if target else None
    words = "（整表）" if one.sheet is not None else "（整个文件）"
    return Link(target, words, "跳到导入记录") if target else words
