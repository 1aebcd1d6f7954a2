"""Text of cells: folding for comparison, what counts as blank, and a cell as people see it."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from math import isfinite
from typing import Any

from ..book import Unread

_NOT_LETTERS = re.compile(r"[\W_]+")
#: What people write where they have nothing to write. '无' is not among them: it is a term in some vocabularies.
NOTHING = frozenset({"不详", "暂无", "未提供", "N/A", "NA", "n/a", "NULL", "null", "None", "空"})
STROKES = " \t\r\n\u3000\xa0\u200b\ufeff-—–―─_/\\"


def narrow(text: str) -> str:
    """Full-width letters, digits and marks made half-width (NFKC), without blanks around."""
    return text.strip() if text.isascii() else unicodedata.normalize("NFKC", text).strip()


def narrow_digits(text: str) -> str:
    """``narrow`` for numbers and codes: superscripts, circled digits and fractions never become digits."""
    if not text.isascii() and any(unicodedata.category(letter) == "No" for letter in text):
        return text.strip()
    return narrow(text)


@lru_cache(maxsize=50_000)
def fold(text: str) -> str:
    """Only letters and digits, half-width, small: '外包业务 营业额（万元）' -> '外包业务营业额万元'."""
    return _NOT_LETTERS.sub("", unicodedata.normalize("NFKC", text)).casefold()


def is_blank(cell: Any) -> bool:
    """True for an empty cell and for text that says nothing: blanks, strokes ('-', '/'), 不详, 暂无, 未提供, N/A."""
    if cell is None:
        return True
    return isinstance(cell, str) and not isinstance(cell, Unread) and is_blank_text(cell)


def is_blank_text(text: str) -> bool:
    """``is_blank`` of a text."""
    return len(text) < 40 and (not text.strip().strip(STROKES) or text.strip() in NOTHING)


def exact(number: float) -> Decimal:
    """The number that Excel shows for a float: 15 significant digits, so 2999.9999999999995 is 3000."""
    return Decimal(number) if isinstance(number, int) else Decimal(format(number, ".15g"))


def plain(value: Decimal) -> Decimal:
    """The same number without trailing zeros and without an exponent."""
    if value.adjusted() > 20:
        return Decimal(f"{value:f}")
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def as_written(cell: Any) -> str:
    """A cell as text: numbers without '.0' or an exponent, days as 2018-07-03, truth values as Excel shows them."""
    if isinstance(cell, str):
        return str(cell).strip()
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int) or isinstance(cell, float) and isfinite(cell):
        return f"{plain(exact(cell)):f}"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
    return cell.isoformat() if isinstance(cell, date) else str(cell)
