"""The pages to read: 填表说明 (what to do, colours, standards, materials, definitions) and 材料清单."""

from __future__ import annotations

from collections.abc import Sequence

from ..book import Print, SheetPlan, Style
from ..criteria import VERDICTS
from ..edition import OWN, Edition
from . import style
from .paper import text_height
from .prompts import definitions
from .words import describe

GUIDE, MATERIALS = "填表说明", "材料清单"
_WIDTHS = (2.0, 5.5, 21.0, 35.0, 33.0, 2.0)    # margin, number, head, text, text, margin
_LEFT, _HEAD, _TEXT, _RIGHT = 1, 2, 3, 4


def plan_guide(edition: Edition, rows: int = 0) -> SheetPlan:
    """填表说明: one or two A4 pages. ``rows`` is how many rows are prepared on each sheet, when their number is fixed."""
    sheet = SheetPlan(GUIDE, widths=dict(enumerate(_WIDTHS)), tab_color=style.WAIT, protect=True)
    page = _Page(sheet)
    page.cover(edition.title, f"推介填报表　·　填表说明　·　{edition.last_day}将材料邮寄至{edition.recipient}")
    page.section("怎样填报")
    for number, (head, text) in enumerate(_steps(edition, rows), 1):
        page.line(head, text, number=str(number))
    page.section("颜色与标记")
    for look, sample, text in _legend():
        page.line(sample, text, head_style=look, text_style=style.READ)
    _standards(page, edition)
    page.section("申报材料（原文；逐项清单见“材料清单”工作表）")
    for clause in dict.fromkeys(m.clause for m in edition.materials):
        quoted = edition.clauses[clause]
        owner = edition.kinds[quoted.kind].label if quoted.kind else ""
        page.line(f"{owner}\n{quoted.number}".strip(), quoted.words)
    _definitions(page, edition)
    sheet.print = Print(fit=(1, 0), centered=True, margins=(0.45, 0.45, 0.5, 0.6))
    return sheet


def _steps(edition: Edition, rows: int) -> list[tuple[str, str]]:
    sheets = "、".join(f"“{kind.sheet}”（{kind.label}）" for kind in edition.kinds.values())
    prepared = f"，每表备有 {rows} 行" if rows else ""
    fill = (f"选中单元格，旁边会显示这一列的含义、单位、例子和依据条款。“上年度”指 {edition.statistics_year} 年；金额一律为列名所注的"
            "单位，只填数字。有下拉箭头的请从列表中选择，逐级列表请先选上一级。")
    judged = (f"每行自动得出结论（{'、'.join(VERDICTS.values())}），列出待更正的项目和缺项数。结论按推荐说明的原文判断，缺数据时为"
              f"“{VERDICTS['unknown']}”，不作否定。")
    return [
        ("选择工作表", f"按申报单位的种类填写：{sheets}。一行填一家{prepared}；请勿改动列名和列序。"),
        ("逐列填写", fill),
        ("看结论", judged),
        ("备齐材料", "对照“材料清单”，在各份申报材料的列中注明是否具备；须提供而未填的显示为浅黄色。"),
        ("报送", f"核对后保存，连同纸质材料于{edition.last_day}报送。如需打印，先在名称列筛选“非空白”，只打印已填的行。"),
    ]


def _legend() -> list[tuple[Style, str, str]]:
    return [
        (style.LABEL_REQUIRED, "深色列名", "必填。没有填的格在本行开始填写后显示为浅黄色。"),
        (style.LABEL_CONDITIONAL, "中间色列名", "满足条件时必填，条件见单元格旁的说明。"),
        (style.LABEL, "浅色列名", "选填。"),
        (style.LABEL_COMPUTED, "灰色列名", "自动计算，已锁定，不用填写。"),
        (style.LACKING, "　浅黄色格", "待填：必填而未填，或须提供而未注明的材料。"),
        (style.ILLEGAL, "　红色格", "待更正：内容不合要求（多由粘贴造成），项目名同时列在本行“待更正”中。"),
    ]


def _standards(page: _Page, edition: Edition) -> None:
    page.section("推介标准（原文）")
    for kind in edition.kinds.values():
        criteria = edition.criteria_of(kind.id)
        for criterion in criteria:
            clause = edition.clauses[criterion.clause]
            page.line(f"{kind.label}\n{clause.number}　{criterion.label}", clause.words)
        if not criteria:
            page.line(kind.label, "推荐说明没有规定数量标准；结论只反映必填项目是否填齐、是否可读。")


def _definitions(page: _Page, edition: Edition) -> None:
    """Every vocabulary of the notice whose terms are defined there."""
    shown = set()
    for f in edition.all_fields:
        if f.vocabulary and f.vocabulary not in shown and definitions(f, edition):
            shown.add(f.vocabulary)
            vocabulary = edition.vocabularies[f.vocabulary]
            if vocabulary.source != OWN:
                page.section(f"{f.label}（{edition.cite(vocabulary.source)}）")
                for term in edition.terms(f):
                    page.line(term.label, term.definition)


class _Page:
    """Fills a sheet of ``_WIDTHS`` downwards; every row is as high as its text needs."""

    def __init__(self, sheet: SheetPlan):
        self.sheet, self.row = sheet, 0

    def cover(self, title: str, subtitle: str) -> None:
        for text, look, height in ((title, style.COVER_TITLE, 50), (subtitle, style.COVER_SUBTITLE, 28)):
            for column in range(len(_WIDTHS)):
                self.sheet.put(self.row, column, text if column == _LEFT else None, look)
            self.next(height)

    def section(self, text: str) -> None:
        self.next(10)
        self.sheet.put(self.row, _LEFT, text, style.SECTION)
        self.next(24)
        for column in range(_LEFT, _RIGHT + 1):
            self.sheet.put(self.row, column, None, style.RULE)
        self.next(2.25)
        self.next(5)

    def line(self, head: str, text: str, *, number: str | None = None, head_style: Style | None = None,
             text_style: Style = style.READ) -> None:
        """A head at the left, its text at the right, and perhaps a number in the margin."""
        look = head_style or style.READ_HEAD
        if number:
            self.sheet.put(self.row, _LEFT, number, style.NUMBER)
            self.sheet.put(self.row, _HEAD, head, look)
        else:
            self.sheet.merge((self.row, _LEFT, self.row, _HEAD), head, look)
        self.sheet.merge((self.row, _TEXT, self.row, _RIGHT), text, text_style)
        left = _HEAD if number else _LEFT
        self.next(max(24, _height(head, _WIDTHS[left:_HEAD + 1], look), _height(text, _WIDTHS[_TEXT:_RIGHT + 1], text_style)))
        self.next(2.25)

    def next(self, height: float) -> None:
        self.sheet.heights[self.row] = height
        self.row += 1


def _height(text: str, widths: Sequence[float], look: Style) -> float:
    """Points that the text needs in cells of these widths (Excel's units) side by side."""
    return text_height(text, sum((w * 7 + 5) * 0.75 for w in widths) - 6 * look.indent, look.size) + 3


# ------------------------------------------------------------------ 材料清单

_COLUMNS = (("申报材料", 34.0), ("须提供的情形", 44.0), ("说明", 44.0), ("依据", 20.0))


def plan_materials(edition: Edition) -> SheetPlan:
    """材料清单: every material, when it is called for, and the clause; one band a kind."""
    sheet = SheetPlan(MATERIALS, widths={0: 2.0, **{i: w for i, (_, w) in enumerate(_COLUMNS, 1)}}, protect=True,
                      tab_color=style.WAIT)
    for column in range(len(_COLUMNS) + 1):
        sheet.put(0, column, f"{edition.title}　申报材料清单" if column == 1 else None, style.TITLE)
        sheet.put(1, column, f"按填报情况对照准备，{edition.last_day}邮寄至{edition.recipient}。" if column == 1 else None, style.HINT)
        if column:
            sheet.put(2, column, _COLUMNS[column - 1][0], style.TABLE_HEAD)
    sheet.heights = {0: style.TITLE_HEIGHT, 1: style.HINT_HEIGHT, 2: 26}
    row = 3
    for kind in edition.kinds.values():
        sheet.merge((row, 1, row, len(_COLUMNS)), kind.label, style.GROUP)
        sheet.heights[row] = 22
        for offset, material in enumerate(edition.materials_of(kind.id), 1):
            texts = (material.label, describe(material.when, edition, kind.id), material.help, edition.cite(material.clause))
            looks = (style.TABLE_CELL, style.TABLE_CELL, style.TABLE_CELL, style.TABLE_QUIET)
            for column, (text, look) in enumerate(zip(texts, looks), 1):
                sheet.put(row + offset, column, text, look)
            needed = (_height(text, [width], style.TABLE_CELL) for text, (_, width) in zip(texts, _COLUMNS))
            sheet.heights[row + offset] = max(21, *needed)
        row += len(edition.materials_of(kind.id)) + 1
    sheet.freeze = (3, 0)
    sheet.print = Print(landscape=True, fit=(1, 0), repeat_rows=(2, 2), centered=True)
    return sheet
