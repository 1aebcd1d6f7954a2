"""One master over many batches: what officers and bureaus have put into it stays, and nothing is doubled."""

import csv
import json
import os
import platform
import random
import time
from collections import Counter
from copy import copy

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment

from tuijie_xl import actions, examples, updating
from tuijie_xl.files.locking import locked
from tuijie_xl.files.reading import read_book
from tuijie_xl.problem import UnusableFile
from tuijie_xl.reported import load

HEADER = ["企业名称", "统一社会信用代码", "省份", "城市", "企业总部所在地", "业务交付主体在中国", "外包业务上年度营业额（万元）",
          "从事服务外包工作的员工（人）", "联系电话"]
A = ["甲科技有限公司", "913706833104614358", "山东省", "济南市", "境内", "是", "3000", "85", "0531-88888888"]
B = ["乙科技有限公司", "91110108MA01A0001D", "山东省", "青岛市", "境内", "是", "2999", "85", "0531-88888888"]
C = ["丙科技有限公司", "", "山东省", "烟台市", "境内", "是", "4000", "300", "0531-88888888"]
CODES = ["91370700MA3EDW4L6F", "91110108MA01A0001D", "913706833104614358", "91350881MA0000E746", "91371923MA3C0KJY7J"]
FIRST, LABELS = 6, 5                    # Excel's rows


def row(base, **cells):
    """A row with some cells changed: 城市='青岛市'."""
    labels = {"名称": 0, "代码": 1, "省份": 2, "城市": 3, "营业额": 6, "员工": 7, "电话": 8}
    changed = {labels[k]: v for k, v in cells.items()}
    return [changed.get(i, value) for i, value in enumerate(base)]


@pytest.fixture
def work(tmp_path, edition, monkeypatch):
    """Everything in one process: what workers are for is tested elsewhere, and in test_cli."""
    for module in (actions, updating):
        monkeypatch.setattr(module, "map_in_workers", in_this_process)
    return Work(tmp_path, edition)


def in_this_process(function, items, **options):
    return [_tried(function, item) for item in items]


def _tried(function, item):
    try:
        return function(item)
    except UnusableFile as err:
        return err


class Work:
    """A folder with files of bureaus and one master."""

    def __init__(self, folder, edition):
        self.folder, self.edition, self.master = folder, edition, folder / "总表.xlsx"

    def file(self, name, *rows, header=HEADER):
        path = self.folder / "报送" / name
        path.parent.mkdir(exist_ok=True)
        with path.open("w", encoding="utf-8-sig", newline="") as handle:
            csv.writer(handle).writerows([header, *rows])
        return path

    def imports(self, *paths, **options):
        update = updating.import_into(paths, self.edition, self.master, jobs=1, **options)
        updating.write_update(update, self.master)
        return update

    def sheet(self, name="企业", labels=LABELS):
        """The lines of a sheet of the master, {label: cell}."""
        grid = next(g for g in read_book(self.master).grids if g.name == name)
        return [dict(zip(grid.rows[labels - 1], line)) for line in grid.rows[labels:] if any(v is not None for v in line)]

    def lines(self, name):
        return self.sheet(name, 4)

    def problems(self, code):
        return [line for line in self.lines("问题清单") if line["代号"] == code]

    def edit(self, change):
        """What an officer does to the book: ``change(book)``. (openpyxl drops the results of formulas; Excel would not.)"""
        book = openpyxl.load_workbook(self.master)
        change(book)
        book.save(self.master)


def column(sheet, label, head=LABELS):
    return next(cell.column for cell in sheet[head] if cell.value == label)


def put(sheet, name, label, value):
    """Write a cell of an applicant's row."""
    at = column(sheet, "企业名称")
    line = next(r for r in range(FIRST, sheet.max_row + 1) if sheet.cell(r, at).value == name)
    sheet.cell(line, column(sheet, label)).value = value
    return sheet.cell(line, column(sheet, label))


def handle(book, code, state, note=None, field=None):
    """Fill 处理情况 of the problems of a code."""
    sheet = book["问题清单"]
    for line in range(5, sheet.max_row + 1):
        if sheet.cell(line, column(sheet, "代号", 4)).value == code and field in (None, sheet.cell(line, column(sheet, "字段", 4)).value):
            sheet.cell(line, column(sheet, "处理情况", 4)).value = state
            sheet.cell(line, column(sheet, "处理说明", 4)).value = note


# ------------------------------------------------------------------ adding, replacing, leaving

def test_a_second_file_adds_and_the_first_stays(work):
    work.imports(work.file("一.csv", A))
    update = work.imports(work.file("二.csv", B))
    assert [line["企业名称"] for line in work.sheet()] == [A[0], B[0]]
    assert update.counts == {"added": 1, "replaced": 0, "left": 0, "unreported": 0}
    assert [line["文件"] for line in work.lines("导入记录")] == ["二.csv", "一.csv", "合计"]
    assert [line["采用"] for line in work.lines("导入记录")] == [1, 1, 2]


def test_the_same_file_again_changes_not_a_byte(work):
    path = work.file("一.csv", A, B)
    work.imports(path)
    before = work.master.read_bytes()
    update = work.imports(path)
    assert update.changes_nothing and update.known == [str(path)] and work.master.read_bytes() == before
    work.edit(lambda book: put(book["企业"], A[0], "城市", "青岛市"))
    edited = work.master.read_bytes()
    work.imports(path)
    assert work.master.read_bytes() == edited                                # an edit does not make it new


def test_a_resubmission_replaces_field_by_field_and_says_so(work):
    work.imports(work.file("一.csv", A, B))
    update = work.imports(work.file("一（更正）.csv", A, row(B, 营业额="3000")))
    assert update.counts == {"added": 0, "replaced": 1, "left": 1, "unreported": 0}
    assert [(line["企业名称"], line["外包业务上年度营业额（万元）"], line["来源文件"]) for line in work.sheet()] == [
        (A[0], 3000, "一（更正）.csv"), (B[0], 3000, "一（更正）.csv")]
    changes = [(line["变化"], line["申报单位"], line["字段"], line["原值"], line["现值"]) for line in work.lines("变更记录")]
    assert changes == [("结论变化", B[0], None, "不符合", "符合"),
                       ("更正", B[0], "外包业务上年度营业额（万元）", "2999", "3000"),
                       ("新增", "2 家", None, None, None)]


def test_who_is_not_sent_again_stays_and_is_listed(work):
    work.imports(work.file("一.csv", A, B), work.file("二.csv", C))
    update = work.imports(work.file("一改.csv", row(A, 城市="青岛市")))
    assert sorted(line["企业名称"] for line in work.sheet()) == sorted([A[0], B[0], C[0]])
    assert update.counts["unreported"] == 1                                  # of the same file; the other file's are not missing
    assert [line["申报单位"] for line in work.lines("变更记录") if line["变化"] == "本次未报"] == [B[0]]


def test_a_file_read_before_is_not_read_back_over_its_correction(work):
    old, new = work.file("一.csv", A), work.file("一改.csv", row(A, 城市="青岛市"))
    work.imports(old)
    work.imports(new)
    update = work.imports(old, new)
    assert update.changes_nothing and work.sheet()[0]["城市"] == "青岛市"


def test_a_file_whose_columns_are_read_otherwise_now_is_read_again(work):
    path = work.file("一.csv", A)
    work.imports(path)
    standing = updating.read_master(work.master, work.edition)
    (file,) = actions.read_files([path], work.edition.folder)
    assert standing.knows(file, work.edition)
    table = file.sheets[0].tables[0]
    table.places["contact"] = table.places.pop("city")                       # an officer has said what the column is
    assert not standing.knows(file, work.edition)


def test_a_file_that_could_not_be_used_is_tried_again_and_listed_once(work):
    bad = work.file("坏.csv", ["天气", "晴"], header=["气温", "20"])
    work.imports(work.file("一.csv", A), bad)
    before = work.master.read_bytes()
    work.imports(bad)
    assert work.master.read_bytes() == before
    (file,) = actions.read_files([bad], work.edition.folder)
    file.status = "imported"                                                 # it can be read by now
    assert not updating.read_master(work.master, work.edition).knows(file, work.edition)


def test_files_of_one_name_keep_their_questions_apart(work):
    (work.folder / "报送/东").mkdir(parents=True)
    (work.folder / "报送/西").mkdir()
    east = work.file("东/汇总.csv", row(A, 营业额="500万美元"))
    west = work.file("西/汇总.csv", B)
    work.imports(east, west)
    work.imports(work.file("三.csv", C))
    assert [line["申报单位"] for line in work.problems("currency-foreign")] == [A[0]]


# ------------------------------------------------------------------ who is who

@pytest.mark.parametrize(("again", "counts", "asked"), [
    (row(C, 营业额="5000"), (0, 1), 1),                                      # no code: name and region, with a question
    (row(C, 营业额="5000", 省份="江苏省"), (1, 0), 0),                        # never by the name alone
    (row(C, 代码=A[1], 名称=C[0]), (0, 1), 1),                               # the code has come in
    (row(C, 名称="丁科技有限公司"), (1, 0), 0),
    (C, (0, 0), 0),
])
def test_rows_without_a_code(work, again, counts, asked):
    work.imports(work.file("一.csv", C))
    update = work.imports(work.file("二.csv", again, row(A, 代码=B[1])))
    assert (update.counts["added"] - 1, update.counts["replaced"]) == counts
    assert len(work.problems("resubmission-doubtful")) == asked


@pytest.mark.parametrize(("again", "size", "codes"), [
    (row(A, 名称="甲软件有限公司"), 1, {"resubmission-doubtful"}),             # renamed in the same region
    (row(A, 名称="某某有限公司", 省份="江苏省"), 2, {"duplicate-applicant"}),   # somebody else's code
    (row(A, 代码="913706833104614400"), 1, {"resubmission-doubtful"}),         # a code that Excel damaged
    (row(A, 代码=B[1]), 2, set()),                                            # two good codes are two applicants
])
def test_rows_that_are_nearly_the_same(work, again, size, codes):
    work.imports(work.file("一.csv", A))
    work.imports(work.file("二.csv", again))
    assert len(work.sheet()) == size
    assert {code for code in ("resubmission-doubtful", "duplicate-applicant") if work.problems(code)} == codes


def test_a_code_that_an_officer_mended_is_still_known(work):
    damaged = row(A, 代码="913706833104614400")
    work.imports(work.file("一.csv", damaged))
    work.edit(lambda book: put(book["企业"], A[0], "统一社会信用代码", A[1]))
    work.imports(work.file("二.csv", row(damaged, 城市="青岛市")))
    (line,) = work.sheet()
    assert (line["统一社会信用代码"], line["城市"]) == (A[1], "青岛市")


def test_twins_stay_twins(work):
    twins = [A, row(A, 营业额="5000")]
    work.imports(work.file("一.csv", *twins))
    work.imports(work.file("二.csv", *twins, B))
    assert Counter(line["企业名称"] for line in work.sheet()) == {A[0]: 2, B[0]: 1}
    assert len(work.problems("duplicate-applicant")) == 1


# ------------------------------------------------------------------ three values meet

def test_an_officers_edit_stays_while_the_bureau_says_the_same(work):
    work.imports(work.file("一.csv", A))
    work.edit(lambda book: put(book["企业"], A[0], "联系电话", "13812345678"))
    work.imports(work.file("二.csv", row(A, 城市="青岛市")))
    assert [(line["联系电话"], line["城市"]) for line in work.sheet()] == [("13812345678", "青岛市")]
    assert not work.problems("edit-conflict")


def test_where_both_changed_the_officers_stays_and_is_asked(work):
    work.imports(work.file("一.csv", A))
    work.edit(lambda book: put(book["企业"], A[0], "从事服务外包工作的员工（人）", 90))
    work.imports(work.file("二.csv", row(A, 员工="95")))
    assert [line["从事服务外包工作的员工（人）"] for line in work.sheet()] == [90]
    (asked,) = work.problems("edit-conflict")
    assert "90" in asked["问题"] and "95" in asked["问题"] and asked["位置"].startswith("企业!")
    assert work.lines("变更记录")[0]["变化"] == "冲突"
    work.imports(work.file("三.csv", B))                                      # the question stays open
    assert len(work.problems("edit-conflict")) == 1
    work.edit(lambda book: put(book["企业"], A[0], "从事服务外包工作的员工（人）", 95))
    work.imports(work.file("四.csv", C))                                      # answered
    assert not work.problems("edit-conflict")


def test_a_row_of_the_officers_own_is_filled_in_by_the_bureau(work):
    work.imports(work.file("一.csv", A))

    def add(book):
        sheet = book["企业"]
        for label, value in zip(HEADER[:4], [B[0], B[1], B[2], "淄博市"]):
            sheet.cell(FIRST + 1, column(sheet, label)).value = value
    work.edit(add)
    work.imports(work.file("二.csv", B))
    line = work.sheet()[1]
    assert (line["企业名称"], line["城市"], line["外包业务上年度营业额（万元）"]) == (B[0], "淄博市", 2999)
    assert len(work.problems("edit-conflict")) == 1


def test_what_reading_asked_stays_until_somebody_answers(work):
    work.imports(work.file("一.csv", row(A, 营业额="500万美元"), B))
    before = work.problems("currency-foreign")
    work.imports(work.file("二.csv", C))
    assert len(before) == 1 and [{**line, "序号": 0} for line in work.problems("currency-foreign")] == [{**line, "序号": 0} for line in before]
    work.edit(lambda book: put(book["企业"], A[0], "外包业务上年度营业额（万元）", 3300))
    work.imports(work.file("三.csv", row(C, 名称="丁有限公司")))
    assert not work.problems("currency-foreign") and work.sheet()[0]["结论"] == "符合"


# ------------------------------------------------------------------ 处理情况

def test_handling_stays_with_its_problem_while_the_value_does(work):
    work.imports(work.file("一.csv", row(A, 电话="见附件"), B))
    work.edit(lambda book: (handle(book, "phone-odd", "豁免", "电话另报"), handle(book, "criterion-unmet", "已核")))
    work.imports(work.file("二.csv", C))
    assert [(line["处理情况"], line["处理说明"]) for line in work.problems("phone-odd")] == [("豁免", "电话另报")]
    assert {line["处理情况"] for line in work.problems("criterion-unmet") if line["申报单位"] == B[0]} == {"已核"}
    grid = next(g for g in read_book(work.master).grids if g.name == "问题清单")
    assert "待处理" in grid.rows[1][0] and "豁免 1" in grid.rows[1][0]
    assert [line["结论"] for line in work.sheet()] == ["符合", "不符合", "符合"]           # handling never judges
    assert fill_of(work.master, A[0], "联系电话") == fill_of(work.master, B[0], "联系电话")     # not painted


def fill_of(path, name, label):
    sheet = openpyxl.load_workbook(path)["企业"]
    at = column(sheet, "企业名称")
    line = next(r for r in range(FIRST, sheet.max_row + 1) if sheet.cell(r, at).value == name)
    return sheet.cell(line, column(sheet, label)).fill.fgColor.rgb


def test_a_value_that_changed_shows_the_former_handling(work):
    work.imports(work.file("一.csv", row(A, 电话="见附件")))
    work.edit(lambda book: handle(book, "phone-odd", "豁免", "电话另报"))
    work.imports(work.file("二.csv", row(A, 电话="无电话")))
    (line,) = work.problems("phone-odd")
    assert line["处理情况"] is None and line["处理说明"] == "原处理：豁免（电话另报），当时的值：见附件"
    assert fill_of(work.master, A[0], "联系电话") != fill_of(work.master, A[0], "城市")


def test_handling_of_a_problem_that_is_gone_is_recorded(work):
    work.imports(work.file("一.csv", row(A, 电话="见附件")))
    work.edit(lambda book: handle(book, "phone-odd", "退回", "请补电话"))
    work.imports(work.file("二.csv", A))
    assert [(line["申报单位"], line["说明"][:7]) for line in work.lines("变更记录") if line["变化"] == "处理了结"] == [(A[0], "退回 请补电话")]


def test_exempt_without_a_reason_does_not_count(work):
    work.imports(work.file("一.csv", row(A, 电话="见附件")))
    work.edit(lambda book: handle(book, "phone-odd", "豁免"))
    work.imports(work.file("二.csv", B))
    assert "豁免" not in next(g for g in read_book(work.master).grids if g.name == "问题清单").rows[1][0]
    assert work.problems("phone-odd")[0]["处理情况"] == "豁免"


# ------------------------------------------------------------------ what officers add

def test_own_columns_and_notes_travel_with_their_rows(work):
    work.imports(work.file("一.csv", A, B))

    def add(book):
        sheet = book["企业"]
        right = sheet.max_column + 1
        sheet.cell(LABELS, right).value = "经办意见"
        at = column(sheet, "企业名称")
        for line in (FIRST, FIRST + 1):
            sheet.cell(line, right).value = f"看过{sheet.cell(line, at).value}"
        put(sheet, B[0], "联系电话", B[8]).comment = Comment("已打电话确认", "王")
    work.edit(add)
    work.imports(work.file("二.csv", row(B, 城市="济南市"), C))
    assert [(line["企业名称"], line["经办意见"]) for line in work.sheet()] == [
        (A[0], f"看过{A[0]}"), (B[0], f"看过{B[0]}"), (C[0], None)]
    sheet = openpyxl.load_workbook(work.master)["企业"]
    assert put(sheet, B[0], "联系电话", None).comment.text == "已打电话确认"
    work.imports(work.file("三.csv", row(A, 城市="青岛市")))                   # and again
    assert [line["经办意见"] for line in work.sheet()] == [f"看过{A[0]}", f"看过{B[0]}", None]
    assert put(openpyxl.load_workbook(work.master)["企业"], B[0], "联系电话", None).comment.text == "已打电话确认"


def test_formulas_of_officers_become_values_and_that_is_told(work):
    work.imports(work.file("一.csv", A))

    def add(book):
        sheet = book["企业"]
        sheet.cell(LABELS, sheet.max_column + 1).value = "折算"
        sheet.cell(FIRST, sheet.max_column).value = "=1+1"
    work.edit(add)
    work.imports(work.file("二.csv", B))
    assert [line["现值"] for line in work.problems("own-formula")] == ["折算"]
    work.imports(work.file("三.csv", C))
    assert not work.problems("own-formula")                                  # they are values by now


def test_lines_below_the_list_are_kept_in_the_records(work):
    work.imports(work.file("一.csv", A))
    work.edit(lambda book: book["企业"].cell(FIRST + 3, 1, "注：此表未定稿"))
    work.imports(work.file("二.csv", B))
    assert any("注：此表未定稿" in line.values() for line in work.lines("导入异常"))


@pytest.mark.parametrize(("change", "said"), [
    (lambda book: book.create_sheet("我的底稿"), "我的底稿"),
    (lambda book: setattr(book["问题清单"]["B5"], "comment", Comment("问过了", "王")), "批注"),
    (lambda book: setattr(book["设置"]["B5"], "value", "template"), "不是本工具生成的总表"),
    (lambda book: book.remove(book["园区"]), "园区"),
    (lambda book: setattr(book["设置"]["B2"], "value", "2017"), "2017 年度的总表"),
])
def test_what_an_update_would_lose_stops_it(work, change, said):
    work.imports(work.file("一.csv", A))
    work.edit(change)
    before = work.master.read_bytes()
    with pytest.raises(UnusableFile, match=said):
        work.imports(work.file("二.csv", B))
    assert work.master.read_bytes() == before


def test_a_picture_stops_an_update(work):
    from openpyxl.chart import BarChart, Reference

    work.imports(work.file("一.csv", A))

    def draw(book):
        chart = BarChart()
        chart.add_data(Reference(book["企业"], min_col=1, min_row=5, max_row=6))
        book["企业"].add_chart(chart, "A20")
    work.edit(draw)
    with pytest.raises(UnusableFile, match="图形、图片或图表"):
        work.imports(work.file("二.csv", B))


@pytest.mark.parametrize("seed", range(4))
def test_sorting_and_inserting_rows_loses_nothing(work, seed):
    rows = [row(A, 名称=f"公司{i}有限公司", 代码=code, 电话="见附件") for i, code in enumerate(CODES)]
    work.imports(work.file("一.csv", *rows))
    chance = random.Random(seed)

    def shuffle(book):
        handle(book, "phone-odd", "豁免", "见文件")
        sheet = book["企业"]
        put(sheet, rows[0][0], "城市", "青岛市")
        lines = [[copy(cell.value) for cell in line] for line in sheet.iter_rows(min_row=FIRST, max_row=FIRST + len(rows) - 1)]
        chance.shuffle(lines)
        for _ in range(chance.randrange(3)):
            lines.insert(chance.randrange(len(lines)), [None] * len(lines[0]))
        for r, line in enumerate(lines, FIRST):
            for c, value in enumerate(line, 1):
                sheet.cell(r, c).value = value
    work.edit(shuffle)
    order = [line["企业名称"] for line in work.sheet()]
    work.imports(work.file("二.csv", *(row(r, 员工="99") for r in rows), C))
    assert [line["企业名称"] for line in work.sheet()] == [*order, C[0]]
    assert {line["从事服务外包工作的员工（人）"] for line in work.sheet()} == {99, 300}
    assert [line["城市"] for line in work.sheet() if line["企业名称"] == rows[0][0]] == ["青岛市"]
    assert {(line["处理情况"], line["处理说明"]) for line in work.problems("phone-odd")} == {("豁免", "见文件")}
    assert len(work.problems("phone-odd")) == len(rows)


# ------------------------------------------------------------------ the way back

def test_undo_walks_back_byte_by_byte(work):
    stages = []
    for name, rows in (("一.csv", [A]), ("二.csv", [B]), ("三.csv", [row(A, 城市="青岛市"), C])):
        stages.append(work.master.read_bytes() if work.master.exists() else None)
        work.imports(work.file(name, *rows))
    while stages:
        undone = updating.undo(work.master)
        before = stages.pop()
        assert undone.removed == (before is None)
        assert (work.master.read_bytes() if work.master.exists() else None) == before
    with pytest.raises(UnusableFile, match="没有可以撤回的导入"):
        updating.undo(work.master)


def test_what_was_undone_can_be_imported_again(work):
    work.imports(work.file("一.csv", A))
    path = work.file("二.csv", B)
    work.imports(path)
    after = work.master.read_bytes()
    updating.undo(work.master)
    work.imports(path)
    assert work.master.read_bytes() == after


def test_undo_of_an_edited_master_asks_first_and_keeps_the_edit(work):
    work.imports(work.file("一.csv", A))
    before = work.master.read_bytes()
    work.imports(work.file("二.csv", B))
    work.edit(lambda book: [put(book["企业"], A[0], label, "改") for label in ("城市", "联系人")])
    edited = work.master.read_bytes()
    with pytest.raises(UnusableFile, match=r"有 \d+ 个单元格改动过"):
        updating.undo(work.master)
    assert work.master.read_bytes() == edited
    updating.undo(work.master, even_if_edited=True)
    assert work.master.read_bytes() == before
    assert edited in [path.read_bytes() for path in (work.folder / "上一版").iterdir()]


def test_an_edit_before_the_import_comes_back_with_undo(work):
    work.imports(work.file("一.csv", A))
    work.edit(lambda book: put(book["企业"], A[0], "城市", "青岛市"))
    edited = work.master.read_bytes()
    work.imports(work.file("二.csv", B))
    updating.undo(work.master)
    assert work.master.read_bytes() == edited


@pytest.mark.parametrize(("damage", "said"), [
    (lambda folder: [path.unlink() for path in (folder / "上一版").iterdir()], "找不到导入前的总表"),
    (lambda folder: [path.unlink() for path in (folder / "上一版").glob("*导入*") if path.stat().st_size], "不能撤回|没有导入时的副本"),
])
def test_undo_without_the_former_version_says_so(work, damage, said):
    work.imports(work.file("一.csv", A))
    work.imports(work.file("二.csv", B))
    damage(work.folder)
    before = work.master.read_bytes()
    with pytest.raises(UnusableFile, match=said):
        updating.undo(work.master)
    assert work.master.read_bytes() == before


def test_undo_of_something_else(tmp_path):
    (tmp_path / "甲.csv").write_text("企业名称\n甲\n", "utf-8")
    with pytest.raises(UnusableFile, match="不是本工具导入生成的总表"):
        updating.undo(tmp_path / "甲.csv")


def test_beginning_anew_can_be_undone(work):
    work.imports(work.file("一.csv", A))
    before = work.master.read_bytes()
    work.imports(work.file("二.csv", B), fresh=True)
    assert [line["企业名称"] for line in work.sheet()] == [B[0]]
    updating.undo(work.master)
    assert work.master.read_bytes() == before


def test_a_master_renewed_as_a_copy_keeps_everything(work, tmp_path):
    work.imports(work.file("一.csv", row(A, 电话="见附件")))
    work.edit(lambda book: (handle(book, "phone-odd", "豁免", "电话另报"), put(book["企业"], A[0], "城市", "青岛市")))
    update = updating.renew(work.master, work.edition)
    work.master = tmp_path / "副本.xlsx"
    actions.write_master(update, work.master)
    assert [(line["处理情况"], line["处理说明"]) for line in work.problems("phone-odd")] == [("豁免", "电话另报")]
    assert work.sheet()[0]["城市"] == "青岛市" and [line["文件"] for line in work.lines("导入记录")] == ["一.csv", "合计"]
    assert updating.renew(work.folder / "报送/一.csv", work.edition) is None


# ------------------------------------------------------------------ one run at a time

def test_two_runs_do_not_mix(tmp_path):
    target = tmp_path / "总表.xlsx"
    with locked(target), pytest.raises(UnusableFile, match="另一次操作正在使用"), locked(target):
        pass
    with locked(target):                                                     # free again
        pass
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("held", "age", "free"), [
    ({"pid": 2**22 + 1, "host": platform.node()}, 0, True),                  # a run of this computer that died
    ({"pid": 1, "host": platform.node()}, 0, False),
    ({"pid": 1, "host": "别的电脑"}, 0, False),
    ({"pid": 1, "host": "别的电脑"}, 13 * 3600, True),
    (None, 0, False), (None, 120, True),                                     # just begun; torn long ago
])
def test_locks_that_were_left_behind(tmp_path, held, age, free):
    lock = tmp_path / ".总表.xlsx.tuijie-lock"
    lock.write_text(json.dumps(held) if held else "", "utf-8")
    os.utime(lock, (time.time() - age,) * 2)
    try:
        with locked(tmp_path / "总表.xlsx"):
            taken = True
    except UnusableFile:
        taken = False
    assert taken == free


# ------------------------------------------------------------------ what differs

def test_differences_lead_with_verdicts(work):
    old = work.file("旧.csv", A, B, C)
    new = work.file("新.csv", row(C, 名称="丁科技有限公司"), row(B, 营业额="3000.00"), row(A, 营业额="3000.0"))
    found = [(one.change, one.name, one.field, one.old, one.new) for one in updating.diff(old, new, work.edition)]
    assert found == [("verdict", B[0], None, "不符合", "符合"), ("field", B[0], "外包业务上年度营业额（万元）", "2999", "3000"),
                     ("added", "丁科技有限公司", None, None, None), ("removed", C[0], None, None, None)]


def test_order_of_rows_and_columns_and_writing_are_no_difference(work):
    turned = [line[::-1] for line in (C, row(B, 营业额="2,999.00"), row(A, 电话="０５３１－８８８８８８８８"))]
    assert updating.diff(work.file("旧.csv", A, B, C), work.file("新.csv", *turned, header=HEADER[::-1]), work.edition) == []


def test_a_master_differs_from_its_files_in_what_was_edited(work):
    path = work.file("一.csv", A, B)
    work.imports(path)
    assert updating.diff(path, work.master, work.edition) == []
    work.edit(lambda book: put(book["企业"], A[0], "城市", "青岛市"))
    assert [(one.field, one.old, one.new) for one in updating.diff(path, work.master, work.edition)] == [("城市", "济南市", "青岛市")]


def test_the_differences_as_a_workbook(work):
    found = updating.diff(work.file("旧.csv", A), work.file("新.csv", B), work.edition)
    work.master = updating.write_diff(found, work.edition, work.folder / "差异.xlsx")
    assert [(line["变化"], line["申报单位"]) for line in work.lines("差异")] == [("新增", B[0]), ("不再有", A[0])]


def test_a_side_that_cannot_be_read(work):
    (work.folder / "坏.xlsx").write_bytes(b"PK")
    with pytest.raises(UnusableFile, match="坏.xlsx"):
        updating.diff(work.file("旧.csv", A), work.folder / "坏.xlsx", work.edition)


# ------------------------------------------------------------------ properties

@st.composite
def batches(draw):
    """Two batches with different applicants, and a third that sends some of them again with other figures."""
    rows = [row(A, 名称=f"公司{i}有限公司", 代码=code, 员工=str(draw(st.integers(1, 400)))) for i, code in enumerate(CODES)]
    split = draw(st.integers(1, len(rows) - 1))
    again = [row(one, 营业额=str(draw(st.integers(2900, 3100)))) for one in rows if draw(st.booleans())]
    return rows[:split], rows[split:], again


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(batches())
def test_any_batches_one_by_one(edition, monkeypatch, tmp_path_factory, drawn):
    """A then B is A and B together; sent again nothing is doubled; undone it is as before."""
    for module in (actions, updating):
        monkeypatch.setattr(module, "map_in_workers", in_this_process)
    first, second, again = drawn
    work, together = (Work(tmp_path_factory.mktemp("work"), edition) for _ in range(2))
    work.imports(work.file("一.csv", *first))
    work.imports(work.file("二.csv", *second))
    together.imports(together.file("一.csv", *first), together.file("二.csv", *second))

    def judged(one):
        return sorted((line["统一社会信用代码"], line["结论"], line["从事服务外包工作的员工（人）"]) for line in one.sheet())
    assert judged(work) == judged(together)
    before = work.master.read_bytes()
    if again:
        path = work.file("三.csv", *again)
        update = work.imports(path)
        assert update.counts["added"] == 0 and update.counts["replaced"] + update.counts["left"] == len(again)
        after = work.master.read_bytes()
        work.imports(path)
        assert work.master.read_bytes() == after
        assert len(work.sheet()) == len(first) + len(second)
        updating.undo(work.master)
        assert work.master.read_bytes() == before


def test_a_row_that_is_lost_in_merging_stops_everything(work):
    from tuijie_xl.intake import LostRows
    from tuijie_xl.resubmission import check_merge, merge

    work.imports(work.file("一.csv", A, B))
    standing = updating.read_master(work.master, work.edition)
    batch = actions.import_files([work.file("二.csv", row(A, 城市="青岛市"), C)], work.edition).batch
    meeting = merge(standing, batch, work.edition)["company"]
    old, new = standing.applicants["company"], batch.applicants["company"]
    check_merge(meeting, old, new)
    meeting.added.clear()
    with pytest.raises(LostRows):
        check_merge(meeting, old, new)


# ------------------------------------------------------------------ texts beside the fields

def test_columns_that_no_field_takes_follow_the_bureau_and_keep_the_officers_part(work):
    header, long = [*HEADER, "等级", "企业简介"], "主要从事软件研发外包业务。" * 20
    work.imports(work.file("一.csv", [*A, "一级", long], header=header))
    before = work.sheet()[0]["未识别列"]
    work.edit(lambda book: put(book["企业"], A[0], "未识别列", f"{before}；电话核实过"))
    update = work.imports(work.file("二.csv", [*A, "二级", long], header=header))
    assert (before, work.sheet()[0]["未识别列"]) == ("等级：一级", "等级：二级；电话核实过")
    assert work.sheet()[0]["企业简介"] == long and update.counts["replaced"] == 1
    work.edit(lambda book: put(book["企业"], A[0], "企业简介", "改过"))
    work.imports(work.file("三.csv", [*A, "二级", long + "新"], header=header))
    assert work.sheet()[0]["企业简介"] == "改过" and len(work.problems("edit-conflict")) == 1


def test_a_typed_ratio_that_differs_is_asked_again_and_kept_once(work):
    header = [*HEADER, "人均营业额（万元/人）"]
    work.imports(work.file("一.csv", [*A, "40"], header=header))
    before = [(line["现值"], line["问题"]) for line in work.problems("typed-measure-differs")]
    work.imports(work.file("二.csv", B))
    assert [(line["现值"], line["问题"]) for line in work.problems("typed-measure-differs")] == before and len(before) == 1
    assert work.sheet()[0]["未识别列"].count("人均营业额") == 1


@pytest.mark.parametrize("text", ["", "不是JSON", "[1]", "3"])
def test_a_cell_that_holds_no_report_is_an_officers_row(text):
    assert load(text) is None


def test_the_example_files_lose_nothing_when_another_file_comes(work):
    """Every problem, every value and every link of a real first batch is there after the second."""
    told = ("程度", "申报单位", "字段", "现值", "问题", "处理办法", "依据", "出自文件", "出自工作表", "单元格", "代号", "单位代码")

    def stands():
        rows = [tuple(line.values())[1:] for kind in work.edition.kinds.values() for line in work.sheet(kind.sheet)]
        return Counter(tuple(line[label] for label in told) for line in work.lines("问题清单")), Counter(rows), Counter(
            line["文件"] for line in work.lines("导入记录")), [line["位置"] for line in work.lines("问题清单")]
    work.imports(*examples.files())
    problems, rows, files, _ = stands()
    work.imports(work.file("新.csv", row(A, 名称="全新有限公司", 代码=CODES[-1])))
    after = stands()
    assert not problems - after[0] and not rows - after[1] and not files - after[2] and all(after[3])
    assert {line[7] for line in after[0] - problems} == {"新.csv"}
    read = actions.import_files([work.master], work.edition).batch.files[0]
    assert [sheet.name for sheet in read.sheets] == [kind.sheet for kind in work.edition.kinds.values()]      # not our lists
