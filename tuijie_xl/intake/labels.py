"""Headers and the fields they name: exact label, alias, then the same with all that is not letters taken away.

Nothing is guessed: a header either names one field (or the tick column of one term) for certain, or none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from ..edition import Edition, Field, Term
from .text import fold, narrow
from .units import DOUBTFUL, SCALES, Unit, parse_unit, speaks_of_money, units_in

_BRACKETS = re.compile(r"[(\[【〔<]([^()\[\]【】〔〕<>]*)[)\]】〕>]")
_LEADING = re.compile(r"^[*★※\s]*(?:\(?\d{1,2}[.)、:]|\(?[一二三四五六七八九十]{1,3}[.)、])?\s*")
_TAIL_UNIT = re.compile(r"(?:[/,:、\s]*(?:金额)?单位[为:\s]*|[/,:、\s]?)((?:人民币)?[百千]?[万亿]?(?:美元|欧元|元))$")
_YEAR = re.compile(r"((?:19|20)\d\d)(?:年度?|(?=\D|$))")
_LAST_YEAR = re.compile(r"上一?年度?|去年|前一年度?")
#: Words in brackets, or in the band above, that make a number another number.
_CHANGES = re.compile("离岸|在岸|国际|国内|预计|预测|预期|计划|目标|累计|同比|环比|增长|增幅|增速|占比|比重|比例|排名|其中|"
                      "集团|合并|本年|今年|当年|半年|季度|新增|期初|年初|所在园区|所属园区|母公司|总公司|全省|全市|全行业|"
                      r"\d月|月份")
_SHARES = ("占比", "比重", "比例")
#: Words in brackets that make a column another column: '联系人（电话）'.
_CALLS = re.compile(_CHANGES.pattern + "|月|名称|代码|日期|时间|电话|传真|说明|备注")
#: How sure a key is, best first; a worse key never takes a header from a better one.
LABEL, TERM, ALIAS, TERM_ALIAS, BARE, BARE_ALIAS, YEARLESS, NAME_LIKE = range(8)
_YEARLY, _OF_ALL_YEARS = NAME_LIKE + 1, "累计"            # a header that named a year, and what it never names then
MAX_HEADER = 80
SERIAL = "serial"                           # the one column of the system that bureaus have as well


@dataclass(frozen=True)
class Target:
    """What a header can name: a field, or with ``term`` the tick column of that term."""

    field: Field
    term: Term | None = None


@dataclass(frozen=True)
class Match:
    """What a header names. More than one target only where several fields share a term: first come, first served."""

    targets: tuple[Target, ...]
    level: int
    unit: Unit | None = None


@dataclass(frozen=True)
class OtherYear:
    """A header that would name a field of numbers, were it not for its year."""

    year: int


@dataclass(frozen=True)
class OtherScope:
    """A header that would name a field of numbers, were it not for the words of the band above: 预计, 集团合并."""

    words: str


@dataclass(frozen=True)
class _Reading:
    key: str
    worst: int                              # keys of a level above this are not asked
    unit: Unit | None = None


@dataclass
class Labels:
    """All that the headers of one kind may be called."""

    edition: Edition
    kind: str
    ours: bool = True                       # our own book: the columns that we compute are known by name
    keys: dict[str, dict[Target, int]] = field(default_factory=dict)

    def __post_init__(self):
        self._remembered = lru_cache(maxsize=20_000)(self._match)
        for f in self.edition.fields(self.kind).values():
            if f.type == "system" and f.id != SERIAL and not self.ours:
                continue
            self._add(Target(f), f.label, LABEL, BARE)
            for alias in f.aliases:
                self._add(Target(f), alias, ALIAS, BARE_ALIAS)
            for term in self.edition.terms(f) if f.type == "terms" else ():
                self._key(fold(term.label), Target(f, term), TERM)
                for alias in term.aliases:
                    self._key(fold(alias), Target(f, term), TERM_ALIAS)

    def _add(self, target: Target, text: str, level: int, bare_level: int) -> None:
        bare, _ = without_remarks(narrow(text))
        self._key(fold(text), target, level)
        self._key(fold(bare), target, bare_level)
        self._key(fold(of_own_year(bare, self.edition.statistics_year)), target, YEARLESS)

    def _key(self, key: str, target: Target, level: int) -> None:
        if key:
            levels = self.keys.setdefault(key, {})
            levels[target] = min(level, levels.get(target, level))

    def match(self, header: str) -> Match | OtherYear | None:
        """The field or term that a header names; ``OtherYear`` if only its year forbids it; None for no or many."""
        if len(header) > MAX_HEADER:
            return None
        return self._remembered(header)

    def _match(self, header: str) -> Match | OtherYear | None:
        text = narrow(header)
        for reading in self._readings(text):
            found = self._look_up(reading)
            if found:
                return found
        others = [int(year) for year in _YEAR.findall(text) if int(year) != self.edition.statistics_year]
        found = next(filter(None, map(self._look_up, self._readings(_YEAR.sub("", text)))), None) if others else None
        return OtherYear(others[0]) if found and found.targets[0].field.is_numeric else found

    def unit_in(self, header: str) -> Unit | None:
        """The unit that a header names: '外包收入合计（万元）' -> 万元; None for none."""
        return next((reading.unit for reading in self._readings(narrow(header)) if reading.unit), None)

    def _readings(self, text: str) -> list[_Reading]:
        """The keys of a header, surest first: as it is; without number and remarks; without the statistics year."""
        bare, unit = without_remarks(text)
        tail = _TAIL_UNIT.search(bare) if unit is None else None
        if tail:
            bare, unit = bare[:tail.start()], parse_unit(tail[1])
        yearless = of_own_year(bare, self.edition.statistics_year)
        yearly = YEARLESS if yearless == bare else _YEARLY
        return [_Reading(fold(text), BARE_ALIAS, unit), _Reading(fold(_LEADING.sub("", text)), BARE_ALIAS, unit),
                _Reading(fold(bare), BARE_ALIAS, unit), _Reading(fold(yearless), yearly, unit)]

    def _look_up(self, reading: _Reading) -> Match | None:
        fitting = {target: level for target, level in self.keys.get(reading.key, {}).items()
                   if level <= reading.worst and unit_fits(target.field, reading.unit)
                   and not (reading.worst == _YEARLY and _OF_ALL_YEARS in target.field.label)}
        if not fitting:
            return None
        level = min(fitting.values())
        best = tuple(target for target, own in fitting.items() if own == level)
        if len(best) > 1 and reading.unit:
            best = tuple(t for t in best if _dimension(t.field) == reading.unit.dimension) or best
        one = len(best) == 1 or all(target.term for target in best)
        return Match(best, level, reading.unit) if one else None


def changes_meaning(text: str, label: str = "", share: bool = False) -> bool:
    """True for words that make the number below them another one than its label says (预计, 同比, 离岸 ...).

    A word that ``label`` has as well changes nothing, nor does 占比 over a ``share``.
    """
    own = narrow(label)
    return any(match[0] not in own and not (share and match[0] in _SHARES) for match in _CHANGES.finditer(narrow(text)))


def could_name(header: str, f: Field, edition: Edition) -> bool:
    """False for a header that for certain is not the field: another unit, another year, another scope of a number."""
    text = narrow(header)
    unit = without_remarks(text)[1]
    if not unit_fits(f, unit):
        return False
    years = {int(year) for year in _YEAR.findall(text)} - {edition.statistics_year}
    names = " ".join((f.label, *f.aliases))
    return not f.is_numeric or not years and not changes_meaning(text, names, f.type == "percent")


def of_own_year(text: str, year: int) -> str:
    """A header without the words that say that it is of the statistics year: '2017年度', '上年度'."""
    return _LAST_YEAR.sub("", _YEAR.sub(lambda m: "" if int(m[1]) == year else m[0], text))


def without_remarks(text: str) -> tuple[str, Unit | None]:
    """A header without number in front and bracketed unit and remarks; and the unit. Telling remarks stay.

    The unit is ``DOUBTFUL`` where a remark speaks of money and is not understood, or two units contradict.
    """
    units: list[Unit] = []
    unread: list[str] = []

    def drop(match: re.Match) -> str:
        telling = []
        for part in re.split(r"[,、;:\s]+", match[1]):
            found = units_in(part) or _bare_scale(part)
            units.extend(found)
            if not found and speaks_of_money(part):
                unread.append(part)
            if not found and (_CALLS.search(part) or _YEAR.search(part)):
                telling.append(part)
        return f"({','.join(telling)})" if telling else ""

    bare = _BRACKETS.sub(drop, _LEADING.sub("", text)).strip()
    money = {unit.tens for unit in units if unit.dimension in ("CNY", "")}
    if len(money) > 1 or unread and not units:
        return bare, DOUBTFUL
    return bare, units[0] if units else None


def _bare_scale(text: str) -> list[Unit]:
    """'亿' alone in brackets: so many of the field's own kind."""
    return [Unit(text, "", SCALES[text])] if text in SCALES and text else []


def unit_fits(f: Field, unit: Unit | None) -> bool:
    """A number field takes a header only with a unit of its own kind; other fields take any remark."""
    if unit is None or not f.is_numeric:
        return True
    own = parse_unit(f.unit)
    if unit is DOUBTFUL or own is not None and not unit.dimension:
        return True
    return own is not None and own.fits(unit)


def _dimension(f: Field) -> str | None:
    unit = parse_unit(f.unit)
    return unit and unit.dimension


_KNOWN: dict[tuple[int, bool], tuple[Edition, dict[str, Labels]]] = {}


def labels_of(edition: Edition, ours: bool) -> dict[str, Labels]:
    """Kind -> its labels, those of our own computed columns only for books of ours; made once for an edition."""
    known = _KNOWN.get((id(edition), ours))
    if known is None:
        made = {kind: Labels(edition, kind, ours) for kind in edition.kinds}
        known = _KNOWN[id(edition), ours] = (edition, made)
    return known[1]
