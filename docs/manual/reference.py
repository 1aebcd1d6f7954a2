"""The parts of the manual that are made from the program: commands, buttons, fields, standards, materials, problems, terms."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from html import escape
from itertools import groupby

from tuijie_xl.buttons import BUTTONS, GROUPS
from tuijie_xl.cli import COMMANDS
from tuijie_xl.edition import Edition, Field, Term, Vocabulary
from tuijie_xl.layout.words import describe
from tuijie_xl.problem import SEVERITIES, catalogue

#: What a cell of each type of field holds, for a reader.
TYPES = {"text": "文字", "long_text": "文字", "credit_code": "18 位代码", "phone": "电话", "email": "邮箱", "postcode": "6 位数字",
         "url": "网址", "amount": "数字", "number": "数字", "percent": "百分数", "count": "整数", "year": "年份", "date": "日期",
         "term": "单选", "terms": "☑ 多选", "measure": "自动计算", "system": "自动"}
#: {placeholder} of a message -> what stands there; the others stand for a word that only the case itself gives.
PLACES = {"label": "项目", "value": "现值", "unit": "单位", "limit": "限值", "sheet": "工作表", "row": "行号", "count": "若干", "clause": "条款",
          "name": "材料", "kind": "种类", "example": "例子", "cell": "单元格", "first": "第一处", "year": "某", "expected": "应有的", "length": "若干",
          "parent_label": "上级项目", "parent_value": "上级的值", "right_parent": "正确的上级", "whole_label": "整体项目", "whole_value": "整体的值",
          "computed": "计算值", "detail": "数值、限值和差额", "read": "读得的值", "currency": "币种", "other": "另一处", "why": "原因",
          "numerator": "分子", "denominator": "分母", "ratio": "比值", "low": "下限", "high": "上限", "missing": "项目"}
#: Tails of a message that are there or not, according to the case.
TAILS = ("hint", "suggestion", "similar")
ORDERS = {"error": "不能照用，或标准没有达到，要处理。", "warning": "请您判断：对就保留，不对就改。", "note": "只是告诉您程序做了什么，一般不用处理。"}


def commands(edition: Edition) -> str:
    """Every command with its options; ``-e``, which all of them take, is told by the chapter."""
    parts = []
    for name, help_, arguments in COMMANDS:
        rows = [[_code(_written(words, options)), escape(options["help"])] for words, options in arguments]
        parts.append(f"<h3><code>tuijie {name}</code>　{escape(help_)}</h3>" + (table(("写法", "意思"), rows, "options") if rows else ""))
    return "".join(parts)


def _written(words: Sequence[str], options: dict) -> str:
    """'-o 文件', '文件或文件夹…', '--json': as it is typed."""
    shown = options.get("metavar", "") + ("……" if options.get("nargs") == "+" else "")
    return "，".join(f"{word} {shown}".strip() for word in words) if words[0].startswith("-") else shown


def buttons(edition: Edition) -> str:
    """Every button in the order of the ribbon's groups."""
    rows = [[f"<b>{escape(b.label)}</b>", escape(b.screentip) + "。", escape(b.supertip)]
            for b in sorted(BUTTONS, key=lambda b: GROUPS.index(b.group))]
    return table(("按钮", "做什么", "说明"), rows, "buttons")


def fields(edition: Edition) -> str:
    """Every column of every kind's sheet that somebody fills in or reads."""
    return "".join(f"<h2>列名：{escape(kind.label)}（工作表“{escape(kind.sheet)}”）</h2>" + "".join(
        f"<h3>{escape(group)}</h3>" + table(("列名", "填什么", "说明"), [_field_row(f, edition) for f in members], "fields")
        for group, members in _grouped(edition, kind.id).items()) for kind in edition.kinds.values())


def _grouped(edition: Edition, kind: str) -> dict[str, list[Field]]:
    groups: dict[str, list[Field]] = {}
    for f in edition.fields(kind).values():
        groups.setdefault(f.group or "其它", []).append(f)
    return groups


def _field_row(f: Field, edition: Edition) -> list[str]:
    needed = "必填" if f.required is True else f"{describe(f.required, edition, f.kind)}时必填" if f.required else ""
    how = "，".join(part for part in (TYPES[f.type], f.unit, needed) if part)
    more = (f"例：{f.example}。" if f.example else "", f"也认得：{'、'.join(f.aliases)}。" if f.aliases else "")
    quiet = "".join(f"<small>{escape(text)}</small>" for text in more if text)
    return [f"<b>{escape(f.label)}</b><br><small>{escape(edition.cite(f.source))}</small>", escape(how), f"{escape(f.help)}{quiet}"]


def criteria(edition: Edition) -> str:
    """Every standard: the notice's own words, and how it is computed from the columns."""
    parts = []
    for kind in edition.kinds.values():
        rows = [[escape(edition.cite(c.clause)), f"<b>{escape(c.label)}</b>", escape(edition.clauses[c.clause].words),
                 escape(describe(c.condition, edition, kind.id))] for c in edition.criteria_of(kind.id)]
        parts.append(f"<h3>{escape(kind.label)}</h3>" + (table(("依据", "标准", "原文", "怎样判断"), rows, "criteria") if rows else
                     "<p>推荐说明没有规定数量标准。结论只反映必填项目是否填齐、是否可读：齐全为符合，不齐为待补充。</p>"))
    return "".join(parts)


def materials(edition: Edition) -> str:
    """Every paper, when it is called for, and the clause."""
    return "".join(f"<h3>{escape(kind.label)}</h3>" + table(("申报材料", "什么情况要交", "说明", "依据"), [
        [f"<b>{escape(m.name)}</b>", escape(describe(m.when, edition, kind.id)), escape(m.help), escape(edition.cite(m.clause))]
        for m in edition.materials_of(kind.id)], "materials") for kind in edition.kinds.values())


def problems(edition: Edition) -> str:
    """Every problem that may be told, by its severity, with what to do."""
    codes = sorted(catalogue().items(), key=lambda item: list(SEVERITIES).index(item[1]["severity"]))
    return "".join(f"<h2>{SEVERITIES[severity]}</h2><p>{ORDERS[severity]}</p>" + table(("您会看到", "怎么办"), [
        [f'{_message(entry["message"])}<br><small class="code">{escape(code)}</small>', _message(entry["remedy"])]
        for code, entry in entries], "problems") for severity, entries in groupby(codes, key=lambda item: item[1]["severity"]))


def _message(text: str) -> str:
    """A message with words for its {placeholders}."""
    return re.sub(r"\{(\w+)\}", lambda found: "" if found[1] in TAILS else f"<var>{PLACES.get(found[1], '……')}</var>", escape(text))


def vocabularies(edition: Edition) -> str:
    """Every list or tree of terms that a cell may hold."""
    return "".join(f"<h3>{escape(v.label)}<small>（{escape(edition.cite(v.source))}）</small></h3>{_terms(v)}" for v in edition.vocabularies.values())


def _terms(vocabulary: Vocabulary) -> str:
    tops = [top for top in vocabulary.level(1) if vocabulary.children(top)]
    if tops:
        return table(("类型", "领域", "具体服务"), [
            [f"<b>{escape(top.label)}</b>", escape(middle.label), _side_by_side(vocabulary.children(middle))]
            for top in tops for middle in vocabulary.children(top)], "terms")
    if all(term.definition for term in vocabulary.terms):
        return table(("词条", "定义"), [[f"<b>{escape(t.label)}</b>", escape(t.definition)] for t in vocabulary.terms], "terms")
    return f"<p>{_side_by_side(vocabulary.terms)}</p>"


def _side_by_side(terms: Iterable[Term]) -> str:
    """Terms in running lines, none of them broken, each with its definition."""
    shown = (t.label + (f"（{t.definition.removesuffix('。')}）" if t.definition else "") for t in terms)
    return " ".join(f'<span class="term">{escape(text)}</span>' for text in shown)


def table(heads: Iterable[str], rows: Iterable[Iterable[str]], kind: str) -> str:
    """Cells are HTML already."""
    head = "".join(f"<th>{text}</th>" for text in heads)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>\n" for row in rows)
    return f'<table class="{kind}"><thead><tr>{head}</tr></thead><tbody>\n{body}</tbody></table>\n'


def _code(text: str) -> str:
    return f"<code>{escape(text)}</code>"


TABLES: dict[str, Callable[[Edition], str]] = {
    "commands": commands, "buttons": buttons, "fields": fields, "criteria": criteria, "materials": materials,
    "problems": problems, "vocabularies": vocabularies}
