"""A batch: the submissions of one import put together, with nothing lost on the way.

For every sheet, file and batch: read = accepted + rejected + duplicate + total_or_note + blank.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from .applicants import Applicants, address, frame_of
from .criteria import as_text
from .edition import Edition
from .intake import COUNTS, FileIntake, LostRows, SetAside, SheetIntake, Table
from .intake.text import fold
from .problem import Place, Problem, problem

LONGEST = 32_000                        # UTF-16 units; a cell holds 32,767
CODE = re.compile(r"[0-9A-Z]{9,20}")    # what can tell applicants apart; '办理中' cannot
OUTCOMES = COUNTS[1:]                    # what may become of a row that was read


class Named(NamedTuple):
    """Who stands in a row that was read."""

    kind: str
    name: str | None
    code: str | None


@dataclass
class Batch:
    """What one import brought. ``id`` depends on the files' contents alone, so the same import has the same id."""

    id: str
    edition: Edition
    files: list[FileIntake]
    applicants: dict[str, Applicants]
    problems: list[Problem]

    @property
    def totals(self) -> dict[str, int]:
        """Rows of all sheets: read and what became of them."""
        return add_counts(sheet.counts for file in self.files for sheet in file.sheets)

    def named(self) -> dict[tuple, Named]:
        """(file, sheet, row) as read -> the applicant."""
        return {origin: Named(kind, name, code) for kind, group in self.applicants.items()
                for origin, name, code in zip(group.origins, group.values("name"), group.values("credit_code"))}

    def set_aside(self) -> Iterable[tuple[FileIntake, SetAside]]:
        """Every row that did not become an applicant, with its file, as it was written."""
        return ((file, row) for file in self.files for sheet in file.sheets for row in sheet.set_aside)


def add_counts(counts: Iterable[dict[str, int]]) -> dict[str, int]:
    """The sum of row counts, every key of COUNTS present."""
    total = Counter(dict.fromkeys(COUNTS, 0))
    for one in counts:
        total.update(one)
    return dict(total)


def batch_id(files: Iterable[FileIntake], edition: Edition) -> str:
    """Ten letters and digits from the edition and the contents of the files."""
    digest = hashlib.sha256(edition.id.encode())
    for sha in sorted({file.sha256 for file in files}):
        digest.update(sha.encode())
    return digest.hexdigest()[:10]


def assemble(files: list[FileIntake], edition: Edition) -> Batch:
    """Put the files' tables together, one ``Applicants`` a kind; rows that repeat an earlier one are set aside.

    A row is a duplicate when an earlier row has the same credit code (without a code: the same name) and the
    same content. Same code and other content: both stay, and a problem asks which one holds.
    Raises ``LostRows`` when the rows do not add up.
    """
    ident = batch_id(files, edition)
    _mark_repeated_files(files)
    problems = [p for file in files for p in file.problems]
    applicants = {}
    for kind in edition.kinds:
        tables = [(file, sheet, table) for file in files for sheet in file.sheets for table in sheet.tables
                  if table.kind == kind]
        applicants[kind], twins = _join(tables, edition, kind, ident)
        problems += twins
    batch = Batch(ident, edition, files, applicants, problems)
    check_conservation(batch)
    return batch


def check_conservation(batch: Batch) -> None:
    """Raise ``LostRows`` unless every row that was read is accounted for, in every sheet and in the whole."""
    for file in batch.files:
        for sheet in file.sheets:
            if sheet.counts["read"] != sum(sheet.counts[name] for name in OUTCOMES):
                raise LostRows(f"{file.path} [{sheet.name}]: {sheet.counts}")
            listed = Counter(row.reason for row in sheet.set_aside)
            for name in ("rejected", "duplicate", "total_or_note"):
                if listed[name] != sheet.counts[name]:
                    raise LostRows(f"{file.path} [{sheet.name}]: {name} {sheet.counts[name]}, listed {listed[name]}")
    accepted = sum(len(group.frame) for group in batch.applicants.values())
    if accepted != batch.totals["accepted"]:
        raise LostRows(f"{accepted} applicants of {batch.totals['accepted']} accepted rows")


def _mark_repeated_files(files: list[FileIntake]) -> None:
    seen: dict[str, FileIntake] = {}
    for file in files:
        first = seen.setdefault(file.sha256, file)
        if first is not file and file.status == "imported":
            file.status = "duplicate"
            file.problems.append(problem("file-repeated", Place(file.path), other=Path(first.path).name))


def _join(tables: list[tuple[FileIntake, SheetIntake, Table]], edition: Edition, kind: str,
          ident: str) -> tuple[Applicants, list[Problem]]:
    """One frame from all tables of a kind, without the duplicates; and the problems of unequal twins."""
    everything, problems = stack(tables, edition, kind, ident)
    owners = [sheet for _, sheet, table in tables for _ in table.rows]
    own = [f.id for f in edition.fields(kind).values() if f.type not in ("system", "measure")]    # what people fill in
    inherited, dropped = _inherited(table for _, _, table in tables), set()
    for group in _groups(everything.frame).values():
        contents = {row: tuple(None if (row, field) in inherited else value for field, value in
                                zip(own, everything.frame[own].iloc[row])) for row in group}
        kept = []
        for row in group:
            if contents[row] in [contents[k] for k in kept]:
                dropped.add(row)
                _set_aside_duplicate(owners[row], everything, row, contents[row])
            else:
                kept.append(row)
    keep = [row for row in range(len(owners)) if row not in dropped]
    group = Applicants(kind, everything.frame.iloc[keep].reset_index(drop=True), [everything.origins[r] for r in keep],
                       everything.letters, [everything.spots[r] for r in keep])
    return group, [*problems, *twins(group)]


def _inherited(tables: Iterable[Table]) -> set[tuple[int, str]]:
    """(row of all tables under each other, field) of every value that the row did not give itself."""
    found, first = set(), 0
    for table in tables:
        found |= {(first + position, name) for name, rows in table.inherited.items() for position in rows}
        first += len(table.rows)
    return found


def twins(applicants: Applicants) -> list[Problem]:
    """A question for every row that names the same applicant as an earlier one."""
    return [_twin_problem(applicants, row, first, key) for key, (first, *others) in _groups(applicants.frame).items()
            for row in others]


def stack(tables: list[tuple[FileIntake, SheetIntake, Table]], edition: Edition, kind: str,
           ident: str) -> tuple[Applicants, list[Problem]]:
    """All rows of all tables under each other; rows without provenance of their own get it here."""
    columns: dict[str, list] = {name: [] for name in edition.fields(kind)}
    origins, letters, spots, problems = [], {}, [], []
    for file, sheet, table in tables:
        letters.setdefault((file.path, sheet.name), {}).update(table.places)
        held = {**table.columns, "extras": _extras(table), **provenance_of(file, sheet, table, ident)}
        for name, values in columns.items():
            values.extend(held.get(name) or [None] * len(table.rows))
        origins += [(file.path, sheet.name, number) for number in table.rows]
        spots += table.spots()
        start = len(origins) - len(table.rows)
        problems += _cut_texts(columns, start, lambda row, name, t=table, f=file, s=sheet, first=start, own=spots: Place(
            f.path, s.name, t.rows[row - first], address(own[row].get(name), t.rows[row - first])), edition, kind)
    return Applicants(kind, frame_of(edition, kind, columns), origins, letters, spots), problems


def provenance_of(file: FileIntake, sheet: SheetIntake, table: Table, ident: str) -> dict[str, list]:
    """Field id -> values that say where the rows of a table come from; {} where the table brings its own."""
    if any(table.columns.get("source_file") or ()):
        return {}
    size = len(table.rows)
    return {"source_file": [Path(file.path).name] * size, "source_sheet": [sheet.name] * size,
            "source_row": table.rows, "batch": [ident] * size}


def _extras(table: Table) -> list[str | None]:
    """What stood in columns that were not recognised, kept beside the row: '备注：新设；等级：A'."""
    carried = table.columns.get("extras") or [None] * len(table.rows)
    return ["；".join(part for part in (carried[i], *(f"{label}：{as_text(values[i])}" for label, values in
                                                    table.unmapped.items() if values[i] is not None)) if part) or None
            for i in range(len(table.rows))]


def cut(text: str) -> tuple[str, bool]:
    """A text that fits in a cell of a spreadsheet, and whether it had to be cut; a cut text says so at its end."""
    if len(text) * 2 <= LONGEST:
        return text, False
    units = text.encode("utf-16-le", "surrogatepass")
    if len(units) // 2 <= LONGEST:
        return text, False
    return units[:2 * LONGEST].decode("utf-16-le", "ignore") + "……（文字过长，全文见来源文件）", True


def _cut_texts(columns: dict[str, list], start: int, place: Callable[[int, str], Place], edition: Edition,
               kind: str) -> Iterator[Problem]:
    """Cut, from row ``start`` on, what no cell can hold (csv and joined texts can be longer); one problem each."""
    for name, values in columns.items():
        for row in range(start, len(values)):
            if isinstance(values[row], str) and len(values[row]) > LONGEST // 2:
                values[row], was_cut = cut(values[row])
                if was_cut:
                    label = edition.fields(kind)[name].label
                    yield problem("text-cut", place(row, name), field=name, label=label, limit=LONGEST)


def _groups(frame: pd.DataFrame) -> dict[str, list[int]]:
    """Positions of rows that name the same applicant, by code or else by name; only groups of two or more.

    Names are the same whatever their brackets, blanks and line breaks.
    """
    groups: dict[str, list[int]] = {}
    for row, (code, name) in enumerate(zip(frame["credit_code"], frame["name"])):
        groups.setdefault(code if code and CODE.fullmatch(code) else name and fold(name) or code, []).append(row)
    return {key: rows for key, rows in groups.items() if len(rows) > 1}


def _set_aside_duplicate(sheet: SheetIntake, everything: Applicants, row: int, content: tuple) -> None:
    sheet.counts["accepted"] -= 1
    sheet.counts["duplicate"] += 1
    values = [None if v is None else as_text(v) for v in content]
    sheet.set_aside.append(SetAside(sheet.name, everything.origins[row][2], "duplicate", "与另一行完全相同", values))


def _twin_problem(everything: Applicants, row: int, first: int, key: str) -> Problem:
    by_code = key == everything.frame["credit_code"].iat[row]
    file, sheet, number = everything.origins[first]
    name = "credit_code" if by_code else "name"
    return problem("duplicate-applicant", everything.place(row, name), field=name, value=everything.values(name)[row] or key,
                   other=f"{Path(file).name} [{sheet}] 第 {number} 行", what="代码" if by_code else "名称")
