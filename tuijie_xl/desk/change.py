"""A change of the open book as a value, carried out whole or not at all, and taken back on demand.

An action says all it will do in a ``Change``. Before the first write a ``Step`` with everything that is needed to
undo it goes to the user's own folder, and the book itself bears the step's id on the sheet 设置 (D1; E1 says
whether it was finished). So 撤销 works in another process, on a renamed book, and never on a book that is not in the
state the step left it in; a step that was cut off is found and taken back before anything else is done.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from ..book import Grid, SheetPlan
from ..edition import Edition
from ..intake.submission import OUR_MARK, SETTINGS_SHEET
from ..layout import handling
from ..layout.guide import plan_materials
from ..layout.problem_list import plan_problems
from . import journal
from .marks import Mark, Marked, change_marks, restore_marks, show_progress, standing_marks
from .openbook import Area, CannotDo, OpenBook, contents, contents_of, pausing, value_at

_ID, _STATE = 3, 4                      # columns of the first row of 设置
BEGUN, DONE = "begun", "done"


@dataclass(frozen=True)
class Write:
    """A rectangle of values or ``Formula`` into a sheet of the officers'."""

    sheet: str
    row: int
    column: int
    rows: list[list[Any]]

    @property
    def area(self) -> Area:
        return Area(self.sheet, self.row, self.column, len(self.rows), len(self.rows[0]))


@dataclass(frozen=True)
class Extension:
    """Room for more: the look of ``source`` over ``target``, which was blank, and where given the columns' widths."""

    source: Area
    target: Area
    widths: tuple[float, ...] = ()


@dataclass
class Change:
    """All that an action does. ``plans`` are sheets of ours; ``marks`` None leaves the marks as they are; ``read``
    are the values of sheets that were read in the same press and need not be read again."""

    title: str
    writes: list[Write] = field(default_factory=list)
    plans: list[SheetPlan] = field(default_factory=list)
    marks: list[Mark] | None = None
    extensions: list[Extension] = field(default_factory=list)
    read: dict[str, list[list[Any]]] = field(default_factory=dict)


@dataclass
class Step:
    """What stood before a change. ``sheets`` gives the contents of each replaced sheet of ours, None where there was
    none, and ``looks`` the plan that it looked like; ``plans`` is what every sheet of ours looks like after the step, as
    far as we made it; ``after`` is what the written cells held when the step was done, ``locked`` how sheets that the
    step writes to were protected, ``widths`` those of the columns of each extension that changes them."""

    title: str
    previous: str | None
    sheets: dict[str, list[list[Any]] | None]
    looks: dict[str, SheetPlan]
    plans: dict[str, SheetPlan]
    written: list[tuple[Area, list[list[Any]]]]
    extensions: list[Extension]
    widths: list[tuple[float, ...]]
    marks: list[Marked] | None
    after: list[list[list[Any]]] = field(default_factory=list)
    locked: dict[str, Any] = field(default_factory=dict)
    made: datetime = field(default_factory=datetime.now)
    id: str = field(default_factory=lambda: uuid4().hex)


# ------------------------------------------------------------------ doing

def apply(book: OpenBook, change: Change, settings: Grid, edition: Edition) -> None:
    """Carry out the change; whatever goes wrong, the book is as it was before. ``settings`` is 设置 as read just now.

    ``CannotDo`` for a book that cannot be written, ``Cancelled`` when the officer stops it.
    """
    if book.read_only:
        raise CannotDo("工作簿是以只读方式打开的，不能写入。请另存为一个副本（或请占用它的人关闭），再点一次按钮。")
    standing = standing_marks(book) if change.marks is not None else None
    touched = [SETTINGS_SHEET, *(p.name for p in change.plans), *(w.sheet for w in change.writes),
               *(e.target.sheet for e in change.extensions), *(m.sheet for m in (*(standing or ()), *(change.marks or ())))]
    with quiet(book), unprotected(book, [SETTINGS_SHEET]) as locked:
        step = _before(book, change, standing, last_step(settings)[0], edition)
        step.locked = locked | _protections(book, touched)
        journal.save(step.id, step)
        opened = False
        try:
            _stamp(book, step.id, BEGUN)
            with unprotected(book, touched):
                opened = True
                _do(book, change, step)
        except BaseException:
            if not opened:              # otherwise the sheets were put back, or must be by the next press
                _stamp_former(book, step)
            raise


def _do(book: OpenBook, change: Change, step: Step) -> None:
    """Carry out the change on opened sheets, or put everything back."""
    try:
        _carry_out(book, change, step)
        step.after = [contents(book, area) for area, _ in step.written]
        journal.save(step.id, step)
        _stamp(book, step.id, DONE)
    except BaseException:
        _restore(book, step, finished=False)
        raise


def _before(book: OpenBook, change: Change, standing: list[Marked] | None, previous: str | None, edition: Edition) -> Step:
    former = journal.load(previous) if previous else None
    names = book.sheet_names()
    own = {plan.name: _whole(book, plan.name, change.read.get(plan.name)) if plan.name in names else None for plan in change.plans}
    looks = {plan.name: plan for plan in (plan_problems([]), plan_materials(edition))}
    looks |= former.plans if former else {}
    written = [(write.area, contents(book, write.area)) for write in change.writes]
    widths = [book.widths(e.target.sheet, e.target.column, len(e.widths)) for e in change.extensions]
    return Step(change.title, previous, own, {name: looks[name] for name in own if name in looks},
                looks | {plan.name: plan for plan in change.plans}, written, list(change.extensions), widths, standing)


def _whole(book: OpenBook, sheet: str, rows: list[list[Any]] | None = None) -> list[list[Any]]:
    """The contents of a whole sheet; ``rows`` are its values where they were read already."""
    rows = book.read(sheet).rows if rows is None else rows
    return contents_of(rows, book.formulas(Area(sheet, 0, 0, len(rows), len(rows[0])))) if rows else []


def _carry_out(book: OpenBook, change: Change, step: Step) -> None:
    for more in change.extensions:
        show_progress(book, "正在准备新行")
        book.copy_look(more.source, more.target)
        book.set_widths(more.target.sheet, more.target.column, more.widths)
    for write in change.writes:
        show_progress(book, f"正在写入“{write.sheet}”")
        book.write_rows(write.sheet, write.row, write.column, write.rows)
    for plan in change.plans:
        show_progress(book, f"正在写入“{plan.name}”")
        book.replace_sheet(handling.carry_into(plan, step.sheets[plan.name] or []), pausing(book))
    if change.marks is not None:
        show_progress(book, "正在标记")
        change_marks(book, step.marks, change.marks)


# ------------------------------------------------------------------ undoing

def undo(book: OpenBook) -> str | None:
    """Take the last change back; its title and what was kept of the officer's own edits since. None without a change."""
    step = _step(open_settings(book))
    if step is None:
        return None
    with _writable(book, step):
        kept = _restore(book, step, finished=True)
    return step.title + (f"（其中 {kept} 个单元格您后来改过，保留了您的内容）" if kept else "")


def open_settings(book: OpenBook) -> Grid:
    """设置 as it is now. A change that was cut off (a crash, a power cut) is taken back first.

    ``CannotDo`` for a workbook that is none of ours.
    """
    settings = _settings(book)
    step = _step(settings) if last_step(settings)[1] == BEGUN else None
    if step is None:
        return settings
    with _writable(book, step):
        _restore(book, step, finished=False)
    for name, options in step.locked.items():           # the killed process had lifted the protection
        if name in book.sheet_names() and book.protection(name) is None:
            book.protect(name, options)
    return _settings(book)


def _settings(book: OpenBook) -> Grid:
    grid = book.read(SETTINGS_SHEET) if SETTINGS_SHEET in book.sheet_names() else Grid(SETTINGS_SHEET, [])
    if value_at(grid, 0, 0) != OUR_MARK:
        raise CannotDo("这个工作簿不是本工具的推介申报工作簿（缺少“设置”工作表），按钮不能用于它。"
                       "请打开推介申报工作簿后用“批量导入”读入它，或用命令行 tuijie run 处理。")
    return grid


def _step(settings: Grid) -> Step | None:
    ident, _ = last_step(settings)
    return journal.load(ident) if ident else None


@contextmanager
def _writable(book: OpenBook, step: Step) -> Iterator[None]:
    standing = standing_marks(book) if step.marks is not None else []
    touched = [SETTINGS_SHEET, *step.sheets, *(area.sheet for area, _ in step.written),
               *(e.target.sheet for e in step.extensions), *(m.sheet for m in (*standing, *(step.marks or ())))]
    with quiet(book), unprotected(book, touched):
        yield


def _restore(book: OpenBook, step: Step, *, finished: bool) -> int:
    """Put everything back; how many cells keep what the officer wrote after the step."""
    kept = 0
    for number, (area, before) in enumerate(step.written):
        rows = before
        if finished:
            rows, own = _with_later_edits(before, step.after[number], contents(book, area))
            kept += own
        book.write_rows(area.sheet, area.row, area.column, rows)
    if not kept:
        for more, widths in zip(step.extensions, step.widths):
            book.clear_area(more.target)
            book.set_widths(more.target.sheet, more.target.column, widths)
    for name, rows in step.sheets.items():
        _restore_sheet(book, name, rows, step.looks.get(name))
    if step.marks is not None:
        restore_marks(book, step.marks)
    _stamp_former(book, step)
    return kept


def _restore_sheet(book: OpenBook, name: str, rows: list[list[Any]] | None, plan: SheetPlan | None) -> None:
    if rows is None:
        if name in book.sheet_names():
            book.remove_sheet(name)
        return
    rows = handling.carry_back(rows, book.read(name).rows if name in book.sheet_names() else [])
    book.replace_sheet(plan or SheetPlan(name))
    if rows and _whole(book, name) != rows:         # the plan's own values are what stood there, as a rule
        book.write_rows(name, 0, 0, rows)


def _with_later_edits(before: list[list], after: list[list], now: list[list]) -> tuple[list[list], int]:
    """What to write back: the former contents, but where the officer has changed a cell since, what stands there."""
    changed = sum(n != a for a_row, n_row in zip(after, now) for a, n in zip(a_row, n_row))
    return [[n if n != a else b for b, a, n in zip(*rows)] for rows in zip(before, after, now)], changed


# ------------------------------------------------------------------ the book's own memory

def last_step(settings: Grid) -> tuple[str | None, str | None]:
    """(id of the last step, begun or done) as the book says."""
    ident, state = (value_at(settings, 0, column) for column in (_ID, _STATE))
    return (ident if isinstance(ident, str) else None), state


def _stamp(book: OpenBook, ident: str | None, state: str | None) -> None:
    book.write_rows(SETTINGS_SHEET, 0, _ID, [[ident, state]])


def _stamp_former(book: OpenBook, step: Step) -> None:
    _stamp(book, step.previous, DONE if step.previous else None)


# ------------------------------------------------------------------ round about

@contextmanager
def quiet(book: OpenBook) -> Iterator[None]:
    """No redrawing, recalculation or events inside; all of it, selection and status bar as before afterwards."""
    state = book.hush()
    try:
        yield
    finally:
        book.unhush(state)
        book.status(None)


@contextmanager
def unprotected(book: OpenBook, sheets: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Protected sheets open inside, protected in the same way afterwards, come what may; gives which they are."""
    locked = _protections(book, sheets)
    opened: list[str] = []
    try:
        for name in locked:
            book.unprotect(name)
            opened.append(name)
        yield locked
    finally:
        for name in opened:
            if name in book.sheet_names():
                book.protect(name, locked[name])


def _protections(book: OpenBook, sheets: Iterable[str]) -> dict[str, Any]:
    """Sheet -> how it is protected, for those that are."""
    names = set(book.sheet_names())
    found = {name: book.protection(name) for name in dict.fromkeys(sheets) if name in names}
    return {name: options for name, options in found.items() if options is not None}


__all__ = ["Change", "Extension", "Step", "Write", "apply", "last_step", "open_settings", "quiet", "undo", "unprotected"]
