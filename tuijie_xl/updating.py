"""One master over many batches: an update that loses nothing, the way back, and what differs between two books."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from . import feedback
from .actions import (
    FEEDBACK,
    MASTER,
    REPORT,
    SHEETS,
    Outcome,
    Progress,
    ask_about_columns,
    find_files,
    import_files,
    import_report,
    mapping_beside,
    put_together,
    read_files,
    review_files,
    write_json,
    write_sheets,
)
from .batch import Batch, assemble
from .book import BookText
from .criteria import judge
from .differences import FIELD, WORDS, Difference, changes_of, compare
from .earlier import found_in_master, open_questions
from .edition import Edition
from .files.answers import load_answers
from .files.former import read_former
from .files.locking import locked
from .files.reading import read_book
from .files.saving import is_ours, save_atomically, save_workbook
from .files.versions import as_written_name, find_version, keep_as_written, put_back, sha256_of
from .files.workers import WorkerDied, map_in_workers
from .files.writing import write_workbook
from .intake import FileIntake
from .layout import handling, master
from .layout.changes import plan_differences
from .layout.problem_list import NOTE, STATE
from .layout.problem_list import SHEET as PROBLEMS
from .layout.template import BATCH, FORMER
from .problem import Place, Problem, UnusableFile, problem
from .resubmission import CONFLICT, TWIN, Meeting, in_words, merge
from .standing import NONE, Past, Standing, settings_of


@dataclass
class Update(Outcome):
    """An import into a master. ``standing`` is the master before, None for a new one."""

    standing: Standing | None = None

    def check(self) -> None:
        """As of any outcome; what stood in a master before was checked when it was merged."""
        if self.standing is None:
            super().check()

    @property
    def changes_nothing(self) -> bool:
        """True when every file had been imported before: the master stays byte for byte."""
        return self.standing is not None and not self.batch.files


def import_into(paths: Iterable[str | Path], edition: Edition, target: Path, *, fresh: bool = False, jobs: int | None = None,
                progress: Progress | None = None, apart_from: Iterable[Path] = (), passwords: Iterable[str] = (),
                mapping: Path | None = None) -> Update:
    """Read files and put them into the master at ``target``, or begin one there. Nothing is written yet.

    ``fresh`` begins anew even where a master stands; ``mapping`` is the file of answers about columns, by default the one
    beside ``target``. ``UnusableFile`` where ``target`` is something that cannot be updated
    without losing what officers put into it.
    """
    standing = None
    if target.exists() and not fresh:
        find_files(paths, apart_from)
        standing = read_master(target, edition)
    mapping = mapping or mapping_beside(target)
    answers = load_answers(mapping, edition) if mapping else None
    files = read_files(paths, edition.folder, jobs=jobs, progress=progress, apart_from=apart_from, answers=answers,
                       passwords=passwords)
    update = review_update(standing, files, edition) if standing else _first(files, edition, target)
    update.answers = answers
    update.problems[:0] = answers.problems if answers else []
    return update


def _first(files: list[FileIntake], edition: Edition, target: Path) -> Update:
    """A master that begins with these files."""
    outcome = review_files(files, edition)
    outcome.past = Past(sha256_of(target) if target.exists() else NONE)
    outcome.past.changes = _arrivals(outcome, {kind: range(len(group.frame)) for kind, group in outcome.batch.applicants.items()})
    return Update(**vars(outcome))


def read_master(path: Path, edition: Edition) -> Standing:
    """The master at ``path``, read in a disposable process."""
    (result,) = map_in_workers(read_former, [(str(path), edition.folder)], jobs=1, seconds=600)
    if isinstance(result, WorkerDied):
        raise UnusableFile(path, f"总表读不出来：{result.why}。请用 Excel 打开后另存为 .xlsx 再试。", "reader-failed")
    if isinstance(result, Exception):
        raise result
    return result


def review_update(standing: Standing, files: list[FileIntake], edition: Edition) -> Update:
    """The standing master with the files that it does not have yet: merged, checked and judged."""
    new = [file for file in files if not standing.knows(file, edition)]
    batch = assemble(new, edition)
    meetings = merge(standing, batch, edition)
    batch.problems = [*open_questions(standing, meetings, edition), *found_in_master(standing, meetings), *_still_asked(batch.problems, batch, meetings),
                      *(p for meeting in meetings.values() for p in meeting.problems),
                      *(problem("own-formula", Place(standing.path, sheet), value=label) for sheet, label in standing.formulas)]
    batch.applicants = {kind: meeting.applicants for kind, meeting in meetings.items()}
    outcome = put_together(batch, _places(meetings, new))
    counts = Counter()
    for meeting in meetings.values():
        counts.update(meeting.counts)
    outcome.past, outcome.counts = _carried(standing, meetings), dict(counts)
    outcome.known = [file.path for file in files if file not in new]
    update = Update(**vars(outcome), standing=standing)
    update.past.changes = list(_changes(update, meetings))
    return update


def _still_asked(problems: list[Problem], batch: Batch, meetings: dict[str, Meeting]) -> list[Problem]:
    """What reading found in the batch, without questions about values that an officer's edit outweighs; who is whose twin
    is asked of all applicants together."""
    outweighed = {(*meeting.applicants.origins[j], name) for meeting in meetings.values() for j, name in meeting.edited}
    return [p for p in problems if p.code != TWIN and (p.file, p.sheet, p.row, p.field) not in outweighed]


def _places(meetings: dict[str, Meeting], files: list[FileIntake]) -> list[tuple[str | None, str | None]]:
    """(file, sheet) in the order of 问题清单: earlier files as their rows stand, then those of the batch."""
    standing = [origin[:2] for meeting in meetings.values() for origin in meeting.applicants.origins[:meeting.standing]]
    return list(dict.fromkeys([*standing, *((file.path, sheet.name) for file in files for sheet in file.sheets)]))


def _carried(standing: Standing, meetings: dict[str, Meeting]) -> Past:
    """What the former master leaves to the new one; officers' columns are blank for new rows."""
    columns = {kind: {label: values + [None] * len(meetings[kind].added) for label, values in of_kind.items()}
               for kind, of_kind in standing.past.columns.items()}
    return replace(standing.past, columns=columns)


# ------------------------------------------------------------------ what a batch changed

def _changes(update: Update, meetings: dict[str, Meeting]) -> Iterable[tuple]:
    """The lines of 变更记录: verdicts, values, conflicts, arrivals, who was not sent again, handling that lost its problem."""
    edition, found = update.batch.edition, []
    for kind, meeting in meetings.items():
        before = update.standing.applicants[kind]
        rows = [(j, j) for j in sorted(meeting.changed)]
        if rows:
            found += changes_of(before, judge(before, edition), meeting.applicants, update.judgements[kind], rows, edition)
    yield from (_line(one, edition) for one in sorted(found, key=lambda one: one.change == FIELD))
    named = update.batch.named()
    for one in update.problems:
        if one.code == CONFLICT and any(one in meeting.problems for meeting in meetings.values()):
            who = named[one.file, one.sheet, one.row]
            yield ("冲突", edition.kinds[who.kind].label, who.name, who.code, edition.fields(who.kind)[one.field].label,
                   in_words(one.value), in_words(one.value), Path(one.file).name, one.message)
    yield from _arrivals(update, {kind: range(m.standing, len(m.applicants.frame)) for kind, m in meetings.items()})
    for kind, meeting in meetings.items():
        group = meeting.applicants
        for j in meeting.unreported:
            yield ("本次未报", edition.kinds[kind].label, group.values("name")[j], group.values("credit_code")[j], None, None, None,
                   group.values("source_file")[j], "同一来源的其他单位本次重新报送，这一家没有；仍保留在总表中")
    yield from _settled(update, edition)


def _line(one: Difference, edition: Edition) -> tuple:
    return (WORDS[one.change], edition.kinds[one.kind].label, one.name, one.credit_code, one.field, one.old, one.new, one.file, None)


def _arrivals(outcome: Outcome, rows: dict[str, Iterable[int]]) -> list[tuple]:
    """How many applicants each file added."""
    counted = Counter((kind, outcome.batch.applicants[kind].values("source_file")[i]) for kind, of_kind in rows.items()
                      for i in of_kind)
    kinds = outcome.batch.edition.kinds
    return [("新增", kinds[kind].label, f"{number} 家", None, None, None, None, file, None) for (kind, file), number in counted.items()]


def _settled(update: Update, edition: Edition) -> Iterable[tuple]:
    """Handled problems that the list does not have any more, with what was decided."""
    former = update.standing.past.lists[PROBLEMS]
    if not any(line.get(STATE) or line.get(NOTE) for line in former):
        return
    lines = master.lines_of(update.batch, update.problems, update.past)
    for line in handling.unmatched(lines, former):
        yield ("处理了结", None, line.get("申报单位"), line.get("单位代码"), line.get("字段"), line.get("现值"), None, line.get("出自文件"),
               f"{line.get(STATE) or ''} {line.get(NOTE) or ''}".strip() + f"（{line.get('问题')}）")


# ------------------------------------------------------------------ writing and the way back

def write_update(update: Update, path: Path) -> None:
    """Write the master of an import, and the questions about columns beside it; where nothing is new both stay as they are.
    A copy is kept among the former versions, by which later edits are told."""
    if update.changes_nothing:
        return
    update.check()
    plan = master.plan_master(update.batch, update.judgements, update.problems, update.past)

    def write(temporary: Path) -> None:
        write_workbook(plan, temporary, named=path)
        keep_as_written(path, temporary, update.batch.id, update.past.former)
    update.written.append(save_atomically(path, write, ours=is_ours if update.standing is None else _was_read))
    ask_about_columns(update, path)


def _was_read(path: Path) -> bool:
    """A master that was read is ours, though some programs drop the property that says so."""
    return True


def renew(path: Path, edition: Edition) -> Update | None:
    """The master at ``path`` checked and judged anew with everything that officers left in it, for ``write_master``; None
    when there is no master at ``path``."""
    if not is_ours(path):
        return None
    try:
        standing = read_master(path, edition)
    except UnusableFile as err:
        if err.code == "not-ours":
            return None
        raise
    update = review_update(standing, [], edition)
    update.batch.id, update.past.former = standing.settings[BATCH], standing.settings[FORMER]
    return update


def run(paths: Iterable[str | Path], edition: Edition, folder: Path, *, fresh: bool = False, jobs: int | None = None,
        progress: Callable[[str], Progress] | None = None, passwords: Iterable[str] = (),
        mapping: Path | None = None) -> Update:
    """The main job: import, validate, master workbook, applicants' sheets, marked copies, report, all into ``folder``; a
    master that stands there is updated (see ``import_into``)."""
    def say(stage: str) -> Progress | None:
        return progress(stage) if progress else None

    ours = target, sheets, report, marked = [folder / name.format(id=edition.id) for name in (MASTER, SHEETS, REPORT, FEEDBACK)]
    with locked(target):
        update = import_into(paths, edition, target, fresh=fresh, jobs=jobs, progress=say("读取文件"),
                             apart_from=ours, passwords=passwords, mapping=mapping)
        write_update(update, target)
        write_sheets(update, sheets, progress=say("生成申报单位表"))
        if not update.changes_nothing:
            feedback.write_folder(update, marked, whole=update.standing is None, jobs=jobs, progress=say("标注反馈"))
            update.written += write_json(import_report(update.batch), report)
    return update


@dataclass(frozen=True)
class Undone:
    """What ``undo`` did: the batch that was taken back; ``removed`` when the import had created the master."""

    batch: str
    removed: bool


def undo(path: Path, *, even_if_edited: bool = False) -> Undone:
    """Take the last batch back: ``path`` holds the very bytes from before the import again, or goes where there was
    nothing before. What is taken back is kept among the former versions.

    ``UnusableFile`` where that version is not there any more, and, unless ``even_if_edited``, where the master was
    edited since.
    """
    if not path.exists():
        raise UnusableFile(path, "找不到这个总表，没有可以撤回的导入。", "file-not-found")
    with locked(path):
        book = read_book(path)
        settings = settings_of(book)
        if FORMER not in settings:
            raise UnusableFile(path, "这不是本工具导入生成的总表，没有可以撤回的导入。", "not-ours")
        batch, former = settings[BATCH], settings[FORMER]
        version = None if former == NONE else find_version(path, former)
        if former != NONE and version is None:
            raise UnusableFile(path, "“上一版”文件夹里找不到导入前的总表，不能撤回。请检查该文件夹是否被移走或清理。", "no-former")
        if not even_if_edited:
            _refuse_edited(path, book, as_written_name(path, batch, former))
        put_back(path, version)
    return Undone(batch, version is None)


def _refuse_edited(path: Path, book: BookText, written: Path) -> None:
    if not written.exists():
        raise UnusableFile(path, "“上一版”文件夹里没有导入时的副本，不能确定总表在导入后是否改动过，没有撤回。确定要撤回的，请加 --force（现在的总表会留在“上一版”）。",
                           "edited")
    if sha256_of(written) == book.sha256:
        return
    number = cells_that_differ(read_book(written), book)
    if number:
        raise UnusableFile(path, f"总表在导入后有 {number} 个单元格改动过，撤回会连这些改动一起撤去，没有撤回。确定要撤回的，请加 --force"
                                 "（现在的总表会留在“上一版”）。", "edited")


def cells_that_differ(one: BookText, other: BookText) -> int:
    """How many cells hold something else; a sheet that only one book has counts with all its cells."""
    def cells(book: BookText) -> dict[tuple, object]:
        return {(grid.name, r, c): value for grid in book.grids for r, row in enumerate(grid.rows)
                for c, value in enumerate(row) if value is not None}
    before, after = cells(one), cells(other)
    return sum(before.get(key) != after.get(key) for key in before.keys() | after.keys())


# ------------------------------------------------------------------ two books

def diff(old: Path, new: Path, edition: Edition, *, jobs: int | None = None,
         progress: Callable[[str], Progress] | None = None) -> list[Difference]:
    """What changed from one book or folder to another: verdicts, values, who came and who is gone."""
    sides = []
    for path, words in ((old, "读取旧表"), (new, "读取新表")):
        outcome = import_files([path], edition, jobs=jobs, progress=progress(words) if progress else None)
        refused = [file for file in outcome.batch.files if file.status == "refused"]
        if len(refused) == len(outcome.batch.files):
            raise UnusableFile(path, refused[0].problems[0].message)
        sides.append({kind: (group, outcome.judgements[kind]) for kind, group in outcome.batch.applicants.items()})
    return compare(*sides, edition)


def write_diff(found: list[Difference], edition: Edition, path: Path) -> Path:
    """The differences as a workbook."""
    (written,) = save_workbook(plan_differences([_line(one, edition)[:-1] for one in found], edition), path)
    return written
