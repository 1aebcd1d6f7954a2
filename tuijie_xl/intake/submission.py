"""A submission: every sheet of a file, every row of every sheet, with its fate."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import takewhile

from ..book import BookText, Grid
from ..edition import Edition
from ..problem import Place, Problem, problem
from .headers import NAME, Header, find_header, header_at, is_label, kind_hints
from .labels import labels_of
from .records import COUNTS, FileIntake, SetAside, SheetIntake, Table, check_rows
from .rows import ACCEPTED, BLANK, NOTE, REJECTED, TOO_LONG, RowSorter, Verdicts, sort_titles
from .senders import sender_of
from .tables import REGION, TableBuilder
from .text import as_written, is_blank
from .units import sheet_units
from .values import term_lookup

SETTINGS_SHEET, OUR_MARK = "设置", "tuijie_xl"      # A1 of the settings sheet marks a workbook as ours
#: Sheets of our own workbooks that hold no applicants to be read.
OUR_SHEETS = frozenset({"问题清单", "导入记录", "导入异常", "统计", "材料清单", "词表", "填表说明", "工作台", "选择服务", "xlwings.conf",
                        SETTINGS_SHEET})
FEEDBACK_SHEET, FEEDBACK_MARK = "反馈", "tuijie_xl:feedback"     # A1 of the sheet that we add to a bureau's own file
#: Lists of ours that have a header which names applicants: title in A1, labels in row 4 of which this is the second.
_LISTS = {"问题清单": "程度", "导入异常": "工作表", "材料清单": "申报单位"}
_LIST_HEADER = 3
NO_HEADER = "未找到表头"
_TITLES = 30
_DEEP = 200                                 # rows in which a header is sought when the first ones have none
#: A note between two tables that speaks of the one above it; any other is of the one below.
_OF_TABLE_ABOVE = re.compile(r"[*※(（]*(?:附?注|备注|说明|以上|上述)")


def read_submission(book: BookText, edition: Edition) -> FileIntake:
    """All applicants of a file, and every row that is none, as it was written.

    A sheet without a header that names applicants gives no table: its rows are listed as rejected, with an
    error, or with a warning where another sheet of the file holds the list. A file without any table is refused.
    In a workbook of ours the lists that we made (``OUR_SHEETS``) are passed over, unless somebody put applicants there.
    """
    ours = is_ours(book)
    intake = FileIntake(book.path, book.format, book.sha256)
    readers = [SheetReader(grid, edition, book.path, ours, book.format == "csv") for grid in book.grids
               if not (is_feedback(grid) or ours and is_own_list(grid, edition))]
    for reader in readers:
        intake.sheets.append(reader.read())
    found = any(sheet.tables for sheet in intake.sheets)
    for reader in readers:
        intake.problems += reader.problems_of_sheet(found)
    if found and not any(sheet.counts["accepted"] for sheet in intake.sheets) or not intake.problems and not found:
        intake.problems.append(problem("no-applicants", Place(book.path)))
    intake.status = "imported" if found else "refused"
    return intake


def is_ours(book: BookText) -> bool:
    """True for our own template or master workbook, by the mark in its settings sheet."""
    return any(grid.name == SETTINGS_SHEET and grid.rows and grid.rows[0] and grid.rows[0][0] == OUR_MARK
               for grid in book.grids)


def is_feedback(grid: Grid) -> bool:
    """True for the list that we added to a marked copy; a sheet of the bureau's own by that name has no such mark."""
    return grid.name.startswith(FEEDBACK_SHEET) and bool(grid.rows and grid.rows[0]) and grid.rows[0][0] == FEEDBACK_MARK


def is_own_list(grid: Grid, edition: Edition) -> bool:
    """True for a sheet of ``OUR_SHEETS`` as we made it: its title in A1, or no header that names applicants."""
    if grid.name not in OUR_SHEETS:
        return False
    header = find_header(grid, 0, labels_of(edition, True), kind_hints(edition, grid.name, ()))
    if header is None:
        return True
    title = grid.rows[0][0]
    if title == f"{edition.title} · {grid.name}":
        return True
    return grid.name in _LISTS and title == grid.name and header.rows == [_LIST_HEADER] \
        and grid.rows[_LIST_HEADER][1] == _LISTS[grid.name]


class SheetReader:
    """Reads one sheet: tables one below the other, each with its header, and the rows between them."""

    def __init__(self, grid: Grid, edition: Edition, file: str, ours: bool, delimited: bool = False):
        self.grid, self.edition, self.file, self.ours, self.delimited = grid, edition, file, ours, delimited
        self.lines_between: list[str] = []              # notes below a table that may belong to the next one
        self.sheet = SheetIntake(grid.name, hidden=grid.hidden)
        self.problems: list[Problem] = []
        self.blank = 0
        self.hints = kind_hints(edition, grid.name, self._title_texts())
        self.labels = labels_of(edition, ours)
        own = [kind.id for kind in edition.kinds.values() if ours and kind.sheet == grid.name]
        if own:
            self.labels = {kind: self.labels[kind] for kind in own}

    def _title_texts(self) -> list[str]:
        """The texts of the first rows, as long as they stand nearly alone: titles, not lists."""
        rows = ([cell for cell in row if isinstance(cell, str)] for row in self.grid.rows[:_TITLES])
        return [text for row in takewhile(lambda row: len(row) <= 3, rows) for text in row]

    def read(self) -> SheetIntake:
        """The sheet's tables and every other row; raises ``LostRows`` if a row is unaccounted for."""
        start = 0
        header = find_header(self.grid, start, self.labels, self.hints) \
            or find_header(self.grid, start, self.labels, self.hints, _DEEP)
        while header is not None:
            start, header = self._read_table(start, header)
        for index in range(start, len(self.grid.rows)):
            blank = all(map(is_blank, self.grid.rows[index]))
            self._settle(index, BLANK if blank else REJECTED, NO_HEADER)
        sheet = self.sheet
        aside = Counter(row.reason for row in sheet.set_aside)
        sheet.counts = {**dict.fromkeys(COUNTS, 0), **aside, "blank": self.blank,
                        "read": len(self.grid.rows) - len(sheet.header_rows),
                        "accepted": sum(len(table.rows) for table in sheet.tables)}
        check_rows(sheet, len(self.grid.rows))
        return sheet

    def _read_table(self, start: int, header: Header) -> tuple[int, Header | None]:
        """Read the table under ``header`` and what stands above it; (the row after it, the next header)."""
        self._settle_titles(start, header)
        self.sheet.header_rows += [row + 1 for row in header.rows]
        self.sheet.kind = self.sheet.kind or header.kind
        following: list[Header] = []

        def begins_table(index: int) -> bool:
            found = header_at(self.grid, index, self.labels, self.hints)
            following.extend([found] if found else [])
            return found is not None

        sorter = RowSorter(self.grid, header, self._regions(header.kind), start,
                           lambda text: is_label(self.labels, text), begins_table, self.ours, self.delimited)
        verdicts = sorter.sort()
        for index, fate in enumerate(verdicts.fates, verdicts.first):
            if fate != ACCEPTED:
                self._settle(index, fate, verdicts.reasons.get(index, ""))
        self._build(start, header, verdicts, bool(following))
        for index in sorted(sorter.doubtful & set(verdicts.rows(ACCEPTED))):
            name = as_written(self.grid.rows[index][sorter.names[0]])
            self.problems.append(problem("row-doubtful", Place(self.file, self.grid.name, index + 1), field=NAME,
                                         value=name[:60]))
        return verdicts.first + len(verdicts.fates), following[-1] if following else None

    def _build(self, start: int, header: Header, verdicts: Verdicts, another_follows: bool) -> None:
        lines = self.lines_between + self._texts(range(start, header.rows[0]))
        last = max(verdicts.rows(ACCEPTED), default=verdicts.first)
        below = self._texts(row for row in verdicts.reasons if row > last)
        self.lines_between = [line for line in below if another_follows and not _OF_TABLE_ABOVE.match(line)]
        notes = [line for line in self._texts(verdicts.reasons) if line not in self.lines_between]
        units = {} if self.ours else sheet_units([*lines, *notes])
        builder = TableBuilder(self.grid, header, self.edition, self.file, units,
                               verdicts.rows(ACCEPTED), verdicts)
        table = builder.build()
        self.sheet.tables.append(table)
        self.problems += builder.problems
        self._fill_sender(table, lines)
        if header.rivals and verdicts.rows(ACCEPTED):
            kinds = self.edition.kinds
            self.problems.append(problem(
                "kind-doubtful", Place(self.file, self.grid.name, header.rows[-1] + 1), kind=kinds[header.kind].label,
                others="、".join(kinds[kind].label for kind in header.rivals)))

    def _texts(self, rows: Iterable[int]) -> list[str]:
        return [as_written(cell) for row in rows for cell in self.grid.rows[row] if isinstance(cell, str)]

    def _fill_sender(self, table: Table, titles: list[str]) -> None:
        """A table that says nowhere what province its applicants are of takes that of its sender, with a question."""
        if self.ours or not table.rows or any(table.columns.get(REGION, ())):
            return
        sender = sender_of(titles, self.grid.name, self.file, self._regions(table.kind))
        if sender:
            table.columns[REGION] = [sender[0]] * len(table.rows)
            self.problems.append(problem(
                "region-from-title", Place(self.file, self.grid.name), field=REGION, value=sender[0], where=sender[1],
                label=self.edition.fields(table.kind)[REGION].label, count=len(table.rows)))

    def _settle_titles(self, start: int, header: Header) -> None:
        """Rows above the header. In a workbook of ours they are part of the heading that we made."""
        above = [(row, self.grid.rows[row]) for row in range(start, header.rows[0])]
        for index, fate, why in sort_titles(above):
            if self.ours and fate == NOTE:
                self.sheet.header_rows.append(index + 1)
            else:
                self._settle(index, fate, why)

    def _settle(self, index: int, fate: str, why: str) -> None:
        if fate == BLANK:
            self.blank += 1
            return
        row = self.grid.rows[index]
        self.sheet.set_aside.append(SetAside(self.grid.name, index + 1, fate, why, list(row)))
        if fate == REJECTED and why != NO_HEADER:
            text = " ".join(as_written(cell) for cell in row if not is_blank(cell))
            at = Place(self.file, self.grid.name, index + 1)
            code = "row-too-long" if why == TOO_LONG else "row-without-name"
            self.problems.append(problem(code, at, value=text[:60]))

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
