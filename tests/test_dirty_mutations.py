"""Faults put into the product itself: a row dropped, a column shifted, a row doubled, two files' rows swapped.

Its own account of the rows (``LostRows``) must notice, and nothing may be written. And the other way round: master
cells traced back to file, sheet, cell and original text.
"""

from functools import cache
from pathlib import Path
from random import Random

import openpyxl
import pandas as pd
import pytest
import xlrd
from dirty.figures import folded
from dirty.make import Maker
from dirty.truth import PLAIN

from tuijie_xl import actions, batch
from tuijie_xl.edition import load_edition
from tuijie_xl.files.submission import read_file
from tuijie_xl.intake import LostRows, tables

EDITION = load_edition("2018")


@pytest.fixture(scope="module")
def sent(tmp_path_factory):
    """Two clean lists of companies."""
    maker = Maker(21, tmp_path_factory.mktemp("sent"))
    return [_list_of_companies(maker, number) for number in (1, 2)]


def _list_of_companies(maker, number):
    for attempt in range(100):
        truth = maker.make(number, Random(100 * number + attempt), [], "xlsx", "list")
        if truth.sheets[0].kind == "company" and len(truth.sheets[0].applicants) > 4:
            return truth
        Path(truth.path).unlink()
    raise AssertionError("no list of companies was drawn")


def import_into(master: Path, sent) -> None:
    """What ``tuijie import`` does, in this process, so that the faults are in it."""
    files = [read_file((truth.path, "2018")) for truth in sent]
    actions.write_master(actions.review_files(files, EDITION), master)


def notices(master: Path, sent) -> None:
    with pytest.raises(LostRows):
        import_into(master, sent)
    assert not master.exists()


def test_without_a_fault_the_master_is_written(tmp_path, sent):
    import_into(tmp_path / "m.xlsx", sent)
    assert (tmp_path / "m.xlsx").exists()


# ------------------------------------------------------------------ faults of reading

def test_a_row_dropped_while_reading_is_noticed(tmp_path, sent, monkeypatch):
    build = tables.TableBuilder.build

    def drop(self):
        table = build(self)
        table.rows = table.rows[:-1]
        table.columns = {name: values[:-1] for name, values in table.columns.items()}
        table.unmapped = {name: values[:-1] for name, values in table.unmapped.items()}
        return table

    monkeypatch.setattr(tables.TableBuilder, "build", drop)
    notices(tmp_path / "m.xlsx", sent)


def test_a_row_read_twice_is_noticed(tmp_path, sent, monkeypatch):
    build = tables.TableBuilder.build

    def double(self):
        table = build(self)
        table.rows = [*table.rows, table.rows[-1]]
        table.columns = {name: [*values, values[-1]] for name, values in table.columns.items()}
        table.unmapped = {name: [*values, values[-1]] for name, values in table.unmapped.items()}
        return table

    monkeypatch.setattr(tables.TableBuilder, "build", double)
    notices(tmp_path / "m.xlsx", sent)


def test_one_column_that_lacks_a_value_is_noticed(tmp_path, sent, monkeypatch):
    build = tables.TableBuilder.build

    def shorten(self):
        table = build(self)
        table.columns["name"] = table.columns["name"][:-1]
        return table

    monkeypatch.setattr(tables.TableBuilder, "build", shorten)
    notices(tmp_path / "m.xlsx", sent)


def test_a_column_shifted_by_a_row_is_noticed(tmp_path, sent, monkeypatch):
    build = tables.TableBuilder.build

    def shift(self):
        table = build(self)
        values = table.columns["outsourcing_revenue"]
        table.columns["outsourcing_revenue"] = [*values[1:], values[0]]
        return table

    monkeypatch.setattr(tables.TableBuilder, "build", shift)
    notices(tmp_path / "m.xlsx", sent)


# ------------------------------------------------------------------ faults between reading and writing

def _with_other_frame(monkeypatch, change):
    """``change`` is done to the companies' frame after the files were put together."""
    join = batch._join

    def joined(parts, edition, kind, *rest):
        group, problems = join(parts, edition, kind, *rest)
        if kind == "company":
            group.frame = change(group.frame)
        return group, problems

    monkeypatch.setattr(batch, "_join", joined)


def test_a_row_dropped_between_reading_and_writing_is_noticed(tmp_path, sent, monkeypatch):
    _with_other_frame(monkeypatch, lambda frame: frame.iloc[:-1])
    notices(tmp_path / "m.xlsx", sent)


def test_a_row_doubled_between_reading_and_writing_is_noticed(tmp_path, sent, monkeypatch):
    _with_other_frame(monkeypatch, lambda frame: frame.iloc[[*range(len(frame)), 0]])
    notices(tmp_path / "m.xlsx", sent)


def test_a_column_shifted_between_reading_and_writing_is_noticed(tmp_path, sent, monkeypatch):
    def shift(frame):
        values = frame["outsourcing_staff"].tolist()
        return frame.assign(outsourcing_staff=pd.Series([*values[1:], values[0]], dtype=object))

    _with_other_frame(monkeypatch, shift)
    notices(tmp_path / "m.xlsx", sent)


def test_rows_of_two_files_swapped_are_noticed(tmp_path, sent, monkeypatch):
    def swap(frame):
        own = ["source_file", "source_sheet", "source_row"]
        return frame.assign(**{name: pd.Series(frame[name].tolist()[::-1], dtype=object) for name in own})

    _with_other_frame(monkeypatch, swap)
    notices(tmp_path / "m.xlsx", sent)


def test_a_row_dropped_just_before_writing_is_noticed(tmp_path, sent, monkeypatch):
    review = actions.review_files

    def drop(*words):
        outcome = review(*words)
        judgement = outcome.judgements["company"]
        judgement.frame = judgement.frame.iloc[:-1]
        judgement.verdicts.pop()
        outcome.batch.applicants["company"].frame = outcome.batch.applicants["company"].frame.iloc[:-1]
        outcome.batch.applicants["company"].origins.pop()
        return outcome

    monkeypatch.setattr(actions, "review_files", drop)
    notices(tmp_path / "m.xlsx", sent)


# ------------------------------------------------------------------ back to the source

@cache
def source(path: str):
    """A file as sent, by a reader that the product does not rest on."""
    return xlrd.open_workbook(path) if path.endswith(".xls") else openpyxl.load_workbook(path, data_only=True)


def source_cell(path: str, sheet: str, row: int, letter: str):
    """A cell of the file as sent; xlrd gives days as numbers."""
    column, book = openpyxl.utils.column_index_from_string(letter), source(path)
    if not path.endswith(".xls"):
        return book[sheet].cell(row, column).value
    cell = book.sheet_by_name(sheet).cell(row - 1, column - 1)
    return xlrd.xldate_as_datetime(cell.value, book.datemode) if cell.ctype == xlrd.XL_CELL_DATE else cell.value


def test_a_hundred_master_cells_are_traced_back_to_file_sheet_cell_and_text(tmp_path):
    maker, random = Maker(33, tmp_path / "sent"), Random(33)
    truths = [maker.make(i, Random(f"trace {i}"), [], name, "list") for i, name in enumerate(["xlsx", "xls"] * 6)]
    outcome = actions.import_files([t.path for t in truths], EDITION, jobs=1)
    actions.write_master(outcome, tmp_path / "master.xlsx")
    master = openpyxl.load_workbook(tmp_path / "master.xlsx", data_only=True)
    mapped = {(Path(f["path"]).name, s["name"]): set(s["mapping"].values()) for f in actions.import_report(outcome.batch)["files"] for s in f["sheets"]}
    rows = {}
    for kind in EDITION.kinds.values():
        page = master[kind.sheet]
        head = next(r for r in range(1, 12) if page.cell(r, 1).value == EDITION.fields(kind.id)["serial"].label)
        at = {page.cell(head, c).value: c for c in range(1, page.max_column + 1)}
        for r in range(head + 1, page.max_row + 1):
            own = [page.cell(r, at[EDITION.label(name)]).value for name in ("source_file", "source_sheet", "source_row")]
            rows[tuple(own)] = lambda label, page=page, r=r, at=at: page.cell(r, at[label]).value
    cells = [(truth, sheet, one, name, letter) for truth in truths for sheet in truth.sheets for one in sheet.applicants
             for letter, name in sheet.columns if name and name in one.cells and name != "services" and one.cells[name].how == PLAIN
             and one.cells[name].value is not None and name in mapped[Path(truth.path).name, sheet.name]]
    for truth, sheet, one, name, letter in random.sample(cells, 100):
        held = rows[Path(truth.path).name, sheet.name, one.row](EDITION.fields(sheet.kind)[name].label)
        written = source_cell(truth.path, sheet.name, one.row, letter)
        assert _text(written) == _text(one.cells[name].written) == _text(held), (truth.path, sheet.name, letter, one.row)


def _text(value) -> str:
    """A value as both readers may hold it: a day is a day, 3000.0 is 3000."""
    if hasattr(value, "strftime"):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, str):
        return folded(value)
    return format(float(value), ".12g")
