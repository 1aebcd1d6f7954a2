"""Conditions and requirements of an edition in the officer's words."""

from __future__ import annotations

from ..condition import All, Any, Condition
from ..edition import Edition

_COMPARISONS = {">=": "不低于", "<=": "不高于", ">": "高于", "<": "低于"}


def describe(condition: bool | Condition, edition: Edition, kind: str) -> str:
    """A condition in one Chinese phrase: '“企业总部所在地”为“境外”且填有“境外总部业务来源”'."""
    match condition:
        case bool():
            return "都须提供" if condition else "不须提供"
        case All(parts):
            return "且".join(_grouped(part, edition, kind) for part in parts)
        case Any(parts):
            return "，或".join(describe(part, edition, kind) for part in parts)
    f = edition.fields(kind)[condition.field]
    values = "、".join(f"“{value}”" for value in condition.values)
    match condition.op:
        case "is":
            return f"“{f.label}”为{values}" + ("之一" if len(condition.values) > 1 else "")
        case "has":
            return f"“{f.label}”选有{values}" + ("之一" if len(condition.values) > 1 else "")
        case "stated":
            return f"填有“{f.label}”"
    return f"“{f.label}”{_COMPARISONS[condition.op]} {condition.limit:f} {condition.unit or f.unit}"


def _grouped(part: Condition, edition: Edition, kind: str) -> str:
    phrase = describe(part, edition, kind)
    return f"（{phrase}）" if isinstance(part, Any) else phrase
