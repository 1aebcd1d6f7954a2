"""Laying out a plan: rows of cells, and the truth about every one of them."""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby
from typing import Any

from tuijie_xl.book import column_letter

from .plan import Column, Laid, Plan
from .truth import DOUBT, NOTHING, READABLE, Applicant, Cell, SheetTruth


def lay_out(plan: Plan) -> Laid:
    """The sheet of a plan (and of the tables after it)."""
    truth = SheetTruth(plan.name, plan.kind, headerless=not plan.header)
    laid = Laid(plan.name, [], truth, hidden=plan.hidden)
    while plan is not None:
        Layer(plan, laid).lay()
        plan = plan.after
    width = max(map(len, laid.rows), default=0)
    laid.rows = [row + [None] * (width - len(row)) for row in laid.rows]
    return laid


class Layer:
    """Lays one table below what is there."""

    def __init__(self, plan: Plan, laid: Laid):
        self.plan, self.laid, self.left = plan, laid, plan.offset[1]
        self.width = len(plan.columns)

    def put(self, what: str, cells: list) -> int:
        """Append a row; its index from 0."""
        self.laid.rows.append([None] * self.left + list(cells))
        index = len(self.laid.rows) - 1
        if what:
            self.laid.truth.others[index + 1] = what
        return index

    def lay(self) -> None:
        plan = self.plan
        for _ in range(plan.offset[0] if not self.laid.rows else plan.blank_between):
            self.put("", [])
        for what, cells in plan.above:
            index = self.put(what, cells)
            if what == "title" and len(cells) == 1 and self.width > 1:
                self.laid.merges.append((index, self.left, index, self.left + self.width - 1))
        if plan.header:
            self._header()
        first = len(self.laid.rows)
        self._applicants()
        self._merge_down(first)
        for label, where in plan.totals:
            wrong = plan.wrong_total and "均" not in label
            index = self._sum(label, where, range(len(plan.records)), wrong)
            if wrong:
                self.laid.truth.wrong_totals.append(index + 1)
        for what, cells in plan.below:
            self.put(what, cells)
        for down, right, cell in plan.side:
            row = self.laid.rows[min(first + down, len(self.laid.rows) - 1)]
            row += [None] * (self.left + self.width + right - len(row)) + [cell]

    # -------------------------------------------------------------- header

    def _header(self) -> None:
        plan = self.plan
        depth = max((len(c.bands) for c in plan.columns), default=0)
        top = len(self.laid.rows)
        for level in range(depth + 1):
            self.put("header", [self._head(c, level, depth) for c in plan.columns])
        self.laid.heads |= set(range(top, top + depth + 1))
        self._merge_bands(top, depth)
        for position, column in enumerate(plan.columns):
            self.laid.truth.columns.append((column_letter(self.left + position), column.field))
            if column.hidden:
                self.laid.hidden_columns = (*self.laid.hidden_columns, self.left + position)
        if plan.number_row:
            self.put("numbers", [f"（{i}）" if plan.number_row == "brackets" else i for i in range(1, self.width + 1)])

    def _head(self, column: Column, level: int, depth: int) -> Any:
        """A column without bands stands in the first header row, merged down."""
        if not column.bands:
            return column.written if level == 0 else None
        own = level - (depth - len(column.bands))
        if own < 0:
            return None
        return column.bands[own] if own < len(column.bands) else column.written

    def _merge_bands(self, top: int, depth: int) -> None:
        columns = self.plan.columns
        for position, column in enumerate(columns):
            if depth and not column.bands:
                self.laid.merges.append((top, self.left + position, top + depth, self.left + position))
        for level in range(depth):
            start = 0
            for band, group in groupby(columns, lambda c, upto=level + 1 - depth: c.bands[:upto + len(c.bands)] if c.bands else ()):
                size = len(list(group))
                if band:
                    row, left = top + level, self.left + start
                    if size > 1:
                        self.laid.merges.append((row, left, row, left + size - 1))
                    for covered in range(1, size):
                        self.laid.rows[row][left + covered] = None
                start += size

    # -------------------------------------------------------------- applicants

    def _applicants(self) -> None:
        plan = self.plan
        last_group: Any = object()
        for position, record in enumerate(plan.records):
            group = record.get("city") if plan.sections == "city" else record.get("province")
            if plan.sections and group != last_group:
                self._section(position, group)
                last_group = group
            if plan.repeat_header and position and position % plan.repeat_header == 0:
                self.put("header again", [c.written for c in plan.columns])
            self._applicant(position, record)
            for what, cells in plan.between.get(position, ()):
                self.put(what, cells)
            following = plan.records[position + 1:position + 2]
            if plan.subtotals and (not following or following[0].get("city") != record.get("city")):
                same = [i for i, r in enumerate(plan.records) if r.get("city") == record.get("city")]
                self._sum(plan.subtotals.format(city=record.get("city")), "name", same, False)
        for position in plan.repeated:
            self._applicant(position, plan.records[position])
            self.laid.truth.applicants.pop()
            self.laid.truth.duplicates += 1
            self.laid.truth.others[len(self.laid.rows)] = "duplicate"

    def _section(self, position: int, group: str) -> None:
        count = sum((r.get("city") if self.plan.sections == "city" else r.get("province")) == group for r in self.plan.records)
        text = self.plan.random.choice((f"{group}（{count}家）", f"{group}({count}所）", group, f"一、{group}"))
        index = self.put("section", [text])
        if self.plan.random.random() < .5 and self.width > 2:
            self.laid.merges.append((index, self.left, index, self.left + self.width - 1))

    def _applicant(self, position: int, record: dict) -> None:
        plan = self.plan
        cells = {c.field: self._cell(position, record, c) for c in plan.columns if c.field and c.field != "serial"}
        row = [cells[c.field].written if c.field in cells else self._serial(position) if c.field == "serial"
               else plan.random.choice(c.values) if c.values else None for c in plan.columns]
        index = self.put("", row)
        self.laid.truth.applicants.append(Applicant(plan.kind, index + 1, cells))
        if position in plan.hidden_rows:
            self.laid.hidden_rows.add(index)
        if position in plan.colours:
            self.laid.colours.add(index)
        for (at, name), text in plan.notes.items():
            if at == position:
                self.laid.notes[index, self.left + plan.fields().index(name)] = text

    def _serial(self, position: int) -> Any:
        way = self.plan.serial
        if way == "blank":
            return None
        if way == "gaps":
            return position + 1 + position // 3
        if way == "restart":
            return position % 7 + 1
        return f"{position + 1}." if way == "text" else position + 1

    def _cell(self, position: int, record: dict, column: Column) -> Cell:
        value = record.get(column.field)
        spelling = self.plan.spelled.get((position, column.field))
        cell = spelling.cell(value, self.plan.random) if spelling else None
        if cell:
            return cell
        if column.doubtful and value is not None:
            return Cell(float(value), value, DOUBT, mutation="column of foreign money")
        if column.tens and value is not None:
            return Cell(float(Decimal(value).scaleb(-column.tens)), value, READABLE, mutation="unit of the header")
        return Cell("、".join(value) if isinstance(value, tuple) else value, value)

    def _merge_down(self, top: int) -> None:
        """A field written once for all neighbouring applicants that share it, merged or with blanks below."""
        name = self.plan.merged_down or self.plan.written_once
        column = next((i for i, c in enumerate(self.plan.columns) if c.field == name), None) if name else None
        if column is None:
            return
        at = self.left + column
        own = [a for a in self.laid.truth.applicants if a.row > top]
        for _, group in groupby(own, lambda a: (a.cells[name].value, a.row - own.index(a))):
            members = list(group)
            rows, first = [a.row - 1 for a in members], members[0].cells[name]
            for applicant in members[1:]:
                self.laid.rows[applicant.row - 1][at] = None
                cell = applicant.cells[name]
                if self.plan.written_once:
                    applicant.cells[name] = Cell(None, None, NOTHING, (cell.value,), "written once")
                else:
                    applicant.cells[name] = Cell(None, cell.value, READABLE, (first.written,), "merged down")
            if len(rows) > 1 and self.plan.merged_down:
                self.laid.merges.append((rows[0], at, rows[-1], at))

    def _sum(self, label: str, where: str, positions, wrong: bool) -> int:
        """A total row: the sums (or means) of the columns of numbers as they stand there."""
        fields = self.plan.edition.fields(self.plan.kind)
        cells: list = []
        for column in self.plan.columns:
            numeric = column.field and fields[column.field].type in ("amount", "count") and not column.doubtful
            values = [self.plan.records[i].get(column.field) for i in positions] if numeric else []
            total = sum((Decimal(v).scaleb(-column.tens) for v in values if v is not None), Decimal(0))
            shown = total / len(values) if values and "均" in label else total + (total // 3 + 1 if wrong else 0)
            cells.append(float(shown) if numeric else None)
        at = next((i for i, c in enumerate(self.plan.columns) if c.field == where), 0)
        at = at if cells[at] is None else 0
        cells[at] = label
        return self.put("total", cells)
