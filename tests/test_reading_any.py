"""The same sheet from every format that can be written; and whatever bytes come, one sentence or a grid, in time."""

import io
import random
import zipfile
from datetime import date
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from html import escape

import msoffcrypto
import openpyxl
import pytest
import xlsxwriter
import xlwt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from odf import opendocument, table
from sheet_files import zipped
from soffice import office  # noqa: F401 - a fixture
from test_reading import ods_cell
from xlsb_writer import write_xlsb

from tuijie_xl.book import BookText
from tuijie_xl.files import archive
from tuijie_xl.files.reading import read_book
from tuijie_xl.problem import UnusableFile

TITLE, HIDDEN_ROW, HIDDEN_COLUMN = (0, 0, 0, 3), 3, 2
ROWS = [["报送表\n单位：万元", None, None, None, None],
        ["企业名称", "统一社会信用代码", "邮编", "营业额", "成立日期"],
        ["甲有限公司", "913706833104614358", "010010", 3000.46, date(2010, 7, 3)],
        ["（隐）", "91370683310461435X", "000000", 1, None],
        ["乙\n丙", 'A&B <x> "y"', "'", 0, date(1999, 12, 31)]]


def write_xlsx(path):
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet("企业")
        sheet.merge_range(*TITLE, "")
        for r, row in enumerate(ROWS):
            for c, value in enumerate(row):
                if value is not None:
                    sheet.write(r, c, value)
        sheet.set_row(HIDDEN_ROW, None, None, {"hidden": True})
        sheet.set_column(HIDDEN_COLUMN, HIDDEN_COLUMN, None, None, {"hidden": True})


def write_openpyxl(path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "企业"
    for row in ROWS:
        sheet.append(row)
    sheet.merge_cells("A1:D1")
    sheet.row_dimensions[HIDDEN_ROW + 1].hidden = True
    sheet.column_dimensions["C"].hidden = True
    book.save(path)


def write_encrypted(path):
    plain = io.BytesIO()
    write_xlsx(plain)
    with open(path, "wb") as out:
        msoffcrypto.OfficeFile(plain).encrypt("VelvetSweatshop", out)


def write_xls(path):
    book = xlwt.Workbook()
    sheet = book.add_sheet("企业")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    sheet.write_merge(0, 0, 0, 3, ROWS[0][0])
    for r, row in enumerate(ROWS[1:], 1):
        for c, value in enumerate(row):
            if value is not None:
                sheet.write(r, c, value, day if isinstance(value, date) else xlwt.Style.default_style)
    sheet.row(HIDDEN_ROW).hidden = sheet.col(HIDDEN_COLUMN).hidden = True
    book.save(str(path))


def write_binary(path):
    write_xlsb(path, {"企业": ROWS}, merges={"企业": [TITLE]}, hidden_rows=[HIDDEN_ROW], hidden_columns=[HIDDEN_COLUMN])


def write_ods(path):
    document = opendocument.OpenDocumentSpreadsheet()
    sheet = table.Table(name="企业")
    for column in range(5):
        sheet.addElement(table.TableColumn(**({"visibility": "collapse"} if column == HIDDEN_COLUMN else {})))
    for r, row in enumerate(ROWS):
        line = table.TableRow(**({"visibility": "collapse"} if r == HIDDEN_ROW else {}))
        for c, value in enumerate(row):
            cell = ods_cell(value)
            if (r, c) == TITLE[:2]:
                cell.setAttribute("numbercolumnsspanned", 4)
                cell.setAttribute("numberrowsspanned", 1)
            line.addElement(cell)
        sheet.addElement(line)
    document.spreadsheet.addElement(sheet)
    document.save(str(path))


def write_xml2003(path):
    def cell(value, merged):
        kind = "Number" if isinstance(value, int | float) else "DateTime" if isinstance(value, date) else "String"
        text = f"{value}T00:00:00.000" if isinstance(value, date) else escape(str(value)).replace("\n", "&#10;")
        return f"<Cell{merged}><Data ss:Type='{kind}'>{text}</Data></Cell>" if value is not None else "<Cell/>"

    lines = "".join(("<Row ss:Hidden='1'>" if r == HIDDEN_ROW else "<Row>") + "".join(
        cell(value, " ss:MergeAcross='3'" if r == c == 0 else "") for c, value in enumerate(row) if r or c == 0) + "</Row>"
        for r, row in enumerate(ROWS))
    path.write_text("<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet' xmlns:ss='urn:schemas-"
                    "microsoft-com:office:spreadsheet'><Worksheet ss:Name='企业'><Table><Column ss:Index='3' ss:Hidden='1'/>"
                    f"{lines}</Table></Worksheet></Workbook>", "utf-8")


def page() -> str:
    def cell(r, c, value):
        off = " style='display:none'" if c == HIDDEN_COLUMN and r else ""
        number = f" x:num='{value}'" if isinstance(value, int | float) else ""
        shown = "" if value is None else escape(str(value)).replace("\n", "<br>")
        return f"<td{off}{number}{' colspan=4' if r == c == 0 else ''}>{shown}</td>"

    lines = "".join(("<tr style='display:none'>" if r == HIDDEN_ROW else "<tr>") + "".join(
        cell(r, c, value) for c, value in enumerate(row) if r or c in (0, 4)) + "</tr>\n" for r, row in enumerate(ROWS))
    return ("<html><head><meta charset='gb2312'><!--[if gte mso 9]><xml><x:Name>企业</x:Name></xml><![endif]--></head>"
            f"<body><table><col><col><col style='display:none'>{lines}</table></body></html>")


def write_html(path):
    path.write_bytes(page().encode("gb18030"))


def write_mht(path):
    message = MIMEMultipart("related")
    message.attach(MIMEText(page(), "html", "gb2312"))
    path.write_bytes(message.as_bytes())


def write_csv(path):
    import csv

    with open(path, "w", encoding="gb18030", newline="") as out:
        csv.writer(out).writerows(ROWS)


WRITERS = {"xlsx": write_xlsx, "xlsx by openpyxl": write_openpyxl, "xlsx encrypted": write_encrypted, "xls": write_xls,
           "xlsb": write_binary, "ods": write_ods, "xml": write_xml2003, "html": write_html, "mht": write_mht, "csv": write_csv}
NO_DATES, NO_LAYOUT = {"html", "mht", "csv"}, {"csv"}


def same(book: BookText, texts: bool, layout: bool) -> None:
    """Exactly ROWS; dates (and where a format has no numbers, those) as the text that was written."""
    sheet, = book.grids
    expected = [[str(v) if isinstance(v, date) and texts or isinstance(v, int | float) and not layout else v for v in row] for row in ROWS]
    assert sheet.rows == expected
    if layout:
        assert (sheet.name, sheet.merges, sheet.hidden_rows, sheet.hidden_columns) == ("企业", [TITLE], {HIDDEN_ROW}, {HIDDEN_COLUMN})


@pytest.mark.parametrize("format", WRITERS)
def test_the_same_sheet_gives_the_same_grid_in_every_format(tmp_path, format):
    WRITERS[format](tmp_path / "报送.dat")
    book = read_book(tmp_path / "报送.dat")
    assert book.format == format.split()[0]
    same(book, format in NO_DATES, format not in NO_LAYOUT)


@pytest.mark.slow
@pytest.mark.parametrize("to", ["xls", "ods", "fods", "xlsm", "xlt", "xltx", "ots"])
def test_what_libreoffice_writes_gives_the_same_grid(tmp_path, office, to):  # noqa: F811
    write_xlsx(tmp_path / "a.xlsx")
    same(read_book(office.convert(tmp_path / "a.xlsx", to)), False, True)


@pytest.mark.slow
def test_what_libreoffice_shows_in_a_web_page_is_read(tmp_path, office):  # noqa: F811
    write_xlsx(tmp_path / "a.xlsx")                         # it leaves hidden rows and columns out of a page
    sheet, = read_book(office.convert(tmp_path / "a.xlsx", "html")).grids
    seen = [row[:HIDDEN_COLUMN] + row[HIDDEN_COLUMN + 1:] for r, row in enumerate(ROWS) if r != HIDDEN_ROW]
    assert sheet.rows == [[str(v) if isinstance(v, date) else v for v in row] for row in seen]


# ------------------------------------------------------------------ whatever bytes come

@pytest.fixture(scope="module")
def originals(tmp_path_factory) -> list[bytes]:
    """The bytes of one file of every format, and an archive of some."""
    folder = tmp_path_factory.mktemp("originals")
    for name, write in WRITERS.items():
        if name != "xlsx encrypted":                        # a hundred thousand rounds of hashing each
            write(folder / name.replace(" ", "_"))
    files = [file.read_bytes() for file in sorted(folder.iterdir())]
    archive_path = zipped(folder / "a.zip", {"企业.xlsx": files[0], "b/c.csv": files[1]})
    return [*files, archive_path.read_bytes()]


def answer(path) -> str:
    """'read' or 'refused'; anything else is a failure."""
    answers = []
    for member in archive.expand(path):
        try:
            book = read_book(member)
            assert all(len(row) == len(grid.rows[0]) for grid in book.grids for row in grid.rows)
            answers.append("read")
        except UnusableFile as refused:
            assert refused.why.endswith("。")
            answers.append("refused")
    return answers[-1]


RARE = settings(max_examples=150, deadline=10_000, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)


@RARE
@given(st.one_of(st.binary(max_size=300), st.text(max_size=100).map(lambda t: t.encode("utf-8", "replace")),
                 st.tuples(st.sampled_from([b"PK\3\4", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x09\x08\x08\0", b"\x09\x08\x10\0", b"<table>",
                                            b"<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'>",
                                            b"MIME-Version: 1.0\nContent-Type: text/html\n\n", b"sep=;\n", b"\xff\xfe"]),
                           st.binary(max_size=2000)).map(b"".join)))
def test_any_bytes_give_a_grid_or_one_sentence(tmp_path, data):
    (tmp_path / "a").write_bytes(data)
    assert answer(tmp_path / "a") in ("read", "refused")


@RARE
@given(st.data())
def test_damaged_files_give_a_grid_or_one_sentence(tmp_path, originals, data):
    whole = data.draw(st.sampled_from(originals))
    dice = random.Random(data.draw(st.integers(0, 2**32)))
    changed = bytearray(whole)
    for _ in range(dice.choice((1, 2, 8, 40))):
        at = dice.randrange(len(changed))
        changed[at] = dice.randrange(256)
    cut = data.draw(st.sampled_from((0, 0, 1, 100, len(changed) // 2)))
    (tmp_path / "a").write_bytes(bytes(changed[:len(changed) - cut]))
    assert answer(tmp_path / "a") in ("read", "refused")


@RARE
@given(st.data())
def test_damaged_parts_in_a_sound_package_give_a_grid_or_one_sentence(tmp_path, originals, data):
    package = zipfile.ZipFile(io.BytesIO(data.draw(st.sampled_from([o for o in originals if o[:2] == b"PK"]))))
    parts = {name: package.read(name) for name in package.namelist()}
    name = data.draw(st.sampled_from(sorted(parts)))
    dice = random.Random(data.draw(st.integers(0, 2**32)))
    changed = bytearray(parts[name])
    for _ in range(dice.choice((1, 2, 8))):
        changed[dice.randrange(len(changed))] = dice.choice(b"<>/\"'= 019AaZ\0\xff")
    assert answer(zipped(tmp_path / "a", parts | {name: bytes(changed)})) in ("read", "refused")
