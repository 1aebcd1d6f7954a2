"""An open workbook in memory: what ``LiveBook`` does in a spreadsheet program, with faults on demand.

Formulas are not computed: one shows the result that its plan gives, or that the same formula in the same cell had.
"""

from __future__ import annotations

import datetime
from collections import Counter
from copy import deepcopy
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from tuijie_xl.book import Formula, Grid, Link, SheetPlan, Style, WorkbookPlan
from tuijie_xl.desk.openbook import Area, CannotDo, Selection
from tuijie_xl.files.audit import Audit, make_grid
from tuijie_xl.pause import go_on

DEFAULT_WIDTH = 8.43


class Fault(Exception):
    """A call that fails, as a call into a spreadsheet program may."""


class Dead(BaseException):
    """The process has been killed: no further call reaches the book."""


@dataclass
class Page:
    contents: dict = field(default_factory=dict)        # (row, column) -> value or Formula
    looks: dict = field(default_factory=dict)           # (row, column) -> Style
    fills: dict = field(default_factory=dict)           # (row, column) -> colour or None, over the look's
    notes: dict = field(default_factory=dict)
    lists: dict = field(default_factory=dict)           # (row, column) -> Validation
    widths: dict = field(default_factory=dict)
    merges: list = field(default_factory=list)
    hidden: bool = False
    protected: dict | None = None
    password: bool = False


def plain(value):
    """A value as a spreadsheet holds it."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return datetime.datetime(value.year, value.month, value.day)
    if isinstance(value, Link):
        return Formula(f'HYPERLINK("#{value.target}","{value.text}")', value.text)
    return None if value == "" else value


class MemoryBook:
    def __init__(self, plan: WorkbookPlan, path: str | Path = "/报送/推介申报.xlsm"):
        self.path, self.read_only, self.pages, self.names = str(path), False, {}, dict(plan.names)
        self.results: dict = {}
        self.calls: Counter = Counter()
        self.fail_at = self.die_at = None   # the number of the changing call that fails, or after which none succeeds
        self.changes, self.fail_also = 0, ()
        self.app = {"drawing": True, "calculation": "automatic", "events": True, "status": None}
        self.here = Selection(plan.sheets[0].name, (0, 0), (0,))
        self.chosen, self.told, self.stop, self.dead = [], [], False, False
        self.opened, self.has_browser = [], True
        for sheet in plan.sheets:
            self._draw(sheet)
            self.pages[sheet.name].protected = {"sort": True} if sheet.protect else None

    # -------------------------------------------------------------- what tests look at

    def state(self) -> dict:
        """Everything of the book, for 'as it was before'."""
        return {"pages": {name: {**vars(page), "contents": {k: v.text if isinstance(v, Formula) else v for k, v in page.contents.items()}}
                          for name, page in deepcopy(self.pages).items()},
                "order": list(self.pages), "names": dict(self.names), "app": dict(self.app), "here": self.here}

    def _change(self):
        if self.dead:
            raise Dead
        self.changes += 1
        if self.changes == self.fail_at or self.changes in self.fail_also:
            raise Fault(f"call {self.changes}")
        if self.changes == self.die_at:
            self.dead = True
            raise Dead

    def _open(self, sheet: str) -> Page:
        if self.pages[sheet].protected is not None:
            raise Fault(f"{sheet} is protected")
        return self.pages[sheet]

    # -------------------------------------------------------------- OpenBook

    def sheet_names(self):
        return list(self.pages)

    def read(self, sheet: str) -> Grid:
        self.calls["read"] += 1
        page = self.pages[sheet]
        height = max((r for r, _ in page.contents), default=-1) + 1
        width = max((c for _, c in page.contents), default=-1) + 1
        rows = [[None] * width for _ in range(height)]
        for (r, c), value in page.contents.items():
            if isinstance(value, Formula):
                value = plain(value.result or self.results.get((sheet, r, c, value.text)))
            rows[r][c] = value
        return make_grid(sheet, rows, page.hidden, Audit())

    def merges(self, sheet):
        self.calls["merges"] += 1
        return list(self.pages[sheet].merges)

    def formulas(self, area: Area):
        self.calls["formulas"] += 1
        cells = self.pages[area.sheet].contents
        return [[self._typed(cells.get((area.row + i, area.column + j))) for j in range(area.columns)]
                for i in range(area.rows)]

    @staticmethod
    def _typed(value) -> str:
        return "" if value is None else f"={value.text}" if isinstance(value, Formula) else str(value)

    def write_rows(self, sheet, row, column, rows):
        self._change()
        self.calls["write"] += 1
        self._open(sheet)
        for i, line in enumerate(rows):
            for j, value in enumerate(line):
                self._put(sheet, row + i, column + j, value)

    def _put(self, sheet, row, column, value):
        cells, value = self.pages[sheet].contents, plain(value)
        if isinstance(value, Formula) and value.result not in ("", None):
            self.results[sheet, row, column, value.text] = value.result
        if value is None:
            cells.pop((row, column), None)
        else:
            cells[row, column] = value

    def replace_sheet(self, plan: SheetPlan, pause=go_on):
        pause()
        self._change()
        self.calls["write"] += 1
        if plan.name in self.pages:
            self._open(plan.name)
        self._draw(plan)

    def _draw(self, plan: SheetPlan):
        page = self.pages.setdefault(plan.name, Page(hidden=plan.hidden))
        page.contents, page.looks, page.fills, page.notes, page.lists = {}, {}, {}, {}, {}
        looks = [(r, c, look) for r, c, _, look in plan.cells] + [(r, c, look) for r, c, _, _, _, look in plan.merges]
        looks += [(r + i, c + j, look) for r, c, columns, styles in plan.blocks for j, (values, look) in
                  enumerate(zip(columns, styles)) for i in range(len(values))]
        page.looks = {(r, c): look for r, c, look in looks}
        for row, column, value in sorted(plan.values(), key=lambda one: one[2] is not None):    # a block's blank yields
            self._put(plan.name, row, column, value)
        page.merges = [merge[:4] for merge in plan.merges]
        page.notes = {(r, c): text for r, c, text in plan.notes}
        for one in plan.validations:
            top, left, bottom, right = one.area
            page.lists |= {(r, c): one for r in range(top, bottom + 1) for c in range(left, right + 1)}

    def remove_sheet(self, sheet):
        self._change()
        del self.pages[sheet]

    def copy_look(self, source: Area, target: Area):
        self._change()
        page = self._open(target.sheet)
        for i in range(target.rows):
            for j in range(target.columns):
                here = (target.row + i, target.column + j)
                there = (source.row + i % source.rows, source.column + j % source.columns)
                for held in (page.looks, page.fills, page.lists):
                    held.pop(here, None)
                    if there in held:
                        held[here] = held[there]

    def widths(self, sheet, column, count):
        return tuple(self.pages[sheet].widths.get(column + i, DEFAULT_WIDTH) for i in range(count))

    def set_widths(self, sheet, column, widths):
        self._change()
        held = self.pages[sheet].widths | dict(enumerate(widths, column))
        self.pages[sheet].widths = {column: width for column, width in held.items() if width != DEFAULT_WIDTH}

    def clear_area(self, area: Area):
        self._change()
        page = self._open(area.sheet)
        for i in range(area.rows):
            for j in range(area.columns):
                for held in (page.contents, page.looks, page.fills, page.notes, page.lists):
                    held.pop((area.row + i, area.column + j), None)

    def fills(self, sheet, cells):
        page = self.pages[sheet]
        return [page.fills.get(cell, page.looks.get(cell, Style()).fill) for cell in cells]

    def paint(self, sheet, fills):
        self._change()
        page = self._open(sheet)
        for cell, fill in fills.items():
            page.fills.pop(cell, None)
            if page.looks.get(cell, Style()).fill != fill:
                page.fills[cell] = fill

    def notes(self, sheet):
        return dict(self.pages[sheet].notes)

    def put_notes(self, sheet, notes):
        for cell, text in notes.items():
            self._change()
            held = self._open(sheet).notes
            assert cell not in held
            held[cell] = text

    def drop_notes(self, sheet, cells):
        self._change()
        for cell in cells:
            del self._open(sheet).notes[cell]

    def protection(self, sheet):
        return self.pages[sheet].protected

    def unprotect(self, sheet):
        self._change()
        if self.pages[sheet].password:
            raise CannotDo(f"工作表“{sheet}”有密码")
        self.pages[sheet].protected = None

    def protect(self, sheet, options):
        if self.dead:
            raise Dead
        self.pages[sheet].protected = options

    def hush(self):
        state = dict(self.app), self.here
        self.app |= {"drawing": False, "calculation": "manual", "events": False}
        return state

    def unhush(self, state):
        if not self.dead:
            self.app, self.here = state

    def selection(self):
        return self.here

    def go_to(self, sheet, cell):
        self.pages[sheet]
        self.here = Selection(sheet, cell, (cell[0],))

    def status(self, text):
        if not self.dead:
            self.app["status"] = text

    def cancelled(self):
        return self.stop() if callable(self.stop) else self.stop

    def ask_files(self):
        return [Path(path) for path in self.chosen]

    def explain(self, err):
        return "正在编辑单元格" if str(err) == "busy" else None

    def tell(self, text):
        self.told.append(text)

    def open_file(self, path):
        self.opened.append(path)
        return self.has_browser

    def export_pdf(self, source, target):
        Path(target).write_bytes(b"%PDF-1.7 " + Path(source).read_bytes()[:4])

    # -------------------------------------------------------------- the officer's hand

    def type(self, sheet, cell, value):
        self._put(sheet, *cell, value)

    def revive(self):
        """The book as a new process finds it after the old one was killed: protection as it was left."""
        self.dead, self.die_at = False, None


