"""处理情况: the last columns of 问题清单 belong to the officer; what stands there follows its problem to a new list.

A problem is known again by applicant, field, code and value, never by its cell: rows are sorted and inserted. When the
value has changed the former handling is quoted in 处理说明, and the problem is open again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..book import SheetPlan
from .problem_list import COLUMNS, HEADER, NOTE, SHEET, STATE, Handling

LABELS = tuple(label for label, _ in COLUMNS)
_OWN = len(LABELS) - 2                  # the first of the officer's two columns
_FORMER = "原处理"


def handled(lines: Iterable[Sequence[Any]], former: Iterable[Mapping[str, Any]]) -> list[Handling]:
    """For each line of a new list the handling that ``former`` (label -> cell of the lines of an earlier one) gave it."""
    said = {_key(line): Handling(_text(line.get(STATE)), _text(line.get(NOTE))) for line in former
            if line.get(STATE) is not None or line.get(NOTE) is not None}
    own = [dict(zip(LABELS, line)) for line in lines]
    keys = [_key(line) for line in own]
    if not said:
        return [Handling()] * len(own)
    taken = set(keys)
    loose = {key[:-1]: (key, one) for key, one in said.items() if key not in taken}
    crowded = Counter(key[:-1] for key in [*keys, *(k for k in said if k not in taken)])
    return [said[key] if key in said else _quoted(*loose[key[:-1]]) if key[:-1] in loose and crowded[key[:-1]] == 2
            else Handling() for key in keys]


def unmatched(lines: Iterable[Sequence[Any]], former: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The handled lines of an earlier list whose problem the new one does not have, with any value."""
    now = {_key(dict(zip(LABELS, line)))[:-1] for line in lines}
    return [line for line in former if (line.get(STATE) or line.get(NOTE)) and _key(line)[:-1] not in now]


def _quoted(key: tuple, one: Handling) -> Handling:
    if one.state is None:
        return Handling(None, one.note)
    why = f"（{one.note}）" if one.note else ""
    return Handling(None, f"{_FORMER}：{one.state}{why}，当时的值：{key[-1] or '（空）'}")


def _key(line: Mapping[str, Any]) -> tuple:
    """Who, which field, which problem, which value; for a problem of a sheet or file where it is."""
    who = _text(line.get("单位代码")) or _text(line.get("申报单位"))
    where = () if who else tuple(_text(line.get(label)) for label in ("出自文件", "出自工作表", "单元格"))
    return who, *where, *(_text(line.get(label)) for label in ("字段", "代号", "现值"))


def _text(cell: Any) -> str | None:
    return None if cell is None else str(cell).strip() or None


# ------------------------------------------------------------------ the live face: whole lists as rows

def carry_into(plan: SheetPlan, former: list[list[Any]]) -> SheetPlan:
    """The plan of a new 问题清单 with what the officer wrote into the former one; any other plan as it is."""
    if plan.name != SHEET or not plan.blocks:
        return plan
    row, column, columns, looks = plan.blocks[0]
    own = handled(zip(*columns), lines_of(former))
    return replace(plan, blocks=[(row, column, [*columns[:_OWN], *zip(*own)], looks), *plan.blocks[1:]])


def carry_back(rows: list[list[Any]], current: list[list[Any]]) -> list[list[Any]]:
    """A former 问题清单 (its contents) with what the officer has written since into the current one."""
    if not _is_list(rows):
        return rows
    said = {_key(line): (line.get(STATE), line.get(NOTE)) for line in lines_of(current) if line.get(STATE) or line.get(NOTE)}
    return [*rows[:HEADER + 1], *([*line[:_OWN], *said.get(_key(dict(zip(LABELS, line))), line[_OWN:_OWN + 2]), *line[_OWN + 2:]]
                                  for line in rows[HEADER + 1:])]


def _is_list(rows: list[list[Any]]) -> bool:
    return len(rows) > HEADER and [str(v) for v in rows[HEADER][:len(COLUMNS)]] == list(LABELS)


def lines_of(rows: list[list[Any]]) -> list[dict[str, Any]]:
    """The lines of a 问题清单 as read, each label -> cell."""
    if len(rows) <= HEADER:
        return []
    labels = [str(v) for v in rows[HEADER]]
    return [dict(zip(labels, line)) for line in rows[HEADER + 1:]]
