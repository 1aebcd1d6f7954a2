"""Workbooks that we made ourselves: only the sheets of applicants are read, and nothing of them is doubted."""

import csv
from pathlib import Path

import pytest

from tuijie_xl import cli
from tuijie_xl.edition import load_edition
from tuijie_xl.files.submission import read_file

HEADER = ["企业名称", "统一社会信用代码", "省份", "城市", "企业总部所在地", "业务交付主体在中国", "外包业务上年度营业额（K元）", "从事服务外包工作的员工（人）"]
GOOD = ["甲科技有限公司", "913706833104614358", "山东省", "济南市", "境内", "是"]
KINDS = [kind.sheet for kind in load_edition("2018").kinds.values()]
WORKBOOKS = sorted((Path(__file__).parent.parent / "workbook").rglob("*.xls[mx]"))


def master(tmp_path, *rows) -> Path:
    with (tmp_path / "甲.csv").open("w", encoding="utf-8-sig", newline="") as handle:
        csv.writer(handle).writerows([["附件1：推介汇总表"], HEADER, *rows])
    cli.main(["import", str(tmp_path / "甲.csv"), "-o", str(tmp_path / "总表.xlsx")])
    return tmp_path / "总表.xlsx"


def test_of_a_master_only_the_applicants_are_read_and_doubtful_amounts_stay_doubtful(tmp_path):
    rows = [[*GOOD, "50000", "85"], ["乙有限公司", *GOOD[1:6], "3000万元", "80"], ["合计", "", "", "", "", "", "6000", "165"]]
    intake = read_file((str(master(tmp_path, *rows)), "2018"))
    assert [sheet.name for sheet in intake.sheets] == KINDS and intake.problems == []
    (table,) = [sheet.tables[0] for sheet in intake.sheets if sheet.counts["accepted"]]
    assert [str(value) for value in table.columns["outsourcing_revenue"]] == ["50000（单位待核）", "3000"]


@pytest.mark.parametrize("path", WORKBOOKS, ids=lambda path: path.name)
def test_of_our_own_workbooks_no_list_is_taken_for_applicants(path):
    intake = read_file((str(path), "2018"))
    assert [sheet.name for sheet in intake.sheets] == KINDS
    assert sum(sheet.counts["accepted"] for sheet in intake.sheets) == 0 or "示例" in path.name
