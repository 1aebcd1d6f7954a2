"""处理情况: the last column of 问题清单 belongs to the officer; what stands there follows its problem to a new list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ..book import SheetPlan
from ..layout.problem_list import COLUMNS, HEADER, SHEET

_OWN = len(COLUMNS) - 1
_KEY = [i for i, (label, _) in enumerate(COLUMNS) if label in ("出自文件", "出自工作表", "单元格", "代号", "现值")]


def carry_into(plan: SheetPlan, former: list[list[Any]]) -> SheetPlan:
    """The plan of a new 问题清单 with what the officer wrote into the former one; any other plan as it is."""
    said = _said(former)
    if plan.name != SHEET or not said or not plan.blocks:
        return plan
    row, column, columns, looks = plan.blocks[0]
    own = [said.get(_key(line)) for line in zip(*columns)]
    return replace(plan, blocks=[(row, column, [*columns[:_OWN], own], looks), *plan.blocks[1:]])


def carry_back(rows: list[list[Any]], current: list[list[Any]]) -> list[list[Any]]:
    """A former 问题清单 (its contents) with what the officer has written since into the current one."""
    if len(rows) <= HEADER or [str(v) for v in rows[HEADER][:len(COLUMNS)]] != [label for label, _ in COLUMNS]:
        return rows
    said = _said(current)
    return [*rows[:HEADER + 1], *([*line[:_OWN], said.get(_key(line), line[_OWN]), *line[_OWN + 1:]]
                                  for line in rows[HEADER + 1:])]


def _said(rows: list[list[Any]]) -> dict[tuple, Any]:
    return {_key(line): line[_OWN] for line in rows[HEADER + 1:] if len(line) > _OWN and line[_OWN] is not None}


def _key(line: Sequence[Any]) -> tuple:
    return tuple(None if line[i] is None else str(line[i]) for i in _KEY)
