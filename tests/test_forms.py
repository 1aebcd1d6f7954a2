"""The applicants' sheets: what is printed, that nothing is lost or cut, names, links, one page each."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from printed import NOT_PRINTED, assert_no_overlap, extreme, pages_of, printed_fields, squeezed, to_pdf, words_of

from tuijie_xl.book import Link, RichText
from tuijie_xl.criteria import judge
from tuijie_xl.edition import EditionError
from tuijie_xl.layout import forms, paper
from tuijie_xl.layout.applicant_books import plan_applicant_books
from tuijie_xl.layout.form_slots import NOT_GIVEN, Applicant, compile_form, number_text, value_text

KINDS = ("company", "park", "trainer")
SERVICES = ("软件研发及开发服务", "IT 解决方案", "大数据", "法律流程外包服务", "其他研发服务外包")


def texts(sheet) -> list[str]:
    """Every text of a sheet, runs joined."""
    values = (value for _, _, value in sheet.values())
    return ["".join(t for t, _ in v.runs) if isinstance(v, RichText) else v for v in values if isinstance(v, str | RichText)]


def page(edition, kind, materials=(), **values):
    return forms.plan_form(compile_form(edition, kind), Applicant(kind, "007", values, materials), "表", edition.title)


def value_beside(sheet, label):
    """The text of the cell at the right of a label."""
    spot = next((r, c2) for r, _, _, c2, v, _ in sheet.merges if v == label)
    cells = [(r, c, v) for r, c, *_, v, _ in sheet.merges] + [(r, c, v) for r, c, v, _ in sheet.cells]
    return next(v for r, c, v in cells if (r, c) == (spot[0], spot[1] + 1))


# ------------------------------------------------------------------ values

@pytest.mark.parametrize("field, value, shown", [
    ("outsourcing_revenue", Decimal(3000), "3,000 万元"),
    ("outsourcing_revenue", Decimal("1234567.50"), "1,234,567.5 万元"),
    ("outsourcing_revenue", Decimal(0), "0 万元"),
    ("outsourcing_revenue", "约3000万", "约3000万"),
    ("outsourcing_revenue", None, ""),
    ("outsourcing_revenue", "  ", ""),
    ("outsourcing_staff", 12345, "12,345 人"),
    ("revenue_per_head", Decimal("34.996"), "34.99 万元/人"),
    ("revenue_per_head", Decimal(35), "35.00 万元/人"),
    ("ito_share", Decimal("85.5"), "85.5%"),
    ("founded_on", date(2005, 3, 9), "2005年3月9日"),
    ("founded_on", "2005年前后", "2005年前后"),
    ("services", ("大数据", "云计算"), "大数据、云计算"),
    ("services", (), ""),
])
def test_a_value_in_words(edition, field, value, shown):
    assert value_text(edition, edition.fields("company")[field], value) == shown


def test_a_year_has_no_thousands_separator(edition):
    year = replace(edition.fields("company")["outsourcing_staff"], type="year", unit="")
    assert value_text(edition, year, 2005) == "2005"


def test_a_float_shows_as_excel_shows_it():
    assert number_text(2999.9999999999995) == "3,000"
    assert number_text(Decimal("3E+3")) == "3,000"


# ------------------------------------------------------------------ a page

def test_a_blank_prints_as_not_given_in_grey_and_never_as_zero(edition):
    sheet = page(edition, "company", name="甲公司")
    blanks = [style for *_, value, style in sheet.merges if value == NOT_GIVEN]
    assert value_beside(sheet, "外包业务上年度营业额") == NOT_GIVEN
    assert blanks and {style.color for style in blanks} == {"808080"}
    assert value_beside(page(edition, "company", outsourcing_staff=0), "从事服务外包工作的员工") == "0 人"


@pytest.mark.parametrize("kind", KINDS)
def test_every_value_is_printed_as_written(edition, kind):
    """Each field holds a text that could not be read: all of them stand on the page, whole."""
    values = {f.id: f"原文{number:03d}号" for number, f in enumerate(printed_fields(edition, kind))}
    shown = texts(page(edition, kind, **values))
    for name, written in values.items():
        assert any(written in text for text in shown), name
    assert not any("{" in text or "}" in text for text in shown)


@pytest.mark.parametrize("kind", KINDS)
def test_only_the_officers_own_notes_are_left_out(edition, kind):
    for name in NOT_PRINTED:
        assert not any("原文" in text for text in texts(page(edition, kind, **{name: "原文"})))


@settings(max_examples=30, deadline=None)
@given(data=st.data(), kind=st.sampled_from(KINDS))
def test_ticks_are_the_services_of_the_applicant(edition, data, kind):
    leaves = [term.label for term in edition.vocabularies["service"].leaves]
    chosen = data.draw(st.sets(st.sampled_from(leaves)))
    main = data.draw(st.sampled_from([None, *leaves])) if kind == "company" else None
    shown = "\n".join(texts(page(edition, kind, services=tuple(chosen), main_service=main)))
    boxes = {label: box for box, label in re.findall(r"([☐☑]) (.+?)(?=　| *\n| *$|[☐☑])", shown)}
    assert {label for label in leaves if boxes[label] == "☑"} == chosen | ({main} - {None})


def test_a_ticked_service_is_set_in_bold(edition):
    runs = [run for *_, value, _ in page(edition, "company", services=("大数据",)).merges if isinstance(value, RichText)
            for run in value.runs]
    assert [text for text, style in runs if style.bold] == ["☑ 大数据"]


@pytest.mark.parametrize("category, other, shown", [
    ("其它", "智慧农业", "☑ 其它：智慧农业"),
    ("其它", None, "☑ 其它：＿"),
    (None, "智慧农业", "☐ 其它：智慧农业"),
    ("金融业", None, "☑ 金融业"),
    ("农业", None, "（原文：农业）"),
])
def test_the_category_and_its_text(edition, category, other, shown):
    assert any(shown in text for text in texts(page(edition, "company", category=category, category_other=other)))


def test_an_unreadable_list_of_services_is_shown_once(edition):
    shown = texts(page(edition, "company", services="软件和大数据等"))
    assert sum("软件和大数据等" in text for text in shown) == 1
    assert not any("☑ 大数据" in text for text in shown)


def test_a_term_that_is_not_in_the_list_is_shown_beside_those_that_are(edition):
    shown = "\n".join(texts(page(edition, "company", services=("大数据", "量子计算"))))
    assert "☑ 大数据" in shown and "（原文：量子计算）" in shown


def test_materials_with_their_state(edition):
    shown = "\n".join(texts(page(edition, "company", (("营业执照", True, "已收"), ("审计报告", None, None),
                                                      ("合并报表", False, None), ("利润表", False, "已收")))))
    assert "☑ ① 营业执照" in shown and "☐ ② 审计报告（如涉及）" in shown and "☑ ③ 利润表" in shown
    assert "合并报表" not in shown


def test_more_than_twenty_materials_are_numbered_on(edition):
    shown = "\n".join(texts(page(edition, "park", [(f"材料{n}号", True, "缺") for n in range(1, 23)])))
    assert "☐ ⑳ 材料20号" in shown and "☐ (21) 材料21号" in shown


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_has_the_boxes_for_both_seals(edition, kind):
    shown = texts(page(edition, kind))
    assert any(text.endswith("公章") for text in shown) and "当地商务主管部门核准意见（盖章）" in shown
    assert sum(re.fullmatch(r"年　+月　+日　*", text) is not None for text in shown) == 2


def test_a_page_prints_on_one_a4_with_running_title_and_numbers(edition):
    setup = page(replace(edition, title="甲 & 乙"), "company").print
    assert (setup.fit, setup.landscape, setup.centered) == ((1, 1), False, True)
    assert setup.header == "&C&9 甲 && 乙" and setup.footer == "&C&9 第 &P 页，共 &N 页"


def test_a_text_too_tall_for_one_row_takes_several(edition):
    sheet = page(edition, "company", profile="字" * 9000)
    top, bottom = next((r0, r1) for r0, _, r1, _, v, _ in sheet.merges if v == "字" * 9000)
    assert bottom > top and max(sheet.heights.values()) <= paper.ROW_LIMIT


# ------------------------------------------------------------------ the form's own language

@pytest.mark.parametrize("lines, line, why", [
    ([["20", "{nmae}", "<"]], 1, "unknown placeholder {nmae}; did you mean 'name'?"),
    ([["20", "## 段", "<"], ["20", "名称", "{edition titel}"]], 2, "unknown placeholder {edition titel}"),
    ([["20", "{options services ITO9}", "<"]], 1, "unknown term code 'ITO9'; did you mean"),
    ([["20", "{options name}", "<"]], 1, "'name' is of type text: it has no terms to tick"),
    ([["20", "{options}", "<"]], 1, "write {options field} or {options field CODE}"),
    ([["20", "<", "甲"]], 1, "'<' in cell 1 joins nothing"),
    ([["20", "甲", "乙"], ["20", "^", "丙"], ["20", "丁", "^"], ["20", "戊", "^"], ["20", "^", "己"], ["20", "^", "<"]], 6,
     "'<' in cell 2 joins nothing"),
    ([["20", "甲", "<"], ["20", "^", "乙"]], 2, "the area that starts in cell 1 of line 1 is no rectangle"),
    ([["高", "甲", "乙"]], 1, "'高' is no height; write points or 'auto'"),
])
def test_a_form_that_cannot_be_read_says_where(edition, lines, line, why):
    broken = replace(edition, forms={**edition.forms, "company": tuple(map(tuple, lines))})
    with pytest.raises(EditionError) as error:
        forms.plan_applicant_book(broken, "表", [])
    assert (error.value.path, error.value.key) == ("forms/company.csv", f"line {line}") and why in error.value.why


def test_a_small_form(edition):
    """Title, a line of facts, joined cells, a text with two values, an automatic height."""
    lines = (("30", "# 登记表", "<", "<"), ("auto", "{edition title}", "{edition year}", "编号：{number}"),
             ("15", "## 一", "<", "<"), ("auto", "名称", "{name}（{city}）", "<"), ("20", "^", "^", "<"),
             ("60", "{seal 公章}", "<", ""), ("12", "于{edition deadline}寄出", "<", "<"))
    small = replace(edition, forms={**edition.forms, "park": lines})
    shown = texts(page(small, "park", name="甲园", city=None))
    for text in ("编号：007", "登记表", edition.title, "2017", "一", "名称", "甲园（未提供）", "公章", "于2018年7月3日前（含当日）寄出"):
        assert text in shown


def test_a_label_too_long_for_its_line_breaks_before_its_bracket(edition):
    shown = texts(page(edition, "company"))
    assert "信息技术外包\n（ITO）" in shown and "服务外包行业\n（表格 1）" in shown


# ------------------------------------------------------------------ the book

def people(edition, *rows):
    return [Applicant(kind, f"{n:03d}", values, (), verdict, region)
            for n, (kind, verdict, region, values) in enumerate(rows, 1)]


def test_the_index_leads_to_every_page_and_shows_the_verdict(edition):
    book = forms.plan_applicant_book(edition, "山东省 申报单位表", people(
        edition, ("company", "符合", "山东省", {"name": "齐鲁软件股份有限公司", "credit_code": "91370683310461435X"}),
        ("park", "待补充", "青岛市", {"name": "O'Brien [园]"}), ("trainer", "不符合", "山东省", {})))
    index = book.sheets[0]
    assert [s.name for s in book.sheets] == ["目录", "001 齐鲁软件", "002 O'Brien 园", "003"]
    links = [v for _, _, v in index.values() if isinstance(v, Link)]
    assert [link.target for link in links] == ["'001 齐鲁软件'!A1", "'002 O''Brien 园'!A1", "'003'!A1"]
    rows = {r: [v.text if isinstance(v, Link) else v for rr, _, v in index.values() if rr == r] for r in (4, 5, 6)}
    assert rows[4] == ["001", "服务外包企业", "齐鲁软件股份有限公司", "91370683310461435X", "山东省", "符合"]
    assert rows[5][2:] == ["O'Brien [园]", "", "青岛市", "待补充"]
    assert rows[6][2:] == ["（未填名称）", "", "山东省", "不符合"]
    assert any("服务外包企业 1 家、产业园区 1 家、培训机构及教育院校 1 家" in text for text in texts(index))


def test_no_page_shows_a_verdict(edition):
    everyone = people(edition, *(("company", verdict, "山东省", {"name": "甲"}) for verdict in ("符合", "不符合")))
    for sheet in forms.plan_applicant_book(edition, "表", everyone).sheets[1:]:
        assert not any(word in text for text in texts(sheet) for word in ("符合", "待补充"))


def test_a_book_without_applicants_is_an_empty_index(edition):
    book = forms.plan_applicant_book(edition, "表", [])
    assert [s.name for s in book.sheets] == ["目录"] and any("共 0 家" in text for text in texts(book.sheets[0]))


def test_one_book_a_region(edition, applicants):
    judged = {
        "company": judge(applicants("company", {"name": "甲", "province": "广东省", "city": "深圳"},
                                    {"name": "乙", "province": "山东省", "credit_code": "91370683310461435X"}), edition),
        "park": judge(applicants("park", {"name": "丙", "province": "深圳市"}, {"name": "丁"}), edition),
        "trainer": judge(applicants("trainer"), edition)}
    books = dict(plan_applicant_books(judged, set()))
    assert {region: [s.name for s in book.sheets[1:]] for region, book in books.items()} == {
        "山东省": ["001 乙"], "深圳市": ["001 甲", "002 丙"], "未填": ["001 丁"]}
    assert list(books) == ["山东省", "深圳市", "未填"]
    only = dict(plan_applicant_books(judged, {"91370683310461435X", "丁"}))
    assert {region: [s.name for s in book.sheets[1:]] for region, book in only.items()} == {
        "山东省": ["001 乙"], "未填": ["001 丁"]}


def test_materials_come_from_the_judgement(edition, applicants):
    found = judge(applicants("company", {"name": "甲", "is_listed": "是", "material_licence": "有"}), edition)
    (_, book), = plan_applicant_books({"company": found}, set())
    shown = "\n".join(texts(book.sheets[1]))
    for line in ("☑ ② 营业执照复印件", "上年度审计报告", "合并后的财务报表（如涉及）"):
        assert line in shown
    assert "利润表" not in shown and not any(word in shown for word in ("已收", "待核", "缺"))


# ------------------------------------------------------------------ names of sheets

ODD = st.text(alphabet=st.one_of(st.characters(), st.sampled_from("[]:*?/\\'\"=\0\ud800😀 有限公司ABab")), max_size=50)


@given(st.lists(ODD, max_size=12))
def test_sheet_names_are_legal_different_and_stable(wanted):
    names = paper.unique_sheet_names(wanted, reserved=("目录",))
    assert names == paper.unique_sheet_names(wanted, reserved=("目录",))
    assert len({name.casefold() for name in names} | {"目录", "history"}) == len(wanted) + 2
    for name in names:
        assert 0 < len(name.encode("utf-16-le")) // 2 <= 31
        assert not re.search(r"[\[\]:*?/\\\x00-\x1f\ud800-\udfff]", name)
        assert name == name.strip("' ")


@pytest.mark.parametrize("wanted, names", [
    (["001 甲", "001 甲"], ["001 甲", "001 甲~2"]),
    (["A", "a"], ["A", "a~2"]),
    (["History", "目录", ""], ["History~2", "目录~2", "未命名"]),
    (["😀" * 20], ["😀" * 15]),
    (["'甲'/乙"], ["甲' 乙"]),
])
def test_sheet_names_by_example(wanted, names):
    assert paper.unique_sheet_names(wanted, reserved=("目录",)) == names


def test_a_sheet_is_named_by_number_and_short_name(edition):
    everyone = people(edition, *(("company", "", "", {"name": name}) for name in (
        "齐鲁软件有限公司", "华信集团股份有限公司", "有限公司", None, "国" * 40)))
    assert forms.applicant_sheet_names(everyone) == [
        "001 齐鲁软件", "002 华信", "003 有限公司", "004", "005 " + "国" * 27]


# ------------------------------------------------------------------ paper

@given(st.lists(st.text("字ab（）、 IT", min_size=1, max_size=30), min_size=1, max_size=15), st.floats(8, 60))
def test_flow_keeps_every_item_whole_and_inside_the_line(items, width):
    items = [f"☐ {item.strip() or '字'}" for item in items]
    lines = paper.flow(items, width, paper.column_step(tuple(items), width)).split("\n")
    rest = "".join(lines).replace("　", "").replace(" ", "")
    assert rest == "".join(items).replace(" ", "")
    for line in lines:
        assert paper.text_em(line, 0.5) <= width + 1 or line.count("☐") == 1


@pytest.mark.parametrize("text, width, lines", [
    ("", 10, 1), ("字" * 10, 10, 1), ("字" * 11, 10, 2), ("字" * 18, 10, 2), ("字" * 19, 10, 3),
    ("一\n二", 10, 2), ("a" * 100, 10, 7),
])
def test_count_lines(text, width, lines):
    assert paper.count_lines(text, width) == lines


@pytest.mark.parametrize("room, limit, heights", [
    (100, 2, [20, 32, 48]), (100, 1.5, [20, 30, 45]), (60, 2, [20, 20, 30]),
])
def test_stretch_fills_the_room_up_to_the_limit(room, limit, heights):
    assert paper.stretch([20, 20, 30], [True, False, False], room, limit) == pytest.approx(heights)


def test_rows_that_stay_as_they_are_are_not_stretched():
    assert paper.stretch([20, 20], [True, True], 100, 2) == [20, 20]


# ------------------------------------------------------------------ on paper

@pytest.mark.slow
def test_every_applicant_fits_whole_on_its_page(edition, tmp_path):
    """In LibreOffice's PDF: as many A4 pages as declared, every value whole, no text over another or outside.

    One page; a second only where texts of 500 characters would make one too small to read.
    """
    everyone = [extreme(edition, kind, number, length)
                for number, (kind, length) in enumerate([(k, n) for k in KINDS for n in (0, 60, 500)], 1)]
    book = forms.plan_applicant_book(edition, "申报单位表", everyone)
    declared = [sheet.print.fit[1] for sheet in book.sheets[1:]]
    assert declared[0::3] + declared[1::3] == [1] * 6
    assert set(declared) <= {1, 2}
    pdf = to_pdf(book, tmp_path)
    pages = pages_of(pdf)
    assert len(pages) == sum(declared) + 1
    starts = [1 + sum(declared[:i]) for i in range(len(declared))]
    for one, start, count in zip(everyone, starts, declared):
        shown = "\n".join(pages[start:start + count])
        for f in printed_fields(edition, one.kind):
            values = one.values[f.id] if isinstance(one.values[f.id], tuple) else [value_text(edition, f, one.values[f.id])]
            for value in values:
                assert squeezed(value) in shown, (one.kind, f.id)
    for size, boxes in words_of(pdf):
        assert size == pytest.approx(paper.A4, abs=0.5)
        assert_no_overlap(size, boxes)
