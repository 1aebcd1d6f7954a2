"""How bureaus head their columns: wordings beyond the aliases of fields.csv.

From DOMAIN A1-A4 (the municipal systems and ministry forms opened there), the statistical forms MLK101-2
(国统字(2017)157号), and enterprise lists on the web. '¶' is a line break.
"""

from __future__ import annotations


def _table(text: str) -> dict[str, tuple[str, ...]]:
    rows = (line.split("|") for line in text.strip().splitlines())
    return {key.strip(): tuple(word.strip().replace("¶", "\n") for word in rest) for key, *rest in rows}


_SHARED = _table("""
credit_code | 统一信用代码 | 统一社会信用代码（18位） | 社会统一信用代码 | 营业执照统一社会信用代码 | 统一代码 | 信用代码（组织机构代码） | 统一社会信用代码证号
province | 所属省份 | 省（自治区、直辖市） | 所在省 | 省（区、市） | 注册地（省） | 省别
city | 所属城市 | 地市 | 所在地市 | 市（地、州） | 注册地（市）| 市州 | 地级市
county | 所属区县 | 所在县区 | 县(市)区 | 县（市、区）
address | 单位详细地址 | 经营地址 | 公司注册地址 | 联系地址（详细到门牌号） | 实际经营地址
postcode | 邮政编码（6位） | 邮编号码
legal_person | 法人代表姓名 | 法定代表人（单位负责人） | 法定代表人/负责人 | 法人（负责人）
founded_on | 成立年月日 | 工商注册日期 | 企业成立日期 | 注册登记时间 | 成立（注册）时间
contact | 业务联系人 | 申报工作联系人 | 负责联系人 | 联络人 | 经办人姓名
contact_title | 联系人职位/职务 | 现任职务
phone | 办公室电话 | 联系人电话（座机） | 联络电话 | 联系电话（含区号）
mobile | 手机（必填） | 联系人手机号 | 手机电话 | 移动电话（手机）
email | 电子邮件地址 | 联系人邮箱 | E-mail地址 | 邮箱（E-mail） | 电子邮箱地址
website | 公司主页 | 企业网站 | 单位网址（如有）
bureau | 初审部门 | 推荐单位（盖章） | 所属商务主管部门 | 属地商务部门 | 区县商务主管部门
remarks | 备注栏 | 其他说明事项 | 需说明的情况
""")

FRESH: dict[str, dict[str, tuple[str, ...]]] = {
    "company": _SHARED | _table("""
name | 单位详细名称 | 企业（单位）名称 | 申报企业全称 | 企业名称（盖章） | 推荐企业名称 | 企业中文名称 | 公司名称（全称）| 服务外包企业 | 申请单位名称 | 拟推荐企业
outsourcing_revenue | 服务外包业务额 | 2017年度外包营业额 | 服务外包业务总额 | 外包业务收入合计 | 上年度外包业务收入 | 服务外包年营业额 | 2017年外包业务额 | 上年外包业务营业额 | 承接服务外包业务收入 | 上一年度服务外包营业收入 | 2017年服务外包¶营业额
outsourcing_staff | 服务外包业务人员数 | 外包员工总数 | 从事外包业务人员 | 服务外包从业人员总数 | 从事外包员工数 | 服务外包业务从业人员 | 外包业务从业人数 | 服务外包工作人员数 | 从事服务外包¶员工人数 | 外包业务人员（人）
total_revenue | 企业营业总收入 | 全年营业收入 | 2017年总营业收入 | 公司营业收入 | 上年度总收入 | 年度营业总收入
total_staff | 期末从业人员总数 | 企业在职员工总数 | 年末从业人员 | 全部员工人数 | 公司总人数 | 现有员工总数
college_staff | 大专以上学历员工数 | 大专（含）以上人数 | 大专及以上员工人数 | 其中：大专及以上学历人员
registered_capital | 注册资本金额 | 注册资金数额 | 企业注册资本
ownership | 登记注册类型（性质） | 企业所有制 | 单位类型 | 企业经济性质
is_listed | 上市与否 | 是否为上市企业 | 公司是否上市 | 是否上市（是/否）
stock_code | 股票代码（上市企业填写） | 上市证券代码
hq | 总部所在地（境内/境外） | 公司总部在境内或境外 | 企业总部是否在境内 | 总部所在
delivery_in_china | 交付主体是否在境内 | 业务交付是否在中国 | 中国境内交付主体 | 境内是否有业务交付主体
china_centre | 在中国设立的交付中心或研发中心 | 中国境内中心（交付/研发） | 在华设立的中心类型
overseas_source | 境外总部承接业务来源 | 外包业务来源（境外总部填） | 境外企业业务来源
filing_entity | 申报单位主体 | 申报主体类型
industry | 服务外包八大行业分类 | 所属服务外包行业（表1） | 外包服务行业
category | 所属国民经济行业类别 | 行业类别（表2）
main_type | 外包业务类别 | 主要外包类型
main_area | 主营外包业务领域 | 主要业务领域
main_service | 主要服务项目 | 主营外包服务内容 | 主要外包服务
certificates | 取得的资质认证 | 获得国际资质认证 | 企业资质认证情况 | 已获资质
patents | 拥有专利数 | 专利拥有量 | 专利（项）
copyrights | 软件著作权（个） | 著作权登记数 | 软著数（件）
offshore_usd | 离岸服务外包执行金额 | 离岸业务执行额 | 离岸外包合同执行额
ito_share | ITO业务所占比例 | 其中ITO占比
markets | 主要发包市场 | 业务来源国家（地区） | 发包方所在国家
profile | 企业基本情况简介 | 单位情况介绍
"""),
    "park": _SHARED | _table("""
name | 产业园区（基地）名称 | 申报园区名称 | 推荐园区名称 | 服务外包园区名称 | 园区名称（盖章）
operator | 园区运营管理单位 | 园区管理运营机构 | 运营主体 | 园区建设运营单位
park_level | 园区类别 | 园区等级
planned_area | 总规划面积 | 规划总面积
resident_companies | 园区入驻企业总数 | 入驻企业总数 | 园区企业总数量 | 入园企业总数
outsourcing_companies | 其中：外包企业数量 | 服务外包企业总数 | 园区服务外包企业数
outsourcing_staff | 服务外包从业总人数 | 园区外包从业人员 | 园区服务外包从业人员数
outsourcing_revenue | 园区服务外包收入 | 2017年园区服务外包营业收入 | 服务外包总收入
positioning | 园区产业定位情况 | 产业发展定位
features | 园区特色说明 | 特色优势
location | 区位情况 | 地理区位
innovation | 园区创新情况 | 创新发展情况
scale | 园区发展规模
advantages | 主要竞争优势 | 核心竞争优势
leading_industries | 主导产业方向 | 园区主导产业
"""),
    "trainer": _SHARED | _table("""
name | 申报院校（机构）名称 | 培训机构/院校名称 | 申请机构名称 | 培训单位名称 | 院校（机构）全称
trainer_type | 院校（机构）类型 | 办学性质
trainees | 年培训总人数 | 2017年度培训总人数 | 上年度培训学员人数
graduates | 结业学员数 | 2017年结业学员人数
employed | 实现就业人数 | 已就业人数 | 学员就业数
employment_rate | 毕业生就业率 | 就业率（百分比）
full_time_teachers | 专职教师数量 | 专职教师总数
part_time_teachers | 兼职教师数量 | 外聘兼职教师
course_count | 开设课程数 | 课程总数
floor_area | 教学场地总面积 | 教学场所面积
courses | 开设培训课程 | 培训课程情况
directions | 主要培训方向及专业 | 培训方向情况
teaching_system | 教学体系建设 | 教学体系介绍
teachers | 师资队伍介绍 | 师资队伍建设情况
premises | 教学场地设施 | 教学场地介绍
research | 研发创新情况 | 研发及创新成果
employment | 毕业生就业情况 | 就业情况介绍
partner_companies | 合作企业总数 | 校企合作企业数
"""),
}

#: Columns that are nobody's: wording -> what may stand in them. Any of them mapped is a wrong mapping.
NOBODYS: dict[str, tuple] = {
    "2016年服务外包营业额（万元）": (3200, 4100, 2900), "2016年营业收入": (5200.5, 8100, 12900),
    "预计2018年服务外包营业额（万元）": (8000, 9500), "同比增长（%）": (12.5, -3, 8), "同比": ("12%", "-3%"), "纳税总额（万元）": (120, 88.5),
    "研发投入（万元）": (300, 510), "利润总额（万元）": (260, -15), "人均工资（元）": (8500, 12000), "新增就业人数": (12, 30, 0),
    "是否高新技术企业": ("是", "否"), "传真": ("0531-88886666",), "所属街道": ("软件园街道", "科技街道"), "初审意见": ("同意推荐", "建议推荐"),
    "排名": (1, 2, 3), "评分": (86.5, 92), "1月": (210, 330), "2月": (190, 310), "开户银行": ("某某银行高新支行",),
    "是否首次申报": ("是", "否"), "专家评审得分": (88, 91.5), "税务登记证号": ("370102000000012",), "离岸占比（%）": (35, 48),
    "服务器数量（台）": (12, 40), "党员人数": (15, 8), "参保人数": (280, 315), "2018年1-5月营业额（万元）": (1500, 2100),
    "集团合并营业收入（万元）": (98000, 120000), "获奖情况": ("省级百强", "无"), "推荐理由": ("成长性好", "离岸业务突出"),
}
