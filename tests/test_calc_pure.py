"""The parts of the Calc engine that need no LibreOffice: addresses, values and formulas."""

import datetime as dt
import subprocess
import sys
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuijie_xl.calc import bridge, formulas, values
from tuijie_xl.calc.area import LAST_COLUMN, LAST_ROW, Area, letters, number, parse, rectangles
from tuijie_xl.calc.range import _stop

EPOCH = dt.datetime(1899, 12, 30)


@pytest.mark.parametrize(("text", "area"), [
    ("B2", Area(2, 2)), ("$B$2:C9", Area(2, 2, 8, 2)), ("C9:B2", Area(2, 2, 8, 2)), ("xfd1048576", Area(LAST_ROW, LAST_COLUMN)),
    ("B:C", Area(1, 2, LAST_ROW, 2)), ("$2:9", Area(2, 1, 8, LAST_COLUMN)), (" A1 ", Area(1, 1)),
    ("list_hq", None), ("XFE1", None), ("A1048577", None), ("A0", None), ("B", None), ("2", None), ("A1:B", None),
    ("A1:B2:C3", None), ("", None), ("企业", None),
])
def test_addresses_are_read(text, area):
    assert parse(text) == area


@given(st.integers(1, LAST_COLUMN))
def test_letters_and_numbers(column):
    assert number(letters(column)) == column


@given(st.builds(Area, st.integers(1, 900), st.integers(1, 900), st.integers(1, 99), st.integers(1, 99)))
def test_an_address_leads_back(area):
    assert parse(area.address()) == parse(area.address(False, False)) == area


def test_whole_columns_and_rows_have_their_own_addresses():
    assert (parse("B:C").address(), parse("2:9").address(column_fixed=False)) == ("$B:$C", "$2:$9")


@given(st.sets(st.tuples(st.integers(1, 7), st.integers(1, 7))))
def test_rectangles_cover_the_cells_once(cells):
    covered = [(r, c) for a in rectangles(cells) for r in range(a.row, a.last_row + 1) for c in range(a.column, a.last_column + 1)]
    assert sorted(covered) == sorted(cells)


def test_rectangles_are_few():
    assert rectangles((r, c) for r in range(1, 101) for c in range(3, 7)) == [Area(1, 3, 100, 4)]


@pytest.mark.parametrize(("value", "cell", "kind"), [
    (None, "", None), (float("nan"), "", None), ("甲", "甲", None), ("=1+1", "=1+1", None), ("'007", "007", None),
    (7, 7.0, None), (Decimal("2999.99"), 2999.99, None), (True, 1.0, "boolean"), (False, 0.0, "boolean"),
    (dt.date(2018, 7, 3), 43284.0, "date"), (dt.datetime(2018, 7, 3, 12), 43284.5, "date"),
])
def test_a_value_goes_into_a_cell(value, cell, kind):
    assert values.to_calc(value, EPOCH) == (cell, kind)


@pytest.mark.parametrize(("value", "error"), [(float("inf"), ValueError), (object(), TypeError), (dt.time(8), TypeError)])
def test_what_no_cell_can_hold(value, error):
    with pytest.raises(error):
        values.to_calc(value, EPOCH)


def test_pandas_and_numpy_blanks_and_numbers():
    import numpy as np
    import pandas as pd

    assert [values.plain(x) for x in (pd.NaT, pd.NA, np.nan, np.float64(1.5), np.int64(3), np.bool_(True))] == ["", "", "", 1.5, 3, True]


def test_a_number_beyond_the_calendar_stays_a_number():
    assert values.from_calc(1e12, "date", EPOCH) == 1e12


def test_xlwings_options_on_read():
    data = [[None, dt.datetime(2018, 7, 3), 3.0, "", "a"]]
    date = lambda year, month, day, **_: dt.date(year, month, day)
    assert values.cleaned(data, date, "空", int) == [["空", dt.date(2018, 7, 3), 3, "空", "a"]]


def test_rows_of_unequal_length_are_refused():
    with pytest.raises(ValueError, match="unequal"):
        values.rows_of([[1, 2], [3]], 2, 2)


FORMULAS = [
    ("=SUM(A1:B2,3)", "=SUM(A1:B2;3)"),
    ("=词表!$A$1+'我 的'!B:B", "=$词表.$A$1+$'我 的'.B:B"),
    ("='It''s'!A1", "=$'It''s'.A1"),
    ('=IF(A1="a,b;c!d","x","")', '=IF(A1="a,b;c!d";"x";"")'),
    ("=INDEX({1,2;3,4},1,2)", "=INDEX({1;2|3;4};1;2)"),
    ("=SUM(表1[乙])", "=SUM(表1[乙])"),
    ("=#REF!+1.5", "=#REF!+1.5"),
    ("=IF(TRUE,{TRUE,FALSE},TRUE_1)&\"TRUE\"", "=IF(TRUE();{TRUE;FALSE};TRUE_1)&\"TRUE\""),
    ("=CEILING(A1,2)", "=CEILING.XCL(A1;2)"),
    ("=STDEV.S(A1:A9)", "=STDEV.S(A1:A9)"),
    ("=COUNTIF(list_hq,$T8)>=1", "=COUNTIF(list_hq;$T8)>=1"),
]


@pytest.mark.parametrize(("excel", "calc"), FORMULAS)
def test_formulas_both_ways(excel, calc):
    assert formulas.to_calc(excel, {"CEILING": "CEILING.XCL"}) == calc
    assert formulas.to_excel(calc, {"CEILING.XCL": "CEILING"}) == excel


def test_excels_prefix_and_calcs_addins_go():
    assert formulas.to_calc("=_xlfn.IFNA(A1,0)", {}) == "=IFNA(A1;0)"
    assert formulas.to_excel("=COM.SUN.STAR.SHEET.ADDIN.ANALYSIS.GETEDATE(A1;1)", {}) == "=EDATE(A1,1)"
    assert formulas.to_excel("{=A1:A3*2}", {}) == "=A1:A3*2"


@pytest.mark.parametrize(("formula", "moved"), [
    ("=A1+$A1+A$1+$A$1", "=B3+$A3+B$1+$A$1"), ("=SUM(B:C)+SUM($B:$C)", "=SUM(C:D)+SUM($B:$C)"), ("=SUM(3:4)", "=SUM(5:6)"),
    ("=词表!A1&\"A1\"", "=词表!B3&\"A1\""), ("=LOG10(A1)", "=LOG10(B3)"), ("=A1048575", "=#REF!"), ("=XFD1", "=#REF!"),
])
def test_a_filled_formula_moves_its_relative_references(formula, moved):
    assert formulas.shifted(formula, 2, 1) == moved


def test_names_that_differ_are_found_in_the_tables():
    calc = [(1, "CEILING"), (2, "CEILING.XCL"), (3, "CEILING.MATH"), (4, "SUM"), (5, ";"), (6, "STYLE")]
    excel = [(1, "_xlfn.CEILING.MATH"), (2, "CEILING"), (3, "_xlfn.CEILING.MATH"), (4, "SUM"), (5, ","), (6, "_xlfn.ORG.X.STYLE")]
    to_calc, to_excel = formulas.names_of(calc, excel)
    assert to_calc == {"CEILING": "CEILING.XCL"}
    assert to_excel == {"CEILING": "CEILING.MATH", "CEILING.XCL": "CEILING"}


@pytest.mark.parametrize(("line", "here", "down", "up"), [
    ("xxx..x", 0, 2, 0), ("xxx..x", 2, 5, 0), ("xxx..x", 5, 99, 2), ("..x", 0, 2, 0), ("x", 40, 99, 0), ("", 3, 99, 0),
])
def test_ctrl_and_arrow(line, here, down, up):
    filled = [cell == "x" for cell in line]
    assert (_stop(filled, here, 1, 100), _stop(filled, here, -1, 100)) == (down, up)


def test_the_bridge_is_missing(monkeypatch):
    monkeypatch.setattr(bridge, "PLACES", ())
    monkeypatch.delenv("TUIJIE_UNO_PATH", raising=False)
    with pytest.raises(bridge.BridgeMissing, match="python3-uno"):
        bridge.uno.__wrapped__()


def test_the_bridge_is_for_another_python(monkeypatch, tmp_path):
    """A folder that has the files but not for this Python: told so, and the search path is as before."""
    (tmp_path / "uno.py").write_text("import pyuno_of_another_python")
    code = ("import sys; from tuijie_xl.calc import bridge; bridge.PLACES = (); before = list(sys.path)\n"
            "try: bridge.uno()\nexcept bridge.BridgeMissing as error: print('同一小版本' in str(error), sys.path == before)")
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True,
                         env={"TUIJIE_UNO_PATH": str(tmp_path), "PYTHONUTF8": "1", "PATH": ""})
    assert run.stdout.split() == ["True", "True"]


def test_formulas_that_differ_in_their_rows_are_translated_alike():
    names = {"GEOMEAN": "GEO.MEAN"}
    typed = [f'=IF(AND($C{n}="A{n}";LOG10($企业.$B${n})>1E-9);GEOMEAN(A{n}:$B{n + 1});"x {n}")&T{n}' for n in (6, 7, 104)] + ["={1|2}", "=A1"]
    assert list(formulas.many_to_excel(typed, names)) == [formulas.to_excel(text, names) for text in typed]
