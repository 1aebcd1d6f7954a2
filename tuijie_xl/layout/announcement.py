"""The public list of recommended applicants, and beside it, for the office alone, who is not on it and why.

The public list holds name, region, kind and line of business, and nothing else of an applicant.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from ..book import Print, SheetPlan, WorkbookPlan
from ..criteria import VERDICTS, Judgement, as_text
from ..edition import Edition
from ..problem import Problem
from . import style
from .paper import text_height
from .regions import region_order, regions

TITLE, LEFT_OUT = "推介名单", "未列入单位"
UNMET = "criterion-unmet"
TWIN = "duplicate-applicant"
#: What an applicant does: the first of these that its kind has and that is filled in.
_BUSINESS = ("main_service", "industry", "services")
_COLUMNS = (("序号", 7), ("地区", 15), ("单位名称", 36), ("类别", 22), ("主要业务", 26))
_LEFT_COLUMNS = (("序号", 6), ("地区", 13), ("单位名称", 34), ("类别", 14), ("结论", 9), ("错误", 7), ("原因", 30))
_FACE = replace(style.BASE, font="仿宋", size=12, wrap=True)
_CELL = replace(_FACE, size=11, border="404040")
_MIDDLE = replace(_CELL, align="center")
_LABEL = replace(_MIDDLE, font="黑体")


@dataclass(frozen=True)
class Candidate:
    """An applicant as the list sees it. ``errors`` are what stands in its way although its verdict may be 'eligible'."""

    name: str
    region: str
    kind: str
    business: str | None
    verdict: str
    errors: tuple[str, ...]

    @property
    def is_listed(self) -> bool:
        return self.verdict == "eligible" and not self.errors

    @property
    def is_open(self) -> bool:
        """Whether something about it has still to be settled before a list is published."""
        return self.verdict == "unknown" or bool(self.errors)


def candidates(judgements: dict[str, Judgement], origins: dict[str, list[tuple]], problems: Iterable[Problem]) -> list[Candidate]:
    """Every applicant, by region as the edition orders them, then by name; ``origins`` as in ``Applicants``.

    An unmet criterion is no error here (the verdict says it); two rows of one applicant with different content are.
    """
    edition = next(iter(judgements.values())).edition
    errors: dict[object, list[str]] = {}
    for one in problems:
        if one.code == TWIN:            # told of the later row, by the code or name that both rows bear
            errors.setdefault(one.value, []).append(one.message)
        elif one.severity == "error" and one.code != UNMET:
            errors.setdefault((one.file, one.sheet, one.row), []).append(one.message)
    order = {region: i for i, region in enumerate(region_order(edition, next(iter(edition.kinds))))}
    found = [Candidate(name or "（未填名称）", region, edition.kinds[kind].label, _business(group, row), group.verdicts[row],
                       tuple(text for key in {origins[kind][row], code, name} for text in errors.get(key, ())))
             for kind, group in judgements.items()
             for row, (name, code, region) in enumerate(zip(group.frame["name"], group.frame["credit_code"],
                                                            regions(group.frame, edition, kind)))]
    return sorted(found, key=lambda one: (order[one.region], one.name.encode("gb18030", "replace")))


def _business(found: Judgement, row: int) -> str | None:
    """What an applicant does, in terms of the edition; a free text could hold anything and is not published."""
    fields = found.edition.fields(found.kind)
    for name in _BUSINESS:
        f = fields.get(name)
        value = found.frame[name].iat[row] if f and f.vocabulary else None
        chosen = value if isinstance(value, tuple) else (value,)
        if value and {term.label for term in found.edition.terms(f)}.issuperset(chosen):
            return as_text(value)
    return None


def plan_public_list(edition: Edition, everyone: list[Candidate]) -> WorkbookPlan:
    """The announcement: title, lead, numbered table, place and day left for the signer."""
    listed = [one for one in everyone if one.is_listed]
    sheet = SheetPlan(TITLE, widths={i: width for i, (_, width) in enumerate(_COLUMNS)})
    title = edition.text("announcement_title")
    _across(sheet, 0, title, replace(_FACE, font="黑体", size=20, align="center"), 54)
    _across(sheet, 1, f"　　{edition.text('announcement', count=len(listed))}", _FACE, 30)
    _table(sheet, 3, _COLUMNS, [(i, one.region, one.name, one.kind, one.business) for i, one in enumerate(listed, 1)])
    row = 4 + len(listed)
    for text, height in (("", 20), (edition.text("announcement_sender"), 28), ("　　　　年　　　月　　　日", 28)):
        _across(sheet, row, text or None, replace(_FACE, align="right"), height)
        row += 1
    sheet.print = Print(fit=(1, 0), repeat_rows=(3, 3), centered=True, margins=(0.9, 0.9, 0.9, 0.8))
    return WorkbookPlan([sheet], title=title, subject=edition.title)


def plan_left_out(edition: Edition, everyone: list[Candidate], problems: Iterable[Problem]) -> WorkbookPlan:
    """Every applicant that is not on the list, why, and what stands in the way without belonging to an applicant."""
    rest = [one for one in everyone if not one.is_listed]
    sheet = SheetPlan(LEFT_OUT, widths={i: width for i, (_, width) in enumerate(_LEFT_COLUMNS)})
    _across(sheet, 0, f"{edition.text('announcement_title')}　{LEFT_OUT}（内部使用）", replace(_FACE, font="黑体", size=16), 40, len(_LEFT_COLUMNS))
    counts = Counter(one.verdict for one in rest)
    said = "，".join(f"{word} {counts[key]} 家" for key, word in VERDICTS.items() if counts[key])
    _across(sheet, 1, f"共 {len(rest)} 家" + (f"：{said}" if said else ""), _FACE, 28, len(_LEFT_COLUMNS))
    rows = [(i, one.region, one.name, one.kind, VERDICTS[one.verdict], len(one.errors), _reason(one)) for i, one in enumerate(rest, 1)]
    loose = [(None, None, Path(p.file).name if p.file else None, None, None, 1, "不属于任何单位的错误，见问题清单") for p in problems]
    _table(sheet, 3, _LEFT_COLUMNS, rows + loose)
    sheet.print = Print(landscape=True, fit=(1, 0), repeat_rows=(3, 3), centered=True)
    return WorkbookPlan([sheet], title=LEFT_OUT, subject=edition.title)


def _reason(one: Candidate) -> str:
    """In words, without quoting what the cells hold."""
    verdict = {"eligible": "", "ineligible": "未达到推介标准", "unknown": "资料不全，尚不能判断"}[one.verdict]
    return "；".join(part for part in (verdict, f"有 {len(one.errors)} 处错误或重复待更正" if one.errors else "") if part)


def _across(sheet: SheetPlan, row: int, text: str | None, look, height: float, columns: int = len(_COLUMNS)) -> None:
    sheet.merge((row, 0, row, columns - 1), text, look)
    width = sum((sheet.widths[i] * 7 + 5) * 0.75 for i in range(columns))
    sheet.heights[row] = max(height, text_height(text or "", width, look.size) + 8)


def _table(sheet: SheetPlan, top: int, columns: tuple, rows: list[tuple]) -> None:
    for column, (label, _) in enumerate(columns):
        sheet.put(top, column, label, _LABEL)
    sheet.heights[top] = 28
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            sheet.put(top + number, column, value, _CELL if columns[column][0] in ("单位名称", "原因") else _MIDDLE)
        sheet.heights[top + number] = max([24, *(text_height(str(value), (width * 7 + 5) * 0.75, _CELL.size)
                                                 for value, (_, width) in zip(row, columns) if value is not None)])
