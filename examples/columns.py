"""The heads of regional tables, line by line: field | group > label | hand (see ``sheets.SheetStyle``)."""

#: Two header rows, the notice's own order.
COMPANIES_GROUPED = """
serial | 序号
name | 企业名称¶（全称）
credit_code | 统一社会信用代码
is_listed | 是否上市公司
filing_entity | 申报主体
hq | 推介标准 > 企业总部所在地
delivery_in_china | 推介标准 > 业务交付主体在中国
china_centre | 推介标准 > 在华中心
overseas_source | 推介标准 > 境外总部¶业务来源
outsourcing_revenue | 推介标准 > 外包业务上年度营业额
outsourcing_staff | 推介标准 > 从事服务外包工作的员工（人）
revenue_per_head | 推介标准 > 人均营业额
industry | 行业 > 服务外包行业
category | 行业 > 行业类别
main_type | 主营业务 > 主营业务类型
main_area | 主营业务 > 主营业务领域
main_service | 主营业务 > 主营具体服务
contact | 联系方式 > 联系人
phone | 联系方式 > 联系电话
remarks | 备注
"""

#: One header row, short labels with units in brackets of both widths.
COMPANIES_PLAIN = """
serial | 序号
province | 省份
city | 城市
county | 区县
name | 单位名称
credit_code | 统一社会信用代码
legal_person | 法定代表人
ownership | 企业性质
founded_on | 成立时间
is_listed | 是否上市
hq | 企业总部所在地
delivery_in_china | 业务交付主体是否在中国
china_centre | 在华设立中心
overseas_source | 业务来源
total_revenue | 2017年营业收入(万元)
outsourcing_revenue | 2017年服务外包营业额(万元)
offshore_usd | 离岸执行额（万美元）
total_staff | 员工总数(人)
outsourcing_staff | 从事服务外包工作的员工数(人)
industry | 所属行业
category | 行业类别
main_type | 业务类型
main_area | 业务领域
main_service | 主营业务
certificates | 资质认证
contact | 联系人
contact_title | 职务
phone | 联系电话
email | 电子邮箱
"""

#: A column with a tick for each of the 40 services.
COMPANIES_TICKED = """
serial | No.
name | 公司名称
credit_code | 社会信用代码
city | 城市
hq | 总部所在地
delivery_in_china | 境内交付主体
china_centre | 在华机构
overseas_source | 业务来源
outsourcing_revenue | 外包营业额（万元）
outsourcing_staff | 外包人数（人）
is_listed | 上市公司
main_service | 主营服务
services:* | 服务外包功能领域 > *
uses_digital | 业务涉及 > 数字化转型
uses_crowdsourcing | 业务涉及 > 众包
poverty_relief | 业务涉及 > 扶贫
belt_and_road | 业务涉及 > “一带一路”
contact | 联系人
mobile | 手机
"""

#: Several services in one cell.
COMPANIES_JOINED = """
serial | 编号
name | 申报企业
credit_code | 信用代码
city | 所在城市
legal_person | 法人代表
hq | 总部
delivery_in_china | 境内交付主体
china_centre | 境内中心
overseas_source | 外包业务来源
is_listed | 是否上市公司
filing_entity | 申报名义
outsourcing_revenue | 服务外包业务收入（万元）
outsourcing_staff | 服务外包从业人员（人）
industry | 八大行业
category | 行业分类
category_other | 其他行业说明
main_type | 外包类型
main_area | 外包业务领域
main_service | 主营业务内容
services | 业务功能领域
certificates | 资质
patents | 专利（件）
copyrights | 软件著作权（件）
contact | 联系人
phone | 联系方式
"""

#: The least that a bureau sends.
COMPANIES_SHORT = """
serial | 序号
name | 企业名称
credit_code | 统一社会信用代码
hq | 企业总部
delivery_in_china | 交付主体在中国
outsourcing_revenue | 外包业务上年度营业额（万元）
outsourcing_staff | 从事服务外包工作的员工（人）
industry | 服务外包行业
main_service | 主营业务
contact | 联系人
phone | 电话
"""

PARKS = """
serial | 序号
name | 园区名称
province | 省份
city | 城市
operator | 运营管理机构
credit_code | 统一社会信用代码
park_level | 园区级别
planned_area | 规划面积（平方公里）
resident_companies | 入驻企业数（家）
outsourcing_companies | 其中：服务外包企业数（家）
outsourcing_staff | 服务外包从业人数（人）
outsourcing_revenue | 2017年服务外包收入（万元）
services | 功能领域
positioning | 产业定位
features | 特色
location | 区位
innovation | 创新
scale | 规模
advantages | 竞争优势
contact | 联系人
phone | 联系电话
"""

#: The six texts under a common head, as in 推荐说明 二.2.
PARKS_GROUPED = """
serial | 序号
name | 产业园区名称
province | 省份
city | 所在城市
address | 园区地址
operator | 管理机构
credit_code | 统一社会信用代码
founded_on | 成立时间
resident_companies | 规模指标 > 入驻企业（家）
outsourcing_companies | 规模指标 > 服务外包企业（家）
listed_companies | 规模指标 > 上市企业（家）
outsourcing_staff | 规模指标 > 从业人员（人）
outsourcing_revenue | 规模指标 > 服务外包营业额（万元）
offshore_usd | 规模指标 > 离岸执行额（万美元）
leading_industries | 主导产业
positioning | 说明材料 > 产业定位
features | 说明材料 > 园区特色
location | 说明材料 > 区位优势
innovation | 说明材料 > 创新情况
scale | 说明材料 > 园区规模
advantages | 说明材料 > 竞争优势
contact | 联系人
phone | 联系电话
website | 网址
"""

TRAINERS = """
serial | 序号
name | 机构名称
trainer_type | 机构类型
province | 省份
city | 城市
credit_code | 统一社会信用代码
filing_entity | 申报主体
full_time_teachers | 专职教师（人）
floor_area | 教学场地面积（平方米）
trainees | 培训人数（人）
employed | 就业人数（人）
employment_rate | 就业率（%）
services | 培训领域
courses | 培训课程
directions | 培训方向
teaching_system | 教学体系
teachers | 师资队伍
premises | 教学场地
research | 研发及创新
employment | 就业情况
contact | 联系人
phone | 联系电话
"""

#: The seven texts under a common head, as in 推荐说明 三.3.
TRAINERS_GROUPED = """
serial | 序号
name | 培训机构及教育院校名称
trainer_type | 院校类型
province | 所在省份
city | 所在城市
address | 通讯地址
credit_code | 统一社会信用代码/组织机构代码
supervisor | 上级主管部门
filing_entity | 申报名义
total_revenue | 2017年总收入（万元）
trainees | 2017年培训情况 > 2017年培训人数（人）
outsourcing_trainees | 2017年培训情况 > 其中服务外包培训人数（人）
graduates | 2017年培训情况 > 结业人数（人）
employed | 2017年培训情况 > 就业人数（人）
courses | 说明材料 > 主要课程
directions | 说明材料 > 专业方向
teaching_system | 说明材料 > 培训体系
teachers | 说明材料 > 师资力量
premises | 说明材料 > 场地设施
research | 说明材料 > 研发创新
employment | 说明材料 > 学员就业情况
contact | 联系人
phone | 电话
email | 邮箱
"""

