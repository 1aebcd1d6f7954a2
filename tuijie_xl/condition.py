"""Conditions over the fields of one applicant, as data: tests joined by 'and' and 'or'.

Written in one line in the CSV files of an edition (``is_listed is 是``,
``services has 大数据|云计算 or uses_crowdsourcing is 是``) and as tables in TOML. The same
condition is judged in Python (``criteria``) and compiled to a sheet formula (``layout``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

COMPARISONS = (">=", "<=", ">", "<")
OPERATORS = (*COMPARISONS, "is", "has", "stated")


@dataclass(frozen=True)
class Test:
    """``field op values``.

    ``is``: the field is one of ``values``; ``has``: a field of many terms holds one of them;
    ``stated``: the field is filled in (blank is unknown, never false); >= <= > <: a number
    against ``limit`` in ``unit``. A blank or unreadable field makes every test unknown.
    """

    field: str
    op: str
    values: tuple[str, ...] = ()
    limit: Decimal | None = None
    unit: str = ""


@dataclass(frozen=True)
class All:
    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class Any:
    parts: tuple[Condition, ...]


Condition = Test | All | Any


def tests(condition: Condition) -> Iterator[Test]:
    """Every test of a condition, left to right."""
    if isinstance(condition, Test):
        yield condition
    else:
        for part in condition.parts:
            yield from tests(part)


def make_test(field: str, op: str, value: object = None, unit: str = "") -> Test:
    """A test from its written parts; ValueError says what is wrong with them."""
    if op not in OPERATORS:
        raise ValueError(f"unknown operator {op!r}; allowed are {', '.join(OPERATORS)}")
    if op in COMPARISONS:
        return Test(field, op, limit=_limit(field, op, value), unit=unit)
    if unit:
        raise ValueError(f"{field} {op} takes no unit")
    if op == "stated":
        if value not in (None, ""):
            raise ValueError(f"{field} stated takes no value")
        return Test(field, op)
    values = tuple(value.split("|")) if isinstance(value, str) else tuple(value) if isinstance(value, list) else (value,)
    if not all(isinstance(v, str) for v in values):
        raise ValueError(f"{field} {op} needs text, not {value!r}")
    values = tuple(v.strip() for v in values)
    if not all(values) or not values:
        raise ValueError(f"{field} {op} needs at least one value")
    return Test(field, op, values)


def _limit(field: str, op: str, value: object) -> Decimal:
    """A finite number from text or TOML."""
    try:
        limit = Decimal(str(value))
    except InvalidOperation:
        limit = None
    if limit is None or not limit.is_finite():
        raise ValueError(f"{field} {op} needs a number, not {value!r}")
    return limit


def parse_condition(text: str) -> Condition:
    """'a is x|y and b >= 3 or c stated' -> Condition ('and' binds closer). ValueError when it cannot be read."""
    alternatives = tuple(
        _joined(All, tuple(_parse_test(part) for part in re.split(r"\s+and\s+", alternative)))
        for alternative in re.split(r"\s+or\s+", text.strip()))
    return _joined(Any, alternatives)


def read_condition(table: object) -> Condition:
    """A condition from TOML: {all = [...]}, {any = [...]} or {field, op, value, unit}. ValueError when malformed."""
    keys = set(table) if isinstance(table, dict) else set()
    for word, kind in (("all", All), ("any", Any)):
        if word in keys:
            if keys != {word} or not table[word]:
                raise ValueError(f"{word!r} stands alone and holds at least one condition")
            if not isinstance(table[word], list):
                raise ValueError(f"{word!r} holds a list of conditions, not {table[word]!r}")
            return kind(tuple(read_condition(part) for part in table[word]))
    if not {"field", "op"} <= keys <= {"field", "op", "value", "unit"}:
        raise ValueError(f"a condition is a table of field, op, value, unit, or of all or any; not {table!r}")
    return make_test(**table)


def _joined(kind, parts):
    return parts[0] if len(parts) == 1 else kind(parts)


def _parse_test(text: str) -> Test:
    match = re.fullmatch(r"(\w+)\s*(>=|<=|>|<|\bis\b|\bhas\b|\bstated\b)\s*(.*)", text.strip())
    if not match:
        raise ValueError(f"cannot read the condition {text!r}; write 'field is 值', 'field >= 3' or 'field stated'")
    return make_test(*match.groups())
