"""Forms of one applicant: found on a sheet, however many stand below each other, and laid out as lists of one row.

The labels are those of any list and those that the printed forms of the edition (clauses 一（二）1, 二.1, 三.1) have
beside their values.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Any

from ..book import Grid, a1
from ..edition import HAVE, Edition, Field
from .boxes import Box, read_boxes
from .headers import CODE, DEEP, NAME, Header, HeaderColumn
from .labels import LABEL, Labels, Match, OtherYear, Target
from .names import looks_like_applicant
from .pairs import Block, Layout, Pair, PairFinder, blocks_of
from .records import check_cells
from .text import as_written, fold, is_blank
from .values import term_lookup
from .views import Cell, View

_LEAST = 4                                  # fields that a sheet must name to be a form
_NOTE_BLOCKS = 2                            # more texts than these in a row without labels are no heading
_HINTED = 3
_JOINED = {"text": "", "long_text": "\n", "terms": "、", "phone": "、", "term": " "}
_CODE_LIKE = re.compile(r"[0-9A-Z]{15,18}")
_TICK = "√"


@dataclass
class Form:
    """One applicant's form: the rows (from 0) that it takes, those of them that hold no label and no value, and itself
    as a list: a view whose row 0 holds the labels and whose row 1 the values."""

    first: int
    last: int
    anchor: int                             # the row of the applicant's name
    notes: list[int]
    header: Header
    view: View


def find_forms(grid: Grid, labels: Mapping[str, Labels], hints: Mapping[str, int]) -> list[Form]:
    """The forms of a sheet from top to bottom; [] for a sheet that holds none for certain.

    A form names at least four fields, the applicant's name among them, and says who the applicant is.
    """
    own = {kind: FormLabels(one) for kind, one in labels.items()}
    upper = blocks_of(grid, 0, min(DEEP, len(grid.rows)) - 1)
    if not any(_names(one, block) for row in upper for block in row for one in own.values()):
        return []
    rows = upper + blocks_of(grid, len(upper), len(grid.rows) - 1)
    forms = []
    for first, last in _segments(rows, own.values()):
        readings = [reading for one in own.values() if (reading := _Reading(one, rows[first:last + 1])).is_form]
        if readings:
            forms.append(_choose(readings, hints).form(grid, first, last, readings, hints))
    return forms


class FormLabels:
    """What the labels of one kind's forms name."""

    def __init__(self, labels: Labels):
        self.edition, self.kind, self.labels = labels.edition, labels.kind, labels
        self.fields = labels.edition.fields(labels.kind)
        self.printed, self.groups = _printed(labels.edition, labels.kind)
        self.papers = {material.field for material in self.edition.materials_of(self.kind)}
        self.titles = {fold(kind.form) for kind in self.edition.kinds.values()}
        self.match = lru_cache(maxsize=5000)(self._match)

    def _match(self, text: str) -> Match | OtherYear | None:
        printed = self.printed.get(fold(text))
        if printed:
            return Match((Target(printed),), LABEL)
        found = self.labels.match(text) if text and fold(re.sub(r"[(（].*", "", text)) not in self.titles else None
        if isinstance(found, Match) and (found.targets[0].term or found.targets[0].field.type == "system"):
            return None
        return found

    def knows(self, text: str) -> bool:
        """True for a label, and for the name of a group of labels on the printed form."""
        return bool(text) and (self.match(text) is not None or fold(text) in self.groups)

    def field(self, text: str) -> Field | None:
        match = self.match(text)
        return match.targets[0].field if isinstance(match, Match) else None

    def holds(self, text: str, value: str) -> bool:
        """True for a label whose field has ``value`` for one of its terms."""
        f = self.field(text)
        return f is not None and bool(f.vocabulary) and fold(value) in term_lookup(self.edition, f)

    def joins(self, text: str) -> bool:
        """True for a label whose value may stand in several cells."""
        f = self.field(text)
        return f is not None and f.type in _JOINED and f.id != NAME


def _printed(edition: Edition, kind: str) -> tuple[dict[str, Field], set[str]]:
    """(label -> field, other texts that stand before a label) of the printed form, folded."""
    fields, groups, labels = edition.fields(kind), set(), {}
    for line in edition.forms.get(kind, ()):
        before = ""
        for text in line[1:]:
            words = text.strip("{}").split() if text.startswith("{") and text.endswith("}") else []
            if words:
                f = fields.get(words[1] if words[0] == "options" and len(words) > 1 else words[0])
                if f and before:
                    labels[fold(before)] = f
                before = ""
            elif text not in ("<", "^"):
                groups |= {fold(before)}
                before = "" if text.startswith("#") or "{" in text else text
    return labels, {group for group in groups if group} - set(labels)


# ------------------------------------------------------------------ where one form ends and the next begins

def _segments(rows: list[list[Block]], kinds: Iterable[FormLabels]) -> list[tuple[int, int]]:
    """(first, last) row of each form: a new one begins with a second name, where labels come again below it."""
    known = [{fold(block.text) for block in row for one in kinds if one.knows(block.text)} for row in rows]
    names = [i for i, row in enumerate(rows) if any(_names(one, block) for block in row for one in kinds)]
    starts = [names[0]]
    for name, following in zip(names[1:], [*names[2:], len(rows)]):
        before, after = (set().union(*known[a:b]) for a, b in ((starts[-1], name), (name, following)))
        if len(before & after) > 1:
            starts.append(name)
    lead = starts[0] - next(i for i, row in enumerate(rows) if row)
    firsts = [0, *(max(name - lead, before + 1) for before, name in pairwise(starts))]
    return [(first, after - 1) for first, after in zip(firsts, [*firsts[1:], len(rows)])]


def _names(labels: FormLabels, block: Block) -> bool:
    f = labels.field(re.split("[:：]", block.text)[0] if not labels.knows(block.text) else block.text)
    return f is not None and f.id == NAME


# ------------------------------------------------------------------ one form read as one of a kind

@dataclass
class _Reading:
    """One form read with the labels of one kind."""

    labels: FormLabels
    rows: list[list[Block]]
    layout: Layout = field(init=False)

    def __post_init__(self):
        self.layout = PairFinder(self.rows, self.labels.knows, self.labels.joins, self.labels.holds).find()
        self.named = {f.id: pair for pair in reversed(self.layout.pairs) if (f := self.labels.field(pair.label))
                      and (not is_blank(pair.value) or f.id in (NAME, CODE))}
        for pair in self.layout.pairs:
            f = self.labels.field(pair.label)
            if f and f.id in (NAME, CODE) and is_blank(self.named[f.id].value):
                self.named[f.id] = pair
        self.known = {f.id for pair in self.layout.pairs if (f := self.labels.field(pair.label))}

    @property
    def is_form(self) -> bool:
        """True when it names enough fields, and more than it has rows of something else, and says who the applicant is;
        explanations of a form do not."""
        if NAME not in self.known or len(self.known) < max(_LEAST, self._unexplained()):
            return False
        if sum(not read_boxes(block.text) for block in self.layout.loose) > 2 * len(self.layout.pairs):
            return False                                        # a list, with a few texts that are called like labels
        name, code = (as_written(self.named[key].value or "") if key in self.named else "" for key in (NAME, CODE))
        coded = bool(_CODE_LIKE.fullmatch(code.strip().upper()))
        return coded or not is_blank(name) and (looks_like_applicant(name) or self._holds_numbers())

    def _unexplained(self) -> int:
        """How many rows hold something that is neither label nor value nor a heading: rows of a list, if many."""
        notes = self._note_rows()
        return len({block.top for block in self.layout.loose} - set(notes))

    def _holds_numbers(self) -> bool:
        numeric = [pair.value for pair in self.layout.pairs if (f := self.labels.field(pair.label)) and f.is_numeric]
        return any(isinstance(value, int | float) and not isinstance(value, bool) for value in numeric)

    def weight(self, hints: Mapping[str, int]) -> int:
        strongest = max(hints.values(), default=0)
        hint = hints.get(self.labels.kind, 0)
        return len(self.known) + (_HINTED if hint and hint == strongest else 0)

    def form(self, grid: Grid, first: int, last: int, readings: list[_Reading], hints: Mapping[str, int]) -> Form:
        columns = list(self._columns())
        filled = {column.match for column in columns if column.match and not is_blank(column.value)}
        columns = [column for column in columns if not is_blank(column.value) or column.match not in filled]
        columns.sort(key=lambda column: is_blank(column.value))
        who = self.named[NAME if not is_blank(self.named[NAME].value) else CODE]
        header = Header(self.labels.kind, [0], [HeaderColumn(i, c.label, c.match) for i, c in enumerate(columns)],
                        [one.labels.kind for one in readings if one is not self
                         and one.weight(hints) == self.weight(hints)])
        spots = {(row, i): spot for i, c in enumerate(columns) for row, spot in enumerate((c.label_at, c.at))}
        view = View(grid.name, [[c.label for c in columns], [c.value for c in columns]], spots=spots,
                    numbers={0: who.label_at[0] + 1, 1: who.label_at[0] + 1})
        notes = self._notes()
        check_cells(self._cells(notes), {spot for c in columns for spot in (c.label_at, c.at)},
                    [*(text for c in columns for text in (c.label, c.value)), *self._boxed()])
        return Form(first, last, who.label_at[0], notes, header, view)

    def _boxed(self) -> Iterator[str]:
        """The values that are boxes: of these only what is ticked comes back."""
        values = (_whole(pair, self.labels.field(pair.label)) for pair in self.layout.pairs)
        yield from (value for value in values if isinstance(value, str) and read_boxes(value) is not None)

    def _cells(self, notes: Iterable[int]) -> Iterator[tuple[Cell, Any]]:
        """(where, content) of every written cell that must come back as a label, a value or something kept: all but
        rows of notes, boxes, and the labels of boxes and of nothing."""
        groups = {pair.label_at for pair in self.layout.pairs if is_blank(pair.value) or read_boxes(str(pair.value))}
        for block in (block for row in self.rows for block in row if block.spot not in groups):
            if block.top not in notes and read_boxes(str(block.cell)) is None:
                yield block.spot, block.cell

    # -------------------------------------------------------------- columns

    def _titles(self) -> set[int]:
        """Rows that hold nothing but the name of a paper: the form's own title, for it is one of the papers."""
        alone = {row[0].top for row in self.rows if len(row) == 1}
        return {pair.label_at[0] for pair in self.layout.pairs if is_blank(pair.value) and pair.label_at[0] in alone
                and (f := self.labels.field(pair.label)) and f.id in self.labels.papers}

    def _columns(self) -> Iterator[_Column]:
        titles = self._titles()
        for pair in self.layout.pairs:
            match = self.labels.match(pair.label)
            f = self.labels.field(pair.label)
            value = _whole(pair, f)
            if isinstance(value, str) and (f is None or f.vocabulary):
                ticks = self._ticked(value, f, pair.label_at, pair.at)
                if ticks is not None:
                    yield from ticks
                    continue
            value = None if is_blank(value) else value
            if value is None and pair.label_at[0] in titles:
                continue
            if match is not None or value is not None:
                yield _Column(pair.label, match, value, pair.label_at, pair.at)
            elif not self.labels.knows(pair.label):             # perhaps no label: nothing of it may be lost
                yield _Column(f"其它内容（{a1(*pair.label_at)}）", None, pair.label, pair.label_at, pair.label_at)
        yield from self._loose()

    def _ticked(self, text: str, f: Field | None, label_at: Cell, at: Cell) -> list[_Column] | None:
        """The columns that the boxes of a cell make; None for a cell without boxes, or with boxes of something else."""
        boxes = read_boxes(text)
        if boxes is None:
            return None
        found = [(box, self._target_of(box, f)) for box in boxes.items]
        left = [f"{box.text} {box.more}".strip() for box, target in found if not box.ticked and (not target or box.more)]
        beside = [_Column(f"其它内容（{a1(*at)}）", None, "、".join(left), label_at, at)] if left else []
        if f is not None and f.type == "term":
            return self._one_ticked(boxes.ticked, boxes.written, f, text, label_at, at) + beside
        if not any(target for _, target in found):
            return None
        columns = [_Column(target[0].term.label if target[0].term else box.text, Match((target[0],), LABEL), target[1],
                           label_at, at) for box, target in found if target and box.ticked]
        strange = [boxes.written, *(f"{box.text} {box.more}".strip() for box, target in found if box.ticked
                                    and (target is None or box.more))]
        if f is not None:
            rest = "、".join(filter(None, strange)) or None
            columns.append(_Column(f.label, Match((Target(f),), LABEL), rest, label_at, at))
        elif any(strange):
            columns.append(_Column(f"其它内容（{a1(*at)}）", None, "、".join(filter(None, strange)), label_at, at))
        return columns + beside

    def _one_ticked(self, ticked: tuple[Box, ...], written: str, f: Field, text: str, label_at: Cell,
                    at: Cell) -> list[_Column]:
        """A field of one term: the box that is ticked, what was written behind it, or the cell as it is."""
        value = (ticked[0].text if ticked else written or None) if len(ticked) < 2 else text
        columns = [_Column(f.label, Match((Target(f),), LABEL), value, label_at, at)]
        other = next((o for o in self.labels.fields.values() if o.other_of == f.id), None)
        if other and len(ticked) == 1 and ticked[0].more:
            columns.append(_Column(other.label, Match((Target(other),), LABEL), ticked[0].more, label_at, at))
        rest = "、".join(filter(None, [written if ticked else "", *(box.more for box in ticked if not other)]))
        return columns + ([_Column(f"其它内容（{a1(*at)}）", None, rest, label_at, at)] if rest else [])

    def _target_of(self, box: Box, f: Field | None) -> tuple[Target, str] | None:
        """What a box ticks, and the cell content that says so: a term of a field of many, or a paper handed in."""
        edition = self.labels.edition
        for many in [f] if f else [o for o in self.labels.fields.values() if o.type == "terms"]:
            label = term_lookup(edition, many).get(box.text) or term_lookup(edition, many).get(fold(box.text))
            if label and many.type == "term":
                return Target(many), label
            if label:
                return Target(many, next(term for term in edition.terms(many) if term.label == label)), _TICK
        paper = self.labels.field(box.text)
        if f is None and paper and paper.id in self.labels.papers:
            return Target(paper), edition.vocabularies[paper.vocabulary].by_code[HAVE].label
        return None

    # -------------------------------------------------------------- what is neither label nor value

    def _loose(self) -> Iterator[_Column]:
        """Boxes without a label, and whatever else stands in the rows of the form, kept row by row."""
        kept: dict[int, list[Block]] = {}
        notes = set(self._note_rows())
        for block in self.layout.loose:
            ticks = self._ticked(str(block.cell), None, block.spot, block.spot) if block.text else None
            if ticks is not None:
                yield from ticks
            elif block.top not in notes:
                kept.setdefault(block.top, []).append(block)
        for row, blocks in kept.items():
            text = " ".join(as_written(block.cell) for block in blocks)
            yield _Column(f"第 {row + 1} 行其它内容", None, text, blocks[0].spot, blocks[0].spot)

    def _note_rows(self) -> list[int]:
        """Rows with a heading, a seal or a remark and neither label nor value nor box."""
        held = {spot[0] for pair in self.layout.pairs for spot in (pair.label_at, pair.at)}
        loose: dict[int, list[Block]] = {}
        for block in self.layout.loose:
            loose.setdefault(block.top, []).append(block)
        return [row for row, blocks in loose.items() if row not in held and len(blocks) <= _NOTE_BLOCKS]

    def _notes(self) -> list[int]:
        ticked = {block.top for block in self.layout.loose
                  if block.text and self._ticked(str(block.cell), None, block.spot, block.spot) is not None}
        return sorted({*self._note_rows(), *self._titles()} - ticked)


@dataclass(frozen=True)
class _Column:
    """A column of the form as a list: what it names and where its label and its value stand."""

    label: str
    match: Match | OtherYear | None
    value: Any
    label_at: Cell
    at: Cell


def _whole(pair: Pair, f: Field | None) -> Any:
    """The value of a pair with its further cells."""
    if not pair.more:
        return pair.value
    return _JOINED.get(f.type if f else "text", " ").join(as_written(cell) for cell in (pair.value, *pair.more))


def _choose(readings: list[_Reading], hints: Mapping[str, int]) -> _Reading:
    return max(readings, key=lambda one: one.weight(hints))
