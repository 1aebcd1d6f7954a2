"""Whole submissions: the header is found wherever it stands, every row has a fate, nothing is guessed or lost."""

import itertools
import pickle
import subprocess
import sys
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tuijie_xl.book import BookText, Formula, Grid, Unread
from tuijie_xl.edition import load_edition
from tuijie_xl.intake import COUNTS, FileIntake, LostRows, Table, read_submission
from tuijie_xl.intake.records import check_rows
from tuijie_xl.intake.submission import OUR_SHEETS
from tuijie_xl.layout import material_list, problem_list, records
from tuijie_xl.layout.columns import TICK, kind_columns
from tuijie_xl.layout.template import plan_template

D = Decimal
CODE, CODE2 = "91370100MA3C0KJY7J", "91370100MA3C0KJY8X"
OWN_LISTS = {"问题清单": ("序号", "程度"), "导入异常": ("来源文件", "工作表"), "材料清单": ("类别", "申报单位")}
HEAD = ["序号", "企业名称", "统一社会信用代码", "外包业务上年度营业额（万元）", "从事服务外包工作的员工（人）"]
ROW = [1, "济南示例一有限公司", CODE, 4200.0, 320.0]


def grid(*rows, name="Sheet1", **more):
    width = max((len(row) for row in rows), default=0)
    return Grid(name, [[*row, *[None] * (width - len(row))] for row in rows], **more)


def read(*grids, edition=None) -> FileIntake:
    return read_submission(BookText("报送.xlsx", "xlsx", "0" * 64, list(grids)), edition or load_edition("2018"))


def codes_but_region(intake) -> list[str]:
    """Problem codes; the province that a title gives is tested in test_senders."""
    return [p.code for p in intake.problems if p.code != "region-from-title"]


def only_table(intake: FileIntake) -> Table:
    (table,) = [table for sheet in intake.sheets for table in sheet.tables]
    return table


def codes(intake: FileIntake) -> list[str]:
    return [p.code for p in intake.problems]


def aside(intake: FileIntake) -> list[tuple]:
    return [(row.row, row.reason, row.why) for sheet in intake.sheets for row in sheet.set_aside]


# ------------------------------------------------------------------ a plain list

def test_a_plain_list():
    intake = read(grid(HEAD, ROW, [2, "济南示例二有限公司", CODE2, "3,000万", "300人"]))
    table = only_table(intake)
    assert table.columns == {
        "serial": [1, 2], "name": ["济南示例一有限公司", "济南示例二有限公司"], "credit_code": [CODE, CODE2],
        "outsourcing_revenue": [D(4200), D(3000)], "outsourcing_staff": [320, 300]}
    assert (table.kind, table.rows, table.places["outsourcing_revenue"]) == ("company", [2, 3], "D")
    assert table.labels["从事服务外包工作的员工（人）"] == "outsourcing_staff"
    assert intake.sheets[0].header_rows == [1] and intake.problems == [] and intake.status == "imported"
    assert intake.sheets[0].counts == dict(zip(COUNTS, (2, 2, 0, 0, 0, 0)))


def test_titles_above_and_totals_below():
    intake = read(grid(
        ["附件1："], ["山东省服务外包企业\n推荐汇总表（2018年6月）"], [], ["填报单位：山东省商务厅", None, None, "单位：万元"], HEAD, ROW,
        [], ["合计", None, None, 4200, 320], ["注：以上数据未经审计"], ["填表人：张三", None, "联系电话：0531-88888888", None, "日期："]))
    assert only_table(intake).rows == [6]
    assert aside(intake) == [
        (1, "total_or_note", "表头以上的标题或说明"), (2, "total_or_note", "表头以上的标题或说明"),
        (4, "total_or_note", "表头以上的标题或说明"), (8, "total_or_note", "合计行"), (9, "total_or_note", "说明行"),
        (10, "total_or_note", "说明行")]
    assert intake.sheets[0].counts == dict(zip(COUNTS, (9, 1, 0, 0, 6, 2))) and codes_but_region(intake) == []


def test_the_header_may_stand_deep_but_not_below_everything():
    assert only_table(read(grid(*[["说明文字"]] * 35, HEAD, ROW))).rows == [37]
    assert only_table(read(grid(*[["说明文字"]] * 199, HEAD, ROW))).rows == [201]
    assert read(grid(*[["说明文字"]] * 200, HEAD, ROW)).status == "refused"


@pytest.mark.parametrize("row", [
    ["合计", None, None, 4200], ["总 计", None, None, 1], [None, "小计", None, 5], ["合计：", None, None, 4], ["合计（12家）"],
    [None, "山东省合计", None, 9], [5, "合计12家"], ["注：无"], ["备注：含离岸"], ["说明", "以上为初审结果"], ["数据来源:Wind资讯"],
    ["商务部门联系人：李四", None, "联系电话：123"], ["（盖章）"], ["山东省商务厅（盖章）", None, None, "2018年6月20日"], ["2018年6月20日"],
    ["审核人：", None, "填表人："], ["※以上企业均已公示"], ["第1页,共3页"], ["示例", "某公司"], ["当地商务主管部门意见：同意推荐"], ["年  月  日"],
    ["说明", "以上企业均经公示无异议"], [None, "* 公示无异议"], [None, "其中：离岸", None, 5], ["——以下空白——"], [None, "以下无正文"],
    ["1", "2", "3", "4", "5"],
    ["（1）", "（2）", "（3）"], ["甲", "乙", 1.0, 2.0, 3.0]])
def test_totals_and_notes_are_no_applicants(row):
    intake = read(grid(HEAD, ROW, row))
    assert only_table(intake).rows == [2] and [a[:2] for a in aside(intake)] == [(3, "total_or_note")]


@pytest.mark.parametrize("name", [
    "上海会计服务有限公司", "合计算机技术有限公司", "注册地产服务公司", "总计数据有限公司", "说明书印刷公司", "*ST示例", "3M中国有限公司",
    "一二三科技", "北京（1家亲）科技公司", "年年有余公司", "数据堂（北京）科技股份有限公司", "单位宝科技有限公司", "甲", "附件科技公司",
    "（德国）某某公司", "联系科技有限公司", "审计服务有限公司", "示例软件（济南）有限公司"])
def test_odd_names_are_applicants_all_the_same(name):
    assert only_table(read(grid(HEAD, [1, name, CODE2, 3000, 300],
                                [2, name, None, 5, 6]))).columns["name"] == [name] * 2


@pytest.mark.parametrize("row", [
    [2, "合计", None, 9000, 800], [2, "小 计：", None, 9000], [2, "总    计", None, 9000], [2, "平均", None, 4500], [2, "平均值", None, 4500],
    ["山东省", "合计", "—", 9000], [None, "全省平均", None, 4500], ["1、以上数据截至2017年底"], ["2. 外包业务营业额以审计报告为准"],
    ["以上共1家企业，经审核属实。"], ["（续下页）"], ["本表由市商务局汇总"], ["——完——"], ["数据截止日期：2017年12月"], ["山东省商务厅"],
    ["山东省商务厅", None, None, "2018年6月20日"], ["制表人：", "李四", None, 13800000000.0], [None, "济南市（5家）", None, 5000]])
@pytest.mark.parametrize("shift", [0, 1])
def test_totals_and_footers_wherever_they_stand(row, shift):
    head = [HEAD, HEAD[1:]][shift]
    row = row[1:] if shift and len(row) > 1 and row[1] else row
    if row[0] in ("李四",):
        return
    intake = read(grid(head, ROW[shift:], row))
    assert only_table(intake).rows == [2] and [a[:2] for a in aside(intake)] == [(3, "total_or_note")]


@pytest.mark.parametrize(("name", "doubtful"), [
    ("济南丙有限公司（盖章）", False), ("济南丁有限公司（公章）", False), ("一、济南甲有限公司", False), ("（一）济南乙有限公司", False),
    ("公章制作有限公司", False), ("合计算机技术有限公司", False), ("填报单位：庚公司", True), ("联系人：网络公司", True), ("济南辛公司（5家）", True),
    ("其中：济南戊有限公司", True), ("一、信息服务业", True), ("审核", True), ("2017年6月", True), ("企业名称", True), ("企业名称（盖章）", True),
    ("山东省商务厅", True)])
def test_a_name_with_numbers_is_an_applicant_whatever_it_looks_like(name, doubtful):
    intake = read(grid(HEAD, ROW, [2, name, None, 5000, 400]))
    assert only_table(intake).columns["name"] == [ROW[1], name]
    assert [(p.code, p.row, p.value) for p in intake.problems] == ([("row-doubtful", 3, name)] if doubtful else [])


@pytest.mark.parametrize(("row", "fate"), [
    (["示例软件园（盖章）", "山东省", "济南市"], "accepted"), (["示例有限公司（公章）", "山东省", None], "accepted"), (["示例有限公司（公章）"], "total_or_note"),
    (["示例有限公司（盖章）", None, "2018年6月20日"], "total_or_note"), (["山东省商务厅（盖章）", "山东省", None], "total_or_note")])
def test_a_seal_behind_the_name_of_an_applicant_and_in_a_signature(row, fate):
    (sheet,) = read(grid(["园区名称", "省份", "城市", "园区级别"], ["第一软件园", "山东省", "济南市"], row)).sheets
    assert sheet.counts[fate] == (2 if fate == "accepted" else 1)


@pytest.mark.parametrize("name", ["合计", "山东省商务厅", "填报单位：庚公司", "以上共1家企业，经审核属实。", "一、信息服务业", "山东省（2家）"])
def test_in_a_book_of_ours_every_named_row_is_an_applicant(edition, name):
    intake = read(own_grid(edition, "company", [{"name": "第一家"}, {"name": name}]), MARKED)
    assert only_table(intake).columns["name"] == ["第一家", name] and intake.problems == []


def test_a_record_longer_than_its_header_is_rejected_in_a_delimited_file_only():
    rows = (HEAD, ["1", "千分位有限公司", None, "5", "000", "400"], ["2", "对照有限公司", None, "5000", "400"])
    text = read_submission(BookText("a.csv", "csv", "0" * 64, [grid(*rows)]), load_edition("2018"))
    assert only_table(text).columns["name"] == ["对照有限公司"]
    assert aside(text) == [(2, "rejected", "列数多于表头，内容可能错位")]
    assert [(p.code, p.severity, p.row) for p in text.problems] == [("row-too-long", "error", 2)]
    book = read(grid(*rows))
    assert only_table(book).unmapped == {"F 列": ["400", None]} and only_table(book).rows == [2, 3]


def test_blank_prepared_and_numbered_rows_are_blank():
    intake = read(grid([*HEAD, "人均营业额（万元/人）"], [*ROW, 13.125], [2], [3, None, None, None, None, Unread("=D4/E4")],
                       [4, " ", None, "-", None, 0.0], []))
    assert intake.sheets[0].counts == dict(zip(COUNTS, (5, 1, 0, 0, 0, 4))) and intake.problems == []


def test_a_row_with_neither_name_nor_code_is_rejected_as_written():
    intake = read(grid(HEAD, ROW, [None, None, None, 77.5, "很多"]))
    assert aside(intake) == [(3, "rejected", "没有申报单位名称，也没有代码")]
    assert intake.sheets[0].set_aside[0].values == [None, None, None, 77.5, "很多"]
    assert [(p.code, p.row, p.value) for p in intake.problems] == [("row-without-name", 3, "77.5 很多")]


def test_a_code_alone_or_a_name_alone_makes_an_applicant():
    table = only_table(read(grid(HEAD, [1, None, CODE], [2, "只有名称的公司"], [3, "合计", CODE2, 5])))
    assert list(zip(table.columns["name"], table.columns["credit_code"])) == [
        (None, CODE), ("只有名称的公司", None), ("合计", CODE2)]


def test_section_rows_give_the_region_to_blank_provinces():
    head = ["企业名称", "省份", "从事服务外包工作的员工（人）"]
    intake = read(grid(head, ["北京市（2家）"], ["甲公司有限", None, 1], ["乙公司有限", "天津", 2], ["二、山东"], ["丙公司有限"],
                       ["三、济南市"], ["丁公司有限"], ["大连", None, 12], ["戊公司有限"]))
    assert only_table(intake).columns["province"] == ["北京市", "天津市", "山东省", None, "大连市"]
    assert [(p.code, p.row, p.value) for p in intake.problems] == [
        ("region-from-section", 2, "北京市"), ("region-from-section", 5, "山东省"), ("region-from-section", 9, "大连市")]
    assert {a[2] for a in aside(intake)} == {"分组行"}


def test_section_rows_make_a_province_column_where_there_is_none():
    table = only_table(read(grid(HEAD, ["上海市（1家）"], ROW)))
    assert table.columns["province"] == ["上海市"] and "province" not in table.places


def test_a_text_merged_across_is_a_note_and_a_name_merged_like_its_header_is_not():
    across = (2, 0, 2, 4)
    assert aside(read(grid(HEAD, ROW, ["第二批推荐名单"], merges=[across]))) == [(3, "total_or_note", "说明行")]
    head = ["企业名称", None, None, "统一社会信用代码", "联系人"]
    table = only_table(read(grid(head, ["甲公司", None, None, CODE], ["乙公司"],
                                 merges=[(0, 0, 0, 2), (1, 0, 1, 2), (2, 0, 2, 2)])))
    assert table.columns["name"] == ["甲公司", "乙公司"]


def test_headers_repeated_on_each_page():
    title = ["服务外包企业汇总表"]
    intake = read(grid(title, HEAD, ROW, title, HEAD, [2, "乙公司有限公司"]))
    assert only_table(intake).rows == [3, 6]
    assert [a[2] for a in aside(intake)] == ["表头以上的标题或说明", "重复的表头", "重复的表头"]


def test_two_tables_below_each_other():
    intake = read(grid(HEAD, ROW, [], ["园区"], ["园区名称", "入驻企业（家）", "服务外包企业（家）"], ["示例软件园", 20, 5], ["第二软件园", 30, 6]))
    assert [(t.kind, t.rows, t.columns["name"]) for t in intake.sheets[0].tables] == [
        ("company", [2], ["济南示例一有限公司"]), ("park", [6, 7], ["示例软件园", "第二软件园"])]
    assert intake.sheets[0].header_rows == [1, 5]


# ------------------------------------------------------------------ headers

@pytest.mark.parametrize("label", [
    "企业名称", "企业名称（全称）", " 企 业\n名 称 ", "*企业名称", "1.企业名称", "（1）企业名称", "一、企业名称", "企业名称：", "公司名称", "［1］企业名称",
    "单位名称（盖章）", "企业名称【必填】"])
def test_spellings_of_a_text_header(label):
    assert only_table(read(grid([label, "统一社会信用代码"], ["甲公司", CODE]))).labels[" ".join(label.split())] == "name"


@pytest.mark.parametrize(("label", "cell", "value"), [
    ("外包业务上年度营业额（万元）", 3000, D(3000)), ("外包业务上年度营业额(元)", 30000000, D(3000)), ("外包业务上年度营业额（亿元）", 0.3, D(3000)),
    ("外包业务上年度营业额（单位：千元）", 30000, D(3000)), ("外包业务上年度营业额\n（人民币万元）", 3000, D(3000)), ("外包业务上年度营业额 万元", 3000, D(3000)),
    ("外包业务上年度营业额，元", 30000000, D(3000)), ("2017年外包业务营业额（亿元）", 0.3, D(3000)), ("2017年度外包业务营业额", 3000, D(3000)),
    ("外包业务营业额（2017年）", 3000, D(3000)), ("外包业务营业额（2017年，元）", 30000000, D(3000)),
    ("上年度外包业务营业额", 3000, D(3000)), ("上一年外包业务营业额", 3000, D(3000)),
    ("外包业务营业额", 3000, D(3000)), ("4、外包业务营业额", 3000, D(3000))])
def test_spellings_and_units_of_an_amount_header(label, cell, value):
    intake = read(grid(["企业名称", label], ["甲公司", cell]))
    assert only_table(intake).columns.get("outsourcing_revenue") == [value]
    assert codes(intake) == (["unit-converted"] if cell != 3000 else [])


MILLIONS = {"（人民币）（万元）": 0, "（人民币、万元）": 0, "（人民币 万元）": 0, "（人民币：万元）": 0, "（RMB）": 0, "（以元为单位）": -4,
            "（单位为千元）": -1, "（千元）": -1, "（以人民币千元为计量单位）": -1, "（亿）": 4, "（千）": -1, "（万）": 0, "，单位：元": -4, "<元>": -4, "（含税，元）": -4}


@pytest.mark.parametrize("remark", MILLIONS)
def test_every_spelling_of_a_unit_in_a_header(remark):
    table = only_table(read(grid(["企业名称", f"外包业务上年度营业额{remark}"], ["甲公司", 50000], ["乙公司", "3000万元"])))
    assert table.columns["outsourcing_revenue"] == [D(50000).scaleb(MILLIONS[remark]), D(3000)]


@pytest.mark.parametrize("remark", ["（精确到元）", "（K元）", "（美元折合人民币万元）", "（外币按汇率折合）", "（万元）（元）", "（万元/亿元）", "（元整）"])
def test_a_unit_in_a_header_that_is_not_understood_leaves_the_column_as_written(remark):
    intake = read(grid(["企业名称", f"外包业务上年度营业额{remark}", "员工总数"], ["甲公司", 5000.0, 40], ["乙公司", "3000万元", 50]))
    assert only_table(intake).columns["outsourcing_revenue"] == ["5000（单位待核）", D(3000)]
    assert only_table(intake).columns["total_staff"] == [40, 50]
    assert [(p.code, p.cell) for p in intake.problems if "unit" in p.code] == [("unit-doubtful", "B1")]


@pytest.mark.parametrize(("above", "below", "value"), [
    ("单位：人民币（万元）", None, D(5000)), ("单位：人民币 万元", None, D(5000)), ("货币单位: RMB 万元", None, D(5000)),
    ("金额单位为元", None, D("0.5")), ("（金额：千元）", None, D(500)), ("金额单位：千元、人数单位：人", None, D(500)),
    ("注：以下金额均以千元计", None, D(500)), ("山东省汇总表", "注：金额单位为千元", D(500)), ("单位：千元", "注：金额单位为千元", D(500)),
    ("单位：万元", "注：金额单位为千元", "5000（单位待核）"), ("单位：K元", None, "5000（单位待核）"), ("单位：山东元通公司", None, D(5000)),
    ("填报单位：万元公司", "注：离岸金额单位为万美元", D(5000)), ("填报单位：甲局　单位：元", None, D("0.5")), ("币种：人民币", None, D(5000)),
    ("注册资本单位：元", "金额单位：千元", D(500)), ("注册资本单位：元", None, "5000（单位待核）"), ("注册资本单位：万元", None, D(5000)),
    ("注：1美元按6.5元计算", "注：不足1万元按1万元计", D(5000)), ("单位：元（精确到分）", None, D("0.5")),
    ("注：金额以审计报告为准", "按计划达5000万元的有3家", D(5000))])
def test_lines_about_units_above_and_below(above, below, value):
    intake = read(grid([above], ["企业名称", "省份", "外包业务营业额"], ["甲有限公司", "山东", 5000.0], [below]))
    assert only_table(intake).columns["outsourcing_revenue"] == [value]
    assert ("unit-doubtful" in codes(intake)) == isinstance(value, str)


def test_a_unit_line_between_two_tables_is_of_the_lower_one_and_a_note_of_the_upper():
    head = ["企业名称", "省份", "外包业务营业额"]
    park = ["园区名称", "省份", "服务外包收入"]
    upper, lower = read(grid(head, ["甲有限公司", "山东", 5000.0], ["注：金额单位为千元"], ["单位：元"], park, ["甲园区", "山东", 50000.0]
                             )).sheets[0].tables
    assert upper.columns["outsourcing_revenue"] == [D(500)] and lower.columns["outsourcing_revenue"] == [D(5)]


@pytest.mark.parametrize("label", [
    "外包业务营业额（2016年）", "2016年外包业务营业额", "2018年度外包业务营业额（万元）"])
def test_another_year_is_never_taken_for_the_statistics_year(label):
    intake = read(grid(["企业名称", "省份", label], ["甲公司", "山东", 3000]))
    assert only_table(intake).unmapped == {label: ["3000"]} and codes(intake) == ["header-other-year"]


@pytest.mark.parametrize("label", [
    "外包业务上年度营业额（预计）", "外包业务营业额同比", "外包业务上年度营业额（%）", "从事服务外包工作的员工（万元）", "外包业务上年度营业额（人）", "营业额", "xyz"])
def test_what_only_resembles_a_label_is_not_mapped(label):
    intake = read(grid(["企业名称", "省份", label], ["甲公司", "山东", 3000]))
    assert only_table(intake).unmapped == {label: ["3000"]}
    assert codes(intake) == ["header-doubtful" if label == "营业额" else "header-unmapped"]


def test_columns_that_nobody_knows_stay_beside_the_row():
    intake = read(grid(["企业名称", "等级", None, "等级", "省份", None], ["甲公司", "A", "旁注", 1.0, "山东", None],
                       ["乙公司", None, None, None, "山东"]))
    assert only_table(intake).unmapped == {"等级": ["A", None], "C 列": ["旁注", None], "等级（D 列）": ["1", None]}
    assert [(p.code, p.value) for p in intake.problems] == [("header-unmapped", "等级、C 列、等级（D 列）")]


def test_a_field_that_stands_twice():
    head = ["企业名称", "联系人", "申报联系人"]
    same = read(grid(head, ["甲公司", "张", "张"]))
    assert only_table(same).columns["contact"] == ["张"] and same.problems == []
    other = read(grid(head, ["甲公司", "张", "李"]))
    assert only_table(other).columns["contact"] == ["张"] and only_table(other).unmapped == {"申报联系人": ["李"]}
    assert [(p.code, p.cell) for p in other.problems] == [("header-duplicate", "C1")]


BAND = ["序号", "企业名称", "经营情况", None, "联系方式", None, "上市"]
LOWER = [None, None, "外包业务营业额", "员工总数", "联系人", "电话", None]
MERGES = [(0, 2, 0, 3), (0, 4, 0, 5), (0, 0, 1, 0), (0, 1, 1, 1), (0, 6, 1, 6)]


@pytest.mark.parametrize("merges", [MERGES, []])
@pytest.mark.parametrize("above", [[], [["服务外包企业汇总表"], ["单位：万元"]]])
def test_headers_of_two_rows(merges, above):
    shift = len(above)
    shifted = [(a + shift, b, c + shift, d) for a, b, c, d in merges]
    intake = read(grid(*above, BAND, LOWER, [1, "甲公司", 3000, 400, "张", "13800000000", "否"], merges=shifted))
    table = only_table(intake)
    assert intake.sheets[0].header_rows == [shift + 1, shift + 2]
    assert {k: v[0] for k, v in table.columns.items()} == {
        "serial": 1, "name": "甲公司", "outsourcing_revenue": D(3000), "total_staff": 400, "contact": "张",
        "phone": "13800000000"}
    assert table.unmapped == {"上市": ["否"]}


def test_a_band_completes_an_ambiguous_label_and_its_year_counts():
    intake = read(grid(["企业名称", "服务外包", None, "2016年", "2017年"], [None, "营业额", "员工人数", "外包业务营业额", "其他"],
                       ["甲公司", 3000, 300, 2000, 1], merges=[(0, 0, 1, 0), (0, 1, 0, 2)]))
    table = only_table(intake)
    assert table.labels == {"企业名称": "name", "服务外包 营业额": "outsourcing_revenue", "服务外包 员工人数": "outsourcing_staff"}
    assert table.unmapped == {"外包业务营业额": ["2000"], "其他": ["1"]} and "header-other-year" in codes(intake)


def test_a_band_may_be_called_like_a_field_or_say_nothing():
    intake = read(grid(["申报单位", None, "联系方式", None, "说明材料", None],
                       ["园区名称", "园区级别", "联系人", "手机", "园区特色", "区位优势"], ["甲园", "软件园", "张", "13800000000", "一", "二"],
                       merges=[(0, 0, 0, 1), (0, 2, 0, 3), (0, 4, 0, 5)]))
    table = only_table(intake)
    assert list(table.columns) == ["name", "park_level", "contact", "mobile", "features", "location"]
    assert intake.sheets[0].header_rows == [1, 2] and intake.problems == []


@pytest.mark.parametrize("title", [
    ["附件1", "2018年服务外包企业推荐计划表"], ["2018年推荐计划表", None, None, "2018年6月"], ["附件2", None, "2018年6月"],
    ["填报 山东省", None, None, "预计完成情况：无"], ["山东省服务外包企业推荐目标企业名单（2016年）", "山东省"]])
@pytest.mark.parametrize("merges", [[], [(9, 0, 9, 3)]])
def test_titles_of_several_cells_are_no_bands(title, merges):
    intake = read(grid(title, ["企业名称", "统一社会信用代码", "员工人数", "外包营业额"], ["甲公司", CODE, 400, 3000], merges=merges))
    table = only_table(intake)
    assert (table.columns["outsourcing_revenue"], table.columns["total_staff"]) == ([D(3000)], [400])
    assert intake.sheets[0].header_rows == [2] and codes_but_region(intake) == []


def test_a_year_forbids_numbers_only():
    table = only_table(read(grid(["2018年企业名称", "联系人（2018年）", "2018年员工总数"], ["甲公司", "张", 5])))
    assert table.columns == {"name": ["甲公司"], "contact": ["张"]} and table.unmapped == {"2018年员工总数": ["5"]}


def test_headers_of_three_rows():
    intake = read(grid(["企业名称", "服务外包", None, None], [None, "2017年", None, "人员"], [None, "营业额（元）", "离岸营业额", "员工数"],
                       ["甲公司", 30000000, 5, 300], merges=[(0, 0, 2, 0), (0, 1, 0, 3), (1, 1, 1, 2)]))
    table = only_table(intake)
    assert intake.sheets[0].header_rows == [1, 2, 3]
    assert table.columns["name"] == ["甲公司"] and table.columns["offshore_revenue"] == [D(5)]


def test_headers_of_three_rows_join_the_label_with_the_nearest_band():
    intake = read(grid(["企业名称", "推介标准", None, None, None], [None, "总部", None, "外包业务", None],
                       [None, "企业总部所在地", "业务交付主体在中国", "营业额", "员工数"], ["甲有限公司", "境内", "是", 5000, 400],
                       merges=[(0, 0, 2, 0), (0, 1, 0, 4), (1, 1, 1, 2), (1, 3, 1, 4)]))
    table = only_table(intake)
    assert (table.columns["outsourcing_revenue"], table.columns["outsourcing_staff"]) == ([D(5000)], [400])
    wrong = read(grid(["企业名称", "2018年预计", None, None], [None, "外包业务", None, "联系"], [None, "营业额", "员工数", "联系人"],
                      ["甲有限公司", 5000, 400, "张"], merges=[(0, 0, 2, 0), (0, 1, 0, 3), (1, 1, 1, 2)]))
    assert not {"outsourcing_revenue", "outsourcing_staff"} & set(only_table(wrong).columns)


def test_a_second_table_beside_the_first_that_cannot_be_told_apart_is_an_error():
    head = ["企业名称", "省份", "员工总数"]
    intake = read(grid([*head, "员工总数", "企业名称"], ["左有限公司", "山东", 400, 500, "右有限公司"], ["左二有限公司", "山东", 400]))
    (one,) = [p for p in intake.problems if p.severity == "error"]
    assert (one.code, one.cell) == ("table-beside", "E1") and "1 家" in one.message
    assert only_table(intake).unmapped["企业名称"] == ["右有限公司", None]
    assert "table-beside" not in codes(read(grid([*head, "企业名称"], ["左有限公司", "山东", 400, "右有限公司"])))


def test_a_long_text_is_no_header_and_a_side_note_of_blanks_no_problem():
    intake = read(grid([*HEAD, "很长的说明" * 20, " "], [*ROW, None, "\u200b"]))
    assert list(only_table(intake).unmapped) == ["很长的说明" * 20] and intake.sheets[0].counts["accepted"] == 1


def test_a_row_of_units_belongs_to_the_header():
    intake = read(grid(["企业名称", "外包业务营业额", "外包员工数"], [None, "元", "人"], ["甲公司", 30000000, 300]))
    assert only_table(intake).columns["outsourcing_revenue"] == [D(3000)] and intake.sheets[0].header_rows == [1, 2]


def test_a_band_that_changes_the_meaning_forbids_the_label_below():
    intake = read(grid(["企业名称", "2018年预计", None], [None, "外包营业额", "省份"], ["甲公司", 9000, "山东"],
                       merges=[(0, 1, 0, 2), (0, 0, 1, 0)]))
    assert "outsourcing_revenue" not in only_table(intake).columns


WRONG_BANDS = ("2018年预计", "计划数", "2015-2017累计", "集团合并", "上半年", "今年", "本年", "期初", "其中：离岸", "所在园区", "2017年1-6月")
RIGHT_BANDS = ("2017年实际", "实际", "上年度", "2017年", "全年", "期末", "本企业", "完成数", "经营情况")


@pytest.mark.parametrize("label", ["外包业务上年度营业额（万元）", "外包营业额"])
@pytest.mark.parametrize(("band", "right"), [*((band, False) for band in WRONG_BANDS), *((band, True) for band in RIGHT_BANDS)])
def test_even_a_verbatim_label_obeys_its_band(label, band, right):
    staff = "从事服务外包工作的员工（人）"
    intake = read(grid(["企业名称", "省份", band, None], [None, None, label, staff], ["甲有限公司", "山东", 1000, 100],
                       merges=[(0, 2, 0, 3), (0, 0, 1, 0), (0, 1, 1, 1)]))
    table = only_table(intake)
    read_as = [table.columns.get("outsourcing_revenue"), table.columns.get("outsourcing_staff")]
    assert read_as == ([[D(1000)], [100]] if right else [None, None])
    assert codes(intake) == ([] if right else ["header-other-scope"] * 2) and len(table.unmapped) == (0 if right else 2)


@pytest.mark.parametrize(("wrong", "right"), [("2018年预计", "2017年实际"), ("上半年", "全年"), ("今年", "去年"), ("期初", "期末")])
@pytest.mark.parametrize("turned", [False, True])
def test_of_two_bands_the_right_pair_is_taken(wrong, right, turned):
    pairs = [(right, 5000, 400), (wrong, 1000, 100)] if turned else [(wrong, 1000, 100), (right, 5000, 400)]
    labels = ["外包业务上年度营业额（万元）", "从事服务外包工作的员工（人）"]
    intake = read(grid(["企业名称", "省份", pairs[0][0], None, pairs[1][0], None], [None, None, *labels * 2],
                       ["甲有限公司", "山东", *pairs[0][1:], *pairs[1][1:]],
                       merges=[(0, 2, 0, 3), (0, 4, 0, 5), (0, 0, 1, 0), (0, 1, 1, 1)]))
    table = only_table(intake)
    assert (table.columns["outsourcing_revenue"], table.columns["outsourcing_staff"]) == ([D(5000)], [400])


def test_a_header_that_comes_near_is_a_question_and_never_applied():
    intake = read(grid(["企业名称", "省份", "2017年外包业务营业收入总额", "等级"], ["甲有限公司", "山东", 5000, "A"]))
    doubtful, rest = intake.problems
    assert (doubtful.code, doubtful.severity, doubtful.value) == ("header-doubtful", "warning", "2017年外包业务营业收入总额")
    assert (doubtful.cell, rest.code, rest.severity, rest.value) == ("C1", "header-unmapped", "note", "等级")
    assert "“外包业务上年度营业额（万元）”（文字相似 89%，1/1 个值是数字）" in doubtful.message
    assert "outsourcing_revenue" not in only_table(intake).columns


def test_columns_called_like_our_own_are_unmapped_in_a_bureaus_sheet(edition):
    own = [f.label for f in edition.fields("company").values() if f.type == "system" and f.id != "serial"]
    intake = read(grid([*HEAD, *own], [*ROW, *(f"值{i}" for i in range(len(own)))]))
    table = only_table(intake)
    assert table.unmapped == {label: [f"值{i}"] for i, label in enumerate(own)} and table.columns["serial"] == [1]
    ours = read(grid([*HEAD, *own], [*ROW, *(f"值{i}" for i in range(len(own)))], name="企业"), MARKED)
    assert only_table(ours).unmapped == {}


# ------------------------------------------------------------------ units and doubts

def test_the_units_of_cell_header_line_and_field_in_this_order():
    def revenue(label, line, cell):
        return only_table(read(grid([f"单位：{line}"], ["企业名称", label], ["甲公司", cell]))).columns["outsourcing_revenue"][0]

    assert revenue("外包业务营业额（元）", "亿元", "3000万元") == D(3000)
    assert revenue("外包业务营业额（元）", "亿元", 30000000) == D(3000)
    assert revenue("外包业务营业额", "亿元", 0.3) == D(3000)
    assert revenue("外包业务营业额", "某某公司", 3000) == D(3000)


def test_the_units_line_of_money_is_not_for_dollars_or_people():
    head = ["企业名称", "外包业务营业额", "离岸服务外包执行额", "员工总数"]
    table = only_table(read(grid(["单位：元"], head, ["甲公司", 30000000, 180, 400])))
    assert [table.columns[k][0] for k in ("outsourcing_revenue", "offshore_usd", "total_staff")] == [D(3000), D(180),
                                                                                                     400]


def test_one_note_tells_how_a_converted_column_was_read():
    intake = read(grid(["单位：元"], ["企业名称", "外包业务营业额"], ["甲公司", None], ["乙公司", 30000000], ["丙公司", 5]))
    (one,) = intake.problems
    assert (one.code, one.cell, one.value) == ("unit-converted", "B4", "30000000")
    assert "表上的单位说明“元”" in one.message and "3000 万元" in one.message


def test_units_in_cells_are_told_once():
    intake = read(grid(["企业名称", "外包业务营业额"], ["甲公司", "1.2亿"], ["乙公司", "2亿"], ["丙公司", "3000万元"]))
    assert [(p.code, p.cell) for p in intake.problems] == [("unit-converted", "B2")]


def test_foreign_money_is_kept_with_its_currency():
    intake = read(grid(["企业名称", "外包业务营业额（万美元）"], ["甲公司", 500.0], ["乙公司", "600"], ["丙公司", "20万欧元"]))
    assert only_table(intake).columns["outsourcing_revenue"] == ["500万美元", "600万美元", "20万欧元"]
    assert [(p.code, p.cell) for p in intake.problems] == [("currency-foreign-column", "B1"),
                                                           ("currency-foreign", "B4")]
    line = read(grid(["单位：万美元"], ["企业名称", "外包业务营业额"], ["甲公司", 500.0]))
    assert only_table(line).columns["outsourcing_revenue"] == ["500万美元"]


def test_every_doubt_has_its_cell_and_its_text():
    intake = read(grid(["企业名称", "邮编", "ITO占比", "员工总数", "成立日期"],
                       ["甲公司", 10010.0, 0.85, Unread("#N/A"), Unread("=TODAY()")]))
    assert [(p.code, p.cell, p.value) for p in intake.problems] == [
        ("leading-zero", "B2", "10010"), ("percent-doubtful", "C2", "0.85"), ("cell-error", "D2", "#N/A"),
        ("formula-uncached", "E2", "=TODAY()")]
    assert {p.file for p in intake.problems} == {"报送.xlsx"} and {p.sheet for p in intake.problems} == {"Sheet1"}


# ------------------------------------------------------------------ services

def test_tick_columns():
    intake = read(grid(["企业名称", "大数据", "云计算", "IT解决方案"], ["甲公司", "√", None, 1], ["乙公司", None, "否", "□"],
                       ["丙公司", "部分", "●", None]))
    table = only_table(intake)
    assert [set(v or ()) for v in table.columns["services"]] == [{"大数据", "IT 解决方案"}, set(), {"云计算"}]
    assert table.columns["services"][1] is None
    assert (table.places["services"], table.places["services:云计算"]) == ("B", "C")
    assert table.unmapped == {"大数据": [None, None, "部分"]}
    assert [(p.code, p.cell, p.value) for p in intake.problems] == [("tick-odd", "B4", "部分")]


def test_a_list_of_services_beside_ticks():
    table = only_table(read(grid(["企业名称", "功能领域", "大数据"], ["甲公司", "云计算、物联网", "√"], ["乙公司", "云计算", None],
                                 ["丙公司", "看附件", "√"], ["丁公司", "看附件", None])))
    assert [set(v) if isinstance(v, tuple) else v for v in table.columns["services"]] == [
        {"云计算", "物联网", "大数据"}, {"云计算"}, {"大数据"}, "看附件"]
    assert list(table.unmapped.values()) == [[None, None, "看附件", None]]


# ------------------------------------------------------------------ kinds

@pytest.mark.parametrize(("name", "title", "head", "kind"), [
    ("Sheet1", "", ["企业名称", "省份"], "company"), ("Sheet1", "", ["园区名称", "省份"], "park"),
    ("Sheet1", "", ["机构名称", "省份"], "trainer"),
    ("Sheet1", "", ["学校名称", "师资队伍"], "trainer"), ("园区", "", ["单位名称", "省份"], "park"),
    ("培训机构", "", ["单位名称", "省份"], "trainer"),
    ("Sheet1", "山东省培训机构推荐表", ["单位名称", "省份"], "trainer"), ("Sheet1", "产业园区名单", ["申报单位", "联系人"], "park"),
    ("Sheet1", "", ["单位名称", "外包业务营业额", "外包员工数", "是否上市"], "company"),
    ("Sheet1", "", ["单位名称", "入驻企业（家）", "园区级别"], "park")])
def test_the_kind_comes_from_labels_sheet_and_title(name, title, head, kind):
    intake = read(grid([title or None], head, ["示例单位", "山东"], name=name))
    assert only_table(intake).kind == kind and "kind-doubtful" not in codes(intake)


def test_a_kind_in_doubt_is_said():
    intake = read(grid(["单位名称", "省份"], ["示例单位", "山东"]))
    (one,) = intake.problems
    assert one.code == "kind-doubtful" and "产业园区" in one.message
    against = read(grid(["单位名称", "外包业务营业额", "员工总数", "是否上市", "证券代码"], ["示例单位", 1, 2, "否"], name="园区"))
    assert only_table(against).kind == "company" and codes(against) == ["kind-doubtful"]


# ------------------------------------------------------------------ sheets without a list

def test_a_file_without_a_header_is_refused_and_every_row_is_listed():
    intake = read(grid(["甲公司", 3000], [], ["乙公司", 4000]))
    assert intake.status == "refused" and codes(intake) == ["header-not-found"]
    assert aside(intake) == [(1, "rejected", "未找到表头"), (3, "rejected", "未找到表头")]
    assert intake.problems[0].severity == "error" and intake.sheets[0].counts["blank"] == 1


def test_side_sheets_are_a_warning_and_empty_sheets_nothing():
    intake = read(grid(HEAD, ROW), grid(["流程图"], ["企业"], name="Sheet2"), grid(name="Sheet3"),
                  grid([None], name="Sheet4"))
    assert [(p.code, p.sheet, p.severity) for p in intake.problems] == [("sheet-not-used", "Sheet2", "warning")]
    assert [sheet.counts["read"] for sheet in intake.sheets] == [1, 2, 0, 1]


def test_an_empty_list_and_an_empty_book():
    assert codes(read(grid(HEAD))) == ["no-applicants"] and read(grid(HEAD)).status == "imported"
    assert codes(read()) == ["no-applicants"] and read().status == "refused"


def test_rows_above_the_header_that_look_like_data_are_rejected():
    intake = read(grid(["甲", 1, 2, 3, 4], HEAD, ROW))
    assert aside(intake)[0] == (1, "rejected", "没有申报单位名称，也没有代码") and codes(intake) == ["row-without-name"]


def test_hidden_things_are_read_and_said():
    intake = read(grid(HEAD, ROW, hidden=True, hidden_rows=frozenset({1, 9}), hidden_columns=frozenset({2})))
    assert only_table(intake).rows == [2] and intake.sheets[0].hidden
    assert [(p.code, p.value) for p in intake.problems] == [("hidden-read", "工作表、1 行、1 列")]


def test_labels_merged_down_fill_the_rows_they_cover():
    intake = read(grid(["省份", "企业名称", "员工总数"], ["山东", "甲公司", 5], [None, "乙公司", None], [None, "丙公司", 7],
                       merges=[(1, 0, 2, 0), (1, 2, 2, 2)]))
    table = only_table(intake)
    assert (table.columns["province"], table.columns["total_staff"]) == (["山东省", "山东省", None], [5, None, 7])
    assert codes(intake) == ["merged-filled"]


# ------------------------------------------------------------------ our own books

def own_grid(edition, kind, rows, provenance=False, blank_rows=20, name=None):
    """A kind's sheet as we lay it out: title, hint, band, labels, applicants, prepared rows."""
    columns = kind_columns(edition, kind, provenance=provenance)
    body = [[float(v) if isinstance(v := column.value(row), D) else v for column in columns] for row in rows]
    empty = [[i if c.field.id == "serial" else "" if c.field.type in ("system", "measure") else None for c in columns]
             for i in range(blank_rows)]
    return grid([edition.title], ["填报说明：红色为必填", None, "每行一家", "不要改动列名", "谢谢"], [c.group for c in columns],
                [c.label for c in columns], *body, *empty, name=name or edition.kinds[kind].sheet)


MARKED = grid(["tuijie_xl"], ["edition", "2018"], name="设置")


def sample(edition, kind):
    """An applicant with a value in every field."""
    values = {"text": "某文字", "long_text": "一行\n两行", "credit_code": CODE, "phone": "13800000000", "email": "a@b.cn",
              "postcode": "010010", "url": "http://a.cn", "amount": D("3000.5"), "number": D("0.25"),
              "percent": D("0.5"),
              "count": 300, "year": 2017, "date": date(2018, 6, 1), "measure": D("13.12"), "system": "某值"}
    row = {}
    for f in edition.fields(kind).values():
        terms = [t.label for t in edition.terms(f)] if f.vocabulary else []
        row[f.id] = terms[0] if f.type == "term" else tuple(terms[::3]) if f.type == "terms" else values[f.type]
    return row


@pytest.mark.parametrize("kind", ["company", "park", "trainer"])
def test_our_own_master_reads_back_as_it_was_written(edition, kind):
    rows = [sample(edition, kind), {"name": "第二家", "outsourcing_revenue": "约300", "city": None}]
    intake = read(own_grid(edition, kind, rows, provenance=True), MARKED,
                  grid(["导入异常"], [], [], ["来源文件", "工作表", "企业名称", "省份"], ["a", "b", "不是申报单位", 1], name="导入异常"))
    table = only_table(intake)
    assert intake.problems == [] and table.unmapped == {} and table.kind == kind and len(intake.sheets) == 1
    fields = edition.fields(kind)
    assert set(table.columns) == set(fields)
    for position, row in enumerate(rows):
        assert {k: table.columns[k][position] for k in fields} == {k: row.get(k) for k in fields}
    assert intake.sheets[0].set_aside == [] or {a[1] for a in aside(intake)} == {"rejected"}


def test_in_a_master_every_tick_has_its_place(edition):
    table = only_table(read(own_grid(edition, "company", [sample(edition, "company")], provenance=True), MARKED))
    terms = edition.terms(edition.fields("company")["services"])
    assert sum(key.startswith("services:") for key in table.places) == len(terms)


def test_our_own_template_is_read_with_all_its_prepared_rows(edition):
    plan = plan_template(edition, rows=30).sheet(edition.kinds["company"].sheet)
    cells = {(r, c): v.result if isinstance(v, Formula) else v for r, c, v in plan.values()}
    height, width = (1 + max(key[i] for key in cells) for i in (0, 1))
    rows = [[cells.get((r, c)) for c in range(width)] for r in range(height)]
    labels = next(row for row in rows if "企业名称" in row)
    first = rows.index(labels) + 1
    for label, value in (("企业名称", "甲公司"), ("外包业务上年度营业额（万元）", 3000.0), ("大数据", TICK)):
        rows[first][labels.index(label)] = value
    intake = read(Grid("企业", rows, [merge[:4] for merge in plan.merges]), MARKED)
    counts = intake.sheets[0].counts
    assert intake.problems == [] and counts["accepted"] == 1 and counts["blank"] == counts["read"] - 1 >= 29
    assert only_table(intake).columns["services"] == [("大数据",)] and only_table(intake).unmapped == {}
    assert intake.sheets[0].header_rows[-1] == first


def test_in_a_book_of_ours_a_copied_sheet_is_read_and_our_own_lists_are_not(edition):
    copy = own_grid(edition, "park", [{"name": "第二园"}], name="园区 (2)")
    intake = read(own_grid(edition, "park", [{"name": "第一园"}]), copy, MARKED,
                  *(grid([name], [], [], [*labels, "企业名称", "省份"], ["a", "b", "不是申报单位", "山东"], name=name)
                    for name, labels in OWN_LISTS.items()),
                  *(grid([name], ["词", "义"], ["甲", "乙"], name=name) for name in OUR_SHEETS - {*OWN_LISTS, "设置"}))
    assert [(s.name, s.kind, s.counts["accepted"]) for s in intake.sheets] == [("园区", "park", 1), ("园区 (2)", "park", 1)]
    assert intake.problems == []


@pytest.mark.parametrize("name", sorted(OUR_SHEETS - {"设置"}))
@pytest.mark.parametrize("above", [[], [["推荐名单"], [], []]])
def test_applicants_on_a_sheet_called_like_ours_are_read(edition, name, above):
    intake = read(own_grid(edition, "company", [{"name": "第一家"}]), grid(*above, HEAD, ROW, name=name), MARKED)
    assert [(sheet.name, sheet.counts["accepted"]) for sheet in intake.sheets] == [("企业", 1), (name, 1)]


def test_our_real_lists_are_passed_over():
    """The labels by which our own lists are known are those that we write."""
    assert tuple(label for label, _ in problem_list.COLUMNS[:2]) == OWN_LISTS["问题清单"]
    assert {records.SET_ASIDE, material_list.MATERIALS, problem_list.SHEET} == set(OWN_LISTS)
    assert records.HEADER == problem_list.HEADER == 3


def test_every_sheet_of_our_template_is_known(edition):
    kinds = {kind.sheet for kind in edition.kinds.values()}
    assert {sheet.name for sheet in plan_template(edition, rows=1).sheets} <= kinds | OUR_SHEETS


def test_only_the_mark_makes_a_workbook_ours(edition):
    other = grid(["导入异常"], [], [], ["来源文件", "工作表", "企业名称", "省份"], ["a", "b", "乙公司", "山东"], name="导入异常")
    book = (own_grid(edition, "company", [{"name": "甲公司"}]), other)
    assert len(read(*book, MARKED).sheets) == 1
    assert [s.counts["accepted"] for s in read(*book, grid(["别的"], name="设置")).sheets] == [1, 1, 0]


def test_a_tick_is_what_we_write():
    assert TICK == "☑"


# ------------------------------------------------------------------ nothing is lost

CELLS = st.one_of(st.none(), st.sampled_from([*HEAD, "合计", "注：", "√", "甲公司", CODE, "北京市（2家）", "-", " ", "省份", "园区名称",
                                              "约300",
                                              Unread("#N/A"), Unread("=A1"), True]),
                  st.integers(-10, 10**19), st.floats(), st.dates(), st.text(max_size=6))
GRIDS = st.lists(st.lists(CELLS, min_size=6, max_size=6), max_size=12)
QUIET = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)


@QUIET
@given(GRIDS, st.integers(0, 12), st.lists(st.tuples(st.integers(0, 9), st.integers(0, 5), st.integers(0, 3),
                                                     st.integers(0, 3)), max_size=4))
def test_every_row_has_one_fate_whatever_the_cells(rows, at, merges):
    rows = [*rows[:at], [*HEAD, "省份"], *rows[at:]]
    merges = [(r, c, r + h, c + w) for r, c, h, w in merges]
    intake = read(grid(*rows, merges=merges))
    (sheet,) = intake.sheets
    assert sheet.counts["read"] == len(rows) - len(sheet.header_rows) == sum(sheet.counts[name] for name in COUNTS[1:])
    assert pickle.loads(pickle.dumps(intake)).sheets[0].counts == sheet.counts
    for one in sheet.set_aside:
        assert repr(one.values) == repr(rows[one.row - 1])
    accepted = {number for table in sheet.tables for number in table.rows}
    blank = set(range(1, len(rows) + 1)) - accepted - set(sheet.header_rows) - {one.row for one in sheet.set_aside}
    assert len(blank) == sheet.counts["blank"]


APPLICANTS = st.lists(st.tuples(st.sampled_from([f"第{i}示例软件有限公司" for i in range(9)]), st.floats(0, 1e6),
                                st.integers(0, 9999),
                                st.sampled_from(["是", "√", "否", None]), st.sampled_from(["山东", "北京市", None])),
                                min_size=1, max_size=6)
LABELS = ["企业名称", "外包业务上年度营业额（万元）", "从事服务外包工作的员工（人）", "是否上市公司", "省份"]


@QUIET
@given(APPLICANTS, st.permutations(range(5)), st.randoms())
def test_the_order_of_rows_and_columns_does_not_matter(applicants, order, random):
    shuffled = random.sample(applicants, len(applicants))
    first = only_table(read(grid(LABELS, *applicants)))
    second = only_table(read(grid([LABELS[i] for i in order], *([row[i] for i in order] for row in shuffled))))

    def people(table):
        names = sorted(table.columns)
        return sorted(map(repr, zip(*(table.columns[name] for name in names))))

    assert people(first) == people(second)


@pytest.mark.parametrize("harm", [
    lambda sheet: sheet.tables[0].rows.pop(), lambda sheet: sheet.set_aside.pop(),
    lambda sheet: sheet.counts.update(blank=sheet.counts["blank"] + 1), lambda sheet: sheet.header_rows.append(2),
    lambda sheet: sheet.tables[0].columns["name"].pop(), lambda sheet: sheet.tables[0].rows.__setitem__(0, 4)])
def test_a_lost_row_is_noticed(harm):
    (sheet,) = read(grid(HEAD, ROW, [2, "乙公司有限公司"], ["合计"], [])).sheets
    check_rows(sheet, 5)
    harm(sheet)
    with pytest.raises(LostRows):
        check_rows(sheet, 5)


# ------------------------------------------------------------------ nothing of one year

def test_another_edition_needs_no_code(edition):
    def other(f):
        if (f.kind, f.id) == ("company", "name"):
            return replace(f, label="申报者", aliases=())
        if (f.kind, f.id) == ("company", "outsourcing_revenue"):
            return replace(f, label="数字服务收入（亿元）", unit="亿元", aliases=("数字服务收入",))
        return f

    kinds = {k: replace(v, sheet="甲类", words=("甲类",)) if k == "company" else v for k, v in edition.kinds.items()}
    made_up = replace(edition, statistics_year=2031, kinds=kinds, all_fields=tuple(map(other, edition.all_fields)))
    intake = read(grid(["申报者", "2031年数字服务收入（万元）", "2017年数字服务收入"], ["某公司", 5000, 1], name="甲类"), edition=made_up)
    assert only_table(intake).columns == {"name": ["某公司"], "outsourcing_revenue": [D("0.5")]}
    assert codes(intake) == ["unit-converted", "header-other-year"] or set(codes(intake)) == {"unit-converted",
                                                                                              "header-other-year"}
    assert read(grid(["企业名称", "省份"], ["甲", "乙"]), edition=made_up).status == "refused"


def test_fields_that_differ_by_their_currency_only_are_told_apart_by_the_unit(edition):
    labels = {"offshore_revenue": "离岸额（万元）", "offshore_usd": "离岸额（万美元）"}
    fields = tuple(replace(f, label=labels[f.id], aliases=()) if f.kind == "company" and f.id in labels else f
                   for f in edition.all_fields)
    made_up = replace(edition, all_fields=fields)
    intake = read(grid(["企业名称", "离岸额（亿元）", "离岸额（美元）", "离岸额"], ["某公司", 1, 50000, 7]), edition=made_up)
    table = only_table(intake)
    assert (table.columns["offshore_revenue"], table.columns["offshore_usd"]) == ([D(10000)], [D(5)])
    assert table.unmapped == {"离岸额": ["7"]}


def test_importing_the_package_is_cheap():
    code = "import sys, tuijie_xl.intake; print(sorted({'pandas', 'numpy', 'openpyxl'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True,
                          check=True).stdout.strip() == "[]"


def test_all_combinations_of_two_titles_and_notes_leave_the_applicants_alone():
    lines = [["标题"], ["单位：万元"], [], ["附件1", None, "2018年6月"]]
    for above in itertools.product(lines, repeat=2):
        for below in (["合计", None, None, 1], ["注：无"], []):
            assert only_table(read(grid(*above, HEAD, ROW, below))).rows == [4]
