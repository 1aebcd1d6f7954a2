"""列名对照.xlsx: reading what officers have answered about columns, and writing the questions still open beside it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ..edition import Edition
from ..intake import FileIntake
from ..intake.answers import Answers, read_answers
from ..layout.questions import plan_questions
from .reading import read_book
from .saving import save_workbook

ANSWERS = "列名对照.xlsx"


def load_answers(path: Path, edition: Edition) -> Answers:
    """The answers of a file; one that cannot be read is ``UnusableFile``, one without answers a problem in ``problems``."""
    return read_answers(read_book(str(path)).grids, str(path), edition)


def write_questions(answers: Answers | None, files: Iterable[FileIntake], path: Path, edition: Edition) -> list[Path]:
    """Write ``path`` where a column waits for an answer that is not in it yet; what was answered stays.

    Returns the file as long as questions of these files are open, [] when none is. It is left alone where no question
    is new; else the file as it was goes to the folder of former versions.
    """
    known = list(answers.rows) if answers else []
    asked = {one.key: one for file in files if file.status == "imported" for sheet in file.sheets
             for table in sheet.tables for one in table.questions}
    fresh = [one for key, one in asked.items() if key not in {row.key for row in known}]
    if fresh or asked and not path.exists():
        return save_workbook(plan_questions(edition, [*known, *fresh]), path)
    return [path] if asked else []
