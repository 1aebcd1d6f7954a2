"""The way from Python to LibreOffice: the UNO bridge, taken from the system into this interpreter.

Linux distributions give the bridge (``uno.py``, ``unohelper.py`` and the compiled ``pyuno``) to the system's Python
only. A virtual environment of the same minor version can load the very same files: they are looked for in
``PLACES`` (and in ``TUIJIE_UNO_PATH``, which goes first) and loaded with a search path that is put back afterwards.
``uno.py`` also replaces the interpreter's ``__import__``; that is undone as well, so UNO's own types are asked for by
name (``struct``, ``constant``, ``enum``) and never by an import statement.
"""

from __future__ import annotations

import builtins
import glob
import importlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from types import ModuleType
from typing import Any

PLACES = (
    "/usr/lib/python3/dist-packages", "/usr/lib/python3.*/site-packages", "/usr/lib64/python3.*/site-packages",
    "/usr/lib/libreoffice/program", "/usr/lib64/libreoffice/program", "/opt/libreoffice*/program",
    "/snap/libreoffice/current/lib/libreoffice/program",
)

# com.sun.star.sheet.CellFlags: values, dates, texts and formulas; notes; hard, style and edit attributes
CONTENTS, NOTES, FORMATS = 1 | 2 | 4 | 16, 8, 32 | 64 | 256


class BridgeMissing(ImportError):
    """LibreOffice's Python bridge is not there, or is made for another Python; the message is for the officer."""


def folders() -> list[str]:
    """The folders that may hold the bridge's files, in the order in which they are looked at."""
    own = [place for place in os.environ.get("TUIJIE_UNO_PATH", "").split(os.pathsep) if place]
    found = own + [folder for place in PLACES for folder in sorted(glob.glob(place))]
    return [folder for folder in found if any(glob.glob(os.path.join(folder, name)) for name in ("uno.py", "pyuno*.so"))]


@contextmanager
def _lent(places: list[str]) -> Iterator[None]:
    """``sys.path`` with the bridge's folders at its end, and the import function, both restored at the end."""
    path, import_function = list(sys.path), builtins.__import__
    sys.path[:] = [*path, *places]
    try:
        yield
    finally:
        sys.path[:] = path
        builtins.__import__ = import_function


@cache
def uno() -> ModuleType:
    """LibreOffice's ``uno`` module, loaded once. ``BridgeMissing`` says in Chinese what is missing."""
    places = folders()
    if not places:
        raise BridgeMissing("找不到 LibreOffice 的 Python 接口（uno.py、pyuno）。"
                            "请安装软件包 python3-uno（apt install libreoffice-calc python3-uno），"
                            "或用环境变量 TUIJIE_UNO_PATH 指明它所在的文件夹。")
    with _lent(places):
        try:
            module = importlib.import_module("uno")
            importlib.import_module("unohelper")
        except ImportError as error:
            raise BridgeMissing(
                f"LibreOffice 的 Python 接口在 {'、'.join(places)}，但 Python {sys.version_info[0]}.{sys.version_info[1]} "
                f"装不上它（{error}）。请改用与系统同一小版本的 Python 建立虚拟环境。") from error
    return module


def struct(name: str, *values: Any, **fields: Any) -> Any:
    """A UNO struct: ``struct('table.CellAddress', 0, 2, 4)``; the name without 'com.sun.star.'."""
    return uno().createUnoStruct(f"com.sun.star.{name}", *values, **fields)


@cache
def enum(group: str, value: str) -> Any:
    """A UNO enumeration value: ``enum('sheet.CellInsertMode', 'DOWN')``."""
    return uno().Enum(f"com.sun.star.{group}", value)


def failure(name: str) -> type[BaseException]:
    """The class of a UNO exception: ``failure('container.NoSuchElementException')``."""
    return uno().getClass(f"com.sun.star.{name}")


def settings(**values: Any) -> tuple[Any, ...]:
    """Named values as UNO wants them: ``settings(Hidden=True)``."""
    return tuple(struct("beans.PropertyValue", Name=name, Value=value) for name, value in values.items())


def typed(kind: str, value: Any) -> Any:
    """A value with its UNO type said aloud, for places that refuse what Python's type suggests."""
    return uno().Any(kind, value)


def url(path: str | os.PathLike[str]) -> str:
    """The file address of a path, with Chinese and blanks as LibreOffice writes them."""
    return uno().systemPathToFileUrl(os.path.abspath(path))


def path(address: str) -> str:
    """The path of a file address; '' for a document that has none."""
    return uno().fileUrlToSystemPath(address) if address.startswith("file:") else ""
