"""The judgement against an oracle of its own, on the whole boundary grid; and its problems."""

from decimal import Decimal
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuijie_xl.applicants import frame_of
from tuijie_xl.checks import review
from tuijie_xl.criteria import judge
from tuijie_xl.measures import compute_measures, shown

REVENUES = [None, "0", "2999.99", "3000", "3000.01"]
STAFF = [None, 0, 85, 86, 299, 300, 301]
HQ = ["境内", "境外", None]
DELIVERY = ["是", "否", None]
CENTRES = ["交付中心", "研发中心", "交付中心和研发中心", "无", None]
SOURCES = ["承接公司内部业务", None]


def both(*answers):
    """Kleene 'and' over True, False, None."""
    return False if False in answers else None if None in answers else True


def either(*answers):
    return True if True in answers else None if None in answers else False


def known(value, answer):
    return None if value is None else answer


def oracle(revenue, staff, hq, delivery, centre, source):
    """推荐说明 一（一）1-3, written without the product's code: (place, revenue, scale)."""
    at_home = both(known(hq, hq == "境内"), known(delivery, delivery == "是"))
    from_abroad = both(known(hq, hq == "境外"), known(centre, centre != "无"), known(source, True))
    amount = None if revenue is None else Fraction(revenue)
    per_head = None if amount is None or not staff else amount / staff
    return (either(at_home, from_abroad), known(amount, amount is not None and amount >= 3000),
            either(known(staff, staff is not None and staff >= 300), known(per_head, per_head is not None and per_head >= 35)))


def verdict_of(clauses):
    return {True: "eligible", False: "ineligible", None: "unknown"}[both(*clauses)]


def test_every_point_of_the_boundary_grid(edition, applicants):
    grid = list(product(REVENUES, STAFF, HQ, DELIVERY, CENTRES, SOURCES))
    names = ("outsourcing_revenue", "outsourcing_staff", "hq", "delivery_in_china", "china_centre", "overseas_source")
    rows = [dict(zip(names, (None if r is None else Decimal(r), *rest))) for r, *rest in grid]
    found = judge(applicants("company", *rows), edition)
    for i, point in enumerate(grid):
        expected = oracle(*point)
        assert [c["met"] for c in found.clauses(i)] == list(expected), point
        assert found.verdicts[i] == verdict_of(expected), point
    assert {"eligible", "ineligible", "unknown"} == set(found.verdicts)


HOME = {"hq": "境内", "delivery_in_china": "是"}


@pytest.mark.parametrize(("revenue", "staff", "verdict", "per_head"), [
    ("3000", 85, "eligible", "35.29"),          # 3000 / 85 = 35.294...
    ("3000", 86, "ineligible", "34.88"),
    ("3000", 300, "eligible", "10.00"),
    ("2999.99", 85, "ineligible", "35.29"),
    ("10465", 299, "eligible", "35.00"),        # exactly 35
    ("10464.99", 299, "ineligible", "34.99"),   # 34.99997: never shown as 35.00
    ("3499.6", 100, "ineligible", "34.99"),     # 34.996
    ("3500", 100, "eligible", "35.00"),
])
def test_exact_comparison_and_what_is_shown(edition, applicants, revenue, staff, verdict, per_head):
    group = applicants("company", {**HOME, "outsourcing_revenue": Decimal(revenue), "outsourcing_staff": staff})
    found = judge(group, edition)
    assert found.verdicts == [verdict]
    assert str(shown(found.frame["revenue_per_head"].iat[0], 2)) == per_head


@given(st.decimals(0, 10**8, places=4), st.integers(1, 10**6))
def test_a_ratio_compares_with_the_limit_as_the_fraction_does(edition, revenue, staff):
    frame = frame_of(edition, "company", {"outsourcing_revenue": [revenue], "outsourcing_staff": [staff]})
    ratio = compute_measures(frame, edition, "company")["revenue_per_head"][0]
    assert (ratio >= 35) == (Fraction(revenue) / staff >= 35)
    assert (shown(ratio, 2) >= 35) == (ratio >= 35)


@pytest.mark.parametrize(("row", "met"), [
    ({"outsourcing_staff": "约300"}, None),                                      # unreadable is unknown
    ({"outsourcing_staff": -5, "outsourcing_revenue": Decimal(4000)}, None),     # out of range is unknown
    ({"outsourcing_staff": 300, "outsourcing_revenue": None}, True),             # the rest decides it
    ({"outsourcing_staff": None, "outsourcing_revenue": Decimal(99999)}, None),
    ({"outsourcing_staff": 0, "outsourcing_revenue": Decimal(4000)}, None),      # no ratio, not infinite
])
def test_scale_is_unknown_rather_than_unmet(edition, applicants, row, met):
    found = judge(applicants("company", {**HOME, **row}), edition)
    assert found.clauses(0)[2]["met"] is met


def test_an_unmet_criterion_says_clause_value_limit_and_shortfall(edition, applicants):
    group = applicants("company", {**HOME, "outsourcing_revenue": Decimal("2999.99"), "outsourcing_staff": 299})
    found, problems = review(group, edition)
    clause = found.clauses(0)[1]
    assert (clause["clause"], clause["value"], clause["limit"], clause["shortfall"]) == ("1.1.2", "2999.99", "3000", "0.01")
    scale = found.clauses(0)[2]
    assert (scale["value"], scale["limit"], scale["shortfall"]) == ("299", "300", "1")     # the nearer alternative
    unmet = {p.source: p for p in problems if p.code == "criterion-unmet"}
    assert unmet["1.1.2"].severity == "error" and unmet["1.1.2"].cell == "C5"
    assert "2999.99万元，低于 3000万元，差额 0.01万元" in unmet["1.1.2"].message
    assert "10.03万元/人" in unmet["1.1.3"].message and "一（一）3" in unmet["1.1.3"].remedy


def test_a_blank_input_is_reported_once_with_all_that_it_leaves_open(edition, applicants):
    _, problems = review(applicants("company", {**HOME, "name": "甲", "outsourcing_staff": 10}), edition)
    about = [p for p in problems if p.field == "outsourcing_revenue"]
    assert [p.code for p in about] == ["criterion-unknown"]
    assert "外包业务上年度营业额" in about[0].message and "员工人数或人均营业额" in about[0].message


def test_zero_staff_asks_for_the_staff(edition, applicants):
    _, problems = review(applicants("company", {**HOME, "outsourcing_revenue": Decimal(4000), "outsourcing_staff": 0}), edition)
    (one,) = [p for p in problems if p.field == "outsourcing_staff"]
    assert one.code == "zero-staff" and "暂不能判断推介标准“员工人数或人均营业额”" in one.remedy


@pytest.mark.parametrize(("row", "asked"), [
    ({}, ["hq"]),                                                       # first where the headquarters are
    ({"hq": "境内"}, ["delivery_in_china"]),
    ({"hq": "境外"}, ["china_centre"]),
    ({"hq": "境外", "china_centre": "研发中心"}, ["overseas_source"]),
    ({"hq": "境外", "china_centre": "无"}, []),                          # decided: not met
])
def test_only_the_next_fact_is_asked_for(edition, applicants, row, asked):
    group = applicants("company", {"name": "甲", "outsourcing_revenue": Decimal(4000), "outsourcing_staff": 300, **row})
    assert [p.field for p in review(group, edition)[1] if p.code == "criterion-unknown"] == asked


def test_kinds_without_figures_are_never_ineligible(edition, applicants):
    """The notice sets no numbers for parks and schools: complete is 符合, incomplete is 待补充."""
    full = {f.id: "文字" for f in edition.fields("park").values() if f.required is True}
    for f in edition.fields("park").values():
        if f.required is True and f.vocabulary:
            full[f.id] = edition.terms(f)[0].label
        elif f.required is True and f.is_numeric:
            full[f.id] = 5
    found = judge(applicants("park", full, {**full, "positioning": None}, {**full, "resident_companies": "很多"}), edition)
    assert found.verdicts == ["eligible", "unknown", "unknown"]


def test_the_main_service_counts_as_ticked(edition, applicants):
    group = applicants("company", {"main_service": "大数据", "services": ("测试外包服务",)}, {"main_service": "没有的服务"})
    found = judge(group, edition)
    assert found.frame["services"].tolist() == [("测试外包服务", "大数据"), None]
    assert found.states["digital"] == ["missing", "unverified"]


# ------------------------------------------------------------------ materials

def owed_oracle(listed, entity, digital, crowd, poverty, belt, services):
    """推荐说明 一（二）2-3: which papers a company owes, by its own words."""
    owed = {"form", "licence"}
    if listed == "是":
        owed |= {"audit_report"}
    if listed == "否":
        owed |= {"balance_sheet", "income_statement", "third_party_audit"}
    if entity == "总公司或母公司":
        owed |= {"consolidated"}
    if digital == "是" or set(services) & {"大数据", "云计算", "认知算法", "人工智能"}:
        owed |= {"digital"}
    owed |= {name for name, said in (("crowdsourcing", crowd), ("poverty_relief", poverty), ("belt_and_road", belt))
             if said == "是"}
    return owed


def test_required_materials_over_the_whole_product_of_facts(edition, applicants):
    yes_no = ["是", "否"]
    services = [("测试外包服务",), ("大数据",), ("云计算", "物联网"), ("认知算法",), ("人工智能",)]
    facts = list(product(yes_no, ["本公司", "总公司或母公司"], yes_no, yes_no, yes_no, yes_no, services))
    names = ("is_listed", "filing_entity", "uses_digital", "uses_crowdsourcing", "poverty_relief", "belt_and_road", "services")
    rows = [{**dict(zip(names, point)), "has_certificates": "否", "patents": 0, "copyrights": 0} for point in facts]
    found = judge(applicants("company", *rows), edition)
    for i, point in enumerate(facts):
        owed = {m for m, required in found.required.items() if required.to_numpy(dtype=bool, na_value=False)[i]}
        assert owed == owed_oracle(*point), point


@pytest.mark.parametrize(("listed", "given", "state"), [
    ("是", "有", "received"), ("是", None, "missing"), ("是", "无", "missing"), ("是", "不适用", "unverified"),
    ("否", None, "not_applicable"), ("否", "不适用", "not_applicable"), ("否", "有", "received"),
    (None, None, "unverified"), (None, "有", "received"), ("是", "在途", "unverified"),
])
def test_the_state_of_a_material(edition, applicants, listed, given, state):
    group = applicants("company", {"is_listed": listed, "material_audit_report": given})
    assert judge(group, edition).states["audit_report"] == [state]


def test_a_sheet_silent_about_materials_is_one_note(edition, applicants):
    _, problems = review(applicants("company", {"name": "甲"}, {"name": "乙"}), edition)
    assert [p.code for p in problems if p.code.startswith("material")] == ["materials-unreported"]


def test_a_sheet_that_speaks_of_materials_is_taken_at_its_word(edition, applicants):
    _, problems = review(applicants("company", {"is_listed": "是", "material_licence": "有", "material_form": "有",
                                                "material_audit_report": "不适用"}), edition)
    found = [(p.code, p.field) for p in problems if p.code.startswith("material")]
    assert ("material-doubtful", "material_audit_report") in found
    assert ("material-missing", "material_licence") not in found
