"""How text fills printed paper: widths of strings, lines in a cell, heights of rows, legal sheet names.

All lengths are in points (1/72 inch) unless the name says ``em`` (the size of the font). The estimates lean to
the generous side, so that no renderer (Excel, WPS, LibreOffice with other fonts) cuts a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import ceil

A4 = (595.3, 841.9)                     # width, height in portrait
ROW_LIMIT = 400.0                       # Excel allows 409.5 a row
LINE = 1.32                             # line height / font size
PADDING = 5.0                           # above and below the text of a cell, together
SIDES = 7.0                             # left and right of the text of a cell, together
NARROW_EM = 0.58                        # a Latin letter or digit; CJK characters and punctuation are 1

_NARROW = re.compile("[\x00-\u10ff]")
_WORD = re.compile("[\x21-\u10ff]+")


def text_em(text: str) -> float:
    """The display width of one line, in em: a CJK character is 1, a narrow one a little over a half."""
    return len(text) - (1 - NARROW_EM) * len(_NARROW.findall(text))


@lru_cache(maxsize=50_000)
def count_lines(text: str, width_em: float) -> int:
    """How many lines ``text`` needs when it wraps at ``width_em`` (its own line breaks included)."""
    lines = 0
    for paragraph in text.splitlines() or [""]:
        length = text_em(paragraph)
        if length <= width_em:
            lines += 1
            continue
        longest = max((text_em(word) for word in _WORD.findall(paragraph)), default=0.0)
        lost = max(1.0, min(longest, width_em / 2))     # what the end of a line may leave empty
        lines += ceil(length / max(width_em - lost, 1.0))
    return lines


def cell_em(width: float, size: float) -> float:
    """How many em of text of font ``size`` fit in a cell of ``width`` points."""
    return max((width - SIDES) / size, 1.0)


def text_height(text: str, width: float, size: float) -> float:
    """The height of a cell of ``width`` that shows the whole text."""
    return count_lines(text, round(cell_em(width, size), 2)) * size * LINE + PADDING


def column_units(width: float) -> float:
    """Points -> the width of a column in Excel's units (digits of the default font, 7 pixels each, plus 5 pixels)."""
    return round(max((width / 0.75 - 5) / 7, 0.5), 2)


def flow(items: Sequence[str], width_em: float) -> list[list[str]]:
    """Items laid out in lines of at most ``width_em``, in tidy columns where their lengths allow it.

    Every item but the last of a line is padded with ideographic spaces; no item is broken. An item longer than
    a line stands alone.
    """
    step = _column_step(items, width_em)
    lines: list[list[str]] = [[]]
    used = 0.0
    for item in items:
        need = ceil((text_em(item) + 1) / step) * step
        if lines[-1] and used + text_em(item) > width_em:
            lines.append([])
            used = 0.0
        lines[-1].append(item + "　" * max(1, round(need - text_em(item))))
        used += need
    return [[*line[:-1], line[-1].rstrip("　")] for line in lines if line]


def _column_step(items: Sequence[str], width_em: float) -> float:
    """The column width (em) that needs the fewest lines, and of those the widest."""
    lengths = [text_em(item) + 1 for item in items] or [1.0]
    best, fewest = max(width_em + 1, 1.0), None
    for columns in range(1, 9):
        step = max((width_em + 1) / columns, 1.0)
        slots = [ceil(length / step) for length in lengths]
        lines, used = 1, 0
        for slot in slots:
            if used and used + slot > columns:
                lines, used = lines + 1, 0
            used += slot
        if fewest is None or lines < fewest:
            best, fewest = step, lines
    return best


def stretch(heights: Sequence[float], fixed: Sequence[bool], room: float, limit: float) -> list[float]:
    """Heights enlarged evenly (rows not ``fixed``, at most ``limit`` times) until they fill ``room``."""
    total = sum(heights)
    loose = sum(h for h, stays in zip(heights, fixed) if not stays)
    if total >= room or not loose:
        return list(heights)
    factor = min(limit, 1 + (room - total) / loose)
    return [h if stays else h * factor for h, stays in zip(heights, fixed)]


def unique_sheet_names(wanted: Iterable[str], reserved: Iterable[str] = ()) -> list[str]:
    """Legal sheet names in the same order: at most 31 UTF-16 units, none of []:*?/\\, no quote at either end,
    not 'History', all different however they are cased. The same input gives the same names."""
    taken = {"history", *(name.casefold() for name in reserved)}
    names = []
    for text in wanted:
        clean = re.sub(r"[\[\]:*?/\\\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]", " ", text)
        clean = re.sub(r"\s+", " ", clean).strip("' ") or "未命名"
        name, turn = _cut(clean, 31), 1
        while name.casefold() in taken:
            turn += 1
            tail = f"~{turn}"
            name = _cut(clean, 31 - len(tail)) + tail
        taken.add(name.casefold())
        names.append(name)
    return names


def _cut(text: str, units: int) -> str:
    """The longest start of ``text`` of at most ``units`` UTF-16 units, without a quote or space at its end."""
    return text.encode("utf-16-le")[:units * 2].decode("utf-16-le", "ignore").strip("' ")


def quote_sheet(name: str) -> str:
    """A sheet name as formulas and links write it."""
    return "'" + name.replace("'", "''") + "'"
