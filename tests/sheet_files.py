"""Files for the tests of reading: packages made by hand, and the refusal that an officer sees."""

import zipfile

import pytest
import xlsxwriter

from tuijie_xl.files.reading import read_book
from tuijie_xl.problem import UnusableFile


def grid(path, index=0):
    return read_book(path).grids[index]


def refusal(path) -> str:
    with pytest.raises(UnusableFile) as caught:
        read_book(path)
    why = caught.value.why
    assert why.endswith("。") and "请" in why or "锁文件" in why, "one sentence with the next step"
    return why


def zipped(path, parts: dict[str, str | bytes]):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return path


def rewrite(path, change):
    """The package with ``change(name, content)`` applied to every part."""
    with zipfile.ZipFile(path) as package:
        parts = {name: change(name, package.read(name)) for name in package.namelist()}
    return zipped(path, parts)


def sheet_xlsx(path, sheet_xml: str | bytes):
    """An xlsx whose one sheet is exactly this XML."""
    xlsxwriter.Workbook(path).close()
    return rewrite(path, lambda name, content: sheet_xml if name.endswith("sheet1.xml") else content)


def worksheet(rows: str, after: str = "", before: str = "") -> str:
    return ('<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
            f"{before}<sheetData>{rows}</sheetData>{after}</worksheet>")
