"""One sheet: its lists one below the other, its forms, or its list turned over; and every other row with its fate."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from itertools import takewhile

from ..book import Grid
from ..edition import Edition
from ..problem import Place, Problem, problem
from .answers import EVERYWHERE, Answers
from .forms import Form, find_forms
from .headers import DEEP, NAME, Header, find_header, header_at, is_label, kind_hints
from .labels import labels_of
from .parts import TurnedList, continues, find_turned
from .records import COUNTS, SetAside, SheetIntake, Table, check_rows
from .rows import ACCEPTED, BLANK, NOTE, NOTE_ROW, REJECTED, TITLE_ROW, TOO_LONG, RowSorter, Verdicts, sort_titles
from .senders import sender_of
from .tables import REGION, TableBuilder
from .text import as_written, fold, is_blank
from .units import Unit, sheet_units
from .values import term_lookup
from .views import View, number_of
from .witness import check_cells

NO_HEADER = "未找到表头"
_TITLES = 30
#: A note between two tables that speaks of the one above it; any other is of the one below.
_OF_TABLE_ABOVE = re.compile(r"[*※(（]*(?:附?注|备注|说明|以上|上述)")


class SheetReader:
    """Reads one sheet, or with ``whole`` the part of that sheet which is ``grid``.

    After ``read``, ``last_list`` is the sheet's name and the header of the list with which it ends, for the sheet that
    may go on with it.
    """

    def __init__(self, grid: Grid, edition: Edition, file: str, ours: bool, delimited: bool = False,
                 answers: Answers | None = None, whole: Grid | None = None):
        self.answers = None if ours else answers
        self.grid, self.edition, self.file, self.ours, self.delimited = grid, edition, file, ours, delimited
        self.whole, self.last_list = whole or grid, None
        self.shared = 0                                 # applicants that share a row with another one
        self.lines_between: list[str] = []              # notes below a table that may belong to the next one
        self.sheet = SheetIntake(grid.name, hidden=grid.hidden, area=grid.area if isinstance(grid, View) else "")
        self.problems: list[Problem] = []
        self.blank = 0
        self.hints = kind_hints(edition, grid.name, self._title_texts())
        self.labels = labels_of(edition, ours)
        own = [kind.id for kind in edition.kinds.values() if ours and kind.sheet == grid.name]
        if own:
            self.labels = {kind: self.labels[kind] for kind in own}

    @cached_property
    def header(self) -> Header | None:
        """The first header of the sheet: among its first rows, else further down."""
        return find_header(self.grid, 0, self.labels, self.hints) or find_header(self.grid, 0, self.labels, self.hints, DEEP)

    def _title_texts(self) -> list[str]:
        """The texts of the first rows, as long as they stand nearly alone: titles, not lists."""
        rows = ([cell for cell in row if isinstance(cell, str)] for row in self.grid.rows[:_TITLES])
        return [text for row in takewhile(lambda row: len(row) <= 3, rows) for text in row]

    def read(self, before: tuple[str, Header] | None = None) -> SheetIntake:
        """The sheet's tables and every other row; raises ``LostRows`` if a row is unaccounted for.

        ``before`` is the list with which the sheet before this one ended.
        """
        start, header = 0, self.header
        if header is None and not self.ours:
            start, header = self._read_other(before)
        while header is not None:
            self.last_list = self.sheet.name, header
            start, header = self._read_table(start, header)
        for index in range(start, len(self.grid.rows)):
            blank = all(map(is_blank, self.grid.rows[index]))
            self._settle(index, BLANK if blank else REJECTED, NO_HEADER)
        sheet, rows = self.sheet, len(self.grid.rows) + self.shared
        aside = Counter(row.reason for row in sheet.set_aside)
        sheet.counts = {**dict.fromkeys(COUNTS, 0), **aside, "blank": self.blank, "read": rows - len(sheet.header_rows),
                        "accepted": sum(len(table.rows) for table in sheet.tables)}
        check_rows(sheet, rows)
        return sheet

    def _read_other(self, before: tuple[str, Header] | None) -> tuple[int, Header | None]:
        """A sheet without a row of labels: forms, a list turned over, or the rest of the list before it.

        (the row after what was read, the header below which the rest is to be read).
        """
        turned = find_turned(self.grid, self.labels, self.hints)
        if turned:
            return self._read_turned(turned), None
        start = 0
        for form in find_forms(self.grid, self.labels, self.hints):
            start = self._read_form(start, form)
        if start or not before or not continues(self.grid, before[1]):
            return start, None
        rows = sum(not all(map(is_blank, row)) for row in self.grid.rows)
        self.problems.append(problem("sheet-continued", Place(self.file, self.grid.name), other=before[0], count=rows))
        return 0, replace(before[1], rows=[])

    def _read_table(self, start: int, header: Header) -> tuple[int, Header | None]:
        """Read the table under ``header`` and what stands above it; (the row after it, the next header)."""
        self._settle_titles(start, header)
        header = self._answered(start, header)
        self.sheet.header_rows += [number_of(self.grid, row) for row in header.rows]
        self.sheet.kind = self.sheet.kind or header.kind
        following: dict[int, Header] = {}

        def begins_table(index: int) -> bool:
            found = header_at(self.grid, index, self.labels, self.hints)
            following.update({index: found} if found else {})
            return found is not None

        sorter = RowSorter(self.grid, header, self._regions(header.kind), start,
                           self._is_term, begins_table, self.ours, self.delimited)
        verdicts = self._sort(self.grid, sorter)
        end = verdicts.first + len(verdicts.fates)
        self._build(start, header, verdicts, end in following)
        return end, following.get(end)

    def _sort(self, grid: Grid, sorter: RowSorter) -> Verdicts:
        """The fates of the rows of a grid or view; those that are no applicants are listed."""
        verdicts = sorter.sort()
        for index, fate in enumerate(verdicts.fates, verdicts.first):
            if fate != ACCEPTED:
                self._settle(index, fate, verdicts.reasons.get(index, ""), grid)
        for index in sorted(sorter.doubtful & set(verdicts.rows(ACCEPTED))):
            name = as_written(grid.rows[index][sorter.names[0]])
            self.problems.append(problem("row-doubtful", Place(self.file, grid.name, number_of(grid, index)), field=NAME,
                                         value=name[:60]))
        return verdicts

    def _read_form(self, start: int, form: Form) -> int:
        """Read one applicant's form and what stands around it; the row after it."""
        self._settle_around(start, form, form.notes)
        lines = self._texts(form.notes)
        self._add_table(form.view, form.header, Verdicts(1, [ACCEPTED]), sheet_units(lines), lines)
        return form.last + 1

    def _read_turned(self, turned: TurnedList) -> int:
        """Read a list turned over: every column is an applicant, a total or a remark; the row after it."""
        others = [row for row in range(len(self.grid.rows)) if not turned.first <= row <= turned.last]
        self._settle_around(0, turned, others)
        self.shared += len(turned.view.rows) - 2
        sorter = RowSorter(turned.view, turned.header, self._regions(turned.header.kind), 0,
                           self._is_term, lambda index: False, self.ours, False)
        verdicts = self._sort(turned.view, sorter)
        lines = self._texts(others)
        self._add_table(turned.view, turned.header, verdicts, sheet_units(lines), lines)
        return len(self.grid.rows)

    def _settle_around(self, start: int, found: Form | TurnedList, notes: Iterable[int]) -> None:
        """The rows from ``start`` up to the end of a form or list turned over, but for the row of the name."""
        notes = set(notes)
        for index in range(start, max({found.last, *notes}) + 1):
            if all(map(is_blank, self.grid.rows[index])):
                self._settle(index, BLANK, "")
            elif index < found.first or index in notes:
                self._settle(index, NOTE, TITLE_ROW if index < found.anchor else NOTE_ROW)
            elif index != found.anchor:
                self.sheet.header_rows.append(number_of(self.grid, index))
        self.sheet.kind = self.sheet.kind or found.header.kind

    def _answered(self, start: int, header: Header) -> Header:
        """The header with what officers have answered about the columns of this sender."""
        if self.answers is None:
            return header
        region = self._region_of(self.grid, header, self._titles_above(start, header))
        return self.answers.apply(self.grid, header, region, self.labels[header.kind])

    def _region_of(self, grid: Grid, header: Header, titles: list[str]) -> str | None:
        """The sender of a table: by its titles, its sheet's or its file's name, else the one region that its rows name."""
        sender = self._sender(header.kind, titles)
        if sender:
            return sender[0]
        regions = self._regions(header.kind)
        columns = [c.index for c in header.matched if c.match.targets[0].field.id == REGION]
        named = {regions.get(fold(row[c])) for row in grid.rows[header.below:] for c in columns if isinstance(row[c], str)}
        return named.pop() if len(named := named - {None}) == 1 else None

    def _sender(self, kind: str, titles: list[str]) -> tuple[str, str] | None:
        return sender_of(titles, self.grid.name, self.file, self._regions(kind))

    def _build(self, start: int, header: Header, verdicts: Verdicts, another_follows: bool) -> None:
        lines = self.lines_between + self._titles_above(start, header)
        last = max(verdicts.rows(ACCEPTED), default=verdicts.first)
        below = self._texts(row for row in verdicts.reasons if row > last)
        self.lines_between = [line for line in below if another_follows and not _OF_TABLE_ABOVE.match(line)]
        notes = [line for line in self._texts(verdicts.reasons) if line not in self.lines_between]
        units = {} if self.ours else sheet_units([*lines, *notes])
        self._add_table(self.grid, header, verdicts, units, lines)

    def _add_table(self, grid: Grid, header: Header, verdicts: Verdicts, units: Mapping[str, Unit],
                   titles: list[str]) -> None:
        """Read the accepted rows of a grid or view into a table of the sheet."""
        builder = TableBuilder(grid, header, self.edition, self.file, units, verdicts.rows(ACCEPTED), verdicts)
        table = builder.build()
        check_cells(builder, table)
        self.sheet.tables.append(table)
        if table.questions:
            region = self._region_of(grid, header, titles) or EVERYWHERE
            table.questions = [replace(one, region=region) for one in table.questions]
        self._fill_sender(table, titles)
        builder.fill_cities()
        self.problems += builder.problems
        guessed = next((c for c in header.columns if c.guessed and not c.answered), None)
        if guessed and table.rows:
            at = Place(self.file, self.grid.name, number_of(grid, header.below - 1))
            self.problems.append(problem("name-by-content", at, field=NAME, value=guessed.written,
                                         label=self.edition.fields(header.kind)[NAME].label))
        if header.rivals and table.rows:
            kinds = self.edition.kinds
            row = number_of(grid, header.below - 1) if header.rows else None
            self.problems.append(problem(
                "kind-doubtful", Place(self.file, self.grid.name, row), kind=kinds[header.kind].label,
                others="、".join(kinds[kind].label for kind in header.rivals)))

    def _titles_above(self, start: int, header: Header) -> list[str]:
        """The texts above a header; above a list beside another one also those of the whole sheet, if its own say no unit."""
        own = self._texts(range(start, header.top))
        if self.whole is self.grid or start or sheet_units(own):
            return own
        return [as_written(cell) for row in self.whole.rows[:header.top] for cell in row if isinstance(cell, str)]

    def _texts(self, rows: Iterable[int]) -> list[str]:
        return [as_written(cell) for row in rows for cell in self.grid.rows[row] if isinstance(cell, str)]

    def _fill_sender(self, table: Table, titles: list[str]) -> None:
        """A table that says nowhere what province its applicants are of takes that of its sender, with a question."""
        if self.ours or not table.rows or any(table.columns.get(REGION, ())):
            return
        sender = self._sender(table.kind, titles)
        if sender:
            table.columns[REGION] = [sender[0]] * len(table.rows)
            self.problems.append(problem(
                "region-from-title", Place(self.file, self.grid.name), field=REGION, value=sender[0], where=sender[1],
                label=self.edition.fields(table.kind)[REGION].label, count=len(table.rows)))

    def _settle_titles(self, start: int, header: Header) -> None:
        """Rows above the header. In a workbook of ours they are part of the heading that we made."""
        above = [(row, self.grid.rows[row]) for row in range(start, header.top)]
        for index, fate, why in sort_titles(above):
            if self.ours and fate == NOTE:
                self.sheet.header_rows.append(number_of(self.grid, index))
            else:
                self._settle(index, fate, why)

    def _settle(self, index: int, fate: str, why: str, grid: Grid | None = None) -> None:
        """Count a blank row, list any other one as it was written; ``grid`` is the sheet or a view of it."""
        grid = grid or self.grid
        if fate == BLANK:
            self.blank += 1
            return
        row, number = grid.rows[index], number_of(grid, index)
        self.sheet.set_aside.append(SetAside(grid.name, number, fate, why, list(row)))
        if fate == REJECTED and why != NO_HEADER:
            text = " ".join(as_written(cell) for cell in row if not is_blank(cell))
            at = Place(self.file, grid.name, number)
            code = "row-too-long" if why == TOO_LONG else "row-without-name"
            self.problems.append(problem(code, at, value=text[:60]))

    def _is_term(self, text: str) -> bool:
        """True for what a field or a kind of applicants is called, which no applicant is."""
        kinds = self.edition.kinds.values()
        return is_label(self.labels, text) or any(text in (kind.label, kind.form, *kind.words) for kind in kinds)

    def _regions(self, kind: str) -> Mapping[str, str]:
        field = self.edition.fields(kind).get(REGION)
        return term_lookup(self.edition, field) if field and field.vocabulary else {}

    def problems_of_sheet(self, list_elsewhere: bool) -> list[Problem]:
        """Problems of the sheet; a sheet without a list is an error, but only a warning beside one with a list."""
        found = list(self.problems)
        if not self.sheet.tables and self.sheet.set_aside:
            code = "sheet-not-used" if list_elsewhere else "header-not-found"
            found.insert(0, problem(code, Place(self.file, self.grid.name), count=len(self.sheet.set_aside)))
        if not self.ours and self.sheet.counts["accepted"]:
            found += self._hidden()
        return found

    def _hidden(self) -> list[Problem]:
        """A note that hidden sheets, rows and columns were read like any other."""
        rows = sum(number - 1 in self.grid.hidden_rows for table in self.sheet.tables for number in table.rows)
        parts = [text for holds, text in ((self.grid.hidden, "工作表"), (rows, f"{rows} 行"),
                                          (self.grid.hidden_columns, f"{len(self.grid.hidden_columns)} 列")) if holds]
        return [problem("hidden-read", Place(self.file, self.grid.name), value="、".join(parts))] if parts else []
