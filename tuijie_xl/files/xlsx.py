"""The raw XML of xlsx and xlsm sheets: what python-calamine leaves out or turns into blanks.

The common sheet pays a few byte searches. Sheets written unusually (namespace prefix, single quotes, cells
without address) are parsed in full.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from io import BytesIO
from xml.etree import ElementTree

from .audit import SOME_FORMULA, Audit
from .package import main_part, relationships

_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_TAG_ADDRESS = re.compile(rb'\sr="([A-Z]{1,3})([0-9]{1,7})"')
_TAG_TYPE = re.compile(rb'\st="(\w+)"')
_FORMULA = re.compile(rb"<f\b[^>]*?(?:/>|>([^<]*)</f>)")
_VALUE = re.compile(rb"<v\b[^>]*?(?:/>|>([^<]*)</v>)")
_HIDDEN_ROW = re.compile(rb'<row\b(?=[^>]*\shidden="(?:1|true)")[^>]*?\sr="(\d+)"')
_HIDDEN_COLUMN = re.compile(rb'<col\b(?=[^>]*\shidden="(?:1|true)")[^>]*>')
_MERGE = re.compile(rb'<mergeCell\b[^>]*?\sref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_ODD = re.compile(rb"<\w+:worksheet\b|\s(?:r|t|ref)='|<c>|<c (?!r=)|<row>|<row (?!r=)")
_THREE_LETTERS = re.compile(rb'<c r="[A-Z]{3}')
_COLUMN = re.compile(rb'<c r="([A-Z]+)')
_TRUE = ("1", "true")


def sheet_parts(parts: dict[str, bytes]) -> dict[str, bytes]:
    """Sheet name -> raw XML of its part, for worksheets (not charts, dialogs, macro sheets)."""
    book = main_part(parts)
    links = relationships(parts, book)
    found = {}
    for element in ElementTree.fromstring(parts[book]).iter():
        if _local(element) == "sheet":
            link = next(value for key, value in element.attrib.items() if key.endswith("}id"))
            kind, part = links[link]
            if kind == "worksheet":
                found[element.get("name", "")] = parts[part]
    return found


def recalculates(parts: dict[str, bytes]) -> bool:
    """Whether the workbook says that its stored results are not to be trusted (a library wrote the formulas)."""
    return re.search(rb"fullCalcOnLoad=[\"'](?:1|true)", parts[main_part(parts)]) is not None


def audit_sheet(xml: bytes, recalculate: bool = False) -> Audit:
    """What the values leave out. ``recalculate``: a formula's stored 0 is a placeholder, not a result."""
    end = xml.rfind(b"</sheetData>")
    first_row = xml.find(b"</row>", 0, 100_000)
    if _ODD.search(xml, 0, first_row if first_row >= 0 else 100_000) or xml[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _parse(xml, recalculate)
    audit = Audit(extent=_extent(xml, end))
    try:
        _find_unread(xml, end, recalculate, audit.unread)
    except LookupError:
        return _parse(xml, recalculate)
    if b' hidden="' in xml:
        audit.hidden_rows = {int(row) - 1 for row in _HIDDEN_ROW.findall(xml)}
        audit.hidden_columns = _hidden_columns(xml)
    if xml.find(b"<mergeCell", max(end, 0)) >= 0:
        audit.merges = [(int(top) - 1, _column(left), int(bottom) - 1, _column(right))
                        for left, top, right, bottom in _MERGE.findall(xml, max(end, 0))]
    return audit


def _column(letters: str | bytes) -> int:
    """'A' -> 0, b'AA' -> 26."""
    number = 0
    for letter in letters if isinstance(letters, bytes) else letters.encode():
        number = number * 26 + letter - 64
    return number - 1


def _hidden_columns(xml: bytes) -> set[int]:
    columns: set[int] = set()
    for tag in _HIDDEN_COLUMN.findall(xml):
        bounds = dict(re.findall(rb'\s(min|max)="(\d+)"', tag))
        columns.update(range(int(bounds[b"min"]) - 1, min(int(bounds[b"max"]), 16384)))
    return columns


def _extent(xml: bytes, end: int) -> tuple[int, int]:
    """(rows, columns) an upper bound of what holds values; exact columns only where a large area threatens."""
    last = xml.rfind(b"<v", 0, max(end, 0))
    last = max(last, xml.rfind(b"<is", max(last, 0), max(end, 0)))
    start = xml.rfind(b"<row ", 0, max(last, 0))
    row = re.search(rb'\sr="(\d+)"', xml[start:start + 400]) if start >= 0 else None
    rows = int(row[1]) if row else 0
    if rows < 1_000:
        return rows, 16_384
    if rows < 28_000 and not _THREE_LETTERS.search(xml):
        return rows, 702
    return rows, 1 + max(map(_column, set(_COLUMN.findall(xml))), default=0)


def _find_unread(xml: bytes, end: int, recalculate: bool, unread: dict) -> None:
    """Errors and formulas without a result, found by byte searches. LookupError: the sheet is written unusually."""
    for mark in (b' t="e"', b"<f"):
        at = xml.find(mark, 0, max(end, 0))
        while at >= 0:
            start = xml.rfind(b"<c ", 0, at + 1)
            tag = xml.find(b">", start)
            stop = tag + 1 if xml[tag - 1:tag] == b"/" else xml.find(b"</c>", at)
            cell = xml[start:stop]
            address = _TAG_ADDRESS.search(cell, 0, tag - start)
            if start < 0 or stop < at or address is None:
                raise LookupError(at)
            text = _cell_unread(cell, recalculate)
            if text is not None:
                unread[int(address[2]) - 1, _column(address[1])] = text
            at = xml.find(mark, stop, end)


def _cell_unread(cell: bytes, recalculate: bool) -> str | None:
    kind = _TAG_TYPE.search(cell, 0, cell.find(b">"))
    formula, value = _FORMULA.search(cell), _VALUE.search(cell)
    return unread_text(kind[1].decode() if kind else "n",
                       None if formula is None else unescape((formula[1] or b"").decode()),
                       None if value is None else unescape((value[1] or b"").decode()), recalculate)


def unread_text(kind: str, formula: str | None, value: str | None, recalculate: bool) -> str | None:
    """What stands in a cell whose value the file does not hold; None when it does.

    ``kind`` is the cell's type attribute, ``formula`` and ``value`` the texts of <f> and <v>, None when absent.
    An empty <v> of type 'str' is a formula that gave empty text, a true blank.
    """
    if kind == "e":
        return value or "#ERROR"
    if formula is None or (kind == "str" and value == ""):
        return None
    if value and not (recalculate and value == "0" and kind == "n"):
        return None
    return f"={formula}" if formula else SOME_FORMULA


# ------------------------------------------------------------------ sheets written unusually

def _local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _parse(xml: bytes, recalculate: bool) -> Audit:
    """The whole audit by a real parser: slower, right for every way of writing the same sheet."""
    audit, rows, columns = Audit(), 0, 0
    for row, element in _rows_and_marks(xml):
        kind = _local(element)
        if kind == "row":
            if element.get("hidden") in _TRUE:
                audit.hidden_rows.add(row)
            for column, cell in _cells(element):
                texts = {_local(child): child.text or "" for child in cell}
                if texts:
                    rows, columns = max(rows, row + 1), max(columns, column + 1)
                text = unread_text(cell.get("t", "n"), texts.get("f"), texts.get("v"), recalculate)
                if text is not None:
                    audit.unread[row, column] = text
        elif kind == "col" and element.get("hidden") in _TRUE:
            audit.hidden_columns.update(range(int(element.get("min")) - 1, min(int(element.get("max")), 16384)))
        elif kind == "mergeCell":
            (left, top), (right, bottom) = _ADDRESS.findall(element.get("ref") + ":" + element.get("ref"))[:2]
            audit.merges.append((int(top) - 1, _column(left), int(bottom) - 1, _column(right)))
    audit.extent = rows, columns
    return audit


def _rows_and_marks(xml: bytes) -> Iterator[tuple[int, ElementTree.Element]]:
    """(row number, element) of every row, col and mergeCell; rows without a number follow the one before."""
    row = -1
    for _, element in ElementTree.iterparse(BytesIO(xml), ("end",)):
        kind = _local(element)
        if kind == "row":
            row = int(element.get("r", row + 2)) - 1
        if kind in ("row", "col", "mergeCell"):
            yield row, element
            element.clear()


def _cells(row: ElementTree.Element) -> Iterator[tuple[int, ElementTree.Element]]:
    """(column, cell) of a row; cells without an address follow the one before."""
    column = -1
    for cell in row:
        address = _ADDRESS.fullmatch(cell.get("r", ""))
        column = _column(address[1]) if address else column + 1
        yield column, cell
