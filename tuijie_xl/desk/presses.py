"""What each button does: a function of the open book and the edition that gives the words to tell the officer.

Everything that changes the book goes through ``change.apply``, so it is whole or not at all and can be taken back.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import date
from functools import wraps
from pathlib import Path

from .. import actions
from ..actions import Outcome
from ..edition import Edition
from ..files.saving import save_atomically
from ..layout import material_list, statistics
from ..layout.guide import GUIDE
from ..layout.problem_list import COLUMNS, HEADER, SHEET, plan_problems
from ..manual import manual_of
from .change import Change, apply, open_settings, undo
from .computed import computed_writes
from .counted import plan_counts
from .findings import Places, about_marks, cell_of, marks_for, problem_list, standing_list, summary
from .importing import plan_import
from .marks import show_progress, standing_marks
from .openbook import CannotDo, OpenBook, pausing
from .reading import Reading, read_open, review_open

PDF = "申报单位表_PDF"
CHOSEN = "申报单位表_所选"
_PLACE, _PROBLEM, _REMEDY, _LEVEL = 8, 5, 6, 1
assert [COLUMNS[i][0] for i in (_PLACE, _PROBLEM, _REMEDY, _LEVEL)] == ["位置", "问题", "处理办法", "程度"]
Press = Callable[[OpenBook, Edition], str]


def _shows_progress(action: Press) -> Press:
    """The action, after which the status bar is the program's again whatever happened."""
    @wraps(action)
    def act(book: OpenBook, edition: Edition) -> str:
        try:
            return action(book, edition)
        finally:
            book.status(None)
    return act


# ------------------------------------------------------------------ 导入

@_shows_progress
def press_import(book: OpenBook, edition: Edition) -> str:
    """Read the chosen files and add their applicants below those that are there."""
    reading = read_open(book, edition)
    paths = book.ask_files()
    if not paths:
        return ""
    files = actions.read_files(paths, edition.folder, progress=_progress(book, "正在读取文件"),
                               apart_from=[Path(book.path)] if _is_local(book.path) else [])
    change, outcome, new = plan_import(book, reading, files, edition)
    apply(book, change, reading.settings, edition)
    used = sum(file.status == "imported" for file in files)
    said = f"读了 {len(files)} 个文件，采用 {used} 个；新加入 {new} 家。" if new else f"读了 {len(files)} 个文件，没有新的申报单位。"
    return "\n".join(part for part in (said, summary(outcome), about_marks(outcome, change.marks),
                                       "每个文件的去向见“导入记录”，未采用的行见“导入异常”。") if part)


# ------------------------------------------------------------------ 校验

@_shows_progress
def press_validate(book: OpenBook, edition: Edition) -> str:
    """Check everything: 问题清单, marks on the cells, and computed cells that had lost their formula."""
    reading, outcome = review_open(book, edition)
    places = Places(reading)
    former = standing_list(book)
    change = Change("校验", writes=computed_writes(book, reading, outcome), plans=[problem_list(outcome, places, former)],
                    marks=marks_for(outcome, places, former), read={SHEET: former})
    apply(book, change, reading.settings, edition)
    if not _size(outcome):
        return "填报表里还没有申报单位。请先填写，或用“批量导入”读入各地报送的表格。"
    return "\n".join(part for part in (summary(outcome), about_marks(outcome, change.marks)) if part)


@_shows_progress
def press_measures(book: OpenBook, edition: Edition) -> str:
    """Compute again what is computed; formulas that were overwritten come back."""
    reading, outcome = review_open(book, edition)
    _refuse_empty(outcome)
    writes = computed_writes(book, reading, outcome, renew=True)
    if not writes:
        return "自动计算列都是最新的，没有需要恢复的公式。"
    apply(book, Change("计算人均", writes=writes), reading.settings, edition)
    sheets = "、".join(dict.fromkeys(write.sheet for write in writes))
    return f"已重新计算：{sheets}。人均营业额按精确值与标准比较，显示时舍去多余小数。"


def press_next_problem(book: OpenBook, edition: Edition) -> str:
    """Go to the next cell of 问题清单 after the current one; round from the start after the last."""
    rows = book.read(SHEET).rows[HEADER + 1:] if SHEET in book.sheet_names() else []
    stops = [(*spot, row) for row in rows for spot in [_spot(row[_PLACE] if len(row) > _PLACE else None)] if spot]
    if not stops:
        raise CannotDo("问题清单里没有可以跳到的单元格。没有校验过的，请先点“校验”；已校验的，说明没有单元格需要处理。")
    here = book.selection()
    at = [i for i, (sheet, cell, _) in enumerate(stops) if (sheet, cell) == (here.sheet, here.cell)]
    later = [i for i, (sheet, cell, _) in enumerate(stops) if sheet == here.sheet and cell > here.cell]
    number = (at[-1] + 1) % len(stops) if at else later[0] if later else 0
    sheet, cell, row = stops[number]
    book.go_to(sheet, cell)
    book.status(f"{number + 1}/{len(stops)}　{row[_LEVEL]}：{row[_PROBLEM]}{row[_REMEDY]}")
    return ""


def _spot(place: object) -> tuple[str, tuple[int, int]] | None:
    """'企业!F5' -> ('企业', (4, 5)); None for （整表）."""
    sheet, mark, address = str(place).rpartition("!")
    return (sheet, cell_of(address)) if mark else None


def press_clear_marks(book: OpenBook, edition: Edition) -> str:
    """Take our marks away and empty 问题清单."""
    settings = open_settings(book)
    count = len(standing_marks(book))
    if not count and not _listed(book):
        return "没有需要清除的标记。"
    apply(book, Change("清除标记", plans=[plan_problems([])], marks=[]), settings, edition)
    return f"已清除 {count} 个单元格的标记；您自己的批注和颜色没有动。"


def _listed(book: OpenBook) -> bool:
    return SHEET in book.sheet_names() and len(book.read(SHEET).rows) > HEADER + 1


def press_undo(book: OpenBook, edition: Edition) -> str:
    """Take back what our last button did."""
    title = undo(book)
    if title is None:
        raise CannotDo("没有可以撤销的操作。您自己的录入请用 Ctrl+Z 撤销。")
    return f"已撤销：{title}。"


# ------------------------------------------------------------------ 生成

@_shows_progress
def press_sheets(book: OpenBook, edition: Edition) -> str:
    """The applicants' sheets of everyone, one workbook a region, beside this workbook."""
    folder = _beside(book)
    _, outcome = review_open(book, edition)
    _refuse_empty(outcome)
    actions.write_sheets(outcome, folder / actions.SHEETS, progress=_progress(book, "正在生成申报单位表"), pause=pausing(book))
    return f"已生成 {_size(outcome)} 家的申报单位表，共 {len(outcome.written)} 个文件，在：{folder / actions.SHEETS}"


@_shows_progress
def press_sheets_selected(book: OpenBook, edition: Edition) -> str:
    """The applicants' sheets of the selected rows."""
    folder = _beside(book)
    reading, outcome = review_open(book, edition)
    chosen = _selected(book, reading, outcome)
    if not chosen:
        raise CannotDo("选中的行里没有申报单位。请在填报表选中一行或多行（可按住 Ctrl 分别选择），再点“仅所选行”。")
    actions.write_sheets(outcome, folder / CHOSEN, only=chosen, progress=_progress(book, "正在生成申报单位表"),
                         pause=pausing(book))
    return f"已生成所选 {len(chosen)} 家的申报单位表，在：{folder / CHOSEN}"


@_shows_progress
def press_pdf(book: OpenBook, edition: Edition) -> str:
    """The applicants' sheets as PDF: of the selected rows, or of everyone."""
    folder = _beside(book) / PDF
    reading, outcome = review_open(book, edition)
    _refuse_empty(outcome)
    chosen = _selected(book, reading, outcome)
    with tempfile.TemporaryDirectory(prefix="tuijie-") as scratch:
        actions.write_sheets(outcome, Path(scratch), only=chosen, progress=_progress(book, "正在生成申报单位表"),
                             pause=pausing(book))
        folder.mkdir(exist_ok=True)
        for number, made in enumerate(outcome.written, 1):
            show_progress(book, f"正在导出 PDF {number}/{len(outcome.written)}")
            _export(book, made, folder / f"{made.stem}{'（所选）' if chosen else ''}.pdf")
    return f"已导出 {len(chosen) or _size(outcome)} 家的 PDF，共 {len(outcome.written)} 个文件，在：{folder}"


def _export(book: OpenBook, source: Path, target: Path) -> None:
    """One PDF, whole or not at all."""
    save_atomically(target, lambda temporary: _print(book, source, temporary))


def _print(book: OpenBook, source: Path, temporary: Path) -> None:
    printed = source.with_suffix(".pdf")
    book.export_pdf(source, printed)
    temporary.write_bytes(printed.read_bytes())


def _selected(book: OpenBook, reading: Reading, outcome: Outcome) -> list[str]:
    """The codes (without one: the names) of the applicants in the selected rows."""
    here = book.selection()
    rows = set(here.rows)
    return [code or name for group in outcome.batch.applicants.values()
            for (file, sheet, row), code, name in zip(group.origins, group.values("credit_code"), group.values("name"))
            if (file, sheet) == (reading.path, here.sheet) and row - 1 in rows]


# ------------------------------------------------------------------ 汇总

@_shows_progress
def press_materials(book: OpenBook, edition: Edition) -> str:
    """材料清单: what each applicant owes."""
    reading, outcome = review_open(book, edition)
    _refuse_empty(outcome)
    apply(book, Change("材料清单", plans=[material_list.plan_materials(outcome.batch, outcome.judgements, date.today())]), reading.settings, edition)
    return "已更新“材料清单”。"


@_shows_progress
def press_stats(book: OpenBook, edition: Edition) -> str:
    """统计: counts and charts."""
    reading, outcome = review_open(book, edition)
    _refuse_empty(outcome)
    plans, living = plan_counts(reading, outcome, pausing(book))
    apply(book, Change("统计", plans=plans), reading.settings, edition)
    return f"已更新“{statistics.SHEET}”。" + ("" if living else "填报表的行列与模板不同，其中的数字是当前结果，改动填报内容后请再点一次“统计”。")


# ------------------------------------------------------------------ 帮助

def press_doctor(book: OpenBook, edition: Edition) -> str:
    """What works on this machine and what does not, each fault with its next step."""
    from .. import doctor

    return doctor.report(doctor.examine(book_path=book.path))


def press_help(book: OpenBook, edition: Edition) -> str:
    """Open the manual in the browser; where that cannot be done, the workbook's own page of instructions."""
    manual = manual_of(edition.id)
    if manual and book.open_file(manual):
        return ""
    said = f"没有能打开浏览器。操作手册在：{manual}" if manual else ""
    if GUIDE in book.sheet_names():
        book.go_to(GUIDE, (0, 0))
        return said
    return said or "这个工作簿里没有“填表说明”工作表。可用命令行 tuijie template 重新生成一份带说明的模板。"


# ------------------------------------------------------------------ shared

def _size(outcome: Outcome) -> int:
    return sum(len(found.verdicts) for found in outcome.judgements.values())


def _refuse_empty(outcome: Outcome) -> None:
    if not _size(outcome):
        raise CannotDo("填报表里还没有申报单位。请先填写，或用“批量导入”读入各地报送的表格。")


def _is_local(path: str) -> bool:
    return "://" not in path and Path(path).is_absolute()


def _beside(book: OpenBook) -> Path:
    """The folder of the workbook, for results that are files."""
    if "://" in book.path:
        raise CannotDo("工作簿存放在 OneDrive 或 SharePoint 上（路径是网址），不能在它旁边生成文件。"
                       "请用“文件-另存为”保存到本机磁盘，再点一次按钮。")
    if not _is_local(book.path):
        raise CannotDo("工作簿还没有保存过，不知道把结果放在哪里。请先保存到本机磁盘，再点一次按钮。")
    return Path(book.path).parent


def _progress(book: OpenBook, stage: str) -> actions.Progress:
    return lambda done, total: show_progress(book, f"{stage} {done}/{total}")

