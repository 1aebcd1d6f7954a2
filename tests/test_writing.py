"""Rendering plans and saving them: exact values, nothing live from outside, never a torn file."""

import errno
import os
import zipfile
from datetime import UTC, date, datetime, time
from decimal import Decimal

import openpyxl
import pytest

from tuijie_xl.book import (
    Chart,
    Condition,
    Formula,
    Link,
    Print,
    RichText,
    SheetPlan,
    Style,
    Table,
    Validation,
    WorkbookPlan,
)
from tuijie_xl.files import saving
from tuijie_xl.files.saving import FORMER, save_atomically, save_workbook, sweep
from tuijie_xl.files.writing import TextTooLong, cell_value, legal, utf16_length, write_workbook
from tuijie_xl.problem import UnusableFile

PLAIN = Style()


def plan_of(*values) -> WorkbookPlan:
    """One sheet with the values below each other in column A."""
    sheet = SheetPlan("表")
    for row, value in enumerate(values):
        sheet.put(row, 0, value, PLAIN)
    return WorkbookPlan([sheet])


def written(tmp_path, plan) -> openpyxl.Workbook:
    return openpyxl.load_workbook(save_workbook(plan, tmp_path / "x.xlsx")[0])


def part(path, name: str) -> str:
    with zipfile.ZipFile(path) as archive:
        return archive.read(name).decode()


# ------------------------------------------------------------------ values

@pytest.mark.parametrize("value, held", [
    (None, None), ("文字", "文字"), (True, True), (320, 320),
    (999_999_999_999_999, 999_999_999_999_999), (1_000_000_000_000_000, "1000000000000000"),
    (913706833104614358, "913706833104614358"),
    (Decimal("2999.99"), 2999.99), (Decimal(123456789012345), 123456789012345.0),
    (Decimal(1234567890123456), "1234567890123456"), (Decimal("3E+20"), 3e20), (Decimal("NaN"), "NaN"),
    (float("nan"), None), (float("inf"), "inf"), (0.1, 0.1),
    (("大数据", "云计算"), "大数据、云计算"), ((), ""),
    (date(2018, 7, 3), date(2018, 7, 3)), (date(1898, 7, 3), "1898-07-03"), (date(1900, 2, 28), "1900-02-28"),
    (date(1900, 3, 1), date(1900, 3, 1)), (datetime(2018, 7, 3, 8, tzinfo=UTC), "2018-07-03 08:00:00+00:00"),
    (time(8, 30), "08:30:00"),
])
def test_what_a_cell_holds(value, held):
    assert cell_value(value) == held and type(cell_value(value)) is type(held)


def test_what_no_cell_can_hold_is_our_own_bug():
    with pytest.raises(TypeError, match="no cell can hold"):
        cell_value(object())


@pytest.mark.parametrize("value", ["=1+1", "=HYPERLINK(\"http://x\")", "+1", "-1", "@SUM(A1)", "http://example.com",
                                   "file:///c:/x", "0001", "{=1}", "_x0041_", "TRUE", "'", "a\nb"])
def test_text_stays_text(tmp_path, value):
    cell = written(tmp_path, plan_of(value)).active["A1"]
    assert cell.data_type == "s" and cell.hyperlink is None
    assert cell.value == value


@pytest.mark.parametrize("value, shown", [
    ("坏\ud800字", "坏\ufffd字"), ("\udc00", "\ufffd"), ("铃\x07", "铃\ufffd"), ("\ufffe", "\ufffd"), ("好\t的\n", "好\t的\n"),
    ("一\r\n二\r三", "一\n二\n三"), ("𠮷野家", "𠮷野家"),
])
def test_what_xml_cannot_hold_is_shown_as_a_replacement(tmp_path, value, shown):
    assert legal(value) == shown
    assert written(tmp_path, plan_of(value)).active["A1"].value == shown


def test_a_cell_holds_32767_units_and_not_one_more(tmp_path):
    fits, too_long = "𠮷" * 16_383 + "a", "𠮷" * 16_384
    assert (utf16_length(fits), utf16_length(too_long)) == (32_767, 32_768)
    assert written(tmp_path, plan_of(fits)).active["A1"].value == fits
    before = (tmp_path / "x.xlsx").read_bytes()
    with pytest.raises(TextTooLong, match="“表”A2 的文字有 32768 个字符"):
        save_workbook(plan_of("x", too_long), tmp_path / "x.xlsx")
    assert (tmp_path / "x.xlsx").read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["x.xlsx"]


def test_too_long_counts_the_runs_of_rich_text_together(tmp_path):
    with pytest.raises(TextTooLong):
        save_workbook(plan_of(RichText((("a" * 20_000, PLAIN), ("b" * 20_000, PLAIN)))), tmp_path / "x.xlsx")


def test_dates_show_as_dates(tmp_path):
    sheet = SheetPlan("表")
    sheet.put(0, 0, date(2018, 7, 3), PLAIN)
    sheet.put(1, 0, date(2018, 7, 3), Style(number_format="yyyy年m月d日"))
    sheet.put_columns(2, 0, [[date(2018, 7, 3)]], [Style(number_format="@")])
    page = written(tmp_path, WorkbookPlan([sheet])).active
    assert [page.cell(r, 1).number_format for r in (1, 2, 3)] == ["yyyy-mm-dd", "yyyy年m月d日", "yyyy-mm-dd"]
    assert {page.cell(r, 1).value for r in (1, 2, 3)} == {datetime(2018, 7, 3)}


def test_formulas_links_and_rich_text(tmp_path):
    sheet = SheetPlan("表")
    sheet.put(0, 0, Formula("1+1", 2), PLAIN)
    sheet.put(1, 0, Formula('IF(TRUE,"","")', None), PLAIN)
    sheet.put(2, 0, Link("'表'!B5", "去 B5", "点击"), Style(underline=True))
    sheet.put(3, 0, RichText((("必填", Style(bold=True)), ("", PLAIN), ("项", PLAIN))), PLAIN)
    sheet.put(4, 0, RichText((("一段", PLAIN),)), PLAIN)
    sheet.put(5, 0, RichText(()), PLAIN)
    path = save_workbook(WorkbookPlan([sheet]), tmp_path / "x.xlsx")[0]
    page = openpyxl.load_workbook(path).active
    assert (page["A1"].value, page["A2"].value) == ("=1+1", '=IF(TRUE,"","")')
    assert openpyxl.load_workbook(path, data_only=True).active["A1"].value == 2
    assert page["A3"].hyperlink.location == "'表'!B5" and page["A3"].value == "去 B5"
    assert [page.cell(r, 1).value for r in (4, 5, 6)] == ["必填项", "一段", None]


def test_links_beyond_what_a_sheet_can_hold_become_text(tmp_path, monkeypatch):
    monkeypatch.setattr("tuijie_xl.files.writing.MOST_LINKS", 1)
    page = written(tmp_path, plan_of(Link("'表'!A1", "一"), Link("'表'!A2", "二"))).active
    assert page["A1"].hyperlink and not page["A2"].hyperlink and page["A2"].value == "二"


def test_blocks_are_columns_of_values_each_in_its_style(tmp_path):
    sheet = SheetPlan("表")
    sheet.put_columns(1, 1, [["甲", None, ""], [1.5, Decimal(2), 3]], [PLAIN, Style(number_format="0.00", locked=False)])
    page = written(tmp_path, WorkbookPlan([sheet])).active
    assert [[c.value for c in row] for row in page["B2:C4"]] == [["甲", 1.5], [None, 2], [None, 3]]
    assert page["C2"].number_format == "0.00" and not page["C4"].protection.locked and page["B3"].protection.locked


# ------------------------------------------------------------------ what lies over the cells

def test_everything_of_a_plan_is_rendered(tmp_path):
    sheet = SheetPlan("表", widths={0: 30, 1: 9}, heights={0: 39}, column_styles={2: Style(fill="EEEEEE")}, hidden_columns={3},
                      autofilter=(1, 0, 3, 1), freeze=(2, 1), protect=True, zoom=90, tab_color="17495A", gridlines=True)
    sheet.merge((0, 0, 0, 1), "标题", Style(bold=True, border="D3DCE1", align="center", fill="17495A", rotation=255))
    sheet.merge((4, 0, 4, 0), "单格", Style(italic=True, wrap=True, indent=1, rotation=90, shrink=True))
    sheet.notes = [(0, 0, "批注\n第二行")]
    sheet.conditions = [Condition((1, 0, 3, 0), 'A2="坏"', Style(fill="FBE1DF", color="A3201D", bold=True))]
    sheet.charts = [Chart(6, 0, kind, "图", (("='表'!$A$1", "='表'!$A$2:$A$4", "='表'!$B$2:$B$4"),), ("17495A",), stacked)
                    for kind, stacked in (("bar", True), ("column", False), ("pie", False))]
    sheet.print = Print(True, (1, 0), (0, 1), (0, 0), header="&L表", area=(0, 0, 9, 3), centered=True)
    listed = SheetPlan("数", hidden=True, tables=[Table((0, 0, 1, 1), "t_表", ("甲", "乙"), "Table Style Light 9")])
    listed.put_columns(0, 0, [["甲", 1], ["乙", 2]], [PLAIN, PLAIN])
    scaled = SheetPlan("印", print=Print(scale=60, column_breaks=(5, 9)))
    book = written(tmp_path, WorkbookPlan([listed, sheet, scaled], {"list_a": "'数'!$A$1:$A$2"}, "书名", "主题"))
    page = book["表"]
    assert (book.active.title, book["数"].sheet_state, book.properties.title) == ("表", "hidden", "书名")
    assert book.defined_names["list_a"].value == "'数'!$A$1:$A$2"
    assert book["数"].tables["t_表"].ref == "A1:B2"
    assert [str(m) for m in page.merged_cells.ranges] == ["A1:B1"] and page["A1"].alignment.textRotation == 255
    assert page["A1"].comment.text == "批注\n第二行" and page.protection.sheet and not page.protection.autoFilter
    assert (page.freeze_panes, page.auto_filter.ref, page.sheet_view.zoomScale) == ("B3", "A2:B4", 90)
    assert page.column_dimensions["D"].hidden and page.row_dimensions[1].height == 39
    (rules,) = page.conditional_formatting
    assert rules.rules[0].formula == ['A2="坏"'] and rules.rules[0].dxf.fill.bgColor.rgb == "FFFBE1DF"
    assert rules.rules[0].dxf.font.name is None
    assert len(page._charts) == 3
    assert page.page_setup.orientation == "landscape" and page.print_title_rows == "$1:$2" and page.page_setup.paperSize == 9
    assert book["印"].page_setup.scale == 60 and [b.id for b in book["印"].col_breaks.brk] == [5, 9]


@pytest.mark.parametrize("validation, found", [
    (Validation((1, 0, 9, 0), "list", formula="list_a", ignore_blank=False), ("list", "list_a", None)),
    (Validation((1, 0, 9, 0), "list", values=("☑",)), ("list", '"☑"', None)),
    (Validation((1, 0, 9, 0), "whole", minimum=0, maximum=9, stop=False), ("whole", "0", "9")),
    (Validation((1, 0, 9, 0), "decimal", criteria=">=", minimum=Decimal("0.5")), ("decimal", "0.5", None)),
    (Validation((1, 0, 9, 0), "decimal", criteria="<=", maximum=7), ("decimal", "7", None)),
    (Validation((1, 0, 9, 0), "date", criteria="<=", maximum=date(2018, 7, 3)), ("date", "43284", None)),
    (Validation((1, 0, 9, 0), "length", minimum=18, maximum=18), ("textLength", "18", "18")),
    (Validation((1, 0, 9, 0), "custom", formula="LEN($A2)=18"), ("custom", "LEN($A2)=18", None)),
])
def test_validations(tmp_path, validation, found):
    sheet = SheetPlan("表", validations=[validation])
    (made,) = written(tmp_path, WorkbookPlan([sheet], {"list_a": "'表'!$A$1"})).active.data_validations.dataValidation
    assert (made.type, made.formula1, made.formula2) == found and str(made.sqref) == "A2:A10"
    assert made.allowBlank == validation.ignore_blank and made.errorStyle == (None if validation.stop else "warning")


def test_an_input_message_alone(tmp_path):
    sheet = SheetPlan("表", validations=[Validation((1, 0, 9, 0), "any", prompt_title="列名", prompt="说明")])
    (made,) = written(tmp_path, WorkbookPlan([sheet])).active.data_validations.dataValidation
    assert (made.promptTitle, made.prompt, made.type) == ("列名", "说明", None)


AREA = (1, 0, 2, 0)


@pytest.mark.parametrize("sheet, why", [
    (SheetPlan("表", validations=[Validation(AREA, "any", prompt_title="长" * 33)]), "prompt title of 33"),
    (SheetPlan("表", validations=[Validation(AREA, "any", prompt="长" * 256)]), "prompt of 256"),
    (SheetPlan("表", validations=[Validation(AREA, "any", prompt="𠮷" * 128)]), "prompt of 256"),
    (SheetPlan("表", validations=[Validation(AREA, "any", error="长" * 256)]), "error of 256"),
    (SheetPlan("表", validations=[Validation(AREA, "list", values=("长" * 127, "长" * 128))]), "list of 256"),
    (SheetPlan("表", cells=[(0, 0, Formula("A" * 8192), PLAIN)]), "formula of 8192"),
    (SheetPlan("表", tables=[Table((0, 0, 2, 1), "t", ("甲", "甲"))]), "2 different headers"),
    (SheetPlan("表", blocks=[(1_048_575, 0, [["a", "b"]], [PLAIN])]), "Excel holds 1048576"),
])
def test_what_excel_would_repair_is_refused(tmp_path, sheet, why):
    with pytest.raises(ValueError, match=why):
        save_workbook(WorkbookPlan([sheet]), tmp_path / "x.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_the_longest_prompt_passes(tmp_path):
    sheet = SheetPlan("表", validations=[Validation(AREA, "any", prompt_title="长" * 32, prompt="长" * 255)])
    save_workbook(WorkbookPlan([sheet]), tmp_path / "x.xlsx")


def test_what_xlsxwriter_would_drop_with_a_warning_is_an_error(tmp_path):
    with pytest.raises(UserWarning):
        save_workbook(WorkbookPlan([SheetPlan("表", zoom=5)]), tmp_path / "x.xlsx")


def test_two_runs_give_the_same_bytes(tmp_path):
    plan = plan_of("甲", 1, Formula("1+1", 2), date(2018, 7, 3), Link("'表'!A1", "x"))
    plan.sheets[0].notes = [(0, 0, "批注")]
    first, second = (save_workbook(plan, tmp_path / name)[0].read_bytes() for name in ("a.xlsx", "b.xlsx"))
    assert first == second


# ------------------------------------------------------------------ saving

def test_the_folder_is_made_and_the_old_file_replaced_and_kept(tmp_path):
    target = tmp_path / "新" / "深" / "书.xlsx"
    for text in ("一", "二", "三"):
        assert save_workbook(plan_of(text), target) == [target]
    assert openpyxl.load_workbook(target).active["A1"].value == "三"
    former = list((target.parent / FORMER).iterdir())
    assert sorted(openpyxl.load_workbook(path).active["A1"].value for path in former) == ["一", "二"]
    assert sorted(p.name for p in target.parent.iterdir()) == sorted([FORMER, "书.xlsx"])


def test_the_same_bytes_are_not_written_again(tmp_path):
    target = save_workbook(plan_of("一"), tmp_path / "书.xlsx")[0]
    before = target.stat().st_ino
    save_workbook(plan_of("一"), target)
    assert target.stat().st_ino == before and list(tmp_path.iterdir()) == [target]


def test_nothing_is_kept_where_nobody_asks(tmp_path):
    for text in ("一", "二"):
        save_workbook(plan_of(text), tmp_path / "书.xlsx", keep_former=False)
    assert [p.name for p in tmp_path.iterdir()] == ["书.xlsx"]


def test_a_failing_writer_leaves_the_old_file_and_nothing_else(tmp_path):
    target = tmp_path / "a.json"
    target.write_text("旧")

    def fail(temporary):
        temporary.write_text("半")
        raise KeyError("bug")

    with pytest.raises(KeyError):
        save_atomically(target, fail)
    assert target.read_text() == "旧" and [p.name for p in tmp_path.iterdir()] == ["a.json"]


@pytest.mark.parametrize("number, words", [
    (errno.ENOSPC, "磁盘空间不足"), (errno.EROFS, "只读"), (errno.EACCES, "没有写入权限"), (errno.EIO, "写入失败"),
    (errno.ENAMETOOLONG, "文件名太长"),
])
def test_a_disk_that_refuses_is_one_sentence_with_the_next_step(tmp_path, number, words):
    def refuse(temporary):
        raise OSError(number, os.strerror(number))

    with pytest.raises(UnusableFile, match=words) as caught:
        save_atomically(tmp_path / "a.json", refuse)
    assert caught.value.path == str(tmp_path / "a.json") and caught.value.code == "file-unwritable"
    assert caught.value.why.endswith("。") and "请" in caught.value.why
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_while_xlsxwriter_packs(tmp_path, monkeypatch):
    def full(*args, **options):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("xlsxwriter.workbook.ZipFile", full)
    with pytest.raises(UnusableFile, match="磁盘空间不足"):
        save_workbook(plan_of("x"), tmp_path / "x.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_a_file_open_in_excel_on_windows(tmp_path, monkeypatch):
    target = tmp_path / "x.xlsx"
    target.write_text("open")

    def locked(*args):
        raise PermissionError(errno.EACCES, "used by another process")

    monkeypatch.setattr(saving.os, "replace", locked)
    monkeypatch.setattr(saving, "_ON_WINDOWS", True)
    with pytest.raises(UnusableFile, match="正被 Excel 或其他程序打开.*请关闭"):
        save_workbook(plan_of("x"), target, keep_former=False)
    assert target.read_text() == "open" and len(list(tmp_path.iterdir())) == 1


def test_a_folder_of_that_name_and_a_file_in_the_way(tmp_path):
    (tmp_path / "x.xlsx").mkdir()
    with pytest.raises(UnusableFile, match="同名的文件夹"):
        save_workbook(plan_of("x"), tmp_path / "x.xlsx")
    (tmp_path / "file").write_text("")
    with pytest.raises(UnusableFile, match="不是文件夹"):
        save_workbook(plan_of("x"), tmp_path / "file" / "x.xlsx")


@pytest.mark.parametrize("content", [b"not a zip", b""])
def test_a_workbook_that_does_not_read_back_is_not_put_in_place(tmp_path, content):
    with pytest.raises(UnusableFile, match="写入失败"):
        save_atomically(tmp_path / "x.xlsx", lambda temporary: temporary.write_bytes(content))
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_part_is_found(tmp_path):
    def damage(temporary):
        with zipfile.ZipFile(temporary, "w") as archive:
            archive.writestr("a.xml", "x" * 100)
        content = bytearray(temporary.read_bytes())
        content[content.index(b"xxxx")] = ord("y")
        temporary.write_bytes(content)

    with pytest.raises(UnusableFile, match="写入失败"):
        save_atomically(tmp_path / "x.xlsx", damage)


def test_what_a_killed_run_left_is_swept_and_nothing_else(tmp_path):
    stale = tmp_path / f".tuijie-{saving._HOST}-{2**22 + 1}-00000000.tmp"
    elsewhere = tmp_path / ".tuijie-ffffffff-1-00000000.tmp"
    old = tmp_path / ".tuijie-ffffffff-2-00000000.tmp"
    living = tmp_path / f".tuijie-{saving._HOST}-{os.getpid()}-00000000.tmp"
    theirs = tmp_path / "报表.tmp"
    for path in (stale, elsewhere, old, living, theirs):
        path.write_text("")
    os.utime(old, (0, 0))
    assert set(sweep(tmp_path)) == {stale, old}
    assert set(tmp_path.iterdir()) == {elsewhere, living, theirs}


def test_a_link_to_a_file_stays_a_link(tmp_path):
    (tmp_path / "真.json").write_text("旧")
    (tmp_path / "链.json").symlink_to(tmp_path / "真.json")
    save_atomically(tmp_path / "链.json", lambda temporary: temporary.write_text("新"))
    assert (tmp_path / "链.json").is_symlink() and (tmp_path / "真.json").read_text() == "新"


def test_write_workbook_speaks_of_the_file_it_writes(tmp_path):
    with pytest.raises(TextTooLong) as caught:
        write_workbook(plan_of("x" * 32_768), tmp_path / "y.xlsx")
    assert caught.value.path == str(tmp_path / "y.xlsx")
