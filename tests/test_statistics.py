"""The 统计 sheet: who belongs to which region, every count against a recount, live formulas recalculated."""

import random
import re
import subprocess
from collections import Counter
from dataclasses import replace

import openpyxl
import pytest

from tuijie_xl.applicants import Applicants, frame_of
from tuijie_xl.book import Formula, SheetPlan, WorkbookPlan, a1
from tuijie_xl.criteria import VERDICTS, judge
from tuijie_xl.files.writing import write_workbook
from tuijie_xl.layout import style
from tuijie_xl.layout.columns import column_of, kind_columns
from tuijie_xl.layout.counting import KindCounts, _criterion
from tuijie_xl.layout.regions import region_order, regions
from tuijie_xl.layout.statistics import COUNT, plan_statistics

TOP = 4                                 # the first row of data on the made-up kinds' sheets
ITO, BPO, KPO = "信息技术外包（ITO）", "业务流程外包（BPO）", "知识流程外包（KPO）"


# ------------------------------------------------------------------ regions

@pytest.mark.parametrize("province, city, sender", [
    ("广东省", "深圳市", "深圳市"), ("广东省", "深圳", "深圳市"), ("广东省", "广州市", "广东省"), ("广东省", None, "广东省"),
    ("深圳市", "深圳市", "深圳市"), ("深圳市", None, "深圳市"), ("辽宁省", "大连市", "大连市"), ("山东省", "青岛", "青岛市"),
    ("北京市", "北京市", "北京市"), ("吉林省", "吉林市", "吉林省"), ("吉林省", "吉林", "吉林省"),
    ("青海省", "海南", "青海省"), ("山东省", "深圳市", "山东省"),
    ("新疆生产建设兵团", "石河子市", "新疆生产建设兵团"), ("新疆维吾尔自治区", "石河子市", "新疆维吾尔自治区"),
    (None, "深圳市", "深圳市"), (None, "海南", "未填"), (None, None, "未填"), ("鲁省", None, "未填"), ("鲁省", "青岛市", "未填"),
])
def test_the_sender_of_an_applicant(edition, province, city, sender):
    frame = frame_of(edition, "company", {"province": [province], "city": [city]})
    assert regions(frame, edition, "company").tolist() == [sender]


def test_there_are_37_senders_and_one_row_for_the_rest(edition):
    assert len(region_order(edition, "park")) == 38 and region_order(edition, "park")[-1] == "未填"


# ------------------------------------------------------------------ a small batch, counted by hand

def judged(edition, **rows):
    """Judgements of made-up applicants: company=[{...}], park=[...], trainer=[...]."""
    found = {}
    for kind in edition.kinds:
        own = rows.get(kind, [])
        columns = {name: [row.get(name) for row in own] for name in edition.fields(kind)}
        origins = [(None, None, TOP + i) for i in range(len(own))]
        found[kind] = judge(Applicants(kind, frame_of(edition, kind, columns), origins), edition)
    return found


def spans(found):
    return {kind: (TOP, TOP + len(one.frame) - 1) for kind, one in found.items()}


def plan(edition, found):
    return plan_statistics(edition, found, spans(found))


def result(value):
    return value.result if isinstance(value, Formula) else value


def table(sheet, title):
    """The rows of a section: first text -> the other values, as far as the next section."""
    starts = {r: v for r, _, v, s in grid(sheet) if s == style.SECTION}
    first = next(r for r, v in starts.items() if v == title)
    end = min((r for r in starts if r > first), default=10**6)
    rows: dict = {}
    for r, c, v, _ in grid(sheet):
        if first + 1 < r < end:
            rows.setdefault(r, []).append(result(v))
    return {values[0]: values[1:] for values in rows.values()}


def grid(sheet):
    cells = [(r, c, v, s) for r, c, v, s in sheet.cells] + [(r, c, v, s) for r, c, _, _, v, s in sheet.merges]
    return sorted(cells, key=lambda cell: cell[:2])


GOOD = {"hq": "境内", "delivery_in_china": "是", "outsourcing_revenue": 9000, "outsourcing_staff": 300}
COMPANIES = [
    {**GOOD, "name": "甲", "province": "广东省", "city": "深圳市", "services": ("大数据", "云计算"), "main_type": BPO,
     "main_service": "大数据", "industry": "制造"},
    {**GOOD, "name": "乙", "province": "广东省", "services": ("法律流程外包服务",), "main_type": ITO,
     "main_service": "物联网", "industry": "制造"},
    {**GOOD, "name": "丙", "province": "山东省", "outsourcing_revenue": 100, "main_service": "物联网", "industry": "农业"},
    {"name": "丁", "services": "大数据等", "main_service": "云计算"},
]
PARKS = [{"name": "园", "province": "山东省", "services": ("大数据",), "park_level": "软件园"}]


def test_verdicts_by_kind(edition):
    summary = table(plan(edition, judged(edition, company=COMPANIES, park=PARKS)), "审核结论")
    assert summary["结论"] == ["企业", "园区", "培训机构", "合计", "占比"]
    assert summary["符合"] == [2, 0, 0, 2, 0.4]
    assert summary["不符合"] == [1, 0, 0, 1, 0.2]
    assert summary["待补充"] == [1, 1, 0, 2, 0.4]
    assert summary["合计"] == [4, 1, 0, 5, 1]


def test_regions_by_verdict(edition):
    found = table(plan(edition, judged(edition, company=COMPANIES, park=PARKS)), "地区与结论")
    assert [name for name in found if name not in ("", "报送地区")] == ["山东省", "广东省", "深圳市", "未填", "其他地区", "合计"]
    assert found["山东省"] == [0, 1, 1, 2, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 0]
    assert found["深圳市"][:8] == [1, 0, 0, 1, 1, 0, 0, 1]
    assert found["其他地区"] == [0] * 16
    assert found["合计"] == [2, 1, 2, 5, 2, 1, 1, 4, 0, 0, 1, 1, 0, 0, 0, 0]


def test_applicants_and_ticks_are_told_apart(edition):
    """甲 BPO twice, 乙 KPO and by its main service ITO, 丙 and 丁 by their main service alone."""
    found = table(plan(edition, judged(edition, company=COMPANIES)), "企业：服务外包功能领域")
    assert found[ITO] == [2, 2, 1]
    assert found[BPO] == [2, 3, 1]
    assert found[KPO] == [1, 1, 0]
    assert found["合计（家不重复计算）"] == [4, 6, 2]


def test_areas_and_services(edition):
    found = table(plan(edition, judged(edition, company=COMPANIES, park=PARKS)), "服务外包功能领域：逐项")
    labels = [t.label for t in edition.vocabularies["service"].terms]
    assert [name for name in found if name not in ("", "功能领域")] == labels
    assert found["业务运营外包服务"] == [2, 3, 1, 1, 0, 0]
    assert found["大数据"] == [1, 1, 1, 1, 0, 0]
    assert found["云计算"] == [2, 2, 0, 0, 0, 0]
    assert found["物联网"] == [2, 2, 0, 0, 0, 0]


def test_lists_of_the_notice(edition):
    sheet = plan(edition, judged(edition, company=COMPANIES, park=PARKS))
    found = table(sheet, "企业：服务外包行业")
    assert found["制造"][:2] == [2, 0.5] and found["零售"][:2] == [0, 0]
    assert found["未填或不在词表内"][:2] == [2, 0.5] and found["合计"][:2] == [4, 1]
    assert table(sheet, "园区：园区级别")["软件园"][:2] == [1, 1]
    titles = [v for _, _, v, s in grid(sheet) if s == style.SECTION]
    assert titles.index("企业：行业类别") < titles.index("企业：企业性质")      # the notice's lists first
    assert not any("材料" in title or "省份" in title for title in titles)


def test_a_kind_without_applicants(edition):
    sheet = plan(edition, judged(edition, company=COMPANIES))
    assert table(sheet, "培训机构") == {"无": []}
    assert "企业" not in [v for _, _, v, s in grid(sheet) if s == style.SECTION]
    assert not any("'园区'!" in v.text for _, _, v in sheet.values() if isinstance(v, Formula))


def test_nobody_at_all(edition):
    sheet = plan(edition, judged(edition))
    assert table(sheet, "审核结论")["合计"] == [0, 0, 0, 0, 0]
    assert [chart.kind for chart in sheet.charts] == ["pie"]


def test_rows_that_do_not_match_the_applicants_are_refused(edition):
    found = judged(edition, company=COMPANIES)
    with pytest.raises(ValueError, match="company"):
        plan_statistics(edition, found, {**spans(found), "company": (TOP, TOP + 9)})


def test_charts_draw_the_tables(edition):
    sheet = plan(edition, judged(edition, company=COMPANIES, park=PARKS))
    assert [chart.kind for chart in sheet.charts] == ["pie", "column", "bar", "bar"]
    held = {(r, c): result(v) for r, c, v, _ in grid(sheet)}
    for chart in sheet.charts:
        for _, categories, values in chart.series:
            assert all(isinstance(v, str) and v for v in read(held, categories))
            assert all(isinstance(v, int) for v in read(held, values))
    region = sheet.charts[1]
    assert region.stacked and read(held, region.series[0][1]) == ["山东省", "广东省", "深圳市", "未填"]
    assert read(held, region.series[1][2]) == [1, 0, 0, 0]


def read(held, reference):
    """The values of "'统计'!$A$1:$A$3"."""
    column, first, last = re.fullmatch(r"'统计'!\$([A-Z]+)\$(\d+):\$\1\$(\d+)", reference).groups()
    number = openpyxl.utils.column_index_from_string(column) - 1
    return [held[row - 1, number] for row in range(int(first), int(last) + 1)]


def test_every_number_is_a_live_formula(edition):
    sheet = plan(edition, judged(edition, company=COMPANIES, park=PARKS, trainer=[{"name": "校"}]))
    numbers = [v for _, _, v, s in grid(sheet) if s.number_format == COUNT]
    assert len(numbers) > 500 and all(isinstance(v, Formula) for v in numbers)


def test_a_label_with_wildcards_matches_itself_only():
    assert _criterion('a*b?c~d"e') == '"=a~*b~?c~~d""e"'


def test_the_sheet_prints_in_a4_width(edition):
    setup = plan(edition, judged(edition)).print
    assert setup.fit == (1, 0) and not setup.landscape


# ------------------------------------------------------------------ many applicants, recounted and recalculated

def crowd(edition, kind, size):
    pick = random.Random(f"{kind}{size}")
    rows = []
    for number in range(size):
        row = {"name": f"{kind}{number}"}
        for f in edition.fields(kind).values():
            labels = [t.label for t in edition.terms(f)] if f.vocabulary else []
            if f.type == "term" and pick.random() < 0.85:
                row[f.id] = pick.choice(labels) if pick.random() < 0.95 else "写错的"
            elif f.type == "terms":
                row[f.id] = pick.choice([None, "看不懂", tuple(pick.sample(labels, pick.randint(1, 6)))])
        row |= {"city": pick.choice([None, "深圳市", "青岛", "某市"]), "outsourcing_revenue": pick.choice([None, 100, 5000]),
                "outsourcing_staff": pick.choice([None, 10, 400])} if kind == "company" else {}
        rows.append(row)
    return rows


@pytest.fixture(scope="module")
def many(edition):
    return judged(edition, company=crowd(edition, "company", 60), park=crowd(edition, "park", 25),
                  trainer=crowd(edition, "trainer", 30))


def test_a_recount_row_by_row(edition, many):
    sheet = plan(edition, many)
    tree = edition.vocabularies["service"]
    listed = table(sheet, "服务外包功能领域：逐项")
    for place, kind in enumerate(edition.kinds):
        applicants, ticks = Counter(), Counter()
        for row in many[kind].frame.to_dict("records"):
            chosen = set(row["services"]) if isinstance(row["services"], tuple) else set()
            chosen |= {row.get("main_service")} & set(tree.by_label)
            above = [term.label for label in chosen for term in tree.path(tree.by_label[label])]
            ticks.update(above)
            applicants.update(set(above))
        for term in tree.terms:
            assert listed[term.label][2 * place:2 * place + 2] == [applicants[term.label], ticks[term.label]]
        verdicts = Counter(zip(regions(many[kind].frame, edition, kind), many[kind].verdicts))
        by_region = table(sheet, "地区与结论")
        for region in region_order(edition, kind):
            if region in by_region:
                found = by_region[region][4 * (place + 1):4 * (place + 2)]
                assert found == [*(verdicts[region, v] for v in VERDICTS), sum(verdicts[region, v] for v in VERDICTS)]


def kind_sheet(edition, found):
    """A kind's sheet as the master has it: labels above, one row an applicant."""
    columns = kind_columns(edition, found.kind, provenance=True)
    frame = found.frame.assign(region=regions(found.frame, edition, found.kind), verdict=[VERDICTS[v] for v in found.verdicts])
    sheet = SheetPlan(edition.kinds[found.kind].sheet)
    for column in columns:
        sheet.put(TOP - 1, column.index, column.label, style.CELL)
        for row, values in enumerate(frame.to_dict("records"), TOP):
            sheet.put(row, column.index, column.value(values), style.CELL)
    return sheet


def without_results(sheet):
    """The same plan whose formulas show a wrong number until they are calculated."""
    def blank(value):
        return replace(value, result=-1) if isinstance(value, Formula) else value
    return replace(sheet, cells=[(r, c, blank(v), s) for r, c, v, s in sheet.cells],
                   merges=[(*area, blank(v), s) for *area, v, s in sheet.merges])


ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"><item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>"""


def recalculated(book, folder):
    """The values of the sheet 统计 after LibreOffice has calculated all formulas anew."""
    write_workbook(book, folder / "book.xlsx")
    (folder / "profile" / "user").mkdir(parents=True)
    (folder / "profile" / "user" / "registrymodifications.xcu").write_text(ALWAYS_RECALCULATE)
    subprocess.run(["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "xlsx",
                    "--outdir", folder / "again", folder / "book.xlsx"], check=True, capture_output=True, timeout=300)
    return openpyxl.load_workbook(folder / "again" / "book.xlsx", data_only=True)["统计"]


@pytest.mark.slow
def test_libreoffice_calculates_the_same_numbers(edition, many, tmp_path):
    sheet = plan(edition, many)
    calculated = recalculated(WorkbookPlan([without_results(sheet), *(kind_sheet(edition, one) for one in many.values())]),
                              tmp_path)
    formulas = [(r, c, v) for r, c, v, _ in grid(sheet) if isinstance(v, Formula)]
    assert len(formulas) > 500
    for row, column, formula in formulas:
        shown = calculated.cell(row + 1, column + 1).value
        expected = pytest.approx(formula.result) if isinstance(formula.result, float) else formula.result
        assert ("" if shown is None else shown) == expected, (a1(row, column), formula)


def test_ticks_are_counted_in_the_columns_of_the_kinds_sheet(edition, many):
    counts = KindCounts(many["company"], TOP, TOP + 59)
    columns = kind_columns(edition, "company", provenance=True)
    column = column_of(columns, "region")
    assert counts.area("region") == f"'企业'!{a1(TOP, column.index, fixed='both')}:{a1(TOP + 59, column.index, fixed='both')}"
