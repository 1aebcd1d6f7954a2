"""How bureaus write a value into a cell: each hand turns what is true into what stands there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from tuijie_xl.credit_code import check_character

FULL_WIDTH = str.maketrans("0123456789.", "０１２３４５６７８９．")


class ErrorCell(str):
    """An error value such as '#N/A'."""


class Uncached(str):
    """A formula (without '=') whose result the file does not hold."""


def plain(value: Any) -> Any:
    """As it is: numbers as numbers, dates as dates, several terms joined by 、."""
    return "、".join(value) if isinstance(value, tuple) else value


def date_in_words(value: date) -> str:
    return f"{value.year}年{value.month}月{value.day}日"


def month_in_words(value: date) -> str:
    return f"{value.year}年{value.month}月"


def code_as_number(code: str) -> str | float:
    """A code of digits typed into a cell that is not text: Excel keeps 15 of the 18."""
    return float(f"{int(code):.14e}") if code.isdigit() else code


def without_check_digit(code: str) -> str:
    """The last character is another one than it should be."""
    return code[:17] + ("1" if check_character(code) != "1" else "2")


#: Hands that can be read back to the true value.
READABLE: dict[str, Callable] = {
    "": plain,
    "yuan": lambda v: v * 10000,
    "yuan with commas": lambda v: f"{v * 10000:,.2f}",
    "yi": lambda v: v / 10000,
    "yi in words": lambda v: f"{(v / 10000).normalize():f}亿元",
    "wan in words": lambda v: f"{v.normalize():,f}万",
    "as text": str,
    "with commas": lambda v: f"{v:,}",
    "people": lambda v: f"{v}人",
    "full width": lambda v: str(v).translate(FULL_WIDTH),
    "tick": lambda v: {"是": "√", "否": None}[v],
    "tick or cross": lambda v: {"是": "√", "否": "×"}[v],
    "have": lambda v: {"是": "有", "否": "无"}[v],
    "country": lambda v: {"境内": "中国", "境外": "国外"}[v],
    "at home": lambda v: {"境内": "国内", "境外": "海外"}[v],
    "letters": lambda v: v[-4:-1],
    "short region": lambda v: v.removesuffix("市").removesuffix("省"),
    "several lines": "\n".join,
    "semicolons": "；".join,
    "dots": lambda v: f"{v.year}.{v.month}.{v.day}",
    "date in words": date_in_words,
    "month": month_in_words,
    "eight digits": lambda v: int(f"{v:%Y%m%d}"),
    "two phones": lambda v: f"{v}/13800008888",
    "bracketed phone": lambda v: "({}){}".format(*v.split("-")),
    "broken line": lambda v: f"{v[:-4]}\n{v[-4:]}",
    "trailing space": lambda v: f"{v}  ",
    "spaced": lambda v: f"{v[:6]} {v[6:14]} {v[14:]}",
    "lower case": str.lower,
}

#: Hands after which only what was written is left.
SPOILT: dict[str, Callable] = {
    "code as number": code_as_number,
    "letter O": lambda v: v.replace("0", "O"),
    "half brackets": lambda v: v.replace("（", "(").replace("）", ")"),
    "wrong check digit": without_check_digit,
    "organisation code": lambda v: v[8:17],
}


def write(hand: str, value) -> tuple[object, object]:
    """(what stands in the cell, what a careful reader gets from it) when ``hand`` writes a true value.

    '=text' writes the text itself, which tells nothing; '!#N/A' an error; '%B5/C5' a formula without a result.
    """
    if hand[:1] in ("=", "!", "%"):
        return {"=": str, "!": ErrorCell, "%": Uncached}[hand[0]](hand[1:]) or None, None
    if value is None:
        return None, None
    if hand in SPOILT:
        written = SPOILT[hand](value)
        return written, f"{Decimal(repr(written)):f}" if isinstance(written, float) else written
    written = READABLE[hand](value)
    return int(written) if isinstance(written, Decimal) and written == written.to_integral_value() else written, value
