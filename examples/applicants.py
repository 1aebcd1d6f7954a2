"""Invented applicants: what is true of each of them.

An applicant is {field id: value}: Decimal for amounts (万元) and measured numbers, int for counts, date,
the term's label, a tuple of labels for services. Fields that do not apply are absent.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from random import Random

from tuijie_xl.edition import Edition

from .people import People, Place
from .words import (
    BUSINESSES,
    CERTIFICATES,
    MARKETS,
    OTHER_CATEGORIES,
    PARK_NAMES,
    PARK_TEXTS,
    TITLES,
    TRAINER_NAMES,
    TRAINER_TEXTS,
)

Values = dict[str, object]

#: How likely a company is of each sort, and (lowest, highest) staff and revenue in 万元 a head.
SORTS = {
    "large": (50, (300, 1800), (11, 60)),
    "small and rich": (22, (90, 290), (35.5, 80)),
    "small and poor": (9, (110, 280), (12, 34)),
    "below the revenue": (10, (40, 210), (8, 14)),
    "near the line": (9, (86, 310), (33, 36)),
}


def draw_applicant(edition: Edition, kind: str, random: Random, people: People, place: Place) -> Values:
    """What is true of one invented applicant of ``kind`` at ``place``."""
    own = {"company": _company, "park": _park, "trainer": _trainer}[kind](edition, random, people, place)
    year = random.randrange(1996, 2015)
    contacts = {
        "province": place.region, "city": place.city,
        "county": random.choice(place.counties) if place.counties else None,
        "address": f"{place.city}{random.choice(('创新', '软件', '科技', '云湖', '学府'))}路{random.randrange(1, 300)}号",
        "postcode": place.postcode, "legal_person": people.person(),
        "founded_on": date(year, random.randrange(1, 13), random.randrange(1, 29)),
        "contact": people.person(), "contact_title": random.choice(TITLES), "phone": people.landline(place),
        "mobile": people.mobile(), "email": people.email(),
        "bureau": f"{place.region if place.city.endswith('区') else place.city}商务局",
        "applicant_sealed": "是", "bureau_approved": "是",
        "approved_on": date(2018, 6, random.randrange(4, 21)), "mailed_on": date(2018, 6, random.randrange(21, 31)),
    }
    return {name: value for name, value in (contacts | own).items() if value is not None}


# ------------------------------------------------------------------ companies

def _company(edition: Edition, random: Random, people: People, place: Place) -> Values:
    services = edition.vocabularies["service"]
    leaf = random.choice(services.leaves)
    business, category, industry = BUSINESSES[leaf.code]
    abroad = random.random() < .1
    return {
        "name": people.company(place, business, foreign=abroad), "credit_code": people.code(place, "91"),
        "ownership": "外商独资企业" if abroad else random.choice(("民营企业",) * 4 + ("国有企业", "中外合资企业")),
        "registered_capital": Decimal(random.randrange(5, 200) * 100),
        "industry": edition.vocabularies["industry"].by_code[industry].label,
        "category": edition.vocabularies["category"].by_code[category].label,
        "category_other": random.choice(OTHER_CATEGORIES) if category == "C13" else None,
        **dict(zip(("main_type", "main_area", "main_service"), (t.label for t in services.path(leaf)))),
        "services": _services(edition, random, leaf.label),
        "certificates": "、".join(random.sample(CERTIFICATES, random.randrange(1, 4))), "has_certificates": "是",
        "patents": random.choice((0, 0, 1, 2, 3, 5, 8)), "copyrights": random.randrange(0, 41),
        **_headquarters(random, abroad), **_filing(random, people, place), **_topics(random), **_figures(random),
    }


def _services(edition: Edition, random: Random, main: str) -> tuple[str, ...]:
    """The main service and up to three others, in the order of the notice."""
    leaves = [term.label for term in edition.vocabularies["service"].leaves]
    chosen = {main, *random.sample(leaves, random.choice((0, 1, 1, 2, 3)))}
    return tuple(label for label in leaves if label in chosen)


def _headquarters(random: Random, abroad: bool) -> Values:
    if not abroad:
        return {"hq": "境内", "delivery_in_china": "是", "china_centre": "无"}
    return {"hq": "境外", "delivery_in_china": random.choice("是否"),
            "china_centre": random.choice(("交付中心", "研发中心", "交付中心和研发中心")),
            "overseas_source": random.choice(("承接公司内部业务", "从中国承接外包业务", "两者均有"))}


def _filing(random: Random, people: People, place: Place) -> Values:
    listed, parent = random.random() < .15, random.random() < .08
    return {"is_listed": "是" if listed else "否",
            "stock_code": f"{random.randrange(1, 900):06d}" if listed else None,
            "filing_entity": "总公司或母公司" if parent else "本公司",
            "parent_name": f"{people.brand()}控股集团有限公司" if parent else None}


def _topics(random: Random) -> Values:
    return {name: "是" if random.random() < likely else "否" for name, likely in (
        ("uses_digital", .4), ("uses_crowdsourcing", .1), ("poverty_relief", .12), ("belt_and_road", .15))}


def _figures(random: Random) -> Values:
    """Revenue and staff of one of SORTS, and the other figures fitting to them."""
    _, heads, each = random.choices(list(SORTS.values()), [weight for weight, *_ in SORTS.values()])[0]
    staff = random.randint(*heads)
    revenue = _hundredths(random.uniform(*each) * staff)
    return {"outsourcing_revenue": revenue, "outsourcing_staff": staff, **_around(random, revenue, staff),
            "markets": "、".join(random.sample(MARKETS, random.randrange(1, 4)))}


def _around(random: Random, revenue: Decimal, staff: int) -> Values:
    """The figures of which revenue and staff are parts, and their own parts."""
    total_staff = int(staff * random.uniform(1, 1.6))
    offshore = _hundredths(float(revenue) * random.uniform(0, .5))
    return {"total_revenue": _hundredths(float(revenue) * random.uniform(1, 1.8)) + Decimal("0.01"),
            "offshore_revenue": offshore, "onshore_revenue": revenue - offshore,
            "offshore_usd": _hundredths(float(offshore) / 6.75), "total_staff": total_staff,
            "college_staff": int(total_staff * random.uniform(.55, .97))}


def restate(random: Random, company: Values, case: Values) -> Values:
    """The company with the facts of ``case`` in their place; None takes a fact away, other figures follow."""
    changed = company | case
    if case.keys() & {"outsourcing_revenue", "outsourcing_staff"}:
        changed |= _around(random, changed["outsourcing_revenue"] or Decimal(0), changed["outsourcing_staff"] or 0)
    return {name: value for name, value in changed.items() if value is not None}


def _hundredths(value: float) -> Decimal:
    return Decimal(f"{value:.2f}")


# ------------------------------------------------------------------ parks and trainers

def _park(edition: Edition, random: Random, people: People, place: Place) -> Values:
    brand, (suffix, level) = people.brand(), random.choice(PARK_NAMES)
    name = f"{place.short}{brand}{suffix}"
    residents = random.randrange(60, 700)
    outsourcing = int(residents * random.uniform(.2, .6))
    staff = outsourcing * random.randrange(40, 160)
    revenue = Decimal(staff * random.randrange(12, 32))
    committee = random.random() < .5
    facts = {"name": name, "place": place.city, "residents": residents, "outsourcing": outsourcing, "staff": staff}
    return {
        "name": name, "park_level": level,
        "operator": f"{name}管理委员会" if committee else f"{place.short}{brand}园区运营管理有限公司",
        "credit_code": people.code(place, "12" if committee else "91"),
        "planned_area": Decimal(random.randrange(20, 120)) / 10, "built_area": Decimal(random.randrange(8, 20)) / 10,
        "floor_area": Decimal(random.randrange(300, 900)) / 10, "office_area": Decimal(random.randrange(100, 290)) / 10,
        "resident_companies": residents, "outsourcing_companies": outsourcing,
        "listed_companies": random.randrange(0, 9), "foreign_companies": random.randrange(3, 30),
        "outsourcing_staff": staff, "outsourcing_revenue": revenue, "offshore_usd": _hundredths(float(revenue) / 31),
        "leading_industries": "、".join(random.sample(("软件开发", "数据处理", "工业设计", "金融后台", "生物医药研发",
                                                  "动漫游戏", "集成电路设计", "客户服务"), 3)),
        "services": _services(edition, random, random.choice(edition.vocabularies["service"].leaves).label),
        **{field: random.choice(texts).format(**facts) for field, texts in PARK_TEXTS.items()},
    }


def _trainer(edition: Edition, random: Random, people: People, place: Place) -> Values:
    suffix, kind, registry = random.choice(TRAINER_NAMES)
    name = f"{place.short}{people.brand()}{suffix}"
    trainees = random.randrange(300, 3000)
    graduates = int(trainees * random.uniform(.7, .98))
    employed = int(graduates * random.uniform(.75, .99))
    teachers = random.randrange(12, 160)
    facts = {"name": name, "place": place.city, "trainees": trainees, "teachers": teachers, "employed": employed,
             "area": random.randrange(12, 160) * 100}
    return {
        "name": name, "trainer_type": kind, "credit_code": people.code(place, registry),
        "supervisor": f"{place.region}教育厅" if kind in ("高等院校", "职业院校") else f"{place.short}人社局",
        "filing_entity": "本公司", "total_revenue": Decimal(random.randrange(200, 6000)),
        "services": _services(edition, random, random.choice(edition.vocabularies["service"].leaves[:11]).label),
        "course_count": random.randrange(6, 60), "full_time_teachers": teachers,
        "part_time_teachers": random.randrange(4, 60), "industry_teachers": random.randrange(3, 12),
        "floor_area": Decimal(facts["area"]), "devices": random.randrange(80, 900),
        "trainees": trainees, "outsourcing_trainees": int(trainees * random.uniform(.4, .9)),
        "total_trainees": trainees * random.randrange(3, 12), "graduates": graduates, "employed": employed,
        "employment_rate": Decimal(f"{100 * employed / graduates:.1f}"), "partner_companies": random.randrange(5, 80),
        "has_certificates": "是", "certificates": "服务外包人才培训基地",
        **{field: random.choice(texts).format(**facts) for field, texts in TRAINER_TEXTS.items()},
    }
