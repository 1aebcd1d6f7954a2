"""Every check of a cell: what stands there, and the problem that it makes, or none."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from tuijie_xl import credit_code
from tuijie_xl.checks import CHECKS, review
from tuijie_xl.problem import catalogue

GOOD = "91110108MA01A0001J"


def codes_of(edition, group, field):
    """The problem codes of one field, cells only."""
    return [p.code for p in review(group, edition)[1] if p.field == field and not p.code.startswith("criterion")]


@pytest.mark.parametrize(("field", "value", "code"), [
    ("outsourcing_revenue", Decimal("3000.5"), None),
    ("outsourcing_revenue", Decimal(0), None),
    ("outsourcing_revenue", Decimal("-0.01"), "too-small"),
    ("outsourcing_revenue", "约3000", "not-a-number"),
    ("outsourcing_staff", 300, None),
    ("outsourcing_staff", "300.5", "not-whole"),
    ("outsourcing_staff", "300余人", "not-a-number"),
    ("ito_share", Decimal(100), None),
    ("ito_share", Decimal("100.01"), "too-large"),
    ("founded_on", date(2010, 1, 31), None),
    ("founded_on", "2018年7月", "not-a-date"),
    ("mailed_on", date(2018, 7, 3), None),                  # '2018年7月3日前' is read inclusively
    ("mailed_on", date(2018, 7, 4), "date-too-late"),
    ("industry", "金融和保险", None),
    ("industry", "金融业", "not-a-term"),                    # 表格 2's word is not 表格 1's
    ("category", "金融业", None),
    ("hq", "深圳", "not-a-term"),
    ("services", ("大数据", "云计算"), None),
    ("services", ("大数据", "不存在"), "not-a-term"),
    ("services", "若干", "not-a-term"),
    ("phone", "13800000000", None),
    ("phone", "0531-88888888", None),
    ("phone", "(0531)8888 8888转801", None),
    ("phone", "（010）62345678、13912345678", None),
    ("phone", "010－62345678", None),
    ("phone", "1380000000", "phone-odd"),
    ("phone", "见附件", "phone-odd"),
    ("email", "name@example.cn", None),
    ("email", "a@example.cn；b@example.com.cn", None),
    ("email", "name#example.cn", "email-odd"),
    ("postcode", "010010", None),
    ("postcode", "10010", "postcode-odd"),
    ("credit_code", "91350200612001234A"[:17], "credit-code-malformed"),
])
def test_one_cell(edition, applicants, field, value, code):
    assert codes_of(edition, applicants("company", {"name": "甲", field: value}), field) == ([code] if code else [])


def test_a_long_text(edition, applicants):
    limit = int(edition.fields("park")["positioning"].maximum)
    assert codes_of(edition, applicants("park", {"positioning": "位" * limit}), "positioning") == []
    assert codes_of(edition, applicants("park", {"positioning": "位" * (limit + 1)}), "positioning") == ["too-long"]


@pytest.mark.parametrize(("row", "field", "code"), [
    ({"main_type": "信息技术外包（ITO）", "main_area": "软件研发外包"}, "main_area", None),
    ({"main_type": "业务流程外包（BPO）", "main_area": "软件研发外包"}, "main_area", "wrong-parent"),
    ({"main_area": "软件研发外包", "main_service": "软件技术服务"}, "main_service", None),
    ({"main_area": "软件研发外包", "main_service": "大数据"}, "main_service", "wrong-parent"),
    ({"category": "其它", "category_other": "农业"}, "category_other", None),
    ({"category": "其它"}, "category_other", "other-needs-text"),
    ({"category": "金融业", "category_other": "农业"}, "category_other", "other-text-unused"),
    ({"total_staff": 100, "outsourcing_staff": 100}, "outsourcing_staff", None),
    ({"total_staff": 100, "outsourcing_staff": 101}, "outsourcing_staff", "part-exceeds-whole"),
    ({"outsourcing_revenue": Decimal(3000), "outsourcing_staff": 0}, "outsourcing_staff", "zero-staff"),
    ({"outsourcing_revenue": Decimal(30000000), "outsourcing_staff": 300}, "outsourcing_revenue", "unit-slip"),
    ({"outsourcing_revenue": Decimal("0.3"), "outsourcing_staff": 300}, "outsourcing_revenue", "unit-slip"),
    ({"outsourcing_revenue": Decimal(0), "outsourcing_staff": 300}, "outsourcing_revenue", None),
])
def test_one_cell_against_another(edition, applicants, row, field, code):
    assert codes_of(edition, applicants("company", {"name": "甲", **row}), field) == ([code] if code else [])


@pytest.mark.parametrize(("typed", "differs"), [
    (Decimal("34.88"), False), (Decimal("34.9"), False), (Decimal("35"), False), (Decimal("36"), True),
    (Decimal("34.80"), True), (Decimal("348800"), True),
])
def test_a_typed_ratio_may_be_rounded_but_not_other(edition, applicants, typed, differs):
    row = {"outsourcing_revenue": Decimal(3000), "outsourcing_staff": 86, "revenue_per_head": typed}
    assert codes_of(edition, applicants("company", row), "revenue_per_head") == (["typed-measure-differs"] if differs else [])


# ------------------------------------------------------------------ required fields

def test_a_blank_cell_and_a_blank_column(edition, applicants):
    _, problems = review(applicants("company", {"name": "甲", "contact": "张"}, {"name": "乙"}), edition)
    assert [(p.code, p.row) for p in problems if p.field == "contact"] == [("required-missing", 6)]
    assert [(p.code, p.row) for p in problems if p.field == "phone"] == [("column-blank", None)]
    assert "2 家" in next(p.message for p in problems if p.field == "phone")


@pytest.mark.parametrize(("entity", "missing"), [("总公司或母公司", True), ("本公司", False), (None, False)])
def test_a_field_required_on_a_condition(edition, applicants, entity, missing):
    group = applicants("company", {"name": "甲", "filing_entity": entity})
    assert codes_of(edition, group, "parent_name") == (["required-missing"] if missing else [])


def test_problems_come_in_sheet_order(edition, applicants):
    _, problems = review(applicants("company", {"name": "甲", "phone": "x"}, {"name": "乙", "hq": "y"}), edition)
    assert [p.row or 0 for p in problems] == sorted(p.row or 0 for p in problems)


# ------------------------------------------------------------------ credit codes

@pytest.mark.parametrize(("code", "expected"), [
    ("913706833104614358", None),
    (GOOD[:17] + credit_code.check_character(GOOD), None),
    ("91371923MA3COKJY73", "credit-code-malformed"),          # letter O for zero
    ("91350881MOOOOLE74P", "credit-code-malformed"),
    ("913706833104614357", "credit-code-check-digit"),
    ("913706833104614000", "credit-code-damaged"),
    ("370683331046143", "credit-code-old"),
    ("32172398X", "credit-code-old"),
    ("MA3F46U80", "credit-code-old"),
    ("企合鲁烟总字第000123号", "credit-code-old"),
    ("371722NA000792X", "credit-code-old"),
    ("暂缺", "credit-code-malformed"),
])
def test_credit_codes(edition, applicants, code, expected):
    assert codes_of(edition, applicants("company", {"name": "甲", "credit_code": code}), "credit_code") == ([expected] if expected else [])


def test_a_letter_for_a_digit_is_offered_mended():
    code, words = credit_code.diagnose("91371923MA3COKJY73")
    assert code == "credit-code-malformed" and "O" in words["why"]
    assert credit_code.valid(["91371923MA3C0KJY73"])[0] == ("91371923MA3C0KJY73" in words["suggestion"])


codes = st.text(credit_code.ALPHABET, min_size=17, max_size=17).map(lambda c: "91370683" + c[8:])


@given(codes)
def test_check_digits_agree_with_stdnum(body):
    whole = body + credit_code.check_character(body)
    assert uscc.is_valid(whole) and credit_code.valid([whole])[0]
    wrong = body + next(c for c in credit_code.ALPHABET if c != whole[-1])
    assert not uscc.is_valid(wrong) and not credit_code.valid([wrong])[0]


@given(st.sampled_from("ANY"), codes)
def test_registries_with_letters_are_known(first, body):
    body = first + body[1:]
    assert credit_code.valid([body + credit_code.check_character(body)])[0]


@given(st.lists(st.one_of(st.none(), st.text()), max_size=5))
def test_any_text_is_judged_without_failing(texts):
    assert list(credit_code.valid(texts)) == [bool(t and uscc.is_valid(t) and t.isascii() and len(t) == 18) for t in texts]


# ------------------------------------------------------------------ the catalogue

def test_every_message_names_only_words_that_its_check_gives():
    for code, entry in catalogue().items():
        assert set(entry) == {"severity", "message", "remedy"}, code
        assert entry["severity"] in ("error", "warning", "note")
        assert entry["message"].endswith(("。", "}")) and entry["remedy"].endswith("。"), code


def test_all_checks_are_listed():
    from tuijie_xl import checks
    assert set(CHECKS) == {getattr(checks, n) for n in dir(checks) if n.startswith("check_") and n not in
                           ("check_criteria", "check_materials")}
