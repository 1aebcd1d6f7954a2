"""The notice's judgement on what a sheet truly says, written apart from the product (推荐说明 一（一）)."""

from __future__ import annotations

from tuijie_xl.examples.truth import expected_verdict

#: What the verdict on a company rests on.
INPUTS = ("hq", "delivery_in_china", "china_centre", "overseas_source", "outsourcing_revenue", "outsourcing_staff")


def allowed_verdicts(kind: str, meant: dict, unread: set[str]) -> set[str]:
    """The verdicts that are right when the inputs ``unread`` are marked or have no column.

    The truth, or 待补充 where something is open; and what three-valued logic says of the rest, which is one of both.
    """
    true = expected_verdict(kind, meant)
    if kind != "company":
        return {true, "unknown"}
    without = expected_verdict(kind, {name: value for name, value in meant.items() if name not in unread})
    return {true, without} | ({"unknown"} if unread else set())
