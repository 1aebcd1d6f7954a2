"""What reading a submission gives: plain records that travel between processes.

What counts as a row. In a list every row of the sheet counts once, and a row that two lists side by side share counts
once in each. In a list turned over every column counts. A form counts as one row, that of its name: the other rows of
the form are its header rows, for they hold its labels; titles, headings of sections and remarks in rows of their own
are listed as notes. Every cell of a form that is not blank is a label, a value, or kept beside the applicant as
unmapped, so that for every sheet read = accepted + rejected + duplicate + total_or_note + blank.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ..book import a1
from ..problem import Problem
from .text import as_written

if TYPE_CHECKING:
    from .answers import Question

COUNTS = ("read", "accepted", "rejected", "duplicate", "total_or_note", "blank")


class LostRows(Exception):
    """Rows were read that are neither accepted nor listed: our own bug, and nothing may be written."""


@dataclass
class Table:
    """One list found on one sheet; all columns are of the same length, one value an applicant.

    ``columns`` holds field id -> values (typed, the ``str`` as written where unreadable, None for blank; a tuple
    of labels for fields of many terms). ``rows`` are Excel's row numbers. ``places`` gives the column letter of
    each field, and of each tick column under '<field id>:<label>'. ``labels`` is header as written -> field id.
    ``unmapped`` is header as written -> values as written of what was not recognised: kept beside the row.
    Where the values of an applicant do not stand in one row (a form, a list turned over), ``cells`` gives for each
    applicant the address of every field, and its row is the one of its name. ``inherited`` is field id -> positions
    whose value a heading gave and not the row: no reason to take a row that was sent again for another one.
    ``answered`` is header as written -> what an officer has said that it is: a field's label, or 不导入;
    ``questions`` are the columns about which nobody has said so yet.
    """

    kind: str
    columns: dict[str, list]
    rows: list[int]
    places: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    unmapped: dict[str, list] = field(default_factory=dict)
    cells: list[dict[str, str]] = field(default_factory=list)
    inherited: dict[str, list[int]] = field(default_factory=dict)
    answered: dict[str, str] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)

    def spots(self) -> list[dict[str, str]]:
        """For each applicant where its fields stand: column letters in its row, or whole addresses."""
        return self.cells or [self.places] * len(self.rows)

    def __getstate__(self) -> dict:
        """What travels: columns packed, for thousands of small objects are what makes pickling slow."""
        return {**self.__dict__, "columns": {name: pack(values) for name, values in self.columns.items()}}

    def __setstate__(self, state: dict) -> None:
        self.__dict__.update(state, columns={name: unpack(values) for name, values in state["columns"].items()})


_SEPARATOR, _BLANK = "\x1f", "\x1e"
_WRITE: dict[type, Callable] = {str: str, Decimal: str, int: str, date: date.isoformat}
_READ: dict[type, Callable] = {str: str, Decimal: Decimal, int: int, date: date.fromisoformat}


def pack(values: list) -> list | tuple[type, str]:
    """A column of one type (and blanks) as one string; any other column as it is."""
    types = set(map(type, values)) - {type(None)}
    if len(types) != 1 or not types <= set(_WRITE):
        return values
    (kind,) = types
    write = _WRITE[kind]
    texts = [_BLANK if value is None else write(value) for value in values] if kind is not str or None in values else values
    packed = _SEPARATOR.join(texts)
    safe = kind is not str or packed.count(_SEPARATOR) == len(values) - 1 and packed.count(_BLANK) == values.count(None)
    return (kind, packed) if safe else values


def unpack(packed: list | tuple[type, str]) -> list:
    """The column again: ``unpack(pack(values)) == values``."""
    if isinstance(packed, list):
        return packed
    kind, text = packed
    read = _READ[kind]
    if kind is str and _BLANK not in text:
        return text.split(_SEPARATOR)
    return [None if part == _BLANK else read(part) for part in text.split(_SEPARATOR)]


@dataclass
class SetAside:
    """A row that is not an applicant, as it was written. ``reason`` is rejected, duplicate or total_or_note."""

    sheet: str
    row: int
    reason: str
    why: str
    values: list[Any]


@dataclass
class SheetIntake:
    """One sheet, or one of the lists that stand side by side on it (``area`` says which: 'F:J').

    ``header_rows`` are Excel's row numbers; ``counts`` has the keys of COUNTS and adds up.
    """

    name: str
    kind: str | None = None
    header_rows: list[int] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    set_aside: list[SetAside] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTS, 0))
    hidden: bool = False
    area: str = ""


@dataclass
class FileIntake:
    """One file. ``status`` is imported, refused (nothing in it can be used) or duplicate."""

    path: str
    format: str
    sha256: str
    status: str = "imported"
    sheets: list[SheetIntake] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def check_rows(sheet: SheetIntake, rows: int) -> None:
    """Raise ``LostRows`` unless every row of the sheet is header, accepted, listed or blank.

    Counted from the results themselves, not from what was meant to happen.
    """
    aside = [row.reason for row in sheet.set_aside]
    found = {"read": rows - len(sheet.header_rows), "accepted": sum(len(table.rows) for table in sheet.tables),
             **{reason: aside.count(reason) for reason in ("rejected", "duplicate", "total_or_note")},
             "blank": sheet.counts["blank"]}
    numbers = [*sheet.header_rows, *(n for t in sheet.tables for n in t.rows), *(row.row for row in sheet.set_aside)]
    whole = all(len(values) == len(table.rows) for table in sheet.tables
                for values in (*table.columns.values(), *table.unmapped.values()))
    if found != sheet.counts or found["read"] != sum(found[name] for name in COUNTS[1:]) \
            or len(set(numbers)) != len(numbers) or not whole:
        raise LostRows(f"[{sheet.name}] {rows} rows, counted {sheet.counts}, found {found}")


def check_cells(written: Iterable[tuple[tuple[int, int], Any]], places: Collection[tuple[int, int]],
                texts: Iterable[Any]) -> None:
    """Raise ``LostRows`` unless every written cell of a form stands at one of ``places`` or within one of ``texts``.

    ``places`` are the cells (row, column) of the labels and values that were read, ``texts`` all that was read or kept.
    """
    said = "\n".join("".join(as_written(text).split()) for text in texts if text is not None)
    lost = [a1(*spot) for spot, cell in written if spot not in places and "".join(as_written(cell).split()) not in said]
    if lost:
        raise LostRows(f"cells of a form that are nowhere: {'、'.join(lost)}")
