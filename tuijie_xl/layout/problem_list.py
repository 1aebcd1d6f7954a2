"""问题清单: every problem with its place, its value, what to do and the clause; the place is a link to the very cell."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ..book import Condition, Link, SheetPlan, Table
from ..edition import Edition
from ..problem import SEVERITIES, Problem, count_by_severity
from . import style
from .records import head, landscape

SHEET = "问题清单"
HEADER = 3
COLUMNS = (("序号", 6), ("程度", 7), ("申报单位", 30), ("字段", 22), ("现值", 20), ("问题", 48), ("处理办法", 48),
           ("依据", 18), ("位置", 16), ("出自文件", 26), ("出自工作表", 14), ("单元格", 9), ("代号", 20), ("处理情况", 16))
_PLACE = 8


def plan_problems(problems: list[Problem], edition: Edition, targets: list[str | None],
                  names: dict[tuple, str]) -> SheetPlan:
    """``targets`` gives each problem's cell in this workbook ("'企业'!F5") or None; ``names`` the applicants'."""
    counts = count_by_severity(problems)
    said = "　".join(f"{word} {counts[key]}" for key, word in SEVERITIES.items())
    sheet = SheetPlan(SHEET, tab_color=style.BAD, freeze=(HEADER + 1, 3))
    head(sheet, HEADER, SHEET, f"共 {len(problems)} 条：{said}　　点“位置”跳到该单元格；错误须更正，待核由您判断，提示供参考", COLUMNS)
    labels = {(f.id): f.label for kind in edition.kinds for f in edition.fields(kind).values()}
    rows = [(i, SEVERITIES[p.severity], names.get((p.file, p.sheet, p.row)), labels.get(p.field, p.field), p.value, p.message,
             p.remedy, edition.cite(p.source), _place(p, target), p.file and Path(p.file).name, p.sheet,
             p.cell or (f"第{p.row}行" if p.row else None), p.code, None)
            for i, (p, target) in enumerate(zip(problems, targets), 1)]
    looks = [style.TABLE_CENTERED if i in (0, 1) else style.TABLE_QUIET if i in (9, 10, 11, 12) else style.TABLE_CELL
             for i in range(len(COLUMNS))]
    looks[_PLACE] = replace(style.LINKED, wrap=True)
    if rows:
        sheet.put_columns(HEADER + 1, 0, list(zip(*rows)), looks)
        area = (HEADER + 1, 1, HEADER + len(rows), 1)
        for key, look in (("error", style.ILLEGAL), ("warning", style.LACKING)):
            sheet.conditions.append(Condition(area, f'$B{HEADER + 2}="{SEVERITIES[key]}"', replace(look, bold=True)))
    sheet.tables.append(Table((HEADER, 0, HEADER + max(len(rows), 1), len(COLUMNS) - 1), "T_problems",
                              tuple(label for label, _ in COLUMNS)))
    sheet.print = landscape((HEADER, HEADER))
    return sheet


def _place(one: Problem, target: str | None) -> Link | str | None:
    """A link to the cell; a problem of a whole sheet or file says so in words."""
    if target:
        return Link(target, target.replace("'", ""), "跳到该单元格")
    return "（整表）" if one.sheet else "（整个文件）"
