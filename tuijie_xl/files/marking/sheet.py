"""One worksheet's XML: cells found or put in their place, everything else left as it stands.

Rows and columns count from 0. A cell or row without an address of its own (some programs leave it out) gets the one
that it has by its position as soon as its neighbours are touched.
"""

from __future__ import annotations

import re
from bisect import bisect_left

from lxml import etree

from ...book import a1
from .package import name_of

#: The children of a worksheet as ISO/IEC 29500 (CT_Worksheet) orders them.
ORDER = ("sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection",
         "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate", "customSheetViews", "mergeCells",
         "phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup",
         "headerFooter", "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags",
         "drawing", "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls",
         "webPublishItems", "tableParts", "extLst")
_ADDRESS = re.compile(r"\$?([A-Z]{1,3})\$?(\d+)")
_TRUE = ("1", "true")
OLD, NEW_CELL, NEW_ROW = "", "新格", "新行"
_NARROWEST = 8.43


def position(address: str) -> tuple[int, int]:
    """'B5' -> (4, 1)."""
    letters, row = _ADDRESS.match(address).groups()
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(row) - 1, column - 1


class SheetXml:
    """``root`` is the worksheet element, changed in place."""

    def __init__(self, root: etree._Element):
        self.root, self.space = root, f"{{{etree.QName(root).namespace}}}"
        self.data = root.find(f"{self.space}sheetData")
        self.rows = [one for one in self.data if name_of(one) == "row"]
        self.numbers: list[int] = []
        for row in self.rows:
            number = int(row.get("r", self.numbers[-1] + 2 if self.numbers else 1)) - 1
            if row.get("r") is None:
                row.set("r", str(number + 1))
            self.numbers.append(number)
        self.new_rows: set[int] = set()
        self.by_number = dict(zip(self.numbers, self.rows))
        self.columns = [(int(col.get("min")) - 1, int(col.get("max")) - 1, col)
                        for col in root.iterfind(f"{self.space}cols/{self.space}col")]
        self.merges = [_corners(one.get("ref")) for one in root.iterfind(f"{self.space}mergeCells/{self.space}mergeCell")]

    # ------------------------------------------------------------ finding

    def anchor(self, row: int, column: int) -> tuple[int, int]:
        """The cell that shows what stands at (row, column): the first of its merged area, else itself."""
        for top, left, bottom, right in self.merges:
            if top <= row <= bottom and left <= column <= right:
                return top, left
        return row, column

    def cells(self, row: int) -> dict[int, etree._Element]:
        """Column -> cell of a row, each with its address."""
        found: dict[int, etree._Element] = {}
        column = -1
        for cell in self.by_number.get(row, ()):
            if name_of(cell) == "c":
                address = cell.get("r")
                column = position(address)[1] if address else column + 1
                if not address:
                    cell.set("r", a1(row, column))
                found[column] = cell
        return found

    def first_filled(self, row: int) -> int:
        """The first column of a row that holds something, else column A."""
        return next((column for column, cell in self.cells(row).items() if len(cell)), 0)

    def style(self, row: int, column: int) -> int:
        """The format of a cell; of one that does not exist that of its row or its column."""
        cell = self.cells(row).get(column)
        if cell is not None:
            return int(cell.get("s", 0))
        line = self.by_number.get(row)
        if line is not None and line.get("customFormat") in _TRUE:
            return int(line.get("s", 0))
        return next((int(col.get("style", 0)) for col in self._cols(column)), 0)

    def _cols(self, column: int) -> list[etree._Element]:
        return [col for first, last, col in self.columns if first <= column <= last]

    def hidden(self, row: int, column: int) -> str:
        """'在隐藏的行'; '' for a cell that can be seen."""
        line = self.by_number.get(row)
        words = (("行", line is not None and line.get("hidden") in _TRUE),
                 ("列", any(col.get("hidden") in _TRUE for col in self._cols(column))))
        return "在隐藏的" + "、".join(word for word, is_so in words if is_so) if any(is_so for _, is_so in words) else ""

    def width(self, column: int) -> float:
        """The width of a column in Excel's units, 0 when it is hidden."""
        for col in self._cols(column):
            return 0.0 if col.get("hidden") in _TRUE else float(col.get("width", _NARROWEST))
        return _NARROWEST

    def height(self, row: int) -> float:
        """The height of a row in points, 0 when it is hidden."""
        line = self.by_number.get(row)
        if line is None:
            return 15.0
        return 0.0 if line.get("hidden") in _TRUE else float(line.get("ht", 15))

    # ------------------------------------------------------------ changing

    def ensure(self, row: int, column: int) -> tuple[etree._Element, str]:
        """The cell, made in its place when there is none, and whether it is OLD, NEW_CELL or in a NEW_ROW."""
        line = self.by_number.get(row)
        if line is None:
            line = self._insert_row(row)
            self.new_rows.add(row)
        cells = self.cells(row)
        if column in cells:
            return cells[column], OLD
        base = self.style(row, column)
        cell = etree.Element(f"{self.space}c", r=a1(row, column))
        if base:
            cell.set("s", str(base))
        after = next((cells[other] for other in sorted(cells) if other > column), None)
        if after is not None:
            after.addprevious(cell)
        else:
            line.insert(len([one for one in line if name_of(one) != "extLst"]), cell)
        self._widen(line, row, column)
        return cell, NEW_ROW if row in self.new_rows else NEW_CELL

    def _insert_row(self, row: int) -> etree._Element:
        line = etree.Element(f"{self.space}row", r=str(row + 1))
        at = bisect_left(self.numbers, row)
        if at < len(self.rows):
            self.rows[at].addprevious(line)
        else:
            self.data.append(line)
        self.rows.insert(at, line)
        self.numbers.insert(at, row)
        self.by_number[row] = line
        return line

    def _widen(self, line: etree._Element, row: int, column: int) -> None:
        """Let the row's span and the sheet's dimension, where stated, hold a new cell."""
        if line.get("spans"):
            first, last = map(int, line.get("spans").split(" ")[0].split(":"))
            line.set("spans", f"{min(first, column + 1)}:{max(last, column + 1)}")
        dimension = self.root.find(f"{self.space}dimension")
        if dimension is not None and dimension.get("ref"):
            top, left, bottom, right = _corners(dimension.get("ref"))
            ends = a1(min(top, row), min(left, column)), a1(max(bottom, row), max(right, column))
            dimension.set("ref", ":".join(dict.fromkeys(ends)))

    def set_style(self, cell: etree._Element, style: int) -> None:
        if not style and cell.keys()[-1:] == ["s"]:         # where we put it, if the cell had none
            del cell.attrib["s"]
        elif style or "s" in cell.attrib:
            cell.set("s", str(style))

    def remove(self, row: int, column: int, and_row: bool) -> None:
        """Take a cell out; ``and_row``: its row as well, once that holds and says nothing."""
        line = self.by_number[row]
        line.remove(self.cells(row)[column])
        if and_row and not len(line) and not set(line.attrib) - {"r", "spans"}:
            self.data.remove(line)
            at = self.rows.index(line)
            del self.rows[at], self.numbers[at], self.by_number[row]

    def put_child(self, child: etree._Element) -> None:
        """Put a child of the worksheet where the schema has it."""
        before = ORDER[:ORDER.index(name_of(child))]
        last = max((i for i, one in enumerate(self.root) if _kind(one) in before), default=-1)
        self.root.insert(last + 1, child)


def _kind(child: etree._Element) -> str:
    """What a child of the worksheet is; an mc:AlternateContent is what it holds."""
    if name_of(child) != "AlternateContent":
        return name_of(child)
    return next((name_of(one) for choice in child for one in choice if name_of(one)), "")


def _corners(reference: str) -> tuple[int, int, int, int]:
    first, _, last = reference.partition(":")
    return *position(first), *position(last or first)
