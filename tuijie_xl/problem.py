"""A problem is a value: what an officer can fix, where it is, why it is wrong and what to do.

The words live in ``messages.toml`` (one entry a code), so that text, severity and remedy
are written once and the manual, the workbook and the command line show the same.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files

_QUOTED = 200                           # characters of a value that a message quotes
SEVERITIES = {"error": "错误", "warning": "待核", "note": "提示"}


class UnusableFile(Exception):
    """A file that cannot be used at all. ``why`` is a Chinese sentence that ends with the next step."""

    def __init__(self, path, why: str, code: str = "file-unusable"):
        super().__init__(f"{path}：{why}")
        self.path, self.why, self.code = str(path), why, code

    def __reduce__(self):
        return UnusableFile, (self.path, self.why, self.code)


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: ``row`` counts from 1 as in Excel, ``cell`` is an A1 address."""

    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    cell: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding. ``field`` is a field id, ``value`` the text as it stands, ``source`` a clause id or '自拟'."""

    severity: str
    code: str
    message: str
    remedy: str
    row: int | None = None
    field: str | None = None
    value: str | None = None
    sheet: str | None = None
    cell: str | None = None
    file: str | None = None
    source: str | None = None

    def as_dict(self) -> dict:
        return asdict(self)


@cache
def catalogue() -> dict[str, dict]:
    """Problem code -> {severity, message, remedy}, as written in ``messages.toml``."""
    with files(__package__).joinpath("messages.toml").open("rb") as handle:
        return tomllib.load(handle)


def problem(code: str, at: Place = Place(), *, field: str | None = None, value=None, source: str | None = None,
            **words) -> Problem:
    """Fill the message of ``code``. A code or a {placeholder} that does not exist is our own bug: KeyError."""
    entry = catalogue()[code]
    text = None if value is None else str(value)
    words = {"value": text if text is None or len(text) <= _QUOTED else f"{text[:_QUOTED]}……", "cell": at.cell, "row": at.row, "sheet": at.sheet or "（无名）", **words}
    return Problem(entry["severity"], code, entry["message"].format_map(words), entry["remedy"].format_map(words),
                   at.row, field, text, at.sheet, at.cell, at.file, source)


def message_class(code: str) -> str:
    """What all problems of a code have in common: the message with … for what differs."""
    return re.sub(r"\{\w+\}", "…", catalogue()[code]["message"])


def count_by_severity(problems: Iterable[Problem]) -> dict[str, int]:
    """{'error': n, 'warning': n, 'note': n}, all three keys present."""
    counts = dict.fromkeys(SEVERITIES, 0)
    for one in problems:
        counts[one.severity] += 1
    return counts
