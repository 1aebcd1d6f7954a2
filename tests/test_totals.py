"""The sender's totals against our sums: silent where one of the sums fits, one warning with both figures where none does."""

import pytest

from tuijie_xl.book import BookText, Grid
from tuijie_xl.intake import read_submission

HEAD = ["企业名称", "省份", "外包业务上年度营业额（万元）", "从事服务外包工作的员工（人）", "人均营业额（万元/人）"]
A, B, C, D = (["甲有限公司", "山东省", 3000.0, 300.0, 10.0], ["乙有限公司", "山东省", 4000.5, 100.0, 40.0],
              ["丙有限公司", "河北省", 5000.0, 200.0, 25.0], ["丁有限公司", "河北省", 1000.25, 50.0, 20.0])
TOLD = ("total-differs", "total-skips-text", "count-differs")


def told(edition, *rows, name="企业", head=HEAD):
    rows = [head, *rows] if head else rows
    width = max(map(len, rows))
    grid = Grid(name, [[*row, *[None] * (width - len(row))] for row in rows])
    found = read_submission(BookText("报送.xlsx", "xlsx", "0" * 64, [grid]), edition)
    return [p for p in found.problems if p.code in TOLD]


@pytest.mark.parametrize("rows", [
    [A, B, ["合计", None, 7000.5, 400.0, 999.0]],                                   # a ratio is no sum
    [A, B, ["合计", None, 7000.5, None, None]], [A, B, ["合计"]], [A, B, ["合计", None, "7,000.5", "400人"]],
    [["合计", None, 7000.5, 400.0], A, B],
    [A, B, ["小计", None, 7000.5], C, D, ["小计", None, 6000.25], ["总计", None, 13000.75, 650.0]],
    [A, ["小计", None, 3000.0], B, ["小计", None, 4000.5], ["合计", None, 7000.5], C, ["小计", None, 5000.0], ["合计", None, 5000.0],
     ["总计", None, 12000.5]],
    [["山东省（2家）"], A, B, ["河北省（2家）"], C, D, ["合计（4家）", None, 13000.75]],
    [["一、东部（4家）"], ["山东省（2家）"], A, B, ["河北省（2家）"], C, D],
    [A, B, ["合计", None, 7001.0]],                                               # rounded: 7000.5 -> 7001
    [A, B, C, D, ["合计", None, 13001.0], ["平均", None, 3250.0]], [A, B, ["合计", None, 7000.5], ["注：共2家"]],
    [A, [*B[:2], "约4000"], ["合计", None, 7000.0]],                               # a value that could not be read
])
def test_totals_that_are_right_or_cannot_be_told(edition, rows):
    assert told(edition, *rows) == []


@pytest.mark.parametrize(("rows", "cell", "words"), [
    ([A, B, ["合计", None, 7000.6]], "C4", ("7000.6 万元", "2 行", "7000.5 万元", "+0.1")),
    ([A, B, ["合计", None, 7002.0]], "C4", ("+1.5",)), ([A, B, ["合计", None, None, 401.0]], "D4", ("401 人", "400 人", "+1")),
    ([A, B, ["小计", None, 7000.5], C, D, ["小计", None, 6000.1], ["总计", None, 13000.75]], "C7", ("2 行", "6000.25", "-0.15")),
    ([A, B, ["小计", None, 7000.5], C, D, ["总计", None, 13000.0]], "C7", ("4 行", "13000.75", "-0.75")),
])
def test_a_total_that_is_none_of_the_sums(edition, rows, cell, words):
    (one,) = told(edition, *rows)
    assert (one.code, one.severity, one.cell) == ("total-differs", "warning", cell) and all(w in one.message for w in words)


def test_the_total_is_read_in_the_unit_of_its_column(edition):
    head = [*HEAD[:2], "外包业务上年度营业额（元）"]
    rows = [[*A[:2], 30000000.0], [*B[:2], 40000000.0]]
    assert told(edition, *rows, ["合计", None, 70000000.0], head=head) == []
    assert "7000.0001 万元" in told(edition, *rows, ["合计", None, 70000001.0], head=head)[0].message


@pytest.mark.parametrize("text", ["4,000.5", "4000.5"])
def test_a_total_that_skips_numbers_written_as_text_as_excel_does(edition, text):
    (one,) = told(edition, A, [*B[:2], text], C, ["合计", None, 8000.0])
    assert (one.code, one.severity) == ("total-skips-text", "note") and "1 个数" in one.message and "12000.5" in one.message


@pytest.mark.parametrize(("rows", "said"), [
    ([["山东省（3家）"], A, B, ["河北省（2家）"], C, D], "3 家"), ([A, B, ["合计3家", None, 7000.5]], "3 家"),
    ([A, B, ["注：以上共3家企业"]], "3 家")])
def test_a_count_that_is_not_the_number_of_rows(edition, rows, said):
    (one,) = told(edition, *rows)
    assert one.code == "count-differs" and said in one.message


def test_a_count_in_the_title(edition):
    assert [p.row for p in told(edition, ["山东省推介企业名单（共3家）"], HEAD, A, B, head=None)] == [1]
    for title in ("山东省推介企业名单（共2家）", "共推荐企业2家、园区1个", "其中上市公司共5家", "2018年6月"):
        assert told(edition, [title], HEAD, A, B, head=None) == []
