"""The buttons of the ribbon's tab and of the sheet 工作台: pure data, one entry a button.

The ribbon's XML, the sheet and the table of actions are made from ``BUTTONS``; VBA hands on the id and knows
none of them. A button without a function in ``live`` of the same id is our own bug (a test proves there is none).
"""

from __future__ import annotations

from dataclasses import dataclass

TAB = "推介申报"
GROUPS = ("导入", "校验", "生成", "汇总", "帮助")


@dataclass(frozen=True)
class Button:
    """One button. ``id`` is ASCII and names the action; ``group`` is one of ``GROUPS``; ``icon`` is an imageMso name of
    Office 2007-2010. ``screentip`` says what it does in one line, ``supertip`` (at most 1,024 characters) what is
    needed, what is written and how to take it back. ``local``: served by the workbook's own VBA, without Python."""

    id: str
    label: str
    group: str
    screentip: str
    supertip: str
    icon: str
    large: bool = False
    local: bool = False


BUTTONS: tuple[Button, ...] = (
    Button("import", "批量导入", "导入", "把各地报送的表格读入本工作簿",
           "选择若干文件或一个文件夹（xlsx、xls、xlsb、ods、csv 等），逐行读入对应的填报表。每行注明出自哪个文件、哪张表、哪一行；"
           "不能采用的行按原样列出，重复的不再加入。可以用“撤销上一步”收回。", "ImportExcel", True),
    Button("services", "选择服务", "导入", "为所选行的申报单位勾选服务外包功能领域",
           "先在填报表选中要填的那一行，再点此按钮；在打开的表上双击方框打勾，点“确定”写回该行。不需要 Python。"
           "也可以直接双击填报表里的☑列。", "TableSelectCell", local=True),
    Button("validate", "校验", "校验", "检查全部填报表，把问题标在单元格上并列入问题清单",
           "逐格检查必填、类型、词表、代码、上下级关系，再按推荐说明逐条判断。每个问题写明错在哪里、怎么改、依据哪一条。"
           "只清除并更新本工具自己的标记，您的批注、颜色和附加列不动。没有填报内容时会提示。", "AcceptInvitation", True),
    Button("next_problem", "下一个问题", "校验", "跳到下一个有问题的单元格",
           "按问题清单的顺序，从当前单元格往后找；到最后一个后从头开始。没有问题或还没有校验时会提示。", "RightArrow2"),
    Button("measures", "计算人均", "校验", "重新计算人均营业额与结论",
           "用与校验相同的算法精确计算（不先四舍五入），写入灰色的自动计算列；公式被改动或粘贴覆盖时可用它恢复。"
           "员工数为空或为 0 时不计算，结论为待补充。", "CalculateNow"),
    Button("clear_marks", "清除标记", "校验", "清除本工具做的单元格标记与批注",
           "只清除本工具留下的底色和批注，您自己的批注、颜色、附加列和图表保持原样；问题清单同时清空。", "ClearFormats"),
    Button("undo", "撤销上一步", "校验", "收回本工具的上一步操作",
           "每次改动前都留有底稿，可恢复数值、格式、下拉列表、名称和批注。没有可以撤销的操作时会提示。"
           "您自己的录入请用 Excel 的撤销（Ctrl+Z）。", "Undo"),
    Button("sheets", "生成申报单位表", "生成", "为全部申报单位生成信息表",
           "按年度版本的版式，每家一张 A4 表：企业基本信息表、园区信息表、培训机构信息表，附目录和链接，按地区分文件存放在"
           "本工作簿旁边的文件夹里。", "CreateReport", True),
    Button("sheets_selected", "仅所选行", "生成", "只为选中行的申报单位生成信息表",
           "在填报表选中一行或多行（可按住 Ctrl 分别选择）后点此按钮。没有选中申报单位时会提示。", "TableSelectRow"),
    Button("pdf", "导出 PDF", "生成", "把申报单位表导出为 PDF",
           "导出选中行的申报单位；没有选中时导出全部。用于打印、盖章和报送商务主管部门核准。", "PublishToPdfOrEdoc"),
    Button("stats", "统计", "汇总", "生成统计表与图表",
           "按地区、结论、行业、信息技术外包／业务流程外包／知识流程外包等统计家数；公式随填报内容更新。",
           "ChartTypeColumnInsertGallery", True),
    Button("materials", "材料清单", "汇总", "列出每家应交、已交和缺少的申报材料",
           "按是否上市、是否以总公司名义申报、业务范围等填报内容，逐家列出须提供的材料和状态，并注明依据的条款。",
           "ReviewTrackChanges"),
    Button("doctor", "环境自检", "帮助", "检查本机能否正常使用，并给出每个问题的解决办法",
           "检查 Python、程序版本与位数、宏的信任设置、文件来源标记、存放位置、WPS、字体等；每个问题写明下一步。", "ErrorChecking"),
    Button("help", "帮助", "帮助", "打开使用说明", "打开使用说明：从导入到报送的步骤、每个按钮的作用、常见问题。", "Help"),
)
