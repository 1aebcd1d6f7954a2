"""Laying out a regional sheet: a style and its applicants become rows of cells, and the truth about them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from random import Random
from typing import NamedTuple

from tuijie_xl.edition import Edition

from .applicants import Values
from .hands import write
from .truth import truth_of


class Column(NamedTuple):
    """A column as a bureau heads it.

    ``field`` is a field id, 'services:<term>' for a column of one term, or '' for a column that nobody knows
    (``hand`` then holds what may stand in it); ``group`` stands in a header row above.
    """

    field: str
    group: str
    label: str
    hand: str


class Slip(NamedTuple):
    """One cell that is written otherwise than its column: ``position`` counts applicants from 0."""

    position: int
    field: str
    hand: str


@dataclass(frozen=True)
class SheetStyle:
    """How one sheet of a bureau looks, and who stands in it.

    ``columns`` are lines 'field | group > label' ('¶' breaks the line, 'services:*' stands for every leaf), less
    those ``lacking``; ``hands`` and ``headings`` say by field what is written otherwise; ``unknown`` are columns
    that nobody knows: label -> what stands in them, drawn by lot. ``regions`` are the bureaus' regions whose
    cities the ``count`` applicants come from, ``cases`` facts of the first of them, ``slips`` single cells.

    ``above`` and ``below`` are the lines around the table ('' a blank row), ``sections`` the heading of each
    city's rows ('{city}（{count}家）'), ``total`` the words of the sum row, ``merged_down`` a field written once for
    all rows of a city. ``blank_after`` and ``nameless_after`` are positions of applicants followed by a blank row
    or by figures without a name; ``skipped_numbers`` do not occur in 序号, which may begin anew in every section.
    """

    name: str
    kind: str
    columns: str
    regions: tuple[str, ...]
    count: int
    hands: dict[str, str] = field(default_factory=dict)
    headings: dict[str, str] = field(default_factory=dict)
    lacking: tuple[str, ...] = ()
    unknown: dict[str, tuple[str, ...]] = field(default_factory=dict)
    cases: tuple[Values, ...] = ()
    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    sections: str = ""
    total: str = ""
    blank_after: tuple[int, ...] = ()
    nameless_after: tuple[int, ...] = ()
    skipped_numbers: tuple[int, ...] = ()
    numbers_restart: bool = False
    merged_down: str = ""
    hidden_fields: tuple[str, ...] = ()
    slips: tuple[Slip, ...] = ()


@dataclass
class Sheet:
    """Cells to be written, ``rows`` from A1.

    ``merges`` are (first row, first column, last row, last column) from 0, ``heads`` the rows of the header.
    """

    name: str
    rows: list[list] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    heads: set[int] = field(default_factory=set)
    hidden_columns: tuple[int, ...] = ()
    hidden: bool = False


def read_columns(style: SheetStyle, edition: Edition) -> list[Column]:
    """The columns of a style, in order; the unknown ones last."""
    columns = []
    for line in style.columns.strip().splitlines():
        name, heading = (part.strip() for part in line.split("|"))
        if name in style.lacking:
            continue
        group, _, label = style.headings.get(name, heading).rpartition(">")
        terms = [t.label for t in edition.vocabularies["service"].leaves] if name.endswith(":*") else [""]
        columns += [Column(name.replace("*", term), group.strip(), label.strip().replace("*", term)
                           .replace("¶", "\n"), style.hands.get(name, "")) for term in terms]
    return columns + [Column("", "", label, "/".join(drawn)) for label, drawn in style.unknown.items()]


def lay_out(style: SheetStyle, columns: list[Column], applicants: list[Values],
            random: Random) -> tuple[Sheet, dict]:
    """The sheet, and the truth: {name, kind, rows by fate without the header's, applicants in order}."""
    sheet = Sheet(style.name, hidden_columns=tuple(
        i for i, column in enumerate(columns) if column.field in style.hidden_fields))
    body = _Body(style, columns, sheet, random)
    for line in style.above:
        body.note(line.replace("¶", "\n"))
    _header(sheet, columns)
    for applicant in applicants:
        body.add(applicant)
    body.finish()
    for line in style.below:
        body.note(line)
    return sheet, {"name": style.name, "kind": style.kind, "rows": dict(body.fates), "applicants": body.truth}


def _header(sheet: Sheet, columns: list[Column]) -> None:
    top = len(sheet.rows)
    sheet.heads.add(top)
    if not any(column.group for column in columns):
        sheet.rows.append([column.label for column in columns])
        return
    upper, position = [], 0
    for group, members in groupby(columns, lambda column: column.group):
        size = len(list(members))
        if group:
            upper += [group] + [None] * (size - 1)
            sheet.merges += [(top, position, top, position + size - 1)] if size > 1 else []
        else:
            upper += [column.label for column in columns[position:position + size]]
            sheet.merges += [(top, i, top + 1, i) for i in range(position, position + size)]
        position += size
    sheet.heads.add(top + 1)
    sheet.rows += [upper, [column.label if column.group else None for column in columns]]


class _Body:
    """The rows but the header, as they are added, with their fates and the truth about the applicants."""

    def __init__(self, style: SheetStyle, columns: list[Column], sheet: Sheet, random: Random):
        self.style, self.columns, self.sheet, self.random = style, columns, sheet, random
        self.slips = {(slip.position, slip.field): slip.hand for slip in style.slips}
        self.truth: list[dict] = []
        self.fates: Counter[str] = Counter()
        self.sums: dict[int, Decimal] = {}
        self.city, self.run, self.number = None, (0, 0), 0

    def note(self, line: str) -> None:
        """A line over the whole width of the table; '' is a blank row."""
        if line:
            row = len(self.sheet.rows)
            self.sheet.merges.append((row, 0, row, len(self.columns) - 1))
        self._append([line or None], "total_or_note" if line else "blank")

    def add(self, applicant: Values) -> None:
        if applicant["city"] != self.city:
            self._end_of_city()
            self._start_of_city(applicant["city"])
        position = len(self.truth)
        self.number += 1
        while self.number in self.style.skipped_numbers:
            self.number += 1
        cells, said = [], {}
        for index, column in enumerate(self.columns):
            cell, known = self._cell(column, applicant, position)
            cells.append(cell)
            if known is not None and ":" not in column.field:
                said[column.field] = known
            if isinstance(cell, int | float | Decimal) and column.field in SUMMED:
                self.sums[index] = self.sums.get(index, Decimal(0)) + Decimal(str(cell))
        self._append(cells, "accepted")
        self.truth.append(truth_of(self.style.kind, said))
        if position in self.style.blank_after:
            self._append([None], "blank")
        if position in self.style.nameless_after:
            self._append([NAMELESS.get(column.field) for column in self.columns], "rejected")

    def finish(self) -> None:
        """The last city's merge and the row of sums."""
        self._end_of_city()
        if self.style.total:
            label = next(i for i, column in enumerate(self.columns) if column.field in ("serial", "name"))
            self._append([self.style.total if i == label else self.sums.get(i) for i in range(len(self.columns))],
                         "total_or_note")

    def _cell(self, column: Column, applicant: Values, position: int) -> tuple[object, object]:
        name, hand = column.field, self.slips.get((position, column.field), column.hand)
        if name == "serial":
            return self.number, None
        if name == "":
            return self.random.choice(hand.split("/")) or None, None
        if ":" in name:
            return ("√" if name.split(":")[1] in applicant["services"] else None), None
        if name == self.style.merged_down and self.run[1] != len(self.sheet.rows):
            return None, applicant.get(name)
        return write(hand, applicant.get(name))

    def _start_of_city(self, city: str) -> None:
        self.city = city
        if self.style.numbers_restart:
            self.number = 0
        if self.style.sections:
            self._append([city], "total_or_note")
        self.run = (len(self.truth), len(self.sheet.rows))

    def _end_of_city(self) -> None:
        """Now it is known how many applicants the city has: its heading and its merged cells."""
        if self.city is None:
            return
        first, row = self.run
        count = len(self.truth) - first
        if self.style.sections:
            self.sheet.rows[row - 1] = [self.style.sections.format(city=self.city, count=count)]
            self.sheet.merges.append((row - 1, 0, row - 1, len(self.columns) - 1))
        if self.style.merged_down and len(self.sheet.rows) - row > 1:
            column = next(i for i, c in enumerate(self.columns) if c.field == self.style.merged_down)
            self.sheet.merges.append((row, column, len(self.sheet.rows) - 1, column))

    def _append(self, cells: list, fate: str) -> None:
        self.sheet.rows.append(cells)
        self.fates[fate] += 1


#: A row that someone began and nobody finished.
NAMELESS = {"legal_person": "待定", "outsourcing_revenue": 3600, "outsourcing_staff": 310, "contact": "待定"}
SUMMED = ("outsourcing_revenue", "outsourcing_staff", "total_revenue", "total_staff", "offshore_usd", "trainees",
          "resident_companies", "outsourcing_companies")
