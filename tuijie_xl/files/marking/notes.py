"""The notes (legacy comments) of one sheet: ours are put and taken away, everybody else's stay.

Ours is a paragraph between 【推介校验】 and 〔…〕, so it is found wherever Excel, WPS or LibreOffice has moved it, also
inside a note of somebody else. The drawing (VML) is edited as text: what others drew keeps its bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from ...book import a1
from ..writing import legal
from .package import Package, name_of
from .sheet import SheetXml, position

SIGN, AUTHOR = "【推介校验】", "推介校验"
_LINE = r"(?:_x000D_|\r)?\n"
_OURS = re.compile(rf"(?:{_LINE})?{SIGN}{_LINE}.*?{_LINE}〔(?:样式(?P<style>[^；〕]+)；)?原底色：(?P<fill>[^〕]*)〕", re.DOTALL)
_SHAPE = re.compile(rb"<v:shape\b[^>]*(?:/>|>(?:(?!</v:shape>).)*</v:shape>)", re.DOTALL)
_END = re.compile(rb"</(?:\w+:)?xml>\s*\Z")
_PIXEL = 0.75                           # points
_WIDE, _LINE_HIGH, _LINE_HOLDS = 330, 18, 26            # pixels, pixels, characters
_COMMENTS = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_EMPTY_VML = ('<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
              'xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" '
              'data="{}"/></o:shapelayout></xml>')
_SHAPE_TYPE = ('<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
               '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>')
_NOTE = ('<v:shape id="_x0000_s{id}" type="#_x0000_t202" style="position:absolute;margin-left:0;margin-top:0;width:{width}pt;'
         'height:{height}pt;z-index:1;visibility:hidden" fillcolor="#fffbe8" o:insetmode="auto"><v:fill color2="#fffbe8"/>'
         '<v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto">'
         '<div style="text-align:left"></div></v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
         '<x:Anchor>{anchor}</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column>'
         '</x:ClientData></v:shape>')


@dataclass(frozen=True)
class Former:
    """What our note remembers of a cell: its style id ('12', 新格, 新行; None when unknown) and its fill's code."""

    style: str | None
    fill: str


def paragraph(words: str, former: Former) -> str:
    """Our text for one cell."""
    return f"{SIGN}\n{words}\n〔样式{former.style}；原底色：{former.fill}〕"


class Notes:
    """The notes of the sheet ``part``. ``close`` must be called after the last change."""

    def __init__(self, package: Package, part: str, sheet: SheetXml, number: int):
        self.package, self.part, self.sheet, self.number = package, part, sheet, number
        self.reference = f"{{{package.office}}}id"
        self.comments = next(iter(package.related(part, "comments").values()), None)
        self.legacy = sheet.root.find(f"{sheet.space}legacyDrawing")
        drawings = package.related(part, "vmlDrawing")
        self.vml = drawings.get(self.legacy.get(self.reference)) if self.legacy is not None else None
        self.drawing = package.parts[self.vml] if self.vml else b""
        self.readable = not self.vml or _END.search(self.drawing) is not None
        self.shapes: list[str] = []     # drawn, and put into the drawing by ``close``
        self.taken = self._threads()
        self.removed = False
        self.by_cell = {position(one.get("ref")): one for one in self._comments()} if self.comments else {}

    def _comments(self) -> Iterator[etree._Element]:
        return self.package.read(self.comments).iterfind(f"{self.sheet.space}commentList/{self.sheet.space}comment")

    def _threads(self) -> set[tuple[int, int]]:
        """Cells with a conversation (threaded comment): Excel writes their notes itself, so they are left alone."""
        return {position(one.get("ref")) for target in self.package.related(self.part, "threadedComment").values()
                for one in self.package.read(target) if name_of(one) == "threadedComment"}

    def can_take(self, row: int, column: int) -> bool:
        """False for a cell with a conversation, and where the sheet's drawing is written as we cannot read."""
        return self.readable and (row, column) not in self.taken

    # ------------------------------------------------------------ taking ours away

    def take_ours(self) -> list[tuple[int, int, Former]]:
        """Remove our paragraphs, and the notes that held nothing else; where they stood and what they remember."""
        found = []
        for cell, comment in list(self.by_cell.items()):
            texts = [one for one in comment.iter(f"{self.sheet.space}t")]
            whole = "".join(one.text or "" for one in texts)
            matches = list(_OURS.finditer(whole))
            if matches:
                self.package.edit(self.comments)
                found.append((*cell, Former(matches[0]["style"], matches[0]["fill"])))
                _cut(texts, [match.span() for match in matches])
                if not _OURS.sub("", whole).strip() and self._author(comment).strip() in (AUTHOR, ""):
                    self._remove(cell, comment)
        return found

    def _author(self, comment: etree._Element) -> str:
        authors = [one.text or "" for one in self.package.read(self.comments).iter(f"{self.sheet.space}author")]
        number = int(comment.get("authorId", 0))
        return authors[number] if number < len(authors) else ""

    def _remove(self, cell: tuple[int, int], comment: etree._Element) -> None:
        comment.getparent().remove(comment)
        del self.by_cell[cell]
        self.removed = True
        row, column = (b"<x:%s>%d</x:%s>" % (tag, number, tag) for tag, number in zip((b"Row", b"Column"), cell))
        self.drawing = _SHAPE.sub(lambda shape: b"" if row in shape[0] and column in shape[0]
                                  and b'ObjectType="Note"' in shape[0] else shape[0], self.drawing)

    # ------------------------------------------------------------ putting ours

    def put(self, row: int, column: int, words: str, former: Former) -> None:
        """Our paragraph on a cell: a note of its own, or the end of the one that is there."""
        text = legal(paragraph(words, former))
        comment = self.by_cell.get((row, column))
        if comment is not None:
            self.package.edit(self.comments)
            _append(comment.find(f"{self.sheet.space}text"), f"\n{text}", self.sheet.space)
            return
        root = self._open()
        authors = root.find(f"{self.sheet.space}authors")
        names = [one.text for one in authors]
        if AUTHOR not in names:
            etree.SubElement(authors, f"{self.sheet.space}author").text = AUTHOR
            names.append(AUTHOR)
        comment = etree.SubElement(root.find(f"{self.sheet.space}commentList"), f"{self.sheet.space}comment",
                                   ref=a1(row, column), authorId=str(names.index(AUTHOR)))
        _append(etree.SubElement(comment, f"{self.sheet.space}text"), text, self.sheet.space)
        self.by_cell[row, column] = comment
        self._draw(row, column, text)

    def _open(self) -> etree._Element:
        """The root of the comments part; both parts are made when the sheet has none."""
        package, folder = self.package, self.package.book.rpartition("/")[0]
        if self.comments is None:
            self.comments = f"{folder}/tuijie_comments{self.number}.xml"
            package.put(self.comments, f'<comments xmlns="{package.namespace}"><authors/><commentList/></comments>'.encode(), _COMMENTS)
            package.relate(self.part, "rIdTuijieNotes", "comments", self.comments)
        if self.vml is None:
            self.vml = f"{folder}/drawings/tuijie_notes{self.number}.vml"
            self.drawing = _EMPTY_VML.format(_free_block(package)).encode()
            package.default_type("vml", _VML)
            package.put(self.vml, self.drawing)
            ident = package.relate(self.part, "rIdTuijieDrawing", "vmlDrawing", self.vml)
            if self.legacy is None:
                self.legacy = etree.Element(f"{self.sheet.space}legacyDrawing", nsmap={"r": package.office})
                self.sheet.put_child(self.legacy)
            self.legacy.set(self.reference, ident)
        return package.edit(self.comments)

    def _draw(self, row: int, column: int, text: str) -> None:
        if not self.shapes:
            block = re.search(rb'<o:idmap\b[^>]*data="(\d+)', self.drawing)
            used = [int(number) for number in re.findall(rb'"_x0000_s(\d+)"', self.drawing)]
            self.last_id = max(used, default=1024 * int(block[1] if block else 1))
            self.shapes.append("" if b'id="_x0000_t202"' in self.drawing else _SHAPE_TYPE)
        self.last_id += 1
        self.shapes.append(_NOTE.format(id=self.last_id, row=row, column=column, **self._size(row, column, text)))

    def _size(self, row: int, column: int, text: str) -> dict:
        """Where the note lies: to the right of its cell, as high as its text, across whatever widths are there."""
        lines = sum(1 + len(line) // _LINE_HOLDS for line in text.split("\n"))
        high = lines * _LINE_HIGH + 12
        right, rest_x = _walk(column + 1, _WIDE + 15, lambda c: int(self.sheet.width(c) * 7 + 5) if self.sheet.width(c) else 0, 16_383)
        top = max(row - 1, 0)
        bottom, rest_y = _walk(top, high + 10, lambda r: int(self.sheet.height(r) / _PIXEL), 1_048_575)
        return {"anchor": f"{min(column + 1, 16_383)}, 15, {top}, 10, {right}, {rest_x}, {bottom}, {rest_y}",
                "width": _WIDE * _PIXEL, "height": high * _PIXEL}

    def close(self) -> None:
        """Write the drawing, and take away the parts that we have emptied."""
        package = self.package
        if self.shapes:
            end = _END.search(self.drawing).start()
            self.drawing = b"".join((self.drawing[:end], "".join(self.shapes).encode(), self.drawing[end:]))
            self.shapes = []
        if self.vml and self.drawing != package.parts[self.vml]:
            package.put(self.vml, self.drawing)
        if self.removed and not self.by_cell:
            self._drop("comments", self.comments)
            self.comments = None
            if self.vml and not _SHAPE.search(self.drawing):
                self._drop("vmlDrawing", self.vml)
                self.sheet.root.remove(self.legacy)
                self.vml = self.legacy = None
        self.removed = False

    def _drop(self, kind: str, target: str) -> None:
        for ident in [ident for ident, part in self.package.related(self.part, kind).items() if part == target]:
            self.package.unrelate(self.part, ident)
        self.package.remove(target)


def _cut(texts: list[etree._Element], spans: list[tuple[int, int]]) -> None:
    """Cut spans of the joined text out of the elements that make it up; a run that held nothing else goes."""
    start = 0
    for one in texts:
        text = one.text or ""
        kept = "".join(letter for i, letter in enumerate(text, start) if not any(a <= i < b for a, b in spans))
        start += len(text)
        if kept != text:
            one.text = kept
            run = one.getparent()
            if not kept and name_of(run) == "r":
                run.getparent().remove(run)


def _append(text: etree._Element, words: str, space: str) -> None:
    """Add words to a text: to its plain element, or as a run of their own after the runs that it has."""
    plain = text.find(f"{space}t")
    runs = text.findall(f"{space}r")
    if plain is not None and not runs:
        plain.text = (plain.text or "") + words
        plain.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        return
    run = etree.Element(f"{space}r")
    look = etree.SubElement(run, f"{space}rPr")
    for tag, value in (("sz", "9"), ("rFont", "微软雅黑")):
        etree.SubElement(look, space + tag, val=value)
    own = etree.SubElement(run, f"{space}t")
    own.text = words
    own.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    text.insert(text.index(runs[-1]) + 1 if runs else 0, run)


def _walk(start: int, length: int, size, last: int) -> tuple[int, int]:
    """The column or row that lies ``length`` pixels after the beginning of ``start``, and the pixels into it."""
    at = min(start, last)
    while length > size(at) and at < last:
        length -= size(at)
        at += 1
    return at, length


def _free_block(package: Package) -> int:
    """A block of shape ids that no drawing of the package uses."""
    used = [int(number) for name, content in package.parts.items() if name.lower().endswith(".vml")
            for numbers in re.findall(rb'<o:idmap\b[^>]*data="([\d,]+)"', content) for number in numbers.split(b",")]
    return max(used, default=0) + 1
