"""Delimited text (csv, txt, tsv): its encoding and its delimiter told by content."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter

from ..book import Grid
from ..problem import UnusableFile
from .audit import Audit, make_grid
from .sniffing import SAVE_AS

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_DELIMITERS = (",", "\t", ";", "|")
_TEXT_FORMULA = re.compile(r'="([^"]*)"')           # Excel's way to keep 000123 a text
_LEAST_HEADER = 3                                   # filled cells of the record that is taken for the header
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_LONGEST_FIELD = 2**20
_END = "\x1e end of file \x1e"


def read_grid(path, data: bytes) -> Grid:
    """The one sheet of a delimited text, every cell as text. Binary, or a quote never closed: ``UnusableFile``."""
    text = _decode(path, data)
    csv.field_size_limit(_LONGEST_FIELD)
    delimiter = _delimiter(text)
    try:
        rows = list(csv.reader(io.StringIO(_ended(text), newline=""), delimiter=delimiter))
    except csv.Error:
        rows = []
    if not rows or rows.pop() != [_END]:
        raise UnusableFile(path, f"文本中的引号不成对，无法分清各格；请补全引号，或{SAVE_AS.removeprefix('请')}。")
    rows = [[_plain(cell) for cell in row] if any('="' in cell for cell in row) else row for row in rows]
    return make_grid("", _marked(rows), False, Audit())


def _plain(cell: str) -> str:
    """The text of Excel's '="000123"', any other cell as it is."""
    match = _TEXT_FORMULA.fullmatch(cell)
    return match[1] if match else cell


def _marked(rows: list[list[str]]) -> list[list[str]]:
    """Records longer than the header keep their length: a blank text in the last cell tells that they are shifted."""
    header = next((row for row in rows if sum(map(bool, row)) >= _LEAST_HEADER), [])
    return [[*row[:-1], row[-1] or " "] if len(row) > len(header) and header and any(row) else row for row in rows]


def _ended(text: str) -> str:
    """The text with a last line of our own: it comes back whole unless a quote swallowed it."""
    return text + ("" if text.endswith(("\n", "\r")) else "\n") + _END


def _decode(path, data: bytes) -> str:
    encodings = [encoding for bom, encoding in _BOMS if data.startswith(bom)] or ["utf-8", "gb18030"]
    for encoding in encodings:
        try:
            text = data.decode(encoding).rstrip("\x1a")           # Ctrl-Z ended a text in the days of DOS
        except UnicodeDecodeError:
            continue
        if not _BINARY.search(text):
            return text
    raise UnusableFile(path, f"无法识别的文件内容，不是电子表格也不是文本；{SAVE_AS}。")


def _delimiter(text: str) -> str:
    """The delimiter that gives most of the first records the same number of cells, more than one."""
    start = "".join(text.splitlines(keepends=True)[:60])[:200_000]

    def agreement(delimiter: str) -> tuple[int, int]:
        widths = Counter(len(row) for row in csv.reader(io.StringIO(start, newline=""), delimiter=delimiter))
        width, count = max(((width, count) for width, count in widths.items() if width > 1),
                           key=lambda item: (item[1], item[0]), default=(0, 0))
        return count, width

    return max(_DELIMITERS, key=agreement)
