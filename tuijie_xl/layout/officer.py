"""推介申报: the officers' workbook, to which the build adds VBA and the ribbon.

The template's sheets, and around them 工作台 (every button with what it does, for those who do not see the ribbon),
问题清单, 选择服务 (the picker of services) and the hidden sheet that xlwings reads. VBA finds its places by the names
that are given here, and what it says to the officer stands in cells.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby

import pandas as pd

from ..book import Print, PushButton, SheetPlan, WorkbookPlan, a1
from ..buttons import BUTTONS, GROUPS, TAB
from ..edition import Edition, Field
from . import style
from .columns import column_of, kind_columns
from .entry import LABEL_ROW, NAME
from .paper import quote_sheet, text_height
from .picker import plan_picker
from .problem_list import plan_problems
from .template import PREPARED_ROWS, plan_settings, plan_template

DESK = "工作台"
XLWINGS = "xlwings.conf"                # the name that RunPython looks for

#: What RunPython reads from the sheet; the interpreter's path is the machine's affair and stands in the user's folder.
#: A folder of files from outside must not lend us modules, so the workbook's own is kept off Python's path.
_XLWINGS_KEYS = (("ADD_WORKBOOK_TO_PYTHONPATH", "False"), ("USE UDF SERVER", "False"), ("SHOW CONSOLE", "False"))

#: name -> (heading, text): what VBA says in a dialog, and 工作台 shows all the time.
_SAYINGS = {
    "say_run_failed": ("提示这一步没有完成", """\
这一步没有完成。多半是本机没有装好程序：请关闭 Excel，在命令提示符里运行 tuijie install，再点“环境自检”。\
仍不行请把提示的原文发给维护人员。"""),
    "say_no_applicant": ("提示先选中一行", "请先在填报表里点中要填写的那一行（深色列名下方），再点“选择服务”。"),
}
_ADVICE = (
    (f"看不到“{TAB}”选项卡", """\
宏没有启用。请关闭后在文件属性里勾选“解除锁定”，重新打开并点“启用内容”；单位不允许启用宏的，用不含宏的“推介填报”填写，\
再由装有程序的电脑用命令行 tuijie run 处理，结果相同。"""),
    ("用的是 WPS 表格", "请安装 VBA 支持后打开；选项卡不显示时，用本页左侧的按钮；按钮也不能用时，用命令行 tuijie run 处理。"),
)
_WIDTHS = {0: 2.0, 1: 2.0, 2: 18.0, 3: 40.0, 4: 78.0, 5: 2.0}
_ID, _LEFT, _WHAT, _MORE, _LAST = 0, 2, 3, 4, 5


def plan_officer(edition: Edition, rows: int = PREPARED_ROWS,
                 applicants: Mapping[str, pd.DataFrame] | None = None) -> WorkbookPlan:
    """推介申报: the template with its macros' sheets; ``rows`` and ``applicants`` as in ``plan_template``."""
    plan = plan_template(edition, rows, applicants)
    *shown, lists, _ = plan.sheets
    desk, sayings = plan_desk(edition)
    picker, places = plan_picker(edition, picked_field(edition))
    plan.sheets = [desk, *shown, plan_problems([]), picker, lists, plan_settings(edition, "officer"),
                   plan_xlwings()]
    plan.names |= sayings | places | dict(_tick_names(edition))
    plan.title = f"{edition.title}申报工作簿"
    return plan


def picked_field(edition: Edition) -> Field:
    """The field of many terms that the picker serves: the first one; other kinds' fields of its vocabulary share it."""
    return next(f for f in edition.all_fields if f.type == "terms")


def _tick_names(edition: Edition) -> Iterator[tuple[str, str]]:
    """ticks_<kind>: the labels over the tick columns of the picked vocabulary; name_<kind>: over the names."""
    vocabulary = picked_field(edition).vocabulary
    for kind in edition.kinds.values():
        columns = kind_columns(edition, kind.id)
        ticks = [c.index for c in columns if c.term and c.field.vocabulary == vocabulary]
        if ticks:
            sheet, name = quote_sheet(kind.sheet), column_of(columns, NAME).index
            first, last = (a1(LABEL_ROW, column, fixed="both") for column in (ticks[0], ticks[-1]))
            yield f"ticks_{kind.id}", f"{sheet}!{first}:{last}"
            yield f"name_{kind.id}", f"{sheet}!{a1(LABEL_ROW, name, fixed='both')}"


# ------------------------------------------------------------------ 工作台

def plan_desk(edition: Edition) -> tuple[SheetPlan, dict[str, str]]:
    """工作台: a row for each button, then what to do when something fails; with the names of VBA's texts."""
    sheet = SheetPlan(DESK, widths=dict(_WIDTHS), hidden_columns={_ID}, tab_color=style.ACCENT, protect=True)
    names = {"say_title": _cover(sheet, edition)}
    row = 2
    for group, members in groupby(sorted(BUTTONS, key=lambda b: GROUPS.index(b.group)), lambda b: b.group):
        row = _section(sheet, row, group)
        for button in members:
            sheet.put(row, _ID, button.id, style.BASE)
            sheet.put(row, _LEFT, button.label, style.READ_HEAD)
            sheet.put(row, _WHAT, button.screentip, style.READ_HEAD)
            sheet.put(row, _MORE, button.supertip, style.READ)
            sheet.buttons.append(PushButton(row, _LEFT, button.label, "PressSheetButton"))
            sheet.heights[row] = max(27.0, _height(button.supertip))
            row += 1
    row = _section(sheet, row, "遇到问题")
    for name, (head, text) in [*_SAYINGS.items(), *((None, advice) for advice in _ADVICE)]:
        sheet.merge((row, _LEFT, row, _WHAT), head, style.READ_HEAD)
        sheet.put(row, _MORE, text, style.READ)
        sheet.heights[row] = max(27.0, _height(text))
        if name:
            names[name] = _address(row, _MORE)
        row += 1
    sheet.print = Print(landscape=True, fit=(1, 0), centered=True)
    return sheet, names


def _cover(sheet: SheetPlan, edition: Edition) -> str:
    """Title and subtitle; the reference of the title, which heads VBA's dialogs."""
    subtitle = f"{edition.title}　·　按钮与功能区“{TAB}”选项卡相同；没有选项卡时点这里的按钮　·　{edition.last_day}报送"
    for column in range(_LEFT - 1, _LAST + 1):
        sheet.put(0, column, TAB if column == _LEFT else None, style.COVER_TITLE)
        sheet.put(1, column, subtitle if column == _LEFT else None, style.COVER_SUBTITLE)
    sheet.heights |= {0: 50, 1: 28}
    return _address(0, _LEFT)


def _section(sheet: SheetPlan, row: int, text: str) -> int:
    """A heading with a rule under it; the row after them."""
    sheet.put(row, _LEFT, text, style.SECTION)
    for column in range(_LEFT, _LAST):
        sheet.put(row + 1, column, None, style.RULE)
    sheet.heights |= {row: 30, row + 1: 2.25}
    return row + 2


def _height(text: str) -> float:
    return text_height(text, _WIDTHS[_MORE] * 5.25 - 6, style.READ.size) + 4


def _address(row: int, column: int) -> str:
    return f"{quote_sheet(DESK)}!{a1(row, column, fixed='both')}"


def plan_xlwings() -> SheetPlan:
    """The hidden sheet of settings that RunPython reads before any file: keys and values from A1 down."""
    sheet = SheetPlan(XLWINGS, hidden=True, protect=True, widths={0: 34, 1: 20})
    for row, pair in enumerate(_XLWINGS_KEYS):
        for column, text in enumerate(pair):
            sheet.put(row, column, text, style.CELL)
    return sheet
