"""From the accepted rows under one header to a table: every column read by its field, every doubt with its cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ..book import Grid
from ..edition import Edition, Field
from ..problem import Place, Problem, problem
from .answers import NOT_WANTED, Question, is_answer, names_of
from .headers import CODE, NAME, Header, HeaderColumn
from .labels import ALIAS, Match, OtherScope, OtherYear, Target, labels_of
from .records import Table
from .rows import Verdicts
from .suggestions import Suggestion, suggest
from .text import as_written, is_blank
from .totals import check_totals
from .units import DOUBTFUL, SOME, Unit, parse_unit
from .values import ColumnReader, read_tick
from .views import View, address_of, number_of
from .wordings import certain_field

REGION, CITY = "province", "city"           # the fields that section rows fill
_BESIDE = 2                                 # labels that stand twice, the name among them, make a second table
_OF_COLUMN = ("currency-foreign-column", "currency-derived-column", "unit-doubtful")       # doubts about a whole column
_OURS = "source_file"                       # only our master has it: a table with it was written by us


@dataclass
class TableBuilder:
    """Builds the table of ``header`` from the rows ``accepted`` (from 0) of ``grid``."""

    grid: Grid
    header: Header
    edition: Edition
    file: str
    units: Mapping[str, Unit]
    accepted: list[int]
    verdicts: Verdicts
    problems: list[Problem] = field(default_factory=list)

    def __post_init__(self):
        self.fields = self.edition.fields(self.header.kind)
        self.table = Table(self.header.kind, {}, [number_of(self.grid, row) for row in self.accepted])
        if isinstance(self.grid, View) and self.grid.spots:
            self.table.cells = [{} for _ in self.accepted]
        self.trusted = self.header.has(_OURS)
        self.readers: dict[int, tuple[Field, ColumnReader]] = {}       # column -> what read it
        self.near: set[str] = set()                                     # fields that a column names in other words
        self.across = list(zip(*(self.grid.rows[row] for row in self.accepted)))
        self.merged = self._merged_down()

    def build(self) -> Table:
        """Read every column; problems are left in ``problems``."""
        ticks: dict[str, list[tuple[HeaderColumn, str]]] = {}
        strange: list[HeaderColumn] = []
        seen: dict[Target, HeaderColumn] = {}
        self._report_table_beside()
        for column in self.header.columns:
            target = self._target(column, seen)
            if column.answered:
                self.table.answered[column.written] = target.field.label if target else NOT_WANTED
            if target is None:
                strange.append(column)
            elif target in seen:
                self._second(column, seen[target], target)
            else:
                seen[target] = column
                if target.term:
                    ticks.setdefault(target.field.id, []).append((column, target.term.label))
                else:
                    self._read_field(column, target.field)
                self.table.labels.setdefault(column.written, target.field.id)
        strange = self._read_in_other_words(strange)
        for field_id, columns in ticks.items():
            self._read_ticks(self.fields[field_id], columns)
        self._keep(strange)
        self._report_answers()
        self.problems += check_totals(self)
        self._fill_regions()
        return self.table

    # -------------------------------------------------------------- which column is what

    def _target(self, column: HeaderColumn, seen: Mapping[Target, HeaderColumn]) -> Target | None:
        """The field or tick that a column holds; where several fields share a term, the next one still free."""
        match = column.match
        if not isinstance(match, Match):
            return None
        return next((target for target in match.targets if target not in seen), match.targets[0])

    def _second(self, column: HeaderColumn, first: HeaderColumn, target: Target) -> None:
        """A field's second column: the same again is let go, anything else is kept and reported."""
        cells = self.cells(column)
        if cells == self.cells(first):
            return
        self._keep_column(column, cells)
        self.report("header-duplicate", self._head(column), field=target.field.id, value=column.written,
                    label=target.field.label, first=self._letter(first))

    def _read_in_other_words(self, columns: list[HeaderColumn]) -> list[HeaderColumn]:
        """Read the columns whose headers name a free field for certain in other words, with one note; the others."""
        named = {column.index: certain_field(column.written, self.cells(column), filter(is_answer, self.fields.values()), self.edition)
                 for column in columns if column.written and column.match is None and not column.answered and not self.trusted}
        times = Counter(f.id for f in named.values() if f)
        taken = [(column, f) for column in columns if (f := named.get(column.index)) and times[f.id] == 1
                 and not self.header.has(f.id)]
        for column, f in taken:
            self.near.add(f.id)
            unit = labels_of(self.edition, False)[self.header.kind].unit_in(column.written)
            self._read_field(replace(column, match=Match((Target(f),), ALIAS, unit)), f)
            self.table.labels.setdefault(column.written, f.id)
        if taken:
            self.report("header-reworded", self._header_row(), count=len(taken),
                        value="、".join(f"“{column.written}”→“{f.label}”" for column, f in taken))
        read = {column.index for column, _ in taken}
        return [column for column in columns if column.index not in read]

    def _report_table_beside(self) -> None:
        """An error for a second table on the same rows: its applicants are kept beside the first, not read."""
        matched = [(column, column.match.targets[0]) for column in self.header.matched]
        known: set[Target] = set()
        again = []
        for column, target in matched:
            if target in known:
                again.append((column, target))
            known.add(target)
        names = [column for column, target in again if target.field.id == NAME]
        if not names or len(again) < _BESIDE:
            return
        count = sum(not is_blank(cell) for cell in self.cells(names[0]))
        self.report("table-beside", self._head(names[0]), value=names[0].written, count=count)

    def _keep(self, columns: Iterable[HeaderColumn]) -> None:
        """Columns that were not recognised stay beside the rows: one note for all, a warning for another year."""
        unknown = []
        for column in columns:
            cells = self.cells(column)
            if not column.written and all(map(is_blank, cells)):
                continue
            name = self._keep_column(column, cells)
            if isinstance(column.match, OtherYear):
                self.report("header-other-year", self._head(column), value=column.written,
                            year=column.match.year, expected=self.edition.statistics_year)
            elif isinstance(column.match, OtherScope):
                self.report("header-other-scope", self._head(column), value=column.written, words=column.match.words,
                            expected=self.edition.statistics_year)
            elif not column.answered:
                unknown.append((column, name))
        self._report_unmapped(unknown)

    def _report_unmapped(self, unknown: list[tuple[HeaderColumn, str]]) -> None:
        """A question for each column that comes near a field; one note for all the others."""
        rest = []
        for column, name in unknown:
            likely = [] if self.trusted else suggest(column.written, self.cells(column), self._free_fields(), self.edition)
            if likely:
                self._ask(column, name, likely)
            else:
                rest.append(name)
        if rest:
            self.report("header-unmapped", self._header_row(),
                        value="、".join(rest), count=len(rest))

    def _report_answers(self) -> None:
        if self.table.answered:
            said = "、".join(f"“{header}”→“{label}”" for header, label in self.table.answered.items())
            self.report("header-answered", self._header_row(), value=said,
                        count=len(self.table.answered))

    def _free_fields(self) -> list[Field]:
        return [f for f in self.fields.values() if is_answer(f) and not self.header.has(f.id) and f.id not in self.near]

    def _ask(self, column: HeaderColumn, name: str, likely: list[Suggestion]) -> None:
        self.report("header-doubtful", self._head(column), field=likely[0].field.id, value=name,
                    likely="，也可能是".join(map(str, likely)), label=likely[0].field.label)
        lower, band = names_of(self.grid, self.header, column)
        samples = dict.fromkeys(as_written(cell)[:20] for cell in self.cells(column) if not is_blank(cell))
        if lower:
            self.table.questions.append(Question("", self.table.kind, band, lower, "、".join(list(samples)[:3]),
                                                 "，也可能是".join(map(str, likely))))

    def _keep_column(self, column: HeaderColumn, cells: Iterable[Any]) -> str:
        where = self._head(column).cell if self.table.cells else f"{self._letter(column)} 列"
        name = column.written or where
        if name in self.table.unmapped:
            name = f"{name}（{where}）"
        self.table.unmapped[name] = [None if is_blank(cell) else as_written(cell) for cell in cells]
        return name

    # -------------------------------------------------------------- reading

    def cells(self, column: HeaderColumn) -> tuple:
        return self.across[column.index] if self.across else ()

    def _read_field(self, column: HeaderColumn, f: Field) -> None:
        unit, basis = self._unit(column, f)
        reader = ColumnReader(f, self.edition, unit, self.trusted)
        self.readers[column.index] = f, reader
        cells = self.cells(column)
        if f.id not in (NAME, CODE) and not f.is_numeric and column.index in self.merged:
            cells = self._filled_down(column, f, cells)
        values = reader.read(cells)
        self.table.columns[f.id] = values
        self._place(f.id, column)
        if reader.doubts:
            self._report_doubts(column, f, reader, cells)
        self._report_unit(column, f, reader, basis, cells, values)

    def _unit(self, column: HeaderColumn, f: Field) -> tuple[Unit | None, str]:
        """The unit of a bare number in this column and where it stands: header, the sheet's line, or the field."""
        own = parse_unit(f.unit) if f.unit and f.is_numeric else None
        if own is None or f.type == "percent":
            return None, ""
        some = self.units.get(SOME)
        said = column.match.unit or self.units.get("CNY") or some
        if own.is_money and (said is DOUBTFUL or said is some is not None and some.dimension == own.dimension
                             and some.tens != own.tens):
            return DOUBTFUL, ""
        if column.match.unit and column.match.unit is not DOUBTFUL:
            unit = column.match.unit.of(own)
            return unit, "列名" if unit.tens != own.tens else ""
        line = self.units.get(own.dimension) if own.dimension in ("CNY", "area") else None
        if line is None and own.dimension == "CNY":
            line = next((unit for key, unit in self.units.items() if unit.is_money and key != SOME), None)
        return (line, "表上的单位说明") if line and line.tens != own.tens else (line or own, "")

    def _report_unit(self, column: HeaderColumn, f: Field, reader: ColumnReader, basis: str, cells, values) -> None:
        """One note for a column whose numbers were converted, with an example of how they were read."""
        if not basis and not reader.converted or reader.unit.dimension != reader.target.dimension:
            return
        sample = next((i for i, (cell, value) in enumerate(zip(cells, values)) if not isinstance(value, str | None)
                       and (basis or cell in reader.converted)), None)
        if sample is not None:
            how = f"{basis}“{reader.unit.text}”" if basis else "整列都不大于 1 的小数" if reader.ratios else "单元格自带的单位"
            self.report("unit-converted", self._cell(column, sample), field=f.id, value=as_written(cells[sample]),
                        label=f.label, how=how, read=f"{values[sample]:f}" if f.type != "count" else values[sample],
                        unit=f.unit)

    def _report_doubts(self, column: HeaderColumn, f: Field, reader: ColumnReader, cells: Iterable[Any]) -> None:
        """Each doubtful cell with its place; a doubt about the whole column once, at its header."""
        for position, cell in enumerate(cells):
            code, words = reader.doubts.get(cell, ("", {}))
            if code in _OF_COLUMN:
                if any(p.code == code and p.field == f.id for p in self.problems):
                    continue
                self.report(code, self._head(column), field=f.id, value=column.written, label=f.label, unit=f.unit,
                            **words)
            elif code:
                self.report(code, self._cell(column, position), field=f.id, value=as_written(cell), label=f.label,
                            unit=f.unit, **words)

    def _read_ticks(self, f: Field, columns: list[tuple[HeaderColumn, str]]) -> None:
        """The tick columns of a field of many terms, joined with what its own column lists."""
        size = len(self.accepted)
        ticked: list[list[str]] = [[] for _ in range(size)]
        if f.id not in self.table.places:
            self._place(f.id, columns[0][0])
        for column, label in columns:
            self._place(f"{f.id}:{label}", column)
            memo: dict[Any, bool | None] = {}
            odd: dict[int, Any] = {}
            for position, cell in enumerate(self.cells(column)):
                if cell is None:
                    continue
                if cell not in memo:
                    memo[cell] = read_tick(cell, label)
                if memo[cell]:
                    ticked[position].append(label)
                elif memo[cell] is None:
                    odd[position] = cell
            self._keep_odd(column, f, label, odd)
        order = {term.label: i for i, term in enumerate(self.edition.terms(f))}
        listed = self.table.columns.get(f.id) or [None] * size
        unread = [own if marks and isinstance(own, str) else None for marks, own in zip(ticked, listed)]
        if any(unread):
            self.table.unmapped[f.label] = unread
        self.table.columns[f.id] = [_join(marks, own, order) for marks, own in zip(ticked, listed)]

    def _keep_odd(self, column: HeaderColumn, f: Field, label: str, odd: Mapping[int, Any]) -> None:
        """Cells of a tick column that are no tick: kept beside the row and reported."""
        if odd:
            self._keep_column(column, [odd.get(i) for i in range(len(self.accepted))])
        for position, cell in odd.items():
            self.report("tick-odd", self._cell(column, position), field=f.id, value=as_written(cell), label=label)

    # -------------------------------------------------------------- what merged cells and headings give

    def _merged_down(self) -> dict[int, dict[int, int]]:
        """Column -> {row: the row whose cell it shares}, for cells merged over several rows and one column."""
        found: dict[int, dict[int, int]] = {}
        for top, left, bottom, right in self.grid.merges:
            if left == right and bottom > top >= self.header.below:
                found.setdefault(left, {}).update({row: top for row in range(top + 1, bottom + 1)})
        return found

    def _filled_down(self, column: HeaderColumn, f: Field, cells: tuple) -> list[Any]:
        shared = self.merged[column.index]
        filled = [self.grid.rows[shared[row]][column.index] if row in shared and cell is None else cell
                  for row, cell in zip(self.accepted, cells)]
        count = sum(new is not old for new, old in zip(filled, cells))
        if count:
            self.report("merged-filled", self._head(column), field=f.id, value=column.written, label=f.label,
                        count=count)
        return filled

    def _fill_regions(self) -> None:
        """Blank provinces below a heading such as '北京市（92所）' take its region; one note a heading."""
        if self.verdicts.regions and REGION in self.fields:
            self._fill_from_headings(REGION, self.verdicts.regions, range(len(self.accepted)))

    def fill_cities(self) -> None:
        """Blank cities below a heading such as '石家庄市：3家' take its city, where the province is known."""
        known = [i for i, region in enumerate(self.table.columns.get(REGION, ())) if region is not None]
        if self.verdicts.cities and known and CITY in self.fields:
            self.table.inherited[CITY] = self._fill_from_headings(CITY, self.verdicts.cities, known)

    def _fill_from_headings(self, name: str, headings: Mapping[int, tuple[int, str]],
                            positions: Iterable[int]) -> list[int]:
        """Fill a field's blanks from the headings above them; the positions that were filled."""
        own = self.table.columns.setdefault(name, [None] * len(self.accepted))
        filled = [i for i in positions if self.accepted[i] in headings and own[i] is None]
        for position in filled:
            own[position] = headings[self.accepted[position]][1]
        for (row, value), count in Counter(headings[self.accepted[i]] for i in filled).items():
            self.report("region-from-section", Place(self.file, self.grid.name, number_of(self.grid, row)), field=name,
                        value=value, label=self.fields[name].label, count=count)
        return filled

    # -------------------------------------------------------------- reporting

    def report(self, code: str, at: Place, **words) -> None:
        self.problems.append(problem(code, at, **words))

    def _place(self, name: str, column: HeaderColumn) -> None:
        """Note where a field, or the tick column of a term, stands."""
        self.table.places[name] = self._letter(column)
        for cells, row in zip(self.table.cells, self.accepted):
            cells[name] = address_of(self.grid, row, column.index)

    def _letter(self, column: HeaderColumn) -> str:
        row = max(self.header.below - 1, 0)
        return address_of(self.grid, row, column.index).rstrip("0123456789")

    def _head(self, column: HeaderColumn) -> Place:
        row = self.header.below - 1
        if row < 0:                                     # the header stands on an earlier sheet
            return Place(self.file, self.grid.name)
        return Place(self.file, self.grid.name, number_of(self.grid, row), address_of(self.grid, row, column.index))

    def _header_row(self) -> Place:
        row = self.header.below - 1
        return Place(self.file, self.grid.name, number_of(self.grid, row) if row >= 0 else None)

    def _cell(self, column: HeaderColumn, position: int) -> Place:
        row = self.accepted[position]
        return Place(self.file, self.grid.name, number_of(self.grid, row), address_of(self.grid, row, column.index))


def _join(marks: list[str], listed: Any, order: Mapping[str, int]) -> Any:
    """Ticks and a list in one cell together; a list that cannot be read gives way to ticks, or stands as written."""
    if isinstance(listed, str):
        return tuple(marks) or listed
    return tuple(sorted({*marks, *(listed or ())}, key=order.__getitem__)) or None
