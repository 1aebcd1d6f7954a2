"""What is true of a dirty file, known to its generator before anything was written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

#: How a value was written: as it is; otherwise but certain; so that nobody can know it; not at all.
PLAIN, READABLE, DOUBT, NOTHING = "plain", "readable", "doubt", "nothing"


@dataclass
class Cell:
    """``value`` is what is meant (None: not known to the bureau); ``how`` one of PLAIN, READABLE, DOUBT, NOTHING.

    A careful reader gets PLAIN right and READABLE right or marked; DOUBT must be marked or left as written; of
    NOTHING it makes no value. ``accept`` are other right readings.
    """

    written: Any
    value: Any
    how: str = PLAIN
    accept: tuple = ()
    mutation: str = ""


@dataclass
class Applicant:
    """One applicant: its kind, its row (Excel's number; None in a form) and the cell of every field written.

    ``at`` gives the address of each field where they do not stand in one row, ``letters`` the columns of its table
    where another one stands beside it.
    """

    kind: str
    row: int | None
    cells: dict[str, Cell]
    at: dict[str, str] = field(default_factory=dict)
    letters: frozenset[str] = frozenset()


@dataclass
class SheetTruth:
    """``columns`` are (column letter, field id or None for a column that is nobody's); ``others`` row -> what it is.

    ``form`` is true for a sheet whose applicants do not stand in rows. ``headerless`` sheets cannot be read: their rows must be listed.
    """

    name: str
    kind: str
    columns: list[tuple[str, str | None]] = field(default_factory=list)
    applicants: list[Applicant] = field(default_factory=list)
    others: dict[int, str] = field(default_factory=dict)
    form: bool = False
    headerless: bool = False
    duplicates: int = 0
    wrong_totals: list[int] = field(default_factory=list)


@dataclass
class FileTruth:
    """``mutations`` are names of the catalogue; ``needs`` what the product must support to read the file at all."""

    path: str
    format: str
    sheets: list[SheetTruth]
    mutations: list[str]
    needs: frozenset[str] = frozenset()
    refused: str = ""                       # words that the refusal must hold; '' for a file that is read
