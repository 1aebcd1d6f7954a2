"""Properties of reading: what is written is read back or marked, order does not matter, no cell is lost."""

from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from dirty.catalogue import MUTATIONS
from dirty.forms import FORMS, draw_form
from dirty.make import Maker
from dirty.sheet import lay_out
from dirty.spellings import SPELLINGS
from dirty.truth import DOUBT, NOTHING, READABLE
from dirty.writers import as_text
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tuijie_xl.examples.hands import ErrorCell, Uncached
from tuijie_xl.examples.people import PLACES

from tuijie_xl.book import BookText, Grid, Unread, a1, column_letter
from tuijie_xl.edition import load_edition
from tuijie_xl.intake import read_submission
from tuijie_xl.intake.values import ColumnReader

EDITION = load_edition("2018")
FIELDS = {"amount": "outsourcing_revenue", "yuan": "outsourcing_revenue", "count": "outsourcing_staff", "percent": "ito_share", "date": "founded_on"}
VALUES = {"amount": st.decimals(Decimal("0.01"), 10**7, places=2), "count": st.integers(1, 10**6), "date": st.dates(date(1980, 1, 1), date(2018, 7, 3)),
          "percent": st.decimals(Decimal("0.1"), 100, places=1)}
VALUES["yuan"] = VALUES["amount"]
#: Slips are questions of the checks, which see revenue and staff together.
OF_CHECKS = ("yuan under a header of wan yuan", "yi under a header of wan yuan")
CASES = [(kind, s) for s in SPELLINGS for kind in s.types if kind in VALUES]
#: Read exactly whatever the value; the others may be left as written, but never read as another value.
CERTAIN = {"number as text", "thousands marks", "full width digits", "wan in the cell", "wan yuan in the cell", "yi yuan in the cell", "yuan in the cell",
           "unit in brackets", "renminbi in front", "people in the cell", "people with thousands", "per cent", "full width per cent",
           "date in words", "date with dots", "date with slashes", "date with hyphens", "eight digits", "day number", "full width date"}


def cell_of(written):
    """What a reader of files makes of an error and of a formula without a result."""
    return Unread(f"={written}") if isinstance(written, Uncached) else Unread(written) if isinstance(written, ErrorCell) else written


@pytest.mark.parametrize(("kind", "spelling"), [pytest.param(k, s, id=f"{k}: {s.name}") for k, s in CASES if s.how == READABLE])
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_what_is_written_is_read_back_or_left_as_written(kind, spelling, data):
    value = data.draw(VALUES[kind])
    cell = spelling.cell(value, Random(1))
    if cell is None:
        return
    reader = ColumnReader(EDITION.fields("company")[FIELDS[kind]], EDITION)
    (got,) = reader.read([cell.written])
    left = isinstance(got, str) or bool(reader.doubts)
    assert got == value or left and spelling.name not in CERTAIN, (cell.written, got)


@pytest.mark.parametrize(("kind", "spelling"), [pytest.param(k, s, id=f"{k}: {s.name}") for k, s in CASES if s.how == DOUBT and s.name not in OF_CHECKS])
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_what_nobody_can_know_is_never_read_in_silence(kind, spelling, data):
    cell = spelling.cell(data.draw(VALUES[kind]), Random(data.draw(st.integers(0, 99))))
    if cell is not None:
        reader = ColumnReader(EDITION.fields("company")[FIELDS[kind]], EDITION)
        (got,) = reader.read([cell_of(cell.written)])
        assert isinstance(got, str) or reader.doubts, (cell.written, got)


@pytest.mark.parametrize(("kind", "spelling"), [pytest.param(k, s, id=f"{k}: {s.name}") for k, s in CASES if s.how == NOTHING])
def test_nothing_is_never_zero(kind, spelling):
    cell = spelling.cell({"date": date(2018, 7, 3)}.get(kind, 5), Random(1))
    (got,) = ColumnReader(EDITION.fields("company")[FIELDS[kind]], EDITION).read([cell.written])
    assert got is None or got == cell.written.strip()


# ------------------------------------------------------------------ order

def clean_plan(seed: int, kind: str, size: int):
    return Maker(seed, Path(".")).plan(Random(seed), kind, size)


def applicants(laid) -> Counter:
    """Every applicant as read, without row numbers: a bag of {field: value}."""
    intake = read_submission(BookText("a.xlsx", "xlsx", "0" * 64, [Grid("Sheet1", laid.rows, laid.merges)]), EDITION)
    tables = [table for sheet in intake.sheets for table in sheet.tables]
    return Counter(repr(sorted((name, str(values[i])) for name, values in table.columns.items() if name != "serial" and values[i] is not None))
                   for table in tables for i in range(len(table.rows)))


@pytest.mark.parametrize("kind", ["company", "park", "trainer"])
@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), order=st.randoms(use_true_random=False))
def test_any_order_of_rows_and_columns_gives_the_same_applicants(kind, seed, order):
    plan = clean_plan(seed, kind, 5)
    first = applicants(lay_out(plan))
    order.shuffle(plan.columns)
    order.shuffle(plan.records)
    assert applicants(lay_out(plan)) == first and first.total() == 5


# ------------------------------------------------------------------ conservation

NOISE = st.one_of(st.text(min_size=1, max_size=12), st.integers(-10**9, 10**9), st.floats(-1e9, 1e9), st.booleans(), st.dates(),
                  st.sampled_from(["合计", "注：", "企业名称", "北京市（92所）", "约300", "１２", "#N/A", "\n", "附件1", "单位：元", "序号", "园区名称"]))
SPOTS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 25), NOISE), max_size=12)
LAYOUTS = [m for m in MUTATIONS if m.name not in {s.name for s in SPELLINGS} and m.name != "no header"]


def is_nothing(cell) -> bool:
    """Blanks, strokes and words that say nothing."""
    return isinstance(cell, str) and (not cell.strip(" \t\r\n\u3000\xa0\u200b\ufeff-—–―─_/\\") or cell.strip() in (
        "不详", "暂无", "未提供", "N/A", "NA", "n/a", "NULL", "null", "None", "空"))


def unaccounted(grid: Grid, sheet) -> list[str]:
    """Addresses of written cells that are in no header row, no row set aside, no mapped and no kept column."""
    aside = {row.row: row.values for row in sheet.set_aside}
    tables = {number: (table, i) for table in sheet.tables for i, number in enumerate(table.rows)}
    numbering = {table.places.get("serial") for table in sheet.tables}
    lost = []
    for number, row in enumerate(grid.rows, 1):
        for column, cell in enumerate(row):
            if cell is None or is_nothing(cell) or number in sheet.header_rows:
                continue
            if number in aside:
                kept = repr(aside[number][column]) == repr(cell)
            elif number in tables:
                kept = _is_kept(*tables[number], column_letter(column), cell)
            else:
                kept = column_letter(column) in numbering and str(cell).strip("-.0123456789TrueFals") == ""      # a prepared row
            if not kept:
                lost.append(f"{column_letter(column)}{number}")
    return lost


def _is_kept(table, i: int, letter: str, cell) -> bool:
    if letter in table.places.values():
        return True
    text = "".join(str(cell).split())
    kept = ["".join(str(values[i]).split()) for values in (*table.unmapped.values(), *table.columns.values())]
    return text in kept or any(isinstance(cell, int | float) and not isinstance(cell, bool) and _same_number(cell, one) for one in kept) \
        or isinstance(cell, bool) and str(cell).upper() in kept


def _same_number(cell, text: str) -> bool:
    try:
        return Decimal(text) == Decimal(format(cell, ".15g"))
    except ArithmeticError:
        return False


@pytest.mark.parametrize("kind", ["company", "park", "trainer"])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 10**6), spots=SPOTS)
def test_no_cell_is_lost_whatever_noise_is_written_into_a_dirty_sheet(kind, seed, spots):
    random = Random(seed)
    plan = clean_plan(seed, kind, random.randrange(1, 8))
    for one in random.sample(LAYOUTS, 3):
        one.apply(plan)
    laid = lay_out(plan)
    for r, c, cell in spots:
        if r < len(laid.rows) and c < len(laid.rows[r]):
            laid.rows[r][c] = cell
    grid = Grid("Sheet1", laid.rows, laid.merges)
    (sheet,) = read_submission(BookText("a.xlsx", "xlsx", "0" * 64, [grid]), EDITION).sheets
    assert sheet.counts["read"] == len(grid.rows) - len(sheet.header_rows) == sum(v for k, v in sheet.counts.items() if k != "read")
    assert unaccounted(grid, sheet) == []


# ------------------------------------------------------------------ forms

def unaccounted_in_form(grid: Grid, sheet) -> list[str]:
    """Addresses of written cells of a form that are no label, no value, nothing kept beside and in no row set aside."""
    known = {address for table in sheet.tables for cells in table.cells for address in cells.values()}
    texts = [text for table in sheet.tables for text in (*table.labels, *table.unmapped, *(str(v) for values in table.unmapped.values() for v in values))]
    said = "\n".join("".join(text.split()) for text in texts)
    aside = {row.row for row in sheet.set_aside}
    return [a1(r, c) for r, row in enumerate(grid.rows) for c, cell in enumerate(row)
            if cell is not None and not is_nothing(cell) and r + 1 not in aside and a1(r, c) not in known
            and "".join(as_text(cell).split()) not in said]


@pytest.mark.parametrize("layout", FORMS)
@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 10**6))
def test_no_cell_of_a_form_is_lost(layout, seed):
    random = Random(seed)
    kind = random.choice(("company", "park", "trainer"))
    laid = draw_form(random, EDITION, kind, Maker(seed, Path(".")).record(random, kind, random.choice(PLACES["山东省"])), layout, "表")
    grid = Grid("表", laid.rows, laid.merges)
    (sheet,) = read_submission(BookText("a.xlsx", "xlsx", "0" * 64, [grid]), EDITION).sheets
    assert sheet.counts["accepted"] == 1
    assert unaccounted_in_form(grid, sheet) == []
