"""Every entry of the catalogue of mess: what is written, in which field, what it is read as and what is said about it."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from tuijie_xl import actions
from tuijie_xl.book import BookText, Grid
from tuijie_xl.edition import Currency
from tuijie_xl.intake import read_submission

D = Decimal
MONEY, STAFF, DAY, SHARE, CODE = "outsourcing_revenue", "outsourcing_staff", "founded_on", "ito_share", "credit_code"
LISTED, SERVICE, SERVICES, REGION = "is_listed", "main_service", "services", "province"


def outcome(edition, field, cell, header=None, above=()):
    """(value, codes about the field) of one cell in a sheet of one company."""
    f = edition.fields("company")[field]
    rows = [*above, ["企业名称", header or f.label], ["甲有限公司", cell]]
    width = max(map(len, rows))
    grid = Grid("企业", [[*row, *[None] * (width - len(row))] for row in rows])
    intake = read_submission(BookText("报送.xlsx", "xlsx", "0" * 64, [grid]), edition)
    found = actions.review_files([intake], edition)
    quiet = ("required-missing", "criterion-unmet", "column-blank", "criterion-unknown", "header-unmapped", "other-needs-text", "unit-slip", "amount-slip")
    codes = [p.code for p in found.problems if p.field == field and p.code not in quiet]
    return found.batch.applicants["company"].frame[field].iat[0], codes


CATALOGUE = [
    # numbers of people
    (STAFF, "３００", 300, None), (STAFF, "300人", 300, None), (STAFF, "1,200 名", 1200, None), (STAFF, "三百人", 300, None),
    (STAFF, "叁佰", 300, None), (STAFF, "一万二千人", 12000, None), (STAFF, "1.2万人", 12000, "unit-converted"), (STAFF, "300.0", 300, None),
    *((STAFF, text, text, "not-a-number") for text in (
        "约300", "300余人", "300+", "200-300", "２００－３００", "≥300", "300以上", "近300人", "三百余人", "几百", "一百五", "300/280", "未到300")),
    (STAFF, "300.5", "300.5", "not-whole"), (STAFF, "不详", None, None), (STAFF, "-", None, None), (STAFF, " ", None, None),
    # money
    (MONEY, "３０００", D(3000), None), (MONEY, "3,000", D(3000), None), (MONEY, "3，000", D(3000), None), (MONEY, "3000（万元）", D(3000), None),
    (MONEY, "3,000万", D(3000), None), (MONEY, "3千万", D(3000), "unit-converted"), (MONEY, "1.2亿", D(12000), "unit-converted"),
    (MONEY, "叁仟万元整", D(3000), "unit-converted"), (MONEY, "人民币叁仟万元整", D(3000), "unit-converted"),
    (MONEY, "壹万伍仟元", D("1.5"), "unit-converted"), (MONEY, "1千2百万", D(1200), "unit-converted"),
    (MONEY, "壹亿贰仟万", D(12000), "unit-converted"), (MONEY, "三千五百万", D(3500), "unit-converted"), (MONEY, "1亿2千万元", D(12000), "unit-converted"),
    (MONEY, "3000万元整", D(3000), None), (MONEY, "150万人民币", D(150), None), (MONEY, "900万", D(900), None), (MONEY, "0.001万人民币", D("0.001"), None),
    (MONEY, "3 000", D(3000), None), (MONEY, "30 00万", "30 00万", "not-a-number"), (MONEY, "3千", "3千", "not-a-number"),
    (MONEY, "￥5000", "￥5000", "currency-without-unit not-a-number"), (MONEY, "人民币三千", "人民币三千", "not-a-number"),
    *((MONEY, text, text, "not-a-number") for text in ("约3000", "3000-4000", "3000以上", "≥3000", "一亿二", "3000/2800", "见审计报告")),
    *((MONEY, text, text, "currency-foreign") for text in ("30万美元", "20万欧元", "$30", "三十万美元")),
    # shares
    (SHARE, "85%", D(85), None), (SHARE, "85％", D(85), None), (SHARE, "百分之八十五", D(85), None), (SHARE, "百分之85", D(85), None),
    (SHARE, 0.85, D(85), "percent-doubtful"), (SHARE, "0.85", D(85), "percent-doubtful"), (SHARE, 85, D(85), None), (SHARE, "85%左右", "85%左右", "not-a-number"),
    (SHARE, "八成五", "八成五", "not-a-number"),
    # days
    *((DAY, cell, date(2018, 7, 3), None) for cell in (
        "2018年7月3日", "2018.7.3", "2018/7/3", "2018-07-03", 20180703, "20180703", 43284, "43284", "二〇一八年七月三日", "二零一八年七月三号",
        "2018年7月3号", "2018-07-03 09:30", "2018/7/3 0:00".replace(" 0", " 00"), datetime(2018, 7, 3), "２０１８年７月３日")),
    (DAY, "二〇一八年十二月三十一日", date(2018, 12, 31), None),
    *((DAY, text, text, "not-a-date") for text in ("2018年7月", "2018/7", "18.7.3", "7月3日", "2018", "2018-02-30", "二〇一八年七月", "二〇一八年二月三十日")),
    # yes and no
    *((LISTED, cell, "是", None) for cell in ("是", "有", "√", "Y", "y", 1, "1", True, "已上市")),
    *((LISTED, cell, "否", None) for cell in ("否", "无", "×", "N", 0, "0", False, "未上市")),
    (LISTED, "拟上市", "拟上市", "not-a-term"),
    # terms and lists of terms
    *((SERVICE, text, "软件研发及开发服务", None) for text in (
        "软件研发及开发服务", "软件研发及开发服务（ITO）", "ITO：软件研发及开发服务", "ITO1-1 软件研发及开发服务", "信息技术外包（ITO）—软件研发外包—软件研发及开发服务")),
    ("main_area", "软件研发外包（ITO）", "软件研发外包", None), (SERVICE, "IT解决方案", "IT 解决方案", None), (SERVICE, "ＩＴ 解决方案", "IT 解决方案", None),
    (SERVICE, "软件研发及开发", "软件研发及开发服务", None), (SERVICE, "软件研发和开发外包服务", "软件研发和开发外包服务", "term-near"),
    (SERVICE, "BPO-软件技术服务", "BPO-软件技术服务", "term-near"),          # the two contradict each other
    (SERVICE, "软件", "软件", "not-a-term"), (SERVICE, "云计算、大数据", "云计算、大数据", "not-a-term"),
    *((SERVICES, text, ("云计算", "大数据"), None) for text in (
        "云计算、大数据", "大数据，云计算", "大数据；云计算", "大数据/云计算", "大数据\n云计算", "1、大数据 2、云计算", "1.大数据；2.云计算", "①大数据②云计算", "（1）大数据（2）云计算".replace("（2", "；（2"))),
    (SERVICES, "大数据 IT 解决方案", ("IT 解决方案", "大数据"), None), (SERVICES, "大数据、云服务", "大数据、云服务", "not-a-term"),
    # regions
    (REGION, "内蒙", "内蒙古自治区", None), (REGION, "广西省", "广西壮族自治区", None), (REGION, "新疆兵团", "新疆生产建设兵团", None),
    (REGION, "呼市", "内蒙古自治区", "region-from-place"), (REGION, "黔南州", "贵州省", "region-from-place"),
    (REGION, "山东省济南市", "山东省", "region-from-place"), (REGION, "高新区", "高新区", "not-a-term"), (REGION, "广东深圳", "深圳市", None),
    # codes and contacts
    (CODE, "９１３７０６８３３１０４６１４３５８", "913706833104614358", None), (CODE, "9137 0683 3104 6143 58", "913706833104614358", None),
    (CODE, 913706833104614358.0, "9.13706833104614E+17", "credit-code-damaged"), (CODE, "9.13707E+17", "9.13707E+17", "credit-code-damaged"),
    (CODE, "91370683310461435B", "91370683310461435B", "credit-code-check-digit"), (CODE, "32172398-X", "32172398X", "credit-code-old"),
    (CODE, "办理中", "办理中", "credit-code-malformed"),
    ("phone", "0531-88888888", "0531-88888888", None), ("phone", "(0531)8888 8888转801", "(0531)8888 8888转801", None),
    ("phone", "13800000000/0531-88888888", "13800000000/0531-88888888", None), ("phone", "13800000000、\n13900000000", "13800000000、\n13900000000", None),
    ("postcode", 10010, "010010", "leading-zero"), ("postcode", "010010", "010010", None),
    ("address", "济南市\n历下区 ", "济南市历下区", None),
]


@pytest.mark.parametrize(("field", "cell", "value", "codes"), CATALOGUE)
def test_what_a_cell_is_read_as_and_what_is_said(edition, field, cell, value, codes):
    read, said = outcome(edition, field, cell)
    if isinstance(value, tuple):
        assert set(read) == set(value) and not said
    else:
        assert (read, said) == (value, codes.split() if codes else []) and type(read) is type(value)


@pytest.mark.parametrize(("header", "above", "cell", "value"), [
    ("外包业务上年度营业额（元）", [], 30000000, D(3000)), ("外包业务上年度营业额（元）", [], "3000万", D(3000)),       # the cell goes before the header
    ("外包业务上年度营业额（亿元）", [], "3000万元", D(3000)), ("外包业务上年度营业额（万元）", [["单位：元"]], 3000, D(3000)),
    ("外包业务上年度营业额", [["单位：千元"]], 30000, D(3000)), ("外包业务上年度营业额", [["单位：元"]], "3000万元", D(3000)),
    ("外包业务上年度营业额", [["单位：元"]], "叁仟万", D(3000)), ("外包业务上年度营业额", [], 3000, D(3000))])
def test_the_cells_unit_goes_before_the_headers_and_that_before_the_sheets(edition, header, above, cell, value):
    assert outcome(edition, MONEY, cell, header, above)[0] == value


# ------------------------------------------------------------------ foreign money at the edition's rate

@pytest.fixture
def with_rate(edition):
    return replace(edition, currencies={"USD": Currency("USD", D("6.75"), "某年公布")})


@pytest.mark.parametrize(("cell", "header", "value", "code"), [
    ("30万美元", None, D("202.5"), "currency-derived"), ("300000美元", None, D("202.5"), "currency-derived"),
    (500, "外包业务上年度营业额（万美元）", D(3375), "currency-derived-column"), ("20万欧元", None, "20万欧元", "currency-foreign"),
    ("$30", None, "$30", "currency-foreign")])
def test_only_the_editions_rate_turns_foreign_money_into_a_derived_value(with_rate, cell, header, value, code):
    assert outcome(with_rate, MONEY, cell, header) == (value, [code])


def test_the_note_holds_what_was_written_and_the_rate(with_rate):
    grid = Grid("企业", [["企业名称", "外包业务上年度营业额（万元）"], ["甲有限公司", "30万美元"]])
    (note,) = [p for p in read_submission(BookText("x", "xlsx", "0", [grid]), with_rate).problems if p.code == "currency-derived"]
    assert note.severity == "note" and all(word in note.message for word in ("30万美元", "1 USD = 6.75 元", "某年公布", "202.5 万元"))


def test_a_column_of_dollars_is_never_derived_and_the_notice_of_2018_states_no_rate(edition, with_rate):
    assert edition.currencies == {}
    assert outcome(with_rate, "offshore_usd", "30万美元") == (D(30), [])
