"""Numbers in words: what reads one way is read exactly, what reads two ways is left."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuijie_xl.intake.numerals import number_in_words


@pytest.mark.parametrize(("text", "value"), [
    ("三", 3), ("十", 10), ("十二", 12), ("二十三", 23), ("两百", 200), ("一百零五", 105), ("一百一十", 110), ("三百", 300),
    ("一千零五十", 1050), ("一千零三", 1003), ("三千五百万", 35_000_000), ("叁仟万", 30_000_000), ("壹万伍仟", 15_000),
    ("一万零三", 10_003), ("壹亿贰仟万", 120_000_000), ("三亿零五万", 300_050_000), ("三千万亿", 3 * 10**15),
    ("1千2百万", 12_000_000), ("1亿2千万", 120_000_000), ("3百", 300), ("一点五亿", 150_000_000), ("三点一四", Decimal("3.14")),
    ("二万二千零九十二点八", Decimal("22092.8")), ("四百八十六点六零", Decimal("486.6")), ("三千五百万点5", Decimal("35000000.5")),
    ("二〇一八", 2018), ("三二〇", 320), ("贰零壹捌", 2018),
])
def test_one_reading(text, value):
    assert number_in_words(text) == value


@pytest.mark.parametrize("text", [
    "", "万", "亿", "百万", "零", "十十", "一亿二", "一万三", "一百五", "2百3", "二三百", "三三百", "一二", "一百零一十零", "百", "三百三百",
    "点五", "三点", "一万三点五", "一百五点五", "三点一点四", "1.5", "一二三万四", "万三千", "三百余", "几百", "一亿万三千亿五"])
def test_no_reading_or_two(text):
    assert number_in_words(text) is None


def in_words(number: int, digits: str, units: str) -> str:
    """A whole number as one writes it, for the round trip."""
    if number >= 10**8:
        return _with(number, 10**8, units[4], digits, units)
    if number >= 10**4:
        return _with(number, 10**4, units[3], digits, units)
    text, zero = "", False
    for power, unit in ((1000, units[2]), (100, units[1]), (10, units[0]), (1, "")):
        digit = number // power % 10
        if digit:
            text += (digits[0] if zero and text else "") + digits[digit] + unit
        zero = not digit
    return text


def _with(number, scale, unit, digits, units):
    high, low = divmod(number, scale)
    rest = in_words(low, digits, units) if low else ""
    return in_words(high, digits, units) + unit + (digits[0] if low and low < scale // 10 else "") + rest


@given(st.integers(1, 10**12 - 1), st.sampled_from([("零一二三四五六七八九", "十百千万亿"), ("零壹贰叁肆伍陆柒捌玖", "拾佰仟萬億"),
                                                    ("〇一二三四五六七八九", "十百千万亿")]))
def test_every_number_reads_back(number, letters):
    assert number_in_words(in_words(number, *letters)) == number
