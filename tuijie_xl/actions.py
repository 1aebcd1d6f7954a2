"""What an officer can do: each action takes paths and an edition and returns an ``Outcome``.

The command line and the ribbon call these and nothing below them, so both find the same.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from . import feedback
from .batch import Batch, add_counts, assemble
from .book import WorkbookPlan
from .checks import review
from .criteria import Judgement, as_text
from .edition import Edition, EditionError
from .files import archive
from .files.answers import ANSWERS, load_answers, write_questions
from .files.encrypted import Password
from .files.saving import FORMER, is_ours, retire, save_atomically, save_pdf, save_workbook
from .files.submission import read_file, refused
from .files.workers import WorkerDied, map_in_workers
from .intake import FileIntake, LostRows
from .intake.answers import Answers
from .layout import applicant_books, figures, master, template
from .pause import Pause, each, go_on
from .problem import Problem, UnusableFile
from .provenance import check_provenance
from .standing import Past

Progress = Callable[[int, int], None]


@dataclass
class Outcome:
    """What an action found and wrote. ``problems`` are all of them, in the order of files, sheets and cells.
    ``unmarked`` names the files of which there could be no marked copy.

    Of an import into a standing master: ``past`` is what the master carries on, ``known`` the files that it had
    already, ``counts`` how many applicants were added, replaced, left, and are not reported any more.
    """

    batch: Batch
    judgements: dict[str, Judgement]
    problems: list[Problem]
    written: list[Path] = field(default_factory=list)
    past: Past | None = None
    known: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    unmarked: list[str] = field(default_factory=list)
    answers: Answers | None = None

    def check(self) -> None:
        """Raise ``LostRows`` where an applicant is not what was read at its place; asked before anything is written."""
        check_provenance(self.batch, self.judgements)

    @property
    def is_clean(self) -> bool:
        """True when nothing asks for the officer's attention (notes do not)."""
        return all(p.severity == "note" for p in self.problems)


# ------------------------------------------------------------------ reading and judging

#: What machines leave in folders and no bureau ever sends; anything else that is no spreadsheet is reported.
_NOT_SENT = (".py", ".pyc", ".json", ".ini", ".lnk", ".db", ".log", ".tmp")


def find_files(paths: Iterable[str | Path], apart_from: Iterable[Path] = ()) -> list[Path]:
    """The files of the given files and folders (with their subfolders), in a stable order; of zip archives the members.

    Hidden files, the lock files of open workbooks, files of the system, former versions, and what lies in
    ``apart_from`` (our own results) are passed over. A path that does not exist,
    or folders without any file, are ``UnusableFile``.
    """
    found: dict[Path, None] = {}
    results = [path.resolve() for path in apart_from]
    for path in paths:
        if not str(path).strip():
            raise UnusableFile("（空）", "没有写明文件或文件夹。", "file-not-found")
        path = Path(path)
        if path.is_dir():
            for file in sorted(path.rglob("*")):
                ours = FORMER in file.parts or any(file.resolve().is_relative_to(own) for own in results)
                if file.is_file() and not ours and not _is_none_of_theirs(file):
                    found.setdefault(file)
        elif path.exists():
            found.setdefault(path)
        else:
            raise UnusableFile(path, "找不到这个文件或文件夹，请检查路径是否写对。", "file-not-found")
    if not found:
        raise UnusableFile("、".join(map(str, paths)), "文件夹里没有任何文件，请把各地报送的表格放进去再试。", "folder-empty")
    return [member for file in found for member in archive.expand(file)]


def _is_none_of_theirs(file: Path) -> bool:
    return file.name.startswith(("~$", ".")) or file.suffix.lower() in _NOT_SENT or file.name == ANSWERS


def read_files(paths: Iterable[str | Path], edition: str | Path, *, jobs: int | None = None,
               progress: Progress | None = None, apart_from: Iterable[Path] = (),
               passwords: Iterable[str] = (), answers: Answers | None = None) -> list[FileIntake]:
    """Read every file in a disposable worker; a file that cannot be used comes back as 'refused'.

    ``passwords`` are tried on encrypted files; they reach the workers over their pipes alone.
    ``answers`` say what columns are that name no field for certain.
    """
    files, keys = find_files(paths, apart_from), tuple(map(Password, passwords))
    more = (answers,) if answers and answers.fields else ()
    results = map_in_workers(read_file, [(str(f), edition, keys, *more) for f in files], jobs=jobs, on_done=progress)
    return [result if isinstance(result, FileIntake) else _failed(file, result) for file, result in zip(files, results)]


def _failed(file: Path, result: WorkerDied | Exception) -> FileIntake:
    """What a file becomes whose reading failed; a fault of the edition or of our own counting stops everything."""
    if isinstance(result, LostRows | EditionError):
        raise result
    why = result.why if isinstance(result, WorkerDied) else f"读取时程序出错（{type(result).__name__}）"
    return refused(file, f"{why}。请用 Excel 打开后另存为 .xlsx 再试；仍不行请把文件发给维护人员。", "reader-failed")


def review_files(files: list[FileIntake], edition: Edition, pause: Pause = go_on) -> Outcome:
    """Put the files together, check and judge every applicant. ``pause`` is called between kinds and checks."""
    return put_together(assemble(files, edition), [(file.path, sheet.name) for file in files for sheet in file.sheets], pause)


def put_together(batch: Batch, places: Sequence[tuple[str | None, str | None]], pause: Pause = go_on) -> Outcome:
    """Check and judge every applicant of a batch; ``places`` are (file, sheet) in the order of the problems."""
    judgements, problems = {}, list(batch.problems)
    for kind, applicants in each(batch.applicants.items(), pause):
        judgements[kind], found = review(applicants, batch.edition, pause)
        problems += found
    return Outcome(batch, judgements, _in_order(_told_once(problems), places, [file.path for file in batch.files]))


#: What reading says of a cell, and what the checks would say of the same cell in other words.
_TOLD_BY_READING = {"cell-error": ("not-a-number", "not-whole", "not-a-date", "not-a-term", "term-near"),
                    "formula-uncached": ("not-a-number", "not-whole", "not-a-date", "not-a-term", "term-near"),
                    "currency-foreign": ("not-a-number",)}


def _told_once(problems: list[Problem]) -> list[Problem]:
    """Without the findings of a cell whose real fault reading has already named."""
    known = {(p.file, p.sheet, p.cell, code) for p in problems if p.cell for code in _TOLD_BY_READING.get(p.code, ())}
    return [p for p in problems if (p.file, p.sheet, p.cell, p.code) not in known]


def _in_order(problems: list[Problem], places: Sequence[tuple[str | None, str | None]], files: Iterable[str]) -> list[Problem]:
    """By file, sheet and row; within a row as they were found."""
    order = {file: i for i, file in enumerate(dict.fromkeys([*(file for file, _ in places if file not in files), *files]))}
    sheets = {place: i for i, place in enumerate(places)}
    return sorted(problems, key=lambda p: (order.get(p.file, -1), sheets.get((p.file, p.sheet), -1), p.row or 0))


def import_files(paths: Iterable[str | Path], edition: Edition, *, jobs: int | None = None,
                 progress: Progress | None = None, apart_from: Iterable[Path] = (),
                 passwords: Iterable[str] = (), mapping: Path | None = None) -> Outcome:
    """Read, put together, check and judge all files of a batch. ``apart_from``: results of ours, not to be read.

    ``mapping`` is the file of answers about columns (列名对照), where there is one.
    """
    answers = load_answers(mapping, edition) if mapping else None
    files = read_files(paths, edition.folder, jobs=jobs, progress=progress, apart_from=apart_from, passwords=passwords,
                       answers=answers)
    outcome = review_files(files, edition)
    outcome.answers = answers
    outcome.problems[:0] = answers.problems if answers else []
    return outcome


def mapping_beside(output: Path | None) -> Path | None:
    """The file of answers in the folder of a result, where there is one."""
    return output.parent / ANSWERS if output and (output.parent / ANSWERS).is_file() else None


def ask_about_columns(outcome: Outcome, output: Path) -> None:
    """Write 列名对照 beside a result where columns wait for an answer."""
    outcome.written += write_questions(outcome.answers, outcome.batch.files, output.parent / ANSWERS, outcome.batch.edition)


# ------------------------------------------------------------------ writing

def write_master(outcome: Outcome, path: Path) -> None:
    """The master workbook: applicants, problems, what was imported and what was not, statistics.

    ``LostRows`` and nothing written where an applicant is not what was read at its place.
    """
    outcome.check()
    plan = master.plan_master(outcome.batch, outcome.judgements, outcome.problems, outcome.past)
    outcome.written += save_workbook(plan, path)


def write_template(edition: Edition, folder: Path) -> list[Path]:
    """The macro-free template for bureaus, 推介填报_<edition>.xlsx."""
    return save_workbook(template.plan_template(edition), folder / f"推介填报_{edition.id}.xlsx")


def write_statistics(outcome: Outcome, path: Path) -> None:
    """统计摘要, 统计 and 统计明细 with the sheets that their formulas count, as a workbook of its own."""
    outcome.check()
    plan = master.plan_master(outcome.batch, outcome.judgements, outcome.problems)
    plan.sheets.sort(key=lambda sheet: sheet.name not in figures.SHEETS)
    outcome.written += save_workbook(plan, path)


def write_sheets(outcome: Outcome, folder: Path, *, only: Iterable[str] = (), pdf: bool = False,
                 progress: Progress | None = None, pause: Pause = go_on) -> None:
    """One workbook of applicants' sheets for each region, with an index. ``only``: these codes or names.

    With ``pdf`` also the same as one PDF a region with bookmarks, and one PDF an applicant in a folder of the region.
    ``pause`` is called between the sheets; a file is written whole or not at all.
    A whole set replaces the former one: what it does not hold any more goes to ``FORMER``.
    """
    outcome.check()
    plans = list(applicant_books.plan_applicant_books(outcome.judgements, set(only), pause))
    if only and not plans:
        raise UnusableFile("、".join(only), "没有找到这些代码或名称的申报单位，请核对后再试。", "applicant-not-found")
    made: set[Path] = set()
    for done, (name, plan) in enumerate(plans, 1):
        made |= {*save_workbook(plan, folder / f"{name}.xlsx", pause=pause),
                 *(_save_pdfs(plan, folder / name, pause) if pdf else ())}
        if progress:
            progress(done, len(plans))
    outcome.written += sorted(made)
    if not only:
        _retire_others(folder, made, outcome.batch.edition, pdf)


def _save_pdfs(plan: WorkbookPlan, place: Path, pause: Pause) -> list[Path]:
    """A region's book as <place>.pdf, and <place>/<sheet>.pdf for each applicant."""
    papers = {place.with_name(f"{place.name}.pdf"): plan.sheets}
    papers |= {place / f"{sheet.name}.pdf": [sheet] for sheet in plan.sheets[1:]}
    return [save_pdf(each(sheets, pause), path, plan.title) for path, sheets in papers.items()]


def _retire_others(folder: Path, made: set[Path], edition: Edition, pdf: bool) -> None:
    """What a former run left for regions and applicants that this run does not have; only what we made."""
    for region in applicant_books.book_names(edition):
        former = [folder / f"{region}.xlsx", *([folder / f"{region}.pdf", *(folder / region).glob("*.pdf")] if pdf else ())]
        for path in former:
            if path.exists() and path.resolve() not in made and is_ours(path):
                retire(path, remove=True)


def write_marked(outcome: Outcome, target: Path, *, jobs: int | None = None, progress: Progress | None = None) -> None:
    """``validate -o``: the marked copy of the one file as ``target`` (.xlsx, .xlsm), of any number in the folder ``target``.

    Several files and one target are ``UnusableFile``, and so is a target for a file that cannot be marked.
    """
    if target.suffix.lower() not in (".xlsx", ".xlsm"):
        feedback.write_folder(outcome, target, everything=True, jobs=jobs, progress=progress)
    elif len(outcome.batch.files) > 1:
        raise UnusableFile(target, f"有 {len(outcome.batch.files)} 个文件，没有写入。-o 后面请写一个文件夹，每个文件的标注副本都放在里面。",
                           "folder-wanted")
    else:
        feedback.write_one(outcome, target)


def copy_examples(files: Iterable[Path], folder: Path) -> Path:
    """The regional files that come with the program, copied where the officer can look at them."""
    for file in files:
        save_atomically(folder / file.name, lambda temporary, file=file: temporary.write_bytes(file.read_bytes()),
                        keep_former=False)
    return folder


def refuse_overwriting(target: Path, sources: Iterable[str]) -> None:
    """A file that is read is never overwritten: its marked copy needs a name of its own."""
    if target.exists() and any(Path(s).exists() and target.samefile(s) for s in sources):
        raise UnusableFile(target, "不能覆盖正在校验的原文件，请用 -o 另起一个文件名。", "would-overwrite")


def write_json(value: dict, path: Path) -> list[Path]:
    """A report for other programs, UTF-8, written atomically."""
    text = json.dumps(value, ensure_ascii=False, indent=1)
    save_atomically(path, lambda temporary: temporary.write_text(text, "utf-8"))
    return [path]


# ------------------------------------------------------------------ reports

def findings(outcome: Outcome) -> dict:
    """What ``validate --json`` prints: every applicant with verdict, clauses and materials, and every problem."""
    edition = outcome.batch.edition
    applicants = [_finding(outcome, judgement, row) for judgement in outcome.judgements.values()
                  for row in range(len(judgement.frame))]
    return {"edition": edition.id, "applicants": applicants, "problems": [p.as_dict() for p in outcome.problems]}


def _finding(outcome: Outcome, found: Judgement, row: int) -> dict:
    place = outcome.batch.applicants[found.kind].place(row)
    clauses = [{k: c[k] for k in ("clause", "number", "met", "value", "limit", "shortfall")} for c in found.clauses(row)]
    measures = {m.field: found.frame[m.field].iat[row] for m in found.edition.measures_of(found.kind)}
    return {"kind": found.kind, "name": found.frame["name"].iat[row], "credit_code": found.frame["credit_code"].iat[row],
            "file": place.file, "sheet": place.sheet, "row": place.row, "verdict": found.verdicts[row],
            **{m.field: None if measures[m.field] is None else as_text(measures[m.field], m.decimals)
               for m in found.edition.measures_of(found.kind)},
            "clauses": clauses,
            "materials": [{"id": m.id, "required": None if owed is None else bool(owed), "state": found.states[m.id][row]}
                          for m in found.edition.materials_of(found.kind)
                          for owed in [found.required[m.id].to_numpy(dtype=object, na_value=None)[row]]]}


def import_report(batch: Batch) -> dict:
    """What ``import --report`` writes: for every file and sheet the mapping, the rows and the problems."""
    return {"batch": batch.id,
            "files": [{"path": file.path, "sha256": file.sha256, "format": file.format, "status": file.status,
                       "sheets": [{"name": sheet.name, "kind": sheet.kind, "header_rows": sheet.header_rows,
                                   "mapping": {k: v for table in sheet.tables for k, v in table.labels.items()},
                                   "answered": {k: v for table in sheet.tables for k, v in table.answered.items()},
                                   "unmapped": [label for table in sheet.tables for label in table.unmapped],
                                   "rows": add_counts([sheet.counts])} for sheet in file.sheets],
                       "problems": [p.as_dict() for p in file.problems]} for file in batch.files],
            "totals": batch.totals}


# ------------------------------------------------------------------ names of the results

MASTER = "推介总表_{id}.xlsx"
FEEDBACK = feedback.FOLDER
SHEETS = "申报单位表"
REPORT = "导入报告_{id}.json"
