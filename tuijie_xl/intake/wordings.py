"""Headers in other words: the field that a header names for certain although no label or alias of it reads so.

Two names are the same when the same letters are left of both once what carries no meaning is gone (企业, 数, 上年度)
and words of one meaning are written as one (员工 and 从业人员), in whatever order: 社会统一信用代码, 统一社会信用代码.
Words that make a number another one (离岸, 预计, 同比, 累计 ...) always stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from ..edition import Edition, Field
from .labels import could_name, of_own_year, without_remarks
from .suggestions import fitting_share
from .text import fold, narrow

_FITTING = 0.8                          # share of the values that must read as the field's
_TALKING = ("text", "long_text")        # fields that are words about something: 师资情况 is 师资
#: Words of one meaning and the one that stands for them.
_ALIKE = tuple((one, re.compile(words)) for one, words in (
    ("外包", "服务外包业务|服务外包|外包服务|外包业务"), ("资本", "资[本金](?:金额|数额|金)?"), ("额", "年?(?:营业|业务)?总?(?:收入|额)|年?(?:营业|业务)总?(?:收入|额)|金额"),
    ("人", "(?:从业|工作)?(?:总?人[员数]|员工|职工|学员|学生|毕业生)(?:总?人?数)?"), ("日", "年月日|日期|时间|年月"), ("类", "类别|类型|分类"),
    ("联系", "(?:业务)?联[系络]人?(?=.)|联络"), ("移动", "移动电话(?:号码)?|手机(?:电话|号码?)"), ("邮政", "邮政编码|邮编号码?"),
    ("邮箱", "(?:email|电子邮[箱件]|电子信箱|邮箱)(?:地址)?"), ("境内", "中国境内|我国|中国"), ("法定代表", "法定代表人|法人代表人?"),
    ("站址", "网址|网站地址|网站|主页"), ("占比", "所?占?比[重例]"), ("办公电话", "办公室电话|固定电话"), ("是", "是否|与否")))
_EMPTY = re.compile("全部|全年|年度|年末|期末|年底|现有|目前|在职|从事|承接|工作|总|[个家件项]?数量?|所属|所在|拥有|取得|获得|已获?|登记|工商|"
                    "详细|实现|主要|开设|属于|姓名(?=.|$)|栏|[的为在于之量]")
_WHO = re.compile("(?:企业|公司|单位|机构|园区|基地|院校|学校)(?!$)|^本(?=.)")
_TALK = re.compile("情况|说明|介绍|建设|方面")
_WHOLE = re.compile("总|全|企业|公司|年末|期末|年底")
_REMARK = re.compile(r"[(（【\[]([^()（）【】\[\]]+)[)）】\]]\s*$")


def certain_field(header: str, cells: Sequence[Any], fields: Iterable[Field], edition: Edition) -> Field | None:
    """The one field whose name is ``header`` in other words and whose values stand below it; None for none or several.

    ``fields`` are all fields of the kind: a header that could be another's word is certain for none. Where the header
    itself names nothing, the remark in brackets at its end may: 注册地（省）.
    """
    fields, remark = list(fields), _REMARK.search(header)
    found = _fields_called(header, fields, edition) or (_fields_called(remark[1], fields, edition) if remark else [])
    counted = any(f.is_numeric for f in found) or without_remarks(narrow(header))[1] is not None
    found = [f for f in found if could_name(header, f, edition) and fitting_share(cells, f, edition) >= _FITTING
             and not (counted and f.type in _TALKING)]      # '200至300' is no text about what was to be counted
    return found[0] if len(found) == 1 else None


def _fields_called(name: str, fields: Iterable[Field], edition: Edition) -> list[Field]:
    return [f for f in fields if name in (f.label, *f.aliases) or _same_words(name, f, edition)]


def _same_words(header: str, f: Field, edition: Edition) -> bool:
    own = _bare(header, f.type in _TALKING, edition.statistics_year)
    if len(own) < 2 and not (own and _WHOLE.search(header)):
        return False
    if "累计" in f.label and of_own_year(header, edition.statistics_year) != header:
        return False                                        # a number of one year is none of all years
    return own in _names(f, edition.statistics_year)


@lru_cache(maxsize=5_000)
def _names(f: Field, year: int) -> frozenset[str]:
    return frozenset(_bare(name, f.type in _TALKING, year) for name in (f.label, *f.aliases)) - {""}


@lru_cache(maxsize=20_000)
def _bare(name: str, talks: bool, year: int) -> str:
    """The letters that carry the meaning of a name, sorted."""
    text = fold(of_own_year(without_remarks(narrow(name))[0], year))
    for one, words in _ALIKE:
        text = words.sub(one, text)
    text = _WHO.sub("", _EMPTY.sub("", _TALK.sub("", text) if talks else text))
    return "".join(sorted(text))
