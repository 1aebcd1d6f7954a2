"""The region of a sheet without a column for it."""

import pytest

from tuijie_xl.book import BookText, Grid
from tuijie_xl.intake import read_submission
from tuijie_xl.intake.senders import sender_of
from tuijie_xl.intake.values import term_lookup


@pytest.mark.parametrize(("titles", "sheet", "file", "expected"), [
    (["山东省商务厅推介汇总表"], "Sheet1", "a.xlsx", "山东省"),
    ([], "浙江", "a.xlsx", "浙江省"),
    ([], "Sheet1", "报送/深圳市服务外包企业.csv", "深圳市"),
    (["山东省推介表"], "Sheet1", "河南省.xlsx", "山东省"),                # the title is nearer than the file's name
    ([], "Sheet1", "福建省（含厦门）.xls", None),                         # two senders: no guess
    ([], "Sheet1", "终于搞定的最终版.xlsx", None),
    (["新疆生产建设兵团商务局"], "Sheet1", "a.xlsx", "新疆生产建设兵团"),
])
def test_who_sent_it(edition, titles, sheet, file, expected):
    regions = term_lookup(edition, edition.fields("company")["province"])
    found = sender_of(titles, sheet, file, regions)
    assert (found[0] if found else None) == expected


@pytest.mark.parametrize(("column", "filled"), [(None, ["浙江省", "浙江省"]), (["山东省", None], ["山东省", None])])
def test_only_a_table_that_says_nothing_is_filled(edition, column, filled):
    rows = [["企业名称", "城市"], ["甲有限公司", "杭州市"], ["乙有限公司", "宁波市"]]
    if column:
        rows = [[*row, extra] for row, extra in zip(rows, ["省份", *column])]
    intake = read_submission(BookText("浙江省.xlsx", "xlsx", "0" * 64, [Grid("Sheet1", rows)]), edition)
    assert intake.sheets[0].tables[0].columns["province"] == filled
    assert ("region-from-title" in {p.code for p in intake.problems}) == (column is None)
