"""导入记录 and 导入异常: what was read and what became of it, row by row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..batch import COUNTS, Batch, add_counts, cut
from ..book import Condition, Formula, Print, SheetPlan, Table, a1
from ..criteria import as_text
from ..edition import Edition
from ..intake import SheetIntake
from . import style
from .paper import text_height

IMPORTS, SET_ASIDE = "导入记录", "导入异常"
HEADER = 3
FINGERPRINT, BATCH, LETTERS, BALANCE, HIDDEN = "文件指纹（SHA-256）", "导入批次", "各列位置", "核对", "（隐藏）"
STATUS = {"imported": "已导入", "refused": "不能使用", "duplicate": "重复文件"}
REASONS = {"rejected": "不能使用", "duplicate": "重复", "total_or_note": "合计或说明"}
FATES = {"read": "读到行数", "accepted": "采用", "rejected": "不能使用", "duplicate": "重复", "total_or_note": "合计说明",
         "blank": "空行"}
_AREA = re.compile(r"（[A-Z]+:[A-Z]+ 列）$")
Line = Mapping[str, Any]                # label -> cell of one line of a list
_MOST_VALUES = 120                      # columns of a row as written; more are joined in the last


def head(sheet: SheetPlan, header: int, title: str, hint: str, columns: Sequence[tuple[str, float]]) -> None:
    """Title, hint and labels of a sheet of records; ``columns`` are (label, width)."""
    for column, (label, width) in enumerate(columns):
        for row, look in ((0, style.TITLE), (1, style.HINT)):
            sheet.put(row, column, None, look)
        sheet.put(header, column, label, style.TABLE_HEAD)
        sheet.widths[column] = width
    sheet.put(0, 0, title, style.TITLE)
    sheet.put(1, 0, hint, style.HINT)
    sheet.heights.update({0: style.TITLE_HEIGHT, 1: style.HINT_HEIGHT, 2: 6, header: 30})


def landscape(repeat_rows: tuple[int, int], repeat_columns: tuple[int, int] | None = None) -> Print:
    """A4 landscape, as wide as the paper, headings on every page."""
    return Print(landscape=True, fit=(1, 0) if repeat_columns is None else (0, 0), repeat_rows=repeat_rows,
                 repeat_columns=repeat_columns)


def row_height(row: Sequence[Any], widths: Sequence[float]) -> float:
    """The height (points) at which every text of a row of wrapped cells is seen whole; ``widths`` in Excel's units."""
    return max([style.ROW_HEIGHT, *(text_height(value, (width * 7 + 5) * 0.75, style.TABLE_CELL.size)
                                    for value, width in zip(row, widths) if isinstance(value, str))])


# ------------------------------------------------------------------ what was imported

def plan_imports(batch: Batch, former: Sequence[Line] = ()) -> SheetPlan:
    """One line a sheet of every file, the row counts, and a live check that they add up; ``former``: the lines of
    earlier batches, kept below."""
    columns = (("文件", 34), ("格式", 7), ("状态", 10), ("工作表", 18), ("类别", 18), ("表头行", 8),
               *((word, 10) for word in FATES.values()), (BALANCE, 8), ("未识别的列", 36), (FINGERPRINT, 24), (BATCH, 13),
               (LETTERS, 24), ("按列名对照", 30))
    sheet = SheetPlan(IMPORTS, freeze=(HEADER + 1, 1))
    total = batch.totals
    said = "　".join(f"{FATES[name]} {total[name]}" for name in COUNTS)
    head(sheet, HEADER, IMPORTS, f"批次 {batch.id}　文件 {len(batch.files)} 个　{said}", columns)
    rows = _import_rows(batch) + [_kept(line, [label for label, _ in columns if label != BALANCE]) for line in former]
    quiet = replace(style.TABLE_QUIET, wrap=False)
    looks = [style.TABLE_CELL, *[style.TABLE_CENTERED] * 2, *[style.TABLE_CELL] * 2, *[style.TABLE_CENTERED] * 8,
             style.TABLE_QUIET, quiet, quiet, quiet, style.TABLE_QUIET]
    first = HEADER + 1
    total = add_counts(dict(zip(COUNTS, row[6:12])) for row in rows if row[6] is not None)
    checked = [(*row[:12], _balance(first + i, [row[6], *row[7:12]]) if row[6] is not None else None, *row[12:])
               for i, row in enumerate(rows)]
    sheet.put_columns(first, 0, list(zip(*checked)), looks)
    widths = [width for _, width in columns]
    sheet.heights |= {first + i: row_height((*row[:-4], None, None, None, row[-1]), widths) for i, row in enumerate(checked)}
    bottom = first + len(rows)
    sheet.put(bottom, 0, "合计", style.TABLE_HEAD)
    for column in range(1, len(columns)):
        value = None
        if 6 <= column <= 11:
            value = Formula(f"SUM({a1(first, column)}:{a1(bottom - 1, column)})", total[COUNTS[column - 6]])
        elif column == 12:
            value = _balance(bottom, [total[name] for name in COUNTS])
        sheet.put(bottom, column, value, style.TABLE_HEAD)
    area = (first, 12, bottom, 12)
    sheet.conditions.append(Condition(area, f'{a1(first, 12, fixed="column")}="不平"', replace(style.ILLEGAL, bold=True)))
    sheet.print = landscape((HEADER, HEADER))
    return sheet


def _balance(row: int, counts: list[int]) -> Formula:
    """平 where read = accepted + rejected + duplicate + totals and notes + blank."""
    read, rest = a1(row, 6), f"{a1(row, 7)}:{a1(row, 11)}"
    return Formula(f'IF({read}=SUM({rest}),"平","不平")', "平" if counts[0] == sum(counts[1:]) else "不平")


def _import_rows(batch: Batch) -> list[tuple]:
    rows: list[tuple] = []
    for file in batch.files:
        about = (Path(file.path).name, file.format or None, STATUS[file.status])
        if not file.sheets:
            rows.append((*about, None, None, None, *[None] * len(COUNTS), None, file.sha256 or None, batch.id, None, None))
        for sheet in file.sheets:
            counts = add_counts([sheet.counts])
            kinds = "、".join(dict.fromkeys(batch.edition.kinds[table.kind].label for table in sheet.tables)) or None
            unmapped = "、".join(label for table in sheet.tables for label in table.unmapped) or None
            area = f"（{sheet.area} 列）" if sheet.area else ""
            rows.append((*about, sheet.name + area + (HIDDEN if sheet.hidden else ""), kinds,
                         "、".join(map(str, sheet.header_rows)) or None, *(counts[name] for name in COUNTS),
                         unmapped, file.sha256, batch.id, letters_text(sheet, batch.edition),
                         "、".join(f"{k}→{v}" for t in sheet.tables for k, v in t.answered.items()) or None))
    return rows


def _kept(line: Line, labels: Sequence[str]) -> tuple:
    """A line of an earlier batch as it stood, its numbers as numbers."""
    numbers = {"表头行": str, **dict.fromkeys(FATES.values(), int)}
    return tuple(line[label] if line.get(label) is None else numbers.get(label, str)(line[label]) for label in labels)


def letters_text(sheet: SheetIntake, edition: Edition) -> str | None:
    """Which column of the sheet each field was read from: 'A=name;C=province'. Field ids, as labels in one row would be
    taken for the header of a list of applicants."""
    found = {name: letter for table in sheet.tables for name, letter in table.places.items() if name in edition.fields(table.kind)}
    return ";".join(f"{letter}={name}" for name, letter in found.items()) or None


def letters_of(lines: Iterable[Line], edition: Edition) -> dict[tuple[str, str | None], dict[str, str]]:
    """(file name, sheet) -> field id -> column letter, from the lines of 导入记录; the uppermost line of a sheet holds."""
    ids = {f.id for f in edition.all_fields}
    found: dict[tuple[str, str | None], dict[str, str]] = {}
    for line in lines:
        pairs = [part.split("=", 1) for part in str(line.get(LETTERS) or "").split(";") if "=" in part]
        if pairs:
            found.setdefault((str(line.get("文件")), bare(line.get("工作表"))),
                             {name: letter for letter, name in pairs if name in ids})
    return found


def bare(sheet: Any) -> str | None:
    """The name of a sheet as 导入记录 gives it, without remarks on it (hidden, which part); None for a file without sheets."""
    return _AREA.sub("", str(sheet or "").removesuffix(HIDDEN)) or None


def plan_set_aside(batch: Batch, former: Sequence[Line] = ()) -> SheetPlan:
    """Every row that did not become an applicant, cell by cell as it was written; ``former`` as in ``plan_imports``."""
    rows = [(Path(file.path).name, one.sheet, one.row, REASONS[one.reason], one.why, *_values(one.values))
            for file, one in batch.set_aside()]
    rows += [_kept_aside(line) for line in former]
    width = max([len(row) for row in rows], default=6)
    columns = ((batch.edition.label("source_file"), 30), ("工作表", 16), ("行", 6), ("归类", 12), ("原因", 26),
               *((f"原样内容 {i}", 16) for i in range(1, width - 4)))
    sheet = SheetPlan(SET_ASIDE, freeze=(HEADER + 1, 5))
    counts = [f"{word} {sum(row[3] == word for row in rows)}" for word in REASONS.values()]
    head(sheet, HEADER, SET_ASIDE, "没有作为申报单位采用的行，一律原样列在这里：" + "　".join(counts), columns)
    looks = [style.TABLE_CELL, style.TABLE_CELL, style.TABLE_CENTERED, style.TABLE_CENTERED, style.TABLE_CELL,
             *[replace(style.CELL, number_format="@")] * (width - 5)]
    sheet.put_columns(HEADER + 1, 0, transpose(rows, width), looks)
    sheet.heights |= {HEADER + i: row_height(row[:5], [w for _, w in columns]) for i, row in enumerate(rows, 1)}
    sheet.tables.append(Table((HEADER, 0, HEADER + max(len(rows), 1), len(columns) - 1), "T_set_aside",
                              tuple(label for label, _ in columns)))
    sheet.print = landscape((HEADER, HEADER))
    return sheet


def _kept_aside(line: Line) -> tuple:
    values = list(line.values())
    return (*values[:2], values[2] and int(values[2]), *values[3:5], *_values(values[5:]))


class Addresses:
    """Where 导入记录 and 导入异常 tell of a file, a sheet, a row: those of the batch by path, earlier ones by file name."""

    def __init__(self, batch: Batch, imports: Sequence[Line] = (), aside: Sequence[Line] = ()):
        lines = [(one.path, name) for one in batch.files for name in ([s.name for s in one.sheets] or [None])]
        lines += [(line.get("文件"), bare(line.get("工作表"))) for line in imports]
        rows = [(file.path, row.sheet, row.row) for file, row in batch.set_aside()]
        rows += [(*values[:2], values[2] and int(values[2])) for values in map(list, map(dict.values, aside))]
        self.sheets: dict[tuple, int] = {}
        self.rows: dict[tuple, int] = {}
        for number, (path, name) in enumerate(lines):
            self.sheets.setdefault((path, name), number)
            self.sheets.setdefault((path, None), number)
        for number, row in enumerate(rows):
            self.rows.setdefault(row, number)

    def of(self, file: str | None, sheet: str | None, row: int | None = None) -> str | None:
        """The line of the row that was set aside, or of the sheet, or of the file's first one; None for what is not
        listed."""
        if row is not None and (file, sheet, row) in self.rows:
            return address_of(self.rows[file, sheet, row])
        number = self.sheets.get((file, sheet), self.sheets.get((file, None)))
        return None if number is None else f"'{IMPORTS}'!{a1(HEADER + 1 + number, 0)}"


def address_of(number: int) -> str:
    """Where the first cell, as written, of the set-aside row ``number`` (from 0) stands."""
    return f"'{SET_ASIDE}'!{a1(HEADER + 1 + number, 5)}"


def transpose(rows: Sequence[Sequence[Any]], width: int) -> list[list[Any]]:
    """Rows as ``width`` columns; a shorter row is blank at its end."""
    return [[row[i] if i < len(row) else None for row in rows] for i in range(width)]


def _values(values: list) -> list[str | None]:
    """A row as written, each cell as text; a row wider than the sheet keeps its rest in the last cell."""
    texts = [None if value is None else cut(as_text(value))[0] for value in values]
    while texts and texts[-1] is None:
        texts.pop()
    if len(texts) > _MOST_VALUES:
        texts[_MOST_VALUES - 1:] = [cut("｜".join(text or "" for text in texts[_MOST_VALUES - 1:]))[0]]
    return texts
