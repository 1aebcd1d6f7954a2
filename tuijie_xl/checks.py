"""Checks of what stands in the cells: every finding is a ``Problem``, all of them in one run.

Each check takes the applicants of one kind and the edition and yields problems; ``CHECKS`` is the
whole list. What a cell should be is said by the edition's fields, never here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import lru_cache

import numpy as np

from . import credit_code
from .applicants import Applicants, readable
from .criteria import Judgement, as_text, check_criteria, check_materials, judge, required_mask
from .edition import Edition, Field, Measure, Term
from .intake.text import fold
from .intake.values import term_lookup
from .measures import compute_measures, shown
from .pause import Pause, each, go_on
from .problem import Place, Problem, problem
from .scales import check_scales

#: Codes of what ``review`` finds: found anew whenever applicants are read again, unlike what reading a file says.
FOUND_ANEW = frozenset({
    "required-missing", "column-blank", "not-a-number", "not-whole", "too-small", "too-large", "not-a-date", "date-too-late",
    "not-a-term", "wrong-parent", "other-needs-text", "other-text-unused", "kind-by-name", "credit-code-malformed",
    "credit-code-damaged", "credit-code-check-digit", "credit-code-old", "phone-odd", "email-odd", "postcode-odd", "too-long",
    "part-exceeds-whole", "criterion-unmet", "criterion-unknown", "zero-staff", "unit-slip", "typed-measure-differs",
    "material-missing", "material-doubtful", "materials-unreported", "term-near", "credit-code-series", "unit-slip-column",
    "amount-slip"})


def review(applicants: Applicants, edition: Edition, pause: Pause = go_on) -> tuple[Judgement, list[Problem]]:
    """Check and judge one kind's applicants: the judgement and every problem, in the order of sheets and cells.

    A blank input of a criterion is reported once, by what it leaves undecided. ``pause`` is called between the checks.
    """
    found = judge(applicants, edition)
    judged = [p for check in each((check_criteria, check_materials), pause) for p in check(applicants, found)]
    cells = [p for check in each(CHECKS, pause) for p in check(applicants, edition)]
    return found, in_sheet_order(_said_once(cells, judged), edition, applicants.kind)


def _said_once(cells: list[Problem], judged: list[Problem]) -> list[Problem]:
    """One problem a cell where a cell leaves a criterion open: what is wrong with it, and what that leaves undecided."""
    def cell(one: Problem) -> tuple:
        return one.file, one.sheet, one.row, one.field

    undecided = {cell(p): p for p in judged if p.code == "criterion-unknown"}
    faulty = {cell(p) for p in cells if p.code != "required-missing" and p.value is not None and cell(p) in undecided}
    kept = [replace(p, remedy=f"{p.remedy}{undecided[cell(p)].message}") if cell(p) in faulty else p
            for p in cells if p.code != "required-missing" or cell(p) not in undecided]
    return kept + [p for p in judged if p.code != "criterion-unknown" or cell(p) not in faulty]


def in_sheet_order(problems: list[Problem], edition: Edition, kind: str) -> list[Problem]:
    """By file, sheet, row and column; problems of a whole file or sheet first."""
    order = {name: i for i, name in enumerate(edition.fields(kind))}
    return sorted(problems, key=lambda p: (p.file or "", p.sheet or "", p.row or 0, order.get(p.field, -1)))


def _at(code: str, applicants: Applicants, f: Field, row: int, **words) -> Problem:
    value = applicants.values(f.id)[row]
    return problem(code, applicants.place(row, f.id), field=f.id, source=f.source, label=f.label,
                   value=None if value is None else as_text(value), **words)


def _rows(mask) -> Iterator[int]:
    return map(int, np.flatnonzero(mask))


def _present(applicants: Applicants, f: Field) -> np.ndarray:
    """True where the field is not blank."""
    return applicants.frame[f.id].notna().to_numpy()


# ------------------------------------------------------------------ what must be there

def check_required(applicants: Applicants, edition: Edition) -> Iterator[Problem]:
    """A required field that is blank; where a whole sheet has none of it, one problem for the sheet.

    The inputs of the criteria are left to ``criteria.check_criteria``, 'other' texts to ``check_other``.
    """
    for f in edition.fields(applicants.kind).values():
        if f.required is False or f.other_of:
            continue
        blank = applicants.frame[f.id].isna().to_numpy()
        lacking = blank & required_mask(f, applicants.frame, edition) if blank.any() else blank
        if not lacking.any():
            continue
        hint = f"，例如 {f.example}" if f.example else ""
        for _, rows in applicants.sources():
            owed = rows[lacking[rows]]
            if f.required is True and len(rows) > 1 and len(owed) and blank[rows].all():
                yield _column_blank(applicants, f, rows, hint)
                continue
            for row in owed:
                yield _at("required-missing", applicants, f, int(row), hint=hint)


def _column_blank(applicants: Applicants, f: Field, rows: np.ndarray, hint: str) -> Problem:
    """One problem for a whole sheet: either the column is missing, or nobody has filled it in."""
    file, sheet, _ = applicants.origins[rows[0]]
    there = f.id in applicants.letters.get((file, sheet), {})
    source = [applicants.values(name)[rows[0]] for name in ("source_file", "source_sheet")]
    where = "" if source[1] == sheet else f"（来自“{source[0]}”）"
    return problem("column-blank", Place(file, sheet), field=f.id, source=f.source, label=f.label, count=len(rows),
                   where=where, state="全部未填" if there else "没有这一列",
                   todo="补填" if there else "在表中补上这一列（如已有而名称不同，请改用标准列名），填写", hint=hint)


# ------------------------------------------------------------------ types and limits

def check_numbers(applicants: Applicants, edition: Edition) -> Iterator[Problem]:
    """Numbers that are no numbers, or outside what the field allows."""
    for f in edition.fields(applicants.kind).values():
        if f.is_numeric:
            values = applicants.values(f.id)
            for row in _rows(_present(applicants, f) & ~readable(f, edition, values)):
                yield _number_problem(applicants, f, row, values[row])


def _number_problem(applicants: Applicants, f: Field, row: int, value: str | Decimal | int) -> Problem:
    if isinstance(value, str):
        fraction = f.type in ("count", "year") and re.fullmatch(r"[-+]?\d+\.\d+", value)
        return _at("not-whole" if fraction else "not-a-number", applicants, f, row, unit=f.unit or "数字",
                   example=f.example or "120")
    small = f.minimum is not None and value < f.minimum
    return _at("too-small" if small else "too-large", applicants, f, row, unit=f.unit,
               limit=as_text(f.minimum if small else f.maximum))


def check_dates(applicants: Applicants, edition: Edition) -> Iterator[Problem]:
    """Dates that cannot be read, and dates after the last day allowed (the deadline of the notice)."""
    for f in edition.fields(applicants.kind).values():
        if f.type != "date":
            continue
        values = applicants.values(f.id)
        for row in _rows([isinstance(v, str) for v in values]):
            yield _at("not-a-date", applicants, f, row, example=f.example or edition.deadline.isoformat())
        if f.latest:
            last = f.latest if edition.deadline_inclusive else f.latest - timedelta(days=1)
            for row in _rows([v is not None and not isinstance(v, str) and v > last for v in values]):
                yield _at("date-too-late", applicants, f, row, limit=f"{f.latest.year}年{f.latest.month}月{f.latest.day}日")


def check_lengths(applicants: Applicants, edition: Edition) -> Iterator[Problem]:
    """Long texts over the longest length that the form has room for."""
    for f in edition.fields(applicants.kind).values():
        if f.type in ("text", "long_text") and f.maximum is not None:
            for row in _rows([v is not None and len(v) > f.maximum for v in applicants.values(f.id)]):
                length = len(applicants.values(f.id)[row])
                yield _at("too-long", applicants, f, row, length=length, limit=as_text(f.maximum))


# ------------------------------------------------------------------ vocabularies

_NEAR, _LIKE = 80, 60                   # per cent of letters: the officer may only have to say yes; worth a mention
_TELLING = 4                            # letters below which likeness says nothing: 拟上市 is not 未上市
_PARTS = re.compile(r"[、；;，,/|\s]+")


def check_terms(applicants: Applicants, edition: Edition) -> Iterator[Problem]:
    """Values that are not in the vocabulary of their field (表格 1, 表格 2 and our own lists)."""
    for f in edition.fields(applicants.kind).values():
        if not f.vocabulary:
            continue
        values = applicants.values(f.id)
        legal = readable(f, edition, values)
        for row in _rows(_present(applicants, f) & ~legal):
            text = as_text(values[row])
            elsewhere, part = _elsewhere(edition, f, text), _unknown_part(text, f, edition)
            nearest, likeness = _nearest(part, edition.terms(f))
            if likeness >= _NEAR and len(part) >= _TELLING and not elsewhere:
                yield _at("term-near", applicants, f, row, part=part, nearest=nearest, likeness=likeness)
            else:
                yield _at("not-a-term", applicants, f, row, suggestion=elsewhere or (
                    f"（“{part}”是否为“{nearest}”？）" if likeness >= _LIKE else ""))


def _unknown_part(text: str, f: Field, edition: Edition) -> str:
    """Of a list of terms, the first one that is none; any other text as a whole."""
    known = term_lookup(edition, f)
    parts = _PARTS.split(text) if f.type == "terms" else []
    return next((part for part in parts if part and fold(part) not in known), text)


def _elsewhere(edition: Edition, f: Field, text: str) -> str:
    """Where in the tree the word stands that was given at the wrong level."""
    vocabulary = edition.vocabularies[f.vocabulary]
    term = vocabulary.by_label.get(text)
    if term is None:
        return ""
    return f"。“{text}”在词表中的位置是：{' → '.join(t.label for t in vocabulary.path(term))}"


@lru_cache(maxsize=10_000)
def _nearest(text: str, terms: tuple[Term, ...]) -> tuple[str, int]:
    """The term whose label or alias has most letters in common with a text, and how many per cent."""
    from rapidfuzz.fuzz import ratio

    own = fold(text)
    return max(((term.label, max(round(ratio(own, fold(word))) for word in (term.label, *term.aliases))) for term in terms),
               key=lambda pair: pair[1])


def check_cascade(applicants: Applicants, edition: Edition) -> Iterator[Problem]:
    """A term whose term above it is not the one chosen (表格 2: 类型 -> 领域 -> 具体服务)."""
    fields = edition.fields(applicants.kind)
    for f in (f for f in fields.values() if f.parent):
        vocabulary, above = edition.vocabularies[f.vocabulary], fields[f.parent]
        right = {t.label: {p.label: p for p in vocabulary.path(t)} for t in edition.terms(f)}
        legal = {t.label for t in edition.terms(above)}
        for row, (value, parent) in enumerate(zip(applicants.values(f.id), applicants.values(above.id))):
            if value in right and parent in legal and parent not in right[value]:
                belongs = next(label for label in right[value] if label in legal)
                yield _at("wrong-parent", applicants, f, row, parent_label=above.label, parent_value=parent,
                          right_parent=belongs)


def check_other(applicants: Applicants, edition: Edition) -> Iterator[Problem]:
    """'其它' without its text, and a text without '其它' (表格 2 行业类别: 其它____)."""
    fields = edition.fields(applicants.kind)
    for f in (f for f in fields.values() if f.other_of):
        parent = fields[f.other_of]
        calls = {t.label for t in edition.terms(parent) if t.needs_text}
        for row, (text, chosen) in enumerate(zip(applicants.values(f.id), applicants.values(parent.id))):
            if chosen in calls and text is None:
                yield _at("other-needs-text", applicants, f, row, parent_label=parent.label, parent_value=chosen)
            elif text is not None and chosen is not None and chosen not in calls:
                yield _at("other-text-unused", applicants, f, row, parent_label=parent.label)


def check_kinds(applicants: Applicants, edition: Edition) -> Iterator[Problem]:
    """A name that ends as those of another kind of applicant do: perhaps it stands on the wrong sheet."""
    own, f = edition.kinds[applicants.kind], edition.fields(applicants.kind)["name"]
    others = [(word, kind) for kind in edition.kinds.values() if kind is not own for word in kind.words]
    for row, name in enumerate(applicants.values("name")):
        if isinstance(name, str) and not any(word in name for word in own.words):
            kind = next((kind for word, kind in others if name.endswith(word)), None)
            if kind:
                yield _at("kind-by-name", applicants, f, row, kind=own.label, other=kind.label, sheet_of=kind.sheet)


# ------------------------------------------------------------------ codes and contacts

def check_credit_codes(applicants: Applicants, edition: Edition) -> Iterator[Problem]:
    """统一社会信用代码 by GB 32100-2015; a failed check digit is a question, not a rejection."""
    for f in edition.fields(applicants.kind).values():
        if f.type != "credit_code":
            continue
        codes = applicants.values(f.id)
        for row in _rows(~credit_code.valid(codes) & np.array([c is not None for c in codes], dtype=bool)):
            code, words = credit_code.diagnose(codes[row])
            yield _at(code, applicants, f, row, **words)


_PHONE = re.compile(r"(\+?86-?)?(1\d{10}|(0\d{2,3}-?)?\d{7,8}|[48]00-?\d{3}-?\d{4}|0\d{9,11})((转|-|,|ext\.?)\d{1,6})?")
_EMAIL = re.compile(r"[^@\s,;，；、]+@[^@\s,;，；、]+\.[A-Za-z]{2,}")
_SEPARATORS = re.compile(r"[/、;；，\n]+|,(?=\s*[01+(])")


@lru_cache(maxsize=100_000)
def _is_phone(text: str) -> bool:
    """One number or several ('13800000000 / 0531-88888888转801')."""
    bare = re.sub(r"[\s()—–]", lambda m: "-" if m[0] in "—–)" else "", unicodedata.normalize("NFKC", text))
    return all(_PHONE.fullmatch(part.strip("-")) for part in _SEPARATORS.split(bare) if part) and bool(bare)


_SHAPES = {
    "phone": ("phone-odd", _is_phone),
    "email": ("email-odd", lambda text: all(_EMAIL.fullmatch(p) for p in re.split(r"[\s,;，；、]+", text.strip()))),
    "postcode": ("postcode-odd", lambda text: bool(re.fullmatch(r"\d{6}", text))),
}


def check_contacts(applicants: Applicants, edition: Edition) -> Iterator[Problem]:
    """Telephones, mail addresses and postcodes that do not look like any."""
    for f in edition.fields(applicants.kind).values():
        if f.type in _SHAPES:
            code, fits = _SHAPES[f.type]
            for row in _rows([v is not None and not fits(v) for v in applicants.values(f.id)]):
                yield _at(code, applicants, f, row)


# ------------------------------------------------------------------ one field against another

def check_parts(applicants: Applicants, edition: Edition) -> Iterator[Problem]:
    """A part that exceeds its whole (外包营业额 and 总营业收入, 外包员工 and 员工总数, ...)."""
    fields = edition.fields(applicants.kind)
    for f in (f for f in fields.values() if f.at_most):
        whole = fields[f.at_most]
        pairs = zip(applicants.values(f.id), applicants.values(whole.id))
        both = [part is not None and all_ is not None and not isinstance(part, str) and not isinstance(all_, str)
                and part > all_ for part, all_ in pairs]
        for row in _rows(both):
            yield _at("part-exceeds-whole", applicants, f, row, whole_label=whole.label,
                      whole_value=as_text(applicants.values(whole.id)[row]))


_FEWEST_SLIPS = 3                       # rows of a sheet that make a slip of its whole column


def check_measures(applicants: Applicants, edition: Edition) -> Iterator[Problem]:
    """A zero denominator, a ratio that smells of a wrong unit, a typed ratio that is not the computed one."""
    fields = edition.fields(applicants.kind)
    computed = compute_measures(applicants.frame, edition, applicants.kind)
    for m in edition.measures_of(applicants.kind):
        f, above, below = fields[m.field], fields[m.numerator], fields[m.denominator]
        low, high = m.plausible
        slipped, told = _slipped_columns(applicants, m, fields, computed[m.field])
        yield from told
        for row in _rows([v == 0 for v in applicants.values(below.id)]):
            yield _at("zero-staff", applicants, below, row)
        for row, (ratio, typed) in enumerate(zip(computed[m.field], applicants.values(m.field))):
            if ratio is None:
                continue
            if ratio and not low <= ratio <= high and row not in slipped:
                yield problem("unit-slip", applicants.place(row, above.id), field=above.id, source=f.source,
                              value=as_text(applicants.values(above.id)[row]), label=f.label, unit=f.unit,
                              ratio=as_text(ratio, m.decimals), low=as_text(low), high=as_text(high),
                              numerator=above.label, denominator=below.label)
            if isinstance(typed, Decimal) and abs(typed - ratio) >= Decimal(1).scaleb(typed.as_tuple().exponent):
                yield _at("typed-measure-differs", applicants, f, row, computed=f"{shown(ratio, m.decimals)}{f.unit}")


def _slipped_columns(applicants: Applicants, m: Measure, fields: dict[str, Field], ratios) -> tuple[set[int], list[Problem]]:
    """The rows of sheets where every ratio is out of range and ten thousand times more or less would be within it."""
    rows_told, problems = set(), []
    for _, rows in applicants.sources():
        own = {int(row): ratios[row] for row in rows if ratios[row]}
        for factor, change in ((Decimal("1e-4"), "除以 10000"), (Decimal("1e4"), "乘以 10000")):
            low, high = m.plausible
            if len(own) >= _FEWEST_SLIPS and all(not low <= r <= high and low <= r * factor <= high for r in own.values()):
                rows_told |= set(own)
                problems.append(_slip_of_column(applicants, m, fields, own, factor, change))
    return rows_told, problems


def _slip_of_column(applicants: Applicants, m: Measure, fields: dict[str, Field], ratios: dict[int, Decimal],
                    factor: Decimal, change: str) -> Problem:
    row, above = min(ratios), fields[m.numerator]
    file, sheet, _ = applicants.origins[row]
    value = applicants.values(above.id)[row]
    letter = applicants.letters.get((file, sheet), {}).get(above.id)
    return problem("unit-slip-column", Place(file, sheet), field=above.id, source=fields[m.field].source, value=as_text(value),
                   numerator=above.label, label=fields[m.field].label, unit=fields[m.field].unit, count=len(ratios),
                   column=f"{letter} 列" if letter else "", low=as_text(m.plausible[0]), high=as_text(m.plausible[1]),
                   lowest=as_text(min(ratios.values()), m.decimals), highest=as_text(max(ratios.values()), m.decimals),
                   change=change, suggested=f"{as_text((value * factor).normalize())}{above.unit}")


CHECKS = (check_required, check_numbers, check_dates, check_lengths, check_terms, check_cascade, check_other, check_kinds,
          check_credit_codes, check_contacts, check_parts, check_measures, check_scales)
