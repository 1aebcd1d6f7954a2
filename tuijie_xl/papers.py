"""Papers made from what was judged: reminders and cover lists for the materials, and the list to be published."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from .actions import Outcome
from .book import WorkbookPlan
from .files.saving import save_pdf, save_workbook
from .layout import announcement, cover_lists, reminders
from .problem import Problem, UnusableFile


def write_reminders(outcome: Outcome, folder: Path, on: date, *, pdf: bool = False) -> None:
    """催办单 (a sheet a region) and 材料交接单 (a page an applicant) as of the day ``on``; with ``pdf`` also as PDF."""
    for name, plan in ((reminders.TITLE, reminders.plan_reminders(outcome.judgements, on)),
                       (cover_lists.TITLE, cover_lists.plan_cover_lists(outcome.judgements, on))):
        _write(outcome, plan, folder, name, pdf)


def write_public_list(outcome: Outcome, folder: Path, *, leave_out: bool = False) -> None:
    """推介名单 as workbook and PDF, and 未列入单位, for the office alone, with everybody who is not on it.

    ``UnusableFile`` while verdicts are open, errors remain or files could not be used, unless ``leave_out``.
    """
    batch, edition = outcome.batch, outcome.batch.edition
    everyone = announcement.candidates(outcome.judgements, {k: a.origins for k, a in batch.applicants.items()}, outcome.problems)
    loose = _loose(outcome)
    waiting = sum(one.verdict == "unknown" for one in everyone)
    wrong = sum(bool(one.errors) for one in everyone)
    if (waiting or wrong or loose) and not leave_out:
        parts = ((waiting, "家待补充"), (wrong, "家有错误或重复"), (len(loose), "处不属于任何单位的错误"))
        said = "，".join(f"{count} {word}" for count, word in parts if count)
        raise UnusableFile(announcement.TITLE, f"还有 {said}，没有生成名单。请先处理，或加 --leave-out 生成：有问题的单位不列入，"
                                               f"另列在“{announcement.LEFT_OUT}”里。", "list-not-ready")
    _write(outcome, announcement.plan_public_list(edition, everyone), folder, announcement.TITLE, pdf=True)
    _write(outcome, announcement.plan_left_out(edition, everyone, loose), folder, announcement.LEFT_OUT, pdf=False)


def _loose(outcome: Outcome) -> list[Problem]:
    """Errors that belong to no applicant: files that cannot be used, rows that were not accepted."""
    known = {origin for group in outcome.batch.applicants.values() for origin in group.origins}
    return [p for p in outcome.problems if p.severity == "error" and (p.file, p.sheet, p.row) not in known]


def _write(outcome: Outcome, plan: WorkbookPlan, folder: Path, name: str, pdf: bool) -> None:
    place = folder / f"{name}_{outcome.batch.edition.id}.xlsx"
    outcome.written += save_workbook(plan, place)
    if pdf:
        outcome.written.append(save_pdf(plan.sheets, place.with_suffix(".pdf"), plan.title))
