"""Delimited text (csv, txt, tsv): its encoding and its delimiter told by content."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter

from ..book import Grid
from ..problem import UnusableFile
from .audit import Audit, make_grid
from .decoding import decode_text
from .sniffing import SAVE_AS

_DELIMITERS = (",", "\t", ";", "|", "，", "；")
_TEXT_FORMULA = re.compile(r'="([^"]*)"')           # Excel's way to keep 000123 a text
_APOSTROPHE = re.compile(r"'(?=[0-9A-Z.-]*\d)[0-9A-Z.-]+")    # what is typed in Excel for the same end
_SEPARATOR = re.compile(r"\ufeff?\"?sep=([^\"'\w\r\n])\"?\r?\n", re.IGNORECASE)    # Excel's first line that names the delimiter
_LEAST_HEADER = 3                                   # filled cells of the record that is taken for the header
_LONGEST_FIELD = 2**20
_END = "\x1e end of file \x1e"


def read_grid(path, data: bytes) -> Grid:
    """The one sheet of a delimited text, every cell as text. Binary, or a quote never closed: ``UnusableFile``."""
    text = decode_text(path, data)
    csv.field_size_limit(_LONGEST_FIELD)
    named = _SEPARATOR.match(text)
    if named:
        text = text[named.end():]
    delimiter = named[1] if named else _delimiter(text)
    try:
        rows = list(csv.reader(io.StringIO(_ended(text), newline=""), delimiter=delimiter))
    except csv.Error:
        rows = []
    if not rows or rows.pop() != [_END]:
        raise UnusableFile(path, f"文本中的引号不成对，无法分清各格；请补全引号，或{SAVE_AS.removeprefix('请')}。")
    if named:
        rows.insert(0, [])                                  # every record keeps the number of its line
    rows = [[_plain(cell) for cell in row] if any(cell[:1] in ("=", "'") for cell in row) else row for row in rows]
    return make_grid("", _marked(rows), False, Audit())


def _plain(cell: str) -> str:
    """The text of Excel's '="000123"' and of "'000123", any other cell as it is."""
    match = _TEXT_FORMULA.fullmatch(cell)
    return match[1] if match else cell[1:] if _APOSTROPHE.fullmatch(cell) else cell


def _marked(rows: list[list[str]]) -> list[list[str]]:
    """Records longer than the header keep their length: a blank text in the last cell tells that they are shifted."""
    header = next((row for row in rows if sum(map(bool, row)) >= _LEAST_HEADER), [])
    return [[*row[:-1], row[-1] or " "] if len(row) > len(header) and header and any(row) else row for row in rows]


def _ended(text: str) -> str:
    """The text with a last line of our own: it comes back whole unless a quote swallowed it."""
    return text + ("" if text.endswith(("\n", "\r")) else "\n") + _END


def _delimiter(text: str) -> str:
    """The delimiter that gives most of the first records the same number of cells, more than one."""
    start = "".join(text.splitlines(keepends=True)[:60])[:200_000]

    def agreement(delimiter: str) -> tuple[int, int]:
        widths = Counter(len(row) for row in csv.reader(io.StringIO(start, newline=""), delimiter=delimiter))
        width, count = max(((width, count) for width, count in widths.items() if width > 1),
                           key=lambda item: (item[1], item[0]), default=(0, 0))
        return count, width

    return max(_DELIMITERS, key=agreement)
