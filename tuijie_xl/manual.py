"""The officers' manual 操作手册: one HTML file an edition, made by ``docs/manual/build.py``, and how it is shown."""

from __future__ import annotations

import os
import subprocess
import sys
import webbrowser
from pathlib import Path

from .problem import UnusableFile

FOLDER = Path(__file__).parent / "manuals"
_LONGEST_WAIT = 20                      # seconds for macOS to start a browser


def manual_name(edition_id: str) -> str:
    """The file's name wherever it lies: in the program, beside the workbook, in the offline bundle."""
    return f"操作手册_{edition_id}.html"


def manual_of(edition_id: str) -> Path | None:
    """The manual of an edition; None where it has not been built."""
    path = FOLDER / manual_name(edition_id)
    return path if path.is_file() else None


def shipped_manual(edition_id: str) -> Path:
    """As ``manual_of``; ``UnusableFile`` where there is none."""
    path = manual_of(edition_id)
    if path is None:
        raise UnusableFile(manual_name(edition_id), f"这份程序里没有带上 {edition_id} 年度的操作手册。请向发放程序的人要一份完整的安装包；"
                           "在程序的源文件夹里的，请运行 python docs/manual/build.py 生成。", "manual-missing")
    return path


def open_file(path: Path, system: str = sys.platform) -> bool:
    """Show a file with the program that this account opens it with; False where that cannot be done.

    Windows and macOS are given the path itself: file:// addresses with Chinese names are not understood everywhere.
    Without a screen nothing is tried, for Python would start a browser in the terminal and wait for it.
    """
    try:
        if system == "win32":
            os.startfile(path)
            return True
        if system == "darwin":
            return not subprocess.run(["open", str(path)], check=False, capture_output=True, timeout=_LONGEST_WAIT).returncode
        has_screen = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
        return bool(has_screen) and webbrowser.open(path.resolve().as_uri())
    except (OSError, subprocess.SubprocessError, webbrowser.Error):
        return False
