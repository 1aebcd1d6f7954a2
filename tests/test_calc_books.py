"""Books, sheets, names, tables, protection and the process, on live Calc documents and real files."""

import datetime as dt
import shutil
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
import xlwings as xw
from calc_session import book, calc, calc_process, sheet  # noqa: F401
from xlwings import XlwingsError

from tuijie_xl.calc import CalcSession, OfficeMissing, formulas, protection, register, view

pytestmark = pytest.mark.slow


@pytest.fixture
def file(tmp_path):
    """A small file of an officer, made by another program: table, name, note, link, validation, chart, protection."""
    path = tmp_path / "报送 一.xlsx"
    made = xlsxwriter.Workbook(path)
    first, second = made.add_worksheet("企业"), made.add_worksheet("词 表")
    first.add_table("A1:B4", {"name": "企业表", "columns": [{"header": "企业名称"}, {"header": "营业额"}],
                              "data": [["甲", 3000.5], ["乙", 1], ["丙", True]]})
    first.write_comment("A2", "请核对", {"author": "王"})
    first.write_datetime("D1", dt.datetime(2018, 7, 3), made.add_format({"num_format": "yyyy-mm-dd"}))
    first.write_url("D2", "internal:'词 表'!A1", string="去")
    first.write_formula("D3", "=SUM(企业表[营业额])+COUNTA('词 表'!A:A)")
    first.data_validation("E1", {"validate": "list", "source": "=词表_总部"})
    chart = made.add_chart({"type": "column"})
    chart.add_series({"values": "=企业!$B$2:$B$4"})
    chart.set_title({"name": "营业额"})
    first.insert_chart("G2", chart)
    first.insert_textbox("G20", "说明")
    second.write_column("A1", ["境内", "境外"])
    second.protect("口令")
    made.define_name("词表_总部", "='词 表'!$A$1:$A$2")
    made.close()
    return path


# ------------------------------------------------------------------ reading a real file

def test_what_a_real_file_holds(calc, file):  # noqa: F811
    opened = calc.books.open(file)
    first = opened.sheets["企业"]
    assert (opened.name, opened.fullname, opened.sheet_names) == (file.name, str(file), ["企业", "词 表"])
    assert first["A1:B4"].value == [["企业名称", "营业额"], ["甲", 3000.5], ["乙", 1], ["丙", True]]
    assert (first["D1"].value, first["D2"].hyperlink, first["D3"].value) == (dt.datetime(2018, 7, 3), "#'词 表'!A1", 3004.5)
    assert (first["A2"].note.text, first["A2"].note.author) == ("请核对", "")     # the author is lost
    assert first["E1"].data_validation.source == "=词表_总部"
    assert opened.names["词表_总部"].refers_to == "='词 表'!$A$1:$A$2"
    assert opened.names["词表_总部"].refers_to_range.value == ["境内", "境外"]


def test_tables_of_a_real_file(calc, file):  # noqa: F811
    first = calc.books.open(file).sheets[0]
    table = first.tables["企业表"]
    assert (table.range.address, table.header_row_range.address, table.data_body_range.address) == (
        "$A$1:$B$4", "$A$1:$B$1", "$A$2:$B$4")
    assert (first["B3"].table.name, first["D9"].table, len(first.tables), "没有" in first.tables) == ("企业表", None, 1, False)


def test_charts_and_shapes_of_a_real_file(calc, file):  # noqa: F811
    first = calc.books.open(file).sheets[0]
    chart, = first.charts
    chart.name = "营业额图"
    chart.left, chart.width = 10, 300
    assert (first.charts["营业额图"].impl.title, chart.parent, round(chart.left), round(chart.width)) == ("营业额", first, 10, 300)
    assert [shape.text for shape in first.shapes] == ["说明"]
    assert first.shapes[0].type == "custom" and first.charts.parent == first
    first.shapes[0].text, first.shapes[0].top, first.shapes[0].height = "改过", 20, 40
    assert (first.shapes[0].text, round(first.shapes[0].top), round(first.shapes[0].height)) == ("改过", 20, 40)
    chart.delete()
    assert len(first.charts) == 0
    with pytest.raises(KeyError):
        first.charts("营业额图")


def test_the_template_of_this_tool(calc):  # noqa: F811
    """The book that bureaus fill in, if it is built: opened, read and written where it is open, closed where not."""
    built = sorted((Path(__file__).parents[1] / "workbook").glob("*.xlsx"))
    if not built:
        pytest.skip("no workbook/*.xlsx is built")
    opened = calc.books.open(built[0], read_only=False)
    entry = opened.sheets[1]
    assert protection.is_protected(entry)
    unlocked = next(cell for cell in entry[entry.used_range.last_cell.row - 1, :20] if protection.is_locked(cell) is False)
    unlocked.value = "甲"
    assert unlocked.value == "甲"
    with pytest.raises(XlwingsError, match="受保护"):
        entry["A1"].value = "甲"
    assert all(name.refers_to.startswith("=") and name.refers_to_range.size for name in opened.names)
    assert any(rule.type == "custom" for rule in entry[8, 3].conditional_formats)
    assert entry.used_range.formula[8][0].startswith("=")


def test_every_formula_of_the_template_survives_translation(calc, book):  # noqa: F811
    """To Excel's writing and back: not one character is another."""
    built = sorted((Path(__file__).parents[1] / "workbook").glob("*.xlsx"))
    if not built:
        pytest.skip("no workbook/*.xlsx is built")
    to_calc, to_excel = calc.impl.function_names
    found = [text for one in calc.books.open(built[0]).sheets for row in one.used_range.impl.api.getFormulaArray()[:8]
             for text in row if text.startswith("=")]
    assert len(found) > 20
    assert [formulas.to_calc(formulas.to_excel(text, to_excel), to_calc) for text in found] == found


def test_the_macro_workbook_keeps_macros_and_ribbon(calc, tmp_path):  # noqa: F811
    built = sorted((Path(__file__).parents[1] / "workbook").glob("*.xlsm"))
    if not built:
        pytest.skip("no workbook/*.xlsm is built")
    opened = calc.books.open(shutil.copy(built[0], tmp_path))
    names = opened.sheet_names
    opened.sheets[0].activate()
    opened.save()
    opened.close()
    with zipfile.ZipFile(tmp_path / built[0].name) as package:
        assert {"xl/vbaProject.bin", "customUI/customUI.xml"} <= set(package.namelist())
    assert calc.books.open(tmp_path / built[0].name).sheet_names == names


@pytest.mark.parametrize("formula", ["=CEILING(3,2)", "=EDATE(A1,1)", "=YEARFRAC(1,400)", "=EFFECT(0.1,4)", "=STDEV.S(1,2,4)",
                                     "=IFERROR(1/0,\"\")", "=TEXTJOIN(\"、\",TRUE,\"a\",\"b\")", "=ERROR.TYPE(#N/A)", "=-50%"])
def test_function_names_are_excels(sheet, formula):  # noqa: F811
    """LibreOffice calls some of them otherwise; a name that it did not know would be #NAME?."""
    sheet["A1"].value = 1
    sheet["B1"].formula = formula
    assert sheet["B1"].formula == formula and sheet["B1"].options(err_to_str=True).value != "#NAME?"


# ------------------------------------------------------------------ books and files

def test_books_are_found_by_name_in_any_case(calc, file):  # noqa: F811
    opened = calc.books.open(file)
    assert calc.books[file.name.upper()] == calc.books.open(file) == opened
    assert [b.name for b in calc.books] == [file.name] and xw.Book(str(file)) == opened
    for missing in ("没有.xlsx", 7):
        with pytest.raises(KeyError):
            calc.books(missing)


def test_the_active_book(calc):  # noqa: F811
    one, two = calc.books.add(), calc.books.add()
    assert calc.books.active == two
    one.activate()
    assert calc.books.active == one and list(calc.books) == [one, two]
    one.close()
    two.close()
    with pytest.raises(XlwingsError, match="没有打开的工作簿"):
        _ = calc.books.active
    assert calc.selection is None


@pytest.mark.parametrize("ending", ["xlsx", "xlsm", "ods"])
def test_saving_keeps_things(calc, file, tmp_path, ending):  # noqa: F811
    opened = calc.books.open(file)
    first = opened.sheets[0]
    first["A6"].value = ["'=1+1", dt.date(2018, 7, 3), True, 2.5]
    first["A7"].formula = "=SUM(B2:B3)"
    first["A6"].add_note("新批注")
    opened.save(tmp_path / f"另存 为.{ending}")
    assert opened.name == f"另存 为.{ending}"
    opened.close()
    again = calc.books.open(tmp_path / f"另存 为.{ending}").sheets[0]
    assert again["A6:D6"].value == ["=1+1", dt.datetime(2018, 7, 3), True, 2.5]
    assert (again["A7"].formula, again["A7"].value, again["A6"].note.text) == ("=SUM(B2:B3)", 3001.5, "新批注")
    assert (again["A2"].note.text, again["D2"].hyperlink, again["E1"].data_validation.source) == (
        "请核对", "#'词 表'!A1", "=词表_总部")
    assert (again["B2"].table.name, len(again.charts), protection.is_protected(again.book.sheets[1])) == ("企业表", 1, True)


def test_another_program_reads_what_was_saved(calc, file):  # noqa: F811
    opened = calc.books.open(file)
    opened.sheets[0]["A2"].value = ["'=甲", False]
    opened.save()
    first = openpyxl.load_workbook(file)["企业"]
    assert [(first["A2"].value, first["A2"].data_type), (first["B2"].value, first["B2"].data_type)] == [("=甲", "s"), (False, "b")]


def test_a_read_only_book_is_not_saved(calc, file):  # noqa: F811
    opened = calc.books.open(file, read_only=True)
    assert protection.is_read_only(opened)
    with pytest.raises(XlwingsError, match="只读"):
        opened.save()


def test_a_file_in_use_elsewhere_opens_read_only(calc, file):  # noqa: F811
    (file.parent / f".~lock.{file.name}#").write_text("王,wang,别的电脑,01.07.2018 09:00,file:///别处;")
    assert protection.is_read_only(calc.books.open(file))


def test_what_is_no_spreadsheet(calc, tmp_path):  # noqa: F811
    with pytest.raises(FileNotFoundError):
        calc.books.open(tmp_path / "没有.xlsx")
    with pytest.raises(ValueError, match="known are"):
        calc.books.add().save(tmp_path / "a.docx")
    with pytest.raises(XlwingsError, match="没有这个文件夹"):
        calc.books.add().save(tmp_path / "没有的文件夹" / "a.xlsx")
    (tmp_path / "坏.xlsx").write_bytes(b"PK\x03\x04" + bytes(range(256)))
    with pytest.raises(XlwingsError, match="打不开"):
        calc.books.open(tmp_path / "坏.xlsx")
    assert len(calc.books) == 2


def test_passwords_of_files_are_refused_and_not_dropped(calc, file):  # noqa: F811
    with pytest.raises(NotImplementedError):
        calc.books.open(file, password="口令")
    with pytest.raises(NotImplementedError):
        calc.books.open(file, update_links=True).save(password="口令")


def test_a_folder_that_can_t_be_written(calc, file):  # noqa: F811
    target = file.parent / "挡路.xlsx"
    target.mkdir()
    with pytest.raises(XlwingsError, match="无法保存"):
        calc.books.open(file).save(target)


def test_pdf(calc, file, tmp_path):  # noqa: F811
    opened = calc.books.open(file)
    for name, printed in (("book", opened), ("sheet", opened.sheets[1]), ("range", opened.sheets[0]["A1:B2"])):
        printed.to_pdf(tmp_path / f"{name}.pdf")
        assert (tmp_path / f"{name}.pdf").read_bytes().startswith(b"%PDF")
    assert all(one.visible for one in opened.sheets)


# ------------------------------------------------------------------ sheets

def test_adding_sheets(book, sheet):  # noqa: F811
    book.sheets.add("后", after=sheet)
    book.sheets.add("前", before=sheet)
    assert (book.sheet_names, book.sheets.active.name) == (["前", "Sheet1", "后"], "前")
    assert book.sheets.add().name == "Sheet2"
    with pytest.raises(ValueError, match="already present"):
        book.sheets.add("后")
    assert ("后" in book.sheets, "无" in book.sheets) == (True, False)
    for missing in ("无", 9, 0):
        with pytest.raises(KeyError):
            book.sheets(missing)


def test_copying_moving_renaming_and_deleting_sheets(calc, book, sheet):  # noqa: F811
    sheet.name = "企业"
    sheet["A1"].value, sheet["A1"].color = "甲", (1, 2, 3)
    copied = sheet.copy()
    assert (copied.name, copied["A1"].value, copied["A1"].color) == ("企业 (2)", "甲", (1, 2, 3))
    copied.move(before=sheet)
    assert book.sheet_names == ["企业 (2)", "企业"]
    with pytest.raises(ValueError, match="already present"):
        copied.name = "企业"
    abroad = sheet.copy(before=calc.books.add().sheets[0], name="来自别处")
    assert (abroad.book.sheet_names[0], abroad["A1"].value) == ("来自别处", "甲")
    copied.delete()
    assert book.sheet_names == ["企业"]
    with pytest.raises(XlwingsError, match="至少"):
        sheet.delete()


def test_hiding_sheets(book, sheet):  # noqa: F811
    other = book.sheets.add("词表", after=sheet)
    other.visible = False
    assert (other.visible, sheet.visible) == (False, True)
    with pytest.raises(XlwingsError, match="至少"):
        sheet.visible = False


def test_clearing_sheets(sheet):  # noqa: F811
    sheet["B2"].value, sheet["B2"].color = "甲", (1, 2, 3)
    sheet.clear_contents()
    assert (sheet["B2"].value, sheet["B2"].color, sheet.used_range.address) == (None, (1, 2, 3), "$B$2")
    sheet.clear_formats()
    assert sheet["B2"].color is None
    sheet["B2"].value = 1
    sheet.clear()
    assert sheet["B2"].value is None


def test_print_area_panes_gridlines_and_scroll(book, sheet):  # noqa: F811
    assert sheet.page_setup.print_area is None
    sheet.page_setup.print_area = "$A$1:$C$9,$E$1:$F$2"
    assert sheet.page_setup.print_area == "$A$1:$C$9,$E$1:$F$2"
    sheet.page_setup.print_area = None
    assert sheet.page_setup.print_area is None
    sheet.freeze_panes.freeze_at("$A$1:$B$5")
    controller = book.impl.controller
    assert (controller.getSplitColumn(), controller.getSplitRow()) == (2, 5)
    sheet.freeze_panes.freeze_at("$1:$3")
    assert (controller.getSplitColumn(), controller.getSplitRow()) == (0, 3)
    sheet.freeze_panes.unfreeze()
    assert not controller.hasFrozenPanes()
    sheet.show_gridlines = False
    assert sheet.show_gridlines is False
    view.set_scroll(book, 40, 3)
    assert view.scroll(book) == (40, 3)


# ------------------------------------------------------------------ names and tables

def test_names(book, sheet):  # noqa: F811
    sheet.name = "企业 表"
    sheet["A1:B2"].name = "区域"
    book.names.add("Rate", "=SUM('企业 表'!$A$1:$A$9,35)")
    assert (sheet["A1:B2"].name.name, sheet["A1"].name, sheet["区域"].address) == ("区域", None, "$A$1:$B$2")
    assert (book.names["rate"].refers_to, "RATE" in book.names, "没有" in book.names) == (
        "=SUM('企业 表'!$A$1:$A$9,35)", True, False)
    assert {name.name for name in book.names} == {"区域", "Rate"} and len(book.names) == 2
    book.names["区域"] = sheet["C3"]
    assert book.names["区域"].refers_to == "='企业 表'!$C$3"
    book.names["Rate"].name = "比率"
    book.names.add("区域", "='企业 表'!$D$4")
    assert [book.names[i].refers_to for i in range(2) if book.names[i].name == "区域"] == ["='企业 表'!$D$4"]
    with pytest.raises(XlwingsError, match="不指向"):
        _ = book.names["比率"].refers_to_range
    del book.names["比率"]
    assert len(book.names) == 1
    with pytest.raises(KeyError):
        book.names("比率")
    with pytest.raises(XlwingsError, match="不能用作名称"):
        book.names.add("1 a", "=1")


def test_names_of_a_sheet(book, sheet):  # noqa: F811
    """Unlike Excel, the book's collection does not list them."""
    sheet.names.add("合计", f"={sheet.name}!$B$9")
    assert ([n.name for n in sheet.names], len(book.names), sheet["合计"].address) == ([f"{sheet.name}!合计"], 0, "$B$9")


def test_tables(sheet):  # noqa: F811
    sheet["A1"].value = [["企业名称", "营业额"], ["甲", 1], ["乙", 2]]
    table = sheet.tables.add(sheet["A1:B3"], name="企业表")
    sheet["D1"].formula = "=SUM(企业表[营业额])"
    assert (sheet["D1"].value, table.show_autofilter, sheet.tables[0].name) == (3, True, "企业表")
    sheet["A4"].value = ["丙", 3]
    table.resize(sheet["A1:B4"])
    assert (table.range.address, table.data_body_range.address) == ("$A$1:$B$4", "$A$2:$B$4")
    table.name = "公司表"
    table.show_autofilter, table.show_headers = False, False
    assert (table.show_autofilter, table.header_row_range, table.data_body_range.address) == (False, None, "$A$1:$B$4")
    assert (table.show_totals, table.totals_row_range, table.parent) == (False, None, sheet)
    assert sheet.tables["公司表"].display_name == "公司表"
    with pytest.raises(XlwingsError, match="重叠"):
        sheet.tables.add(sheet["B2:C9"])
    with pytest.raises(XlwingsError, match="已有名为"):
        sheet.tables.add(sheet["F1:G2"], name="公司表")
    assert sheet.tables.add(sheet["F1:G2"]).name == "Table1"
    with pytest.raises(KeyError):
        sheet.tables("没有")


# ------------------------------------------------------------------ protection

def test_protected_cells_refuse_and_say_so(sheet):  # noqa: F811
    """LibreOffice would leave most of these undone without a word."""
    protection.set_locked(sheet["B1:B9"], False)
    protection.protect(sheet, "口令")
    sheet["B2"].value = "甲"
    assert (sheet["B2"].value, protection.is_protected(sheet)) == ("甲", True)
    assert [protection.is_locked(sheet[a]) for a in ("A1", "B1", "A1:B1")] == [True, False, None]
    refused = [
        lambda: setattr(sheet["A1"], "value", 1), lambda: setattr(sheet["A1:B1"], "value", 1),
        lambda: setattr(sheet["A1"], "formula", "=1"), lambda: sheet["A1"].clear_contents(), lambda: sheet["A1"].clear(),
        lambda: setattr(sheet["B1"], "color", (1, 2, 3)), lambda: setattr(sheet["B1"].font, "bold", True),
        lambda: sheet["B1"].add_note("x"), lambda: sheet["B1:B2"].merge(), lambda: sheet["1:1"].insert("down"),
        lambda: sheet["A1"].add_hyperlink("http://a.b"), lambda: sheet["B1"].data_validation.set_list(["a"]),
        lambda: sheet.clear(), lambda: sheet["B1"].conditional_formats.add_custom("=1"), lambda: sheet.tables.add(sheet["B1:B2"]),
    ]
    for change in refused:
        with pytest.raises(XlwingsError, match="受保护"):
            change()
    with pytest.raises(XlwingsError, match="密码不对"):
        protection.unprotect(sheet, "别的")
    protection.unprotect(sheet, "口令")
    sheet["A1"].value = 1
    assert sheet["A1"].value == 1


# ------------------------------------------------------------------ app, macros, process

def test_app_switches_come_back_after_an_exception(calc, book):  # noqa: F811
    with pytest.raises(ZeroDivisionError), calc.properties(screen_updating=False, enable_events=False, status_bar="第 1 步",
                                                           display_alerts=False, interactive=False):
        assert (calc.screen_updating, calc.status_bar, book.api.hasControllersLocked()) == (False, "第 1 步", True)
        raise ZeroDivisionError
    assert (calc.screen_updating, calc.enable_events, calc.status_bar, book.api.hasControllersLocked()) == (True, True, False, False)


def test_the_engine_and_its_app(calc, calc_process):  # noqa: F811
    assert (calc.engine.name, calc.engine.type, calc.pid, calc.visible) == ("calc", "desktop", calc_process.pid, False)
    assert xw.apps.keys() == [calc.pid] and calc.version.major >= 7 and xw.apps[calc.pid] == calc
    calc.activate()


def test_macros(calc, book):  # noqa: F811
    libraries = book.api.BasicLibraries
    libraries.createLibrary("VBAProject")
    libraries.getByName("VBAProject").insertByName(
        "Ribbon", "Option VBASupport 1\nFunction Twice(x)\nTwice = x * 2\nEnd Function\n"
                  "Sub Mark()\nThisComponent.Sheets(0).getCellByPosition(0, 0).String = \"点过\"\nEnd Sub")
    assert book.macro("Ribbon.Twice")(21) == 42
    assert calc.macro("Twice")(4) == 8
    book.macro("Mark")()
    assert book.sheets[0]["A1"].value == "点过"
    with pytest.raises(XlwingsError, match="没有宏"):
        book.macro("Ribbon.Nothing")()


def test_macros_are_off_unless_allowed(calc_process):  # noqa: F811
    register(calc_process)
    try:
        with pytest.raises(XlwingsError, match="不运行宏"):
            xw.apps.active.macro("Ribbon.Twice")(1)
    finally:
        register(calc_process, macros=True)


def test_a_caller_is_mocked_as_for_excel(book):  # noqa: F811
    book.set_mock_caller()
    assert xw.Book.caller() == book
    del xw.Book._mock_caller


def test_killed_in_the_middle_the_file_is_as_before(file):
    before, names = file.read_bytes(), xw.engines.active
    with CalcSession() as session:
        register(session)
        xw.books.open(file).sheets[0]["A2"].value = "改过"
        session.kill()
        assert not session.alive
        with pytest.raises(Exception, match="(?i)bridge|disposed|cannot get value"):
            _ = xw.books.active.sheets[0]["A2"].value
    assert file.read_bytes() == before and not session.profile.exists()
    xw.engines.active = names


def test_quitting_ends_process_profile_and_locks(calc_process, file):  # noqa: F811
    register(calc_process)
    app = xw.App(visible=False, add_book=True)
    session = app.impl.session
    app.books.open(file)
    assert len(xw.apps) == 2 and len(app.books) == 2 and list(file.parent.glob(".~lock*"))
    app.quit()
    assert len(xw.apps) == 1 and not session.alive and not session.profile.exists() and not list(file.parent.glob(".~lock*"))


@pytest.mark.parametrize(("program", "words"), [("soffice-not-here", "找不到"), ("true", "没有启动成功")])
def test_an_office_that_does_not_start(program, words):
    with pytest.raises(OfficeMissing, match=words):
        CalcSession(program, wait=5).start()
