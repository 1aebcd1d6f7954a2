"""What a file is, told by its content alone, and a clear refusal of what is no spreadsheet.

The extension is never believed: an .xls may hold HTML, an .xlsx a Word document, an .et is BIFF inside OLE.
"""

from __future__ import annotations

import re
from pathlib import Path

from ..problem import UnusableFile

ZIP, OLE, TEXT = "zip", "ole", "text"
MOST_BYTES = 300 * 2**20
SAVE_AS = "请用 Excel 或 WPS 打开后另存为“Excel 工作簿（*.xlsx）”再导入"

#: First bytes -> what the file is, in the officer's words.
_MAGIC = (
    (b"%PDF", "PDF 文件"),
    (b"\x89PNG\r\n", "PNG 图片"), (b"\xff\xd8\xff", "JPEG 图片"), (b"GIF8", "GIF 图片"),
    (b"II*\0", "TIFF 图片"), (b"MM\0*", "TIFF 图片"), (b"BM", "BMP 图片"), (b"RIFF", "多媒体文件"),
    (b"Rar!\x1a\x07", "RAR 压缩包"), (b"7z\xbc\xaf\x27\x1c", "7z 压缩包"), (b"\x1f\x8b", "GZ 压缩包"),
    (b"{\\rtf", "RTF 文档"), (b"MZ", "可执行程序"), (b"SQLite format 3\0", "SQLite 数据库"),
    (b"MIME-Version:", "网页存档（MHT）"),
)
_NEXT_STEP = {
    "PDF": "请向报送单位索取电子表格原件（xlsx）",
    "图片": "请向报送单位索取电子表格原件（xlsx），图片和扫描件不能导入",
    "压缩": "请先解压，再导入里面的电子表格",
    "网页": SAVE_AS,
}
DAMAGED = "文件已损坏或不完整；请向报送单位重新索取，或用 Excel 打开修复后另存为 xlsx。"
_OLD_BIFF = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00")


def read_bytes(path) -> bytes:
    """The whole file. Missing, a folder, a lock file, unreadable, empty or too large: ``UnusableFile``."""
    path = Path(path)
    if path.name.startswith(("~$", ".~lock.")):
        raise UnusableFile(path, "这是表格软件打开文件时产生的临时锁文件，没有数据；请关闭该表格后导入原文件。")
    try:
        if path.is_dir():
            raise UnusableFile(path, "这是文件夹，不是文件；请选择其中的电子表格，或把整个文件夹作为导入路径。")
        if path.stat().st_size > MOST_BYTES:
            raise UnusableFile(path, f"文件超过 {MOST_BYTES >> 20} MB，未读取；请删除图片等附件或拆分后再导入。")
        data = path.read_bytes()
    except FileNotFoundError:
        raise UnusableFile(path, "找不到这个文件；请检查路径和文件名是否正确。") from None
    except PermissionError:
        raise UnusableFile(path, "没有权限读取；请关闭正在打开它的程序，或检查文件权限后重试。") from None
    except (OSError, ValueError):
        raise UnusableFile(path, "读取失败（磁盘、网络或路径有误）；请把文件复制到本机磁盘后重试。") from None
    if not data:
        raise UnusableFile(path, "文件是空的（0 字节）；请向报送单位重新索取。")
    return data


def sniff(path, data: bytes) -> str:
    """ZIP, OLE or TEXT: how the content is to be opened. Known kinds that are no spreadsheet: ``UnusableFile``."""
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return ZIP
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return OLE
    for magic, what in _MAGIC:
        if data.startswith(magic):
            step = next((step for word, step in _NEXT_STEP.items() if word in what), "请选择电子表格文件")
            raise UnusableFile(path, f"这是{what}，不是电子表格；{step}。")
    if data.startswith(_OLD_BIFF):
        raise UnusableFile(path, f"这是 Excel 95 之前的旧格式，不能直接读取；{SAVE_AS}。")
    if data[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1"):
        raise UnusableFile(path, f"这是 HEIC 图片，不是电子表格；{_NEXT_STEP['图片']}。")
    _refuse_markup(path, data)
    return TEXT


def _refuse_markup(path, data: bytes) -> None:
    """HTML, SpreadsheetML 2003 and other XML look like text, but are not comma-separated values."""
    head = re.sub(rb"[\0\s]|\xef\xbb\xbf|\xff\xfe|\xfe\xff", b"", data[:8192]).lower()
    if not head.startswith(b"<"):
        return
    if b"urn:schemas-microsoft-com:office:spreadsheet" in head:
        raise UnusableFile(path, f"这是“XML 表格 2003”格式，不能直接读取；{SAVE_AS}。")
    if any(mark in head for mark in (b"<html", b"<!doctypehtml", b"<table", b"<meta", b"<body")):
        raise UnusableFile(path, f"这是网页（HTML），只是扩展名像电子表格；{SAVE_AS}。")
    if head.startswith((b"<?xml", b"<office:document")):
        raise UnusableFile(path, f"这是 XML 文件，不是可直接读取的电子表格；{SAVE_AS}。")
