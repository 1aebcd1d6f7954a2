"""SpreadsheetML 2003 ('XML 表格 2003', <?mso-application progid="Excel.Sheet"?>), as many web systems export it."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from ..book import Grid, Unread
from .audit import Audit, make_grid, refuse_wide

_SS = "{urn:schemas-microsoft-com:office:spreadsheet}"
_X = "{urn:schemas-microsoft-com:office:excel}"
_DECLARATION = re.compile(r"^\s*<\?xml\b.*?\?>", re.DOTALL)
_LAST_ROW, _LAST_COLUMN = 2**20, 16384
#: The days that stand for 'no day, only a time', counting from 1900 and from 1904.
_NO_DAY = (date(1899, 12, 30), date(1899, 12, 31), date(1900, 1, 1), date(1904, 1, 1))
_EXACT_DIGITS = 15


def read_grids(text: str) -> list[Grid]:
    """Every worksheet of a document without DOCTYPE. ParseError when it is no XML."""
    root = ElementTree.fromstring(_DECLARATION.sub("", text.lstrip("\ufeff"), count=1).encode())
    return [_read_sheet(sheet) for sheet in root.findall(_SS + "Worksheet")]


def _read_sheet(sheet: Element) -> Grid:
    name, audit, rows = sheet.get(_SS + "Name", ""), Audit(), []
    table = sheet.find(_SS + "Table")
    if table is not None:
        audit.hidden_columns = _hidden_columns(table)
        _read_rows(name, table, rows, audit)
    visible = sheet.findtext(f"{_X}WorksheetOptions/{_X}Visible", "SheetVisible")
    return make_grid(name, rows, visible != "SheetVisible", audit)


def _number(element: Element, attribute: str, default: int = 0) -> int:
    return int(element.get(_SS + attribute, default))


def _hidden_columns(table: Element) -> set[int]:
    columns: set[int] = set()
    following = 1
    for element in table.findall(_SS + "Column"):
        first = _number(element, "Index", following)
        following = first + _number(element, "Span") + 1
        if element.get(_SS + "Hidden") == "1":
            columns.update(range(first - 1, min(following - 1, _LAST_COLUMN)))
    return columns


def _read_rows(name: str, table: Element, rows: list[list], audit: Audit) -> None:
    """Lay the rows out from A1; a row or cell without ss:Index follows the one before it."""
    following, width = 1, 0
    for element in table.findall(_SS + "Row"):
        number = _number(element, "Index", following)
        following = number + _number(element, "Span") + 1
        if element.get(_SS + "Hidden") == "1":
            audit.hidden_rows.update(range(number - 1, min(following - 1, _LAST_ROW)))
        values = _read_row(element, number - 1, audit)
        if values:
            width = max(width, len(values))
            refuse_wide(name, number, width)
            rows.extend([] for _ in range(number - 1 - len(rows)))
            rows.append(values)


def _read_row(element: Element, row: int, audit: Audit) -> list[Any]:
    values: list[Any] = []
    following = 1
    for cell in element.findall(_SS + "Cell"):
        column = _number(cell, "Index", following)
        across, down = _number(cell, "MergeAcross"), _number(cell, "MergeDown")
        following = column + across + 1
        value = _read_cell(cell)
        if value is not None:
            refuse_wide("", 1, column)
            values.extend([None] * (column - 1 - len(values)))
            values.append(value)
        if across or down:
            audit.merges.append((row, column - 1, row + down, column + across - 1))
    return values


def _read_cell(cell: Element) -> Any:
    """None when blank; ``Unread`` for an error and for a formula without a result; odd values as they are written."""
    data, formula = cell.find(_SS + "Data"), cell.get(_SS + "Formula")
    text = "" if data is None else "".join(data.itertext())
    if not text and data is None:
        return Unread("=" + formula.lstrip("=")) if formula else None
    kind = data.get(_SS + "Type")
    try:
        return _CONVERT[kind](text) if kind in _CONVERT else text or None
    except ValueError:
        return text or None


def _read_number(text: str) -> float | str:
    """A float; a whole number with more digits than a float keeps is a code, and stays as it is written."""
    text = text.strip()
    return text if text.isdigit() and len(text) > _EXACT_DIGITS else float(text)


def _read_moment(text: str) -> date | datetime | time:
    moment = datetime.fromisoformat(text.strip()).replace(tzinfo=None)
    if moment.date() in _NO_DAY and moment.time() != time():
        return moment.time()
    return moment.date() if moment.time() == time() else moment


def _read_truth(text: str) -> bool:
    return {"1": True, "true": True, "0": False, "false": False}.get(text.strip().lower(), text)


_CONVERT = {"Number": _read_number, "DateTime": _read_moment, "Boolean": _read_truth,
            "Error": lambda text: Unread(text or "#ERROR")}
