"""The open book as the importer sees a file: the same grids, so the same findings."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from ..actions import Outcome, review_files
from ..book import BookText, Grid
from ..edition import Edition
from ..intake import FileIntake, SheetIntake, read_submission
from ..intake.submission import OUR_SHEETS
from ..layout.entry import LABEL_ROW, plan_entry
from ..pause import each
from .change import open_settings
from .marks import show_progress
from .openbook import OpenBook, pausing


@dataclass
class Reading:
    """What stands in the open book: its grids, ``settings`` among them, and its applicants row by row."""

    path: str
    settings: Grid
    grids: dict[str, Grid]
    intake: FileIntake

    def sheet(self, name: str) -> SheetIntake | None:
        """What was found on a sheet; None where there is none of that name."""
        return next((sheet for sheet in self.intake.sheets if sheet.name == name), None)

    def labels(self, sheet: SheetIntake) -> list[str | None]:
        """The labels of a sheet's list, one a column, None for a column without one."""
        row = self.grids[sheet.name].rows[sheet.header_rows[-1] - 1]
        return [value.strip() if isinstance(value, str) else None for value in row]


def read_open(book: OpenBook, edition: Edition) -> Reading:
    """Every sheet that may hold applicants, read once. ``CannotDo`` for a workbook that is none of ours."""
    settings = open_settings(book)
    show_progress(book, "正在读取填报表")
    grids = [book.read(name) for name in each(book.sheet_names(), pausing(book)) if name not in OUR_SHEETS]
    for grid in grids:
        grid.merges = _merges(book, grid, edition)
    text = BookText(book.path, "xlsm", _fingerprint(grids), [*grids, settings])
    return Reading(book.path, settings, {grid.name: grid for grid in grids}, read_submission(text, edition))


def _merges(book: OpenBook, grid: Grid, edition: Edition) -> list[tuple[int, int, int, int]]:
    """The merged areas of a sheet that matter to a reader: the bands of a head that stands as we made it are known and
    not asked for again, as every question to a spreadsheet program takes time."""
    head = [_trimmed(row) for row in grid.rows[:LABEL_ROW]]
    for kind in edition.kinds.values():
        if kind.sheet == grid.name:
            texts, merges = _our_head(edition, kind.id)
            if head == texts:
                return [area for area in merges if area[3] < len(grid.rows[0])]
    height, width = len(grid.rows), len(grid.rows[0]) if grid.rows else 0
    return [area for area in book.merges(grid.name) if area[2] < height and area[3] < width]


def _our_head(edition: Edition, kind: str) -> tuple[list[list], list[tuple[int, int, int, int]]]:
    """What stands above the labels of a kind's sheet of ours, row by row, and its merged areas."""
    plan = plan_entry(edition, kind, 1)
    rows: list[dict[int, object]] = [{} for _ in range(LABEL_ROW)]
    for row, column, value in plan.values():
        if row < LABEL_ROW and value is not None:
            rows[row][column] = value
    return ([[row.get(c) for c in range(max(row, default=-1) + 1)] for row in rows],
            [merge[:4] for merge in plan.merges])


def _trimmed(row: list) -> list:
    last = max((i for i, value in enumerate(row) if value is not None), default=-1)
    return row[:last + 1]


def _fingerprint(grids: list[Grid]) -> str:
    """Stands for the hash of a file's bytes, which an open book does not have: the same contents, the same text."""
    digest = hashlib.sha256()
    for grid in grids:
        digest.update(repr((grid.name, grid.rows)).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def review_open(book: OpenBook, edition: Edition) -> tuple[Reading, Outcome]:
    """Check and judge every applicant of the open book."""
    reading = read_open(book, edition)
    show_progress(book, "正在校验")
    return reading, review_files([reading.intake], edition, pausing(book))
