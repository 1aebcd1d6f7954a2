"""The printed form of a kind of applicant, compiled from the grid that the edition lays out.

``edition.forms[kind]`` is a grid; its first column holds the height of the row in points (a minimum: a row grows
with its text) or 'auto'. A cell is::

    <  ^                    joined with the cell at its left, above
    # text   ## text        title, band of a section
    text                    a label; above the first band, or across the whole page: a line without frame
    {field_id}              the value; more than one may stand in a text
    {options field_id}      all terms of a field, ☑ or ☐;  {options field_id CODE}: those below a term
    {materials}             the papers called for, those received ticked
    {seal caption}          a box for a stamp
    {edition title} {edition deadline} {edition year} {number}

A form is compiled once into slots (clause: 一（二）1, 二.1, 三.1) and filled for every applicant.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from ..book import RichText, Style
from ..criteria import STATES
from ..edition import Edition, EditionError, Field, Term, suggest
from ..measures import shown
from .columns import TICK
from .paper import column_step, flow, text_em

BOX = "☐"
NOT_GIVEN = "未提供"
DOUBT = "（如涉及）"
SEAL_LINE = "年　　　月　　　日　　"

INK, GREY, FRAME = "000000", "808080", "5F6B7A"
BODY = Style(font="宋体", size=9.5, color=INK, border=FRAME, wrap=True)
TITLE = Style(font="黑体", size=19, bold=True, color=INK, align="center", wrap=True)
HEADING = Style(font="宋体", size=9, color="404040", wrap=True)
BAND = Style(font="黑体", size=10, bold=True, color=INK, fill="D5DCE4", border=FRAME, indent=1, wrap=True)
LABEL = Style(font="黑体", size=9, color=INK, fill="F1F3F5", border=FRAME, align="center", wrap=True)
LIST = replace(BODY, size=9, indent=1)
CAPTION = replace(LABEL, align="left", indent=1)
SEAL = replace(BODY, align="right", valign="bottom")
NOTE = replace(HEADING, size=8.5)
MISSING = GREY                          # the colour of what was not provided

AUTO_HEIGHT, CAPTION_HEIGHT, SEAL_HEIGHT = 17.0, 17.0, 54.0


@dataclass(frozen=True)
class Applicant:
    """What one sheet shows. ``values`` maps field ids to values; ``materials`` are (label, required, state),
    required None when the facts are missing; ``verdict`` (its word) and ``region`` stand in the index only."""

    kind: str
    number: str
    values: Mapping[str, Any]
    materials: Sequence[tuple[str, bool | None, str | None]] = ()
    verdict: str = ""
    region: str = ""


@dataclass(frozen=True)
class Filled:
    """The text of a slot for one applicant; ``marked`` are the parts to be set in bold."""

    text: str
    style: Style
    marked: tuple[str, ...] = ()

    @property
    def content(self) -> str | RichText:
        """What the cell holds: plain text, or runs where a part is marked."""
        if not self.marked:
            return self.text
        bold = replace(self.style, bold=True)
        pattern = "(" + "|".join(re.escape(part) for part in sorted(self.marked, key=len, reverse=True)) + ")"
        runs = [part for part in re.split(pattern, self.text) if part]
        return RichText(tuple((part, bold if part in self.marked else self.style) for part in runs))


#: Fills a slot: (applicant, em of text in a line of the slot) -> what it holds.
Fill = Callable[[Applicant, float], Filled]
Area = tuple[int, int, int, int]


@dataclass(frozen=True)
class Slot:
    area: Area
    style: Style
    fill: Fill


@dataclass(frozen=True)
class Form:
    """A compiled form: minimum heights of its rows (points), which of them stay as they are, and its slots."""

    kind: str
    columns: int
    heights: tuple[float, ...]
    fixed: tuple[bool, ...]
    slots: tuple[Slot, ...]


# ------------------------------------------------------------------ values in words

def value_text(edition: Edition, f: Field, value: Any) -> str:
    """A value as the paper shows it: thousands separators and unit, dates in words, a measure rounded down
    (never up: 34.996 does not become 35.00), unreadable text as written; '' for blank."""
    if value is None or value == () or (isinstance(value, str) and not value.strip()):
        return ""
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, tuple | list | set | frozenset):
        return "、".join(value)
    if not isinstance(value, int | float | Decimal) or isinstance(value, bool):
        return str(value)
    number = str(value) if f.type == "year" else number_text(value, measure_decimals(edition, f))
    return f"{number}{'' if f.unit in ('', '%') else ' '}{f.unit}"


def measure_decimals(edition: Edition, f: Field) -> int | None:
    """To how many places a computed field is shown; None for a field that is shown in full."""
    return next((m.decimals for m in edition.measures_of(f.kind) if m.field == f.id), None)


def number_text(value: float | Decimal, decimals: int | None = None) -> str:
    """1234567.50 -> '1,234,567.5'; with ``decimals`` rounded down to that many places, zeros kept."""
    exact = Decimal(format(value, ".15g")) if isinstance(value, float) else Decimal(value)
    if decimals is not None:
        return format(shown(exact, decimals), ",f")
    text = format(exact, ",f")
    return text.rstrip("0").rstrip(".") if "." in text else text


class Ticks:
    """Reads which terms of field ``f`` an applicant ticked. The one term of a field that chooses from the same terms
    (主营) counts as ticked in a field of many."""

    def __init__(self, edition: Edition, f: Field):
        self.own, self.mains = f.id, [main.id for main in same_terms(edition, f)]
        self.known = {term.label for term in edition.terms(f)}

    def read(self, values: Mapping[str, Any]) -> tuple[set[str], str]:
        """(labels ticked, what stands in the field that is no term)."""
        held = _as_labels(values.get(self.own))
        marks = {label for name in self.mains for label in _as_labels(values.get(name))}
        return self.known & marks.union(held), "、".join(label for label in held if label not in self.known)


def same_terms(edition: Edition, f: Field) -> tuple[Field, ...]:
    """The fields of one term that choose from the very terms of ``f``, a field of many terms."""
    return tuple(o for o in edition.fields(f.kind).values() if f.type == "terms" and o.type == "term"
                 and o.vocabulary == f.vocabulary and edition.terms(o) == edition.terms(f))


def _as_labels(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    return ((value,) if value.strip() else ()) if isinstance(value, str) else tuple(value)


# ------------------------------------------------------------------ compiling

def compile_form(edition: Edition, kind: str) -> Form:
    """The form of ``kind`` as slots. EditionError names the file and line of what cannot be understood."""
    return _Compiler(edition, kind).form()


class _Compiler:
    """Turns the grid of one kind into slots."""

    def __init__(self, edition: Edition, kind: str):
        self.edition, self.kind = edition, kind
        self.fields = edition.fields(kind)
        self.lines = [line[1:] for line in edition.forms[kind]]
        self.marks = [line[0] for line in edition.forms[kind]]
        self.options_seen: set[str] = set()
        self.bands = [r for r, line in enumerate(self.lines) if any(cell.startswith("## ") for cell in line)]

    def fail(self, row: int, why: str):
        raise EditionError(f"forms/{self.kind}.csv", f"line {row + 1}", why)

    def form(self) -> Form:
        areas = self.areas()
        sealed = {area[0] for area, text in areas.items() if text.startswith("{seal ")}
        first, last, heights, fixed = [], [], [], []
        for row, line in enumerate(self.lines):
            height = self.height(row)
            first.append(len(heights))
            if row in sealed:                       # a row with a seal has its caption on a row of its own
                heights += [CAPTION_HEIGHT, max(height - CAPTION_HEIGHT, SEAL_HEIGHT)]
                fixed += [True, False]
            else:
                heights.append(height)
                fixed.append(line[0].startswith("#") or row < min(self.bands, default=0))
            last.append(len(heights) - 1)
        slots = []
        for (r0, c0, r1, c1), text in areas.items():
            top, bottom = first[r0], last[r1]
            if text.startswith("{seal "):
                slots.append(Slot((top, c0, top, c1), CAPTION, _constant(text[6:-1].strip(), CAPTION)))
                slots.append(Slot((top + 1, c0, bottom, c1), SEAL, _constant(SEAL_LINE, SEAL)))
            else:
                slots.append(Slot((top, c0, bottom, c1), *self.part((r0, c0, r1, c1), text)))
        slots.sort(key=lambda slot: slot.area[2] - slot.area[0])        # those of one row first
        return Form(self.kind, len(self.lines[0]), tuple(heights), tuple(fixed), tuple(slots))

    def height(self, row: int) -> float:
        try:
            return AUTO_HEIGHT if self.marks[row] == "auto" else float(self.marks[row])
        except ValueError:
            self.fail(row, f"{self.marks[row]!r} is no height; write points or 'auto'")

    def areas(self) -> dict[Area, str]:
        """Every cell that starts an area -> its text; '<' and '^' must form rectangles."""
        covered: dict[tuple[int, int], Area] = {}
        areas: dict[Area, str] = {}
        for r, line in enumerate(self.lines):
            for c, text in enumerate(line):
                if (r, c) in covered:
                    continue
                if text in ("<", "^"):
                    self.fail(r, f"{text!r} in cell {c + 1} joins nothing")
                area = (r, c, *self.reach(r, c))
                areas[area] = text
                covered.update({(i, j): area for i in range(r, area[2] + 1) for j in range(c, area[3] + 1)})
        return areas

    def reach(self, r: int, c: int) -> tuple[int, int]:
        right, down = c, r
        while right + 1 < len(self.lines[r]) and self.lines[r][right + 1] == "<":
            right += 1
        while down + 1 < len(self.lines) and self.lines[down + 1][c] == "^":
            down += 1
            if any(cell not in ("<", "^") for cell in self.lines[down][c:right + 1]):
                self.fail(down, f"the area that starts in cell {c + 1} of line {r + 1} is no rectangle")
        return down, right

    # -------------------------------------------------------------- one cell

    def part(self, area: Area, text: str) -> tuple[Style, Fill]:
        row, whole = area[0], area[1] == 0 and area[3] == len(self.lines[0]) - 1
        heading = row < min(self.bands, default=0)
        for mark, style in (("## ", BAND), ("# ", TITLE)):
            if text.startswith(mark):
                return style, self.template(row, text[len(mark):], style)
        alone = re.fullmatch(r"\{([^{}]*)\}", text)
        words = alone[1].split() if alone else [""]
        if words == ["materials"]:
            return LIST, _materials
        if words[:1] == ["options"]:
            return LIST, self.options(row, words[1:])
        if heading:
            style = replace(HEADING, align="right" if area[3] == len(self.lines[0]) - 1 and area[1] else "left")
        else:
            style = replace(BODY, indent=1) if alone or not text else NOTE if whole else LABEL
        return style, self.template(row, text, style)

    def template(self, row: int, text: str, style: Style) -> Fill:
        """Text with any number of {placeholders}; alone, a blank one shows 未提供."""
        pieces = re.split(r"\{([^{}]*)\}", text)
        if len(pieces) == 1:
            return _label(text) if style is LABEL else _constant(text, style)
        sources = [self.source(row, name.strip()) for name in pieces[1::2]]
        grey, alone = replace(style, color=MISSING), pieces[::2] == ["", ""]

        def fill(applicant: Applicant, _: float) -> Filled:
            found = [source(applicant) for source in sources]
            if alone and not found[0]:
                return Filled(NOT_GIVEN, grey)
            rest = [a + (b or NOT_GIVEN) for a, b in zip(pieces[::2], found)]
            return Filled("".join(rest) + pieces[-1], style)
        return fill

    def source(self, row: int, name: str) -> Callable[[Applicant], str]:
        edition = self.edition
        facts = {"edition title": edition.title, "edition deadline": edition.last_day,
                 "edition year": str(edition.statistics_year)}
        if name in facts:
            return lambda applicant: facts[name]
        if name == "number":
            return lambda applicant: applicant.number
        f = self.field(row, name)
        return lambda applicant: value_text(edition, f, applicant.values.get(f.id))

    def field(self, row: int, name: str) -> Field:
        if name not in self.fields:
            self.fail(row, f"unknown placeholder {{{name}}}{suggest(name, self.fields)}")
        return self.fields[name]

    def options(self, row: int, words: list[str]) -> Fill:
        """{options field} or {options field CODE}."""
        if not 1 <= len(words) <= 2:
            self.fail(row, "write {options field} or {options field CODE}")
        f = self.field(row, words[0])
        if not f.vocabulary:
            self.fail(row, f"{f.id!r} is of type {f.type}: it has no terms to tick")
        vocabulary, terms = self.edition.vocabularies[f.vocabulary], self.edition.terms(f)
        if len(words) == 2:
            if words[1] not in vocabulary.by_code:
                self.fail(row, f"unknown term code {words[1]!r}{suggest(words[1], vocabulary.by_code)}")
            top = vocabulary.by_code[words[1]]
            terms = tuple(term for term in terms if top in vocabulary.path(term))
        first = f.id not in self.options_seen
        self.options_seen.add(f.id)
        other = next((o for o in self.fields.values() if o.other_of == f.id), None)
        return _options(self.edition, f, terms, other, first)


def _constant(text: str, style: Style) -> Fill:
    filled = Filled(text, style)
    return lambda applicant, em: filled


def _label(text: str) -> Fill:
    """A label; one too long for its line breaks before its bracket."""
    whole, broken = Filled(text, LABEL), Filled(text.replace("（", "\n（", 1), LABEL)
    width = text_em(text)
    return lambda applicant, em: whole if width <= em else broken


def _options(edition: Edition, f: Field, terms: tuple[Term, ...], other: Field | None, first: bool) -> Fill:
    """Fills a cell of tick boxes; the first cell of a field also shows what was written there and is no term."""
    everywhere = tuple(f"{BOX} {term.label}" for term in edition.terms(f))  # the cells of a field share their columns
    ticks = Ticks(edition, f)

    def fill(applicant: Applicant, em: float) -> Filled:
        marks, strange = ticks.read(applicant.values)
        written = value_text(edition, other, applicant.values.get(other.id)) if other else ""
        items, marked = [], []
        for term in terms:
            item = f"{TICK if term.label in marks else BOX} {term.label}"
            if other and term.needs_text:
                item += f"：{written or '＿＿＿＿＿'}"
            items.append(item)
            marked += [item] if term.label in marks else []
        text = flow(items, em, column_step(everywhere, em))
        if strange and first:
            text += f"\n（原文：{strange}）"
        return Filled(text, LIST, tuple(marked))
    return fill


def _materials(applicant: Applicant, em: float) -> Filled:
    """The papers called for as a checklist, those received ticked; what may or may not be called for says so.

    The page is the applicant's: how far the office has got with the papers stands in 材料清单, not here.
    """
    listed = [(label, required, state) for label, required, state in applicant.materials
              if required is not False or state == STATES["received"]]
    items = [f"{TICK if state == STATES['received'] else BOX} {_circled(number)} {label.split('：', 1)[-1]}"
             f"{DOUBT if required is None else ''}" for number, (label, required, state) in enumerate(listed, 1)]
    return Filled(flow(items, em, column_step(tuple(items), em)) or "无", LIST)


def _circled(number: int) -> str:
    return chr(0x2460 + number - 1) if number <= 20 else f"({number})"
