"""An edition: one year's notice as data (``editions/<id>/``), loaded strictly.

Anything misspelt, missing, doubled or pointing nowhere is an ``EditionError`` that names
the file, the key and what was probably meant; nothing is guessed or filled in.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from functools import cache, cached_property
from pathlib import Path

from .condition import Condition, Test, parse_condition, read_condition, tests

EDITIONS = Path(__file__).parent / "editions"

#: Field types and what a cell of each holds once it has been read.
TYPES = {
    "text": str, "long_text": str, "credit_code": str, "phone": str, "email": str, "postcode": str, "url": str,
    "amount": Decimal, "number": Decimal, "percent": Decimal, "count": int, "year": int, "date": date,
    "term": str, "terms": tuple, "measure": Decimal, "system": str,
}
NUMERIC = ("amount", "number", "percent", "count", "year", "measure")
OWN = "自拟"
#: Codes that the vocabulary of the material columns must have: handed in, not handed in, not called for.
HAVE, LACK, NOT_CALLED_FOR = "HAVE", "MISSING", "NA"


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
class Material:
    """A paper to be handed in: ``when`` is True or the condition that calls for it; ``field`` is its column."""

    id: str
    kind: str
    label: str
    when: bool | Condition
    clause: str
    help: str = ""

    @property
    def field(self) -> str:
        return f"material_{self.id}"


@dataclass(frozen=True)
class Edition:
    """One year's programme. All lookups are by id; order is the order of the data files."""

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
    forms: dict[str, tuple[tuple[str, ...], ...]] = field(repr=False, default_factory=dict)

    def fields(self, kind: str) -> dict[str, Field]:
        """Field id -> Field of one kind, in column order."""
        return self._fields_by_kind[kind]

    @cached_property
    def _fields_by_kind(self) -> dict[str, dict[str, Field]]:
        return {kind: {f.id: f for f in self.all_fields if f.kind == kind} for kind in self.kinds}

    def terms(self, f: Field) -> tuple[Term, ...]:
        """What a field of a vocabulary may choose from: the level it names, or the leaves."""
        vocabulary = self.vocabularies[f.vocabulary]
        return vocabulary.level(f.level) if f.level else vocabulary.leaves

    def criteria_of(self, kind: str) -> tuple[Criterion, ...]:
        return tuple(c for c in self.criteria if c.kind == kind)

    def measures_of(self, kind: str) -> tuple[Measure, ...]:
        return tuple(m for m in self.measures if m.kind == kind)

    def materials_of(self, kind: str) -> tuple[Material, ...]:
        return tuple(m for m in self.materials if m.kind == kind)

    def cite(self, source: str | None) -> str:
        """The words by which people cite a clause: '推荐说明 一（一）2', or 自拟."""
        return f"推荐说明 {self.clauses[source].number}" if source in self.clauses else (source or "")

    @property
    def last_day(self) -> str:
        """How the deadline is read, in words: '2018年7月3日前（含当日）'."""
        day = f"{self.deadline.year}年{self.deadline.month}月{self.deadline.day}日前"
        return day + ("（含当日）" if self.deadline_inclusive else "（不含当日）")


# ------------------------------------------------------------------ loading

def editions() -> list[str]:
    """The ids of the editions that are installed, newest first."""
    return sorted((p.name for p in EDITIONS.iterdir() if (p / "edition.toml").is_file()), reverse=True)


@cache
def load_edition(name: str | Path) -> Edition:
    """Load an edition by id ('2018') or by folder. Raises ``EditionError`` for anything wrong in the folder."""
    folder = Path(name) if Path(name).is_dir() else EDITIONS / str(name)
    if not (folder / "edition.toml").is_file():
        raise EditionError(folder, "edition", f"没有这个年度版本；现有：{'、'.join(editions())}")
    return _Loader(folder).load()


def suggest(word: str, known: Iterable[str]) -> str:
    """'; did you mean x?' when something known is close, else the list of what is allowed."""
    known = [str(k) for k in known]
    close = get_close_matches(word, known, 1)
    return f"; did you mean {close[0]!r}?" if close else f"; allowed are {', '.join(known[:30])}"


class _Loader:
    """Reads one folder. Every method returns finished values or raises ``EditionError``."""

    def __init__(self, folder: Path):
        self.folder = folder

    def load(self) -> Edition:
        head = self.toml("edition.toml")
        self.keys("edition.toml", "edition", head, EDITION_KEYS)
        self.deadline = head["deadline"]
        self.statistics_year = head["statistics_year"]
        self.clauses = self.records("edition.toml", "clause", head["clause"], Clause)
        self.kinds = self.records("edition.toml", "kind", head["kind"], Kind)
        self.vocabularies = self.load_vocabularies(head["vocabulary"])
        materials = self.load_materials()
        fields = self.load_fields(materials)
        self.fields = {(f.kind, f.id): f for f in fields}
        rules = self.toml("criteria.toml")
        self.keys("criteria.toml", "criteria", rules, ("criterion", "measure"))
        edition = Edition(
            **{k: head[k] for k in EDITION_KEYS if k not in ("clause", "kind", "vocabulary")},
            clauses=self.clauses, kinds=self.kinds, vocabularies=self.vocabularies, all_fields=tuple(fields),
            criteria=tuple(self.criterion(entry) for entry in rules["criterion"]),
            measures=tuple(self.measure(entry) for entry in rules["measure"]),
            materials=materials, folder=self.folder, forms={kind: self.form(kind) for kind in self.kinds})
        self.cross_check(edition)
        return edition

    # -------------------------------------------------------------- reading and complaining

    def fail(self, file: str, key: str, why: str):
        raise EditionError(self.folder / file, key, why)

    def toml(self, file: str) -> dict:
        try:
            return tomllib.loads((self.folder / file).read_text("utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as err:
            self.fail(file, "file", str(err))

    def rows(self, file: str, columns: tuple[str, ...]) -> list[dict[str, str]]:
        """Rows of a CSV (UTF-8, '#' lines are remarks); its header must be exactly ``columns``."""
        try:
            text = (self.folder / file).read_text("utf-8-sig")
        except (OSError, UnicodeDecodeError) as err:
            self.fail(file, "file", str(err))
        lines = list(csv.reader(line for line in text.splitlines() if line.strip() and not line.startswith("#")))
        for name in lines[0]:
            if name not in columns:
                self.fail(file, name, f"unknown column{suggest(name, columns)}")
        for name in columns:
            if name not in lines[0]:
                self.fail(file, name, "missing column")
        for line in lines[1:]:
            if len(line) != len(lines[0]):
                self.fail(file, line[0], f"{len(line)} cells under {len(lines[0])} columns: {line}")
        return [dict(zip(lines[0], (cell.strip() for cell in line))) for line in lines[1:]]

    def keys(self, file: str, key: str, table: dict, known: Iterable[str], optional: tuple[str, ...] = ()):
        for name in table:
            if name not in (*known, *optional):
                self.fail(file, f"{key}.{name}", f"unknown key{suggest(name, (*known, *optional))}")
        for name in known:
            if name not in table:
                self.fail(file, f"{key}.{name}", "missing key")

    def known(self, file: str, key: str, word: str, among: Iterable[str], what: str) -> str:
        among = list(among)
        if word not in among:
            self.fail(file, key, f"unknown {what} {word!r}{suggest(word, among)}")
        return word

    def unique(self, file: str, key: str, seen, ident):
        if ident in seen:
            self.fail(file, key, f"duplicate id {ident!r}")

    def number(self, file: str, key: str, text: str) -> Decimal | None:
        try:
            return Decimal(text) if text else None
        except InvalidOperation:
            self.fail(file, key, f"{text!r} is not a number")

    def condition(self, file: str, key: str, read, value) -> Condition:
        try:
            return read(value)
        except (ValueError, TypeError) as err:
            self.fail(file, key, str(err))

    def need(self, file: str, key: str, text: str) -> bool | Condition:
        """'yes', 'no' (or blank) or a condition."""
        if text in ("yes", "no", ""):
            return text == "yes"
        return self.condition(file, key, parse_condition, text)

    def source(self, file: str, key: str, text: str) -> str:
        return self.known(file, key, text, (OWN, *self.clauses), "clause")

    # -------------------------------------------------------------- the parts

    def records(self, file: str, key: str, entries: list[dict], kind: type) -> dict:
        """Tables with an id -> {id: dataclass}; keys are those of the dataclass."""
        names = [name for name in kind.__dataclass_fields__]
        optional = tuple(n for n in names if kind.__dataclass_fields__[n].default is not kind.__dataclass_fields__["id"].default)
        found: dict = {}
        for entry in entries:
            ident = str(entry.get("id", "?"))
            self.keys(file, f"{key} {ident}", entry, [n for n in names if n not in optional], optional)
            self.unique(file, f"{key} {ident}", found, ident)
            if kind is Kind:
                self.source(file, f"{key} {ident}.clause", entry["clause"])
            found[ident] = kind(**{k: tuple(v) if isinstance(v, list) else v for k, v in entry.items()})
        return found

    def load_vocabularies(self, entries: list[dict]) -> dict[str, Vocabulary]:
        file, terms = "taxonomy.csv", {}
        names = {}
        for entry in entries:
            self.keys("edition.toml", f"vocabulary {entry.get('id', '?')}", entry, ("id", "label", "source"))
            self.unique("edition.toml", f"vocabulary {entry['id']}", names, entry["id"])
            self.source("edition.toml", f"vocabulary {entry['id']}.source", entry["source"])
            names[entry["id"]], terms[entry["id"]] = entry, {}
        for row in self.rows(file, TERM_COLUMNS):
            key = f"{row['vocabulary']}/{row['code']}"
            own = terms[self.known(file, key, row["vocabulary"], terms, "vocabulary")]
            self.unique(file, key, own, row["code"])
            if row["label"] in {t.label for t in own.values()}:
                self.fail(file, key, f"duplicate label {row['label']!r}")
            if row["parent"]:
                self.known(file, f"{key}.parent", row["parent"], own, "parent term")
            own[row["code"]] = Term(row["code"], row["label"], row["parent"] or None, row["definition"],
                                    _split(row["aliases"]), row["needs_text"] == "yes")
        for ident, own in terms.items():
            if not own:
                self.fail(file, ident, "vocabulary without terms")
        return {i: Vocabulary(i, names[i]["label"], names[i]["source"], tuple(own.values())) for i, own in terms.items()}

    def load_materials(self) -> tuple[Material, ...]:
        file, found = "materials.csv", {}
        for row in self.rows(file, MATERIAL_COLUMNS):
            key = f"{row['kind']}/{row['id']}"
            self.known(file, key, row["kind"], self.kinds, "kind")
            self.unique(file, key, found, key)
            found[key] = Material(row["id"], row["kind"], row["label"], self.need(file, f"{key}.when", row["when"]),
                                  self.source(file, f"{key}.clause", row["clause"]), row["help"])
        return tuple(found.values())

    def load_fields(self, materials: tuple[Material, ...]) -> list[Field]:
        """Fields in order; every material gets its column where the row 'materials' stands."""
        file, found = "fields.csv", {}
        for row in self.rows(file, FIELD_COLUMNS):
            kinds = list(self.kinds) if row["kind"] == "*" else row["kind"].split("|")
            for kind in kinds:
                self.known(file, row["id"], kind, self.kinds, "kind")
                made = ([self.field(kind, row)] if row["type"] != "materials" else
                        self.material_fields(row, [m for m in materials if m.kind == kind]))
                for one in made:
                    self.unique(file, f"{kind}/{one.id}", found, (kind, one.id))
                    found[kind, one.id] = one
        return list(found.values())

    def material_fields(self, row: dict[str, str], materials: list[Material]) -> list[Field]:
        """A column for each material; its vocabulary must tell handed in, not handed in, not called for."""
        vocabulary = self.vocabularies[self.known("fields.csv", row["id"], row["vocabulary"], self.vocabularies,
                                                  "vocabulary")]
        for code in (HAVE, LACK, NOT_CALLED_FOR):
            self.known("taxonomy.csv", vocabulary.id, code, vocabulary.by_code, "term")
        return [Field(m.kind, m.field, m.label, "term", vocabulary=vocabulary.id, group=row["group"],
                      aliases=(f"{m.label}（材料）",), help=m.help, source=m.clause,
                      width=float(self.number("fields.csv", f"{row['id']}.width", row["width"]) or 14))
                for m in materials]

    def field(self, kind: str, row: dict[str, str]) -> Field:
        file, key = "fields.csv", f"{kind}/{row['id']}"
        self.known(file, f"{key}.type", row["type"], TYPES, "type")
        if (row["type"] in ("term", "terms")) != bool(row["vocabulary"]):
            self.fail(file, f"{key}.vocabulary", "a field of type term or terms names a vocabulary, and only such a field")
        if row["vocabulary"]:
            self.known(file, f"{key}.vocabulary", row["vocabulary"], self.vocabularies, "vocabulary")
        years = {"statistics_year": Decimal(self.statistics_year)}
        return Field(
            kind, row["id"], row["label"], row["type"], row["unit"], self.need(file, f"{key}.required", row["required"]),
            row["vocabulary"] or None, int(self.number(file, f"{key}.level", row["level"]) or 0), row["parent"] or None,
            row["other_of"] or None, self.number(file, f"{key}.min", row["min"]),
            years[row["max"]] if row["max"] in years else None if row["max"] == "deadline"
            else self.number(file, f"{key}.max", row["max"]),
            self.deadline if row["max"] == "deadline" else None, row["at_most"] or None, row["group"],
            _split(row["aliases"]), row["example"], row["help"], self.source(file, f"{key}.source", row["source"]),
            float(self.number(file, f"{key}.width", row["width"]) or 14))

    def criterion(self, entry: dict) -> Criterion:
        file, key = "criteria.toml", f"criterion {entry.get('id', '?')}"
        self.keys(file, key, entry, ("id", "kind", "clause", "label"), ("all", "any"))
        self.known(file, f"{key}.kind", entry["kind"], self.kinds, "kind")
        self.known(file, f"{key}.clause", entry["clause"], self.clauses, "clause")
        rule = {k: v for k, v in entry.items() if k in ("all", "any")}
        return Criterion(entry["id"], entry["kind"], entry["clause"], entry["label"],
                         self.condition(file, key, read_condition, rule))

    def measure(self, entry: dict) -> Measure:
        file, key = "criteria.toml", f"measure {entry.get('field', '?')}"
        self.keys(file, key, entry, tuple(Measure.__dataclass_fields__))
        for name in ("field", "numerator", "denominator"):
            own = [i for k, i in self.fields if k == entry["kind"]]
            self.known(file, f"{key}.{name}", entry[name], own, "field")
        low, high = entry["plausible"]
        return Measure(**{**entry, "plausible": (Decimal(str(low)), Decimal(str(high)))})

    def form(self, kind: str) -> tuple[tuple[str, ...], ...]:
        file = f"forms/{kind}.csv"
        try:
            text = (self.folder / file).read_text("utf-8-sig")
        except OSError as err:
            self.fail(file, "file", str(err))
        grid = tuple(tuple(cell.strip() for cell in row) for row in csv.reader(text.splitlines()) if row)
        for number, row in enumerate(grid, 1):
            if len(row) != len(grid[0]):
                self.fail(file, f"line {number}", f"{len(row)} cells, the first line has {len(grid[0])}")
        return grid

    # -------------------------------------------------------------- what must fit together

    def cross_check(self, edition: Edition) -> None:
        for f in edition.all_fields:
            own = edition.fields(f.kind)
            key = f"{f.kind}/{f.id}"
            for name in ("parent", "at_most", "other_of"):
                if getattr(f, name):
                    self.known("fields.csv", f"{key}.{name}", getattr(f, name), own, "field")
            if f.vocabulary and not edition.terms(f):
                self.fail("fields.csv", f"{key}.level", f"vocabulary {f.vocabulary!r} has no level {f.level}")
            self.check_condition("fields.csv", f"{key}.required", edition, f.kind, f.required)
            for label in {f.label, *f.aliases}:
                twin = next((o for o in own.values() if o.id != f.id and label in (o.label, *o.aliases)), None)
                if twin:
                    self.fail("fields.csv", f"{key}.label", f"{label!r} is also a label of {twin.id!r}")
        for c in edition.criteria:
            self.check_condition("criteria.toml", f"criterion {c.id}", edition, c.kind, c.condition)
        for m in edition.materials:
            self.check_condition("materials.csv", f"{m.kind}/{m.id}.when", edition, m.kind, m.when)

    def check_condition(self, file: str, key: str, edition: Edition, kind: str, condition: bool | Condition) -> None:
        for test in tests(condition) if not isinstance(condition, bool) else ():
            f = edition.fields(kind)[self.known(file, key, test.field, edition.fields(kind), "field")]
            self.check_test(file, key, edition, f, test)

    def check_test(self, file: str, key: str, edition: Edition, f: Field, test: Test) -> None:
        if test.limit is not None and not f.is_numeric:
            self.fail(file, key, f"{f.id!r} is {f.type}, not a number")
        if test.limit is not None and test.unit and test.unit != f.unit:
            self.fail(file, key, f"unit {test.unit!r}, but {f.id!r} is counted in {f.unit!r}")
        if test.values:
            if f.type != {"is": "term", "has": "terms"}[test.op]:
                self.fail(file, key, f"{test.op!r} does not fit {f.id!r} of type {f.type}")
            for value in test.values:
                self.known(file, key, value, (t.label for t in edition.terms(f)), f"term of {f.vocabulary}")


EDITION_KEYS = ("id", "title", "statistics_year", "deadline", "deadline_inclusive", "recipient", "website",
                "clause", "kind", "vocabulary")
TERM_COLUMNS = ("vocabulary", "code", "parent", "label", "needs_text", "aliases", "definition")
MATERIAL_COLUMNS = ("kind", "id", "label", "when", "clause", "help")
FIELD_COLUMNS = ("kind", "id", "label", "type", "unit", "required", "vocabulary", "level", "parent", "other_of", "min",
                 "max", "at_most", "group", "width", "source", "aliases", "example", "help")


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("|") if part.strip())
