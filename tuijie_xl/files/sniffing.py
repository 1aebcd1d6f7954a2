"""What a file is, told by its content alone, and a clear refusal of what is no spreadsheet.

The extension is never believed: an .xls may hold HTML, an .xlsx a Word document, an .et is BIFF inside OLE.
"""

from __future__ import annotations

import re
from pathlib import Path

from ..problem import UnusableFile

ZIP, OLE, BIFF, TEXT, HTML, MHTML, XML2003, FLAT_ODS = "zip", "ole", "biff", "text", "html", "mht", "xml", "fods"
MOST_BYTES = 300 * 2**20
SAVE_AS = "请用 Excel 或 WPS 打开后另存为“Excel 工作簿（*.xlsx）”再导入"

#: First bytes -> what the file is, in the officer's words.
_MAGIC = (
    (b"%PDF", "PDF 文件"),
    (b"\x89PNG\r\n", "PNG 图片"), (b"\xff\xd8\xff", "JPEG 图片"), (b"GIF8", "GIF 图片"),
    (b"II*\0", "TIFF 图片"), (b"MM\0*", "TIFF 图片"), (b"BM", "BMP 图片"), (b"RIFF", "多媒体文件"),
    (b"Rar!\x1a\x07", "RAR 压缩包"), (b"7z\xbc\xaf\x27\x1c", "7z 压缩包"), (b"\x1f\x8b", "GZ 压缩包"),
    (b"BZh", "BZ2 压缩包"), (b"\xfd7zXZ\0", "XZ 压缩包"), (b"MSCF", "CAB 压缩包"),
    (b"{\\rtf", "RTF 文档"), (b"MZ", "可执行程序"), (b"SQLite format 3\0", "SQLite 数据库"),
    (b"\0\1\0\0Standard Jet DB", "Access 数据库"), (b"\0\1\0\0Standard ACE DB", "Access 数据库"),
    (b"L\0\0\0\1\x14\2\0", "快捷方式"), (b"AC10", "CAD 图纸"),
)
_NEXT_STEP = {
    "PDF": "请向报送单位索取电子表格原件（xlsx）",
    "图片": "请向报送单位索取电子表格原件（xlsx），图片和扫描件不能导入",
    "压缩": "请先解压，再导入里面的电子表格；也可以改用 ZIP 压缩包，ZIP 可以直接导入",
    "文档": "请把其中的表格复制到 Excel，另存为 xlsx 再导入",
    "数据库": "请从中把表导出为 Excel（xlsx）再导入",
    "快捷方式": "请找到它指向的原文件再导入",
}
DAMAGED = "文件已损坏或不完整；请向报送单位重新索取，或用 Excel 打开修复后另存为 xlsx。"
#: The first lines of a mail or of a web archive; the latter holds its parts as 'related' or is one page.
_MAIL = re.compile(rb"(?i)\s*(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?(?:mime-version|content-type):")
_WEB_ARCHIVE = re.compile(rb"(?i)content-type:\s*(?:multipart/related|text/html)")
#: The root element of a document whose white space has been taken out: its attributes follow without a space.
_ROOT = re.compile(rb"(?s)(?:<\?.*?\?>|<!--.*?-->|<![^>]*>)*<((?:[a-z]+:)?(?:workbook|document|html|table|div))")
_TAG = re.compile(rb"<(?:html|!doctypehtml|table|meta|body|head|t[rdh][>\w]|tbody|div|style|script|frameset|center|form|!--)")
#: The first record of Excel 2 to 4, and of what scripts of web systems write, a sheet without its OLE container.
_BARE_BIFF = (b"\x09\0\4\0", b"\x09\2\6\0", b"\x09\4\6\0", b"\x09\x08\x08\0", b"\x09\x08\x10\0")


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
    """How the content is to be opened: ZIP, OLE, BIFF (without OLE), HTML, MHTML, XML2003, FLAT_ODS or TEXT.

    Known kinds that are no spreadsheet: ``UnusableFile``.
    """
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return ZIP
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return OLE
    if data.startswith(_BARE_BIFF):
        return BIFF
    for magic, what in _MAGIC:
        if data.startswith(magic):
            step = next((step for word, step in _NEXT_STEP.items() if word in what), "请选择电子表格文件")
            raise UnusableFile(path, f"这是{what}，不是电子表格；{step}。")
    _refuse_binary(path, data)
    if _MAIL.match(data[:8192]):
        if _WEB_ARCHIVE.search(data[:8192]):
            return MHTML
        raise UnusableFile(path, "这是邮件，不是电子表格；请打开邮件，把附件另存后导入附件。")
    return _markup(path, data)


def _refuse_binary(path, data: bytes) -> None:
    """Kinds that a few bytes behind the first ones tell."""
    if data[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1"):
        raise UnusableFile(path, f"这是 HEIC 图片，不是电子表格；{_NEXT_STEP['图片']}。")
    if data[257:262] == b"ustar":
        raise UnusableFile(path, f"这是 TAR 压缩包，不是电子表格；{_NEXT_STEP['压缩']}。")
    if _is_dbase(data):
        raise UnusableFile(path, f"这是 DBF 数据库文件，不能直接读取；{SAVE_AS}。")


def _is_dbase(data: bytes) -> bool:
    """The header of dBASE and FoxPro: version, a possible date, and a length that leads to the end-of-header byte."""
    if data[:1] not in (b"\x03", b"\x30", b"\x83", b"\x8b", b"\xf5") or len(data) < 66:
        return False
    length = int.from_bytes(data[8:10], "little")
    return 1 <= data[2] <= 12 and 1 <= data[3] <= 31 and 64 < length <= len(data) and b"\r" in data[length - 264:length]


def _markup(path, data: bytes) -> str:
    """HTML, XML2003, FLAT_ODS or, when it is no markup, TEXT. Any other XML: ``UnusableFile``."""
    head = re.sub(rb"[\0\s]|\xef\xbb\xbf|\xff\xfe|\xfe\xff", b"", data[:65536]).lower()
    if not head.startswith(b"<"):
        return TEXT
    root = _ROOT.match(head)
    root = root[1] if root else b""
    if root.endswith(b"workbook") and b"urn:schemas-microsoft-com:office:spreadsheet" in head:
        return XML2003
    if root == b"office:document" and b"opendocument.spreadsheet" in head:
        return FLAT_ODS
    if head.startswith(b"<?xml") and root not in (b"html", b"table", b"div") or root.startswith(b"office:document"):
        raise UnusableFile(path, f"这是 XML 文件，不是可直接读取的电子表格；{SAVE_AS}。")
    return HTML if _TAG.search(head) else TEXT
