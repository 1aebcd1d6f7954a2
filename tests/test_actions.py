"""Reading many files: what is looked at, and what a file becomes that cannot be read."""

import pytest

from tuijie_xl import actions
from tuijie_xl.edition import EditionError
from tuijie_xl.files.submission import read_file
from tuijie_xl.files.workers import WorkerDied
from tuijie_xl.intake import LostRows
from tuijie_xl.problem import UnusableFile

LIST = "企业名称,统一社会信用代码,省份\n甲有限公司,913706833104614358,山东省\n"


@pytest.fixture
def folder(tmp_path):
    """A folder as bureaus and machines leave it."""
    for name in ("乙.csv", "甲.xlsx", "子夹/丙.xls", "~$甲.xlsx", ".隐藏.csv", "desktop.ini", "上一版/甲.xlsx", "结果/总表.xlsx"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(LIST, "utf-8")
    return tmp_path


def names(paths):
    return [path.name for path in paths]


def test_folders_are_searched_in_a_stable_order_without_what_machines_leave(folder):
    assert names(actions.find_files([folder], apart_from=[folder / "结果"])) == ["乙.csv", "丙.xls", "甲.xlsx"]
    assert "总表.xlsx" in names(actions.find_files([folder]))


def test_a_file_named_twice_is_read_once(folder):
    assert names(actions.find_files([folder / "乙.csv", folder / "乙.csv"])) == ["乙.csv"]


@pytest.mark.parametrize(("path", "said"), [("没有.xlsx", "找不到"), ("空夹", "没有任何文件")])
def test_nothing_to_read(tmp_path, path, said):
    (tmp_path / "空夹").mkdir()
    with pytest.raises(UnusableFile, match=said):
        actions.find_files([tmp_path / path])


@pytest.mark.parametrize("failure", [WorkerDied("乙.csv", "读取时程序异常退出"), MemoryError(), RuntimeError("boom")])
def test_a_reader_that_fails_costs_one_file(folder, edition, monkeypatch, failure):
    def fake(function, items, **options):
        return [failure if path.endswith("乙.csv") else read_file((str(folder / "乙.csv"), year)) for path, year, _ in items]
    monkeypatch.setattr(actions, "map_in_workers", fake)
    files = actions.read_files([folder / "乙.csv", folder / "甲.xlsx"], edition.folder)
    assert [f.status for f in files] == ["refused", "imported"]
    assert files[0].problems[0].value == "reader-failed" and "另存为" in files[0].problems[0].message


@pytest.mark.parametrize("failure", [LostRows("rows"), EditionError("x.csv", "key", "why")])
def test_our_own_faults_stop_everything(folder, edition, monkeypatch, failure):
    monkeypatch.setattr(actions, "map_in_workers", lambda *a, **k: [failure])
    with pytest.raises(type(failure)):
        actions.read_files([folder / "乙.csv"], edition.folder)


def test_reading_one_file_refuses_in_words(tmp_path):
    (tmp_path / "空.xlsx").write_bytes(b"")
    refused = read_file((str(tmp_path / "空.xlsx"), "2018"))
    assert refused.status == "refused" and refused.problems[0].code == "file-unusable"


def test_the_books_of_regions_that_are_gone_are_put_aside(folder, edition, tmp_path):
    outcome = actions.import_files([folder / "乙.csv"], edition)
    actions.write_sheets(outcome, tmp_path / "表")
    (tmp_path / "表/山东省.xlsx").rename(tmp_path / "表/浙江省.xlsx")        # as if from a former import
    (tmp_path / "表/别的.xlsx").write_text("与我们无关")
    actions.write_sheets(outcome, tmp_path / "表")
    (former,) = (p.relative_to(tmp_path / "表").as_posix() for p in (tmp_path / "表/上一版").iterdir())
    assert sorted(p.relative_to(tmp_path / "表").as_posix() for p in (tmp_path / "表").rglob("*.xlsx")) == [
        former, "别的.xlsx", "山东省.xlsx"]


def test_a_value_that_ticks_cannot_show_is_kept_beside_the_row(tmp_path, edition):
    from python_calamine import CalamineWorkbook

    path = tmp_path / "甲.csv"
    path.write_text("企业名称,省份,服务外包功能领域,人均营业额（万元/人）,外包业务上年度营业额（万元）,从事服务外包工作的员工（人）\n"
                    "甲有限公司,山东省,若干种,40,3000,85\n", "utf-8")
    actions.write_master(actions.import_files([path], edition), tmp_path / "总表.xlsx")
    rows = CalamineWorkbook.from_path(str(tmp_path / "总表.xlsx")).get_sheet_by_name("企业").to_python()
    row = dict(zip(rows[4], rows[5]))
    assert row["未识别列"] == "服务外包功能领域：若干种；人均营业额（万元/人）：40" or set(row["未识别列"].split("；")) == {
        "服务外包功能领域：若干种", "人均营业额（万元/人）：40"}
    assert row["人均营业额（万元/人）"] == 35.29
