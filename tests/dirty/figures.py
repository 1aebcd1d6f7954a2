"""What the product made of the dirty files, cell by cell against the truth, and the figures of it."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from tuijie_xl import actions
from tuijie_xl.edition import Edition, Field
from tuijie_xl.problem import Problem

from .oracle import INPUTS, allowed_verdicts
from .truth import DOUBT, NOTHING, PLAIN, Applicant, Cell, FileTruth, SheetTruth

#: Problems that are no doubt about how a cell was read: consequences, judgements, things not filled in.
_NO_DOUBT = ("criterion-unmet", "criterion-unknown", "required-missing", "column-blank", "duplicate-applicant", "typed-measure-differs",
             "material-missing", "material-doubtful", "materials-unreported", "zero-staff", "row-doubtful", "other-needs-text", "header-doubtful", "header-duplicate",
             "region-from-title")


@dataclass(frozen=True)
class Fault:
    """One thing that is not as the truth says. ``what`` sorts it; the rest says where and how."""

    what: str
    file: str
    where: str
    field: str
    written: Any
    meant: Any
    got: Any
    mutation: str


@dataclass
class Figures:
    """Counts over all files; the properties are the figures of the issue."""

    files: int = 0
    applicants: int = 0
    found: int = 0
    columns: int = 0
    mapped: int = 0
    mapped_right: int = 0
    totals: int = 0
    totals_imported: int = 0
    others_imported: int = 0
    values: int = 0
    value_errors: int = 0
    plain: int = 0
    plain_marked: int = 0
    readable: int = 0
    readable_marked: int = 0
    doubtful: int = 0
    doubtful_unmarked: int = 0
    verdicts: int = 0
    verdicts_wrong: int = 0
    asked: int = 0
    asked_right: int = 0
    wrong_totals: int = 0
    wrong_totals_told: int = 0
    faults: list[Fault] = field(default_factory=list, repr=False)

    @property
    def precision(self) -> float:
        return self.mapped_right / self.mapped if self.mapped else 1.0

    @property
    def recall(self) -> float:
        return self.mapped_right / self.columns if self.columns else 1.0

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    @property
    def f1_answered(self) -> float:
        """F1 when the officer says yes to the first suggestion of every question about a column."""
        precision = (self.mapped_right + self.asked_right) / max(1, self.mapped + self.asked)
        recall = (self.mapped_right + self.asked_right) / max(1, self.columns)
        return 2 * precision * recall / (precision + recall) if precision + recall else 0.0

    @property
    def row_recall(self) -> float:
        return self.found / self.applicants if self.applicants else 1.0

    @property
    def plain_marked_share(self) -> float:
        return self.plain_marked / self.plain if self.plain else 0.0

    def __add__(self, other: Figures) -> Figures:
        return Figures(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


def measure(truths: list[FileTruth], edition: Edition, *, jobs: int | None = None) -> dict[str, Figures]:
    """Import all files as one batch and compare; path -> its figures."""
    outcome = actions.import_files([t.path for t in truths], edition, jobs=jobs)
    read = Reading(outcome, edition)
    return {truth.path: FileComparison(truth, read).figures() for truth in truths}


# ------------------------------------------------------------------ what the product holds

class Reading:
    """The outcome of an import, asked by file, sheet and row."""

    def __init__(self, outcome: actions.Outcome, edition: Edition):
        self.edition = edition
        self.files = {f.path: f for f in outcome.batch.files}
        self.rows: dict[tuple, list[tuple]] = {}
        for kind, judgement in outcome.judgements.items():
            group = outcome.batch.applicants[kind]
            for i, (file, sheet, row) in enumerate(group.origins):
                self.rows.setdefault((file, sheet), []).append((int(row), kind, group.frame.iloc[i].to_dict(), judgement.verdicts[i]))
        self.problems: dict[tuple, list[Problem]] = {}
        for p in outcome.problems:
            self.problems.setdefault((p.file, p.sheet), []).append(p if p.row is None else replace(p, row=int(p.row)))

    def sheets(self, path: str, name: str) -> list:
        """The SheetIntakes of that name: several where lists stand side by side; of a text file all, whatever their name."""
        return [s for s in self.files[path].sheets if name in (s.name, "")]


# ------------------------------------------------------------------ equality

def folded(text: Any) -> str:
    """Letters and digits alone, half-width: names that differ in blanks and brackets are the same."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", str(text))).casefold()


def same(f: Field, got: Any, cell: Cell) -> bool:
    """True when the product holds what is meant, or another right reading of it."""
    return any(_equal(f, got, value) for value in (cell.value, *cell.accept))


def _equal(f: Field, got: Any, value: Any) -> bool:
    if value is None or got is None:
        return value is got
    if f.is_numeric:
        return not isinstance(got, str) and Decimal(got) == Decimal(value)
    if f.type in ("date", "term", "terms"):
        return got == value
    return got == value if f.type == "credit_code" else folded(got) == folded(value)


class FileComparison:
    """One file against its truth."""

    def __init__(self, truth: FileTruth, read: Reading):
        self.truth, self.read, self.figure = truth, read, Figures(files=1)

    def figures(self) -> Figures:
        for sheet in self.truth.sheets:
            if self.truth.refused:
                self._refused(sheet)
            elif sheet.headerless:
                self._headerless(sheet)
            else:
                SheetComparison(self, sheet).compare()
        return self.figure

    def fault(self, what: str, where: str, field_id: str = "", written: Any = None, meant: Any = None, got: Any = None,
              mutation: str = "") -> None:
        self.figure.faults.append(Fault(what, Path(self.truth.path).name, where, field_id, written, meant, got,
                                        mutation or "; ".join(self.truth.mutations)))

    def _refused(self, sheet: SheetTruth) -> None:
        file = self.read.files[self.truth.path]
        if file.status != "refused" or self.truth.refused not in " ".join(p.message for p in file.problems):
            self.fault("not refused as it should be", "", got=file.status)

    def _headerless(self, sheet: SheetTruth) -> None:
        """A sheet without a header: read all the same, or every row listed with a problem; never some of them quietly."""
        got = self.read.rows.get((self.truth.path, sheet.name or self._only_name()), [])
        if got and {row for row, *_ in got} != {a.row for a in sheet.applicants}:
            self.fault("rows of a headerless sheet lost", "", got=[row for row, *_ in got], meant=[a.row for a in sheet.applicants])
        if not got and not any(p.severity != "note" for p in self.read.files[self.truth.path].problems):
            self.fault("headerless sheet not told", "")

    def _only_name(self) -> str:
        sheets = self.read.files[self.truth.path].sheets
        return sheets[0].name if sheets else ""


class SheetComparison:
    """One sheet against its truth."""

    def __init__(self, owner: FileComparison, truth: SheetTruth):
        self.owner, self.truth, self.figure, self.read = owner, truth, owner.figure, owner.read
        self.parts = self.read.sheets(owner.truth.path, truth.name)
        name = self.parts[0].name if self.parts else truth.name
        self.rows = self.read.rows.get((owner.truth.path, name), [])
        self.problems = self.read.problems.get((owner.truth.path, name), []) + self.read.problems.get((owner.truth.path, None), [])
        self.tables = [table for part in self.parts for table in part.tables]

    def compare(self) -> None:
        self._columns()
        pairs = self._pairs()
        self.figure.applicants += len(self.truth.applicants)
        self.figure.found += len(pairs)
        for one in self.truth.applicants:
            if not any(one is a for a, *_ in pairs):
                self.owner.fault("applicant lost", f"row {one.row}", meant=one.cells["name"].value if "name" in one.cells else None)
        self._others({id(row) for _, row in pairs})
        for one, row in pairs:
            self._applicant(one, *row)
        for number in self.truth.wrong_totals:
            self.figure.wrong_totals += 1
            told = any(p.row == number and p.severity != "note" for p in self.problems)
            self.figure.wrong_totals_told += told
            if not told:
                self.owner.fault("wrong total not told", f"row {number}")

    def _pairs(self) -> list[tuple[Applicant, tuple]]:
        if self.truth.form:
            return list(zip(self.truth.applicants, self.rows))
        pairs = []
        for one in self.truth.applicants:
            same = [row for row in self.rows if row[0] == one.row]
            named = [row for row in same if "name" in one.cells and folded(row[2].get("name")) == folded(one.cells["name"].value)]
            pairs += [(one, row) for row in (named or same)[:1] if all(row is not taken for _, taken in pairs)]
        return pairs

    def _others(self, paired: set[int]) -> None:
        self.figure.totals += sum(what == "total" for what in self.truth.others.values())
        for row in self.rows:
            if id(row) not in paired:
                what = self.truth.others.get(row[0], "blank")
                self.figure.totals_imported += what == "total"
                self.figure.others_imported += what != "total"
                self.owner.fault(f"{what} row imported", f"row {row[0]}", got=row[2].get("name"))

    # -------------------------------------------------------------- columns

    def _columns(self) -> None:
        """Letter and field of lists; of forms the fields alone."""
        meant = {(letter, name) for letter, name in self.truth.columns if name}
        got = {(letter, name) for table in self.tables for name, letter in table.places.items() if ":" not in name}
        if self.truth.form:
            meant, got = {("", name) for _, name in meant}, {("", name) for _, name in got}
        self.figure.columns += len(meant)
        self.figure.mapped += len(got)
        self.figure.mapped_right += len(meant & got)
        asked = {(re.sub(r"\d", "", p.cell or ""), p.field) for p in self.problems if p.code == "header-doubtful"}
        asked = {("", name) for _, name in asked} if self.truth.form else asked
        self.figure.asked += len(asked)
        self.figure.asked_right += len(asked & meant)
        for letter, name in sorted(asked - meant):
            self.owner.fault("question about a column with a wrong first suggestion", letter, name, meant=dict(self.truth.columns).get(letter))
        for letter, name in sorted(meant - got - asked):
            self.owner.fault("column neither mapped nor asked", letter, name)
        for letter, name in sorted(got - meant):
            self.owner.fault("column mapped wrongly", letter, name, written=self._written(letter), meant=dict(self.truth.columns).get(letter))

    def _written(self, letter: str) -> str:
        return next((written for table in self.tables for written, name in table.labels.items() if table.places.get(name) == letter), letter)

    # -------------------------------------------------------------- values

    def _applicant(self, one: Applicant, row: int, kind: str, held: dict, verdict: str) -> None:
        if kind != one.kind:
            self.owner.fault("wrong kind", f"row {row}", meant=one.kind, got=kind)
            return
        places = {name for table in self.tables if table.kind == kind for name in table.places}
        unread = set(INPUTS) - {name for name in one.cells if name in places}
        for name, cell in one.cells.items():
            if name not in places or name == "serial":
                continue
            if self._value(one, row, name, cell, held.get(name)):
                unread.add(name)
        self._verdict(one, row, verdict, unread)

    def _value(self, one: Applicant, row: int, name: str, cell: Cell, got: Any) -> bool:
        """Count one value; True when it was marked or left unread."""
        f = self.read.edition.fields(one.kind)[name]
        right, marked = same(f, got, cell), self._is_marked(f, one, row, name, got)
        figure = self.figure
        figure.values += 1
        where = f"row {row}"
        if cell.how == PLAIN:
            figure.plain += cell.value is not None
            figure.plain_marked += marked and cell.value is not None
            if marked and cell.value is not None:
                self.owner.fault("plain value marked", where, name, cell.written, cell.value, self._marks(one, row, name) or got, cell.mutation)
        elif cell.how == DOUBT:
            figure.doubtful += 1
            figure.doubtful_unmarked += not marked
        elif cell.how != NOTHING:
            figure.readable += 1
            figure.readable_marked += marked
            if marked:
                self.owner.fault("readable value marked", where, name, cell.written, cell.value, self._marks(one, row, name) or got, cell.mutation)
        if marked:
            return True
        if cell.how == DOUBT or not right:
            figure.value_errors += 1
            self.owner.fault("doubtful value read in silence" if cell.how == DOUBT else "value read wrongly", where, name, cell.written,
                             cell.value, got, cell.mutation)
        return cell.how in (DOUBT, NOTHING) or got is None

    def _is_marked(self, f: Field, one: Applicant, row: int, name: str, got: Any) -> bool:
        typed = f.is_numeric or f.type in ("date", "term", "terms")
        return typed and isinstance(got, str) and got not in self._terms(f) or bool(self._marks(one, row, name))

    def _terms(self, f: Field) -> set[str]:
        return {t.label for t in self.read.edition.terms(f)} if f.vocabulary else set()

    def _marks(self, one: Applicant, row: int, name: str) -> list[str]:
        """Codes of the doubts about a cell: its own, or its column's at the header."""
        heads = [h for part in self.parts for h in part.header_rows if h < row]
        places = {None, row, max(heads, default=None)}
        own = [p for p in self.problems if p.field == name and p.severity != "note" and p.code not in _NO_DOUBT]
        return [p.code for p in own if (p.cell in (None, one.at.get(name)) if one.at else p.row in places and self._is_beside(p, one))]

    def _is_beside(self, p: Problem, one: Applicant) -> bool:
        """False for a problem in a column of another table that stands beside the applicant's own."""
        letter = re.sub(r"\d", "", p.cell or "")
        return not letter or not one.letters or letter in one.letters

    def _verdict(self, one: Applicant, row: int, verdict: str, unread: set[str]) -> None:
        if one.kind == "company":
            self.figure.verdicts += 1
        meant = {name: cell.value for name, cell in one.cells.items()}
        rests = any(self._marks(one, row, name) for name in INPUTS)
        if verdict not in allowed_verdicts(one.kind, meant, unread) and not rests:
            self.figure.verdicts_wrong += 1
            self.owner.fault("wrong verdict", f"row {row}", meant=sorted(allowed_verdicts(one.kind, meant, unread)), got=verdict)


def summary(figures: Figures) -> Counter:
    """Faults by sort."""
    return Counter(f.what for f in figures.faults)
