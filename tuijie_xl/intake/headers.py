"""Where a table begins: the header among the first rows, of one row or several, and the kind that it speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice, pairwise, takewhile
from typing import Any

from ..book import Grid
from ..edition import Edition
from .labels import BARE, LABEL, NAME_LIKE, TERM, Labels, Match, OtherScope, OtherYear, Target, changes_meaning
from .names import are_names, is_called_name
from .text import fold, is_blank
from .units import parse_unit

LOOK = 30                                   # rows in which a header is sought
DEEP = 200                                  # rows in which it is sought when the first ones have none
NAME, CODE = "name", "credit_code"          # the fields that say who an applicant is
_HINTED = 3                                 # a sheet's or title's word weighs as much as this many labels
_PEEK = 4                                   # cells by which a row is known for a header or not
_BANDS = 2                                  # rows of group names that may stand over the labels
#: Texts of title lines, which are no groups of columns.
_TITLE = re.compile(r"(?!其中).*[:：]|.*(?:表|名单|名录|一览|目录|汇总)(?:[(（].*)?$|附[件表]|.*\d年\d{1,2}月|.{25}")
#: The same, unless they are merged down over the row of labels: '单位地址', '填报人'.
_LIKE_TITLE = re.compile("填[报表]|单位|日期|制表")
_FORM_ROWS, _FORM_LABELS = 10, 3


@dataclass(frozen=True)
class HeaderColumn:
    """One column of a table: the header as written ('' for none) and what it names."""

    index: int
    written: str
    match: Match | OtherYear | OtherScope | None
    banded: bool = False                    # the rows above the label row took part in the reading
    answered: bool = False                  # an officer has said what it is, or that it is not wanted
    guessed: bool = False                   # its values look like the applicants' names, its header only may say so


@dataclass
class Header:
    """A header that was found. ``rows`` are its rows (from 0), the last one holds the labels; none where the sheet
    goes on below the header of an earlier sheet."""

    kind: str
    rows: list[int]
    columns: list[HeaderColumn]
    rivals: list[str] = field(default_factory=list)         # kinds that fit as well

    @property
    def matched(self) -> list[HeaderColumn]:
        return [column for column in self.columns if isinstance(column.match, Match)]

    @property
    def top(self) -> int:
        """Its first row; 0 where it has none."""
        return self.rows[0] if self.rows else 0

    @property
    def below(self) -> int:
        """The first row below the header."""
        return self.rows[-1] + 1 if self.rows else 0

    def has(self, field_id: str) -> bool:
        return any(target.field.id == field_id for column in self.matched for target in column.match.targets)


def find_header(grid: Grid, start: int, labels: Mapping[str, Labels], hints: Mapping[str, int],
                look: int = LOOK) -> Header | None:
    """The best header in the ``look`` rows from ``start``; None when no row names applicants and their fields.

    ``hints`` weighs the kinds where the labels alone do not decide.
    """
    best: Header | None = None
    for row in range(start, min(start + look, len(grid.rows))):
        if best and row > best.rows[-1] + 1:
            break
        if best and not _may_continue(best, grid.rows[row], labels):
            break
        found = _choose_kind(_readings(grid, row, start, labels), hints)
        if found and (best is None or _goes_on(best, found)):
            best = found
    return None if best and _is_form(grid, best, labels) else best


def _may_continue(best: Header, row: list[Any], labels: Mapping[str, Labels]) -> bool:
    """Below a header that was found, a row that names an applicant is data: it cannot belong to the header."""
    if len(best.matched) < 3:
        return True
    cells = [row[c.index] for c in best.matched if c.match.targets[0].field.id in (NAME, CODE)]
    return all(is_blank(cell) or is_label(labels, cell) for cell in cells)


def _goes_on(best: Header, found: Header) -> bool:
    """A lower row replaces the header when it names more, or as much and nothing else (a row of units)."""
    gain = sum(c.match is not None for c in found.columns) - sum(c.match is not None for c in best.columns)
    strange = any(c.written and c.match is None and not c.banded for c in found.columns)
    return gain > 0 or gain == 0 and best.rows[-1] in found.rows and not strange


def _readings(grid: Grid, row: int, start: int, labels: Mapping[str, Labels]) -> list[Header]:
    """The row read as a header of each kind that it could be one of."""
    lower = [text_of(cell) for cell in grid.rows[row]]
    if not any(lower):
        return []
    bands = _bands_above(grid, row, start)
    uppers = [[band[column] for band in bands.values()] for column in range(len(lower))]
    read = []
    for kind, own in labels.items():
        columns = [_resolve(own, index, text, uppers[index]) for index, text in enumerate(lower)]
        used = list(bands) if any(column.banded for column in columns) or _groups(grid, bands) else []
        read.append(Header(kind, [*used, row], columns))
    if not any(header.has(NAME) for header in read):
        read = [_with_names(grid, header, labels[header.kind]) for header in read]
    return [header for header in read if _is_header(header) or _stands_over_names(grid, header)]


def _with_names(grid: Grid, header: Header, labels: Labels) -> Header:
    """The header with the first column of names that is called so in words of its own; as it is, if it has none."""
    known = sum(column.match.targets[0].term is None for column in header.matched)
    called = {c.index: certain for c in header.columns if c.written and c.match is None and not labels.ours
              and (certain := is_called_name(c.written, labels)) is not None and known > (not certain)}
    for index in sorted(called, key=lambda one: not called[one]):
        if _holds_names(grid, header, index):
            match = Match((Target(labels.edition.fields(labels.kind)[NAME]),), NAME_LIKE)
            columns = [replace(c, match=match, guessed=not called[index]) if c.index == index else c for c in header.columns]
            return replace(header, columns=columns)
    return header


def _holds_names(grid: Grid, header: Header, index: int) -> bool:
    """True for a column with names below the header, which may come again on each page."""
    below = (row[index] for row in grid.rows[header.below:header.below + LOOK])
    return are_names(cell for cell in below if text_of(cell) != header.columns[index].written)


def _stands_over_names(grid: Grid, header: Header) -> bool:
    """True for the kind's own label of its names over names, whatever words the other columns are called by."""
    first = header.matched[0] if len(header.matched) == 1 and header.has(NAME) else None
    texts = [column.written for column in header.columns if column.written]
    return first is not None and first.match.level in (LABEL, BARE) and len(texts) >= _FORM_LABELS \
        and _holds_names(grid, header, first.index)


def _is_header(header: Header) -> bool:
    matched = header.matched
    if header.has(NAME):
        alone = len(matched) == 1 and sum(bool(column.written) for column in header.columns) == 1
        return len(matched) >= 2 or alone and matched[0].match.level == LABEL
    return header.has(CODE) and len(matched) >= 3


def _choose_kind(found: list[Header], hints: Mapping[str, int]) -> Header | None:
    """The kind whose name and fields fit best, then the one that sheet and title speak of; rivals are kept."""
    if not found:
        return None
    strongest = max(hints.get(h.kind, 0) for h in found)

    def weight(h: Header) -> tuple[bool, int]:
        hint = hints.get(h.kind, 0)
        return h.has(NAME), len(h.matched) + (_HINTED if hint and hint == strongest else 0)

    best = max(found, key=weight)
    best.rivals = [h.kind for h in found if h is not best and weight(h)[0] == weight(best)[0]
                   and (weight(h) == weight(best) or hints.get(h.kind, 0) > hints.get(best.kind, 0))]
    return best


def _resolve(labels: Labels, index: int, lower: str, uppers: list[str]) -> HeaderColumn:
    """What a column's header names: its own label, or label and band together ('外包业务' over '营业额')."""
    upper = " ".join(dict.fromkeys(filter(None, uppers)))
    if not upper:
        return HeaderColumn(index, lower, labels.match(lower) if lower else None)
    nearest = uppers[-1] or uppers[0]
    together = labels.match(_joined(upper, lower))
    if together is None and nearest != upper and not changes_meaning(upper, nearest):
        together = labels.match(_joined(nearest, lower))
    if not lower:
        return HeaderColumn(index, nearest, labels.match(nearest) or together, banded=True)
    alone = labels.match(lower)
    if _is_of_another_scope(alone, together, upper, lower):
        return HeaderColumn(index, f"{upper} {lower}", OtherScope(upper))
    if isinstance(together, OtherYear) or isinstance(alone, Match) and alone.level <= TERM:
        return HeaderColumn(index, lower, together if isinstance(together, OtherYear) else alone)
    if isinstance(together, Match):
        return HeaderColumn(index, f"{upper} {lower}", together, banded=True)
    if alone and changes_meaning(upper):
        return HeaderColumn(index, f"{upper} {lower}", None)
    return HeaderColumn(index, lower, alone)


def _joined(upper: str, lower: str) -> str:
    return f"{upper}（{lower}）" if parse_unit(lower) else f"{upper} {lower}".strip()


def _is_of_another_scope(alone: Any, together: Any, upper: str, lower: str) -> bool:
    """True for a number, be its label verbatim, below a band that makes it another: 预计, 集团合并, 上半年."""
    if not isinstance(alone, Match) or not alone.targets[0].field.is_numeric:
        return False
    return together is None and changes_meaning(upper, lower, alone.targets[0].field.type == "percent")


def header_at(grid: Grid, row: int, labels: Mapping[str, Labels], hints: Mapping[str, int]) -> Header | None:
    """The header that begins in this very row, below another table; None for a row of data."""
    texts = [text for text in map(text_of, grid.rows[row]) if text]
    if not any(is_label(labels, text) for text in texts[:_PEEK]):
        return None
    found = find_header(grid, row, labels, hints, look=2)
    return found if found and found.rows[0] == row and 2 * len(found.matched) > len(texts) else None


# ------------------------------------------------------------------ rows above the labels

def _bands_above(grid: Grid, row: int, start: int) -> dict[int, list[str]]:
    """Row -> texts by column, for the rows directly above that group the labels, merged texts spread over theirs."""
    bands: dict[int, list[str]] = {}
    for above in range(row - 1, max(start, row - _BANDS) - 1, -1):
        texts = _spread(grid, above)
        distinct = [text for text in dict.fromkeys(texts) if text]
        grouped = len(distinct) == 1 and 1 < texts.count(distinct[0]) < 0.8 * len(texts)
        labelled = [text for text, below in zip(map(text_of, grid.rows[above]), grid.rows[row]) if text_of(below)]
        if any(map(_TITLE.match, distinct)) or any(map(_LIKE_TITLE.match, labelled)) or len(distinct) < 2 and not grouped:
            break
        bands[above] = texts
    return dict(reversed(bands.items()))


def _spread(grid: Grid, row: int) -> list[str]:
    """The texts of a row; a text merged over several columns stands in each of them."""
    texts = [text_of(cell) for cell in grid.rows[row]]
    for top, left, _, right in grid.merges:
        if top == row and left < len(texts) and right > left:
            texts[left:right + 1] = [texts[left]] * (min(right, len(texts) - 1) - left + 1)
    if not grid.merges:                                     # csv and the like: a group reaches to the next text
        last = ""
        for column, text in enumerate(texts):
            below = row + 1 < len(grid.rows) and text_of(grid.rows[row + 1][column])
            last = text or last
            texts[column] = last if below else text
    return texts


def band_over(grid: Grid, header: Header, column: int) -> str:
    """What the rows above the labels say of a column, merged texts spread over theirs; '' for nothing."""
    texts = (_spread(grid, row)[column] for row in header.rows[:-1])
    return " ".join(dict.fromkeys(filter(None, texts)))


def _groups(grid: Grid, rows: Iterable[int]) -> bool:
    """True when the rows hold names of groups: merged, or written again in each column of the group."""
    if any(merge[0] in rows and merge[2:] != merge[:2] for merge in grid.merges):
        return True
    texts = [[text_of(cell) for cell in grid.rows[row]] for row in rows]
    return any(left and left == right for row in texts for left, right in pairwise(row))


def text_of(cell: Any) -> str:
    """A header cell as one line of text; anything but text is no header, save a year."""
    if isinstance(cell, str):
        return " ".join(cell.split())
    return ""


# ------------------------------------------------------------------ what a sheet is about

def kind_hints(edition: Edition, sheet: str, titles: Iterable[str]) -> dict[str, int]:
    """Kind -> how strongly sheet name and title lines speak of it: the longest of its words that they hold."""
    text = fold(" ".join([sheet, *titles]))
    hints = {}
    for kind in edition.kinds.values():
        words = [fold(word) for word in (*kind.words, kind.label, kind.sheet, kind.form)]
        hints[kind.id] = max((len(word) for word in words if word and word in text), default=0)
        if sheet.strip() == kind.sheet:
            hints[kind.id] += 100
    return hints


def _is_form(grid: Grid, header: Header, labels: Mapping[str, Labels]) -> bool:
    """True for a form of one applicant, which looks like a header row at first: other labels go on coming below it.

    In a list no row below the header names other fields, up to the one that begins another list or form.
    """
    own = {column.match.targets[0].field.id for column in header.matched}
    below = (row for row in grid.rows[header.below:] if not all(map(is_blank, row)))
    below = list(islice(takewhile(lambda row: not any(names_applicants(labels, cell) for cell in row),
                                  below), _FORM_ROWS))
    found = [[_field_named(labels[header.kind], cell) for cell in row if not is_blank(cell)] for row in below]
    new = [{name for name in row if name and name not in own} for row in found]
    if len(found) > 1 and len(new[1]) > 1 and 2 * len(new[1]) > len(found[1]) and not any(found[0]):
        return True                                         # labels, values, labels
    return sum(map(bool, new)) >= min(_FORM_LABELS, len(below) or 1)


def names_applicants(labels: Mapping[str, Labels], cell: Any) -> bool:
    """True for a cell that is what some kind calls the name of its applicants."""
    return any(_field_named(one, cell) == NAME for one in labels.values())


def _field_named(labels: Labels, cell: Any) -> str | None:
    """The field that a cell is a label of (the tick column of a term does not count)."""
    match = labels.match(text_of(cell)) if isinstance(cell, str) else None
    return match.targets[0].field.id if isinstance(match, Match) and match.targets[0].term is None else None


def is_label(labels: Mapping[str, Labels], cell: Any) -> bool:
    """True for a text that names a field of any of the kinds (the tick column of a term does not count)."""
    matches = (own.match(cell) for own in labels.values()) if isinstance(cell, str) else ()
    return any(isinstance(match, Match) and match.targets[0].term is None for match in matches)
