"""The sheet's own judgement: an edition's fields, conditions and criteria compiled to formulas.

Every formula stays below Excel's 8,192 characters and uses functions that Excel 2010, WPS and LibreOffice share;
no INDIRECT, LET or FILTER. A cell may hold anything that was pasted: texts are compared with EXACT (MATCH and COUNTIF
take * ? ~ for wildcards), and an error value in a cell is a fault of that cell alone.

Truth is a number: 1 true, 0 false, 0.5 unknown (blank, unreadable or out of range), so that Kleene's 'and' is MIN
and his 'or' is MAX. ``criteria`` judges the same in Python.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from ..book import a1
from ..condition import All, Any, Condition, Test
from ..credit_code import ALPHABET, WEIGHTS
from ..criteria import VERDICTS
from ..edition import Edition, Field, Measure
from .columns import TICK, Column, column_of
from .lists import list_name, parents_name

WHOLE = ("count", "year")
COMPUTED = ("system", "measure")
_SHORTEST_PHONE = 7
_IN_PHONE = "0123456789 -—–+()（）转,，/、;；ext."


@dataclass(frozen=True)
class RowCells:
    """The cells of one row of a kind's sheet: ``row`` counts from 1 and may be any text to be filled in later."""

    edition: Edition
    kind: str
    columns: tuple[Column, ...]
    row: int | str
    label_row: int

    def cell(self, field_id: str) -> str:
        """The cell of a field, its column fixed: '$F6'. KeyError when the sheet has no such column."""
        return self.at(column_of(self.columns, field_id).index)

    def at(self, index: int) -> str:
        return f"{a1(0, index, fixed='column')[:-1]}{self.row}"

    def header(self, field_id: str) -> str:
        """The cell of a field's label: 'F$5'."""
        return f"{a1(0, column_of(self.columns, field_id).index)[:-1]}${self.label_row}"

    def ticks(self, field_id: str) -> list[str]:
        """The tick cells of a field of many terms."""
        return [self.at(column.index) for column in self.columns if column.field.id == field_id]

    def span(self, field_id: str) -> str:
        """The range of a field's tick cells, which stand side by side: '$BA6:$CN6'."""
        cells = self.ticks(field_id)
        return f"{cells[0]}:{cells[-1]}"

    def tick(self, field_id: str, label: str) -> str:
        return next(self.at(c.index) for c in self.columns if c.field.id == field_id and c.term.label == label)

    @property
    def fields(self) -> list[Field]:
        """The fields of the sheet that people fill in."""
        present = {column.field.id for column in self.columns}
        return [f for f in self.edition.fields(self.kind).values() if f.id in present and f.type not in COMPUTED]

    def inputs(self) -> list[str]:
        """Ranges over all cells that people fill in, computed columns left out."""
        ranges: list[list[int]] = []
        for column in self.columns:
            if column.field.type in COMPUTED:
                continue
            if ranges and ranges[-1][1] == column.index - 1:
                ranges[-1][1] = column.index
            else:
                ranges.append([column.index, column.index])
        return [f"{self.at(first)}:{self.at(last)}" for first, last in ranges]


# ------------------------------------------------------------------ one cell

def readable(f: Field, row: RowCells) -> str:
    """True when the field is filled in and legal for its type, range and vocabulary (see ``applicants.readable``)."""
    if f.type == "terms":
        span = row.span(f.id)
        stated = [f'SUMPRODUCT(--({span}="{TICK}"))>0', *(f"IFERROR({readable(m, row)},FALSE)" for m in _mains(f, row))]
        return f"IF({_stray(span)},FALSE,OR({','.join(stated)}))"
    cell = row.cell(f.id)
    if f.is_numeric:
        tests = _limits(f, cell, ">=", "<=") + [f"ABS({cell}-ROUND({cell},0))<1E-9"] * (f.type in WHOLE)
        return f"IF(ISNUMBER({cell}),{_all(tests)},FALSE)"
    if f.type == "date":
        return f"IF(ISNUMBER({cell}),{cell}>=1,FALSE)"
    if f.vocabulary:
        return f"SUMPRODUCT(--EXACT({list_name(f)},{cell}))>0"
    return f'TRIM({cell})<>""'


def fault(f: Field, row: RowCells) -> str:
    """True when something stands in the cell that is to be corrected; an error value makes the formula an error."""
    if f.type == "terms":
        return _stray(row.span(f.id))
    cell = row.cell(f.id)
    if f.is_numeric:
        return f'IF(ISNUMBER({cell}),{_beyond(f, row, cell)},TRIM({cell})<>"")'
    if f.type == "date":
        last = f.latest and (f.latest if row.edition.deadline_inclusive else f.latest - timedelta(days=1))
        late = f",{cell}>=DATE({last.year},{last.month},{last.day})+1" if last else ""
        return f'IF(ISNUMBER({cell}),OR({cell}<1{late}),TRIM({cell})<>"")'
    if f.vocabulary:
        return f'IF(TRIM({cell})="",FALSE,{_not_offered(f, row, cell)})'
    return f'IF(TRIM({cell})="",FALSE,{_misshapen(f, row, cell)})'


def _limits(f: Field, cell: str, low: str, high: str) -> list[str]:
    return [f"{cell}{op}{limit:f}" for op, limit in ((low, f.minimum), (high, f.maximum)) if limit is not None]


def _stray(span: str) -> str:
    return f'SUMPRODUCT(({span}<>"")*({span}<>"{TICK}"))>0'


def _beyond(f: Field, row: RowCells, cell: str) -> str:
    tests = _limits(f, cell, "<", ">") + [f"ABS({cell}-ROUND({cell},0))>=1E-9"] * (f.type in WHOLE)
    if f.at_most:
        whole = row.cell(f.at_most)
        tests.append(f"IF(ISNUMBER({whole}),{cell}>{whole},FALSE)")
    return f"OR({','.join(tests)})" if tests else "FALSE"


def _not_offered(f: Field, row: RowCells, cell: str) -> str:
    if not f.parent:
        return f"SUMPRODUCT(--EXACT({list_name(f)},{cell}))=0"
    above = row.cell(f.parent)
    return f'SUMPRODUCT((EXACT({parents_name(f)},{above})+(TRIM({above})="")>0)*EXACT({list_name(f)},{cell}))=0'


def _misshapen(f: Field, row: RowCells, cell: str) -> str:
    """Texts that cannot be what the field asks for. Lenient: what looks right passes; the validator looks closer."""
    match f.type:
        case "credit_code":
            weights = ";".join(map(str, (*WEIGHTS, 1)))
            values = f'(FIND(MID({cell},ROW($1:$18),1),"{ALPHABET}")-1)*{{{weights}}}'
            return f"IF(LEN({cell})<>18,TRUE,MOD(SUMPRODUCT({values}),31)<>0)"
        case "phone":
            return f"OR(LEN({cell})<{_SHORTEST_PHONE},{_strange(cell, 60, _IN_PHONE)})"
        case "postcode":
            return f"OR(LEN({cell})<>6,{_strange(cell, 6, '0123456789')})"
        case "email":
            return f'OR(FIND("@",{cell})=1,FIND(".",{cell},FIND("@",{cell})+2)=LEN({cell}))'
        case "text" | "long_text" if f.maximum is not None:
            return f"LEN({cell})>{f.maximum:f}"
    if f.other_of:
        chosen = row.cell(f.other_of)
        calls = [t.label for t in row.edition.terms(row.edition.fields(f.kind)[f.other_of]) if t.needs_text]
        return f'AND(TRIM({chosen})<>"",NOT({_is(chosen, calls)}))'
    return f"ISERROR({cell})"


def _strange(cell: str, length: int, allowed: str) -> str:
    """True when one of the first characters is none of ``allowed`` or a line break."""
    padded = f'{cell}&REPT("0",{length})'      # an empty piece is found by Excel, not by LibreOffice
    return f'SUMPRODUCT(--ISERROR(FIND(MID({padded},ROW($1:${length}),1),"{allowed}"&CHAR(10))))>0'


# ------------------------------------------------------------------ conditions

def truth(condition: bool | Condition, row: RowCells) -> str:
    """A condition as a number: 1 true, 0 false, 0.5 unknown."""
    match condition:
        case bool():
            return "1" if condition else "0"
        case All(parts):
            return f"MIN({','.join(truth(part, row) for part in parts)})"
        case Any(parts):
            return f"MAX({','.join(truth(part, row) for part in parts)})"
    f = row.edition.fields(row.kind)[condition.field]
    measure = next((m for m in row.edition.measures_of(row.kind) if m.field == f.id), None)
    if measure:
        return _measured(measure, condition, row)
    return f"IFERROR(IF({readable(f, row)},{_holds(condition, f, row)},0.5),0.5)"


def _holds(test: Test, f: Field, row: RowCells) -> str:
    if test.op == "stated":
        return "1"
    if test.op == "has":
        wanted = [f'{row.tick(f.id, label)}="{TICK}"' for label in test.values]
        return f"IF(OR({','.join([*wanted, *(_is(row.cell(m.id), test.values) for m in _mains(f, row))])}),1,0)"
    if test.limit is not None:
        return f"IF(ROUND({row.cell(f.id)},{_places(test.limit)}){test.op}{test.limit:f},1,0)"
    return f"IF({_is(row.cell(f.id), test.values)},1,0)"


def _mains(many: Field, row: RowCells) -> list[Field]:
    """The fields of one term that count as ticked among ``many`` (see ``measures.complete_terms``)."""
    return [f for f in row.fields if f.type == "term" and f.vocabulary == many.vocabulary and f.level == 0]


def _measured(m: Measure, test: Test, row: RowCells) -> str:
    """numerator op limit * denominator: exact, never by way of the rounded quotient; unknown over 0."""
    fields, above, below = row.edition.fields(row.kind), row.cell(m.numerator), row.cell(m.denominator)
    known = f"AND({readable(fields[m.numerator], row)},{readable(fields[m.denominator], row)})"
    if test.op == "stated":
        return f"IFERROR(IF({known},IF({below}<>0,1,0.5),0.5),0.5)"
    holds = f"ROUND({above}-{test.limit:f}*{below},9)*SIGN({below}){test.op}0"
    return f"IFERROR(IF({known},IF({below}<>0,IF({holds},1,0),0.5),0.5),0.5)"


def _places(limit: Decimal) -> int:
    """Decimals at which two numbers near ``limit`` agree in Excel's 15 digits (2999.9999999999995 is 3000)."""
    return 15 - len(str(int(abs(limit))))


def _is(cell: str, values) -> str:
    tests = [f'EXACT({cell},{_quoted(value)})' for value in values]
    return tests[0] if len(tests) == 1 else f"OR({','.join(tests)})"


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _all(tests: list[str]) -> str:
    return "TRUE" if not tests else tests[0] if len(tests) == 1 else f"AND({','.join(tests)})"


# ------------------------------------------------------------------ the computed columns

def serial(row: RowCells, first_row: int) -> str:
    """The number of the row, '' while nothing has been filled in."""
    return f'IF(COUNTA({",".join(row.inputs())})=0,"",ROW()-{first_row - 1})'


def verdict(row: RowCells) -> str:
    """结论: the least of all criteria; without criteria, whether all that is required is filled in and readable."""
    criteria = row.edition.criteria_of(row.kind)
    words = [_quoted(VERDICTS[key]) for key in ("ineligible", "unknown", "eligible")]
    if criteria:
        least = f"MIN({','.join(truth(c.condition, row) for c in criteria)})"
        judged = f"CHOOSE(1+2*{least},{','.join(words)})"
    else:
        lacking = "+".join(_counted(f, f"NOT({readable(f, row)})", row, "1") for f in row.fields if f.required)
        judged = f"IF({lacking or '0'}=0,{words[2]},{words[1]})"
    return _begun(row, judged)


def missing_count(row: RowCells) -> str:
    """缺项: how many fields that are required, by themselves or under their condition, are blank."""
    blanks = [_counted(f, blank(f, row), row, "0") for f in row.fields if f.required]
    return _begun(row, "+".join(blanks) or "0")


def to_fix(row: RowCells) -> str:
    """待更正: the labels of the fields with a fault, joined by '、'."""
    parts = "&".join(_named(f, row) for f in row.fields)
    return _begun(row, f"MID({parts},2,2000)")


def quotient(m: Measure, row: RowCells) -> str:
    """A measure as people see it: rounded down, '' where it does not exist."""
    fields, above, below = row.edition.fields(row.kind), row.cell(m.numerator), row.cell(m.denominator)
    known = f"AND({readable(fields[m.numerator], row)},{readable(fields[m.denominator], row)})"
    return (f'IFERROR(IF({known},IF({below}<>0,ROUNDDOWN(ROUND({above}/{below},9),{m.decimals}),""),""),"")')


def blank(f: Field, row: RowCells) -> str:
    """True when the field is blank; an error value makes the formula an error."""
    if f.type == "terms":
        return f"COUNTA({row.span(f.id)})=0"
    return f'TRIM({row.cell(f.id)})=""'


def lacks(f: Field, row: RowCells) -> str:
    """True when the field must be filled in on a row that has been begun, and is blank."""
    called = "" if f.required is True else f",{truth(f.required, row)}=1"
    return f'AND({row.cell("serial")}<>""{called},{blank(f, row)})'


def _counted(f: Field, test: str, row: RowCells, on_error: str) -> str:
    called = f"({truth(f.required, row)}=1)*" if f.required is not True else ""
    return f"IFERROR({called}({test}),{on_error})" if called else f"IFERROR(--({test}),{on_error})"


def _named(f: Field, row: RowCells) -> str:
    label = _quoted(f"、{f.label}") if f.type == "terms" else f'"、"&{row.header(f.id)}'
    test = fault(f, row)
    if f.type in ("text", "url", "long_text") and test.endswith(f"ISERROR({row.cell(f.id)}))"):
        return f'IF(ISERROR({row.cell(f.id)}),{label},"")'
    return f'IF(IFERROR({test},TRUE),{label},"")'


def _begun(row: RowCells, formula: str) -> str:
    return f'IF({row.cell("serial")}="","",{formula})'
