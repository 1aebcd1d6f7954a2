"""Zip archives of spreadsheets, as bureaus mail them: each member is read as a file of its own.

A member has the path of the archive with its own name behind it (报送.zip/山东/企业.xlsx), although no such file
exists on the disk. Nothing is ever unpacked to the disk. Archives inside an archive are opened once, not deeper.
"""

from __future__ import annotations

import io
import os
import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from ..problem import UnusableFile
from . import sniffing
from .package import is_document, refuse_bomb
from .sniffing import DAMAGED

_UTF8_NAME = 0x800
_DEPTH = 2                              # archives around a member at most: one, and one inside it
MOST_MEMBERS = 5_000
#: What packing programs and file systems leave in archives, by the last part of the name.
_LEFTOVERS = ("thumbs.db", "desktop.ini")


def expand(file: Path) -> list[Path]:
    """The members of a zip archive as paths, archives inside it opened too; any other file is itself.

    An archive that cannot be opened (damaged, with a password, names that lead out of it) is itself as well: reading
    it then says why. So is an empty one.
    """
    try:
        with file.open("rb") as handle:
            return _members(file, handle, _DEPTH)
    except OSError:
        return [file]


def read_bytes(path) -> bytes:
    """The bytes of a file, or of a member of an archive. What cannot be had is ``UnusableFile``."""
    path = Path(path)
    outer = None if os.path.exists(path) else next(filter(os.path.isfile, path.parents), None)
    if outer is None:
        data = sniffing.read_bytes(path)
        return data if not data.startswith(b"PK") else _checked(path, data)
    names = path.relative_to(outer).as_posix()
    data = sniffing.read_bytes(outer)
    for _ in range(_DEPTH):
        name, data = _member(path, data, names)
        names = names[len(name) + 1:]
        if not names:
            break
    if not data:
        raise UnusableFile(path, "文件是空的（0 字节）；请向报送单位重新索取。")
    return data


_FAULTS = (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError, IndexError, RuntimeError)


def _members(path: Path, handle: BinaryIO, depth: int) -> list[Path]:
    """The members of an archive; itself when it is none or cannot be opened."""
    if depth == 0 or handle.read(4) != b"PK\x03\x04":
        return [path]
    try:
        with zipfile.ZipFile(handle) as package:
            entries = _entries(path, package)
            if is_document(entries):
                return [path]
            return [member for name, entry in entries.items()
                    for member in _members_within(path / name, package, entry, depth - 1)] or [path]
    except (UnusableFile, *_FAULTS):
        return [path]


def _members_within(path: Path, package: zipfile.ZipFile, entry: zipfile.ZipInfo, depth: int) -> list[Path]:
    """A member, or its own members when it is an archive. Of any other member only the first bytes are read."""
    with package.open(entry) as start:
        if start.read(4) != b"PK\x03\x04":
            return [path]
    try:
        return _members(path, io.BytesIO(_content(path, package, entry)), depth)
    except UnusableFile:
        return [path]


def _content(path: Path, package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """The bytes of a member that is not too large."""
    refuse_bomb(path, [entry])
    if entry.file_size > sniffing.MOST_BYTES:
        raise UnusableFile(path, f"文件超过 {sniffing.MOST_BYTES >> 20} MB，未读取；请删除图片等附件或拆分后再导入。")
    return package.read(entry)


def _entries(path, package: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """Name -> entry of the files in an archive, without what packing programs leave. A trick is refused."""
    found: dict[str, zipfile.ZipInfo] = {}
    for entry in package.infolist():
        name = _name(entry)
        if name.endswith("/") or _is_leftover(name):
            continue
        parts = PurePosixPath(name).parts
        if name.startswith("/") or ".." in parts or ":" in name or stat.S_ISLNK(entry.external_attr >> 16):
            raise UnusableFile(path, "压缩包内的文件名指向压缩包以外（不安全），未读取；请核实来源，解压后再导入里面的电子表格。")
        if entry.flag_bits & 1:
            raise UnusableFile(path, "压缩包设有密码；请解压后再导入里面的电子表格。")
        if name in found or len(found) >= MOST_MEMBERS:
            raise UnusableFile(path, "压缩包里的文件重名或过多，无法逐个读取；请解压后再导入里面的电子表格。")
        found[str(PurePosixPath(name))] = entry
    return found


def _name(entry: zipfile.ZipInfo) -> str:
    """The name as it was packed: Windows programs write GBK without saying so, macOS writes UTF-8 without saying so."""
    name = entry.orig_filename
    if not entry.flag_bits & _UTF8_NAME:
        raw = name.encode("cp437")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return name.split("\0")[0].replace("\\", "/")


def _is_leftover(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return "__MACOSX" in parts or parts[-1:] == () or parts[-1].startswith((".", "~$")) or parts[-1].lower() in _LEFTOVERS


def _member(path, data: bytes, names: str) -> tuple[str, bytes]:
    """(its name, its bytes) of the member that ``names`` is, or begins with when archives are nested."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            for name, entry in _entries(path, package).items():
                if names == name or names.startswith(name + "/"):
                    return name, _content(path, package, entry)
    except _FAULTS:
        raise UnusableFile(path, DAMAGED) from None
    raise UnusableFile(path, "压缩包里找不到这个文件；请检查压缩包是否已更换。")


def _checked(path: Path, data: bytes) -> bytes:
    """The data of a zip that is read as one file: an archive of files that could not be opened says why."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = [entry.filename for entry in package.infolist()]
            if not is_document(names):
                _entries(path, package)
    except _FAULTS:
        pass                                                # opening its parts finds the same and says so
    return data
