"""Reading: every format gives the same grid, nothing is lost in silence, and what is no spreadsheet is refused."""

import gc
import struct
from datetime import date, datetime, time, timedelta

import openpyxl
import pytest
import pyxlsb
import xlsxwriter
import xlwt
from odf import opendocument, style, table, text
from sheet_files import grid, refusal, rewrite, sheet_xlsx, worksheet, zipped
from xlsb_writer import Error, Uncached, write_xlsb

from tuijie_xl.book import Unread
from tuijie_xl.files import delimited, ods, reading, sniffing, xls, xlsx
from tuijie_xl.files.audit import MOST_CELLS, Audit, make_grid
from tuijie_xl.files.reading import read_book

#: Leading blank row and column, a gap, text with spaces, numbers, booleans, dates.
ROWS = [[None, None, None, None, None, None],
        [None, " 名称 ", "数", "是", "日期", "时刻"],
        [None, None, None, None, None, None],
        [None, "甲\n乙", 2999.5, True, date(2018, 7, 3), datetime(2018, 7, 3, 12, 30)],
        [None, "丙", 0, False, None, None]]


# ------------------------------------------------------------------ writers of the same rows

def as_xlsx(path, *, options=None):
    book = xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd", **(options or {})})
    sheet = book.add_worksheet("企业")
    for r, row in enumerate(ROWS):
        for c, value in enumerate(row):
            if value is not None:
                sheet.write(r, c, value)
    book.close()


def as_xls(path, *, date1904=False):
    book = xlwt.Workbook()
    book.dates_1904 = date1904
    sheet = book.add_sheet("企业")
    styles = {date: xlwt.easyxf(num_format_str="yyyy-mm-dd"), datetime: xlwt.easyxf(num_format_str="yyyy-mm-dd hh:mm")}
    for r, row in enumerate(ROWS):
        for c, value in enumerate(row):
            if value is not None:
                sheet.write(r, c, value, styles.get(type(value), xlwt.Style.default_style))
    book.save(str(path))


def as_xlsb(path, **options):
    write_xlsb(path, {"企业": ROWS}, **options)


def ods_cell(value):
    if value is None:
        return table.TableCell()
    if isinstance(value, bool):
        return table.TableCell(valuetype="boolean", booleanvalue=str(value).lower())
    if isinstance(value, int | float):
        return table.TableCell(valuetype="float", value=value)
    if isinstance(value, date):
        return table.TableCell(valuetype="date", datevalue=value.isoformat())
    cell = table.TableCell(valuetype="string")
    for line in value.split("\n"):
        paragraph = text.P()
        for piece in line:
            paragraph.addElement(text.S()) if piece == " " else paragraph.addText(piece)
        cell.addElement(paragraph)
    return cell


def as_ods(path):
    document = opendocument.OpenDocumentSpreadsheet()
    sheet = table.Table(name="企业")
    for row in ROWS:
        line = table.TableRow()
        for value in row:
            line.addElement(ods_cell(value))
        sheet.addElement(line)
    document.spreadsheet.addElement(sheet)
    document.save(str(path))


WRITERS = {"xlsx": as_xlsx, "xls": as_xls, "xlsb": as_xlsb, "ods": as_ods}


# ------------------------------------------------------------------ the same rows from every format

@pytest.mark.parametrize("format", WRITERS)
def test_every_format_gives_the_same_complete_grid_from_a1(tmp_path, format):
    path = tmp_path / "报送.dat"                                       # the extension is never believed
    WRITERS[format](path)
    book = read_book(path)
    assert (book.format, book.grids[0].name, book.grids[0].rows) == (format, "企业", ROWS)
    assert [type(value) for value in book.grids[0].rows[3][1:]] == [str, float, bool, date, datetime]


def test_sha256_is_that_of_the_bytes_and_may_be_given(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"abc")
    assert read_book(path).sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert read_book(path, sha256="known").sha256 == "known"


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")     # pyxlsb leaves files open
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_the_xlsb_writer_is_understood_by_an_independent_reader(tmp_path):
    write_xlsb(tmp_path / "a.xlsb", {"企业": [["名称", 1.5, True, date(2018, 7, 3)], [None, Error("#N/A")]]})
    with pyxlsb.open_workbook(tmp_path / "a.xlsb") as book:
        assert book.sheets == ["企业"]
        with book.get_sheet(1) as sheet:
            assert [[cell.v for cell in row] for row in sheet.rows()] == [
                ["名称", 1.5, True, 43284], [None, "0x2a", None, None]]


@pytest.mark.parametrize("write", [lambda p: as_xls(p, date1904=True), lambda p: as_xlsb(p, date1904=True),
                                   lambda p: as_xlsx(p, options={"date_1904": True})], ids=["xls", "xlsb", "xlsx"])
def test_books_that_count_from_1904_give_the_same_dates(tmp_path, write):
    write(tmp_path / "a")
    assert grid(tmp_path / "a").rows[3][4:] == [date(2018, 7, 3), datetime(2018, 7, 3, 12, 30)]


def test_xlsm_is_told_by_its_content_type(tmp_path):
    as_xlsx(tmp_path / "a")
    rewrite(tmp_path / "a", lambda name, content: content.replace(
        b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"))
    assert read_book(tmp_path / "a").format == "xlsm"


def test_xls_from_a_mac_is_read_though_its_code_page_is_refused_by_the_readers(tmp_path):
    as_xls(tmp_path / "a")
    data = (tmp_path / "a").read_bytes()
    assert data.count(b"\x42\0\x02\0\xb0\x04") == 1
    (tmp_path / "a").write_bytes(data.replace(b"\x42\0\x02\0\xb0\x04", b"\x42\0\x02\0" + struct.pack("<H", 10008)))
    assert grid(tmp_path / "a").rows == ROWS


def test_fragmented_numbers_such_as_times_and_durations(tmp_path):
    book = openpyxl.Workbook()
    book.active.append([time(3, 4), timedelta(hours=30), 1.25])
    book.save(tmp_path / "a")
    assert grid(tmp_path / "a").rows == [[time(3, 4), timedelta(hours=30), 1.25]]


# ------------------------------------------------------------------ errors and formulas without a result

CELLS = ('<row r="1"><c r="A1" t="e"><v>#N/A</v></c><c r="B1"><f>A1+B1</f><v></v></c><c r="C1"><f>1&lt;2</f></c>'
         '<c r="D1" t="str"><f>"")</f><v></v></c><c r="E1"><f>1+1</f><v>2</v></c><c r="F1" t="e"><f>1/0</f>'
         '<v>#DIV/0!</v></c><c r="G1"><f t="shared" si="0"/></c><c r="H1" t="inlineStr"><is><t xml:space="preserve"> t="e"</t></is></c></row>')
UNREAD = ["#N/A", "=A1+B1", "=1<2", None, 2, "#DIV/0!", "=…", ' t="e"']


@pytest.mark.parametrize("rewritten", [
    lambda xml: xml,
    lambda xml: xml.replace('<c r="A1" t="e">', "<c r='A1' t='e'>"),
    lambda xml: xml.replace('<row r="1">', "<row>").replace(' r="A1"', "").replace(' r="B1"', ""),
    lambda xml: xml.replace("<", "<x:").replace("<x:/", "</x:").replace("<x:?", "<?").replace("xmlns=", "xmlns:x="),
], ids=["as usual", "single quotes", "no addresses", "prefixed"])
def test_xlsx_errors_and_uncached_formulas_stand_as_unread(tmp_path, rewritten):
    rows = grid(sheet_xlsx(tmp_path / "a", rewritten(worksheet(CELLS)))).rows
    assert rows == [UNREAD]
    assert [type(value) is Unread for value in rows[0]] == [True, True, True, False, False, True, True, False]


def test_a_placeholder_zero_of_a_library_is_no_result_but_a_real_result_is(tmp_path):
    book = xlsxwriter.Workbook(tmp_path / "a")                         # asks for calculation on load
    sheet = book.add_worksheet()
    sheet.write_formula("A1", "1+1")
    sheet.write_formula("B1", "1+1", None, 2)
    sheet.write_formula("C1", "1+1", None, "文")
    sheet.write("D1", 0)
    book.close()
    assert grid(tmp_path / "a").rows == [["=1+1", 2, "文", 0]]
    assert type(grid(tmp_path / "a").rows[0][0]) is Unread


def test_a_cell_without_address_far_down_is_found_by_the_parser(tmp_path):
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"/><c t="e"><v>#REF!</v></c></row>'
    assert grid(sheet_xlsx(tmp_path / "a", worksheet(rows))).rows == [[1, None], [None, "#REF!"]]


def test_sheet_names_with_markup_signs(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "A&B <甲>"
    book.active.append(["x", None, " "])
    book.save(tmp_path / "a")
    assert [(g.name, g.rows) for g in read_book(tmp_path / "a").grids] == [("A&B <甲>", [["x", None, " "]])]


def test_an_error_without_words_is_still_an_error(tmp_path):
    rows = grid(sheet_xlsx(tmp_path / "a", worksheet(
        '<row r="2"><c r="B2" t="e"><v></v></c><c r="C2" t="e"/><c r="D2"><v>5</v></c></row>'))).rows
    assert rows[1] == [None, "#ERROR", "#ERROR", 5]


def test_xls_errors_and_uncached_formulas_stand_as_unread(tmp_path):
    book = xlwt.Workbook()
    sheet = book.add_sheet("a")
    sheet.write(0, 0, "x")
    sheet.row(0).set_cell_error(1, 0x2A)
    sheet.write(0, 2, xlwt.Formula("1+1"))
    sheet.row(1).set_cell_boolean(0, True)
    book.save(str(tmp_path / "a"))
    assert grid(tmp_path / "a").rows == [["x", "#N/A", "=…"], [True, None, None]]


@pytest.mark.parametrize("result, flags, calculated, expected", [
    (b"\0" * 8, 0, True, None),                                        # a calculated zero
    (b"\0" * 8, 2, True, "=…"),                                        # zero, but to be calculated on load
    (struct.pack("<d", 1.5), 2, False, None),
    (b"\x03\0\0\0\0\0\xff\xff", 0, True, None),                        # a formula that gave empty text
    (b"\x03\0\0\0\0\0\xff\xff", 0, False, "=…"),                       # never calculated by any program
    (b"\x03\0\0\0\0\0\xff\xff", 2, True, "=…"),
    (b"\x02\0\x07\0\0\0\xff\xff", 0, True, "#DIV/0!"),
    (b"\0\0\0\0\0\0\xff\xff", 0, False, None),                         # text that follows in its own record
])
def test_xls_formula_results(result, flags, calculated, expected):
    assert xls._formula_unread(bytes(6) + result + struct.pack("<H", flags), calculated) == expected


def test_xlsb_errors_and_uncached_formulas_stand_as_unread(tmp_path):
    rows = [["x", Error("#N/A"), Error("#DIV/0!", formula=True), Uncached()]]
    write_xlsb(tmp_path / "a", {"a": rows}, recalculate=True)
    assert grid(tmp_path / "a").rows == [["x", "#N/A", "#DIV/0!", "=…"]]
    write_xlsb(tmp_path / "b", {"a": rows})
    assert grid(tmp_path / "b").rows == [["x", "#N/A", "#DIV/0!", 0]]


def content_xml(table_xml: str, styles: str = "") -> bytes:
    names = {"office": ods._OFFICE, "table": ods._TABLE, "text": ods._TEXT, "style": ods._STYLE, "calcext": ods._CALCEXT}
    spaces = " ".join(f'xmlns:{prefix}="{uri[1:-1]}"' for prefix, uri in names.items())
    return (f"<office:document-content {spaces}><office:automatic-styles>{styles}</office:automatic-styles>"
            f"<office:body><office:spreadsheet>{table_xml}</office:spreadsheet></office:body>"
            "</office:document-content>").encode()


def ods_rows(cells: str):
    return ods.read_grids(content_xml(f'<table:table table:name="a"><table:table-row>{cells}</table:table-row>'
                                      "</table:table>"))[0].rows


@pytest.mark.parametrize("cell, expected", [
    ('<table:table-cell office:value-type="string" calcext:value-type="error"><text:p>#N/A</text:p></table:table-cell>',
     Unread("#N/A")),
    ('<table:table-cell table:formula="of:=NA()" office:value-type="float" office:value="0"><text:p>#N/A</text:p>\
</table:table-cell>', Unread("#N/A")),
    ('<table:table-cell table:formula="of:=[.A1]+1"/>', Unread("=[.A1]+1")),
    ('<table:table-cell table:formula="of:=1" office:value-type="float" office:value="1"/>', 1.0),
    ('<table:table-cell office:value-type="percentage" office:value="0.85"/>', 0.85),
    ('<table:table-cell office:value-type="boolean" office:boolean-value="true"/>', True),
    ('<table:table-cell office:value-type="time" office:time-value="PT30H05M00S"/>', timedelta(hours=30, minutes=5)),
    ('<table:table-cell office:value-type="time" office:time-value="-PT1H"/>', timedelta(hours=-1)),
    ('<table:table-cell office:value-type="time" office:time-value="?"><text:p>约三点</text:p></table:table-cell>', "约三点"),
    ('<table:table-cell office:value-type="date" office:date-value="2018-07-03T04:05:06.000000000"/>',
     datetime(2018, 7, 3, 4, 5, 6)),
    ('<table:table-cell office:value-type="date" office:date-value="99999-01-01"><text:p>x</text:p></table:table-cell>',
     "x"),
    ('<table:table-cell office:value-type="string"><text:p>a<text:s text:c="2"/>b<text:tab/>c<text:line-break/>\
<text:span>d</text:span><text:note>n</text:note></text:p></table:table-cell>', "a  b\tc\nd"),
])
def test_ods_cells(cell, expected):
    value = ods_rows(cell)[0][0]
    assert (value, type(value)) == (expected, type(expected))


# ------------------------------------------------------------------ merges, hidden, ghosts

def test_xlsx_merges_hidden_rows_columns_and_sheets_and_charts_skipped(tmp_path):
    book = xlsxwriter.Workbook(tmp_path / "a")
    sheet = book.add_worksheet("甲")
    sheet.merge_range("B1:C2", "合并")
    sheet.write("C4", "末")
    sheet.set_row(2, None, None, {"hidden": True})
    sheet.set_column("C:C", None, None, {"hidden": True})
    chart = book.add_chart({"type": "bar"})
    chart.add_series({"values": "=甲!$A$1:$A$2"})
    book.add_chartsheet("图").set_chart(chart)
    book.add_worksheet("隐").hide()
    book.add_worksheet("深隐").very_hidden()
    book.close()
    grids = read_book(tmp_path / "a").grids
    assert [(g.name, g.hidden) for g in grids] == [("甲", False), ("隐", True), ("深隐", True)]
    assert (grids[0].merges, grids[0].hidden_rows, grids[0].hidden_columns) == ([(0, 1, 1, 2)], {2}, {2})


def test_the_slow_parse_finds_the_same_as_the_fast_search():
    xml = worksheet(CELLS + '<row r="3" hidden="1"><c r="B3"><v>1</v></c></row>',
                    '<mergeCells count="1"><mergeCell ref="A3:B4"/></mergeCells>',
                    '<cols><col min="2" max="3" width="9" hidden="1"/></cols>').encode()
    fast, slow = xlsx.audit_sheet(xml), xlsx._parse(xml, False)
    assert (fast.unread, fast.merges, fast.hidden_rows, set(fast.hidden_columns)) == (
        slow.unread, slow.merges, slow.hidden_rows, set(slow.hidden_columns))
    assert (fast.merges, fast.hidden_rows, set(fast.hidden_columns)) == ([(2, 0, 3, 1)], {2}, {1, 2})


def test_xls_merges_and_hidden(tmp_path):
    book = xlwt.Workbook()
    sheet = book.add_sheet("a")
    sheet.write_merge(0, 1, 1, 2, "合并")
    sheet.write(3, 3, 1)
    sheet.row(2).hidden = True
    sheet.col(2).hidden = True
    book.add_sheet("隐").visibility = 1
    book.save(str(tmp_path / "a"))
    first, second = read_book(tmp_path / "a").grids
    assert (first.merges, first.hidden_rows, first.hidden_columns) == ([(0, 1, 1, 2)], {2}, {2})
    assert (first.hidden, second.hidden) == (False, True)


def test_xlsb_merges_and_hidden(tmp_path):
    write_xlsb(tmp_path / "a", {"a": [["x", None], [None, None], ["z", "y"]], "隐": [["x"]]}, hidden=["隐"],
               merges={"a": [(0, 0, 1, 1)]}, hidden_rows=[1], hidden_columns=[1])
    first, second = read_book(tmp_path / "a").grids
    assert (first.merges, first.hidden_rows, first.hidden_columns) == ([(0, 0, 1, 1)], {1}, {1})
    assert (first.hidden, second.hidden) == (False, True)


def test_ods_merges_hidden_groups_and_repeats(tmp_path):
    cell = '<table:table-cell office:value-type="string"{}><text:p>{}</text:p></table:table-cell>'
    xml = content_xml(
        '<table:table table:name="a" table:style-name="off"><table:table-column/>'
        '<table:table-column-group><table:table-column table:visibility="collapse"/></table:table-column-group>'
        "<table:table-header-rows><table:table-row>"
        + cell.format(' table:number-columns-spanned="2" table:number-rows-spanned="2"', "头")
        + '<table:covered-table-cell/></table:table-row></table:table-header-rows>'
        '<table:table-row table:visibility="filter" table:number-rows-repeated="2"><office:annotation/>'
        + cell.format(' table:number-columns-repeated="2"', "同") + "</table:table-row>"
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/>'
        "</table:table-row></table:table>",
        '<style:style style:name="off"><style:table-properties table:display="false"/></style:style>')
    sheet, = ods.read_grids(xml)
    assert sheet.rows == [["头", None], ["同", "同"], ["同", "同"]]
    assert (sheet.hidden, sheet.merges, sheet.hidden_rows, sheet.hidden_columns) == (True, [(0, 0, 1, 1)], {1, 2}, {1})


def test_flat_ods_is_read(tmp_path):
    xml = content_xml('<table:table table:name="a"><table:table-row><table:table-cell office:value-type="float" office:value="1"/>'
                      "</table:table-row></table:table>").replace(b"office:document-content", b"office:document")
    xml = xml.replace(b" xmlns", b' office:mimetype="application/vnd.oasis.opendocument.spreadsheet" xmlns', 1)
    (tmp_path / "a.fods").write_bytes(b'<?xml version="1.0" encoding="UTF-8"?>\n' + xml)
    assert (read_book(tmp_path / "a.fods").format, grid(tmp_path / "a.fods").rows) == ("ods", [[1]])


def test_pretty_printed_ods_is_read(tmp_path):
    as_ods(tmp_path / "a")
    rewrite(tmp_path / "a", lambda name, content: content.replace(b"<table:table-row", b"\n  <table:table-row")
            if name == "content.xml" else content)
    assert grid(tmp_path / "a").rows == ROWS


def test_hidden_sheet_style_of_odfpy_is_read(tmp_path):
    document = opendocument.OpenDocumentSpreadsheet()
    off = style.Style(name="off", family="table")
    off.addElement(style.TableProperties(display="false"))
    document.automaticstyles.addElement(off)
    document.spreadsheet.addElement(table.Table(name="隐", stylename="off"))
    document.save(str(tmp_path / "a"))
    assert grid(tmp_path / "a").hidden


def test_ghost_formatting_to_the_last_row_and_column_is_cropped(tmp_path):
    ghost = '<row r="1048576" s="1" customFormat="1"><c r="A1048576" s="1"/><c r="XFD1048576" s="1"/></row>'
    path = sheet_xlsx(tmp_path / "a", worksheet('<row r="1"><c r="A1"><v>1</v></c></row>' + ghost,
                                                '<mergeCells><mergeCell ref="A1:C1048576"/></mergeCells>',
                                                '<cols><col min="1" max="16384" hidden="1"/></cols>'))
    assert grid(path).rows == [[1]]
    assert (grid(path).merges, grid(path).hidden_columns) == ([], {0})


@pytest.mark.parametrize("cell", ['<c r="XFD1048576"><v>1</v></c>', '<c r="XFD1048576" t="e"><v>#N/A</v></c>'])
def test_a_stray_value_in_the_last_corner_is_refused_before_it_eats_the_memory(tmp_path, cell):
    path = sheet_xlsx(tmp_path / "a", worksheet(f'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576">{cell}</row>'))
    assert "范围过大" in refusal(path) and 2**20 * 16384 > MOST_CELLS


@pytest.mark.parametrize("row, refused", [(999, False), (2000, True)])
def test_a_wide_sheet_is_measured_only_when_it_is_long(row, refused):
    xml = worksheet(f'<row r="1"><c r="XFD1"><v>1</v></c></row><row r="{row}"><c r="A{row}"><v>1</v></c></row>').encode()
    rows, columns = xlsx.audit_sheet(xml).extent
    assert (rows * columns > MOST_CELLS) is refused


def test_trailing_blank_columns_are_cropped_and_rows_made_equally_long():
    rows = [["a", "", ""], ["", "b", ""], ["c"], ["", "", ""]]
    assert make_grid("x", rows, False, Audit()).rows == [["a", None], [None, "b"], ["c", None]]


def test_formulas_in_a_sheet_without_rows_are_not_looked_for():
    assert xlsx.audit_sheet(worksheet("", "<x><f>1</f></x>").encode()).unread == {}


def test_a_long_narrow_sheet_is_within_the_limit():
    xml = worksheet('<row r="20000"><c r="B20000"><v>1</v></c></row>').encode()
    assert xlsx.audit_sheet(xml).extent == (20000, 702)
    xml = worksheet('<row r="1048576"><c r="B1048576"><v>1</v></c></row>').encode()
    assert xlsx.audit_sheet(xml).extent == (1048576, 2)
    assert xlsx.audit_sheet(b"<worksheet><sheetData/></worksheet>").extent == (0, 16384)


# ------------------------------------------------------------------ text files

CSV = '名称,营业额\n甲,"3,000"\n"乙\n分公司",\n'
CSV_ROWS = [["名称", "营业额"], ["甲", "3,000"], ["乙\n分公司", None]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_text_encodings_and_delimiters(tmp_path, encoding, delimiter):
    written = CSV.replace(",", delimiter).replace(f"3{delimiter}000", "3,000")
    (tmp_path / "a.txt").write_bytes(written.encode(encoding))
    book = read_book(tmp_path / "a.txt")
    assert (book.format, book.grids[0].rows) == ("csv", CSV_ROWS)


@pytest.mark.parametrize("written, expected", [
    ("a", [["a"]]),
    ("\n,a\n", [[None, None], [None, "a"]]),                            # a leading blank row and column stay
    ("a,b\r\n1,2\r\n,\r\n", [["a", "b"], ["1", "2"]]),
    ('a,b\n"软件"园,2\n', [["a", "b"], ["软件园", "2"]]),               # as Excel reads it
    ("001,2018-07-03\n", [["001", "2018-07-03"]]),                     # text stays text
    ("a,b,c\n1\n2,3,4,5\n", [["a", "b", "c", None], ["1", None, None, None], ["2", "3", "4", "5"]]),
])
def test_text_cells(tmp_path, written, expected):
    (tmp_path / "a.csv").write_text(written, encoding="utf-8", newline="")
    assert grid(tmp_path / "a.csv").rows == expected


@pytest.mark.parametrize("content, words", [
    ('a,b\n"乙,2\n丙,3\n'.encode(), "引号"),
    (b'a,"' + b"x" * (2**20 + 1), "引号"),
    (bytes(range(1, 256)) * 4, "无法识别"),
    (b"\xff\xfe\x00\xd8\x00\x00", "无法识别"),
])
def test_text_that_cannot_be_told_apart_is_refused(tmp_path, content, words):
    (tmp_path / "a.csv").write_bytes(content)
    assert words in refusal(tmp_path / "a.csv")


@pytest.mark.parametrize("written, delimiter", [
    ("标题\na\tb\n1\t2,3\n", "\t"), ("a,b;c\n1,2\n", ","), ("没有分隔", ","), ("a;b\n1,5;2\n", ";")])
def test_the_delimiter_is_the_one_that_most_lines_agree_on(written, delimiter):
    assert delimited._delimiter(written) == delimiter


# ------------------------------------------------------------------ refused

OLE_HEAD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
CONTENT_TYPE = '<Types><Override PartName="/x" ContentType="application/vnd.openxmlformats-officedocument.{}"/></Types>'


@pytest.mark.parametrize("content, words", [
    (b"", "空的"),
    (b"%PDF-1.4", "PDF"),
    (b"\x89PNG\r\n\x1a\n", "PNG 图片"), (b"\xff\xd8\xff\xe0", "JPEG"), (b"\0\0\0\x18ftypheic", "HEIC"),
    (b"Rar!\x1a\x07\0", "解压"), (b"MZ\x90", "可执行"),
    ("<html>".encode("utf-16"), "网页"),
    (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">', "无法读取"),
    (b'<?xml version="1.0"?><a/>', "XML 文件"), (b"<office:document-content>", "XML 文件"),
    (b"\x09\x00\x04\x00\x02\x00\x10\x00", "无法读取"),
    (b"BZh91AY", "ZIP 可以直接导入"), (b"\xfd7zXZ\0", "解压"), (b"a.txt".ljust(257, b"\0") + b"ustar", "TAR"),
    (b"{\\rtf1", "复制到 Excel"), (b"\0\1\0\0Standard Jet DB\0", "Access"), (b"L\0\0\0\1\x14\2\0\0", "原文件"),
    (b"\x03\x76\x07\x03" + bytes([1, 0, 0, 0, 65, 0]) + bytes(54) + b"\r" + bytes(9), "DBF"),
    (b"Received: from a\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n", "邮件"),
    (b"PK\x03\x04 cut off", "损坏"),
    (OLE_HEAD + bytes(600), "损坏"),
])
def test_what_is_no_spreadsheet_is_refused_in_words(tmp_path, content, words):
    (tmp_path / "报送.xls").write_bytes(content)
    assert words in refusal(tmp_path / "报送.xls")


@pytest.mark.parametrize("parts, words", [
    ({"[Content_Types].xml": CONTENT_TYPE.format("wordprocessingml.document.main+xml")}, "Word"),
    ({"mimetype": "application/vnd.oasis.opendocument.text"}, "Word"),
    ({"[Content_Types].xml": CONTENT_TYPE.format("presentationml.presentation.main+xml")}, "PPT"),
    ({"Index/Document.iwa": "x"}, "Numbers"),
    ({"各地/山东.xlsx": "x"}, "先解压"),
    ({"a.txt": "x"}, "先解压"), ({"OFD.xml": "x"}, "OFD"), ({"mimetype": "application/epub+zip"}, "没有电子表格"),
    ({"mimetype": "application/vnd.oasis.opendocument.spreadsheet",
      "META-INF/manifest.xml": "<m:encryption-data/>"}, "密码"),
    ({"a.xml": '<?xml version="1.0"?>\n<!-- <a> --><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}, "DOCTYPE"),
    ({"a.xml": "<?xml version='1.0'?><!DOCTYPE a><a/>".encode("utf-16")}, "DOCTYPE"),
    ({"[Content_Types].xml": CONTENT_TYPE.format("spreadsheetml.sheet.main+xml")}, "无法读取"),
    ({"[Content_Types].xml": "", "xl/a.xml": "1", "xl\\a.xml": "2"}, "损坏"),
])
def test_packages_that_are_no_spreadsheet_are_refused_in_words(tmp_path, parts, words):
    assert words in refusal(zipped(tmp_path / "报送.xlsx", parts))


def test_places_that_are_no_file(tmp_path):
    assert "找不到" in refusal(tmp_path / "无.xlsx")
    assert "文件夹" in refusal(tmp_path)
    assert "读取失败" in refusal(tmp_path / ("长" * 300))
    (tmp_path / "~$报送.xlsx").write_bytes(b"x")
    assert "锁文件" in refusal(tmp_path / "~$报送.xlsx")


def test_unreadable_and_oversized_files(tmp_path, monkeypatch):
    (tmp_path / "a").write_bytes(b"12345")
    monkeypatch.setattr(sniffing, "MOST_BYTES", 4)
    assert "超过" in refusal(tmp_path / "a")
    monkeypatch.undo()

    def denied(self):
        raise PermissionError
    monkeypatch.setattr(sniffing.Path, "read_bytes", denied)
    assert "没有权限" in refusal(tmp_path / "a")


def test_any_damaged_byte_of_a_part_is_found(tmp_path):
    as_xlsx(tmp_path / "a")
    data = bytearray((tmp_path / "a").read_bytes())
    data[data.find(b"xl/worksheets/sheet1.xml") + 60] ^= 1
    (tmp_path / "a").write_bytes(data)
    assert "损坏" in refusal(tmp_path / "a")


def test_a_zip_with_a_password_is_refused(tmp_path):
    as_xlsx(tmp_path / "a")
    data = bytearray((tmp_path / "a").read_bytes())
    data[data.find(b"PK\x01\x02") + 8] |= 1                            # the flag in the directory
    (tmp_path / "a").write_bytes(data)
    assert "密码" in refusal(tmp_path / "a")


def test_a_zip_bomb_is_refused_before_it_is_inflated(tmp_path):
    path = zipped(tmp_path / "a.xlsx", {"xl/worksheets/sheet1.xml": bytes(80 * 2**20)})
    assert "解压后过大" in refusal(path)


def with_stream(path, name: str, body: bytes = bytes(4096)):
    document = xlwt.CompoundDoc.XlsDoc()
    document.save(str(path), body)
    data = path.read_bytes()
    assert data.count("Workbook".encode("utf-16-le")) == 1
    old, new = "Workbook".encode("utf-16-le"), name.encode("utf-16-le")
    entry = data.find(old)
    size = struct.pack("<H", len(new) + 2)
    data = data[:entry] + new.ljust(64, b"\0") + size + data[entry + 66:]
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("stream, words", [
    ("EncryptedPackage", "打开密码"), ("WordDocument", "WPS 文字"), ("PowerPoint Document", "PPT"),
    ("__properties_version1.0", "邮件"), ("Contents", "没有工作簿")])
def test_ole_files_that_are_no_workbook(tmp_path, stream, words):
    assert words in refusal(with_stream(tmp_path / "a.xlsx", stream))


def test_an_xls_with_a_password_is_refused(tmp_path):
    records = struct.pack("<HH", 0x809, 16) + bytes(16) + struct.pack("<HH", 0x2F, 4) + bytes(4) + struct.pack("<HH", 10, 0)
    assert "打开密码" in refusal(with_stream(tmp_path / "a.xls", "Workbook", records.ljust(4096, b"\0")))


def test_a_book_of_charts_only_is_refused(tmp_path):
    book = openpyxl.Workbook()
    book.remove(book.active)
    book.create_chartsheet("图")
    book.save(tmp_path / "a")
    assert "没有工作表" in refusal(tmp_path / "a")


# ------------------------------------------------------------------ readers that fail

class Panic(BaseException):
    """As pyo3_runtime.PanicException: no Exception."""


def failing(*arguments):
    raise Panic


@pytest.mark.parametrize("format", ["xlsx", "xls"])
def test_the_second_reader_gives_the_same_when_the_first_panics(tmp_path, monkeypatch, format):
    WRITERS[format](tmp_path / "a")
    monkeypatch.setattr(reading, "_by_calamine", failing)
    rows = grid(tmp_path / "a").rows
    assert [row[:4] for row in rows] == [row[:4] for row in ROWS]
    assert rows[3][4] == date(2018, 7, 3) and rows[3][5] == datetime(2018, 7, 3, 12, 30)


def test_the_second_reader_of_xls_knows_times_and_errors(tmp_path, monkeypatch):
    book = xlwt.Workbook()
    sheet = book.add_sheet("a")
    sheet.write(0, 0, time(6), xlwt.easyxf(num_format_str="hh:mm"))
    sheet.row(0).set_cell_error(1, 0x2A)
    book.save(str(tmp_path / "a"))
    monkeypatch.setattr(reading, "_by_calamine", failing)
    assert grid(tmp_path / "a").rows == [[time(6), "#N/A"]]


@pytest.mark.parametrize("thrown, words", [(Panic, "无法读取"), (RuntimeError, "无法读取"), (MemoryError, "内存")])
def test_whatever_readers_throw_becomes_one_sentence(tmp_path, monkeypatch, thrown, words):
    def throw(*arguments):
        raise thrown
    as_xlsx(tmp_path / "a")
    monkeypatch.setattr(reading, "_by_calamine", throw)
    monkeypatch.setattr(reading, "_by_openpyxl", throw)
    assert words in refusal(tmp_path / "a")


def test_a_request_to_stop_is_obeyed(tmp_path, monkeypatch):
    def interrupted(*arguments):
        raise KeyboardInterrupt
    as_xlsx(tmp_path / "a")
    monkeypatch.setattr(reading, "_by_calamine", interrupted)
    with pytest.raises(KeyboardInterrupt):
        read_book(tmp_path / "a")


def test_readers_that_disagree_about_the_sheets_are_not_believed(tmp_path, monkeypatch):
    as_xls(tmp_path / "a")
    monkeypatch.setattr(reading, "_by_calamine", lambda file: [])
    assert "无法读取" in refusal(tmp_path / "a")


def test_the_collector_runs_again_after_reading(tmp_path):
    as_xlsx(tmp_path / "a")
    read_book(tmp_path / "a")
    assert gc.isenabled()
    gc.disable()
    try:
        read_book(tmp_path / "a")
        assert not gc.isenabled()
    finally:
        gc.enable()
