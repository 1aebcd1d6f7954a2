"""A minimal writer of .xlsb (BIFF12), for tests and for the example files: no other Python library writes it.

``write_xlsb(path, {"企业": [["名称", 1, True, date(2018, 7, 3), Error("#N/A")]]})``. Texts go to the shared strings.
"""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

_ERRORS = {"#NULL!": 0x00, "#DIV/0!": 0x07, "#VALUE!": 0x0F, "#REF!": 0x17, "#NAME?": 0x1D, "#NUM!": 0x24, "#N/A": 0x2A}
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_BINARY = "application/vnd.ms-excel"
_DATE_STYLE = 1


@dataclass(frozen=True)
class Error:
    """An error cell such as Error('#N/A'); ``formula`` makes it the result of a formula."""

    text: str
    formula: bool = False


@dataclass(frozen=True)
class Uncached:
    """A formula (1+1) that was never calculated: its stored result is 0."""


def write_xlsb(path, sheets: Mapping[str, Sequence[Sequence[Any]]], *, hidden: Iterable[str] = (),
               merges: Mapping[str, Sequence[tuple[int, int, int, int]]] | None = None,
               hidden_rows: Iterable[int] = (), hidden_columns: Iterable[int] = (), date1904: bool = False,
               recalculate: bool = False) -> None:
    """Write sheets of None, str, int, float, bool, date, datetime, ``Error`` and ``Uncached`` cells from A1.

    ``merges`` are (first row, first column, last row, last column) by sheet; hidden rows and columns are those
    of every sheet; ``recalculate`` asks for calculation on load.
    """
    strings: dict[str, int] = {}
    names = list(sheets)
    parts = {f"xl/worksheets/sheet{number}.bin": _sheet(
        sheets[name], strings, (merges or {}).get(name, ()), set(hidden_rows), set(hidden_columns), date1904)
        for number, name in enumerate(names, 1)}
    parts["xl/workbook.bin"] = _workbook(names, set(hidden), date1904, recalculate)
    parts["xl/styles.bin"] = _styles()
    parts["xl/sharedStrings.bin"] = _shared_strings(strings)
    parts["xl/_rels/workbook.bin.rels"] = _relationships(
        [(f"rId{number}", "worksheet", f"worksheets/sheet{number}.bin") for number in range(1, len(names) + 1)]
        + [("rIdStyles", "styles", "styles.bin"), ("rIdStrings", "sharedStrings", "sharedStrings.bin")])
    parts["_rels/.rels"] = _relationships([("rId1", "officeDocument", "xl/workbook.bin")])
    parts["[Content_Types].xml"] = _content_types(len(names))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in sorted(parts.items()):
            package.writestr(zipfile.ZipInfo(name, (2018, 7, 3, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)


# ------------------------------------------------------------------ records

def _record(kind: int, body: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    length, size = b"", len(body)
    while True:
        size, low = size >> 7, size & 0x7F
        length += bytes([low | 0x80 if size else low])
        if not size:
            return head + length + body


def _text(text: str) -> bytes:
    units = text.encode("utf-16-le")
    return struct.pack("<I", len(units) // 2) + units


def _workbook(names: list[str], hidden: set[str], date1904: bool, recalculate: bool) -> bytes:
    sheets = b"".join(_record(156, struct.pack("<II", name in hidden, number) + _text(f"rId{number}") + _text(name))
                      for number, name in enumerate(names, 1))
    properties = _record(153, struct.pack("<III", int(date1904), 0, 0))
    view = _record(158, struct.pack("<IIIIIIIB", 0, 0, 28800, 17000, 600, 0, 0, 0x78))
    calculation = _record(157, struct.pack("<IIIdIH", 191029, 1, 100, 0.001, 1, 0x22 | recalculate))
    return (_record(131) + properties + _record(135) + view + _record(136)
            + _record(143) + sheets + _record(144) + calculation + _record(132))


def _sheet(rows: Sequence[Sequence[Any]], strings: dict[str, int], merges, hidden_rows: set[int],
           hidden_columns: set[int], date1904: bool) -> bytes:
    width = max((len(row) for row in rows), default=0)
    size = struct.pack("<IIII", 0, max(len(rows) - 1, 0), 0, max(width - 1, 0))
    columns = b"".join(_record(60, struct.pack("<IIIIH", column, column, 2304, 0, 1))
                       for column in sorted(hidden_columns))
    data = b"".join(_row(number, row, number in hidden_rows, strings, date1904) for number, row in enumerate(rows))
    merged = b"".join(_record(176, struct.pack("<4I", top, bottom, left, right)) for top, left, bottom, right in merges)
    return (_record(129) + _record(148, size) + (_record(390) + columns + _record(391) if columns else b"")
            + _record(145) + data + _record(146)
            + (_record(177, struct.pack("<I", len(merges))) + merged + _record(178) if merged else b"")
            + _record(130))


def _row(number: int, row: Sequence[Any], hidden: bool, strings: dict[str, int], date1904: bool) -> bytes:
    span = struct.pack("<III", 1, 0, max(len(row) - 1, 0))
    head = struct.pack("<IIHBBB", number, 0, 300, 0, 0x10 if hidden else 0, 0) + span
    return _record(0, head) + b"".join(_cell(column, value, strings, date1904)
                                       for column, value in enumerate(row) if value is not None)


def _cell(column: int, value: Any, strings: dict[str, int], date1904: bool) -> bytes:
    style = _DATE_STYLE if isinstance(value, date) else 0
    head = struct.pack("<II", column, style)
    number_formula = struct.pack("<H", 0) + struct.pack("<I", 7) + b"\x1e\x01\x00\x1e\x01\x00\x03" + bytes(4)
    if isinstance(value, bool):
        return _record(4, head + bytes([value]))
    if isinstance(value, int | float):
        return _record(5, head + struct.pack("<d", value))
    if isinstance(value, date):
        return _record(5, head + struct.pack("<d", _serial(value, date1904)))
    if isinstance(value, Uncached):
        return _record(9, head + struct.pack("<d", 0) + number_formula)
    if isinstance(value, Error):
        code = bytes([_ERRORS[value.text]])
        return _record(11, head + code + number_formula) if value.formula else _record(3, head + code)
    return _record(7, head + struct.pack("<I", strings.setdefault(value, len(strings))))


def _serial(value: date, date1904: bool) -> float:
    moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
    passed = moment - (datetime(1904, 1, 1) if date1904 else datetime(1899, 12, 30))
    return passed.days + passed.seconds / 86400


def _shared_strings(strings: dict[str, int]) -> bytes:
    items = b"".join(_record(19, b"\0" + _text(text)) for text in strings)
    return _record(159, struct.pack("<II", len(strings), len(strings))) + items + _record(160)


def _styles() -> bytes:
    """The least that Excel wants: one font, two fills, one border, and cell formats 0 (General) and 1 (date)."""
    color = bytes([0x07, 0x01, 0, 0, 0, 0, 0, 0xFF])
    font = struct.pack("<HHHHBBBB", 220, 0, 400, 0, 0, 0, 134, 0) + color + b"\x02" + _text("Calibri")
    fill = bytes([0x03, 0x40, 0, 0, 0, 0, 0, 0xFF, 0x03, 0x41, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF]) + bytes(48)
    no_fill, gray = struct.pack("<I", 0) + fill, struct.pack("<I", 17) + fill
    border = b"\0" + (bytes(2) + bytes([0x01, 0, 0, 0, 0, 0, 0, 0])) * 5

    def cell_format(parent: int, number_format: int) -> bytes:
        return _record(47, struct.pack("<HHHHHBBHH", parent, number_format, 0, 0, 0, 0, 0, 0x1010, 0))

    def section(begin: int, end: int, items: list[bytes]) -> bytes:
        return _record(begin, struct.pack("<I", len(items))) + b"".join(items) + _record(end)

    normal = _record(48, struct.pack("<IHBB", 0, 1, 0, 0xFF) + _text("Normal"))
    return (_record(278) + section(611, 612, [_record(43, font)])
            + section(603, 604, [_record(45, no_fill), _record(45, gray)]) + section(613, 614, [_record(46, border)])
            + section(626, 627, [cell_format(0xFFFF, 0)])
            + section(617, 618, [cell_format(0, 0), cell_format(0, 14)]) + section(619, 620, [normal])
            + _record(279))


# ------------------------------------------------------------------ package

def _relationships(links: list[tuple[str, str, str]]) -> bytes:
    items = "".join(f'<Relationship Id="{key}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
                    for key, kind, target in links)
    return f'<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="{_RELATIONSHIPS}">{items}</Relationships>'.encode()


def _content_types(sheets: int) -> bytes:
    overrides = {"/xl/styles.bin": f"{_BINARY}.styles", "/xl/sharedStrings.bin": f"{_BINARY}.sharedStrings",
                 **{f"/xl/worksheets/sheet{number}.bin": f"{_BINARY}.worksheet" for number in range(1, sheets + 1)}}
    items = "".join(f'<Override PartName="{part}" ContentType="{kind}"/>' for part, kind in overrides.items())
    return ('<?xml version="1.0" encoding="UTF-8"?>'
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            f'<Default Extension="bin" ContentType="{_BINARY}.sheet.binary.macroEnabled.main"/>'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'{items}</Types>').encode()
