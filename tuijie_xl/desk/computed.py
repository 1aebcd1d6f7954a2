"""The columns that are computed: 序号, 结论, 待更正, 缺项, the measures and 统计地区, as formulas or as Python's values."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from ..actions import Outcome
from ..book import Formula
from ..criteria import VERDICTS, missing_counts
from ..edition import Edition
from ..layout import formulas
from ..layout.columns import kind_columns
from ..layout.entry import LABEL_ROW, MISSING, SERIAL, TO_FIX, VERDICT
from ..layout.formulas import COMPUTED
from ..layout.master import ROW, UNFILLED
from ..layout.regions import regions
from ..measures import shown
from ..pause import each
from ..problem import Problem
from .change import Write
from .openbook import Area, OpenBook, contents_of, pausing, value_at
from .reading import Reading

REGION = "region"
_NUMBER = re.compile(r"(?<![A-Z$0-9.])[0-9]+(?:\.[0-9]+)?(?:E[+-]?[0-9]+)?")


def computed_values(outcome: Outcome, kind: str) -> dict[str, list[Any]]:
    """Field id -> what its column holds, one value an applicant, exactly as the judgement has it."""
    edition, found = outcome.batch.edition, outcome.judgements[kind]
    applicants = outcome.batch.applicants[kind]
    wrong = _to_fix(outcome.problems, edition, kind)
    values = {VERDICT: [VERDICTS[v] for v in found.verdicts], MISSING: missing_counts(found),
              TO_FIX: ["、".join(wrong.get(origin, ())) or None for origin in applicants.origins],
              REGION: regions(found.frame, edition, kind).tolist()}
    for m in edition.measures_of(kind):
        values[m.field] = [None if v is None else shown(v, m.decimals) for v in found.frame[m.field]]
    return values


def _to_fix(problems: Iterable[Problem], edition: Edition, kind: str) -> dict[tuple, dict[str, None]]:
    """(file, sheet, row) -> labels of the fields that are to be corrected, in the order of the problems."""
    fields = edition.fields(kind)
    wrong: dict[tuple, dict[str, None]] = defaultdict(dict)
    for one in problems:
        if one.field in fields and one.code not in UNFILLED and one.severity != "note":
            wrong[one.file, one.sheet, one.row].setdefault(fields[one.field].label)
    return wrong


def row_formulas(edition: Edition, kind: str, labels: list[str | None],
                 header_row: int) -> Callable[[int], dict[str, Formula]]:
    """What gives, for a row, field id -> the formula of each computed column as the template has it; rows count from 1.

    Nothing where the columns do not stand as the template has them: its formulas would look at the wrong cells.
    """
    columns = kind_columns(edition, kind)
    if labels[:len(columns)] != [column.label for column in columns] or header_row != LABEL_ROW + 1:
        return lambda row: {}
    cells = formulas.RowCells(edition, kind, columns, ROW, header_row)
    made = {SERIAL: formulas.serial(cells, header_row + 1), VERDICT: formulas.verdict(cells),
            TO_FIX: formulas.to_fix(cells), MISSING: formulas.missing_count(cells),
            **{m.field: formulas.quotient(m, cells) for m in edition.measures_of(kind)}}
    return lambda row: {name: Formula(text.replace(ROW, str(row))) for name, text in made.items()}


def computed_writes(book: OpenBook, reading: Reading, outcome: Outcome, *, renew: bool = False) -> list[Write]:
    """What must be written so that every computed column is right: one rectangle a column that needs it.

    Living formulas are left alone; with ``renew`` a formula that is missing or was changed comes back.
    """
    edition, writes = outcome.batch.edition, []
    for kind, applicants in each(outcome.batch.applicants.items(), pausing(book)):
        values = computed_values(outcome, kind)
        by_sheet: dict[str, dict[int, int]] = defaultdict(dict)
        for position, (file, sheet, row) in enumerate(applicants.origins):
            if file == reading.path:
                by_sheet[sheet][row] = position
        for sheet, rows in by_sheet.items():
            writes += _sheet_writes(book, reading, edition, kind, sheet, rows, values, renew)
    return writes


def _sheet_writes(book: OpenBook, reading: Reading, edition: Edition, kind: str, name: str, rows: dict[int, int],
                  values: dict[str, list[Any]], renew: bool) -> list[Write]:
    """``rows`` is Excel's row number -> position of the applicant."""
    sheet, grid = reading.sheet(name), reading.grids[name]
    labels = reading.labels(sheet)
    own = {labels.index(f.label): f for f in edition.fields(kind).values()
           if f.type in COMPUTED and f.id in values and f.label in labels}
    if not own:
        return []
    first, left = min(rows) - 1, min(own)
    area = Area(name, first, left, max(rows) - first, max(own) - left + 1)
    before = contents_of([[value_at(grid, first + i, left + j) for j in range(area.columns)] for i in range(area.rows)],
                         book.formulas(area))
    after = [list(line) for line in before]
    formulas_of = row_formulas(edition, kind, labels, sheet.header_rows[-1])
    for row, position in rows.items():
        living = formulas_of(row) if renew else {}
        line = after[row - 1 - first]
        for column, f in own.items():
            if f.id in living or not isinstance(line[column - left], Formula):
                line[column - left] = living.get(f.id, values[f.id][position])
    return [Write(name, first, column, [[line[column - left]] for line in after]) for column in sorted(own)
            if any(a[column - left] is not b[column - left] and _plain(a[column - left]) != _plain(b[column - left])
                   for a, b in zip(after, before))]


def _plain(value: Any) -> Any:
    """A value as it compares with one that was read: numbers as such, formulas however their spaces, case and numbers
    are written (a program shows 1E-9 as 0.000000001)."""
    if isinstance(value, Formula):
        return "=" + _NUMBER.sub(lambda found: repr(float(found[0])), value.text.replace(" ", "").upper())
    return float(value) if isinstance(value, Decimal) else value
