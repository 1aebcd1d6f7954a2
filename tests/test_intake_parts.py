"""Lists side by side, turned over, going on upon the next sheet; headers and rows in odd places."""

import json
import pickle
from copy import deepcopy
from dataclasses import asdict
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tuijie_xl import actions
from tuijie_xl.book import BookText, Grid
from tuijie_xl.edition import load_edition
from tuijie_xl.intake import COUNTS, read_submission
from tuijie_xl.intake.views import RowPart

D = Decimal
CODE = "91370100MA3C0KJY7J"
HEAD = ["企业名称", "外包业务营业额", "外包员工数"]
PARK = ["园区名称", "入驻企业（家）", "联系人"]


def company(name, number=4000.0):
    return [f"{name}软件有限公司", number, 300.0]


def grid(*rows, name="Sheet1", **more):
    width = max((len(row) for row in rows), default=0)
    return Grid(name, [[*row, *[None] * (width - len(row))] for row in rows], **more)


def read(*grids):
    return read_submission(BookText("报送.xlsx", "xlsx", "0" * 64, list(grids)), load_edition("2018"))


def tables(intake):
    return [table for sheet in intake.sheets for table in sheet.tables]


def names(intake):
    return [table.columns["name"] for table in tables(intake)]


def whole(intake):
    """Conservation, sheet by sheet."""
    for sheet in intake.sheets:
        assert sheet.counts["read"] == sum(sheet.counts[name] for name in COUNTS[1:])
    return True


def codes(intake):
    return [p.code for p in intake.problems]


# ------------------------------------------------------------------ side by side

def test_two_lists_with_a_blank_column_between():
    intake = read(grid(["服务外包企业名单", None, None, None, None, None, "单位：元"], [*HEAD, None, *HEAD],
                       [*company("甲", 5e7), None, *company("乙", 4e7)], [*company("丙", 3e7)], ["合计", 8e7, None, None, "合计", 4e7]))
    assert names(intake) == [["甲软件有限公司", "丙软件有限公司"], ["乙软件有限公司"]] and whole(intake)
    left, right = tables(intake)
    assert (left.columns["outsourcing_revenue"], right.columns["outsourcing_revenue"]) == ([D(5000), D(3000)], [D(4000)])
    assert (left.places["name"], right.places["name"], right.rows) == ("A", "E", [RowPart(3, 4)])
    assert [sheet.area for sheet in intake.sheets] == ["A:D", "E:G"]
    assert [(p.code, p.cell) for p in intake.problems] == [
        ("tables-beside", None), ("unit-converted", "B3"), ("unit-converted", "F3")]


@pytest.mark.parametrize(("header", "row", "found"), [
    ([*HEAD, None, *PARK], [*company("甲"), None, "乙软件园", 5, "张"], ["甲软件有限公司", "乙软件园"]),
    ([*HEAD, *HEAD], [*company("甲"), *company("乙")], ["甲软件有限公司", "乙软件有限公司"]),
    (["序号", *HEAD, "序号", *HEAD], [1, *company("甲"), 2, *company("乙")], ["甲软件有限公司", "乙软件有限公司"]),
    ([*HEAD, None, *HEAD, None, None, *PARK], [*company("甲"), None, *company("乙"), None, None, "丙软件园", 5, "张"],
     ["甲软件有限公司", "乙软件有限公司", "丙软件园"])])
def test_lists_beside_each_other(header, row, found):
    intake = read(grid(["推荐名单"], [], header, row))
    assert [name for (name,) in names(intake)] == found and whole(intake) and codes(intake) == ["tables-beside"]

def test_lists_beside_each_other_that_begin_in_different_rows():
    intake = read(grid([*HEAD, None, "园区名单"], [*company("甲"), None, *PARK], [*company("乙"), None, "丙软件园", 5, "张"]))
    assert names(intake) == [["甲软件有限公司", "乙软件有限公司"], ["丙软件园"]] and whole(intake)


def test_a_park_far_behind_a_blank_column_is_where_a_company_sits():
    head = [*HEAD, None, "联系人", "电话", "地址", "邮编", "园区"]
    (table,) = tables(read(grid(head, [*company("甲"), None, "张", "1", "某路", "250101", "某软件园"])))
    assert table.columns["name"] == ["甲软件有限公司"] and table.unmapped == {"园区": ["某软件园"]}


@pytest.mark.parametrize("notes", [["旁注"], ["填表要求", "见附件"], ["联系人：张三"]])
def test_remarks_at_the_right_of_a_list_make_no_list(notes):
    intake = read(grid([*HEAD, None, *notes], [*company("甲"), None, "1. 请核对"], company("乙")))
    (table,) = tables(intake)
    assert table.columns["name"] == ["甲软件有限公司", "乙软件有限公司"] and "1. 请核对" in repr(table.unmapped)


def test_remarks_beside_and_below_a_list_are_listed():
    intake = read(grid(HEAD, company("甲"), [None, None, None, None, "甲方核对", 5], company("乙")))
    assert names(intake) == [["甲软件有限公司", "乙软件有限公司"]] and intake.problems == []
    assert [(row.row, row.reason, row.why) for row in intake.sheets[0].set_aside] == [(3, "total_or_note", "表旁的说明")]
    for shifted in (company("丙"), ["丙软件有限公司"]):                # a row that slipped to the right is no remark
        intake = read(grid(HEAD, company("甲"), [None, None, None, None, *shifted]))
        assert codes(intake)[0] == "row-without-name" and intake.sheets[0].set_aside[0].reason == "rejected"


def test_applicants_of_one_row_are_told_apart_to_the_end():
    """Their problems name them, and what is written about them says which row."""
    edition = load_edition("2018")
    intake = read(grid([*HEAD, "邮编", None, *HEAD, "邮编"], [*company("甲"), "1", None, *company("乙"), "2"]))
    outcome = actions.review_files([intake], edition)
    assert [outcome.batch.named()[p.file, p.sheet, p.row].name for p in outcome.problems if p.code == "postcode-odd"] == [
        "甲软件有限公司", "乙软件有限公司"]
    assert [p.cell for p in outcome.problems if p.code == "postcode-odd"] == ["D2", "I2"]
    frame = outcome.batch.applicants["company"].frame
    assert list(map(int, frame["source_row"])) == [2, 2] and len(set(outcome.batch.applicants["company"].origins)) == 2


def test_a_part_of_a_row_is_its_number_everywhere_but_beside_another_part():
    one, other = RowPart(5, 2), RowPart(5, 7)
    assert one != other and one != 5 and len({one, other, RowPart(5, 2), 5}) == 3
    assert f"{one}" == "5" and json.dumps([one]) == "[5]" and one + 1 == 6
    assert pickle.loads(pickle.dumps(one)) == one == deepcopy(one) and deepcopy(one).column == 2
    assert asdict(read(grid(HEAD, company("甲"))).sheets[0])["area"] == ""


# ------------------------------------------------------------------ turned over

TURNED = [["企业名称", "甲软件有限公司", "乙软件有限公司", "丙软件有限公司"], ["统一社会信用代码", CODE, None, None],
          ["外包业务营业额（元）", 3e7, 4e7, "约5000万"], ["外包员工数", 300, 400, 500], ["企业等级", "A", None, "B"]]


@pytest.mark.parametrize("above", [[], [["企业情况对比表"], []]])
@pytest.mark.parametrize("left", [[], [None]])
def test_applicants_in_columns(above, left):
    intake = read(grid(*above, *([*left, *row] for row in TURNED), ["注：以上均已核实"]))
    (table,) = tables(intake)
    assert table.columns["name"] == ["甲软件有限公司", "乙软件有限公司", "丙软件有限公司"]
    assert table.columns["outsourcing_revenue"] == [D(3000), D(4000), "约5000万"] and table.unmapped == {"企业等级": ["A", None, "B"]}
    top, column = len(above) + 1, "C" if not left else "D"
    assert [cells["outsourcing_staff"] for cells in table.cells][1] == f"{column}{top + 3}"
    assert [int(row) for row in table.rows] == [top] * 3 and len(set(table.rows)) == 3 and whole(intake)
    notes = 1 + bool(above)
    assert intake.sheets[0].counts == dict(zip(COUNTS, (3 + len(above) + 1, 3, 0, 0, notes, bool(above))))


def test_totals_and_remarks_in_columns_are_listed():
    rows = [[*row, more] for row, more in zip(TURNED, ["合计", None, 1.2e8, 1200, None])]
    intake = read(grid(*rows))
    assert names(intake) == [["甲软件有限公司", "乙软件有限公司", "丙软件有限公司"]]
    (aside,) = intake.sheets[0].set_aside
    assert (aside.reason, aside.why, aside.values) == ("total_or_note", "合计行", ["合计", None, 1.2e8, 1200, None]) and whole(intake)


@pytest.mark.parametrize("rows", [
    [row[:2] for row in TURNED],                                                # one column is a form
    [["企业名称", "请填全称", "例：某某"], *TURNED[1:]]])                          # an explanation with an example
def test_what_is_no_list_turned_over(rows):
    assert all(len(table.rows) == 1 for table in tables(read(grid(*rows))))


# ------------------------------------------------------------------ the next sheet goes on

def test_a_sheet_that_goes_on_without_a_header_is_read_with_a_question():
    intake = read(grid(HEAD, company("甲")), grid(company("乙"), company("丙"), ["合计", 8000.0], name="Sheet2"),
                  grid(company("丁"), name="Sheet3"))
    assert names(intake) == [["甲软件有限公司"], ["乙软件有限公司", "丙软件有限公司"], ["丁软件有限公司"]] and whole(intake)
    assert [(p.code, p.sheet) for p in intake.problems] == [("sheet-continued", "Sheet2"), ("sheet-continued", "Sheet3")]
    assert tables(intake)[1].rows == [1, 2] and tables(intake)[1].places["name"] == "A"


@pytest.mark.parametrize("rows", [
    [["乙软件有限公司", "张三", 300.0]], [["乙软件有限公司", 4000.0]], [["乙软件有限公司", 4000.0, 300.0, "多一列"]],
    [["软件开发", 4000.0, 300.0]], [["乙软件有限公司", None, None]], [["说明", "甲"]]])
def test_a_sheet_that_does_not_fit_the_one_before_is_reported(rows):
    intake = read(grid(HEAD, company("甲")), grid(*rows, name="Sheet2"))
    assert codes(intake) == ["sheet-not-used"] and [row.reason for row in intake.sheets[1].set_aside] == ["rejected"]


# ------------------------------------------------------------------ odd places

def test_a_list_that_begins_in_column_d_below_row_30():
    intake = read(grid(*[["说明"]] * 40, [None, None, None, *HEAD], [None, None, None, *company("甲")]))
    (table,) = tables(intake)
    assert (table.rows, table.places["outsourcing_revenue"]) == ([42], "E")


def test_a_label_broken_over_two_rows():
    intake = read(grid(["企业", "外包业务上年度", "从事服务外包"], ["名称", "营业额（万元）", "工作的员工（人）"], company("甲")))
    assert {k: v for k, v in tables(intake)[0].columns.items()} == {
        "name": ["甲软件有限公司"], "outsourcing_revenue": [D(4000)], "outsourcing_staff": [300]}


def test_pages_with_their_totals_and_the_header_again():
    intake = read(grid(["名单"], HEAD, company("甲"), ["本页小计", 4000.0], ["（转下页）"], ["名单"], HEAD, ["承上页", 4000.0, 300.0],
                       company("乙"), ["承前页"], ["过次页", 8000.0], ["本页合计", 4000.0], ["累计", 8000.0], ["第2页 共2页"]))
    assert names(intake) == [["甲软件有限公司", "乙软件有限公司"]] and whole(intake)
    assert {row.reason for row in intake.sheets[0].set_aside} == {"total_or_note"} and intake.problems == []


def test_section_rows_of_cities_below_those_of_provinces():
    head = ["企业名称", "省份", "城市", "外包员工数"]
    rows = [["山东省（3家）"], ["济南市：2家"], ["甲软件有限公司", None, None, 1], ["乙软件有限公司", None, "历城", 2], ["　　烟台市"],
            ["丙软件有限公司", None, None, 3], ["江苏省（1家）"], ["丁软件有限公司", None, None, 4]]
    intake = read(grid(head, *rows))
    (table,) = tables(intake)
    assert table.columns["province"] == ["山东省"] * 3 + ["江苏省"]
    assert table.columns["city"] == ["济南市", "历城", "烟台市", None] and whole(intake)
    assert {p.code for p in intake.problems} == {"region-from-section"} and len(intake.problems) == 4
    unknown = read(grid(head, ["济南市：1家"], rows[2]))
    assert tables(unknown)[0].columns["city"] == [None] and codes(unknown) == []


def test_a_row_that_is_sent_again_without_its_city_heading_is_still_the_same_row():
    head = ["企业名称", "统一社会信用代码", "省份", "外包员工数"]
    row = ["甲软件有限公司", CODE, "山东省", 1]
    first, again = read(grid(head, ["济南市（1家）"], row)), read(grid(head, row))
    again.sha256 = "1" * 64
    batch = actions.review_files([first, again], load_edition("2018")).batch
    assert batch.totals["duplicate"] == 1 and batch.applicants["company"].frame["city"].tolist() == ["济南市"]


@pytest.mark.parametrize("indent", ["　", "    ", "\t"])
def test_names_that_are_indented_below_their_place(indent):
    intake = read(grid(["企业名称", "外包员工数"], ["山东省"], [f"{indent}济南市"], [f"{indent * 2}甲软件有限公司", 1], [f"{indent}烟台市"],
                       [f"{indent * 2}乙软件有限公司", 2]))
    (table,) = tables(intake)
    assert table.columns == {"name": ["甲软件有限公司", "乙软件有限公司"], "outsourcing_staff": [1, 2],
                             "province": ["山东省"] * 2, "city": ["济南市", "烟台市"]}


# ------------------------------------------------------------------ the order and the gaps do not matter

LABELS = ["企业名称", "统一社会信用代码", "外包业务上年度营业额（万元）", "从事服务外包工作的员工（人）", "是否上市公司", "省份", "联系人", "企业等级"]
APPLICANTS = st.lists(st.tuples(st.sampled_from([f"第{i}示例软件有限公司" for i in range(9)]), st.sampled_from([CODE, None]),
                                st.floats(0, 1e6), st.integers(0, 9999), st.sampled_from(["是", "√", "否", None]),
                                st.sampled_from(["山东", "北京市", None]), st.sampled_from(["张三", "李四", None]),
                                st.sampled_from(["A", None])), min_size=1, max_size=6)
QUIET = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=60)


def people(intake):
    """The applicants as values, in no order, with what stood in columns that nobody knows."""
    (table,) = tables(intake)
    held = {**table.columns, **table.unmapped}
    blank = {name for name, values in held.items() if not any(value is not None for value in values)}
    return sorted(repr(sorted((name, held[name][i]) for name in held if name not in blank)) for i in range(len(table.rows)))


@QUIET
@given(APPLICANTS, st.permutations(range(len(LABELS))), st.randoms(use_true_random=False))
def test_any_order_of_rows_and_columns_gives_the_same_applicants(applicants, order, random):
    shuffled = random.sample(applicants, len(applicants))
    plain = read(grid(LABELS, *applicants))
    mixed = read(grid([LABELS[i] for i in order], *([row[i] for i in order] for row in shuffled)))
    assert people(plain) == people(mixed)


@QUIET
@given(APPLICANTS, st.lists(st.integers(0, 7), max_size=3), st.lists(st.integers(0, 8), max_size=3))
def test_blank_rows_and_columns_anywhere_change_nothing(applicants, rows, columns):
    lines = [["推荐名单"], LABELS, *map(list, applicants)]
    gaps = [list(line) for line in lines]
    for column in sorted(columns, reverse=True):
        for line in gaps:
            line.insert(column, None)
    for row in sorted(rows, reverse=True):
        gaps.insert(min(row, len(gaps)), [])
    intake = read(grid(*gaps))
    assert people(intake) == people(read(grid(*lines))) and whole(intake)
    assert intake.sheets[0].counts["blank"] == len(rows)
