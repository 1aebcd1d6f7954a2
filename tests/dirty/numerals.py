"""Chinese numerals and check characters, written apart from the product."""

from __future__ import annotations

from decimal import Decimal

SMALL, FORMAL = "零一二三四五六七八九", "零壹贰叁肆伍陆柒捌玖"
_PLACES, _FORMAL_PLACES = ("", "十", "百", "千"), ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def in_words(number: int, *, formal: bool = False) -> str:
    """15000 -> '一万五千', formally '壹万伍仟'; 0 to below 10**16."""
    if number == 0:
        return "零"
    groups = []
    while number:
        number, rest = divmod(number, 10000)
        groups.append(rest)
    text = ""
    for place in range(len(groups) - 1, -1, -1):
        if groups[place]:
            gap = text and (groups[place] < 1000 or place + 1 < len(groups) and not groups[place + 1])
            text += ("零" if gap else "") + _group(groups[place], formal) + _GROUPS[place]
    return text[1:] if text.startswith("一十") else text


def _group(number: int, formal: bool) -> str:
    digits, places = (FORMAL, _FORMAL_PLACES) if formal else (SMALL, _PLACES)
    text, gap = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10 ** place % 10
        if digit:
            text += ("零" if gap and text else "") + digits[digit] + places[place]
        gap = not digit
        if digit:
            gap = False
    return text


def yuan_in_words(amount: Decimal) -> str:
    """An amount in 万元, whole in 元, as cheques have it: 1.5 -> '壹万伍仟元整'."""
    return in_words(int(amount * 10000), formal=True) + "元整"


def decimal_in_words(value: Decimal) -> str:
    """85.5 -> '八十五点五'."""
    whole, _, part = f"{value.normalize():f}".partition(".")
    return in_words(int(whole)) + ("点" + "".join(SMALL[int(d)] for d in part) if part else "")


def digits_in_words(text: str) -> str:
    """'2018' -> '二〇一八'."""
    return "".join("〇一二三四五六七八九"[int(d)] for d in text)


def check_character(body: str) -> str:
    """The 18th character of a credit code over its first 17 (GB 32100-2015)."""
    return _ALPHABET[(31 - sum(w * _ALPHABET.index(c) for w, c in zip(_WEIGHTS, body)) % 31) % 31]


def old_number(body: str) -> str:
    """A 15-digit registration number over its first 14 digits (ISO 7064 MOD 11,10)."""
    rest = 10
    for digit in body:
        rest = (rest + int(digit)) % 10 or 10
        rest = rest * 2 % 11
    return body + str((11 - rest) % 10)
