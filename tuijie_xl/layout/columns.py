"""The columns of a kind's sheet: one a field, and for a field of many terms one a term (the ☑ group)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..edition import Edition, Field, Term

TICK = "☑"
PROVENANCE = "来源"                     # the group of fields that say where a row was read; in the master only


@dataclass(frozen=True)
class Column:
    """One column: ``index`` counts from 0; ``term`` is set where the column is the tick box of a term, and ``leads``
    where it is the first of its field's."""

    index: int
    field: Field
    label: str
    group: str
    term: Term | None = None
    leads: bool = False

    def value(self, row: Mapping[str, Any]) -> Any:
        """What stands in this column for an applicant (field id -> value).

        What could not be read as terms stands, as it was written, in the first tick column.
        """
        held = row.get(self.field.id)
        if self.term is None:
            return held
        if not isinstance(held, tuple):
            return held if self.leads else None
        return TICK if self.term.label in held else None


def kind_columns(edition: Edition, kind: str, *, provenance: bool = False) -> tuple[Column, ...]:
    """The columns of the sheet of ``kind``, in the order of the edition's fields."""
    columns: list[Column] = []
    for f in edition.fields(kind).values():
        if f.group == PROVENANCE and not provenance:
            continue
        if f.type != "terms":
            columns.append(Column(len(columns), f, f.label, f.group))
            continue
        vocabulary = edition.vocabularies[f.vocabulary]
        for number, term in enumerate(edition.terms(f)):
            group = "｜".join(above.label for above in vocabulary.path(term)[:-1]) or f.group
            columns.append(Column(len(columns), f, term.label, group, term, leads=number == 0))
    return tuple(columns)


def column_of(columns: tuple[Column, ...], field_id: str) -> Column:
    """The (first) column of a field; KeyError when the sheet has none."""
    for column in columns:
        if column.field.id == field_id:
            return column
    raise KeyError(field_id)
