"""Forms of one applicant: label beside, above or in the cell of its value; every text label, value or listed."""

from datetime import date, datetime
from decimal import Decimal
from random import Random

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tuijie_xl import actions
from tuijie_xl.book import BookText, Grid, Link, RichText
from tuijie_xl.criteria import STATES
from tuijie_xl.files.writing import write_workbook
from tuijie_xl.intake import COUNTS, read_submission
from tuijie_xl.intake.boxes import Box, read_boxes
from tuijie_xl.intake.text import narrow
from tuijie_xl.layout import forms
from tuijie_xl.layout.form_slots import Applicant, compile_form

D = Decimal
CODE, CODE2 = "91370100MA3C0KJY7J", "91370100MA3C0KJY8X"
KINDS = ("company", "park", "trainer")


def grid(*rows, name="Sheet1", **more):
    width = max((len(row) for row in rows), default=0)
    return Grid(name, [[*row, *[None] * (width - len(row))] for row in rows], **more)


@pytest.fixture
def read(edition):
    return lambda *grids: read_submission(BookText("报送.xlsx", "xlsx", "0" * 64, list(grids)), edition)


def applicants(intake):
    """One dict an applicant: field -> value, blanks left out."""
    return [{name: values[i] for name, values in table.columns.items() if values[i] is not None}
            for sheet in intake.sheets for table in sheet.tables for i in range(len(table.rows))]


def extras(intake):
    return {label: values for sheet in intake.sheets for table in sheet.tables for label, values in table.unmapped.items()}


def cells(intake, position=0):
    (table,) = [table for sheet in intake.sheets for table in sheet.tables]
    return table.cells[position]


# ------------------------------------------------------------------ our own printed forms

#: What the page leaves out, or shows otherwise than it is held: the officer's notes, the rounded measure.
NOT_ON_PAPER = {"applicant_sealed", "bureau_approved", "approved_on", "mailed_on", "received_on", "remarks", "revenue_per_head"}
SAMPLES = {"text": ["某文字", "A座 5层", "山东省济南市历下区某路1号"], "long_text": ["第一段。第二段，共三项。", "长" * 700],
           "credit_code": [CODE, CODE2], "phone": ["13800000000", "0531-88888888"], "email": ["a@b.cn"],
           "postcode": ["250101", "010010"], "url": ["http://a.cn"], "amount": [D("3000.5"), D(3000), D("1234567.25"), D(0)],
           "number": [D("0.25"), D(12)], "percent": [D("85.5"), D(1)], "count": [300, 0, 12345], "year": [2017],
           "date": [date(2018, 6, 1), date(2005, 12, 31)]}
NAMES = ["济南示例信息技术有限公司", "示例软件园", "示例职业学院"]


def value_of(random, edition, f):
    if f.id == "name":
        return random.choice(NAMES)
    if f.vocabulary:
        labels = [term.label for term in edition.terms(f)]
        return tuple(label for label in labels if random.random() < 0.2) or None if f.type == "terms" \
            else random.choice([None, *labels])
    return random.choice([None, *SAMPLES[f.type]])


def on_paper(edition, kind):
    papers = {m.field for m in edition.materials_of(kind)}
    return [f for f in edition.fields(kind).values() if f.type != "system" and f.id not in NOT_ON_PAPER | papers]


def filled(random, edition, kind):
    """An applicant as it can stand on paper: what is written behind 其它 needs 其它 to be ticked."""
    fields = on_paper(edition, kind)
    row = {f.id: value for f in fields if not f.other_of and (value := value_of(random, edition, f)) is not None}
    for f in fields:
        if f.other_of:
            needs = {t.label for t in edition.terms(edition.fields(kind)[f.other_of]) if t.needs_text}
            if row.get(f.other_of) in needs:
                row[f.id] = "农业"
    return row


def sheet_of(edition, kind, row, materials=()):
    """The printed form as the grid that a reader of files would give."""
    plan = forms.plan_form(compile_form(edition, kind), Applicant(kind, "007", row, materials), "007 某某", edition.title)
    held = {(r, c): value for r, c, value in plan.values()}
    texts = {spot: "".join(text for text, _ in v.runs) if isinstance(v, RichText) else v.text if isinstance(v, Link) else v
             for spot, v in held.items()}
    height, width = (1 + max([spot[i] for spot in texts] + [merge[2 + i] for merge in plan.merges]) for i in (0, 1))
    rows = [[texts.get((r, c)) or None for c in range(width)] for r in range(height)]
    return Grid(plan.name, rows, [merge[:4] for merge in plan.merges])


def with_mains(edition, kind, row):
    """主营 counts as ticked."""
    terms = [t.label for t in edition.terms(edition.fields(kind)["services"])]
    ticked = {*row.get("services", ()), row.get("main_service")} & set(terms)
    return row | ({"services": tuple(sorted(ticked, key=terms.index))} if ticked else {})


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("kind", KINDS)
def test_a_printed_form_reads_back_to_the_same_applicant(edition, read, kind, seed):
    row = filled(Random(seed), edition, kind)
    intake = read(sheet_of(edition, kind, row))
    (found,) = applicants(intake)
    assert found == with_mains(edition, kind, row)
    assert intake.sheets[0].kind == kind and extras(intake) == {} and intake.sheets[0].counts["accepted"] == 1


@pytest.mark.parametrize("kind", KINDS)
def test_papers_ticked_on_a_printed_form_are_papers_handed_in(edition, read, kind):
    papers = edition.materials_of(kind)
    shown = [(m.label, None if i == 1 else True, STATES["received" if i % 2 else "missing"]) for i, m in enumerate(papers)]
    (found,) = applicants(read(sheet_of(edition, kind, {"name": NAMES[0], "contact": "张"}, shown)))
    assert {k: v for k, v in found.items() if k.startswith("material")} == {m.field: "有" for m in papers[1::2]}


@pytest.mark.parametrize(("kind", "field", "written"), [
    ("company", "outsourcing_revenue", "约3000万"), ("company", "industry", "软件业"), ("company", "founded_on", "2005年前后"),
    ("park", "services", "看附件"), ("trainer", "employment_rate", "八成")])
def test_what_could_not_be_read_is_read_back_as_it_was_written(edition, read, kind, field, written):
    intake = read(sheet_of(edition, kind, {"name": NAMES[0], field: written}))
    assert applicants(intake) == [{"name": NAMES[0], field: written}]


def test_every_value_of_a_printed_form_has_its_own_cell(edition, read):
    intake = read(sheet_of(edition, "company", {"name": NAMES[0], "outsourcing_revenue": "很多", "services": ("大数据",)}))
    place = cells(intake)
    printed = sheet_of(edition, "company", {"name": NAMES[0], "outsourcing_revenue": "很多", "services": ("大数据",)})
    columns = {chr(65 + i): i for i in range(26)}
    at = {name: printed.rows[int(cell[1:]) - 1][columns[cell[0]]] for name, cell in place.items()}
    assert at["name"] == NAMES[0] and at["outsourcing_revenue"] == "很多" and "☑ 大数据" in at["services:大数据"]


def test_the_book_of_forms_that_we_make_is_read_without_its_index(edition, read):
    people = [Applicant(kind, f"{i:03d}", {"name": name, "contact": "张"}) for i, (kind, name) in enumerate(zip(KINDS, NAMES), 1)]
    plan = forms.plan_applicant_book(edition, "山东省　申报单位表", people)
    index = {(r, c): v.text if isinstance(v, Link) else v for r, c, v in plan.sheets[0].values()}
    rows = [[index.get((r, c)) for c in range(6)] for r in range(7)]
    intake = read(Grid("目录", rows), *(sheet_of(edition, one.kind, one.values) for one in people))
    assert [(table.kind, table.columns["name"]) for sheet in intake.sheets for table in sheet.tables] == [
        (kind, [name]) for kind, name in zip(KINDS, NAMES)]


def test_a_book_of_forms_goes_through_a_real_file(edition, tmp_path):
    """Written as an officer gets it, sent back as it is, imported: the same applicants and nothing left over."""
    rows = {kind: filled(Random(5), edition, kind) | {"name": name, "credit_code": code}
            for kind, name, code in zip(KINDS, NAMES, (CODE, CODE2, "913706833104614358"))}
    people = [Applicant(kind, f"{i:03d}", row) for i, (kind, row) in enumerate(rows.items(), 1)]
    path = tmp_path / "申报单位表.xlsx"
    write_workbook(forms.plan_applicant_book(edition, "山东省　申报单位表", people), path)
    batch = actions.import_files([path], edition).batch
    assert [len(batch.applicants[kind].frame) for kind in KINDS] == [1, 1, 1] and batch.totals["rejected"] == 0
    for kind, row in rows.items():
        found = batch.applicants[kind].frame.iloc[0]
        assert {name: found[name] for name in row} == {name: with_mains(edition, kind, row)[name] for name in row}
        assert found["extras"] is None
    place = batch.applicants["company"].place(0, "credit_code")
    assert (place.sheet[:3], place.cell) == ("001", "I4")


# ------------------------------------------------------------------ forms of others

NAME, PAIRS = "济南甲软件有限公司", {"name": "济南甲软件有限公司", "credit_code": CODE, "contact": "李四", "phone": "13800000000",
                            "outsourcing_staff": 320}
LAYOUTS = {
    "label left": [["企业名称", NAME], ["统一社会信用代码", CODE], ["联系人", "李四"], ["联系电话", "13800000000"], ["外包员工数", 320.0]],
    "two pairs a row": [["企业名称", NAME, "统一社会信用代码", CODE], ["联系人", "李四", "联系电话", "13800000000"],
                        ["外包员工数", 320.0, "证券代码", None]],
    "label above": [["企业名称", "统一社会信用代码", "联系人"], [NAME, CODE, "李四"], ["联系电话", "外包员工数", "传真号码"],
                    ["13800000000", 320.0, None]],
    "mixed": [["企业名称", NAME, None, None], ["统一社会信用代码", CODE, None, None], ["联系人", "联系电话", "外包员工数"],
              ["李四", "13800000000", 320.0]],
    "in one cell": [[f"企业名称：{NAME}"], [f"统一社会信用代码：{CODE}"], ["联系人：李四    联系电话：13800000000"], ["外包员工数：320人"]],
    "title, bands, notes": [["企业基本信息表"], ["填报日期：2018年6月1日"], ["一、基本信息"], ["企业名称", NAME, "统一社会信用代码", CODE], [],
                            ["二、联系方式"], ["联系人", "李四", "联系电话", "13800000000"], ["外包员工数", 320.0],
                            ["注：本表一式两份"], ["企业公章", None, "商务主管部门意见（盖章）"], ["年　月　日", None, "年　月　日"]],
    "values after a gap": [[None, None, "企业名称", None, NAME], [None, None, "统一社会信用代码", None, CODE],
                           [None, None, "联系人", None, "李四"], [None, None, "联系电话", None, "13800000000"],
                           [None, None, "外包员工数", None, 320.0]],
    "groups merged down": [["企业名称", NAME, None, None, None], ["统一社会信用代码", CODE], ["联系方式", "联系人", "李四"],
                           [None, "联系电话", "13800000000"], ["人员", "外包员工数", "320人"]],
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_layouts_of_forms(read, layout):
    merges = [(2, 0, 3, 0)] if "merged" in layout else []
    intake = read(grid(*LAYOUTS[layout], merges=merges))
    assert applicants(intake) == [PAIRS]
    counts = intake.sheets[0].counts
    assert counts["read"] == sum(counts[name] for name in COUNTS[1:]) and counts["accepted"] == 1


def test_the_rows_of_a_form_and_of_what_stands_around_it(read):
    (sheet,) = read(grid(*LAYOUTS["title, bands, notes"])).sheets
    assert sheet.tables[0].rows == [4] and sheet.header_rows == [7, 8]
    assert [(row.row, row.reason, row.why) for row in sheet.set_aside] == [
        (n, "total_or_note", "表头以上的标题或说明") for n in (1, 2, 3)] + [(n, "total_or_note", "说明行") for n in (6, 9, 10, 11)]
    assert sheet.counts == dict(zip(COUNTS, (9, 1, 0, 0, 7, 1)))


@pytest.mark.parametrize(("written", "value"), [
    ("☑是 ☐否", "是"), ("■是□否", "是"), ("(√)是 ( )否", "是"), ("（ ）是 （√）否", "否"), ("是☑ 否☐", "是"), ("是☑", "是"), ("√是", "是"),
    ("□是  ☑否", "否"), ("●是 ○否", "是"), ("□是 □否", None), ("☑是 ☑否", "☑是 ☑否"), ("是√否", "是√否"), ("是", "是"), ("未提供", None)])
def test_ticks_of_yes_and_no(read, written, value):
    (found,) = applicants(read(grid(*LAYOUTS["label left"], ["是否上市", written])))
    assert found.get("is_listed") == value


def test_ticks_in_cells_of_their_own(read):
    intake = read(grid(*LAYOUTS["label left"], ["是否上市", "□是", "☑否"], ["主要业务领域", "√大数据、□云计算", "☑ 其他：区块链"]))
    (found,) = applicants(intake)
    assert found["is_listed"] == "否" and found.get("services") in (("大数据",), None)
    assert "区块链" in repr(intake)


def test_what_is_written_beside_a_box_is_kept(read):
    intake = read(grid(*LAYOUTS["label left"], ["行业类别", "□金融业 ☑其它：农业"], ["是否上市", "☑是（新三板） □否：计划中"]))
    (found,) = applicants(intake)
    assert (found["category"], found["category_other"]) == ("其它", "农业")
    assert "新三板" in repr(intake) and "计划中" in repr(extras(intake))


@pytest.mark.parametrize(("cell", "boxes"), [
    ("☑ IT 解决方案　　☐ 其它：＿＿＿", [(True, "IT 解决方案", ""), (False, "其它", "")]), ("○金融业 ●其它__农业__", [(False, "金融业", ""), (True, "其它", "农业")]),
    ("☑ ① 营业执照", [(True, "营业执照", "")]), ("☑大数据\n（原文：别的）", [(True, "大数据", "")]), ("√", None), ("没有", None), ("☑☐否", None)])
def test_boxes(cell, boxes):
    found = read_boxes(cell)
    assert (found and list(found.items)) == (boxes and [Box(*box) for box in boxes])


def test_what_no_label_claims_stays_beside_the_applicant(read):
    """Labels that nobody knows, remarks at the right, rows of another list: all of it is kept and told."""
    intake = read(grid(["企业名称", NAME, "企业等级", "A"], ["联系人", "李四", "（必填）", None], ["信用评级", "AAA", "联系电话", "1"],
                       ["统一社会信用代码", CODE, None, None], ["2016年外包业务营业额", 5.0], ["课程", "讲师", "课时", 1], ["Java", "王", 30, 2]))
    assert applicants(intake)[0]["name"] == NAME
    held = " ".join(str(value) for label, values in extras(intake).items() for value in (label, *values))
    assert all(text in held for text in ("企业等级", "A", "（必填）", "信用评级", "AAA", "课程", "讲师", "Java", "王", "30"))
    assert {p.code.removesuffix("-needed") for p in intake.problems} == {"header-unmapped", "header-other-year"}


def test_problems_of_a_form_point_at_their_cells(read):
    intake = read(grid(["企业名称", NAME, "邮编", 10010.0], ["ITO占比", 0.85, "联系人", "李"], ["外包业务营业额（万美元）", 5.0]))
    assert [(p.code, p.row, p.cell) for p in intake.problems if p.cell] == [
        ("leading-zero", 1, "D1"), ("percent-doubtful", 1, "B2"), ("currency-foreign-column", 1, "A3")]


def test_units_of_forms(read):
    rows = [["企业名称", NAME], ["外包业务营业额", 3000.0, "万元"], ["注册资本（元）", 5e6], ["员工总数", "400人"]]
    (found,) = applicants(read(grid(*rows)))
    assert (found["outsourcing_revenue"], found["registered_capital"], found["total_staff"]) == (D(3000), D(500), 400)
    (found,) = applicants(read(grid(["金额单位：千元"], ["企业名称", NAME], ["外包业务营业额", 30000.0], ["员工总数", 400], ["联系人", "张"])))
    assert found["outsourcing_revenue"] == D(3000)


def test_long_texts_over_several_rows(read):
    rows = [["园区名称", "甲软件园", None], ["产业定位", "第一段", None], [None, "第二段", None], ["特色", "一", None], ["区位", "东", "部"]]
    (found,) = applicants(read(grid(*rows)))
    assert (found["positioning"], found["features"], found["location"]) == ("第一段\n第二段", "一", "东\n部")
    (found,) = applicants(read(grid(*rows, merges=[(1, 0, 2, 0)])))
    assert found["positioning"] == "第一段\n第二段"


def test_a_label_across_the_page_above_its_text(read):
    rows = [["园区名称", "甲软件园"], ["联系人", "张"], ["产业定位"], ["以软件为主。"], ["区位", "东"]]
    (found,) = applicants(read(grid(*rows, merges=[(2, 0, 2, 1), (3, 0, 3, 1)])))
    assert found["positioning"] == "以软件为主。"


def test_forms_below_each_other_and_on_several_sheets(read):
    def form(number):
        return [["企业基本信息表"], ["企业名称", f"第{number}软件有限公司", "联系人", "张"], ["联系电话", str(number), "网址", "a.cn"], []]
    intake = read(grid(*form(1), *form(2), *form(3)), grid(*form(4), name="Sheet2"))
    assert [(row["name"], row["phone"]) for row in applicants(intake)] == [(f"第{n}软件有限公司", str(n)) for n in (1, 2, 3, 4)]
    assert [table.rows for table in intake.sheets[0].tables] == [[2], [6], [10]]
    assert intake.sheets[0].counts == dict(zip(COUNTS, (9, 3, 0, 0, 3, 3)))
    assert intake.sheets[0].tables[1].cells[0]["phone"] == "B7"


def test_forms_of_two_kinds_on_one_sheet(read):
    intake = read(grid(["企业名称", NAME, "联系人", "张"], ["联系电话", "1", "证券代码", "2"],
                       [], ["园区名称", "甲软件园", "联系人", "李"], ["联系电话", "3", "园区特色", "好"]))
    assert [(t.kind, t.columns["name"][0], t.columns["phone"][0]) for t in intake.sheets[0].tables] == [
        ("company", NAME, "1"), ("park", "甲软件园", "3")]


@pytest.mark.parametrize("rows", [
    [["企业名称", "请填写企业全称"], ["统一社会信用代码", "18位代码"], ["联系人", "填写联系人姓名"], ["联系电话", "手机或座机"]],
    [["企业名称", None], ["统一社会信用代码", None], ["联系人", None], ["联系电话", None]],
    [["企业名称", NAME], ["联系人", "张"]], [["联系人", "张"], ["联系电话", "1"], ["网址", "a"], ["地址", "b"], ["邮编", "250101"]]])
def test_explanations_blank_forms_and_scraps_are_no_applicants(read, rows):
    intake = read(grid(*rows))
    assert intake.status == "refused" and [row.reason for row in intake.sheets[0].set_aside] == ["rejected"] * len(rows)


def test_a_city_system_of_2016(read):
    """企业信息 of a municipal platform (公司名称, 组织机构代码, 所属机关 ...), two pairs a row."""
    (found,) = applicants(read(grid(
        ["企业信息"], ["公司名称*", NAME, "组织机构代码", "32172398X"], ["法定代表人", "赵六", "所属机关", "济南市商务局"],
        ["注册资本（万元）", "1000", "成立日期", datetime(2008, 5, 1)], ["公司地址", "济南市高新区", "邮编", "250101"], ["网址", "http://a.cn", "联系人", "李"],
        ["联系电话", "0531-88888888", "是否上市公司", "□是 ☑否"])))
    assert found == {"name": NAME, "credit_code": "32172398X", "legal_person": "赵六", "bureau": "济南市商务局",
                     "registered_capital": D(1000), "founded_on": date(2008, 5, 1), "address": "济南市高新区", "postcode": "250101",
                     "website": "http://a.cn", "contact": "李", "phone": "0531-88888888", "is_listed": "否"}


def test_a_list_whose_cells_are_called_like_fields_stays_a_list(read):
    head = ["机构名称", "机构类型", "培训方向", "主管部门", "培训人数"]
    rows = [[f"第{n}培训学校", kind, "教学场地", "商务主管部门", 5] for n, kind in enumerate(("学校", "培训机构", "院校", "学校"))]
    (table,) = read(grid(["名单"], head, *rows)).sheets[0].tables
    assert table.columns["name"] == [row[0] for row in rows] and table.cells == []


def test_a_list_stays_a_list(read):
    head = ["企业名称", "联系人", "联系电话", "地址"]
    lists = [[head, [NAME, "张", "1", "某路"]], [head, [NAME, "联系人", "1", "地址"], ["乙软件有限公司", "李", "2", "x"]]]
    for rows in lists:
        (table,) = read(grid(*rows)).sheets[0].tables
        assert table.cells == [] and len(table.rows) == len(rows) - 1


# ------------------------------------------------------------------ nothing is lost

LABELS = ["联系人", "联系电话", "城市", "证券代码", "企业简介", "地址", "是否上市", "外包员工数", "省份", "信息技术外包（ITO）"]
SHAPES = st.lists(st.lists(st.sampled_from([*LABELS, *["值"] * 8, "☑是 ☐否", "网址：a.cn", "注:附", "（必填）", 5.0, *[None] * 8]),
                           min_size=5, max_size=5), max_size=9)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(SHAPES, st.integers(0, 9), st.lists(st.tuples(st.integers(0, 9), st.integers(0, 4), st.integers(0, 2), st.integers(0, 2)), max_size=4))
def test_every_text_of_a_form_is_a_label_a_value_or_listed(read, rows, at, merges):
    rows = [[f"值{i}{j}" if cell == "值" else cell for j, cell in enumerate(row)] for i, row in enumerate(rows)]
    own = ["企业名称", "甲软件有限公司", "手机", "13800000000", None]
    rows = [*rows[:at], own, ["统一社会信用代码", CODE, "邮编", "250101", None], *rows[at:]]
    spots = {(r + i, c + j) for r, c, h, w in merges for i in range(h + 1) for j in range(w + 1) if i or j}
    clean = [[None if (r, c) in spots and row[0] != own[0] and row[1] != CODE else cell for c, cell in enumerate(row)]
             for r, row in enumerate(rows)]
    intake = read(grid(*clean, merges=[(r, c, r + h, c + w) for r, c, h, w in merges]))
    (sheet,) = intake.sheets
    assert sheet.counts["read"] == sum(sheet.counts[name] for name in COUNTS[1:])
    assume(any(table.cells for table in sheet.tables))              # the rest are lists of some sort
    held = [str(part) for table in sheet.tables for part in (*table.labels, *table.columns.values(), *table.unmapped.items())]
    held = [narrow(text) for text in (*held, *(str(cell) for row in sheet.set_aside for cell in row.values))]
    for text in (cell for row in clean for cell in row if isinstance(cell, str) and cell not in (*LABELS, *own[::2], "统一社会信用代码")):
        shown = {"☑是 ☐否": "是", "网址：a.cn": "a.cn"}.get(text, narrow(text))
        assert any(shown in one or narrow(text) in one for one in held), text
