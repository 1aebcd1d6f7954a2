"""A cell as a number and the unit that stands in it: '3,000万', '￥5000', '叁仟万元整', '三百人', '1 500 000 元'."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from .numerals import LETTERS, number_in_words
from .text import exact, narrow_digits
from .units import Unit, currency, is_currency, parse_unit

_NUMBER = re.compile(r"(人民币|rmb|cny|us\$|[¥$€£])?([-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)"
                     r"([^\d(),.+-]*)(?:\(([^\d()]+)\))?", re.IGNORECASE | re.ASCII)
_IN_WORDS = re.compile(rf"(人民币)?([\d{LETTERS}]*[{LETTERS}][\d{LETTERS}]*)(\D*)", re.ASCII)
_IN_FULL = re.compile("(?<=[元圆])[整正]$")               # 叁仟万元整
_GROUPED = re.compile(r"(?<![\d.,])(?:\d{1,2}(?: \d{3})+|\d{3}(?: \d{3})* 0\d\d(?: \d{3})*)(?!\d| \d)", re.ASCII)
_APART = re.compile(r"(?<![\d,.])\s+|\s+(?![\d,.])")     # blanks that do not stand inside a number
_SCALED = re.compile("[万萬亿億]")
LONGEST = 20                           # digits; what is longer is no number of anything


def quantity(cell: Any) -> tuple[Decimal | None, Unit | None]:
    """A cell as (number, the unit that stands in the cell); (None, None) when it is no plain number."""
    if isinstance(cell, int | float):
        return (exact(cell), None) if abs(cell) < 10 ** LONGEST else (None, None)
    if not isinstance(cell, str):
        return None, None
    bare = _IN_FULL.sub("", _joined(narrow_digits(cell)))
    match = _NUMBER.fullmatch(bare)
    if not match:
        return _quantity_in_words(bare)
    if len(match[2]) > LONGEST:
        return None, None
    sign, digits = match[1], match[2]
    suffix = (match[3] or "") + (match[4] or "")
    if match[3] and is_currency(match[4] or ""):                # 3000万（人民币）
        sign, suffix = match[4], match[3]
    number = Decimal(digits.replace(",", ""))
    if not sign and not suffix:
        return number, None
    if is_currency(suffix):
        sign, suffix = suffix, ""
    unit = parse_unit(suffix) if suffix else Unit("", "", 0)
    if sign and unit and not unit.dimension:
        money = currency(sign)
        unit = Unit(suffix + money.text, money.dimension, unit.tens)
    return (number, unit) if unit else (None, None)


def _quantity_in_words(text: str) -> tuple[Decimal | None, Unit | None]:
    """'叁仟万元', '三百人', '1千2百万': the number, and its unit or, after 万 and 亿, that of one."""
    match = _IN_WORDS.fullmatch(text)
    if not match:
        return None, None
    sign, words, suffix = match.groups()
    number = number_in_words(words)
    if number is None:
        return None, None
    if is_currency(suffix):
        sign, suffix = suffix, ""
    unit = parse_unit(suffix) if suffix else None
    if suffix and (unit is None or not unit.dimension):
        return None, None
    if sign and not suffix:
        return (number, Unit("元", "CNY", 0)) if _SCALED.search(words) else (None, None)
    return number, unit or (Unit("", "", 0) if _SCALED.search(words) else None)


def is_sign(unit: Unit) -> bool:
    """True for a currency without a unit, as in '¥5000': in a column of 万元 nobody knows what it counts."""
    return unit.tens == 0 and (is_currency(unit.text) or unit.text in ("$", "€", "£"))


def _joined(text: str) -> str:
    """A number and its unit without blanks; blanks between digits only where they part thousands ('3 000')."""
    bare = _APART.sub("", text)
    if " " in bare:
        bare = _GROUPED.sub(lambda match: match[0].replace(" ", ""), bare, count=1)
    return bare
