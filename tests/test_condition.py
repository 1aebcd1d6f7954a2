"""Conditions: how they are written in a line and in TOML, and what is refused."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuijie_xl import condition
from tuijie_xl.condition import All, Any, make_test, parse_condition, read_condition

Single = condition.Test                # pytest would collect the name Test

LISTED = Single("is_listed", "is", ("是",))
BIG = Single("outsourcing_staff", ">=", limit=Decimal(300))
DIGITAL = Single("services", "has", ("大数据", "云计算"))


@pytest.mark.parametrize(("text", "expected"), [
    ("is_listed is 是", LISTED),
    ("  is_listed   is   是  ", LISTED),
    ("services has 大数据|云计算", DIGITAL),
    ("services has 大数据 | 云计算", DIGITAL),
    ("main_service is IT 解决方案", Single("main_service", "is", ("IT 解决方案",))),
    ("outsourcing_staff >= 300", BIG),
    ("outsourcing_staff>=300", BIG),
    ("patents > 0", Single("patents", ">", limit=Decimal(0))),
    ("ito_share <= 99.5", Single("ito_share", "<=", limit=Decimal("99.5"))),
    ("patents < 5", Single("patents", "<", limit=Decimal(5))),
    ("overseas_source stated", Single("overseas_source", "stated")),
    ("is_listed is 是 and outsourcing_staff >= 300", All((LISTED, BIG))),
    ("is_listed is 是 or outsourcing_staff >= 300", Any((LISTED, BIG))),
    ("is_listed is 是 or outsourcing_staff >= 300 and services has 大数据|云计算", Any((LISTED, All((BIG, DIGITAL))))),
    ("is_listed is 是 and outsourcing_staff >= 300 or services has 大数据|云计算", Any((All((LISTED, BIG)), DIGITAL))),
])
def test_a_line_is_read(text, expected):
    assert parse_condition(text) == expected


@pytest.mark.parametrize(("text", "complaint"), [
    ("", "cannot read the condition ''"),
    ("or patents > 0", "cannot read"),
    ("is_listed", "cannot read the condition 'is_listed'"),
    ("is_listed = 是", "cannot read"),
    ("is_listed equals 是", "cannot read"),
    ("patents > 3 and", "patents > needs a number, not '3 and'"),
    ("is_listed is 是 and and patents > 0", "cannot read"),
    ("is_listed is", "is_listed is needs at least one value"),
    ("services has 大数据|", "services has needs at least one value"),
    ("patents > many", "patents > needs a number, not 'many'"),
    ("patents >", "needs a number, not ''"),
    ("patents > NaN", "needs a number"),
    ("patents > Infinity", "needs a number"),
    ("overseas_source stated 是", "overseas_source stated takes no value"),
])
def test_a_line_that_cannot_be_read_says_why(text, complaint):
    with pytest.raises(ValueError, match=complaint):
        parse_condition(text)


@pytest.mark.parametrize(("table", "expected"), [
    ({"field": "is_listed", "op": "is", "value": "是"}, LISTED),
    ({"field": "services", "op": "has", "value": ["大数据", "云计算"]}, DIGITAL),
    ({"field": "outsourcing_staff", "op": ">=", "value": 300, "unit": "人"},
     Single("outsourcing_staff", ">=", limit=Decimal(300), unit="人")),
    ({"field": "revenue_per_head", "op": ">=", "value": 0.1}, Single("revenue_per_head", ">=", limit=Decimal("0.1"))),
    ({"field": "overseas_source", "op": "stated"}, Single("overseas_source", "stated")),
    ({"all": [{"field": "is_listed", "op": "is", "value": "是"}]}, All((LISTED,))),
    ({"any": [{"all": [{"field": "is_listed", "op": "is", "value": "是"}]},
              {"field": "services", "op": "has", "value": ["大数据", "云计算"]}]}, Any((All((LISTED,)), DIGITAL))),
])
def test_a_table_is_read(table, expected):
    assert read_condition(table) == expected


@pytest.mark.parametrize(("table", "complaint"), [
    ("is_listed is 是", "a condition is a table"),
    ({}, "a condition is a table of field, op, value, unit, or of all or any; not {}"),
    ({"all": []}, "'all' stands alone and holds at least one condition"),
    ({"any": [], "all": []}, "stands alone"),
    ({"all": "is_listed"}, "'all' holds a list of conditions"),
    ({"all": [{"field": "x", "op": "stated"}], "op": "is"}, "'all' stands alone"),
    ({"any": [["x"]]}, "a condition is a table"),
    ({"field": "x"}, "a condition is a table of field, op, value, unit.*{'field': 'x'}"),
    ({"field": "x", "op": "is", "vallue": "是"}, "vallue"),
    ({"field": "x", "op": "=>", "value": 3}, "unknown operator '=>'; allowed are >="),
    ({"field": "x", "op": ">=", "value": "三百"}, "x >= needs a number, not '三百'"),
    ({"field": "x", "op": ">=", "value": True}, "x >= needs a number, not True"),
    ({"field": "x", "op": "is", "value": []}, "x is needs at least one value"),
    ({"field": "x", "op": "is", "value": ["是", 3]}, "x is needs text"),
    ({"field": "x", "op": "is", "value": "是", "unit": "人"}, "x is takes no unit"),
    ({"field": "x", "op": "stated", "value": "是"}, "x stated takes no value"),
])
def test_a_table_that_cannot_be_read_says_why(table, complaint):
    with pytest.raises(ValueError, match=complaint):
        read_condition(table)


def test_every_test_of_a_condition_from_left_to_right():
    assert list(condition.tests(Any((All((LISTED, BIG)), DIGITAL)))) == [LISTED, BIG, DIGITAL]
    assert list(condition.tests(LISTED)) == [LISTED]


WORDS = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=6)
FIELDS = st.from_regex(r"[a-z]{1,8}_x", fullmatch=True)
SINGLE = st.one_of(
    st.builds(Single, FIELDS, st.sampled_from(("is", "has")), st.lists(WORDS, min_size=1, max_size=3).map(tuple)),
    st.builds(lambda f, op, n: Single(f, op, limit=Decimal(n)), FIELDS, st.sampled_from((">=", "<=", ">", "<")),
              st.integers(-999, 999)),
    st.builds(lambda f: Single(f, "stated"), FIELDS))


def written(test: Single) -> str:
    value = "|".join(test.values) if test.limit is None else str(test.limit)
    return f"{test.field} {test.op} {value}".strip()


@given(st.lists(st.lists(SINGLE, min_size=2, max_size=3), min_size=2, max_size=3))
def test_what_is_written_is_what_is_read(alternatives):
    text = " or ".join(" and ".join(written(test) for test in alternative) for alternative in alternatives)
    assert parse_condition(text) == Any(tuple(All(tuple(alternative)) for alternative in alternatives))


def test_unknown_operator_lists_the_allowed_ones():
    with pytest.raises(ValueError, match="unknown operator 'equals'; allowed are >=, <=, >, <, is, has, stated"):
        make_test("x", "equals", "是")
