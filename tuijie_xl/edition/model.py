"""What an edition holds: one year's notice as values. Nothing here reads a file."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from ..condition import Condition

#: Field types and what a cell of each holds once it has been read.
TYPES = {
    "text": str, "long_text": str, "credit_code": str, "phone": str, "email": str, "postcode": str, "url": str,
    "amount": Decimal, "number": Decimal, "percent": Decimal, "count": int, "year": int, "date": date,
    "term": str, "terms": tuple, "measure": Decimal, "system": str,
}
NUMERIC = ("amount", "number", "percent", "count", "year", "measure")
OWN = "自拟"
#: Foreign money for which an edition may state a rate.
FOREIGN = ("USD", "EUR", "GBP", "JPY", "HKD")
#: Codes that the vocabulary of the material columns must have: handed in, not handed in, not called for.
HAVE, LACK, NOT_CALLED_FOR = "HAVE", "MISSING", "NA"
#: Codes of a vocabulary of yes and no.
YES, NO = "Y", "N"


#: The texts of an edition, and what each may name in {}.
TEXTS = {name: ("title", "deadline", "recipient", *more) for name, more in {
    "reminder": ("region", "count", "day"), "reminder_late": ("region", "count", "day"),
    "announcement_title": (), "announcement": ("count",), "announcement_sender": ()}.items()}


class EditionError(Exception):
    """The edition's folder is broken: ``path`` is the file, ``key`` the entry, ``why`` the reason."""

    def __init__(self, path, key: str, why: str):
        super().__init__(f"{path}: {key}: {why}")
        self.path, self.key, self.why = str(path), key, why


# ------------------------------------------------------------------ what an edition holds

@dataclass(frozen=True)
class Kind:
    """A kind of applicant: ``sheet`` is its sheet in the workbook, ``form`` the name of its printed form."""

    id: str
    label: str
    sheet: str
    form: str
    clause: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Clause:
    """One clause of the notice in its own words. ``number`` is what people cite: '一（一）2'."""

    id: str
    number: str
    words: str
    kind: str | None = None


@dataclass(frozen=True)
class Term:
    """An entry of a vocabulary. ``parent`` is the code of the term above it, None at the top."""

    code: str
    label: str
    parent: str | None = None
    definition: str = ""
    aliases: tuple[str, ...] = ()
    needs_text: bool = False


@dataclass(frozen=True)
class Vocabulary:
    """A list or tree of terms, in the order of the notice."""

    id: str
    label: str
    source: str
    terms: tuple[Term, ...]

    @cached_property
    def by_code(self) -> dict[str, Term]:
        return {term.code: term for term in self.terms}

    @cached_property
    def by_label(self) -> dict[str, Term]:
        return {term.label: term for term in self.terms}

    def children(self, parent: Term | None) -> tuple[Term, ...]:
        code = parent.code if parent else None
        return tuple(term for term in self.terms if term.parent == code)

    def level(self, number: int) -> tuple[Term, ...]:
        """The terms at depth ``number`` (1 is the top)."""
        return tuple(term for term in self.terms if len(self.path(term)) == number)

    def path(self, term: Term) -> tuple[Term, ...]:
        """From the top down to ``term`` itself."""
        above = self.path(self.by_code[term.parent]) if term.parent else ()
        return (*above, term)

    @cached_property
    def leaves(self) -> tuple[Term, ...]:
        parents = {term.parent for term in self.terms}
        return tuple(term for term in self.terms if term.code not in parents)


@dataclass(frozen=True)
class Field:
    """A column of a kind's sheet.

    ``required`` is True, False or the condition under which it must be filled. ``level`` is the depth of
    the vocabulary that the field chooses from (0: the leaves) and ``parent`` the field that holds the level
    above. ``at_most`` is the field whose value this one cannot exceed (part <= whole). ``latest`` is the
    last date allowed. ``source`` is a clause id or '自拟'.
    """

    kind: str
    id: str
    label: str
    type: str
    unit: str = ""
    required: bool | Condition = False
    vocabulary: str | None = None
    level: int = 0
    parent: str | None = None
    other_of: str | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    latest: date | None = None
    at_most: str | None = None
    group: str = ""
    aliases: tuple[str, ...] = ()
    example: str = ""
    help: str = ""
    source: str = OWN
    width: float = 14

    @property
    def is_numeric(self) -> bool:
        return self.type in NUMERIC


@dataclass(frozen=True)
class Currency:
    """What one unit of foreign money is in 元, and who says so, in words."""

    id: str
    rate: Decimal
    source: str


@dataclass(frozen=True)
class Criterion:
    """A numbered standard of the notice: the condition that an applicant of ``kind`` must meet."""

    id: str
    kind: str
    clause: str
    label: str
    condition: Condition


@dataclass(frozen=True)
class Measure:
    """A computed field: ``numerator / denominator``, shown rounded down to ``decimals`` places."""

    field: str
    kind: str
    numerator: str
    denominator: str
    decimals: int
    plausible: tuple[Decimal, Decimal]


@dataclass(frozen=True)
class Scale:
    """How large an amount usually is, or with ``per`` (a field of numbers of the same row) the amount for each of it."""

    field: str
    kind: str
    plausible: tuple[Decimal, Decimal]
    per: str | None = None


@dataclass(frozen=True)
class Bands:
    """How the statistics divide a number: band i is from ``edges[i - 1]`` (included) to below ``edges[i]``.

    ``edges`` ascend; the limits that the criteria set to the field are among them.
    """

    kind: str
    field: str
    edges: tuple[Decimal, ...]


@dataclass(frozen=True)
class Material:
    """A paper to be handed in: ``when`` is True or the condition that calls for it; ``field`` is its column."""

    id: str
    kind: str
    label: str
    when: bool | Condition
    clause: str
    help: str = ""
    aliases: tuple[str, ...] = ()

    @property
    def field(self) -> str:
        return f"material_{self.id}"

    @property
    def name(self) -> str:
        """The paper itself, without the word that marks its column."""
        return self.label.split("：", 1)[-1]


@dataclass(frozen=True)
class Edition:
    """One year's programme. All lookups are by id; order is the order of the data files. ``texts`` are the words of letters,
    with {placeholders} (``TEXTS`` tells which)."""

    id: str
    title: str
    statistics_year: int
    deadline: date
    deadline_inclusive: bool
    recipient: str
    website: str
    kinds: dict[str, Kind]
    clauses: dict[str, Clause]
    vocabularies: dict[str, Vocabulary]
    all_fields: tuple[Field, ...]
    criteria: tuple[Criterion, ...]
    measures: tuple[Measure, ...]
    materials: tuple[Material, ...]
    folder: Path
    texts: dict[str, str]
    forms: dict[str, tuple[tuple[str, ...], ...]] = field(repr=False, default_factory=dict)
    bands: tuple[Bands, ...] = ()
    currencies: dict[str, Currency] = field(default_factory=dict)
    scales: tuple[Scale, ...] = ()

    def fields(self, kind: str) -> dict[str, Field]:
        """Field id -> Field of one kind, in column order."""
        return self._fields_by_kind[kind]

    @cached_property
    def _fields_by_kind(self) -> dict[str, dict[str, Field]]:
        return {kind: {f.id: f for f in self.all_fields if f.kind == kind} for kind in self.kinds}

    def label(self, field_id: str) -> str:
        """What people call a field, in the first kind that has it. KeyError when none has."""
        for f in self.all_fields:
            if f.id == field_id:
                return f.label
        raise KeyError(field_id)

    def terms(self, f: Field) -> tuple[Term, ...]:
        """What a field of a vocabulary may choose from: the level it names, or the leaves."""
        vocabulary = self.vocabularies[f.vocabulary]
        return vocabulary.level(f.level) if f.level else vocabulary.leaves

    def criteria_of(self, kind: str) -> tuple[Criterion, ...]:
        return tuple(c for c in self.criteria if c.kind == kind)

    def measures_of(self, kind: str) -> tuple[Measure, ...]:
        return tuple(m for m in self.measures if m.kind == kind)

    def scales_of(self, kind: str) -> tuple[Scale, ...]:
        return tuple(s for s in self.scales if s.kind == kind)

    def materials_of(self, kind: str) -> tuple[Material, ...]:
        return tuple(m for m in self.materials if m.kind == kind)

    def bands_of(self, kind: str) -> tuple[Bands, ...]:
        return tuple(b for b in self.bands if b.kind == kind)

    def cite(self, source: str | None) -> str:
        """The words by which people cite a clause: '推荐说明 一（一）2', or 自拟."""
        return f"推荐说明 {self.clauses[source].number}" if source in self.clauses else (source or "")

    def text(self, name: str, **words) -> str:
        """One of the edition's own texts with its words filled in."""
        return self.texts[name].format(title=self.title, deadline=self.last_day, recipient=self.recipient, **words)

    @property
    def last_day(self) -> str:
        """How the deadline is read, in words: '2018年7月3日前（含当日）'."""
        day = f"{self.deadline.year}年{self.deadline.month}月{self.deadline.day}日前"
        return day + ("（含当日）" if self.deadline_inclusive else "（不含当日）")
