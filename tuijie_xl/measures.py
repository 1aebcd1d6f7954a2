"""Computed fields: exact ratios, and what one field says about another."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Context, Decimal

import pandas as pd

from .applicants import readable
from .edition import Edition, Measure

#: Dividing towards minus infinity keeps every comparison with a limit exact: floor(q) >= limit iff q >= limit.
_FLOOR = Context(prec=40, rounding=ROUND_FLOOR)


def compute_measures(frame: pd.DataFrame, edition: Edition, kind: str) -> dict[str, list[Decimal | None]]:
    """Field id -> one value an applicant, e.g. revenue_per_head in 万元/人 (推荐说明 一（一）3).

    None where numerator or denominator is blank, unreadable or out of range, or the denominator is 0:
    a ratio that does not exist is unknown, neither zero nor infinite.
    """
    return {m.field: _ratio(frame, edition, m) for m in edition.measures_of(kind)}


def _ratio(frame: pd.DataFrame, edition: Edition, m: Measure) -> list[Decimal | None]:
    fields = edition.fields(m.kind)
    above, below = frame[m.numerator].tolist(), frame[m.denominator].tolist()
    known = readable(fields[m.numerator], edition, above) & readable(fields[m.denominator], edition, below)
    return [_FLOOR.divide(Decimal(a), Decimal(b)) if ok and b else None for a, b, ok in zip(above, below, known)]


def shown(value: Decimal, decimals: int) -> Decimal:
    """A measure as people see it: rounded down, so that it never looks met when it is not (34.996 -> 34.99)."""
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_FLOOR)


def complete_terms(frame: pd.DataFrame, edition: Edition, kind: str) -> pd.DataFrame:
    """A copy in which the chosen main service counts as ticked among the services.

    For every field of many terms, each field of one leaf of the same vocabulary adds its term when it is legal.
    """
    fields = edition.fields(kind).values()
    frame = frame.copy()
    for many in (f for f in fields if f.type == "terms"):
        order = {term.label: i for i, term in enumerate(edition.terms(many))}
        for one in (f for f in fields if f.type == "term" and f.vocabulary == many.vocabulary and f.level == 0):
            frame[many.id] = pd.Series(
                [_with(ticked, chosen, order) for ticked, chosen in zip(frame[many.id], frame[one.id])],
                index=frame.index, dtype=object)
    return frame


def _with(ticked, chosen, order: dict[str, int]):
    if chosen not in order or isinstance(ticked, str) or chosen in (ticked or ()):
        return ticked
    return tuple(sorted((*(ticked or ()), chosen), key=lambda label: order.get(label, len(order))))
