"""Cells to values: what is certain is read, what is not stays as written, and every doubt is kept."""

from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuijie_xl.book import Unread
from tuijie_xl.edition import Field, load_edition
from tuijie_xl.intake.text import as_written, exact, fold, is_blank, plain
from tuijie_xl.intake.units import parse_unit, sheet_units, units_in
from tuijie_xl.intake.values import ColumnReader, read_tick

D = Decimal


def reader(edition, kind="text", unit="", column_unit=None, **more):
    field = Field("company", "f", "某列", kind, unit, **more)
    return ColumnReader(field, edition, parse_unit(column_unit) if column_unit else None)


# ------------------------------------------------------------------ numbers

@pytest.mark.parametrize(("cell", "value"), [
    (300, 300), (300.0, 300), ("300", 300), ("300人", 300), ("1,200", 1200), ("1,200 名", 1200), ("３００", 300),
    (" 300 ", 300), ("300.0", 300), ("1.2万", 12000), ("1.2万人", 12000), (0, 0), ("0", 0), (-5, -5), ("+5", 5),
    ("（300）", "（300）"), (300.5, "300.5"), ("300.5", "300.5"),
    ("约300", "约300"), ("300余人", "300余人"), ("300+", "300+"), ("≥300", "≥300"), ("200-300", "200-300"),
    ("1,2", "1,2"), ("12,34", "12,34"), ("1,234,5", "1,234,5"), ("300万元", "300万元"), ("三百", 300),
    ("无", "无"), ("", None), ("  ", None), ("-", None), ("——", None), ("/", None), ("不详", None), ("N/A", None),
    ("暂无", None), ("未提供", None), (None, None), (True, "TRUE"), (time(3), "03:00:00"), ("1e3", "1e3"),
    (float("nan"), "nan"), (float("inf"), "inf"),
    (1e20, "1" + "0" * 20), (1e19, 10**19), ("9" * 21, "9" * 21),
])
def test_counts(edition, cell, value):
    assert reader(edition, "count", "人").read([cell]) == [value]


@pytest.mark.parametrize(("cell", "column_unit", "value"), [
    (3000, None, D(3000)), (2999.9999999999995, None, D(3000)), (0.1, None, D("0.1")), (1e-7, None, D("0.0000001")),
    ("3,000", None, D(3000)), ("３０００", None, D(3000)), ("3000万元", None, D(3000)), ("3000（万元）", None, D(3000)),
    ("3,000万", None, D(3000)), ("3千万", None, D(3000)), ("1.2亿", None, D(12000)), ("1.2亿元", None, D(12000)),
    ("900万元人民币", None, D(900)), ("人民币900万元", None, D(900)), ("150万人民币", None, D(150)), ("¥900", None, "¥900"),
    ("30000000元", None, D(3000)), ("2999.99万元", None, D("2999.99")), ("0.001万人民币", None, D("0.001")),
    (30000000, "元", D(3000)), (29999999.99, "元", D("2999.999999")), (29999900, "元", D("2999.99")),
    (30000, "千元", D(3000)), (30, "百万元", D(3000)), (0.3, "亿元", D(3000)), ("3000万元", "元", D(3000)),
    ("3000万", "元", D(3000)), ("30万美元", None, "30万美元"), ("$30", None, "$30"), ("US$30万", None, "US$30万"),
    ("20万欧元", None, "20万欧元"), (500, "万美元", "500万美元"), ("500", "万美元", "500万美元"), ("3000元/人", None, "3000元/人"),
    ("约3000", None, "约3000"), ("3000-4000", None, "3000-4000"), ("3000以上", None, "3000以上"), ("壹万元", None, D(1)),
    ("1.2.3", None, "1.2.3"), ("12人", None, "12人"),
])
def test_amounts_in_ten_thousand_yuan(edition, cell, column_unit, value):
    assert reader(edition, "amount", "万元", column_unit).read([cell]) == [value]


@pytest.mark.parametrize(("cell", "value"), [
    ("3 000", D(3000)), ("12 500.5", D("12500.5")), ("300 000", D(300000)), ("1 500 000 元", D(150)), ("5000 万 元", D(5000)),
    ("5000\n万元", D(5000)), ("3000万（人民币）", D(3000)), ("人民币 3000万元", D(3000)),
    *((cell, cell) for cell in (
        "2800\n2900", "3000 3500", "2017 5000", "150 200", "1,500 1,600", "150, 200", "30 00", "3\n000", "3 0000", "3 000 00",
        "5000²", "²5000", "5000①", "½", "٥٠٠٠", "5000(含税)", "￥5000", "人民币5000", "5000（人民币）", "CNY 5000"))])
def test_digits_apart_are_not_one_number_and_signs_are_no_units(edition, cell, value):
    column = reader(edition, "amount", "万元")
    assert column.read([cell]) == [value]
    assert [code for code, _ in column.doubts.values()] == (["currency-without-unit"] if cell in (
        "￥5000", "人民币5000", "5000（人民币）", "CNY 5000") else [])


def test_a_sign_is_enough_in_a_column_of_single_units(edition):
    assert reader(edition, "amount", "万元", "元").read(["￥50000000", "￥5000万"]) == [D(5000), D(5000)]


@pytest.mark.parametrize(("kind", "cell"), [("credit_code", "9137010²MA3C0KJY7J"), ("phone", "1380000000①"), ("year", "201⁷"),
                                            ("date", "2018年7月③日"), ("count", "30²")])
def test_superscripts_and_circled_digits_never_become_digits(edition, kind, cell):
    assert reader(edition, kind, "人" if kind == "count" else "").read([cell]) == [cell]


def test_amounts_in_dollars_take_dollars_and_bare_scales(edition):
    cells = [500, "500万美元", "5000000美元", "500万", "500万元", "$500万"]
    assert reader(edition, "amount", "万美元").read(cells) == [D(500), D(500), D(500), D(500), "500万元", D(500)]


def test_areas(edition):
    cells = [60, "60万平方米", "600000平方米", "0.6平方公里", "60公顷", "900亩"]
    assert reader(edition, "number", "万平方米").read(cells) == [D(60), D(60), D(60), D(60), D(60), "900亩"]


def test_a_unit_that_nobody_knows_is_only_taken_when_bare(edition):
    assert reader(edition, "number", "级").read([3, "3级", "3"]) == [D(3), "3级", D(3)]


def test_foreign_money_is_a_doubt_of_the_cell_or_of_the_column(edition):
    own, whole = reader(edition, "amount", "万元"), reader(edition, "amount", "万元", "万美元")
    own.read(["30万美元"])
    whole.read([500.0])
    assert [code for code, _ in own.doubts.values()] == ["currency-foreign"]
    assert [code for code, _ in whole.doubts.values()] == ["currency-foreign-column"]


@given(st.decimals(min_value=0, max_value=10**12, places=2), st.sampled_from(["元", "千元", "万元", "百万元", "亿元"]),
       st.sampled_from(["{:f}{}", "{:,f}{}", "{:f}（{}）", "人民币{:f}{}", "{:f} {}"]))
def test_every_spelling_of_an_amount_reads_exactly(amount, unit, spelling):
    tens = {"元": -4, "千元": -1, "万元": 0, "百万元": 2, "亿元": 4}[unit]
    assert reader(load_edition("2018"), "amount", "万元").read([spelling.format(amount, unit)]) == [amount.scaleb(tens)]


@given(st.floats(min_value=-1e14, max_value=1e14).filter(lambda x: x == 0 or abs(x) > 1e-6))
def test_floats_are_what_excel_shows(number):
    edition = load_edition("2018")
    fast, slow = reader(edition, "amount", "万元"), reader(edition, "amount", "万元")
    assert fast.read([number]) == slow.read([number, 1])[:1] == [Decimal(format(number, ".15g"))]
    assert "E" not in str(fast.read([number])[0])


@pytest.mark.parametrize(("cell", "value", "doubtful"), [
    (85, D(85), False), (85.5, D("85.5"), False), ("85%", D(85), False), ("85％", D(85), False),
    ("0.5%", D("0.5"), False),
    (0.85, D(85), True), ("0.85", D(85), True), (1, D(100), True), (1.01, D("1.01"), False), (0, D(0), False),
    ("约85%", "约85%", False), ("八成", "八成", False), ("85万元", "85万元", False), (None, None, False),
])
def test_percentages_are_percent_points(edition, cell, value, doubtful):
    column = reader(edition, "percent", "%")
    assert (column.read([cell]), "percent-doubtful" in [c for c, _ in column.doubts.values()]) == ([value], doubtful)


def test_percentages_of_our_own_master_are_never_doubtful(edition):
    column = ColumnReader(Field("company", "f", "占比", "percent", "%"), edition, trusted=True)
    assert column.read([0.5, 1]) == [D("0.5"), D(1)] and not column.doubts


@pytest.mark.parametrize(("cell", "value"), [
    (2017, 2017), (2017.0, 2017), ("2017年", 2017), ("2017年度", 2017), ("２０１７", 2017), ("2017/2020", "2017/2020"),
    (17, "17"), ("去年", "去年")])
def test_years(edition, cell, value):
    assert reader(edition, "year").read([cell]) == [value]


# ------------------------------------------------------------------ dates

@pytest.mark.parametrize(("cell", "value"), [
    *((cell, date(2018, 7, 3)) for cell in (
        date(2018, 7, 3), datetime(2018, 7, 3), datetime(2018, 7, 3, 9, 30), "2018-07-03", "2018-7-3", "2018/7/3",
        "2018.7.3", "2018.07.03", "2018年7月3日", "2018 年 7 月 3 日", "２０１８年７月３日", "2018-07-03 00:00:00",
        "20180703", 20180703, 20180703.0, 43284, 43284.0, "43284")),
    (20000, date(1954, 10, 3)), (19999, "19999"), (60000, date(2064, 4, 8)), (60001, "60001"),
    ("2018年7月", "2018年7月"), ("2018/7", "2018/7"), ("2018", "2018"), (2018, "2018"), ("18.7.3", "18.7.3"),
    ("2018-13-01", "2018-13-01"), ("2018-02-30", "2018-02-30"), (20181301, "20181301"), ("7月3日", "7月3日"),
    ("2018年7月3日前", "2018年7月3日前"), (43284.5, "43284.5"), (True, "TRUE"), ("不详", None), (None, None),
])
def test_dates(edition, cell, value):
    assert reader(edition, "date").read([cell]) == [value]


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)),
       st.sampled_from(["{0.year}-{0.month}-{0.day}", "{0:%Y-%m-%d}", "{0.year}/{0.month}/{0.day}", "{0:%Y%m%d}",
                        "{0.year}.{0.month}.{0.day}", "{0.year}年{0.month}月{0.day}日"]))
def test_every_spelling_of_a_day_reads_back(day, spelling):
    assert reader(load_edition("2018"), "date").read([spelling.format(day)]) == [day]


def test_a_column_of_days_is_read_at_once(edition):
    assert reader(edition, "date").read([datetime(2018, 7, 3), None]) == [date(2018, 7, 3), None]
    assert reader(edition, "date").read([datetime(2018, 7, 3), "2018.7.4"]) == [date(2018, 7, 3), date(2018, 7, 4)]


# ------------------------------------------------------------------ text and codes

@pytest.mark.parametrize(("cell", "value"), [
    ("  济南一公司 ", "济南一公司"), ("济南\n一公司", "济南一公司"), ("ABC\r\nLtd", "ABC Ltd"), ("济南示例信息技术\n有限公司", "济南示例信息技术有限公司"),
    (123, "123"), (123.0, "123"), (1.5, "1.5"), (1e20, "100000000000000000000"), (datetime(2018, 7, 3), "2018-07-03"),
    (datetime(2018, 7, 3, 9, 5), "2018-07-03 09:05:00"), (True, "TRUE"), ("无", None), ("------------", None),
    ("全角（保留）", "全角（保留）"),
])
def test_text(edition, cell, value):
    assert reader(edition, "text").read([cell]) == [value]


def test_text_that_is_required_may_be_wu(edition):
    assert reader(edition, "text", required=True).read(["无"]) == ["无"]
    assert reader(edition, "phone", required=True).read(["无"]) == ["无"]
    assert reader(edition, "credit_code", required=True).read(["无"]) == [None]
    assert reader(edition, "phone").read(["无"]) == reader(edition, "credit_code").read(["无"]) == [None]


def test_long_text_keeps_its_lines(edition):
    assert reader(edition, "long_text").read([" 一\n二 "]) == ["一\n二"]


@pytest.mark.parametrize(("kind", "cell", "value"), [
    ("credit_code", "９１３７０１００ｍａ３ｃ０ｋｊｙ７ｊ", "91370100MA3C0KJY7J"),
    ("credit_code", "91370100-ma3c 0kjy7j", "91370100MA3C0KJY7J"),
    ("credit_code", "91370100MA3C0KJY7J", "91370100MA3C0KJY7J"), ("credit_code", 370100000000123.0, "370100000000123"),
    ("credit_code", "'913706833104614358", "913706833104614358"), ("credit_code", "‘91370100MA3C0KJY7J", "91370100MA3C0KJY7J"),
    ("credit_code", 913706833104614358.0, "9.13706833104614E+17"),
    ("credit_code", 913706833104614358, "913706833104614358"),
    ("credit_code", "企合鲁烟总字第000123号", "企合鲁烟总字第000123号"), ("credit_code", "NA", None), ("credit_code", "正在办理", "正在办理"),
    ("phone", 13800000000.0, "13800000000"), ("phone", "０５３１－８８８８８８８８", "0531-88888888"),
    ("phone", 53188888888, "53188888888"),
    ("email", " a@b.cn ", "a@b.cn"), ("postcode", 250101.0, "250101"), ("postcode", "010010", "010010"),
    ("url", "http://a.cn", "http://a.cn"),
])
def test_codes(edition, kind, cell, value):
    assert reader(edition, kind).read([cell]) == [value]


def test_a_postcode_of_five_digits_gets_its_zero_back_with_a_warning(edition):
    column = reader(edition, "postcode")
    assert column.read([10010.0, "10010"]) == ["010010", "10010"]
    assert column.doubts == {10010.0: ("leading-zero", {"read": "010010"})}


@pytest.mark.parametrize(("kind", "text", "value", "code"), [
    ("count", "#N/A", "#N/A", "cell-error"), ("text", "=A1", "=A1", "formula-uncached"),
    ("measure", "=A1/B1", None, None),
    ("system", "=ROW()", None, None), ("measure", "#DIV/0!", "#DIV/0!", "cell-error"),
    ("date", "#REF!", "#REF!", "cell-error")])
def test_errors_and_uncalculated_formulas_stay_and_are_reported(edition, kind, text, value, code):
    column = reader(edition, kind)
    assert column.read([Unread(text)]) == [value] and type(column[text]) in (str, type(None))
    assert [c for c, _ in column.doubts.values()] == ([code] if code else [])


def test_our_own_columns_keep_whole_numbers(edition):
    assert reader(edition, "system").read([3.0, 4, "符合", 1.5, None]) == [3, 4, "符合", "1.5", None]


# ------------------------------------------------------------------ vocabularies

@pytest.mark.parametrize(("field", "cell", "value"), [
    ("is_listed", "是", "是"), ("is_listed", "√", "是"), ("is_listed", 1.0, "是"), ("is_listed", True, "是"),
    ("is_listed", "y", "是"),
    ("is_listed", "×", "否"), ("is_listed", 0, "否"), ("is_listed", "也许", "也许"), ("is_listed", "/", None),
    ("is_listed", "  是 ", "是"),
    ("china_centre", "无", "无"), ("china_centre", "研发中心、交付中心", "交付中心和研发中心"), ("province", "山东", "山东省"),
    ("province", "济南", "山东省"), ("main_service", "IT解决方案", "IT 解决方案"), ("main_service", "ＩＴ　解决方案", "IT 解决方案"),
    ("category", "信息传输软件和信息技术服务业", "信息传输、软件和信息技术服务业"), ("material_audit_report", "N/A", "不适用"),
    ("main_area", "1.业务运营外包服务", "业务运营外包服务"), ("main_area", "（2）供应链外包服务", "供应链外包服务"),
    ("is_listed", "☐是 ☑否", "否"), ("is_listed", "■是 □否", "是"), ("is_listed", "☑是 ☑否", "☑是 ☑否"), ("is_listed", "☐是 ☐否", "☐是 ☐否"),
    ("is_listed", "☑是 ☐也许", "☑是 ☐也许"), ("is_listed", "是√否", "是√否"),
    ("material_audit_report", "☑", "有"), ("main_service", "软件研发", "软件研发"),
])
def test_terms(edition, field, cell, value):
    assert ColumnReader(edition.fields("company")[field], edition).read([cell]) == [value]


@pytest.mark.parametrize("separator", ["、", "；", ";", "，", ",", "/", "\n", " 、"])
def test_several_terms_in_one_cell_come_in_the_order_of_the_vocabulary(edition, separator):
    column = ColumnReader(edition.fields("company")["services"], edition)
    assert column.read([f"大数据{separator}软件技术服务{separator}大数据"]) == [("软件技术服务", "大数据")]


@pytest.mark.parametrize(("cell", "value"), [
    ("大数据", ("大数据",)), ("1.大数据\n2.云计算", ("云计算", "大数据")), ("大数据、别的", "大数据、别的"), ("", None), ("、", "、"),
    ("集成电路、电子电路设计；物联网", ("集成电路和电子电路设计", "物联网")), (5, "5")])
def test_lists_of_services(edition, cell, value):
    column = ColumnReader(edition.fields("company")["services"], edition)
    got = column.read([cell])[0]
    assert (set(got), type(got)) == (set(value), type(value)) if value and not isinstance(value, str) else got == value


def test_a_label_that_holds_a_separator_is_still_one_term(edition):
    field = replace(edition.fields("company")["category"], type="terms")
    text = "金融业、信息传输、软件和信息技术服务业、制造业"
    assert set(ColumnReader(field, edition).read([text])[0]) == {"金融业", "信息传输、软件和信息技术服务业", "制造业"}


def test_a_blank_mark_that_is_a_term_is_the_term(edition):
    field = replace(edition.fields("company")["material_audit_report"], type="terms")
    assert ColumnReader(field, edition).read(["N/A", "-"]) == [("不适用",), None]


@pytest.mark.parametrize(("cell", "ticked"), [
    *((mark, True) for mark in ("√", "✓", "☑", "■", "●", "是", "Y", "y", 1, 1.0, True, "有", "大数据", " 大 数据 ")),
    *((mark, False) for mark in ("×", "☐", "□", "○", "否", 0, "0", "N", "无", "", " ", "-", None, False)),
    *((mark, None) for mark in (1200, "部分", "计划中", 2, "x", "☒"))])
def test_ticks(cell, ticked):
    assert read_tick(cell, "大数据") is ticked


# ------------------------------------------------------------------ text and units underneath

@pytest.mark.parametrize(("text", "units"), [
    ("万元", ["万元"]), ("单位：万元", ["万元"]), ("单位:人民币万元", ["人民币万元"]), ("万元、人", ["万元", "人"]), ("某某公司", []),
    ("万", []), ("", []), ("万元、某某", [])])
def test_units_in_a_remark(text, units):
    assert [unit.text for unit in units_in(text)] == units


@pytest.mark.parametrize(("line", "found"), [
    ("单位：万元", {"CNY": 4}), ("（金额单位：元）", {"CNY": 0}), ("填报单位：山东省商务厅　单位：亿元", {"CNY": 8}),
    ("填报单位：山东省商务厅", {}), ("单位：万元、人", {"CNY": 4, "count": 0}), ("计量单位:万美元", {"USD": 4})])
def test_the_sheets_unit_line(line, found):
    assert {dimension: unit.tens for dimension, unit in sheet_units([line]).items()} == found


def test_folding_and_blanks():
    assert fold("＊企业 名称\n（全称）") == "企业名称全称"
    assert [is_blank(cell) for cell in (None, " ", "—", "无", 0, False, Unread("#N/A"), "x")] == [
        True, True, True, False, False, False, False, False]


@pytest.mark.parametrize(("cell", "text"), [
    (3.0, "3"), (0.1, "0.1"), (1e-7, "0.0000001"), (True, "TRUE"), (date(2018, 7, 3), "2018-07-03"), (" a ", "a"),
    (1e300, f"{10**300}")])
def test_cells_as_written(cell, text):
    assert as_written(cell) == text


def test_exact_numbers_have_neither_exponent_nor_needless_zeros():
    assert [str(plain(D(text))) for text in ("1.2E+4", "3000.00", "0.500")] == ["12000", "3000", "0.5"]
    assert exact(0.1 + 0.2) == D("0.3")


# ------------------------------------------------------------------ what Excel does to numbers

@pytest.mark.parametrize(("cell", "value"), [(243.00000000000003, 243), (2999.9999999999995, 3000), (300.001, "300.001"), (0.5, "0.5"),
                                            (1000000000000001.0, 10**15)])
def test_a_count_is_the_number_that_excel_shows(edition, cell, value):
    assert reader(edition, "count", "人").read([cell, 5.0]) == [value, 5]


@pytest.mark.parametrize(("cell", "read", "asked"), [
    (354.0, "000354", True), (4, "000004", True), (600354.0, "600354", False), ("354", "000354", True), ("00700", "00700", False), (354.5, "354.5", False),
    ("000004.SZ", "000004.SZ", False)])
def test_a_stock_code_that_excel_took_for_a_number_gets_its_zeros_back_with_a_question(edition, cell, read, asked):
    column = ColumnReader(edition.fields("company")["stock_code"], edition)
    assert column.read([cell]) == [read]
    assert [words["read"] for code, words in column.doubts.values() if code == "leading-zero"] == [read] * asked


@pytest.mark.parametrize(("cells", "values", "asked"), [
    ([0.6, 0.25, 0.9, 1.0, None, 0], [60, 25, 90, 100, None, 0], 0), (["0.6", 0.25, 0.9], [60, 25, 90], 0),
    ([0.6, 0.25, 0.6], [60, 25, 60], 2),                    # two different numbers prove nothing
    ([0.6, 0.25, 0.9, 45], [60, 25, 90, 45], 3), ([0.6, 0.25, 0.9, "45%"], [60, 25, 90, 45], 3),
    ([0.6, 0.25, 0.9, "约一成"], [60, 25, 90, "约一成"], 3), ([1, 1, 1, 1], [100] * 4, 1), ([0.6, 0.25, 0.9, 1.01], [60, 25, 90, D("1.01")], 3),
])
def test_a_whole_column_of_parts_of_one_is_a_column_of_percentages(edition, cells, values, asked):
    column = reader(edition, "percent", "%")
    assert column.read(cells) == values and len(column.doubts) == asked
