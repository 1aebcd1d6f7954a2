"""OpenDocument spreadsheets, read from content.xml: python-calamine loses their booleans, durations, merges,
errors and results that were never calculated, and refuses indented files.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from re import fullmatch
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from ..book import Grid, Unread
from .audit import ERRORS, Audit, make_grid, refuse_wide

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_CALCEXT = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_ROW_GROUPS = (_TABLE + "table-row-group", _TABLE + "table-header-rows", _TABLE + "table-rows")
_COLUMN_GROUPS = (_TABLE + "table-column-group", _TABLE + "table-header-columns", _TABLE + "table-columns")
_CELLS = (_TABLE + "table-cell", _TABLE + "covered-table-cell")


def read_grids(content: bytes) -> list[Grid]:
    """Every sheet of a content.xml. ParseError when it is no XML; StopIteration when it holds no spreadsheet."""
    root = ElementTree.fromstring(content)
    unseen = {style.get(_STYLE + "name") for style in root.iter(_STYLE + "style")
              for properties in style.iter(_STYLE + "table-properties")
              if properties.get(_TABLE + "display") == "false"}
    book = next(root.iter(_OFFICE + "spreadsheet"))
    return [_read_table(table, table.get(_TABLE + "style-name") in unseen) for table in book.findall(_TABLE + "table")]


def _read_table(table: Element, hidden: bool) -> Grid:
    name, audit, rows, width = table.get(_TABLE + "name", ""), Audit(), [], 0
    row = 0
    for element in _within(table, _TABLE + "table-row", _ROW_GROUPS):
        repeat = _count(element, "number-rows-repeated")
        values, merges = _read_row(element, row)
        if values:
            width = max(width, len(values))
            refuse_wide(name, row + repeat, width)
            rows.extend([] for _ in range(row - len(rows)))
            rows.extend(list(values) for _ in range(repeat))
        audit.merges += merges
        if element.get(_TABLE + "visibility") in ("collapse", "filter"):
            audit.hidden_rows.update(range(row, min(row + repeat, 2**20)))
        row += repeat
    audit.hidden_columns = _hidden_columns(table)
    return make_grid(name, rows, hidden, audit)


def _within(parent: Element, wanted: str, groups: tuple[str, ...]) -> Iterator[Element]:
    """The wanted children in order, looking into groups."""
    for child in parent:
        if child.tag == wanted:
            yield child
        elif child.tag in groups:
            yield from _within(child, wanted, groups)


def _count(element: Element, attribute: str) -> int:
    return int(element.get(_TABLE + attribute, 1))


def _hidden_columns(table: Element) -> set[int]:
    columns: set[int] = set()
    column = 0
    for element in _within(table, _TABLE + "table-column", _COLUMN_GROUPS):
        repeat = _count(element, "number-columns-repeated")
        if element.get(_TABLE + "visibility") in ("collapse", "filter"):
            columns.update(range(column, min(column + repeat, 16384)))
        column += repeat
    return columns


def _read_row(element: Element, row: int) -> tuple[list[Any], list[tuple[int, int, int, int]]]:
    """The values up to the last that is not blank, and the merges that begin in this row."""
    values: list[Any] = []
    merges = []
    column = 0
    for cell in element:
        if cell.tag not in _CELLS:
            continue
        repeat = _count(cell, "number-columns-repeated")
        value = _read_cell(cell)
        if value is not None:
            refuse_wide("", 1, column + repeat)
            values.extend([None] * (column - len(values)))
            values.extend([value] * repeat)
        down, across = _count(cell, "number-rows-spanned"), _count(cell, "number-columns-spanned")
        if down > 1 or across > 1:
            merges.append((row, column, row + down - 1, column + across - 1))
        column += repeat
    return values, merges


def _read_cell(cell: Element) -> Any:
    """None when blank; ``Unread`` for an error and for a formula without a result."""
    kind, formula = cell.get(_OFFICE + "value-type"), cell.get(_TABLE + "formula")
    if kind is None and formula is None and len(cell) == 0:
        return None
    shown = "\n".join(_paragraph(part) for part in cell.findall(_TEXT + "p"))
    if cell.get(_CALCEXT + "value-type") == "error" or (formula is not None and shown in ERRORS.values()):
        return Unread(shown or "#ERROR")
    if kind is None and formula is not None and not shown:
        return Unread("=" + formula.split(":=", 1)[-1].lstrip("="))
    if kind in ("float", "percentage", "currency"):
        return float(cell.get(_OFFICE + "value"))
    if kind == "boolean":
        return cell.get(_OFFICE + "boolean-value") == "true"
    if kind == "date":
        return _date(cell.get(_OFFICE + "date-value", "")) or shown or None
    if kind == "time":
        return _duration(cell.get(_OFFICE + "time-value", "")) or shown or None
    return cell.get(_OFFICE + "string-value") or shown or None


def _paragraph(element: Element) -> str:
    """The text of a paragraph with its spaces, tabs and line breaks; notes and hints are left out."""
    pieces = [element.text or ""]
    for child in element:
        if child.tag == _TEXT + "s":
            pieces.append(" " * int(child.get(_TEXT + "c", 1)))
        elif child.tag == _TEXT + "tab":
            pieces.append("\t")
        elif child.tag == _TEXT + "line-break":
            pieces.append("\n")
        elif child.tag not in (_TEXT + "note", _TEXT + "ruby-text", _OFFICE + "annotation"):
            pieces.append(_paragraph(child))
        pieces.append(child.tail or "")
    return "".join(pieces)


def _date(text: str) -> date | datetime | None:
    try:
        return date.fromisoformat(text) if len(text) <= 10 else datetime.fromisoformat(text)
    except ValueError:
        return None


def _duration(text: str) -> timedelta | None:
    match = fullmatch(r"(-?)P(?:(\d+)D)?T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?", text)
    if not match:
        return None
    days, hours, minutes, seconds = (float(part or 0) for part in match.groups()[1:])
    duration = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    return -duration if match[1] else duration
