"""The judgement: criteria in three-valued logic, the verdict, and the materials that an applicant owes.

True, False and unknown follow Kleene: a missing input makes a criterion unknown unless the rest
already decides it. Nothing is rejected for what is not known (推荐说明 一（一）1-3).
"""

from __future__ import annotations

import operator
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from operator import and_, or_
from typing import Any as Anything

import numpy as np
import pandas as pd
from pandas.arrays import BooleanArray

from .applicants import Applicants, readable
from .condition import COMPARISONS, All, Any, Condition, Test, tests
from .edition import HAVE, LACK, Criterion, Edition, Field, Material
from .measures import complete_terms, compute_measures, shown
from .problem import Place, Problem, problem

VERDICTS = {"eligible": "符合", "ineligible": "不符合", "unknown": "待补充"}
STATES = {"received": "已收", "missing": "缺", "not_applicable": "不适用", "unverified": "待核"}
_COMPARE = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt}
assert set(_COMPARE) == set(COMPARISONS)


@dataclass
class Judgement:
    """What was found of one kind's applicants, every list in their order.

    ``frame`` is the applicants' frame with computed measures and completed ticks; ``met`` gives for each
    criterion id a three-valued array, ``answers`` the same for each single test of it; ``required`` and
    ``states`` give for each material id whether it is owed (three-valued) and its state (a key of STATES).
    """

    edition: Edition
    kind: str
    frame: pd.DataFrame
    verdicts: list[str]
    met: dict[str, BooleanArray]
    answers: dict[Test, BooleanArray]
    required: dict[str, BooleanArray]
    states: dict[str, list[str]]

    def clauses(self, row: int) -> list[dict]:
        """One entry a criterion: clause, met (True, False, None), value, limit, shortfall, and each test of it."""
        return [self.clause(c, row) for c in self.edition.criteria_of(self.kind)]

    def clause(self, criterion: Criterion, row: int) -> dict:
        met = self.met[criterion.id][row]
        details = [self.test(t, row) for t in tests(criterion.condition)]
        numeric = [d for d in details if d["limit"] is not None]
        # of several numbers, the one that is met, else the one that comes nearest
        leading = min(numeric, key=lambda d: (d["met"] is not True, d["met"] is None, d["gap"]), default=None)
        return {"clause": criterion.clause, "number": self.edition.clauses[criterion.clause].number,
                "label": criterion.label, "met": None if met is pd.NA else bool(met),
                **{k: leading[k] if leading else None for k in ("value", "limit", "shortfall")},
                "tests": [{k: v for k, v in d.items() if k != "gap"} for d in details]}

    def test(self, test: Test, row: int) -> dict:
        """One test of one applicant; numbers as decimal strings, measures rounded down to what is shown."""
        f = self.edition.fields(self.kind)[test.field]
        value = self.frame[test.field].iat[row]
        answer = self.answers[test][row]
        met = None if answer is pd.NA else bool(answer)
        short = test.limit is not None and met is False
        return {"field": f.id, "label": f.label, "op": test.op, "met": met,
                "value": None if value is None else as_text(value, self.decimals(f)),
                "limit": None if test.limit is None else as_text(test.limit), "unit": test.unit or f.unit,
                "shortfall": as_text(test.limit - Decimal(as_text(value, self.decimals(f)))) if short else None,
                "gap": abs(1 - Decimal(value) / test.limit) if short and test.limit else Decimal(0)}

    def decimals(self, f: Field) -> int | None:
        return next((m.decimals for m in self.edition.measures_of(self.kind) if m.field == f.id), None)


def as_text(value: Anything, decimals: int | None = None) -> str:
    """A value as a plain string: Decimal('3000.00') -> '3000', never in scientific notation."""
    if isinstance(value, tuple):
        return "、".join(value)
    if not isinstance(value, Decimal):
        return str(value)
    if decimals is not None:
        return f"{shown(value, decimals):f}"
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


# ------------------------------------------------------------------ three-valued logic

class Answers:
    """Three-valued answers to conditions about the applicants of a frame; every test is put once."""

    def __init__(self, frame: pd.DataFrame, edition: Edition, kind: str):
        self.frame, self.edition, self.fields = frame, edition, edition.fields(kind)
        self.tests: dict[Test, BooleanArray] = {}
        self.columns: dict[str, tuple[list, np.ndarray]] = {}

    def of(self, condition: bool | Condition) -> BooleanArray:
        """One answer an applicant: True, False or pd.NA (blank, unreadable, out of range)."""
        match condition:
            case bool():
                return BooleanArray(np.full(len(self.frame), condition), np.zeros(len(self.frame), bool))
            case All(parts):
                return reduce(and_, map(self.of, parts))
            case Any(parts):
                return reduce(or_, map(self.of, parts))
        if condition not in self.tests:
            values, known = self.column(condition.field)
            held = np.fromiter(_holding(condition, values, known), dtype=bool, count=len(values))
            self.tests[condition] = BooleanArray(held, ~known)
        return self.tests[condition]

    def column(self, name: str) -> tuple[list, np.ndarray]:
        """The values of a field, and which of them are present and readable."""
        if name not in self.columns:
            values = self.frame[name].tolist()
            self.columns[name] = values, readable(self.fields[name], self.edition, values)
        return self.columns[name]


def judge_condition(condition: bool | Condition, frame: pd.DataFrame, edition: Edition, kind: str) -> BooleanArray:
    """The answers to one condition, one an applicant."""
    return Answers(frame, edition, kind).of(condition)


def _holding(test: Test, values: list, known: np.ndarray) -> Iterator[bool]:
    """Whether each value satisfies the test; False where it is not known."""
    if test.op == "stated":
        return iter(known)
    if test.op == "is":
        return (value in test.values for value in values)
    if test.op == "has":
        wanted = set(test.values)
        return (ok and not wanted.isdisjoint(value) for value, ok in zip(values, known))
    compare = _COMPARE[test.op]
    return (ok and compare(value, test.limit) for value, ok in zip(values, known))


# ------------------------------------------------------------------ verdicts and materials

def judge(applicants: Applicants, edition: Edition) -> Judgement:
    """Measures, criteria, verdict and materials of one kind's applicants.

    A kind without criteria (the notice sets no figures for parks and trainers) is 'eligible' when all that is
    required is filled in and readable, else 'unknown'; never 'ineligible'.
    """
    kind = applicants.kind
    frame = complete_terms(applicants.frame, edition, kind)
    for name, values in compute_measures(frame, edition, kind).items():
        frame[name] = pd.Series(values, index=frame.index, dtype=object)
    answers = Answers(frame, edition, kind)
    met = {c.id: answers.of(c.condition) for c in edition.criteria_of(kind)}
    whole = reduce(and_, met.values()) if met else _complete(answers)
    verdicts = ["unknown" if m is pd.NA else "eligible" if m else "ineligible" for m in whole]
    required = {m.id: answers.of(m.when) for m in edition.materials_of(kind)}
    states = {m.id: _states(edition, m, required[m.id], frame[m.field].tolist()) for m in edition.materials_of(kind)}
    return Judgement(edition, kind, frame, verdicts, met, answers.tests, required, states)


def required_mask(f: Field, frame: pd.DataFrame, edition: Edition) -> np.ndarray:
    """True where the field must be filled: its condition holds for certain."""
    return judge_condition(f.required, frame, edition, f.kind).to_numpy(dtype=bool, na_value=False)


def missing_counts(found: Judgement) -> list[int]:
    """How many required fields each applicant has left blank (缺项)."""
    counts = np.zeros(len(found.frame), int)
    for f in found.edition.fields(found.kind).values():
        if f.required is not False:
            counts += found.frame[f.id].isna().to_numpy() & required_mask(f, found.frame, found.edition)
    return counts.tolist()


def _complete(answers: Answers) -> BooleanArray:
    """True where every required field is filled in and readable, else unknown."""
    lacking = np.zeros(len(answers.frame), bool)
    for name, f in answers.fields.items():
        if f.required is not False:
            owed = answers.of(f.required).to_numpy(dtype=bool, na_value=False)
            lacking |= owed & ~answers.column(name)[1]
    return BooleanArray(~lacking, lacking)


def _states(edition: Edition, material: Material, required: BooleanArray, given: list) -> list[str]:
    """A key of STATES for each applicant, from whether the material is owed and what its column says.

    What was handed in is received; what is owed and blank or said to lack is missing; where it is not known
    whether it is owed, or the column contradicts that, it is unverified.
    """
    words = edition.vocabularies[edition.fields(material.kind)[material.field].vocabulary].by_code
    have, lack = words[HAVE].label, words[LACK].label
    said = np.fromiter(given, dtype=object, count=len(given))
    owed = required.to_numpy(dtype=bool, na_value=False)
    return np.select([said == have, required.isna(), ~owed, pd.isna(said) | (said == lack)],
                     ["received", "unverified", "not_applicable", "missing"], "unverified").tolist()


# ------------------------------------------------------------------ problems of the judgement

def check_criteria(applicants: Applicants, found: Judgement) -> Iterator[Problem]:
    """criterion-unmet, one for each criterion and applicant; criterion-unknown, one for each input that is lacking."""
    criteria = found.edition.criteria_of(found.kind)
    if not criteria:
        return
    decided = np.column_stack([found.met[c.id].to_numpy(dtype=bool, na_value=False) for c in criteria])
    for row in map(int, np.flatnonzero(~decided.all(axis=1))):
        lacking: dict[str, list[Criterion]] = {}
        for criterion in criteria:
            met = found.met[criterion.id][row]
            if met is pd.NA:
                for name in _lacking(found, criterion, row):
                    lacking.setdefault(name, []).append(criterion)
            elif not met:
                yield _unmet(applicants, found, criterion, row)
        for name, stopped in lacking.items():
            yield _unknown(applicants, found, name, stopped, row)


def _unmet(applicants: Applicants, found: Judgement, criterion: Criterion, row: int) -> Problem:
    unmet = [d for d in found.clause(criterion, row)["tests"] if d["met"] is False]
    return problem("criterion-unmet", applicants.place(row, unmet[0]["field"]), field=unmet[0]["field"],
                   value=unmet[0]["value"], source=criterion.clause, label=criterion.label,
                   detail="；".join(_say(d) for d in unmet), clause=found.edition.cite(criterion.clause))


def _unknown(applicants: Applicants, found: Judgement, name: str, stopped: list[Criterion], row: int) -> Problem:
    f, value = found.edition.fields(found.kind)[name], found.frame[name].iat[row]
    return problem("criterion-unknown", applicants.place(row, name), field=name,
                   value=None if value is None else as_text(value), source=stopped[0].clause, label=f.label,
                   criteria="、".join(f"“{c.label}”" for c in stopped),
                   clause="、".join(found.edition.cite(c.clause) for c in stopped))


def _lacking(found: Judgement, criterion: Criterion, row: int) -> list[str]:
    """The fields whose absence leaves the criterion open; a ratio stands for its numerator and denominator."""
    fields, lacking = found.edition.fields(found.kind), []
    for test in _open_tests(found, criterion.condition, row):
        measure = next((m for m in found.edition.measures_of(found.kind) if m.field == test.field), None)
        for name in (measure.numerator, measure.denominator) if measure else (test.field,):
            value = found.frame[name].iat[row]
            undefined = measure is not None and name == measure.denominator and value == 0
            if name not in lacking and (undefined or not readable(fields[name], found.edition, [value])[0]):
                lacking.append(name)
    return lacking


def _open_tests(found: Judgement, condition: Condition, row: int) -> Iterator[Test]:
    """The tests to settle next: of parts that must all hold only the first open one, and none where one has failed."""
    if isinstance(condition, Test):
        yield from [condition] if found.answers[condition][row] is pd.NA else []
        return
    parts = [list(_open_tests(found, part, row)) for part in condition.parts]
    if isinstance(condition, Any):
        yield from (test for part in parts for test in part)
    elif not any(found.answers[test][row] is not pd.NA and not found.answers[test][row] for test in tests(condition)):
        yield from next((part for part in parts if part), [])


_WORDS = {">=": "低于", ">": "不高于", "<=": "高于", "<": "不低于"}


def _say(d: dict) -> str:
    if d["limit"] is None:
        return f"“{d['label']}”为“{d['value']}”"
    unit = d["unit"]
    return f"“{d['label']}”{d['value']}{unit}，{_WORDS[d['op']]} {d['limit']}{unit}，差额 {d['shortfall']}{unit}"


def check_materials(applicants: Applicants, found: Judgement) -> Iterator[Problem]:
    """material-missing and material-doubtful for cells that speak; one materials-unreported for a silent sheet."""
    edition, materials = found.edition, found.edition.materials_of(found.kind)
    if not materials or found.frame.empty:
        return
    spoken = found.frame[[m.field for m in materials]].notna().to_numpy().any(axis=1)
    for _, rows in applicants.sources():
        if not spoken[rows].any():
            file, sheet, _ = applicants.origins[rows[0]]
            yield problem("materials-unreported", Place(file, sheet), count=len(rows), source=materials[0].clause)
            continue
        for material in materials:
            yield from _material_problems(applicants, found, edition, material, rows)


def _material_problems(applicants: Applicants, found: Judgement, edition: Edition, material: Material,
                       rows: np.ndarray) -> Iterator[Problem]:
    values, states, owed = found.frame[material.field].to_numpy(), found.states[material.id], found.required[material.id]
    for row in map(int, rows):
        value, state = values[row], states[row]
        if state == "missing" or (state == "unverified" and owed[row] is not pd.NA and value is not None):
            code = "material-missing" if state == "missing" else "material-doubtful"
            yield problem(code, applicants.place(row, material.field), field=material.field, value=value,
                          source=material.clause, label=material.label, name=material.name, clause=edition.cite(material.clause))
