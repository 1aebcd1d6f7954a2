"""The ribbon and the buttons of the officers' workbook: well formed, complete, and each reaching what it names."""

import re
import zipfile
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest
import xmlschema
from officer_book import officer_book, ribbon, vba  # noqa: F401

from tuijie_xl.buttons import BUTTONS, GROUPS, TAB
from tuijie_xl.layout.officer import DESK

SCHEMA = xmlschema.XMLSchema11(str(Path(__file__).parent / "data" / "customUI_2006_subset.xsd"))
UI = f"{{{ribbon.NAMESPACE}}}"
IDS = ["import", "services", "validate", "next_problem", "measures", "clear_marks", "undo", "sheets", "sheets_selected",
       "pdf", "stats", "materials", "doctor", "help"]


def parts(path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


# ------------------------------------------------------------------ the buttons as data

def test_every_button_is_there_once():
    assert [button.id for button in BUTTONS] == IDS
    assert {button.group for button in BUTTONS} == set(GROUPS)


@pytest.mark.parametrize("button", BUTTONS, ids=lambda b: b.id)
def test_a_button_says_what_it_is_in_chinese(button):
    assert re.fullmatch("[a-z][a-z_]*", button.id)
    assert re.fullmatch("[A-Z][A-Za-z0-9]*", button.icon)
    for text in (button.label, button.screentip, button.supertip):
        assert re.search("[\u4e00-\u9fff]", text) and text == text.strip()
    assert len(button.label) <= 8 and len(button.screentip) <= 60 and 20 <= len(button.supertip) <= 1024
    assert button.supertip.endswith("。") and not button.screentip.endswith("。")


# ------------------------------------------------------------------ the XML

def test_the_ribbon_keeps_the_rules_of_microsofts_schema():
    SCHEMA.validate(ribbon.ribbon_xml().decode())


@pytest.mark.parametrize("broken", [
    lambda xml: xml.replace('size="large"', 'size="huge"', 1),
    lambda xml: xml.replace('id="undo"', 'id="validate"', 1),
    lambda xml: xml.replace('id="undo"', 'id="1undo"', 1),
    lambda xml: xml.replace('label="校验"', 'label=""'),
    lambda xml: xml.replace("imageMso", "imagemso", 1),
    lambda xml: xml.replace("2006/01/customui", "2009/07/customui"),
    lambda xml: xml.replace("</ribbon>", "<tab id='x'/></ribbon>"),
    lambda xml: re.sub('supertip="', 'supertip="' + "长" * 1024, xml, count=1),
    lambda xml: re.sub('screentip="', 'screentip="' + "长" * 1024, xml, count=1),
    lambda xml: xml.replace('<button id="undo"', '<button', 1),
    lambda xml: xml.replace('<button id="undo"', '<button id="undo" idMso="Undo"', 1),
    lambda xml: xml.replace('<group id="group1"', '<group id="group1" idMso="GroupFont"', 1),
    lambda xml: xml.replace('<tab id="tuijie"', "<tab", 1),
    lambda xml: xml.replace("imageMso=", 'image="a.png" imageMso=', 1),
    lambda xml: xml.replace('<tab id="tuijie"', '<tab id="tuijie" insertAfterMso="TabHome" insertBeforeMso="TabData"', 1),
    lambda xml: xml.replace('label="校验"', 'label="校验" getLabel="Label"', 1),
    lambda xml: xml.replace('onAction="PressButton"', 'onAction=""', 1),
    lambda xml: xml.replace('onAction="PressButton"', 'keytip="ABCD"', 1),
    lambda xml: xml.replace("</group>", "<group id='inner'/></group>", 1),
    lambda xml: xml.replace("</tab>", "<button id='loose'/></tab>", 1),
    lambda xml: xml.replace("</group>", "<dialogBoxLauncher><button id='d' size='large'/></dialogBoxLauncher></group>", 1),
    lambda xml: xml.replace("</tabs>", "</tabs><tabs/>", 1),
    lambda xml: re.sub("<tab .*</tab>", "", xml, flags=re.DOTALL),
], ids=["size", "same-id", "id-of-digits", "no-label", "attribute", "namespace", "place", "too-long", "long-screentip", "no-id",
        "two-ids", "two-ids-of-a-group", "no-id-of-a-tab", "two-pictures", "two-positions", "label-and-callback", "no-callback",
        "keytip", "group-in-group", "button-in-tab", "large-launcher", "tabs-twice", "no-tab"])
def test_the_schema_can_refuse(broken):
    with pytest.raises((xmlschema.XMLSchemaException, ElementTree.ParseError)):
        SCHEMA.validate(broken(ribbon.ribbon_xml().decode()))


def test_the_schema_is_no_stricter_than_microsofts():
    SCHEMA.validate(ribbon.ribbon_xml().decode().replace('<tab id="tuijie"', '<tab id="tuijie" insertAfterMso="TabHome"', 1).replace(
        "</group>", "<separator id='line'/><dialogBoxLauncher><button idMso='FontDialog'/></dialogBoxLauncher></group>", 1))


def test_the_tab_holds_the_groups_in_their_order_and_every_button():
    root = ElementTree.fromstring(ribbon.ribbon_xml())
    tabs = root.findall(f"{UI}ribbon/{UI}tabs/{UI}tab")
    assert [tab.get("label") for tab in tabs] == [TAB]
    groups = tabs[0].findall(f"{UI}group")
    assert [group.get("label") for group in groups] == list(GROUPS)
    for group in groups:
        shown = [tuple(map(b.get, ("id", "label", "imageMso", "screentip", "supertip", "size")))
                 for b in group.findall(f"{UI}button")]
        assert shown == [(b.id, b.label, b.icon, b.screentip, b.supertip, "large" if b.large else "normal")
                         for b in BUTTONS if b.group == group.get("label")]


def test_special_characters_survive():
    odd = replace(BUTTONS[0], supertip='甲<乙 & "丙"\n丁。')
    shown = ElementTree.fromstring(ribbon.ribbon_xml([odd])).find(f".//{UI}button")
    assert shown.get("supertip") == odd.supertip


def test_every_callback_exists_in_vba_with_the_ribbons_signature():
    source = "".join(vba.read_macros().values())
    called = set(re.findall(r'(?:on[A-Z]|get[A-Z])\w*="(\w+)"', ribbon.ribbon_xml().decode()))
    assert called == {ribbon.CALLBACK}
    assert re.search(rf"^Public Sub {ribbon.CALLBACK}\(control As IRibbonControl\)\r$", source, re.MULTILINE)


# ------------------------------------------------------------------ in the package

def test_the_package_relates_the_ribbon_and_says_what_it_is(officer_book):  # noqa: F811
    package = parts(officer_book)
    assert package[ribbon.PART] == ribbon.ribbon_xml()
    assert list(package)[-1] == ribbon.PART
    relations = [r.attrib for r in ElementTree.fromstring(package["_rels/.rels"])]
    assert [(r["Type"], r["Target"]) for r in relations if "extensibility" in r["Type"]] == [
        ("http://schemas.microsoft.com/office/2006/relationships/ui/extensibility", "customUI/customUI.xml")]
    assert len({r["Id"] for r in relations}) == len(relations)
    types = package["[Content_Types].xml"].decode()
    assert '<Default Extension="xml" ContentType="application/xml"/>' in types      # the ribbon's
    assert 'PartName="/xl/workbook.xml" ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"' in types
    assert '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>' in types
    project = [r.attrib for r in ElementTree.fromstring(package["xl/_rels/workbook.xml.rels"])
               if r.get("Type").endswith("/vbaProject")]
    assert [p["Target"] for p in project] == ["vbaProject.bin"]


def test_openpyxl_keeps_the_ribbon_and_the_macros(officer_book, tmp_path):  # noqa: F811
    """Someone else's tool may open and save the book: the 2006 part is the one that survives."""
    saved = tmp_path / "saved.xlsm"
    book = openpyxl.load_workbook(officer_book, keep_vba=True)
    book.save(saved)
    assert parts(saved)[ribbon.PART] == parts(officer_book)[ribbon.PART]
    assert parts(saved)[vba.PROJECT] == parts(officer_book)[vba.PROJECT]
    assert b"ui/extensibility" in parts(saved)["_rels/.rels"]


def test_the_desk_has_every_button_with_its_id_in_the_first_cell(officer_book):  # noqa: F811
    package = parts(officer_book)
    drawing = ElementTree.fromstring(package["xl/drawings/vmlDrawing1.vml"])
    excel, office = "{urn:schemas-microsoft-com:office:excel}", "{urn:schemas-microsoft-com:vml}"
    page = openpyxl.load_workbook(officer_book)[DESK]
    found = {}
    for shape in drawing.iter(f"{office}shape"):
        data = shape.find(f"{excel}ClientData")
        assert data.get("ObjectType") == "Button" and data.findtext(f"{excel}FmlaMacro") == "[0]!PressSheetButton"
        top = int(data.findtext(f"{excel}Anchor").split(",")[2]) + 1
        found[page.cell(top, 1).value] = "".join(shape.itertext())
    assert list(found) == [b.id for b in sorted(BUTTONS, key=lambda b: GROUPS.index(b.group))]
    assert all(b.label in found[b.id] for b in BUTTONS)
    assert page.column_dimensions["A"].hidden and page.protection.sheet
    told = {page.cell(row, 3).value: (page.cell(row, 4).value, page.cell(row, 5).value) for row in range(1, page.max_row + 1)}
    assert all(told[b.label] == (b.screentip, b.supertip) for b in BUTTONS)
