"""An edition: one year's notice as data (``editions/<id>/``), loaded strictly.

Anything misspelt, missing, doubled or pointing nowhere is an ``EditionError`` that names
the file, the key and what was probably meant; nothing is guessed or filled in.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from .agreement import check_agreement
from .loader import FIELD_COLUMNS, MATERIAL_COLUMNS, TERM_COLUMNS, Loader
from .model import (
    FOREIGN,
    HAVE,
    LACK,
    NO,
    NOT_CALLED_FOR,
    NUMERIC,
    OWN,
    TYPES,
    YES,
    Bands,
    Clause,
    Criterion,
    Currency,
    Edition,
    EditionError,
    Field,
    Kind,
    Material,
    Measure,
    Scale,
    Term,
    Vocabulary,
)
from .reading import Folder, suggest

__all__ = [
    "EDITIONS", "FIELD_COLUMNS", "FOREIGN", "HAVE", "LACK", "MATERIAL_COLUMNS", "NO", "NOT_CALLED_FOR", "NUMERIC", "OWN",
    "TERM_COLUMNS", "TYPES", "YES", "Bands", "Clause", "Criterion", "Currency", "Edition", "EditionError", "Field", "Kind", "Material",
    "Measure", "Scale", "Term", "Vocabulary", "editions", "load_edition", "suggest",
]

EDITIONS = Path(__file__).parent.parent / "editions"


def editions() -> list[str]:
    """The ids of the editions that are installed, newest first."""
    return sorted((p.name for p in EDITIONS.iterdir() if (p / "edition.toml").is_file()), reverse=True)


@cache
def load_edition(name: str | Path) -> Edition:
    """Load an edition by id ('2018') or by folder; an installed id goes before a folder of that name.

    Raises ``EditionError`` for anything wrong in the folder.
    """
    installed = str(name) in editions()
    path = EDITIONS / str(name) if installed else Path(name)
    if not (path / "edition.toml").is_file():
        raise EditionError(path, "edition", f"没有这个年度版本；现有：{'、'.join(editions())}")
    folder = Folder(path)
    edition = Loader(folder).load()
    if installed and edition.id != path.name:
        folder.fail("edition.toml", "edition.id", f"{edition.id!r}, but the folder is {path.name!r}")
    check_agreement(folder, edition)
    return edition
