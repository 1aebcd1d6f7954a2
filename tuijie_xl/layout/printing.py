"""A sheet as it lies on paper: the boxes of every page, in points from the upper left corner of the paper.

This is what Excel does when it prints, for the set-ups that our sheets use: fitted to the width of the paper, broken
between rows, headings repeated, areas that reach over a break cut there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import accumulate
from math import inf
from typing import Any

from ..book import Formula, Link, Print, RichText, SheetPlan, Style
from .form_slots import number_text
from .paper import A4

DEFAULT_HEIGHT, DEFAULT_WIDTH = 15.0, 8.43
HEADER_TOP = 0.3 * 72                   # from the edge of the paper to its header and footer: Excel's default
_ROUNDING = 1.001
_SECTION = re.compile(r"&([LCR])")
_SIZE = re.compile(r"&(\d+)\s?")


@dataclass(frozen=True)
class Box:
    """A cell on paper. ``runs`` are (text, style); ``target`` is the sheet that a link leads to."""

    x: float
    y: float
    width: float
    height: float
    style: Style
    runs: tuple[tuple[str, Style], ...]
    target: str | None = None


@dataclass(frozen=True)
class Running:
    """A line in the margin: 'left', 'center' or 'right' of the header or footer."""

    text: str
    size: float
    align: str
    at_foot: bool


@dataclass(frozen=True)
class Page:
    """One page of paper. What lies outside ``body`` (x, y, width, height) of the boxes is not printed; the boxes are
    drawn ``scale`` times as large as they say, from the corner of ``body``."""

    paper: tuple[float, float]
    body: tuple[float, float, float, float]
    scale: float
    boxes: tuple[Box, ...]
    running: tuple[Running, ...]


def print_pages(sheet: SheetPlan) -> list[Page]:
    """The pages of a sheet, row by row from the top, boxes in reading order. ValueError for one wider than a page."""
    setup = sheet.print
    if setup.fit[0] != 1 or setup.column_breaks:
        raise ValueError(f"{sheet.name}: only sheets fitted to the width of the paper can be printed")
    top, left, bottom, right = setup.area or _used(sheet)
    widths = [(sheet.widths.get(c, DEFAULT_WIDTH) * 7 + 5) * 0.75 for c in range(left, right + 1)]
    heights = {row: sheet.heights.get(row, DEFAULT_HEIGHT) for row in range(top, bottom + 1)}
    paper, room = _paper(setup)
    again = range(setup.repeat_rows[0], setup.repeat_rows[1] + 1) if setup.repeat_rows else range(0)
    scale, breaks = _fit(heights, again, sum(widths), room, setup)
    edges = [0.0, *accumulate(widths)]
    cells = sorted((area, value, style) for area, value, style in _cells(sheet, (top, left, bottom, right)))
    inset = (room[0] - edges[-1] * scale) / 2 if setup.centered else 0.0
    body = (setup.margins[0] * 72 + max(inset, 0.0), setup.margins[2] * 72)
    pages = []
    for number, rows in enumerate(breaks, 1):
        shown = [*(row for row in again if row < rows[0]), *rows]
        offsets = dict(zip(shown, accumulate((heights[row] for row in shown), initial=0.0)))
        height = sum(heights[row] for row in shown)
        boxes = tuple(_box(area, value, style, offsets, heights, edges, left) for area, value, style in cells
                      if any(row in offsets for row in range(area[0], area[2] + 1)))
        pages.append(Page(paper, (*body, edges[-1] * scale, height * scale), scale, boxes,
                          tuple(_running(setup, number, len(breaks)))))
    return pages


def _paper(setup: Print) -> tuple[tuple[float, float], tuple[float, float]]:
    """The paper, and the room between its margins."""
    paper = A4[::-1] if setup.landscape else A4
    left, right, top, bottom = (72 * margin for margin in setup.margins)
    return paper, (paper[0] - left - right, paper[1] - top - bottom)


def _used(sheet: SheetPlan) -> tuple[int, int, int, int]:
    spots = [(row, column) for row, column, _ in sheet.values()] + [area[2:4] for area in sheet.merges]
    return 0, 0, max(row for row, _ in spots), max(column for _, column in spots)


# ------------------------------------------------------------------ breaking into pages

def _fit(heights: dict[int, float], again: range, width: float, room: tuple[float, float],
         setup: Print) -> tuple[float, list[list[int]]]:
    """(scale, rows of each page): as stated, or as large as the width and the number of pages allow, never enlarged."""
    if setup.scale:
        return setup.scale / 100, _break(heights, again, inf, setup.row_breaks)
    scale = min(1.0, room[0] / width * _ROUNDING)
    while True:
        pages = _break(heights, again, room[1] / scale * _ROUNDING)
        if not setup.fit[1] or len(pages) <= setup.fit[1]:
            return scale, pages
        scale *= 0.99


def _break(heights: dict[int, float], again: range, room: float, stated: tuple[int, ...] = ()) -> list[list[int]]:
    pages: list[list[int]] = [[]]
    used, repeated = 0.0, sum(heights.get(row, 0.0) for row in again)
    for row, height in heights.items():
        if pages[-1] and (row in stated or used + height > room):
            pages.append([])
            used = repeated
        pages[-1].append(row)
        used += height
    return pages


# ------------------------------------------------------------------ cells

def _cells(sheet: SheetPlan, area: tuple[int, int, int, int]) -> Iterator[tuple[tuple[int, int, int, int], Any, Style]]:
    """Every cell within ``area``: (its rectangle, value, style); a cell planned twice is what was planned last."""
    single: dict[tuple[int, int], tuple[Any, Style]] = {}
    for row, column, columns, styles in sheet.blocks:
        for offset, (values, style) in enumerate(zip(columns, styles, strict=True)):
            single |= {(row + i, column + offset): (value, style) for i, value in enumerate(values)}
    single |= {(row, column): (value, style) for row, column, value, style in sheet.cells}
    merged = [(tuple(rectangle), value, style) for *rectangle, value, style in sheet.merges]
    for rectangle, value, style in [((*at, *at), *found) for at, found in single.items()] + merged:
        if area[0] <= rectangle[0] <= area[2] and area[1] <= rectangle[1] <= area[3]:
            yield rectangle, value, style


def _box(area: tuple[int, int, int, int], value: Any, style: Style, offsets: dict[int, float], heights: dict[int, float],
         edges: list[float], left: int) -> Box:
    """The cell on a page that shows at least one of its rows; rows before the page lie above it."""
    first = next(row for row in range(area[0], area[2] + 1) if row in offsets)
    y = offsets[first] - sum(heights[row] for row in range(area[0], first))
    x, end = edges[area[1] - left], edges[area[3] + 1 - left]
    return Box(x, y, end - x, sum(heights[row] for row in range(area[0], area[2] + 1)), style, _runs(value, style),
               value.target.rpartition("!")[0].strip("'").replace("''", "'") if isinstance(value, Link) else None)


def _runs(value: Any, style: Style) -> tuple[tuple[str, Style], ...]:
    if isinstance(value, RichText):
        return value.runs
    text = _text(value.result if isinstance(value, Formula) else value)
    return ((text, style),) if text else ()


def _text(value: Any) -> str:
    """A value as our printed sheets show it."""
    if isinstance(value, Link):
        return value.text
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return number_text(Decimal(value) if isinstance(value, int) else value)
    return value.isoformat() if isinstance(value, date) else "" if value is None else str(value)


# ------------------------------------------------------------------ margins

def _running(setup: Print, number: int, pages: int) -> Iterator[Running]:
    """Header and footer in Excel's codes (&L &C &R, &9, &P, &N, &&), with the numbers of this page."""
    for text, at_foot in ((setup.header, False), (setup.footer, True)):
        parts = _SECTION.split(text if _SECTION.match(text) else f"&C{text}")[1:]
        for mark, part in zip(parts[::2], parts[1::2]):
            size = _SIZE.match(part)
            said = part[size.end():] if size else part
            said = re.sub("&([&PN])", lambda code: {"&": "&", "P": str(number), "N": str(pages)}[code[1]], said).strip()
            if said:
                yield Running(said, float(size[1]) if size else 10.0, {"L": "left", "C": "center", "R": "right"}[mark], at_foot)
