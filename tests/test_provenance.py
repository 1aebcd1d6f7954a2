"""What is written is what was read at its place: looked at across the rows while reading, and again before writing."""

import pytest

from tuijie_xl.actions import review_files
from tuijie_xl.batch import LONGEST
from tuijie_xl.book import BookText, Grid
from tuijie_xl.edition import load_edition
from tuijie_xl.intake import LostRows, read_submission, tables
from tuijie_xl.provenance import check_provenance

HEAD = ["企业名称", "省份", "城市", "外包业务上年度营业额（万元）", "备注", "大数据", "上市代码"]
ROWS = [["甲有限公司", "山东省", "济南市", 4000.0, "无", "√", True], ["乙有限公司", "山东省", None, "5,000", "首次", None, None],
        ["甲有限公司", "山东省", "济南市", 4000.0, "无", "√", True], ["丙有限公司", None, None, None, None, None, "354"]]


def outcome(*sheets, path="报送.xlsx"):
    files = [read_submission(BookText(f"{i}{path}", "xlsx", f"{i}" * 64, [sheet]), load_edition("2018")) for i, sheet in enumerate(sheets)]
    return review_files(files, load_edition("2018"))


def sheet(*rows, head=HEAD, **more):
    return Grid("企业", [list(head), *(list(row) for row in rows)], **more)


@pytest.mark.parametrize("sheets", [
    [sheet(*ROWS)], [sheet(*ROWS), sheet(*ROWS[:2])],                               # with rows that repeat an earlier one
    [sheet(*ROWS, merges=[(1, 2, 2, 2)])], [sheet(["北京市（2所）"] + [None] * 6, *ROWS[3:])],          # filled from merges and headings
    [sheet(["甲" * LONGEST, *ROWS[0][1:]])],                                        # cut, for no cell could hold it
    [Grid("表", [["企业名称", "甲有限公司"], ["省份", "山东省"], ["城市", "济南市"], ["员工总数（人）", 300.0], ["联系人", "张三"]])],
    [Grid("空", [["说明"]])]])
def test_whatever_was_read_stands_at_its_place(sheets):
    found = outcome(*sheets)
    check_provenance(found.batch, found.judgements)


@pytest.mark.parametrize("spoil", [
    lambda found: setattr(found.judgements["company"], "frame", found.judgements["company"].frame.iloc[1:]),
    lambda found: found.batch.applicants["company"].origins.reverse(),
    lambda found: found.batch.applicants["company"].frame.loc.__setitem__((0, "source_row"), 99),
    lambda found: found.judgements["company"].frame.loc.__setitem__((1, "outsourcing_revenue"), None),
    lambda found: found.judgements["company"].verdicts.pop(),
    lambda found: found.batch.files[0].sheets[0].tables[0].columns["city"].__setitem__(0, "青岛市"),
])
def test_a_value_a_row_or_a_source_that_changed_on_the_way_is_noticed(spoil):
    found = outcome(sheet(*ROWS))
    spoil(found)
    with pytest.raises(LostRows):
        check_provenance(found.batch, found.judgements)


@pytest.mark.parametrize("name", ["name", "city", "outsourcing_revenue", "remarks", "stock_code"])
def test_any_column_shifted_by_a_row_while_reading_is_noticed(monkeypatch, name):
    build = tables.TableBuilder.build

    def shift(self):
        table = build(self)
        values = table.columns[name]
        table.columns[name] = [*values[1:], values[0]]
        return table

    monkeypatch.setattr(tables.TableBuilder, "build", shift)
    with pytest.raises(LostRows, match=f"{name}: "):
        outcome(sheet(*ROWS))


def test_a_shift_in_a_long_table_is_seen_in_the_rows_that_are_looked_at(monkeypatch):
    build = tables.TableBuilder.build
    monkeypatch.setattr(tables.TableBuilder, "build", lambda self: _rotated(build(self)))
    with pytest.raises(LostRows):
        outcome(sheet(*([f"第{i}有限公司", "山东省", None, float(i), None, None, None] for i in range(1, 900))))


def _rotated(table):
    values = table.columns["outsourcing_revenue"]
    table.columns["outsourcing_revenue"] = [values[-1], *values[:-1]]
    return table
