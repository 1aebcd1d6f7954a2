"""How far an applicant's papers have come, and whether they are in time: 填报 -> 盖章 -> 核准 -> 邮寄 -> 收到.

The steps are those of 推荐说明 一（二）1、4 (parks and trainers alike); the day of the last one is the officer's own note.
Whatever depends on a day takes that day from its caller: nothing here knows what day it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any

from .criteria import Judgement, missing_counts
from .edition import NO, YES, Edition

STEPS = {"filled": "填报", "sealed": "盖章", "approved": "商务部门核准", "mailed": "邮寄", "received": "收到"}
#: The fields that tell of a step: whether it was done (a term of yes and no), and on what day.
_TELLING = {"sealed": ("applicant_sealed", None), "approved": ("bureau_approved", "approved_on"),
            "mailed": (None, "mailed_on"), "received": (None, "received_on")}
TIMINGS = {"in_time": "按时邮寄", "late": "逾期邮寄", "overdue": "逾期未寄", "waiting": "尚未邮寄", "unverified": "待核"}


@dataclass(frozen=True)
class Step:
    """``state`` is 'done', 'open' or 'doubt'; ``on`` the day it was done, where one was noted; ``said`` is for people."""

    state: str
    on: date | None
    said: str


@dataclass(frozen=True)
class Standing:
    """Where one applicant stands: its steps by the keys of STEPS, a key of TIMINGS, and what contradicts itself."""

    steps: dict[str, Step]
    timing: str
    doubts: tuple[str, ...] = ()

    @property
    def next(self) -> str | None:
        """The first step that is not done for certain, a key of STEPS; None when all are."""
        return next((name for name, step in self.steps.items() if step.state != "done"), None)

    def done(self, name: str) -> bool:
        return self.steps[name].state == "done"


def is_late(day: date, edition: Edition) -> bool:
    """Whether ``day`` lies after the last day allowed; the day of the deadline itself is as the edition says."""
    return day > edition.deadline or day == edition.deadline and not edition.deadline_inclusive


def judge_mailing(found: Judgement, on: date | None = None) -> list[Standing]:
    """One ``Standing`` an applicant, in their order. ``on`` is the day as of which papers not mailed are overdue;
    without it no paper is, and no date lies in the future."""
    return [_standing(found, row, blanks, on) for row, blanks in enumerate(missing_counts(found))]


def _standing(found: Judgement, row: int, blanks: int, on: date | None) -> Standing:
    def value(field: str | None) -> Any:
        return found.frame[field].iat[row] if field in found.frame else None

    steps = {"filled": Step("open", None, f"缺 {blanks} 项") if blanks else Step("done", None, "已填")}
    for name, (whether, day) in _TELLING.items():
        answer = found.edition.fields(found.kind)[whether] if whether in found.frame else None
        words = found.edition.vocabularies[answer.vocabulary].by_code if answer else {}
        yes, no = (words[code].label if code in words else None for code in (YES, NO))
        steps[name] = _step(value(whether), yes, no, value(day))
    return Standing(_without_gaps(steps), _timing(found.edition, value("mailed_on"), value("received_on"), on),
                    tuple(_doubts(found, row, on)))


def _step(said: str | None, yes: str | None, no: str | None, day: date | str | None) -> Step:
    """A step from what its two cells hold; a day tells that it was done, unless the other cell denies it."""
    if isinstance(day, date) and said in (None, yes):
        return Step("done", day, day.isoformat())
    if day is None and said is not None and said == yes:
        return Step("done", None, "已办")
    if day is None and said in (None, no):
        return Step("open", None, "未办")
    return Step("doubt", None, "待核")


def _without_gaps(steps: dict[str, Step]) -> dict[str, Step]:
    """A step that nobody noted although a later one was done is to be looked into; what is filled in speaks for itself."""
    names = list(steps)
    last = max((i for i, name in enumerate(names) if steps[name].state == "done"), default=0)
    return {name: Step("doubt", None, "待核") if 0 < i < last and step.state == "open" else step
            for i, (name, step) in enumerate(steps.items())}


def _timing(edition: Edition, mailed: date | str | None, received: date | str | None, on: date | None) -> str:
    """A key of TIMINGS; what came in time was mailed in time, what came late may have been."""
    if isinstance(mailed, date):
        return "late" if is_late(mailed, edition) else "in_time"
    if mailed is not None or isinstance(received, str):
        return "unverified"
    if received is not None:
        return "unverified" if is_late(received, edition) else "in_time"
    return "overdue" if on and is_late(on, edition) else "waiting"


def _doubts(found: Judgement, row: int, on: date | None) -> list[str]:
    """Days that contradict each other or lie after ``on``, in words."""
    labels = found.edition.fields(found.kind)
    days = [(labels[field].label, found.frame[field].iat[row]) for _, field in _TELLING.values() if field in found.frame]
    known = [(label, day) for label, day in days if isinstance(day, date)]
    wrong = [f"{first}晚于{second}" for (first, one), (second, other) in combinations(known, 2) if one > other]
    return wrong + [f"{label}晚于截至日期" for label, day in known if on and day > on]
