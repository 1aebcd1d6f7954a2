"""The styles part of a workbook: entries are only ever added, and only when an equal one is not there.

So a cell's former style id stays good, and marking the same file twice gives the same bytes. A fill has a short
``code`` that can stand in a note: 无, 'FFEE00', or its pattern and colours ('solid/theme=4,tint=0.6/indexed=64').
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy

from lxml import etree

from ...book import Style
from .package import Package, name_of

NO_FILL, OTHER_FILL = "无", "其它"
MOST_STYLES = 64_000                    # Excel holds a few more
_ORDER = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "tableStyles",
          "colors", "extLst")
_DEFAULTS = {"fonts": '<font><sz val="11"/><name val="Calibri"/></font>',
             "fills": '<fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>',
             "borders": "<border><left/><right/><top/><bottom/><diagonal/></border>",
             "cellStyleXfs": '<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>',
             "cellXfs": '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'}
_NEW_PART = '<styleSheet xmlns="{}"><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"


class Styles:
    """The fonts, fills, borders and cell formats of a package, with ids by position."""

    def __init__(self, package: Package):
        self.space = f"{{{package.namespace}}}"
        part = next(iter(package.related(package.book, "styles").values()), None)
        if part is None:
            part = package.book.rpartition("/")[0] + "/styles.xml"
            package.put(part, _NEW_PART.format(package.namespace).encode(), _TYPE)
            package.relate(package.book, "rIdTuijieStyles", "styles", part)
        self.root = package.edit(part)
        self._known: dict[str, dict[bytes, int]] = {}
        self._filled: dict[tuple[int, str], int] = {}
        for name in _DEFAULTS:
            self._list(name)

    def _list(self, name: str) -> etree._Element:
        """The list of fonts, fills, ...; made with its defaults, in its place, when the part has none."""
        found = self.root.find(self.space + name)
        if found is None:
            found = etree.fromstring(f'<{name} xmlns="{self.space[1:-1]}">{_DEFAULTS[name]}</{name}>')
            after = [one for one in self.root if name_of(one) in _ORDER[:_ORDER.index(name)]]
            self.root.insert(self.root.index(after[-1]) + 1 if after else 0, found)
            found.set("count", str(len(found)))
        return found

    def entries(self, name: str) -> list[etree._Element]:
        return [one for one in self._list(name) if isinstance(one.tag, str)]

    def _add(self, name: str, entry: etree._Element) -> int:
        """The id of an equal entry, the first one, or of this one put at the end."""
        if name not in self._known:
            known: dict[bytes, int] = {}
            for number, one in enumerate(self.entries(name)):
                known.setdefault(_canonical(one), number)
            self._known[name] = known
        known, key = self._known[name], _canonical(entry)
        if key not in known:
            known[key] = len(self.entries(name))
            parent = self._list(name)
            parent.append(entry)
            parent.set("count", str(known[key] + 1))
        return known[key]

    # ------------------------------------------------------------ marks

    def filled(self, style: int, color: str) -> int:
        """The id of the cell format ``style`` with a ground of ``color`` ('RRGGBB') and everything else as it is."""
        if (style, color) not in self._filled:
            entries = self.entries("cellXfs")
            self._filled[style, color] = self._with_fill(entries[style if 0 <= style < len(entries) else 0], color)
        return self._filled[style, color]

    def fill_code(self, style: int) -> str:
        """The ground of a cell format, in short."""
        entries, fills = self.entries("cellXfs"), self.entries("fills")
        fill = int(entries[style].get("fillId", 0)) if 0 <= style < len(entries) else 0
        return _code(fills[fill]) if fill < len(fills) else NO_FILL

    def restored(self, style: int, former: int | None, code: str) -> int:
        """The id that a marked cell had: ``former`` if it still is what it was, else an equal one with the fill of
        ``code``, else a new one (the file was saved by a program that numbers styles anew)."""
        entries = self.entries("cellXfs")
        wanted = _but_fill(entries[style])
        candidates = [former] if former is not None and former < len(entries) else []
        for number in (*candidates, *range(len(entries))):
            if _but_fill(entries[number]) == wanted and self.fill_code(number) == code:
                return number
        return self._with_fill(entries[style], NO_FILL if code == OTHER_FILL else code)

    def _with_fill(self, entry: etree._Element, code: str) -> int:
        """The id of the format ``entry`` with the fill of ``code``; the entry's own where no more formats fit."""
        made = deepcopy(entry)
        made.set("fillId", str(self._add("fills", self._fill(code))))
        made.set("applyFill", "1")
        entries = self.entries("cellXfs")
        return self._add("cellXfs", made) if len(entries) < MOST_STYLES else entries.index(entry)

    def _fill(self, code: str) -> etree._Element:
        pattern, front, back = ("none", "", "") if code == NO_FILL else \
            code.split("/") if "/" in code else ("solid", f"rgb=FF{code}", "indexed=64")
        fill = etree.Element(f"{self.space}fill")
        inner = etree.SubElement(fill, f"{self.space}patternFill", patternType=pattern)
        for tag, color in (("fgColor", front), ("bgColor", back)):
            if color:
                etree.SubElement(inner, self.space + tag, dict(pair.split("=") for pair in color.split(",")))
        return fill

    # ------------------------------------------------------------ our own sheet

    def of(self, look: Style) -> int:
        """The id of a cell format of our own design."""
        made = self._element("xf", numFmtId="0", fontId=self._add("fonts", self._font(look)), borderId=self._add(
            "borders", self._border(look)), fillId=self._add("fills", self._fill(look.fill or NO_FILL)), xfId="0",
            applyFont="1", applyFill="1", applyBorder="1", applyAlignment="1")
        made.append(self._element("alignment", horizontal=look.align, vertical=look.valign.removeprefix("v"),
                                  **({"wrapText": "1"} if look.wrap else {}), **({"indent": look.indent} if look.indent else {})))
        return self._add("cellXfs", made)

    def _font(self, look: Style) -> etree._Element:
        flags = [self._element(tag) for tag, on in (("b", look.bold), ("i", look.italic), ("u", look.underline)) if on]
        return self._element("font", *flags, self._element("sz", val=f"{look.size:g}"),
                             self._element("color", rgb=f"FF{look.color}"), self._element("name", val=look.font))

    def _border(self, look: Style) -> etree._Element:
        sides = ("left", "right", "top", "bottom")
        if not look.border:
            return self._element("border", *map(self._element, (*sides, "diagonal")))
        return self._element("border", *(self._element(side, self._element("color", rgb=f"FF{look.border}"),
                                                       style=look.border_style) for side in sides), self._element("diagonal"))

    def _element(self, tag: str, *children: etree._Element, **attributes) -> etree._Element:
        made = etree.Element(self.space + tag, {key: str(value) for key, value in attributes.items()})
        made.extend(children)
        return made


def _canonical(entry: etree._Element) -> bytes:
    """What an entry says, whatever prefixes and spaces it is written with."""
    def said(one: etree._Element) -> tuple:
        return name_of(one), sorted(one.items()), [said(child) for child in one if isinstance(child.tag, str)]
    return repr(said(entry)).encode()


def _but_fill(entry: etree._Element) -> tuple:
    """What a cell format says apart from its fill; a switch that is off says nothing."""
    off = {key for key, value in entry.items() if value == "0" and key.startswith("apply")}
    own = sorted((k, v) for k, v in entry.items() if k not in ("fillId", "applyFill") and k not in off)
    return own, [_canonical(child) for child in entry if isinstance(child.tag, str)]


def _code(fill: etree._Element) -> str:
    inner = next((one for one in fill if isinstance(one.tag, str)), None)
    if inner is None or name_of(inner) == "patternFill" and inner.get("patternType", "none") == "none":
        return NO_FILL
    if name_of(inner) != "patternFill":
        return OTHER_FILL
    colors = {name_of(one): dict(one.items()) for one in inner}
    front, back = colors.get("fgColor", {}), colors.get("bgColor", {})
    if inner.get("patternType") == "solid" and set(front) == {"rgb"} and front["rgb"].startswith("FF") and len(front["rgb"]) == 8:
        return front["rgb"][2:]
    return "/".join((inner.get("patternType"), _pairs(front.items()), _pairs(back.items())))


def _pairs(items: Iterable[tuple[str, str]]) -> str:
    return ",".join(f"{key}={value}" for key, value in items)
