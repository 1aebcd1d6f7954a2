"""The versions of a master: what an import wrote, what it replaced, and the way back."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from .saving import FORMER, copy_whole, retire, save_atomically


def sha256_of(path: Path) -> str:
    """The hexadecimal SHA-256 of a file's bytes."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def keep_as_written(path: Path, written: Path, batch: str, former: str) -> Path:
    """Keep ``written``, which an import is about to put at ``path``, so that later edits can be told from it. The same
    import twice keeps one; of two that differ (files renamed) both are kept, under the name of the first the newer."""
    target = as_written_name(path, batch, former)
    if target.exists() and sha256_of(target) != sha256_of(written):
        copy_whole(target, target)
        target.unlink()
    return target if target.exists() else copy_whole(written, target)


def as_written_name(path: Path, batch: str, former: str) -> Path:
    """Where the copy of the master lies that the import of ``batch`` over ``former`` wrote."""
    return path.parent / FORMER / f"{path.stem}_导入_{batch}_{former[:8]}{path.suffix}"


def find_version(path: Path, sha256: str) -> Path | None:
    """The kept version of ``path`` with these bytes, None when it is not there any more."""
    return next((one for one in _versions(path) if sha256_of(one) == sha256), None)


def _versions(path: Path) -> Iterator[Path]:
    folder = path.parent / FORMER
    if folder.is_dir():
        yield from sorted(one for one in folder.iterdir() if one.name.startswith(path.stem) and one.suffix == path.suffix)


def put_back(path: Path, version: Path | None) -> None:
    """Have ``path`` hold the bytes of ``version`` again; without a version ``path`` goes. What stood there is kept."""
    if version is None:
        retire(path, remove=True)
    else:
        save_atomically(path, lambda temporary: shutil.copyfile(version, temporary), ours=lambda _: True)
