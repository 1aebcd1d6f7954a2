"""The edition of 2018 says what the notice says, and nothing that is not either in the notice or marked 自拟."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from stdnum.cn import uscc

from tuijie_xl.condition import tests as each_test
from tuijie_xl.edition import OWN, TYPES, EditionError, editions, load_edition

NOTICE = (Path(__file__).parent / "data" / "推荐说明_2018.txt").read_text("utf-8")


def bare(text: str) -> str:
    """Without the white space, circles and blanks of the layout."""
    return re.sub(r"[\s○_]", "", text)


# ------------------------------------------------------------------ the words of the notice

def test_every_clause_stands_in_the_notice_word_for_word(edition):
    notice = bare(NOTICE.replace("\nhttp://tuijie.cciip.org.cn/\n", "\n"))
    for clause in edition.clauses.values():
        assert bare(clause.words) in notice, clause.number


def test_every_word_of_the_notice_stands_in_the_data(edition):
    """What is left of the notice after the data is taken out of it: numbering and the heads of the tables."""
    rest = bare(NOTICE)
    pieces = [clause.words for clause in edition.clauses.values()]
    for name in ("industry", "category", "service"):
        for term in edition.vocabularies[name].terms:
            pieces += [term.definition, term.label]
    for piece in sorted((bare(p) for p in pieces if p), key=len, reverse=True):
        assert piece in rest or len(piece) < 8, piece
        rest = rest.replace(piece, "|", 1)
    rest = re.sub(r"\|+", " ", rest)
    for mark in ("附件1:", "推荐说明", "http://tuijie.cciip.org.cn/", "行业定义", "行业类别",
                 *(f"{n}、" for n in "一二三四"), "（一）", "（二）", *(f"{n}." for n in range(1, 5))):
        rest = rest.replace(mark, " ")
    assert rest.split() == []


@pytest.mark.parametrize(("ident", "number", "start"), [
    ("1.1.1", "一（一）1", "企业总部和业务交付主体在中国"), ("1.1.2", "一（一）2", "外包业务上年度营业额不低于 3000 万"),
    ("1.1.3", "一（一）3", "从事服务外包工作的员工不低于 300 人"), ("1.2.1", "一（二）1", "填写《企业基本信息表》"),
    ("1.2.2", "一（二）2", "企业须提供营业执照复印件"), ("1.2.3", "一（二）3", "业务中涉及大数据"),
    ("1.2.4", "一（二）4", "以上材料于 2018 年 7月 3日前"), ("2.1", "二.1", "《园区信息表》（附件 2）"),
    ("2.2", "二.2", "园区须提供法人证明材料"), ("2.3", "二.3", "以上材料于"), ("3.1", "三.1", "培训机构及教育院校须填写信息表"),
    ("3.2", "三.2", "申报单位须提供上年度财务审计报告"), ("3.3", "三.3", "申报单位须提供培训课程"), ("3.4", "三.4", "以上材料于"),
    ("4.1", "四 表格 1", "表格 1：服务外包八大行业术语定义"), ("4.2", "四 表格 2", "表格 2：服务外包功能领域"),
])
def test_a_clause_is_cited_as_people_cite_it(edition, ident, number, start):
    assert edition.clauses[ident].words.startswith(start)
    assert edition.cite(ident) == f"推荐说明 {number}"


def test_what_is_not_a_clause_is_cited_as_it_is(edition):
    assert (edition.cite(OWN), edition.cite(None)) == ("自拟", "")


def test_the_head(edition):
    assert (edition.id, edition.statistics_year, edition.deadline) == ("2018", 2017, date(2018, 7, 3))
    assert edition.last_day == "2018年7月3日前（含当日）"
    assert edition.recipient == "我会"
    assert edition.website in edition.clauses["1.2.1"].words
    assert [(k.label, k.sheet, k.clause) for k in edition.kinds.values()] == [
        ("服务外包企业", "企业", "1"), ("产业园区", "园区", "2"), ("培训机构及教育院校", "培训机构", "3")]
    assert edition.kinds["company"].form == "企业基本信息表"
    assert edition.kinds["park"].form == "园区信息表"


# ------------------------------------------------------------------ the vocabularies

def test_the_sizes_of_the_tables(edition):
    service = edition.vocabularies["service"]
    assert len(edition.vocabularies["industry"].terms) == 8
    assert len(edition.vocabularies["category"].terms) == 13
    assert [len(service.level(n)) for n in (1, 2, 3)] == [3, 9, 40]
    assert service.leaves == service.level(3)
    assert [[len(service.children(middle)) for middle in service.children(top)] for top in service.children(None)] == [
        [3, 8, 3], [3, 8, 3], [6, 3, 3]]


def test_the_terms_are_in_the_order_of_the_notice(edition):
    table_1, table_2 = bare(NOTICE).split("表格2：")
    for name, text in (("industry", table_1.split("行业定义")[-1]), ("category", table_2)):
        places = [text.index(bare(term.label)) for term in edition.vocabularies[name].terms]
        assert places == sorted(places), name
    tree = table_2.split("其它", 1)[1]
    at = 0
    for leaf in edition.vocabularies["service"].leaves:         # '数据分析服务' must not be found too early
        at = tree.index(bare(leaf.label), at)


def test_a_leaf_lies_where_the_notice_puts_it(edition):
    service = edition.vocabularies["service"]
    leaf = service.by_label["认知算法"]
    assert [t.label for t in service.path(leaf)] == ["信息技术外包（ITO）", "信息技术服务外包", "认知算法"]
    assert service.by_code["BPO2-5"].label == "大数据"


def test_only_the_other_category_needs_a_text(edition):
    assert [t.label for v in edition.vocabularies.values() for t in v.terms if t.needs_text] == ["其它"]


def test_the_37_senders(edition):
    region = edition.vocabularies["region"]
    assert len(region.terms) == 37
    assert {t.label for t in region.terms if t.definition} == {
        "大连市", "青岛市", "宁波市", "厦门市", "深圳市", "新疆生产建设兵团"}
    short = {alias: t.label for t in region.terms for alias in t.aliases}
    for alias, label in (("广东", "广东省"), ("内蒙", "内蒙古自治区"), ("内蒙古", "内蒙古自治区"), ("兵团", "新疆生产建设兵团"),
                         ("新疆", "新疆维吾尔自治区"), ("深圳", "深圳市"), ("辽宁省大连市", "大连市"), ("北京", "北京市")):
        assert short[alias] == label


def test_words_mean_one_thing_even_when_width_case_and_space_are_lost(edition):
    """What an importer may fold away must not make two terms of a level, or two columns of a kind, the same."""
    def fold(word):
        return re.sub(r"[\s、，,.。\-“”\"]", "", word).casefold().translate(str.maketrans("（）／", "()/"))

    for vocabulary in edition.vocabularies.values():
        for level in (1, 2, 3):
            meant = {}
            for term in vocabulary.level(level):
                for word in (term.label, *term.aliases):
                    assert meant.setdefault(fold(word), term.label) == term.label, (vocabulary.id, word)
    for kind in edition.kinds:
        meant = {}
        for f in edition.fields(kind).values():
            for word in (f.label, *f.aliases):
                without_unit = re.sub(r"\(.*?\)", "", fold(word))
                assert meant.setdefault(without_unit, f.id) == f.id, (kind, word)


# ------------------------------------------------------------------ the fields

HOUSE_LABELS = {
    "name": "企业名称", "credit_code": "统一社会信用代码", "province": "省份", "city": "城市", "hq": "企业总部所在地",
    "delivery_in_china": "业务交付主体在中国", "china_centre": "在华中心", "overseas_source": "境外总部业务来源",
    "outsourcing_revenue": "外包业务上年度营业额（万元）", "outsourcing_staff": "从事服务外包工作的员工（人）",
    "revenue_per_head": "人均营业额（万元/人）", "is_listed": "是否上市公司", "filing_entity": "申报主体",
    "industry": "服务外包行业", "category": "行业类别", "category_other": "行业类别其它说明", "main_type": "主营业务类型",
    "main_area": "主营业务领域", "main_service": "主营具体服务",
}


def test_the_labels_that_others_rely_on(edition):
    fields = edition.fields("company")
    assert {ident: fields[ident].label for ident in HOUSE_LABELS} == HOUSE_LABELS


@pytest.mark.parametrize(("ident", "labels"), [
    ("hq", ["境内", "境外"]), ("delivery_in_china", ["是", "否"]), ("is_listed", ["是", "否"]),
    ("china_centre", ["交付中心", "研发中心", "交付中心和研发中心", "无"]),
    ("overseas_source", ["承接公司内部业务", "从中国承接外包业务", "两者均有"]), ("filing_entity", ["本公司", "总公司或母公司"]),
])
def test_what_a_field_may_hold(edition, ident, labels):
    assert [t.label for t in edition.terms(edition.fields("company")[ident])] == labels


def test_the_cascade_and_the_ticks(edition):
    for kind in edition.kinds:
        assert len(edition.terms(edition.fields(kind)["services"])) == 40
    company = edition.fields("company")
    assert [len(edition.terms(company[name])) for name in ("main_type", "main_area", "main_service")] == [3, 9, 40]
    assert (company["main_area"].parent, company["main_service"].parent) == ("main_type", "main_area")


def test_every_field_has_a_source_and_only_own_fields_are_marked_so(edition):
    for f in edition.all_fields:
        assert f.source == OWN or edition.clauses[f.source].kind in (None, f.kind), f
    own = {f.id for f in edition.fields("company").values() if f.source == OWN}
    assert own.isdisjoint(set(HOUSE_LABELS) - {"credit_code", "province", "city"})


def test_every_field_tells_what_it_means_and_how_to_fill_it(edition):
    for f in edition.all_fields:
        assert f.help and f.help.endswith("。"), f
        assert f.group and f.width > 0
        assert f.label.endswith(f"（{f.unit}）") or not f.unit, f
        assert len(f.label) <= 20, f


def test_every_example_is_a_value_that_the_field_accepts(edition):
    for f in edition.all_fields:
        if not f.example:
            continue
        if f.type == "term":
            assert f.example in {t.label for t in edition.terms(f)}, f
        elif f.type == "credit_code":
            assert uscc.is_valid(f.example), f
        elif f.type == "date":
            assert date.fromisoformat(f.example) <= (f.latest or date.max), f
        elif f.is_numeric:
            assert (f.minimum or 0) <= TYPES[f.type](f.example) <= (f.maximum or Decimal("Infinity")), f


def test_limits_that_come_from_the_head(edition):
    assert {f.id for f in edition.all_fields if f.latest == edition.deadline} == {"mailed_on", "approved_on"}


# ------------------------------------------------------------------ criteria, measures, materials

def test_the_criteria_are_those_of_the_notice(edition):
    shown = {c.id: (c.clause, [(t.field, t.op, t.values or t.limit) for t in each_test(c.condition)])
             for c in edition.criteria_of("company")}
    centres = ("交付中心", "研发中心", "交付中心和研发中心")
    assert shown == {
        "place": ("1.1.1", [("hq", "is", ("境内",)), ("delivery_in_china", "is", ("是",)), ("hq", "is", ("境外",)),
                            ("china_centre", "is", centres), ("overseas_source", "stated", None)]),
        "revenue": ("1.1.2", [("outsourcing_revenue", ">=", Decimal(3000))]),
        "scale": ("1.1.3", [("outsourcing_staff", ">=", Decimal(300)), ("revenue_per_head", ">=", Decimal(35))]),
    }
    assert edition.criteria_of("park") == edition.criteria_of("trainer") == ()


def test_the_measure(edition):
    (measure,) = edition.measures_of("company")
    assert (measure.field, measure.numerator, measure.denominator) == (
        "revenue_per_head", "outsourcing_revenue", "outsourcing_staff")
    assert measure.plausible == (Decimal("0.1"), Decimal(5000))
    assert edition.measures_of("park") == ()


@pytest.mark.parametrize(("kind", "clause", "papers"), [
    ("company", "1.2.1", {"企业基本信息表"}),
    ("company", "1.2.2", {"营业执照复印件", "资质认证复印件", "专利权材料复印件", "著作权材料复印件", "上年度审计报告", "资产负债表",
                          "利润表", "第三方审计报告", "合并后的财务报表"}),
    ("company", "1.2.3", {"数字化转型服务相关材料", "众包相关材料", "扶贫相关材料", "一带一路相关材料"}),
    ("park", "2.1", {"园区信息表（附件 2）"}), ("park", "2.2", {"法人证明材料复印件", "园区说明材料"}),
    ("trainer", "3.1", {"信息表（附件 3）"}), ("trainer", "3.3", {"机构说明材料"}),
    ("trainer", "3.2", {"上年度财务审计报告", "营业执照复印件", "资质认证证书复印件", "合并后的财务报表"}),
])
def test_the_papers_of_each_clause(edition, kind, clause, papers):
    found = {m.label.removeprefix("材料：") for m in edition.materials_of(kind) if m.clause == clause}
    assert found == papers
    for m in edition.materials_of(kind):
        assert edition.fields(kind)[m.field].label == m.label


# ------------------------------------------------------------------ the printed forms

@pytest.mark.parametrize(("kind", "seal"), [("company", "企业公章"), ("park", "园区公章"), ("trainer", "机构公章")])
def test_a_form_has_its_title_its_seals_its_materials_and_all_services(edition, kind, seal):
    cells = [cell for line in edition.forms[kind] for cell in line]
    assert any(cell.startswith(f"# {edition.kinds[kind].form}") for cell in cells)
    assert {f"{{seal {seal}}}", "{seal 当地商务主管部门核准意见（盖章）}", "{materials}"} <= set(cells)
    middles = edition.vocabularies["service"].level(2)
    assert [c for c in cells if c.startswith("{options services")] == [f"{{options services {m.code}}}" for m in middles]
    assert [c for c in cells if c in {m.label for m in middles}] == [m.label for m in middles]


# ------------------------------------------------------------------ finding an edition

def test_the_installed_editions():
    assert "2018" in editions()
    assert load_edition("2018") is load_edition("2018")


def test_an_unknown_edition_names_those_there_are():
    with pytest.raises(EditionError, match="2081.*没有这个年度版本；现有：.*2018"):
        load_edition("2081")


def test_a_folder_named_like_an_edition_does_not_hide_it(tmp_path, monkeypatch):
    (tmp_path / "2018").mkdir()
    monkeypatch.chdir(tmp_path)
    load_edition.cache_clear()
    assert load_edition("2018").title == "2018年服务外包推介"
