"""The master workbook: the applicants of a batch, what is wrong, what was imported and what was not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from ..applicants import Applicants
from ..batch import Batch
from ..book import Condition, Formula, SheetPlan, Style, Table, WorkbookPlan, a1
from ..criteria import VERDICTS, Judgement, as_text, missing_counts
from ..edition import Edition, Field
from ..measures import shown
from ..problem import SEVERITIES, Problem
from . import formulas, records, statistics, style
from .columns import Column, column_of, kind_columns
from .entry import (
    AREA_ROW,
    BAND_ROW,
    FIRST_ROW,
    HINT_ROW,
    LABEL_ROW,
    TITLE_ROW,
    cell_style,
    label_style,
    print_setup,
    put_bands,
)
from .guide import plan_master_guide
from .lists import plan_lists
from .paper import quote_sheet
from .problem_list import plan_problems
from .prompts import validation
from .regions import regions
from .template import plan_settings

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
    lookups, names = plan_lists(edition)
    positions = _positions(batch)
    marks = _marks(problems, positions)
    kinds = [plan_kind(batch.applicants[kind], judgements[kind], batch, marks[kind]) for kind in edition.kinds]
    found = plan_problems(problems, edition, _targets(problems, positions, batch), _applicants(batch))
    spans = {kind: (FIRST_ROW, FIRST_ROW + len(judgements[kind].frame) - 1) for kind in edition.kinds}
    return WorkbookPlan(
        [*kinds, found, statistics.plan_statistics(edition, judgements, spans), records.plan_materials(batch, judgements),
         records.plan_imports(batch), records.plan_set_aside(batch), plan_master_guide(edition), lookups,
         plan_settings(edition, "master")],
        names=names, title=f"{edition.title}总表", subject=edition.title)


def _positions(batch: Batch) -> dict[tuple, Position]:
    """(file, sheet, row) as read -> where it stands now."""
    return {origin: Position(kind, batch.edition.kinds[kind].sheet, FIRST_ROW + i)
            for kind, group in batch.applicants.items() for i, origin in enumerate(group.origins)}


def _marks(problems: Iterable[Problem], positions: dict[tuple, Position]) -> dict[str, dict[tuple[int, str], list[Problem]]]:
    """kind -> {(row, field id): problems of that cell}."""
    marks: dict[str, dict] = defaultdict(lambda: defaultdict(list))
    for one in problems:
        position = positions.get((one.file, one.sheet, one.row))
        if position and one.field:
            marks[position.kind][position.row, one.field].append(one)
    return marks


def _targets(problems: list[Problem], positions: dict[tuple, Position], batch: Batch) -> list[str | None]:
    """For each problem the address of the cell that holds what it quotes, None where the workbook has none."""
    edition = batch.edition
    columns = {kind: kind_columns(edition, kind, provenance=True) for kind in edition.kinds}
    aside = {(file.path, row.sheet, row.row): records.address_of(i) for i, (file, row) in enumerate(batch.set_aside())}
    targets: list[str | None] = []
    for one in problems:
        key = (one.file, one.sheet, one.row)
        if key in positions:
            where = positions[key]
            column = column_of(columns[where.kind], _shown_in(one, edition.fields(where.kind)))
            targets.append(f"{quote_sheet(where.sheet)}!{a1(where.row, column.index)}")
        else:
            targets.append(aside.get(key) or records.address_of_sheet(batch, one.file, one.sheet))
    return targets


def _shown_in(one: Problem, fields: dict[str, Field]) -> str:
    """The field whose cell shows the quoted value: its own, or 'extras' for what its own cell cannot show."""
    if one.field is None:
        return "name"
    unplaced = fields[one.field].type == "terms" and one.value or one.code == "typed-measure-differs"
    return "extras" if unplaced else one.field


def _applicants(batch: Batch) -> dict[tuple, tuple[str, str | None]]:
    """(file, sheet, row) as read -> kind and name of the applicant."""
    return {origin: (kind, name) for kind, group in batch.applicants.items()
            for origin, name in zip(group.origins, group.values("name"))}


# ------------------------------------------------------------------ a kind's sheet

def plan_kind(applicants: Applicants, found: Judgement, batch: Batch,
              marks: dict[tuple[int, str], list[Problem]]) -> SheetPlan:
    """企业, 园区 or 培训机构: one row an applicant as an Excel table, provenance at the end."""
    edition, kind = batch.edition, batch.edition.kinds[found.kind]
    columns = kind_columns(edition, kind.id, provenance=True)
    last, right = FIRST_ROW + max(len(found.frame), 1) - 1, len(columns) - 1
    sheet = SheetPlan(kind.sheet, tab_color=style.ACCENT, freeze=(FIRST_ROW, column_of(columns, "name").index + 1), zoom=90)
    _head(sheet, edition, kind.label, found, columns)
    sheet.tables.append(Table((LABEL_ROW, 0, last, right), f"T_{kind.id}", tuple(c.label for c in columns)))
    held = _held(applicants, found, marks)
    sheet.put_columns(FIRST_ROW, 0, [_column(c, held, found, columns) for c in columns], [_style(c, edition) for c in columns])
    for column in columns:
        sheet.widths[column.index] = 4.2 if column.term else column.field.width
    row = formulas.RowCells(edition, kind.id, columns, FIRST_ROW + 1, LABEL_ROW + 1)
    sheet.validations = [validation(c, (FIRST_ROW, c.index, last, c.index), row) for c in columns
                         if c.field.type not in formulas.COMPUTED]
    if len(found.frame):
        _mark(sheet, columns, edition, marks)
        verdict = column_of(columns, "verdict").index
        sheet.conditions += [Condition((FIRST_ROW, verdict, last, verdict), f'{a1(FIRST_ROW, verdict)}="{word}"',
                                       style.VERDICT_STYLES[key]) for key, word in VERDICTS.items()]
    sheet.print = print_setup(columns, sheet.widths)
    return sheet


def _head(sheet: SheetPlan, edition: Edition, label: str, found: Judgement, columns: tuple[Column, ...]) -> None:
    counts = "　".join(f"{word} {found.verdicts.count(key)}" for key, word in VERDICTS.items())
    sheet.heights.update({TITLE_ROW: style.TITLE_HEIGHT, HINT_ROW: style.HINT_HEIGHT, BAND_ROW: style.BAND_HEIGHT,
                          AREA_ROW: style.BAND_HEIGHT, LABEL_ROW: 68})
    size = len(columns)
    sheet.put_columns(TITLE_ROW, 0, [(None,)] * size, [style.TITLE] * size)
    sheet.put_columns(HINT_ROW, 0, [(None,)] * size, [style.HINT] * size)
    sheet.put(TITLE_ROW, 0, f"{edition.title}　{label}", style.TITLE)
    sheet.put(HINT_ROW, 0, f"共 {len(found.frame)} 家　　{counts}　　红、黄格的原因见批注和“问题清单”；改动后请重新校验（tuijie validate）"
              f"，以更新待更正、缺项和问题清单；材料截止 {edition.last_day}",
              style.HINT)
    put_bands(sheet, columns, column_of(columns, "name").index + 1)
    for column in columns:
        sheet.put(LABEL_ROW, column.index, column.label, label_style(column.field, column.term is not None))


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
            wrong[row - FIRST_ROW].setdefault(fields[name].label)
    held |= {"serial": list(range(1, size + 1)), "verdict": [VERDICTS[v] for v in found.verdicts],
             "to_fix": ["、".join(wrong[i]) or None for i in range(size)],
             "missing_count": missing_counts(found), "region": regions(found.frame, found.edition, found.kind).tolist()}
    held["extras"] = [_extras(applicants, fields, held, i, text) for i, text in enumerate(held["extras"])]
    return held


def _extras(applicants: Applicants, fields: dict[str, Field], held: dict[str, list], row: int, carried: str | None) -> str | None:
    """What has no cell of its own: a text where there are only tick boxes, a typed figure that is computed here."""
    parts = [carried] if carried else []
    for f in fields.values():
        typed = applicants.values(f.id)[row] if f.type in ("terms", "measure") else None
        if f.type == "terms" and isinstance(typed, str) or isinstance(typed, Decimal) and typed != held[f.id][row]:
            parts.append(f"{f.label}：{as_text(typed)}")
    return "；".join(parts) or None


def _column(column: Column, held: dict[str, list], found: Judgement, columns: tuple[Column, ...]) -> list[Any]:
    """The values of a column; 结论 and the measures as live formulas while the book is small enough."""
    values = held[column.field.id]
    if column.term:
        return [column.value({column.field.id: value}) for value in values]
    text = _live(column, found, columns) if len(values) <= LIVE_ROWS else None
    if text is None:
        return values
    return [value if isinstance(value, str) and column.field.type == "measure"
            else Formula(text.replace(ROW, str(FIRST_ROW + i + 1)), value) for i, value in enumerate(values)]


def _live(column: Column, found: Judgement, columns: tuple[Column, ...]) -> str | None:
    """The formula of a computed column, ``ROW`` standing for the row; None for a column of plain values."""
    row = formulas.RowCells(found.edition, found.kind, columns, ROW, LABEL_ROW + 1)
    if column.field.id == "verdict":
        return formulas.verdict(row)
    measure = next((m for m in found.edition.measures_of(found.kind) if m.field == column.field.id), None)
    return formulas.quotient(measure, row) if measure else None


def _style(column: Column, edition: Edition) -> Style:
    return replace(cell_style(column, edition), locked=True)


def _mark(sheet: SheetPlan, columns: tuple[Column, ...], edition: Edition,
          marks: dict[tuple[int, str], list[Problem]]) -> None:
    """Colour the cells that have problems, and say in a note what is wrong."""
    data, first = sheet.blocks[-1][2], {}
    for column in columns:
        first.setdefault(column.field.id, column)
    for (row, name), own in marks.items():
        column = first[name]
        worst = min((p.severity for p in own), key=list(SEVERITIES).index)
        if worst == "note" or column.term:
            continue
        look = style.ILLEGAL if worst == "error" else style.LACKING
        values = data[column.index]
        sheet.put(row, column.index, values[row - FIRST_ROW], replace(_style(column, edition), fill=look.fill, color=look.color))
        if len(sheet.notes) < MOST_NOTES:
            sheet.notes.append((row, column.index, "\n".join(f"{SEVERITIES[p.severity]}：{p.message}{p.remedy}" for p in own)))
