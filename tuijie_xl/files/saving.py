"""Saving that never leaves a torn file: a temporary file beside the target, flushed, checked, then put in its place."""

from __future__ import annotations

import errno
import filecmp
import os
import platform
import re
import shutil
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from itertools import count
from pathlib import Path
from secrets import token_hex
from zlib import crc32

import psutil

from ..book import SheetPlan, WorkbookPlan
from ..pause import Pause, go_on
from ..problem import UnusableFile
from .writing import write_workbook

FORMER = "上一版"                        # the folder beside a file that holds what it replaced
_HOST = f"{crc32(platform.node().encode()):08x}"
_TEMPORARY = re.compile(r"\.tuijie-(?P<host>[0-9a-f]{8})-(?P<pid>\d+)-[0-9a-f]{8}\.tmp")
_STALE_AFTER = 24 * 3600                # seconds; for what another machine left on a shared folder
_ON_WINDOWS = os.name == "nt"
_CREATOR = re.compile(rb"<(?:\w+:)?creator\b[^>]*>tuijie_xl<")
_ZIPPED = (".xlsx", ".xlsm", ".ods")
_SIGNED = (*_ZIPPED, ".pdf")           # that say inside who made them

_WHY = {
    errno.ENOSPC: "磁盘空间不足，没有写入。请清理磁盘，或换一个输出位置后重试。",
    errno.EDQUOT: "磁盘配额已用完，没有写入。请清理磁盘，或换一个输出位置后重试。",
    errno.EROFS: "该位置是只读的，没有写入。请换一个可以写入的输出位置。",
    errno.ENAMETOOLONG: "文件名太长，没有写入。请换一个较短的文件名或输出位置。",
    errno.ENOENT: "输出位置不存在或不可用，没有写入。请核对输出路径。",
    errno.ENOTDIR: "输出位置的上级不是文件夹，没有写入。请核对输出路径。",
    errno.EEXIST: "输出位置的上级不是文件夹，没有写入。请核对输出路径。",
    errno.EISDIR: "已有同名的文件夹，没有写入。请换一个文件名，或先移走该文件夹。",
}


def save_workbook(plan: WorkbookPlan, path: str | Path, *, keep_former: bool = True, pause: Pause = go_on) -> list[Path]:
    """Write ``plan`` to ``path``, whole or not at all, and say what was written; only over a workbook of ours.
    ``pause`` is called between the sheets.

    ``UnusableFile`` when the place cannot be written, ``TextTooLong`` when a text does not fit in a cell.
    """
    return [save_atomically(path, lambda temporary: write_workbook(plan, temporary, named=path, pause=pause),
                            keep_former=keep_former)]


def save_pdf(sheets: Iterable[SheetPlan], path: str | Path, title: str) -> Path:
    """Write the printed pages of ``sheets`` to ``path``, in the same way; a bookmark for each sheet."""
    from .pdf import write_pdf  # loads the typesetter, which few commands need

    return save_atomically(path, lambda temporary: write_pdf(sheets, temporary, title))


def save_atomically(path: str | Path, write: Callable[[Path], None], *, keep_former: bool = True,
                    ours: Callable[[Path], bool] | None = None) -> Path:
    """Have ``write`` make a temporary file beside ``path``, flush and check it, then put it in the place of ``path``.

    The folder is made when missing. Either the whole new file stands at ``path`` afterwards or what
    stood there before does, untouched; a file with the same bytes is left alone. What is replaced is kept in
    the folder ``FORMER`` unless ``keep_former`` is false. A place that cannot be written is an ``UnusableFile``, and so
    is a spreadsheet that ``ours`` (by default ``is_ours``) does not know.
    """
    target = Path(os.path.realpath(path))
    temporary = target.parent / f".tuijie-{_HOST}-{os.getpid()}-{token_hex(4)}.tmp"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.is_dir():
            raise IsADirectoryError(errno.EISDIR, "is a folder", str(target))
        if keep_former and target.suffix.lower() in _SIGNED and target.exists() and not (ours or is_ours)(target):
            raise UnusableFile(path, "已有同名文件，而且不是本工具生成的；为免覆盖，没有写入。请换一个输出文件名或文件夹。",
                               "not-ours")
        sweep(target.parent)
        write(temporary)
        _flush(temporary)
        _check(temporary, target.suffix.lower())
        if not (target.exists() and filecmp.cmp(temporary, target, shallow=False)):
            if keep_former:
                retire(target)
            os.replace(temporary, target)
            _flush_folder(target.parent)
    except OSError as err:
        raise UnusableFile(path, _explain(err, target), "file-unwritable") from err
    finally:
        with suppress(OSError):             # a folder that is none has no temporary file either
            temporary.unlink(missing_ok=True)
    return target


def is_ours(path: Path) -> bool:
    """True for a workbook or PDF that this program made (it says so in the document's properties), edited since or not."""
    try:
        if path.suffix.lower() == ".pdf":
            return b"/Author(tuijie_xl)" in path.read_bytes()
        with zipfile.ZipFile(path) as archive:
            return _CREATOR.search(archive.read("docProps/core.xml")) is not None
    except (OSError, KeyError, zipfile.BadZipFile):
        return False


def retire(path: Path, *, remove: bool = False) -> Path | None:
    """Keep a copy of ``path`` in the folder ``FORMER`` beside it, under its name and the time it was last changed.

    What is kept there is never overwritten, and the same bytes are kept once. With ``remove`` the file itself goes. Returns the copy, None where
    there is no such file. OSError when that cannot be done.
    """
    if not path.exists():
        return None
    changed = datetime.fromtimestamp(path.stat().st_mtime)
    wanted = path.parent / FORMER / f"{path.stem}_{changed:%Y%m%d-%H%M%S}{path.suffix}"
    former = _kept_already(path) or copy_whole(path, wanted)
    if remove:
        path.unlink()
    return former


def copy_whole(path: Path, wanted: Path) -> Path:
    """Copy ``path`` to ``wanted``, or to the next free name like it, whole or not at all; returns the copy."""
    copy = next(free for free in _numbered(wanted) if not free.exists())
    copy.parent.mkdir(exist_ok=True)
    temporary = copy.with_name(f".tuijie-{_HOST}-{os.getpid()}-{token_hex(4)}.tmp")
    try:
        shutil.copy2(path, temporary)
        _flush(temporary)
        os.replace(temporary, copy)
    finally:
        temporary.unlink(missing_ok=True)
    return copy


def _kept_already(path: Path) -> Path | None:
    """A version of ``path`` in ``FORMER`` with the same bytes."""
    folder = path.parent / FORMER
    return next((one for one in sorted(folder.iterdir()) if one.name.startswith(path.stem) and one.suffix == path.suffix
                 and filecmp.cmp(path, one, shallow=False)), None) if folder.is_dir() else None


def _numbered(path: Path) -> Iterator[Path]:
    """甲.xlsx, 甲(2).xlsx, 甲(3).xlsx, ..."""
    yield path
    for number in count(2):
        yield path.with_stem(f"{path.stem}({number})")


def sweep(folder: Path) -> list[Path]:
    """Remove the temporary files that a killed run of ours left in ``folder``; those of a living one stay."""
    swept = []
    for entry in os.scandir(folder):
        match = _TEMPORARY.fullmatch(entry.name)
        if match and _is_stale(match, entry):
            Path(entry.path).unlink(missing_ok=True)
            swept.append(Path(entry.path))
    return swept


def _is_stale(match: re.Match, entry: os.DirEntry) -> bool:
    if match["host"] == _HOST:
        return not psutil.pid_exists(int(match["pid"]))
    return time.time() - entry.stat().st_mtime > _STALE_AFTER


def _flush(path: Path) -> None:
    with path.open("r+b") as handle:
        os.fsync(handle.fileno())


def _flush_folder(folder: Path) -> None:
    """Make the new name durable too; Windows cannot open a folder and does not need it."""
    if not _ON_WINDOWS:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _check(path: Path, suffix: str) -> None:
    """A spreadsheet that was just written must read back whole: every part with its CRC."""
    if suffix in _ZIPPED:
        try:
            with zipfile.ZipFile(path) as archive:
                damaged = archive.testzip()
        except zipfile.BadZipFile as err:
            raise OSError(errno.EIO, f"written file is not a zip: {err}") from err
        if damaged:
            raise OSError(errno.EIO, f"written file is damaged at {damaged}")


def _explain(err: OSError, target: Path) -> str:
    """The reason in Chinese, with the next step."""
    if isinstance(err, PermissionError):
        if target.exists() and _ON_WINDOWS:
            return "文件正被 Excel 或其他程序打开，没有写入。请关闭该文件后重试，或换一个输出文件名。"
        return "没有写入权限，没有写入。请换一个输出位置，或请管理员授予该文件夹的写入权限。"
    return _WHY.get(err.errno, f"写入失败（系统错误 {err.errno}），原文件未动。请检查磁盘与网络位置后重试，或换一个输出位置。")
