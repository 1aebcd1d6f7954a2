"""An amount ten thousand times too large or too small is a question, with a ratio of its row or without."""

from decimal import Decimal

import pytest

from tuijie_xl.scales import check_scales


def found(applicants, edition, kind, field, rows, per=None):
    """(code, row of the problem or None for the column) of amounts alone, or of (amount, what it is divided by)."""
    pairs = [row if isinstance(row, tuple) else (row, None) for row in rows]
    group = applicants(kind, *({"name": "甲", field: above if isinstance(above, str | None) else Decimal(str(above)),
                                **({per: below} if per else {})} for above, below in pairs))
    return [(p.code, p.row - group.origins[0][2] if p.row else None) for p in check_scales(group, edition)]


@pytest.mark.parametrize(("amount", "asked"), [
    (100, False), (99.99, True), (1000000, False), (1000000.01, True), (0, False), (None, False), ("约1.7", False), (3000, False),
    (1.752533, True), (40000000, True)])
def test_a_revenue_of_an_unlikely_size_is_asked_about_where_nothing_else_tells(applicants, edition, amount, asked):
    assert found(applicants, edition, "company", "outsourcing_revenue", [amount]) == [("amount-slip", 0)] * asked


@pytest.mark.parametrize(("amount", "staff", "asked"), [
    (90, 20, False), (2000000, 20000, False), (1.75, 300, False),     # a computable 人均 speaks alone: check_measures asks
    (1.75, None, True), (1.75, 0, True)])
def test_the_staff_of_the_row_speaks_first(applicants, edition, amount, staff, asked):
    assert found(applicants, edition, "company", "outsourcing_revenue", [(amount, staff)], "outsourcing_staff") == [("amount-slip", 0)] * asked


@pytest.mark.parametrize(("rows", "problems"), [
    ([7933.59, 53094.05, 1.752533, 4679.17, 9321.56], [("amount-slip", 2)]),
    ([79335900, 530940500, 46791700], [("unit-slip-column", None)]),              # 元 read as 万元
    ([1.75, 0.094, 0.6], [("unit-slip-column", None)]),                           # 亿元 read as 万元
    ([1.75, 0.094], [("amount-slip", 0), ("amount-slip", 1)]),                    # too few for a column
    ([1.75, 0.094, 79335900], [("amount-slip", i) for i in range(3)]),            # in both directions
    ([1.75, 0.094, 0.001], [("amount-slip", i) for i in range(3)]),               # one would still be wrong
    ([120, 450, 3100, 88000, 960000], []),                                        # skewed, as such columns are
])
def test_slips_of_a_sheet(applicants, edition, rows, problems):
    assert found(applicants, edition, "company", "outsourcing_revenue", rows) == problems


@pytest.mark.parametrize(("rows", "problems"), [
    ([(1729000000, 3000), (0.54, 3000)], [("unit-slip", 0), ("unit-slip", 1)]), ([(1729000000, None), (0.54, None)], [("amount-slip", 0), ("amount-slip", 1)]),
    ([(300, 3000), (15000000, 3000)], []), ([(299.9, 3000), (15000001, 3000)], [("unit-slip", 0), ("unit-slip", 1)]),
    ([(100, None), (20000000, None)], []), ([(99, None), (20000001, None)], [("amount-slip", 0), ("amount-slip", 1)]),
    ([(356000000, 9800), (172900000, 3000), (800000000, 70000)], [("unit-slip-column", None)])])
def test_parks_have_their_own_scale(applicants, edition, rows, problems):
    assert found(applicants, edition, "park", "outsourcing_revenue", rows, "outsourcing_staff") == problems


@pytest.mark.parametrize(("amount", "asked"), [(0.086, True), (1, False), (860, False), (1000000, False), (8600000, True)])
def test_trainers_have_their_own_scale(applicants, edition, amount, asked):
    assert found(applicants, edition, "trainer", "total_revenue", [amount]) == [("amount-slip", 0)] * asked


def test_the_question_says_what_is_usual(applicants, edition):
    group = applicants("park", {"name": "甲", "outsourcing_revenue": Decimal("0.54"), "outsourcing_staff": 3000})
    (asked,) = check_scales(group, edition)
    assert "上年度服务外包收入（万元）÷服务外包从业人员（人）”为 0.00018万元/人" in asked.message
    assert asked.severity == "warning" and asked.value == "0.54"
