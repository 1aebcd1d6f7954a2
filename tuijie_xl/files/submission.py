"""One file read to the end inside a worker process: from bytes to tidy rows. Imports no pandas, to start fast."""

from __future__ import annotations

from pathlib import Path

from ..edition import load_edition
from ..intake import FileIntake, read_submission
from ..problem import Place, UnusableFile, problem
from .reading import read_book


def read_file(job: tuple) -> FileIntake:
    """(path, edition[, passwords[, answers about columns]]) -> the file's tables, rows set aside and problems.

    A file that cannot be used comes back with status 'refused' and one problem that says why.
    """
    path, edition, *more = job
    passwords, answers = (*more, *((), None)[len(more):])
    try:
        return read_submission(read_book(path, passwords=passwords), load_edition(edition), answers)
    except UnusableFile as err:
        return refused(path, err.why, err.code)


def refused(path: str | Path, why: str, code: str = "file-unusable") -> FileIntake:
    """A file of which nothing was imported, and the reason in words."""
    return FileIntake(str(path), "", "", "refused", [], [problem("file-unusable", Place(str(path)), value=code, why=why)])
