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
from ..reported import REPORTED, dump, joined, texts_of
from ..standing import NOTES_APART, Past
from . import formulas, material_list, records, style
from .changes import CHANGES, plan_changes
from .columns import Column, column_of, kind_columns
from .counting import LIVE_ROWS
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
from .figures import Source, plan_figures
from .guide import plan_master_guide
from .handling import handled
from .lists import plan_lists
from .paper import quote_sheet
from .problem_list import SHEET as PROBLEMS
from .problem_list import plan_problems, problem_lines
from .prompts import validation
from .regions import regions
from .template import BATCH, FORMER, MASTER, plan_settings

ROW = "@ROW@"                           # stands for the row number in a formula until it is laid
MOST_NOTES = 5_000                      # cell notes in the whole book; beyond, 问题清单 alone tells
OWN_WIDTH = 18                          # of columns that officers added
UNFILLED = ("required-missing", "column-blank", "criterion-unknown", "criterion-unmet", "material-missing",
            "materials-unreported", "duplicate-applicant")


@dataclass(frozen=True)
class Position:
    """Where an applicant stands in the master: row counted from 0."""

    kind: str
    sheet: str
    row: int


def plan_master(batch: Batch, judgements: dict[str, Judgement], problems: list[Problem],
                past: Past | None = None) -> WorkbookPlan:
    """The whole workbook. ``problems`` in the order in which 问题清单 shows them; ``past``: what an earlier master left."""
    edition, past = batch.edition, past or Past()
    lookups, names = plan_lists(edition)
    positions = _positions(batch)
    lines = lines_of(batch, problems, past)
    handling = handled(lines, past.lists[PROBLEMS])
    marks = _marks((p for p, own in zip(problems, handling) if not own.settles), positions)
    kinds = [plan_kind(batch.applicants[kind], judgements[kind], batch, marks[kind], past) for kind in edition.kinds]
    found = plan_problems(lines, handling)
    papers = material_list.plan_materials(batch, judgements)
    spans = {kind: (FIRST_ROW, FIRST_ROW + len(judgements[kind].frame) - 1) for kind in edition.kinds}
    return WorkbookPlan(
        [*kinds, found, *plan_figures(_figures(batch, judgements, problems, spans, papers, found)), papers,
         records.plan_imports(batch, past.lists[records.IMPORTS]),
         records.plan_set_aside(batch, past.lists[records.SET_ASIDE]),
         plan_changes(batch, past.changes, past.lists[CHANGES]), plan_master_guide(edition), lookups,
         plan_settings(edition, MASTER, {BATCH: batch.id, FORMER: past.former})],
        names=names, title=f"{edition.title}总表", subject=edition.title)


def lines_of(batch: Batch, problems: list[Problem], past: Past) -> list[tuple]:
    """The lines of 问题清单, each with a link to its cell, without what officers decided."""
    addresses = records.Addresses(batch, past.lists[records.IMPORTS], past.lists[records.SET_ASIDE])
    targets = _targets(problems, _positions(batch), batch.edition, addresses)
    return problem_lines(problems, batch.edition, targets, batch.named())


def _figures(batch: Batch, judgements: dict[str, Judgement], problems: list[Problem], spans: dict[str, tuple[int, int]],
             papers: SheetPlan, found: SheetPlan) -> Source:
    homes, origins = {}, {}
    for kind, group in batch.applicants.items():
        sheet, column = batch.edition.kinds[kind].sheet, column_of(kind_columns(batch.edition, kind), "name").index
        homes[kind] = [f"{quote_sheet(sheet)}!{a1(FIRST_ROW + i, column)}" for i in range(len(group.origins))]
        origins[kind] = group.origins
    return Source(batch.edition, judgements, spans, homes, origins, problems, papers, found)


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


def _targets(problems: list[Problem], positions: dict[tuple, Position], edition: Edition,
             addresses: records.Addresses) -> list[str | None]:
    """For each problem the address of the cell that holds what it quotes, None where the workbook has none."""
    columns = {kind: kind_columns(edition, kind, provenance=True) for kind in edition.kinds}
    targets: list[str | None] = []
    for one in problems:
        key = (one.file, one.sheet, one.row)
        if key in positions:
            where = positions[key]
            column = column_of(columns[where.kind], _shown_in(one, edition.fields(where.kind)))
            targets.append(f"{quote_sheet(where.sheet)}!{a1(where.row, column.index)}")
        else:
            targets.append(addresses.of(*key))
    return targets


def _shown_in(one: Problem, fields: dict[str, Field]) -> str:
    """The field whose cell shows the quoted value: its own, or 'extras' for what its own cell cannot show."""
    if one.field is None:
        return "name"
    unplaced = fields[one.field].type == "terms" and one.value or one.code == "typed-measure-differs"
    return "extras" if unplaced else one.field


# ------------------------------------------------------------------ a kind's sheet

def plan_kind(applicants: Applicants, found: Judgement, batch: Batch,
              marks: dict[tuple[int, str], list[Problem]], past: Past | None = None) -> SheetPlan:
    """企业, 园区 or 培训机构: one row an applicant as an Excel table, provenance at the end, then officers' own columns."""
    edition, kind, past = batch.edition, batch.edition.kinds[found.kind], past or Past()
    columns = kind_columns(edition, kind.id, provenance=True)
    own = past.columns.get(kind.id, {})
    last, right = FIRST_ROW + max(len(found.frame), 1) - 1, len(columns) + len(own) - 1
    sheet = SheetPlan(kind.sheet, tab_color=style.ACCENT, freeze=(FIRST_ROW, column_of(columns, "name").index + 1), zoom=90)
    _head(sheet, edition, kind.label, found, columns)
    sheet.tables.append(Table((LABEL_ROW, 0, last, right), f"T_{kind.id}", (*(c.label for c in columns), *own)))
    held = _held(applicants, found, marks)
    sheet.put_columns(FIRST_ROW, 0, [_column(c, held, found, columns) for c in columns], [_style(c, edition) for c in columns])
    sheet.hidden_columns.add(column_of(columns, REPORTED).index)
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
    _put_own(sheet, kind.id, columns, past)
    sheet.print = print_setup(columns, sheet.widths)
    return sheet


def _put_own(sheet: SheetPlan, kind: str, columns: tuple[Column, ...], past: Past) -> None:
    """The columns that officers added, at the right end, and their notes."""
    index = {c.label: c.index for c in reversed(columns)}
    for place, (label, values) in enumerate(past.columns.get(kind, {}).items(), len(columns)):
        index.setdefault(label, place)
        sheet.put(LABEL_ROW, place, label, style.LABEL)
        sheet.put_columns(FIRST_ROW, place, [values], [replace(style.INPUT, wrap=True)])
        sheet.widths[place] = OWN_WIDTH
    ours = {(row, column): i for i, (row, column, _) in enumerate(sheet.notes)}
    for (of_kind, position, label), text in past.notes.items():
        if of_kind == kind and label in index:
            cell = (FIRST_ROW + position, index[label])
            if cell in ours:
                sheet.notes[ours[cell]] = (*cell, f"{sheet.notes[ours[cell]][2]}{NOTES_APART}{text}")
            else:
                sheet.notes.append((*cell, text))


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
    held[REPORTED] = _reported(applicants, found.edition)
    held["extras"] = [_extras(applicants, fields, held, i, text) for i, text in enumerate(held["extras"])]
    return held


def _reported(applicants: Applicants, edition: Edition) -> list[str]:
    """What the bureau reported; of applicants that were just read, what was read."""
    kept = applicants.values(REPORTED)
    if all(kept):
        return kept
    return [cell or dump(texts) for cell, texts in zip(kept, texts_of(applicants, edition))]


def _extras(applicants: Applicants, fields: dict[str, Field], held: dict[str, list], row: int, carried: str | None) -> str | None:
    """What has no cell of its own: a text where there are only tick boxes, a typed figure that is computed here."""
    parts = [carried] if carried else []
    for f in fields.values():
        typed = applicants.values(f.id)[row] if f.type in ("terms", "measure") else None
        if f.type == "terms" and isinstance(typed, str) or isinstance(typed, Decimal) and typed != held[f.id][row]:
            parts.append(f"{f.label}：{as_text(typed)}")
    return joined(parts)


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
