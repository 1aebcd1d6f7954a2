"""SpreadsheetML 2003, as web systems and Excel ('XML 表格 2003') write it."""

from datetime import date, datetime, time

import pytest
from sheet_files import grid, refusal
from soffice import office  # noqa: F401 - a fixture

from tuijie_xl.book import Unread
from tuijie_xl.files import xml2003
from tuijie_xl.files.reading import read_book

BOOK = ('<?xml version="1.0"{encoding}?>\n<?mso-application progid="Excel.Sheet"?>\n'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:x="urn:schemas-microsoft-com:office:excel"'
        ' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" xmlns:html="http://www.w3.org/TR/REC-html40">{sheets}</Workbook>')
HIDDEN = "<x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions>"


def sheet(table: str, *, name="企业", after="") -> str:
    return f'<Worksheet ss:Name="{name}"><Table>{table}</Table>{after}</Worksheet>'


def rows(table: str):
    return xml2003.read_grids(BOOK.format(encoding="", sheets=sheet(table)))[0].rows


def data(kind: str, text: str) -> str:
    return f'<Cell><Data ss:Type="{kind}">{text}</Data></Cell>'


@pytest.mark.parametrize("cell, expected", [
    (data("String", " 甲&#10;乙 &lt;丙&gt; "), " 甲\n乙 <丙> "), (data("String", ""), None), ("<Cell/>", None),
    (data("String", "913706833104614358"), "913706833104614358"),
    (data("Number", "3000.5"), 3000.5), (data("Number", "3E3"), 3000.0), (data("Number", ""), None),
    (data("Number", "913706833104614358"), "913706833104614358"),        # all digits are there: they stay
    (data("Number", "约300"), "约300"),
    (data("Boolean", "1"), True), (data("Boolean", "false"), False), (data("Boolean", "x"), "x"),
    (data("DateTime", "2018-07-03T00:00:00.000"), date(2018, 7, 3)),
    (data("DateTime", "2018-07-03T12:30:00.000"), datetime(2018, 7, 3, 12, 30)),
    (data("DateTime", "1899-12-31T06:00:00.000"), time(6)), (data("DateTime", "2018年7月"), "2018年7月"),
    (data("Error", "#N/A"), Unread("#N/A")), (data("Error", ""), Unread("#ERROR")),
    ('<Cell ss:Formula="=RC[-1]*2"/>', Unread("=RC[-1]*2")),
    ('<Cell ss:Formula="=RC[-1]*2"><Data ss:Type="Number">4</Data></Cell>', 4.0),
    ('<Cell ss:Formula="=&quot;&quot;"><Data ss:Type="String"></Data></Cell>', None),
    ('<Cell><ss:Data ss:Type="String" xmlns="http://www.w3.org/TR/REC-html40"><B>甲</B><Font>乙</Font></ss:Data></Cell>', "甲乙"),
    ('<Cell><Data ss:Type="String">东</Data><Comment><ss:Data>批注</ss:Data></Comment><x:PhoneticText>dong</x:PhoneticText></Cell>', "东"),
    ('<Cell><Data>无类型</Data></Cell>', "无类型"),
])
def test_cells(cell, expected):
    value = rows(f"<Row>{cell}{data('String', '邻')}</Row>")[0][0]
    assert (value, type(value)) == (expected, type(expected))


def test_gaps_merges_and_what_is_hidden():
    table = ('<Column ss:Index="2" ss:Hidden="1" ss:Span="1"/><Column/><Column ss:Hidden="1"/>'
             '<Row ss:Index="2"><Cell ss:Index="2" ss:MergeAcross="1" ss:MergeDown="1"><Data ss:Type="String">头</Data></Cell>'
             f'{data("String", "四")}{data("String", "五")}</Row><Row ss:Hidden="1" ss:Span="1"/><Row>{data("String", "末")}</Row>')
    first, second = xml2003.read_grids(BOOK.format(encoding="", sheets=sheet(table) + sheet("", name="隐", after=HIDDEN)))
    assert first.rows == [[None] * 5, [None, "头", None, "四", "五"], [None] * 5, [None] * 5, ["末", None, None, None, None]]
    assert (first.merges, first.hidden_rows, first.hidden_columns) == ([(1, 1, 2, 2)], {2, 3}, {1, 2, 4})
    assert (first.hidden, second.name, second.hidden, second.rows) == (False, "隐", True, [])


@pytest.mark.parametrize("declared, encoding", [
    ("", "utf-8"), (' encoding="UTF-8"', "utf-8-sig"), (' encoding="gb2312"', "gb18030"), (' encoding="UTF-16"', "utf-16"),
    (' encoding="utf-8"', "gb18030")])
def test_encodings(tmp_path, declared, encoding):
    (tmp_path / "报送.xls").write_bytes(
        BOOK.format(encoding=declared, sheets=sheet(f"<Row>{data('String', '镕丂')}</Row>")).encode(encoding))
    book = read_book(tmp_path / "报送.xls")
    assert (book.format, book.grids[0].name, book.grids[0].rows) == ("xml", "企业", [["镕丂"]])


def test_a_prefixed_root_and_a_sheet_without_table(tmp_path):
    (tmp_path / "a.xml").write_text(
        '<?xml version="1.0"?><!-- x --><ss:Workbook xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
        '<ss:Worksheet ss:Name="a"/></ss:Workbook>', "utf-8")
    assert grid(tmp_path / "a.xml").rows == []


@pytest.mark.parametrize("text, words", [
    ('<?xml version="1.0"?><!DOCTYPE a><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "DOCTYPE"),
    ('<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "XML 文件"),
    (BOOK.format(encoding="", sheets="")[:-5], "无法读取"),
    (BOOK.format(encoding="", sheets=""), "没有工作表"),
    (BOOK.format(encoding="", sheets=sheet('<Row ss:Index="1048576"><Cell ss:Index="9999"><Data>a</Data></Cell></Row>')), "范围过大"),
])
def test_what_cannot_be_read_is_refused(tmp_path, text, words):
    (tmp_path / "a.xls").write_text(text, "utf-8")
    assert words in refusal(tmp_path / "a.xls")


@pytest.mark.slow
def test_libreoffice_understands_the_same_of_the_same_file(tmp_path, office):  # noqa: F811
    table = (f"<Row>{data('String', '企业')}<Cell ss:Index='3' ss:MergeAcross='1'><Data ss:Type='String'>并</Data></Cell></Row>"
             f"<Row ss:Index='3'>{data('Number', '3000.5')}{data('String', '0012')}{data('DateTime', '2018-07-03T00:00:00.000')}</Row>")
    style = '<Styles><Style ss:ID="s1"><NumberFormat ss:Format="Short Date"/></Style></Styles>'
    (tmp_path / "a.xml").write_text(
        BOOK.format(encoding="", sheets=style + sheet(table.replace("<Cell><Data ss:Type=\"DateTime\"",
                                                                    "<Cell ss:StyleID='s1'><Data ss:Type=\"DateTime\""))), "utf-8")
    ours, theirs = grid(tmp_path / "a.xml"), grid(office.convert(tmp_path / "a.xml", "xlsx"))
    assert (ours.name, ours.rows, ours.merges) == (theirs.name, theirs.rows, theirs.merges)
