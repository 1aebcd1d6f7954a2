"""A broken edition never loads: every slip names the file, the entry and what was probably meant."""

import shutil
from decimal import Decimal

import pytest

from tuijie_xl import edition as edition_package
from tuijie_xl.condition import tests as each_test
from tuijie_xl.edition import EditionError, load_edition

EDITION, TERMS, FIELDS, RULES, MATERIALS = (
    "edition.toml", "taxonomy.csv", "fields.csv", "criteria.toml", "materials.csv")
PARK_FORM = "forms/park.csv"
SECOND_MEASURE = """
[[measure]]
field = "revenue_per_head"
kind = "company"
numerator = "outsourcing_revenue"
denominator = "outsourcing_staff"
decimals = 2
plausible = [1, 2]
"""


class Copy:
    """A copy of the edition of 2018 that may be spoilt."""

    def __init__(self, folder, original):
        self.folder = shutil.copytree(original, folder)

    def change(self, file: str, old: str, new: str) -> None:
        """Replaces the first ``old``; the end of the file when ``old`` is empty."""
        text = (self.folder / file).read_text("utf-8")
        assert old in text, f"{old!r} is not in {file}: the case tests nothing"
        (self.folder / file).write_text(text.replace(old, new, 1) if old else text + new, "utf-8")

    def load(self):
        return load_edition(self.folder)


@pytest.fixture
def copy(tmp_path, edition):
    return Copy(tmp_path / "copy", edition.folder)


CASES = [
    # edition.toml
    (EDITION, "statistics_year =", "statistic_year =", r"edition.statistic_year: unknown key; did you mean 'statistics_year'"),
    (EDITION, "edges = [1000,", "edge = [1000,", r"bands outsourcing_revenue.edge: unknown key; did you mean 'edges'"),
    (EDITION, "edges = [1000,", "edges = [9000,", "bands outsourcing_revenue.edges: ascending numbers are needed"),
    (EDITION, "edges = [1000,", 'edges = ["1000",', "bands outsourcing_revenue.edges: ascending numbers are needed"),
    (EDITION, "edges = [10, 20, 50, 100]", "edges = [10, nan]", "bands revenue_per_head.edges: ascending numbers are needed"),
    (EDITION, 'field = "outsourcing_staff"', 'field = "outsourcing_stuff"', r"bands outsourcing_stuff.field: unknown field .*did you mean 'outsourcing_staff'"),
    (EDITION, 'field = "outsourcing_staff"', 'field = "name"', "bands name.field: 'name' is text, not a number"),
    (EDITION, 'field = "outsourcing_staff"', 'field = "outsourcing_revenue"', "bands outsourcing_revenue: duplicate id"),
    (EDITION, 'field = "outsourcing_staff"\nedges = [100, 500, 1000, 5000]', 'field = "total_staff"\nedges = []',
     "bands total_staff.edges: at least one edge is needed"),
    (EDITION, 'kind = "company"\nfield = "outsourcing_staff"', 'kind = "firm"\nfield = "outsourcing_staff"', "bands outsourcing_staff.kind: unknown kind 'firm'"),
    (EDITION, 'recipient = "我会"\n', "", "edition.recipient: missing key"),
    (EDITION, "", "\n[currency.USD]\nrate = 6.75\n", "currency.USD.source: missing key"),
    (EDITION, "", '\n[currency.USS]\nrate = 6.75\nsource = "x"\n', "currency.USS: unknown currency 'USS'; did you mean 'USD'"),
    (EDITION, "", '\n[currency.USD]\nrate = 7\nsource = "x"\n', "currency.USD.rate: 7 is not of type Decimal"),
    (EDITION, "", '\n[currency.USD]\nrate = 0.0\nsource = "x"\n', "currency.USD: a rate above 0 and its source are needed"),
    (EDITION, "", '\n[currency.USD]\nrate = 6.75\nsource = " "\n', "currency.USD: a rate above 0 and its source are needed"),
    (EDITION, "deadline = 2018-07-03", 'deadline = "2018-07-03"', "edition.deadline: '2018-07-03' is not of type date"),
    (EDITION, "deadline = 2018-07-03", "deadline = 2018-07-03T00:00:00", "edition.deadline: .* is not of type date"),
    (EDITION, 'announcement_sender = ""\n', "", "texts.announcement_sender: missing key"),
    (EDITION, "{region}下列", "{regions}下列", "texts.reminder: unknown word 'regions'; did you mean 'region'"),
    (EDITION, "deadline_inclusive = true", "deadline_inclusive = 1", "edition.deadline_inclusive: 1 is not of type bool"),
    (EDITION, "statistics_year = 2017", "statistics_year = true", "edition.statistics_year: True is not of type int"),
    (EDITION, "deadline = 2018-07-03", "deadline = 2018-07-33", "file: "),
    (EDITION, 'words = "推介标准"', 'word = "推介标准"', r"clause 1.1.word: unknown key; did you mean 'words'"),
    (EDITION, 'number = "二.1"\n', "", "clause 2.1.number: missing key"),
    (EDITION, 'id = "2.2"', 'id = "2.1"', "clause 2.1: duplicate id '2.1'"),
    (EDITION, 'kind = "park"', 'kind = "parks"', r"clause 2.kind: unknown kind 'parks'; did you mean 'park'"),
    (EDITION, 'sheet = "园区"', 'sheets = "园区"', r"kind park.sheets: unknown key; did you mean 'sheet'"),
    (EDITION, 'id = "trainer"', 'id = "park"', "kind park: duplicate id 'park'"),
    (EDITION, 'clause = "3"', 'clause = "33"', "kind trainer.clause: unknown clause '33'"),
    (EDITION, 'words = ["产业园区", ', 'words = "园区" # ', "kind park.words: '园区' is not of type list"),
    (EDITION, 'id = "hq"\nlabel', 'id = "hq"\nlable', r"vocabulary hq.lable: unknown key; did you mean 'label'"),
    (EDITION, 'id = "centre"', 'id = "hq"', "vocabulary hq: duplicate id 'hq'"),
    (EDITION, 'source = "4.1"', 'source = "4.3"', "vocabulary industry.source: unknown clause '4.3'; did you mean '4.[12]'"),
    (EDITION, "", '[[vocabulary]]\nid = "empty"\nlabel = "空"\nsource = "自拟"\n', "taxonomy.csv: empty: vocabulary without terms"),
    (EDITION, "", '[[vocabulary]]\nlabel = "空"\nsource = "自拟"\n', r"vocabulary \?.id: missing key"),
    # taxonomy.csv
    (TERMS, "vocabulary,code,", "vocabulary,kode,", "kode: unknown column 'kode'; did you mean 'code'"),
    (TERMS, "label,needs_text,", "label,label,", "label: column doubled"),
    (TERMS, "industry,I1,", "industri,I1,", "industri/I1: unknown vocabulary 'industri'; did you mean 'industry'"),
    (TERMS, "industry,I2,", "industry,I1,", "industry/I1: duplicate id 'I1'"),
    (TERMS, "industry,I1,", "industry,,", "industry/.code: blank"),
    (TERMS, ",采矿业,", ",教育,", "category/C04: duplicate label '教育'"),
    (TERMS, "service,ITO1-1,ITO1,", "service,ITO1-1,IT01,", "service/ITO1-1.parent: unknown parent term 'IT01'; did you mean 'ITO1'"),
    (TERMS, "service,ITO1,ITO,", "service,ITO1,ITO1,", "service/ITO1.parent: unknown parent term 'ITO1'"),
    (TERMS, ",其它,yes,", ",其它,ja,", "category/C13.needs_text: unknown answer 'ja'"),
    (TERMS, "大数据服务", "云计算服务", "service/BPO2-5: '云计算服务' also means '云计算'"),
    (TERMS, "大数据服务", "云计算", "service/BPO2-5: '云计算' also means '云计算'"),
    (TERMS, "provided,NA,", "provided,NONE,", "taxonomy.csv: provided: unknown term 'NA'"),
    (TERMS, "industry,I8,,", "industry,I8,", r"row 9: 6 cells, the first row has 7"),
    (TERMS, ",医疗服务，", ',"医疗"服务，', "taxonomy.csv: file: ',' expected after"),
    # fields.csv
    (FIELDS, "kind,id,label,type,unit,", "kind,id,label,type,units,", "units: unknown column 'units'; did you mean 'unit'"),
    (FIELDS, ",width,source,", ",source,", "row 2: 19 cells, the first row has 18"),
    (FIELDS, "*,serial,", "kompany,serial,", "serial.kind: unknown kind 'kompany'; did you mean 'company'"),
    (FIELDS, "park|trainer,verdict,", "park|school,verdict,", "verdict.kind: unknown kind 'school'; allowed are company, park"),
    (FIELDS, "*,to_fix,", "*,serial,", "company/serial: duplicate id .*serial"),
    (FIELDS, "company,hq,企业总部所在地,term,", "company,hq,企业总部所在地,trem,", "company/hq.type: unknown type 'trem'; did you mean 'term'"),
    (FIELDS, "company,hq,企业总部所在地,", "company,hq,,", "company/hq.label: blank"),
    (FIELDS, "yes,region,", "yes,regions,", "company/province.vocabulary: unknown vocabulary 'regions'; did you mean 'region'"),
    (FIELDS, "yes,region,", "yes,,", "company/province.vocabulary: unknown vocabulary ''"),
    (FIELDS, "*,city,城市,text,,yes,,", "*,city,城市,text,,yes,region,", "company/city.vocabulary: a field of type text has no vocabulary"),
    (FIELDS, "*,city,城市,text,,yes,,,", "*,city,城市,text,,yes,,2,", "company/city.level: a field of type text has no level"),
    (FIELDS, "*,city,城市,text,,yes,,,,,,", "*,city,城市,text,,yes,,,,,,3", "company/city.max: a field of type text has no min and max"),
    (FIELDS, "*,city,城市,text,,yes,,,,,,", "*,city,城市,text,,yes,,,,,,deadline", "company/city.max: a field of type text has no last date"),
    (FIELDS, ",%,no,,,,,0,100,", ",%,no,,,,,101,100,", "company/ito_share.max: min 101 is above max 100"),
    (FIELDS, ",%,no,,,,,0,100,", ",%,no,,,,,O,100,", "company/ito_share.min: 'O' is not a number"),
    (FIELDS, ",%,no,,,,,0,100,", ",%,no,,,,,0,Infinity,", "company/ito_share.max: 'Infinity' is not a number"),
    (FIELDS, "yes,service,2,main_type,", "yes,service,7,main_type,", "company/main_area.level: vocabulary 'service' has no level 7"),
    (FIELDS, "yes,service,2,main_type,", "yes,service,-2,main_type,", "company/main_area.level: '-2' is not a whole number"),
    (FIELDS, "yes,service,2,main_type,", "yes,service,2,maintype,", "company/main_area.parent: unknown field 'maintype'; did you mean 'main_type'"),
    (FIELDS, "yes,service,2,main_type,", "yes,service,2,industry,", "company/main_area.parent: 'industry' does not hold the level above"),
    (FIELDS, ",yes,category,", ",yes,categori,", "company/category.vocabulary: unknown vocabulary 'categori'; did you mean 'category'"),
    (FIELDS, ",category is 其它,,,,category,", ",category is 其它,,,,categories,", "company/category_other.other_of: unknown field 'categories'"),
    (FIELDS, ",category is 其它,,,,category,", ",category is 其它,,,,industry,", "company/category_other.other_of: no term of 'industry' needs"),
    (FIELDS, ",,total_revenue,", ",,totalrevenue,", "company/outsourcing_revenue.at_most: unknown field 'totalrevenue'"),
    (FIELDS, ",,total_revenue,", ",,total_staff,", "company/outsourcing_revenue.at_most: .* cannot be compared"),
    (FIELDS, ",category is 其它,", ",category is 其他,", "company/category_other.required: unknown term of category '其他'; allowed are 金融业, .*, 其它"),
    (FIELDS, ",category is 其它,", ",categori is 其它,", "company/category_other.required: unknown field 'categori'"),
    (FIELDS, ",category is 其它,", ",category has 其它,", "company/category_other.required: 'has' does not fit 'category' of type term"),
    (FIELDS, ",category is 其它,", ",maybe,", "company/category_other.required: cannot read the condition 'maybe'"),
    (FIELDS, ",1.1.3,", ",1.1.4,", "company/outsourcing_staff.source: unknown clause '1.1.4'"),
    (FIELDS, ",32,1.2.1,", ",wide,1.2.1,", "company/name.width: 'wide' is not a number"),
    (FIELDS, "*,city,城市,", "*,city,省份,", "company/city.label: '省份' is also a label of 'province'"),
    (FIELDS, "*,city,城市,", "*,city,云计算,", "company/services.label: '云计算' is also a label of 'city'"),
    (FIELDS, ",materials,,no,provided,", ",materials,,no,provide,", "materials: unknown vocabulary 'provide'; did you mean 'provided'"),
    (FIELDS, ",no,provided,,,,,,,申报材料,10,", ",no,provided,,,,,,,申报材料,ten,", "materials.width: 'ten' is not a number"),
    (FIELDS, "company,revenue_per_head,人均营业额（万元/人）,measure,", "company,revenue_per_head,人均营业额（万元/人）,number,",
     "criteria.toml: measure revenue_per_head.field: 'revenue_per_head' is number, not measure"),
    # criteria.toml
    (RULES, "[[criterion]]", "[[criterium]]", "criteria.criterium: unknown key; did you mean 'criterion'"),
    (RULES, 'label = "总部与交付主体"', 'lable = "总部与交付主体"', "criterion place.lable: unknown key; did you mean 'label'"),
    (RULES, 'id = "revenue"', 'id = "place"', "criterion place: duplicate id 'place'"),
    (RULES, 'kind = "company"', 'kind = "firm"', "criterion place.kind: unknown kind 'firm'"),
    (RULES, 'clause = "1.1.1"', 'clause = "1.1.9"', "criterion place.clause: unknown clause '1.1.9'"),
    (RULES, 'clause = "1.1.1"', 'clause = "自拟"', "criterion place.clause: unknown clause '自拟'"),
    (RULES, 'field = "hq"', 'field = "hqs"', "criterion place: unknown field 'hqs'; did you mean 'hq'"),
    (RULES, 'field = "hq"', "field = 3", "criterion place: unknown field 3"),
    (RULES, 'value = "境内"', 'value = "中国"', "criterion place: unknown term of hq '中国'; allowed are 境内, 境外"),
    (RULES, 'op = "is"', 'op = "equals"', "criterion place: unknown operator 'equals'; allowed are >="),
    (RULES, 'op = ">=", value = 3000', 'op = "is", value = 3000', "criterion revenue: outsourcing_revenue is takes no unit"),
    (RULES, "value = 3000", 'value = "三千"', "criterion revenue: outsourcing_revenue >= needs a number, not '三千'"),
    (RULES, 'unit = "万元"', 'unit = "元"', "criterion revenue: unit '元', but 'outsourcing_revenue' is counted in '万元'"),
    (RULES, 'field = "outsourcing_staff", op', 'field = "hq", op', "criterion scale: 'hq' is term, not a number"),
    (RULES, "all = [{ field", "any = []\nall = [{ field", "criterion revenue: 'all' stands alone"),
    (RULES, 'all = [{ field = "outsourcing_revenue", op = ">=", value = 3000, unit = "万元" }]\n', "", "criterion revenue: a condition is a table"),
    (RULES, "decimals = 2", "decimals = 2.5", "measure revenue_per_head.decimals: .* is not of type int"),
    (RULES, 'numerator = "outsourcing_revenue"', 'numerator = "revenue"', "measure revenue_per_head.numerator: unknown field 'revenue'"),
    (RULES, 'numerator = "outsourcing_revenue"', 'numerator = "hq"', "measure revenue_per_head: 'hq' is term, not a number"),
    (RULES, 'kind = "company"\nnumerator', 'kind = "comp"\nnumerator', "measure revenue_per_head.kind: unknown kind 'comp'"),
    (RULES, "plausible = [0.1, 5000]", "plausible = [5000, 0.1]", r"measure revenue_per_head.plausible: \[lowest, highest\] is needed"),
    (RULES, "plausible = [0.1, 5000]", 'plausible = ["0.1", 5000]', "lowest, highest"),
    (RULES, "plausible = [0.1, 5000]", "plausible = [5000]", "lowest, highest"),
    (RULES, "", SECOND_MEASURE, "measure revenue_per_head: duplicate id"),
    (RULES, "plausible = [100, 1000000]", "plausible = [100]", r"scale outsourcing_revenue.plausible: \[lowest, highest\] is needed"),
    (RULES, 'per = "outsourcing_staff"', 'per = "staff"', "scale outsourcing_revenue.per: unknown field 'staff'"),
    (RULES, 'per = "outsourcing_staff"', 'per = "name"', "scale outsourcing_revenue: 'name' is text, not a number"),
    (RULES, 'kind = "park"\nper', 'kind = "parks"\nper', "scale outsourcing_revenue.kind: unknown kind 'parks'"),
    (RULES, 'per = "outsourcing_staff"\n', "", "scale outsourcing_revenue: duplicate id"),
    # materials.csv
    (MATERIALS, ",when,", ",wenn,", "wenn: unknown column 'wenn'; did you mean 'when'"),
    (MATERIALS, "|损益表,", "|合并报表,", "fields.csv: company/material_consolidated.label: '合并报表' is also a label of"),
    (MATERIALS, "park,form,", "parc,form,", "parc/form: unknown kind 'parc'; did you mean 'park'"),
    (MATERIALS, "company,licence,", "company,form,", "company/form: duplicate id 'company/form'"),
    (MATERIALS, "company,licence,材料：营业执照复印件,", "company,licence,,", "company/licence.label: blank"),
    (MATERIALS, "is_listed is 是", "islisted is 是", "company/audit_report.when: unknown field 'islisted'; did you mean 'is_listed'"),
    (MATERIALS, "is_listed is 是", "is_listed is 对", "company/audit_report.when: unknown term of yes_no '对'; allowed are 是, 否"),
    (MATERIALS, "is_listed is 是", "name > 3", "company/audit_report.when: 'name' is text, not a number"),
    (MATERIALS, ",2.1,", ",2.9,", "park/form.clause: unknown clause '2.9'"),
    # forms
    (PARK_FORM, "{name}", "{nam}", "row 4: unknown field 'nam'; did you mean 'name'"),
    (PARK_FORM, "{options services ITO1}", "{options service ITO1}", "unknown field 'service'; did you mean 'services'"),
    (PARK_FORM, "{options services ITO1}", "{options services ITO9}", "unknown term 'ITO9'; did you mean 'ITO"),
    (PARK_FORM, "{options services ITO1}", "{options name}", "'name' has no vocabulary to choose from"),
    (PARK_FORM, "{edition title}", "{edition titel}", "row 2: unknown word of the edition 'titel'; did you mean 'title'"),
    (PARK_FORM, ",{city},<,", ",{city},", "row 6: 12 cells, the first row has 13"),
]


@pytest.mark.parametrize(("file", "old", "new", "complaint"), CASES, ids=[f"{c[0]}-{c[2][:40]!r}" for c in CASES])
def test_a_slip_is_refused(copy, file, old, new, complaint):
    copy.change(file, old, new)
    with pytest.raises(EditionError, match=complaint) as caught:
        copy.load()
    assert str(copy.folder) in caught.value.path
    assert caught.value.key
    assert caught.value.why


@pytest.mark.parametrize("file", [TERMS, FIELDS, RULES, MATERIALS, PARK_FORM])
def test_a_missing_file_is_named(copy, file):
    (copy.folder / file).unlink()
    with pytest.raises(EditionError, match=f"{file}: file: .*No such file"):
        copy.load()


@pytest.mark.parametrize("file", [TERMS, FIELDS, MATERIALS, PARK_FORM])
def test_an_empty_file_is_refused(copy, file):
    (copy.folder / file).write_text("# 只有说明\n\n", "utf-8")
    with pytest.raises(EditionError, match=f"{file}: file: the file is empty"):
        copy.load()


def test_a_file_that_excel_saved_in_gbk_is_refused_with_advice(copy):
    text = (copy.folder / TERMS).read_text("utf-8").replace("√|✓|✔|☑|■|", "").replace("×|✗|✘|☒|☐|□|", "")
    (copy.folder / TERMS).write_bytes(text.encode("gb18030"))
    with pytest.raises(EditionError, match="taxonomy.csv: file: not UTF-8"):
        copy.load()


def test_a_file_that_excel_saved_as_csv_utf8_is_read(copy, edition):
    for file in (TERMS, FIELDS, MATERIALS, PARK_FORM):
        text = (copy.folder / file).read_text("utf-8")
        (copy.folder / file).write_bytes(("\ufeff" + text.replace("\n", "\r\n")).encode("utf-8"))
    assert copy.load().vocabularies == edition.vocabularies


def test_a_column_that_is_missing_altogether_is_named(copy):
    lines = (copy.folder / MATERIALS).read_text("utf-8").splitlines()
    short = [line if line.startswith("#") else line.rpartition(",")[0] for line in lines]
    (copy.folder / MATERIALS).write_text("\n".join(short), "utf-8")
    with pytest.raises(EditionError, match="materials.csv: help: missing column"):
        copy.load()


def test_a_table_that_is_no_table_is_refused(copy):
    copy.change(EDITION, 'id = "2018"', 'id = "2018"\nclause = ["1.1.1"]')
    text = (copy.folder / EDITION).read_text("utf-8")
    (copy.folder / EDITION).write_text(
        "".join(part for part in text.partition("[[clause]]")[0]) + text[text.index("[[vocabulary]]"):], "utf-8")
    with pytest.raises(EditionError, match=r"clause \?: a table is needed, not '1.1.1'"):
        copy.load()


def test_a_computed_field_without_a_measure_is_refused(copy):
    text = (copy.folder / RULES).read_text("utf-8")
    (copy.folder / RULES).write_text("measure = []\n" + text[:text.index("# 计算列")], "utf-8")
    with pytest.raises(EditionError, match="company/revenue_per_head: no measure in criteria.toml computes this field"):
        copy.load()


def test_an_installed_edition_bears_the_name_of_its_folder(copy, monkeypatch):
    monkeypatch.setattr(edition_package, "EDITIONS", copy.folder.parent)
    load_edition.cache_clear()
    with pytest.raises(EditionError, match="edition.id: '2018', but the folder is 'copy'"):
        load_edition("copy")


def test_next_years_edition_needs_data_only(copy):
    """Another threshold, a new service, a new paper, a field bound to the year: no code changes."""
    copy.change(EDITION, 'id = "2018"', 'id = "2019"')
    copy.change(EDITION, "statistics_year = 2017", "statistics_year = 2018")
    copy.change(EDITION, "deadline_inclusive = true", "deadline_inclusive = false")
    copy.change(RULES, "value = 3000", "value = 5000")
    copy.change(TERMS, "service,BPO3,", "service,BPO2-9,BPO2,区块链服务,,区块链,\nservice,BPO3,")
    copy.change(MATERIALS, "park,form,", "company,blockchain,材料：区块链相关材料,services has 区块链服务,1.2.3,区块链材料,区块链。\npark,form,")
    copy.change(FIELDS, "company,hq,", "company,since,从事服务外包起始年份,year,,no,,,,,1990,statistics_year,,推介标准,10,自拟,,2012,起始年份。\ncompany,hq,")
    changed = copy.load()
    assert [t.limit for c in changed.criteria for t in each_test(c.condition) if c.id == "revenue"] == [Decimal(5000)]
    assert len(changed.terms(changed.fields("company")["services"])) == 41
    assert changed.fields("company")["material_blockchain"].source == "1.2.3"
    assert changed.fields("company")["since"].maximum == 2018
    assert changed.last_day == "2018年7月3日前（不含当日）"


def test_an_edition_may_state_a_rate(copy):
    copy.change(EDITION, "", '\n[currency.USD]\nrate = 6.7518\nsource = "某年公布"\n')
    (one,) = copy.load().currencies.values()
    assert (one.id, one.rate, one.source) == ("USD", Decimal("6.7518"), "某年公布")
