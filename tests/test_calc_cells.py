"""Ranges on a live Calc document: values, formulas, looks, notes, links, moves. What differs from Excel is named so."""

import datetime as dt

import pytest
from calc_session import book, calc, calc_process, sheet  # noqa: F401
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from xlwings import XlwingsError


pytestmark = pytest.mark.slow
live = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])

texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Co", "Cn"]), min_size=1, max_size=20)
moments = st.datetimes(dt.datetime(1901, 1, 1), dt.datetime(2199, 12, 31)).map(lambda d: d.replace(microsecond=0))
cells = st.one_of(st.none(), st.booleans(), moments, st.floats(allow_nan=False, allow_infinity=False, width=32),
                  texts.filter(lambda t: t[0] != "'"), st.sampled_from(["=1+1", "-3", "@甲", "007", "2018-07-03", "TRUE", "企业（境内）"]))


# ------------------------------------------------------------------ values

@live
@given(st.data())
def test_blocks_come_back_as_they_were_written(sheet, data):  # noqa: F811
    columns = data.draw(st.integers(1, 4))
    rows = data.draw(st.lists(st.lists(cells, min_size=columns, max_size=columns), min_size=1, max_size=5))
    sheet.clear_formats()
    sheet["B2"].value = rows
    assert sheet["B2"].resize(len(rows), columns).options(ndim=2).value == rows


def test_what_stood_in_a_cell_before(sheet):  # noqa: F811
    """A bool leaves no trace; a date leaves its format, under which a number reads as a date: both as in Excel."""
    sheet["A1"].value = [True, dt.date(2018, 7, 3)]
    sheet["A1"].value = [1, 1]
    assert sheet["A1:B1"].value == [1, dt.datetime(1899, 12, 31)]


@pytest.mark.parametrize("value", ["=1+1", "007", "2018-07-03", "+86 10", "=HYPERLINK(\"http://x\")", "a\nb"])
def test_a_text_stays_a_text_unlike_excel(sheet, value):  # noqa: F811
    """Excel would take these for formulas, numbers or dates."""
    sheet["A1"].value = value
    assert sheet["A1"].value == value


def test_a_leading_apostrophe_marks_text_as_in_excel(sheet):  # noqa: F811
    sheet["A1"].value = ["'=1+1", "''a"]
    assert sheet["A1:B1"].value == ["=1+1", "'a"]


def test_one_value_fills_a_range_and_none_empties_it(sheet):  # noqa: F811
    sheet["A1:B2"].value = "甲"
    assert sheet["A1:B2"].value == [["甲", "甲"], ["甲", "甲"]]
    sheet["A1:B2"].value = None
    assert sheet["A1:C3"].value == [[None] * 3] * 3


def test_dates_keep_a_format_that_shows_dates(sheet):  # noqa: F811
    sheet["A1"].number_format = 'yyyy"年"m"月"d"日"'
    sheet["A1"].value = [dt.date(2018, 7, 3), dt.date(2018, 7, 3), dt.datetime(2018, 7, 3, 9, 30)]
    assert [sheet[0, i].number_format for i in range(3)] == ['yyyy"年"m"月"d"日"', "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"]
    assert sheet["A1"].options(dates=dt.date).value == dt.date(2018, 7, 3)


def test_times_of_day_are_read_as_numbers(sheet):  # noqa: F811
    sheet["A1"].value = 0.5
    sheet["A1"].number_format = "hh:mm"
    assert sheet["A1"].value == 0.5


def test_errors_are_none_or_their_names(sheet):  # noqa: F811
    sheet["A1"].formula = [["=1/0", "=NA()", "=不存在的名称", "=VALUE(\"a\")", "=\"\""]]
    assert sheet["A1:E1"].value == [None] * 5
    assert sheet["A1:E1"].options(err_to_str=True).value == ["#DIV/0!", "#N/A", "#NAME?", "#VALUE!", None]


def test_raw_values_and_chunks(sheet):  # noqa: F811
    sheet["A1"].raw_value = ["a", 1]
    assert sheet["A1:B1"].raw_value == [["a", 1.0]]
    rows = [[float(i), f"第{i}行"] for i in range(25)]
    sheet["A1"].options(chunksize=7).value = rows
    assert sheet["A1:B25"].options(chunksize=10).value == rows


def test_frames_go_in_and_out(sheet):  # noqa: F811
    import pandas as pd

    frame = pd.DataFrame({"企业名称": ["甲", None], "营业额": [3000.5, float("nan")]}, dtype=object)
    sheet["A1"].options(index=False).value = frame
    assert sheet["A1:B3"].value == [["企业名称", "营业额"], ["甲", 3000.5], [None, None]]


# ------------------------------------------------------------------ formulas

def test_formulas_are_excels(book, sheet):  # noqa: F811
    book.sheets.add("我 的", after=sheet)["A1"].value = [[1], [2], [3]]
    formula = "=SUM('我 的'!$A$1:A3,CEILING(3.2,2))&IF(1>2,\"a,b\",\"x;y\")"
    sheet["A1"].formula = formula
    assert (sheet["A1"].formula, sheet["A1"].formula2, sheet["A1"].value) == (formula, formula, "10x;y")


def test_one_formula_fills_a_range(sheet):  # noqa: F811
    sheet["A1"].value = [[1, 2], [3, 4]]
    sheet["C1:D2"].formula = "=A1*2+$A$1"
    assert sheet["C1:D2"].formula == [["=A1*2+$A$1", "=B1*2+$A$1"], ["=A2*2+$A$1", "=B2*2+$A$1"]]
    assert sheet["C1:D2"].value == [[3, 5], [7, 9]]


def test_formula_of_a_cell_without_one_is_what_was_typed(sheet):  # noqa: F811
    """Unlike Excel, a bool or a date shows its number here."""
    sheet["A1"].value = ["甲", "=1+1", "'007", 1.5, None, True, dt.date(2018, 7, 3)]
    assert sheet["A1:G1"].formula == [["甲", "=1+1", "007", "1.5", "", "1", "43284"]]


def test_typing_into_formula_as_in_excel(sheet):  # noqa: F811
    sheet["A1"].formula = [["007", "'007", 1.5, None, True, "=1+1"]]
    assert sheet["A1:F1"].value == [7, "007", 1.5, None, True, 2]


def test_array_formulas(sheet):  # noqa: F811
    sheet["A1"].value = [[1], [2], [3]]
    sheet["B1:B3"].formula_array = "=A1:A3*10"
    assert sheet["B1:B3"].value == [10, 20, 30]
    assert (sheet["B1:B3"].formula_array, sheet["B1"].has_array, sheet["A1"].has_array) == ("=A1:A3*10", True, False)


def test_manual_calculation_waits(calc, sheet):  # noqa: F811
    sheet["A1"].value = 1
    sheet["B1"].formula = "=A1+1"
    with calc.properties(calculation="manual"):
        sheet["A1"].value = 5
        assert sheet["B1"].value == 2
        calc.calculate()
        assert sheet["B1"].value == 6
    assert calc.calculation == "automatic"
    with pytest.raises(ValueError, match="calculation"):
        calc.calculation = "later"


# ------------------------------------------------------------------ where a range is

def test_addresses(sheet):  # noqa: F811
    cells = sheet["B2:C4"]
    assert (cells.address, cells.row, cells.column, cells.shape, cells.size) == ("$B$2:$C$4", 2, 2, (3, 2), 6)
    assert cells.get_address(False, False) == "B2:C4"
    assert cells.get_address(external=True) == f"[{sheet.book.name}]{sheet.name}!$B$2:$C$4"
    assert cells.last_cell.address == "$C$4"


def test_cells_beyond_the_range(sheet):  # noqa: F811
    cells = sheet["B2:C4"]
    assert [c.address for c in (cells(1, 1), cells(5, 3), cells(3), cells[2, 1], cells.offset(1, 1), cells.resize(1))] == [
        "$B$2", "$D$6", "$B$3", "$C$4", "$C$3:$D$5", "$B$2:$C$2"]
    with pytest.raises(IndexError):
        sheet["A1"](0, 1)


def test_rows_columns_and_whole_ones(sheet):  # noqa: F811
    assert [r.address for r in sheet["A1:B2"].rows] == ["$A$1:$B$1", "$A$2:$B$2"]
    assert (sheet["B:B"].address, sheet["2:3"].address, sheet.range((1, 2), (3, 4)).address) == ("$B:$B", "$2:$3", "$B$1:$D$3")
    assert sheet.range(sheet["A1"], sheet["C2"]).address == "$A$1:$C$2"
    with pytest.raises(XlwingsError, match="没有这样的地址或名称"):
        sheet["没有的名称"]


def test_expand_end_and_region(sheet):  # noqa: F811
    sheet["B2"].value = [["甲", "乙"], [1, 2], [3, 4], [None, None], [5, None]]
    assert [sheet["B2"].expand(m).address for m in ("table", "down", "right")] == ["$B$2:$C$4", "$B$2:$B$4", "$B$2:$C$2"]
    assert [sheet["B2"].end(d).address for d in ("down", "right", "up", "left")] == ["$B$4", "$C$2", "$B$1", "$A$2"]
    assert [sheet["B4"].end("down").address, sheet["B6"].end("down").address] == ["$B$6", "$B$1048576"]
    assert sheet["C3"].current_region.address == "$B$2:$C$4"
    assert sheet.used_range.address == "$B$2:$C$6"


def test_selection(calc, book, sheet):  # noqa: F811
    sheet["B2:C3"].select()
    assert calc.selection.address == book.selection.address == "$B$2:$C$3"


# ------------------------------------------------------------------ looks

def test_looks_round_trip(sheet):  # noqa: F811
    cells = sheet["A1:B2"]
    cells.color = (255, 199, 206)
    cells.number_format = "#,##0.00"
    cells.wrap_text = True
    cells.horizontal_alignment, cells.vertical_alignment = "center", "top"
    cells.column_width, cells.row_height = 20, 30
    cells.font.bold, cells.font.italic, cells.font.size, cells.font.color = True, True, 14, "#9C0006"
    cells.font.name = "Noto Sans CJK SC"
    assert (cells.color, cells.number_format, cells.wrap_text) == ((255, 199, 206), "#,##0.00", True)
    assert (cells.horizontal_alignment, cells.vertical_alignment) == ("center", "top")
    assert (cells.column_width, cells.row_height) == (pytest.approx(20, abs=0.1), pytest.approx(30, abs=0.1))
    assert (cells.font.bold, cells.font.italic, cells.font.size) == (True, True, 14)
    assert (cells.font.color, cells.font.name) == ((156, 0, 6), "Noto Sans CJK SC")
    assert cells.width > 2 * 100 and cells.height == pytest.approx(60, abs=0.2)
    assert (cells.left, sheet["A3"].top) == (0, pytest.approx(60, abs=0.2))


def test_a_look_that_differs_is_none(sheet):  # noqa: F811
    sheet["A1"].color, sheet["A1"].font.bold, sheet["A1"].number_format, sheet["A1"].row_height = (1, 2, 3), True, "0.0", 40
    cells = sheet["A1:B2"]
    assert (cells.color, cells.font.bold, cells.number_format, cells.row_height) == (None, None, None, 40)
    assert (sheet["B2"].color, sheet["B2"].font.bold, sheet["B2"].font.color) == (None, False, (0, 0, 0))


def test_fills_cell_by_cell(sheet):  # noqa: F811
    sheet["A1:B2"].color = "#ffffff"
    sheet["A1:B2"].set_colors([["#ff0000", None], [..., (255, 0, 0)]])
    assert [c.color for c in sheet["A1:B2"]] == [(255, 0, 0), None, (255, 255, 255), (255, 0, 0)]


def test_borders(sheet):  # noqa: F811
    cells = sheet["B2:C4"]
    assert (cells.borders.line_style, cells.borders.weight, cells.borders.color) == ("none", None, None)
    cells.borders.set(line_style="continuous", weight="thin", color=(191, 191, 191))
    assert (cells.borders.line_style, cells.borders.weight, cells.borders.color) == ("continuous", "thin", (191, 191, 191))
    cells.borders["edge_bottom"].line_style = "double"
    cells.borders["edge_top"].weight = "thick"
    cells.borders["edge_left"].color = "#ff0000"
    assert [cells.borders[f"edge_{side}"].line_style for side in ("bottom", "top", "left")] == ["double", "continuous", "continuous"]
    assert (cells.borders["edge_top"].weight, cells.borders["edge_left"].color) == ("thick", (255, 0, 0))
    assert (cells.borders.line_style, sheet["B3"].borders["edge_right"].color) == (None, (191, 191, 191))
    cells.borders.clear()
    assert sheet["B3"].borders.line_style == "none"
    for unknown in (lambda: cells.borders.set("diagonal_up", line_style="dash"), lambda: cells.borders["diagonal_up"].color,
                    lambda: setattr(cells.borders["edge_top"], "line_style", "slant_dash_dot")):
        with pytest.raises(NotImplementedError):
            unknown()


def test_hiding_and_fitting(sheet):  # noqa: F811
    sheet["A1"].value = "很长的企业名称" * 5
    narrow = sheet["A1"].column_width
    sheet["A1"].autofit()
    assert sheet["A1"].column_width > narrow
    sheet["2:3"].rows.hidden = True
    sheet["C:C"].columns.hidden = True
    assert (sheet["A2"].rows.hidden, sheet["A1:A2"].rows.hidden, sheet["C1"].columns.hidden) == (True, None, True)
    sheet.autofit("c")


def test_parts_of_a_text(sheet):  # noqa: F811
    sheet["A1"].value = "待核：营业额"
    sheet["A1"].characters[:2].font.color = (255, 0, 0)
    assert (sheet["A1"].characters[:2].text, sheet["A1"].characters[:2].font.color) == ("待核", (255, 0, 0))
    assert (sheet["A1"].characters[3].text, sheet["A1"].characters[3:].font.color) == ("营", (0, 0, 0))
    assert sheet["A1"].value == "待核：营业额"


def test_alignments_that_calc_lacks(sheet):  # noqa: F811
    with pytest.raises(NotImplementedError):
        sheet["A1"].horizontal_alignment = "distributed"


# ------------------------------------------------------------------ clearing, moving, merging

def test_clearing(sheet):  # noqa: F811
    cells = sheet["A1:B1"]
    cells.value, cells.color = ["甲", 1], (1, 2, 3)
    sheet["A1"].add_note("批注")
    cells.clear_contents()
    assert (cells.value, sheet["A1"].color, sheet["A1"].note.text) == ([None, None], (1, 2, 3), "批注")
    cells.value = "乙"
    cells.clear_formats()
    assert (sheet["A1"].value, sheet["A1"].color) == ("乙", None)
    cells.clear()
    assert (sheet["A1"].value, sheet["A1"].note) == (None, None)


def test_inserting_and_deleting(sheet):  # noqa: F811
    sheet["A1"].value = [[1, "a"], [2, "b"], [3, "c"]]
    sheet["2:2"].insert("down")
    assert sheet["A1:B4"].value == [[1, "a"], [None, None], [2, "b"], [3, "c"]]
    sheet["2:2"].delete()
    sheet["A1"].insert("right")
    assert sheet["A1:C1"].value == [None, 1, "a"]
    sheet["A1"].delete("left")
    sheet["A1"].delete("up")
    assert sheet["A1:B3"].value == [[2, "a"], [3, "b"], [None, "c"]]


def test_a_range_stays_at_its_address_unlike_excel(sheet):  # noqa: F811
    sheet["A1"].value = [[1], [2], [3]]
    second = sheet["A2"]
    assert second.value == 2
    sheet["1:1"].insert("down")
    assert (second.address, second.value) == ("$A$2", 1)


def test_copying_and_moving(book, sheet):  # noqa: F811
    other = book.sheets.add("其它", after=sheet)
    sheet["A1"].value, sheet["A1"].color = [[1], [2]], (1, 2, 3)
    sheet["B1"].formula = "=A1*2"
    sheet["A1:B1"].copy(other["C3"])
    assert (other["C3:D3"].value, other["C3"].color, other["D3"].formula) == ([1, 2], (1, 2, 3), "=C3*2")
    other["A9"].copy_from(sheet["B1"], "values")
    assert (other["A9"].value, other["A9"].formula) == (2, "2")
    other["A10"].copy_from(sheet["A1"])
    assert other["A10"].color == (1, 2, 3)
    with pytest.raises(NotImplementedError, match="as they stand"):
        other["A11"].copy_from(sheet["A1"], "formats")
    with pytest.raises(NotImplementedError, match="one book"):
        sheet["A1"].copy(book.app.books.add().sheets[0]["A1"])
    sheet["A2"].move(other["A1"])
    assert (sheet["A2"].value, other["A1"].value) == (None, 2)
    with pytest.raises(NotImplementedError):
        sheet["A1"].copy()


def test_merging_keeps_the_upper_left_as_in_excel(sheet):  # noqa: F811
    sheet["A1"].value = [["甲", "乙"], ["丙", "丁"]]
    sheet["A1:B2"].merge()
    assert (sheet["B2"].merge_area.address, sheet["A1"].merge_cells, sheet["D4"].merge_cells) == ("$A$1:$B$2", True, False)
    assert [sheet[a].merge_cells for a in ("A1:D4", "B2:D4", "B1:B2", "A1:A3", "C1:D4")] == [None, None, True, None, False]
    sheet["F6:G7"].merge()
    sheet["F8:G9"].merge()
    sheet["F8"].unmerge()
    assert [sheet[a].merge_cells for a in ("D4:H9", "D4:E9", "G7:H9", "F6:G7")] == [None, False, None, True]
    sheet["B2"].unmerge()
    assert sheet["A1:B2"].value == [["甲", None], [None, None]]
    sheet["A4:C5"].merge(across=True)
    assert [sheet["B4"].merge_area.address, sheet["B5"].merge_area.address] == ["$A$4:$C$4", "$A$5:$C$5"]


def test_grouping_rows(sheet):  # noqa: F811
    sheet["2:4"].group()
    sheet["2:4"].ungroup()
    sheet["B1:C1"].group("columns")
    with pytest.raises(ValueError, match="by"):
        sheet["B2"].group()


# ------------------------------------------------------------------ notes and links

def test_notes(book, sheet):  # noqa: F811
    note = sheet["B6"].add_note("营业额低于 3000 万元。\n差额 12.5 万元")
    assert (note.text, note.location.address, note.author) == ("营业额低于 3000 万元。\n差额 12.5 万元", "$B$6", "")
    note.text = "改过"
    assert [n.text for n in book.notes] == [sheet["B6"].note.text] == ["改过"]
    assert sheet.notes["B6"].text == "改过"
    note.delete()
    note.delete()
    assert (sheet["B6"].note, len(sheet.notes)) == (None, 0)


def test_links(book, sheet):  # noqa: F811
    book.sheets.add("问题 清单", after=sheet)
    sheet["A1"].add_hyperlink("http://tuijie.cciip.org.cn", "官网")
    sheet["A2"].add_hyperlink("#'问题 清单'!B5", "第 1 条")
    assert [sheet["A1"].hyperlink, sheet["A2"].hyperlink] == ["http://tuijie.cciip.org.cn", "#'问题 清单'!B5"]
    assert sheet["A1:A2"].value == ["官网", "第 1 条"]
    sheet["A3"].formula = '=HYPERLINK("#A1","去")'
    assert sheet["A3"].hyperlink == "#A1"
    with pytest.raises(XlwingsError, match="hyperlink"):
        _ = sheet["B1"].hyperlink


# ------------------------------------------------------------------ rules

def test_validations(book, sheet):  # noqa: F811
    words = book.sheets.add("词 表", after=sheet)
    words["A1"].value = [["境内"], ["境外"]]
    rule = sheet["B2:B9"].data_validation
    assert (rule.type, rule.formula1, rule.source) == ("none", None, None)
    rule.set_list(["是", "否"])
    assert (rule.type, rule.source, rule.in_cell_dropdown, rule.alert_style) == ("list", "是,否", True, "stop")
    assert (rule.show_error, rule.show_input, rule.error_title, rule.input_title, rule.input_message) == (True, False, "", "", "")
    rule.set_list(words["A1:A2"])
    assert rule.source == "='词 表'!$A$1:$A$2"
    words["A1:A2"].name = "list_hq"
    rule.set_list(book.names["list_hq"])
    assert rule.source == "=list_hq"
    rule.set_decimal("between", 0, "=$A$1")
    assert (rule.type, rule.operator, rule.formula1, rule.formula2) == ("decimal", "between", "=0", "=$A$1")
    rule.set_custom("=COUNTIF($B$2:$B$9,B2)=1")
    assert (rule.type, rule.formula, rule.operator) == ("custom", "=COUNTIF($B$2:$B$9,B2)=1", None)
    assert sheet["B2:C2"].data_validation.type == "inconsistent"
    rule.delete()
    assert (rule.type, rule.ignore_blank, rule.error_message) == ("none", None, "")


def test_conditional_formats(sheet):  # noqa: F811
    sheet["A1"].value = [[1], [5], [9]]
    rules = sheet["A1:A3"].conditional_formats
    rules.add_custom("=AND($A1>3,$A1<7)", fill_color="#ffc7ce", font_bold=True)
    rules.add_cell_value("between", 2, "=$A$3", font_color=(156, 0, 6), font_italic=True)
    first, second = rules
    assert (first.type, first.formula, first.fill_color, first.font_bold) == ("custom", "=AND($A1>3,$A1<7)", (255, 199, 206), True)
    assert (second.type, second.operator, second.formula1, second.formula2) == ("cell_value", "between", "=2", "=$A$3")
    assert (second.font_color, second.font_italic, second.fill_color, second.stop_if_true) == ((156, 0, 6), True, None, True)
    assert len(sheet["B9"].conditional_formats) == 0
    first.delete()
    assert [rule.type for rule in sheet["A2"].conditional_formats] == ["cell_value"]
    rules.clear()
    assert len(rules) == 0
