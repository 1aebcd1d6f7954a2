"""统计 in the open book: living formulas where the sheets stand as they are expected to, else their results."""

from __future__ import annotations

from ..actions import Outcome
from ..book import SheetPlan, a1
from ..layout import material_list
from ..layout.columns import column_of, kind_columns
from ..layout.counting import REGION, KindCounts
from ..layout.entry import FIRST_ROW
from ..layout.figures import SHEETS, Source, plan_figures
from ..layout.guide import MATERIALS
from ..layout.paper import quote_sheet
from ..layout.problem_list import plan_problems, problem_lines
from ..pause import Pause, go_on
from .reading import Reading


def plan_counts(reading: Reading, outcome: Outcome, pause: Pause = go_on) -> tuple[list[SheetPlan], bool]:
    """The sheets of figures, each after those that it quotes, and whether the numbers of 统计 live.

    They do when every kind's applicants stand without a gap under the template's columns. Counts by region need a
    column that the bureaus' sheets do not have, and 材料清单 and 问题清单 may be older than the applicants: where one of
    these is needed the numbers are results in any case.
    """
    batch, judgements = outcome.batch, outcome.judgements
    edition, rows, living, unsure = batch.edition, {}, True, []
    for kind, found in judgements.items():
        size = len(found.frame)
        rows[kind] = FIRST_ROW, FIRST_ROW + size - 1
        living &= not size or _as_planned(reading, outcome, kind)
        if size:
            unsure.append(KindCounts(found, *rows[kind]).area(REGION))
    pause()
    problems = plan_problems(problem_lines(outcome.problems, edition, [None] * len(outcome.problems), batch.named()))
    unsure += [f"{quote_sheet(name)}!" for name in (MATERIALS, problems.name)]
    own = [f"{quote_sheet(name)}!" for name in SHEETS]

    def lives(text: str) -> bool:
        return any(name in text for name in own) or living and not any(area in text for area in unsure)

    pause()
    homes = {kind: _homes(reading, outcome, kind) for kind in judgements}
    origins = {kind: group.origins for kind, group in batch.applicants.items()}
    source = Source(edition, judgements, rows, homes, origins, outcome.problems, material_list.plan_materials(batch, judgements),
                    problems, lives)
    return plan_figures(source, pause)[::-1], living


def _as_planned(reading: Reading, outcome: Outcome, kind: str) -> bool:
    edition, origins = outcome.batch.edition, outcome.batch.applicants[kind].origins
    expected = [(reading.path, edition.kinds[kind].sheet, FIRST_ROW + 1 + i) for i in range(len(origins))]
    sheet = reading.sheet(edition.kinds[kind].sheet)
    labels = reading.labels(sheet) if sheet and sheet.header_rows else []
    own = [column.label for column in kind_columns(edition, kind)]
    return origins == expected and labels[:len(own)] == own


def _homes(reading: Reading, outcome: Outcome, kind: str) -> list[str | None]:
    """The address of every applicant's name; None for what stands in another book."""
    column = column_of(kind_columns(outcome.batch.edition, kind), "name").index
    return [f"{quote_sheet(sheet)}!{a1(row - 1, column)}" if file == reading.path and sheet and row else None
            for file, sheet, row in outcome.batch.applicants[kind].origins]
