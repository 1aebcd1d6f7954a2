"""BIFF inside OLE (xls, et): opening with care, and the records that python-calamine leaves out."""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterator

from xlrd.compdoc import CompDoc

from ..problem import UnusableFile
from .audit import ERRORS, SOME_FORMULA, Audit
from .sniffing import DAMAGED, SAVE_AS

_BOF, _EOF, _FILEPASS, _CODEPAGE, _BOUNDSHEET = 0x809, 0x0A, 0x2F, 0x42, 0x85
_FORMULA, _BOOLERR, _MERGED, _ROW, _COLINFO = 0x06, 0x205, 0xE5, 0x208, 0x7D
_CALCULATE_ON_LOAD = 2
_RECALCID = 0x1C1         # the program that calculated the book last; libraries leave it out
#: A code page record of a Mac (10000-10029): readers refuse it, though BIFF8 texts are Unicode whatever it says.
_MAC_CODEPAGE = re.compile(rb"\x42\0\x02\0[\x10-\x2d]\x27")
_PASSWORD = "文件设有打开密码；请用 Excel 或 WPS 打开，去掉密码、另存后重新导入。"


def workbook_stream(path, data: bytes) -> bytes:
    """The BIFF stream of an OLE file. Encrypted, damaged, or no workbook inside: ``UnusableFile``."""
    try:
        document = CompDoc(data, logfile=io.StringIO())
        names = {entry.name for entry in document.dirlist}
        stream = next((document.get_named_stream(name) for name in ("Workbook", "Book", "WORKBOOK") if name in names),
                      None)
    except Exception:  # noqa: BLE001 - CompDoc throws whatever a damaged file makes it throw
        raise UnusableFile(path, DAMAGED) from None
    if "EncryptedPackage" in names:
        raise UnusableFile(path, _PASSWORD)
    if "WordDocument" in names:
        raise UnusableFile(path, "这是 Word 文档，不是电子表格；请把其中的表格复制到 Excel，另存为 xlsx 再导入。")
    if "PowerPoint Document" in names:
        raise UnusableFile(path, "这是 PPT 演示文稿，不是电子表格；请向报送单位索取电子表格原件（xlsx）。")
    if stream is None:
        raise UnusableFile(path, f"这个文件里没有工作簿；{SAVE_AS}。")
    if any(kind == _FILEPASS for kind, _ in _substream(stream, 0)):
        raise UnusableFile(path, _PASSWORD)
    return stream


def with_unicode_codepage(data: bytes) -> bytes:
    """The file with a Mac code page replaced by Unicode (1200), so that readers open it."""
    return _MAC_CODEPAGE.sub(b"\x42\\0\x02\\0\xb0\x04", data, count=1)


def audit_sheets(stream: bytes) -> list[Audit]:
    """The audit of each worksheet, in the order of the workbook; charts and macro sheets are left out."""
    book = list(_substream(stream, 0))
    calculated = any(kind == _RECALCID for kind, _ in book)
    return [_audit(stream, struct.unpack_from("<I", body)[0], calculated)
            for kind, body in book if kind == _BOUNDSHEET and body[5] == 0]


def _substream(stream: bytes, position: int) -> Iterator[tuple[int, bytes]]:
    """(kind, body) of the records from one BOF to its own EOF; charts nested inside are passed over."""
    depth = 0
    while position + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, position)
        depth += (kind == _BOF) - (kind == _EOF)
        if depth == 0:
            return
        if depth == 1:
            yield kind, stream[position + 4:position + 4 + length]
        position += 4 + length


def _audit(stream: bytes, start: int, calculated: bool) -> Audit:
    audit = Audit()
    for kind, body in _substream(stream, start):
        if kind == _FORMULA:
            text = _formula_unread(body, calculated)
            if text:
                audit.unread[struct.unpack_from("<HH", body)] = text
        elif kind == _BOOLERR and body[7]:
            audit.unread[struct.unpack_from("<HH", body)] = ERRORS.get(body[6], "#ERROR")
        elif kind == _MERGED:
            areas = struct.iter_unpack("<4H", body[2:2 + 8 * struct.unpack_from("<H", body)[0]])
            audit.merges += [(top, left, bottom, right) for top, bottom, left, right in areas]
        elif kind == _ROW and struct.unpack_from("<H", body, 12)[0] & 0x20:
            audit.hidden_rows.add(struct.unpack_from("<H", body)[0])
        elif kind == _COLINFO and struct.unpack_from("<H", body, 8)[0] & 1:
            first, last = struct.unpack_from("<HH", body)
            audit.hidden_columns.update(range(first, min(last, 255) + 1))
    return audit


def _formula_unread(body: bytes, calculated: bool) -> str | None:
    """A formula record's error, or '=…' where its result was never calculated.

    The format has no 'no result': libraries write 0 and 'calculate on load', or empty text in a book that no
    spreadsheet program ever calculated.
    """
    result, (flags,) = body[6:14], struct.unpack_from("<H", body, 14)
    postponed = flags & _CALCULATE_ON_LOAD
    if result[6:8] != b"\xff\xff":
        return SOME_FORMULA if postponed and not any(result) else None
    if result[0] == 2:
        return ERRORS.get(result[2], "#ERROR")
    return SOME_FORMULA if result[0] == 3 and (postponed or not calculated) else None
