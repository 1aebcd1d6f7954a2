"""What an officer is told when the program itself fails: one sentence with a number, and a log file for us."""

from __future__ import annotations

import platform
import tempfile
import traceback
import zlib
from pathlib import Path

from . import __version__


def sorry(err: BaseException) -> str:
    """A bug of ours in one Chinese sentence; the number is that of the log file, the same for the same fault."""
    trace = "".join(traceback.format_exception(err))
    number = f"{zlib.crc32(trace.encode()):08x}"
    log = Path(tempfile.gettempdir()) / f"tuijie-{number}.log"
    try:
        log.write_text(f"tuijie {__version__}, Python {platform.python_version()}, {platform.platform()}\n\n{trace}", "utf-8")
    except OSError:
        log = None
    where = f"详情已记在 {log}，请把这个文件发给维护人员。" if log else "请把这个编号告诉维护人员。"
    return f"程序内部出错（编号 {number}），没有写出任何不完整的文件。{where}"
