"""What must fit together once an edition is loaded: each check raises ``EditionError`` or passes.

Checks are functions of (folder, edition) listed in ``CHECKS``; a new one is a function and a line there.
"""

from __future__ import annotations

import re

from ..condition import Condition, Test, tests
from .model import Edition, Field
from .reading import Folder, suggest

#: What '{edition ...}' may print on a form.
PRINTABLE = ("title", "deadline", "year")


def check_agreement(folder: Folder, edition: Edition) -> None:
    for check in CHECKS:
        check(folder, edition)


# ------------------------------------------------------------------ words mean one thing

def terms_are_distinct(folder: Folder, edition: Edition) -> None:
    """Within a level of a vocabulary no label or alias means two terms."""
    for vocabulary in edition.vocabularies.values():
        meant: dict[tuple[int, str], str] = {}
        for term in vocabulary.terms:
            for word in {term.label, *term.aliases}:
                twin = meant.setdefault((len(vocabulary.path(term)), word), term.label)
                if twin != term.label:
                    folder.fail("taxonomy.csv", f"{vocabulary.id}/{term.code}", f"{word!r} also means {twin!r}")


def columns_are_distinct(folder: Folder, edition: Edition) -> None:
    """Within a kind no label or alias means two columns; the ticks of a field of many terms are columns too."""
    for kind in edition.kinds:
        meant: dict[str, str] = {}
        for f in edition.fields(kind).values():
            ticks = edition.terms(f) if f.type == "terms" else ()
            for word in {f.label, *f.aliases, *(w for term in ticks for w in (term.label, *term.aliases))}:
                twin = meant.setdefault(word, f.id)
                if twin != f.id:
                    folder.fail("fields.csv", f"{kind}/{f.id}.label", f"{word!r} is also a label of {twin!r}")


# ------------------------------------------------------------------ references between entries

def clauses_name_kinds(folder: Folder, edition: Edition) -> None:
    for clause in edition.clauses.values():
        if clause.kind is not None:
            folder.known("edition.toml", f"clause {clause.id}.kind", clause.kind, edition.kinds, "kind")


def fields_fit(folder: Folder, edition: Edition) -> None:
    for f in edition.all_fields:
        key, own = f"{f.kind}/{f.id}", edition.fields(f.kind)
        for name in ("parent", "at_most", "other_of"):
            if getattr(f, name):
                folder.known("fields.csv", f"{key}.{name}", getattr(f, name), own, "field")
        for name, wrong in (("level", _wrong_level(edition, f)), ("parent", _wrong_parent(f, own)),
                            ("at_most", _wrong_whole(f, own)), ("other_of", _wrong_other(edition, f, own)),
                            ("max", _wrong_limits(f))):
            if wrong:
                folder.fail("fields.csv", f"{key}.{name}", wrong)


def _wrong_level(edition: Edition, f: Field) -> str | None:
    if f.vocabulary and not edition.terms(f):
        return f"vocabulary {f.vocabulary!r} has no level {f.level}"
    return f"a field of type {f.type} has no level" if f.level and not f.vocabulary else None


def _wrong_parent(f: Field, own: dict[str, Field]) -> str | None:
    above = own.get(f.parent)
    if not above or (above.type == "term" and above.vocabulary == f.vocabulary
                     and above.level and f.level in (0, above.level + 1)):
        return None
    return f"{above.id!r} does not hold the level above in the vocabulary {f.vocabulary!r}"


def _wrong_whole(f: Field, own: dict[str, Field]) -> str | None:
    whole = own.get(f.at_most)
    if not whole or (f.is_numeric and whole.is_numeric and f.unit == whole.unit):
        return None
    return f"{f.id!r} ({f.type}, {f.unit!r}) and {whole.id!r} ({whole.type}, {whole.unit!r}) cannot be compared"


def _wrong_other(edition: Edition, f: Field, own: dict[str, Field]) -> str | None:
    chosen = own.get(f.other_of)
    if not chosen or (chosen.vocabulary and any(term.needs_text for term in edition.terms(chosen))):
        return None
    return f"no term of {chosen.id!r} needs a text"


def _wrong_limits(f: Field) -> str | None:
    if f.latest and f.type != "date":
        return f"a field of type {f.type} has no last date"
    if (f.minimum is not None or f.maximum is not None) and not f.is_numeric and f.type != "long_text":
        return f"a field of type {f.type} has no min and max"
    if f.minimum is not None and f.maximum is not None and f.minimum > f.maximum:
        return f"min {f.minimum} is above max {f.maximum}"
    return None


def measures_fit(folder: Folder, edition: Edition) -> None:
    """Every measure is computed from numbers into a field of type measure, and every such field has its measure."""
    computed = {(m.kind, m.field) for m in edition.measures}
    for m in edition.measures:
        own, key = edition.fields(m.kind), f"measure {m.field}"
        if own[m.field].type != "measure":
            folder.fail("criteria.toml", f"{key}.field", f"{m.field!r} is {own[m.field].type}, not measure")
        for name in (m.numerator, m.denominator):
            if not own[name].is_numeric:
                folder.fail("criteria.toml", key, f"{name!r} is {own[name].type}, not a number")
    for f in edition.all_fields:
        if f.type == "measure" and (f.kind, f.id) not in computed:
            folder.fail("fields.csv", f"{f.kind}/{f.id}", "no measure in criteria.toml computes this field")


def scales_fit(folder: Folder, edition: Edition) -> None:
    """Every scale is one of numbers."""
    for scale in edition.scales:
        for name in filter(None, (scale.field, scale.per)):
            if not edition.fields(scale.kind)[name].is_numeric:
                folder.fail("criteria.toml", f"scale {scale.field}", f"{name!r} is {edition.fields(scale.kind)[name].type}, not a number")


# ------------------------------------------------------------------ conditions

def conditions_fit(folder: Folder, edition: Edition) -> None:
    for f in edition.all_fields:
        _check_condition(folder, edition, "fields.csv", f"{f.kind}/{f.id}.required", f.kind, f.required)
    for c in edition.criteria:
        _check_condition(folder, edition, "criteria.toml", f"criterion {c.id}", c.kind, c.condition)
    for m in edition.materials:
        _check_condition(folder, edition, "materials.csv", f"{m.kind}/{m.id}.when", m.kind, m.when)


def _check_condition(folder: Folder, edition: Edition, file: str, key: str, kind: str, condition: bool | Condition):
    own = edition.fields(kind)
    for test in () if isinstance(condition, bool) else tests(condition):
        f = own[folder.known(file, key, test.field, own, "field")]
        wrong = _wrong_test(edition, f, test)
        if wrong:
            folder.fail(file, key, wrong)


def _wrong_test(edition: Edition, f: Field, test: Test) -> str | None:
    if test.limit is not None:
        if not f.is_numeric:
            return f"{f.id!r} is {f.type}, not a number"
        if test.unit and test.unit != f.unit:
            return f"unit {test.unit!r}, but {f.id!r} is counted in {f.unit!r}"
    elif test.values:
        if f.type != {"is": "term", "has": "terms"}[test.op]:
            return f"{test.op!r} does not fit {f.id!r} of type {f.type}"
        labels = [term.label for term in edition.terms(f)]
        for value in test.values:
            if value not in labels:
                return f"unknown term of {f.vocabulary} {value!r}{suggest(value, labels)}"
    return None


# ------------------------------------------------------------------ printed forms

def forms_fit(folder: Folder, edition: Edition) -> None:
    """Every {slot} of a form names something that can be printed; ``layout.form_slots`` tells the syntax."""
    for kind, grid in edition.forms.items():
        for number, line in enumerate(grid, 1):
            for slot in re.findall(r"\{(.*?)\}", " ".join(line)):
                _check_slot(folder, edition, f"forms/{kind}.csv", f"row {number}", kind, slot)


def _check_slot(folder: Folder, edition: Edition, file: str, key: str, kind: str, slot: str) -> None:
    word, _, rest = slot.partition(" ")
    own = edition.fields(kind)
    if word == "seal":
        return
    if word == "edition":
        folder.known(file, key, rest, PRINTABLE, "word of the edition")
    elif word == "options":
        ident, _, code = rest.partition(" ")
        f = own[folder.known(file, key, ident, own, "field")]
        if not f.vocabulary:
            folder.fail(file, key, f"{ident!r} has no vocabulary to choose from")
        if code:
            folder.known(file, key, code, edition.vocabularies[f.vocabulary].by_code, "term")
    else:
        folder.known(file, key, slot, ("materials", "number", *own), "field")


CHECKS = (clauses_name_kinds, terms_are_distinct, fields_fit, columns_are_distinct, measures_fit, scales_fit, conditions_fit,
          forms_fit)
