"""The master workbook of the example files: links, records, provenance and what other readers see in it."""

import re
from collections import Counter
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from tuijie_xl import actions, examples
from tuijie_xl.book import Formula
from tuijie_xl.criteria import as_text
from tuijie_xl.layout.master import plan_master
from tuijie_xl.layout.records import IMPORTS, SET_ASIDE


@pytest.fixture(scope="module")
def outcome(edition):
    return actions.import_files(examples.files(), edition)


@pytest.fixture(scope="module")
def master(outcome, tmp_path_factory):
    path = tmp_path_factory.mktemp("master") / "总表.xlsx"
    actions.write_master(outcome, path)
    return openpyxl.load_workbook(path, data_only=True)


def text_of(value) -> str:
    if isinstance(value, float | int) and not isinstance(value, bool):
        return as_text(Decimal(format(value, ".15g")))
    return str(value.date() if hasattr(value, "date") else value)


def rows_of(sheet, header=4):
    """Rows below the header as {label: cell}."""
    labels = [cell.value for cell in sheet[header]]
    return [dict(zip(labels, row)) for row in sheet.iter_rows(min_row=header + 1) if row[0].value is not None]


def test_every_link_lands_on_the_cell_that_holds_the_quoted_value(master, outcome):
    rows = rows_of(master["问题清单"])
    assert len(rows) == len(outcome.problems)
    linked = Counter()
    for row, found in zip(rows, outcome.problems):
        link = row["位置"].hyperlink
        sheet, cell = re.fullmatch(r"'?([^'!]+)'?!([A-Z]+\d+)", link.location).groups()
        held = master[sheet][cell].value
        linked[found.code] += 1
        if sheet == IMPORTS:
            assert held == Path(found.file).name and (master[sheet][f"D{cell[1:]}"].value or "").removesuffix("（隐藏）") in (
                "", found.sheet)
        elif sheet == SET_ASIDE:
            line = " ".join(text_of(c.value) for c in master[sheet][master[sheet][cell].row] if c.value is not None)
            assert all(part in line for part in found.value.split()), found
        elif found.value is None:
            assert held is None or found.field is None, found
        else:
            assert found.value in text_of(held) or text_of(held) in found.message, (found, held)
    assert linked["criterion-unmet"] and linked["criterion-unknown"] and linked["not-a-term"] and linked["row-without-name"]


def test_every_row_that_was_read_is_in_the_workbook(master, outcome):
    totals = outcome.batch.totals
    kinds = [outcome.batch.edition.kinds[k].sheet for k in outcome.batch.edition.kinds]
    assert sum(len(rows_of(master[name], 5)) for name in kinds) == totals["accepted"]
    aside = Counter(row["归类"].value for row in rows_of(master["导入异常"]))
    assert aside == {"不能使用": totals["rejected"], "重复": totals["duplicate"], "合计或说明": totals["total_or_note"]}
    records = rows_of(master["导入记录"])
    assert records[-1]["文件"].value == "合计" and {row["核对"].value for row in records} == {"平"}
    assert [records[-1][w].value for w in ("读到行数", "采用", "重复", "空行")] == [
        totals[k] for k in ("read", "accepted", "duplicate", "blank")]


def test_provenance_leads_back_to_the_row_of_the_file(master, outcome):
    """Name and code of every company stand in the row of the file that the master names."""
    from tuijie_xl.files.reading import read_book

    books = {Path(f).name: {g.name: g for g in read_book(f).grids} for f in map(str, examples.files())}
    for row in rows_of(master["企业"], 5):
        grid = books[row["来源文件"].value][row["来源工作表"].value or ""]
        line = [str(v).strip() for v in grid.rows[row["来源行"].value - 1] if v is not None]
        assert any(row["企业名称"].value in re.sub(r"\s", "", v) for v in line), row["企业名称"].value


def test_text_from_outside_is_never_live(edition, applicants, tmp_path):
    from tuijie_xl.files.writing import write_workbook
    from tuijie_xl.intake import FileIntake, SheetIntake, Table

    evil = ["=1+1", "http://evil.example", "+cmd|' /C calc'!A0", "@SUM(1)"]
    table = Table("company", {"name": evil, "address": evil}, [3, 4, 5, 6], {"name": "A", "address": "B"}, {}, {"=备注": evil})
    counts = dict.fromkeys(("rejected", "duplicate", "total_or_note", "blank"), 0) | {"read": 4, "accepted": 4}
    outcome = actions.review_files([FileIntake("=x.csv", "csv", "0" * 64, "imported", [
        SheetIntake("=s", "company", [2], [table], [], counts)], [])], edition)
    write_workbook(plan_master(outcome.batch, outcome.judgements, outcome.problems), tmp_path / "总表.xlsx")
    book = openpyxl.load_workbook(tmp_path / "总表.xlsx")
    ours = {(s.name, r, c) for s in plan_master(outcome.batch, outcome.judgements, outcome.problems).sheets
            for r, c, v in s.values() if isinstance(v, Formula)}
    for sheet in book:
        for line in sheet.iter_rows():
            for cell in line:
                if cell.data_type == "f":
                    assert (sheet.title, cell.row - 1, cell.column - 1) in ours
                if cell.hyperlink:
                    assert cell.hyperlink.location and not cell.hyperlink.target


def test_cells_with_problems_say_so_in_words(master, outcome):
    """Colour is never alone: every marked cell has a note with message and remedy."""
    notes = [cell.comment.text for sheet in ("企业", "园区", "培训机构") for row in master[sheet].iter_rows(min_row=6)
             for cell in row if cell.comment]
    assert len(notes) > 100
    assert all(re.search("(错误|待核)：.+请", text, re.S) for text in notes)


def test_the_same_files_give_the_same_bytes(outcome, tmp_path):
    for name in ("一.xlsx", "二.xlsx"):
        actions.write_master(outcome, tmp_path / name)
    assert (tmp_path / "一.xlsx").read_bytes() == (tmp_path / "二.xlsx").read_bytes()
