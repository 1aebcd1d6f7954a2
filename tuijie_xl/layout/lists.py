"""词表: the lookup lists behind dropdowns, cascades and checks, each a defined name over a gapless range.

Labels hold （） and spaces, so they cannot be names themselves and INDIRECT cannot work; a level below another
stands beside a column of its parents, sorted by parent, and OFFSET/MATCH cuts out the children.
"""

from __future__ import annotations

from ..book import SheetPlan, a1
from ..edition import Edition, Field, Term
from . import style

LISTS = "词表"
_FIRST = 2                              # row of the first entry; title and heads stand above


def list_name(f: Field) -> str:
    """The defined name of what a field may choose from: 'list_service_2'."""
    return f"list_{f.vocabulary}" + (f"_{f.level}" if f.level else "")


def parents_name(f: Field) -> str:
    """The defined name of the parents that stand beside ``list_name``: 'of_service_2'."""
    return "of" + list_name(f).removeprefix("list")


def dropdown(f: Field, parent: str | None = None) -> str:
    """The source of a field's dropdown; with ``parent`` (the address of the cell above in the tree) its children only."""
    if not f.parent or parent is None:
        return list_name(f)
    return f"OFFSET({list_name(f)},MATCH({parent},{parents_name(f)},0)-1,0,COUNTIF({parents_name(f)},{parent}),1)"


def entries(edition: Edition, f: Field) -> list[tuple[Term | None, Term]]:
    """(parent, term) of every term that a field offers, children of one parent together; parent None without one."""
    terms = edition.terms(f)
    if not f.parent:
        return [(None, term) for term in terms]
    vocabulary = edition.vocabularies[f.vocabulary]
    above = edition.terms(edition.fields(f.kind)[f.parent])
    return [(parent, term) for parent in above for term in terms if parent in vocabulary.path(term)]


def plan_lists(edition: Edition) -> tuple[SheetPlan, dict[str, str]]:
    """The hidden sheet of lists and the defined names over it."""
    sheet, names = SheetPlan(LISTS, hidden=True, protect=True), {}
    column = 0
    for f in _listed(edition):
        pairs = entries(edition, f)
        columns = [[parent.label for parent, _ in pairs]] if f.parent else []
        columns.append([term.label for _, term in pairs])
        vocabulary = edition.vocabularies[f.vocabulary]
        for offset, (labels, name) in enumerate(zip(columns, ((parents_name(f),) if f.parent else ()) + (list_name(f),))):
            at = column + offset
            sheet.put(0, at, vocabulary.label, style.TABLE_HEAD)
            sheet.put(1, at, name, style.TABLE_QUIET)
            sheet.put_columns(_FIRST, at, [labels], [style.CELL])
            sheet.widths[at] = 26
            names[name] = _range(at, len(labels))
        column += len(columns)
    sheet.freeze = (_FIRST, 0)
    return sheet, names


def _range(column: int, length: int) -> str:
    first, last = (a1(row, column, fixed="both") for row in (_FIRST, _FIRST + length - 1))
    return f"'{LISTS}'!{first}:{last}"


def _listed(edition: Edition) -> list[Field]:
    """One field for each list: the one with a parent where there is such, for it carries the parents' column."""
    found: dict[str, Field] = {}
    for f in edition.all_fields:
        if f.vocabulary and (list_name(f) not in found or f.parent and not found[list_name(f)].parent):
            found[list_name(f)] = f
    return list(found.values())
