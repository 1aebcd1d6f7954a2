"""Writing laid-out sheets in the formats that bureaus use; the same sheets give the same bytes."""

from __future__ import annotations

import csv
import io
import runpy
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import xlsxwriter
import xlwt
from odf import table
from odf.element import Element
from odf.opendocument import OpenDocumentSpreadsheet
from odf.text import P

from .hands import ErrorCell, Uncached
from .sheets import Sheet

_DAY = datetime(2018, 6, 25)
_ZIP_DAY = (2018, 6, 25, 0, 0, 0)
_XLSB_WRITER = Path(__file__).parents[1] / "tests" / "xlsb_writer.py"
_MACRO_TYPE = (b"spreadsheetml.sheet.main+xml", b"ms-excel.sheet.macroEnabled.main+xml")


def write_file(path: Path, sheets: list[Sheet], encoding: str = "") -> None:
    """Write the sheets in the format of the path's suffix; a csv holds the first sheet in ``encoding``."""
    if path.suffix == ".csv":
        write_csv(path, sheets, encoding)
    else:
        WRITERS[path.suffix](path, sheets)


def write_csv(path: Path, sheets: list[Sheet], encoding: str) -> None:
    width = max(map(len, sheets[0].rows))
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(
        [_text(cell) for cell in row] + [""] * (width - len(row)) for row in sheets[0].rows)
    path.write_bytes(text.getvalue().encode(encoding))


def _text(cell) -> str:
    return "" if cell is None else f"{cell:f}" if isinstance(cell, Decimal) else str(cell)


# ------------------------------------------------------------------ xlsx and xlsm

def write_xlsx(path: Path, sheets: list[Sheet]) -> None:
    book = xlsxwriter.Workbook(str(path), {"strings_to_urls": False, "strings_to_formulas": False,
                                           "strings_to_numbers": False})
    book.set_properties({"created": _DAY, "author": ""})
    plain = book.add_format({"valign": "vcenter", "border": 1})
    head = book.add_format({"text_wrap": True, "valign": "vcenter", "align": "center", "bold": True, "border": 1})
    day = book.add_format({"num_format": "yyyy-mm-dd", "valign": "vcenter", "border": 1})
    for sheet in sheets:
        _write_xlsx_sheet(book.add_worksheet(sheet.name), sheet, plain, head, day)
    book.close()
    _without_empty_results(path)


def _write_xlsx_sheet(page, sheet: Sheet, plain, head, day) -> None:
    if sheet.hidden:
        page.hide()
    page.set_landscape()
    page.fit_to_pages(1, 0)
    for column, width in enumerate(_widths(sheet)):
        page.set_column(column, column, width, None, {"hidden": column in sheet.hidden_columns})
    for first, left, last, right in sheet.merges:
        page.merge_range(first, left, last, right, "", head)
    starts = {merge[:2] for merge in sheet.merges}
    for r, row in enumerate(sheet.rows):
        page.set_row(r, 18 * max(1 + _text(cell).count("\n") for cell in row))
        for c, cell in enumerate(row):
            style = head if r in sheet.heads or (r, c) in starts else plain
            if isinstance(cell, ErrorCell):
                page.write_formula(r, c, "=NA()" if cell == "#N/A" else "=1/0", plain, str(cell))
            elif isinstance(cell, Uncached):
                page.write_formula(r, c, f"={cell}", plain, "")
            elif isinstance(cell, date):
                page.write_datetime(r, c, cell, day)
            elif cell is not None:
                page.write(r, c, float(cell) if isinstance(cell, Decimal) else cell, style)
            elif len(row) > 1:
                page.write_blank(r, c, None, style)


def _widths(sheet: Sheet) -> list[float]:
    """Of each column: as wide as its longest text, a Chinese character counting two, between 6 and 40."""
    wide = [6.0] * max(map(len, sheet.rows), default=0)
    merged = {merge[:2] for merge in sheet.merges if merge[3] > merge[1]}
    for r, row in enumerate(sheet.rows):
        for c, cell in enumerate(row):
            if cell is not None and (r, c) not in merged:
                longest = max(_text(cell).split("\n"), key=len)
                wide[c] = max(wide[c], min(40, 2 + sum(1 + (ord(mark) > 0x2E80) for mark in longest)))
    return wide


def _without_empty_results(path: Path) -> None:
    """XlsxWriter leaves an empty <v/> beside a formula that nobody has calculated; take it away."""
    _rewrite(path, lambda name, data: data.replace(b"<v></v>", b"") if name.startswith("xl/worksheets/") else data)


def write_xlsm(path: Path, sheets: list[Sheet]) -> None:
    """A workbook of the macro content type; it holds no macros, as when they were deleted."""
    write_xlsx(path, sheets)
    _rewrite(path, lambda name, data: data.replace(*(b"application/vnd." + kind for kind in (
        b"openxmlformats-officedocument." + _MACRO_TYPE[0], _MACRO_TYPE[1])))
        if name == "[Content_Types].xml" else data)


def _rewrite(path: Path, change: Callable[[str, bytes], bytes]) -> None:
    """The same zip with changed parts and fixed dates, in the same order."""
    with zipfile.ZipFile(path) as old:
        parts = [(info.filename, info.compress_type, old.read(info)) for info in old.infolist()]
    with zipfile.ZipFile(path, "w") as new:
        for name, kind, data in parts:
            info = zipfile.ZipInfo(name, _ZIP_DAY)
            info.compress_type = kind
            new.writestr(info, change(name, data))


# ------------------------------------------------------------------ xls, xlsb, ods

def write_xls(path: Path, sheets: list[Sheet]) -> None:
    book = xlwt.Workbook(encoding="utf-8")
    plain, day = xlwt.easyxf("align: wrap on"), xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for sheet in sheets:
        page = book.add_sheet(sheet.name)
        page.visibility = int(sheet.hidden)
        covered = {(r, c) for first, left, last, right in sheet.merges
                   for r in range(first, last + 1) for c in range(left, right + 1)} - {m[:2] for m in sheet.merges}
        starts = {(first, left): (last, right) for first, left, last, right in sheet.merges}
        for r, row in enumerate(sheet.rows):
            for c, cell in enumerate(row):
                style = day if isinstance(cell, date) else plain
                value = float(cell) if isinstance(cell, Decimal) else cell
                if (r, c) in starts:
                    page.write_merge(r, starts[r, c][0], c, starts[r, c][1], value, style)
                elif value is not None and (r, c) not in covered:
                    page.write(r, c, value, style)
        for column in sheet.hidden_columns:
            page.col(column).hidden = True
    book.save(str(path))


def write_xlsb(path: Path, sheets: list[Sheet]) -> None:
    """By the writer that the tests use: nothing on PyPI writes this format."""
    writer = runpy.run_path(str(_XLSB_WRITER))

    def cell(value):
        if isinstance(value, ErrorCell):
            return writer["Error"](str(value))
        return float(value) if isinstance(value, Decimal) else value

    writer["write_xlsb"](path, {sheet.name: [[cell(value) for value in row] for row in sheet.rows] for sheet in sheets},
                         hidden=[sheet.name for sheet in sheets if sheet.hidden],
                         merges={sheet.name: sheet.merges for sheet in sheets})
    _rewrite(path, lambda name, data: data)


def write_ods(path: Path, sheets: list[Sheet]) -> None:
    with _fresh_namespaces():
        book = OpenDocumentSpreadsheet()
        for sheet in sheets:
            book.spreadsheet.addElement(_ods_sheet(sheet))
        book.save(str(path))
    _rewrite(path, lambda name, data: data)


@contextmanager
def _fresh_namespaces() -> Iterator[None]:
    """odfpy declares every namespace that the process ever used: let it begin anew, or the bytes would vary."""
    before = dict(Element.namespaces)
    Element.namespaces.clear()
    yield
    Element.namespaces.update(before)


def _ods_sheet(sheet: Sheet) -> Element:
    page = table.Table(name=sheet.name)
    spans = {(first, left): (last - first + 1, right - left + 1) for first, left, last, right in sheet.merges}
    for r, row in enumerate(sheet.rows):
        line = table.TableRow()
        for c, cell in enumerate(row):
            line.addElement(_ods_cell(cell, spans.get((r, c))))
        page.addElement(line)
    return page


def _ods_cell(cell, span: tuple[int, int] | None) -> Element:
    size = {"numberrowsspanned": span[0], "numbercolumnsspanned": span[1]} if span else {}
    if cell is None:
        return table.TableCell(**size)
    if isinstance(cell, date):
        made = table.TableCell(valuetype="date", datevalue=cell.isoformat(), **size)
    elif isinstance(cell, int | float | Decimal):
        made = table.TableCell(valuetype="float", value=_text(cell), **size)
    else:
        made = table.TableCell(valuetype="string", **size)
    for line in _text(cell).split("\n"):
        made.addElement(P(text=line))
    return made


WRITERS = {".xlsx": write_xlsx, ".xlsm": write_xlsm, ".xls": write_xls, ".xlsb": write_xlsb, ".ods": write_ods}
