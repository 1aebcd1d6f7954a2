"""BIFF inside OLE (xls, et): opening with care, and the records that python-calamine leaves out."""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from xlrd.compdoc import CompDoc

from ..problem import UnusableFile
from .audit import ERRORS, SOME_FORMULA, Audit
from .sniffing import DAMAGED, SAVE_AS

_BOF, _EOF, _FILEPASS, _CODEPAGE, _BOUNDSHEET = 0x809, 0x0A, 0x2F, 0x42, 0x85
_FORMULA, _BOOLERR, _MERGED, _ROW, _COLINFO = 0x06, 0x205, 0xE5, 0x208, 0x7D
_CALCULATE_ON_LOAD = 2
_RECALCID = 0x1C1         # the program that calculated the book last; libraries leave it out
_FORMAT = 0x41E
_DATE_IDS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_DATE_LETTERS = re.compile(rb"(?i)[ymdhs]")
_QUOTED = re.compile(rb'"[^"]*"|\[[^\]]*\]|\\.|_.')
_LABEL, _RSTRING = 0x204, 0xD6
_BIFF8, _UNICODE, _GBK = 0x600, 1200, 936
_EAST_ASIAN = (932, 936, 949, 950, 1361)
_SHORT_SECTOR = 64
#: A stream of other Office files -> what they are, and the next step.
_OTHERS = {"WordDocument": "Word（或 WPS 文字）文档，不是电子表格；请把其中的表格复制到 Excel，另存为 xlsx 再导入。",
           "PowerPoint Document": "PPT 演示文稿，不是电子表格；请向报送单位索取电子表格原件（xlsx）。",
           "__properties_version1.0": "Outlook 邮件，不是电子表格；请打开邮件，把附件另存后导入附件。",
           "VisioDocument": "Visio 图纸，不是电子表格；请向报送单位索取电子表格原件（xlsx）。"}


@dataclass(frozen=True)
class Document:
    """An OLE file opened: the names of its streams, and the BIFF stream when it holds a workbook."""

    names: frozenset[str]
    stream: bytes | None

    @property
    def is_encrypted(self) -> bool:
        """With an opening password, whether a workbook of today inside or a stream with FILEPASS."""
        return "EncryptedPackage" in self.names or self.stream is not None and any(
            kind == _FILEPASS for kind, _ in _substream(self.stream, 0))


def open_document(path, data: bytes) -> Document:
    """The streams of an OLE file. Damaged: ``UnusableFile``."""
    try:
        document = CompDoc(data, logfile=io.StringIO())
        names = frozenset(entry.name for entry in document.dirlist)
        named = next((name for name in ("Workbook", "Book", "WORKBOOK", "BOOK") if name in names), None)
        return Document(names, named and document.get_named_stream(named))
    except Exception:  # noqa: BLE001 - CompDoc throws whatever a damaged file makes it throw
        raise UnusableFile(path, DAMAGED) from None


def workbook_stream(path, document: Document) -> bytes:
    """The BIFF stream. No workbook inside: ``UnusableFile`` that says what it is."""
    if document.stream is not None:
        return document.stream
    for name, what in _OTHERS.items():
        if name in document.names:
            raise UnusableFile(path, f"这是{what}")
    raise UnusableFile(path, f"这个文件里没有工作簿；{SAVE_AS}。")


def redefines_dates(stream: bytes) -> bool:
    """Whether a number format of a plain number takes an id that stands for a date where it is not defined (Gnumeric).

    python-calamine believes the id, not the definition, and turns 3000.46 into a day of 1908.
    """
    return any(kind == _FORMAT and struct.unpack_from("<H", body)[0] in _DATE_IDS
               and not _DATE_LETTERS.search(_QUOTED.sub(b"", body[3:].replace(b"\0", b"")))
               for kind, body in _substream(stream, 0))


def told_encoding(stream: bytes) -> str | None:
    """The encoding of the texts where the code page record misleads or is refused by readers; else None.

    The texts of BIFF8 are Unicode whatever it says. Older books whose texts are all valid GBK, though the record
    names a western code page or is missing, were written on a Chinese machine.
    """
    bodies = dict(reversed(list(_substream(stream, 0))))
    (version,), page = struct.unpack_from("<H", bodies.get(_BOF, b"\0\0")), bodies.get(_CODEPAGE)
    page = struct.unpack_from("<H", page)[0] if page else None
    if version == _BIFF8:
        return None if page in (None, _UNICODE) else "utf_16_le"
    if page in _EAST_ASIAN:
        return None
    texts = [text for text in _texts(stream) if not text.isascii()]
    return "gb18030" if texts and all(map(_is_gbk, texts)) else None


def with_told_codepage(data: bytes, stream: bytes, encoding: str) -> bytes | None:
    """The file with the code page record of that encoding; None where the record is not to be found."""
    at = next((at for at, kind, _ in _records(stream) if kind == _CODEPAGE), None)
    if at is None:
        return None
    start, page = at // _SHORT_SECTOR * _SHORT_SECTOR, _UNICODE if encoding == "utf_16_le" else _GBK
    around = stream[start:at + 4]                       # sectors lie anywhere in the file, each in one piece
    place = data.find(around)
    if place < 0 or (at + 4) % _SHORT_SECTOR == 0:
        return None
    place += len(around)
    return data[:place] + struct.pack("<H", page) + data[place + 2:]


def _texts(stream: bytes) -> Iterator[bytes]:
    """The texts of cells and the names of sheets before BIFF8."""
    for _, kind, body in _records(stream):
        if kind in (_LABEL, _RSTRING):
            yield body[8:8 + struct.unpack_from("<H", body, 6)[0]]
        elif kind == _BOUNDSHEET:
            yield body[7:7 + body[6]]


def _is_gbk(text: bytes) -> bool:
    try:
        return bool(text.decode("gb18030"))
    except UnicodeDecodeError:
        return False


def audit_sheets(stream: bytes) -> list[Audit]:
    """The audit of each worksheet, in the order of the workbook; charts and macro sheets are left out."""
    book = list(_substream(stream, 0))
    calculated = any(kind == _RECALCID for kind, _ in book)
    return [_audit(stream, struct.unpack_from("<I", body)[0], calculated)
            for kind, body in book if kind == _BOUNDSHEET and body[5] == 0]


def _records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    """(position, kind, body) of all records of the stream."""
    position = 0
    while position + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, position)
        yield position, kind, stream[position + 4:position + 4 + length]
        position += 4 + length


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
