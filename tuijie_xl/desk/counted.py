"""统计 in the open book: living formulas where the sheets stand as they are expected to, else their results."""

from __future__ import annotations

from dataclasses import replace

from ..actions import Outcome
from ..book import Formula, SheetPlan
from ..layout.columns import kind_columns
from ..layout.counting import REGION, KindCounts
from ..layout.entry import FIRST_ROW
from ..layout.statistics import plan_statistics
from .reading import Reading


def plan_counts(reading: Reading, outcome: Outcome) -> tuple[SheetPlan, bool]:
    """The plan of 统计, and whether its numbers live.

    They do when every kind's applicants stand without a gap under the template's columns. Counts by region need a
    column that the bureaus' sheets do not have; where it is missing these are results in any case.
    """
    edition, rows, living, regional = outcome.batch.edition, {}, True, []
    for kind, found in outcome.judgements.items():
        size = len(found.frame)
        rows[kind] = FIRST_ROW, FIRST_ROW + size - 1
        origins = outcome.batch.applicants[kind].origins
        expected = [(reading.path, edition.kinds[kind].sheet, FIRST_ROW + 1 + i) for i in range(size)]
        sheet = reading.sheet(edition.kinds[kind].sheet)
        labels = reading.labels(sheet) if size and sheet and sheet.header_rows else []
        own = [column.label for column in kind_columns(edition, kind)]
        living &= not size or origins == expected and labels[:len(own)] == own
        if size:
            regional.append(KindCounts(found, *rows[kind]).area(REGION))
    plan = plan_statistics(edition, outcome.judgements, rows)
    return _settled(plan, lambda text: living and not any(area in text for area in regional)), living


def _settled(plan: SheetPlan, lives) -> SheetPlan:
    """The plan with every formula that cannot live replaced by its result."""
    def settle(value):
        return value.result if isinstance(value, Formula) and not lives(value.text) else value

    return replace(plan, cells=[(r, c, settle(v), look) for r, c, v, look in plan.cells],
                   merges=[(*area, settle(v), look) for *area, v, look in plan.merges],
                   blocks=[(r, c, [[settle(v) for v in column] for column in columns], looks)
                           for r, c, columns, looks in plan.blocks])
