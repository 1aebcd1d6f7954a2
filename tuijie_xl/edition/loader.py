"""Makes an ``Edition`` from the files of its folder, part by part."""

from __future__ import annotations

import re
from dataclasses import MISSING, fields
from datetime import date
from decimal import Decimal

from ..condition import read_condition, tests
from .model import (
    FOREIGN,
    HAVE,
    LACK,
    NOT_CALLED_FOR,
    OWN,
    TEXTS,
    TYPES,
    Bands,
    Clause,
    Criterion,
    Currency,
    Edition,
    Field,
    Kind,
    Material,
    Measure,
    Scale,
    Term,
    Vocabulary,
)
from .reading import Folder

HEAD = {"id": str, "title": str, "statistics_year": int, "deadline": date, "deadline_inclusive": bool,
        "recipient": str, "website": str, "texts": dict}
TABLES = {"clause": list, "kind": list, "vocabulary": list}
TERM_COLUMNS = ("vocabulary", "code", "parent", "label", "needs_text", "aliases", "definition")
MATERIAL_COLUMNS = ("kind", "id", "label", "when", "clause", "aliases", "help")
FIELD_COLUMNS = ("kind", "id", "label", "type", "unit", "required", "vocabulary", "level", "parent", "other_of", "min",
                 "max", "at_most", "group", "width", "source", "aliases", "example", "help")


class Loader:
    """Loads one folder. Later parts look at what earlier ones left in ``self``."""

    def __init__(self, folder: Folder):
        self.folder = folder

    def load(self) -> Edition:
        head = self.folder.toml("edition.toml")
        self.folder.keys("edition.toml", "edition", head, HEAD | TABLES, {"bands": list, "currency": dict})
        self.deadline, self.statistics_year = head["deadline"], head["statistics_year"]
        self.clauses: dict[str, Clause] = self.records("clause", head["clause"], Clause)
        self.kinds: dict[str, Kind] = self.records("kind", head["kind"], Kind)
        self.vocabularies = self.load_vocabularies(head["vocabulary"])
        materials = self.load_materials()
        all_fields = self.load_fields(materials)
        rules = self.folder.toml("criteria.toml")
        self.folder.keys("criteria.toml", "criteria", rules, {"criterion": list, "measure": list}, {"scale": list})
        criteria = self.load_criteria(rules["criterion"])
        return Edition(
            **{key: head[key] for key in HEAD} | {"texts": self.load_texts(head["texts"])}, clauses=self.clauses, kinds=self.kinds,
            vocabularies=self.vocabularies, all_fields=all_fields,
            criteria=criteria, bands=self.load_bands(head.get("bands", []), criteria), measures=self.load_measures(rules["measure"]),
            scales=self.load_scales(rules.get("scale", [])), materials=materials, folder=self.folder.path,
            currencies=self.load_currencies(head.get("currency", {})),
            forms={kind: tuple(tuple(row) for row in self.folder.cells(f"forms/{kind}.csv")) for kind in self.kinds})

    def source(self, file: str, key: str, text: str) -> str:
        return self.folder.known(file, key, text, (OWN, *self.clauses), "clause")

    # -------------------------------------------------------------- edition.toml

    def records(self, name: str, entries: list, kind: type) -> dict:
        """Tables with an id -> {id: dataclass}; the keys are those of the dataclass, all text but ``words`` of a kind."""
        file, found = "edition.toml", {}
        types = {f.name: list if f.default == () else str for f in fields(kind)}
        needed = {f.name: types[f.name] for f in fields(kind) if f.default is MISSING}
        for entry in entries:
            key = _key(name, entry, "id")
            self.folder.keys(file, key, entry, needed, types)
            self.folder.unique(file, key, found, entry["id"])
            if "clause" in entry:
                self.source(file, f"{key}.clause", entry["clause"])
            found[entry["id"]] = kind(**{k: tuple(v) if isinstance(v, list) else v for k, v in entry.items()})
        return found

    def load_currencies(self, entries: dict) -> dict[str, Currency]:
        """[currency.USD] with the rate (元 for one of it) and its source in words; the notice need not state any."""
        file, found = "edition.toml", {}
        for ident, entry in entries.items():
            key = f"currency.{ident}"
            self.folder.known(file, key, ident, FOREIGN, "currency")
            self.folder.keys(file, key, entry, {"rate": Decimal, "source": str})
            if entry["rate"] <= 0 or not entry["source"].strip():
                self.folder.fail(file, key, "a rate above 0 and its source are needed")
            found[ident] = Currency(ident, entry["rate"], entry["source"])
        return found

    def load_texts(self, texts: dict) -> dict[str, str]:
        """The words of letters; every one is there and names in {} only what can be filled in."""
        self.folder.keys("edition.toml", "texts", texts, dict.fromkeys(TEXTS, str))
        for name, text in texts.items():
            for word in re.findall(r"\{(.*?)\}", text):
                self.folder.known("edition.toml", f"texts.{name}", word, TEXTS[name], "word")
        return texts

    def load_vocabularies(self, entries: list) -> dict[str, Vocabulary]:
        file, heads = "edition.toml", {}
        for entry in entries:
            key = _key("vocabulary", entry, "id")
            self.folder.keys(file, key, entry, {"id": str, "label": str, "source": str})
            self.folder.unique(file, key, heads, entry["id"])
            self.source(file, f"{key}.source", entry["source"])
            heads[entry["id"]] = entry
        terms = self.load_terms(heads)
        return {ident: Vocabulary(ident, head["label"], head["source"], terms[ident]) for ident, head in heads.items()}

    # -------------------------------------------------------------- taxonomy.csv, materials.csv, fields.csv

    def load_terms(self, heads: dict[str, dict]) -> dict[str, tuple[Term, ...]]:
        """Terms of each vocabulary by its id; a parent stands above its children."""
        file, found = "taxonomy.csv", {ident: {} for ident in heads}
        for row in self.folder.rows(file, TERM_COLUMNS):
            key = f"{row['vocabulary']}/{row['code']}"
            own = found[self.folder.known(file, key, row["vocabulary"], found, "vocabulary")]
            self.folder.filled(file, key, row, "code", "label")
            self.folder.unique(file, key, own, row["code"])
            if row["label"] in {term.label for term in own.values()}:
                self.folder.fail(file, key, f"duplicate label {row['label']!r}")
            if row["parent"]:
                self.folder.known(file, f"{key}.parent", row["parent"], own, "parent term")
            own[row["code"]] = Term(
                row["code"], row["label"], row["parent"] or None, row["definition"], _split(row["aliases"]),
                self.folder.yes(file, f"{key}.needs_text", row["needs_text"]))
        for ident, own in found.items():
            if not own:
                self.folder.fail(file, ident, "vocabulary without terms")
        return {ident: tuple(own.values()) for ident, own in found.items()}

    def load_materials(self) -> tuple[Material, ...]:
        file, found = "materials.csv", {}
        for row in self.folder.rows(file, MATERIAL_COLUMNS):
            key = f"{row['kind']}/{row['id']}"
            self.folder.known(file, key, row["kind"], self.kinds, "kind")
            self.folder.filled(file, key, row, "id", "label")
            self.folder.unique(file, key, found, key)
            found[key] = Material(
                row["id"], row["kind"], row["label"], self.folder.need(file, f"{key}.when", row["when"]),
                self.source(file, f"{key}.clause", row["clause"]), row["help"], _split(row["aliases"]))
        return tuple(found.values())

    def load_fields(self, materials: tuple[Material, ...]) -> tuple[Field, ...]:
        """Fields in order; every material gets its column where the row 'materials' stands."""
        file = "fields.csv"
        self.fields: dict[tuple[str, str], Field] = {}
        for row in self.folder.rows(file, FIELD_COLUMNS):
            for kind in self.kinds if row["kind"] == "*" else row["kind"].split("|"):
                self.folder.known(file, f"{row['id']}.kind", kind, self.kinds, "kind")
                made = ([self.field(kind, row)] if row["type"] != "materials" else
                        self.material_fields(row, [m for m in materials if m.kind == kind]))
                for one in made:
                    self.folder.unique(file, f"{kind}/{one.id}", self.fields, (kind, one.id))
                    self.fields[kind, one.id] = one
        return tuple(self.fields.values())

    def material_fields(self, row: dict[str, str], materials: list[Material]) -> list[Field]:
        """A column for each material; its vocabulary must tell handed in, not handed in, not called for."""
        known, number = self.folder.known, self.folder.number
        vocabulary = self.vocabularies[known("fields.csv", row["id"], row["vocabulary"], self.vocabularies, "vocabulary")]
        for code in (HAVE, LACK, NOT_CALLED_FOR):
            known("taxonomy.csv", vocabulary.id, code, vocabulary.by_code, "term")
        width = float(number("fields.csv", f"{row['id']}.width", row["width"]) or Field.width)
        return [Field(m.kind, m.field, m.label, "term", vocabulary=vocabulary.id, group=row["group"],
                      aliases=m.aliases, help=m.help, source=m.clause, width=width) for m in materials]

    def field(self, kind: str, row: dict[str, str]) -> Field:
        """One row of fields.csv as a field of ``kind``. ``max`` may be 'deadline' or 'statistics_year'."""
        file, key = "fields.csv", f"{kind}/{row['id']}"
        folder = self.folder
        folder.filled(file, key, row, "id", "label", "group")
        folder.known(file, f"{key}.type", row["type"], TYPES, "type")
        if row["type"] in ("term", "terms"):
            folder.known(file, f"{key}.vocabulary", row["vocabulary"], self.vocabularies, "vocabulary")
        elif row["vocabulary"]:
            folder.fail(file, f"{key}.vocabulary", f"a field of type {row['type']} has no vocabulary")
        highest = {"deadline": "", "statistics_year": str(self.statistics_year)}.get(row["max"], row["max"])
        return Field(
            kind, row["id"], row["label"], row["type"], row["unit"],
            required=folder.need(file, f"{key}.required", row["required"]),
            vocabulary=row["vocabulary"] or None, level=folder.whole(file, f"{key}.level", row["level"]),
            parent=row["parent"] or None, other_of=row["other_of"] or None,
            minimum=folder.number(file, f"{key}.min", row["min"]),
            maximum=folder.number(file, f"{key}.max", highest),
            latest=self.deadline if row["max"] == "deadline" else None,
            at_most=row["at_most"] or None, group=row["group"], aliases=_split(row["aliases"]),
            example=row["example"], help=row["help"], source=self.source(file, f"{key}.source", row["source"]),
            width=float(folder.number(file, f"{key}.width", row["width"]) or Field.width))

    # -------------------------------------------------------------- criteria.toml

    def load_criteria(self, entries: list) -> tuple[Criterion, ...]:
        file, found = "criteria.toml", {}
        needed = {"id": str, "kind": str, "clause": str, "label": str}
        for entry in entries:
            key = _key("criterion", entry, "id")
            self.folder.keys(file, key, entry, needed, {"all": list, "any": list})
            self.folder.unique(file, key, found, entry["id"])
            self.folder.known(file, f"{key}.kind", entry["kind"], self.kinds, "kind")
            self.folder.known(file, f"{key}.clause", entry["clause"], self.clauses, "clause")
            rule = {name: value for name, value in entry.items() if name not in needed}
            found[entry["id"]] = Criterion(**{name: entry[name] for name in needed},
                                           condition=self.folder.condition(file, key, read_condition, rule))
        return tuple(found.values())

    def load_measures(self, entries: list) -> tuple[Measure, ...]:
        file, found = "criteria.toml", {}
        for entry in entries:
            key = _key("measure", entry, "field")
            self.folder.keys(file, key, entry, {"field": str, "kind": str, "numerator": str, "denominator": str,
                                                "decimals": int, "plausible": list})
            self.folder.known(file, f"{key}.kind", entry["kind"], self.kinds, "kind")
            self.folder.unique(file, key, found, (entry["kind"], entry["field"]))
            own = [ident for kind, ident in self.fields if kind == entry["kind"]]
            for name in ("field", "numerator", "denominator"):
                self.folder.known(file, f"{key}.{name}", entry[name], own, "field")
            found[entry["kind"], entry["field"]] = Measure(**{**entry, "plausible": self.bounds(key, entry["plausible"])})
        return tuple(found.values())

    def load_scales(self, entries: list) -> tuple[Scale, ...]:
        file, found = "criteria.toml", {}
        for entry in entries:
            key = _key("scale", entry, "field")
            self.folder.keys(file, key, entry, {"field": str, "kind": str, "plausible": list}, {"per": str})
            self.folder.known(file, f"{key}.kind", entry["kind"], self.kinds, "kind")
            self.folder.unique(file, key, found, (entry["kind"], entry["field"], entry.get("per")))
            own = [ident for kind, ident in self.fields if kind == entry["kind"]]
            for name in {"field", "per"} & set(entry):
                self.folder.known(file, f"{key}.{name}", entry[name], own, "field")
            found[entry["kind"], entry["field"], entry.get("per")] = Scale(**{**entry, "plausible": self.bounds(key, entry["plausible"])})
        return tuple(found.values())

    def load_bands(self, entries: list, criteria: tuple[Criterion, ...]) -> tuple[Bands, ...]:
        """The divisions of numbers for the statistics; the limits of the criteria are always edges."""
        file, found = "edition.toml", {}
        for entry in entries:
            key = _key("bands", entry, "field")
            self.folder.keys(file, key, entry, {"kind": str, "field": str, "edges": list})
            kind, ident, edges = entry["kind"], entry["field"], entry["edges"]
            self.folder.known(file, f"{key}.kind", kind, self.kinds, "kind")
            self.folder.known(file, f"{key}.field", ident, [name for own, name in self.fields if own == kind], "field")
            self.folder.unique(file, key, found, (kind, ident))
            if not self.fields[kind, ident].is_numeric:
                self.folder.fail(file, f"{key}.field", f"{ident!r} is {self.fields[kind, ident].type}, not a number")
            if not all(type(edge) in (int, Decimal) and Decimal(edge).is_finite() for edge in edges) or sorted(set(edges)) != edges:
                self.folder.fail(file, f"{key}.edges", f"ascending numbers are needed, not {edges!r}")
            limits = {test.limit for c in criteria if c.kind == kind for test in tests(c.condition)
                      if test.field == ident and test.limit is not None}
            found[kind, ident] = Bands(kind, ident, tuple(sorted(limits.union(map(Decimal, edges)))))
            if not found[kind, ident].edges:
                self.folder.fail(file, f"{key}.edges", "at least one edge is needed")
        return tuple(found.values())

    def bounds(self, key: str, pair: list) -> tuple[Decimal, Decimal]:
        if len(pair) != 2 or not all(type(n) in (int, Decimal) for n in pair) or pair[0] > pair[1]:
            self.folder.fail("criteria.toml", f"{key}.plausible", f"[lowest, highest] is needed, not {pair!r}")
        return Decimal(pair[0]), Decimal(pair[1])


def _key(name: str, entry: object, ident: str) -> str:
    return f"{name} {entry.get(ident, '?') if isinstance(entry, dict) else '?'}"


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("|") if part.strip())
