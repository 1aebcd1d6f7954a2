"""Formulas between Excel's writing and the one LibreOffice's API takes. Nothing here talks to LibreOffice.

    Excel           =SUM('我 的'!A1:B2,词表!$A:$A)+INDEX({1,2;3,4},1)
    LibreOffice     =SUM($'我 的'.A1:B2;$词表.$A:$A)+INDEX({1;2|3;4};1)

Function names that differ are given as a mapping, which ``names_of`` makes from LibreOffice's own tables.
TRUE and FALSE lose the empty brackets that LibreOffice gives them. Not translated: references to other files, and intersections (a blank between two references).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from .area import LAST_COLUMN, LAST_ROW, letters, number

_TEXT = r'"(?:[^"]|"")*"'
_ERROR = r"\#(?:NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|N/A)"
_SHEET = r"'(?:[^']|'')+'|[\w\u0080-\uffff]+"
_CELLS = r"\$?[A-Za-z]{1,3}\$?\d+\b|\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3}\b|\$?\d+:\$?\d+\b"
_TABLE = r"[\w\u0080-\uffff.]+\[(?:[^\[\]]|\[[^\]]*\])*\]"
_TRUTH = r"\b(?i:TRUE|FALSE)\b(?:\(\))?(?![\w.(!])"
_FUNCTION = r"[A-Za-z_][\w.]*(?=\()"
_WORD = r"[\w\u0080-\uffff.\\]+"


def _tokens(mark: str) -> re.Pattern[str]:
    """The parts of a formula; ``mark`` is what stands between a sheet's name and its cells ('!' or '.')."""
    before = r"\$?" if mark == "." else ""
    return re.compile(
        f"(?P<text>{_TEXT})|(?P<error>{_ERROR})|(?P<truth>{_TRUTH})|(?P<table>{_TABLE})"
        f"|(?P<sheet>{before}(?:{_SHEET}))[{mark}](?={_CELLS}|\\#REF!)"
        f"|(?P<function>{_FUNCTION})|(?P<cells>{_CELLS})(?![\\w(.])|(?P<word>{_WORD})|(?P<other>.)", re.DOTALL)


_EXCEL, _CALC = _tokens("!"), _tokens(".")
_ADDIN = re.compile(r"COM\.SUN\.STAR\.SHEET\.ADDIN\.\w+\.GET(\w+)", re.IGNORECASE)
_REFERENCE = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)(\d+)|(\$?)([A-Za-z]{1,3})(?=:|$)|(\$?)(\d+)(?=:|$)")


def names_of(calc: Iterable[tuple[int, str]], excel: Iterable[tuple[int, str]]) -> tuple[dict[str, str], dict[str, str]]:
    """(Excel's name -> LibreOffice's, the reverse) where they differ, from both tables of (operation code, name)."""
    theirs = {code: name.removeprefix("_xlfn.") for code, name in excel if ".ORG." not in name}
    pairs = [(name, theirs[code]) for code, name in calc if name[:1].isalpha() and theirs.get(code, "")[:1].isalpha()
             and "ADDIN." not in theirs[code]]
    same = {calc_name for calc_name, excel_name in pairs if calc_name == excel_name}
    to_excel = {calc_name: excel_name for calc_name, excel_name in pairs if calc_name != excel_name}
    to_calc = {excel_name: calc_name for calc_name, excel_name in to_excel.items() if excel_name not in same}
    return to_calc, to_excel


def _translated(formula: str, tokens: re.Pattern[str], change: Callable[[str, str, bool], str]) -> str:
    """Every part passed through ``change(kind, part, inside braces)``."""
    parts, in_braces = [], False
    for match in tokens.finditer(formula):
        kind, part = match.lastgroup, match[match.lastgroup]
        if part in "{}":
            in_braces = part == "{"
        parts.append(change(kind, part, in_braces))
    return "".join(parts)


def to_calc(formula: str, names: Mapping[str, str]) -> str:
    """Excel's formula as LibreOffice's API takes it."""
    def change(kind: str, part: str, in_braces: bool) -> str:
        if kind == "sheet":
            return f"${part}."
        if kind == "truth":
            return part.upper() if in_braces else f"{part.upper().removesuffix('()')}()"
        if kind == "function":
            bare = part.upper().removeprefix("_XLFN.")
            return names.get(bare, bare)
        if kind == "other" and part in ",;":
            return "|" if in_braces and part == ";" else ";"
        return part
    return _translated(formula, _EXCEL, change)


def to_excel(formula: str, names: Mapping[str, str]) -> str:
    """LibreOffice's formula as Excel shows it; a matrix formula loses its outer braces, as in Excel."""
    if formula.startswith("{=") and formula.endswith("}"):
        formula = formula[1:-1]

    def change(kind: str, part: str, in_braces: bool) -> str:
        if kind == "sheet":
            return f"{part.removeprefix('$')}!"
        if kind == "truth":
            return part.removesuffix("()")
        if kind == "function":
            return names.get(part, part)
        if kind == "other":
            return {"|": ";" if in_braces else "|", ";": ",", "~": ",", "!": " "}.get(part, part)
        addin = _ADDIN.fullmatch(part) if kind == "word" else None
        return addin[1] if addin else part
    return _translated(_ADDIN.sub(lambda match: match[1], formula), _CALC, change)


_ROWS, _ROW = re.compile(r"((?<!\w)\$?[A-Z]{1,3}\$?)(\d+)(?![\w(.])"), "9999999"


def many_to_excel(formulas: Iterable[str], names: Mapping[str, str]) -> Iterator[str]:
    """``to_excel`` of a column of long formulas in little time: those that differ in their row numbers only, which no
    translation changes, are translated once."""
    known: dict[str, list[str]] = {}
    for formula in formulas:
        parts = _ROWS.split(formula)
        rows = parts[2::3]
        parts[2::3] = [_ROW] * len(rows)
        shape = "".join(parts)
        if shape not in known:
            known[shape] = to_excel(shape, names).split(_ROW)
        yield "".join(part + row for part, row in zip(known[shape], [*rows, ""]))


def shifted(formula: str, down: int, right: int) -> str:
    """Excel's formula as it is when copied ``down`` rows and ``right`` columns; what leaves the sheet is #REF!."""
    def moved(match: re.Match[str]) -> str:
        fixed_column, column, fixed_row, row = match[1] or match[5], match[2] or match[6], match[3] or match[7], match[4] or match[8]
        if column:
            place = number(column) + (0 if fixed_column else right)
            if not 1 <= place <= LAST_COLUMN:
                raise ValueError
            column = f"{fixed_column or ''}{letters(place)}"
        if row:
            place = int(row) + (0 if fixed_row else down)
            if not 1 <= place <= LAST_ROW:
                raise ValueError
            row = f"{fixed_row or ''}{place}"
        return f"{column or ''}{row or ''}"

    def change(kind: str, part: str, in_braces: bool) -> str:
        if kind == "sheet":
            return f"{part}!"
        if kind != "cells":
            return part
        try:
            return _REFERENCE.sub(moved, part)
        except ValueError:
            return "#REF!"
    return _translated(formula, _EXCEL, change) if down or right else formula
