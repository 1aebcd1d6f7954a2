"""Live counts over a kind's sheet of the master workbook, each with the value that Python counts.

Plain ranges, no structured references and no array entry: COUNTIFS and SUMPRODUCT work in Excel, WPS and
LibreOffice alike.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import pairwise

from ..applicants import readable
from ..book import Formula, SheetPlan, a1
from ..criteria import VERDICTS, Judgement
from ..edition import Bands, Field, Term
from .columns import TICK, column_of, kind_columns
from .form_slots import same_terms
from .paper import quote_sheet
from .regions import regions

REGION, VERDICT = "region", "verdict"   # the columns of the kind's sheet that hold the sender and the verdict's word
LIVE_ROWS = 5_000                       # applicants beyond which counts are values: formulas would make the book crawl

Count = Formula | int


class KindCounts:
    """Counts the applicants of one kind. ``first`` and ``last`` are the rows of its data, counted from 0;
    without applicants every count is a plain 0."""

    def __init__(self, found: Judgement, first: int, last: int):
        self.found, self.edition, self.kind = found, found.edition, found.kind
        self.first, self.last = first, last
        self.columns = kind_columns(self.edition, self.kind, provenance=True)
        self.size = len(found.frame)
        self._counted: dict[tuple[str, ...], Counter] = {}
        self._ticks: dict[str, list[set[str]]] = {}
        if self.size and last - first + 1 != self.size:
            raise ValueError(f"{self.kind}: rows {first} to {last} for {self.size} applicants")

    @cached_property
    def held(self) -> dict[str, list]:
        """Field id -> the values as the sheet holds them; regions and verdicts in words."""
        where = regions(self.found.frame, self.edition, self.kind)
        return {REGION: where.tolist(), VERDICT: [VERDICTS[v] for v in self.found.verdicts]}

    def values(self, field_id: str) -> list:
        return self.held[field_id] if field_id in self.held else self.found.frame[field_id].tolist()

    def area(self, field_id: str, term: Term | None = None) -> str:
        """The column of a field (or of one term's tick boxes) as a reference from another sheet."""
        column = next(c for c in self.columns if c.field.id == field_id and c.term == term) if term \
            else column_of(self.columns, field_id)
        sheet = quote_sheet(self.edition.kinds[self.kind].sheet)
        return f"{sheet}!{a1(self.first, column.index, fixed='both')}:{a1(self.last, column.index, fixed='both')}"

    # -------------------------------------------------------------- counts

    def where(self, **labels: str) -> Count:
        """How many applicants hold these labels in these fields, all of them."""
        if not self.size:
            return 0
        parts = ",".join(f"{self.area(name)},{_criterion(label)}" for name, label in labels.items())
        return Formula(f"COUNTIFS({parts})", self.counted(tuple(labels))[tuple(labels.values())])

    def counted(self, names: tuple[str, ...]) -> Counter:
        """How often every combination of values stands in these fields."""
        if names not in self._counted:
            self._counted[names] = Counter(zip(*(self.values(name) for name in names)))
        return self._counted[names]

    def with_any(self, f: Field, terms: Iterable[Term]) -> Count:
        """How many applicants ticked at least one of ``terms`` in ``f``, a field of many terms (家); a term chosen in
        a field of one (主营) counts as ticked."""
        if not self.size:
            return 0
        terms, mains = tuple(terms), same_terms(self.edition, f)
        tests = [f'({self.area(f.id, term)}="{TICK}")' for term in terms]
        tests += [f"({self.area(main.id)}={_quoted(term.label)})" for main in mains for term in terms]
        labels = {term.label for term in terms}
        return Formula(f"SUMPRODUCT(--({'+'.join(tests)}>0))", sum(not labels.isdisjoint(t) for t in self.ticks(f)))

    def bands(self, bands: Bands) -> list[tuple[str, Count]]:
        """(label, count) of every band of a number, ascending; what is blank, unreadable or out of range is in none."""
        f = self.edition.fields(self.kind)[bands.field]
        counts = Counter(self.band_numbers(bands))
        found: list[tuple[str, Count]] = []
        for i, label in enumerate(band_labels(f, bands)):
            low, high = ((None, *bands.edges)[i], (*bands.edges, None)[i])
            tests = [*([f">={low:f}"] if low is not None else [f">={f.minimum:f}"] if f.minimum is not None else []),
                     *([f"<{high:f}"] if high is not None else [f"<={f.maximum:f}"] if f.maximum is not None else [])]
            text = ",".join(f'{self.area(f.id)},"{test}"' for test in tests)
            found.append((label, Formula(f"COUNTIFS({text})", counts[i]) if self.size else 0))
        return found

    def band_numbers(self, bands: Bands) -> list[int | None]:
        """The band of each applicant, counted from 0; None where there is no readable number."""
        f, values = self.edition.fields(self.kind)[bands.field], self.values(bands.field)
        return [bisect_right(bands.edges, value) if known else None
                for value, known in zip(values, readable(f, self.edition, values))]

    def everyone(self) -> Count:
        """How many rows the kind's sheet holds."""
        return Formula(f"ROWS({self.area('name')})", self.size) if self.size else 0

    def ticks(self, f: Field) -> list[set[str]]:
        """The labels that each applicant ticked or chose as its main one."""
        if f.id not in self._ticks:
            held = [set(v) if isinstance(v, tuple) else set() for v in self.values(f.id)]
            for main in same_terms(self.edition, f):
                held = [labels | {chosen} for labels, chosen in zip(held, self.values(main.id))]
            self._ticks[f.id] = held
        return self._ticks[f.id]


def band_labels(f: Field, bands: Bands) -> list[str]:
    """'低于 3,000', '3,000 至不满 5,000', '5,000 及以上'; the unit stands in the field's own label."""
    edges = [f"{edge:,f}" for edge in bands.edges]
    return [f"低于 {edges[0]}", *(f"{low} 至不满 {high}" for low, high in pairwise(edges)), f"{edges[-1]} 及以上"]


class Listing:
    """Counts the lines of a list of ours (材料清单, 问题清单) by what stands under its labels."""

    def __init__(self, plan: SheetPlan):
        (table,) = plan.tables
        top, left, _, _ = table.area
        blocks = [columns for row, _, columns, _ in plan.blocks if row == top + 1]
        self.sheet, self.first, self.left = plan.name, top + 1, left
        self.columns = dict(zip(table.headers, blocks[0])) if blocks else {header: () for header in table.headers}
        self.headers = table.headers
        self.size = len(self.columns[table.headers[0]])

    def area(self, header: str) -> str:
        column = self.left + self.headers.index(header)
        last = self.first + self.size - 1
        return f"{quote_sheet(self.sheet)}!{a1(self.first, column, fixed='both')}:{a1(last, column, fixed='both')}"

    def where(self, held: Mapping[str, str | int]) -> Count:
        """How many lines hold these values under these labels, all of them. KeyError for a label that is not there."""
        found = sum(all(a == b for a, b in zip(line, held.values())) for line in zip(*(self.columns[h] for h in held)))
        if not self.size:
            return 0
        return Formula(f"COUNTIFS({','.join(f'{self.area(h)},{_criterion(v)}' for h, v in held.items())})", found)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _criterion(label: str | int) -> str:
    """A criterion that matches the label (or number) and nothing else: ~ * ? are escaped."""
    if isinstance(label, int):
        return str(label)
    for sign in "~*?":
        label = label.replace(sign, f"~{sign}")
    return _quoted(f"={label}")
