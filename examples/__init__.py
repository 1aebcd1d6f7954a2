"""Regional files as bureaus send them, all invented: what ``tuijie demo`` runs on and what the tests read.

``generate.py`` makes them anew from a seed, ``truth.json`` says what stands in them.
"""

from pathlib import Path

FOLDER = Path(__file__).parent
FORMATS = ("xlsx", "xlsm", "xls", "xlsb", "ods", "csv")


def files() -> list[Path]:
    """The committed regional files, sorted by name."""
    return sorted(path for path in FOLDER.iterdir() if path.suffix.removeprefix(".") in FORMATS)
