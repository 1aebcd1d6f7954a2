"""Speed, counted and not timed: how many answers of LibreOffice a call waits for, whatever the number of cells."""

import datetime as dt

import pytest
from calc_session import calc_process, counted, counted_process  # noqa: F401

pytestmark = pytest.mark.slow
MIXED = ["甲", 3000.5, None, True, dt.datetime(2018, 7, 3), "=1+1", "第三行", 7.0]


def block(rows: int) -> list[list]:
    return [MIXED[i % 8:] + MIXED[:i % 8] for i in range(rows)]


@pytest.fixture
def sheet(counted):  # noqa: F811
    return counted[0].books.add().sheets[0]


def trips(counted, do) -> int:  # noqa: F811
    """The second time: the first also fetches what is then known (interfaces, number formats)."""
    do()
    return counted[1].of(do)


def test_the_count_counts(counted, sheet):  # noqa: F811
    assert counted[1].of(lambda: sheet["A1:H9"].address) == 0
    few, many = (counted[1].of(lambda n=n: [sheet["A1"].value for _ in range(n)]) for n in (10, 20))
    assert 10 <= few < many


def test_forty_thousand_cells_cost_what_forty_cost(counted, sheet):  # noqa: F811
    small, large = block(5), block(5000)
    write = [trips(counted, lambda rows=rows: setattr(sheet["A1"], "value", rows)) for rows in (small, large)]
    read = [trips(counted, lambda n=n: sheet["A1"].resize(n, 8).value) for n in (5, 5000)]
    assert sheet["A1:H5000"].value == large
    assert write[1] <= write[0] + 5 and read[1] <= read[0] + 5, (write, read)
    assert max(write) <= 150 and max(read) <= 100, (write, read)


def test_formulas_fills_and_clearing_are_as_cheap(counted, sheet):  # noqa: F811
    def change(rows: int) -> None:
        area = sheet["A1"].resize(rows, 4)
        area.formula = "=ROW()&\"甲\""
        assert area.formula[-1][0] == "=ROW()&\"甲\""
        area.set_colors([[(255, 0, 0), None, (255, 0, 0), ...]] * rows)
        area.clear_contents()
    few, many = (trips(counted, lambda n=n: change(n)) for n in (3, 2000))
    assert many <= few + 5, (few, many)


def test_end_and_expand_don_t_walk(counted, sheet):  # noqa: F811
    def span(rows: int) -> int:
        sheet["A:H"].clear_contents()
        sheet["A1"].value = block(rows)
        return trips(counted, lambda: (sheet["A1"].end("down"), sheet["A1"].expand("right"), sheet["A1"].current_region))
    few, many = span(5), span(3000)
    assert many <= few + 2, (few, many)
