"""Feedback to the bureaus: each file given back marked, so that its sender can put it right and stamp it again.

An xlsx or xlsm is marked as it is; anything else comes as a converted .xlsx that says so. The originals stay untouched.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from .book import SheetPlan
from .edition import Edition, load_edition
from .files.archive import read_bytes
from .files.marking import Landing, Spot, is_marked, mark_package
from .files.marking.convert import convert, converted_from
from .files.marking.sheet import position
from .files.reading import read_book
from .files.saving import retire, save_atomically
from .files.workers import WorkerDied, map_in_workers
from .layout.feedback import Finding, Result, plan_feedback
from .problem import Place, Problem, UnusableFile

if TYPE_CHECKING:
    from .actions import Outcome

FOLDER = "反馈"
CANNOT = "cannot-be-marked"
_MARKED_AS_IS = ("xlsx", "xlsm")
_CONVERTED = ("本文件是由原文件“{origin}”转换成的副本，只有内容、合并和隐藏与原文件相同，字体颜色等格式未保留；"
              "原文件没有改动，请在原文件或本副本中改正。")
_SIGNED = "原文件带有数字签名；加上标记后签名失效属正常现象，原文件的签名不受影响。重新报送前请重新签名。"


@dataclass
class FileReport:
    """What one file is told, ready to travel to a worker: ``findings`` without their links yet, its applicants'
    results each with its place; ``edition`` is the folder of the edition."""

    path: str
    format: str
    sha256: str
    edition: Path
    findings: list[Finding] = field(default_factory=list)
    results: list[tuple[Result, Place]] = field(default_factory=list)

    @property
    def needs_attention(self) -> bool:
        return any(one.problem.severity != "note" for one in self.findings)

    @property
    def suffix(self) -> str:
        """What the name of the marked copy must end in."""
        return ".xlsm" if self.format == "xlsm" else ".xlsx"


def reports(outcome: Outcome) -> list[FileReport]:
    """One report a file, in the order of the files; every problem and applicant of a file is in its report."""
    edition, named = outcome.batch.edition, outcome.batch.named()
    findings, results = defaultdict(list), defaultdict(list)
    for one in outcome.problems:
        who = named.get((one.file, one.sheet, one.row))
        findings[one.file].append(Finding(one, who and who.name, _label(one, who and who.kind, edition), None))
    for result, place in _results(outcome):
        results[place.file].append((result, place))
    return [FileReport(file.path, file.format, file.sha256, edition.folder, findings[file.path], results[file.path])
            for file in outcome.batch.files]


def _label(one: Problem, kind: str | None, edition: Edition) -> str | None:
    return one.field and (edition.fields(kind)[one.field].label if kind else edition.label(one.field))


def _results(outcome: Outcome) -> Iterator[tuple[Result, Place]]:
    for kind, found in outcome.judgements.items():
        applicants = outcome.batch.applicants[kind]
        for row, verdict in enumerate(found.verdicts):
            place = applicants.place(row, "name")
            left = [f"{'未达到' if clause['met'] is False else '待补充'}：{clause['number']} {clause['label']}"
                    for clause in found.clauses(row) if clause["met"] is not True]
            yield Result(outcome.batch.edition.kinds[kind].label, found.frame["name"].iat[row],
                         found.frame["credit_code"].iat[row], verdict, "；".join(left), "", None), place


# ------------------------------------------------------------------ one file

def mark_file(report: FileReport) -> bytes:
    """The marked copy of a file.

    ``UnusableFile`` when it cannot be opened, or is written so oddly that it cannot be marked.
    """
    if not report.sha256:               # refused before it was read: what broke a worker is not tried again
        raise UnusableFile(report.path, "文件不能打开，没有标注副本。请先按问题清单处理这个文件。", CANNOT)
    try:
        return _mark(report)
    except UnusableFile as err:
        raise UnusableFile(report.path, err.why, CANNOT) from err
    except Exception as err:
        raise UnusableFile(report.path, "文件写法特殊，不能加标记。请用 Excel 打开后另存为 xlsx，再校验一次。", CANNOT) from err


def _mark(report: FileReport) -> bytes:
    path = Path(report.path)
    data, names = (read_bytes(path), {}) if report.format in _MARKED_AS_IS else convert(read_book(path))
    origin = converted_from(data)
    remarks = [_CONVERTED.format(origin=origin)] if origin else []
    own = {(at.sheet, at.row): at.cell for _, at in report.results}         # a problem of a row stands at the name
    problems = [finding.problem for finding in report.findings]
    spots = [_spot(one.sheet, one.row, one.cell or own.get((one.sheet, one.row)), names, one.severity,
                   f"{one.message}{one.remedy}") for one in problems]
    spots += [_spot(at.sheet, at.row, at.cell, names) for _, at in report.results]

    def plan(landings: list[Landing], signed: bool) -> SheetPlan:
        name = origin or f"{_stem(path)}{path.suffix}"
        return plan_sheet(report, name, names, landings, [*remarks, *([_SIGNED] if signed else [])])
    return mark_package(data, spots, plan)


def _spot(sheet: str | None, row: int | None, cell: str | None, names: dict[str, str], severity: str = "note",
          words: str = "") -> Spot:
    row, column = position(cell) if cell else (row and row - 1, None)
    return Spot(names.get(sheet, sheet), row, column, severity, words)


def plan_sheet(report: FileReport, name: str, sheets: dict[str, str], landings: list[Landing],
               remarks: list[str]) -> SheetPlan:
    """反馈 of one file called ``name``. ``sheets``: names that a converted copy had to change; ``landings``: of its
    problems, then of its applicants."""
    named = [replace(one.problem, sheet=sheets.get(one.problem.sheet, one.problem.sheet)) for one in report.findings]
    findings = [replace(one, problem=problem, target=landing.target, remark=landing.remark)
                for one, problem, landing in zip(report.findings, named, landings)]
    results = [replace(result, place=f"{sheets.get(at.sheet, at.sheet) or ''} {at.cell or f'第{at.row}行'}".strip(),
                       target=landing.target)
               for (result, at), landing in zip(report.results, landings[len(findings):])]
    return plan_feedback(load_edition(report.edition), name, findings, results, remarks)


# ------------------------------------------------------------------ where they go

def write_one(outcome: Outcome, path: Path) -> None:
    """The marked copy of the only file of ``outcome`` as ``path``, whose suffix must be the right one."""
    (report,) = reports(outcome)
    if path.suffix.lower() != report.suffix:
        raise UnusableFile(path, f"原文件{'含' if report.suffix == '.xlsm' else '不含'}宏，标注副本的文件名应以 {report.suffix} 结尾，"
                                 "没有写入。请换一个文件名。", "wrong-suffix")
    outcome.written.append(write_copy((report, path)))


def write_folder(outcome: Outcome, folder: Path, *, everything: bool = False, whole: bool = False,
                 jobs: int | None = None, progress: Callable[[int, int], None] | None = None) -> None:
    """<name>_反馈.xlsx in ``folder`` for each file with something to put right (``everything``: for each file).

    A file that cannot be marked gets none and is named in ``outcome.unmarked``. Files of the same name are numbered.
    Former copies of files that need none any more go to 上一版; with ``whole`` so do those of all other files.
    """
    wanted = [report for report in reports(outcome) if everything or report.needs_attention]
    taken: set[str] = set()
    tasks = [(report, folder / _free_name(_stem(Path(report.path)), report.suffix, taken)) for report in wanted]
    made = map_in_workers(write_copy, tasks, jobs=jobs, on_done=progress)
    for (report, _), result in zip(tasks, made):
        if isinstance(result, Path):
            outcome.written.append(result)
        elif isinstance(result, WorkerDied) or isinstance(result, UnusableFile) and result.code == CANNOT:
            outcome.unmarked.append(Path(report.path).name)
        else:
            raise result
    if progress and not tasks:
        progress(0, 0)                  # ends the bar
    ours = None if whole else {f"{_stem(Path(file.path))}_{FOLDER}" for file in outcome.batch.files}
    _retire_others(folder, taken, ours)


def write_copy(task: tuple[FileReport, Path]) -> Path:
    """(report, target): write the marked copy, here or in a worker; only over a marked copy."""
    report, path = task
    data = mark_file(report)
    return save_atomically(path, lambda temporary: temporary.write_bytes(data), ours=is_marked)


def _retire_others(folder: Path, names: set[str], stems: set[str] | None) -> None:
    """The copies that are not of these names; with ``stems`` only those called so."""
    for path in sorted(folder.glob(f"*_{FOLDER}*.xls[xm]")):
        if path.name.casefold() not in names and (stems is None or path.stem in stems) and is_marked(path):
            retire(path, remove=True)


def _stem(path: Path) -> str:
    """The name without suffix; a copy that came back is called as the file that was marked first."""
    return path.stem.removesuffix(f"_{FOLDER}")


def _free_name(stem: str, suffix: str, taken: set[str]) -> str:
    """<stem>_反馈.xlsx, numbered when a file of that name was written before."""
    stem = f"{stem}_{FOLDER}"
    names = (f"{stem}{suffix}" if number == 1 else f"{stem}({number}){suffix}" for number in count(1))
    name = next(name for name in names if name.casefold() not in taken)
    taken.add(name.casefold())
    return name
