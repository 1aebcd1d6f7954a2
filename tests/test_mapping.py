"""Headers that name no field for certain: asked about once, with evidence; the answer is kept and used, never guessed."""

import json
from collections import Counter
from dataclasses import replace

import openpyxl
import pytest

from tuijie_xl import cli
from tuijie_xl.book import BookText, Grid
from tuijie_xl.edition import load_edition
from tuijie_xl.files.answers import ANSWERS, load_answers, write_questions
from tuijie_xl.intake import read_submission
from tuijie_xl.intake.answers import COLUMNS, Answers, Question, fingerprint, is_answer, read_answers
from tuijie_xl.intake.labels import Labels, Match
from tuijie_xl.intake.suggestions import suggest
from tuijie_xl.layout.questions import plan_questions
from tuijie_xl.problem import UnusableFile

MONEY, STAFF, HQ = "外包业务上年度营业额（万元）", "从事服务外包工作的员工（人）", "企业总部所在地"
CODE = "91370100MA3C0KJY7J"


def likely(edition, header, cells, kind="company"):
    fields = [f for f in edition.fields(kind).values() if f.type not in ("system", "measure")]
    return [one.field.label for one in suggest(header, cells, fields, edition)]


# ------------------------------------------------------------------ what a column may be

@pytest.mark.parametrize(("header", "cells", "first"), [
    ("外包收入合计", [3000, 4000, "1.2亿"], MONEY), ("外包收入总额（元）", [30000000], MONEY), ("外包收入总额（万美元）", [500], MONEY),
    ("服务外包员工情况", [300, 500], STAFF), ("总部位于", ["境内", "境外"], HQ), ("联系手机号", [13800000000] * 3, "手机"),
    ("ITO外包业务比重", [40, 50], "ITO业务占比（%）"), ("行业大类", ["金融业", "制造业", "教育"], "行业类别"),
    ("证照号", [CODE] * 3, "统一社会信用代码"), ("税号", [CODE] * 3, "统一社会信用代码"), ("", [CODE] * 3, "统一社会信用代码"),
    ("信箱号", ["a@b.cn"] * 3, "电子邮箱"), ("所属板块", ["软件研发外包"] * 3, "主营业务领域"), ("外包收入合计", [], MONEY),
])
def test_the_likeliest_field_comes_first(edition, header, cells, first):
    assert likely(edition, header, cells)[0] == first


@pytest.mark.parametrize(("header", "cells"), [
    ("2016年外包收入合计", [3000]), ("外包收入合计（预计）", [3000]), ("外包业务营业额同比", [3000]), ("外包业务营业额增长率", [3, 4]),
    ("外包收入合计（人）", [3000]), ("外包收入合计", ["见附件", "见附件", 3000]), ("等级", ["A", "B"]), ("xyz", [1]), ("", ["旁注"]),
    ("证照号", [CODE] * 2), ("税号", [CODE, CODE, CODE, "无证", "待办"]), ("成立年月", ["2018年7月"]), ("ITO外包业务比重", [400, 500]),
])
def test_nothing_is_suggested_without_evidence(edition, header, cells):
    assert likely(edition, header, cells) == []


def test_the_evidence_is_said_in_words(edition):
    fields = edition.fields("company")
    (one,) = suggest("外包收入合计", [3000, 4000, "不详", "见附件"], [fields["outsourcing_revenue"]], edition)
    assert str(one) == f"“{MONEY}”（文字相似 80%，2/3 个值是数字）"
    assert str(suggest("税号", [CODE] * 3, [fields["credit_code"]], edition)[0]) == "“统一社会信用代码”（文字不相近，3/3 个值是18 位代码）"
    assert str(suggest("外包收入合计", [], [fields["outsourcing_revenue"]], edition)[0]).endswith("列中没有内容）")


# ------------------------------------------------------------------ questions and answers inside a sheet

def grid(*rows, name="企业", **more):
    width = max(map(len, rows))
    return Grid(name, [[*row, *[None] * (width - len(row))] for row in rows], **more)


def read(sheet, *rows, file="山东省.xlsx"):
    answers = read_answers([grid(COLUMNS, *rows, name="列名对照")], "列名对照.xlsx", load_edition("2018")) if rows else None
    found = read_submission(BookText(file, "xlsx", "0" * 64, [sheet]), load_edition("2018"), answers)
    return found.sheets[0].tables[0], {p.code: p for p in found.problems}, answers


def answer(header, field, *, region="山东省", kind="服务外包企业", band=None):
    return [region, kind, band, header, None, None, field]


SHEET = grid(["企业名称", "省份", "外包收入合计（元）", "总部位于"], ["甲有限公司", "山东省", 50000000, "境内"])


def test_an_open_question_leaves_the_column_beside_the_row():
    table, problems, _ = read(SHEET)
    assert set(table.unmapped) == {"外包收入合计（元）", "总部位于"} and "header-doubtful" in problems
    assert table.questions == [
        Question("山东省", "company", "", "外包收入合计（元）", "50000000", f"“{MONEY}”（文字相似 80%，1/1 个值是数字）"),
        Question("山东省", "company", "", "总部位于", "境内", f"“{HQ}”（文字相似 75%，1/1 个值是词表中的词）")]


@pytest.mark.parametrize("region", ["山东省", "全部", None])
def test_an_answer_is_used_with_the_headers_own_unit_and_asked_no_more(region):
    table, problems, _ = read(SHEET, answer("外包收入合计（元）", MONEY, region=region), answer("总部位于", "不导入", region=region))
    assert table.columns["outsourcing_revenue"] == [5000] and "hq" not in table.columns
    assert table.answered == {"外包收入合计（元）": MONEY, "总部位于": "不导入"} and table.unmapped == {"总部位于": ["境内"]}
    assert not table.questions and "header-doubtful" not in problems and "header-unmapped" not in problems
    assert f"“外包收入合计（元）”→“{MONEY}”" in problems["header-answered"].message


def test_an_answer_of_another_sender_kind_or_header_is_not_used():
    for other in (answer("外包收入合计（元）", MONEY, region="河北省"), answer("外包收入合计", MONEY),
                  answer("外包收入合计（元）", "服务外包从业人员（人）", kind="产业园区"), answer("外包收入合计（元）", MONEY, band="全年"),
                  answer("外包收入合计（元）", None)):
        assert "outsourcing_revenue" not in read(SHEET, other)[0].columns


def test_the_senders_own_answer_goes_before_that_for_all():
    table, _, _ = read(SHEET, answer("总部位于", "不导入", region="全部"), answer("总部位于", HQ))
    assert table.columns["hq"] == ["境内"]


def test_the_sender_is_known_by_its_rows_where_nothing_else_names_it():
    other = grid(["企业名称", "省份", "总部位于"], ["甲有限公司", "山东省", "境内"], ["乙有限公司", "河北", "境内"])
    assert read(SHEET, file="报送.xlsx")[0].questions[0].region == "山东省"
    assert read(other, file="报送.xlsx")[0].questions[0].region == "全部"
    assert read(SHEET, answer("总部位于", HQ), file="报送.xlsx")[0].columns["hq"] == ["境内"]
    assert "hq" not in read(other, answer("总部位于", HQ), file="报送.xlsx")[0].columns


def test_an_answer_corrects_a_header_that_names_a_field():
    sheet = grid(["企业名称", "省份", "负责人", "姓名"], ["甲有限公司", "山东省", "张三", "李四"])
    table, _, _ = read(sheet, answer("负责人", "联系人职务"))
    assert table.columns["contact_title"] == ["张三"] and "legal_person" not in table.columns


def test_the_band_above_tells_columns_of_one_name_apart():
    sheet = grid(["企业名称", "省份", "上年实绩", None, "备用", None], [None, None, "收入数", "员工总数", "收入数", "联系人"],
                 ["甲有限公司", "山东省", 5000, 300, 1, "张三"], merges=[(0, 2, 0, 3), (0, 4, 0, 5), (0, 0, 1, 0), (0, 1, 1, 1)])
    table, _, _ = read(sheet, answer("收入数", MONEY, band="上年实绩"), answer("收入数", "不导入", band="备用"))
    assert table.columns["outsourcing_revenue"] == [5000] and table.columns["total_staff"] == [300]
    assert list(table.unmapped.values()) == [["1"]]
    assert fingerprint("收入 数", "上年\n实绩") == fingerprint("收入数", "上年实绩") != fingerprint("收入数", "备用")


def test_an_answer_whose_unit_cannot_be_is_not_used():
    sheet = grid(["企业名称", "省份", "外包收入合计（人）"], ["甲有限公司", "山东省", 5000])
    table, problems, _ = read(sheet, answer("外包收入合计（人）", MONEY))
    assert "outsourcing_revenue" not in table.columns and not table.answered and "header-unmapped" in problems


@pytest.mark.parametrize(("rows", "why"), [
    ([answer("总部位于", "总部在哪")], "没有“总部在哪”这个字段"), ([answer("总部位于", HQ, kind="院所")], "没有“院所”这个类别"),
    ([answer("总部位于", HQ, kind="产业园区")], f"“产业园区”没有“{HQ}”这个字段"), ([answer("总部位于", "结论")], "没有“结论”这个字段"),
    ([answer("总部位于", HQ), answer("总部 位于", "不导入")], "另有不同的回答")])
def test_an_answer_that_fits_no_more_is_a_problem_of_its_cell(rows, why):
    found = read(SHEET, *rows)[2].problems
    assert [(p.code, p.row) for p in found] == [("answer-unfit", len(rows) + 1)] and why in found[0].message


def test_a_file_without_answers_says_so(edition):
    assert [p.code for p in read_answers([grid(["甲", "乙"])], "x.xlsx", edition).problems] == ["answers-empty"]
    assert [p.code for p in read_answers([], "x.xlsx", edition).problems] == ["answers-empty"]


def test_our_own_books_are_asked_nothing(edition):
    settings = Grid("设置", [["tuijie_xl"]])
    sheet = grid(["企业名称", "省份", "外包收入合计", "来源文件"], ["甲有限公司", "山东省", 5000, "山东省.xlsx"])
    intake = read_submission(BookText("总表.xlsx", "xlsx", "0" * 64, [sheet, settings]), edition,
                             Answers({("全部", "company", fingerprint("外包收入合计", "")): "outsourcing_revenue"}))
    assert intake.sheets[0].tables[0].questions == [] and "outsourcing_revenue" not in intake.sheets[0].tables[0].columns


# ------------------------------------------------------------------ the file of answers

def test_the_file_reads_back_as_it_was_written(tmp_path, edition):
    rows = [Question("山东省", "company", "全年", "收入", "1、2", "像", MONEY), Question("全部", "park", "", "等级", "", "", ""),
            Question("全部", "院所", "", "别的", "", "", HQ)]
    from tuijie_xl.files.saving import save_workbook
    save_workbook(plan_questions(edition, rows), tmp_path / ANSWERS)
    found = load_answers(tmp_path / ANSWERS, edition)
    assert sorted(found.rows, key=str) == sorted(rows, key=str)
    assert found.fields == {("山东省", "company", fingerprint("收入", "全年")): "outsourcing_revenue"}
    assert [p.code for p in found.problems] == ["answer-unfit"]


def test_every_kind_chooses_from_its_own_fields(tmp_path, edition):
    rows = [Question("全部", kind, "", "某列") for kind in edition.kinds]
    plan = plan_questions(edition, rows)
    lists = {name: plan.sheets[1].blocks[i][2][0] for i, name in enumerate(plan.names)}
    assert [v.formula for v in plan.sheets[0].validations] == ["list_fields_company", "list_fields_park", "list_fields_trainer",
                                                               "list_regions"]
    assert lists["list_fields_park"][:2] == ["不导入", "序号"][:1] + [edition.fields("park")["name"].label]
    assert lists["list_regions"][0] == "全部" and "大连市" in lists["list_regions"]


def test_nothing_is_written_without_a_new_question(tmp_path, edition):
    assert write_questions(None, [], tmp_path / ANSWERS, edition) == [] and not list(tmp_path.iterdir())


def test_answer_once_and_never_be_asked_again(tuijie, tmp_path):
    sent, master = tmp_path / "报送" / "山东省.csv", tmp_path / "结果" / "总表.xlsx"
    sent.parent.mkdir()
    sent.write_text("企业名称,省份,外包收入合计,总部位于\n甲有限公司,山东省,5000,境内\n", "utf-8")
    _, out, _ = tuijie("import", sent.parent, "-o", master)
    asked = master.with_name(ANSWERS)
    assert str(asked) in out
    book = openpyxl.load_workbook(asked)
    sheet = book["列名对照"]
    assert [sheet.cell(row, 4).value for row in (5, 6)] == ["外包收入合计", "总部位于"]
    sheet["G5"], sheet["G6"] = MONEY, "不导入"
    book.save(asked)
    before = asked.read_bytes()
    tuijie("import", sent.parent, "-o", master, "--report", tmp_path / "报告.json")
    (about,) = json.loads((tmp_path / "报告.json").read_text("utf-8"))["files"][0]["sheets"]
    assert about["mapping"]["外包收入合计"] == "outsourcing_revenue"
    assert about["answered"] == {"外包收入合计": MONEY, "总部位于": "不导入"} and about["unmapped"] == ["总部位于"]
    assert asked.read_bytes() == before
    assert f"外包收入合计→{MONEY}、总部位于→不导入" in [c.value for row in openpyxl.load_workbook(master)["导入记录"] for c in row]
    _, out, _ = tuijie("validate", sent, "--mapping", asked)                    # from elsewhere, by name
    assert "可能是" not in out
    sent.write_text(sent.read_text("utf-8").replace("总部位于", "总部位于,服务外包员工情况").replace("境内", "境内,300"), "utf-8")
    tuijie("import", sent.parent, "-o", master)
    rows = [[c.value for c in row] for row in openpyxl.load_workbook(asked)["列名对照"].iter_rows(min_row=5)]
    assert [(row[3], row[6]) for row in rows] == [("外包收入合计", MONEY), ("总部位于", "不导入"), ("服务外包员工情况", None)]


def test_the_file_of_answers_is_no_submission(tuijie, tmp_path):
    (tmp_path / "山东省.csv").write_text("企业名称,省份,外包收入合计\n甲有限公司,山东省,5000\n", "utf-8")
    _, first, _ = tuijie("run", tmp_path, "-o", tmp_path)
    _, second, _ = tuijie("run", tmp_path, "-o", tmp_path)
    assert (tmp_path / ANSWERS).exists() and "文件 1 个，采用 1 个" in first and "没有变的文件 1 个" in second


def test_a_mapping_that_is_not_there_or_cannot_be_read(tuijie, tmp_path, edition):
    (tmp_path / "甲.csv").write_text("企业名称,省份\n甲有限公司,山东省\n", "utf-8")
    code, _, err = tuijie("validate", tmp_path / "甲.csv", "--mapping", tmp_path / "无.xlsx")
    assert code == cli.UNUSABLE and "找不到这个文件" in err
    (tmp_path / "坏.xlsx").write_bytes(b"PK\x03\x04" + b"0" * 80)
    with pytest.raises(UnusableFile):
        load_answers(tmp_path / "坏.xlsx", edition)


# ------------------------------------------------------------------ how good the suggestions are

@pytest.mark.slow
def test_with_any_alias_taken_away_its_header_is_mapped_right_or_asked_about(edition):
    """Of 1,072 aliases: none mapped to another field; asked about with the right field first in five of six cases."""
    found = Counter()
    for kind, f, alias in [(k, f, alias) for k in edition.kinds for f in edition.fields(k).values() if is_answer(f) for alias in f.aliases
                           if f.group != edition.fields(k)[edition.materials_of(k)[0].field].group]:
        poorer = replace(f, aliases=tuple(other for other in f.aliases if other != alias))
        fields = [poorer if own is f else own for own in edition.all_fields]
        year = replace(edition, all_fields=tuple(fields))
        match = Labels(year, kind, ours=False).match(alias)
        if isinstance(match, Match):
            assert match.targets[0].field.id == f.id
            continue
        sample = f.example or (edition.terms(f)[0].label if f.vocabulary else "某某")
        asked = suggest(alias, [sample] * 4, [own for own in fields if own.kind == kind and is_answer(own)], year)
        found["first" if asked and asked[0].field.id == f.id else "later" if f.id in [one.field.id for one in asked] else "missed"] += 1
    total = found.total()
    assert total > 900 and found["first"] >= 0.8 * total and found["missed"] <= 0.1 * total
