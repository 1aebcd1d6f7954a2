"""The last look before anything is written: is every applicant still what was read at its place, once and whole?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from .batch import Batch, cut, provenance_of
from .criteria import Judgement
from .intake import FileIntake, LostRows, SheetIntake, Table

_ANEW = ("measure", "terms")            # what the judgement computes or completes in its own frame


def check_provenance(batch: Batch, judgements: Mapping[str, Judgement]) -> None:
    """Raise ``LostRows`` unless the applicants, and what is judged of them, are the rows of the tables as read.

    Every accepted row once, in order, under its own file, sheet and row, with every value of every field. Texts that
    no cell can hold may be cut; what stood in unknown columns (``extras``) is not compared.
    """
    for kind, group in batch.applicants.items():
        kept = list(_kept(batch, kind))
        origins = [(file.path, sheet.name, table.rows[at]) for file, sheet, table, rows in kept for at in rows]
        if group.origins != origins:
            raise LostRows(f"{kind}: {len(group.origins)} applicants of {len(origins)} accepted rows, or in another order")
        sources = [provenance_of(file, sheet, table, batch.id) for file, sheet, table, _ in kept]
        expected = {name: _expected(kept, sources, name) for name in group.frame.columns if name != "extras"}
        _compare(kind, group.frame, expected)
        judged, fields = judgements[kind], batch.edition.fields(kind)
        _compare(kind, judged.frame, {name: values for name, values in expected.items() if fields[name].type not in _ANEW})
        if len(judged.verdicts) != len(origins):
            raise LostRows(f"{kind}: {len(judged.verdicts)} verdicts of {len(origins)} applicants")


def _kept(batch: Batch, kind: str) -> Iterator[tuple[FileIntake, SheetIntake, Table, list[int]]]:
    """Every table of a kind with the positions of those rows that repeat no earlier one."""
    for file in batch.files:
        for sheet in file.sheets:
            repeated = {row.row for row in sheet.set_aside if row.reason == "duplicate"}
            for table in sheet.tables:
                if table.kind == kind:
                    yield file, sheet, table, [at for at, number in enumerate(table.rows) if number not in repeated]


def _expected(kept: list[tuple[FileIntake, SheetIntake, Table, list[int]]], sources: list[dict[str, list]], name: str) -> list:
    """What the tables hold of a field, one value an applicant."""
    found: list = []
    for (_, _, table, rows), source in zip(kept, sources):
        values = source.get(name) or table.columns.get(name)
        found += [values[at] for at in rows] if values else [None] * len(rows)
    return found


def _compare(kind: str, frame: pd.DataFrame, expected: Mapping[str, list]) -> None:
    for name, values in expected.items():
        held = frame[name].tolist()
        if held == values:
            continue
        wrong = [at for at, (own, read) in enumerate(zip(held, values)) if own != read and not _is_cut(own, read)]
        if len(held) != len(values) or wrong:
            raise LostRows(f"{kind}.{name}: {len(held)} values of {len(values)}, not as read at {wrong[:3]}")


def _is_cut(own: object, read: object) -> bool:
    return isinstance(read, str) and own == cut(read)[0]
