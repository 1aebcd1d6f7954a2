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
    """填表说明: up to three A4 pages. ``rows`` is how many rows are prepared on each sheet, when their number is fixed."""
    sheet = SheetPlan(GUIDE, widths=dict(enumerate(_WIDTHS)), tab_color=style.WAIT, protect=True)
    page = _Page(sheet)
    page.cover(edition.title, f"推介填报表　·　填表说明　·　{edition.last_day}将材料邮寄至{edition.recipient}")
    page.section("怎样填报")
    for number, (head, text) in enumerate(_steps(edition, rows), 1):
        page.line(head, text, number=str(number))
    page.section("颜色与标记")
    for look, sample, text in _legend():
        page.line(sample, text, head_style=look, text_style=style.READ)
    _notice(page, edition)
    sheet.print = Print(fit=(1, 0), centered=True, margins=(0.45, 0.45, 0.5, 0.6))
    return sheet


def plan_master_guide(edition: Edition) -> SheetPlan:
    """填表说明 of the master workbook: what each sheet is for and what its words mean, for the officer."""
    sheet = SheetPlan(GUIDE, widths=dict(enumerate(_WIDTHS)), tab_color=style.WAIT, protect=True)
    page = _Page(sheet)
    page.cover(f"{edition.title}总表", f"使用说明　·　{edition.last_day}将材料邮寄至{edition.recipient}")
    page.section("各张工作表")
    kinds = "、".join(kind.sheet for kind in edition.kinds.values())
    for head, text in ((kinds, "每家申报单位一行，行尾是来源文件、工作表和行号。可以直接更正；结论和计算列随之更新。"), *_SHEETS):
        page.line(head, text)
    page.section("用词")
    verdicts = dict(zip(VERDICTS, ("推介标准全部达到。", "有一条以上标准确定未达到；未达到哪条、差多少见问题清单。",
                                   "缺少数据或数据读不准，暂不能判断；不作否定。")))
    for key, word in VERDICTS.items():
        page.line(word, verdicts[key], head_style=style.VERDICT_STYLES[key])
    for head, text in _WORDS:
        page.line(edition.label(head) if head.isascii() else head, text)
    _notice(page, edition)
    sheet.print = Print(fit=(1, 0), centered=True, margins=(0.45, 0.45, 0.5, 0.6))
    return sheet


_SHEETS = (
    ("问题清单", "每个问题一条：在哪一格、现在是什么、为什么、怎么改、依据哪一条。点“位置”跳到那一格；整表的问题跳到导入记录。"),
    ("统计摘要", "最要紧的数字和图，印在一页 A4 上；数字均取自“统计”。"),
    ("统计", "按结论、地区、行业、服务、分档、材料和问题统计，附图；每张表注明来源，第三行说明各项合计是否相符。点地区名称看它的单位。"),
    ("统计明细", "统计数字背后的单位，按地区排列，可按任一列筛选；点单位名称跳到它所在的行。是生成时的名单。"),
    ("材料清单", "每家应交的材料和状态。状态取自各表的材料列：收到后在那里填“有”，重新校验后更新。"),
    ("导入记录", "每个文件、每张表读到多少行、各归何处；“核对”为“平”表示一行不少。"),
    ("导入异常", "没有作为申报单位采用的行（合计、说明、重复、不能使用），逐格原样列出。"),
    ("变更记录", "每一批导入改了什么：结论变化、更正的内容（原值、现值）、冲突、新增、本次未报。最近的批次在上。"),
    ("再次导入", ("导入到这份总表：新的加入，重报的逐项更正，没有再报的保留。您改过的值、处理情况和处理说明、自己加的列、批注、行的次序都保留；"
               "地方和您都改过的，保留您的值并列入问题清单。单元格颜色、列宽和筛选按本表版式重新生成。")),
)
#: What the officer meets, or the id of a field whose label it is, and what it means.
_WORDS = (
    ("错误、待核、提示", "错误：这个格子不能照用，或标准未达到；待核：请您判断；提示：告诉您做了什么。"),
    ("已核、豁免、退回", "问题清单“处理情况”的写法。已核：核对无误；豁免：不作要求，须写明原因；退回：退回地方更正。结论不因此改变。"),
    ("待更正、缺项", "待更正：内容不合要求的项目；缺项：必填而未填的项目数。二者和批注是导入或校验时的结果，改动后请重新校验。"),
    ("有、无、不适用", "材料列的写法。“缺”是应交而未交的份数，“缺项”是表中没有填的项目数，二者不同。"),
    ("待核（材料）", "是否应交还不能确定（有关情况没有填），或所填与情况不符。"),
    ("region", "按省份和城市归入的报送地区；计划单列市和兵团单列，不重复计入所在省份。"),
    ("batch", "由所导入的文件内容得出的编号；同样的文件编号相同。"),
    ("extras", "报送表中对不上的列，连同内容原样放在这里。"),
)


def _notice(page: _Page, edition: Edition) -> None:
    """The notice's own words: standards, materials, definitions and the tree of services."""
    _standards(page, edition)
    page.section("申报材料（原文；逐项清单见“材料清单”工作表）")
    for clause in dict.fromkeys(m.clause for m in edition.materials):
        quoted = edition.clauses[clause]
        owner = edition.kinds[quoted.kind].label if quoted.kind else ""
        page.line(f"{owner}\n{quoted.number}".strip(), quoted.words)
    _definitions(page, edition)
    _trees(page, edition)


def _trees(page: _Page, edition: Edition) -> None:
    """Every vocabulary of several levels: what stands under what."""
    for vocabulary in edition.vocabularies.values():
        tops = [term for term in vocabulary.level(1) if vocabulary.children(term)]
        if tops:
            page.section(f"{vocabulary.label}（{edition.cite(vocabulary.source)}）")
        for top in tops:
            for middle in vocabulary.children(top):
                below = vocabulary.children(middle)
                page.line(f"{top.label}\n{middle.label}", "　".join(term.label for term in below) or middle.label)


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
