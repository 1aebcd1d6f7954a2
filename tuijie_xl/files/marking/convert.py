"""A file that is no xlsx (xls, xlsb, ods, csv, ...) as an .xlsx that can be marked: values as read, merges, hidden."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from ...book import BookText, Formula, Grid, SheetPlan, Unread, WorkbookPlan
from ...layout import style
from ...layout.paper import text_em
from ..writing import LONGEST_TEXT, utf16_length, write_workbook
from .package import name_of, parse

_ILLEGAL = dict.fromkeys(map(ord, "[]:*?/\\"), "_")
_TITLE, _PROPERTIES = "推介校验转换副本", "docProps/core.xml"
_WIDEST, _NARROWEST, _LOOKED_AT = 40.0, 8.43, 200        # Excel's units, rows
_ERRORS = ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!")
_TEXT = replace(style.BASE, font="宋体", size=11, number_format="@", color="000000")
_PLAIN = replace(_TEXT, number_format="General")
_DATE, _MOMENT = replace(_TEXT, number_format="yyyy-mm-dd"), replace(_TEXT, number_format="yyyy-mm-dd hh:mm:ss")


def convert(book: BookText) -> tuple[bytes, dict[str, str]]:
    """The bytes of an .xlsx with the same cells at the same addresses, and sheet name as read -> its name there."""
    names = _legal_names(grid.name for grid in book.grids)
    plan = WorkbookPlan([_plan(grid, name) for grid, name in zip(book.grids, names.values(), strict=True)],
                        title=_TITLE, subject=Path(book.path).name)
    if all(sheet.hidden for sheet in plan.sheets):
        plan.sheets[0].hidden = False
    with tempfile.TemporaryDirectory(prefix="tuijie-") as scratch:
        path = Path(scratch) / "copy.xlsx"
        write_workbook(plan, path, named=book.path)
        return path.read_bytes(), names


def converted_from(data: bytes) -> str | None:
    """The name of the file that an .xlsx was converted from by ``convert``; None for any other .xlsx."""
    with ZipFile(BytesIO(data)) as archive:
        if _PROPERTIES not in archive.namelist():
            return None
        texts = {name_of(one): one.text for one in parse(archive.read(_PROPERTIES))}
    return texts.get("subject") if texts.get("title") == _TITLE else None


def _legal_names(names: Iterable[str]) -> dict[str, str]:
    """Names that Excel takes: at most 31 characters, none of []:*?/\\, no two alike."""
    found: dict[str, str] = {}
    for name in names:
        base = name.translate(_ILLEGAL).strip("'")[:27] or "Sheet"
        taken = {used.casefold() for used in found.values()}
        found[name] = next(new for new in (base, *(f"{base}({n})" for n in range(2, len(found) + 3)))
                           if new.casefold() not in taken)
    return found


def _plan(grid: Grid, name: str) -> SheetPlan:
    sheet = SheetPlan(name, hidden=grid.hidden, hidden_columns=set(grid.hidden_columns), gridlines=True)
    sheet.heights = dict.fromkeys(grid.hidden_rows, 0)          # a row without height is a hidden row
    merges = _apart(grid)
    inside = {(row, column) for top, left, bottom, right in merges for row in range(top, bottom + 1)
              for column in range(left, right + 1)}
    for row, cells in enumerate(grid.rows):
        for column, value in enumerate(cells):
            if value is not None and (row, column) not in inside:
                sheet.put(row, column, _fitting(value), _look(value))
    for top, left, bottom, right in merges:
        value = grid.rows[top][left]
        sheet.merge((top, left, bottom, right), _fitting(value), _look(value))
    for column in range(max(map(len, grid.rows), default=0)):
        texts = [str(row[column]) for row in grid.rows[:_LOOKED_AT] if row[column] is not None]
        widest = max((text_em(line) for text in texts for line in text.splitlines()), default=0) * 2 + 2
        sheet.widths[column] = min(max(widest, _NARROWEST), _WIDEST)
    return sheet


def _apart(grid: Grid) -> list[tuple[int, int, int, int]]:
    """The merged areas of more than one cell inside the grid, without those that lie over another."""
    found: list[tuple[int, int, int, int]] = []
    for top, left, bottom, right in sorted(grid.merges):
        over = any(top <= b and t <= bottom and left <= r and w <= right for t, w, b, r in found)
        inside = top < len(grid.rows) and left < len(grid.rows[top])
        if not over and inside and (top, left) != (bottom, right):
            found.append((top, left, bottom, right))
    return found


def _fitting(value: Any) -> Any:
    """An error value stays one; a text that no cell can hold (csv) is cut, and says so; all else as it is."""
    if isinstance(value, Unread) and value in _ERRORS:
        return Formula(str(value), str(value))
    if isinstance(value, str) and utf16_length(value) > LONGEST_TEXT:
        return value[:LONGEST_TEXT // 2] + "……（文字过长，全文见原文件）"
    return str(value) if isinstance(value, str) else value


def _look(value: Any):
    if isinstance(value, datetime):
        return _MOMENT
    if isinstance(value, date):
        return _DATE
    return _TEXT if isinstance(value, str) and value not in _ERRORS else _PLAIN
