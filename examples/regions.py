"""The regional files: who sends what, in which format and with which habits (real-life mess, all of it on purpose)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from . import columns
from .sheets import SheetStyle, Slip


@dataclass(frozen=True)
class FileStyle:
    """One file. ``empty`` are sheets without cells, ``side`` sheets with notes, ``hidden`` the names of hidden ones.

    ``repeats`` = (file, same, changed): a second submission, whose first rows repeat those of ``file``,
    ``same`` of them unchanged and then ``changed`` of them with another revenue. ``encoding`` is that of a csv.
    """

    name: str
    sheets: tuple[SheetStyle, ...]
    empty: tuple[str, ...] = ()
    side: tuple[tuple[str, tuple[str, ...]], ...] = ()
    hidden: tuple[str, ...] = ()
    repeats: tuple[str, int, int] | None = None
    encoding: str = ""


def _cases(text: str) -> tuple[dict, ...]:
    """Lines of revenue, staff, hq, delivery, centre, source; '-' is blank, '.' leaves what is drawn."""
    names = ("outsourcing_revenue", "outsourcing_staff", "hq", "delivery_in_china", "china_centre", "overseas_source")
    rows = [dict(zip(names, line.split())) for line in text.strip().splitlines()]
    read = {"outsourcing_revenue": Decimal, "outsourcing_staff": int}
    return tuple({name: None if word == "-" else read.get(name, str)(word)
                  for name, word in row.items() if word != "."} for row in rows)


#: Both sides of every limit, and each way of having a headquarters abroad.
BOUNDARIES = _cases("""
3000     85   境内 是 无 -
3000     86   境内 是 无 -
2999.99  300  境内 是 无 -
3000     300  境内 是 无 -
3000     299  境内 是 无 -
8750     250  境内 是 无 -
8749.99  250  境内 是 无 -
3000.01  301  境内 是 无 -
0        300  境内 是 无 -
3000     0    境内 是 无 -
-        300  境内 是 无 -
3000     -    境内 是 无 -
6120.5   420  境外 - 交付中心 承接公司内部业务
5230     310  境外 - 研发中心 从中国承接外包业务
9800     655  境外 是 交付中心和研发中心 两者均有
7400     350  境外 否 无 承接公司内部业务
4600     305  境外 - 交付中心 -
5100     330  境内 否 无 -
5100     330  -    是 交付中心 -
""")
ABROAD = BOUNDARIES[12:15]

SHANDONG = SheetStyle(
    "汇总表", "company", columns.COMPANIES_GROUPED, ("山东省",), 24,
    above=("附件1：", "2018年服务外包推介企业汇总表¶（2018年6月25日）", "填报单位：山东省商务厅", "单位：万元"),
    sections="{city}（{count}家）", numbers_restart=True, total="合计",
    below=("", "注：外包业务营业额为2017年度数据。", "填表人：孙敏    联系电话：0531-88880021", "（盖章）        2018年6月25日"),
    slips=(Slip(11, "name", "broken line"), Slip(12, "outsourcing_staff", "=约300"), Slip(13, "phone", "two phones"),
           Slip(14, "industry", "=互联网+"), Slip(15, "main_area", "=研发服务外包"),
           Slip(16, "outsourcing_revenue", "wan in words"), Slip(17, "credit_code", "letter O"),
           Slip(18, "outsourcing_revenue", "=")))

FILES = (
    FileStyle("山东省商务厅_服务外包企业推介汇总表.xlsx", (SHANDONG,), empty=("Sheet2", "Sheet3")),
    FileStyle("山东省商务厅_服务外包企业推介汇总表（更新）.xlsx", (
        SheetStyle("汇总表", "company", SHANDONG.columns, ("山东省",), 13,
                   above=("附件1：", "2018年服务外包推介企业汇总表（更新）", "单位：万元"), total="合计"),),
        repeats=("山东省商务厅_服务外包企业推介汇总表.xlsx", 8, 2)),
    FileStyle("上海市_推介单位.xlsx", (
        SheetStyle("企业", "company", columns.COMPANIES_TICKED, ("上海市",), 16, cases=ABROAD,
                   above=("上海市服务外包推介企业一览表",),
                   hands={"uses_digital": "tick", "uses_crowdsourcing": "tick", "poverty_relief": "tick",
                          "belt_and_road": "tick", "hq": "at home", "name": "half brackets", "is_listed": "tick or cross"},
                   slips=(Slip(9, "outsourcing_staff", "=300余人"),)),
        SheetStyle("园区", "park", columns.PARKS, ("上海市",), 2, above=("上海市服务外包产业园区一览表",)),
        SheetStyle("培训机构", "trainer", columns.TRAINERS, ("上海市",), 2, above=("上海市培训机构及教育院校一览表",))),
        empty=("Sheet2",), hidden=("填报口径",),
        side=(("填报口径", ("一、外包业务营业额按2017年度财务报表填报。", "二、外包人数为年末在册人数。")),)),
    FileStyle("江苏省服务外包推介申报汇总.xlsm", (
        SheetStyle("服务外包企业", "company", columns.COMPANIES_PLAIN, ("江苏省",), 20,
                   above=("江苏省2018年服务外包推介企业申报汇总表",), total="总计",
                   headings={"outsourcing_revenue": "2017年服务外包营业额（亿元）", "total_revenue": "2017年营业收入（亿元）"},
                   hands={"outsourcing_revenue": "yi", "total_revenue": "yi", "founded_on": "dots"},
                   slips=(Slip(2, "outsourcing_revenue", "="), Slip(7, "outsourcing_staff", "people"),
                          Slip(10, "outsourcing_revenue", "yi in words"), Slip(12, "credit_code", "wrong check digit"))),
        SheetStyle("产业园区", "park", columns.PARKS_GROUPED, ("江苏省",), 4,
                   above=("江苏省服务外包产业园区汇总表", "单位：万元"), slips=(Slip(2, "features", "="),)))),
    FileStyle("浙江省推荐企业名单(最终版).xls", (
        SheetStyle("Sheet1", "company", columns.COMPANIES_JOINED, ("浙江省",), 18,
                   above=("浙江省服务外包推介企业名单", ""), hands={"credit_code": "code as number"},
                   headings={"outsourcing_revenue": "服务外包业务收入¶（万元）", "outsourcing_staff": "服务外包从业人员¶［人］"},
                   skipped_numbers=(4, 9), blank_after=(7,), below=("注：本表数据由企业自行填报。",),
                   slips=(Slip(3, "outsourcing_staff", "full width"), Slip(6, "name", "trailing space"),
                          Slip(12, "services", "several lines"), Slip(15, "outsourcing_staff", "=不详"))),),
        empty=("Sheet2", "Sheet3")),
    FileStyle("宁波市服务外包推介企业.xlsb", (
        SheetStyle("推介企业", "company", columns.COMPANIES_SHORT, ("宁波市",), 12,
                   above=("宁波市服务外包推介企业汇总表", "（2018年6月）"), total="合计",
                   hands={"hq": "country", "outsourcing_staff": "as text"},
                   slips=(Slip(4, "outsourcing_revenue", "!#N/A"), Slip(8, "credit_code", "organisation code"))),)),
    FileStyle("广东省商务厅推荐汇总.ods", (
        SheetStyle("企业推荐表", "company", columns.COMPANIES_PLAIN, ("广东省",), 18,
                   above=("广东省服务外包企业推荐汇总表", "单位：万元"),
                   headings={"outsourcing_revenue": "2017年服务外包营业额", "total_revenue": "2017年营业收入"},
                   lacking=("overseas_source", "contact_title"), hands={"founded_on": "date in words"},
                   blank_after=(5, 11), total="合计", slips=(Slip(9, "outsourcing_staff", "=——"),)),
        SheetStyle("园区推荐表", "park", columns.PARKS, ("广东省",), 3, above=("广东省服务外包园区推荐汇总表",),
                   slips=(Slip(1, "innovation", "="),)))),
    FileStyle("深圳市服务外包企业.csv", (
        SheetStyle("", "company", columns.COMPANIES_JOINED, ("深圳市",), 15,
                   headings={"outsourcing_revenue": "服务外包业务收入（元）"}, hands={"outsourcing_revenue": "yuan with commas"},
                   slips=(Slip(6, "phone", "bracketed phone"), Slip(10, "outsourcing_revenue", "="))),),
        encoding="utf-8-sig"),
    FileStyle("四川省推介企业_GBK.csv", (
        SheetStyle("", "company", columns.COMPANIES_SHORT, ("四川省",), 14,
                   above=("四川省服务外包推介企业汇总表",), total="合计", hands={"outsourcing_staff": "people"},
                   below=("填表人：周立    联系电话：028-88880017",),
                   slips=(Slip(3, "delivery_in_china", "="), Slip(5, "credit_code", "spaced"),
                          Slip(8, "outsourcing_revenue", "with commas"))),),
        encoding="gb18030"),
    FileStyle("福建省（含厦门）推介企业.xls", (
        SheetStyle("推介企业", "company", columns.COMPANIES_PLAIN, ("福建省", "厦门市"), 14,
                   above=("福建省服务外包推介企业汇总表", "金额单位：元"), hands={"outsourcing_revenue": "yuan",
                                                              "total_revenue": "yuan"},
                   headings={"outsourcing_revenue": "2017年服务外包营业额（元）", "total_revenue": "2017年营业收入（元）"},
                   merged_down="city", skipped_numbers=(3,),
                   slips=(Slip(1, "credit_code", "letter O"), Slip(4, "credit_code", "lower case"),
                          Slip(7, "founded_on", "month"), Slip(11, "outsourcing_staff", "=200-300"))),)),
    FileStyle("湖北省商务厅推介申报汇总.xlsx", (
        SheetStyle("企业", "company", columns.COMPANIES_JOINED, ("湖北省",), 16,
                   above=("湖北省服务外包企业申报汇总表¶填报日期：2018年6月20日", "单位：万元"),
                   merged_down="city", nameless_after=(12,), hands={"hq": "country"},
                   slips=(Slip(3, "outsourcing_revenue", "!#N/A"), Slip(5, "patents", "!#DIV/0!"),
                          Slip(6, "outsourcing_staff", "%300+25"), Slip(11, "main_area", "=商务服务外包"))),
        SheetStyle("园区", "park", columns.PARKS_GROUPED, ("湖北省",), 3, above=("湖北省产业园区信息汇总表",)),
        SheetStyle("培训机构", "trainer", columns.TRAINERS_GROUPED, ("湖北省",), 4, above=("湖北省培训机构及教育院校信息汇总表",),
                   slips=(Slip(1, "employment", "="),)))),
    FileStyle("大连市软件和服务外包企业推介表.xlsx", (
        SheetStyle("推介表", "company", columns.COMPANIES_GROUPED, ("大连市",), len(BOUNDARIES) + 3, cases=BOUNDARIES,
                   above=("大连市软件和服务外包企业推介表",), hidden_fields=("contact", "remarks"),
                   headings={"outsourcing_revenue": "推介标准 > 外包业务上年度营业额（万元）"},
                   below=("商务部门联系人：林晓燕  0411-88880066",)),)),
    FileStyle("天津市推介企业汇总.xlsx", (
        SheetStyle("汇总", "company", columns.COMPANIES_SHORT, ("天津市",), 13,
                   above=("天津市服务外包推介企业汇总表",), unknown={"等级": ("A", "B", "C"), "备注2": ("", "去年已入选", "")},
                   skipped_numbers=(2, 3, 11), total="合计",
                   slips=(Slip(2, "outsourcing_staff", "="), Slip(6, "industry", "=软件业"))),)),
    FileStyle("重庆市服务外包推介（终稿）.xlsx", (
        SheetStyle("终稿", "company", columns.COMPANIES_JOINED, ("重庆市",), 14,
                   above=("重庆市商务委员会", "服务外包企业推介汇总表", "二〇一八年六月"),
                   hands={"outsourcing_staff": "full width", "main_type": "letters", "delivery_in_china": "have",
                          "outsourcing_revenue": "as text", "services": "semicolons"},
                   headings={"outsourcing_revenue": "服务外包业务收入¶(万元人民币)"},
                   slips=(Slip(4, "outsourcing_revenue", "wan in words"),
                          Slip(8, "credit_code", "wrong check digit"))),)),
    FileStyle("陕西省服务外包推介材料.xlsx", (
        SheetStyle("服务外包企业", "company", columns.COMPANIES_PLAIN, ("陕西省",), 12, above=("陕西省服务外包企业推介汇总表",),
                   hands={"founded_on": "eight digits", "province": "short region"}, sections="{city}（{count}家）"),
        SheetStyle("产业园区", "park", columns.PARKS, ("陕西省",), 5, above=("附件2：", "陕西省产业园区信息汇总表")),
        SheetStyle("培训机构", "trainer", columns.TRAINERS, ("陕西省",), 5, above=("附件3：", "陕西省培训机构及教育院校信息汇总表"),
                   slips=(Slip(3, "contact", "="),)))),
    FileStyle("安徽省服务外包产业园区信息汇总.ods", (
        SheetStyle("园区信息表", "park", columns.PARKS_GROUPED, ("安徽省",), 6,
                   above=("附件2：", "安徽省服务外包产业园区信息汇总表", "单位：万元"), total="合计",
                   below=("填表人：马志远    联系电话：0551-88880031",), slips=(Slip(4, "outsourcing_staff", "people"),)),)),
    FileStyle("河南省培训机构及教育院校汇总表.xls", (
        SheetStyle("信息表", "trainer", columns.TRAINERS_GROUPED, ("河南省",), 10,
                   above=("附件3：", "河南省培训机构及教育院校信息汇总表"), total="合计",
                   slips=(Slip(2, "trainees", "people"), Slip(6, "research", "="), Slip(8, "credit_code", "letter O"))),)),
    FileStyle("新疆生产建设兵团报送.xlsx", (
        SheetStyle("Sheet1", "company", columns.COMPANIES_SHORT, ("新疆生产建设兵团",), 6,
                   slips=(Slip(4, "outsourcing_revenue", "="),)),), empty=("Sheet2", "Sheet3")),
)
