"""The same contract over ``MemoryBook`` and over ``LiveBook`` on a running LibreOffice; then what only a live book has.

The live half is slow. The workbook that Calc opens is the officers' own, written to a file as the build writes it.
"""

import datetime
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from calc_session import calc, calc_process
from memory_book import Dead, Fault, MemoryBook

from tuijie_xl import actions, examples, live
from tuijie_xl.book import Formula
from tuijie_xl.criteria import VERDICTS
from tuijie_xl.desk import ACTIONS, CannotDo, press, presses
from tuijie_xl.desk.change import open_settings
from tuijie_xl.desk.marks import SIGN
from tuijie_xl.desk.openbook import Area, contents
from tuijie_xl.desk.reading import review_open
from tuijie_xl.edition import load_edition
from tuijie_xl.files.saving import save_workbook
from tuijie_xl.layout import style
from tuijie_xl.layout.columns import column_of, kind_columns
from tuijie_xl.layout.officer import plan_officer

__all__ = ["calc", "calc_process"]
SENT = [file for file in examples.files() if file.name.startswith("四川省")]
COMPANIES = load_edition("2018").kinds["company"].sheet
LIST, FIRST, ROOM = "问题清单", 5, 12
NAME, CODE, CITY = (column_of(kind_columns(load_edition("2018"), "company"), f).index for f in ("name", "credit_code", "city"))
WRITING = ("write_rows", "replace_sheet", "remove_sheet", "copy_look", "clear_area", "paint", "put_notes", "drop_notes")


@pytest.fixture(autouse=True)
def own_state(tmp_path, monkeypatch):
    monkeypatch.setenv("TUIJIE_STATE", str(tmp_path / "state"))


@pytest.fixture(scope="module")
def plan(edition):
    """Eight companies, one with a wrong code, and room for four more."""
    frame = actions.import_files(SENT, edition).batch.applicants["company"].frame.head(8).copy()
    frame.loc[1, "credit_code"] = "123"
    return plan_officer(edition, ROOM, {"company": frame})


@pytest.fixture(scope="module")
def file(plan, tmp_path_factory):
    path = tmp_path_factory.mktemp("officer") / "推介 申报.xlsx"
    save_workbook(plan, path)
    return path


@pytest.fixture(params=["memory", pytest.param("live", marks=pytest.mark.slow)])
def book(request, plan, file):
    if request.param == "memory":
        return MemoryBook(plan, file)
    from tuijie_xl.live.book import LiveBook

    app = request.getfixturevalue("calc")
    return LiveBook(app.books.open(str(file)))


def everything(book) -> dict:
    """What the officer would see changed: contents, notes and grounds of every sheet, protection, selection."""
    found = {"sheets": book.sheet_names(), "selection": book.selection()}
    for name in book.sheet_names():
        grid = book.read(name)
        area = Area(name, 0, 0, max(len(grid.rows), 20), max(len(grid.rows[0]) if grid.rows else 0, 130))
        cells = [(r, c) for r in range(FIRST, FIRST + 10) for c in (NAME, CODE, CITY, 118)]
        found[name] = ([[v.text if isinstance(v, Formula) else v for v in row] for row in contents(book, area)],
                       book.notes(name), book.fills(name, cells), book.protection(name) is not None)
    settings = found["设置"][0][0]
    settings[3:5] = [None, None]
    return found


def force(book, sheet, cell, value):
    """What the officer types."""
    options = book.protection(sheet)
    if options is not None:
        book.unprotect(sheet)
    book.write_rows(sheet, *cell, [[value]])
    if options is not None:
        book.protect(sheet, options)


def dress(book, sheet, cell, fill, note):
    options = book.protection(sheet)
    book.unprotect(sheet)
    book.paint(sheet, {cell: fill})
    if note:
        book.put_notes(sheet, {cell: note})
    book.protect(sheet, options)


# ------------------------------------------------------------------ the contract

def test_it_finds_what_the_command_line_finds_in_the_file(book, file, edition):
    filed = actions.import_files([file], edition)
    _, found = review_open(book, edition)
    assert actions.findings(found) == actions.findings(filed)
    assert any(one.cell for one in found.problems)


def test_text_stays_text_and_formulas_live(book):
    rows = [["=1+1", "007", Formula("1+1", 2), 3.5, None], ["2018-07-03", "'quoted", Formula('"a"&"b"', "ab"), True, "１２"]]
    book.replace_sheet(type(plan_officer(load_edition("2018"), 1).sheets[0])("试"))
    book.write_rows("试", 0, 0, rows)
    grid = book.read("试").rows
    assert [row[0] for row in grid] == ["=1+1", "2018-07-03"] and [row[1] for row in grid] == ["007", "'quoted"]
    assert [row[2] for row in grid] == [2, "ab"] and [row[3] for row in grid] == [3.5, True] and grid[1][4] == "１２"
    assert book.formulas(Area("试", 0, 2, 2, 1)) == [["=1+1"], ['="a"&"b"']]


def test_validate_marks_lists_and_links(book, edition):
    presses.press_validate(book, edition)
    note = book.notes(COMPANIES)[FIRST + 1, CODE]
    assert note.startswith(SIGN) and "123" in note
    assert book.fills(COMPANIES, [(FIRST + 1, CODE), (FIRST, CODE)]) == [style.ILLEGAL.fill, None]
    rows = book.read(LIST).rows[4:]
    _, outcome = review_open(book, edition)
    assert [row[5] for row in rows] == [one.message for one in outcome.problems]
    links = [line[0] for line in book.formulas(Area(LIST, 4, 8, len(rows), 1))]
    for row, link, one in zip(rows, links, outcome.problems):
        if one.cell:
            assert link == f"=HYPERLINK(\"#'{one.sheet}'!{one.cell}\",\"{one.sheet}!{one.cell}\")"
            assert row[8] == f"{one.sheet}!{one.cell}"
    assert book.protection(COMPANIES) is not None


def test_a_second_run_changes_nothing_and_keeps_the_officers_own(book, edition):
    dress(book, COMPANIES, (FIRST + 2, 118), "FFFF00", "请处长过目")
    presses.press_validate(book, edition)
    first = everything(book)
    presses.press_validate(book, edition)
    assert everything(book) == first
    assert book.notes(COMPANIES)[FIRST + 2, 118] == "请处长过目"
    presses.press_clear_marks(book, edition)
    assert not [text for text in book.notes(COMPANIES).values() if SIGN in text]
    assert book.notes(COMPANIES)[FIRST + 2, 118] == "请处长过目"
    assert book.fills(COMPANIES, [(FIRST + 2, 118), (FIRST + 1, CODE)]) == ["FFFF00", None]


@pytest.fixture
def worked(book, edition):
    """Marks stand, the officer has coloured, noted and overwritten things, and files wait to be imported."""
    dress(book, COMPANIES, (FIRST + 1, CODE), "FFFF00", None)
    dress(book, COMPANIES, (FIRST + 2, 118), "FFFF00", "请处长过目")
    presses.press_validate(book, edition)
    force(book, COMPANIES, (FIRST, column_of(kind_columns(edition, "company"), "verdict").index), "符合")
    force(book, COMPANIES, (FIRST + 3, CODE), "9")
    book.ask_files = lambda: SENT
    return book


@pytest.mark.parametrize("ident", ["import", "validate", "measures", "materials", "stats", "clear_marks"])
def test_undo_restores_values_formulas_notes_grounds_and_sheets(ident, worked, edition):
    before = everything(worked)
    ACTIONS[ident](worked, edition)
    assert everything(worked) != before
    assert presses.press_undo(worked, edition).startswith("已撤销")
    assert everything(worked) == before


@pytest.mark.parametrize("ident", ["import", "validate", "measures", "stats", "clear_marks"])
def test_a_fault_in_the_middle_restores_everything(ident, worked, edition, monkeypatch):
    before = everything(worked)
    calls, fail_at = Counter(), None

    def counting(name, real):
        def call(*args, **kwargs):
            calls["all"] += 1
            if calls["all"] == fail_at:
                raise Fault(name)
            return real(*args, **kwargs)
        return call

    for name in WRITING:
        monkeypatch.setattr(worked, name, counting(name, getattr(worked, name)), raising=False)
    ACTIONS[ident](worked, edition)
    total = calls["all"]
    presses.press_undo(worked, edition)
    for number in sorted({2, total // 2, total - 1}):
        calls["all"], fail_at = 0, number
        with pytest.raises(Fault):
            ACTIONS[ident](worked, edition)
        fail_at = None
        assert everything(worked) == before, number


def test_import_lands_in_the_prepared_rows_and_beyond(worked, edition):
    presses.press_import(worked, edition)
    rows = worked.read(COMPANIES).rows
    frame = actions.import_files(SENT, edition).batch.applicants["company"].frame
    names = [row[NAME] for row in rows[FIRST:]]
    assert set(frame["name"]) <= set(names) and len(names) > ROOM
    last = worked.formulas(Area(COMPANIES, FIRST + len(names) - 1, 0, 1, 5))[0]
    assert last[0].startswith("=IF(") and last[2].startswith("=IF(")
    labels = rows[FIRST - 1]
    assert rows[-1][labels.index("来源文件")] == SENT[0].name


def test_merges_are_found(book):
    assert (2, 0, 3, 1) in book.merges(COMPANIES) or any(area[0] == 2 for area in book.merges(COMPANIES))


def test_a_cell_is_gone_to(book, edition):
    presses.press_validate(book, edition)
    presses.press_next_problem(book, edition)
    here = book.selection()
    assert here.sheet == COMPANIES and (here.sheet, here.cell) != ("工作台", (0, 0))


# ------------------------------------------------------------------ only a live book

@pytest.fixture
def open_file(calc, file):
    from tuijie_xl.live.book import LiveBook

    return LiveBook(calc.books.open(str(file)))


@pytest.mark.slow
def test_names_lists_and_screen_are_as_before(open_file, edition):
    book, sheet = open_file, open_file.book.sheets[COMPANIES]
    cell = sheet.range((FIRST + 1, CITY))
    sheet.activate()
    cell.select()
    before = ([(n.name, n.refers_to) for n in book.book.names], cell.data_validation.type, book.selection(),
              book.app.screen_updating, book.app.calculation)
    book.ask_files = lambda: SENT
    for ident in ("import", "validate", "stats"):
        ACTIONS[ident](book, edition)
    for _ in range(3):
        presses.press_undo(book, edition)
    now = ([(n.name, n.refers_to) for n in book.book.names], cell.data_validation.type, book.selection(),
           book.app.screen_updating, book.app.calculation)
    assert now[1:] == before[1:]
    assert {name for name in before[0]} <= set(now[0])


@pytest.mark.slow
def test_the_marked_book_saved_is_found_the_same_by_the_command_line(open_file, edition, tmp_path):
    presses.press_validate(open_file, edition)
    _, live_found = review_open(open_file, edition)
    saved = tmp_path / "存.xlsx"
    open_file.book.save(saved)
    filed = actions.import_files([saved], edition)
    assert [(p.code, p.sheet, p.cell, p.message) for p in filed.problems] == \
        [(p.code, p.sheet, p.cell, p.message) for p in live_found.problems]


@pytest.mark.slow
def test_the_officers_workbook_with_macros_takes_every_button(calc, edition, tmp_path):
    from officer_book import build

    from tuijie_xl.live.book import LiveBook

    path = build.build_officer(plan_officer(edition, ROOM), tmp_path / "推介 申报.xlsm")
    book = LiveBook(calc.books.open(str(path)))
    book.ask_files = lambda: SENT
    before = everything(book)
    told = {ident: press(ident, book, edition) for ident in ("import", "validate", "next_problem", "materials", "stats", "sheets")}
    assert not [said for said in told.values() if "编号" in said], told
    assert "新加入" in told["import"] and "问题：" in told["validate"] and "申报单位表" in told["sheets"]
    for _ in range(4):
        press("undo", book, edition)
    book.go_to("工作台", (0, 0))
    assert {**everything(book), "selection": None} == {**before, "selection": None}


@pytest.mark.slow
@pytest.mark.parametrize("number", [2, 5])
def test_a_killed_python_leaves_a_book_that_the_next_press_puts_right(open_file, edition, monkeypatch, number):
    """From the n-th write on no call reaches Calc, as when the process is gone; Calc itself lives on."""
    before, calls = everything(open_file), Counter()

    def dying(real):
        def call(*args, **kwargs):
            calls["all"] += 1
            if calls["all"] >= number:
                raise Dead
            return real(*args, **kwargs)
        return call

    with monkeypatch.context() as patch, pytest.raises(Dead):
        for name in WRITING:
            patch.setattr(open_file, name, dying(getattr(open_file, name)), raising=False)
        presses.press_validate(open_file, edition)
    again = type(open_file)(open_file.book)
    open_settings(again)
    assert everything(again) == before


@pytest.mark.slow
@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_killed_office_leaves_the_file_as_it_was(calc, file, edition, tmp_path, number):
    """SIGKILL to the program itself at the n-th write: the file is untouched, and opens and validates as if nothing was."""
    import xlwings

    from tuijie_xl.calc import CalcSession, register
    from tuijie_xl.live.book import LiveBook

    path = Path(shutil.copy(file, tmp_path / "推介 申报.xlsx"))
    before, others = path.read_bytes(), xlwings.engines.active
    with CalcSession() as doomed:
        register(doomed)
        book, calls = LiveBook(xlwings.apps.active.books.open(str(path))), Counter()
        write = book.write_rows

        def dying(*args):
            calls["all"] += 1
            if calls["all"] == number:
                doomed.kill()
            write(*args)
        book.write_rows = dying
        with pytest.raises(Exception):  # noqa: B017, PT011 - whatever a broken bridge says
            presses.press_validate(book, edition)
    assert calls["all"] >= number and path.read_bytes() == before
    others.activate()
    for lock in tmp_path.glob(".~lock*"):
        lock.unlink()
    again = LiveBook(calc.books.open(str(path)))
    assert "问题" in presses.press_validate(again, edition)


def as_saved(calc, path) -> dict:
    """What the officer would see in the saved book: all of ``everything``, lists, widths, formats and names."""
    from tuijie_xl.live.book import LiveBook

    book = LiveBook(calc.books.open(str(path)))
    page = book.book.sheets[COMPANIES]
    cells = [page.range((row + 1, column + 1)) for row in (FIRST - 1, FIRST, FIRST + 1, ROOM + FIRST + 3)
             for column in (NAME, CODE, CITY, 118, 121, 122)]
    found = {**everything(book), "names": sorted((name.name, name.refers_to) for name in book.book.names),
             "lists": [(cell.data_validation.type, cell.data_validation.formula1) for cell in cells],
             "formats": [(cell.number_format, cell.font.bold, cell.font.color, cell.color, cell.wrap_text) for cell in cells],
             "widths": [round(width, 1) for width in book.widths(COMPANIES, 0, 130)]}
    book.book.close()
    return found


def press_in_a_process(*arguments) -> str:
    script = Path(__file__).with_name("press_in_a_process.py")
    return subprocess.run([sys.executable, script, *map(str, arguments)], capture_output=True, text=True, check=True,
                          env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}, timeout=300).stdout


@pytest.mark.slow
def test_a_step_is_undone_by_another_process_on_the_saved_book(calc, file, tmp_path):
    """One process imports into the book and marks it, saves and ends; each step is taken back by a process of its own."""
    path = Path(shutil.copy(file, tmp_path / "推介 申报.xlsx"))
    press_in_a_process("clear_marks", path)             # saved once by the program that will save it again
    states = [as_saved(calc, path)]
    for ident in ("validate", "import"):
        press_in_a_process(ident, path, *SENT)
        states.append(as_saved(calc, path))
    assert states[0] != states[1] != states[2] and states[1]["widths"] != states[2]["widths"]
    for title, before in (("批量导入", states[1]), ("校验", states[0])):
        assert f"已撤销：{title}" in press_in_a_process("undo", path)
        assert {key: value for key, value in as_saved(calc, path).items() if value != before[key]} == {}


@pytest.mark.slow
def test_a_book_that_counts_from_1904_has_the_same_dates(calc, plan, edition, tmp_path, monkeypatch):
    """Read as the file says, written so that the file says the same, as values and among formulas."""
    from tuijie_xl.files import writing
    from tuijie_xl.live.book import LiveBook

    monkeypatch.setitem(writing._OPTIONS, "date_1904", True)
    path = tmp_path / "麦金塔.xlsx"
    save_workbook(plan, path)
    book = LiveBook(calc.books.open(str(path)))
    assert book.book.impl.epoch.year == 1904
    _, found = review_open(book, edition)
    assert actions.findings(found) == actions.findings(actions.import_files([path], edition))
    day = datetime.date(2009, 5, 20)
    founded = column_of(kind_columns(edition, "company"), next(
        f.id for f in edition.fields("company").values() if f.type == "date")).index
    force(book, COMPANIES, (FIRST, founded), day)
    book.unprotect(COMPANIES)
    book.write_rows(COMPANIES, FIRST + 1, founded, [[day, Formula("1+1")]])
    rows = book.read(COMPANIES).rows
    assert [row[founded].date() for row in rows[FIRST:FIRST + 2]] == [day, day]
    book.book.save(tmp_path / "存.xlsx")
    group = actions.import_files([tmp_path / "存.xlsx"], edition).batch.applicants["company"]
    name = next(f.id for f in edition.fields("company").values() if f.type == "date")
    assert group.values(name)[:2] == [day, day]


@pytest.mark.slow
def test_the_series_of_a_chart_are_called_by_their_headings(open_file, edition):
    presses.press_stats(open_file, edition)
    named = {}
    for chart in open_file.book.sheets["统计"].api.Charts:
        drawn = chart.EmbeddedObject
        series = drawn.getFirstDiagram().getCoordinateSystems()[0].getChartTypes()[0].getDataSeries()
        labels = [one.getDataSequences()[0].getLabel() for one in series]
        named[drawn.Title.String] = [label.getTextualData()[0] if label else None for label in labels]
    assert named.pop("结论构成") == [None]                  # one series, of the column 合计
    assert named.pop("各地区申报单位与结论（家）") == list(VERDICTS.values())
    assert set(map(tuple, named.values())) == {("家", "家次"), ("家",)}


@pytest.mark.slow
def test_pdf_is_printed_by_the_program(calc, plan, tmp_path, edition):
    from tuijie_xl.live.book import LiveBook

    save_workbook(plan, tmp_path / "带 空格.xlsx")
    book = LiveBook(calc.books.open(str(tmp_path / "带 空格.xlsx")))
    assert "8 家的 PDF" in presses.press_pdf(book, edition)
    assert all(made.read_bytes().startswith(b"%PDF") for made in (tmp_path / presses.PDF).glob("*.pdf"))


@pytest.mark.slow
def test_a_password_is_not_guessed(open_file, edition):
    from tuijie_xl.calc import protection

    sheet = open_file.book.sheets[COMPANIES]
    protection.unprotect(sheet)
    protection.protect(sheet, "geheim")
    before = everything(open_file)
    assert "有保护密码" in press("validate", open_file, edition)
    assert everything(open_file) == before


@pytest.mark.slow
def test_press_works_on_the_calling_book(open_file, capsys):
    open_file.book.set_mock_caller()
    try:
        live.press("validate")
        live.press("no_such_button")
    finally:
        del type(open_file.book)._mock_caller
    told = capsys.readouterr().err
    assert "问题：" in told and "程序内部出错（编号" in told
    assert len(open_file.read(LIST).rows) > 5


def test_press_without_a_workbook_says_so(capsys, monkeypatch):
    import xlwings

    monkeypatch.setattr(sys, "argv", ["x"])
    monkeypatch.setattr(xlwings.Book, "caller", classmethod(lambda cls: (_ for _ in ()).throw(Exception("none"))))
    live.press("validate")
    assert re.search("程序内部出错（编号 [0-9a-f]{8}）", capsys.readouterr().err)


def test_a_cell_in_edit_mode_has_its_own_words():
    from tuijie_xl.live.book import explain

    assert "正在编辑单元格" in explain(Exception(-2147418111, "Call was rejected by callee."))
    assert explain(ValueError("x")) is None
    assert "已经关闭" in explain(Exception(-2147417848, "The object invoked has disconnected from its clients."))
    try:
        try:
            raise RuntimeError(-2147418111, "Call was rejected by callee.")
        except RuntimeError:
            raise ValueError("while telling of it")
    except ValueError as err:
        assert "正在编辑单元格" in explain(err)


def test_excels_addresses_stay_short():
    from tuijie_xl.live.excel import addresses

    parts = list(addresses([(n - 1, 27) for n in range(1000, 1100)]))
    assert ",".join(parts) == ",".join(f"AB{n}" for n in range(1000, 1100)) and max(map(len, parts)) <= 255 and len(parts) < 5


def test_looks_are_drawn_in_few_rectangles():
    from tuijie_xl.live.drawing import rectangles

    assert sorted(rectangles([(0, 0), (0, 1), (1, 0), (1, 1), (3, 3)])) == [(0, 0, 1, 1), (3, 3, 3, 3)]


def test_no_window_to_choose_files_is_said(monkeypatch):
    from tuijie_xl.live import dialogs

    monkeypatch.setitem(sys.modules, "tkinter", None)
    with pytest.raises(CannotDo, match="tuijie import"):
        dialogs.ask_files()
    assert dialogs.escape_pressed() is False


def test_a_flag_file_stops(tmp_path):
    from tuijie_xl.desk.journal import folder

    assert (folder() / "cancel").parent == Path(tmp_path / "state" / "tuijie_xl")


@pytest.mark.slow
def test_a_book_of_an_edition_that_is_not_installed_says_so(open_file, capsys):
    force(open_file, "设置", (1, 1), "1999")
    open_file.book.set_mock_caller()
    try:
        live.press("validate")
    finally:
        del type(open_file.book)._mock_caller
    assert "1999" in capsys.readouterr().err


def test_without_a_workbook_windows_shows_a_box(monkeypatch):
    import ctypes
    from types import SimpleNamespace

    said = []
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(user32=SimpleNamespace(MessageBoxW=lambda *args: said.append(args[1]))),
                        raising=False)
    live._say("请先打开工作簿")
    assert said == ["请先打开工作簿"]
