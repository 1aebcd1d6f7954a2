"""Putting submissions together: duplicates, provenance, and rows that must add up."""

import pytest

from tuijie_xl.batch import LostRows, assemble, check_conservation
from tuijie_xl.intake import FileIntake, SheetIntake, Table


def file(path, *rows, kind="company", sha=None, **unmapped):
    """A file of one sheet with these applicants, its rows numbered from 3."""
    names = list(dict.fromkeys(n for row in rows for n in row))
    table = Table(kind, {n: [row.get(n) for row in rows] for n in names}, list(range(3, 3 + len(rows))),
                  {n: chr(65 + i) for i, n in enumerate(names)}, {}, unmapped)
    counts = dict.fromkeys(("rejected", "duplicate", "total_or_note", "blank"), 0) | {"read": len(rows), "accepted": len(rows)}
    return FileIntake(path, "xlsx", sha or path, "imported", [SheetIntake("企业", kind, [2], [table], [], counts)], [])


A = {"name": "甲", "credit_code": "913706833104614358", "city": "济南"}
B = {"name": "乙", "credit_code": "91110108MA01A0001J", "city": "北京"}


@pytest.mark.parametrize(("second", "accepted", "codes"), [
    (A, 1, []),                                                              # the same again: one stays
    ({**A, "city": "青岛"}, 2, ["duplicate-applicant"]),                     # same code, other content: both stay
    ({**A, "credit_code": B["credit_code"]}, 2, []),                         # same name, other code: two applicants
    (B, 2, []),
    ({"name": "甲"}, 2, []),                                                 # a name alone never merges with a code
])
def test_two_rows(edition, second, accepted, codes):
    batch = assemble([file("一.xlsx", A), file("二.xlsx", second)], edition)
    assert len(batch.applicants["company"].frame) == accepted
    assert [p.code for p in batch.problems] == codes
    assert batch.totals["accepted"] + batch.totals["duplicate"] == 2


def test_names_without_codes_are_the_same_whatever_their_brackets_but_are_not_merged(edition):
    rows = [{"name": "金球电器(福建）", "city": "福州"}, {"name": "金球电器（福建）", "city": "厦门"}, {"name": "金球 电器（福建）", "city": "福州"}]
    batch = assemble([file(f"{i}.xlsx", row) for i, row in enumerate(rows)], edition)
    assert len(batch.applicants["company"].frame) == 3
    assert [(p.code, p.value) for p in batch.problems] == [
        ("duplicate-applicant", "金球电器（福建）"), ("duplicate-applicant", "金球 电器（福建）")]



def test_rows_without_a_code_are_known_by_their_name(edition):
    batch = assemble([file("一.xlsx", {"name": "甲", "city": "济南"}, {"name": "甲", "city": "济南"}, {"name": "甲", "city": "青岛"})], edition)
    assert batch.applicants["company"].frame["city"].tolist() == ["济南", "青岛"]
    assert [(p.code, p.row, p.field) for p in batch.problems] == [("duplicate-applicant", 5, "name")]


def test_a_repeated_file_is_listed_and_adds_nothing(edition):
    batch = assemble([file("一.xlsx", A, B, sha="s"), file("二.xlsx", A, B, sha="s")], edition)
    assert [f.status for f in batch.files] == ["imported", "duplicate"]
    assert [p.code for p in batch.problems] == ["file-repeated"]
    assert [(f.path, row.row, row.values[:2]) for f, row in batch.set_aside()] == [("二.xlsx", 3, ["甲", A["credit_code"]]),
                                                                                ("二.xlsx", 4, ["乙", B["credit_code"]])]


def test_provenance_and_unknown_columns_stay_with_the_row(edition):
    frame = assemble([file("报送/一.xlsx", A, B, 备注2=["新设", None], 等级=["A", None])], edition).applicants["company"].frame
    assert frame[["source_file", "source_sheet", "source_row"]].values.tolist() == [["一.xlsx", "企业", 3], ["一.xlsx", "企业", 4]]
    assert frame["extras"].tolist() == ["备注2：新设；等级：A", None]


def test_provenance_of_a_master_is_carried_on(edition):
    row = {**A, "source_file": "原.xls", "source_sheet": "表1", "source_row": 9, "batch": "b"}
    group = assemble([file("总表.xlsx", row)], edition).applicants["company"]
    assert group.frame[["source_file", "source_row", "batch"]].values.tolist() == [["原.xls", 9, "b"]]
    assert group.place(0, "name").file == "总表.xlsx" and group.place(0, "name").cell == "A3"


def test_the_batch_id_comes_from_the_contents_alone(edition):
    one, two = file("一.xlsx", A, sha="x"), file("二.xlsx", B, sha="y")
    assert assemble([one, two], edition).id == assemble([file("c", B, sha="y"), file("d", A, sha="x")], edition).id
    assert assemble([one], edition).id != assemble([two], edition).id


@pytest.mark.parametrize("damage", [
    lambda sheet: sheet.counts.update(read=5),
    lambda sheet: sheet.counts.update(rejected=1, read=3),
    lambda sheet: sheet.counts.update(accepted=1, blank=1),
])
def test_a_lost_row_stops_everything(edition, damage):
    batch = assemble([file("一.xlsx", A, B)], edition)
    damage(batch.files[0].sheets[0])
    with pytest.raises(LostRows):
        check_conservation(batch)


def test_codes_that_are_none_do_not_make_twins(edition):
    rows = [{"name": "甲", "credit_code": "办理中"}, {"name": "乙", "credit_code": "办理中"}]
    assert assemble([file("一.xlsx", *rows)], edition).problems == []


def test_a_text_that_no_cell_can_hold_is_cut_and_told(edition):
    batch = assemble([file("一.xlsx", {**A, "profile": "长" * 40_000}, B, 备注2=["x" * 40_000, None])], edition)
    frame = batch.applicants["company"].frame
    assert [(p.code, p.field, p.row) for p in batch.problems] == [("text-cut", "profile", 3), ("text-cut", "extras", 3)]
    assert all(len(frame[name].iat[0]) < 32_100 and "全文见来源文件" in frame[name].iat[0] for name in ("profile", "extras"))
