"""Units of money, area and number: what they are called, and how many tens lie between them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from ..edition import FOREIGN
from .text import narrow

SCALES = {"": 0, "十": 1, "百": 2, "千": 3, "万": 4, "十万": 5, "百万": 6, "千万": 7, "亿": 8, "十亿": 9, "百亿": 10,
          "千亿": 11, "万亿": 12}
_BASES = {
    "CNY": (0, "元 圆 人民币元 元人民币"), "USD": (0, "美元 美金 usd $"), "EUR": (0, "欧元 eur €"),
    "GBP": (0, "英镑 gbp £"), "JPY": (0, "日元 jpy"), "HKD": (0, "港元 港币 hkd"), "%": (0, "% 百分比"),
    "CNY/人": (0, "元/人 元每人"), "count": (0, "人 名 位 家 个 台 套 门 项 件 所 户 次 间 处 种 人次"),
}
_AREAS = {"平方米": 0, "平米": 0, "m2": 0, "公顷": 4, "平方公里": 6, "平方千米": 6, "km2": 6}
_NAMES = {name: (dimension, tens) for dimension, (tens, names) in _BASES.items() for name in names.split()}
_NAMES |= {name: ("area", tens) for name, tens in _AREAS.items()}
#: Words that say what money it is but not how much of it one counts.
_CURRENCY = "人民币|rmb|cny|¥"
_UNIT = re.compile(f"(?:{_CURRENCY})?(" + "|".join(sorted(filter(None, SCALES), key=len, reverse=True)) + ")?("
                   + "|".join(map(re.escape, sorted(_NAMES, key=len, reverse=True))) + f")(?:{_CURRENCY})?")
_SCALED = re.compile("(?:" + "|".join(sorted(filter(None, SCALES), key=len, reverse=True)) + f")(?=(?:{_CURRENCY})$)")
MONEY = ("CNY", *FOREIGN)
#: What stands around a unit in words: '以千元计', '单位为元', '金额：千元'.
_BEFORE = re.compile(r"^(?:均?[以按]|(?:金额|计量|计价|货币|人数|面积|数据)?单位(?:名称)?|金额|货币|币种)+[:：为是]*|^[为是]")
_AFTER = re.compile(r"(?:[为作]|单位|计算?|计[量价]|填[报写列]|表示|统计|反映|核算)+$")
_BETWEEN = re.compile(r"[,、;|:和及\s()]+")
#: A remark that speaks of money; whether it names a unit is another question.
_MONEY_WORD = re.compile(f"[元圆币万亿千]|美金|{_CURRENCY}|usd|eur|[$€£]|^[kmw]$", re.IGNORECASE)
_WHO = "金额|货币|计量|计价|价格|人数|面积|产值|币种|数据|统计|额|收入|资金|资本|均"
_STATEMENT = re.compile(
    rf"(?:(?P<whose>[\u4e00-\u9fff]{{0,8}}?)(?:(?:{_WHO})单位|金额|币种)|(?:^|(?<=[^\u4e00-\u9fff]))单位)(?:名称)?"
    r"(?:数据|数字)?(?:一律|统一|全部|都|均)?[:为是以按\s]+"
    rf"(?P<said>.*?)(?=[。;]|[,、\s]*(?:{_WHO})单位|[,、\s]+单位|$)")
_COUNTED_BY = re.compile(r"(?P<whose>[\u4e00-\u9fff]{0,8}?)均?[以按](?P<said>[^,。;以按]{1,8}?)(?:[为作]单位|计算|计(?![算划])|填[报写列])")
_OF_ALL = re.compile(r"(?:附?注|说明|备注|以上|以下|上述|表中|表内|本表|此表|所有|全部|各项|有关|涉及|中|的|数据|数字|金额|收入|均|统一|一律|外包|业务|营业|服务|额|:)*")
SOME = "of some"                            # the key of a unit that is said of some amounts only
_SHORT = 8                                  # letters of a remark on money that would be a unit


@dataclass(frozen=True)
class Unit:
    """10 ** ``tens`` of a dimension; ``dimension`` '' is a bare scale such as 万, counted in the column's own kind."""

    text: str
    dimension: str
    tens: int

    @property
    def is_money(self) -> bool:
        return self.dimension in MONEY

    def of(self, own: Unit) -> Unit:
        """A bare scale such as 亿 in the kind of ``own``: 亿元 where that is 万元."""
        return self if self.dimension else Unit(self.text + own.text.lstrip("十百千万亿"), own.dimension, self.tens)

    def fits(self, other: Unit) -> bool:
        """True when a number in this unit can be read for a field in ``other``, be it as foreign money."""
        return self.dimension == other.dimension or self.is_money and other.is_money


#: Somebody wrote a unit here that is not understood, or two that contradict each other.
DOUBTFUL = Unit("单位待核", "?", 0)


@lru_cache(maxsize=2000)
def parse_unit(text: str) -> Unit | None:
    """'万元', '人民币万元', '万元人民币', '万美元', '平方米', '人' -> Unit; '万' a bare scale; None for anything else."""
    bare = "".join(narrow(text).split()).lower()
    scaled = _SCALED.match(bare)
    if scaled:                                          # 万人民币
        return Unit(narrow(text), "CNY", SCALES[scaled[0]])
    if bare in SCALES:
        return Unit(bare, "", SCALES[bare]) if bare else None
    match = _UNIT.fullmatch(bare)
    if not match:
        return None
    dimension, tens = _NAMES[match[2]]
    return Unit(narrow(text), dimension, tens + SCALES[match[1] or ""])


def currency(sign: str) -> Unit | None:
    """The unit of one, for a sign or word in front of a number: '¥', '人民币', 'US$'."""
    bare = sign.lower().removeprefix("us")
    return Unit(bare, "CNY", 0) if is_currency(bare) else parse_unit(bare)


def is_currency(text: str) -> bool:
    """True for 人民币, RMB, CNY and ¥, which are no units."""
    return re.fullmatch(_CURRENCY, narrow(text).lower()) is not None


def units_in(text: str) -> list[Unit]:
    """The units named in a remark such as '单位：万元、人', '以元为单位' or '人民币（万元）'; empty when any part is else."""
    bare = _AFTER.sub("", _BEFORE.sub("", narrow(text).strip("()[]<> ")))
    whole = parse_unit(bare)
    if whole:
        return [whole] if whole.dimension else []
    found = [parse_unit(part) for part in re.split(r"[,、;|:和及\s()/]+", bare) if part and not is_currency(part)]
    return found if found and all(unit and unit.dimension for unit in found) else []


def speaks_of_money(remark: str) -> bool:
    """True for a remark that would be a unit of money if one could read it ('K元', '精确到元')."""
    bare = narrow(remark)
    short = len(bare) <= _SHORT or bare[-1] in "元万亿千"
    return short and bool(_MONEY_WORD.search(bare)) and not is_currency(bare) and not any(c.isdecimal() for c in bare)


def sheet_units(lines: Iterable[str]) -> dict[str, Unit]:
    """Dimension -> unit, from the lines around a table ('单位：万元', '（金额单位：元）', '注：以下金额均以千元计').

    Lines that contradict each other, or speak of money in words that are not understood, give ``DOUBTFUL``
    for 'CNY'. A line '填报单位：某某公司' names no unit; what is said of some amounts only stands under ``SOME``.
    """
    found: dict[str, Unit] = {}
    for line in lines:
        for whose, said in _statements(narrow(line)):
            units = _leading_units(said)
            for unit in units:
                if unit.is_money and not _OF_ALL.fullmatch(whose):      # '注册资本单位：元' is not about all amounts
                    found.setdefault(SOME, unit)
                    continue
                known = found.get(unit.dimension, unit)
                found[unit.dimension] = unit if known.tens == unit.tens and known is not DOUBTFUL else DOUBTFUL
            if not units and len(said) <= _SHORT and re.search(r"[元币万亿千]$", said) and speaks_of_money(said):
                found["CNY"] = DOUBTFUL
    return found


def _statements(line: str) -> list[tuple[str, str]]:
    """(whose unit, what is said of it) for each statement about units in a line."""
    if "单位" not in line and "金额" not in line and "计" not in line and "币种" not in line:
        return []
    found = [(match["whose"] or "", match["said"]) for match in _STATEMENT.finditer(line)]
    found += [(match["whose"], match["said"]) for match in _COUNTED_BY.finditer(line)]
    return [(whose, _AFTER.sub("", said.strip("()[] ")).strip("()[] ")) for whose, said in found]


def _leading_units(said: str) -> list[Unit]:
    """The units that a statement begins with, up to the first part that is none; words for money are passed over."""
    found = []
    for part in filter(None, _BETWEEN.split(said)):
        unit = parse_unit(part)
        if unit and unit.dimension:
            found.append(unit)
        elif not is_currency(part):
            break
    if not found and parse_unit("".join(said.split())):         # 万 元
        found = [unit for unit in [parse_unit(said)] if unit.dimension]
    return found
