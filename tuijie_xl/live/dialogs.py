"""Choosing files where the spreadsheet program has no dialog for us, and the Esc key."""

from __future__ import annotations

import sys
from pathlib import Path

from ..desk.openbook import CannotDo

FILES_OR_FOLDER = "要导入的是若干文件，还是一个文件夹？\n\n“是”：选择一个或多个文件\n“否”：选择一个文件夹（含子文件夹）"
FILES_TITLE, FOLDER_TITLE = "选择各地报送的表格（可多选）", "选择放报送表的文件夹"
PATTERNS = "*.xlsx *.xlsm *.xls *.xlsb *.ods *.et *.csv *.txt *.htm *.html *.mht *.xml *.zip"


def ask_files() -> list[Path]:
    """Python's own dialogs. ``CannotDo`` on a machine without them."""
    try:
        import tkinter
        from tkinter import filedialog, messagebox

        root = tkinter.Tk()
    except Exception as err:
        raise CannotDo("这里打不开选择文件的窗口。请用命令行 tuijie import 文件或文件夹 -o 总表.xlsx 导入。") from err
    root.withdraw()
    root.attributes("-topmost", True)
    try:
        files = messagebox.askyesnocancel("推介申报", FILES_OR_FOLDER, parent=root)
        if files is None:
            return []
        if files:
            chosen = filedialog.askopenfilenames(parent=root, title=FILES_TITLE, filetypes=[("表格", PATTERNS), ("所有文件", "*")])
            return [Path(path) for path in chosen]
        folder = filedialog.askdirectory(parent=root, title=FOLDER_TITLE)
        return [Path(folder)] if folder else []
    finally:
        root.destroy()


def escape_pressed() -> bool:
    """Whether Esc is down or was pressed since the last question; only Windows can be asked."""
    if sys.platform != "win32":
        return False
    import ctypes

    return bool(ctypes.windll.user32.GetAsyncKeyState(0x1B) & 0x8001)
