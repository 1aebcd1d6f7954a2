"""One kind's applicants as a frame, and where every value came from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from .edition import Edition, Field
from .problem import Place

SOURCE = ("source_file", "source_sheet", "source_row")


@dataclass
class Applicants:
    """``frame`` holds one row an applicant and one column a field id, dtype object.

    A cell is None (blank), the typed value, or, where it could not be read, the ``str`` as written.
    ``origins`` gives for each row the (file, sheet, row number) it was read from now, ``letters`` for each
    (file, sheet) the column letter of every field that the sheet had. ``spots``, where it is known, gives for each
    row its own letters, or whole addresses where its values do not stand in one row (a form). The columns source_* of the frame are
    the provenance that a master workbook carries on: where the row came from in the first place.
    """

    kind: str
    frame: pd.DataFrame
    origins: list[tuple[str | None, str | None, int | None]]
    letters: dict[tuple[str | None, str | None], dict[str, str]] = field(default_factory=dict)
    spots: list[dict[str, str]] = field(default_factory=list)
    _columns: dict[str, list] = field(default_factory=dict, repr=False)

    def place(self, row: int, field_id: str | None = None) -> Place:
        """Where a field of the applicant at position ``row`` stands in the file it was read from."""
        file, sheet, number = self.origins[row]
        spots = self.spots[row] if self.spots else self.letters.get((file, sheet), {})
        return Place(file, sheet, number, address(spots.get(field_id), number))

    def values(self, field_id: str) -> list[Any]:
        """The column of a field, one value an applicant; the frame does not change once it is here."""
        if field_id not in self._columns:
            self._columns[field_id] = self.frame[field_id].tolist()
        return self._columns[field_id]

    def sources(self) -> Iterator[tuple[tuple[str | None, str | None], np.ndarray]]:
        """((source file, source sheet), positions of its applicants), in order."""
        keys = list(zip(*(self.frame[c] for c in SOURCE[:2])))
        codes, uniques = pd.factorize(pd.Series(keys, dtype=object), use_na_sentinel=False)
        for number, key in enumerate(uniques):
            yield key, np.flatnonzero(codes == number)


def address(spot: str | None, number: int | None) -> str | None:
    """'C' in row 5 -> 'C5'; a whole address is one already; None for a field that has no place."""
    if spot is None or spot[-1].isdigit():
        return spot
    return f"{spot}{number}" if number else None


def frame_of(edition: Edition, kind: str, columns: dict[str, list]) -> pd.DataFrame:
    """A frame with every field of the kind, in order; fields that are not in ``columns`` are blank.

    All given columns have the same length. A field id that the kind does not have is our own bug: KeyError.
    """
    fields = edition.fields(kind)
    for name in columns:
        fields[name]
    length = len(next(iter(columns.values()), []))
    blank = [None] * length
    series = {name: np.fromiter(columns.get(name, blank), dtype=object, count=length) for name in fields}
    return pd.DataFrame(series, columns=list(fields), dtype=object)


def readable(f: Field, edition: Edition, values: Iterable[Any]) -> np.ndarray:
    """True where a value is present, of the field's type, and inside what the field allows."""
    if f.is_numeric:
        low, high = f.minimum, f.maximum
        return np.array([v is not None and not isinstance(v, str) and (low is None or v >= low)
                         and (high is None or v <= high) for v in values], dtype=bool)
    if f.type == "date":
        return np.array([v is not None and not isinstance(v, str) for v in values], dtype=bool)
    if f.vocabulary:
        labels = {term.label for term in edition.terms(f)}
        if f.type == "terms":
            return np.array([isinstance(v, tuple) and bool(v) and labels.issuperset(v) for v in values], dtype=bool)
        return np.array([v in labels for v in values], dtype=bool)
    return np.array([v is not None for v in values], dtype=bool)
