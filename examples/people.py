"""Invented names, places, codes and telephones. Nobody and nothing named here exists."""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from tuijie_xl.credit_code import check_character


class Place(NamedTuple):
    """Where an applicant sits: ``region`` is the submitting bureau's term, ``code`` the GB/T 2260 code."""

    region: str
    city: str
    code: str
    area: str
    postcode: str
    counties: tuple[str, ...]

    @property
    def short(self) -> str:
        """'济南市' -> '济南'; a district of a municipality goes by the municipality."""
        return (self.city if self.city.endswith("市") else self.region).removesuffix("市")


def _places(text: str) -> dict[str, tuple[Place, ...]]:
    found: dict[str, tuple[Place, ...]] = {}
    for line in text.strip().splitlines():
        region, city, code, area, postcode, *counties = line.split()
        found[region] = (*found.get(region, ()), Place(region, city, code, area, postcode, tuple(counties)))
    return found


#: Region -> its cities: GB/T 2260 code, telephone area, postcode, counties (none in a municipality's district).
PLACES = _places("""
北京市 海淀区 110108 010 100080
北京市 朝阳区 110105 010 100020
北京市 大兴区 110115 010 102600
天津市 滨海新区 120116 022 300450
天津市 南开区 120104 022 300100
上海市 浦东新区 310115 021 201203
上海市 徐汇区 310104 021 200030
上海市 静安区 310106 021 200040
重庆市 渝北区 500112 023 401120
重庆市 九龙坡区 500107 023 400050
山东省 济南市 370100 0531 250101 历下区 高新区 市中区
山东省 烟台市 370600 0535 264003 莱山区 开发区
山东省 潍坊市 370700 0536 261061 高新区 奎文区
江苏省 南京市 320100 025 210012 雨花台区 江宁区
江苏省 苏州市 320500 0512 215123 工业园区 昆山市
江苏省 无锡市 320200 0510 214135 新吴区 滨湖区
浙江省 杭州市 330100 0571 310012 滨江区 西湖区
浙江省 嘉兴市 330400 0573 314001 南湖区 平湖市
宁波市 宁波市 330200 0574 315040 鄞州区 高新区
安徽省 合肥市 340100 0551 230088 高新区 蜀山区
安徽省 芜湖市 340200 0553 241000 鸠江区 弋江区
福建省 福州市 350100 0591 350003 鼓楼区 马尾区
福建省 泉州市 350500 0595 362000 丰泽区 晋江市
厦门市 厦门市 350200 0592 361008 思明区 湖里区
湖北省 武汉市 420100 027 430074 东湖高新区 洪山区
湖北省 宜昌市 420500 0717 443000 西陵区 高新区
广东省 广州市 440100 020 510663 天河区 黄埔区
广东省 佛山市 440600 0757 528000 南海区 顺德区
广东省 东莞市 441900 0769 523000 松山湖 南城街道
深圳市 深圳市 440300 0755 518057 南山区 福田区
四川省 成都市 510100 028 610041 高新区 武侯区
四川省 绵阳市 510700 0816 621000 涪城区 科创区
陕西省 西安市 610100 029 710075 高新区 雁塔区
陕西省 咸阳市 610400 029 712000 秦都区
河南省 郑州市 410100 0371 450001 高新区 金水区
河南省 洛阳市 410300 0379 471000 涧西区
大连市 大连市 210200 0411 116023 高新园区 甘井子区
新疆生产建设兵团 石河子市 659001 0993 832000 开发区
""")

_FIRST, _SECOND = "澄砚翎岫穆朔棠霁沐漪珩筱蔚骞璟", "岸川桐屿禾野汀楠衡澍笙泊垚澜钧"
BRANDS = tuple(a + b for a in _FIRST for b in _SECOND)
_FAMILY, _GIVEN = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "文静海涛敏志远晓丽建国雪梅俊杰思颖立群春燕宏伟"
_SUFFIXES = ("有限公司",) * 6 + ("股份有限公司", "有限责任公司")
_DIGITS, _ORGANISATION = "0123456789", "0123456789ABCDEFGHJKLMNPQRTUWXY"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


class People:
    """Draws invented names and numbers, none of them twice."""

    def __init__(self, random: Random):
        self.random = random
        self._brands = random.sample(BRANDS, len(BRANDS))
        self._taken: set[str] = set()
        self._count = 0

    def company(self, place: Place, business: str, *, foreign: bool = False) -> str:
        """'济南澄岸软件科技有限公司', '砚川（大连）信息技术有限公司'."""
        for brand in self._draw_brands():
            name = (f"{brand}（{'中国' if foreign else place.short}）{business}" if foreign or self.random.random() < .15
                    else f"{place.short}{brand}{business}") + self.random.choice(_SUFFIXES)
            if name not in self._taken:
                break
        self._taken.add(name)
        return name

    def brand(self) -> str:
        """Two characters that no shop sign bears."""
        return next(self._draw_brands())

    def person(self) -> str:
        return self.random.choice(_FAMILY) + "".join(self.random.sample(_GIVEN, self.random.choice((1, 2, 2))))

    def landline(self, place: Place) -> str:
        return f"{place.area}-8888{self.random.randrange(10000):04d}"

    def mobile(self) -> str:
        return f"1380000{self.random.randrange(10000):04d}"

    def email(self) -> str:
        self._count += 1
        return f"lianxi{self._count:03d}@example.com"

    def code(self, place: Place, registry: str, *, digits_only: bool | None = None) -> str:
        """A credit code whose two check digits are right; ``registry`` is its first two characters, '91' a company."""
        numeric = self.random.random() < .17 if digits_only is None else digits_only
        while True:
            head = "".join(self.random.choices(_DIGITS, k=8)) if numeric else (
                "MA" + "".join(self.random.choices(_ORGANISATION, k=6)))
            body = registry + place.code + head + organisation_check(head)
            code = body + check_character(body)
            if code not in self._taken and (not numeric or code.isdigit()):
                self._taken.add(code)
                return code

    def _draw_brands(self):
        while True:
            brand = self._brands.pop()
            self._brands.insert(0, brand)
            yield brand


def organisation_check(head: str) -> str:
    """The ninth character of an organisation code (GB/T 11714) over its first eight."""
    total = sum(weight * int(c, 36) for weight, c in zip(_ORGANISATION_WEIGHTS, head))
    return "0123456789X0"[11 - total % 11]
