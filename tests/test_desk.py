"""The buttons on an open workbook, in memory: what they find, write, mark, keep, restore and say."""

import sys
from copy import deepcopy
from decimal import Decimal
from pathlib import Path

import psutil
import pytest
from memory_book import DEFAULT_WIDTH, Dead, Fault, MemoryBook

from tuijie_xl import actions, desk, examples
from tuijie_xl.book import Formula
from tuijie_xl.buttons import BUTTONS
from tuijie_xl.desk import ACTIONS, CannotDo, journal, press, presses
from tuijie_xl.desk.marks import MOST_MARKS, SIGN
from tuijie_xl.desk.openbook import Selection
from tuijie_xl.desk.reading import review_open
from tuijie_xl.edition import load_edition
from tuijie_xl.files.saving import save_workbook
from tuijie_xl.layout import style
from tuijie_xl.layout.columns import column_of, kind_columns
from tuijie_xl.layout.officer import plan_officer

SENT = [file for file in examples.files() if file.name.startswith(("北京市", "四川省"))]
COMPANIES = load_edition("2018").kinds["company"].sheet
LIST, SETTINGS = "问题清单", "设置"


@pytest.fixture(autouse=True)
def own_state(tmp_path, monkeypatch):
    monkeypatch.setenv("TUIJIE_STATE", str(tmp_path / "state"))


@pytest.fixture(scope="module")
def filled(edition):
    """The officers' workbook with the applicants of two bureaus, as a plan."""
    frames = {kind: group.frame for kind, group in actions.import_files(SENT, edition).batch.applicants.items()}
    return plan_officer(edition, 30, frames)


@pytest.fixture
def book(filled, tmp_path):
    return MemoryBook(filled, tmp_path / "推介 申报.xlsm")


@pytest.fixture
def empty(edition, tmp_path):
    return MemoryBook(plan_officer(edition, 5), tmp_path / "推介 申报.xlsm")


def at(edition, field_id, kind="company"):
    return column_of(kind_columns(edition, kind), field_id).index


def without_ledger(state):
    """A state apart from the step that 设置 remembers and what formulas of 问题清单 show."""
    for cell in ((0, 3), (0, 4)):
        state["pages"][SETTINGS]["contents"].pop(cell, None)
    return state


# ------------------------------------------------------------------ every button

def test_every_button_that_needs_python_has_an_action_and_no_more():
    assert set(ACTIONS) == {button.id for button in BUTTONS if not button.local}


# ------------------------------------------------------------------ the same findings as the command line

def test_validate_finds_what_the_command_line_finds_in_the_saved_file(filled, book, edition, tmp_path):
    path = tmp_path / "推介 申报.xlsx"
    save_workbook(filled, path)
    book.path = str(path)
    filed = actions.import_files([path], edition)
    _, live = review_open(book, edition)
    assert actions.findings(live) == actions.findings(filed)
    assert len(live.problems) > 20


def test_validate_writes_the_list_with_links_to_the_very_cells(book, edition):
    assert "问题：错误" in presses.press_validate(book, edition)
    rows = book.read(LIST).rows[4:]
    _, outcome = review_open(book, edition)
    assert len(rows) == len(outcome.problems)
    places = [row[8] for row, one in zip(rows, outcome.problems) if one.cell]
    assert places == [f"{one.sheet}!{one.cell}" for one in outcome.problems if one.cell]
    first = next(i for i, one in enumerate(outcome.problems) if one.cell)
    assert book.pages[LIST].contents[4 + first, 8].text.startswith(f'HYPERLINK("#\'{COMPANIES}\'!')


def test_a_mark_says_in_a_note_what_is_wrong_and_colours_the_cell(empty, edition):
    name, code = at(edition, "name"), at(edition, "credit_code")
    empty.type(COMPANIES, (5, name), "甲公司")
    empty.type(COMPANIES, (5, code), "123")
    presses.press_validate(empty, edition)
    note = empty.pages[COMPANIES].notes[5, code]
    assert note.startswith(f"{SIGN}\n错误：") and "123" in note
    assert empty.fills(COMPANIES, [(5, code)]) == [style.ILLEGAL.fill]


def test_an_empty_book_says_what_to_do(empty, edition):
    assert "还没有申报单位" in press("validate", empty, edition)
    assert "还没有申报单位" in press("stats", empty, edition)


# ------------------------------------------------------------------ what is the officer's stays

def test_a_second_run_removes_only_our_marks(book, edition):
    presses.press_validate(book, edition)
    page = book.pages[COMPANIES]
    ours = next(cell for cell, text in page.notes.items() if SIGN in text)
    free = (5, 120)
    page.notes[free], page.fills[free] = "请处长过目", "FFFF00"
    page.notes[ours] += "\n已电话核实"
    again = book.state()
    presses.press_validate(book, edition)
    assert page.notes[free] == "请处长过目" and page.fills[free] == "FFFF00"
    assert page.notes[ours] == "已电话核实"
    assert {c for c in again["pages"][COMPANIES]["notes"]} == set(page.notes)


def test_a_cell_with_a_note_of_the_officer_is_left_as_it_is(empty, edition):
    name, code = at(edition, "name"), at(edition, "credit_code")
    empty.type(COMPANIES, (5, name), "甲公司")
    empty.type(COMPANIES, (5, code), "123")
    empty.pages[COMPANIES].notes[5, code] = "代码待企业确认"
    presses.press_validate(empty, edition)
    assert empty.pages[COMPANIES].notes[5, code] == "代码待企业确认"
    assert empty.fills(COMPANIES, [(5, code)]) == [None]
    assert any(row[3] == edition.label("credit_code") for row in empty.read(LIST).rows[4:])


def test_clearing_gives_back_the_former_ground_unless_the_officer_changed_it(empty, edition):
    name, code, city = (at(edition, f) for f in ("name", "credit_code", "city"))
    empty.type(COMPANIES, (5, name), "甲公司")
    empty.type(COMPANIES, (5, code), "123")
    empty.pages[COMPANIES].fills[5, code] = "FFFF00"
    presses.press_validate(empty, edition)
    empty.pages[COMPANIES].fills[5, city] = "00FF00"        # painted over our mark
    presses.press_clear_marks(empty, edition)
    assert empty.fills(COMPANIES, [(5, code), (5, city)]) == ["FFFF00", "00FF00"]
    assert not [text for text in empty.pages[COMPANIES].notes.values() if SIGN in text]
    assert presses.press_clear_marks(empty, edition) == "没有需要清除的标记。"


def test_extra_columns_and_sheets_stay(book, edition):
    book.type(COMPANIES, (4, 150), "科室意见")
    book.type(COMPANIES, (5, 150), "同意")
    book.pages["我的测算"] = type(book.pages[LIST])(contents={(0, 0): Formula("1+1", 2)})
    for ident in ("validate", "measures", "stats", "materials", "clear_marks"):
        ACTIONS[ident](book, edition)
    assert book.pages[COMPANIES].contents[5, 150] == "同意"
    assert book.pages["我的测算"].contents == {(0, 0): Formula("1+1", 2)}


def test_what_the_officer_wrote_beside_a_problem_follows_it(book, edition):
    presses.press_validate(book, edition)
    last = len(book.read(LIST).rows) - 1
    message = book.read(LIST).rows[last][5]
    book.type(LIST, (last, 15), "已去函")
    book.type(COMPANIES, (5, at(edition, "postcode")), "12")        # one more problem, above
    presses.press_validate(book, edition)
    assert [row[5] for row in book.read(LIST).rows if row[15] == "已去函"] == [message]


def test_a_problem_that_the_officer_has_settled_is_not_marked_any_more(book, edition):
    book.type(COMPANIES, (5, at(edition, "postcode")), "12")
    presses.press_validate(book, edition)
    line = next(i for i, row in enumerate(book.read(LIST).rows) if len(row) > 12 and row[12] == "postcode-odd")
    assert (5, at(edition, "postcode")) in book.pages[COMPANIES].notes
    book.type(LIST, (line, 14), "已核")
    presses.press_validate(book, edition)
    assert (5, at(edition, "postcode")) not in book.pages[COMPANIES].notes
    assert "待处理" in book.read(LIST).rows[1][0] and "已核 1" in book.read(LIST).rows[1][0]


def test_selection_calculation_and_screen_are_as_before(book, edition):
    book.here = Selection(COMPANIES, (9, 3), (9, 10))
    before = dict(book.app)
    for ident in ("validate", "measures", "materials", "stats", "clear_marks"):
        ACTIONS[ident](book, edition)
        assert (book.app, book.here) == (before, Selection(COMPANIES, (9, 3), (9, 10))), ident


# ------------------------------------------------------------------ computed columns

def test_a_computed_cell_is_written_only_where_its_formula_is_gone(book, edition):
    verdict, head = at(edition, "verdict"), at(edition, "revenue_per_head")
    book.type(COMPANIES, (6, verdict), "符合！")
    untouched = book.pages[COMPANIES].contents[5, verdict]
    presses.press_validate(book, edition)
    assert book.pages[COMPANIES].contents[6, verdict] in ("符合", "不符合", "待补充")
    assert book.pages[COMPANIES].contents[5, verdict].text == untouched.text
    assert isinstance(book.pages[COMPANIES].contents[6, head], Formula)


def test_measures_bring_back_changed_formulas(book, edition):
    before = without_ledger(book.state())
    for name in ("verdict", "revenue_per_head"):
        book.type(COMPANIES, (6, at(edition, name)), "99")
    book.type(COMPANIES, (7, at(edition, "to_fix")), Formula("1+1", 2))
    assert "已重新计算" in presses.press_measures(book, edition)
    assert without_ledger(book.state())["pages"][COMPANIES] == before["pages"][COMPANIES]
    assert "都是最新" in presses.press_measures(book, edition)


def test_beside_an_inserted_column_values_take_the_place_of_formulas(empty, edition):
    page, head = empty.pages[COMPANIES], at(edition, "revenue_per_head")
    page.contents = {(r, c + (c >= 9)): value for (r, c), value in page.contents.items()}
    for field, value in {"name": "甲公司", "outsourcing_revenue": Decimal(3500), "outsourcing_staff": 100}.items():
        column = at(edition, field)
        empty.type(COMPANIES, (5, column + (column >= 9)), value)
    empty.type(COMPANIES, (5, head + 1), None)
    presses.press_measures(empty, edition)
    assert page.contents[5, head + 1] == 35.0


# ------------------------------------------------------------------ import

def test_import_adds_rows_with_where_they_came_from(empty, edition):
    empty.chosen = SENT
    said = presses.press_import(empty, edition)
    brought = actions.import_files(SENT, edition).batch
    rows = empty.read(COMPANIES).rows
    group = brought.applicants["company"]
    size = len(group.frame)
    assert f"新加入 {sum(len(g.frame) for g in brought.applicants.values())} 家" in said
    names = [row[at(edition, "name")] for row in rows[5:5 + size]]
    assert names == group.values("name")
    labels = rows[4]
    assert [row[labels.index("来源文件")] for row in rows[5:5 + size]] == [Path(file).name for file, _, _ in group.origins]
    assert [row[labels.index("来源行")] for row in rows[5:5 + size]] == [float(number) for _, _, number in group.origins]
    recorded = dict.fromkeys(row[0] for row in empty.read("导入记录").rows[4:])
    assert [name for name in recorded if name and name != "合计"] == [file.name for file in SENT]


def test_what_is_imported_is_judged_as_the_files_are(empty, edition):
    empty.chosen = SENT
    presses.press_import(empty, edition)
    filed = actions.import_files(SENT, edition)
    _, live = review_open(empty, edition)
    for kind in edition.kinds:
        assert live.judgements[kind].verdicts == filed.judgements[kind].verdicts
        assert live.batch.applicants[kind].values("credit_code") == filed.batch.applicants[kind].values("credit_code")


def test_links_of_an_import_land_on_the_cell_that_holds_the_quoted_value(empty, edition):
    empty.chosen = SENT
    presses.press_import(empty, edition)
    label = {edition.label("credit_code"), edition.label("postcode"), edition.label("email")}
    for row in empty.read(LIST).rows[4:]:
        if row[3] in label and row[4] and row[8] and "!" in row[8]:
            sheet, _, cell = row[8].rpartition("!")
            spot = presses.cell_of(cell)
            assert str(empty.read(sheet).rows[spot[0]][spot[1]]) == row[4]


def test_importing_twice_adds_nothing_and_keeps_the_record_of_the_first(empty, edition):
    empty.chosen = SENT
    presses.press_import(empty, edition)
    before = empty.read(COMPANIES).rows
    assert "没有新的申报单位" in presses.press_import(empty, edition)
    assert empty.read(COMPANIES).rows == before
    names = [row[0] for row in empty.read("导入记录").rows]
    assert names.count(SENT[1].name) == 2 and names.index("以前的导入：") > names.index(SENT[1].name)


def test_rows_beyond_the_prepared_ones_get_their_look_and_lists(empty, edition):
    empty.chosen = SENT
    presses.press_import(empty, edition)
    page, province = empty.pages[COMPANIES], at(edition, "province")
    last = 4 + len(actions.import_files(SENT, edition).batch.applicants["company"].frame)
    assert last > 9                                         # five rows were prepared
    assert page.lists[last, province] == page.lists[5, province]
    assert page.looks[last, province] == page.looks[5, province]
    assert isinstance(page.contents[last, at(edition, "verdict")], Formula)


def test_columns_that_an_import_adds_get_their_width_and_lose_it_again(empty, edition):
    """来源 stands at the right of the template's columns; undoing the import gives the officer's widths back."""
    first = len(kind_columns(edition, "company"))
    empty.set_widths(COMPANIES, first, (3.5,))
    empty.chosen, before = SENT, empty.state()
    presses.press_import(empty, edition)
    assert empty.widths(COMPANIES, first, 2)[0] > 3.5
    presses.press_undo(empty, edition)
    assert empty.widths(COMPANIES, first, 2) == (3.5, DEFAULT_WIDTH) and empty.state() == before


def test_a_second_run_touches_only_the_marks_that_changed(book, edition):
    presses.press_validate(book, edition)
    cell = (5, at(edition, "postcode"))
    book.type(COMPANIES, cell, "12")
    put, dropped, painted = [], [], []
    book.put_notes = lambda sheet, notes: put.extend(notes)
    book.drop_notes = lambda sheet, cells: dropped.extend(cells)
    book.paint = lambda sheet, fills: painted.extend(fills)
    presses.press_validate(book, edition)
    assert put == painted == [cell] and dropped == []


def test_words_added_to_a_mark_outlive_its_being_undone(empty, edition):
    code = (5, at(edition, "credit_code"))
    empty.type(COMPANIES, (5, at(edition, "name")), "甲公司")
    empty.type(COMPANIES, code, "123")
    presses.press_validate(empty, edition)
    first = empty.pages[COMPANIES].notes[code]
    empty.type(COMPANIES, code, "456")
    presses.press_validate(empty, edition)
    empty.pages[COMPANIES].notes[code] += "\n已电话核实"
    presses.press_undo(empty, edition)
    assert empty.pages[COMPANIES].notes[code] == f"{first}\n已电话核实"


def test_no_file_chosen_changes_nothing(empty, edition):
    before = empty.state()
    assert press("import", empty, edition) == ""
    assert empty.state() == before and not empty.told


def test_a_missing_sheet_is_named(empty, edition):
    del empty.pages[COMPANIES]
    empty.chosen = SENT
    assert f"没有找到工作表“{COMPANIES}”" in press("import", empty, edition)


# ------------------------------------------------------------------ undo

CHANGING = ["import", "validate", "measures", "materials", "stats", "clear_marks"]


@pytest.fixture(scope="module")
def few(edition):
    """Six companies in the officers' workbook, as a plan."""
    frame = actions.import_files(SENT[:1], edition).batch.applicants["company"].frame.head(6)
    return plan_officer(edition, 7, {"company": frame})


@pytest.fixture
def worked(few, edition, tmp_path):
    """A book with marks, notes and colours of the officer's, and something for each button to do."""
    book = MemoryBook(few, tmp_path / "推介 申报.xlsm")
    page = book.pages[COMPANIES]
    page.notes[5, 120], page.fills[6, 3] = "请处长过目", "FFFF00"
    book.chosen = [file for file in examples.files() if file.name.startswith("大连市")]
    presses.press_validate(book, edition)
    book.type(COMPANIES, (6, at(edition, "verdict")), "符合")
    book.type(COMPANIES, (7, at(edition, "credit_code")), "123")
    return book


@pytest.mark.parametrize("ident", CHANGING)
def test_undo_restores_everything(ident, worked, edition):
    before = worked.state()
    ACTIONS[ident](worked, edition)
    assert worked.state() != before
    assert presses.press_undo(worked, edition).startswith("已撤销：")
    assert worked.state() == before


def test_undo_goes_back_step_by_step_and_then_says_there_is_none(empty, edition):
    states = [empty.state()]
    empty.chosen = SENT
    for ident in ("import", "validate", "materials", "stats", "clear_marks"):
        ACTIONS[ident](empty, edition)
        states.append(empty.state())
    for before in reversed(states[:-1]):
        presses.press_undo(empty, edition)
        assert empty.state() == before
    with pytest.raises(CannotDo, match="没有可以撤销的操作"):
        presses.press_undo(empty, edition)


def test_undo_keeps_what_the_officer_changed_since(empty, edition):
    empty.chosen = SENT
    presses.press_import(empty, edition)
    city = at(edition, "city")
    empty.type(COMPANIES, (5, city), "张家口市")
    assert "1 个单元格您后来改过" in presses.press_undo(empty, edition)
    assert empty.pages[COMPANIES].contents[5, city] == "张家口市"
    assert (5, at(edition, "name")) not in empty.pages[COMPANIES].contents


def test_undo_does_nothing_to_a_book_that_does_not_know_the_step(empty, edition, filled, tmp_path):
    """Closed without saving: the book on disk is older than the step."""
    before = empty.state()
    presses.press_validate(empty, edition)
    reopened = MemoryBook(plan_officer(edition, 5), empty.path)
    assert "没有可以撤销" in press("undo", reopened, edition)
    assert without_ledger(reopened.state())["pages"] == without_ledger(before)["pages"]


def test_a_step_id_that_someone_typed_is_no_path(empty, edition):
    empty.type(SETTINGS, (0, 3), "../../../etc/passwd")
    assert "没有可以撤销" in press("undo", empty, edition)


# ------------------------------------------------------------------ faults

def count_changes(book, ident, edition):
    before = book.changes
    ACTIONS[ident](book, edition)
    return book.changes - before


def test_a_fault_while_putting_back_is_made_good_by_the_next_press(worked, edition):
    before = apart_from_the_screen(worked.state())
    worked.fail_also = range(worked.changes + 7, worked.changes + 10)
    with pytest.raises(Fault):
        presses.press_validate(worked, edition)
    worked.fail_also = ()
    assert apart_from_the_screen(worked.state()) != before
    desk.change.open_settings(worked)
    assert apart_from_the_screen(worked.state()) == before


def points_of(total):
    """Every changing call, or of many the first and last ones and a dozen between."""
    return range(1, total + 1) if total < 20 else [1, 2, 3, *range(4, total - 2, total // 12), total - 2, total - 1, total]


@pytest.mark.parametrize("ident", CHANGING)
def test_a_fault_at_any_write_leaves_the_book_as_it_was(ident, worked, edition):
    total = count_changes(deepcopy(worked), ident, edition)
    before = worked.state()
    for number in points_of(total):
        book = deepcopy(worked)
        book.fail_at = book.changes + number
        with pytest.raises(Fault):
            ACTIONS[ident](book, edition)
        assert book.state() == before, number


@pytest.mark.parametrize("ident", CHANGING)
def test_a_kill_at_any_write_is_taken_back_by_the_next_press(ident, worked, edition):
    total = count_changes(deepcopy(worked), ident, edition)
    before = apart_from_the_screen(worked.state())
    for number in points_of(total):
        book = deepcopy(worked)
        book.die_at = book.changes + number
        with pytest.raises(Dead):
            ACTIONS[ident](book, edition)
        book.revive()
        desk.change.open_settings(book)
        assert apart_from_the_screen(book.state()) == before, number


def apart_from_the_screen(state):
    """What a killed process had set in the program itself nobody can put back; the sheet 设置 is open for a moment
    before anything else happens."""
    state["pages"][SETTINGS].pop("protected")
    state.pop("app"), state.pop("here")
    return state


class Clock:
    """Answers a book that asks whether to stop: counts the questions, says yes to the n-th."""

    def __init__(self, last=None):
        self.asked, self.last = 0, last

    def __call__(self):
        self.asked += 1
        return self.asked == self.last


def questions_of(book, ident, edition):
    book.stop = Clock()
    press(ident, book, edition)
    return book.stop.asked


@pytest.mark.parametrize("ident", CHANGING)
def test_stopping_at_any_question_leaves_the_book_as_it_was(ident, worked, edition, monkeypatch):
    read = actions.read_files(worked.chosen, edition.folder)
    monkeypatch.setattr(actions, "read_files", lambda *args, **kwargs: deepcopy(read))
    before, total = worked.state(), questions_of(deepcopy(worked), ident, edition)
    assert total >= 3
    for number in points_of(total):
        book = deepcopy(worked)
        book.stop = Clock(number)
        assert press(ident, book, edition) == "已停止，工作簿和按按钮之前一样。", number
        assert book.state() == before, number


@pytest.mark.parametrize("ident", ["sheets", "sheets_selected", "pdf"])
def test_stopping_while_files_are_made_leaves_whole_files_only(ident, worked, edition):
    worked.here = Selection(COMPANIES, (5, 1), (5, 6))
    before, total = worked.state(), questions_of(worked, ident, edition)
    folder = Path(worked.path).parent
    made = {path.name: path.read_bytes() for path in folder.rglob("*.*") if path.is_file()}
    assert total > 20
    for number in points_of(total):
        worked.stop = Clock(number)
        assert press(ident, worked, edition).startswith("已停止"), number
        assert worked.state() == before
        assert {path.name: path.read_bytes() for path in folder.rglob("*.*") if path.is_file()} == made


def longest_wait(book, ident, edition):
    """The longest work between two questions as a share of the whole; work is counted in calls of functions."""
    work, asked = 0, [0]

    def count(frame, event, arg):
        nonlocal work
        work += event in ("call", "c_call") and not frame.f_code.co_filename.endswith("memory_book.py")

    book.stop = lambda: asked.append(work)
    sys.setprofile(count)
    try:
        ACTIONS[ident](book, edition)
    finally:
        sys.setprofile(None)
    return max(later - earlier for earlier, later in zip(asked, [*asked[1:], work])) / work


@pytest.mark.slow
@pytest.mark.parametrize(("ident", "share"), [("validate", 0.6), ("measures", 0.6), ("materials", 0.6), ("stats", 0.6),
                                              ("sheets", 0.2)])
def test_no_stage_keeps_the_officer_waiting(ident, share, edition, tmp_path):
    """Checking 2,000 rows takes two seconds; of that about half passes at most between two questions (reading the one
    large sheet). What takes long, as making the applicants' sheets, is asked about far more often."""
    book = big(edition, tmp_path, 200)
    press(ident, deepcopy(book), edition)                   # what is worked out only once is not counted
    assert longest_wait(book, ident, edition) < share


def test_stopping_while_files_are_read_leaves_the_book_as_it_was(empty, edition):
    empty.chosen, before, others = SENT, empty.state(), set(psutil.Process().children(recursive=True))
    empty.stop = lambda: "正在读取文件" in (empty.app["status"] or "")
    assert press("import", empty, edition).startswith("已停止")
    assert empty.state() == before
    assert set(psutil.Process().children(recursive=True)) <= others     # the workers are gone


def test_what_the_program_objects_to_is_said_in_its_words(book, edition, monkeypatch):
    def busy(sheet):
        raise RuntimeError("busy")

    monkeypatch.setattr(book, "read", busy)
    assert press("validate", book, edition) == "正在编辑单元格"


def test_an_exception_becomes_one_message_with_a_number(book, edition):
    book.fail_at = 5
    said = press("validate", book, edition)
    assert book.told == [said] and "程序内部出错（编号" in said and "Traceback" not in said


# ------------------------------------------------------------------ what cannot be done is said

@pytest.mark.parametrize(("prepare", "ident", "words"), [
    (lambda book: setattr(book, "read_only", True), "validate", "只读"),
    (lambda book: setattr(book, "path", "https://firm.sharepoint.com/a.xlsm"), "sheets", "OneDrive 或 SharePoint"),
    (lambda book: setattr(book, "path", "工作簿1"), "sheets", "还没有保存过"),
    (lambda book: book.pages.pop(SETTINGS), "validate", "不是本工具的推介申报工作簿"),
    (lambda book: setattr(book.pages[COMPANIES], "password", True), "validate", "密码"),
    (lambda book: None, "next_problem", "请先点“校验”"),
    (lambda book: None, "sheets_selected", "选中的行里没有申报单位"),
    (lambda book: None, "undo", "没有可以撤销"),
    (lambda book: setattr(book, "chosen", ["没有这个文件.xlsx"]), "import", "找不到这个文件"),
])
def test_each_obstacle_has_its_own_message(book, edition, prepare, ident, words):
    prepare(book)
    before = book.state()
    said = press(ident, book, edition)
    assert words in said and "编号" not in said
    assert book.state() == before


def test_a_book_on_sharepoint_can_be_validated(book, edition):
    book.path = "https://firm.sharepoint.com/a.xlsm"
    assert "问题：" in press("validate", book, edition)


def test_protected_sheets_are_protected_in_the_same_way_after_failure_and_success(book, edition):
    book.fail_at = 9
    press("validate", book, edition)
    assert book.pages[COMPANIES].protected == {"sort": True}
    press("validate", book, edition)
    assert book.pages[COMPANIES].protected == {"sort": True}


# ------------------------------------------------------------------ moving about, files

def test_next_problem_goes_round(book, edition):
    presses.press_validate(book, edition)
    rows = [row for row in book.read(LIST).rows[4:] if row[8] and "!" in row[8]]
    cells = [row[8] for row in rows]
    seen = []
    for _ in range(len(set(cells)) + 1):
        presses.press_next_problem(book, edition)
        seen.append((book.here.sheet, book.here.cell))
    assert len(set(seen)) == len(set(cells)) and seen[-1] == seen[0]
    assert book.app["status"].startswith(("1/", f"{len(cells)}/", "2/", "3/"))


def test_sheets_stand_beside_the_book(book, edition):
    said = presses.press_sheets(book, edition)
    folder = Path(book.path).parent / actions.SHEETS
    assert str(folder) in said and sorted(p.suffix for p in folder.glob("*.*")) == [".xlsx"] * len(list(folder.glob("*.xlsx")))
    assert list(folder.glob("*.xlsx"))


def test_only_the_selected_rows(book, edition):
    book.here = Selection(COMPANIES, (5, 1), (5, 6))
    assert "所选 2 家" in presses.press_sheets_selected(book, edition)
    assert "2 家的 PDF" in presses.press_pdf(book, edition)
    assert all(p.read_bytes().startswith(b"%PDF") for p in (Path(book.path).parent / presses.PDF).glob("*.pdf"))


def test_pdf_of_everyone_when_nothing_is_selected(book, edition):
    size = sum(len(found.verdicts) for found in review_open(book, edition)[1].judgements.values())
    assert f"{size} 家的 PDF" in presses.press_pdf(book, edition)


def test_statistics_are_living_formulas_under_the_templates_columns(book, edition):
    presses.press_stats(book, edition)
    held = [v for v in book.pages["统计"].contents.values() if isinstance(v, Formula)]
    assert any("COUNTIFS" in v.text for v in held)


def test_statistics_beside_a_gap_are_results(book, edition):
    page = book.pages[COMPANIES]
    page.contents = {(r + (r >= 7), c): value for (r, c), value in page.contents.items()}
    assert "再点一次“统计”" in presses.press_stats(book, edition)
    assert not any(isinstance(v, Formula) and COMPANIES in v.text for v in book.pages["统计"].contents.values())


def test_the_sheets_of_figures_are_written_after_those_they_quote(book, edition):
    before = set(book.pages)
    presses.press_stats(book, edition)
    assert [name for name in book.pages if name not in before] == ["统计明细", "统计", "统计摘要"]
    presses.press_undo(book, edition)
    assert set(book.pages) == before


# ------------------------------------------------------------------ few calls

def big(edition, tmp_path, rows=2000):
    frame = actions.import_files(SENT, edition).batch.applicants["company"].frame
    frames = {"company": frame.iloc[[i % len(frame) for i in range(rows)]].reset_index(drop=True)}
    frames["company"]["credit_code"] = [None] * rows
    frames["company"]["name"] = [f"第{i}公司" for i in range(rows)]
    return MemoryBook(plan_officer(edition, rows, frames), tmp_path / "大.xlsm")


def test_two_thousand_rows_take_at_most_ten_calls_and_so_many_marks(edition, tmp_path):
    book = big(edition, tmp_path)
    said = presses.press_validate(book, edition)
    assert sum(book.calls.values()) <= 10, book.calls
    assert sum(SIGN in text for text in book.pages[COMPANIES].notes.values()) == MOST_MARKS
    assert f"只在前 {MOST_MARKS} 个单元格" in said


# ------------------------------------------------------------------ the journal

def test_the_journal_forgets_the_oldest(monkeypatch):
    monkeypatch.setattr(journal, "KEPT", 2)
    names = [f"{i:032x}" for i in range(4)]
    for name in names:
        journal.save(name, {"name": name})
    assert [journal.load(name) is not None for name in names] == [False, False, True, True]


def test_a_damaged_step_is_none():
    ident = "a" * 32
    journal.save(ident, {})
    (journal.folder() / "undo" / f"{ident}.step").write_bytes(b"\x80\x05")
    assert journal.load(ident) is None




# ------------------------------------------------------------------ small print

def test_without_a_place_for_the_log_the_number_alone_is_told(monkeypatch):
    from tuijie_xl.apology import sorry

    monkeypatch.setattr("tempfile.gettempdir", lambda: "/没有/这个/文件夹")
    assert "请把这个编号告诉维护人员" in sorry(ValueError("x"))


def test_an_edition_that_cannot_be_used_is_said(book, edition, monkeypatch):
    from tuijie_xl.edition import EditionError

    def broken(book, edition):
        raise EditionError("edition.toml", "deadline", "缺少截止日期")

    monkeypatch.setitem(ACTIONS, "validate", broken)
    assert "缺少截止日期" in press("validate", book, edition)


@pytest.mark.parametrize("address", ["", "5B", "企业!B5"])
def test_an_address_that_is_none_is_our_own_bug(address):
    with pytest.raises(ValueError, match="^" + address + "$"):
        presses.cell_of(address)


def test_the_doctor_speaks_of_this_book(book, edition):
    book.path = "https://firm.sharepoint.com/a.xlsm"
    said = press("doctor", book, edition)
    assert said.startswith("环境自检") and "SharePoint" in said
