"""Writing laid-out sheets in every format that bureaus send; numbers, days and errors as each format has them."""

from __future__ import annotations

import csv
import html
import io
import runpy
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import msoffcrypto
import xlsxwriter
from tuijie_xl.examples import writers as plain
from tuijie_xl.examples.hands import ErrorCell, Uncached

from .plan import Laid

PASSWORD = "tuijie2018"
_DAY = datetime(2018, 6, 25)


@dataclass(frozen=True)
class Format:
    """``suffix`` of the file's name, ``write(path, sheets)``, what it cannot hold, and what reading it needs."""

    name: str
    suffix: str
    write: Callable[[Path, list[Laid]], None]
    sentence: str
    text: bool = False                      # one sheet of texts: no merges, nothing hidden
    needs: frozenset[str] = frozenset()
    refused: str = ""


def as_text(cell) -> str:
    """A cell as a text format has it: numbers as Excel shows them, 18 digits in scientific notation."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float | Decimal) and abs(cell) >= 1e11:
        return f"{cell:.5E}"
    if isinstance(cell, float | Decimal):
        text = f"{Decimal(format(cell, '.15g')):f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return cell.isoformat() if isinstance(cell, date) else str(cell)


# ------------------------------------------------------------------ text formats

def _csv(encoding: str, delimiter: str = ",") -> Callable[[Path, list[Laid]], None]:
    def write(path: Path, sheets: list[Laid]) -> None:
        text = io.StringIO()
        csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(map(as_text, row) for row in sheets[0].rows)
        path.write_bytes(text.getvalue().encode(encoding))
    return write


def write_html(path: Path, sheets: list[Laid]) -> None:
    """What web systems export as .xls: a table in GB2312 with colspan and rowspan."""
    sheet = sheets[0]
    starts = {merge[:2]: merge for merge in sheet.merges}
    covered = {(r, c) for top, left, bottom, right in sheet.merges for r in range(top, bottom + 1)
               for c in range(left, right + 1)} - starts.keys()
    lines = []
    for r, row in enumerate(sheet.rows):
        cells = ""
        for c, cell in enumerate(row):
            if (r, c) in covered:
                continue
            top, left, bottom, right = starts.get((r, c), (r, c, r, c))
            span = (f' rowspan="{bottom - top + 1}"' if bottom > top else "") + (f' colspan="{right - left + 1}"' if right > left else "")
            cells += f"<td{span}>{html.escape(as_text(cell)).replace(chr(10), '<br>')}</td>"
        lines.append(f"<tr>{cells}</tr>")
    page = ('<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta http-equiv="Content-Type" '
            f'content="text/html; charset=gb2312"></head><body><table border="1">{"".join(lines)}</table></body></html>')
    path.write_bytes(page.encode("gb18030"))


def write_xml2003(path: Path, sheets: list[Laid]) -> None:
    """SpreadsheetML 2003, as old reporting systems export it."""
    pages = "".join(f'<Worksheet ss:Name="{html.escape(s.name)}"><Table>{_xml_rows(s)}</Table></Worksheet>' for s in sheets)
    path.write_text('<?xml version="1.0" encoding="UTF-8"?><?mso-application progid="Excel.Sheet"?>'
                    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
                    'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
                    '<Styles><Style ss:ID="d"><NumberFormat ss:Format="Short Date"/></Style></Styles>'
                    f'{pages}</Workbook>', "utf-8")


def _xml_rows(sheet: Laid) -> str:
    starts = {merge[:2]: merge for merge in sheet.merges}
    rows = ""
    for r, row in enumerate(sheet.rows):
        cells = ""
        for c, cell in enumerate(row):
            if cell is None and (r, c) not in starts:
                continue
            top, left, bottom, right = starts.get((r, c), (r, c, r, c))
            span = (f' ss:MergeDown="{bottom - top}"' if bottom > top else "") + (f' ss:MergeAcross="{right - left}"' if right > left else "")
            cells += f'<Cell ss:Index="{c + 1}"{span}{_xml_data(cell)}</Cell>'
        hidden = ' ss:Hidden="1"' if r in sheet.hidden_rows else ""
        rows += f'<Row ss:Index="{r + 1}"{hidden}>{cells}</Row>'
    return rows


def _xml_data(cell) -> str:
    if cell is None:
        return ">"
    if isinstance(cell, bool):
        return f'><Data ss:Type="Boolean">{int(cell)}</Data>'
    if isinstance(cell, date):
        return f' ss:StyleID="d"><Data ss:Type="DateTime">{cell.isoformat()}T00:00:00.000</Data>'
    if isinstance(cell, int | float | Decimal):
        return f'><Data ss:Type="Number">{_number(cell)}</Data>'
    kind = "Error" if isinstance(cell, ErrorCell) else "String"
    return f'><Data ss:Type="{kind}">{html.escape(str(cell)).replace(chr(10), "&#10;")}</Data>'


def _number(cell) -> str:
    return format(float(cell), ".15g")


# ------------------------------------------------------------------ binary formats

def _xlsx(**options) -> Callable[[Path, list[Laid]], None]:
    def write(path: Path, sheets: list[Laid]) -> None:
        book = xlsxwriter.Workbook(str(path), {"strings_to_urls": False, "strings_to_formulas": False, "strings_to_numbers": False,
                                               **options})
        book.set_properties({"created": _DAY, "author": ""})
        looks = {"": book.add_format({"border": 1}), "head": book.add_format({"bold": True, "text_wrap": True}),
                 "day": book.add_format({"num_format": "yyyy-mm-dd"}), "colour": book.add_format({"bg_color": "#FFFF00"})}
        for sheet in sheets:
            _write_page(book.add_worksheet(sheet.name), sheet, looks)
        if sheets[0].hidden and len(sheets) > 1:
            book.worksheets()[next(i for i, s in enumerate(sheets) if not s.hidden)].activate()
            book.worksheets()[next(i for i, s in enumerate(sheets) if not s.hidden)].set_first_sheet()
        book.close()
        plain._without_empty_results(path)
    return write


def _write_page(page, sheet: Laid, looks: dict) -> None:
    if sheet.hidden:
        page.hide()
    for column in sheet.hidden_columns:
        page.set_column(column, column, 8, None, {"hidden": True})
    for row in sheet.hidden_rows:
        page.set_row(row, None, None, {"hidden": True})
    for merge in sheet.merges:
        page.merge_range(*merge, "", looks["head"])
    for r, row in enumerate(sheet.rows):
        look = looks["colour" if r in sheet.colours else "head" if r in sheet.heads else ""]
        for c, cell in enumerate(row):
            _write_cell(page, r, c, cell, look, looks["day"])
    for (r, c), text in sheet.notes.items():
        page.write_comment(r, c, text)


def _write_cell(page, r: int, c: int, cell, look, day) -> None:
    if isinstance(cell, ErrorCell):
        page.write_formula(r, c, "=NA()" if cell == "#N/A" else "=1/0", look, str(cell))
    elif isinstance(cell, Uncached):
        page.write_formula(r, c, f"={cell}", look, "")
    elif isinstance(cell, bool):
        page.write_boolean(r, c, cell, look)
    elif isinstance(cell, date):
        page.write_datetime(r, c, cell, day)
    elif isinstance(cell, int | float | Decimal):
        page.write_number(r, c, float(cell), look)
    elif cell is not None:
        page.write_string(r, c, cell, look)


def write_xlsm(path: Path, sheets: list[Laid]) -> None:
    """A workbook of the macro content type without macros."""
    _xlsx()(path, sheets)
    plain._rewrite(path, lambda name, data: data.replace(*(b"application/vnd." + kind for kind in (
        b"openxmlformats-officedocument." + plain._MACRO_TYPE[0], plain._MACRO_TYPE[1]))) if name == "[Content_Types].xml" else data)


def write_mac_xls(path: Path, sheets: list[Laid]) -> None:
    """An xls that says code page 10008 (Mac, simplified Chinese)."""
    plain.write_xls(path, sheets)
    data = path.read_bytes()
    assert data.count(b"\x42\x00\x02\x00\xb0\x04") == 1
    path.write_bytes(data.replace(b"\x42\x00\x02\x00\xb0\x04", b"\x42\x00\x02\x00\x18\x27"))


def write_xlsb(path: Path, sheets: list[Laid]) -> None:
    """By the writer that the reader's tests use; rows hidden in one sheet are hidden in all."""
    writer = runpy.run_path(str(Path(__file__).parents[1] / "xlsb_writer.py"))

    def cell(value):
        if isinstance(value, ErrorCell):
            return writer["Error"](str(value))
        return float(value) if isinstance(value, Decimal) else value

    writer["write_xlsb"](path, {s.name: [[cell(value) for value in row] for row in s.rows] for s in sheets},
                         hidden=[s.name for s in sheets if s.hidden], merges={s.name: s.merges for s in sheets},
                         hidden_rows=sheets[0].hidden_rows if len(sheets) == 1 else (),
                         hidden_columns=sheets[0].hidden_columns if len(sheets) == 1 else ())


def write_encrypted(path: Path, sheets: list[Laid]) -> None:
    """A workbook behind a password."""
    _xlsx()(path, sheets)
    book = msoffcrypto.OfficeFile(io.BytesIO(path.read_bytes()))
    with path.open("wb") as out:
        book.encrypt(PASSWORD, out)


_HTML, _XML = frozenset({"html"}), frozenset({"xml2003"})
FORMATS = {f.name: f for f in (
    Format("xlsx", ".xlsx", _xlsx(), "xlsx"),
    Format("xlsx 1904", ".xlsx", _xlsx(date_1904=True), "1904 dates"),
    Format("xlsx named xls", ".xls", _xlsx(), "by content, not extension: .xls that is really xlsx"),
    Format("xlsm", ".xlsm", write_xlsm, "xlsm"),
    Format("xls", ".xls", plain.write_xls, "xls (BIFF8)"),
    Format("et", ".et", plain.write_xls, "et (BIFF inside)"),
    Format("mac xls", ".xls", write_mac_xls, "xls from a Mac (codepage 10008)"),
    Format("xlsb", ".xlsb", write_xlsb, "xlsb"),
    Format("ods", ".ods", plain.write_ods, "ods"),
    Format("csv utf-8", ".csv", _csv("utf-8"), "csv in UTF-8", text=True),
    Format("csv utf-8 bom", ".csv", _csv("utf-8-sig"), "csv in UTF-8 with BOM", text=True),
    Format("csv utf-16", ".csv", _csv("utf-16"), "csv in UTF-16", text=True),
    Format("csv gb18030", ".csv", _csv("gb18030"), "GBK csv", text=True),
    Format("tsv utf-16", ".txt", _csv("utf-16", "\t"), "tsv in UTF-16 (Excel's Unicode text)", text=True),
    Format("tsv", ".tsv", _csv("gb18030", "\t"), "tsv in GB18030", text=True),
    Format("csv named xls", ".xls", _csv("gb18030"), "by content, not extension: csv named .xls", text=True),
    Format("html", ".xls", write_html, "HTML tables named .xls", text=True, needs=_HTML),
    Format("xml 2003", ".xls", write_xml2003, "SpreadsheetML 2003", needs=_XML),
    Format("encrypted", ".xlsx", write_encrypted, "encrypted files named as such", refused="密码"),
)}
