"""Delimited text: what is read of it, and records that are shifted against their header."""

import pytest

from tuijie_xl.edition import load_edition
from tuijie_xl.files.delimited import read_grid
from tuijie_xl.files.submission import read_file
from tuijie_xl.intake import read_submission

HEAD = "企业名称,省份,外包业务上年度营业额（万元）,从事服务外包工作的员工（人）,备注"
EDITION = "2018"


def rows(text: str, encoding: str = "utf-8") -> list[list]:
    return read_grid("a.csv", text.encode(encoding)).rows


@pytest.mark.parametrize(("text", "expected"), [
    ("甲,乙\n1,2\n", [["甲", "乙"], ["1", "2"]]), ("甲|乙|丙\n1|2|3\n", [["甲", "乙", "丙"], ["1", "2", "3"]]),
    ("甲,乙\n1,2\n\x1a", [["甲", "乙"], ["1", "2"]]), ('甲,乙\n="0012","=A1"\n', [["甲", "乙"], ["0012", "=A1"]]),
    ('甲,乙\n"=""00,12""",2\n', [["甲", "乙"], ["00,12", "2"]]), ("甲;乙\n5,000;2\n6,000;3\n", [["甲", "乙"], ["5,000", "2"], ["6,000", "3"]]),
    ("甲,乙|丙\n1,2|3\n", [["甲", "乙|丙"], ["1", "2|3"]])])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_cells(text, expected, encoding):
    assert rows(text, encoding) == expected


@pytest.mark.parametrize(("record", "fate"), [
    ("甲有限公司,山东,5000,400,无", "accepted"), ('甲有限公司,山东,"5,000",400,无', "accepted"), ("甲有限公司,山东,5000,400", "accepted"),
    ("甲有限公司,山东,5,000,400,无", "rejected"), ("甲有限公司,山东,5,000,400,", "rejected"), ("甲,乙有限公司,山东,5000,400,无", "rejected"),
    ("甲有限公司,山东,5000,4,00", "accepted")])             # as long as its header: nothing shows that it is shifted
def test_a_record_longer_than_the_header_is_not_judged(tmp_path, record, fate):
    path = tmp_path / "a.csv"
    path.write_text(f"附件2\n{HEAD}\n乙有限公司,山东,4000,300,\n{record}\n", "utf-8")
    intake = read_file((str(path), EDITION))
    (sheet,) = intake.sheets
    assert sheet.counts[fate] == (2 if fate == "accepted" else 1)
    assert ("row-too-long" in {p.code for p in intake.problems}) == (fate == "rejected")


def test_the_books_format_tells_delimited_text(tmp_path):
    from tuijie_xl.files.reading import read_book

    path = tmp_path / "a.txt"
    path.write_text(f"{HEAD}\n甲有限公司,山东,5,000,400,\n", "gb18030")
    assert read_submission(read_book(path), load_edition(EDITION)).sheets[0].counts["rejected"] == 1
