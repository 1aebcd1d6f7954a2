"""One run at a time on a result: a lock file beside it, which a run that died does not leave in the way."""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from ..problem import UnusableFile

STALE_AFTER = 12 * 3600                 # seconds; for a lock that another computer left on a shared folder


@contextmanager
def locked(target: Path) -> Iterator[None]:
    """Hold the lock of ``target`` (a file or folder that may not exist yet) while the block runs.

    ``UnusableFile`` when another living run holds it. A place where no lock can be made (a read-only folder) is left to
    the writer, which says so itself.
    """
    lock = target.parent / f".{target.name}.tuijie-lock"
    made = False
    try:
        made = _take(lock)
        yield
    finally:
        if made:
            with suppress(OSError):
                lock.unlink()


def _take(lock: Path) -> bool:
    """Make the lock file, over one that a dead run left; False where the folder cannot be written."""
    for _ in range(2):
        try:
            lock.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
        except FileExistsError:
            holder = _holder(lock)
            if holder is not None:
                raise UnusableFile(lock.parent, f"另一次操作正在使用这里的结果（{holder}），本次没有写入。请等它结束后再试；"
                                                f"确认没有别人在操作的，删除文件 {lock.name} 后再试。", "in-use") from None
            with suppress(OSError):
                lock.unlink()
        except OSError:
            return False
        else:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump({"pid": os.getpid(), "host": platform.node()}, file)
            return True
    return False


def _holder(lock: Path) -> str | None:
    """Who holds the lock in words, None when that run is no more."""
    try:
        held, age = json.loads(lock.read_text("utf-8") or "{}"), time.time() - lock.stat().st_mtime
    except (OSError, ValueError):
        return None
    if not held:                        # being written at this moment
        return "刚刚开始" if age < 60 else None
    if held.get("host") == platform.node():
        return f"本机进程 {held['pid']}" if psutil.pid_exists(held["pid"]) else None
    return f"电脑 {held.get('host')}" if age < STALE_AFTER else None
