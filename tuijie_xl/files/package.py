"""Zip packages (xlsx, xlsm, xlsb, ods): opened with every checksum, size and DOCTYPE checked first."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterable
from xml.etree import ElementTree

from ..problem import UnusableFile
from .sniffing import DAMAGED, SAVE_AS

MOST_INFLATED = 2**30
MOST_ENTRIES = 20_000
_BIG_PART, _MOST_RATIO = 64 * 2**20, 500
_PROLOG = re.compile(rb"(?s)(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?(?:\s|<\?.*?\?>|<!--.*?-->)*+<!DOCTYPE")
_MARKS = ("[Content_Types].xml", "mimetype", "content.xml", "OFD.xml", "META-INF/manifest.xml", "META-INF/MANIFEST.MF")


def open_parts(path, data: bytes) -> dict[str, bytes]:
    """Part name -> content, CRC proved. Media and macros are checked but not kept. Else ``UnusableFile``."""
    parts: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            entries = package.infolist()
            refuse_bomb(path, entries)
            for entry in entries:
                if entry.flag_bits & 1:
                    raise UnusableFile(path, "压缩包设有密码；请去掉密码后重新导入。")
                name = entry.filename.replace("\\", "/").lstrip("/")
                if name in parts:
                    raise UnusableFile(path, DAMAGED)
                content = package.read(entry)
                parts[name] = b"" if "/media/" in name or name.endswith("vbaProject.bin") else content
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError, IndexError):
        raise UnusableFile(path, DAMAGED) from None
    for name, content in parts.items():
        if name.endswith((".xml", ".rels")):
            refuse_doctype(path, content)
    return parts


def refuse_doctype(path, content: bytes) -> None:
    """``UnusableFile`` where an XML declares a DOCTYPE: entities are how a small file becomes a huge one."""
    if _declares_doctype(content):
        raise UnusableFile(path, f"文件内含不安全的 XML 声明（DOCTYPE），未读取；{SAVE_AS}。")


def refuse_bomb(path, entries: list[zipfile.ZipInfo]) -> None:
    """``UnusableFile`` when the entries would inflate beyond all measure."""
    inflated = sum(entry.file_size for entry in entries)
    swollen = any(e.file_size > _BIG_PART and e.file_size > _MOST_RATIO * max(e.compress_size, 1) for e in entries)
    if inflated > MOST_INFLATED or swollen or len(entries) > MOST_ENTRIES:
        raise UnusableFile(path, f"解压后过大（{inflated >> 20} MB），可能是恶意文件，未读取；"
                                 "请核实来源，确为正常表格的，请删除多余的空白行列后另存为 xlsx。")


def _declares_doctype(content: bytes) -> bool:
    """A DOCTYPE stands before the root element, with at most instructions and comments around it."""
    content = content.replace(b"\0", b"") if b"\0" in content[:4] else content
    return _PROLOG.match(content) is not None


def package_format(path, parts: dict[str, bytes]) -> str:
    """xlsx, xlsm, xlsb or ods; any other package is ``UnusableFile``."""
    types = parts.get("[Content_Types].xml", b"")
    if b"ms-excel.sheet.binary" in types:
        return "xlsb"
    if b"application/vnd.ms-excel" in types and b"macroEnabled.main+xml" in types:
        return "xlsm"
    if b"spreadsheetml.sheet.main+xml" in types or b"spreadsheetml.template.main+xml" in types:
        return "xlsx"
    if b"opendocument.spreadsheet" in parts.get("mimetype", b"") or b"<office:spreadsheet" in parts.get(
            "content.xml", b""):
        return _ods(path, parts)
    if b"wordprocessingml" in types or b"opendocument.text" in parts.get("mimetype", b""):
        raise UnusableFile(path, "这是 Word 文档，不是电子表格；请把其中的表格复制到 Excel，另存为 xlsx 再导入。")
    if b"presentationml" in types:
        raise UnusableFile(path, "这是 PPT 演示文稿，不是电子表格；请向报送单位索取电子表格原件（xlsx）。")
    if any(name.startswith("Index/") and name.endswith(".iwa") for name in parts):
        raise UnusableFile(path, "这是苹果 Numbers 表格；请在 Numbers 中导出为 Excel（xlsx）再导入。")
    if "OFD.xml" in parts:
        raise UnusableFile(path, "这是 OFD 版式文件，不是电子表格；请向报送单位索取电子表格原件（xlsx）。")
    if parts and not is_document(parts):
        raise UnusableFile(path, "这是压缩包，不能当作一个表格读取（套了多层，或内容无法逐个打开）；请先解压，再导入里面的电子表格。")
    raise UnusableFile(path, "这是压缩文件，里面没有电子表格；请核对后选择 xlsx、xls、et、ods 或 csv 文件。")


def is_document(names: Iterable[str]) -> bool:
    """Whether a zip with these entries is one document (Office, OpenDocument, iWork, OFD), not a bundle of files."""
    return any(name in _MARKS or name.startswith("Index/") and name.endswith(".iwa") for name in names)


def _ods(path, parts: dict[str, bytes]) -> str:
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise UnusableFile(path, "该文件有打开密码（ODS 加密），不能直接读取；请打开后去掉密码、另存再导入。")
    return "ods"


def relationships(parts: dict[str, bytes], part: str) -> dict[str, tuple[str, str]]:
    """Relationship id -> (the last word of its type, the part it leads to) of ``part`` ('' is the package)."""
    folder, name = posixpath.split(part)
    rels = parts.get(posixpath.join(folder, "_rels", f"{name}.rels"), b"<none/>")
    found = {}
    for element in ElementTree.fromstring(rels):
        target = element.get("Target", "").replace("\\", "/")
        target = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        found[element.get("Id")] = (element.get("Type", "").rpartition("/")[2], target)
    return found


def main_part(parts: dict[str, bytes]) -> str:
    """The workbook part that the package's own relationships name."""
    return next(target for kind, target in relationships(parts, "").values() if kind == "officeDocument")


def stored(parts: dict[str, bytes]) -> io.BytesIO:
    """The parts as an uncompressed zip: a reader gets exactly the bytes that were checked, and inflates nothing."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, content in parts.items():
            package.writestr(zipfile.ZipInfo(name), content)
    buffer.seek(0)
    return buffer
