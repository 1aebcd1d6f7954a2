"""A submission: every sheet of a file, every row of every sheet, with its fate."""

from __future__ import annotations

from ..book import BookText, Grid
from ..edition import Edition
from ..problem import Place, problem
from .answers import Answers
from .headers import find_header, kind_hints
from .labels import labels_of
from .parts import parts_of
from .records import FileIntake
from .sheets import SheetReader

SETTINGS_SHEET, OUR_MARK = "设置", "tuijie_xl"      # A1 of the settings sheet marks a workbook as ours
#: Sheets of our own workbooks that hold no applicants to be read.
OUR_SHEETS = frozenset({"问题清单", "导入记录", "导入异常", "变更记录", "统计", "统计摘要", "统计明细", "材料清单", "词表",
                        "填表说明", "工作台", "选择服务", "xlwings.conf", SETTINGS_SHEET})
FEEDBACK_SHEET, FEEDBACK_MARK = "反馈", "tuijie_xl:feedback"     # A1 of the sheet that we add to a bureau's own file
#: Lists of ours that have a header which names applicants: title in A1, labels in row 4 of which this is the second.
_LISTS = {"问题清单": "程度", "导入异常": "工作表", "导入记录": "格式", "变更记录": "变化", "材料清单": "申报单位"}
_LIST_HEADER = 3
#: The index of a book of applicants' sheets of ours: the labels in its row 4.
_INDEX, _INDEX_LABELS = "目录", ("编号", "类别", "申报单位")


def read_submission(book: BookText, edition: Edition, answers: Answers | None = None) -> FileIntake:
    """All applicants of a file, and every row that is none, as it was written.

    A sheet without a header that names applicants gives no table: its rows are listed as rejected, with an
    error, or with a warning where another sheet of the file holds the list. A file without any table is refused.
    ``answers`` say what columns are that name no field for certain.
    In a workbook of ours the lists that we made (``OUR_SHEETS``) are passed over, unless somebody put applicants there,
    and so is the index of a book of applicants' sheets.
    """
    ours = is_ours(book)
    intake = FileIntake(book.path, book.format, book.sha256)
    readers = [reader for grid in book.grids if not (ours and is_own_list(grid, edition) or is_index(grid) or is_feedback(grid))
               for reader in _readers(grid, edition, book, ours, answers)]
    for before, reader in zip([None, *readers], readers):
        intake.sheets.append(reader.read(before and before.last_list))
    found = any(sheet.tables for sheet in intake.sheets)
    for reader in readers:
        intake.problems += reader.problems_of_sheet(found)
    if found and not any(sheet.counts["accepted"] for sheet in intake.sheets) or not intake.problems and not found:
        intake.problems.append(problem("no-applicants", Place(book.path)))
    intake.status = "imported" if found else "refused"
    return intake


def is_ours(book: BookText) -> bool:
    """True for our own template or master workbook, by the mark in its settings sheet."""
    return any(grid.name == SETTINGS_SHEET and grid.rows and grid.rows[0] and grid.rows[0][0] == OUR_MARK
               for grid in book.grids)


def is_feedback(grid: Grid) -> bool:
    """True for the list that we added to a marked copy; a sheet of the bureau's own by that name has no such mark."""
    return grid.name.startswith(FEEDBACK_SHEET) and bool(grid.rows and grid.rows[0]) and grid.rows[0][0] == FEEDBACK_MARK


def is_own_list(grid: Grid, edition: Edition) -> bool:
    """True for a sheet of ``OUR_SHEETS`` as we made it: its title in A1, or no header that names applicants."""
    if grid.name not in OUR_SHEETS:
        return False
    header = find_header(grid, 0, labels_of(edition, True), kind_hints(edition, grid.name, ()))
    if header is None:
        return True
    title = grid.rows[0][0]
    if title == f"{edition.title} · {grid.name}":
        return True
    return grid.name in _LISTS and title == grid.name and header.rows[0] >= _LIST_HEADER \
        and grid.rows[_LIST_HEADER][1] == _LISTS[grid.name]


def is_index(grid: Grid) -> bool:
    """True for the index of a book of applicants' sheets as we make it: its applicants stand on the sheets."""
    return grid.name == _INDEX and len(grid.rows) > _LIST_HEADER \
        and tuple(grid.rows[_LIST_HEADER][:len(_INDEX_LABELS)]) == _INDEX_LABELS


def _readers(grid: Grid, edition: Edition, book: BookText, ours: bool, answers: Answers | None) -> list[SheetReader]:
    """A reader for each list that stands beside another one; nearly always one for the whole sheet."""
    whole = SheetReader(grid, edition, book.path, ours, book.format == "csv", answers)
    parts = [] if ours else parts_of(grid, whole.header, whole.labels, whole.hints)
    if not parts:
        return [whole]
    readers = [SheetReader(part, edition, book.path, ours, answers=answers, whole=grid) for part in parts]
    readers[0].problems.append(problem("tables-beside", Place(book.path, grid.name), count=len(parts),
                                       areas="、".join(part.area for part in parts)))
    return readers
