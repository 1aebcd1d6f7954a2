"""``read_book``: any spreadsheet file as a ``BookText``, its format told by content, nothing lost in silence.

Values come from python-calamine (own readers for ods, text, web pages and XML 2003); what it leaves out comes from an audit of the
raw bytes. When it fails a second reader is tried; whatever a reader throws becomes an ``UnusableFile``.
"""

from __future__ import annotations

import gc
import hashlib
import io
import warnings
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from datetime import datetime, time
from typing import Any

import xlrd
from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from ..book import BookText, Grid, Unread
from ..problem import UnusableFile
from . import archive, delimited, ods, webpage, xls, xlsb, xlsx, xml2003
from .audit import Audit, TooWide, make_grid, refuse_wide
from .decoding import declared_charset, decode_text
from .encrypted import decrypted
from .package import open_parts, package_format, refuse_doctype, stored
from .sniffing import BIFF, FLAT_ODS, HTML, MHTML, OLE, SAVE_AS, TEXT, XML2003, ZIP, sniff

#: Sheet name, values from A1, hidden.
Values = tuple[str, list[list[Any]], bool]


def read_book(path, *, sha256: str | None = None, passwords: Iterable[str] = ()) -> BookText:
    """Read a file. Anything that cannot be used is ``UnusableFile`` with one Chinese sentence and the next step.

    ``path`` may name a member of a zip archive, as ``archive.expand`` gives it. ``sha256`` is that of the file's
    bytes when the caller has computed it already. ``passwords`` are tried on an encrypted file.
    """
    data = archive.read_bytes(path)
    sha256 = sha256 or hashlib.sha256(data).hexdigest()
    with _refusals(path), _collector_paused():
        format, grids = _read(path, data, tuple(passwords))
    if not grids:
        raise UnusableFile(path, "文件里没有工作表（只有图表或宏表）；请核对后重新报送。")
    return BookText(str(path), format, sha256, grids)


def _read(path, data: bytes, passwords: tuple[str, ...]) -> tuple[str, list[Grid]]:
    """(format, grids); an encrypted file is opened and what it holds is read."""
    container = sniff(path, data)
    if container == OLE:
        document = xls.open_document(path, data)
        if document.is_encrypted:
            return _read(path, decrypted(path, data, passwords), passwords)
        return "xls", _read_xls(path, data, document)
    if container == ZIP:
        parts = open_parts(path, data)
        format = package_format(path, parts)
        return format, _PACKAGES[format](path, parts)
    return _FORMATS[container], _READERS[container](path, data)


@contextmanager
def _refusals(path):
    """Whatever a reader throws, a Rust panic included, as ``UnusableFile``; only a request to stop passes."""
    try:
        yield
    except (UnusableFile, KeyboardInterrupt, SystemExit):
        raise
    except TooWide as error:
        sheet, rows, columns = error.args
        raise UnusableFile(path, f"工作表“{sheet}”的内容散布到第 {rows} 行、{columns} 列，范围过大；"
                                 "请删除表格以外的零星内容后保存，再重新导入。") from error
    except MemoryError as error:
        raise UnusableFile(path, "内容过大，内存不足；请拆分成几个文件后再导入。") from error
    except BaseException as error:
        raise UnusableFile(path, f"文件已损坏或写法特殊，无法读取；{SAVE_AS}。") from error


@contextmanager
def _collector_paused():
    """Thousands of new rows would make Python's collector walk them again and again in vain (an eighth of the time)."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


# ------------------------------------------------------------------ by format

def _read_xlsx(path, parts: dict[str, bytes]) -> list[Grid]:
    recalculate = xlsx.recalculates(parts)
    audits = {name: xlsx.audit_sheet(xml, recalculate) for name, xml in xlsx.sheet_parts(parts).items()}
    for name, audit in audits.items():
        refuse_wide(name, *audit.extent)
    package = stored(parts)
    values = _first_that_reads(lambda: _by_calamine(package), lambda: _by_openpyxl(package))
    return [make_grid(name, rows, hidden, audits[name]) for name, rows, hidden in values]


def _read_xlsb(path, parts: dict[str, bytes]) -> list[Grid]:
    audits = xlsb.audit_sheets(parts)
    for name, audit in audits.items():
        refuse_wide(name, *audit.extent)
    return [make_grid(name, rows, hidden, audits[name]) for name, rows, hidden in _by_calamine(stored(parts))]


def _read_ods(path, parts: dict[str, bytes]) -> list[Grid]:
    return ods.read_grids(parts["content.xml"])


def _read_xls(path, data: bytes, document: xls.Document) -> list[Grid]:
    stream = xls.workbook_stream(path, document)
    audits = xls.audit_sheets(stream)
    encoding = xls.told_encoding(stream)
    readable = xls.with_told_codepage(data, stream, encoding) if encoding else data
    if readable is None or xls.redefines_dates(stream):
        values = _by_xlrd(data, encoding)
    else:
        values = _first_that_reads(lambda: _by_calamine(io.BytesIO(readable)), lambda: _by_xlrd(data, encoding))
    if len(values) != len(audits):
        raise ValueError("the readers disagree about the sheets")
    return [make_grid(name, rows, hidden, audit)
            for (name, rows, hidden), audit in zip(values, audits, strict=True)]


def _read_bare_biff(path, data: bytes) -> list[Grid]:
    """A sheet without OLE container: texts are bytes of the machine that wrote them."""
    values = _first_that_reads(lambda: _by_xlrd(data, "utf-8"), lambda: _by_xlrd(data, "gb18030"))
    return [make_grid(name, rows, hidden, Audit()) for name, rows, hidden in values]


def _read_text(path, data: bytes) -> list[Grid]:
    return [delimited.read_grid(path, data)]


def _read_xml2003(path, data: bytes) -> list[Grid]:
    refuse_doctype(path, data)
    return xml2003.read_grids(decode_text(path, data, declared=declared_charset(data)))


def _read_flat_ods(path, data: bytes) -> list[Grid]:
    refuse_doctype(path, data)
    return ods.read_grids(data)


_PACKAGES = {"xlsx": _read_xlsx, "xlsm": _read_xlsx, "xlsb": _read_xlsb, "ods": _read_ods}
_READERS = {BIFF: _read_bare_biff, TEXT: _read_text, HTML: webpage.read_grids, MHTML: webpage.read_archive,
            XML2003: _read_xml2003, FLAT_ODS: _read_flat_ods}
_FORMATS = {BIFF: "xls", TEXT: "csv", HTML: "html", MHTML: "mht", XML2003: "xml", FLAT_ODS: "ods"}


# ------------------------------------------------------------------ readers of values

def _first_that_reads(first: Callable[[], list[Values]], second: Callable[[], list[Values]]) -> list[Values]:
    """The first reader's values, or the second's when it fails; a panic of Rust is a BaseException."""
    try:
        return first()
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException:  # noqa: BLE001
        return second()


def _by_calamine(file: io.BytesIO) -> list[Values]:
    book = CalamineWorkbook.from_filelike(file)
    return [(sheet.name, book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False),
             sheet.visible != SheetVisibleEnum.Visible)
            for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]


def _by_openpyxl(file: io.BytesIO) -> list[Values]:
    import openpyxl  # here, as it is slow to import and seldom needed

    file.seek(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
        sheets = []
        for sheet in book.worksheets:
            sheet.reset_dimensions()
            sheets.append((sheet.title, [list(map(_as_day, row)) for row in sheet.values], sheet.sheet_state != "visible"))
        return sheets


def _by_xlrd(data: bytes, encoding: str | None = None) -> list[Values]:
    book = xlrd.open_workbook(file_contents=data, logfile=io.StringIO(), encoding_override=encoding)
    return [(sheet.name, [[_xlrd_value(cell, book.datemode) for cell in sheet.row(row)] for row in range(sheet.nrows)],
             bool(sheet.visibility)) for sheet in book.sheets()]


def _xlrd_value(cell, datemode: int) -> Any:
    """The value of an xlrd cell."""
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return Unread(xlrd.error_text_from_code.get(cell.value, "#ERROR"))
    if cell.ctype == xlrd.XL_CELL_DATE:
        moment = xlrd.xldate.xldate_as_datetime(cell.value, datemode)
        return moment.time() if cell.value < 1 else _as_day(moment)
    return cell.value


def _as_day(value: Any) -> Any:
    """Midnight as the day that it begins, any other value as it is."""
    return value.date() if isinstance(value, datetime) and value.time() == time() else value
