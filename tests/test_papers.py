"""Materials, the steps of the papers, reminders, cover lists and the list to be published."""

import csv
import re
import subprocess
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from python_calamine import CalamineWorkbook

from tuijie_xl import cli
from tuijie_xl.criteria import judge
from tuijie_xl.layout.announcement import LEFT_OUT, TITLE
from tuijie_xl.layout.cover_lists import papers_called_for, plan_cover_lists
from tuijie_xl.layout.material_list import next_step
from tuijie_xl.layout.printing import print_pages
from tuijie_xl.layout.reminders import plan_reminders
from tuijie_xl.mailing import STEPS, judge_mailing

DAY = date(2018, 7, 3)
ONE = timedelta(days=1)
SEALED = {"applicant_sealed": "是", "bureau_approved": "是"}


def texts(sheet):
    return [value for _, _, value in sheet.values() if value is not None]


# ------------------------------------------------------------------ what is called for: 推荐说明 一（二）1-3, 二, 三

def either(*answers):
    """Kleene's or of True, False and None."""
    return True if True in answers else None if None in answers else False


def yes(said):
    return None if said is None else said == "是"


def positive(number):
    return None if number is None else number > 0


def company_owes(listed, entity, certificates, patents, copyrights, digital, crowd, poverty, belt, services):
    audited, figures = yes(listed), None if listed is None else listed == "否"
    named = None if services is None else bool(set(services) & {"大数据", "云计算", "认知算法", "人工智能"})
    return {"form": True, "licence": True, "certificates": yes(certificates), "patents": positive(patents),
            "copyrights": positive(copyrights), "audit_report": audited, "balance_sheet": figures,
            "income_statement": figures, "third_party_audit": figures,
            "consolidated": None if entity is None else entity == "总公司或母公司", "digital": either(yes(digital), named),
            "crowdsourcing": yes(crowd), "poverty_relief": yes(poverty), "belt_and_road": yes(belt)}


COMPANY = {"is_listed": ("是", "否", None), "filing_entity": ("本公司", "总公司或母公司", None), "has_certificates": ("是", "否", None),
           "patents": (0, 1, None), "copyrights": (0, 1, None), "uses_digital": ("是", "否", None),
           "uses_crowdsourcing": ("是", "否"), "poverty_relief": ("是", "否"), "belt_and_road": ("是", "否"),
           "services": (("测试外包服务",), ("云计算", "物联网"), None)}


def required(found, row):
    return {name: owed.to_numpy(dtype=object, na_value=None)[row] for name, owed in found.required.items()}


def test_a_company_owes_what_the_notice_says_over_the_whole_product_of_facts(edition, applicants):
    points = list(product(*COMPANY.values()))
    found = judge(applicants("company", *(dict(zip(COMPANY, point)) for point in points)), edition)
    owed = {name: column.to_numpy(dtype=object, na_value=None) for name, column in found.required.items()}
    for row, point in enumerate(points):
        assert {name: column[row] for name, column in owed.items()} == company_owes(*point), point


def test_parks_and_trainers_owe_what_the_notice_says(edition, applicants):
    assert required(judge(applicants("park", {"name": "甲"}), edition), 0) == dict.fromkeys(("form", "legal_proof", "statement"), True)
    for certificates, entity in product(("是", "否", None), ("本公司", "总公司或母公司", None)):
        found = judge(applicants("trainer", {"has_certificates": certificates, "filing_entity": entity}), edition)
        assert required(found, 0) == {
            **dict.fromkeys(("form", "audit_report", "licence", "statement"), True), "certificates": yes(certificates),
            "consolidated": None if entity is None else entity == "总公司或母公司"}


# ------------------------------------------------------------------ steps and days

@pytest.mark.parametrize(("inclusive", "mailed", "received", "on", "timing"), [
    (True, DAY, None, None, "in_time"), (True, DAY + ONE, None, None, "late"),
    (False, DAY - ONE, None, None, "in_time"), (False, DAY, None, None, "late"),
    (True, None, None, DAY - ONE, "waiting"), (True, None, None, DAY, "waiting"), (True, None, None, DAY + ONE, "overdue"),
    (False, None, None, DAY - ONE, "waiting"), (False, None, None, DAY, "overdue"),
    (True, None, None, None, "waiting"),
    (True, None, DAY, DAY + ONE, "in_time"),                  # it is here: it was mailed no later
    (True, None, DAY + ONE, DAY + ONE, "unverified"),         # it may have been mailed in time
    (True, "上周", None, DAY + ONE, "unverified"), (True, None, "上周", DAY + ONE, "unverified"),
    (True, DAY, DAY + 9 * ONE, DAY + 9 * ONE, "in_time"), (True, DAY + ONE, DAY + ONE, DAY, "late"),
])
def test_in_time_or_late_as_of_a_stated_day(edition, applicants, inclusive, mailed, received, on, timing):
    year = replace(edition, deadline_inclusive=inclusive)
    found = judge(applicants("park", {"name": "甲", "mailed_on": mailed, "received_on": received}), year)
    assert judge_mailing(found, on)[0].timing == timing


@pytest.mark.parametrize(("held", "states", "next_"), [
    ({}, "open open open open", "填报"),
    (SEALED, "done done open open", "填报"),
    ({"approved_on": DAY}, "doubt done open open", "填报"),                        # nobody noted the stamp
    ({**SEALED, "mailed_on": DAY}, "done done done open", "填报"),
    ({"applicant_sealed": "否"}, "open open open open", "填报"),
    ({**SEALED, "bureau_approved": "否", "approved_on": DAY}, "done doubt open open", "填报"),
    ({"mailed_on": "下周"}, "open open doubt open", "填报"),
    ({"received_on": DAY}, "doubt doubt doubt done", "填报"),
])
def test_the_steps_of_an_applicant(edition, applicants, held, states, next_):
    (standing,) = judge_mailing(judge(applicants("park", {"name": "甲", **held}), edition))
    assert [standing.steps[name].state for name in list(STEPS)[1:]] == states.split()
    assert next_step(standing) == next_


def filled(edition, kind, **more):
    """An applicant with everything that must be filled in."""
    values = {"amount": 1, "number": 1, "percent": 1, "count": 1, "year": 2017, "date": date(2010, 1, 1)}
    own = {f.id: edition.terms(f)[0].label if f.type == "term" else values.get(f.type, f.id)
           for f in edition.fields(kind).values() if f.required is not False and f.type not in ("terms", "measure", "system")}
    return {**own, "name": "甲园区", "province": "山东省", "city": "济南市", **more}


@pytest.mark.parametrize(("held", "next_"), [
    ({}, "盖章"), ({"applicant_sealed": "是"}, "商务部门核准"), (SEALED, "邮寄"), ({**SEALED, "mailed_on": DAY}, "收到"),
    ({**SEALED, "mailed_on": DAY, "received_on": DAY}, "已齐"), ({"approved_on": DAY}, "核实盖章"),
])
def test_what_is_next(edition, applicants, held, next_):
    (standing,) = judge_mailing(judge(applicants("park", filled(edition, "park", **held)), edition))
    assert next_step(standing) == next_


@pytest.mark.parametrize(("approved", "mailed", "received", "on", "doubts"), [
    (DAY, DAY, DAY, DAY, ()),
    (DAY, DAY - ONE, DAY, DAY, ("核准日期晚于材料邮寄日期",)),
    (None, DAY, DAY - ONE, DAY, ("材料邮寄日期晚于收到日期",)),
    (None, DAY, None, DAY - ONE, ("材料邮寄日期晚于截至日期",)),
    (None, DAY, "不详", None, ()),
])
def test_days_that_contradict_each_other(edition, applicants, approved, mailed, received, on, doubts):
    row = {"name": "甲", "approved_on": approved, "mailed_on": mailed, "received_on": received}
    assert judge_mailing(judge(applicants("park", row), edition), on)[0].doubts == doubts


# ------------------------------------------------------------------ reminders and cover lists

def reminded(edition, applicants, **held):
    found = judge(applicants("park", filled(edition, "park", **held)), edition)
    (sheet,) = plan_reminders({"park": found}, DAY).sheets
    return sheet.name, texts(sheet)


ALL = dict.fromkeys(("material_form", "material_legal_proof", "material_statement"), "有")


def test_a_bureau_is_told_what_is_lacking_who_does_it_and_whom_to_call(edition, applicants):
    region, said = reminded(edition, applicants, **{**ALL, "material_statement": None}, applicant_sealed="是", contact="李示例",
                            phone="0531-1", mobile="13800000000")
    assert region == "山东省" and "山东省商务主管部门：" in said
    assert said[9:18] == [1, "甲园区", "产业园区", "园区说明材料", "商务部门核准", "当地商务主管部门", edition.last_day, "李示例", "0531-1\n13800000000"]


@pytest.mark.parametrize(("held", "name"), [
    ({**ALL, **SEALED, "mailed_on": DAY, "received_on": DAY}, "催办单"),              # everything is here
    ({**SEALED, "mailed_on": DAY}, "催办单"),                                         # on its way
    ({**ALL, **SEALED, "mailed_on": DAY}, "催办单"),                                  # only our own note is missing
    ({**SEALED, "mailed_on": DAY, "material_form": "有"}, "山东省"),                  # some came, some did not
    ({**SEALED, "mailed_on": DAY, "received_on": DAY}, "山东省"),
    ({**ALL, **SEALED}, "山东省"),
])
def test_who_is_reminded(edition, applicants, held, name):
    assert reminded(edition, applicants, **held)[0] == name


@pytest.mark.parametrize(("listed", "ticks"), [("是", "☐" * 3), ("否", "☐" * 5)])
def test_the_cover_list_names_exactly_the_papers_called_for(edition, applicants, listed, ticks):
    held = {"is_listed": listed, "filing_entity": "本公司", "has_certificates": "否", "patents": 0, "copyrights": 0, "uses_digital": "否",
            "uses_crowdsourcing": "否", "poverty_relief": "否", "belt_and_road": "否", "services": ("测试外包服务",)}
    found = judge(applicants("company", {"name": "甲", **held}), edition)
    names = [name for name, *_ in papers_called_for(found, 0)]
    assert names == ["企业基本信息表", "营业执照复印件", *(["上年度审计报告"] if listed == "是" else ["资产负债表", "利润表", "第三方审计报告"])]
    (sheet,) = plan_cover_lists({"company": found}, DAY).sheets
    assert "".join(text for text in texts(sheet) if text in ("☐", "☑")) == ticks


def test_every_applicant_has_its_own_page(edition, applicants):
    everything = dict.fromkeys((m.field for m in edition.materials_of("company")), "有")
    found = judge(applicants("company", *({"name": f"很长的名称{i}" * 12, "province": "山东省", **everything} for i in range(3))), edition)
    (sheet,) = plan_cover_lists({"company": found}, DAY).sheets
    pages = print_pages(sheet)
    assert len(pages) == 3 and [sum("很长" in box.runs[0][0] for box in page.boxes if box.runs) for page in pages] == [1, 1, 1]
    assert all(page.body[3] <= 842 - 72 * 1.2 and page.body[2] <= 595 - 72 for page in pages)


# ------------------------------------------------------------------ the commands

PERSONS = {"contact": "欧阳某甲", "phone": "0531-88812345", "mobile": "13912345678", "email": "ouyang@private.example.cn",
           "legal_person": "司马某乙", "remarks": "请联系诸葛某丙"}


@pytest.fixture
def book(edition, tmp_path):
    """book({...}, ...): parks with everything filled in, as a bureau's list."""
    def write(*rows):
        path, names = tmp_path / "园区.csv", list(filled(edition, "park", **PERSONS))
        names += [name for row in rows for name in row if name not in names]
        with path.open("w", encoding="utf-8-sig", newline="") as handle:
            out = csv.writer(handle)
            out.writerow([edition.fields("park")[name].label for name in names])
            out.writerows([[{**filled(edition, "park", **PERSONS, credit_code=None), **row}.get(name) for name in names] for row in rows])
        return path
    return write


GOOD = {"name": "济南甲产业园", "credit_code": "913706833104614358"}


def everything_in(path):
    """All the text of a workbook's parts or of a PDF, without white space."""
    if path.suffix == ".pdf":
        said = subprocess.run(["pdftotext", path, "-"], check=True, capture_output=True, text=True).stdout
        return re.sub(r"\s", "", said) + path.read_bytes().decode("latin-1")
    with zipfile.ZipFile(path) as archive:
        return re.sub(r"\s", "", "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist()))


def test_remind_writes_the_same_bytes_for_the_same_day(tuijie, book, tmp_path):
    source, out = book(GOOD), tmp_path / "出"
    tuijie("remind", source, "-o", out, "--on", "2018-07-04", "--pdf")
    first = {path.name: path.read_bytes() for path in out.iterdir()}
    assert sorted(first) == ["催办单_2018.pdf", "催办单_2018.xlsx", "材料交接单_2018.pdf", "材料交接单_2018.xlsx"]
    assert "逾期未寄" in everything_in(out / "催办单_2018.pdf") and "截至2018-07-04" in everything_in(out / "催办单_2018.pdf")
    tuijie("remind", source, "-o", tmp_path / "再", "--on", "2018-07-04", "--pdf")
    assert {path.name: path.read_bytes() for path in (tmp_path / "再").iterdir()} == first


def test_a_day_that_is_none_is_refused(tuijie, book, tmp_path):
    code, _, err = tuijie("remind", book(GOOD), "-o", tmp_path / "出", "--on", "7月3日")
    assert code == cli.UNUSABLE and "日期应写成" in err


def test_the_public_list_holds_nothing_personal(tuijie, book, tmp_path):
    out = tmp_path / "出"
    tuijie("publish", book(GOOD, {"name": "济南丁产业园", "email": "不是邮箱的某某"}), "-o", out, "--leave-out")
    made = {path.name: everything_in(path) for path in out.iterdir()}
    assert sorted(made) == sorted([f"{LEFT_OUT}_2018.xlsx", f"{TITLE}_2018.pdf", f"{TITLE}_2018.xlsx"])
    assert all("济南甲产业园" in made[f"{TITLE}_2018{suffix}"] for suffix in (".pdf", ".xlsx"))
    for name, text in made.items():
        for value in (*PERSONS.values(), "不是邮箱的某某", GOOD["credit_code"]):
            assert value not in text, (name, value)


@pytest.mark.parametrize(("second", "listed", "left"), [
    ({"name": "济南乙产业园", "credit_code": "91110108MA5HMHX24M", "province": "北京市", "city": "北京市"},
     ["济南乙产业园", "济南甲产业园"], []),                                                                      # Beijing comes first
    ({"name": "济南丙产业园", "contact": None}, ["济南甲产业园"], ["济南丙产业园"]),                              # 待补充
    ({**GOOD, "city": "青岛市辖区"}, [], ["济南甲产业园", "济南甲产业园"]),                                       # which one holds?
])
def test_who_is_listed_and_who_is_left_out(tuijie, book, tmp_path, second, listed, left):
    source, out = book(GOOD, second), tmp_path / "出"
    code, _, err = tuijie("publish", source, "-o", out)
    assert (code == cli.UNUSABLE and "--leave-out" in err) == bool(left) and out.exists() != bool(left)
    tuijie("publish", source, "-o", out, "--leave-out")
    rows = [[row[2] for row in CalamineWorkbook.from_path(str(out / f"{name}_2018.xlsx")).get_sheet_by_index(0).to_python()
             if isinstance(row[0], float)] for name in (TITLE, LEFT_OUT)]
    assert rows == [listed, left]


def test_a_file_that_cannot_be_used_stops_the_list(tuijie, book, tmp_path):
    bad = tmp_path / "坏.xlsx"
    bad.write_bytes(b"PK\x03\x04 broken")
    code, _, err = tuijie("publish", book(GOOD), bad, "-o", tmp_path / "出")
    assert code == cli.UNUSABLE and "不属于任何单位的错误" in err
