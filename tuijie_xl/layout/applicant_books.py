"""The applicants' sheets in one workbook a region, as the bureaus take them back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from ..book import WorkbookPlan
from ..criteria import STATES, VERDICTS, Judgement
from ..edition import Edition
from ..pause import Pause, each, go_on
from .form_slots import Applicant
from .forms import plan_applicant_book
from .regions import region_order, regions


def plan_applicant_books(judgements: dict[str, Judgement], only: set[str],
                         pause: Pause = go_on) -> Iterator[tuple[str, WorkbookPlan]]:
    """(region, workbook) in the order of the edition; ``only`` keeps these codes or names, empty keeps all.

    ``pause`` is called before each applicant. Numbers run through a region from 1, kind by kind, in the order of the master.
    """
    edition = next(iter(judgements.values())).edition
    grouped: dict[str, list[Applicant]] = defaultdict(list)
    for found in judgements.values():
        for row, region in each(enumerate(regions(found.frame, edition, found.kind)), pause):
            number = f"{len(grouped[region]) + 1:03d}"
            grouped[region].append(_applicant(found, row, region, number))
    for region in book_names(edition):
        kept = [one for one in grouped[region] if not only or only & {one.values["credit_code"], one.values["name"]}]
        if kept:
            yield region, plan_applicant_book(edition, f"{region}　申报单位表", kept, pause)


def book_names(edition: Edition) -> tuple[str, ...]:
    """The names that such workbooks can have: every region, and what stands for none."""
    return region_order(edition, next(iter(edition.kinds)))


def _applicant(found: Judgement, row: int, region: str, number: str) -> Applicant:
    materials = tuple((m.label, _owed(found, m.id, row), STATES[found.states[m.id][row]])
                      for m in found.edition.materials_of(found.kind))
    values = {name: found.frame[name].iat[row] for name in found.edition.fields(found.kind)}
    return Applicant(found.kind, number, values, materials, VERDICTS[found.verdicts[row]], region)


def _owed(found: Judgement, material: str, row: int) -> bool | None:
    owed = found.required[material]
    return None if owed.isna()[row] else bool(owed[row])
