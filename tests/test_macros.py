"""The VBA project: what is in it, that independent readers read it, and that its macros do what they say."""

import io
import json
import os
import re
import shutil
import subprocess
import warnings
import zipfile
from dataclasses import replace
from pathlib import Path

import olefile
import openpyxl
import pytest
from officer_book import ROWS, build, officer_book, probe_book, probe_sources, vba  # noqa: F401
from pyopenvba import ExcelFile, VBAModuleKind
from pyopenvba.apps.excel import ExcelApplication
from pyopenvba.vba import decompress
from soffice import find_office

from tuijie_xl.applicants import frame_of
from tuijie_xl.book import column_letter
from tuijie_xl.buttons import BUTTONS
from tuijie_xl.edition import Term, editions, load_edition
from tuijie_xl.files.reading import read_book
from tuijie_xl.intake import read_submission
from tuijie_xl.layout.columns import kind_columns
from tuijie_xl.layout.entry import FIRST_ROW, LABEL_ROW
from tuijie_xl.layout.officer import DESK, XLWINGS, picked_field, plan_officer
from tuijie_xl.layout.picker import BOX, PICKER

with warnings.catch_warnings():         # oletools calls pyparsing by names that are on their way out
    warnings.simplefilter("ignore", DeprecationWarning)
    from oletools.olevba import VBA_Parser, decompress_stream

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:oletools")
FIRST = FIRST_ROW + 1                   # the first prepared row, counted from 1
HERE = Path(__file__).parent


def project(path) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return archive.read(vba.PROJECT)


def body(source: str) -> str:
    """Code without the head of an exported class, attributes and the ends of lines."""
    source = re.sub(r"\AVERSION 1\.0 CLASS\r?\nBEGIN\r?\n.*?\nEND\r?\n", "", source, flags=re.DOTALL)
    lines = [line.rstrip() for line in source.replace("\r\n", "\n").splitlines() if not line.startswith("Attribute ")]
    return "\n".join(lines).strip()


@pytest.fixture(scope="module")
def sources():
    return vba.read_macros()


@pytest.fixture(scope="module")
def code_names(officer_book):  # noqa: F811
    """The code names that the workbook's own XML gives to itself and its sheets, in their order."""
    with zipfile.ZipFile(officer_book) as archive:
        texts = [archive.read("xl/workbook.xml")] + [
            archive.read(f"xl/worksheets/sheet{n}.xml")[:2000]
            for n in range(1, 1 + archive.read("xl/workbook.xml").count(b"<sheet "))]
    return [re.search(rb'<(?:workbookPr|sheetPr)\b[^>]*?codeName="(\w+)"', text)[1].decode() for text in texts]


# ------------------------------------------------------------------ the sources

def test_our_own_macros_are_few():
    lines = [line for file in vba.MACROS.glob("*.[bc][al]s") for line in file.read_text("ascii").splitlines()
             if line.strip() and not line.lstrip().startswith("'")]
    assert len(lines) < 150


@pytest.mark.parametrize("name, text, why", [
    ("Bad.bas", 'Attribute VB_Name = "Bad"\nSub A()\nMsgBox "完成"\nEnd Sub\n', "line 3: not ASCII"),
    ("Bad.bas", '\ufeffAttribute VB_Name = "Bad"\n', "line 1: not ASCII"),
    ("Bad.bas", 'Attribute VB_Name = "Other"\n', "must begin with"),
    ("Bad.bas", "Option Explicit\n", "must begin with"),
    ("模块.bas", "Option Explicit\n", "ASCII letters"),
    ("A" * 32 + ".bas", "Option Explicit\n", "1 to 31"),
])
def test_a_source_that_must_not_be_built_stops_the_build(tmp_path, name, text, why):
    (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(vba.MacroError, match=why):
        vba.read_macros(tmp_path)


def test_code_of_a_sheet_that_does_not_exist_stops_the_build(edition, tmp_path):
    with pytest.raises(vba.MacroError, match="Sheet99.cls: neither a class nor the code of ThisWorkbook, Sheet1"):
        build.build_officer(plan_officer(edition, 1), tmp_path / "x.xlsm", {"Sheet99.cls": "Option Explicit\r\n"})
    assert not list(tmp_path.iterdir())


def test_macros_go_into_a_plain_workbook_only(officer_book, sources):  # noqa: F811
    with pytest.raises(vba.MacroError, match="not the package of an .xlsx"):
        vba.with_macros(vba.unpack(officer_book.read_bytes()), sources)


def test_a_project_that_is_not_as_pyopenvba_makes_it_stops_the_build(officer_book):  # noqa: F811
    with pytest.raises(vba.MacroError, match="code page is not where it was"):
        vba._as_specified(project(officer_book))


def test_without_xlwings_the_build_says_what_to_install(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(vba.MacroError, match="pip install"):
        vba.xlwings_modules()


# ------------------------------------------------------------------ the project, by readers that did not write it

def test_olevba_reads_every_module_back(officer_book, sources, code_names):  # noqa: F811
    parser = VBA_Parser(str(officer_book))
    found = {Path(name).stem: code for _, _, name, code in parser.extract_macros()}
    parser.close()
    assert {name: body(code) for name, code in found.items()} == {
        **{name: "" for name in code_names}, **{Path(name).stem: body(text) for name, text in sources.items()}}


def test_nothing_runs_by_itself(officer_book):  # noqa: F811
    parser = VBA_Parser(str(officer_book))
    assert [word for kind, word, _ in parser.analyze_macros() if kind == "AutoExec"] == []
    parser.close()


def test_one_document_module_for_the_workbook_and_each_sheet(officer_book, code_names):  # noqa: F811
    assert code_names == ["ThisWorkbook", *(f"Sheet{n}" for n in range(1, len(code_names)))]
    assert len(code_names) == 1 + len(openpyxl.load_workbook(officer_book, read_only=True).sheetnames)
    text = olefile.OleFileIO(project(officer_book)).openstream("PROJECT").read().decode("ascii")
    assert re.findall(r"^Document=(\w+)/&H00000000\r$", text, re.MULTILINE) == code_names
    assert re.findall(r"^(Module|Class)=(\w+)\r$", text, re.MULTILINE) == [
        ("Module", "Ribbon"), ("Module", "Services"), ("Module", "xlwings"), ("Class", "Dictionary")]
    assert "BaseClass" not in text and "PROJECTlk" not in text


def test_the_streams_agree(officer_book, code_names):  # noqa: F811
    """PROJECT, PROJECTwm, dir and the streams themselves name the same modules; every module is source alone."""
    ole = olefile.OleFileIO(project(officer_book))
    assert ole.parsing_issues == []
    modules = [*code_names, "Ribbon", "Services", "xlwings", "Dictionary"]
    streams = {name for folder, *names in ole.listdir() if folder == "VBA" for name in names}
    assert streams == {*modules, "dir", "_VBA_PROJECT"}
    named = ole.openstream("PROJECTwm").read()
    assert named == b"".join(n.encode() + b"\0" + n.encode("utf-16-le") + b"\0\0" for n in modules) + b"\0\0"
    directory = decompress(ole.openstream("VBA/dir").read())
    assert directory.count(b"\x31\0\x04\0\0\0\0\0\0\0") == len(modules)             # MODULEOFFSET 0: no p-code before it
    assert directory.count(b"\x03\0\x02\0\0\0" + (936).to_bytes(2, "little")) == 1  # PROJECTCODEPAGE
    assert directory.count(b"\x02\0\x04\0\0\0\x09\x04\0\0") == 1                    # PROJECTLCID 0x0409
    assert ole.openstream("VBA/_VBA_PROJECT").read() == bytes.fromhex("CC61FFFF000000")


def test_the_compression_is_read_by_another_implementation(officer_book):  # noqa: F811
    ole = olefile.OleFileIO(project(officer_book))
    raw = ole.openstream("VBA/xlwings").read()
    assert decompress_stream(bytearray(raw)) == decompress(raw)


def test_pyopenvba_finds_nothing_to_mend(officer_book):  # noqa: F811
    with ExcelFile(officer_book) as book:
        assert book.validate() == []
        assert [reference.name for reference in book.references()] == ["stdole", "Office"]
        assert book.vba_project().code_page == 936
        kinds = {m.name: m.kind for m in book.vba_project().modules}
        assert {n for n, kind in kinds.items() if kind is VBAModuleKind.standard} == {"Ribbon", "Services", "xlwings"}


def test_two_builds_are_the_same_bytes(edition, officer_book, tmp_path):  # noqa: F811
    assert build.build_officer(plan_officer(edition, ROWS), tmp_path / "b.xlsm").read_bytes() == officer_book.read_bytes()


@pytest.mark.parametrize("name", editions())
def test_the_committed_workbook_is_current(tmp_path, name):
    fresh = build.build_officer(plan_officer(load_edition(name)), tmp_path / f"推介申报_{name}.xlsm")
    # part by part: the compression of another platform may differ
    assert vba.unpack(fresh.read_bytes()) == vba.unpack((build.FOLDER / fresh.name).read_bytes()), "run: python workbook/build.py"


def test_the_parts_are_those_of_the_plan_but_for_macros_and_ribbon(edition, officer_book, tmp_path):  # noqa: F811
    """Nothing that the template proves is lost on the way: only code names and types are added to its parts."""
    build.write_workbook(plan_officer(edition, ROWS), tmp_path / "plain.xlsx")
    plain, made = vba.unpack((tmp_path / "plain.xlsx").read_bytes()), vba.unpack(officer_book.read_bytes())
    assert set(made) - set(plain) == {vba.PROJECT, "customUI/customUI.xml"}
    changed = {name for name in plain if re.sub(rb'<sheetPr codeName="\w+"/>| codeName="\w+"', b"", made[name]) != plain[name]}
    assert changed == {"[Content_Types].xml", "_rels/.rels", "xl/_rels/workbook.xml.rels"}


# ------------------------------------------------------------------ what the macros do, in pyopenvba's interpreter

@pytest.fixture
def excel(probe_book):  # noqa: F811
    return ExcelApplication.open(probe_book)


def command(button) -> list[str]:
    """What RunPython must be given for a button."""
    return [] if button.local else [f"import tuijie_xl.live; tuijie_xl.live.press('{button.id}')"]


@pytest.fixture(scope="module")
def ribbon_of(probe_book):  # noqa: F811
    return ExcelApplication.open(probe_book)


@pytest.mark.parametrize("button", [b for b in BUTTONS if not b.local], ids=lambda b: b.id)
def test_a_button_reaches_python_with_its_id(ribbon_of, button):
    ribbon_of.console.clear()
    ribbon_of.run("Click", button.id)
    assert ribbon_of.console == command(button)
    assert ribbon_of.dialogs == []


@pytest.mark.parametrize("button", [b for b in BUTTONS if b.local], ids=lambda b: b.id)
def test_a_local_button_needs_no_python(excel, button):
    excel.run("Click", button.id)
    assert excel.console == [] and button.id == "services"


@pytest.fixture(scope="module")
def desk(edition, tmp_path_factory):
    """The interpreter has no Application.Caller: the button pressed is the one over the active cell."""
    sources = probe_sources()
    pressed = "ActiveSheet.Shapes(Application.Caller).TopLeftCell.Row"
    assert sources["Ribbon.bas"].count(pressed) == 1
    sources["Ribbon.bas"] = sources["Ribbon.bas"].replace(pressed, "ActiveCell.Row")
    folder = tmp_path_factory.mktemp("desk")
    return ExcelApplication.open(build.build_officer(plan_officer(edition, 2), folder / "desk.xlsm", sources))


@pytest.mark.parametrize("button", BUTTONS, ids=lambda b: b.id)
def test_a_button_on_the_desk_does_the_same(desk, button):
    desk.console.clear()
    row = next(r for r in range(1, 60) if desk.sheet(DESK).value(f"A{r}") == button.id)
    desk.run("Choose", DESK, f"C{row}")
    desk.run("PressSheetButton")
    assert desk.console == command(button)


def test_when_python_cannot_be_run_the_officer_is_told_what_to_do(edition, tmp_path):
    book = build.build_officer(plan_officer(edition, 2), tmp_path / "failing.xlsm", probe_sources(result=-1))
    excel = ExcelApplication.open(book)
    excel.run("Click", "validate")
    [(_, message, title, _)] = excel.dialogs
    assert title == "推介申报" and "tuijie install" in message


def test_an_error_of_windows_is_shown_under_our_own_words(edition, tmp_path):
    failing = probe_sources()
    failing["xlwings.bas"] = failing["xlwings.bas"].replace("    Debug.Print", "    Err.Raise 429, , \"blocked\"\r\n    Debug.Print")
    excel = ExcelApplication.open(build.build_officer(plan_officer(edition, 2), tmp_path / "failing.xlsm", failing))
    excel.run("Click", "validate")
    [(_, message, _, _)] = excel.dialogs
    assert "tuijie install" in message and message.endswith("\r\n\r\nblocked")


# ------------------------------------------------------------------ the picker

def tick_columns(edition, kind: str) -> dict[str, str]:
    """Label -> letters of the tick columns of a kind's sheet."""
    return {c.label: column_letter(c.index) for c in kind_columns(edition, kind) if c.term}


def beside(address: str) -> str:
    """The cell to the right: 'D5' -> 'E5' (the picker has less than 26 columns)."""
    return chr(ord(address[0]) + 1) + address[1:]


def boxes(book) -> dict[str, str]:
    """Service -> address of its box on the picker."""
    page = openpyxl.load_workbook(book)[PICKER]
    return {row[i + 1].value: cell.coordinate for row in page.iter_rows() for i, cell in enumerate(row) if cell.value == BOX}


def test_the_picker_offers_every_service_once_grouped_as_in_the_notice(edition, officer_book):  # noqa: F811
    vocabulary = edition.vocabularies[picked_field(edition).vocabulary]
    assert list(boxes(officer_book)) == [term.label for term in vocabulary.leaves] and len(vocabulary.leaves) == 40
    page = openpyxl.load_workbook(officer_book)[PICKER]
    heads = [page.cell(row, 2).value for row in range(5, page.max_row + 1) if page.cell(row, 2).value]
    groups = [page.cell(row, 3).value for row in range(5, page.max_row + 1) if page.cell(row, 3).value]
    assert heads == [term.label for term in vocabulary.level(1)]
    assert groups == [term.label for term in vocabulary.level(2)]


def test_next_years_service_is_on_the_picker_without_a_change_of_code(edition):
    services = edition.vocabularies["service"]
    newest = Term("NEW", "区块链服务", services.level(2)[-1].code)
    next_year = replace(edition, vocabularies=edition.vocabularies | {
        "service": replace(services, terms=(*services.terms, newest))})
    picker = plan_officer(next_year, 1).sheet(PICKER)
    shown = [value for _, _, value in sorted(picker.values(), key=lambda cell: cell[:2])]
    assert shown.count(BOX) == 41 and shown[shown.index("区块链服务") - 1] == BOX


def test_a_kind_without_services_has_no_ticks_for_the_picker(edition):
    fewer = replace(edition, all_fields=tuple(f for f in edition.all_fields if (f.kind, f.type) != ("park", "terms")))
    assert {name for name in plan_officer(fewer, 1).names if name.startswith("ticks_")} == {"ticks_company", "ticks_trainer"}


@pytest.mark.parametrize("kind", ["company", "park", "trainer"])
@pytest.mark.parametrize("row", [FIRST, FIRST + ROWS - 1], ids=["first-row", "last-row"])
def test_what_is_picked_is_ticked_in_the_applicants_row(edition, excel, probe_book, kind, row):  # noqa: F811
    sheet, columns, at = edition.kinds[kind].sheet, tick_columns(edition, kind), boxes(probe_book)
    first, second, third = list(columns)[::13][:3]
    page = excel.sheet(sheet)
    page.set_value(f"{columns[first]}{row}", "☑")
    page.set_value(f"B{row}", "甲公司")
    excel.run("Choose", sheet, f"D{row}")
    excel.run("Click", "services")
    assert excel.run("Standing").startswith(PICKER)
    picker = excel.sheet(PICKER)
    assert [s for s, address in at.items() if picker.value(address) == "☑"] == [first]
    assert picker.value("C3") == "甲公司"
    excel.run("DoubleClick", at[first])
    excel.run("DoubleClick", at[second])
    excel.run("DoubleClick", beside(at[third]))                 # on the words
    excel.run("AcceptServices")
    assert [label for label, letters in columns.items() if page.value(f"{letters}{row}") == "☑"] == [second, third]
    other = FIRST + 5
    assert not any(page.value(f"{letters}{other}") for letters in columns.values())
    assert excel.run("Standing") == f"{sheet}!$D${row}"
    assert picker.value("C3") is None and excel.dialogs == []


def test_cancelling_writes_nothing(edition, excel, probe_book):  # noqa: F811
    columns, at = tick_columns(edition, "company"), boxes(probe_book)
    excel.run("Choose", edition.kinds["company"].sheet, f"D{FIRST}")
    excel.run("OpenServices")
    excel.run("DoubleClick", next(iter(at.values())))
    excel.run("CancelServices")
    page = excel.sheet(edition.kinds["company"].sheet)
    assert not any(page.value(f"{letters}{FIRST}") for letters in columns.values())
    assert excel.run("Standing") == f"{edition.kinds['company'].sheet}!$D${FIRST}"


@pytest.mark.parametrize("where", [("企业", f"D{LABEL_ROW + 1}"), ("企业", f"D{FIRST + ROWS}"), (DESK, "C5"), ("填表说明", "C5")],
                         ids=["on-the-labels", "below-the-rows", "desk", "guide"])
def test_where_no_applicant_stands_the_picker_asks_for_one(excel, where):
    excel.run("Choose", *where)
    excel.run("Click", "services")
    [(_, message, _, _)] = excel.dialogs
    assert "选中" in message or "点中" in message
    assert excel.run("Standing").startswith(where[0])


def test_headings_take_no_ticks_even_without_protection(edition, excel):
    sheet, letters = edition.kinds["company"].sheet, next(iter(tick_columns(edition, "company").values()))
    excel.run("Unprotect", sheet)
    excel.run("Choose", sheet, f"{letters}{LABEL_ROW + 1}")
    assert excel.run("DoubleClick", f"{letters}{LABEL_ROW + 1}") is False
    excel.run("Click", "services")
    assert len(excel.dialogs) == 1 and excel.run("Standing").startswith(sheet)


def test_accepting_a_picker_that_is_not_open_asks_for_a_row(excel):
    excel.run("Choose", PICKER, "D5")
    excel.run("AcceptServices")
    assert len(excel.dialogs) == 1
    excel.run("CancelServices")
    assert len(excel.dialogs) == 1


def test_a_double_click_ticks_in_the_applicants_row_itself(edition, excel):
    sheet, columns = edition.kinds["park"].sheet, tick_columns(edition, "park")
    letters = list(columns.values())[3]
    excel.run("Choose", sheet, f"D{FIRST}")
    for expected in ("☑", None):
        assert excel.run("DoubleClick", f"{letters}{FIRST}") is True
        assert excel.sheet(sheet).value(f"{letters}{FIRST}") == expected
    for elsewhere in (f"B{FIRST}", f"{letters}{LABEL_ROW + 1}", f"{letters}{FIRST + ROWS}"):
        assert excel.run("DoubleClick", elsewhere) is False


# ------------------------------------------------------------------ the book as a submission

def test_an_officers_book_is_read_back_like_the_template(edition, tmp_path):
    """Our own sheets hold no applicants: nothing of 工作台 or 选择服务 is listed as a row that could not be used."""
    filled = frame_of(edition, "company", {"name": ["甲公司", "乙公司"], "services": [("大数据", "云计算"), None]})
    book = build.build_officer(plan_officer(edition, 5, {"company": filled}), tmp_path / "book.xlsm")
    intake = read_submission(read_book(book), edition)
    kinds = {kind.sheet: kind.id for kind in edition.kinds.values()}
    assert {sheet.name: sheet.counts["accepted"] for sheet in intake.sheets} == {
        name: 2 if kind == "company" else 0 for name, kind in kinds.items()}
    assert [row for sheet in intake.sheets for row in sheet.set_aside] == []
    assert (intake.status, intake.format) == ("imported", "xlsm")


# ------------------------------------------------------------------ what RunPython reads

def test_the_settings_of_xlwings_are_keys_that_it_reads(officer_book, sources):  # noqa: F811
    page = openpyxl.load_workbook(officer_book)[XLWINGS]
    settings = {row[0].value: row[1].value for row in page.iter_rows()}
    assert page.sheet_state == "hidden" and None not in settings
    for key in settings:
        assert re.search(rf'GetConfig\("{re.escape(key)}"', sources["xlwings.bas"]), key
    assert not any(key.startswith("INTERPRETER") for key in settings)       # the machine's own, never the workbook's
    assert settings["ADD_WORKBOOK_TO_PYTHONPATH"].lower() == "false"


# ------------------------------------------------------------------ in LibreOffice

@pytest.fixture(scope="module")
def in_office(probe_book, tmp_path_factory):  # noqa: F811
    """Opens the probe book in LibreOffice, takes steps, and gives {modules, results}."""
    office = find_office()
    python = next((p for p in ("/usr/bin/python3", shutil.which("python3")) if p and can_import_uno(p)), None)
    if office is None or python is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("LibreOffice with python3-uno is not installed")

    def run(*steps):
        profile = tmp_path_factory.mktemp("profile")
        done = subprocess.run([python, str(HERE / "run_in_office.py"), office.program, str(profile), str(probe_book),
                               json.dumps(steps)], capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)
    return run


def can_import_uno(python: str) -> bool:
    return subprocess.run([python, "-c", "import uno"], capture_output=True, check=False).returncode == 0


@pytest.mark.slow
def test_libreoffice_imports_every_module_and_runs_the_picker(edition, in_office, probe_book, code_names):  # noqa: F811
    sheet, at = edition.kinds["company"].sheet, boxes(probe_book)
    columns = list(tick_columns(edition, "company").values())
    ticks = f"{columns[0]}{FIRST}:{columns[-1]}{FIRST}"
    chosen = list(at.values())[7]
    got = in_office(["call", "Probe.Answer"], ["select", sheet, f"D{FIRST}"], ["call", "Services.OpenServices"],
                    ["select", PICKER, chosen], ["call", "Probe.DoubleClickHere"], ["read", PICKER, chosen], ["call", "Services.AcceptServices"],
                    ["read", sheet, ticks], ["call", "Probe.Standing"], ["buttons", DESK], ["buttons", PICKER])
    sources = probe_sources()
    assert set(got["modules"]) == {*code_names, *(Path(name).stem for name in sources)}
    for name, text in sources.items():
        assert body(got["modules"][Path(name).stem]).endswith(body(text))
    answer, _, _, _, _, box, _, row, standing, desk, picker = got["results"]
    assert answer == 42 and box == [["☑"]]
    assert row == [["☑" if i == 7 else "" for i in range(40)]]
    assert standing == f"{sheet}!$D${FIRST}"
    bound = "vnd.sun.star.script:VBAProject.{}?language=Basic&location=document"
    assert sorted(desk) == sorted([b.label, bound.format("Ribbon.PressSheetButton")] for b in BUTTONS)
    assert picker == [["确定", bound.format("Services.AcceptServices")], ["取消", bound.format("Services.CancelServices")]]


@pytest.mark.slow
def test_libreoffice_opens_the_real_book(officer_book):  # noqa: F811
    office = find_office()
    if office is None:
        pytest.skip("LibreOffice (soffice) is not installed")
    made = openpyxl.load_workbook(io.BytesIO(office.convert(officer_book, "xlsx").read_bytes()), read_only=True)
    assert made.sheetnames == openpyxl.load_workbook(officer_book, read_only=True).sheetnames
