"""What a column says of itself: input messages, error messages and validations, all from the edition's data."""

from __future__ import annotations

from datetime import date

from ..book import Validation
from ..edition import OWN, Edition, Field
from .columns import TICK, Column
from .formulas import COMPUTED, WHOLE, RowCells
from .lists import dropdown
from .words import describe

LONGEST_PROMPT, LONGEST_TITLE = 255, 32  # UTF-16 units; Excel repairs a file with more
_LAST_DATE = date(2199, 12, 31)
_FIRST_DATE = date(1900, 3, 1)


def definitions(f: Field, edition: Edition) -> str:
    """The definitions of a field's terms, one a line; '' unless every term has one."""
    terms = edition.terms(f) if f.type == "term" else ()
    if not terms or not all(term.definition for term in terms):
        return ""
    return "\n".join(f"{term.label}：{term.definition}" for term in terms)


def prompt(column: Column, edition: Edition) -> str:
    """Meaning, unit, example, whether it must be filled in, and the clause; at most 255 characters."""
    f = column.field
    if column.term:
        path = "＞".join(t.label for t in edition.vocabularies[f.vocabulary].path(column.term)[:-1])
        lines = [f"{f.label}：{path}", f"有此项的选 {TICK}，没有的留空。", _source(f, edition)]
        return _fitting(lines)
    facts = "　".join(part for part in (f.unit and f"单位：{f.unit}", f.example and f"例：{f.example}") if part)
    explained = definitions(f, edition)
    lines = [f.help, facts, _need(f, edition), _source(f, edition)]
    if explained:
        whole = _fitting([*lines, explained])
        return whole if explained in whole else _fitting([*lines, "各词条的定义见本列标题的批注，全文另见“填表说明”。"])
    return _fitting(lines)


def notes(column: Column, edition: Edition) -> str | None:
    """The note on a column's label: definitions that no input message can hold."""
    explained = definitions(column.field, edition)
    return explained if explained and explained not in prompt(column, edition) else None


def _need(f: Field, edition: Edition) -> str:
    if f.type in COMPUTED:
        return "自动计算，不用填写。"
    if isinstance(f.required, bool):
        return "必填。" if f.required else "选填。"
    return f"{describe(f.required, edition, f.kind)}时必填。"


def _source(f: Field, edition: Edition) -> str:
    return "自拟项目（推荐说明未列）。" if f.source == OWN else f"依据：{edition.cite(f.source)}"


def _fitting(lines: list[str]) -> str:
    """As many of the lines, in order, as an input message can hold; the first is cut if it alone is too long."""
    text = ""
    for line in lines:
        longer = f"{text}\n{line}" if text and line else text or line
        if len(longer.encode("utf-16-le")) // 2 <= LONGEST_PROMPT:
            text = longer
    return text or lines[0][:LONGEST_PROMPT // 2] + "……"


# ------------------------------------------------------------------ validations

def validation(column: Column, area: tuple[int, int, int, int], row: RowCells) -> Validation:
    """The validation of a column: what may be typed, and the input message. Pasting passes it by; formulas do not."""
    f, edition = column.field, row.edition
    words = {"prompt_title": column.label[:LONGEST_TITLE], "prompt": prompt(column, edition)}
    if column.term:
        return Validation(area, "list", values=(TICK,), error_title="只能打勾或留空", ignore_blank=False,
                          error=f"请从下拉列表中选 {TICK}，或清空此格。", **words)
    if f.type in COMPUTED:
        return Validation(area, "any", **words)
    if f.vocabulary:
        parent = row.cell(f.parent) if f.parent else None
        first = f"请先选“{edition.fields(f.kind)[f.parent].label}”，再" if f.parent else "请"
        return Validation(area, "list", formula=dropdown(f, parent), error_title="不在词表内", ignore_blank=False,
                          error=f"{first}从下拉列表中选择；词表之外的写法无法识别。", **words)
    if f.is_numeric:
        return _number(f, area, words)
    if f.type == "date":
        last = f.latest or _LAST_DATE
        late = f"，不晚于 {last.isoformat()}" if f.latest else ""
        return Validation(area, "date", minimum=_FIRST_DATE, maximum=last, error_title="不是可用的日期",
                          error=f"请填日期，例如 {f.example or last.isoformat()}{late}。", **words)
    return _text(f, area, words)


def _number(f: Field, area: tuple[int, int, int, int], words: dict[str, str]) -> Validation:
    limits = [f"{word} {limit:f}" for word, limit in (("不小于", f.minimum), ("不大于", f.maximum)) if limit is not None]
    kind, what = ("whole", "整数") if f.type in WHOLE else ("decimal", "数字")
    unit = f"（单位：{f.unit}，不要写单位）" if f.unit else ""
    low, high = f.minimum if f.minimum is not None else -10**15, f.maximum if f.maximum is not None else 10**15
    return Validation(area, kind, minimum=low, maximum=high, error_title=f"应为{what}",
                      error=f"请只填{what}{unit}{'，' if limits else ''}{'，'.join(limits)}。", **words)


_LENGTHS = {"credit_code": (18, 18, "应为 18 位代码"), "postcode": (6, 6, "应为 6 位邮政编码"),
            "phone": (7, 60, "电话号码太短或太长")}


def _text(f: Field, area: tuple[int, int, int, int], words: dict[str, str]) -> Validation:
    """Codes and long texts: a length that only warns, for the officer may know better."""
    if f.type in _LENGTHS:
        low, high, what = _LENGTHS[f.type]
    elif f.maximum is not None:
        low, high, what = 0, int(f.maximum), f"最多 {f.maximum:f} 字"
    else:
        return Validation(area, "any", **words)
    return Validation(area, "length", minimum=low, maximum=high, error_title=what[:LONGEST_TITLE], stop=False,
                      error=f"{what}，请核对。确认无误的可以保留。", **words)
