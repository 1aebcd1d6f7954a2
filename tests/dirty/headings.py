"""Mutations of what stands above and below a table and of its headers (DOMAIN B2 Layout and Units; issue 4, items 2 and 3)."""

from __future__ import annotations

from .mutations import mutation, register
from .plan import Column, Plan
from .wordings import FRESH, NOBODYS

NOTE_LINES = ("数据来源:Wind资讯", "注：以上数据未经审计", "说明：外包业务营业额以审计报告为准。", "备注：含离岸业务", "注：表中企业均已公示，无异议",
              "※以上企业均经初审", "——以下空白——", "以上共{count}家，经审核属实。")
SIGNATURES = (["商务部门联系人：李四", None, "联系电话：0531-88880000"], ["（盖章）"], ["填表人：张三", None, None, "审核人：李四"],
              [None, None, "2018年6月20日"], ["单位负责人：", None, "填表日期：2018年6月20日"], ["联系人：王五　电话：0531-88881111"],
              ["制表：综合处", None, "复核："], ["当地商务主管部门意见：同意推荐（盖章）"])


def _region(plan: Plan) -> str:
    return plan.records[0]["province"]


def _subject(plan: Plan) -> str:
    return {"company": "服务外包企业", "park": "产业园区", "trainer": "培训机构及教育院校"}[plan.kind]


# ------------------------------------------------------------------ above and below the table

register("attachment line", "“附件1：” in row 0", lambda p: p.above.insert(0, ("title", ["附件1："])))
register("title with line break and date", "title row with line break and date",
        lambda p: p.above.append(("title", [f"{_region(p)}{_subject(p)}\n推荐汇总表（2018年6月20日）"])))
register("three title rows", "three title rows", lambda p: p.above.extend(
    [("title", ["2018年服务外包推介"]), ("title", [f"{_region(p)}商务厅"]), ("title", [f"{_subject(p)}申报汇总表"])]))
register("unit line", "note “单位：万元” in a line above the table, with other units in some column heads", lambda p: _unit_line(p))
register("hint in the title row", "hint text in the title row", lambda p: p.above.append(
    ("title", [f"{_subject(p)}汇总表（请各市认真核对，加盖公章后于6月25日前报送，金额保留两位小数，不得修改表格格式）"])))
register("district and date above", "县(市)区 + date line above", lambda p: p.above.append(
    ("note", [f"填报单位：{p.records[0]['city']}商务局", None, None, "填报日期：2018年6月15日"])))
register("notes below", "footers “数据来源:Wind资讯”, “注：…”", lambda p: p.below.extend(
    [("note", [line.format(count=len(p.records))]) for line in p.random.sample(NOTE_LINES, 2)]))
register("signatures below", "contact line, “商务部门联系人：”, seal and date line", lambda p: p.below.extend(
    [("", []), *(("note", line) for line in p.random.sample(SIGNATURES, 3))]))


def _unit_line(plan: Plan) -> bool:
    """The line counts for the columns of amounts that name no unit."""
    if _has_unit_line(plan):
        return False
    for column in plan.columns:
        field = column.field and plan.edition.fields(plan.kind)[column.field]
        if field and field.type == "amount" and field.unit == "万元" and not column.tens and not column.doubtful:
            column.unit = ""
    plan.above.append(("note", [None] * plan.random.randrange(0, 3) + [plan.random.choice(("单位：万元", "（单位：万元）", "金额单位：人民币万元", "单位:万元、人"))]))
    return True


@mutation("unit line of yuan", "units: 元 in the sheet's 单位 line")
def unit_line_of_yuan(plan: Plan) -> bool:
    return _other_unit_line(plan, -4, ("单位：元", "金额单位：元", "单位:人民币元"))


@mutation("unit line of thousands", "units: 千元 in the sheet's 单位 line")
def unit_line_of_thousands(plan: Plan) -> bool:
    return _other_unit_line(plan, -1, ("单位：千元", "（金额单位：千元）"))


def _other_unit_line(plan: Plan, tens: int, lines: tuple[str, ...]) -> bool:
    fields = plan.edition.fields(plan.kind)
    if _has_unit_line(plan):
        return False
    for column in plan.columns:
        if column.field and fields[column.field].type == "amount" and fields[column.field].unit == "万元" \
                and not column.tens and not column.doubtful:
            if plan.random.random() < .7:
                column.unit, column.tens = "", tens
            else:
                column.unit = "万元"                        # the head wins over the line
    _forget_spellings(plan, "amount")
    plan.above.append(("note", [plan.random.choice(lines)]))
    return True


def _has_unit_line(plan: Plan) -> bool:
    return any("单位" in str(cell) and "元" in str(cell) for _, row in plan.above for cell in row)


def _forget_spellings(plan: Plan, type_: str) -> None:
    """Spellings were chosen for another unit of the column."""
    fields = plan.edition.fields(plan.kind)
    for key in [key for key in plan.spelled if fields[key[1]].type == type_]:
        del plan.spelled[key]


# ------------------------------------------------------------------ headers

def _head_unit(name: str, unit: str, tens: int) -> None:
    def apply(plan: Plan) -> bool:
        fields = plan.edition.fields(plan.kind)
        free = [c for c in plan.columns if c.field and fields[c.field].type == "amount" and fields[c.field].unit == "万元" and not c.tens
                and not c.doubtful]
        if not free:
            return False
        for column in plan.random.sample(free, plan.random.randrange(1, len(free) + 1)):
            column.unit, column.tens = unit, tens
            for key in [key for key in plan.spelled if key[1] == column.field]:
                del plan.spelled[key]
        return True
    register(name, "units in the column head: 元, 亿元, 千元 (cell > header > sheet line > default)", apply)


_head_unit("header in yuan", "元", -4)
_head_unit("header in yi", "亿元", 4)
_head_unit("header in thousands", "千元", -1)
_head_unit("header in millions", "百万元", 2)


@mutation("header in dollars", "万元 and 万美元 in one table")
def header_in_dollars(plan: Plan) -> bool:
    column = plan.column("outsourcing_revenue")
    if not column or column.tens:
        return False
    column.unit, column.doubtful = "万美元", True
    for key in [key for key in plan.spelled if key[1] == "outsourcing_revenue"]:
        del plan.spelled[key]
    return True


def _bands(plan: Plan, levels: int) -> bool:
    """Neighbouring columns under common heads that change no meaning."""
    groups = {"contact": "联系方式", "contact_title": "联系方式", "phone": "联系方式", "mobile": "联系方式", "email": "联系方式",
              "hq": "推介标准", "delivery_in_china": "推介标准", "china_centre": "推介标准", "overseas_source": "推介标准",
              "outsourcing_revenue": "推介标准" if plan.kind == "company" else "规模", "outsourcing_staff": "推介标准" if plan.kind == "company" else "规模",
              "resident_companies": "规模", "outsourcing_companies": "规模", "province": "所在地区", "city": "所在地区", "county": "所在地区",
              "name": "基本情况", "credit_code": "基本情况", "operator": "基本情况", "trainer_type": "基本情况",
              "positioning": "说明材料", "features": "说明材料", "location": "说明材料", "innovation": "说明材料", "scale": "说明材料",
              "advantages": "说明材料", "courses": "说明材料", "directions": "说明材料", "teachers": "说明材料", "premises": "说明材料"}
    tops = {"联系方式": "其他信息", "推介标准": "申报信息", "规模": "申报信息", "所在地区": "申报信息", "基本情况": "申报信息", "说明材料": "申报信息"}
    for column in plan.columns:
        band = groups.get(column.field)
        if band and not column.bands:
            column.bands = (tops[band], band) if levels == 2 else (band,)
    return any(c.bands for c in plan.columns)


register("two-row head", "two-row head with merges (examian.ftl)", lambda p: p.header and not p.repeat_header and _bands(p, 1))
register("three-row head", "one- to three-row headers with merges", lambda p: p.header and not p.repeat_header and _bands(p, 2))


@mutation("line breaks in heads", "head cells with line breaks")
def line_breaks(plan: Plan) -> None:
    for column in plan.columns:
        if len(column.label) > 5 and plan.random.random() < .5:
            half = len(column.label) // 2
            column.label = f"{column.label[:half]}\n{column.label[half:]}"


@mutation("mixed brackets in heads", "header cells with mixed brackets ［］ (）")
def mixed_brackets(plan: Plan) -> None:
    for column in plan.columns:
        if column.unit:
            column.brackets = plan.random.choice(("()", "［］", "(）", "（)", "【】", "[]", "〔〕"))


@mutation("marks in heads", "stars, numbers and colons in heads")
def marks_in_heads(plan: Plan) -> None:
    style = plan.random.choice(("*{}", "{}*", "{n}.{}", "（{n}）{}", "{n}、{}", "{}：", "★{}", "{}【必填】"))
    for n, column in enumerate(plan.columns, 1):
        column.label = style.format(column.label, n=n) if column.field or "{n}" in style else column.label


@mutation("blanks in heads", "blanks inside heads ('名　称')")
def blanks_in_heads(plan: Plan) -> None:
    for column in plan.columns:
        if plan.random.random() < .4:
            column.label = plan.random.choice((" ", "　", "  ")).join(column.label) if len(column.label) <= 6 else f" {column.label} "


def head_freshly(plan: Plan, share: float) -> bool:
    """Some of the columns under wordings that no list has."""
    free = [c for c in plan.columns if c.field in FRESH[plan.kind] and plan.random.random() < share]
    for column in free:
        column.label = plan.random.choice(FRESH[plan.kind][column.field])
        if "（" in column.label and not column.tens and not column.doubtful:
            column.unit = ""
    return bool(free)


register("fresh wordings", "aliases of the real world that no list has", lambda p: head_freshly(p, .35))
register("all wordings fresh", "a sheet of which hardly a header is known", lambda p: head_freshly(p, .8))
register("one fresh wording", "a header near a known one, mapped with evidence from the column's values", lambda p: head_freshly(p, 1.5 / len(p.columns)))


@mutation("nobody's columns", "columns with no field of their own: kept beside the row, not thrown away")
def nobodys_columns(plan: Plan) -> None:
    for label in plan.random.sample(sorted(NOBODYS), plan.random.randrange(1, 5)):
        plan.columns.insert(plan.random.randrange(2, len(plan.columns) + 1), Column(None, label, values=NOBODYS[label]))


@mutation("duplicate heads", "duplicate heads (同比 x2)")
def duplicate_heads(plan: Plan) -> None:
    for _ in range(2):
        plan.columns.insert(plan.random.randrange(2, len(plan.columns) + 1), Column(None, "同比", values=("12%", "-3%", "8.5%")))


@mutation("months as heads", "month as column head")
def months_as_heads(plan: Plan) -> None:
    plan.columns += [Column(None, f"{month}月", values=(210, 330, 180)) for month in range(1, 4)]


@mutation("empty heads", "empty head cells")
def empty_heads(plan: Plan) -> None:
    plan.columns.insert(plan.random.randrange(2, len(plan.columns) + 1), Column(None, "", values=(None, "A", "B类")))


@mutation("empty columns", "empty columns inside the table")
def empty_columns(plan: Plan) -> None:
    plan.columns.insert(plan.random.randrange(2, len(plan.columns) + 1), Column(None, ""))


@mutation("column order", "order of columns")
def column_order(plan: Plan) -> None:
    plan.random.shuffle(plan.columns)


@mutation("header again on each page", "headers repeated on each page")
def header_again(plan: Plan) -> bool:
    plan.repeat_header = plan.random.choice((3, 5, 10)) if not any(c.bands for c in plan.columns) and plan.header else 0
    return plan.repeat_header > 0 and len(plan.records) > plan.repeat_header


register("row of column numbers", "a row that numbers the columns", lambda p: setattr(p, "number_row", p.random.choice(("plain", "brackets"))))
register("no header", "head without own row (headerless sheet)", lambda p: _headerless(p))


def _headerless(plan: Plan) -> bool:
    if plan.after or plan.number_row or any(c.bands for c in plan.columns):
        return False
    plan.header, plan.repeat_header = False, 0
    return True
