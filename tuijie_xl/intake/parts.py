"""Lists that do not stand below each other: side by side on one sheet, turned over (applicants in columns),
or going on upon the next sheet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from ..book import Grid
from .headers import DEEP, NAME, Header, HeaderColumn, find_header, names_applicants
from .labels import SERIAL, Labels, Match
from .names import looks_like_applicant
from .text import as_written, is_blank
from .values import quantity
from .views import View, split, turned

_LEAST = 4                                  # labels that a list turned over must have
_FIRST = 4                                  # columns of a list among which its names stand
_FEWEST = 2                                 # applicants that it must have; one is a form
_CERTAIN = 0.8                              # share of numbers, codes and days by which a list is known to go on


def parts_of(grid: Grid, header: Header | None, labels: Mapping[str, Labels], hints: Mapping[str, int]) -> list[View]:
    """Where lists stand side by side for certain, a view of each list with its remarks; [] for any other sheet.

    ``header`` is the first one of the sheet. It is certain where a blank column stands between two headers, or where the same labels come again in the same order.
    """
    if header is None:
        return []
    starts = _after_blank_columns(grid, header.rows[0]) or _where_labels_repeat(header)
    starts = [start for start in starts if any(names_applicants(labels, cell) for row in grid.rows[:DEEP]
                                               for cell in row[start:])]
    while starts:
        parts = split(grid, starts)
        found = [find_header(part, 0, labels, hints, DEEP) for part in parts]
        bare = next((i for i, one in enumerate(found) if one is None or not _begins_with_name(one)), None)
        if bare is None:
            return parts
        starts.pop(max(bare - 1, 0))                    # no list of its own: remarks beside the one at its left
    return []


def _begins_with_name(header: Header) -> bool:
    """True when the name stands among the first columns, as in a list; '园区' further on is where a company sits."""
    written = [column for column in header.columns if column.written]
    return any(c.match.targets[0].field.id == NAME for c in written[:_FIRST] if isinstance(c.match, Match))


def _after_blank_columns(grid: Grid, top: int) -> list[int]:
    """The columns with content that follow a column which is blank from row ``top`` down."""
    width = len(grid.rows[top])
    blank = [all(is_blank(row[column]) for row in grid.rows[top:]) for column in range(width)]
    first = blank.index(False)
    return [column for column in range(first + 1, width) if blank[column - 1] and not blank[column]]


def _where_labels_repeat(header: Header) -> list[int]:
    """The columns where a row of labels begins again, name and all."""
    fields = [column.match.targets[0].field.id if isinstance(column.match, Match) else None for column in header.columns]
    names = [i for i, name in enumerate(fields) if name == NAME]
    if len(names) < 2:
        return []
    lead = 1 if names[0] and fields[names[0] - 1] == SERIAL else 0
    starts = [name - lead for name in names]
    runs = [fields[a:b] for a, b in pairwise([*starts, starts[-1] + starts[1] - starts[0]])]
    same = all(run == runs[0] for run in runs) and len(set(runs[0])) > 1 + lead
    return starts[1:] if same else []


# ------------------------------------------------------------------ lists turned over

@dataclass
class TurnedList:
    """A list with its labels down the left: the rows (from 0) that it takes and the row of the names; as a view with
    its labels in row 0 and an applicant, a total or a remark in each other row."""

    first: int
    last: int
    anchor: int
    header: Header
    view: View


def find_turned(grid: Grid, labels: Mapping[str, Labels], hints: Mapping[str, int]) -> TurnedList | None:
    """The list of a sheet whose applicants stand in columns; None unless there is one for certain.

    Certain: four labels below each other, the name among them, at least two names that look like applicants' in that
    row, and no label to the right of the labels.
    """
    for row, cells in enumerate(grid.rows[:DEEP]):
        left = next((column for column, cell in enumerate(cells) if not is_blank(cell)), None)
        if left is None or not names_applicants(labels, cells[left]):
            continue
        names = [cell for cell in cells[left + 1:] if not is_blank(cell)]
        if sum(isinstance(name, str) and looks_like_applicant(name) for name in names) >= _FEWEST:
            found = [turned for one in labels.values() if (turned := _turned(grid, row, left, one))]
            return max(found, key=lambda one: (len(one.header.matched), hints.get(one.header.kind, 0)), default=None)
    return None


def _turned(grid: Grid, anchor: int, left: int, labels: Labels) -> TurnedList | None:
    """The list turned over whose names stand in row ``anchor``, right of column ``left``, read as one kind's."""
    matches = {row: match for row, cells in enumerate(grid.rows) if isinstance(cells[left], str)
               and (match := labels.match(" ".join(cells[left].split())))}
    first, last = _region(grid, anchor, left, matches)
    known = [match for row, match in matches.items() if first <= row <= last and isinstance(match, Match)]
    beside = any(isinstance(cell, str) and isinstance(labels.match(cell), Match) and not labels.match(cell).targets[0].term
                 for row in grid.rows[first:last + 1] for cell in row[left + 1:])
    if len(known) < _LEAST or beside or not any(m.targets[0].field.id == NAME for m in known):
        return None
    view = turned(grid, first, left, last, anchor)
    columns = [HeaderColumn(row - first, "" if is_blank(text := grid.rows[row][left]) else " ".join(str(text).split()),
                            matches.get(row)) for row in range(first, last + 1)]
    return TurnedList(first, last, anchor, Header(labels.kind, [0], columns), view)


def _region(grid: Grid, anchor: int, left: int, matches: Iterable[int]) -> tuple[int, int]:
    """(first, last) row around ``anchor`` with a known label, and those between and beside them with content."""
    first, last = min(matches, default=anchor), max(matches, default=anchor)
    while last + 1 < len(grid.rows) and sum(not is_blank(cell) for cell in grid.rows[last + 1][left:]) > _FEWEST:
        last += 1
    return first, last


# ------------------------------------------------------------------ a list that goes on upon the next sheet

def continues(grid: Grid, header: Header) -> bool:
    """True for a sheet without a header whose cells all fit the columns of ``header``, the list of the sheet before.

    Certain: as many columns; below the name nothing but applicants' names, and in the columns of numbers, codes and days
    hardly anything else. A doubtful cell ('约203', '不详') is read and marked like any other.
    """
    rows = [row for row in grid.rows if sum(not is_blank(cell) for cell in row) > 2]
    written = max((column.index for column in header.columns if column.written), default=0)
    width = max((i for row in rows for i, cell in enumerate(row) if not is_blank(cell)), default=-1)
    name = next((column.index for column in header.matched if column.match.targets[0].field.id == NAME), None)
    if name is None or width != written:
        return False
    named = all(isinstance(row[name], str) and looks_like_applicant(row[name]) for row in rows)
    typed = [(_FITS[f.type], column.index) for column in header.matched if (f := column.match.targets[0].field).type in _FITS]
    held = [(fits, row[index]) for fits, index in typed for row in rows if not is_blank(row[index])]
    return named and bool(held) and sum(fits(cell) for fits, cell in held) >= _CERTAIN * len(held)


def _is_number(cell: Any) -> bool:
    return not isinstance(cell, bool) and quantity(cell)[0] is not None


def _is_code(cell: Any) -> bool:
    return re.fullmatch(r"[0-9A-Z]{15,18}", as_written(cell).strip().upper()) is not None


_FITS = {**dict.fromkeys(("amount", "number", "count", "percent"), _is_number), "credit_code": _is_code,
         "date": lambda cell: isinstance(cell, date) or bool(re.match(r"(?:19|20)\d\d\D", str(cell)))}
