"""A ``SheetPlan`` as worksheet XML inside somebody else's workbook: texts inline, looks added to its styles.

Carries what a list needs: cells, merges, widths, heights, hidden columns, links, a frozen head, A4 set-up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from lxml import etree

from ...book import Link, SheetPlan, Style, a1
from ..writing import MOST_LINKS, legal
from .package import Package, serialize
from .styles import Styles

_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_PADDING = 0.71                         # Excel stores a column's width with the room around the text


def render_page(plan: SheetPlan, package: Package, styles: Styles) -> bytes:
    """The worksheet part; the same plan and styles give the same bytes."""
    space = f"{{{package.namespace}}}"
    root = etree.Element(f"{space}worksheet", nsmap={None: package.namespace})

    def add(parent: etree._Element, tag: str, **attributes) -> etree._Element:
        return etree.SubElement(parent, space + tag, {k: str(v) for k, v in attributes.items() if v is not None})

    setup = add(root, "sheetPr")
    if plan.tab_color:
        add(setup, "tabColor", rgb=f"FF{plan.tab_color}")
    add(setup, "pageSetUpPr", fitToPage=1)
    view = add(add(root, "sheetViews"), "sheetView", showGridLines=int(plan.gridlines), workbookViewId=0)
    if plan.freeze:
        row, column = plan.freeze
        add(view, "pane", xSplit=column or None, ySplit=row or None, topLeftCell=a1(row, column), state="frozen",
            activePane="bottomRight" if row and column else "bottomLeft" if row else "topRight")
    add(root, "sheetFormatPr", defaultRowHeight=15)
    columns = add(root, "cols")
    for column in sorted({*plan.widths, *plan.hidden_columns}):
        add(columns, "col", min=column + 1, max=column + 1, width=plan.widths.get(column, 8.43) + _PADDING, customWidth=1,
            hidden=1 if column in plan.hidden_columns else None)
    data, links = add(root, "sheetData"), []
    for number, cells in sorted(_by_row(plan).items()):
        height = plan.heights.get(number)
        line = add(data, "row", r=number + 1, ht=height, customHeight=1 if height is not None else None)
        for column, (value, look) in sorted(cells.items()):
            if isinstance(value, Link):
                links.append((a1(number, column), value))
            _put(line, space, a1(number, column), value, styles.of(look))
    if plan.merges:
        merges = add(root, "mergeCells", count=len(plan.merges))
        for top, left, bottom, right, *_ in plan.merges:
            add(merges, "mergeCell", ref=f"{a1(top, left)}:{a1(bottom, right)}")
    if links:
        holder = add(root, "hyperlinks")
        for address, link in links[:MOST_LINKS]:
            add(holder, "hyperlink", ref=address, location=legal(link.target), display=legal(link.text),
                tooltip=legal(link.tip) or None)
    left, right, top, bottom = plan.print.margins
    add(root, "pageMargins", left=left, right=right, top=top, bottom=bottom, header=0.3, footer=0.3)
    add(root, "pageSetup", paperSize=9, orientation="landscape" if plan.print.landscape else "portrait", fitToHeight=0)
    add(add(root, "headerFooter"), "oddFooter").text = plan.print.footer
    return serialize(root)


def _by_row(plan: SheetPlan) -> dict[int, dict[int, tuple[Any, Style]]]:
    """Row -> column -> (value, look) of everything planned; a merged area is its first cell and blanks of its look."""
    rows: dict[int, dict[int, tuple[Any, Style]]] = defaultdict(dict)
    for row, column, value, look in (*plan.cells, *_of_merges(plan)):
        rows[row][column] = value, look
    for row in plan.heights:
        rows.setdefault(row, {})
    return rows


def _of_merges(plan: SheetPlan) -> Iterator[tuple[int, int, Any, Style]]:
    for top, left, bottom, right, value, look in plan.merges:
        yield from ((row, column, value if (row, column) == (top, left) else None, look)
                    for row in range(top, bottom + 1) for column in range(left, right + 1))


def _put(line: etree._Element, space: str, address: str, value: Any, style: int) -> None:
    cell = etree.SubElement(line, f"{space}c", r=address, s=str(style))
    if isinstance(value, Link):
        value = value.text
    if isinstance(value, int):
        etree.SubElement(cell, f"{space}v").text = str(value)
    elif value:
        cell.set("t", "inlineStr")
        text = etree.SubElement(etree.SubElement(cell, f"{space}is"), f"{space}t")
        text.text = legal(value)
        text.set(_SPACE, "preserve")
