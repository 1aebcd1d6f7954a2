"""Faults of structure that the generator of dirty files found: each a grid as written and what must be read of it."""

import pytest

from tuijie_xl.book import BookText, Grid
from tuijie_xl.edition import load_edition
from tuijie_xl.intake import COUNTS, LostRows, read_submission
from tuijie_xl.intake.records import check_cells

EDITION = load_edition("2018")
CODE = "91370100MA3C0KJY7J"


def grid(*rows, name="Sheet1", **more):
    width = max((len(row) for row in rows), default=0)
    return Grid(name, [[*row, *[None] * (width - len(row))] for row in rows], **more)


def read(*grids, kind="xlsx"):
    intake = read_submission(BookText(f"报送.{kind}", kind, "0" * 64, list(grids)), EDITION)
    for sheet in intake.sheets:
        assert sheet.counts["read"] == sum(sheet.counts[name] for name in COUNTS[1:])
    return intake


def tables(intake):
    return [(table.kind, table.columns.get("name")) for sheet in intake.sheets for table in sheet.tables]


def column(intake, name):
    return [value for sheet in intake.sheets for table in sheet.tables for value in table.columns.get(name, ())]


def aside(intake):
    return [(row.row, row.reason, row.why) for sheet in intake.sheets for row in sheet.set_aside]


def codes(intake):
    return [p.code for p in intake.problems]


# ------------------------------------------------------------------ a table below another one

COMPANIES = [["序号", "公司名称", "社会信用代码", "省份", "外包业务上年度营业额（万元）"],
             [1, "甲有限公司", CODE, "山东", 5000], []]


@pytest.mark.parametrize("serial", ["序号", "No.", "NO", "编号"])
@pytest.mark.parametrize("name", ["培训机构及教育院校", "教育院校", "机构名称"])
def test_the_header_of_the_second_table_is_no_applicant(serial, name):
    intake = read(grid(*COMPANIES, [serial, name, "所属地区", "机构类型", "上年度培训人数（人）"],
                       [1, "芜湖外包培训中心", "安徽省", "民办培训机构", 1021]))
    assert tables(intake) == [("company", ["甲有限公司"]), ("trainer", ["芜湖外包培训中心"])]
    assert column(intake, "trainees") == [1021]


@pytest.mark.parametrize("name", ["产业园区", "服务外包园区名称", "园区全称"])
def test_nor_is_one_that_begins_with_the_name(name):
    intake = read(grid(["企业名称", "省份", "员工数"], ["甲有限公司", "山东", 5000], [],
                       [name, "省份", "入驻企业（家）"], ["第一软件园", "山东", 5]))
    assert tables(intake) == [("company", ["甲有限公司"]), ("park", ["第一软件园"])]


@pytest.mark.parametrize("title", ["服务外包企业", "二、服务外包企业", "企业部分"])
def test_a_title_between_two_tables_is_no_applicant(title):
    intake = read(grid(["园区名称", "省份", "入驻企业（家）"], ["第一软件园", "山东", 5], [], [title],
                       ["企业名称", "省份", "城市", "员工总数"], ["甲公司", "山东", "济南", 5]))
    assert tables(intake) == [("park", ["第一软件园"]), ("company", ["甲公司"])]
    assert [row[:2] for row in aside(intake)] == [(4, "total_or_note")]
    assert "row-doubtful" not in codes(intake)


def test_an_applicant_alone_in_its_row_above_a_table_stays_one():
    intake = read(grid(["园区名称", "省份", "入驻企业（家）"], ["第一软件园", "山东", 5], ["第二软件园"], [],
                       ["企业名称", "省份", "城市", "员工总数"], ["甲公司", "山东", "济南", 5]))
    assert tables(intake) == [("park", ["第一软件园", "第二软件园"]), ("company", ["甲公司"])]


# ------------------------------------------------------------------ rows that are no applicants

@pytest.mark.parametrize("place", ["一、九龙坡区", "渝北区", "郑州市", "嘉兴市", "浦东新区", "双流县", "（一）长清区"])
def test_a_place_alone_in_its_row_is_a_heading(place):
    intake = read(grid(["企业名称", "城市", "员工总数（人）"], [place], ["重庆甲有限公司", "九龙坡区", 300],
                       ["重庆乙有限公司", "渝北区", 500]))
    assert tables(intake) == [("company", ["重庆甲有限公司", "重庆乙有限公司"])]
    assert aside(intake) == [(2, "total_or_note", "分组行")]


@pytest.mark.parametrize("name", ["高新区", "第一软件园区", "经济技术开发区", "综合保税区"])
def test_a_park_alone_in_its_row_stays_an_applicant(name):
    intake = read(grid(["园区名称", "城市", "入驻企业（家）"], [name], ["第二软件园", "重庆市", 300]))
    assert tables(intake) == [("park", [name, "第二软件园"])]


@pytest.mark.parametrize("head", [["企业名称", "省份", "序号", "员工总数"], ["企业名称", "序号", "省份", "员工总数"],
                                  ["序号", "企业名称", "省份", "员工总数"]])
def test_column_numbers_are_no_applicant_wherever_the_serial_stands(head):
    values = {"企业名称": "甲有限公司", "省份": "山东", "序号": 1, "员工总数": 300}
    intake = read(grid(head, [1, 2, 3, 4], [values[label] for label in head]))
    assert tables(intake) == [("company", ["甲有限公司"])]
    assert aside(intake) == [(2, "total_or_note", "列序号行")]


# ------------------------------------------------------------------ headers of two rows

@pytest.mark.parametrize("label", ["单位地址", "单位性质", "填报人", "日期", "填表人", "制表人"])
@pytest.mark.parametrize("merged", [True, False])
def test_a_label_merged_down_is_no_title(label, merged):
    merges = [(0, 1, 0, 2), (0, 0, 1, 0), (0, 3, 1, 3), (0, 4, 1, 4)] if merged else []
    intake = read(grid(["序号", "基本情况", None, label, "城市"], [None, "企业名称", "员工总数", None, None],
                       [1, "泉州甲有限公司", 1250, "泉州路1号", "泉州市"], merges=merges), kind="xlsx" if merged else "csv")
    assert tables(intake) == [("company", ["泉州甲有限公司"])]
    assert (column(intake, "city"), column(intake, "total_staff")) == (["泉州市"], [1250])
    assert aside(intake) == []


def test_a_line_of_the_sender_above_the_labels_still_is_a_title():
    intake = read(grid(["填报单位", "某市商务局", "日期", "三月"], ["企业名称", "员工总数", "联系人", "城市"],
                       ["泉州甲有限公司", 1250, "张三", "泉州市"]))
    assert column(intake, "contact") == ["张三"]
    assert aside(intake) == [(1, "total_or_note", "表头以上的标题或说明")] or aside(intake)[0][0] == 1


# ------------------------------------------------------------------ forms with labels above their values

WHO = [["企业名称", "统一社会信用代码", "省份", "城市"], ["甲有限公司", CODE, "山东省", "济南市"]]


def test_a_value_that_is_called_like_a_label_stays_a_value():
    intake = read(grid(*WHO, ["从事服务外包工作的员工（人）", "员工数", "业务分布", "主营业务类型"],
                       [261, 402, "新加坡、韩国", "信息技术外包（ITO）"],
                       ["主营业务领域", "资质认证名称", "专利权（件）", "企业简介"],
                       ["信息技术服务外包", "CMMI 3", "2", "主要从事软件研发。"]))
    assert [column(intake, name) for name in ("outsourcing_staff", "total_staff", "main_type", "main_area", "patents")] == [
        [261], [402], ["信息技术外包（ITO）"], ["信息技术服务外包"], [2]]


def test_a_row_of_labels_stands_above_a_row_of_values_whatever_they_say():
    intake = read(grid(*WHO, ["年营业收入（万元）", "员工总人数", "主要发包国家或地区", "服务外包类型"],
                       [28320.23, 545, "美国、中国香港", "信息技术外包（ITO）"],
                       ["主营业务领域", "主营具体服务", "所有服务", "资质认证名称"],
                       ["信息技术服务外包", "物联网", "物联网、互联网营销推广服务", "技术先进型服务企业"]))
    assert "服务外包类型" not in column(intake, "markets") + column(intake, "main_type")
    assert (column(intake, "total_staff"), column(intake, "main_area")) == ([545], ["信息技术服务外包"])


@pytest.mark.parametrize(("labels", "values", "field", "value"), [
    (["网址"], ["http://www.x.example.com"], "website", "http://www.x.example.com"),
    (["网址", "备注"], ["http://www.x.example.com", "上年度已推荐"], "remarks", "上年度已推荐"),
    (["推荐商务主管部门"], ["济南市商务局"], "bureau", "济南市商务局"),
])
def test_the_last_labels_of_a_form_have_their_values(labels, values, field, value):
    intake = read(grid(*WHO, ["联系人", "员工数", "传真", "邮编"], ["张三", 402, "0531-88889999", "250000"], labels, values))
    assert column(intake, field) == [value]


def test_labels_without_values_are_none_of_each_other():
    intake = read(grid(*WHO, ["联系人", "员工数", "传真", "邮编"], ["网址", "备注", "邮箱", "手机"],
                       ["http://www.x.example.com", "上年度已推荐", "a@b.example.com", "13800138000"]))
    assert column(intake, "contact") in ([], [None])
    assert column(intake, "remarks") == ["上年度已推荐"]


def test_a_cell_of_a_form_that_is_nowhere_is_our_own_bug():
    check_cells([((0, 0), "甲公司"), ((3, 1), 5)], {(0, 0)}, ["5 人"])
    with pytest.raises(LostRows, match="B4"):
        check_cells([((0, 0), "甲公司"), ((3, 1), "乙公司")], {(0, 0)}, ["5 人", None])


# ------------------------------------------------------------------ columns of names under words of their own

NAMES = {"company": ["深圳甲数据分析有限公司", "乙科技有限公司"], "park": ["第一软件园", "第二高新区"], "trainer": ["甲职业学院", "乙培训中心"]}
BESIDE = {"company": ["外包业务上年度营业额（万元）", "联系人"], "park": ["入驻企业（家）", "联系人"], "trainer": ["上年度培训人数（人）", "联系人"]}


def named(kind, header, names=None):
    return read(grid([header, *BESIDE[kind]], *([name, 4000 + i, f"张{i}"] for i, name in enumerate(names or NAMES[kind]))))


@pytest.mark.parametrize(("kind", "header"), [
    ("park", "申报园区名称"), ("park", "推荐园区名称"), ("park", "服务外包园区名称"), ("trainer", "申报院校（机构）名称"),
    ("trainer", "培训机构/院校名称"), ("trainer", "申请机构名称"), ("trainer", "院校（机构）全称"), ("company", "企业（单位）名称"),
    ("company", "推荐企业名称"), ("company", "申报公司全称"), ("company", "申请单位名称"), ("company", "单位详细名称")])
def test_a_name_column_in_other_words_is_one(kind, header):
    intake = named(kind, header)
    assert tables(intake) == [(kind, NAMES[kind])]
    assert "name-by-content" not in codes(intake)


@pytest.mark.parametrize(("kind", "header"), [("company", "拟推荐企业"), ("company", "示范企业名称"), ("park", "示范园区名称")])
def test_a_column_that_may_hold_the_names_is_read_with_a_question(kind, header):
    intake = named(kind, header)
    assert tables(intake) == [(kind, NAMES[kind])]
    assert codes(intake).count("name-by-content") == 1


@pytest.mark.parametrize(("header", "names"), [
    ("母公司名称", None), ("运营企业名称", None), ("审核单位名称", None), ("重点企业", None), ("推荐企业名称", ["甲", "乙"]),
    ("推荐企业名称", ["软件研发", "乙科技有限公司"]), ("推荐企业名称", ["同一有限公司"] * 3), ("负责的人", None)])
def test_a_column_of_others_or_of_no_names_makes_no_list(header, names):
    intake = named("company", header, names)
    assert tables(intake) == []
    assert codes(intake) == ["header-not-found"]


def test_companies_are_no_parks_because_two_labels_are_those_of_parks():
    intake = read(grid(["推荐企业名称", "统一社会信用代码", "单位类型", "企业总部是否在境内", "2017年服务外包营业额",
                        "服务外包从业人员总数（人）", "主要业务领域", "联系电话（含区号）"],
                       ["深圳甲数据分析有限公司", CODE, "民营企业", "境内", 1820.67, 180, "商务服务外包", "0755-88889861"]))
    assert tables(intake) == [("company", ["深圳甲数据分析有限公司"])]


def test_a_kind_told_without_any_name_is_a_question():
    intake = read(grid(["甲方", "统一社会信用代码", "服务外包从业人员（人）", "联系人"], ["深圳甲有限公司", CODE, 180, "张三"]))
    assert "kind-doubtful" in codes(intake)


# ------------------------------------------------------------------ lists that go on, titles of forms, kinds by name

GOING_ON = [["企业名称", "统一社会信用代码", "员工总数", "成立时间"], ["甲有限公司", CODE, 300, "2001-02-03"]]


def going_on(*cells):
    rows = [[f"{name}有限公司", CODE, 200, "2002-02-03"] for name in "乙丙丁"] + [["戊有限公司", *cells]]
    return read(grid(*GOING_ON, name="一"), grid(*rows, name="二"))


@pytest.mark.parametrize("cells", [(CODE, "约203", "2009-01-01"), ("914403 00MATJQA RWXP", 5, "2009-01-01"), (CODE, 3, "不详"),
                                   (CODE, "不详", "2009年")])
def test_a_list_goes_on_although_a_cell_is_doubtful(cells):
    assert [len(names) for _, names in tables(going_on(*cells))] == [1, 4]


@pytest.mark.parametrize("cells", [("看附件", "约203", "不详"), ("甲", "乙", "丙")])
def test_it_does_not_if_most_cells_are_no_numbers(cells):
    other = read(grid(*GOING_ON, name="一"), grid(["乙有限公司", *cells], name="二"))
    assert [len(names) for _, names in tables(other)] == [1] and "sheet-not-used" in codes(other)


def test_a_list_that_goes_on_keeps_a_term_for_a_value():
    intake = read(grid(["企业名称", "员工总数", "申报主体", "主营业务领域"], ["甲有限公司", 300, "本公司", "商务服务外包"], name="一"),
                  grid(["乙有限公司", 200, "本公司", "商务服务外包"], ["丙有限公司", 100, "母公司", "研发服务外包"], name="二"))
    assert [names for _, names in tables(intake)] == [["甲有限公司"], ["乙有限公司", "丙有限公司"]]


@pytest.mark.parametrize("merges", [[(1, 0, 1, 1)], []])
@pytest.mark.parametrize(("title", "name"), [("园区信息表", ["园区名称", "第一软件园"]), ("培训机构及教育院校信息表", ["机构名称", "甲职业学院"])])
def test_the_title_of_a_form_is_no_label(title, name, merges):
    intake = read(grid(["附件2"], [title], name, ["省份", "山东省"], ["城市", "济南市"], ["联系人", "张三"], ["手机", "13800138000"],
                       merges=merges))
    assert [names for _, names in tables(intake)] == [name[1:]]
    assert "material_form" not in intake.sheets[0].tables[0].columns


def test_a_name_column_whose_header_comes_again_on_each_page():
    head = ["推荐企业名称", *BESIDE["company"]]
    intake = read(grid(head, ["甲有限公司", 1, "张"], ["乙有限公司", 2, "李"], head, ["丙有限公司", 3, "王"]))
    assert [name for _, names in tables(intake) for name in names] == ["甲有限公司", "乙有限公司", "丙有限公司"]


def test_a_form_with_few_fields_and_no_code_is_found():
    intake = read(grid(["企业名称", "省份", "主要市场", "主营业务类型"], ["济南甲有限公司", "山东省", "美国", "业务流程外包（BPO）"],
                       ["服务外包类型", "资质认证", "联系人", "备注"], ["供应链外包", "ISO 9001", "张三", "首次推荐"]))
    assert tables(intake) == [("company", ["济南甲有限公司"])]
    assert (column(intake, "contact"), column(intake, "remarks")) == (["张三"], ["首次推荐"])


@pytest.mark.parametrize("row", [["小 计", 9, None], ["宁波市小计", 9, None], [None, None, None]])
def test_subtotals_in_a_column_of_names_do_not_hide_it(row):
    people = [["甲培训学校", 5, "张"], row, ["乙职业学院", 4, "李"], row, ["丙培训中心", 3, "王"], row]
    intake = read(grid(["培训单位名称", *BESIDE["trainer"]], *people))
    assert tables(intake) == [("trainer", ["甲培训学校", "乙职业学院", "丙培训中心"])]


def test_a_list_of_which_only_the_name_is_known_is_read():
    intake = read(grid(["园区名称（盖章）", "管着园区的", "多少企业"], ["咸阳第一软件园", "某委员会", 200]))
    assert tables(intake) == [("park", ["咸阳第一软件园"])]


@pytest.mark.parametrize("below", [["某委员会", 200, 1], ["填写全称", "填写机构", "填写家数"]])
def test_but_not_if_no_names_stand_below_it(below):
    intake = read(grid(["园区名称（盖章）", "管着园区的", "多少企业"], below))
    assert (tables(intake), codes(intake)) == ([], ["header-not-found"])
