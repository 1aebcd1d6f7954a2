"""A new batch put into a standing master: rows added, replaced, left; nothing lost, nothing doubled.

An applicant is known again by the credit code; where one side has no usable code, by name and region together, and
then with a question. Field by field three values meet: what the bureau reported last (base), what stands, what
is reported now. The officer's edit and the bureau's change both count; where they disagree the officer's stays and is asked.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .applicants import SOURCE, Applicants, frame_of
from .batch import CODE, Batch, twins
from .credit_code import valid
from .criteria import as_text
from .edition import Edition, Field
from .intake import LostRows
from .intake.text import fold
from .layout.regions import regions
from .problem import Problem, problem
from .reported import EXTRAS, REPORTED, Texts, comparable, dump, joined, parts, reported_fields, short, texts_of
from .standing import Standing

PROVENANCE = (*SOURCE, "batch")
TWIN, CONFLICT, DOUBTFUL = "duplicate-applicant", "edit-conflict", "resubmission-doubtful"
BLANK = "（空）"


@dataclass
class Meeting:
    """The rows of one kind after the merge: standing ones first, in their order, then the added ones.

    ``pairs`` maps the position of a row of the batch to that of the standing row it is; ``edited`` holds (position,
    field id) of what stands although the bureau reports something else.
    """

    applicants: Applicants
    standing: int
    pairs: dict[int, int]
    added: list[int]
    changed: set[int] = field(default_factory=set)
    edited: set[tuple[int, str]] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    unreported: list[int] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """How many rows were added, replaced, left as they were, and are not reported any more."""
        return {"added": len(self.added), "replaced": len(self.changed), "left": len(self.pairs) - len(self.changed),
                "unreported": len(self.unreported)}


def merge(standing: Standing, batch: Batch, edition: Edition) -> dict[str, Meeting]:
    """Kind -> the applicants of both. Raises ``LostRows`` when a row of either side is not accounted for."""
    origins, letters = _free_origins(standing, batch), standing.letters(edition)
    meetings = {}
    for kind in edition.kinds:
        old = Applicants(kind, standing.applicants[kind].frame, origins[kind], {**letters, **standing.applicants[kind].letters})
        meetings[kind] = meeting = _meet(old, standing.base[kind], batch.applicants[kind], edition)
        check_merge(meeting, old, batch.applicants[kind])
    return meetings


def check_merge(meeting: Meeting, old: Applicants, new: Applicants) -> None:
    """Raise ``LostRows`` unless every standing row and every row of the batch is in the result, once."""
    fates = sorted([*meeting.pairs, *meeting.added])
    size = len(meeting.applicants.frame)
    if fates != list(range(len(new.frame))) or len(set(meeting.pairs.values())) != len(meeting.pairs) \
            or size != len(old.frame) + len(meeting.added) or size != len(meeting.applicants.origins) \
            or len(set(meeting.applicants.origins)) != size:
        raise LostRows(f"{meeting.applicants.kind}: {len(old.frame)} standing, {len(new.frame)} reported, {size} after")
    keep = [i for i in range(len(old.frame)) if i not in set(meeting.pairs.values())]
    if meeting.applicants.frame["name"].iloc[keep].tolist() != old.frame["name"].iloc[keep].tolist():
        raise LostRows(f"{meeting.applicants.kind}: standing rows have moved")


# ------------------------------------------------------------------ places of what stands

def _free_origins(standing: Standing, batch: Batch) -> dict[str, list[tuple]]:
    """Kind -> where each standing row was read in the first place; its place in the master where that is not unique."""
    own = {kind: [tuple(row) for row in zip(*(group.values(name) for name in SOURCE))]
           for kind, group in standing.applicants.items()}
    seen = Counter(origin for origins in own.values() for origin in origins)
    taken = {origin for group in batch.applicants.values() for origin in group.origins}
    return {kind: [origin if origin[0] and origin[2] and seen[origin] == 1 and origin not in taken else place
                   for origin, place in zip(origins, standing.applicants[kind].origins)] for kind, origins in own.items()}


# ------------------------------------------------------------------ who is who

def _meet(old: Applicants, base: list[Texts | None], new: Applicants, edition: Edition) -> Meeting:
    reported = texts_of(new, edition)
    pairs, doubts = match(old, base, new, reported, edition)
    added = [i for i in range(len(new.frame)) if i not in pairs]
    columns = {name: [*old.values(name), *(new.values(name)[i] for i in added)] for name in edition.fields(old.kind)}
    origins = [*old.origins, *(new.origins[i] for i in added)]
    for i, position in pairs.items():
        origins[position] = new.origins[i]
    meeting = Meeting(old, len(old.frame), pairs, added)
    said = [dump(texts) for texts in reported]
    columns[REPORTED] = [dump({}) if cell is None else cell for cell in old.values(REPORTED)] + [said[i] for i in added]
    for i, position in pairs.items():
        _settle(meeting, columns, (i, position), new, base[position] or {}, reported[i], edition)
        columns[REPORTED][position] = said[i]
    meeting.applicants = Applicants(old.kind, frame_of(edition, old.kind, columns), origins, {**old.letters, **new.letters},
                                    _spots(meeting, old, new))
    meeting.problems += _questions(meeting, doubts)
    meeting.problems += twins(meeting.applicants)
    meeting.unreported = _unreported(old, set(pairs.values()))
    return meeting


def _spots(meeting: Meeting, old: Applicants, new: Applicants) -> list[dict[str, str]]:
    """Where the values of each row stand: those sent again or added where the batch has them."""
    again = {j: i for i, j in meeting.pairs.items()}
    rows = [(new, again[j]) if j in again else (old, j) for j in range(len(old.frame))] + [(new, i) for i in meeting.added]
    return [group.spots[i] if group.spots else group.letters.get(group.origins[i][:2], {}) for group, i in rows]


def match(old: Applicants, base: list[Texts | None], new: Applicants, reported: list[Texts],
          edition: Edition) -> tuple[dict[int, int], dict[int, str]]:
    """Position in ``new`` -> position in ``old`` of the same applicant, each at most once; and for those matched with a
    doubt the reason in words. ``base`` and ``reported`` are the two sides' values as texts."""
    return _Matcher(old, base, new, reported, edition).pairs()


class _Matcher:
    """Finds for rows of the batch the standing rows that they are."""

    def __init__(self, old: Applicants, base: list[Texts | None], new: Applicants, reported: list[Texts], edition: Edition):
        self.old, self.base, self.new, self.reported = old, base, new, reported
        where = [regions(group.frame, edition, group.kind).tolist() for group in (old, new)]
        self.old_region, self.new_region = where
        self.old_valid, self.new_valid = (valid(group.values("credit_code")) if len(group.frame) else np.array([], bool)
                                          for group in (old, new))
        self.found: dict[int, int] = {}
        self.taken: set[int] = set()
        self.doubts: dict[int, str] = {}

    def pairs(self) -> tuple[dict[int, int], dict[int, str]]:
        """Row of the batch -> standing row, and for those that were matched with a doubt the reason in words."""
        codes = self._index(self._codes)
        names = self._index(self._names)
        by_code = [codes.get(self.reported[i].get("credit_code"), []) if _usable(self.reported[i]) else []
                   for i in range(len(self.reported))]
        by_name = [[j for j in names.get(self._name(self.reported[i]), []) if self._same_region(i, j)
                    and not (self.new_valid[i] and self.old_valid[j])] for i in range(len(self.reported))]
        same = [[*a, *names.get(self._name(texts), [])] for a, texts in zip(by_code, self.reported)]
        self._pass(same, lambda i, j: self.reported[i] == self.base[j])
        self._pass(by_code, lambda i, j: self._name(self.reported[i]) in self._names(j))
        self._pass(by_code, self._same_region, "代码相同而名称不同", alone=True)
        self._pass(by_name, lambda i, j: True, "没有可用的代码，名称和地区相同", alone=True)
        return self.found, self.doubts

    def _index(self, keys: Callable[[int], Iterable[Hashable]]) -> dict[Hashable, list[int]]:
        found: dict[Hashable, list[int]] = defaultdict(list)
        for j in range(len(self.old.frame)):
            for key in keys(j):
                found[key].append(j)
        return found

    def _codes(self, j: int) -> set[str]:
        """The codes of a standing row: as it stands, and as the bureau wrote it."""
        held = (comparable(self.old.values("credit_code")[j]), (self.base[j] or {}).get("credit_code"))
        return {code for code in held if code and CODE.fullmatch(code)}

    def _names(self, j: int) -> set[str]:
        held = (comparable(self.old.values("name")[j]), (self.base[j] or {}).get("name"))
        return {fold(name) for name in held if name}

    @staticmethod
    def _name(texts: Texts) -> str | None:
        return fold(texts["name"]) if "name" in texts else None

    def _same_region(self, i: int, j: int) -> bool:
        return self.new_region[i] == self.old_region[j] and bool(self.new.values("province")[i])

    def _pass(self, candidates: list[list[int]], fits: Callable[[int, int], bool], doubt: str = "", alone: bool = False) -> None:
        """Pair what is still free; ``alone``: only where neither side could be meant by another."""
        open_ = {i: [j for j in dict.fromkeys(candidates[i]) if j not in self.taken and fits(i, j)]
                 for i in range(len(candidates)) if i not in self.found and candidates[i]}
        rivals = Counter(j for found in open_.values() for j in found)
        for i, found in open_.items():
            free = [j for j in found if j not in self.taken]
            if free and not (alone and (len(found) > 1 or rivals[free[0]] > 1)):
                self.found[i] = free[0]
                self.taken.add(free[0])
                if doubt:
                    self.doubts[i] = doubt


def _usable(texts: Texts) -> bool:
    return bool(CODE.fullmatch(texts.get("credit_code", "")))


def _unreported(old: Applicants, matched: set[int]) -> list[int]:
    """The standing rows of a file and sheet of which other rows were sent again, and they were not."""
    sources = list(zip(old.values("source_file"), old.values("source_sheet")))
    again = {sources[j] for j in matched if sources[j][0]}
    return [j for j, source in enumerate(sources) if source in again and j not in matched]


# ------------------------------------------------------------------ what holds

def _settle(meeting: Meeting, columns: dict[str, list], pair: tuple[int, int], new: Applicants, base: Texts, said: Texts,
            edition: Edition) -> None:
    """Every field of one applicant that is reported again: the bureau's change, or the officer's edit."""
    i, j = pair
    for f in reported_fields(edition, new.kind):
        theirs, before = said.get(f.id), base.get(f.id)
        stands = columns[f.id][j]
        ours = _text(stands)
        if ours == theirs:
            continue
        if ours == before or f.type == "measure":
            columns[f.id][j] = new.values(f.id)[i]
            meeting.changed.add(j)
        else:
            meeting.edited.add((j, f.id))
            if theirs != before:
                meeting.changed.add(j)
                meeting.problems.append(_conflict(new, i, f, stands, new.values(f.id)[i]))
    _settle_extras(meeting, columns, pair, new, base)
    for name in PROVENANCE:
        columns[name][j] = new.values(name)[i]


def _text(value: Any) -> str | None:
    text = comparable(value)
    return short(text) if text else None


def _conflict(new: Applicants, i: int, f: Field, stands: Any, reported: Any) -> Problem:
    return problem(CONFLICT, new.place(i, f.id), field=f.id, value=None if stands is None else as_text(stands), label=f.label,
                   ours=in_words(stands), theirs=in_words(reported))


def in_words(value: Any) -> str:
    """A value as text, （空） for a blank."""
    return BLANK if value is None else as_text(value)


def _settle_extras(meeting: Meeting, columns: dict[str, list], pair: tuple[int, int], new: Applicants, base: Texts) -> None:
    """What the bureau's other columns say now, with what an officer wrote beside them."""
    i, j = pair
    before = parts(base.get(EXTRAS))
    own = [part for part in parts(columns["extras"][j]) if short(part) not in before]
    now = joined([*parts(new.values("extras")[i]), *own])
    if now != columns["extras"][j]:
        columns["extras"][j] = now
        meeting.changed.add(j)


def _questions(meeting: Meeting, doubts: dict[int, str]) -> list[Problem]:
    """One question for each row that was known again in a doubtful way."""
    group = meeting.applicants
    found = []
    for i, why in doubts.items():
        j = meeting.pairs[i]
        found.append(problem(DOUBTFUL, group.place(j, "name"), field="name", value=group.values("name")[j], why=why))
    return found
