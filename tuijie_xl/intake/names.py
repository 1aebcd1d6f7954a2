"""Names of applicants: how they end, what nobody is called, and the columns of names whose header nobody knows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from .labels import Labels
from .text import as_written, fold, is_blank, narrow

#: How names of applicants end; the shorter list leaves no doubt.
COMPANY = re.compile(r".*(?:公司|集团|厂|大学|学院|学校|研究院|研究所|事务所)(?:\([^()]*\))?", re.DOTALL)
APPLICANT = re.compile(r".*(?:公司|集团|企业|中心|厂|院|所|校|大学|园|园区|开发区|高新区|新区|基地|联合体|行|工作室|部|孵化器|社)"
                        r"(?:\([^()]*\))?", re.DOTALL)
#: Sentences, titles and signatures around a list: nobody is called so.
SENTENCE = re.compile(r"""
    .*[。;!?] | .*,.*[^)] | .{4,}(?:为准|属实|汇总|无误|无异议|如[下上]|[止底]) | .*(?:名单|名录|一览表|汇总表|推荐表|情况表|统计表)
    | (?:\(?\d{1,2}[).、:])?(?:以[上下]|上述|本[表页]|[此该]表|表[中内]|截[至止]|(?:数据|金额|统计|报送|上报).{0,6}[:为以]).*
    | \(?[续接转承过][上下前次后][页表]\)? | [—-]*[完毕][—-]* | .*(?:[厅局]|商务(?:委|委员会)) | (?:金额|货币|计量)?单位.*
    """, re.DOTALL | re.VERBOSE)


def looks_like_applicant(name: str) -> bool:
    """True for a text that ends like the name of a company, park or school and asks for nothing ('请填写企业')."""
    bare = squeezed(name)
    return bool(APPLICANT.fullmatch(bare)) and not re.match("[请应须填如例]|是否", bare) and not SENTENCE.fullmatch(bare)


def squeezed(cell: Any) -> str:
    """The text of a cell, half-width and without any blanks."""
    return "".join(narrow(as_written(cell)).split())


# ------------------------------------------------------------------ a column of names with a header of its own

#: How headers of names end; without it a header may end with the kind itself: '拟推荐企业'.
_EMPTY = re.compile("详细|具体|中文|完整|正式|注册")
_CALLED = re.compile(r"(?:名称|全称)$")
_BRACKETS = re.compile(r"[(\[【〔<].*?[)\]】〕>]")
#: Somebody else who has to do with the applicant.
_OTHERS = re.compile(r"所[在属]|[母子]公司|[上下]级|主管|主办|依托|客户|发包|接包|合作|合资|[运经]营|管理|投资|集团|入驻|入园|代表|重点|知名"
                     r"|审|推荐(?:单位|机构)|[填报]报|报送|联系|开户|银行|担保|股东|交付|就业|用人|其中|数")
#: What a header says of the applicant itself and of nobody else.
_PLAIN = re.compile(r"(?:拟|被|本|已|参[评加]|推荐|申报|申请|服务外包|外包|培训|教育|高等|产业|企业|公司|单位|机构|院校|学校|园区|[/、及和或的])*")
_TOTAL = re.compile("[合总小共累]计")
_FEWEST, _SHARE, _LOOK = 1, 0.8, 50


def is_called_name(header: str, labels: Labels) -> bool | None:
    """Whether a header that no label knows calls the applicants of a kind by name: True for certain ('推荐企业名称'),
    False for perhaps ('拟推荐企业', '示范园区名称'), None for no."""
    bare = _EMPTY.sub("", fold(_BRACKETS.sub("", narrow(header))))
    stem, kind, name = _CALLED.sub("", bare), labels.edition.kinds[labels.kind], labels.edition.fields(labels.kind)["name"]
    aliases = [fold(one) for one in (name.label, *name.aliases) if _CALLED.search(one) and not _CALLED.fullmatch(one)]
    if not stem or _OTHERS.search(bare) or not (stem.endswith(tuple(map(fold, kind.words))) or bare.endswith(tuple(aliases))):
        return None
    plain = _PLAIN.fullmatch(stem) is not None
    return plain if stem != bare else False if plain else None


def are_names(cells: Iterable[Any]) -> bool:
    """True for a column (its first rows count) of texts that differ and, but for subtotals, nearly all end as names do."""
    texts = [cell for cell in cells if not is_blank(cell) and not _TOTAL.search(squeezed(cell))][:_LOOK]
    named = {cell for cell in texts if isinstance(cell, str) and looks_like_applicant(cell)}
    return len(named) >= max(_FEWEST, _SHARE * len(texts))
