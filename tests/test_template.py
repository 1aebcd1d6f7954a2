"""The template: what it offers, what it computes in LibreOffice, and that the committed one is current."""

import random
import re
import zipfile
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from pathlib import Path

import openpyxl
import pytest
from openpyxl.formula.translate import Translator
from soffice import office, pages  # noqa: F401

from tuijie_xl import __version__
from tuijie_xl.actions import import_files
from tuijie_xl.applicants import frame_of, readable
from tuijie_xl.book import Formula, SheetPlan, WorkbookPlan, column_letter
from tuijie_xl.condition import parse_condition
from tuijie_xl.credit_code import check_character
from tuijie_xl.criteria import judge_condition
from tuijie_xl.edition import editions, load_edition
from tuijie_xl.files.saving import save_workbook
from tuijie_xl.layout.columns import TICK, column_of, kind_columns
from tuijie_xl.layout.entry import FIRST_ROW, LABEL_ROW, plan_entry
from tuijie_xl.layout.formulas import COMPUTED, RowCells, truth
from tuijie_xl.layout.guide import GUIDE, MATERIALS
from tuijie_xl.layout.lists import LISTS, list_name, plan_lists
from tuijie_xl.layout.prompts import definitions, prompt
from tuijie_xl.layout.style import BASE
from tuijie_xl.layout.template import MARK, SETTINGS, plan_template
from tuijie_xl.layout.words import describe
from tuijie_xl.measures import complete_terms, compute_measures

WORKBOOKS = Path(__file__).parents[1] / "workbook"
GRID = list(product(
    (None, Decimal(0), Decimal("2999.99"), Decimal(3000), Decimal("3000.01")), (None, 0, 85, 86, 299, 300, 301),
    ("境内", "境外", None), ("是", "否", None), ("交付中心", "研发中心", "交付中心和研发中心", "无", None), (None, "两者均有")))


@pytest.fixture(scope="module")
def plan(edition):
    return plan_template(edition, 20)


@pytest.fixture(scope="module")
def template(plan, tmp_path_factory):
    return save_workbook(plan, tmp_path_factory.mktemp("template") / "t.xlsx")[0]


def parts(path) -> dict[str, str]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode("utf-8") for name in archive.namelist()}


def recalculated(office, path, kind_sheet: str, labels) -> list[dict]:  # noqa: F811
    """The values that LibreOffice computes in the prepared rows, one dict a row, by label."""
    book = openpyxl.load_workbook(office.recalculate(path), data_only=True, read_only=True)
    rows = book[kind_sheet].iter_rows(min_row=LABEL_ROW + 1, values_only=True)
    at = {label: i for i, label in enumerate(next(rows)) if label in labels}
    found = [{label: row[i] for label, i in at.items()} for row in rows]
    book.close()
    return found


# ------------------------------------------------------------------ what the file holds

def test_the_sheets_in_their_order(edition, template):
    book = openpyxl.load_workbook(template)
    assert book.sheetnames == [GUIDE, *(k.sheet for k in edition.kinds.values()), MATERIALS, LISTS, SETTINGS]
    assert [s.title for s in book if s.sheet_state == "hidden"] == [LISTS, SETTINGS]
    assert all(page.protection.sheet for page in book)
    settings = {row[0].value: row[1].value for row in book[SETTINGS]}
    assert settings == {MARK: None, "edition": edition.id, "title": edition.title, "version": __version__, "book": "template"}


def test_labels_are_verbatim_and_every_column_explains_itself(edition, template):
    book = openpyxl.load_workbook(template)
    for kind in edition.kinds.values():
        page, columns = book[kind.sheet], kind_columns(edition, kind.id)
        assert [c.value for c in page[LABEL_ROW + 1]] == [c.label for c in columns]
        told = {str(v.sqref).split(":")[0]: v for v in page.data_validations.dataValidation}
        for column in columns:
            shown = told[f"{column_letter(column.index)}{FIRST_ROW + 1}"]
            assert shown.promptTitle == column.label and shown.showInputMessage
            assert edition.cite(column.field.source) in shown.prompt
            if not column.term:
                assert column.field.help in shown.prompt and column.field.unit in shown.prompt
                assert column.field.example in shown.prompt


def test_input_cells_are_open_and_formulas_locked(edition, template):
    book = openpyxl.load_workbook(template)
    for kind in edition.kinds.values():
        page = book[kind.sheet]
        for column in kind_columns(edition, kind.id):
            for row in (FIRST_ROW + 1, FIRST_ROW + 20):
                cell = page.cell(row, column.index + 1)
                assert cell.protection.locked == (column.field.type in COMPUTED), cell
                assert (cell.data_type == "f") == (column.field.type in COMPUTED), cell
                if column.field.type in ("credit_code", "phone", "postcode", "text"):
                    assert cell.number_format == "@"
        assert page.freeze_panes == f"D{FIRST_ROW + 1}" and page.auto_filter.ref.startswith(f"A{LABEL_ROW + 1}:")
        assert page.print_title_rows == "$3:$5" and page.page_setup.orientation == "landscape"


def test_definitions_are_seen_where_they_are_chosen(edition, template):
    book = openpyxl.load_workbook(template)
    guide = {cell.value for row in book[GUIDE] for cell in row}
    for kind, f in (("company", "industry"), ("company", "hq")):
        field = edition.fields(kind)[f]
        explained = definitions(field, edition)
        column = next(c for c in kind_columns(edition, kind) if c.field.id == f)
        note = book[edition.kinds[kind].sheet].cell(LABEL_ROW + 1, column.index + 1).comment
        assert explained in (note.text if note else prompt(column, edition))
        assert {term.definition for term in edition.terms(field)} <= guide
    assert len(edition.vocabularies["industry"].terms) == 8


def test_every_clause_of_standards_and_materials_is_quoted(edition, template):
    book = openpyxl.load_workbook(template)
    guide = {cell.value for row in book[GUIDE] for cell in row}
    assert {edition.clauses[c.clause].words for c in (*edition.criteria, *edition.materials)} <= guide
    listed = [[cell.value for cell in row[1:5]] for row in book[MATERIALS].iter_rows(min_row=4)]
    for m in edition.materials:
        assert [m.label, describe(m.when, edition, m.kind), m.help, edition.cite(m.clause)] in listed


def test_nothing_that_excel_2010_or_another_program_would_lose(edition, template):
    for name, xml in parts(template).items():
        assert "INDIRECT" not in xml and "x14:" not in xml and "extLst" not in xml, name
        for formula in re.findall(r"<formula1>(.*?)</formula1>", xml):
            assert len(formula) <= 255, formula
        for formula in re.findall(r"<f>(.*?)</f>", xml):
            assert len(formula) < 8192 and not re.search(r"\b(LET|FILTER|TEXTJOIN|CONCAT|IFS|XLOOKUP)\(|_xlfn", formula)
        for formula in re.findall(r"<cfRule.*?<formula>(.*?)</formula>", xml):
            assert "{" not in formula                   # Excel takes no array constants there


def test_no_list_range_holds_an_empty_cell(edition, template):
    book = openpyxl.load_workbook(template)
    assert book.defined_names
    for name, defined in book.defined_names.items():
        if name.startswith(("list_", "of_")):
            ((sheet, area),) = defined.destinations
            values = [row[0].value for row in book[sheet][area]]
            assert sheet == LISTS and all(isinstance(v, str) and v.strip() for v in values), name


def test_every_dropdown_offers_what_the_edition_accepts_and_no_more(edition, template):
    book = openpyxl.load_workbook(template)
    for kind in edition.kinds.values():
        told = {str(v.sqref).split(":")[0]: v for v in book[kind.sheet].data_validations.dataValidation}
        for column in kind_columns(edition, kind.id):
            f, shown = column.field, told[f"{column_letter(column.index)}{FIRST_ROW + 1}"]
            assert (shown.type == "list") == bool(f.vocabulary)
            if f.type == "term":
                ((sheet, area),) = book.defined_names[list_name(f)].destinations
                offered = [row[0].value for row in book[sheet][area]]
                assert sorted(offered) == sorted(t.label for t in edition.terms(f))
                assert readable(f, edition, offered).all() and not shown.allowBlank
                assert list_name(f) in shown.formula1
            elif f.type == "terms":
                assert shown.formula1 == f'"{TICK}"'
                assert readable(f, edition, [(column.label,)]).all()


@pytest.mark.parametrize("name", editions())
def test_the_committed_template_is_current(tmp_path, name):
    fresh = save_workbook(plan_template(load_edition(name)), tmp_path / f"推介填报_{name}.xlsx")[0]
    # part by part: the compression of another platform may differ
    assert parts(fresh) == parts(WORKBOOKS / fresh.name), "run: python workbook/build.py"


def test_two_builds_are_the_same_bytes(edition, tmp_path, template):
    again = save_workbook(plan_template(edition, 20), tmp_path / "t.xlsx")[0]
    assert again.read_bytes() == template.read_bytes()


def test_given_applicants_are_written_as_they_are(edition):
    frame = frame_of(edition, "company", {"name": ["甲公司"], "services": [("大数据",)], "outsourcing_staff": ["约300"],
                                          "verdict": ["符合"]})
    sheet = plan_entry(edition, "company", 3, frame)
    held = {(r, c): v for r, c, v in sheet.values()}
    columns = {c.label: c.index for c in kind_columns(edition, "company")}
    assert held[FIRST_ROW, columns["企业名称"]] == "甲公司" and held[FIRST_ROW, columns["大数据"]] == TICK
    assert held[FIRST_ROW, columns["从事服务外包工作的员工（人）"]] == "约300"
    assert held[FIRST_ROW, columns["结论"]].result == "符合" and held[FIRST_ROW + 2, columns["结论"]].result == ""
    assert len(plan_entry(edition, "company", 0, frame).blocks[-1][2][0]) == 1


def test_ticks_that_could_not_be_read_stand_as_written_in_the_first_tick_column(edition):
    columns = kind_columns(edition, "company")
    ticks = [c for c in columns if c.term]
    assert [c.value({"services": "看情况"}) for c in ticks] == ["看情况"] + [None] * 39
    assert [c.label for c in ticks if c.value({"services": ("大数据", "云计算")})] == ["云计算", "大数据"]
    assert [c.value({}) for c in ticks] == [None] * 40
    assert column_of(columns, "services") == ticks[0]
    with pytest.raises(KeyError):
        column_of(columns, "no_such_field")


def test_a_condition_in_words(edition):
    words = {m.id: describe(m.when, edition, "company") for m in edition.materials_of("company")}
    assert words["licence"] == "都须提供" and words["patents"] == "“专利权（件）”高于 0 件"
    assert words["digital"].startswith("“涉及数字化转型服务”为“是”，或“服务外包功能领域”选有“大数据”、“云计算”、")
    place = edition.criteria_of("company")[0]
    assert describe(place.condition, edition, "company") == (
        "“企业总部所在地”为“境内”且“业务交付主体在中国”为“是”，或“企业总部所在地”为“境外”且“在华中心”为"
        "“交付中心”、“研发中心”、“交付中心和研发中心”之一且填有“境外总部业务来源”")
    assert describe(False, edition, "company") == "不须提供"


# ------------------------------------------------------------------ the cascade

def cascade(edition):
    """(field, its parent field, parent term, children) for every parent of the tree."""
    fields = edition.fields("company")
    for f in (f for f in fields.values() if f.parent):
        vocabulary = edition.vocabularies[f.vocabulary]
        for parent in edition.terms(fields[f.parent]):
            yield f, fields[f.parent], parent, [t.label for t in edition.terms(f) if parent in vocabulary.path(t)]


@pytest.mark.slow
def test_libreoffice_offers_exactly_the_children_of_every_parent(edition, office, tmp_path):  # noqa: F811
    """In the first and the last prepared row, with the very formula of the validation; also after xlsx -> ods -> xlsx."""
    full = save_workbook(plan_template(edition), tmp_path / "full.xlsx")[0]
    page = openpyxl.load_workbook(full)[edition.kinds["company"].sheet]
    columns = {c.field.id: c for c in kind_columns(edition, "company")}
    lists, names = plan_lists(edition)
    probe, filled, expected = SheetPlan("probe"), SheetPlan("企业"), []
    for step, (f, above, parent, children) in enumerate(cascade(edition)):
        letter = column_letter(columns[f.id].index)
        rule = next(v for v in page.data_validations.dataValidation if str(v.sqref).startswith(f"{letter}{FIRST_ROW + 1}:"))
        first, last = (int(re.sub(r"\D", "", corner)) for corner in str(rule.sqref).split(":"))
        assert (first, last) == (FIRST_ROW + 1, FIRST_ROW + 500)
        for row in (first, last):
            # one sheet a parent would do; here each parent has its own pair of rows, 1,000 rows apart
            moved = row + 1000 * step
            source = Translator(f"={rule.formula1}", f"{letter}{first}").translate_formula(f"{letter}{moved}")[1:]
            filled.put(moved - 1, columns[above.id].index, parent.label, BASE)
            source = re.sub(rf"\$([A-Z]+){moved}\b", rf"企业!$\g<1>{moved}", source)
            probe.put(len(expected), 0, Formula(f"ROWS({source})"), BASE)
            for i in range(12):
                probe.put(len(expected), i + 1, Formula(f'IFERROR(INDEX({source},{i + 1}),"")'), BASE)
            expected.append(children)
    path = save_workbook(WorkbookPlan([filled, probe, lists], names), tmp_path / "probe.xlsx")[0]
    for again in (path, office.convert(office.convert(path, "ods"), "xlsx")):
        found = openpyxl.load_workbook(office.recalculate(again), data_only=True)["probe"]
        offered = [[v for v in row[1:1 + int(row[0])]] for row in found.iter_rows(values_only=True)]
        assert offered == expected
    tree = edition.vocabularies["service"]
    assert [len(tree.level(n)) for n in (1, 2, 3)] == [3, 9, 40]
    assert {label for row in expected for label in row} == {t.label for n in (2, 3) for t in tree.level(n)}


@pytest.mark.slow
def test_the_dropdowns_survive_a_round_trip_through_ods(edition, office, template):  # noqa: F811
    def rules(path):
        page = openpyxl.load_workbook(path)[edition.kinds["company"].sheet]
        return {str(v.sqref): v.formula1.replace("$", "").replace(" ", "")
                for v in page.data_validations.dataValidation if v.type == "list" and "list_" in v.formula1}
    back = rules(office.convert(office.convert(template, "ods"), "xlsx"))
    before = rules(template)
    assert len(before) > 20 and {v for v in before.values()} == {v for v in back.values()}


# ------------------------------------------------------------------ the judgement, recalculated

def oracle(revenue, staff, hq, delivery, centre, source) -> tuple[str, str]:
    """The notice in plain words, written apart from the product: (verdict, revenue per head as shown)."""
    home = False if hq == "境外" or delivery == "否" else True if hq == "境内" and delivery == "是" else None
    abroad = (False if hq == "境内" or centre == "无" else
              True if hq == "境外" and centre is not None and source is not None else None)
    enough = None if revenue is None else revenue >= 3000
    many = None if staff is None else staff >= 300
    ratio = revenue / staff if revenue is not None and staff else None
    rich = None if ratio is None else revenue >= 35 * staff
    place = True if True in (home, abroad) else None if None in (home, abroad) else False
    size = True if True in (many, rich) else None if None in (many, rich) else False
    answers = (place, enough, size)
    verdict = "不符合" if False in answers else "待补充" if None in answers else "符合"
    return verdict, "" if ratio is None else f"{int(ratio * 100) / 100:.2f}"


@pytest.mark.slow
def test_the_boundary_grid_recalculated_by_libreoffice(edition, office, tmp_path):  # noqa: F811
    revenue, staff, hq, delivery, centre, source = (list(column) for column in zip(*GRID))
    frame = frame_of(edition, "company", {
        "name": [f"第{i}家公司" for i in range(len(GRID))], "outsourcing_revenue": revenue, "outsourcing_staff": staff, "hq": hq,
        "delivery_in_china": delivery, "china_centre": centre, "overseas_source": source})
    path = save_workbook(plan_template(edition, len(GRID), {"company": frame}), tmp_path / "grid.xlsx")[0]
    labels = ("结论", "人均营业额（万元/人）", "待更正")
    found = recalculated(office, path, "企业", labels)
    assert len(found) == len(GRID) == 3150
    for case, row in zip(GRID, found):
        shown = row["人均营业额（万元/人）"]
        assert (row["结论"], f"{shown:.2f}" if isinstance(shown, int | float) else shown or "") == oracle(*case), case
        assert not row["待更正"], case


@pytest.mark.slow
def test_what_python_calls_equal_the_sheet_calls_equal(edition, office, tmp_path):  # noqa: F811
    """Noise of floats, figures that round up to the limit, unreadable cells; and nothing is said of an empty row."""
    cases = [                               # revenue, staff, verdict, revenue per head
        (2999.9999999999995, 300, "符合", 10), (2999.999, 300, "不符合", 9.99), (3001.14, 86, "不符合", 34.89),
        (Decimal("10464.99"), 299, "不符合", 34.99), (10465, 299, "符合", 35), (Decimal("10499.99"), 299, "符合", 35.11),
        (3000, "约300", "待补充", None), ("3000万", 300, "待补充", None), (3000, -5, "待补充", None), (3000, 300.5, "待补充", None)]
    frame = frame_of(edition, "company", {
        "name": ["某公司"] * len(cases), "outsourcing_revenue": [c[0] for c in cases],
        "outsourcing_staff": [c[1] for c in cases], "hq": ["境内"] * len(cases), "delivery_in_china": ["是"] * len(cases)})
    path = save_workbook(plan_template(edition, len(cases) + 1, {"company": frame}), tmp_path / "c.xlsx")[0]
    found = recalculated(office, path, "企业", ("序号", "结论", "人均营业额（万元/人）", "缺项", "待更正"))
    assert [(row["结论"], row["人均营业额（万元/人）"] or None) for row in found[:-1]] == [case[2:] for case in cases]
    assert found[0]["序号"] == 1 and not any(found[-1].values())


CONDITIONS = [
    "hq is 境内", "china_centre is 交付中心|研发中心", "overseas_source stated", "name stated", "services stated",
    "services has 大数据|云计算|IT 解决方案", "services has 物联网", "patents > 0", "patents <= 3", "founded_on stated",
    "outsourcing_revenue >= 3000", "outsourcing_revenue < 2999.99", "outsourcing_staff >= 300", "ito_share > 50",
    "revenue_per_head >= 35", "revenue_per_head < 34.99", "revenue_per_head stated",
    "is_listed is 是 and patents > 0 or uses_crowdsourcing is 是", "hq is 境外 and outsourcing_staff >= 300",
]


@pytest.mark.slow
def test_any_condition_is_the_same_in_the_sheet_and_in_python(edition, office, tmp_path):  # noqa: F811
    """True, false and unknown, over rows with blanks, unreadable cells and figures at the limits."""
    dice, rows = random.Random(7), []
    for _ in range(150):
        row = legal_row(edition, "company", dice)
        row |= {"outsourcing_revenue": dice.choice((3000, Decimal("2999.99"), Decimal(10465), Decimal("10464.99"), -1, "约三千")),
                "outsourcing_staff": dice.choice((299, 300, 0, 86, "一百", -3)), "patents": dice.choice((0, 1, 3, 4)),
                "services": dice.choice((row["services"], ("大数据",), None, None, "√")),
                "hq": dice.choice(("境内", "境外", "国外"))}
        for name in dice.sample(list(row), 25):
            row[name] = None
        rows.append(row)
    frame = frame_of(edition, "company", {f: [row.get(f) for row in rows] for f in edition.fields("company")})
    sheet = plan_entry(edition, "company", len(rows), frame)
    columns = kind_columns(edition, "company")
    for number, text in enumerate(CONDITIONS):
        sheet.put(LABEL_ROW, len(columns) + 1 + number, text, BASE)
        for row in range(FIRST_ROW, FIRST_ROW + len(rows)):
            cells = RowCells(edition, "company", columns, row + 1, LABEL_ROW + 1)
            sheet.put(row, len(columns) + 1 + number, Formula(truth(parse_condition(text), cells)), BASE)
    lists, names = plan_lists(edition)
    path = save_workbook(WorkbookPlan([sheet, lists], names), tmp_path / "c.xlsx")[0]
    found = recalculated(office, path, "企业", CONDITIONS)
    judged = complete_terms(frame, edition, "company")
    for name, values in compute_measures(judged, edition, "company").items():
        judged[name] = values
    for text in CONDITIONS:
        python = judge_condition(parse_condition(text), judged, edition, "company").to_numpy(dtype=object, na_value=0.5)
        assert [row[text] for row in found] == [float(x) for x in python], text
        assert len(set(python)) > 1, f"{text}: the rows decide nothing"


# ------------------------------------------------------------------ pasting past the validation

def legal_row(edition, kind: str, dice: random.Random) -> dict:
    """A legal value in every field of ``kind``."""
    row: dict = {}
    for f in sorted(edition.fields(kind).values(), key=lambda f: depth(edition, f)):
        if f.type not in COMPUTED and (value := legal_value(edition, f, row, dice)) is not None:
            row[f.id] = value
    return row


def depth(edition, f) -> int:
    fields = edition.fields(f.kind)
    return 0 if not (f.at_most or f.parent or f.other_of) else 1 + depth(edition, fields[f.at_most or f.parent or f.other_of])


def legal_value(edition, f, row, dice):
    if f.other_of:
        calls = {t.label for t in edition.terms(edition.fields(f.kind)[f.other_of]) if t.needs_text}
        return "农业" if row[f.other_of] in calls else None
    if f.is_numeric:
        low, high = int(f.minimum or 0), int(f.maximum or 100_000)
        value = dice.randint(low, int(min(high, row.get(f.at_most, high))))
        return value if f.type in ("count", "year") else Decimal(value)
    if f.type == "date":
        return (f.latest or date(2018, 1, 1)) - timedelta(days=dice.choice((0, 1, 900)))
    if f.type == "term":
        vocabulary = edition.vocabularies[f.vocabulary]
        offered = [t.label for t in edition.terms(f)
                   if not f.parent or row[f.parent] in {p.label for p in vocabulary.path(t)}]
        return dice.choice(offered)
    if f.type == "terms":
        labels = [t.label for t in edition.terms(f)]
        return tuple(dice.sample(labels, dice.randint(1, len(labels))))
    body = "91370100MA" + "".join(dice.choice("0123456789ABCDEFGHJKLMNPQRTUWXY") for _ in range(7))
    return {"credit_code": body + check_character(body), "phone": dice.choice(("0531-88888888", "13800000000/（010）66668888转801")),
            "postcode": dice.choice(("250101", "010010")), "email": "lian.xi@example.com.cn", "url": "http://www.example.com",
            "long_text": "字" * int(f.maximum or 9)}.get(f.type, f"某某信息（集团）{body[-4:]}有限公司~*?")


ILLEGAL = {                                 # what the importer cannot make sense of either
    "number": ["约三百来个", "3,000万元左右吧", "二百多", "=1+1", "#"], "date": ["2018年某月", "待定吧", "7月"],
    "term": ["不在词表", "*", "?", "~"], "terms": ["部分涉及", "看情况", "*"],
    "credit_code": ["9137010074565869X", "91370100MA3C0KJY7K", "91370100MA3COKJY7J", "1234567890123456"],
    "phone": ["123", "无电话号码啊", "abcdefgh"], "postcode": ["2501", "25010A", "2501011"],
    "email": ["没有邮箱", "a@b", "@b.cn", "a@b.", "a.b"],
}


def illegal_values(edition, f, row) -> list:
    if f.is_numeric:
        beyond = [limit + step for limit, step in ((f.minimum, -1), (f.maximum, 1)) if limit is not None]
        beyond += [row[f.at_most] + 1] if f.at_most else []
        return ILLEGAL["number"] + beyond + [Decimal("1.5")] * (f.type == "count")
    if f.type == "date":
        return ILLEGAL["date"] + ([f.latest + timedelta(days=1)] if f.latest else [])
    if f.parent:
        vocabulary = edition.vocabularies[f.vocabulary]
        strangers = [t.label for t in edition.terms(f) if row[f.parent] not in {p.label for p in vocabulary.path(t)}]
        return ILLEGAL["term"] + strangers[:4] * 2
    if f.other_of:
        return ["农业"] if f.id not in row else []
    if f.type == "long_text":
        return ["字" * (int(f.maximum) + 1)]
    return ILLEGAL.get(f.type, [])


def pasted(edition, kind: str, count: int, seed: int) -> tuple[list[dict], list[dict], list]:
    """``count`` legal rows, the same with one illegal cell each, and the fields of those cells; all fields have a turn."""
    dice, legal, broken, spoilt = random.Random(seed), [], [], []
    fields = [f for f in edition.fields(kind).values() if f.type not in COMPUTED]
    while len(legal) < count:
        row, f = legal_row(edition, kind, dice), fields[len(legal) % len(fields)]
        while not (choice := illegal_values(edition, f, row)):
            f = dice.choice(fields)
        legal.append(row)
        broken.append({**row, f.id: dice.choice(choice)})
        spoilt.append(f)
    return legal, broken, spoilt


#: Findings about an applicant whose cells are all legal.
JUDGEMENTS = {"material-missing", "material-doubtful", "materials-unreported", "criterion-unmet", "criterion-unknown",
              "unit-slip", "zero-staff", "percent-doubtful", "duplicate-applicant"}


@pytest.mark.slow
@pytest.mark.parametrize("kind, count", [("company", 100), ("park", 50), ("trainer", 50)])
def test_pasting_past_the_validation_is_found_by_the_sheet_and_by_python(edition, office, tmp_path, kind, count):  # noqa: F811
    legal, broken, spoilt = pasted(edition, kind, count, seed=2018)
    rows = [*legal, *broken]
    frame = frame_of(edition, kind, {f: [row.get(f) for row in rows] for f in edition.fields(kind)})
    path = save_workbook(plan_template(edition, len(rows), {kind: frame}), tmp_path / "p.xlsx")[0]

    sheet = recalculated(office, path, edition.kinds[kind].sheet, ("待更正",))
    assert [row["待更正"] or "" for row in sheet[:count]] == [""] * count
    for f, row, cells in zip(spoilt, sheet[count:], broken, strict=True):
        assert f.label in (row["待更正"] or "").split("、"), (f.label, cells.get(f.id), row)

    python: dict[int, list] = {}
    for p in import_files([path], edition, jobs=1).problems:
        python.setdefault(p.row, []).append(p)
    about_cells = {p.code for i in range(count) for p in python.get(FIRST_ROW + 1 + i, [])} - JUDGEMENTS
    assert not about_cells
    for i, (f, cells) in enumerate(zip(spoilt, broken, strict=True)):
        assert {p.code for p in python[FIRST_ROW + 1 + count + i] if p.field == f.id} - JUDGEMENTS, (f.label, cells.get(f.id))


@pytest.mark.slow
def test_kinds_without_figures_are_judged_by_completeness(edition, office, tmp_path):  # noqa: F811
    """All required filled and readable: 符合; one blank or unreadable: 待补充; never 不符合."""
    full = legal_row(edition, "trainer", random.Random(1)) | {"filing_entity": "总公司或母公司", "has_certificates": "否"}
    required = [f for f in edition.fields("trainer").values() if f.required is True]
    rows = [full, *({**full, f.id: None} for f in required), {**full, "parent_name": None},
            {**full, "parent_name": None, "filing_entity": "本公司"}, {**full, "trainees": "约300"}]
    frame = frame_of(edition, "trainer", {f: [row.get(f) for row in rows] for f in edition.fields("trainer")})
    path = save_workbook(plan_template(edition, len(rows), {"trainer": frame}), tmp_path / "t.xlsx")[0]
    found = recalculated(office, path, edition.kinds["trainer"].sheet, ("结论", "缺项"))
    assert [(r["结论"], r["缺项"]) for r in found] == [
        ("符合", 0), *[("待补充", 1)] * len(required), ("待补充", 1), ("符合", 0), ("待补充", 0)]


@pytest.mark.slow
def test_an_error_value_in_a_cell_is_a_fault_of_that_cell_alone(edition, office, tmp_path):  # noqa: F811
    row = legal_row(edition, "company", random.Random(3))
    frame = frame_of(edition, "company", {f: [v, v] for f, v in row.items()})
    sheet = plan_entry(edition, "company", 2, frame)
    columns = {c.field.id: c for c in kind_columns(edition, "company")}
    for name in ("city", "hq", "total_revenue", "outsourcing_staff", "main_type", "stock_code"):
        sheet.put(FIRST_ROW + 1, columns[name].index, Formula("NA()"), BASE)
    lists, names = plan_lists(edition)
    path = save_workbook(WorkbookPlan([sheet, lists], names), tmp_path / "e.xlsx")[0]
    whole, broken = recalculated(office, path, "企业", ("待更正", "缺项", "结论", "序号", "人均营业额（万元/人）"))
    faults = broken["待更正"].split("、")
    assert not whole["待更正"] and broken["序号"] == 2 and broken["结论"] == "待补充" and not broken["人均营业额（万元/人）"]
    for name in ("city", "hq", "total_revenue", "outsourcing_staff", "main_type", "stock_code"):
        assert columns[name].label in faults
    assert set(faults) <= {columns[n].label for n in ("city", "hq", "total_revenue", "outsourcing_staff", "main_type",
                                                      "main_area", "stock_code")}


# ------------------------------------------------------------------ paper

@pytest.mark.slow
def test_the_guide_prints_on_three_pages(edition, office, tmp_path):  # noqa: F811
    guide = WorkbookPlan([plan_template(edition, 1).sheet(GUIDE)])
    assert pages(office.to_pdf(save_workbook(guide, tmp_path / "g.xlsx")[0])) <= 3
