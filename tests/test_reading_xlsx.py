"""Workbooks of today written unusually: strict, absolute names, backslashes, missing parts, inline and phonetic text."""

import zipfile
from datetime import date

import pytest
import xlsxwriter
from sheet_files import grid, refusal, rewrite, sheet_xlsx, worksheet, zipped

from tuijie_xl.files.reading import read_book

TRANSITIONAL = {
    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    b"http://schemas.openxmlformats.org/officeDocument/2006/relationships": b"http://purl.oclc.org/ooxml/officeDocument/relationships",
    b"http://schemas.openxmlformats.org/drawingml/2006/main": b"http://purl.oclc.org/ooxml/drawingml/main"}
ROWS = [["企业名称", "0012"], ["甲\n乙", 3000.5], ["日期", date(2018, 7, 3)]]


@pytest.fixture
def path(tmp_path):
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx", {"default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet("企业")
    for number, row in enumerate(ROWS):
        sheet.write_row(number, 0, row)
    book.close()
    return tmp_path / "a.xlsx"


def strict(name: str, content: bytes) -> bytes:
    for old, new in TRANSITIONAL.items():
        content = content.replace(old, new)
    return content


def test_strict_namespaces(path):
    assert grid(rewrite(path, strict)).rows == ROWS


@pytest.mark.parametrize("style", ['s="0"', 's="1"'])
def test_dates_written_as_text_in_strict_books(path, style):
    rows = f'<row r="1"><c r="A1" t="d" {style}><v>2018-07-03</v></c><c r="B1" t="d"><v>2018-07-03T12:30:00</v></c></row>'
    sheet_xlsx(path, worksheet(rows))
    values = grid(rewrite(path, strict)).rows[0]
    assert [str(value).replace("T", " ").removesuffix(" 00:00:00") for value in values] == ["2018-07-03", "2018-07-03 12:30:00"]


@pytest.mark.parametrize("change", [
    lambda name, content: content.replace(b'Target="worksheets/', b'Target="/xl/worksheets/').replace(b'Target="xl/', b'Target="/xl/'),
    lambda name, content: content.replace(b'Target="worksheets/sheet1', b'Target="./../xl/worksheets/sheet1'),
], ids=["absolute", "roundabout"])
def test_names_of_parts_written_in_other_ways(path, change):
    assert grid(rewrite(path, change)).rows == ROWS


def test_backslashes_in_the_zip(path):
    with zipfile.ZipFile(path) as package:
        parts = {name.replace("/", "\\"): package.read(name) for name in package.namelist()}
    assert grid(zipped(path, parts)).rows == ROWS


def test_texts_that_point_to_a_missing_part_are_refused_and_not_lost(path):
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist() if "sharedStrings" not in name}
    assert "无法读取" in refusal(zipped(path, parts))


def test_a_book_without_shared_strings_that_needs_none(path):
    sheet_xlsx(path, worksheet('<row r="1"><c r="A1" t="inlineStr"><is><t>甲</t></is></c><c r="B1"><v>1</v></c></row>'))
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist() if "sharedStrings" not in name}
    assert grid(zipped(path, parts)).rows == [["甲", 1]]


@pytest.mark.parametrize("inside, expected", [
    ("<t>东京</t><rPh sb='0' eb='2'><t>トウキョウ</t></rPh><phoneticPr fontId='1'/>", "东京"),
    ("<r><t>东</t></r><r><rPr><b/></rPr><t xml:space='preserve'> 京</t></r><rPh sb='0' eb='1'><t>ト</t></rPh>", "东 京"),
    ("<t>甲&#10;乙_x000D_</t>", "甲\n乙\r"), ("<t/>", None),
])
@pytest.mark.parametrize("shared", [True, False])
def test_rich_and_phonetic_text(path, inside, expected, shared):
    cell = '<c r="A1" t="s"><v>0</v></c>' if shared else f'<c r="A1" t="inlineStr"><is>{inside}</is></c>'
    sheet_xlsx(path, worksheet(f'<row r="1">{cell}<c r="B1"><v>1</v></c></row>'))
    strings = '<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">' + f"<si>{inside}</si></sst>"
    rewrite(path, lambda name, content: strings.encode() if name.endswith("sharedStrings.xml") else content)
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    parts["xl/sharedStrings.xml"] = strings
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(
        b"</Relationships>", b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        b'sharedStrings" Target="sharedStrings.xml"/></Relationships>')
    assert grid(zipped(path, parts)).rows == [[expected, 1]]


def test_shared_formulas_with_and_without_results(path):
    sheet_xlsx(path, worksheet(
        '<row r="1"><c r="A1"><f t="shared" ref="A1:A3" si="0">B1*2</f><v>4</v></c><c r="B1"><v>2</v></c></row>'
        '<row r="2"><c r="A2"><f t="shared" si="0"/><v>6</v></c><c r="B2"><v>3</v></c></row>'
        '<row r="3"><c r="A3"><f t="shared" si="0"/></c><c r="B3"><v>3</v></c></row>'))
    assert grid(path).rows == [[4, 2], [6, 3], ["=…", 3]]


@pytest.mark.parametrize("kind", ["template", "sheet"])
@pytest.mark.parametrize("macros", [True, False])
def test_templates_and_books_with_macros(path, kind, macros):
    main = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    new = (f"application/vnd.ms-excel.{kind}.macroEnabled.main+xml" if macros
           else f"application/vnd.openxmlformats-officedocument.spreadsheetml.{kind}.main+xml").encode()
    book = read_book(rewrite(path, lambda name, content: content.replace(main, new)))
    assert (book.format, book.grids[0].rows) == ("xlsm" if macros else "xlsx", ROWS)
