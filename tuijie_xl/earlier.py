"""What reading found in earlier files: questions that stay open while their applicant stands as it was reported."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from .checks import FOUND_ANEW
from .criteria import as_text
from .edition import Edition
from .layout.problem_list import SHEET as PROBLEMS
from .problem import SEVERITIES, Problem
from .reported import comparable, short
from .resubmission import CONFLICT, DOUBTFUL, TWIN, Meeting
from .standing import Standing

_ADDRESS = re.compile(r"[A-Z]{1,3}(\d{1,7})")
_ROW = re.compile(r"第(\d+)行")
_OF_MERGING = (CONFLICT, DOUBTFUL)
_OF_ONE_UPDATE = (TWIN, "own-formula")      # asked or told anew at every update


def open_questions(standing: Standing, meetings: Mapping[str, Meeting], edition: Edition) -> Iterator[Problem]:
    """The problems of the standing 问题清单 that cannot be found anew and still hold.

    Those of a row hold while nobody has changed the cell and its bureau has not sent the row again; those that
    merging asked, while the quoted value stands; those of a sheet or file, until its applicants come from other files.
    """
    rows = _Rows(standing)
    gone = _superseded(standing, meetings)
    asked = {(p.file, p.sheet, p.row, p.field) for meeting in meetings.values() for p in meeting.problems}
    for one, who in _problems(standing.past.lists[PROBLEMS], edition, rows):
        if one.code in FOUND_ANEW or one.code in _OF_ONE_UPDATE:
            continue
        where = rows.of(one, who)
        if where is None:
            if (one.file, one.sheet) not in gone and (one.file, None) not in gone:
                yield one
            continue
        kind, j = where
        meeting = meetings[kind]
        moved = _at_origin(one, meeting, j)
        if one.code in _OF_MERGING:
            value = meeting.applicants.values(one.field)[j]
            if (None if value is None else as_text(value)) == one.value and (moved.file, moved.sheet, moved.row, one.field) not in asked:
                yield moved
        elif j not in meeting.pairs.values() and not _edited(standing, kind, j, one.field):
            yield moved


def found_in_master(standing: Standing, meetings: Mapping[str, Meeting]) -> Iterator[Problem]:
    """What reading finds in values that officers typed into the master, and in rows there that are no applicants."""
    rows = {origin: (kind, j) for kind, group in standing.applicants.items() for j, origin in enumerate(group.origins)}
    sheets = {origin[1] for origin in rows}
    for one in standing.intake.problems:
        kind, j = rows.get((one.file, one.sheet, one.row), (None, -1))
        if kind is None:
            if one.row and one.sheet in sheets:
                yield one
        elif j not in meetings[kind].pairs.values() and one.field and _edited(standing, kind, j, one.field):
            yield _at_origin(one, meetings[kind], j)


class _Rows:
    """Finds the standing row that a line of 问题清单 speaks of: by where it was read, and among several by its name."""

    def __init__(self, standing: Standing):
        self.found: dict[tuple, list[tuple[str, int, str | None]]] = defaultdict(list)
        name = Path(standing.path).name
        for kind, group in standing.applicants.items():
            sources = zip(group.values("source_file"), group.values("source_sheet"), group.values("source_row"))
            for j, (source, origin, who) in enumerate(zip(sources, group.origins, group.values("name"))):
                for key in (source, (name, *origin[1:])):
                    self.found[key].append((kind, j, who))

    def of(self, one: Problem, who: str | None) -> tuple[str, int] | None:
        found = self.found.get((one.file, one.sheet, one.row), [])
        named = [row for row in found if row[2] == who] if len(found) > 1 else found
        return named[0][:2] if named else None


def _superseded(standing: Standing, meetings: Mapping[str, Meeting]) -> set[tuple[str, str | None]]:
    """(file, sheet) whose applicants were all sent again, and (file, None) for whole files."""
    before: dict[tuple, list[bool]] = {}
    for kind, meeting in meetings.items():
        group, again = standing.applicants[kind], set(meeting.pairs.values())
        for j, (file, sheet) in enumerate(zip(group.values("source_file"), group.values("source_sheet"))):
            for key in ((file, sheet), (file, None)):
                before.setdefault(key, []).append(j in again)
    return {key for key, sent in before.items() if all(sent)}


def _at_origin(one: Problem, meeting: Meeting, j: int) -> Problem:
    """The problem where its row is known now, so that it is found in the new master."""
    file, sheet, row = meeting.applicants.origins[j]
    if (file, sheet, row) == (one.file, one.sheet, one.row):
        return one
    place = meeting.applicants.place(j, one.field)
    return Problem(one.severity, one.code, one.message, one.remedy, row, one.field, one.value, sheet, place.cell, file, one.source)


def _edited(standing: Standing, kind: str, j: int, field: str | None) -> bool:
    """Whether an officer has changed a cell since the bureau's report."""
    if field is None:
        return False
    text = comparable(standing.applicants[kind].values(field)[j])
    return (short(text) if text else None) != (standing.base[kind][j] or {}).get(field)


def _problems(lines: Iterable[Mapping[str, Any]], edition: Edition,
              rows: _Rows) -> Iterator[tuple[Problem, str | None]]:
    """The lines of 问题清单 as problems again, with the applicant's name; a line that somebody wrote there by hand is none."""
    severities = {word: key for key, word in SEVERITIES.items()}
    clauses = {edition.cite(clause): clause for clause in edition.clauses}
    for line in lines:
        cell = line.get("单元格") or ""
        address = _ADDRESS.fullmatch(cell) or _ROW.fullmatch(cell)
        row = int(address[1]) if address else None
        file, sheet = line.get("出自文件"), line.get("出自工作表")
        if line.get("代号") and line.get("程度") in severities:
            source, who = line.get("依据"), line.get("申报单位")
            one = Problem(severities[line["程度"]], line["代号"], line.get("问题") or "", line.get("处理办法") or "", row,
                          None, line.get("现值"), sheet, cell if address and address.re is _ADDRESS else None, file,
                          clauses.get(source, source))
            kind, _ = rows.of(one, who) or (None, None)
            yield replace(one, field=_field(line.get("字段"), edition, kind)), who


def _field(label: str | None, edition: Edition, kind: str | None) -> str | None:
    fields = edition.fields(kind).values() if kind else edition.all_fields
    return next((f.id for f in fields if f.label == label), None)


