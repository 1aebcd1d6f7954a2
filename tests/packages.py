"""Workbooks for the tests of marked copies, and their comparison part by part and element by element."""

import re
import zipfile
from pathlib import Path

import xlsxwriter
from lxml import etree

from tuijie_xl.files.marking.sheet import ORDER

TITLE = "附件1：推介汇总表"
HEADER = ["企业名称", "统一社会信用代码", "省份", "城市", "企业总部所在地", "业务交付主体在中国", "外包业务上年度营业额（万元）",
          "从事服务外包工作的员工（人）"]
GOOD = ["甲科技有限公司", "913706833104614358", "山东省", "济南市", "境内", "是", 3000, 320]
BAD = ["乙科技有限公司", "91370000163043151H", "山东省", "青岛市", "境内", "是", 5000, "约300"]
PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010806000000"
                    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082")


def zipped(path: Path, parts: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return path


def parts_of(path_or_file) -> dict[str, bytes]:
    with zipfile.ZipFile(path_or_file) as package:
        return {name: package.read(name) for name in package.namelist()}


def differing(before: dict[str, bytes], after: dict[str, bytes]) -> tuple[set, set, set]:
    """(changed, added, removed) part names."""
    return ({name for name in before if name in after and before[name] != after[name]}, set(after) - set(before),
            set(before) - set(after))


def flat(xml: bytes) -> dict[tuple, str]:
    """A worksheet as {('c', 'B5'): canonical text, ('row', '5'): attributes, ('cols', 0): ..., ...}."""
    found = {}
    for number, child in enumerate(etree.fromstring(xml)):
        if etree.QName(child).localname != "sheetData":
            found[etree.QName(child).localname, number if child.tag.endswith("conditionalFormatting") else 0] = canonical(child)
            continue
        for row in child:
            found["row", row.get("r")] = str(sorted(row.items()))
            found |= {("c", cell.get("r")): canonical(cell) for cell in row}
    return found


def canonical(element) -> str:
    return etree.tostring(element, method="c14n", exclusive=True).decode()


def changed_elements(before: bytes, after: bytes) -> dict[tuple, str]:
    """key -> 'changed', 'added' or 'removed', of the elements of a worksheet."""
    a, b = flat(before), flat(after)
    return {key: "added" if key not in a else "removed" if key not in b else "changed"
            for key in {*a, *b} if a.get(key) != b.get(key)}


def check_order(xml: bytes) -> None:
    """The children of a worksheet stand in the order of CT_Worksheet, rows and cells in theirs."""
    root = etree.fromstring(xml)
    names = [etree.QName(child).localname for child in root if etree.QName(child).localname in ORDER]
    assert names == sorted(names, key=ORDER.index)
    rows = [int(row.get("r", 0)) for row in root.iter("{*}row")]
    if not all(rows):
        return                          # written without addresses, and not touched
    assert rows == sorted(set(rows))
    for row in root.iter("{*}row"):
        cells = [cell.get("r") for cell in row.iter("{*}c") if cell.get("r")]
        assert cells == sorted(set(cells), key=lambda ref: (len(re.match("[A-Z]+", ref)[0]), ref))


def check_package(path_or_file) -> None:
    """Every part is declared, every relationship leads somewhere, ids and styles exist, worksheets are in order."""
    parts = parts_of(path_or_file)
    types = etree.fromstring(parts["[Content_Types].xml"])
    overrides = [one.get("PartName").lstrip("/") for one in types.iter("{*}Override")]
    extensions = {one.get("Extension").lower() for one in types.iter("{*}Default")}
    assert len(overrides) == len(set(overrides)) and set(overrides) <= set(parts)
    for name in parts:
        assert name == "[Content_Types].xml" or name in overrides or name.rpartition(".")[2].lower() in extensions, name
    for name in parts:
        if name.endswith(".rels"):
            _check_rels(name, parts)
    styles = next((parts[name] for name in parts if name.endswith("styles.xml")), None)
    formats = len(etree.fromstring(styles).find("{*}cellXfs")) if styles else 1
    for name in parts:
        if "/worksheets/" in name and name.endswith(".xml"):
            check_order(parts[name])
            assert all(int(cell.get("s", 0)) < formats for cell in etree.fromstring(parts[name]).iter("{*}c"))


def _check_rels(name: str, parts: dict[str, bytes]) -> None:
    folder = name.replace("_rels/", "").rpartition("/")[0]
    ids = []
    for one in etree.fromstring(parts[name]):
        ids.append(one.get("Id"))
        target = one.get("Target")
        if one.get("TargetMode") != "External":
            full = target[1:] if target.startswith("/") else str(Path("/", folder, target).resolve())[1:]
            assert full in parts, (name, target)
    assert len(ids) == len(set(ids))


# ------------------------------------------------------------------ workbooks

def plain_book(path: Path, *rows, name="企业", before=None) -> Path:
    """Title, header in row 2, the rows below it; ``before(book, sheet)`` adds what it likes."""
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet(name)
    for r, row in enumerate([[TITLE], HEADER, *(rows or (GOOD, BAD))]):
        for c, value in enumerate(row):
            if value is not None:
                sheet.write(r, c, value)
    if before:
        before(book, sheet)
    book.close()
    return path


def rich(book, sheet) -> None:
    """A picture, a chart, notes, a validation, conditional formats (also x14), a sparkline, hidden rows and columns,
    merges, a table beside, links, protection, print set-up and names."""
    scratch = Path(book.filename).with_suffix(".png")
    scratch.write_bytes(PNG)
    yellow = book.add_format({"bg_color": "#FFEE00", "bold": True, "num_format": "0.00", "border": 1})
    sheet.write("B4", "91370683310461435A")                 # no such check digit
    sheet.write("H4", "约300", yellow)
    sheet.write_comment("A3", "领导：已电话核实", {"author": "王科长"})
    sheet.write_comment("H4", "王科长的批注", {"author": "王科长"})
    sheet.insert_image("M2", str(scratch))
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=企业!$G$3:$G$4"})
    sheet.insert_chart("M6", chart)
    sheet.data_validation("E3:E20", {"validate": "list", "source": ["境内", "境外"]})
    sheet.conditional_format("G3:G20", {"type": "cell", "criteria": ">", "value": 1, "format": yellow})
    sheet.conditional_format("G3:G20", {"type": "data_bar", "data_bar_2010": True})
    sheet.add_sparkline("K3", {"range": "企业!G3:H3"})
    sheet.merge_range("A1:H1", TITLE, book.add_format({"align": "center"}))
    sheet.set_row(10, None, None, {"hidden": True})
    sheet.set_column("C:C", 20, None, {"hidden": True})
    sheet.set_column("A:A", 33.5, book.add_format({"font_color": "red"}))
    sheet.add_table("P2:Q4", {"columns": [{"header": "附"}, {"header": "记"}]})
    sheet.write_url("J3", "https://example.cn/")
    sheet.write_formula("J4", "=SUM(G3:G4)", None, 8000)
    sheet.protect("pw")
    sheet.set_header("&L&G", {"image_left": str(scratch)})
    sheet.autofilter("A2:H4")
    book.define_name("区域", "=企业!$A$1:$H$4")
