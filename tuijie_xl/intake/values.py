"""From a cell to the value of a field, a column at a time.

A value is typed (``edition.TYPES``), None where nothing is written, or the ``str`` as written where it
cannot be read for certain. Nothing is guessed in silence: every doubt is kept with its cell.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from math import isfinite
from typing import Any

from ..book import Unread
from ..edition import Edition, Field, Term, Vocabulary
from .boxes import read_boxes
from .numerals import number_in_words
from .places import is_gazetteer, sender_of_place
from .quantities import LONGEST, is_sign, quantity
from .text import NOTHING, STROKES, as_written, exact, fold, is_blank, is_blank_text, narrow, narrow_digits, plain
from .units import DOUBTFUL, Unit, parse_unit

#: Types whose cells are text that machines read: folded to half-width.
_CODES = ("credit_code", "phone", "email", "postcode", "url")
_HUNDREDTHS = re.compile(r"百分之([\d.]+|[零〇一二三四五六七八九十百点]+)", re.ASCII)
_DATE = re.compile(r"((?:19|20)\d\d)(?:年|[-./])(\d{1,2})(?:月|[-./])(\d{1,2})[日号]?(?:\d\d:\d\d(?::\d\d)?)?", re.ASCII)
_DATE_IN_WORDS = re.compile(r"([〇零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})[日号]")
_DAY_NUMBER = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)", re.ASCII)
_YEAR = re.compile(r"((?:19|20)\d\d)(?:\.0)?(?:年度?)?", re.ASCII)
_SERIALS = (20000, 60000)               # Excel's day numbers of 1954-10-03 and 2064-04-08
_EXCEL_EPOCH = date(1899, 12, 30)
_LONGEST_PLACE = 20
_RATIOS = 3                             # different parts of 1 that make a column one of ratios
_MOST_PARTS = 8                         # pieces of a text that is looked through for a term
_BREAK = re.compile(r"[ \t\u3000\xa0]*[\r\n]+[ \t\u3000\xa0]*")
_SEPARATORS = re.compile(r"[、；;，,/|\s①-⑳]+")
_NUMBERING = re.compile(r"^\s*[（(]?\d{1,2}(?:[）).．]\s*|$)", re.ASCII)
#: What may stand between a term and those above it, or its code: 'ITO：软件研发外包', 'ITO1-1 软件研发及开发服务'.
_CONTEXT = re.compile(r"[()（）\[\]【】:：>＞→/\\、,，;；\s—_·]+|(?<=[^A-Za-z0-9])[-－–]|[-－–](?=[^A-Za-z0-9])")

TICKED = frozenset(("√", "✓", "✔", "☑", "■", "●", "◉", "是", "有", "对", "Y", "YES", "1", "T", "TRUE", "V"))
UNTICKED = frozenset(("×", "✗", "✘", "☐", "□", "○", "否", "无", "没有", "N", "NO", "0", "F", "FALSE"))


class ColumnReader(dict):
    """Cell -> value of one field; every distinct cell is read once.

    ``unit`` is what a bare number of this column counts; ``trusted`` says that the column is our own,
    so that a percentage below 1 is no doubt. ``doubts`` holds (code, words) for cells that were read
    with a doubt, ``converted`` the cells whose own unit is not the field's; ``ratios`` is True for a column of
    percentages of which every number is a part of 1.
    """

    def __init__(self, field: Field, edition: Edition, unit: Unit | None = None, trusted: bool = False):
        super().__init__({None: None, "": None})
        self.field, self.trusted = field, trusted
        self.target = parse_unit(field.unit) if field.unit else None
        self.unit = unit or self.target
        self.doubts: dict[Any, tuple[str, dict]] = {}
        self.converted: list[Any] = []
        self.ratios = False
        self.terms = term_lookup(edition, field) if field.vocabulary else {}
        self.edition = edition
        self.read_cell: Callable = _READERS.get(field.type, read_text)

    def __missing__(self, cell: Any) -> Any:
        if isinstance(cell, str) and (isinstance(cell, Unread) or is_blank_text(cell)):
            value = self._blank_or_unread(cell)
        else:
            value = self.read_cell(cell, self)
        self[cell] = value
        return value

    def _blank_or_unread(self, cell: str) -> str | None:
        if not isinstance(cell, Unread):
            term = self.terms.get(cell.strip()) if self.terms else None
            return (term,) if term and self.field.type == "terms" else term
        if self.field.type in ("measure", "system") and not cell.startswith("#"):
            return None                 # a formula of ours that nobody has calculated yet
        self.doubts[cell] = ("cell-error" if cell.startswith("#") else "formula-uncached", {})
        return str(cell)

    def read(self, cells: Sequence[Any]) -> list[Any]:
        """The values of a column, in order. Columns of one plain sort are read at once, others cell by cell."""
        kinds = set(map(type, cells)) - {type(None)}
        if kinds == {float} and self.field.type in ("amount", "number", "count") and self._same_unit() \
                and sum(abs(cell) for cell in cells if cell is not None) < 10 ** LONGEST:
            return _read_floats(cells, self.field.type == "count")
        if kinds == {datetime} and self.field.type == "date":
            return [cell and cell.date() for cell in cells]
        if bool in kinds:
            cells = [as_written(cell) if cell is True or cell is False else cell for cell in cells]
        if self.field.type == "percent":
            self.ratios = not self.trusted and _are_ratios(cells)
        if self.field.type == "text":
            return [cell if type(cell) is str and len(cell) > 6 and cell.isprintable() and cell.strip() == cell
                    and cell[0] not in STROKES else self[cell] for cell in cells]
        if self.field.type == "credit_code":
            return [cell if type(cell) is str and cell.isalnum() and cell.isascii() and cell.upper() == cell
                    and cell not in NOTHING else self[cell] for cell in cells]
        return [self[cell] for cell in cells]

    def _same_unit(self) -> bool:
        return self.unit is self.target or self.unit is not None and self.target is not None \
            and (self.unit.dimension, self.unit.tens) == (self.target.dimension, self.target.tens)

    def doubt(self, cell: Any, code: str, **words) -> None:
        self.doubts[cell] = (code, words)


def _read_floats(cells: Sequence[float | None], whole: bool) -> list[Any]:
    """Floats of a sane size as exact decimals, or as whole numbers with fractions as text."""
    if whole:
        return [None if cell is None else int(cell) if cell.is_integer() and abs(cell) < 1e15 else _whole(exact(cell)) for cell in cells]
    return [None if cell is None else Decimal(f"{cell:.15g}") if 1e-4 < abs(cell) < 1e15 else plain(exact(cell))
            for cell in cells]


def _whole(number: Decimal) -> int | str:
    """A whole number, or as text what is none."""
    return int(number) if number == number.to_integral_value() else f"{number:f}"


def _are_ratios(cells: Sequence[Any]) -> bool:
    """True for a column as Excel keeps it under the format 0%: nothing but numbers up to 1, most of them parts of 1.

    A few numbers prove nothing: 0.5 alone may be half a per cent.
    """
    found = [(cell, *quantity(cell)) for cell in cells if not is_blank(cell)]
    if not all(number is not None and unit is None and 0 <= number <= 1 for _, number, unit in found):
        return False
    return len({number for _, number, _ in found if 0 < number < 1}) >= _RATIOS


# ------------------------------------------------------------------ text

def read_text(cell: Any, column: ColumnReader) -> str | None:
    """Text without blanks around and, unless it is long, without line breaks; '无' is nothing where not required.

    Too short a number where the field holds codes that may begin with 0 (as its example does) has lost its zeros, in
    Excel or on the way to csv: it gets them back, with a question.
    """
    text = as_written(cell)
    wanted = len(column.field.example)
    if column.field.example[:1] == "0" and column.field.example.isdecimal() and re.fullmatch(r"[1-9]\d*", text, re.ASCII) \
            and len(text) < wanted:
        column.doubt(cell, "leading-zero", read=text.zfill(wanted))
        return text.zfill(wanted)
    if text == "无" and column.field.required is not True:
        return None
    return text if column.field.type == "long_text" else _BREAK.sub(_joint, text)


def _joint(match: re.Match) -> str:
    """A line break between two Latin words is a blank, any other is nothing."""
    before, after = match.string[match.start() - 1], match.string[match.end()]
    return " " if before.isascii() and after.isascii() else ""


def read_code(cell: Any, column: ColumnReader) -> str | None:
    """Telephone, mail, postcode, address: half-width; numbers without '.0'; a postcode gets its lost zero back."""
    text = narrow_digits(as_written(cell))
    if column.field.type == "postcode" and not isinstance(cell, str) and re.fullmatch(r"\d{5}", text):
        column.doubt(cell, "leading-zero", read=f"0{text}")
        return f"0{text}"
    return None if text == "无" and column.field.required is not True else text


def read_credit_code(cell: Any, column: ColumnReader) -> str | None:
    """Capital half-width letters and digits without blanks and hyphens.

    A number of more than 15 digits has lost the rest: it stays as '9.13706833104614E+17', which no check digit can
    pass by chance and which ``checks`` knows for damaged.
    """
    if isinstance(cell, float) and abs(cell) >= 10 ** 15:
        return f"{cell:.14E}"
    text = as_written(cell)
    if text in ("无", "暂无", "没有"):
        return None
    code = re.sub(r"[\s\-—–]+", "", narrow_digits(text).lstrip("'‘’`")).upper()       # Excel's mark of a text is no letter
    return code if code.isascii() else text


def read_system(cell: Any, column: ColumnReader) -> Any:
    """Our own columns: whole numbers stay numbers."""
    if isinstance(cell, float) and isfinite(cell) and cell.is_integer():
        return int(cell)
    return cell if isinstance(cell, int) else as_written(cell)


# ------------------------------------------------------------------ numbers

def read_number(cell: Any, column: ColumnReader) -> Decimal | str:
    """An exact number in the field's unit: unit of the cell before that of the column; foreign money stays text."""
    number, unit = quantity(cell)
    if number is None:
        return as_written(cell)
    target, own = column.target, unit is not None
    if own and is_sign(unit) and target is not None and target.is_money and (
            unit.dimension == target.dimension and (column.unit.tens, column.unit.dimension) != (0, unit.dimension)):
        column.doubt(cell, "currency-without-unit", currency=unit.text)
        return as_written(cell)
    unit = unit or column.unit
    if unit is DOUBTFUL:
        column.doubt(cell, "unit-doubtful")
        return f"{as_written(cell)}（{DOUBTFUL.text}）"
    if own and not unit.dimension and target:                   # '3000万' counts in the column's own kind
        if unit.tens and unit.tens < column.unit.tens:          # '3千' below 万元: 3000 元 or 3000 万元?
            return as_written(cell)
        unit = unit.of(target if column.unit is DOUBTFUL else column.unit)
    if unit is None or target is None:
        return as_written(cell) if own else plain(number)
    if unit.dimension != target.dimension:
        if unit.is_money and target.is_money:
            rate = None if is_sign(unit) or target.dimension != "CNY" else column.edition.currencies.get(unit.dimension)
            if rate:
                value = plain((number * rate.rate).scaleb(unit.tens - target.tens))
                column.doubt(cell, "currency-derived" if own else "currency-derived-column", currency=unit.text,
                             rate=f"{rate.rate:f}", basis=rate.source, iso=unit.dimension, read=f"{value:f}")
                return value
            column.doubt(cell, "currency-foreign" if own else "currency-foreign-column", currency=unit.text)
            return as_written(cell) if own else f"{as_written(cell)}{unit.text}"
        return as_written(cell)
    if own and unit.tens != target.tens:
        column.converted.append(cell)
    return plain(number.scaleb(unit.tens - target.tens))


def read_count(cell: Any, column: ColumnReader) -> int | str:
    """A whole number; a fraction stays text."""
    value = read_number(cell, column)
    if isinstance(value, str):
        return value
    return _whole(value)


def read_percent(cell: Any, column: ColumnReader) -> Decimal | str:
    """Percentage points: 85, '85%' and (with a doubt, save in a column of ratios) 0.85 are 85."""
    parts = _HUNDREDTHS.fullmatch(narrow_digits(cell)) if isinstance(cell, str) else None
    number, unit = quantity(f"{parts[1]}%" if parts else cell)
    if number is None or unit and unit.dimension != "%":
        return as_written(cell)
    if unit or column.trusted or not 0 < abs(number) <= 1:
        return plain(number)
    value = plain(number * 100)
    if column.ratios:
        column.converted.append(cell)
    else:
        column.doubt(cell, "percent-doubtful", read=f"{value:f}")
    return value


def read_year(cell: Any, column: ColumnReader) -> int | str:
    """2017, '2017年', '2017年度' -> 2017."""
    match = _YEAR.fullmatch(narrow_digits(as_written(cell)))
    return int(match[1]) if match else as_written(cell)


def read_date(cell: Any, column: ColumnReader) -> date | str:
    """A day in any common spelling, as 20180703 or as Excel's day number; a month without a day stays text."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = as_written(cell)
    bare = "".join(narrow_digits(text).split())
    match = _DATE.fullmatch(bare) or _DAY_NUMBER.fullmatch(bare) or _DATE_IN_WORDS.fullmatch(bare)
    if match:
        try:
            return date(*(int(number_in_words(part) or 0) if not part.isascii() else int(part) for part in match.groups()))
        except ValueError:
            return text
    if re.fullmatch(r"\d{5}", bare, re.ASCII) and _SERIALS[0] <= int(bare) <= _SERIALS[1]:
        return _EXCEL_EPOCH + timedelta(days=int(bare))
    return text


# ------------------------------------------------------------------ vocabularies

_LOOKUPS: dict[tuple[int, str, int], tuple[Edition, dict[str, str]]] = {}


def term_lookup(edition: Edition, field: Field) -> dict[str, str]:
    """Label, alias and their folded forms -> label. A label always means itself; a doubtful alias means nothing."""
    key = (id(edition), field.vocabulary, field.level)
    if key not in _LOOKUPS:
        _LOOKUPS[key] = (edition, _term_lookup(edition.terms(field)))       # kept with its edition: ids are not reused
    return _LOOKUPS[key][1]


def _term_lookup(terms: Sequence[Term]) -> dict[str, str]:
    found: dict[str, str | None] = {}
    for spell in (str, fold):
        for words in (lambda t: (t.label,), lambda t: t.aliases):
            layer: dict[str, str | None] = {}
            for term in terms:
                for key in filter(None, map(spell, words(term))):
                    layer[key] = term.label if layer.get(key, term.label) == term.label else None
            found = layer | found
    return {key: label for key, label in found.items() if label}


def read_term(cell: Any, column: ColumnReader) -> str:
    """The label of a term written by label or alias, numbered or as the one ticked box, else the text as written."""
    text = as_written(cell)
    return (_called(text, column) or _called(_NUMBERING.sub("", text), column) or _ticked(text, column)
            or _in_context(text, column) or _region_of_place(text, cell, column) or text)


def _called(text: str, column: ColumnReader) -> str | None:
    return column.terms.get(text) or column.terms.get(narrow(text).upper()) or column.terms.get(fold(text))


def _ticked(text: str, column: ColumnReader) -> str | None:
    """'☐是 ☑否' -> 否, where every box is a term and one is ticked."""
    boxes = read_boxes(text)
    if boxes is None or boxes.written or len(boxes.ticked) != 1 or not all(_called(box.text, column) and not box.more for box in boxes.items):
        return None
    return _called(boxes.ticked[0].text, column)


def _region_of_place(text: str, cell: Any, column: ColumnReader) -> str | None:
    """The region of a city or county that was written in its place; a note says so."""
    terms = column.edition.vocabularies[column.field.vocabulary].by_code
    label = sender_of_place(text, terms) if is_gazetteer(terms) and len(text) <= _LONGEST_PLACE else None
    if label:
        column.doubt(cell, "region-from-place", read=label)
    return label


def _in_context(text: str, column: ColumnReader) -> str | None:
    """The one term of a text that holds besides it only terms above it or its code: 'ITO-软件研发外包', 'ITO1 软件研发外包'."""
    vocabulary = column.edition.vocabularies[column.field.vocabulary]
    parts = [part for part in _CONTEXT.split(text) if part]
    if not 1 < len(parts) <= _MOST_PARTS:
        return None
    for start in range(len(parts)):
        for end in range(len(parts), start, -1):
            label = column.terms.get(fold("".join(parts[start:end])))
            if label and _are_above(parts[:start] + parts[end:], label, vocabulary):
                return label
    return None


def _are_above(parts: list[str], label: str, vocabulary: Vocabulary) -> bool:
    known = {fold(word) for one in vocabulary.path(vocabulary.by_label[label]) for word in (one.code, one.label, *one.aliases)}
    return all(fold(part) in known for part in parts)


def read_terms(cell: Any, column: ColumnReader) -> tuple[str, ...] | str:
    """Several terms in one cell, in the order of the vocabulary; the text as written unless every part is one."""
    text = as_written(cell)
    whole = column.terms.get(text) or column.terms.get(fold(text))
    if whole:
        return (whole,)
    parts = [bare for part in _SEPARATORS.split(text) if (bare := fold(_NUMBERING.sub("", part)))]
    found, start = set(), 0
    while start < len(parts):
        for end in range(len(parts), start, -1):            # some labels hold a '、' themselves
            label = column.terms.get("".join(parts[start:end]))
            if label:
                found.add(label)
                start = end
                break
        else:
            return text
    order = [term.label for term in column.edition.terms(column.field)]
    return tuple(sorted(found, key=order.index)) or text


def read_tick(cell: Any, label: str) -> bool | None:
    """True where a tick column is ticked, False where not, None for anything that is neither."""
    if cell is None:
        return False
    text = narrow(as_written(cell)).upper()
    if text in UNTICKED or is_blank_text(text):
        return False
    return True if text in TICKED or fold(text) == fold(label) else None


_READERS: dict[str, Callable] = {
    **dict.fromkeys(_CODES, read_code), "credit_code": read_credit_code, "amount": read_number, "number": read_number,
    "measure": read_number, "percent": read_percent, "count": read_count, "year": read_year, "date": read_date,
    "term": read_term, "terms": read_terms, "system": read_system,
}
