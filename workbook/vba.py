"""VBA as text -> xl/vbaProject.bin in a workbook's package. Build time only; ``docs/decisions.md`` says why pyopenvba.

A package here is {part name: bytes}. Sources are ASCII: Chinese stands in cells and in the ribbon, never in VBA.
"""

from __future__ import annotations

import importlib.util
import io
import re
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

from pyopenvba import ExcelFile, VBAModuleKind
from pyopenvba.cfb import CFB
from pyopenvba.vba import compress, decompress

MACROS = Path(__file__).parent.parent / "macros"
PROJECT = "xl/vbaProject.bin"
CODE_PAGE = 936
_WORKBOOK_TYPE = (b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
                  b"application/vnd.ms-excel.sheet.macroEnabled.main+xml")
_CLASS_HEAD = "VERSION 1.0 CLASS"
_MODULE_NAME = re.compile("[A-Za-z][A-Za-z0-9_]{0,30}")
# The header alone, of the version that no Excel has: each compiles from the source ([MS-OVBA] 2.3.4.1).
_COMPILE_FROM_SOURCE = bytes.fromhex("CC61FFFF000000")
# Record PROJECTCODEPAGE of the stream dir ([MS-OVBA] 2.3.4.2.1.4), with the code page of pyopenvba's new projects.
_CODE_PAGE_RECORD = b"\x03\x00\x02\x00\x00\x00"
_NEW_CODE_PAGE = 1252


class MacroError(ValueError):
    """A source that must not be built: which file, which line, why."""


def read_macros(folder: Path = MACROS) -> dict[str, str]:
    """{file name: source} of every .bas and .cls in ``folder``, and of what RunPython needs."""
    files = [*sorted(folder.glob("*.bas")), *sorted(folder.glob("*.cls")), *xlwings_modules()]
    return {file.name: _source(file) for file in files}


def xlwings_modules() -> list[Path]:
    """RunPython, and the class it uses on a Mac: text that comes with the installed xlwings, which is not imported."""
    found = importlib.util.find_spec("xlwings")
    if found is None:
        raise MacroError("xlwings is not installed: pip install -e '.[build]'")
    folder = Path(found.submodule_search_locations[0])
    return [folder / "xlwings.bas", folder / "addin" / "Dictionary.cls"]


def _source(file: Path) -> str:
    """The text with VBA's line ends; ``MacroError`` where it is not ASCII or cannot be a module."""
    if not _MODULE_NAME.fullmatch(file.stem):
        raise MacroError(f"{file.name}: a module is named by 1 to 31 ASCII letters, digits and _, a letter first")
    for number, line in enumerate(file.read_bytes().splitlines(), 1):
        if not line.isascii():
            raise MacroError(f"{file.name}, line {number}: not ASCII; Chinese belongs in cells or in the ribbon")
    text = "\r\n".join(file.read_text("ascii").splitlines()) + "\r\n"
    named = re.match(r'Attribute VB_Name = "(.*)"\r\n', text)
    if file.suffix == ".bas" and (named is None or named[1] != file.stem):
        raise MacroError(f'{file.name}: must begin with Attribute VB_Name = "{file.stem}"')
    return text


def with_macros(package: Mapping[str, bytes], sources: Mapping[str, str]) -> dict[str, bytes]:
    """The package of an .xlsx as that of an .xlsm: project, relationship, content types and code names put in.

    A .cls with the head of an exported class is a class; without, it belongs to the workbook or sheet whose code name
    it bears. Every other sheet gets an empty module.
    """
    types = package["[Content_Types].xml"]
    if types.count(_WORKBOOK_TYPE[0]) != 1:
        raise MacroError("not the package of an .xlsx workbook")
    package = {**package, "[Content_Types].xml": types.replace(*_WORKBOOK_TYPE)}
    with tempfile.TemporaryDirectory(prefix="tuijie-") as scratch:
        path = Path(scratch) / "book.xlsm"
        path.write_bytes(pack(package))
        with ExcelFile(path) as book:
            _fill(book, sources)
            book.save()
        made = unpack(path.read_bytes())
    return {**made, PROJECT: _as_specified(made[PROJECT])}


def _fill(book: ExcelFile, sources: Mapping[str, str]) -> None:
    """Put the sources into a new project: one document module a sheet, then the standard modules."""
    project = book.add_vba_project()
    documents = project.module_names()
    own = dict.fromkeys(documents, "")
    for file, text in sources.items():
        name, is_class = Path(file).stem, text.startswith(_CLASS_HEAD)
        if file.endswith(".bas") or is_class:
            project.add_module(name, text, kind=VBAModuleKind.other if is_class else VBAModuleKind.standard)
        elif name in own:
            own[name] = text
        else:
            raise MacroError(f"{file}: neither a class nor the code of {', '.join(documents)}")
    for name, text in own.items():
        book.set_module(name, text)


def _as_specified(project: bytes) -> bytes:
    """The project with code page 936 and without a performance cache, as the format's specification asks of writers."""
    cfb = CFB.from_bytes(project)
    directory = decompress(cfb.get_stream_in_storage("VBA", "dir"))
    before, after = (_CODE_PAGE_RECORD + page.to_bytes(2, "little") for page in (_NEW_CODE_PAGE, CODE_PAGE))
    if directory.count(before) != 1:
        raise MacroError("pyopenvba's new project has changed: its code page is not where it was")
    cfb.write_stream_in_storage("VBA", "dir", compress(directory.replace(before, after)))
    cfb.write_stream_in_storage("VBA", "_VBA_PROJECT", _COMPILE_FROM_SOURCE)
    return cfb.to_bytes()


# ------------------------------------------------------------------ packages

def unpack(data: bytes) -> dict[str, bytes]:
    """The parts of a package in their order."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(package: Mapping[str, bytes]) -> bytes:
    """A zip of the parts; the same parts give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in package.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 31, 0, 0, 0))
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 0, 0
            archive.writestr(entry, data)
    return buffer.getvalue()
