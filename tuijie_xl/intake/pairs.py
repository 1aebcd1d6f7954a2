"""Labels and their values on a form: the value at the right of its label, below it, or in the same cell.

Pure layout: which texts are labels is asked of the caller. Every cell of a form ends up in a ``Pair`` or in ``loose``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice, pairwise
from typing import Any

from ..book import Grid
from .rows import is_note
from .text import as_written, is_blank
from .units import parse_unit
from .views import Cell

_INLINE = re.compile(r"\s*([^:：]{1,24})[:：]\s*(.*)", re.DOTALL)
_APART = re.compile(r"[\s　]{2,}(?=[^:：\s]{1,14}[:：])")        # between '联系人：张三' and '电话：138...' in one cell
_HEADING = re.compile(r"[(（]?[一二三四五六七八九十]{1,3}[)）、.．]")
_LONGEST = 30                               # letters of a label that nobody knows
_HINT = re.compile(r"[(（\[【*※].*|注[:：].*|请.*|例?如[:：].*", re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A cell with content, with the area that it is merged over (last row and column included)."""

    top: int
    left: int
    bottom: int
    right: int
    cell: Any

    @property
    def text(self) -> str:
        return " ".join(self.cell.split()) if isinstance(self.cell, str) else ""

    @property
    def spot(self) -> Cell:
        return self.top, self.left


@dataclass
class Pair:
    """A label and its value. ``at`` is where the value stands, or would stand; ``more`` are further cells of it."""

    label: str
    label_at: Cell
    at: Cell
    value: Any = None
    more: list[Any] = field(default_factory=list)


@dataclass
class Layout:
    """What a form's rows hold: the pairs in reading order, and the blocks that are neither label nor value."""

    pairs: list[Pair] = field(default_factory=list)
    loose: list[Block] = field(default_factory=list)


def blocks_of(grid: Grid, first: int, last: int) -> list[list[Block]]:
    """The blocks of the rows from ``first`` to ``last``, by the row in which they begin, left to right."""
    merged = {merge[:2]: merge[2:] for merge in grid.merges}
    rows = []
    for row in range(first, last + 1):
        cells = enumerate(grid.rows[row])
        rows.append([Block(row, column, *merged.get((row, column), (row, column)), cell) for column, cell in cells
                     if cell is not None and not (isinstance(cell, str) and not cell.strip())])
    return rows


class PairFinder:
    """Finds the pairs of one form. ``knows`` tells whether a text is a label that is known, ``joins`` whether the value
    of a label may stand in several cells, ``holds`` whether a text is a term that the field of a label has for value."""

    def __init__(self, rows: list[list[Block]], knows: Callable[[str], bool], joins: Callable[[str], bool],
                 holds: Callable[[str, str], bool]):
        self.rows, self.knows, self.joins, self.holds = rows, knows, joins, holds
        self.layout = Layout()
        self.above = False                  # rows of labels have stood above rows of their values
        self.taken: set[Cell] = set()
        starts = Counter(block.left for row in rows for block in row if knows(block.text))
        self.columns = {left for left, count in starts.items() if count > 1}     # where labels stand

    def find(self) -> Layout:
        for index, row in enumerate(self.rows):
            row = [block for block in row if block.spot not in self.taken]
            below = self._values_below(index, row)
            if below is not None:
                self._take_below(row, below)
            elif row:
                self._read_row(index, row)
        return self.layout

    # -------------------------------------------------------------- the value below its label

    def _values_below(self, index: int, row: list[Block]) -> list[Block] | None:
        """The blocks of the next row when this one holds nothing but labels of what stands below them."""
        known = sum(self.knows(block.text) for block in row)
        later = [one for one in self.rows[index + 1:index + 3] if one]
        if not known or not later or 2 * known <= len(row) or any(not block.text for block in row) \
                or any(block.right + 1 != after.left for block, after in pairwise(row)):
            return None
        below = later[0]
        under = all(any(b.left <= v.left <= b.right for b in row) for v in below)
        if not under or below[0].top != max(b.bottom for b in row) + 1 or not self._are_values(row, below):
            return None
        if len(row) == 1:
            same = (row[0].left, row[0].right) == (below[0].left, below[0].right) and len(below) == 1
            plain = not self._is_inline(below[0]) and not _HINT.fullmatch(below[0].text)
            return below if same and (row[0].right > row[0].left or self.above and plain) else None
        return below

    def _are_values(self, row: list[Block], below: list[Block]) -> bool:
        """False for a row of other labels. A value may be called like a label: a term of its own field, or, where rows
        of labels and of values take turns, up to half of them."""
        over = {v.spot: b.text for v in below for b in row if b.left <= v.left <= b.right}
        strange = [v for v in below if self.knows(v.text) and not self.holds(over[v.spot], v.text)]
        turns = self.above and len(row) > 1 and {v.left for v in below} <= {b.left for b in row}
        return not strange or turns and 2 * len(strange) <= len(below)

    def _take_below(self, row: list[Block], below: list[Block]) -> None:
        self.above = self.above or len(row) > 1
        for label in row:
            values = [v for v in below if label.left <= v.left <= label.right]
            self._pair(label, values, (label.bottom + 1, label.left))

    # -------------------------------------------------------------- the value at the right of its label

    def _read_row(self, index: int, row: list[Block]) -> None:
        position = 0
        while position < len(row):
            block = row[position]
            if self._is_inline(block):
                self._take_inline(block)
                position += 1
                continue
            if not self.knows(block.text):
                position += self._strange(index, row, position)
                continue
            end = self._end_of_values(row, position)
            own, rest = self._own_values(block, row[position + 1:end])
            own = [*own, *self._lines_below(index, block, own)]
            if own or len(row) > 1 or not _HEADING.match(block.text):
                self._pair(block, own, (block.top, block.right + 1))
            else:
                self.layout.loose.append(block)
            position = end - len(rest)

    def _end_of_values(self, row: list[Block], position: int) -> int:
        """The position of the next label. A value that is called like a label stands between one and another label."""
        label, end = row[position], position + 1
        if end < len(row) and self.knows(row[end].text) and row[end].left == label.right + 1 and (
                end + 1 == len(row) or self.knows(row[end + 1].text) or self.holds(label.text, row[end].text)):
            end += 1
        while end < len(row) and not self.knows(row[end].text) and not self._is_inline(row[end]):
            end += 1
        return end

    def _own_values(self, label: Block, blocks: list[Block]) -> tuple[list[Block], list[Block]]:
        """(values of the label, blocks from the first one on that is a label which nobody knows)."""
        for position, block in enumerate(blocks):
            beside = block.left == label.right + 1
            if not beside and block.left in self.columns and self._may_be_label(block):
                return blocks[:position], blocks[position:]
        return blocks, []

    def _may_be_label(self, block: Block) -> bool:
        return bool(block.text) and len(block.text) <= _LONGEST and not _HINT.fullmatch(block.text) \
            and parse_unit(block.text) is None and not any(letter in "☑☐√■□" for letter in block.text)

    def _strange(self, index: int, row: list[Block], position: int) -> int:
        """A block before which no label stands; how many blocks of the row were used."""
        block = row[position]
        after = row[position + 1] if position + 1 < len(row) else None
        pairs_up = after is not None and after.left == block.right + 1 and not self.knows(after.text) \
            and not any(_INLINE.fullmatch(one.text) or is_note(one.text) for one in (block, after))
        if self._may_be_label(block) and block.left in self.columns and pairs_up:
            self._pair(block, [after, *self._lines_below(index, block, [after])], (block.top, block.right + 1))
            return 2
        self.layout.loose.append(block)
        return 1

    def _lines_below(self, index: int, label: Block, own: list[Block]) -> Iterator[Block]:
        """The further lines of a value: beside a label that is merged down, or alone in their rows below it."""
        column = own[0].left if own else label.right + 1
        for row in islice(self.rows, index + 1, None):
            lines = [block for block in row if block.left >= column]
            if not row:
                return
            beside = row[0].top <= label.bottom
            alone = own and len(row) == 1 and row[0].left == column and isinstance(own[0].cell, str) \
                and self.joins(label.text)
            known = any(self.knows(block.text) or self._is_inline(block) for block in row)
            if not lines or known or not (beside or alone):
                return
            yield from lines
            self.taken.update(block.spot for block in lines)

    # -------------------------------------------------------------- label and value in one cell

    def _is_inline(self, block: Block) -> bool:
        match = _INLINE.fullmatch(block.text)
        return bool(match) and not self.knows(block.text) and self.knows(match[1])

    def _take_inline(self, block: Block) -> None:
        self.taken.add(block.spot)
        for part in _APART.split(str(block.cell)):
            match = _INLINE.fullmatch(part)
            label, value = (match[1].strip(), match[2].strip()) if match else (f"{part.strip()}", None)
            self.layout.pairs.append(Pair(label, block.spot, block.spot, value or None))

    # -------------------------------------------------------------- a pair

    def _pair(self, label: Block, values: list[Block], at: Cell) -> None:
        self.taken.update(block.spot for block in (label, *values))
        pair = Pair(label.text, label.spot, values[0].spot if values else at)
        if values:
            pair.value = values[0].cell
        for block in values[1:]:
            if isinstance(block.cell, str) and parse_unit(block.text) and not is_blank(pair.value) \
                    and not isinstance(pair.value, str):
                pair.value = f"{as_written(pair.value)}{block.text}"
            elif self.joins(label.text) and not _HINT.fullmatch(block.text):
                pair.more.append(block.cell)
            else:
                self.layout.loose.append(block)
        self.layout.pairs.append(pair)
