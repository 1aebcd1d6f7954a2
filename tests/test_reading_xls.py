"""Old workbooks (BIFF): code pages that mislead, books before 97, sheets without a container, formats that mislead."""

import shutil
import struct
import subprocess

import openpyxl
import pytest
import xlwt
from sheet_files import grid, refusal

from tuijie_xl.book import Unread
from tuijie_xl.files import reading, xls
from tuijie_xl.files.reading import read_book

#: Placeholder of one byte a character -> the Chinese text whose GBK bytes take its place.
CHINESE = {"SHEETNAM": "企业一览", "COMPANYNAM": "企业名称列", "FIRSTCOMPANY": "甲乙丙丁戊己"}
ROWS = [["企业名称列", "0012"], ["甲乙丙丁戊己", 3000.5]]


def codepage(data: bytes, page: int) -> bytes:
    """The file with the number of its code page record changed."""
    record = b"\x42\0\x02\0"
    assert data.count(record) == 1
    at = data.find(record) + 4
    return data[:at] + struct.pack("<H", page) + data[at + 2:]


@pytest.mark.parametrize("page", [10008, 10000, 936, 1252, 65001, 0, 21010])
@pytest.mark.parametrize("rows", [1, 2000])                              # in short sectors, in long ones
def test_whatever_code_page_a_book_of_97_names_its_texts_are_unicode(tmp_path, page, rows):
    book = xlwt.Workbook()
    sheet = book.add_sheet("企业")
    for row in range(rows):
        sheet.write(row, 0, f"甲×é{row}")
    book.save(str(tmp_path / "a.xls"))
    (tmp_path / "a.xls").write_bytes(codepage((tmp_path / "a.xls").read_bytes(), page))
    read = grid(tmp_path / "a.xls")
    assert (read.name, len(read.rows), read.rows[-1]) == ("企业", rows, [f"甲×é{rows - 1}"])


# ------------------------------------------------------------------ before 97

def record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def biff5(texts: list[bytes], name: bytes, page: int | None) -> bytes:
    """The records of a book of Excel 95 that count for its encoding."""
    return (record(0x809, struct.pack("<HHHH", 0x500, 5, 0, 0)) + (b"" if page is None else record(0x42, struct.pack("<H", page)))
            + record(0x85, struct.pack("<IHB", 0, 0, len(name)) + name) + record(0x0A, b"")
            + record(0x809, struct.pack("<HHHH", 0x500, 16, 0, 0))
            + b"".join(record(0x204, struct.pack("<4H", 0, 0, 0, len(text)) + text) for text in texts) + record(0x0A, b""))


@pytest.mark.parametrize("texts, page, expected", [
    (["甲公司".encode("gbk")], 1252, "gb18030"), (["甲公司".encode("gbk")], 10000, "gb18030"), (["甲公司".encode("gbk")], None, "gb18030"),
    (["甲公司".encode("gbk")], 936, None), (["臺灣".encode("big5")], 950, None),
    ([b"ASCII"], 1252, None), (["café ".encode("cp1252")], 1252, None),              # é and a space: no GBK
    (["甲".encode("gbk"), "é ".encode("cp1252")], 1252, None),
])
def test_old_texts_are_gbk_where_all_of_them_may_be_and_the_page_says_otherwise(texts, page, expected):
    assert xls.told_encoding(biff5(texts, b"Sheet1", page)) == expected


def test_the_names_of_sheets_count_as_texts():
    assert xls.told_encoding(biff5([b"a"], "企业".encode("gbk"), 1252)) == "gb18030"


def test_a_code_page_that_cannot_be_corrected_is_left_to_the_second_reader():
    stream = biff5(["甲".encode("gbk")], b"a", None)
    assert xls.with_told_codepage(stream, stream, "gb18030") is None
    stream = biff5(["甲".encode("gbk")], b"a", 1252)
    assert xls.with_told_codepage(b"elsewhere", stream, "gb18030") is None
    assert xls.with_told_codepage(b"head" + stream, stream, "gb18030") == b"head" + biff5(["甲".encode("gbk")], b"a", 936)


@pytest.fixture
def gnumeric(tmp_path):
    """gnumeric(rows, exporter) -> the path of a real .xls that Gnumeric wrote."""
    if not shutil.which("ssconvert"):
        pytest.skip("Gnumeric (ssconvert) is not installed")

    def write(rows, exporter):
        book = openpyxl.Workbook()
        book.active.title = "SHEETNAM"
        for row in rows:
            book.active.append(row)
        book.active["B2"].number_format = "#,##0.0"
        book.save(tmp_path / "source.xlsx")
        subprocess.run(["ssconvert", "-T", f"Gnumeric_Excel:{exporter}", tmp_path / "source.xlsx", tmp_path / "a.xls"],
                       check=True, capture_output=True, timeout=120)
        return tmp_path / "a.xls"
    return write


@pytest.mark.slow
@pytest.mark.parametrize("page", [936, 1252, 10008])
def test_a_book_of_excel_95_with_chinese_bytes(gnumeric, page):
    path = gnumeric([["COMPANYNAM", "0012"], ["FIRSTCOMPANY", 3000.5]], "excel_biff7")
    data = path.read_bytes()
    for placeholder, text in CHINESE.items():
        assert placeholder.encode() in data
        data = data.replace(placeholder.encode(), text.encode("gbk"))
    path.write_bytes(codepage(data, page))
    assert (grid(path).name, grid(path).rows) == ("企业一览", ROWS)


@pytest.mark.slow
@pytest.mark.parametrize("exporter", ["excel_biff7", "excel_biff8", "excel_dsf"])
def test_a_number_format_under_the_id_of_a_date_makes_no_date(gnumeric, exporter):
    """Gnumeric numbers its formats from 50 on: python-calamine would read 3000.5 as 1908-03-18 12:00."""
    assert grid(gnumeric([["a", "b"], ["c", 3000.5]], exporter)).rows == [["a", "b"], ["c", 3000.5]]


@pytest.mark.parametrize("id, code, expected", [
    (51, "#,##0.0", True), (51, "yyyy-mm-dd", False), (164, "#,##0.0", False), (58, 'm"月"d"日"', False), (14, '0" 元/day"', True)])
def test_formats_that_redefine_a_date(id, code, expected):
    body = struct.pack("<HHB", id, len(code), 1) + code.encode("utf-16-le")
    stream = record(0x809, struct.pack("<H", 0x600) + bytes(14)) + record(0x41E, body) + record(0x0A, b"")
    assert xls.redefines_dates(stream) is expected


# ------------------------------------------------------------------ without a container

def bare_sheet(encoding: str) -> bytes:
    """What scripts of web systems write under the name .xls: records one after the other, no OLE around them."""
    def label(row, column, text):
        return record(0x204, struct.pack("<4H", row, column, 0, len(text.encode(encoding))) + text.encode(encoding))

    return (record(0x809, struct.pack("<4H", 0, 0x10, 0, 0)) + label(0, 0, "企业名称") + label(0, 1, "代码") + label(1, 0, "甲公司")
            + record(0x203, struct.pack("<3H", 1, 1, 0) + struct.pack("<d", 3000.5)) + record(0x0A, b""))


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_a_bare_sheet_is_read(tmp_path, encoding):
    (tmp_path / "a.xls").write_bytes(bare_sheet(encoding))
    book = read_book(tmp_path / "a.xls")
    assert (book.format, book.grids[0].rows) == ("xls", [["企业名称", "代码"], ["甲公司", 3000.5]])


def test_a_bare_sheet_that_is_cut_off_is_refused(tmp_path):
    (tmp_path / "a.xls").write_bytes(bare_sheet("gbk")[:-9])
    assert "无法读取" in refusal(tmp_path / "a.xls")


def test_the_second_reader_names_errors(tmp_path, monkeypatch):
    book = xlwt.Workbook()
    sheet = book.add_sheet("a")
    sheet.row(0).set_cell_error(0, 0x2A)
    book.save(str(tmp_path / "a"))
    (_, rows, _), = reading._by_xlrd((tmp_path / "a").read_bytes())
    assert rows == [["#N/A"]] and type(rows[0][0]) is Unread
