"""For every problem code: a fixture that has it, and the same with the message's advice followed, which has not."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tuijie_xl import actions, credit_code
from tuijie_xl.book import BookText, Grid, Unread
from tuijie_xl.checks import FOUND_ANEW
from tuijie_xl.edition import Currency, load_edition
from tuijie_xl.files.submission import refused
from tuijie_xl.intake import read_submission
from tuijie_xl.intake.answers import COLUMNS, read_answers
from tuijie_xl.problem import catalogue

CODE = "913706833104614358"
WRONG = CODE[:-1] + "7"
HOME = {"name": "甲", "credit_code": CODE, "hq": "境内", "delivery_in_china": "是",
        "outsourcing_revenue": Decimal(4000), "outsourcing_staff": 320}

#: code -> (kind, what is wrong, what the advice makes of it); a list is several rows of one sheet.
CELLS = {
    "required-missing": ("company", {"contact": None}, {"contact": "李示例"}),
    "column-blank": ("company", [{"contact": None}, {"contact": None}], [{"contact": "李"}, {"contact": "张"}]),
    "not-a-number": ("company", {"outsourcing_revenue": "约3000"}, {"outsourcing_revenue": Decimal(3000)}),
    "not-whole": ("company", {"outsourcing_staff": "300.5"}, {"outsourcing_staff": 320}),
    "too-small": ("company", {"outsourcing_revenue": Decimal(-1)}, {"outsourcing_revenue": Decimal(1)}),
    "too-large": ("company", {"ito_share": Decimal(120)}, {"ito_share": Decimal(100)}),
    "not-a-date": ("company", {"founded_on": "2018年7月"}, {"founded_on": date(2018, 7, 3)}),
    "date-too-late": ("company", {"mailed_on": date(2018, 7, 4)}, {"mailed_on": date(2018, 7, 3)}),
    "not-a-term": ("company", {"industry": "软件"}, {"industry": "信息服务业"}),
    "term-near": ("company", {"main_service": "软件研发和开发外包服务"}, {"main_service": "软件研发及开发服务"}),
    "credit-code-series": ("company", {"credit_code": "91350881M0000LE74Q"}, {"credit_code": CODE}),
    "unit-slip-column": ("company", [{"outsourcing_revenue": Decimal(40000000)}] * 3, [{"outsourcing_revenue": Decimal(4000)}] * 3),
    "wrong-parent": ("company", {"main_type": "业务流程外包（BPO）", "main_area": "软件研发外包"},
                     {"main_type": "信息技术外包（ITO）", "main_area": "软件研发外包"}),
    "other-needs-text": ("company", {"category": "其它", "category_other": None}, {"category": "其它", "category_other": "农业"}),
    "other-text-unused": ("company", {"category": "金融业", "category_other": "农业"}, {"category": "金融业"}),
    "kind-by-name": ("company", {"name": "昆明示例职业学院"}, {"name": "昆明示例教育科技有限公司"}),
    "credit-code-malformed": ("company", {"credit_code": "9137O683310461435"}, {"credit_code": CODE}),
    "credit-code-damaged": ("company", {"credit_code": "913706833104614000"}, {"credit_code": CODE}),
    "credit-code-check-digit": ("company", {"credit_code": WRONG},
                                {"credit_code": WRONG[:17] + credit_code.check_character(WRONG)}),
    "credit-code-old": ("company", {"credit_code": "370683331046143"}, {"credit_code": CODE}),
    "phone-odd": ("company", {"phone": "见附件"}, {"phone": "0531-88888888"}),
    "email-odd": ("company", {"email": "无邮箱"}, {"email": "name@example.cn"}),
    "postcode-odd": ("company", {"postcode": "10010"}, {"postcode": "010010"}),
    "too-long": ("park", {"positioning": "长" * 5000}, {"positioning": "长" * 10}),
    "part-exceeds-whole": ("company", {"total_staff": 100, "outsourcing_staff": 320}, {"total_staff": 320}),
    "criterion-unmet": ("company", {"outsourcing_revenue": Decimal("2999.99")}, {"outsourcing_revenue": Decimal(3000)}),
    "criterion-unknown": ("company", {"outsourcing_revenue": None}, {"outsourcing_revenue": Decimal(3000)}),
    "zero-staff": ("company", {"outsourcing_staff": 0}, {"outsourcing_staff": 300}),
    "unit-slip": ("company", {"outsourcing_revenue": Decimal(40000000)}, {"outsourcing_revenue": Decimal(4000)}),
    "amount-slip": ("company", {"outsourcing_revenue": Decimal("1.752533"), "outsourcing_staff": None}, {"outsourcing_revenue": Decimal("17525.33")}),
    "typed-measure-differs": ("company", {"revenue_per_head": Decimal(40)}, {"revenue_per_head": None}),
    "material-missing": ("company", {"material_licence": "无"}, {"material_licence": "有"}),
    "material-doubtful": ("company", {"material_licence": "不适用"}, {"material_licence": "有"}),
    "materials-unreported": ("company", {}, {"material_licence": "有"}),
}


@pytest.mark.parametrize("code", CELLS)
def test_following_the_advice_about_a_cell_clears_it(edition, applicants, code):
    from tuijie_xl.checks import review

    kind, bad, good = CELLS[code]
    base = HOME if kind == "company" else {"name": "甲"}

    def found(rows):
        rows = rows if isinstance(rows, list) else [rows]
        return {(p.code, p.field) for p in review(applicants(kind, *({**base, **row} for row in rows)), edition)[1]}
    before = {(c, f) for c, f in found(bad) if c == code and f in (*_first(bad), None)}
    assert before
    assert not before & found(good)


def _first(rows) -> tuple:
    """The fields that the fixture sets."""
    return tuple(rows[0] if isinstance(rows, list) else rows) or (None,)


HEAD = ["企业名称", "统一社会信用代码", "省份", "外包业务上年度营业额（万元）", "从事服务外包工作的员工（人）", "邮编", "ITO业务占比（%）"]
ROW = ["甲有限公司", CODE, "山东省", 4000.0, 320.0, "250000", 60.0]


def changed(row, **cells):
    return [cells.get(f"c{i}", value) for i, value in enumerate(row)]


def required(kind):
    """The labels of the columns that a sheet of the kind must have."""
    return [f.label for f in load_edition("2018").fields(kind).values() if f.required is True and f.type != "system"]


#: code -> (sheets that have it, sheets after the advice); a sheet is {name: rows}.
SHEETS = {
    "cell-error": ({"企业": [HEAD, changed(ROW, c3=Unread("#N/A"))]}, {"企业": [HEAD, ROW]}),
    "formula-uncached": ({"企业": [HEAD, changed(ROW, c4=Unread("=A1+B1"))]}, {"企业": [HEAD, ROW]}),
    "currency-foreign": ({"企业": [HEAD, changed(ROW, c3="500万美元")]}, {"企业": [HEAD, ROW]}),
    "currency-foreign-column": ({"企业": [changed(HEAD, c3="外包业务上年度营业额（万美元）"), ROW]}, {"企业": [HEAD, ROW]}),
    "unit-converted": ({"企业": [changed(HEAD, c3="外包业务上年度营业额（元）"), changed(ROW, c3=40000000.0)]}, {"企业": [HEAD, ROW]}),
    "percent-doubtful": ({"企业": [HEAD, changed(ROW, c6=0.6)]}, {"企业": [HEAD, ROW]}),
    "leading-zero": ({"企业": [HEAD, changed(ROW, c5=10010.0)]}, {"企业": [HEAD, changed(ROW, c5="010010")]}),
    "row-without-name": ({"企业": [HEAD, ROW, changed(ROW, c0=None, c1=None)]}, {"企业": [HEAD, ROW, changed(ROW, c1=WRONG)]}),
    "header-not-found": ({"企业": [["天气", "晴"], ["气温", "20"]]}, {"企业": [HEAD, ROW]}),
    "sheet-not-used": ({"企业": [HEAD, ROW], "其他": [["说明一", "甲"]]}, {"企业": [HEAD, ROW]}),
    "no-applicants": ({"企业": [HEAD]}, {"企业": [HEAD, ROW]}),
    "header-unmapped": ({"园区": [[*required("park"), "等级"], ["甲园区", *[None] * (len(required("park")) - 1), "A"]]},
                        {"园区": [[*required("park"), "备注"], ["甲园区", *[None] * (len(required("park")) - 1), "A"]]}),
    "table-beside": ({"企业": [HEAD + HEAD[::-1], ROW + [*ROW[:0:-1], "乙有限公司"]]}, {"企业": [HEAD, ROW, ["乙有限公司", *ROW[1:]]]}),
    "header-reworded": ({"企业": [[*HEAD, "员工总人数量"], [*ROW, 400.0]]}, {"企业": [[*HEAD, "员工总数"], [*ROW, 400.0]]}),
    "header-doubtful": ({"企业": [[*HEAD, "所在城镇"], [*ROW, "济南"]]}, {"企业": [[*HEAD, "城市"], [*ROW, "济南"]]}),
    "region-from-place": ({"企业": [HEAD, changed(ROW, c2="济南市")]}, {"企业": [HEAD, ROW]}),
    "total-differs": ({"企业": [HEAD, ROW, changed([None] * 7, c0="合计", c3=5000.0)]}, {"企业": [HEAD, ROW, changed([None] * 7, c0="合计", c3=4000.0)]}),
    "total-skips-text": ({"企业": [HEAD, ROW, changed(ROW, c0="乙有限公司", c3="5,000"), changed([None] * 7, c0="合计", c3=4000.0)]},
                         {"企业": [HEAD, ROW, changed(ROW, c0="乙有限公司", c3=5000.0), changed([None] * 7, c0="合计", c3=9000.0)]}),
    "count-differs": ({"企业": [HEAD, ROW, changed([None] * 7, c0="注：共2家企业")]}, {"企业": [HEAD, ROW, changed([None] * 7, c0="注：共1家企业")]}),
    "header-other-scope": ({"企业": [["企业名称", "省份", "上半年", "上半年"], [None, None, HEAD[3], HEAD[4]], ["甲有限公司", "山东省", 1.0, 2.0]]},
                           {"企业": [["企业名称", "省份", "全年", "全年"], [None, None, HEAD[3], HEAD[4]], ["甲有限公司", "山东省", 1.0, 2.0]]}),
    "unit-doubtful": ({"企业": [changed(HEAD, c3="外包业务上年度营业额（K元）"), ROW]}, {"企业": [HEAD, ROW]}),
    "currency-without-unit": ({"企业": [HEAD, changed(ROW, c3="￥4000")]}, {"企业": [HEAD, ROW]}),
    "row-doubtful": ({"企业": [HEAD, ROW, changed(ROW, c0="填报单位：庚公司", c1=None)]}, {"企业": [HEAD, ROW]}),
    "header-duplicate": ({"企业": [[*HEAD, "企业名称"], [*ROW, "乙有限公司"]]}, {"企业": [HEAD, ROW]}),
    "header-other-year": ({"企业": [[*HEAD, "2016年外包业务营业额"], [*ROW, 5.0]]}, {"企业": [HEAD, ROW]}),
    "kind-doubtful": ({"推荐": [["单位名称", "统一社会信用代码", "省份"], ["甲乙", *ROW[1:3]]]}, {"企业": [HEAD, ROW]}),
    "name-by-content": ({"企业": [changed(HEAD, c0="拟推荐企业"), changed(ROW, c0="庚有限公司")]}, {"企业": [HEAD, ROW]}),
    "tables-beside": ({"企业": [[*HEAD, None, *HEAD], [*ROW, None, "乙有限公司", *ROW[1:]]]}, {"企业": [HEAD, ROW, ["乙有限公司", *ROW[1:]]]}),
    "sheet-continued": ({"企业": [HEAD, ROW], "续": [["乙有限公司", *ROW[1:]]]}, {"企业": [HEAD, ROW], "续": [HEAD, ["乙有限公司", *ROW[1:]]]}),
    "tick-odd": ({"企业": [[*HEAD, "大数据"], [*ROW, "部分"]]}, {"企业": [[*HEAD, "大数据"], [*ROW, "√"]]}),
    "region-from-title": ({"山东省报送": [[h for h in HEAD if h != "省份"], [c for c in ROW if c != "山东省"]]},
                          {"山东省报送": [HEAD, ROW]}),
    "duplicate-applicant": ({"企业": [HEAD, ROW, changed(ROW, c3=5000.0)]}, {"企业": [HEAD, changed(ROW, c3=5000.0)]}),
}


@pytest.mark.parametrize("code", SHEETS)
def test_following_the_advice_about_a_sheet_clears_it(edition, code):
    def codes(sheets):
        grids = [Grid(name, [list(row) for row in rows]) for name, rows in sheets.items()]
        intake = read_submission(BookText("报送.xlsx", "xlsx", "0" * 64, grids), edition)
        return {p.code for p in actions.review_files([intake], edition).problems}
    bad, good = SHEETS[code]
    assert code in codes(bad)
    assert code not in codes(good)


#: Codes that only say what was done and ask for nothing but a look, with the fixture that shows them elsewhere.
UPDATES = ("edit-conflict", "resubmission-doubtful", "own-formula")          # of a new batch into a standing master
TOLD = ("text-cut", "hidden-read", "merged-filled", "region-from-section")


def test_what_a_review_finds_anew_is_what_the_cells_show():
    assert set(CELLS) == FOUND_ANEW


def test_a_file_that_cannot_be_used_and_one_that_repeats(edition):
    intake = read_submission(BookText("一.xlsx", "xlsx", "1" * 64, [Grid("企业", [HEAD, ROW])]), edition)
    again = read_submission(BookText("二.xlsx", "xlsx", "1" * 64, [Grid("企业", [HEAD, ROW])]), edition)
    codes = [p.code for p in actions.review_files([intake, again, refused("三.xlsx", "空文件，请重新报送。")], edition).problems]
    assert "file-repeated" in codes and "file-unusable" in codes


@pytest.mark.parametrize(("code", "rows", "good"), [
    ("answer-unfit", [["全部", "服务外包企业", None, "甲", None, None, "没有的字段"]], [["全部", "服务外包企业", None, "甲", None, None, "城市"]]),
    ("answers-empty", [], [["全部", "服务外包企业", None, "甲", None, None, "城市"]])])
def test_following_the_advice_about_the_answers_clears_it(edition, code, rows, good):
    def codes(rows):
        return {p.code for p in read_answers([Grid("列名对照", [list(COLUMNS), *rows])], "列名对照.xlsx", edition).problems}
    assert codes(rows) == {code} and not codes(good)


@pytest.mark.parametrize(("code", "header", "cell"), [
    ("currency-derived", HEAD[3], "500万美元"), ("currency-derived-column", "外包业务上年度营业额（万美元）", 500.0)])
def test_a_derived_value_gives_way_to_one_in_the_fields_own_unit(edition, code, header, cell):
    with_rate = replace(edition, currencies={"USD": Currency("USD", Decimal("6.75"), "某年公布")})

    def codes(header, cell):
        grid = Grid("企业", [changed(HEAD, c3=header), changed(ROW, c3=cell)])
        return {p.code for p in read_submission(BookText("报送.xlsx", "xlsx", "0" * 64, [grid]), with_rate).problems}
    assert code in codes(header, cell) and not codes(*[HEAD[3], 3375.0])


def test_a_record_that_is_longer_than_its_header(edition):
    def codes(row):
        intake = read_submission(BookText("报送.csv", "csv", "0" * 64, [Grid("", [[*HEAD, None], row])]), edition)
        return {p.code for p in intake.problems}
    assert "row-too-long" in codes([*changed(ROW, c3="4", c4="000"), "320"])
    assert "row-too-long" not in codes([*ROW, None])


def test_every_code_of_the_catalogue_is_covered():
    covered = {*CELLS, *SHEETS, *TOLD, *UPDATES, "file-repeated", "file-unusable", "row-too-long", "answer-unfit", "answers-empty",
               "header-answered", "currency-derived", "currency-derived-column"}       # header-answered: test_mapping
    assert set(catalogue()) == covered
    updates = (Path(__file__).parent / "test_updating.py").read_text("utf-8")
    assert all(code in updates for code in UPDATES)
    shown = (Path(__file__).parent / "test_intake.py").read_text("utf-8")
    assert all(code in shown for code in TOLD if code != "text-cut")         # test_batch
