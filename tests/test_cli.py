"""The command line as an officer meets it: what it prints, writes and returns."""

import csv
import json
import re
import shutil
import zipfile
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from tuijie_xl import cli

GOOD = ["甲科技有限公司", "913706833104614358", "山东省", "济南市", "境内", "是", "3000", "85"]
HEADER = ["企业名称", "统一社会信用代码", "省份", "城市", "企业总部所在地", "业务交付主体在中国", "外包业务上年度营业额（万元）",
          "从事服务外包工作的员工（人）"]


@pytest.fixture
def sheet(tmp_path):
    """sheet('甲.csv', row, row): a regional list with the usual header."""
    def write(name, *rows, header=HEADER):
        path = tmp_path / name
        with path.open("w", encoding="utf-8-sig", newline="") as handle:
            csv.writer(handle).writerows([["附件1：推介汇总表"], header, *rows])
        return path
    return write


def sheets_of(path):
    return CalamineWorkbook.from_path(str(path)).sheet_names


# ------------------------------------------------------------------ the main job

def test_run_makes_master_sheets_and_report(tuijie, sheet, tmp_path):
    path = sheet("山东省.csv", GOOD, [*GOOD[:6], "2999.99", "85"], ["", "", "", "", "合计", "", "5999.99", "170"])
    code, out, _ = tuijie("run", path, "-o", tmp_path / "结果")
    assert code == cli.PROBLEMS
    assert "行数核对：读到 4 = 采用 2 + 不能使用 0 + 重复 0 + 合计、说明行 2 + 空行 0" in out
    assert "服务外包企业 2 家：符合 1，不符合 1，待补充 0" in out
    made = sorted(p.relative_to(tmp_path / "结果").as_posix() for p in (tmp_path / "结果").rglob("*.*") if "上一版" not in p.parts)
    assert made == ["反馈/山东省_反馈.xlsx", "导入报告_2018.json", "推介总表_2018.xlsx", "申报单位表/山东省.xlsx"]
    assert sheets_of(tmp_path / "结果/推介总表_2018.xlsx") == [
        "企业", "园区", "培训机构", "问题清单", "统计摘要", "统计", "统计明细", "材料清单", "导入记录", "导入异常", "变更记录", "填表说明", "词表", "设置"]


def test_run_twice_changes_nothing(tuijie, sheet, tmp_path):
    path, out = sheet("山东省.csv", GOOD), tmp_path / "结果"
    tuijie("run", path, "-o", out)
    before = {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in out.rglob("*.*")}
    tuijie("run", path, "-o", out)
    assert {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in out.rglob("*.*")} == before


@pytest.mark.slow
def test_the_examples_add_up_and_a_second_run_changes_nothing(tuijie, tmp_path):
    from tuijie_xl import examples

    code, out, _ = tuijie("run", examples.FOLDER, "-o", tmp_path)
    rows = list(map(int, re.search(r"行数核对：读到 (\d+) = 采用 (\d+) \+ 不能使用 (\d+) \+ 重复 (\d+) \+ 合计、说明行 (\d+) "
                                   r"\+ 空行 (\d+)", out).groups()))
    assert code == cli.PROBLEMS and rows[0] == sum(rows[1:]) and f"文件 {len(examples.files())} 个，采用 {len(examples.files())} 个" in out
    before = {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in tmp_path.rglob("*.*")}
    assert "没有新的文件，总表没有变动" in tuijie("run", examples.FOLDER, "-o", tmp_path)[1]
    assert {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in tmp_path.rglob("*.*")} == before


def test_a_changed_result_keeps_the_former_one(tuijie, sheet, tmp_path):
    out = tmp_path / "结果"
    tuijie("run", sheet("山东省.csv", GOOD), "-o", out)
    first = (out / "推介总表_2018.xlsx").read_bytes()
    tuijie("run", sheet("山东省.csv", [*GOOD[:7], "86"]), "-o", out)
    assert (out / "推介总表_2018.xlsx").read_bytes() != first
    former = [path.read_bytes() for path in (out / "上一版").glob("推介总表_2018_*.xlsx")]
    assert former.count(first) == 1 and (out / "推介总表_2018.xlsx").read_bytes() in former      # as imports wrote them


def test_results_inside_the_input_folder_are_not_imported_again(tuijie, sheet, tmp_path):
    sheet("山东省.csv", GOOD)
    tuijie("run", tmp_path, "-o", tmp_path / "结果")
    code, out, _ = tuijie("run", tmp_path, "-o", tmp_path / "结果")
    assert "服务外包企业 1 家" in out


# ------------------------------------------------------------------ one master over many batches

def test_import_into_a_master_updates_it_and_undo_takes_it_back(tuijie, sheet, tmp_path):
    master = tmp_path / "总表.xlsx"
    tuijie("import", sheet("甲.csv", GOOD), "-o", master)
    before = master.read_bytes()
    other = ["乙科技有限公司", "91110108MA01A0001D", *GOOD[2:]]
    code, out, _ = tuijie("import", sheet("乙.csv", other, [*GOOD[:7], "90"]), "-o", master)
    assert "并入已有的总表：新增 1，更正 1，未变 0，本次未报 0 家" in out and "服务外包企业 2 家" in out
    assert "总表没有变动" in tuijie("import", tmp_path / "乙.csv", "-o", master)[1]
    code, out, _ = tuijie("diff", tmp_path / "甲.csv", master)
    assert code == cli.PROBLEMS and "从事服务外包工作的员工（人）：85 → 90" in out and "新增 1" in out
    code, out, _ = tuijie("undo", master)
    assert code == cli.CLEAN and "已撤回批次" in out and master.read_bytes() == before
    assert tuijie("diff", tmp_path / "甲.csv", master)[:2] == (cli.CLEAN, "没有不同。\n")
    assert "总表也移走了" in tuijie("undo", master)[1] and not master.exists()
    code, _, err = tuijie("undo", master)
    assert code == cli.UNUSABLE and "找不到这个总表" in err


def test_new_begins_anew(tuijie, sheet, tmp_path):
    master = tmp_path / "总表.xlsx"
    tuijie("import", sheet("甲.csv", GOOD), "-o", master)
    tuijie("import", sheet("乙.csv", ["乙科技有限公司", "91110108MA01A0001D", *GOOD[2:]]), "-o", master, "--new")
    assert "服务外包企业 1 家" in tuijie("validate", master)[1]


def test_differences_as_json_and_as_a_workbook(tuijie, sheet, tmp_path):
    code, out, _ = tuijie("diff", sheet("甲.csv", GOOD), sheet("乙.csv", [*GOOD[:6], "2999", "85"]), "--json", "-o", tmp_path / "差异.xlsx")
    assert code == cli.PROBLEMS
    assert [(one["change"], one["old"], one["new"]) for one in json.loads(out)] == [("verdict", "符合", "不符合"), ("field", "3000", "2999")]
    assert sheets_of(tmp_path / "差异.xlsx") == ["差异"]


def test_a_master_validated_into_a_copy_keeps_its_records(tuijie, sheet, tmp_path):
    tuijie("import", sheet("甲.csv", GOOD), "-o", tmp_path / "总表.xlsx")
    tuijie("validate", tmp_path / "总表.xlsx", "-o", tmp_path / "副本.xlsx")
    rows = CalamineWorkbook.from_path(str(tmp_path / "副本.xlsx")).get_sheet_by_name("导入记录").to_python()
    assert "甲.csv" in [row[0] for row in rows]


# ------------------------------------------------------------------ import and validate

def test_import_report_adds_up(tuijie, sheet, tmp_path):
    paths = [sheet("甲.csv", GOOD, ["", "", "", "", "", "", "5", "5"]), sheet("乙.csv", GOOD)]
    report = tmp_path / "报告.json"
    code, _, _ = tuijie("import", *paths, "-o", tmp_path / "总表.xlsx", "--report", report)
    found = json.loads(report.read_text("utf-8"))
    assert [f["status"] for f in found["files"]] == ["imported", "imported"]
    for rows in [found["totals"], *(s["rows"] for f in found["files"] for s in f["sheets"])]:
        assert rows["read"] == sum(rows[k] for k in ("accepted", "rejected", "duplicate", "total_or_note", "blank"))
    assert found["totals"]["accepted"] == 1 and found["totals"]["duplicate"] == 1 and found["totals"]["rejected"] == 1
    assert found["files"][0]["sheets"][0]["mapping"]["省份"] == "province"
    assert re.fullmatch("[0-9a-f]{64}", found["files"][0]["sha256"])


def test_validate_json_is_one_object_with_everything(tuijie, sheet):
    code, out, _ = tuijie("validate", sheet("甲.csv", [*GOOD[:6], "2999.99", "86"]), "--json")
    found = json.loads(out)
    one = found["applicants"][0]
    assert code == cli.PROBLEMS and found["edition"] == "2018"
    assert (one["kind"], one["verdict"], one["revenue_per_head"], one["row"]) == ("company", "ineligible", "34.88", 3)
    assert [(c["clause"], c["met"], c["value"], c["limit"], c["shortfall"]) for c in one["clauses"]] == [
        ("1.1.1", True, None, None, None), ("1.1.2", False, "2999.99", "3000", "0.01"),
        ("1.1.3", False, "34.88", "35", "0.12")]
    assert {m["state"] for m in one["materials"]} <= {"received", "missing", "not_applicable", "unverified"}
    unmet = next(p for p in found["problems"] if p["code"] == "criterion-unmet")
    assert (unmet["cell"], unmet["row"], unmet["severity"], unmet["source"]) == ("G3", 3, "error", "1.1.2")


def test_validate_prints_a_line_a_problem(tuijie, sheet):
    code, out, _ = tuijie("validate", sheet("甲.csv", [*GOOD[:7], "约300"]))
    assert code == cli.PROBLEMS and "待核  甲.csv H3 甲科技有限公司  “从事服务外包工作的员工（人）”应为数字" in out


def test_validate_writes_a_marked_copy_and_never_the_original(tuijie, sheet, tmp_path):
    path = sheet("甲.csv", [*GOOD[:7], "约300"])
    before = path.read_bytes()
    assert tuijie("validate", path, "-o", tmp_path / "标注.xlsx")[0] == cli.PROBLEMS
    with zipfile.ZipFile(tmp_path / "标注.xlsx") as book:
        assert "约300" in "".join(book.read(n).decode() for n in book.namelist() if "comments" in n)
    tuijie("import", path, "-o", tmp_path / "总表.xlsx")
    master = (tmp_path / "总表.xlsx").read_bytes()
    code, _, err = tuijie("validate", tmp_path / "总表.xlsx", "-o", tmp_path / "总表.xlsx")
    assert code == cli.UNUSABLE and "不能覆盖" in err
    assert path.read_bytes() == before and (tmp_path / "总表.xlsx").read_bytes() == master


def test_sheets_and_stats_from_a_master(tuijie, sheet, tmp_path):
    tuijie("import", sheet("甲.csv", GOOD), "-o", tmp_path / "总表.xlsx")
    tuijie("sheets", tmp_path / "总表.xlsx", "-o", tmp_path / "表")
    assert sheets_of(tmp_path / "表/山东省.xlsx") == ["目录", "001 甲科技"]
    tuijie("stats", tmp_path / "总表.xlsx", "-o", tmp_path / "统计.xlsx")
    assert sheets_of(tmp_path / "统计.xlsx")[:3] == ["统计摘要", "统计", "统计明细"]
    assert tuijie("sheets", tmp_path / "总表.xlsx", "-o", tmp_path / "表2", "--only", "没有的代码")[0] == cli.UNUSABLE


def test_a_master_validates_as_its_sources_did(tuijie, sheet, tmp_path):
    paths = [sheet("甲.csv", GOOD, ["乙园区外包有限公司", *GOOD[1:6], "约1亿", "0"]), sheet("丙.csv", [*GOOD[:6], "10464.99", "299"])]
    tuijie("import", *paths, "-o", tmp_path / "总表.xlsx")
    first = json.loads(tuijie("validate", *paths, "--json")[1])
    again = json.loads(tuijie("validate", tmp_path / "总表.xlsx", "--json")[1])

    def said(found):
        return ([(a["name"], a["verdict"], a["revenue_per_head"], a["clauses"]) for a in found["applicants"]],
                sorted((p["code"], p["field"], p["value"]) for p in found["problems"] if p["code"] != "duplicate-applicant"
                       and p["field"]))
    assert said(first) == said(again)


def test_template_then_validate_is_usable(tuijie, tmp_path):
    code, out, _ = tuijie("template", "-o", tmp_path)
    assert code == cli.CLEAN and (tmp_path / "推介填报_2018.xlsx").exists()
    code, out, _ = tuijie("validate", tmp_path / "推介填报_2018.xlsx")
    assert "采用 0" in out


def test_demo(tuijie, tmp_path):
    code, out, _ = tuijie("demo", "-o", tmp_path / "演示")
    assert code == cli.CLEAN and (tmp_path / "演示/推介总表_2018.xlsx").exists() and "行数核对" in out


# ------------------------------------------------------------------ what cannot be used

def docx(path):
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", "<w/>")


UNUSABLE = {
    "空.xlsx": lambda p: p.write_bytes(b""),
    "加密.xlsx": lambda p: p.write_bytes(bytes.fromhex("D0CF11E0A1B11AE1") + bytes(1000)),
    "文档.xlsx": docx,
    "网页.xls": lambda p: p.write_text("<html><body>请先登录</body></html>", "utf-8"),
    "无表头.csv": lambda p: p.write_text("天气,晴\n气温,20\n", "utf-8"),
    "图片.xlsx": lambda p: p.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50)),
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_one_unusable_file_is_one_sentence_with_the_next_step(tuijie, tmp_path, name):
    path = tmp_path / name
    UNUSABLE[name](path)
    code, out, err = tuijie("validate", path)
    assert code == cli.UNUSABLE
    sentences = [line for line in out.splitlines() if name in line]
    assert sentences and re.search("请", sentences[0])


def test_a_batch_goes_on_past_unusable_files(tuijie, sheet, tmp_path):
    folder = tmp_path / "报送"
    folder.mkdir()
    for name, make in UNUSABLE.items():
        make(folder / name)
    shutil.move(sheet("甲.csv", GOOD), folder)
    code, out, _ = tuijie("run", folder, "-o", tmp_path / "结果")
    assert code == cli.PROBLEMS and "服务外包企业 1 家：符合 1" in out
    assert all(name in out for name in UNUSABLE)


@pytest.mark.parametrize(("words", "said"), [
    (("run", "没有这个文件.xlsx"), "找不到这个文件或文件夹"),
    (("validate",), "缺少参数"),
    (("frobnicate",), "没有这个选项"),
    (("run", "x", "--nope"), "不认识的参数"),
    ((), "缺少参数"),
    (("template", "-e", "1999"), "没有这个年度版本"),
])
def test_a_wrong_command_is_one_sentence(tuijie, words, said):
    code, out, err = tuijie(*words)
    assert code == cli.UNUSABLE and said in err and len(err.strip().splitlines()) == 1


def test_an_empty_folder(tuijie, tmp_path):
    code, _, err = tuijie("run", tmp_path, "-o", tmp_path / "结果")
    assert code == cli.UNUSABLE and "没有任何文件" in err


def test_an_output_that_cannot_be_written(tuijie, sheet, tmp_path):
    (tmp_path / "占用").write_text("这是文件，不是文件夹")
    code, _, err = tuijie("run", sheet("甲.csv", GOOD), "-o", tmp_path / "占用")
    assert code == cli.UNUSABLE and "没有写入" in err


def test_a_bug_of_ours_is_a_number_and_a_log(tuijie, sheet, monkeypatch):
    from tuijie_xl import actions

    monkeypatch.setattr(actions, "import_files", lambda *a, **k: 1 / 0)
    code, _, err = tuijie("validate", sheet("甲.csv", GOOD))
    number, log = re.search(r"编号 ([0-9a-f]{8}).*记在 (\S+\.log)", err).groups()
    assert code == cli.UNUSABLE and "ZeroDivisionError" in Path(log).read_text("utf-8") and number in log


@pytest.mark.parametrize("command", ["run", "template", "import", "validate", "sheets", "stats", "demo", "manual"])
def test_help_is_chinese(tuijie, command):
    with pytest.raises(SystemExit) as end:
        tuijie(command, "-h")
    assert end.value.code == 0


def test_help_names_every_command(capsys):
    with pytest.raises(SystemExit):
        cli.main(["-h"])
    out = capsys.readouterr().out
    assert all(name in out for name, _, _ in cli.COMMANDS) and "usage" not in out and "options" not in out


# ------------------------------------------------------------------ nothing of the officer's is overwritten

@pytest.mark.parametrize("command", ["import", "stats", "validate"])
def test_a_file_that_is_not_ours_is_never_overwritten(tuijie, sheet, tmp_path, command):
    from xlsxwriter import Workbook

    theirs = tmp_path / "上报.xlsx"
    with Workbook(theirs) as book:
        book.add_worksheet().write(0, 0, "别人的表")
    before = theirs.read_bytes()
    code, _, err = tuijie(command, sheet("甲.csv", GOOD), "-o", theirs)
    assert code == cli.UNUSABLE and "不是本工具生成的" in err and theirs.read_bytes() == before


def test_books_of_others_in_the_folder_of_sheets_stay(tuijie, sheet, tmp_path):
    from xlsxwriter import Workbook

    folder = tmp_path / "表"
    folder.mkdir()
    with Workbook(folder / "河北省.xlsx") as book:
        book.add_worksheet().write(0, 0, "河北省报来的表")
    assert tuijie("sheets", sheet("甲.csv", GOOD), "-o", folder)[0] == cli.PROBLEMS
    assert sorted(p.name for p in folder.iterdir()) == ["山东省.xlsx", "河北省.xlsx"]


@pytest.mark.parametrize(("words", "said"), [
    (("run", "甲.csv", "--jobs", "-3"), "不小于 1"), (("run", "甲.csv", "--jobs", "0"), "不小于 1"),
    (("run", ""), "没有写明"), (("run", "甲.csv", "-o", ""), "没有写明文件夹"),
    (("import", "甲.csv", "-o", "总表.xls"), "以 .xlsx 结尾"),
    (("import", "甲.csv", "-o", "总表.xlsx", "--report", "c.xlsx"), "以 .json 结尾"),
])
def test_options_that_cannot_be_meant(tuijie, sheet, tmp_path, monkeypatch, words, said):
    sheet("甲.csv", GOOD)
    monkeypatch.chdir(tmp_path)
    code, _, err = tuijie(*words)
    assert code == cli.UNUSABLE and said in err and len(err.strip().splitlines()) == 1


@pytest.mark.parametrize("redirect", [">&-", ">/dev/full"])
def test_an_output_that_nobody_takes_is_no_fault_of_ours(sheet, redirect):
    import os
    import subprocess
    import sys

    if os.name != "posix":
        pytest.skip("a POSIX shell closes the output")
    path = sheet("甲.csv", GOOD)
    done = subprocess.run(f"'{sys.executable}' -m tuijie_xl validate '{path}' --json {redirect}", shell=True,
                          capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr and "内部出错" not in done.stderr
