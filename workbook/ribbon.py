"""The buttons -> customUI/customUI.xml (schema of 2006, which Excel 2007 and all later ones read), put into a package."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from xml.etree import ElementTree

from tuijie_xl.buttons import BUTTONS, GROUPS, TAB, Button

PART = "customUI/customUI.xml"
NAMESPACE = "http://schemas.microsoft.com/office/2006/01/customui"
RELATIONSHIP = "http://schemas.microsoft.com/office/2006/relationships/ui/extensibility"
CALLBACK = "PressButton"
_RELATIONSHIPS = "_rels/.rels"
_DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def ribbon_xml(buttons: Sequence[Button] = BUTTONS) -> bytes:
    """The tab with its groups in the order of ``GROUPS``, each button in the order of ``buttons``."""
    root = ElementTree.Element("customUI", xmlns=NAMESPACE)
    tabs = ElementTree.SubElement(ElementTree.SubElement(root, "ribbon"), "tabs")
    tab = ElementTree.SubElement(tabs, "tab", id="tuijie", label=TAB)
    ordered = sorted(buttons, key=lambda button: GROUPS.index(button.group))
    for label, members in groupby(ordered, lambda button: button.group):
        group = ElementTree.SubElement(tab, "group", id=f"group{GROUPS.index(label) + 1}", label=label)
        for button in members:
            ElementTree.SubElement(group, "button", _attributes(button))
    ElementTree.indent(root)
    return _DECLARATION + ElementTree.tostring(root, "utf-8") + b"\n"


def _attributes(button: Button) -> dict[str, str]:
    return {"id": button.id, "label": button.label, "size": "large" if button.large else "normal",
            "imageMso": button.icon, "screentip": button.screentip, "supertip": button.supertip, "onAction": CALLBACK}


def with_ribbon(package: Mapping[str, bytes], xml: bytes) -> dict[str, bytes]:
    """The package with the ribbon as its last part, related from the package itself."""
    relation = f'<Relationship Id="rIdRibbon" Type="{RELATIONSHIP}" Target="{PART}"/>'.encode()
    relations = package[_RELATIONSHIPS].replace(b"</Relationships>", relation + b"</Relationships>")
    return {**package, _RELATIONSHIPS: relations, PART: xml}
