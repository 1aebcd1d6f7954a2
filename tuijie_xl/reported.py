"""What a bureau last reported of an applicant, kept beside the row: so that an officer's edit is told from the bureau's.

One text a row, JSON of field id -> value as text; it travels with the row through sorting and insertion.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from .applicants import Applicants
from .criteria import as_text
from .edition import Edition, Field
from .intake.text import exact, narrow, plain
from .measures import complete_terms

REPORTED, EXTRAS = "reported", "extras"
_READABLE = 40                          # characters up to which a value is kept in words; beyond, its beginning and a digest
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")

Texts = dict[str, str]


def reported_fields(edition: Edition, kind: str) -> list[Field]:
    """The fields that bureaus fill in; measures as well, since a typed one is shown as computed."""
    return [f for f in edition.fields(kind).values() if f.type != "system"]


def comparable(value: Any) -> str | None:
    """A value as text, so that what a spreadsheet shows alike is alike: 1.0 and 1, full-width and half-width, line breaks
    and blanks. None for a blank."""
    if value is None:
        return None
    if isinstance(value, Decimal):
        return as_text(plain(exact(float(value))))
    if isinstance(value, int | date):
        return str(value)
    text = as_text(value)
    return text if text.isascii() and text.isalnum() else "".join(narrow(text).split())


def texts_of(applicants: Applicants, edition: Edition) -> list[Texts]:
    """Field id -> text of every applicant, and the parts of 'extras', the bureau's columns that no field takes; blanks
    left out, long texts by their beginning and a digest."""
    rows: list[Texts] = [{} for _ in applicants.origins]
    completed = complete_terms(applicants.frame, edition, applicants.kind)      # as the master shows them
    for f in reported_fields(edition, applicants.kind):
        for row, value in zip(rows, completed[f.id].tolist()):
            if value is not None and (text := comparable(value)):
                row[f.id] = short(text)
    for row, extras in zip(rows, applicants.values(EXTRAS)):
        if extras:
            row[EXTRAS] = joined(map(short, parts(extras)))
    return rows


def short(text: str) -> str:
    """A text as it is, or a long one by its beginning and a digest."""
    if len(text) <= _READABLE:
        return text
    return f"{text[:_READABLE // 2]}…#{hashlib.blake2b(text.encode('utf-8', 'replace'), digest_size=6).hexdigest()}"


def dump(texts: Texts) -> str:
    """The text for the cell."""
    return json.dumps(texts, ensure_ascii=False, separators=(",", ":"))


def load(cell: Any) -> Texts | None:
    """What ``dump`` wrote; None for a cell that holds nothing of the kind: a row that no bureau reported."""
    try:
        held = json.loads(cell) if isinstance(cell, str) else None
    except ValueError:
        return None
    return {str(k): str(v) for k, v in held.items()} if isinstance(held, dict) else None


def typed_measure(text: str | None) -> Decimal | str | None:
    """A measure as the bureau typed it."""
    return Decimal(text) if text and _NUMBER.fullmatch(text) else text


def parts(extras: str | None) -> list[str]:
    """'备注：新设；等级：A' -> its parts."""
    return extras.split("；") if extras else []


def joined(texts: Iterable[str]) -> str | None:
    """The parts again, each once."""
    return "；".join(dict.fromkeys(texts)) or None
