"""Bytes of a text, told by content: byte order marks, UTF-8, UTF-16 without a mark, GB18030, a declared charset."""

from __future__ import annotations

import codecs
import re

from ..problem import UnusableFile
from .sniffing import DAMAGED, SAVE_AS

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
#: A charset in <meta>, in an XML declaration or in a CSS rule.
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_BINARY = re.compile(r"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
#: Chinese charsets are subsets of GB18030, which is what programs write whatever they declare.
_CHINESE = ("gb2312", "gbk", "gb18030", "x-gbk", "cp936", "ms936", "936", "gb_2312-80", "csgb2312", "hz-gb-2312")


def decode_text(path, data: bytes, *, declared: str | None = None) -> str:
    """The text. Valid UTF-8 is UTF-8 whatever is declared. Binary, or in no known encoding: ``UnusableFile``.

    NUL bytes that pad fields are left out; NULs that fill up the end of a torn line mean that the rest is lost.
    """
    if not data.strip(b"\xef\xbb\xbf\xfe\xff\0 \t\r\n\x1a") and b"\n" not in data:
        raise UnusableFile(path, "文件里没有内容；请向报送单位重新索取。")
    for encoding in _candidates(data, declared):
        try:
            text = data.decode(encoding).rstrip("\x1a")           # Ctrl-Z ended a text in the days of DOS
        except (UnicodeDecodeError, LookupError):
            continue
        if not _BINARY.search(text) and text.strip("\0"):
            return _without_padding(path, text)
    raise UnusableFile(path, f"无法识别的文件内容，不是电子表格也不是文本；{SAVE_AS}。")


def declared_charset(data: bytes) -> str | None:
    """The charset that the first 4,096 bytes of a page or an XML name, in lower case."""
    match = _DECLARED.search(data[:4096].replace(b"\0", b""))
    return match[1].decode("ascii", "replace").lower() if match else None


def _candidates(data: bytes, declared: str | None) -> list[str]:
    marked = [encoding for bom, encoding in _BOMS if data.startswith(bom)]
    if marked:
        return marked
    declared = "gb18030" if declared in _CHINESE else declared
    return [*_unmarked_utf16(data), "utf-8", *([declared] if declared else []), "gb18030"]


def _unmarked_utf16(data: bytes) -> list[str]:
    """UTF-16 by the NUL on one side of its line ends, or else of nearly all its delimiters and digits."""
    start = data[:8192]
    units = [start[at:at + 2] for at in range(0, len(start), 2)]
    little, big = units.count(b"\n\0"), units.count(b"\0\n")
    if little == big:
        little, big = start[1::2].count(0), start[::2].count(0)
    if len(data) % 2 or little + big == 0:
        return []
    return ["utf-16-le"] if little > 4 * big else ["utf-16-be"] if big > 4 * little else []


def _without_padding(path, text: str) -> str:
    if text.endswith("\0") and not text.rstrip("\0").endswith(("\n", "\r", ">")):
        raise UnusableFile(path, DAMAGED)
    return text.replace("\0", "")
