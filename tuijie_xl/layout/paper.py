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
LINE = 1.38                             # line height / font size
PADDING = 3.0                           # above and below the text of a cell, together
SIDES = 7.0                             # left and right of the text of a cell, together
COLUMN_UNIT = 5.25                      # a unit of column width: 7 pixels
NARROW_EM = 0.58                        # a Latin letter or digit; CJK characters and punctuation are 1

_NARROW = re.compile("[\x00-\u10ff]")
_TOKEN = re.compile("[\x21-\u10ff]+|.")  # a line breaks between these: Latin words, and any other character


@lru_cache(maxsize=20_000)
def text_em(text: str, narrow: float = NARROW_EM) -> float:
    """The display width of one line, in em: a CJK character is 1, a narrow one a little over a half."""
    return len(text) - (1 - narrow) * len(_NARROW.findall(text))


@lru_cache(maxsize=50_000)
def count_lines(text: str, width_em: float) -> int:
    """How many lines ``text`` needs when it wraps at ``width_em`` (its own line breaks included). A word longer
    than a line is broken; one em a line is held back for punctuation that may not begin a line."""
    room = max(width_em - 1, 1.0)
    return sum(1 if text_em(part) <= width_em else _wrapped(part, room) for part in text.splitlines() or [""])


def _wrapped(text: str, room: float) -> int:
    lines, used = 1, 0.0
    for token in _TOKEN.findall(text):
        width = text_em(token)
        if used + width > room:
            more = ceil(width / room)
            lines += more if used else more - 1
            used = width - room * (more - 1)
        else:
            used += width
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


@lru_cache(maxsize=10_000)
def column_step(items: tuple[str, ...], width_em: float) -> float:
    """The width (whole em) of a column in which three of four items fit, such that columns fill the line."""
    lengths = sorted(map(text_em, items)) or [1.0]
    typical = lengths[len(lengths) * 3 // 4 if len(lengths) > 3 else -1] + 1
    return max(1, (width_em + 1) // max(1, (width_em + 1) // typical))


def flow(items: Sequence[str], width_em: float, step: float) -> str:
    """Items in lines of at most ``width_em``, each at a multiple of ``step``; a longer item takes more columns.

    No item is broken; one longer than a line stands alone. Padding is ideographic and half-width spaces, for a
    font whose Latin letters are half as wide as its CJK characters.
    """
    lines, line, used = [], "", 0.0
    for item in items:
        if line and used + text_em(item) > width_em:
            lines, line, used = [*lines, line], "", 0.0
        columns = ceil((text_em(item) + 1) / step)
        gap = columns * step - text_em(item, 0.5)
        line += item + "　" * int(gap) + " " * round(gap % 1 * 2)
        used += columns * step
    return "\n".join(text.rstrip("　 ") for text in [*lines, line])


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
