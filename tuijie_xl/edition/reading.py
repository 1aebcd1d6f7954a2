"""Reads the files of an edition's folder; every complaint is an ``EditionError`` with file and key."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from pathlib import Path
from typing import NoReturn

from ..condition import Condition, parse_condition
from .model import EditionError


def suggest(word: str, known: Iterable[str]) -> str:
    """'; did you mean x?' when something known is close, else the list of what is allowed."""
    known = [str(k) for k in known]
    close = get_close_matches(word, known, 1)
    return f"; did you mean {close[0]!r}?" if close else f"; allowed are {', '.join(known[:30])}"


@dataclass(frozen=True)
class Folder:
    """One edition's folder. Every method returns what it read or raises ``EditionError``."""

    path: Path

    def fail(self, file: str, key: str, why: str) -> NoReturn:
        raise EditionError(self.path / file, key, why)

    # -------------------------------------------------------------- files

    def text(self, file: str) -> str:
        try:
            return (self.path / file).read_text("utf-8-sig")
        except UnicodeDecodeError as err:
            self.fail(file, "file", f"not UTF-8 (save it as 'CSV UTF-8'): {err}")
        except OSError as err:
            self.fail(file, "file", str(err))

    def toml(self, file: str) -> dict:
        """A TOML file; numbers with a point are exact ``Decimal``."""
        try:
            return tomllib.loads(self.text(file), parse_float=Decimal)
        except tomllib.TOMLDecodeError as err:
            self.fail(file, "file", str(err))

    def cells(self, file: str) -> list[list[str]]:
        """The lines of a CSV without blank lines and '#' remarks, cells stripped, all of one length."""
        lines = [line for line in self.text(file).splitlines() if line.strip() and not line.startswith("#")]
        try:
            rows = [[cell.strip() for cell in row] for row in csv.reader(lines, strict=True)]
        except csv.Error as err:
            self.fail(file, "file", str(err))
        if not rows:
            self.fail(file, "file", "the file is empty")
        for number, row in enumerate(rows, 1):
            if len(row) != len(rows[0]):
                self.fail(file, f"row {number}", f"{len(row)} cells, the first row has {len(rows[0])}: {row}")
        return rows

    def rows(self, file: str, columns: tuple[str, ...]) -> list[dict[str, str]]:
        """Rows of a CSV under its header, which must hold each of ``columns`` once and nothing else."""
        header, *lines = self.cells(file)
        for name in header:
            self.known(file, name, name, columns, "column")
            if header.count(name) > 1:
                self.fail(file, name, "column doubled")
        for name in columns:
            if name not in header:
                self.fail(file, name, "missing column")
        return [dict(zip(header, line, strict=True)) for line in lines]

    # -------------------------------------------------------------- values

    def keys(self, file: str, key: str, table: object, needed: dict[str, type], optional: dict[str, type] | None = None):
        """``table`` is a table with the ``needed`` keys, perhaps the ``optional`` ones, each of its type."""
        if not isinstance(table, dict):
            self.fail(file, key, f"a table is needed, not {table!r}")
        types = {**needed, **(optional or {})}
        for name, value in table.items():
            if name not in types:
                self.fail(file, f"{key}.{name}", f"unknown key{suggest(name, types)}")
            if type(value) is not types[name]:
                self.fail(file, f"{key}.{name}", f"{value!r} is not of type {types[name].__name__}")
        for name in needed:
            if name not in table:
                self.fail(file, f"{key}.{name}", "missing key")

    def known(self, file: str, key: str, word: str, among: Iterable[str], what: str) -> str:
        among = list(among)
        if word not in among:
            self.fail(file, key, f"unknown {what} {word!r}{suggest(str(word), among)}")
        return word

    def unique(self, file: str, key: str, seen: Collection, ident) -> None:
        if ident in seen:
            self.fail(file, key, f"duplicate id {ident!r}")

    def filled(self, file: str, key: str, row: dict[str, str], *columns: str) -> None:
        for name in columns:
            if not row[name]:
                self.fail(file, f"{key}.{name}", "blank")

    def number(self, file: str, key: str, text: str) -> Decimal | None:
        """A finite number, None for a blank."""
        try:
            number = Decimal(text) if text else None
        except InvalidOperation:
            self.fail(file, key, f"{text!r} is not a number")
        if number is not None and not number.is_finite():
            self.fail(file, key, f"{text!r} is not a number")
        return number

    def whole(self, file: str, key: str, text: str) -> int:
        """A whole number from 0, 0 for a blank."""
        if text and not (text.isascii() and text.isdigit()):
            self.fail(file, key, f"{text!r} is not a whole number")
        return int(text or 0)

    def yes(self, file: str, key: str, text: str) -> bool:
        """'yes', or 'no' or a blank."""
        return self.known(file, key, text, ("yes", "no", ""), "answer") == "yes"

    def need(self, file: str, key: str, text: str) -> bool | Condition:
        """'yes', 'no' (or blank) or a condition."""
        if text in ("yes", "no", ""):
            return text == "yes"
        return self.condition(file, key, parse_condition, text)

    def condition(self, file: str, key: str, read: Callable[..., Condition], value: object) -> Condition:
        try:
            return read(value)
        except ValueError as err:
            self.fail(file, key, str(err))
