"""Where steps are kept until they are undone: the user's own folder, one file a step, the newest ``KEPT`` of them.

The folder is private to the user, as the files are read back by ``pickle``. ``TUIJIE_STATE`` names another one.
"""

from __future__ import annotations

import os
import pickle
import re
from pathlib import Path
from typing import Any

KEPT = 40
_NAME = re.compile("[0-9a-f]{32}")


def folder() -> Path:
    """%LOCALAPPDATA%\\tuijie_xl, or ~/.local/state/tuijie_xl; made when missing, for the user alone."""
    base = os.environ.get("TUIJIE_STATE") or os.environ.get("LOCALAPPDATA") or Path.home() / ".local" / "state"
    own = Path(base) / "tuijie_xl"
    own.mkdir(mode=0o700, parents=True, exist_ok=True)
    return own


def save(ident: str, step: Any) -> None:
    """Write a step so that it is whole or absent after a crash, and forget the oldest."""
    steps = folder() / "undo"
    steps.mkdir(mode=0o700, exist_ok=True)
    temporary = steps / f"{ident}.tmp"
    with temporary.open("wb") as handle:
        pickle.dump(step, handle, protocol=5)
        handle.flush()
        os.fsync(handle.fileno())
    os.replace(temporary, steps / f"{ident}.step")
    for old in sorted(steps.glob("*.step"), key=lambda path: path.stat().st_mtime_ns)[:-KEPT]:
        old.unlink(missing_ok=True)


def load(ident: str) -> Any | None:
    """The step of that id; None where it is no longer (or never was) on this machine, or cannot be read any more."""
    if not _NAME.fullmatch(ident):      # the id comes from a cell that anyone may have written
        return None
    try:
        return pickle.loads((folder() / "undo" / f"{ident}.step").read_bytes())
    except (OSError, pickle.UnpicklingError, EOFError, AttributeError, ImportError):
        return None
