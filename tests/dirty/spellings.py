"""How people write a value into a cell, each spelling with the entry of the catalogue (DOMAIN B1, B2) it stands for.

A spelling turns a true value into (what stands in the cell, how certain it is); None where it does not apply.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from tuijie_xl.examples.hands import ErrorCell, Uncached

from tuijie_xl.edition import load_edition

from .numerals import check_character, decimal_in_words, digits_in_words, in_words, old_number, yuan_in_words
from .truth import DOUBT, NOTHING, READABLE, Cell

Write = Callable[[Any, Random], Any]


@dataclass(frozen=True)
class Spelling:
    """``types`` are field types or field ids; ``write`` gives the cell, or None where the value cannot be written so."""

    name: str
    sentence: str
    types: tuple[str, ...]
    how: str
    write: Write
    accept: Callable[[Any], tuple] = lambda value: ()

    def cell(self, value: Any, random: Random) -> Cell | None:
        written = None if value is None else self.write(value, random)
        if written is None or written == value and self.how == DOUBT:
            return None
        return Cell(written, None if self.how == NOTHING else value, self.how, self.accept(value), self.name)


SPELLINGS: list[Spelling] = []
_FULL = str.maketrans("0123456789.,%-", "０１２３４５６７８９．，％－")
AMOUNT, YUAN, COUNT, NUMBER = ("amount",), ("yuan",), ("count",), ("amount", "count")


def _add(types, how, sentence, *spellings, accept=lambda value: ()) -> None:
    for name, write in spellings:
        SPELLINGS.append(Spelling(name, sentence, tuple(types), how, write, accept))


def _text(value: Decimal | int) -> str:
    return f"{Decimal(value).normalize():f}"


def _scaled(value: Decimal, tens: int) -> str:
    return _text(Decimal(value).scaleb(-tens))


def _letters(area: str) -> str:
    """The three letters of a middle service: '软件研发外包' -> 'ITO'."""
    return next(t.code[:3] for t in load_edition("2018").vocabularies["service"].terms if t.label == area)


def _rounded(value, step: int = 100) -> int:
    return max(step, int(value) // step * step)


# ------------------------------------------------------------------ numbers

_add(NUMBER, READABLE, "number as text and text as number in one column",
     ("number as text", lambda v, r: _text(v)), ("number as text with blanks", lambda v, r: f" {_text(v)}  "),
     ("no-break space", lambda v, r: f"{_text(v)}\xa0"))
_add(NUMBER, READABLE, "'3,000万' (thousands marks)", ("thousands marks", lambda v, r: f"{v:,}"))
_add(NUMBER, READABLE, "'３０００' (full width)", ("full width digits", lambda v, r: _text(v).translate(_FULL)),
     ("full width thousands", lambda v, r: f"{v:,}".translate(_FULL)))
_add(AMOUNT, READABLE, "'3,000万'", ("wan in the cell", lambda v, r: f"{v:,}万"))
_add(YUAN, READABLE, "'900万元'", ("wan yuan in the cell", lambda v, r: f"{_text(v)}万元"))
_add(YUAN, READABLE, "'1.2亿'", ("yi in the cell", lambda v, r: f"{_scaled(v, 4)}亿"), ("yi yuan in the cell", lambda v, r: f"{_scaled(v, 4)}亿元"))
_add(AMOUNT, READABLE, "'3千万'", ("qian wan in the cell", lambda v, r: f"{_scaled(v, 3)}千万"))
_add(YUAN, READABLE, "'150万人民币', '0.001万人民币'", ("wan renminbi", lambda v, r: f"{_text(v)}万人民币"),
     ("renminbi in front", lambda v, r: f"人民币{_text(v)}万元"), ("yuan sign", lambda v, r: f"￥{_text(v)}万"))
_add(YUAN, READABLE, "'3000（万元）'", ("unit in brackets", lambda v, r: f"{_text(v)}（万元）"),
     ("unit in half brackets", lambda v, r: f"{_text(v)}(万元)"))
_add(YUAN, READABLE, "unit from the cell text: 元", ("yuan in the cell", lambda v, r: f"{_scaled(v, -4)}元"),
     ("yuan with thousands", lambda v, r: f"{v * 10000:,.2f}元"), ("apart from its unit", lambda v, r: f"{_text(v)} 万 元"))
_add(YUAN, READABLE, "壹万伍仟元 in words", ("formal numerals", lambda v, r: yuan_in_words(v)),
     ("numerals in words", lambda v, r: decimal_in_words(v) + "万元"))
_add(YUAN, DOUBT, "'30万美元', '…万欧元'", ("dollars in the cell", lambda v, r: f"{(v / 6).quantize(Decimal('0.1'))}万美元"),
     ("euros in the cell", lambda v, r: f"{_rounded(v)}万欧元"), ("dollar sign", lambda v, r: f"${_rounded(v):,}万"))
_add(("outsourcing_revenue",), DOUBT, "a suspected x10,000 slip is a question to the officer",
     ("yuan under a header of wan yuan", lambda v, r: float(v * 10000) if v >= 200 else None),
     ("yi under a header of wan yuan", lambda v, r: float(v / 10000) if 0 < v < 20000 else None))
_add(NUMBER, READABLE, "floats such as 2999.9999999999995", ("binary dust", lambda v, r: float(v) + (float(v) * 1e-16 if v else 0)))

_add(NUMBER, DOUBT, "'约300', '300余人'", ("about", lambda v, r: f"约{_text(v)}"), ("nearly", lambda v, r: f"近{_rounded(v)}"),
     ("or so", lambda v, r: f"{_rounded(v)}左右"), ("more than", lambda v, r: f"{_rounded(v)}余"), ("many", lambda v, r: f"{_rounded(v)}多"))
_add(COUNT, DOUBT, "'300余人'", ("more than so many people", lambda v, r: f"{_rounded(v, 10)}余人"),
     ("more than, in words", lambda v, r: f"{in_words(_rounded(v))}余人"))
_add(NUMBER, DOUBT, "'300+', '≥300'", ("plus", lambda v, r: f"{_rounded(v)}+"), ("at least", lambda v, r: f"≥{_rounded(v)}"),
     ("above", lambda v, r: f"{_rounded(v)}以上"), ("greater", lambda v, r: f">{_rounded(v)}"), ("not below", lambda v, r: f"不低于{_rounded(v)}"))
_add(NUMBER, DOUBT, "'200-300'", ("range", lambda v, r: f"{_rounded(v)}-{_rounded(v) + 100}"), ("range with wave", lambda v, r: f"{_rounded(v)}~{_rounded(v) + 100}"),
     ("range in words", lambda v, r: f"{_rounded(v)}至{_rounded(v) + 100}"))
_add(NUMBER, DOUBT, "'２００－３００'", ("full width range", lambda v, r: f"{_rounded(v)}-{_rounded(v) + 100}".translate(_FULL)))
_add(NUMBER, DOUBT, "'2017/2020': two in one cell", ("two years in one cell", lambda v, r: f"{_text(v)}/{_rounded(v)}"),
     ("another year in brackets", lambda v, r: f"{_text(v)}（2016年：{_rounded(v)}）"), ("two lines", lambda v, r: f"{_text(v)}\n{_rounded(v)}"))
_add(NUMBER, DOUBT, "a remark beside the number", ("estimate in brackets", lambda v, r: f"{_text(v)}（预计）"), ("star", lambda v, r: f"{_text(v)}*"),
     ("unaudited", lambda v, r: f"{_text(v)}（未审计）"), ("question mark", lambda v, r: f"{_text(v)}？"))
_add(NUMBER, DOUBT, "error values", ("error value", lambda v, r: ErrorCell(r.choice(("#N/A", "#DIV/0!")))),
     ("error as text", lambda v, r: "#REF!"), ("hashes", lambda v, r: "########"))
_add(NUMBER, DOUBT, "formulas without a cached value", ("formula without result", lambda v, r: Uncached("1+2")))
_add(NUMBER, NOTHING, "不详, '-', '无', '未到…', blank", *(
    (f"written for nothing: {word}", lambda v, r, word=word: word) for word in ("不详", "-", "—", "/", "未统计", "未到位", "暂无", "N/A", "  ", "待定", "见附件")))
_add(COUNT, READABLE, "'300人'", ("people in the cell", lambda v, r: f"{v}人"), ("ming in the cell", lambda v, r: f"{v}名"),
     ("numerals of people", lambda v, r: f"{in_words(v)}人" if v else None), ("people with thousands", lambda v, r: f"{v:,}人"),
     ("count with decimals", lambda v, r: f"{v}.0"))
_add(COUNT, DOUBT, "a count with a part", ("half a person", lambda v, r: v + 0.5), ("with part named", lambda v, r: f"{v}（含实习生{v // 10 + 1}人）"))

# ------------------------------------------------------------------ percentages

_add(("percent",), READABLE, "'85%' as 0.85 or 85 or '85％'", ("ratio", lambda v, r: float(v / 100)), ("per cent", lambda v, r: f"{_text(v)}%"),
     ("full width per cent", lambda v, r: f"{_text(v)}％"), ("ratio as text", lambda v, r: _scaled(v, 2)), ("per cent apart", lambda v, r: f"{_text(v)} %"),
     ("per cent in words", lambda v, r: f"百分之{decimal_in_words(v)}"))
_add(("percent",), DOUBT, "percentages nobody can know", ("about per cent", lambda v, r: f"约{_text(v)}%"), ("above per cent", lambda v, r: f"{int(v)}%以上"),
     ("tenths in words", lambda v, r: "八成"))

# ------------------------------------------------------------------ dates


def _serial(v: date) -> float:
    return float((v - date(1899, 12, 30)).days)


_add(("date",), READABLE, "'2018年7月3日', '2018.7.3', 20180703, 43284", ("date in words", lambda v, r: f"{v.year}年{v.month}月{v.day}日"),
     ("date with dots", lambda v, r: f"{v.year}.{v.month}.{v.day}"), ("date with slashes", lambda v, r: f"{v.year}/{v.month}/{v.day}"),
     ("date with hyphens", lambda v, r: f"{v.year}-{v.month}-{v.day}"), ("date with zeros", lambda v, r: f"{v:%Y.%m.%d}"),
     ("eight digits", lambda v, r: int(f"{v:%Y%m%d}")), ("eight digits as text", lambda v, r: f"{v:%Y%m%d}"), ("day number", lambda v, r: _serial(v)),
     ("date with clock", lambda v, r: f"{v:%Y-%m-%d} 00:00:00"), ("date apart", lambda v, r: f"{v.year} 年 {v.month} 月 {v.day} 日"),
     ("full width date", lambda v, r: f"{v.year}年{v.month}月{v.day}日".translate(_FULL)),
     ("Chinese date", lambda v, r: f"{digits_in_words(str(v.year))}年{in_words(v.month)}月{in_words(v.day)}日"))
_add(("date",), DOUBT, "'2018年7月', '2018/7', two in one cell", ("month", lambda v, r: f"{v.year}年{v.month}月"), ("month with slash", lambda v, r: f"{v.year}/{v.month}"),
     ("month as number", lambda v, r: float(f"{v.year}.{v.month}")), ("year alone", lambda v, r: f"{v.year}年"), ("before a day", lambda v, r: f"{v.year}年{v.month}月{v.day}日前"),
     ("two days", lambda v, r: f"{v.year}.{v.month}.{v.day}/{v.year + 1}.{v.month}.{v.day}"), ("short year", lambda v, r: f"{v:%y}.{v.month}.{v.day}"),
     ("no such day", lambda v, r: f"{v.year}-02-30"), ("day first", lambda v, r: f"{v.day % 12 + 1}/{v.month}/{v.year}"), ("year as number", lambda v, r: float(v.year)))
_add(("date",), NOTHING, "不详, '-', '无', '未到…', blank", ("date unknown", lambda v, r: "不详"), ("date not yet", lambda v, r: "未到"))

# ------------------------------------------------------------------ codes

_CODE = ("credit_code",)
_add(_CODE, READABLE, "codes as people copy them", ("code spaced", lambda v, r: f"{v[:6]} {v[6:14]} {v[14:]}"), ("code in small letters", lambda v, r: v.lower() if not v.isdigit() else None),
     ("code with hyphen", lambda v, r: f"{v[:8]}-{v[8:17]}-{v[17]}"), ("code full width", lambda v, r: "".join(chr(ord(c) + 0xFEE0) for c in v)),
     ("code with line break", lambda v, r: f"{v[:9]}\n{v[9:]}"), ("code with tab", lambda v, r: f"\t{v}"), ("code with apostrophe", lambda v, r: f"'{v}"),
     ("code with no-break spaces", lambda v, r: f"\xa0{v}\u3000"))
_add(_CODE, DOUBT, "letters O/I for digits: offer the corrected code", ("letter O for zero", lambda v, r: v.replace("0", "O")),
     ("letter I for one", lambda v, r: v.replace("1", "I")), ("small letter o", lambda v, r: v.replace("0", "o", 1)))
_add(_CODE, DOUBT, "code as float: damaged by Excel", ("code as number", lambda v, r: float(v) if v.isdigit() else None),
     ("code in scientific notation", lambda v, r: f"{float(v):.5E}" if v.isdigit() else None))
_add(_CODE, DOUBT, "a failed check digit is 待核", ("wrong check digit", lambda v, r: v[:17] + ("1" if v[17] != "1" else "2")),
     ("one digit of another", lambda v, r: v[:5] + str((int(v[5]) + 1) % 10) + v[6:]), ("two digits swapped", lambda v, r: v[:3] + v[4] + v[3] + v[5:] if v[3] != v[4] else None),
     ("a character short", lambda v, r: v[:17]), ("a character long", lambda v, r: v + "0"))
_add(_CODE, DOUBT, "Fujian's M000 series", ("M000 series", lambda v, r: f"{v[:8]}M000{v[12:17]}" + ("3" if check_character(f"{v[:8]}M000{v[12:17]}") != "3" else "4")))
_add(_CODE, DOUBT, "old 15-digit and 9-character numbers", ("old registration number", lambda v, r: old_number(v[2:8] + f"{r.randrange(10**8):08d}")),
     ("organisation code", lambda v, r: v[8:17]), ("organisation code with hyphen", lambda v, r: f"{v[8:16]}-{v[16]}"),
     ("farm number", lambda v, r: v[2:8] + "NA000792X"), ("foreign registration", lambda v, r: "企合鲁烟总字第000123号"))
_add(_CODE, DOUBT, "a word instead of a code", ("code in preparation", lambda v, r: "正在办理"), ("two codes", lambda v, r: f"{v}/{v[8:17]}"))
_add(("postcode",), READABLE, "number for text", ("postcode as number", lambda v, r: float(v)))
_add(("stock_code",), DOUBT, "stock codes (000004 becomes 4 as number)", ("stock code as number", lambda v, r: float(v) if v.startswith("0") else None))
_add(("stock_code",), READABLE, "stock codes '835912.OC', '000004.SZ'", ("stock code with exchange", lambda v, r: f"{v}.SZ"), accept=lambda v: (f"{v}.SZ",))
_add(("mobile",), READABLE, "phones as numbers", ("mobile as number", lambda v, r: float(v)), ("mobile apart", lambda v, r: f"{v[:3]} {v[3:7]} {v[7:]}"), ("mobile with hyphens", lambda v, r: f"{v[:3]}-{v[3:7]}-{v[7:]}"))
_add(("phone",), READABLE, "'(0531)8888 8888转801', two phones in one cell", ("phone in brackets", lambda v, r: "({}){}".format(*v.split("-")) if "-" in v else None), ("phone full width", lambda v, r: v.translate(_FULL)))
_add(("phone",), READABLE, "two phones in one cell with '/' or '、' or newline", *(
    (f"two phones: {mark!r}", lambda v, r, mark=mark: f"{v}{mark}13800001234") for mark in ("/", "、", "\n")), ("phone with extension", lambda v, r: f"{v}转801"),
     accept=lambda v: (f"{v}13800001234", f"{v}转801"))

# ------------------------------------------------------------------ words

_add(("name",), READABLE, "line break inside a name; trailing space; half and full brackets mixed", ("line break in a name", lambda v, r: f"{v[:-4]}\n{v[-4:]}"),
     ("trailing space", lambda v, r: f"{v}  "), ("no-break space in front", lambda v, r: f"\xa0{v}"), ("hierarchy by leading spaces", lambda v, r: f"　　{v}"),
     ("half brackets", lambda v, r: v.replace("（", "(").replace("）", ")") if "（" in v else None),
     ("mixed brackets", lambda v, r: v.replace("（", "(") if "（" in v else None))
_add(("name",), READABLE, "a seal or number beside the name", ("seal beside the name", lambda v, r: f"{v}（盖章）"), accept=lambda v: (f"{v}（盖章）",))
_add(("province",), READABLE, "region names short and former", ("short region", lambda v, r: {"新疆生产建设兵团": "兵团"}.get(v, v.removesuffix("市").removesuffix("省"))),
     ("region with blank", lambda v, r: f"{v} "), ("sender with its province", lambda v, r: {"大连市": "辽宁省大连市", "宁波市": "浙江宁波", "厦门市": "福建省厦门市", "深圳市": "广东省深圳市"}.get(v)))
_add(("city",), READABLE, "short names of cities", ("short city", lambda v, r: v.removesuffix("市") if v.endswith("市") else None), accept=lambda v: (v.removesuffix("市"),))
_add(("is_listed", "delivery_in_china"), READABLE, "'是/否/有/无/√/×/Y/1'", ("tick or cross", lambda v, r: {"是": "√", "否": "×"}.get(v)), ("have or have not", lambda v, r: {"是": "有", "否": "无"}.get(v)),
     ("Y or N", lambda v, r: {"是": "Y", "否": "N"}.get(v)), ("one or zero", lambda v, r: {"是": 1, "否": 0}.get(v)), ("tick in a box", lambda v, r: {"是": "☑", "否": "☐"}.get(v)),
     ("yes with blanks", lambda v, r: f" {v} "), ("box form", lambda v, r: {"是": "☑是 ☐否", "否": "☐是 ☑否"}.get(v)), ("true or false", lambda v, r: {"是": True, "否": False}.get(v)))
_add(("uses_digital", "uses_crowdsourcing", "poverty_relief", "belt_and_road"), READABLE, "yes-marks '√'", ("tick for yes", lambda v, r: "√" if v == "是" else None))
_add(("is_listed",), DOUBT, "a word that is neither yes nor no", ("planned", lambda v, r: "拟上市"), ("unclear", lambda v, r: "待定"))
_add(("hq",), READABLE, "other words of a term", ("country", lambda v, r: {"境内": "中国", "境外": "国外"}[v]), ("at home or abroad", lambda v, r: {"境内": "国内", "境外": "海外"}[v]))
_add(("main_service",), READABLE, "'软件研发外包（ITO）' and other wordings of a listed value", ("term with blanks", lambda v, r: f" {v} "), ("term without its blank", lambda v, r: v.replace(" ", "") if " " in v else None),
     ("term with line break", lambda v, r: f"{v[:3]}\n{v[3:]}"))
_add(("main_area",), READABLE, "'软件研发外包（ITO）'", ("area with its type", lambda v, r: f"{v}（{_letters(v)}）"), ("area with number", lambda v, r: f"1.{v}"))
_add(("main_type",), READABLE, "other wordings of a listed value", ("type by its letters", lambda v, r: v[-4:-1]), ("type without letters", lambda v, r: v[:-5]), ("type with half brackets", lambda v, r: v.replace("（", "(").replace("）", ")")))
_add(("main_service", "category", "industry"), DOUBT, "a word that is no term", ("no term", lambda v, r: r.choice(("软件", "服务外包", "互联网+", "综合"))), ("two terms", lambda v, r: f"{v}、软件及其他"))
_add(("terms",), READABLE, "several fields in one cell split by 、；/ newline", ("by semicolons", lambda v, r: "；".join(v)), ("by lines", lambda v, r: "\n".join(v)), ("by commas", lambda v, r: "，".join(v)),
     ("by slashes", lambda v, r: "/".join(v)), ("numbered", lambda v, r: "\n".join(f"{i}.{t}" for i, t in enumerate(v, 1))), ("with closing stop", lambda v, r: "、".join(v) + "。"))
_add(("terms",), DOUBT, "several in one cell, one of them unknown", ("one unknown service", lambda v, r: "、".join((*v, "区块链服务"))), ("and so on", lambda v, r: "、".join(v) + "等"))
