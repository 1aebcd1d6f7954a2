"""A city in the place of its province: certain ones give the sender, all others are left for the officer."""

import pytest

from tuijie_xl.intake.places import is_gazetteer, sender_of_place
from tuijie_xl.intake.values import ColumnReader


def sender(edition, text):
    return sender_of_place(text, edition.vocabularies["region"].by_code)


@pytest.mark.parametrize(("text", "region"), [
    ("济南", "山东省"), ("济南市", "山东省"), ("呼市", "内蒙古自治区"), ("黔南州", "贵州省"), ("黔南布依族苗族自治州", "贵州省"), ("恩施州", "湖北省"),
    ("西双版纳", "云南省"), ("东莞", "广东省"), ("海南州", "青海省"), ("吉林市", "吉林省"), ("朝阳市", "辽宁省"), ("锡林郭勒盟", "内蒙古自治区"),
    ("山东省济南市", "山东省"), ("济南市历下区", "山东省"), ("山东省 济南市 历下区", "山东省"), ("大连市金州区", "大连市"),
    ("山东省黄岛区", "青岛市"), ("深圳市南山区", "深圳市"), ("北京市海淀区", "北京市"), ("重庆市渝北区", "重庆市"),        # merged since: no name
])
def test_certain_places(edition, text, region):
    assert sender(edition, text) == region


@pytest.mark.parametrize("text", [
    "朝阳", "朝阳区", "南山区", "金州区", "海淀区", "高新区", "开发区", "贵安新区", "市", "", "某某市", "山东省某某区",       # of 青岛 or of 山东?
    "河北省济南市", "石河子市", "新疆石河子市", "台湾", "香港", "河北省区"])
def test_uncertain_places_are_left(edition, text):
    assert sender(edition, text) is None


def test_a_place_is_read_with_a_note(edition):
    column = ColumnReader(edition.fields("company")["province"], edition)
    assert column.read(["济南", "高新区", "山东"]) == ["山东省", "高新区", "山东省"]
    assert column.doubts == {"济南": ("region-from-place", {"read": "山东省"})}


def test_only_a_vocabulary_of_regions_is_a_gazetteer(edition):
    assert [v.id for v in edition.vocabularies.values() if is_gazetteer(v.by_code)] == ["region"]
    assert ColumnReader(edition.fields("company")["hq"], edition).read(["深圳"]) == ["深圳"]
