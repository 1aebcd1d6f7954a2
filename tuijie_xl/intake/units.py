"""Units of money, area and number: what they are called, and how many tens lie between them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from .text import narrow

SCALES = {"": 0, "十": 1, "百": 2, "千": 3, "万": 4, "十万": 5, "百万": 6, "千万": 7, "亿": 8, "十亿": 9, "百亿": 10,
          "千亿": 11, "万亿": 12}
_BASES = {
    "CNY": (0, "元 圆 人民币 人民币元 元人民币 rmb cny ¥"), "USD": (0, "美元 美金 usd $"), "EUR": (0, "欧元 eur €"),
    "GBP": (0, "英镑 gbp £"), "JPY": (0, "日元 jpy"), "HKD": (0, "港元 港币 hkd"), "%": (0, "% 百分比"),
    "CNY/人": (0, "元/人 元每人"), "count": (0, "人 名 位 家 个 台 套 门 项 件 所 户 次 间 处 种 人次"),
}
_AREAS = {"平方米": 0, "平米": 0, "m2": 0, "公顷": 4, "平方公里": 6, "平方千米": 6, "km2": 6}
_NAMES = {name: (dimension, tens) for dimension, (tens, names) in _BASES.items() for name in names.split()}
_NAMES |= {name: ("area", tens) for name, tens in _AREAS.items()}
_UNIT = re.compile("(?:人民币|rmb|cny|¥)?(" + "|".join(sorted(filter(None, SCALES), key=len, reverse=True)) + ")?("
                   + "|".join(map(re.escape, sorted(_NAMES, key=len, reverse=True))) + ")(?:人民币|rmb|cny)?")
MONEY = ("CNY", "USD", "EUR", "GBP", "JPY", "HKD")
_LINE = re.compile(r"单位(?:名称)?\s*[:：]?\s*([^\s()（）:：]+)")


@dataclass(frozen=True)
class Unit:
    """10 ** ``tens`` of a dimension; ``dimension`` '' is a bare scale such as 万, counted in the column's own kind."""

    text: str
    dimension: str
    tens: int

    @property
    def is_money(self) -> bool:
        return self.dimension in MONEY

    def fits(self, other: Unit) -> bool:
        """True when a number in this unit can be read for a field in ``other``, be it as foreign money."""
        return self.dimension == other.dimension or self.is_money and other.is_money


@lru_cache(maxsize=2000)
def parse_unit(text: str) -> Unit | None:
    """'万元', '人民币万元', '万元人民币', '万美元', '平方米', '人' -> Unit; '万' a bare scale; None for anything else."""
    bare = "".join(narrow(text).split()).lower()
    if bare in SCALES:
        return Unit(bare, "", SCALES[bare]) if bare else None
    match = _UNIT.fullmatch(bare)
    if not match:
        return None
    dimension, tens = _NAMES[match[2]]
    return Unit(narrow(text), dimension, tens + SCALES[match[1] or ""])


def units_in(text: str) -> list[Unit]:
    """The units named in a remark such as '单位：万元、人' or '万元'; empty when any part is something else."""
    bare = re.sub(r"^(?:(?:金额|计量|计价|货币)?单位)\s*[:：]?", "", narrow(text))
    whole = parse_unit(bare)
    if whole:
        return [whole] if whole.dimension else []
    found = [parse_unit(part) for part in re.split(r"[,、;/|和及\s]+", bare) if part]
    return found if found and all(unit and unit.dimension for unit in found) else []


def sheet_units(lines: Iterable[str]) -> dict[str, Unit]:
    """Dimension -> unit, from the lines above a table ('单位：万元', '（金额单位：元）').

    The line nearest to the table wins. A line '填报单位：某某公司' names no unit.
    """
    found = {}
    for line in lines:
        for part in _LINE.findall(narrow(line)):
            for unit in units_in(part):
                found[unit.dimension] = unit
    return found
