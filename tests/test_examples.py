"""The example files: made anew they are the same, every format is there, and each holds what the truth says."""

import csv
import io
import json
import zipfile
from collections import Counter
from decimal import Decimal
from pathlib import Path
from random import Random

import openpyxl
import pytest
import pyxlsb
import xlrd
from odf import opendocument, table, teletype
from stdnum.cn import uscc
from tuijie_xl.examples import FOLDER, FORMATS, files, filled, hands
from tuijie_xl.examples.generate import TRUTH, generate
from tuijie_xl.examples.people import PLACES, People, organisation_check
from tuijie_xl.examples.truth import expected_verdict

TRUE = json.loads((FOLDER / TRUTH).read_text("utf-8"))
FILES = {entry["file"]: entry for entry in TRUE["files"]}


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fresh")
    generate(folder)
    return folder


# ------------------------------------------------------------------ made anew

def test_the_same_seed_gives_the_same_bytes(fresh, tmp_path):
    again = generate(tmp_path)
    assert [path.read_bytes() for path in again] == [(fresh / path.name).read_bytes() for path in again]
    assert (tmp_path / TRUTH).read_bytes() == (fresh / TRUTH).read_bytes()


def test_another_seed_gives_other_applicants(fresh, tmp_path):
    generate(tmp_path, seed=7)
    assert _names(json.loads((tmp_path / TRUTH).read_text("utf-8"))).isdisjoint(_names(TRUE))


def test_the_committed_files_are_those_that_the_generator_makes(fresh):
    committed = {path.name: _parts(path) for path in [*files(), FOLDER / TRUTH]}
    assert committed == {path.name: _parts(path) for path in fresh.iterdir()}


def _parts(path: Path) -> object:
    """What a file holds: a zip's parts by name (its compression may differ between machines), else its bytes."""
    if not zipfile.is_zipfile(path):
        return path.read_bytes()
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def _names(truth: dict) -> set[str]:
    return {a["name"] for file in truth["files"] for sheet in file["sheets"] for a in sheet["applicants"]}


# ------------------------------------------------------------------ what there is

def test_all_formats_and_about_three_hundred_applicants():
    kinds = Counter(a["kind"] for file in FILES.values() for sheet in file["sheets"] for a in sheet["applicants"])
    assert len(FILES) >= 14
    assert {path.suffix[1:] for path in files()} == set(FORMATS)
    assert 280 <= kinds.total() <= 330
    assert 20 <= kinds["park"] <= 30 and 20 <= kinds["trainer"] <= 30


def test_the_folder_is_small():
    assert sum(path.stat().st_size for path in FOLDER.iterdir() if path.is_file()) < 2_000_000


def test_an_xlsm_is_of_the_macro_content_type():
    for path in (p for p in files() if p.suffix == ".xlsm"):
        with zipfile.ZipFile(path) as package:
            assert b"application/vnd.ms-excel.sheet.macroEnabled.main+xml" in package.read("[Content_Types].xml")


def test_one_csv_is_utf8_with_a_mark_and_one_gb18030():
    data = [path.read_bytes() for path in files() if path.suffix == ".csv"]
    assert [d.startswith(b"\xef\xbb\xbf") for d in data].count(True) == 1
    (other,) = (d for d in data if not d.startswith(b"\xef\xbb\xbf"))
    with pytest.raises(UnicodeDecodeError):
        other.decode("utf-8")
    assert "企业名称" in other.decode("gb18030")


def test_duplicates_stand_in_two_files():
    seen = Counter(a["name"] for file in FILES.values() for sheet in file["sheets"] for a in sheet["applicants"])
    twice = {name for name, count in seen.items() if count == 2}
    marked = [a for file in FILES.values() for sheet in file["sheets"] for a in sheet["applicants"]
              if a["fate"] == "duplicate"]
    assert max(seen.values()) == 2
    assert len(marked) == 8 and {a["name"] for a in marked} < twice and len(twice) == 10


# ------------------------------------------------------------------ read by others

def _sheets_of(path: Path) -> dict[str, list[list]]:
    """Sheet name -> rows of cells, by a reader that the product does not rest on."""
    return _READERS[path.suffix](path)


def _read_openpyxl(path):
    book = openpyxl.load_workbook(path, data_only=True)
    return {page.title: [list(row) for row in page.iter_rows(values_only=True)] for page in book}


def _read_xlrd(path):
    with xlrd.open_workbook(path) as book:
        return {page.name: [page.row_values(i) for i in range(page.nrows)] for page in book.sheets()}


def _read_pyxlsb(path):
    found = {}
    with pyxlsb.open_workbook(str(path)) as book:
        for name in book.sheets:
            with book.get_sheet(name) as page:
                found[name] = [[cell.v for cell in row] for row in page.rows()]
    return found


def _read_odfpy(path):
    pages = opendocument.load(str(path)).spreadsheet.getElementsByType(table.Table)
    return {page.getAttribute("name"): [
        [teletype.extractText(cell) for cell in row.getElementsByType(table.TableCell)]
        for row in page.getElementsByType(table.TableRow)] for page in pages}


def _read_csv(path):
    data = path.read_bytes()
    text = data.decode("utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else "gb18030")
    return {"": list(csv.reader(io.StringIO(text)))}


_READERS = {".xlsx": _read_openpyxl, ".xlsm": _read_openpyxl, ".xls": _read_xlrd, ".xlsb": _read_pyxlsb,
            ".ods": _read_odfpy, ".csv": _read_csv}


@pytest.mark.parametrize("name", FILES)
def test_each_file_holds_the_applicants_of_the_truth_in_their_order(name):
    found = _sheets_of(FOLDER / name)
    for sheet in FILES[name]["sheets"]:
        wanted = [a["name"] for a in sheet["applicants"]]
        texts = ["".join(cell.split()) for row in found[sheet["name"]] for cell in row if isinstance(cell, str)]
        assert [text for text in texts if text in set(wanted)] == wanted


@pytest.mark.parametrize("name", sorted(FILES.keys() - {filled.NAME}))
def test_the_rows_of_the_truth_are_all_rows_but_the_header(name):
    found = _sheets_of(FOLDER / name)
    for sheet in FILES[name]["sheets"]:
        rows = sheet["rows"]
        assert len(found[sheet["name"]]) - sum(rows.values()) in (1, 2)
        assert rows["accepted"] + rows.get("duplicate", 0) == len(sheet["applicants"])


def test_numbers_that_were_written_in_other_units_are_the_truth_times_the_unit():
    (jiangsu,) = (path for path in files() if path.suffix == ".xlsm")
    truth = {a["name"]: a["revenue"] for a in FILES[jiangsu.name]["sheets"][0]["applicants"]}
    rows = _sheets_of(jiangsu)["服务外包企业"]
    head = next(row for row in rows if "单位名称" in row)
    column = head.index("2017年服务外包营业额（亿元）")
    written = {row[head.index("单位名称")]: row[column] for row in rows if isinstance(row[column], int | float)}
    assert len(written) >= 18
    for name, value in written.items():
        if name in truth:
            assert Decimal(format(value, ".15g")) * 10000 == Decimal(truth[name])


def test_errors_and_formulas_without_a_result_are_in_the_files():
    hubei = openpyxl.load_workbook(FOLDER / "湖北省商务厅推介申报汇总.xlsx")["企业"]
    values = openpyxl.load_workbook(FOLDER / "湖北省商务厅推介申报汇总.xlsx", data_only=True)["企业"]
    formulas = {cell.value: values[cell.coordinate].value for row in hubei for cell in row if cell.data_type == "f"}
    assert formulas == {"=NA()": "#N/A", "=1/0": "#DIV/0!", "=300+25": None}


# ------------------------------------------------------------------ how they are made

@pytest.mark.parametrize("hand, value, written, known", [
    ("yuan", Decimal("3000.5"), 30005000, Decimal("3000.5")),
    ("wan in words", Decimal(3000), "3,000万", Decimal(3000)),
    ("yi in words", Decimal(12000), "1.2亿元", Decimal(12000)),
    ("full width", 300, "３００", 300),
    ("letter O", "9137010", "9137O1O", "9137O1O"),
    ("code as number", "913706833104614358", 913706833104614e3, "913706833104614000"),
    ("code as number", "91370100MA3C0KJY7J", "91370100MA3C0KJY7J", "91370100MA3C0KJY7J"),
    ("=约300", 300, "约300", None),
    ("=", 300, None, None),
    ("", None, None, None),
])
def test_hands(hand, value, written, known):
    assert hands.write(hand, value) == (written, known)


@pytest.mark.parametrize("revenue, staff, hq, delivery, centre, source, verdict", [
    (3000, 85, "境内", "是", None, None, "eligible"),
    (3000, 86, "境内", "是", None, None, "ineligible"),
    (Decimal("2999.99"), 300, "境内", "是", None, None, "ineligible"),
    (3000, 300, "境内", "否", None, None, "ineligible"),
    (3000, 300, "境外", None, "研发中心", "两者均有", "eligible"),
    (3000, 300, "境外", None, "研发中心", None, "unknown"),
    (3000, 0, "境内", "是", None, None, "unknown"),
    (None, 300, "境内", "是", None, None, "unknown"),
    (None, 300, None, "否", "无", None, "ineligible"),
])
def test_expected_verdict(revenue, staff, hq, delivery, centre, source, verdict):
    said = {"outsourcing_revenue": revenue, "outsourcing_staff": staff, "hq": hq, "delivery_in_china": delivery,
            "china_centre": centre, "overseas_source": source}
    assert expected_verdict("company", said) == verdict


def test_codes_have_both_check_digits_right():
    people = People(Random(1))
    codes = [people.code(place, "91") for places in PLACES.values() for place in places for _ in range(20)]
    assert all(uscc.is_valid(code) and organisation_check(code[8:16]) == code[16] for code in codes)
    assert len(set(codes)) == len(codes)


def test_a_real_organisation_code_has_the_check_character_of_gb11714():
    assert organisation_check("32172398") == "X"
