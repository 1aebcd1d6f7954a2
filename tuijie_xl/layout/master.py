"""The master workbook: the applicants of a batch, what is wrong, what was imported and what was not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from ..applicants import Applicants
from ..batch import Batch
from ..book import Condition, Formula, SheetPlan, Style, Table, WorkbookPlan, a1
from ..criteria import VERDICTS, Judgement, missing_counts
from ..edition import Edition, Field
from ..measures import shown
from ..problem import SEVERITIES, Problem
from . import formulas, lists, records, statistics, style, template
from .columns import Column, column_of, kind_columns
from .paper import quote_sheet
from .problem_list import plan_problems
from .regions import regions
from .settings import plan_settings

HEADER = 3                              # the row of the labels; title, hint and bands stand above
FIRST = HEADER + 1                      # the row of the first applicant
ROW = "@ROW@"                           # stands for the row number in a formula until it is laid
MOST_NOTES = 5_000                      # cell notes in the whole book; beyond, 问题清单 alone tells
LIVE_ROWS = 5_000                       # beyond, 结论 and 人均 are values: formulas would make the book crawl
UNFILLED = ("required-missing", "column-blank", "criterion-unknown", "criterion-unmet", "material-missing",
            "materials-unreported", "duplicate-applicant")


@dataclass(frozen=True)
class Position:
    """Where an applicant stands in the master: row counted from 0."""

    kind: str
    sheet: str
    row: int


def plan_master(batch: Batch, judgements: dict[str, Judgement], problems: list[Problem]) -> WorkbookPlan:
    """The whole workbook. ``problems`` in the order in which 问题清单 shows them."""
    edition = batch.edition
    lookups, names = lists.plan_lists(edition)
    positions = _positions(batch)
    marks = _marks(problems, positions)
    kinds = [plan_kind(batch.applicants[kind], judgements[kind], batch, marks[kind]) for kind in edition.kinds]
    found = plan_problems(problems, edition, _targets(problems, positions, edition), _names(batch, positions))
    spans = {kind: (FIRST, FIRST + len(judgements[kind].frame) - 1) for kind in edition.kinds}
    return WorkbookPlan(
        [*kinds, found, statistics.plan_statistics(edition, judgements, spans), records.plan_materials(batch, judgements),
         records.plan_imports(batch), records.plan_set_aside(batch), template.plan_guide(edition), lookups,
         plan_settings(edition, "master", batch.id)],
        names=names, title=f"{edition.title}总表", subject=edition.title)


def _positions(batch: Batch) -> dict[tuple, Position]:
    """(file, sheet, row) as read -> where it stands now."""
    return {origin: Position(kind, batch.edition.kinds[kind].sheet, FIRST + i)
            for kind, group in batch.applicants.items() for i, origin in enumerate(group.origins)}


def _marks(problems: Iterable[Problem], positions: dict[tuple, Position]) -> dict[str, dict[tuple[int, str], list[Problem]]]:
    """kind -> {(row, field id): problems of that cell}."""
    marks: dict[str, dict] = defaultdict(lambda: defaultdict(list))
    for one in problems:
        position = positions.get((one.file, one.sheet, one.row))
        if position and one.field:
            marks[position.kind][position.row, one.field].append(one)
    return marks


def _targets(problems: list[Problem], positions: dict[tuple, Position], edition: Edition) -> list[str | None]:
    """For each problem the address of the very cell in the master, None where it has none there."""
    columns = {kind: kind_columns(edition, kind, provenance=True) for kind in edition.kinds}
    targets: list[str | None] = []
    for one in problems:
        position = positions.get((one.file, one.sheet, one.row))
        if position is None:
            targets.append(None)
            continue
        column = column_of(columns[position.kind], one.field or "name")
        targets.append(f"{quote_sheet(position.sheet)}!{a1(position.row, column.index)}")
    return targets


def _names(batch: Batch, positions: dict[tuple, Position]) -> dict[tuple, str]:
    """(file, sheet, row) as read -> the applicant's name."""
    return {origin: name for group in batch.applicants.values()
            for origin, name in zip(group.origins, group.frame["name"]) if name}


# ------------------------------------------------------------------ a kind's sheet

def plan_kind(applicants: Applicants, found: Judgement, batch: Batch,
              marks: dict[tuple[int, str], list[Problem]]) -> SheetPlan:
    """企业, 园区 or 培训机构: one row an applicant as an Excel table, provenance at the end."""
    edition, kind = batch.edition, batch.edition.kinds[found.kind]
    columns = kind_columns(edition, kind.id, provenance=True)
    last, right = FIRST + max(len(found.frame), 1) - 1, len(columns) - 1
    sheet = SheetPlan(kind.sheet, tab_color=style.ACCENT, freeze=(FIRST, column_of(columns, "name").index + 1), zoom=90)
    _head(sheet, edition, kind.label, found, columns)
    sheet.tables.append(Table((HEADER, 0, last, right), f"T_{kind.id}", tuple(c.label for c in columns)))
    held = _held(applicants, found, marks)
    sheet.put_columns(FIRST, 0, [_column(c, held, found, columns) for c in columns], [_style(c) for c in columns])
    for column in columns:
        sheet.widths[column.index] = 4.2 if column.term else column.field.width
    if len(found.frame):
        _mark(sheet, columns, held, marks)
        verdict = column_of(columns, "verdict").index
        sheet.conditions += [Condition((FIRST, verdict, last, verdict), f'{a1(FIRST, verdict)}="{word}"',
                                       style.VERDICT_STYLES[key]) for key, word in VERDICTS.items()]
    sheet.print = records.landscape((HEADER, HEADER), (0, column_of(columns, "name").index))
    return sheet


def _head(sheet: SheetPlan, edition: Edition, label: str, found: Judgement, columns: tuple[Column, ...]) -> None:
    counts = "　".join(f"{word} {found.verdicts.count(key)}" for key, word in VERDICTS.items())
    sheet.heights.update({0: style.TITLE_HEIGHT, 1: style.HINT_HEIGHT, 2: style.BAND_HEIGHT, HEADER: 96})
    for column in columns:
        for row, look in ((0, style.TITLE), (1, style.HINT)):
            sheet.put(row, column.index, None, look)
        sheet.put(HEADER, column.index, column.label, template.label_style(column))
    sheet.put(0, 0, f"{edition.title}　{label}", style.TITLE)
    sheet.put(1, 0, f"共 {len(found.frame)} 家　　{counts}　　红色、黄色格见批注和“问题清单”；材料截止 {edition.last_day}",
              style.HINT)
    template.put_bands(sheet, 2, columns)


def _held(applicants: Applicants, found: Judgement, marks: dict[tuple[int, str], list[Problem]]) -> dict[str, list]:
    """Field id -> what the sheet holds, computed fields included."""
    fields = found.edition.fields(found.kind)
    held = {name: found.frame[name].tolist() for name in fields}
    for m in found.edition.measures_of(found.kind):
        typed = applicants.values(m.field)
        held[m.field] = [shown(v, m.decimals) if v is not None else t if isinstance(t, str) else None
                         for v, t in zip(held[m.field], typed)]
    size = len(found.frame)
    wrong: dict[int, dict[str, None]] = defaultdict(dict)
    for (row, name), own in marks.items():
        if any(p.code not in UNFILLED and p.severity != "note" for p in own):
            wrong[row - FIRST].setdefault(fields[name].label)
    held |= {"serial": list(range(1, size + 1)), "verdict": [VERDICTS[v] for v in found.verdicts],
             "to_fix": ["、".join(wrong[i]) or None for i in range(size)],
             "missing_count": missing_counts(found), "region": regions(found.frame, found.edition, found.kind).tolist()}
    held["extras"] = [_unplaced(found, fields, i, text) for i, text in enumerate(held["extras"])]
    return held


def _unplaced(found: Judgement, fields: dict[str, Field], row: int, carried: str | None) -> str | None:
    """What has no cell of its own: a text that could not be read where there are only tick boxes."""
    odd = [f"{f.label}：{found.frame[f.id].iat[row]}" for f in fields.values()
           if f.type == "terms" and isinstance(found.frame[f.id].iat[row], str)]
    return "；".join([carried, *odd] if carried else odd) or None


def _column(column: Column, held: dict[str, list], found: Judgement, columns: tuple[Column, ...]) -> list[Any]:
    """The values of a column; 结论 and the measures as live formulas while the book is small enough."""
    values = held[column.field.id]
    if column.term:
        return [column.value({column.field.id: value}) for value in values]
    text = _live(column, found, columns) if len(values) <= LIVE_ROWS else None
    if text is None:
        return values
    return [value if isinstance(value, str) and column.field.type == "measure"
            else Formula(text.replace(ROW, str(FIRST + i + 1)), value) for i, value in enumerate(values)]


def _live(column: Column, found: Judgement, columns: tuple[Column, ...]) -> str | None:
    """The formula of a computed column, ``ROW`` standing for the row; None for a column of plain values."""
    row = formulas.RowCells(found.edition, found.kind, columns, ROW, HEADER + 1)
    if column.field.id == "verdict":
        return formulas.verdict(row)
    measure = next((m for m in found.edition.measures_of(found.kind) if m.field == column.field.id), None)
    return formulas.quotient(measure, row) if measure else None


def _style(column: Column) -> Style:
    return replace(template.cell_style(column), locked=True)


def _mark(sheet: SheetPlan, columns: tuple[Column, ...], held: dict[str, list],
          marks: dict[tuple[int, str], list[Problem]]) -> None:
    """Colour the cells that have problems, and say in a note what is wrong."""
    first = {}
    for column in columns:
        first.setdefault(column.field.id, column)
    for (row, name), own in marks.items():
        column = first[name]
        worst = min((p.severity for p in own), key=list(SEVERITIES).index)
        if worst == "note" or column.term:
            continue
        look = style.ILLEGAL if worst == "error" else style.LACKING
        values = sheet.blocks[0][2][column.index]
        sheet.put(row, column.index, values[row - FIRST], replace(_style(column), fill=look.fill, color=look.color))
        if len(sheet.notes) < MOST_NOTES:
            sheet.notes.append((row, column.index, "\n".join(f"{SEVERITIES[p.severity]}：{p.message}{p.remedy}" for p in own)))
