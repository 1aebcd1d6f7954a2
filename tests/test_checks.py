"""Every check of a cell: what stands there, and the problem that it makes, or none."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from tuijie_xl import credit_code
from tuijie_xl.checks import CHECKS, check_measures, check_terms, review
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


@pytest.mark.parametrize(("text", "code", "offer"), [
    ("9137O683310461435B".replace("B", "8"), "credit-code-malformed", "913706833104614358"),      # O for 0
    ("9I3706833I046I4358", "credit-code-malformed", "913706833104614358"),
    ("913706833104614S58", "credit-code-malformed", ""), ("9137068331046143", "credit-code-malformed", ""),
    ("91370683310461435B", "credit-code-check-digit", "913706833104614358"),                      # B for 8
    ("913706833104614357", "credit-code-check-digit", ""), ("931706833104614358", "credit-code-check-digit", ""),
    ("OOOOOOOOOOOOOOOOOO", "credit-code-malformed", ""),
    ("91350881M0000LE74Q", "credit-code-series", "91350881M00001E74Q"), ("913706833104614400", "credit-code-damaged", None),
    ("9.13706833104614E+17", "credit-code-damaged", None), ("9.13707E+17", "credit-code-damaged", None),
])
def test_what_a_wrong_code_may_be_is_offered_only_where_it_is_the_only_one(text, code, offer):
    found, words = credit_code.diagnose(text)
    assert found == code and words.get("suggestion", "") == (f"，是否为 {offer}？" if offer else "")


def test_codes_of_armed_and_other_registries_are_valid_too():
    for prefix in ("A1", "N2", "Y1", "11", "52"):
        body = f"{prefix}370100MB0A00001"
        assert credit_code.valid([body + credit_code.check_character(body)])[0]


@given(st.text("0123456789", min_size=14, max_size=14))
def test_old_registration_numbers_by_mod_11_10(head):
    from stdnum.iso7064 import mod_11_10

    right = head + mod_11_10.calc_check_digit(head)
    wrong = right[:14] + str((int(right[14]) + 1) % 10)
    assert credit_code.diagnose(right) == ("credit-code-old", {"what": "营业执照注册号", "state": ""})
    assert "校验位也不符" in credit_code.diagnose(wrong)[1]["state"]


@pytest.mark.parametrize(("text", "right"), [("32172398X", True), ("32172398-X", True), ("MA3F46U80", True), ("321723981", False)])
def test_old_organisation_codes_by_gb11714(text, right):
    code, words = credit_code.diagnose(text)
    assert (code, words["what"], words["state"] == "") == ("credit-code-old", "组织机构代码", right)


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


# ------------------------------------------------------------------ slips of a whole column, terms that come near

def slips(edition, applicants, *pairs, **more):
    rows = [{"name": f"甲{i}", "outsourcing_revenue": Decimal(r), "outsourcing_staff": n, **more} for i, (r, n) in enumerate(pairs)]
    found = check_measures(applicants("company", *rows), edition)
    return [p for p in found if p.code.startswith("unit-slip")]


@pytest.mark.parametrize(("pairs", "codes"), [
    ([(40000000, 300), (50000000, 400), (60000000, 500)], ["unit-slip-column"]),             # 元 read as 万元
    ([("0.4", 300), ("0.5", 400), ("0.6", 500)], ["unit-slip-column"]),                      # 亿元 read as 万元
    ([(40000000, 300), (50000000, 400)], ["unit-slip"] * 2),                                 # too few for a column
    ([(40000000, 300), (50000000, 400), (6000, 500)], ["unit-slip"] * 2),                    # one of them is right
    ([(40000000, 300), ("0.5", 400), (60000000, 500)], ["unit-slip"] * 3),                   # in both directions
    ([(40000000, 300), (50000000, 400), (6 * 10**12, 500)], ["unit-slip"] * 3),              # one would still be wrong
    ([(4000, 300), (5000, 400), (6000, 500)], []),
])
def test_a_slip_of_a_whole_column_is_one_question(edition, applicants, pairs, codes):
    assert [p.code for p in slips(edition, applicants, *pairs)] == codes


def test_the_question_about_a_column_holds_its_evidence(edition, applicants):
    (one,) = slips(edition, applicants, (40000000, 300), (50000000, 400), (60000000, 500))
    assert one.row is None and all(word in one.message for word in ("3 家", "除以 10000", "“40000000”应为 4000万元"))


@pytest.mark.parametrize(("field", "text", "code", "words"), [
    ("main_service", "软件研发和开发外包服务", "term-near", "最接近的是“软件研发及开发服务”"), ("services", "大数据、互联网营销与推广", "term-near", "“互联网营销与推广”不在词表内"),
    ("industry", "金融业", "not-a-term", "（“金融业”是否为“金融和保险”？）"), ("industry", "农林牧渔", "not-a-term", "请从下拉列表中选择。"),
    ("is_listed", "拟上市", "not-a-term", "（“拟上市”是否为“"), ("main_service", "软件研发外包", "not-a-term", "在词表中的位置是")])
def test_the_nearest_term_is_offered_and_never_applied(edition, applicants, field, text, code, words):
    found = [p for p in check_terms(applicants("company", {"name": "甲", field: text}), edition)]
    assert [p.code for p in found] == [code] and words in found[0].message + found[0].remedy
