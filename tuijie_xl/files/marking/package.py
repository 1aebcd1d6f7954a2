"""An Office Open XML package edited part by part: a part that is not edited keeps its bytes, the zip its order."""

from __future__ import annotations

import posixpath
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from lxml import etree

TYPES = "[Content_Types].xml"
_TYPES_NS = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_RELS_NS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_RELS_TYPE = "application/vnd.openxmlformats-package.relationships+xml"
_DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, strip_cdata=False)


def parse(xml: bytes) -> etree._Element:
    """The root of a part; entities are never resolved, nothing is ever fetched."""
    return etree.fromstring(xml, _PARSER)


def serialize(root: etree._Element) -> bytes:
    """A part as UTF-8 with the declaration that Office writes."""
    return _DECLARATION + etree.tostring(root.getroottree(), encoding="UTF-8", xml_declaration=False)


def name_of(element: etree._Element) -> str:
    """The tag without its namespace; '' for a comment or an instruction."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


class Package:
    """``parts`` holds the bytes by normalised name; ``edit`` gives a part's root and has it written anew.

    ``book`` is the workbook part, ``namespace`` its namespace and ``office`` the stem of relationship types:
    transitional or strict, as the file itself has it. The file was opened by ``open_parts`` before, so it is whole.
    """

    def __init__(self, data: bytes):
        with ZipFile(BytesIO(data)) as archive:
            self._infos = {info.filename.replace("\\", "/").lstrip("/"): info for info in archive.infolist()}
            self.parts = {name: archive.read(info) for name, info in self._infos.items()}
        self._roots: dict[str, etree._Element] = {}
        self._edited: set[str] = set()
        kind, self.book = next((r.get("Type"), self._target("", r)) for r in self.relationships("")
                               if r.get("Type").endswith("/officeDocument"))
        self.office = kind.rpartition("/")[0]
        self.namespace = etree.QName(self.read(self.book)).namespace

    def read(self, part: str) -> etree._Element:
        """The root of a part, not to be changed."""
        if part not in self._roots:
            self._roots[part] = parse(self.parts[part])
        return self._roots[part]

    def edit(self, part: str) -> etree._Element:
        """The root of a part, to be changed."""
        self._edited.add(part)
        return self.read(part)

    def write(self) -> bytes:
        """The package: parts in their former order, new ones at the end; the same package gives the same bytes."""
        buffer = BytesIO()
        with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
            for name, content in self.parts.items():
                content = serialize(self._roots[name]) if name in self._edited else content
                archive.writestr(_like(self._infos.get(name), name), content)
        return buffer.getvalue()

    # ------------------------------------------------------------ parts

    def put(self, part: str, content: bytes, content_type: str | None = None) -> None:
        """Add a part, or replace its content where it stands."""
        self._roots.pop(part, None)
        self._edited.discard(part)
        self.parts[part] = content
        if content_type and self._override(part) is None:
            types = self.edit(TYPES)
            etree.SubElement(types, f"{_TYPES_NS}Override", PartName=f"/{part}", ContentType=content_type)

    def remove(self, part: str) -> None:
        """Take a part out, with its own relationships and its content type; who refers to it is the caller's affair."""
        for name in (part, rels_of(part)):
            self.parts.pop(name, None)
            self._edited.discard(name)
            self._roots.pop(name, None)
        override = self._override(part)
        if override is not None:
            self.edit(TYPES).remove(override)

    def _override(self, part: str) -> etree._Element | None:
        return next((one for one in self.read(TYPES) if name_of(one) == "Override"
                     and one.get("PartName", "").lstrip("/").casefold() == part.casefold()), None)

    def default_type(self, extension: str, content_type: str) -> None:
        """Declare what files of an extension are, unless the package does."""
        if not any(name_of(one) == "Default" and one.get("Extension", "").casefold() == extension for one in self.read(TYPES)):
            self.edit(TYPES).insert(0, etree.Element(f"{_TYPES_NS}Default", Extension=extension, ContentType=content_type))

    # ------------------------------------------------------------ relationships

    def relationships(self, part: str) -> list[etree._Element]:
        rels = rels_of(part)
        return [one for one in self.read(rels) if name_of(one) == "Relationship"] if rels in self.parts else []

    def related(self, part: str, kind: str) -> dict[str, str]:
        """Relationship id -> part, of those whose type ends in ``kind`` and whose part is there."""
        found = {one.get("Id"): self._target(part, one) for one in self.relationships(part)
                 if one.get("Type", "").rpartition("/")[2] == kind and one.get("TargetMode") != "External"}
        return {ident: target for ident, target in found.items() if target in self.parts}

    @staticmethod
    def _target(part: str, relationship: etree._Element) -> str:
        target = relationship.get("Target", "").replace("\\", "/")
        return target.lstrip("/") if target.startswith("/") else posixpath.normpath(
            posixpath.join(posixpath.dirname(part), target))

    def relate(self, part: str, ident: str, kind: str, target: str) -> str:
        """Relate ``part`` to ``target`` under ``ident``, or a free id made from it; the id."""
        rels = rels_of(part)
        if rels not in self.parts:
            self.put(rels, f'<Relationships xmlns="{_RELS_NS[1:-1]}"/>'.encode())
            self.default_type("rels", _RELS_TYPE)
        taken = {one.get("Id") for one in self.relationships(part)}
        ident = next(name for name in (ident, *(f"{ident}_{n}" for n in range(2, len(taken) + 3))) if name not in taken)
        etree.SubElement(self.edit(rels), f"{_RELS_NS}Relationship", Id=ident, Type=f"{self.office}/{kind}",
                         Target=posixpath.relpath(target, posixpath.dirname(part)))
        return ident

    def unrelate(self, part: str, ident: str) -> None:
        """Remove a relationship, and the list itself when it was the last."""
        rels = rels_of(part)
        root = self.edit(rels)
        root.remove(next(one for one in root if one.get("Id") == ident))
        if not self.relationships(part):
            self.parts.pop(rels)
            self._roots.pop(rels)
            self._edited.discard(rels)


def rels_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _like(former: ZipInfo | None, name: str) -> ZipInfo:
    """An entry with the date, the attributes and the way of storing of the former one; a new one holds no clock."""
    if former is None:
        made = ZipInfo(name)
        made.compress_type = ZIP_DEFLATED
        return made
    made = ZipInfo(former.filename, former.date_time)
    made.compress_type = ZIP_STORED if former.compress_type == ZIP_STORED else ZIP_DEFLATED
    made.external_attr, made.create_system = former.external_attr, former.create_system
    return made
