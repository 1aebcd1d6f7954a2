"""The sheets of figures: who belongs to which region, every number against a recount, formulas recalculated, charts."""

import random
import re
import zipfile
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from xml.etree import ElementTree

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from soffice import office, pages  # noqa: F401

from tuijie_xl import actions, examples
from tuijie_xl.applicants import Applicants, frame_of
from tuijie_xl.batch import Batch
from tuijie_xl.book import Formula, Link, WorkbookPlan, a1
from tuijie_xl.checks import review
from tuijie_xl.criteria import VERDICTS
from tuijie_xl.files.writing import write_workbook
from tuijie_xl.intake.submission import OUR_SHEETS
from tuijie_xl.layout import figures, style
from tuijie_xl.layout.columns import column_of, kind_columns
from tuijie_xl.layout.counting import KindCounts, Listing, _criterion, band_labels
from tuijie_xl.layout.entry import FIRST_ROW as TOP
from tuijie_xl.layout.master import plan_master
from tuijie_xl.layout.regions import region_order, regions
from tuijie_xl.layout.tally import COUNT, SOURCE
from tuijie_xl.problem import message_class

ITO, BPO, KPO = "信息技术外包（ITO）", "业务流程外包（BPO）", "知识流程外包（KPO）"
UNREADABLE = "未填或不可读"


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


# ------------------------------------------------------------------ made-up batches and what their sheets hold

class Made:
    """Made-up applicants, judged: Made(edition, company=[{field: value}], park=[...], trainer=[...])."""

    def __init__(self, edition, **rows):
        self.edition, self.judgements, self.problems, applicants = edition, {}, [], {}
        for kind in edition.kinds:
            own = rows.get(kind, [])
            columns = {name: [row.get(name) for row in own] for name in edition.fields(kind)}
            origins = [("报送.xlsx", edition.kinds[kind].sheet, TOP + 1 + i) for i in range(len(own))]
            applicants[kind] = Applicants(kind, frame_of(edition, kind, columns), origins)
            self.judgements[kind], problems = review(applicants[kind], edition)
            self.problems += problems
        self.batch = Batch("批次", edition, [], applicants, self.problems)

    def master(self):
        """The master but for the lists of files, of which there are none."""
        book = plan_master(self.batch, self.judgements, self.problems)
        return replace(book, sheets=[sheet for sheet in book.sheets if not sheet.name.startswith("导入")])

    def counts(self, kind):
        found = self.judgements[kind]
        return KindCounts(found, TOP, TOP + len(found.frame) - 1)


def plan(made):
    return made.master().sheet("统计")


def result(value):
    return value.result if isinstance(value, Formula) else value.text if isinstance(value, Link) else value


def grid(sheet):
    cells = [(r, c, v, s) for r, c, v, s in sheet.cells] + [(r, c, v, s) for r, c, _, _, v, s in sheet.merges]
    return sorted(cells, key=lambda cell: cell[:2])


def tables(sheet):
    """Title of a section -> {first text of a row: the other values}."""
    found, own = {}, {}
    rows = {}
    for r, c, v, s in grid(sheet):
        if s == style.SECTION:
            own = found.setdefault(v, {})
        elif s not in (style.RULE, SOURCE):
            rows.setdefault((id(own), r), (own, []))[1].append(result(v))
    for table, values in rows.values():
        table[values[0]] = values[1:]
    return found


def lines_of(sheet, title):
    """The rows of a section, each with all its values."""
    starts = [r for r, _, v, s in grid(sheet) if s == style.SECTION and v == title]
    end = min((r for r, _, _, s in grid(sheet) if s == style.SECTION and r > starts[0]), default=10**6)
    rows = {}
    for r, _, v, s in grid(sheet):
        if starts[0] < r < end and s not in (style.RULE, SOURCE):
            rows.setdefault(r, []).append(result(v))
    return list(rows.values())


def table(sheet, title):
    return tables(sheet)[title]


GOOD = {"hq": "境内", "delivery_in_china": "是", "outsourcing_revenue": Decimal(9000), "outsourcing_staff": 300}
COMPANIES = [
    {**GOOD, "name": "甲", "province": "广东省", "city": "深圳市", "services": ("大数据", "云计算"), "main_type": BPO,
     "main_service": "大数据", "industry": "制造"},
    {**GOOD, "name": "乙", "province": "广东省", "services": ("法律流程外包服务",), "main_type": ITO,
     "main_service": "物联网", "industry": "制造"},
    {**GOOD, "name": "丙", "province": "山东省", "outsourcing_revenue": Decimal(100), "main_service": "物联网", "industry": "农业"},
    {"name": "丁", "services": "大数据等", "main_service": "云计算"},
]
PARKS = [{"name": "园", "province": "山东省", "services": ("大数据",), "park_level": "软件园"}]


@pytest.fixture(scope="module")
def few(edition):
    return Made(edition, company=COMPANIES, park=PARKS)


# ------------------------------------------------------------------ a small batch, counted by hand

def test_verdicts_by_kind(few):
    summary = table(plan(few), "审核结论")
    assert summary["结论"] == ["企业", "园区", "培训机构", "合计", "占比"]
    assert summary["符合"] == [2, 0, 0, 2, 0.4]
    assert summary["不符合"] == [1, 0, 0, 1, 0.2]
    assert summary["待补充"] == [1, 1, 0, 2, 0.4]
    assert summary["合计"] == [4, 1, 0, 5, 1]


def test_regions_by_verdict(edition, few):
    found = table(plan(few), "地区与结论")
    assert [name for name in found if name not in ("", "报送地区")] == [*region_order(edition, "company"), "其他地区", "合计"]
    assert found["山东省"] == [0, 1, 1, 2, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 0]
    assert found["广东省"][:8] == [1, 0, 0, 1, 1, 0, 0, 1] == found["深圳市"][:8]
    assert found["北京市"] == [0] * 16 == found["其他地区"]
    assert found["合计"] == [2, 1, 2, 5, 2, 1, 1, 4, 0, 0, 1, 1, 0, 0, 0, 0]


def test_applicants_and_ticks_are_told_apart(few):
    """甲 BPO twice, 乙 KPO and by its main service ITO, 丙 and 丁 by their main service alone."""
    found = table(plan(few), "企业：服务外包功能领域")
    assert found[ITO] == [2, 2, 1]
    assert found[BPO] == [2, 3, 1]
    assert found[KPO] == [1, 1, 0]
    assert found["合计（家不重复计算）"] == [4, 6, 2]
    groups = table(plan(few), "企业：服务外包功能领域（第 2 层）")
    assert groups["业务运营外包服务"][:2] == [2, 3] and len(groups) == 9 + 2


def test_areas_and_services(edition, few):
    found = table(plan(few), "服务外包功能领域：逐项")
    labels = [t.label for t in edition.vocabularies["service"].terms]
    assert [name for name in found if name not in ("", "功能领域")] == [*labels, "合计（家不重复计算）"]
    assert found["业务运营外包服务"] == [2, 3, 1, 1, 0, 0]
    assert found["大数据"] == [1, 1, 1, 1, 0, 0]
    assert found["云计算"] == [2, 2, 0, 0, 0, 0]
    assert found["合计（家不重复计算）"] == [4, 6, 1, 1, 0, 0]


def test_lists_of_the_notice(few):
    sheet = plan(few)
    found = table(sheet, "企业：服务外包行业")
    assert found["制造"][:2] == [2, 0.5] and found["零售"][:2] == [0, 0]
    assert found["未填或不在词表内"][:2] == [2, 0.5] and found["合计"][:2] == [4, 1]
    assert table(sheet, "园区：园区级别")["软件园"][:2] == [1, 1]
    titles = list(tables(sheet))
    assert titles.index("企业：行业类别") < titles.index("企业：企业性质")      # the notice's lists first
    assert not any("省份" in title for title in titles)


@pytest.mark.parametrize("field, value, label", [
    ("outsourcing_revenue", Decimal("2999.99"), "1,000 至不满 3,000"), ("outsourcing_revenue", Decimal(3000), "3,000 至不满 5,000"),
    ("outsourcing_revenue", Decimal("3000.01"), "3,000 至不满 5,000"), ("outsourcing_revenue", Decimal(0), "低于 1,000"),
    ("outsourcing_revenue", None, UNREADABLE), ("outsourcing_revenue", "约3000", UNREADABLE),
    ("outsourcing_revenue", Decimal(-5), UNREADABLE), ("outsourcing_revenue", Decimal(100000), "100,000 及以上"),
    ("outsourcing_staff", 299, "100 至不满 300"), ("outsourcing_staff", 300, "300 至不满 500"), ("outsourcing_staff", 301, "300 至不满 500"),
    ("outsourcing_staff", 0, "低于 100"), ("outsourcing_staff", None, UNREADABLE),
])
def test_the_band_of_a_number(edition, field, value, label):
    found = table(plan(Made(edition, company=[{"name": "甲", field: value}])), f"企业：{edition.fields('company')[field].label}")
    assert {name: cells[0] for name, cells in found.items() if cells[0] in (1,)} == {label: 1, "合计": 1}


@pytest.mark.parametrize("revenue, label", [
    (Decimal("3499.99"), "20 至不满 35"), (Decimal(3500), "35 至不满 50"), (Decimal("3500.01"), "35 至不满 50"), (None, UNREADABLE)])
def test_the_band_of_revenue_per_head(edition, revenue, label):
    row = {"name": "甲", "outsourcing_revenue": revenue, "outsourcing_staff": 100}
    found = table(plan(Made(edition, company=[row])), f"企业：{edition.fields('company')['revenue_per_head'].label}")
    assert found[label][0] == 1


def test_nobody_has_a_revenue_per_head_without_staff(edition):
    made = Made(edition, company=[{"name": "甲", "outsourcing_revenue": Decimal(3000), "outsourcing_staff": 0}])
    assert made.counts("company").band_numbers(edition.bands_of("company")[2]) == [None]


def test_the_limits_of_the_criteria_are_edges(edition):
    assert [[Decimal(limit) in one.edges for one in edition.bands_of("company")] for limit in (3000, 300, 35)] \
        == [[True, False, False], [False, True, False], [False, False, True]]


def test_papers_called_for_received_and_missing(edition):
    material = next(m for m in edition.materials_of("park") if m.when is True)
    made = Made(edition, park=[{"name": "甲", material.field: "有"}, {"name": "乙", material.field: "无"}, {"name": "丙"}])
    found = table(plan(made), "园区：材料")
    assert found["材料"] == ["应交", "已收", "缺", "待核", "不适用", "合计"]
    assert found[material.name] == [3, 1, 2, 0, 0, 3]
    assert found["一份不缺的单位（家）"][0] == 0
    full = Made(edition, park=[{"name": "甲", **{m.field: "有" for m in edition.materials_of("park")}}, {"name": "乙"}])
    assert table(plan(full), "园区：材料")["一份不缺的单位（家）"][0] == 1


def test_the_most_frequent_problems(few):
    found = table(plan(few), "最常见的问题")
    counts = Counter(p.code for p in few.problems)
    lines = lines_of(plan(few), "最常见的问题")[1:-2]
    assert [(code, count) for _, _, code, count, _ in lines] == sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:15]
    for _, words, code, _, applicants in lines:
        assert words == message_class(code)
        assert applicants == len({(p.sheet, p.row) for p in few.problems if p.code == code and p.row})
    assert found["合计（家不重复计算）"] == [len(few.problems), len({(p.file, p.sheet, p.row) for p in few.problems if p.row})]


def test_what_the_problems_of_a_code_have_in_common():
    assert message_class("required-missing") == "“…”没有填写。"


def test_a_kind_without_applicants(edition):
    sheet = plan(Made(edition, company=COMPANIES))
    assert table(sheet, "培训机构") == {"无": []}
    assert "企业" not in tables(sheet)
    assert not any("'园区'!" in v.text for _, _, v in sheet.values() if isinstance(v, Formula))


def test_nobody_at_all(edition):
    book = Made(edition).master()
    assert table(book.sheet("统计"), "审核结论")["合计"] == [0, 0, 0, 0, 0]
    assert table(book.sheet("统计"), "最常见的问题") == {"无": []}
    assert not any(sheet.charts for sheet in book.sheets)
    assert "相符" in check_of(book)


def test_rows_that_do_not_match_the_applicants_are_refused(few):
    with pytest.raises(ValueError, match="company"):
        KindCounts(few.judgements["company"], TOP, TOP + 9)


def check_of(book):
    return next(result(v) for _, _, v in book.sheet("统计").values() if isinstance(v, Formula) and "合计相符" in v.text)


def test_the_check_says_when_totals_differ(few):
    sheet = plan(few)
    answers = [v for _, _, v in sheet.values() if isinstance(v, Formula) and v.result == "相符"]
    assert len(answers) > 6 and "各项合计相符" in check_of(few.master())
    page = figures.Page(figures.SheetPlan("统计"), 20)
    figures.fill_checks(page, 0, [("甲", 1, 1), ("乙", 2, 3)])
    assert [result(v) for _, _, v in page.plan.values() if isinstance(v, Formula)][:2] == ["相符", "不符"]
    assert "1 项合计不符" in result(page.plan.merges[-1][4])


def test_every_table_says_where_its_numbers_come_from(few):
    sources = [v for _, _, v, s in grid(plan(few)) if s == SOURCE]
    assert len(sources) == len(tables(plan(few))) - 2            # all but the empty kind and 核对
    assert all("公式" in text or "结果" in text for text in sources)


def test_every_number_is_a_live_formula_unless_its_table_says_so(edition):
    sheet = plan(Made(edition, company=COMPANIES, park=PARKS, trainer=[{"name": "校"}]))
    numbers = [(r, v) for r, _, v, s in grid(sheet) if s.number_format == COUNT and v is not None]
    plain = [r for r, v in numbers if not isinstance(v, Formula)]
    titles = sorted((r, v) for r, _, v, s in grid(sheet) if s == style.SECTION)
    assert len(numbers) > 500
    assert {max(t for t in titles if t[0] < row)[1].split("：")[-1] for row in plain} <= {"材料", "最常见的问题"}


def test_beyond_so_many_applicants_counts_are_results(few, monkeypatch):
    live = tables(plan(few))
    monkeypatch.setattr(figures, "LIVE_ROWS", 4)
    sheet = plan(few)
    assert not any("!" in v.text for _, _, v in sheet.values() if isinstance(v, Formula))
    assert all("结果" in v for _, _, v, s in grid(sheet) if s == SOURCE)
    assert tables(sheet) == live


def test_a_label_with_wildcards_matches_itself_only():
    assert _criterion('a*b?c~d"e') == '"=a~*b~?c~~d""e"'


def test_no_function_is_newer_than_excel_2010(few):
    used = {name for sheet in few.master().sheets[4:7] for _, _, v in sheet.values() if isinstance(v, Formula)
            for name in re.findall(r"([A-Z]+)\(", v.text)}
    assert used <= {"COUNTIF", "COUNTIFS", "SUMPRODUCT", "SUM", "ROWS", "IF", "MAX", "REPT", "ROUNDUP"}


def test_the_summary_prints_on_one_page_and_quotes_only(few):
    sheet = few.master().sheet("统计摘要")
    assert sheet.print.fit == (1, 1) and not sheet.print.landscape
    numbers = [v for _, _, v, s in grid(sheet) if s.number_format in (COUNT, "#,##0") and v is not None]
    assert all(v == 0 or re.fullmatch(r"'统计'!\$[A-Z]+\$\d+", v.text) for v in numbers) and len(numbers) > 200


def test_ticks_are_counted_in_the_columns_of_the_kinds_sheet(edition, few):
    column = column_of(kind_columns(edition, "company", provenance=True), "region")
    assert few.counts("company").area("region") == f"'企业'!{a1(TOP, column.index, fixed='both')}:{a1(TOP + 3, column.index, fixed='both')}"


# ------------------------------------------------------------------ the applicants behind the numbers

def test_a_region_leads_to_its_first_applicant(edition, many):
    book = many.master()
    listing = Listing(book.sheet("统计明细"))
    links = {v.text: v.target for _, _, v in book.sheet("统计").values() if isinstance(v, Link)}
    held = listing.columns[edition.label("region")]
    assert set(links) == set(held)
    for region, target in links.items():
        row = int(re.fullmatch(r"'统计明细'!B(\d+)", target)[1]) - 1 - listing.first
        assert held[row] == region and region not in held[:row]
    order = region_order(edition, "company")
    assert [order.index(region) for region in held] == sorted(order.index(region) for region in held)


def test_filtering_the_names_gives_the_very_numbers(edition, many):
    book = many.master()
    listing = Listing(book.sheet("统计明细"))
    found = tables(book.sheet("统计"))
    for bands in edition.bands_of("company"):
        f = edition.fields("company")[bands.field]
        for label in (*band_labels(f, bands), UNREADABLE):
            rows = listing.where({"类别": edition.kinds["company"].label, f"{f.label}分档": label})
            assert rows.result == found[f"企业：{f.label}"][label][0]
    for region in region_order(edition, "company"):
        for i, word in enumerate(VERDICTS.values()):
            assert listing.where({edition.label("region"): region, edition.label("verdict"): word}).result \
                == found["地区与结论"][region][i]


def test_a_name_leads_to_the_applicants_row(many):
    book = many.master()
    links = Listing(book.sheet("统计明细")).columns["申报单位"]
    assert len(links) == 115
    for link in links[::7]:
        sheet, column, row = re.fullmatch(r"'(.+)'!([A-Z]+)(\d+)", link.target).groups()
        cells = {(r, c): v for r, c, v in book.sheet(sheet).values()}
        assert cells[int(row) - 1, openpyxl.utils.column_index_from_string(column) - 1] == link.text


def test_our_sheets_are_not_read_as_applicants():
    assert set(figures.SHEETS) <= OUR_SHEETS


def test_statistics_as_a_book_of_its_own(edition, tuijie, tmp_path):
    tuijie("stats", *examples.files(), "-o", tmp_path / "统计.xlsx")
    book = openpyxl.load_workbook(tmp_path / "统计.xlsx")
    assert tuple(book.sheetnames[:3]) == figures.SHEETS
    before = actions.import_files(examples.files(), edition).batch.applicants
    again = actions.import_files([tmp_path / "统计.xlsx"], edition).batch.applicants
    assert {k: len(a.frame) for k, a in again.items()} == {k: len(a.frame) for k, a in before.items()}


# ------------------------------------------------------------------ everything against a recount

def expected(edition, judgements, problems):
    """Every number of 统计, counted row by row: section -> {first text of a row: numbers}."""
    found = {"审核结论": {}, "地区与结论": {}}
    words = list(VERDICTS.values())
    people = [(kind, row, VERDICTS[v], region) for kind, one in judgements.items() for row, v, region in
              zip(one.frame.to_dict("records"), one.verdicts, regions(one.frame, edition, kind))]
    for word in [*words, "合计"]:
        found["审核结论"][word] = [sum(word in (w, "合计") and kind in (k, "") for k, _, w, _ in people)
                                   for kind in (*edition.kinds, "")]
    for region in [*region_order(edition, "company"), "合计"]:
        line = []
        for kind in ("", *edition.kinds):
            own = [w for k, _, w, where in people if kind in (k, "") and region in (where, "合计")]
            line += [*(own.count(word) for word in words), len(own)]
        found["地区与结论"][region] = line
    for kind, one in judgements.items():
        rows, sheet = one.frame.to_dict("records"), edition.kinds[kind].sheet
        if rows:
            found |= expected_services(edition, kind, rows, sheet) | expected_parts(edition, kind, rows, sheet)
            found[f"{sheet}：材料"] = expected_papers(edition, kind, one)
    return found


def expected_services(edition, kind, rows, sheet):
    tree, found = edition.vocabularies["service"], {}
    field = edition.fields(kind)["services"]
    chosen = [(set(row["services"]) if isinstance(row["services"], tuple) else set()) | ({row.get("main_service")} & set(tree.by_label))
              for row in rows]
    for level, title in ((1, f"{sheet}：{field.label}"), (2, f"{sheet}：{field.label}（第 2 层）")):
        own = found.setdefault(title, {})
        for term in tree.level(level):
            above = [[leaf for leaf in labels if term in tree.path(tree.by_label[leaf])] for labels in chosen]
            own[term.label] = [sum(map(bool, above)), sum(map(len, above))]
        own["合计（家不重复计算）"] = [sum(map(bool, chosen)), sum(map(len, chosen))]
    return found


def expected_parts(edition, kind, rows, sheet):
    found, fields = {}, edition.fields(kind)
    for name in ("industry", "category", "china_centre", "overseas_source", "ownership", "park_level", "trainer_type"):
        if name in fields:
            labels = [term.label for term in edition.terms(fields[name])]
            own = found.setdefault(f"{sheet}：{fields[name].label}", {label: [0] for label in [*labels, "未填或不在词表内"]})
            for row in rows:
                own[row[name] if row[name] in labels else "未填或不在词表内"][0] += 1
            own["合计"] = [len(rows)]
    for bands in edition.bands_of(kind):
        f = fields[bands.field]
        labels = band_labels(f, bands)
        own = found.setdefault(f"{sheet}：{f.label}", {label: [0] for label in [*labels, UNREADABLE]})
        for row in rows:
            value = row[f.id]
            known = isinstance(value, int | Decimal) and not (f.minimum is not None and value < f.minimum)
            own[labels[sum(value >= edge for edge in bands.edges)] if known else UNREADABLE][0] += 1
        own["合计"] = [len(rows)]
    return found


def expected_papers(edition, kind, one):
    found = {}
    for m in edition.materials_of(kind):
        states, owed = one.states[m.id], one.required[m.id].fillna(False).tolist()
        found[m.name] = [sum(owed), *(states.count(key) for key in ("received", "missing", "unverified", "not_applicable")), len(states)]
    lacking = [any(one.states[m.id][i] == "missing" for m in edition.materials_of(kind)) for i in range(len(one.frame))]
    found["一份不缺的单位（家）"] = [lacking.count(False)]
    return found


def agrees(sheet, wanted):
    held = tables(sheet)
    for title, lines in wanted.items():
        for label, numbers in lines.items():
            assert held[title][label][:len(numbers)] == numbers, (title, label)


def test_a_recount_row_by_row(edition, many):
    agrees(plan(many), expected(edition, many.judgements, many.problems))


def test_a_recount_of_the_examples(edition):
    outcome = actions.import_files(examples.files(), edition)
    book = plan_master(outcome.batch, outcome.judgements, outcome.problems)
    agrees(book.sheet("统计"), expected(edition, outcome.judgements, outcome.problems))
    assert "各项合计相符" in check_of(book)


def row_strategy(edition, kind):
    """An applicant as it may come: terms of the lists or not, numbers around the edges, texts where numbers belong."""
    fields, made = edition.fields(kind), {"name": st.text(max_size=12) | st.none()}
    for f in fields.values():
        if f.type in ("term", "terms") and f.vocabulary:
            label = st.sampled_from([t.label for t in edition.terms(f)])
            made[f.id] = st.none() | st.just("写错的") | (label if f.type == "term" else st.lists(label, max_size=6, unique=True).map(tuple))
    for bands in edition.bands_of(kind):
        near = [edge + step for edge in bands.edges for step in (-1, 0, 1)]
        whole = fields[bands.field].type == "count"
        made[bands.field] = st.none() | st.just("约300人") | st.sampled_from([-1, 0, *map(int, near)] if whole else [Decimal(-1), Decimal(0), *near])
    made["city"] = st.sampled_from([None, "深圳市", "青岛", "某市"])
    return st.fixed_dictionaries({}, optional=made)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_recount_of_whatever_comes(edition, data):
    made = Made(edition, **{kind: data.draw(st.lists(row_strategy(edition, kind), max_size=4), label=kind) for kind in edition.kinds})
    book = made.master()
    sheet = book.sheet("统计")
    agrees(sheet, expected(edition, made.judgements, made.problems))
    assert "各项合计相符" in check_of(book)
    for title, lines in tables(sheet).items():
        if title.endswith("逐项"):
            for numbers in lines.values():
                if all(isinstance(n, int) for n in numbers):
                    assert all(household <= ticks for household, ticks in zip(numbers[::2], numbers[1::2]))


# ------------------------------------------------------------------ many applicants: charts, recalculated formulas, print

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
        amounts = [None, "约三千", *map(Decimal, (0, 100, "2999.99", 3000, "3000.01", 35000, 120000))]
        row |= {"city": pick.choice([None, "深圳市", "青岛", "某市"]), "outsourcing_revenue": pick.choice(amounts),
                "outsourcing_staff": pick.choice([None, "多人", 0, 10, 99, 100, 299, 300, 301, 1000])} if kind == "company" else {}
        rows.append(row)
    return rows


@pytest.fixture(scope="module")
def many(edition):
    return Made(edition, company=crowd(edition, "company", 60), park=crowd(edition, "park", 25), trainer=crowd(edition, "trainer", 30))


def charts_of(path):
    """Of every chart in the package: [(name, categories, values)] as references, and their cached points."""
    spaces = {"c": "http://schemas.openxmlformats.org/drawingml/2006/chart"}
    with zipfile.ZipFile(path) as package:
        for name in sorted(n for n in package.namelist() if n.startswith("xl/charts/chart")):
            root = ElementTree.fromstring(package.read(name))
            yield [(one.findtext("c:tx//c:v", namespaces=spaces), one.findtext("c:cat//c:f", namespaces=spaces),
                    one.findtext("c:val//c:f", namespaces=spaces), [v.text for v in one.findall("c:val//c:pt/c:v", spaces)])
                   for one in root.iter(f"{{{spaces['c']}}}ser")]


def cells_at(book, reference):
    sheet, area = re.fullmatch(r"'(.+)'!(.+)", reference).groups()
    return [row[0].value for row in book[sheet][area.replace("$", "")]]


def test_charts_draw_the_tables(edition, many, tmp_path):
    write_workbook(many.master(), tmp_path / "book.xlsx")
    book = openpyxl.load_workbook(tmp_path / "book.xlsx", data_only=True)
    charts = list(charts_of(tmp_path / "book.xlsx"))
    assert len(charts) == 2 + 2 * 3 + 3 + 3 + 2          # verdicts and regions, services, bands, lists of the notice, summary
    wanted = expected(edition, many.judgements, many.problems)
    for chart in charts:
        for name, categories, values, cached in chart:
            labels, numbers = cells_at(book, categories), cells_at(book, values)
            assert name and all(labels) and all(isinstance(n, int) for n in numbers) and sum(numbers)
            assert cached == [str(n) for n in numbers] and len(labels) == len(numbers)
            assert drawn_from(wanted, labels, numbers), (name, labels)
    region = next(chart for chart in charts if len(chart) == 3)
    assert [one[0] for one in region] == list(VERDICTS.values())
    for i, (_, categories, values, _) in enumerate(region):
        assert cells_at(book, values) == [wanted["地区与结论"][label][i] for label in cells_at(book, categories)]
        assert len(cells_at(book, categories)) == 38


def drawn_from(wanted, labels, numbers):
    """True when some table of the recount has these labels, and these numbers in one of its columns."""
    tables = [[own[label] for label in labels] for own in wanted.values() if own.keys() >= set(labels)]
    return any(list(column) == numbers for lines in tables for column in zip(*lines))


def test_charts_overlap_nothing(many):
    for sheet in (many.master().sheet(name) for name in ("统计", "统计摘要")):
        filled = {r for r, _, v, _ in grid(sheet) if v is not None}
        for chart in sheet.charts:
            height, row = 0.0, chart.row
            while height < chart.height * 0.75:
                assert row not in filled or chart.kind == "pie", (sheet.name, chart.title, row)
                height, row = height + sheet.heights[row], row + 1


def without_results(sheet):
    """The same plan whose formulas show a wrong number until they are calculated."""
    def blank(value):
        return replace(value, result=-1) if isinstance(value, Formula) else value
    return replace(sheet, cells=[(r, c, blank(v), s) for r, c, v, s in sheet.cells],
                   merges=[(*area, blank(v), s) for *area, v, s in sheet.merges])


@pytest.mark.slow
def test_libreoffice_calculates_the_same_numbers(many, tmp_path, office):  # noqa: F811
    book = many.master()
    write_workbook(replace(book, sheets=[without_results(s) if s.name in figures.SHEETS else s for s in book.sheets]),
                   tmp_path / "book.xlsx")
    calculated = openpyxl.load_workbook(office.recalculate(tmp_path / "book.xlsx"), data_only=True)
    for sheet in map(book.sheet, ("统计", "统计摘要")):
        formulas = [(r, c, v) for r, c, v, _ in grid(sheet) if isinstance(v, Formula)]
        assert len(formulas) > 200
        for row, column, formula in formulas:
            shown = calculated[sheet.name].cell(row + 1, column + 1).value
            expected = pytest.approx(formula.result) if isinstance(formula.result, float) else formula.result
            assert ("" if shown is None else shown) == expected, (sheet.name, a1(row, column), formula)


@pytest.mark.slow
def test_the_summary_is_one_page(many, tmp_path, office):  # noqa: F811
    alone = many.master().sheet("统计摘要")
    write_workbook(WorkbookPlan([without_formulas(alone)]), tmp_path / "one.xlsx")
    assert pages(office.to_pdf(tmp_path / "one.xlsx")) == 1


def without_formulas(sheet):
    return replace(sheet, charts=[], merges=[(*area, result(v), s) for *area, v, s in sheet.merges],
                   cells=[(r, c, result(v), s) for r, c, v, s in sheet.cells])
