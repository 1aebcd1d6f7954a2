"""Columns travel between processes as they are."""

import pickle
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuijie_xl.intake.records import Table, pack, unpack

CELLS = [st.text(), st.decimals(allow_nan=False, allow_infinity=False), st.integers(), st.dates(), st.booleans(),
         st.tuples(st.text()), st.datetimes()]


@given(st.one_of(*(st.lists(st.none() | cell) for cell in CELLS), st.lists(st.one_of(st.none(), *CELLS))))
def test_a_column_comes_back_as_it_was(values):
    again = unpack(pack(values))
    assert again == values and [type(v) for v in again] == [type(v) for v in values]
    assert list(map(str, again)) == list(map(str, values))              # Decimal('1.0') stays Decimal('1.0')


@pytest.mark.parametrize("values", [[], [None], [""], ["", None], ["\x1f"], ["\x1e"], ["a\x1eb", None],
                                    [Decimal("1.0"), None], [date(2018, 7, 3)], [datetime(2018, 7, 3)], [True, 1], ["1", 1]])
def test_corners(values):
    assert list(map(repr, unpack(pack(values)))) == list(map(repr, values))


def test_a_table_travels_whole():
    table = Table("company", {"name": ["甲", "乙"], "services": [("大数据",), None]}, [3, 4], {"name": "A"}, {}, {"备注": [None, "x"]})
    assert pickle.loads(pickle.dumps(table)) == table
