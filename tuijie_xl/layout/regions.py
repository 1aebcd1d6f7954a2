"""Which bureau an applicant belongs to: the regions of the edition (provinces, 计划单列市, 兵团) as senders."""

from __future__ import annotations

import pandas as pd

from ..edition import Edition, Term

NO_REGION = "未填"
_PROVINCE = 2                           # the digits of a GB/T 2260 code that name the province


def regions(frame: pd.DataFrame, edition: Edition, kind: str) -> pd.Series:
    """The label of the sender of every applicant, from 'province' and 'city'; 未填 where neither says.

    A city that reports by itself and lies in that province (the code of its term begins alike) is the sender:
    广东省 and 深圳市 is 深圳市. What is no term of the vocabulary, and a blank, are 未填.
    """
    known = _Known(edition, kind)
    pairs = zip(frame["province"].tolist(), frame["city"].tolist())
    return pd.Series([known.sender(province, city) for province, city in pairs], index=frame.index, dtype=object)


def region_order(edition: Edition, kind: str) -> tuple[str, ...]:
    """All senders in the order of the edition, then 未填."""
    return (*(term.label for term in edition.terms(edition.fields(kind)["province"])), NO_REGION)


class _Known:
    """Looks up senders by name."""

    def __init__(self, edition: Edition, kind: str):
        terms = edition.terms(edition.fields(kind)["province"])
        self.labels = {term.label: term for term in terms}
        self.names = {name: term for term in terms for name in term.aliases} | self.labels
        self.answers: dict[tuple, str] = {}

    def sender(self, province, city) -> str:
        if (province, city) not in self.answers:
            self.answers[province, city] = self._sender(province, city)
        return self.answers[province, city]

    def _sender(self, province, city) -> str:
        above = self.labels.get(province)
        if above is None:               # without a province only the full name of a city is trusted
            below = self.labels.get(city) if province is None else None
        else:
            below = self.names.get(city)
            below = below if below and _same_province(above, below) else None
        found = below or above
        return found.label if found else NO_REGION


def _same_province(one: Term, other: Term) -> bool:
    return one.code[:_PROVINCE] == other.code[:_PROVINCE]
