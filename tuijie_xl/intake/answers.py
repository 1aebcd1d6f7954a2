"""What officers have answered about columns that name no field for certain, and the questions still open.

An answer holds for one sender (or for all), one kind of applicant and one header with the band above it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from ..book import Grid
from ..edition import Edition
from ..problem import Place, Problem, problem
from .headers import Header, HeaderColumn, band_over, text_of
from .labels import ALIAS, Labels, Match, Target, unit_fits
from .text import as_written, fold, is_blank

EVERYWHERE, NOT_WANTED = "全部", "不导入"
SHEET = "列名对照"
#: Labels of the sheet's columns, in order; the last is the officer's.
REGION, KIND, BAND, HEADER, SAMPLES, EVIDENCE, FIELD = COLUMNS = (
    "报送地区", "类别", "上级列名", "列名", "内容举例", "建议与依据", "对应字段")


@dataclass(frozen=True)
class Question:
    """A column that waits for an answer, or (with ``answer``, a field's label or 不导入) one that has been answered."""

    region: str
    kind: str
    band: str
    header: str
    samples: str = ""
    evidence: str = ""
    answer: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        return self.region, self.kind, fingerprint(self.header, self.band)


@dataclass
class Answers:
    """The contents of one 列名对照: ``fields`` maps region, kind and fingerprint to a field id, None for 不导入."""

    fields: dict[tuple[str, str, str], str | None] = field(default_factory=dict)
    rows: list[Question] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def apply(self, grid: Grid, header: Header, region: str | None, labels: Labels) -> Header:
        """The header with every answered column naming its field, or nothing where it is not wanted."""
        columns = []
        for column in header.columns:
            lower, band = names_of(grid, header, column)
            keys = [(where, header.kind, fingerprint(lower, band)) for where in (region, EVERYWHERE) if where and lower]
            key = next((key for key in keys if key in self.fields), None)
            columns.append(column if key is None else self._answered(column, self.fields[key], labels))
        return replace(header, columns=columns)

    def _answered(self, column: HeaderColumn, field_id: str | None, labels: Labels) -> HeaderColumn:
        if field_id is None:
            return replace(column, match=None, answered=True)
        f, unit = labels.edition.fields(labels.kind)[field_id], labels.unit_in(column.written)
        if not unit_fits(f, unit):
            return column
        return replace(column, match=Match((Target(f),), ALIAS, unit), answered=True)


def fingerprint(header: str, band: str) -> str:
    """By what a column is known again: its header and the band above it, letters and digits only."""
    return f"{fold(band)}|{fold(header)}"


def names_of(grid: Grid, header: Header, column: HeaderColumn) -> tuple[str, str]:
    """(header, band above it) of a column, each as one line of text."""
    lower = text_of(grid.rows[header.rows[-1]][column.index]) if header.rows else column.written
    return lower, band_over(grid, header, column.index)


# ------------------------------------------------------------------ the file of answers

def read_answers(grids: Iterable[Grid], file: str, edition: Edition) -> Answers:
    """Every row of 列名对照. What no longer fits the edition is a problem of its cell, and is not used."""
    found = Answers()
    for grid in grids:
        places = _columns(grid)
        for row in range(places.pop("") + 1, len(grid.rows)) if places else ():
            cells = {label: "" if is_blank(grid.rows[row][c]) else as_written(grid.rows[row][c])
                     for label, c in places.items()}
            if cells[HEADER]:
                _take(found, cells, Place(file, grid.name, row + 1), edition)
    if not found.rows and not found.problems:
        found.problems.append(problem("answers-empty", Place(file)))
    return found


def _columns(grid: Grid) -> dict[str, int]:
    """Label -> column of the sheet's own header, and its row under ''; {} for a sheet without one."""
    for row, cells in enumerate(grid.rows):
        places = {text_of(cell): column for column, cell in enumerate(cells) if text_of(cell) in COLUMNS}
        if len(places) == len(COLUMNS):
            return {**places, "": row}
    return {}


def _take(found: Answers, cells: Mapping[str, str], at: Place, edition: Edition) -> None:
    kinds = {word: kind.id for kind in edition.kinds.values() for word in (kind.label, kind.sheet, kind.id)}
    kind = kinds.get(cells[KIND])
    row = Question(cells[REGION] or EVERYWHERE, kind or cells[KIND], cells[BAND], cells[HEADER], cells[SAMPLES],
                   cells[EVIDENCE], cells[FIELD])
    found.rows.append(row)
    if not row.answer:
        return
    if kind is None:
        why = f"没有“{cells[KIND]}”这个类别"
    else:
        fields = {fold(f.label): f.id for f in edition.fields(kind).values() if is_answer(f)}
        field_id = None if row.answer == NOT_WANTED else fields.get(fold(row.answer), "")
        why = f"“{cells[KIND]}”没有“{row.answer}”这个字段" if field_id == "" else \
            "同一列名另有不同的回答" if found.fields.get(row.key, field_id) != field_id else ""
        if not why:
            found.fields[row.key] = field_id
    if why:
        found.problems.append(problem("answer-unfit", at, value=row.header, why=why))


def is_answer(f) -> bool:
    """True for a field that a column of a bureau can be; what we compute ourselves is none."""
    return f.type not in ("system", "measure")
