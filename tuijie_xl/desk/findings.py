"""What a judgement says, laid out for the open book: where each problem stands, 问题清单, marks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..actions import Outcome
from ..book import SheetPlan, a1
from ..criteria import VERDICTS
from ..intake.submission import OUR_SHEETS
from ..layout.handling import handled, lines_of
from ..layout.paper import quote_sheet
from ..layout.problem_list import SHEET, plan_problems, problem_lines
from ..problem import SEVERITIES, Problem, count_by_severity
from .marks import MOST_MARKS, Mark, marks_of
from .openbook import Cell, OpenBook
from .reading import Reading

Origin = tuple[str | None, str | None, int | None]
Spot = tuple[str, Cell]
Rows = list[list[Any]]

_ADDRESS = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")


def cell_of(address: str) -> Cell:
    """'B5' -> (4, 1). ValueError for anything else."""
    match = _ADDRESS.fullmatch(address)
    if not match:
        raise ValueError(address)
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1


class Places:
    """Where problems stand in the open book. ``moved`` tells where rows of other files have been put:
    (file, sheet, row) as read -> (sheet, row from 0, field id -> column)."""

    def __init__(self, reading: Reading, moved: Mapping[Origin, tuple[str, int, Mapping[str, int]]] | None = None):
        self.reading, self.moved = reading, moved or {}

    def spot(self, one: Problem) -> Spot | None:
        """The cell that a problem speaks of; the applicant's name where it speaks of a row; None where it speaks of a
        whole sheet, or of something that does not stand in this book."""
        where = self.moved.get((one.file, one.sheet, one.row))
        if where:
            sheet, row, columns = where
            return sheet, (row, columns.get(one.field, columns["name"]))
        if one.file != self.reading.path or one.sheet not in self.reading.grids:
            return None
        if one.cell:
            return one.sheet, cell_of(one.cell)
        return (one.sheet, (one.row - 1, self._name_column(one.sheet))) if one.row else None

    def _name_column(self, name: str) -> int:
        tables = self.reading.sheet(name).tables
        return cell_of(f"{tables[0].places['name']}1")[1] if tables and "name" in tables[0].places else 0


def problem_list(outcome: Outcome, places: Places, former: Rows, set_aside: Mapping[Origin, str] | None = None) -> SheetPlan:
    """问题清单 with a link for every problem that stands somewhere in the book. ``former``: the rows of the list that
    stands, with what officers decided; ``set_aside``: where rows that were not accepted are listed."""
    def target(one: Problem) -> str | None:
        spot = places.spot(one)
        if spot is None:
            return (set_aside or {}).get((one.file, one.sheet, one.row))
        return f"{quote_sheet(spot[0])}!{a1(*spot[1])}"

    batch = outcome.batch
    lines = problem_lines(outcome.problems, batch.edition, [target(p) for p in outcome.problems], batch.named())
    return plan_problems(lines, handled(lines, lines_of(former)))


def standing_list(book: OpenBook) -> Rows:
    """The rows of 问题清单 as it stands in the open book."""
    return book.read(SHEET).rows if SHEET in book.sheet_names() else []


def marks_for(outcome: Outcome, places: Places, former: Rows) -> list[Mark]:
    """The marks on the cells of the sheets that people fill in; problems that officers have settled get none."""
    batch = outcome.batch
    lines = problem_lines(outcome.problems, batch.edition, [None] * len(outcome.problems), batch.named())
    handling = handled(lines, lines_of(former))
    spots = ((one, places.spot(one)) for one, own in zip(outcome.problems, handling) if not own.settles)
    return marks_of((one, *spot) for one, spot in spots if spot and one.field and spot[0] not in OUR_SHEETS)


def summary(outcome: Outcome) -> str:
    """How many applicants, with which verdict, and how many problems, in words."""
    lines = []
    for kind in outcome.batch.edition.kinds.values():
        verdicts = outcome.judgements[kind.id].verdicts
        if verdicts:
            lines.append(f"{kind.label} {len(verdicts)} 家：" +
                         "，".join(f"{word} {verdicts.count(key)}" for key, word in VERDICTS.items()))
    counts = count_by_severity(outcome.problems)
    lines.append("问题：" + "，".join(f"{word} {counts[key]}" for key, word in SEVERITIES.items()))
    return "\n".join(lines)


def about_marks(outcome: Outcome, marks: list[Mark]) -> str:
    """A sentence on what is marked when not everything is."""
    cells = {(p.file, p.sheet, p.row, p.field) for p in outcome.problems if p.field and p.severity != "note"}
    if len(marks) < MOST_MARKS or len(cells) <= MOST_MARKS:
        return ""
    return f"问题较多，只在前 {MOST_MARKS} 个单元格上作了标记（错误在先）；全部问题见“问题清单”和各表的“待更正”列。"
