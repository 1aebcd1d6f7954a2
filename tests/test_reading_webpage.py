"""Web pages named .xls (HTML) and single-file pages (MHTML)."""

from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest
from sheet_files import grid, refusal

from tuijie_xl.book import Unread
from tuijie_xl.files import webpage
from tuijie_xl.files.reading import read_book


def grids(html: str):
    return webpage.read_grids("a.xls", html.encode())


def rows(html: str):
    return grids(html)[0].rows


def cell(html: str):
    """The value of <td>...</td>, which has a neighbour, as a table of one blank cell has no rows."""
    return rows(f"<table><tr>{html}<td>邻</td></tr></table>")[0][0]


# ------------------------------------------------------------------ encodings

PAGE = '<html><head><meta http-equiv="Content-Type" content="text/html; charset={}"><title>导出</title></head>' \
       "<body><table><tr><td>企业名称</td><td>镕丂</td></tr></table></body></html>"


@pytest.mark.parametrize("declared, encoding", [
    ("gb2312", "gbk"), ("GBK", "gb18030"), ("utf-8", "utf-8"), ("utf-8", "utf-8-sig"), ("gb2312", "utf-8"), ("unicode", "utf-16"),
    ("utf-8", "gb18030"), ("no-such-charset", "gb18030")])
def test_the_encoding_is_told_by_content_and_then_by_meta(tmp_path, declared, encoding):
    (tmp_path / "报送.xls").write_bytes(PAGE.format(declared).encode(encoding))
    book = read_book(tmp_path / "报送.xls")
    assert (book.format, book.grids[0].rows) == ("html", [["企业名称", "镕丂"]])


def test_a_declared_charset_beyond_chinese_is_believed():
    page = PAGE.format("big5").replace("镕丂", "臺灣").replace("导出", "匯出")
    assert webpage.read_grids("a", page.replace("企业名称", "單位").encode("big5"))[0].rows == [["單位", "臺灣"]]


# ------------------------------------------------------------------ cells

@pytest.mark.parametrize("html, expected", [
    ("<td>甲<br>乙<br/>丙</td>", "甲\n乙\n丙"),
    ("<td><p>甲</p>\n<p>乙</p><div>丙<br></div></td>", "甲\n乙\n丙"),
    ("<td>甲<br><br>乙</td>", "甲\n\n乙"),
    ("<td>软件研\n    发 外\n包</td>", "软件研发 外包"),                   # as browsers join a wrapped line of the source
    ("<td>  IT\n  solutions&nbsp; </td>", "IT solutions"),
    ("<td>&nbsp;</td>", None), ("<td></td>", None), ("<td>　</td>", "　"),
    ("<td>a<5 &amp; b&lt;c</td>", "a<5 & b<c"),
    ("<td>913706833104614358</td>", "913706833104614358"),
    ("<td>0012</td>", "0012"), ("<td>3,000</td>", "3,000"), ("<td>2018-07-03</td>", "2018-07-03"),
    ("<td style='mso-number-format:\"\\@\"'>010010</td>", "010010"),
    ("<td>甲<!-- 注 -->乙<script>var a</script><style>b</style>丙</td>", "甲乙丙"),
    ("<td><a href=x>甲</a><font>乙</font></td>", "甲乙"),
    ("<td>#N/A</td>", Unread("#N/A")),
    ("<td><input value=甲><input type=checkbox checked><input type=checkbox><input type=hidden value=x></td>", "甲√"),
    ("<td><span style='display:none'>0003</span>300</td>", "300"),       # a hidden sort key does not run into the value
    ("<td><span style='display:none'>300</span></td>", "300"),
    ("<th>表头</th>", "表头"),
])
def test_cells_are_the_text_that_is_shown(html, expected):
    value = cell(html)
    assert (value, type(value)) == (expected, type(expected))


@pytest.mark.parametrize("html, expected", [
    ('<td x:num="3000.46">3,000.5</td>', 3000.46), ("<td x:num>3,000</td>", 3000.0), ('<td sdval="3000.46">3,000</td>', 3000.46),
    ('<td x:num="43284">2018/7/3</td>', "2018/7/3"), ('<td x:num="0.85">85%</td>', "85%"),
    ('<td x:num="3000">4,000</td>', "4,000"), ('<td x:num="abc">1</td>', "1"), ('<td x:num="1E999999999">1</td>', "1"),
    ('<td x:num="913706833104614358">913706833104614358</td>', "913706833104614358"), ("<td x:num>010010</td>", "010010"),
    ('<td x:num="12" x:str>012</td>', "012"), ("<td x:num>0</td>", 0.0), ("<td x:num></td>", None),
])
def test_a_number_only_where_the_attribute_agrees_with_what_is_shown(html, expected):
    value = cell(html)
    assert (value, type(value)) == (expected, type(expected))


# ------------------------------------------------------------------ tables

def test_spans_become_merges_and_push_later_cells_aside():
    sheet, = grids("<table><tr><td rowspan=2>a<td colspan='2'>b<tr><td>c<td>d<tr><td rowspan=0>e<td colspan=x>f<tr><td>g</table>")
    assert sheet.rows == [["a", "b", None], [None, "c", "d"], ["e", "f", None], [None, "g", None]]
    assert sheet.merges == [(0, 0, 1, 0), (0, 1, 0, 2), (2, 0, 3, 0)]


def test_several_tables_become_several_grids_with_the_text_between_them():
    first, second = grids("<h3>报送表</h3><p>单位：<b>万元</b></p><table><tr><td>a</table><p>第二部分</p>"
                          "<table><caption>题名</caption><tr><td>b</table>注：无")
    assert (first.name, first.rows) == ("表格1", [["报送表"], ["单位：万元"], ["a"]])
    assert (second.name, second.rows) == ("表格2", [["第二部分"], ["题名"], ["b"], ["注：无"]])


@pytest.mark.parametrize("html, expected", [
    ("<table><tr><td>a<td>b<tr><td>c</table>", [["a", "b"], ["c", None]]),                  # no end tags
    ("<tr><td>a</td><td>b</td></tr><tr><td>c</td></tr>", [["a", "b"], ["c", None]]),        # no table
    ("<table><td>a</td><td>b</td></table>", [["a", "b"]]),                                  # no row
    ("<table><thead><tr><th>a</thead><tfoot></tfoot><tbody><tr><td>b</tbody></table>", [["a"], ["b"]]),
    ("<table border=1><form><tr><td>a</td></form></tr></table>", [["a"]]),
    ("<?xml version='1.0' encoding='gbk'?><!DOCTYPE html><html><table><tr><td>a</td></tr></table></html>", [["a"]]),
])
def test_careless_pages_are_read_as_they_are_meant(html, expected):
    assert rows(html) == expected


def test_tables_that_only_lay_out_others_are_left_out_and_tables_with_text_are_not():
    assert [g.rows for g in grids("<table><tr><td><table><tr><td>a</table></table>")] == [[["a"]]]
    assert [g.rows for g in grids("<table><tr><td>外<table><tr><td>内</table><td>旁</table>")] == [[["外", "旁"]], [["内"]]]


def test_what_is_hidden_is_read_and_named():
    first, second = grids(
        "<style>td{color:red} .h, .g {width:1px;display:none} .menu .x {display:none}</style><table><col><col style='display:none'><tr><td>a<td>b<td class='x h'>c"
        "<tr style='DISPLAY: none'><td>d<td>e<td style='display:none'>f<tbody hidden><tr><td>g</table>"
        "<div style='visibility:hidden'><table><tr><td>h</table></div>")
    assert first.rows == [["a", "b", "c"], ["d", "e", "f"], ["g", None, None]]
    assert (first.hidden_rows, first.hidden_columns, first.hidden) == ({1, 2}, {1, 2}, False)
    assert (second.rows, second.hidden) == ([["h"]], True)


def test_sheets_keep_the_names_that_excel_wrote_into_the_page():
    names = "<!--[if gte mso 9]><xml><x:ExcelWorkbook><x:ExcelWorksheet><x:Name>企业 &amp; 园区</x:Name></x:ExcelWorksheet></xml><![endif]-->"
    assert grids(f"<html><head>{names}</head><table><tr><td>a</table>")[0].name == "企业 & 园区"
    assert [g.name for g in grids(f"<html><head>{names}</head><table><tr><td>a</table><table><tr><td>b</table>")] == ["表格1", "表格2"]


# ------------------------------------------------------------------ refused

@pytest.mark.parametrize("html, words", [
    ("<html><body><form>用户名<input></form></body></html>", "没有表格"),
    ("<html><frameset rows='*'><frame src='a.files/sheet001.htm'></frameset></html>", ".files"),
    ("<table><tr><td>" + "<div>" * 3000 + "深</table>", "无法读取"),
    ("<table><tr>" + "<td colspan=1000>a" * 20 + "</table>", "范围过大"),
])
def test_pages_that_hold_nothing_or_cannot_be_read_whole_are_refused(tmp_path, html, words):
    (tmp_path / "a.xls").write_text(html, "utf-8")
    assert words in refusal(tmp_path / "a.xls")


# ------------------------------------------------------------------ MHTML

def single_file_page(*pages: str, charset="gb2312") -> bytes:
    message = MIMEMultipart("related", type="text/html")
    for page in pages:
        message.attach(MIMEText(page, "html", charset))
    message.attach(MIMEText("a{}", "css", "us-ascii"))
    return message.as_bytes()


def test_a_web_archive_gives_the_tables_of_all_its_pages(tmp_path):
    frame = "<html><xml><x:Name>企业</x:Name><x:Name>园区</x:Name></xml><frameset></frameset></html>"
    (tmp_path / "a.xls").write_bytes(single_file_page(
        frame, "<table><tr><td>名称<td>0012</table>", "<table><tr><td>园区名称</table>"))
    book = read_book(tmp_path / "a.xls")
    assert (book.format, [(g.name, g.rows) for g in book.grids]) == (
        "mht", [("企业", [["名称", "0012"]]), ("园区", [["园区名称"]])])


@pytest.mark.parametrize("start", [b"", b"From: <Saved by Blink>\r\nSubject: x\r\n"])
def test_web_archives_of_browsers_and_without_tables(tmp_path, start):
    (tmp_path / "a.mht").write_bytes(start + single_file_page("<table><tr><td>甲</table>", charset="utf-8"))
    assert grid(tmp_path / "a.mht").rows == [["甲"]]
    (tmp_path / "b.mht").write_bytes(start + single_file_page("<p>甲</p>", charset="utf-8"))
    assert "没有表格" in refusal(tmp_path / "b.mht")
