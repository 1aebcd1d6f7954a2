"""变更记录: what each batch changed in the master, the newest batch first; verdicts that flipped lead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ..batch import Batch
from ..book import SheetPlan, Table, WorkbookPlan
from ..edition import Edition
from . import style
from .records import HEADER, Line, head, landscape, row_height

CHANGES, DIFFERENCES = "变更记录", "差异"
COLUMNS = (("导入批次", 13), ("变化", 12), ("类别", 18), ("申报单位", 32), ("单位代码", 21), ("字段", 24), ("原值", 30), ("现值", 30),
           ("出自文件", 28), ("说明", 44))


def plan_differences(lines: Sequence[tuple], edition: Edition) -> WorkbookPlan:
    """A workbook of the differences between two books; ``lines`` as in ``plan_changes``, without batch and remark."""
    sheet = _plan(DIFFERENCES, COLUMNS[1:-1], list(lines), f"共 {len(lines)} 处不同，结论变化在先；次序和格式的变动不算", "T_differences")
    return WorkbookPlan([sheet], title=f"{edition.title}{DIFFERENCES}", subject=edition.title)


def plan_changes(batch: Batch, changes: Sequence[tuple], former: Sequence[Line] = ()) -> SheetPlan:
    """``changes`` of this batch are lines of ``COLUMNS`` without the first; ``former`` those of earlier batches."""
    labels = [label for label, _ in COLUMNS]
    rows = [(batch.id, *line) for line in changes]
    rows += [tuple(line.get(label) for label in labels) for line in former]
    counted = "　".join(f"{word} {number}" for word, number in Counter(line[0] for line in changes).items())
    hint = f"批次 {batch.id}：{counted or '没有改动已有的内容'}　　最近的批次在上；原值、现值是总表中改动前后的内容"
    return _plan(CHANGES, COLUMNS, rows, hint, "T_changes")


def _plan(name: str, columns: tuple[tuple[str, float], ...], rows: list[tuple], hint: str, table: str) -> SheetPlan:
    sheet = SheetPlan(name, freeze=(HEADER + 1, 0))
    head(sheet, HEADER, name, hint, columns)
    if rows:
        sheet.put_columns(HEADER + 1, 0, list(zip(*rows)), [style.TABLE_CELL] * len(columns))
        sheet.heights |= {HEADER + i: row_height(row, [width for _, width in columns]) for i, row in enumerate(rows, 1)}
    sheet.tables.append(Table((HEADER, 0, HEADER + max(len(rows), 1), len(columns) - 1), table, tuple(label for label, _ in columns)))
    sheet.print = landscape((HEADER, HEADER))
    return sheet
