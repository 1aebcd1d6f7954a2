"""What a column may be whose header names no field: likeness of words, and what its values read as. Only ever asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ..edition import Edition, Field
from .labels import could_name, without_remarks
from .quantities import quantity
from .text import fold, is_blank, narrow
from .values import ColumnReader

_LIKE, _FITTING = 60, 0.5                   # per cent of letters, share of values: below these nobody is asked
_TELLING, _FEWEST = 0.8, 3                  # share and number of values that speak without the header's words
_MOST_VALUES, _MOST = 200, 3
_NEAR = 0.15                                # an alternative this much less likely than the best is named as well
_MANY_TERMS = 6                             # a vocabulary larger than this is known by its terms
#: Words that say nothing about what is counted.
_FILLER = re.compile("合计|总计|总额|数额|金额|总量|情况|数据|具体|单位的?|企业的?|公司的?|[本该]|的")
_SHAPES = {
    "credit_code": (re.compile("[0-9A-HJ-NP-RTUWXY]{18}"), "18 位代码"),
    "phone": (re.compile(r"(?:\+?86-?)?1\d{10}|\(?0\d{2,3}\)?[- ]?\d{7,8}.*", re.ASCII), "电话号码"),
    "email": (re.compile(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}"), "邮箱地址"),
    "postcode": (re.compile(r"\d{6}", re.ASCII), "六位编码"), "url": (re.compile(r"(?:https?://|www\.).+"), "网站地址"),
}
_SPEAK_ALONE = ("credit_code", "email", "url")


@dataclass(frozen=True)
class Suggestion:
    """A field that a column may be. ``likeness`` is in per cent; ``fitting`` of ``filled`` values read as the field's."""

    field: Field
    likeness: int
    fitting: int
    filled: int

    @property
    def weight(self) -> float:
        return 0.6 * self.likeness / 100 + 0.4 * self.fitting / max(self.filled, 1)

    def __str__(self) -> str:
        read = f"，{self.fitting}/{self.filled} 个值是{_read_as(self.field)}" if self.filled else "，列中没有内容"
        like = f"文字相似 {self.likeness}%" if self.likeness >= _LIKE else "文字不相近"
        return f"“{self.field.label}”（{like}{read}）"


def suggest(header: str, cells: Sequence[Any], fields: Iterable[Field], edition: Edition) -> list[Suggestion]:
    """The fields that a column under ``header`` may be, likeliest first, at most three; [] for none that comes near."""
    filled = [cell for cell in cells if not is_blank(cell)][:_MOST_VALUES]
    found = []
    for f in fields:
        likeness = _likeness(header, f) if header and could_name(header, f, edition) else 0
        if likeness < _LIKE and not _speaks_alone(f, edition):
            continue
        own = Suggestion(f, likeness, _fitting(filled, f, edition), len(filled))
        share = own.fitting / max(own.filled, 1)
        if likeness >= _LIKE and (share >= _FITTING or not filled) or share >= _TELLING and own.fitting >= _FEWEST:
            found.append(own)
    found.sort(key=lambda one: -one.weight)
    return [one for one in found if one.weight >= found[0].weight - _NEAR][:_MOST]


def _likeness(header: str, f: Field) -> int:
    """Per cent of letters that a header has in common with the nearest name of a field, empty words left out."""
    from rapidfuzz.fuzz import ratio  # half a tenth of a second that most files do not need

    bare = without_remarks(narrow(header))[0]
    words = {fold(name) for label in (f.label, *f.aliases) for name in (label, without_remarks(narrow(label))[0])}
    return round(max(ratio(own, word) for own in {fold(bare), fold(_FILLER.sub("", bare))} for word in words if word))


def _speaks_alone(f: Field, edition: Edition) -> bool:
    return f.type in _SPEAK_ALONE or f.vocabulary is not None and len(edition.terms(f)) > _MANY_TERMS


def _fitting(filled: Sequence[Any], f: Field, edition: Edition) -> int:
    """How many values read as what the field holds, within its limits."""
    column = ColumnReader(f, edition)
    labels = {term.label for term in edition.terms(f)} if f.vocabulary else frozenset()
    return sum(_reads(column[cell], cell, f, labels) for cell in filled)


def fitting_share(cells: Sequence[Any], f: Field, edition: Edition) -> float:
    """What share of the cells that are not blank reads as the field's; 0 where all are blank."""
    filled = [cell for cell in cells if not is_blank(cell)][:_MOST_VALUES]
    return _fitting(filled, f, edition) / len(filled) if filled else 0


def _reads(value: Any, cell: Any, f: Field, labels: Iterable[str]) -> bool:
    if f.vocabulary:
        return isinstance(value, tuple) or value in labels
    if f.type in _SHAPES:
        return isinstance(value, str) and bool(_SHAPES[f.type][0].fullmatch(value))
    if f.is_numeric:
        return not isinstance(value, str) and (f.minimum is None or value >= f.minimum) \
            and (f.maximum is None or value <= f.maximum)
    if f.type == "date":
        return not isinstance(value, str)
    return isinstance(cell, str) and quantity(cell)[0] is None


def _read_as(f: Field) -> str:
    if f.type in _SHAPES:
        return _SHAPES[f.type][1]
    return "词表中的词" if f.vocabulary else "数字" if f.is_numeric else "日期" if f.type == "date" else "文字"
