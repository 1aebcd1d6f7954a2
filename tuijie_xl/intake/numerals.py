"""Numbers and years written in words: '三千五百万', '叁仟', '1千2百万', '一点五亿', '二〇一八'. Exact whole steps, no floats.

Only what reads one way is read: '一亿二', '2百3' and '二三百' mean one thing in speech and another on paper.
"""

from __future__ import annotations

import re
from decimal import Decimal

_PLAIN = str.maketrans("壹贰貳叁參肆伍陆陸柒捌玖拾佰仟萬億〇两兩", "一二二三三四五六六七八九十百千万亿零二二")
_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")}
_D = r"([一二三四五六七八九]|\d{1,4})"
#: Below 万: 千, 百, 十 and the last digit, which stands behind 十 or 零 where it does not stand alone.
_SECTION = re.compile(rf"(?:{_D}千)?(?:零?{_D}百)?(?:零?{_D}?十)?(?:(?:(?<=十)|零){_D})?", re.ASCII)
_ALONE = re.compile(r"([一二三四五六七八九]|\d{1,4})(?:点([零一二三四五六七八九]+|\d+))?", re.ASCII)
_DECIMALS = re.compile(r"[零一二三四五六七八九]+|\d+", re.ASCII)
_POSITIONS = re.compile("[零一二三四五六七八九]{3,}")
#: What a number in words may consist of, for those who look for one inside a text.
LETTERS = "零〇一二三四五六七八九两兩壹贰貳叁參肆伍陆陸柒捌玖十百千万亿拾佰仟萬億点"


def number_in_words(text: str) -> Decimal | None:
    """'三千五百万' -> 35000000, '1千2百万' -> 12000000, '三二〇' -> 320; None for what is no number or reads two ways."""
    bare = text.translate(_PLAIN)
    if _POSITIONS.fullmatch(bare):
        return Decimal("".join(str(_DIGITS[letter]) for letter in bare))
    whole, point, decimals = bare.rpartition("点")
    if point and "点" not in whole and _DECIMALS.fullmatch(decimals):
        value = _value(whole) if whole else None
        return None if value is None else value + Decimal("0." + "".join(map(_arabic, decimals)))
    return _value(bare) if bare else None


def _value(text: str) -> Decimal | None:
    total, rest, whole = Decimal(0), text, True
    for mark, tens in (("亿", 8), ("万", 4)):
        if mark in rest:
            head, _, rest = rest.rpartition(mark)
            value = _value(head) if head else None
            if value is None or not whole and value >= 10 ** 4:
                return None
            total, whole = total + value.scaleb(tens), False
    last = _section(rest, whole) if rest else Decimal(0)
    return None if last is None else total + last


def _section(text: str, whole: bool) -> Decimal | None:
    """A number below 万; a digit without 十 or 零 in front only where it is the ``whole`` number."""
    alone = _ALONE.fullmatch(text)
    if alone:
        if not whole:
            return None
        decimals = "".join(map(_arabic, alone[2] or ""))
        return Decimal(f"{_arabic(alone[1])}.{decimals or 0}") if decimals else Decimal(_arabic(alone[1]))
    match = _SECTION.fullmatch(text)
    if not match or not text:
        return None
    thousands, hundreds, tens, ones = (Decimal(_arabic(part or "零")) for part in match.groups())
    if "十" in text and not match[3]:
        tens = Decimal(1)
    return thousands * 1000 + hundreds * 100 + tens * 10 + ones


def _arabic(digit: str) -> str:
    return str(_DIGITS.get(digit, digit))
