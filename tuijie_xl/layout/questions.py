"""列名对照: the columns that name no field for certain, each with examples and evidence, and a dropdown for the answer."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from ..book import SheetPlan, Validation, WorkbookPlan, a1
from ..edition import Edition
from ..intake.answers import COLUMNS, EVERYWHERE, FIELD, NOT_WANTED, REGION, SHEET, Question, is_answer
from ..intake.tables import REGION as REGION_FIELD
from . import style
from .records import HEADER as HEADER_ROW
from .records import head, landscape, row_height

_WIDTHS = (18, 22, 22, 34, 34, 60, 30)
_LISTS = "可选字段"
_REGIONS = "list_regions"


def plan_questions(edition: Edition, rows: Iterable[Question]) -> WorkbookPlan:
    """The workbook of answers and open questions, one line a column, sorted by kind, region and header."""
    order = list(edition.kinds)
    ordered = sorted(rows, key=lambda row: (order.index(row.kind) if row.kind in order else len(order), row.key))
    sheet = SheetPlan(SHEET, freeze=(HEADER_ROW + 1, 0), tab_color=style.WAIT)
    open_ = sum(not row.answer for row in ordered)
    head(sheet, HEADER_ROW, SHEET, f"待回答 {open_} 条　　在“{FIELD}”中选一次，下次导入不再询问；确实不要的选“{NOT_WANTED}”，"
         f"“{REGION}”改为“{EVERYWHERE}”则对各地都适用；不再需要的行可以删去", list(zip(COLUMNS, _WIDTHS)))
    looks = [*[style.TABLE_CELL] * (len(COLUMNS) - 1), style.INPUT]
    looks[4] = looks[5] = style.TABLE_QUIET
    cells = [(row.region, _kind(edition, row.kind), row.band or None, row.header, row.samples or None,
              row.evidence or None, row.answer or None) for row in ordered]
    if cells:
        sheet.put_columns(HEADER_ROW + 1, 0, list(zip(*cells)), looks)
    sheet.heights |= {HEADER_ROW + i: row_height(row, _WIDTHS) for i, row in enumerate(cells, 1)}
    lists, names = _plan_lists(edition)
    sheet.validations = list(_validations(ordered, names))
    sheet.print = landscape((HEADER_ROW, HEADER_ROW))
    return WorkbookPlan([sheet, lists], names, title=SHEET, subject=edition.title)


def _kind(edition: Edition, kind: str) -> str:
    return edition.kinds[kind].label if kind in edition.kinds else kind


def _plan_lists(edition: Edition) -> tuple[SheetPlan, dict[str, str]]:
    """The hidden sheet behind the dropdowns: the fields of each kind, and the regions."""
    sheet, names = SheetPlan(_LISTS, hidden=True, protect=True), {}
    columns = {_name(kind): [NOT_WANTED, *(f.label for f in edition.fields(kind).values() if is_answer(f))]
               for kind in edition.kinds}
    region = next((f for f in edition.all_fields if f.id == REGION_FIELD and f.vocabulary), None)
    columns[_REGIONS] = [EVERYWHERE, *(term.label for term in (edition.terms(region) if region else ()))]
    for column, (name, labels) in enumerate(columns.items()):
        sheet.put_columns(0, column, [labels], [style.CELL])
        names[name] = f"'{_LISTS}'!{a1(0, column, fixed='both')}:{a1(len(labels) - 1, column, fixed='both')}"
    return sheet, names


def _name(kind: str) -> str:
    return f"list_fields_{kind}"


def _validations(rows: list[Question], names: dict[str, str]) -> Iterable[Validation]:
    """A dropdown over the answers of each kind, and one over the regions."""
    first = HEADER_ROW + 1
    for kind, members in groupby(enumerate(rows), lambda pair: pair[1].kind):
        numbers = [number for number, _ in members]
        if _name(kind) in names:
            area = (first + numbers[0], len(COLUMNS) - 1, first + numbers[-1], len(COLUMNS) - 1)
            yield Validation(area, "list", _name(kind), error_title=FIELD, error="请从下拉列表中选择字段，或选“不导入”。")
    if rows:
        yield Validation((first, 0, HEADER_ROW + len(rows), 0), "list", _REGIONS, error_title=REGION,
                         error="请从下拉列表中选择报送地区，或选“全部”。")
