"""Headers in other words are read without a question only where they can mean one field and the values are its own."""

import pytest

from tuijie_xl.book import BookText, Grid
from tuijie_xl.edition import load_edition
from tuijie_xl.intake import read_submission
from tuijie_xl.intake.answers import is_answer
from tuijie_xl.intake.labels import Labels, Match
from tuijie_xl.intake.wordings import certain_field

CODE = "91370100MA3C0KJY7J"


def certain(edition, header, cells, kind="company"):
    found = certain_field(header, cells, filter(is_answer, edition.fields(kind).values()), edition)
    return found and found.id


@pytest.mark.parametrize(("header", "cells", "field"), [
    ("社会统一信用代码", [CODE], "credit_code"), ("单位统一社会信用代码", [CODE], "credit_code"), ("全部员工人数", [300], "total_staff"),
    ("公司营业收入", [5000.5], "total_revenue"), ("企业营业总收入", ["5,000"], "total_revenue"), ("服务外包业务总额", [3000], "outsourcing_revenue"),
    ("2017年度外包业务额", [3000], "outsourcing_revenue"), ("上年度外包收入（元）", [30000000], "outsourcing_revenue"),
    ("外包业务从业人员数", [300], "outsourcing_staff"), ("从事外包业务人员", [300], "outsourcing_staff"), ("注册登记时间", ["2010-05-18"], "founded_on"),
    ("移动电话号码", ["13800000000"], "mobile"), ("公司是否上市", ["否"], "is_listed"), ("上市与否", ["是"], "is_listed"), ("单位详细地址", ["和平路1号"], "address"),
    ("注册地（省）", ["山东省"], "province"), ("注册地（市）", ["济南市"], "city"), ("取得的资质认证", ["CMMI 3"], "certificates"),
])
def test_a_header_in_other_words_is_certain(edition, header, cells, field):
    assert certain(edition, header, cells) == field


@pytest.mark.parametrize(("header", "cells"), [
    ("其中离岸营业额（预计）", [1200]), ("预计外包业务总额", [3000]), ("外包业务总额同比", [3000]), ("上半年外包业务总额", [3000]), ("1-6月外包业务总额", [3000]),
    ("累计外包业务总额", [3000]), ("2016年外包业务总额", [3000]), ("2018年外包业务总额", [3000]), ("外包业务总额占比", [30]), ("外包业务增长额", [300]),
    ("外包业务总额（人）", [3000]), ("外包业务总额（全市）", [3000]), ("集团外包业务总额", [3000]), ("本年外包业务总额", [3000]), ("新增外包业务员工数", [30]),
    ("外包业务人员工资总额", [300]), ("其中：外包业务员工数", [300]), ("人员", [300]), ("收入", [3000]), ("业务收入", [3000]), ("利润总额", [300]), ("纳税总额", [300]),
    ("社会统一信用代码", ["张三", "李四"]), ("服务外包业务总额", []), ("服务外包业务总额", ["见附件", 3000]), ("服务外包业务总额", [-5]),
    ("公司是否上市", ["2010年"]), ("公司是否退市", ["是"]), ("取得的资质认证", ["是"]), ("上市", ["否"]), ("联系人（传真）", ["0531-88886666"]),
    ("企业法律顾问", ["张三"]), ("", [3000]), ("离岸外包业务总额（预测）", [300]), ("计划外包业务总额", [300]), ("母公司外包业务总额", [3000]),
])
def test_a_near_miss_is_never_taken(edition, header, cells):
    assert certain(edition, header, cells) is None


@pytest.mark.parametrize(("header", "field"), [
    ("2017年度培训总人数", "trainees"), ("上年度培训总人数", "trainees"), ("培训总人数", "total_trainees"), ("累计培训人数", "total_trainees"),
    ("2017年累计培训人数", None)])
def test_a_number_of_one_year_is_never_the_one_of_all_years(edition, header, field):
    match = Labels(edition, "trainer", ours=False).match(header)
    found = match.targets[0].field.id if isinstance(match, Match) else certain(edition, header, [1200], "trainer")
    assert found == field


@pytest.mark.parametrize(("header", "cells", "field"), [
    ("已就业人数（人）", ["200至300"], None), ("已就业人数", ["200至300"], None), ("已就业人数", [250], "employed"), ("师资队伍建设情况（人）", ["优秀"], None),
    ("师资队伍建设", ["优秀"], "teachers")])
def test_what_was_to_be_counted_is_never_read_as_words_about_it(edition, header, cells, field):
    assert certain(edition, header, cells, "trainer") == field


def read(head, *rows):
    grid = Grid("企业", [list(head), *(list(row) for row in rows)])
    sheet = read_submission(BookText("山东省.xlsx", "xlsx", "0" * 64, [grid]), load_edition("2018"))
    return sheet.sheets[0].tables[0], {p.code: p for p in sheet.problems}


def test_such_a_column_is_read_with_its_own_unit_and_said():
    table, problems = read(["企业名称", "省份", "服务外包业务总额（元）", "公司是否上市"], ["甲有限公司", "山东省", 50000000, "否"])
    assert table.columns["outsourcing_revenue"] == [5000] and table.columns["is_listed"] == ["否"] and not table.questions
    assert table.labels["服务外包业务总额（元）"] == "outsourcing_revenue" and not table.unmapped
    assert problems["header-reworded"].severity == "note" and "“公司是否上市”→“是否上市公司”" in problems["header-reworded"].message


def test_of_two_columns_in_other_words_none_is_taken_and_a_label_goes_before():
    table, _ = read(["企业名称", "省份", "服务外包业务总额", "服务外包总额"], ["甲有限公司", "山东省", 5000, 6000])
    assert "outsourcing_revenue" not in table.columns and len(table.questions) == 2
    table, _ = read(["企业名称", "省份", "服务外包业务总额", "服务外包营业额"], ["甲有限公司", "山东省", 5000, 6000])
    assert table.columns["outsourcing_revenue"] == [6000] and table.unmapped == {"服务外包业务总额": ["5000"]}
