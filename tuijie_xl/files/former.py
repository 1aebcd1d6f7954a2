"""A standing master read to the end inside a worker process, and the officers' own notes in it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from ..book import BookText
from ..edition import Edition, load_edition
from ..layout.formulas import COMPUTED
from ..problem import SEVERITIES, UnusableFile
from ..standing import NOTES_APART, Standing, label_of, read_standing
from .package import main_part, open_parts, relationships
from .reading import read_book
from .sniffing import read_bytes
from .xlsx import sheet_parts

_ADDRESS = re.compile(r"([A-Z]{1,3})(\d+)")
_FORMULA = re.compile(rb'<c r="([A-Z]+)\d+"[^>]*><f\b')
_OURS = tuple(f"{word}：" for word in SEVERITIES.values())
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def read_former(job: tuple[str, str | Path]) -> Standing:
    """(path, edition) -> the master that stands there. ``UnusableFile`` where it is none, or cannot be updated without
    losing something."""
    path, edition = job
    data = read_bytes(path)
    book = read_book(path, sha256=hashlib.sha256(data).hexdigest())
    parts = open_parts(path, data)
    pictures = sorted(name for name, found in _sheets(parts).items() if any(kind == "drawing" for kind, _ in found[1].values())
                      and name in {kind.sheet for kind in load_edition(edition).kinds.values()})
    if pictures:
        raise UnusableFile(path, f"工作表“{pictures[0]}”里有您插入的图形、图片或图表，更新总表时保留不了，所以没有更新。请把它移到另一个工作簿，保存后再导入。",
                           "own-drawings")
    standing = read_standing(book, load_edition(edition), own_notes(parts))
    standing.formulas = list(_own_formulas(standing, book, parts, load_edition(edition)))
    return standing


def _own_formulas(standing: Standing, book: BookText, parts: dict[str, bytes], edition: Edition) -> Iterator[tuple[str, str]]:
    """(sheet, label) of the columns of the kinds' sheets that hold formulas and are none that we compute."""
    xml = sheet_parts(parts)
    for kind in edition.kinds.values():
        computed = {f.label for f in edition.fields(kind.id).values() if f.type in COMPUTED}
        for letters in sorted(set(_FORMULA.findall(xml.get(kind.sheet, b"")))):
            label = label_of(standing, book, kind.sheet, _cell(f"{letters.decode()}1")[1])
            if label not in computed:
                yield kind.sheet, label or f"{letters.decode()} 列"


def own_notes(parts: dict[str, bytes]) -> dict[str, dict[tuple[int, int], str]]:
    """Sheet -> (row, column) from 0 -> what an officer wrote in a note of a cell; our own notes are left out."""
    found: dict[str, dict[tuple[int, int], str]] = {}
    for name, (_, links) in _sheets(parts).items():
        for kind, part in links.values():
            if kind != "comments" or part not in parts:
                continue
            for comment in ElementTree.fromstring(parts[part]).iter(f"{_MAIN}comment"):
                text = "".join(run.text or "" for run in comment.iter(f"{_MAIN}t")).replace("\r\n", "\n")
                own = _own_part(text)
                if own:
                    found.setdefault(name, {})[_cell(comment.get("ref", "A1"))] = own
    return found


def _own_part(text: str) -> str:
    """What of a note is not ours: all of it, or what follows the mark."""
    if NOTES_APART.strip() in text:
        return text.partition(NOTES_APART.strip())[2].strip()
    return "" if text.startswith(_OURS) else text.strip()


def _cell(address: str) -> tuple[int, int]:
    letters, row = _ADDRESS.match(address).groups()
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(row) - 1, column - 1


def _sheets(parts: dict[str, bytes]) -> dict[str, tuple[str, dict[str, tuple[str, str]]]]:
    """Sheet name -> its part and that part's relationships."""
    book = main_part(parts)
    links = relationships(parts, book)
    found = {}
    for element in ElementTree.fromstring(parts[book]).iter(f"{_MAIN}sheet"):
        link = next(value for key, value in element.attrib.items() if key.endswith("}id"))
        found[element.get("name", "")] = links[link][1], relationships(parts, links[link][1])
    return found
