"""The sender's own totals against ours: 合计, 小计 and 总计 rows, and counts such as '共 92 家' or '北京市（92所）'.

A total may stand below or above its rows and be of a section or of everything: it is questioned only where it is
none of these sums. Nothing is said where a value of the column could not be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ..edition import Field
from ..problem import Place, Problem, problem
from .rows import NOTE_ROW, SECTION_ROW, TOTAL_ROW
from .text import as_written, is_blank, narrow
from .values import ColumnReader
from .views import address_of, number_of

if TYPE_CHECKING:
    from .tables import TableBuilder

_ADDITIVE = ("amount", "count", "number")
_SUM = re.compile("[合总小共]计|总数")
_COUNT = re.compile(r"(?<![\d.])(\d{1,6})[家所个户]", re.ASCII)
_COUNT_OF_ALL = re.compile(r"共(?:计|有|推荐|推介|报送)?(?:[^\d,;。，；]{0,8})(\d{1,6})[家所](?!.*\d+[家所个户名])", re.ASCII)
_BARE = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
_TITLE_ROWS, _TITLE_CELLS = 8, 3


def check_totals(table: TableBuilder) -> Iterator[Problem]:
    """A warning for every total and every count that is none of the sums and numbers of the rows around it."""
    reasons = table.verdicts.reasons
    totals = {row: match[0] for row, why in sorted(reasons.items()) if why == TOTAL_ROW
              and (match := _SUM.search(_text(table, row)))}
    sections = [row for row, why in sorted(reasons.items()) if why == SECTION_ROW]
    accepted = list(enumerate(table.accepted))
    for row, word in totals.items():
        scopes = _scopes(row, word, totals, sections, accepted)
        for index, (f, reader) in table.readers.items():
            if f.type in _ADDITIVE:
                yield from _check_sum(table, row, index, f, reader, scopes)
        yield from _check_count(table, row, _COUNT, {len(scope) for scope in scopes})
    boundaries = sorted([*totals, *sections, len(table.grid.rows)])
    for row in sections:
        counts = {sum(row < own < end for own in table.accepted) for end in boundaries if end > row}
        yield from _check_count(table, row, _COUNT, counts)
    for row in _notes(table):
        yield from _check_count(table, row, _COUNT_OF_ALL, {len(table.accepted)})


def _scopes(row: int, word: str, totals: dict[int, str], sections: list[int],
            accepted: list[tuple[int, int]]) -> list[list[int]]:
    """Positions of the rows that a total may be of, likeliest first: its section, those since its like, all."""
    edges = [*totals, *sections]
    above = max((edge for edge in edges if edge < row), default=-1)
    below = min((edge for edge in edges if edge > row), default=len(edges) and accepted and accepted[-1][1] + 1 or row)
    alike = max((edge for edge, own in totals.items() if edge < row and own == word), default=-1)
    bounds = [(above, row), (alike, row), (-1, row), (row, below), (row, float("inf")), (-1, float("inf"))]
    if "小" not in word:
        bounds.insert(0, bounds.pop(2))
    scopes = [[at for at, own in accepted if first < own < last] for first, last in bounds]
    return [scope for scope in scopes if scope]


def _check_sum(table: TableBuilder, row: int, index: int, f: Field, reader: ColumnReader,
               scopes: Sequence[Sequence[int]]) -> Iterator[Problem]:
    cell = table.grid.rows[row][index]
    total, values = (None if is_blank(cell) else reader[cell]), table.table.columns[f.id]
    if total is None or isinstance(total, str) or not scopes:
        return
    sums = [_sum(values, scope) for scope in scopes]
    if None in sums or any(_same(Decimal(total), own) for own in sums):
        return
    words = {"value": as_written(cell), "label": f.label, "unit": f.unit, "count": len(scopes[0]),
             "read": f"{Decimal(total):f}", "computed": f"{sums[0]:f}", "difference": f"{total - sums[0]:+f}"}
    texts = next(filter(None, (_skipped(table, index, values, scope, Decimal(total)) for scope in scopes)), 0)
    yield problem("total-skips-text" if texts else "total-differs", _place(table, row, index), field=f.id,
                  **words, texts=texts)


def _skipped(table: TableBuilder, index: int, values: Sequence[Any], scope: Sequence[int], total: Decimal) -> int:
    """How many numbers written as text a total leaves out, as Excel's SUM does; 0 where that does not explain it."""
    cells = {at: table.grid.rows[table.accepted[at]][index] for at in scope}
    for is_text in (lambda cell: isinstance(cell, str), lambda cell: isinstance(cell, str) and not _BARE.fullmatch(cell)):
        texts = [at for at in scope if is_text(cells[at]) and values[at] is not None]
        rest = _sum(values, [at for at in scope if at not in texts])
        if texts and rest is not None and _same(total, rest):
            return len(texts)
    return 0


def _sum(values: Sequence[Any], scope: Sequence[int]) -> Decimal | None:
    """The exact sum, blanks as nothing; None where a value could not be read or where there is none."""
    held = [values[at] for at in scope if values[at] is not None]
    return None if not held or any(isinstance(value, str) for value in held) else sum(map(Decimal, held), Decimal(0))


def _same(total: Decimal, own: Decimal) -> bool:
    """True for the sum itself, or for the sum rounded to as many places as the total shows."""
    finer = own.as_tuple().exponent < total.as_tuple().exponent
    return total == own or finer and abs(total - own) <= Decimal(5).scaleb(total.as_tuple().exponent - 1)


def _check_count(table: TableBuilder, row: int, pattern: re.Pattern, counts: set[int]) -> Iterator[Problem]:
    text = _text(table, row)
    said = pattern.findall(text)
    if len(said) == 1 and counts and "其中" not in text and int(said[0]) not in counts:
        yield problem("count-differs", Place(table.file, table.grid.name, number_of(table.grid, row)), value=text[:60], said=int(said[0]),
                      count=max(counts) if len(counts) == 1 else "、".join(map(str, sorted(counts))))


def _notes(table: TableBuilder) -> Iterator[int]:
    """Lines above the first header and notes below that may say how many applicants there are."""
    first = table.header.top
    for row in range(first if first <= _TITLE_ROWS else 0):
        if sum(not is_blank(cell) for cell in table.grid.rows[row]) <= _TITLE_CELLS:
            yield row
    yield from (row for row, why in table.verdicts.reasons.items() if why == NOTE_ROW)


def _text(table: TableBuilder, row: int) -> str:
    """The texts of a row, half-width and without blanks."""
    return " ".join("".join(narrow(cell).split()) for cell in table.grid.rows[row] if isinstance(cell, str))


def _place(table: TableBuilder, row: int, index: int) -> Place:
    return Place(table.file, table.grid.name, number_of(table.grid, row), address_of(table.grid, row, index))
