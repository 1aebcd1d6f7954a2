"""Marked copies: the bureau's own file with our marks and nothing else changed, again and again."""

import json
import shutil
import timeit
import zipfile
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from packages import (
    BAD,
    GOOD,
    HEADER,
    TITLE,
    changed_elements,
    check_package,
    differing,
    parts_of,
    plain_book,
    rich,
    zipped,
)
from soffice import office  # noqa: F401

from tuijie_xl import actions, cli, feedback
from tuijie_xl.book import SheetPlan, Style, a1
from tuijie_xl.files.marking import FILLS, Spot, is_marked, mark_package
from tuijie_xl.files.marking import styles as marking_styles
from tuijie_xl.files.marking.notes import SIGN
from tuijie_xl.files.reading import read_book
from tuijie_xl.files.submission import read_file
from tuijie_xl.intake.submission import FEEDBACK_MARK

STAFF = "“从事服务外包工作的员工（人）”应为数字（人），现为“约300”"
SHEET1 = "xl/worksheets/sheet1.xml"
#: The parts that marking may change in a workbook of one sheet, and those it may add.
CHANGED = {"[Content_Types].xml", "xl/_rels/workbook.xml.rels", "xl/workbook.xml", "xl/styles.xml", SHEET1}
ADDED = {"xl/worksheets/tuijie_feedback.xml"}
NOTES = {"xl/tuijie_comments1.xml", "xl/drawings/tuijie_notes1.vml", "xl/worksheets/_rels/sheet1.xml.rels"}

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported")


@pytest.fixture
def mark(edition, tmp_path):
    """mark(path) -> the marked copy that ``tuijie validate -o`` writes; read in this process, for speed."""
    def call(path, name="标.xlsx"):
        outcome = review(path, edition)
        assert not outcome.is_clean
        actions.write_marked(outcome, tmp_path / name)
        return tmp_path / name
    return call


def review(path, edition):
    return actions.review_files([read_file((str(path), edition.folder))], edition)


def listed(path) -> list[list]:
    """The rows of 反馈 below its head: number, severity, place, applicant, label, value, message, remedy, clause."""
    sheet = openpyxl.load_workbook(path).worksheets[-1]
    rows = [[cell.value for cell in row[1:]] for row in sheet.iter_rows()]
    start = next(i for i, row in enumerate(rows) if row[0] == "序号")
    return rows[start + 1:]


def list_only(landings, signed):
    """A sheet 反馈 of nothing but its mark."""
    return SheetPlan("反馈", cells=[(0, 0, FEEDBACK_MARK, Style())])


def marked(data: bytes, *spots) -> bytes:
    return mark_package(data, [Spot(sheet, *cell, "warning", words) for sheet, cell, words in spots], list_only)


def note(path, sheet, cell) -> str | None:
    found = openpyxl.load_workbook(path)[sheet][cell].comment
    return found and found.text


# ------------------------------------------------------------------ what is marked

def test_problems_stand_as_note_ground_and_line_with_link(mark, tmp_path):
    path = mark(plain_book(tmp_path / "甲.xlsx"))
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["企业", "反馈"]
    cell = book["企业"]["H4"]
    assert cell.value == "约300" and cell.fill.fgColor.rgb == f"FF{FILLS['warning']}"
    assert cell.comment.text.startswith(f"{SIGN}\n待核：{STAFF}") and cell.comment.text.endswith("〔样式0；原底色：无〕")
    line = next(row for row in listed(path) if row[4] == HEADER[7])
    assert line[1:6] == ["待核", "企业 H4", "乙科技有限公司", HEADER[7], "约300"]
    links = [cell.hyperlink.location for cell in book["反馈"]["D"] if cell.hyperlink and cell.value == "企业 H4"]
    assert links == ["'企业'!H4"]


def test_the_head_counts_and_every_applicant_has_a_verdict(mark, tmp_path):
    path = mark(plain_book(tmp_path / "甲.xlsx", GOOD, BAD, ["丙公司", "913706833104614358", "山东省", "济南市", "境内", "是", 2999.99, 320]))
    rows = [[cell.value for cell in row[1:]] for row in openpyxl.load_workbook(path)["反馈"].iter_rows()]
    assert "申报单位 3 家：符合 1，不符合 1，待补充 1" in rows[1][0] and "甲.xlsx" in rows[1][0]
    verdicts = {row[3]: (row[1], row[2]) for row in rows if row[1] in ("符合", "不符合", "待补充")}
    assert verdicts == {"甲科技有限公司": ("符合", "企业 A3"), "乙科技有限公司": ("待补充", "企业 A4"), "丙公司": ("不符合", "企业 A5")}


def test_a_file_without_problems_says_so(edition, tmp_path):
    outcome = review(plain_book(tmp_path / "甲.xlsx", GOOD), edition)
    outcome.problems.clear()
    actions.write_marked(outcome, tmp_path / "标.xlsx")
    book = openpyxl.load_workbook(tmp_path / "标.xlsx")
    assert "问题 0 条" in book["反馈"]["B2"].value and not any(cell.comment for row in book["企业"].iter_rows() for cell in row)


def test_a_problem_of_a_merged_area_stands_in_its_first_cell(mark, tmp_path):
    def merge(book, sheet):
        sheet.merge_range("H4:I5", "约300")
    path = mark(plain_book(tmp_path / "甲.xlsx", GOOD, BAD, [*BAD[:1], "91370000163043151A", *BAD[2:7], None], before=merge))
    sheet = openpyxl.load_workbook(path)["企业"]
    assert sheet["H4"].comment and not isinstance(sheet["H5"], openpyxl.cell.Cell) and str(sheet.merged_cells) == "H4:I5"


def test_a_problem_of_a_row_stands_at_the_name(mark, tmp_path):
    """What should be filled in has no column here, so there is no cell of its own."""
    path = tmp_path / "甲.xlsx"
    book = openpyxl.Workbook()
    book.active.title = "企业"
    for row in ([TITLE], ["序号", *HEADER, "申报主体"], [1, *GOOD, "总公司或母公司"]):
        book.active.append(row)
    book.save(path)
    after = mark(path)
    assert "总公司或母公司名称" in note(after, "企业", "B3") and note(after, "企业", "A3") is None
    assert "企业 第3行" in [row[2] for row in listed(after)]


@pytest.mark.parametrize("blank", [0, 3])
def test_blank_and_hidden_rows_move_nothing(mark, tmp_path, blank):
    rows = [GOOD, *[[]] * blank, BAD]
    path = mark(plain_book(tmp_path / "甲.xlsx", *rows, before=lambda book, sheet: sheet.set_row(3 + blank, None, None, {"hidden": True})))
    assert STAFF in note(path, "企业", f"H{4 + blank}")
    assert f"企业 H{4 + blank} （在隐藏的行）" in [row[2] for row in listed(path)]


def test_hidden_sheets_are_marked_and_have_no_link(mark, tmp_path):
    def hide(book, sheet):
        book.add_worksheet("说明").write("A1", "看这里")
        book.worksheets()[1].activate()
        sheet.very_hidden()
    path = mark(plain_book(tmp_path / "甲.xlsx", before=hide))
    assert STAFF in note(path, "企业", "H4")
    assert openpyxl.load_workbook(path)["企业"].sheet_state == "veryHidden"
    assert "企业 H4 （在隐藏的工作表）" in [row[2] for row in listed(path)]
    assert all(cell.hyperlink is None or "企业" not in cell.hyperlink.location for cell in openpyxl.load_workbook(path)["反馈"]["D"])


# ------------------------------------------------------------------ nothing else changes

def test_every_other_part_and_element_stays(mark, tmp_path):
    path = plain_book(tmp_path / "甲.xlsx", before=rich)
    before, after = parts_of(path), parts_of(mark(path))
    assert differing(before, after) == ({*CHANGED, "xl/comments1.xml", "xl/drawings/vmlDrawing1.vml"}, ADDED, set())
    assert changed_elements(before[SHEET1], after[SHEET1]) == {("c", "H4"): "changed", ("c", "B4"): "changed"}
    assert after["xl/drawings/vmlDrawing1.vml"].startswith(before["xl/drawings/vmlDrawing1.vml"].rstrip()[:-len("</xml>")])


def test_a_sheet_without_notes_gets_them_in_their_place(mark, tmp_path):
    def without_notes(book, sheet):
        rich(book, sheet)
        sheet.comments.clear()
        sheet.has_vml = False
    path = plain_book(tmp_path / "甲.xlsx", before=without_notes)
    after = parts_of(mark(path))
    check_package(tmp_path / "标.xlsx")
    assert changed_elements(parts_of(path)[SHEET1], after[SHEET1]) == {
        ("c", "H4"): "changed", ("c", "B4"): "changed", ("legacyDrawing", 0): "added"}


def test_only_the_ground_of_a_cell_changes(mark, tmp_path):
    path = plain_book(tmp_path / "甲.xlsx", before=rich)
    before, after = (openpyxl.load_workbook(one)["企业"]["H4"] for one in (path, mark(path)))
    for aspect in ("font", "border", "number_format", "alignment", "protection"):
        assert repr(getattr(before, aspect)) == repr(getattr(after, aspect))
    assert before.fill.fgColor.rgb == "FFFFEE00" and after.fill.fgColor.rgb == f"FF{FILLS['warning']}"


def test_a_file_of_macros_keeps_them_and_its_suffix(tuijie, tmp_path):
    source = actions.Path(feedback.__file__).parent.parent / "examples" / "江苏省服务外包推介申报汇总.xlsm"
    code, _, err = tuijie("validate", source, "-o", tmp_path / "标.xlsx")
    assert code == cli.UNUSABLE and ".xlsm" in err and not (tmp_path / "标.xlsx").exists()
    tuijie("validate", source, "-o", tmp_path / "标.xlsm")
    before, after = parts_of(source), parts_of(tmp_path / "标.xlsm")
    changed, _, removed = differing(before, after)
    assert not removed and not {name for name in changed if "vba" in name}


def test_a_signature_is_said_to_be_invalid(mark, tmp_path):
    parts = parts_of(plain_book(tmp_path / "甲.xlsx"))
    signature = (b'<Relationship Id="rIdSig" Type="http://schemas.openxmlformats.org/package/2006/relationships/'
                 b'digital-signature/origin" Target="_xmlsignatures/origin.sigs"/>')
    parts["_rels/.rels"] = parts["_rels/.rels"].replace(b"</Relationships>", signature + b"</Relationships>")
    path = zipped(tmp_path / "签.xlsx", parts | {"_xmlsignatures/origin.sigs": b"x"})
    after = mark(path)
    assert parts_of(after)["_xmlsignatures/origin.sigs"] == b"x"
    head = [row[1].value for row in openpyxl.load_workbook(after)["反馈"].iter_rows(max_row=5)]
    assert any(text and "数字签名" in text for text in head)


# ------------------------------------------------------------------ what others wrote

def test_somebody_elses_note_stays_and_ours_is_a_paragraph_of_its_own(mark, tmp_path):
    path = mark(plain_book(tmp_path / "甲.xlsx", before=rich))
    assert note(path, "企业", "H4").startswith(f"王科长的批注\n{SIGN}\n待核：{STAFF}")
    assert note(path, "企业", "A3") == "领导：已电话核实"


@pytest.mark.parametrize("text", ["<t>原话</t>", "<r><rPr><b/></rPr><t>原</t></r><r><t>话</t></r>"])
def test_ours_goes_out_of_somebody_elses_note_without_a_trace(tmp_path, text):
    parts = parts_of(plain_book(tmp_path / "甲.xlsx", before=lambda book, sheet: sheet.write_comment("H4", "原话", {"author": "王"})))
    former = parts["xl/comments1.xml"]
    start, end = former.index(b"<text>") + 6, former.index(b"</text>")
    parts["xl/comments1.xml"] = former[:start] + text.encode() + former[end:]
    data = zipped(tmp_path / "乙.xlsx", parts).read_bytes()
    once = marked(data, ("企业", (3, 7), "请改"))
    assert note(BytesIO(once), "企业", "H4") == f"原话\n{SIGN}\n待核：请改\n〔样式0；原底色：无〕"
    cleared = parts_of(BytesIO(marked(once)))
    assert etree.fromstring(cleared["xl/comments1.xml"]).findtext(".//{*}comment/{*}text//{*}t") in ("原话", "原")
    assert SIGN.encode() not in cleared["xl/comments1.xml"]
    assert cleared["xl/drawings/vmlDrawing1.vml"] == parts["xl/drawings/vmlDrawing1.vml"]


def test_what_the_bureau_wrote_into_our_note_stays_a_note(tmp_path):
    once = marked(plain_book(tmp_path / "甲.xlsx").read_bytes(), ("企业", (3, 7), "请改"))
    parts = parts_of(BytesIO(once))
    parts["xl/tuijie_comments1.xml"] = parts["xl/tuijie_comments1.xml"].replace("原底色：无〕".encode(), "原底色：无〕已改，请再看".encode())
    again = marked(zipped(tmp_path / "乙.xlsx", parts).read_bytes())
    assert note(BytesIO(again), "企业", "H4") == "已改，请再看"


def test_a_conversation_is_left_alone_and_listed(mark, tmp_path):
    parts = parts_of(plain_book(tmp_path / "甲.xlsx", before=rich))
    kind = "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"
    threads = ('<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">'
               '<threadedComment ref="H4" id="{1}"><text>在查</text></threadedComment></ThreadedComments>')
    rels = "xl/worksheets/_rels/sheet1.xml.rels"
    parts[rels] = parts[rels].replace(b"</Relationships>", (
        f'<Relationship Id="rId99" Type="{kind}" Target="../threadedComments/threadedComment1.xml"/></Relationships>').encode())
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", (
        b'<Override PartName="/xl/threadedComments/threadedComment1.xml" ContentType="application/vnd.ms-excel.threadedcomments+xml"/></Types>'))
    path = zipped(tmp_path / "乙.xlsx", parts | {"xl/threadedComments/threadedComment1.xml": threads})
    before, after = parts_of(path), parts_of(mark(path))
    assert changed_elements(before[SHEET1], after[SHEET1]) == {("c", "B4"): "changed"}
    assert "企业 H4 （此格已有批注对话，未另作标记）" in [row[2] for row in listed(tmp_path / "标.xlsx")]


def test_a_sheet_of_theirs_called_like_ours_is_never_touched(mark, tmp_path):
    path = plain_book(tmp_path / "甲.xlsx", before=lambda book, sheet: book.add_worksheet("反馈").write("A1", "局里的反馈"))
    once = mark(path, "甲_反馈.xlsx")
    assert openpyxl.load_workbook(once).sheetnames == ["企业", "反馈", "反馈(2)"]
    assert parts_of(once)["xl/worksheets/sheet2.xml"] == parts_of(path)["xl/worksheets/sheet2.xml"]
    assert mark(once, "再.xlsx").read_bytes() == once.read_bytes()


# ------------------------------------------------------------------ again and again

def by_openpyxl(path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "企业"
    for row in ([TITLE], HEADER, GOOD, BAD):
        sheet.append(row)
    sheet["H4"].fill = openpyxl.styles.PatternFill("solid", fgColor=openpyxl.styles.Color(theme=4, tint=0.5))
    sheet["A4"].comment = openpyxl.comments.Comment("看过", "李")
    book.save(path)
    return path


def by_xlsxwriter(path):
    return plain_book(path, before=rich)


def by_hand(path, *, strict=False, prefix="", absolute=False, addresses=True, styles=False):
    """A package with as little as a program can write."""
    main = "http://purl.oclc.org/ooxml/spreadsheetml/main" if strict else "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://purl.oclc.org/ooxml/officeDocument/relationships" if strict else \
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    colon, space = (f"{prefix}:", f"xmlns:{prefix}") if prefix else ("", "xmlns")

    def cell(row, column, value):
        where = f' r="{a1(row, column)}"' if addresses else ""
        if isinstance(value, str):
            return f'<{colon}c{where} t="inlineStr"><{colon}is><{colon}t>{value}</{colon}t></{colon}is></{colon}c>'
        return f"<{colon}c{where}><{colon}v>{value}</{colon}v></{colon}c>"
    rows = "".join(f'<{colon}row{f" r={chr(34)}{r + 1}{chr(34)}" if addresses else ""}>'
                   + "".join(cell(r, c, v) for c, v in enumerate(row)) + f"</{colon}row>"
                   for r, row in enumerate([[TITLE], HEADER, GOOD, BAD]))
    root = "/" if absolute else ""
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    return zipped(path, {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{types}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{types}.worksheet+xml"/></Types>',
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="a" Type="{office}/officeDocument" Target="{root}xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<{colon}workbook {space}="{main}" xmlns:r="{office}"><{colon}sheets>'
        f'<{colon}sheet name="企业" sheetId="7" r:id="b"/></{colon}sheets></{colon}workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="b" Type="{office}/worksheet" Target="{"/xl/" if absolute else ""}worksheets/sheet1.xml"/></Relationships>',
        SHEET1: f'<{colon}worksheet {space}="{main}"><{colon}sheetData>{rows}</{colon}sheetData></{colon}worksheet>'})


PRODUCERS = {
    "openpyxl": by_openpyxl, "xlsxwriter": by_xlsxwriter, "hand": by_hand,
    "strict": lambda path: by_hand(path, strict=True), "prefix": lambda path: by_hand(path, prefix="x"),
    "absolute": lambda path: by_hand(path, absolute=True), "no addresses": lambda path: by_hand(path, addresses=False)}


@pytest.mark.parametrize("producer", PRODUCERS)
def test_marking_a_marked_copy_changes_nothing(mark, tmp_path, producer):
    once = mark(PRODUCERS[producer](tmp_path / "甲.xlsx"), "甲_反馈.xlsx")
    check_package(once)
    assert STAFF in "".join(content.decode() for name, content in parts_of(once).items() if name.endswith("xml") and
                         "comments" in name)
    assert mark(once, "再.xlsx").read_bytes() == once.read_bytes()
    if producer != "strict":            # openpyxl reads no strict packages
        assert STAFF in note(once, "企业", "H4")


@pytest.mark.parametrize("producer", PRODUCERS)
def test_a_returned_copy_gives_the_same_applicants(tmp_path, mark, producer, edition):
    path = PRODUCERS[producer](tmp_path / "甲.xlsx")
    first, second = (review(one, edition) for one in (path, mark(path)))
    own = [name for name in first.batch.applicants["company"].frame if name not in ("source_file", "batch")]
    assert first.batch.applicants["company"].frame[own].equals(second.batch.applicants["company"].frame[own])
    assert first.batch.totals == second.batch.totals
    assert [sheet.name for sheet in second.batch.files[0].sheets] == ["企业"]


def test_what_was_put_right_loses_its_mark_and_gets_its_looks_back(mark, tmp_path):
    original = plain_book(tmp_path / "甲.xlsx", before=rich)
    parts = parts_of(mark(original))
    staff = parts["xl/sharedStrings.xml"].decode().replace("约300", "９９")          # now a readable number
    back = zipped(tmp_path / "改.xlsx", parts | {"xl/sharedStrings.xml": staff})
    after = mark(back, "再.xlsx")
    assert note(after, "企业", "H4") == "王科长的批注"
    assert changed_elements(parts_of(original)[SHEET1], parts_of(after)[SHEET1]) == {("c", "B4"): "changed"}


@pytest.mark.parametrize("fill", ["FFEE00", "theme", "none"])
def test_a_program_that_numbers_styles_anew_does_not_confuse_us(mark, tmp_path, fill):
    """openpyxl drops unused formats and renumbers the rest, as Excel does."""
    path = tmp_path / "甲.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "企业"
    for row in ([TITLE], HEADER, GOOD, BAD):
        sheet.append(row)
    looks = {"FFEE00": openpyxl.styles.PatternFill("solid", fgColor="FFFFEE00"), "none": openpyxl.styles.PatternFill(),
             "theme": openpyxl.styles.PatternFill("solid", fgColor=openpyxl.styles.Color(theme=4, tint=0.5))}
    for address in ("A1", "B2", "C3"):
        sheet[address].font = openpyxl.styles.Font(size=20 + ord(address[0]))
    sheet["H4"].font, sheet["H4"].fill = openpyxl.styles.Font(bold=True), looks[fill]
    book.save(path)
    saved = openpyxl.load_workbook(mark(path))
    saved["企业"]["H4"].value = 320
    saved["企业"]["A1"].style = saved["企业"]["B2"].style = "Normal"
    saved["企业"]["C3"].fill = openpyxl.styles.PatternFill("solid", fgColor="FF123456")
    saved.save(tmp_path / "改.xlsx")
    after = openpyxl.load_workbook(mark(tmp_path / "改.xlsx", "再.xlsx"))
    cell = after["企业"]["H4"]
    assert cell.comment is None and cell.font.bold
    assert (cell.fill.fill_type, cell.fill.fgColor) == (looks[fill].fill_type, looks[fill].fgColor)
    assert after.sheetnames == ["企业", "反馈"] and after["企业"]["C3"].fill.fgColor.rgb == "FF123456"


def test_a_ground_that_the_bureau_chose_since_stays(tmp_path):
    once = marked(plain_book(tmp_path / "甲.xlsx").read_bytes(), ("企业", (3, 7), "请改"))
    book = openpyxl.load_workbook(BytesIO(once))
    book["企业"]["H4"].fill = openpyxl.styles.PatternFill("solid", fgColor="FF00FF00")
    book.save(tmp_path / "绿.xlsx")
    again = openpyxl.load_workbook(BytesIO(marked((tmp_path / "绿.xlsx").read_bytes())))["企业"]["H4"]
    assert again.fill.fgColor.rgb == "FF00FF00" and again.comment is None


def test_cells_that_were_not_there_come_and_go(tmp_path):
    def spare(book, sheet):
        sheet.set_column("K:K", 9, book.add_format({"italic": True}))
        sheet.set_row(8, None, book.add_format({"bold": True}))
    data = plain_book(tmp_path / "甲.xlsx", before=spare).read_bytes()
    spots = [("企业", cell, "缺") for cell in ((3, 10), (8, 1), (20, 10), (0, 5))]
    once = marked(data, *spots)
    check_package(BytesIO(once))
    sheet = openpyxl.load_workbook(BytesIO(once))["企业"]
    assert [sheet[one].fill.fgColor.rgb for one in ("K4", "B9", "K21", "F1")] == [f"FF{FILLS['warning']}"] * 4
    assert sheet["K4"].font.italic and sheet["B9"].font.bold and sheet["K21"].font.italic
    before, after = parts_of(BytesIO(data))[SHEET1], parts_of(BytesIO(marked(once)))[SHEET1]
    assert set(changed_elements(before, after)) <= {("dimension", 0), ("row", "1"), ("row", "4")}      # their span only


@settings(max_examples=60, deadline=None)
@given(filled=st.sets(st.tuples(st.integers(0, 12), st.integers(0, 30)), max_size=25),
       spots=st.sets(st.tuples(st.integers(0, 14), st.integers(0, 32)), min_size=1, max_size=12),
       noted=st.sets(st.tuples(st.integers(0, 14), st.integers(0, 32)), max_size=5),
       merge=st.tuples(st.integers(0, 10), st.integers(0, 20), st.integers(0, 3), st.integers(1, 3)))
def test_marks_come_and_go_without_a_trace_anywhere(filled, spots, noted, merge):
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet, blue = book.add_worksheet("表"), book.add_format({"bg_color": "#0000FF", "italic": True})
    for row, column in filled:
        sheet.write(row, column, f"{row},{column}", blue if (row + column) % 2 else None)
    top, left, down, right = merge
    for row, column in noted:
        if not (top <= row <= top + down and left <= column <= left + right):
            sheet.write_comment(row, column, "原有")
    sheet.merge_range(top, left, top + down, left + right, "并", blue)
    book.close()
    data = buffer.getvalue()
    once = marked(data, *[("表", cell, f"在{a1(*cell)}") for cell in spots])
    check_package(BytesIO(once))
    read = openpyxl.load_workbook(BytesIO(once))["表"]
    for row, column in spots:
        at = (top, left) if top <= row <= top + down and left <= column <= left + right else (row, column)
        assert f"在{a1(row, column)}" in read[a1(*at)].comment.text
        assert read[a1(*at)].fill.fgColor.rgb == f"FF{FILLS['warning']}"
    assert marked(once, *[("表", cell, f"在{a1(*cell)}") for cell in spots]) == once
    cleared, original = parts_of(BytesIO(marked(once))), parts_of(BytesIO(data))
    changes = changed_elements(original[SHEET1], cleared[SHEET1])
    assert all(kind in ("row", "dimension") and what == "changed" for (kind, _), what in changes.items()), changes
    assert {name for name in cleared if "tuijie_" in name} - ADDED == set()


def test_a_gradient_comes_back(tmp_path):
    parts = parts_of(plain_book(tmp_path / "甲.xlsx", before=lambda book, sheet: sheet.write("H4", "约300", book.add_format({"bg_color": "#ABCDEF"}))))
    start, end = (parts["xl/styles.xml"].index(tag) for tag in (b'<patternFill patternType="solid">', b"</fill></fills>"))
    gradient = b'<gradientFill degree="90"><stop position="0"><color rgb="FFFFFFFF"/></stop><stop position="1"><color rgb="FF0000FF"/></stop></gradientFill>'
    parts["xl/styles.xml"] = parts["xl/styles.xml"][:start] + gradient + parts["xl/styles.xml"][end:]
    data = zipped(tmp_path / "乙.xlsx", parts).read_bytes()
    once = marked(data, ("企业", (3, 7), "请改"))
    assert "原底色：其它〕" in note(BytesIO(once), "企业", "H4")
    assert not changed_elements(parts[SHEET1], parts_of(BytesIO(marked(once)))[SHEET1])


def test_marks_of_the_ribbon_are_ours_too(tmp_path):
    """Notes as the button 校验 writes them in the officers' workbook: the former ground, no style id."""
    path = tmp_path / "甲.xlsx"
    book = openpyxl.Workbook()
    book.active.title = "企业"
    for row in ([TITLE], HEADER, GOOD, BAD):
        book.active.append(row)
    for address, ground in (("H4", "FFEE00"), ("A4", "无")):
        book.active[address].comment = openpyxl.comments.Comment(f"{SIGN}\n错误：旧的\n〔原底色：{ground}〕", "局")
        book.active[address].fill = openpyxl.styles.PatternFill("solid", fgColor=f"FF{FILLS['error']}")
    book.save(path)
    sheet = openpyxl.load_workbook(BytesIO(marked(path.read_bytes())))["企业"]
    assert sheet["H4"].fill.fgColor.rgb == "FFFFEE00" and sheet["A4"].fill.fill_type is None
    assert SIGN not in "".join(str(sheet[one].comment and sheet[one].comment.text) for one in ("H4", "A4"))


def test_the_list_moved_and_hidden_by_the_bureau_is_found_and_shown(tmp_path):
    book = openpyxl.load_workbook(BytesIO(marked(plain_book(tmp_path / "甲.xlsx").read_bytes())))
    book.move_sheet("反馈", -1)
    book["反馈"].sheet_state = "hidden"
    book["反馈"].print_title_rows = "1:2"
    book.save(tmp_path / "移.xlsx")                                   # its texts are now in the shared strings
    again = openpyxl.load_workbook(BytesIO(marked((tmp_path / "移.xlsx").read_bytes())))
    assert again.sheetnames == ["反馈", "企业"] and again["反馈"].sheet_state == "visible"


def test_charts_as_sheets_are_passed_over(tmp_path):
    def add_chart(book, sheet):
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=企业!$G$3:$G$4"})
        book.add_chartsheet("图").set_chart(chart)
    data = plain_book(tmp_path / "甲.xlsx", before=add_chart).read_bytes()
    once = marked(data, ("企业", (3, 7), "请改"), ("图", (0, 0), "没有格子"), ("没有的表", (0, 0), "无处可标"))
    check_package(BytesIO(once))
    assert openpyxl.load_workbook(BytesIO(once)).sheetnames == ["企业", "图", "反馈"]


def test_a_drawing_that_cannot_be_read_keeps_the_sheet_as_it_is(tmp_path):
    parts = parts_of(plain_book(tmp_path / "甲.xlsx", before=lambda book, sheet: sheet.write_comment("A3", "原")))
    parts["xl/drawings/vmlDrawing1.vml"] = parts["xl/drawings/vmlDrawing1.vml"].decode().encode("utf-16")
    data = zipped(tmp_path / "乙.xlsx", parts).read_bytes()
    assert not changed_elements(parts[SHEET1], parts_of(BytesIO(marked(data, ("企业", (3, 7), "请改"))))[SHEET1])


def test_too_many_marks_and_too_long_words(tmp_path, monkeypatch):
    monkeypatch.setattr("tuijie_xl.files.marking.MOST_MARKS", 2)
    seen_at = []

    def plan(landings, signed):
        seen_at.extend(landings)
        return list_only(landings, signed)
    data = mark_package(plain_book(tmp_path / "甲.xlsx").read_bytes(), [
        Spot("企业", row, 0, "error", f"{'长' * 2_000}〔假〕") for row in (2, 3, 4)], plan)
    sheet = openpyxl.load_workbook(BytesIO(data))["企业"]
    assert [bool(sheet[one].comment) for one in ("A3", "A4", "A5")] == [True, True, False]
    assert len(sheet["A3"].comment.text) < 1_600 and "其余见“反馈”表" in sheet["A3"].comment.text
    assert [one.remark for one in seen_at] == ["", "", "标记过多，此格未标"]


def test_a_workbook_full_of_formats_keeps_its_grounds(tmp_path, monkeypatch):
    monkeypatch.setattr(marking_styles, "MOST_STYLES", 1)
    once = marked(plain_book(tmp_path / "甲.xlsx").read_bytes(), ("企业", (3, 7), "请改"))
    cell = openpyxl.load_workbook(BytesIO(once))["企业"]["H4"]
    assert "请改" in cell.comment.text and cell.fill.fill_type is None


# ------------------------------------------------------------------ other formats

def test_what_is_no_xlsx_comes_converted_and_says_so(mark, tmp_path):
    path = tmp_path / "甲.csv"
    path.write_text("\n".join(",".join(map(str, row)) for row in ([TITLE], HEADER, GOOD, [*BAD[:1], "012345678901234567", *BAD[2:]])), "utf-8-sig")
    once = mark(path)
    book = openpyxl.load_workbook(once)
    assert STAFF in book.worksheets[0]["H4"].comment.text and book.worksheets[0]["B4"].value == "012345678901234567"
    assert "由原文件“甲.csv”转换成的副本" in "".join(str(row[1].value) for row in book.worksheets[-1].iter_rows(max_row=6))
    assert mark(once, "再.xlsx").read_bytes() == once.read_bytes()


def test_a_converted_copy_holds_what_was_read(tmp_path):
    import xlwt

    book = xlwt.Workbook()
    sheet = book.add_sheet("企业")
    sheet.write_merge(0, 0, 0, 3, "标题")
    sheet.write(1, 0, date(2018, 7, 3), xlwt.easyxf(num_format_str="yyyy-mm-dd"))
    sheet.write(1, 1, 2.5)
    sheet.write(1, 2, True)
    sheet.row(2).hidden = True
    sheet.write(2, 0, "00123")
    sheet.col(4).hidden = True
    sheet.write(2, 4, "密")
    book.save(str(tmp_path / "甲.xls"))
    former = read_book(tmp_path / "甲.xls")
    data, names = feedback.convert(former)
    (tmp_path / "甲.xlsx").write_bytes(data)
    again = read_book(tmp_path / "甲.xlsx").grids[0]
    assert names == {"企业": "企业"} and replace(again, name="企业") == former.grids[0]


def test_what_an_xlsx_cannot_hold_is_made_to_fit():
    from tuijie_xl.book import BookText, Grid, Unread

    rows = [["并", "盖", None], [Unread("#N/A"), Unread("=A1*2"), "长" * 40_000], [datetime(2018, 7, 3, 12, 30), None, None]]
    data, _ = feedback.convert(BookText("甲.ods", "ods", "", [Grid("表", rows, merges=[(0, 0, 0, 1), (0, 1, 1, 1), (5, 0, 6, 0)])]))
    sheet = openpyxl.load_workbook(BytesIO(data), data_only=True)["表"]
    assert str(sheet.merged_cells) == "A1:B1" and (sheet["A2"].value, sheet["B2"].value) == ("#N/A", "=A1*2")
    assert sheet["C2"].value.endswith("……（文字过长，全文见原文件）") and sheet["A3"].value == datetime(2018, 7, 3, 12, 30)


@pytest.mark.parametrize("name, legal", [("a/b", "a_b"), ("", "Sheet"), ("长" * 40, "长" * 27), ("'引'", "引")])
def test_names_that_excel_refuses_are_made_legal(tmp_path, name, legal):
    from tuijie_xl.book import BookText, Grid

    data, names = feedback.convert(BookText("甲.ods", "ods", "", [Grid(name, [["一", None]], hidden=True), Grid(legal, [["二"]])]))
    assert list(names.values()) == ([legal, f"{legal}(2)"] if name != legal else [legal])
    assert openpyxl.load_workbook(BytesIO(data)).sheetnames[0] == legal


# ------------------------------------------------------------------ commands

def test_several_files_go_into_a_folder(tuijie, tmp_path):
    for folder in ("一", "二"):
        (tmp_path / folder).mkdir()
        plain_book(tmp_path / folder / "甲.xlsx", [f"{folder}科技有限公司", *BAD[1:]])
    paths = tmp_path / "一", tmp_path / "二"
    code, _, err = tuijie("validate", *paths, "-o", tmp_path / "标.xlsx")
    assert code == cli.UNUSABLE and "文件夹" in err and not (tmp_path / "标.xlsx").exists()
    assert tuijie("validate", *paths, "-o", tmp_path / "标")[0] == cli.PROBLEMS
    assert sorted(path.name for path in (tmp_path / "标").iterdir()) == ["甲_反馈(2).xlsx", "甲_反馈.xlsx"]


def test_import_gives_feedback_where_something_is_wrong(tuijie, tmp_path):
    plain_book(tmp_path / "乙.xlsx")
    (tmp_path / "丙.pdf").write_bytes(b"%PDF-1.4")
    code, out, _ = tuijie("import", tmp_path / "乙.xlsx", tmp_path / "丙.pdf", "-o", tmp_path / "总表.xlsx", "--feedback", tmp_path / "发回")
    assert code == cli.PROBLEMS and "没有标注副本的文件 1 个（不能打开或写法特殊）：丙.pdf" in out
    assert [path.name for path in (tmp_path / "发回").iterdir()] == ["乙_反馈.xlsx"]


def test_a_file_written_too_oddly_to_mark_stops_nothing(tuijie, tmp_path):
    """Reading passes notes over, so the file is imported though they are torn."""
    parts = parts_of(plain_book(tmp_path / "甲.xlsx", before=rich))
    path, out = zipped(tmp_path / "甲.xlsx", parts | {"xl/comments1.xml": "<comments"}), tmp_path / "果"
    code, said, _ = tuijie("run", path, "-o", out)
    assert code == cli.PROBLEMS and "没有标注副本的文件 1 个（不能打开或写法特殊）：甲.xlsx" in said and (out / "推介总表_2018.xlsx").exists()
    code, _, err = tuijie("validate", path, "-o", tmp_path / "标.xlsx")
    assert code == cli.UNUSABLE and "不能加标记" in err


def test_a_place_that_cannot_be_written_is_said(tuijie, tmp_path):
    (tmp_path / "发回").write_text("一个文件")
    code, _, err = tuijie("import", plain_book(tmp_path / "甲.xlsx"), "-o", tmp_path / "总表.xlsx", "--feedback", tmp_path / "发回")
    assert code == cli.UNUSABLE and "没有写入" in err


def test_a_folder_is_not_marked_into_itself(tuijie, tmp_path):
    (tmp_path / "报").mkdir()
    plain_book(tmp_path / "报" / "甲.xlsx")
    code, _, err = tuijie("validate", tmp_path / "报", "-o", tmp_path / "报")
    assert code == cli.UNUSABLE and "不能覆盖" in err


def test_run_writes_feedback_and_takes_away_what_is_put_right(tuijie, tmp_path):
    path, out = plain_book(tmp_path / "甲.xlsx"), tmp_path / "果"
    tuijie("run", path, "-o", out)
    assert is_marked(out / "反馈/甲_反馈.xlsx")
    other = tmp_path / "乙.xlsx"
    shutil.move(path, other)
    tuijie("run", other, "-o", out, "--new")
    names = sorted(one.relative_to(out / "反馈").as_posix().split("_2")[0] for one in (out / "反馈").rglob("*.xlsx"))
    assert names == ["上一版/甲_反馈", "乙_反馈.xlsx"]


def test_a_file_that_is_put_right_loses_its_copy_and_others_keep_theirs(tmp_path, edition):
    outcome = review(plain_book(tmp_path / "甲.xlsx"), edition)
    for name in ("甲", "乙"):
        actions.write_marked(outcome, tmp_path / f"反馈/{name}_反馈.xlsx")
    outcome.problems, outcome.written = [], []
    feedback.write_folder(outcome, tmp_path / "反馈")
    assert sorted(one.name for one in (tmp_path / "反馈").glob("*.xlsx")) == ["乙_反馈.xlsx"] and outcome.written == []


def test_a_copy_is_written_over_ours_alone(tuijie, tmp_path):
    path, target = plain_book(tmp_path / "甲.xlsx"), tmp_path / "标.xlsx"
    plain_book(target)
    before = target.read_bytes()
    assert tuijie("validate", path, "-o", target)[0] == cli.UNUSABLE and target.read_bytes() == before
    target.unlink()
    tuijie("validate", path, "-o", target)
    book = openpyxl.load_workbook(target)                             # an officer adds a word and saves
    book["企业"]["J9"] = "已电话通知"
    book.save(target)
    assert tuijie("validate", path, "-o", target)[0] == cli.PROBLEMS
    assert len(list((tmp_path / "上一版").iterdir())) == 1


def test_json_and_a_marked_copy_go_together(tuijie, tmp_path):
    _, out, _ = tuijie("validate", plain_book(tmp_path / "甲.xlsx"), "--json", "-o", tmp_path / "标.xlsx")
    assert json.loads(out)["applicants"] and is_marked(tmp_path / "标.xlsx")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"text"])
def test_what_is_no_package_is_not_ours(tmp_path, content):
    (tmp_path / "甲.xlsx").write_bytes(content)
    assert not is_marked(tmp_path / "甲.xlsx")


# ------------------------------------------------------------------ LibreOffice, and large files

def seen(path) -> dict:
    """What LibreOffice made of a workbook: notes, grounds and links by cell, and how many of everything else."""
    book = openpyxl.load_workbook(path)
    sheet, parts = book["企业"], parts_of(path)
    return {"notes": {cell.coordinate: cell.comment.text for row in sheet.iter_rows() for cell in row if cell.comment},
            "ground": sheet["H4"].fill.fgColor.rgb, "validations": len(sheet.data_validations.dataValidation),
            "conditions": len(sheet.conditional_formatting), "merges": str(sheet.merged_cells), "hidden": sheet.row_dimensions[11].hidden,
            "drawings": sorted(name for name in parts if "/charts/chart" in name or "/media/" in name),
            "widths": {key: one.width for key, one in sheet.column_dimensions.items()}}


@pytest.mark.slow
def test_libreoffice_sees_marks_on_their_cells_and_all_else_as_before(mark, tmp_path, office):  # noqa: F811
    path = plain_book(tmp_path / "甲.xlsx", before=rich)
    before, after = (seen(office.recalculate(one)) for one in (path, mark(path)))
    assert set(after["notes"]) == {"B4", "A3", "H4"} and STAFF in after["notes"]["H4"]
    assert after["notes"]["H4"].startswith(before["notes"]["H4"]) and after["notes"]["A3"] == before["notes"]["A3"]
    assert (before["ground"], after["ground"]) == ("FFFFEE00", f"FF{FILLS['warning']}")
    for what in ("validations", "conditions", "merges", "hidden", "drawings", "widths"):
        assert before[what] == after[what] and before[what], what
    sheet = openpyxl.load_workbook(office.recalculate(tmp_path / "标.xlsx"))["反馈"]
    assert any(cell.value == "企业 H4" and cell.hyperlink for cell in sheet["D"])


@pytest.mark.slow
def test_a_copy_saved_by_libreoffice_is_marked_anew_and_cleared(mark, tmp_path, office):  # noqa: F811
    path = plain_book(tmp_path / "甲.xlsx", before=rich)
    saved = office.recalculate(mark(path))
    again = mark(saved, "再.xlsx")
    check_package(again)
    assert openpyxl.load_workbook(again).sheetnames == ["企业", "反馈"]
    assert note(again, "企业", "H4").count(SIGN) == 1
    (tmp_path / "清.xlsx").write_bytes(marked(again.read_bytes()))
    cleared = openpyxl.load_workbook(tmp_path / "清.xlsx")["企业"]
    assert cleared["H4"].comment.text.strip() == "王科长的批注" and cleared["B4"].comment is None
    assert cleared["H4"].fill.fgColor.rgb == "FFFFEE00" and cleared["B4"].fill.fill_type is None


@pytest.mark.slow
def test_a_file_made_by_libreoffice(mark, tmp_path, office):  # noqa: F811
    made = shutil.copy(office.recalculate(plain_book(tmp_path / "甲.xlsx", before=rich)), tmp_path / "乙.xlsx")
    once = mark(made, "乙_反馈.xlsx")
    check_package(once)
    before, after = parts_of(made), parts_of(once)
    assert set(changed_elements(before[SHEET1], after[SHEET1])) == {("c", "H4"), ("c", "B4")}
    assert mark(once, "再.xlsx").read_bytes() == once.read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("producer", ["strict", "prefix", "no addresses"])
def test_libreoffice_reads_what_was_marked_in_odd_packages(mark, tmp_path, office, producer):  # noqa: F811
    opened = office.recalculate(mark(PRODUCERS[producer](tmp_path / "甲.xlsx")))
    cell = openpyxl.load_workbook(opened)["企业"]["H4"]
    assert STAFF in cell.comment.text and cell.fill.fgColor.rgb == f"FF{FILLS['warning']}" and cell.value == "约300"


@pytest.mark.slow
def test_fifty_thousand_cells_take_a_few_plain_copies_time(tmp_path):
    path = plain_book(tmp_path / "大.xlsx", *([f"公司{i}", *GOOD[1:], *range(42)] for i in range(1_000)))
    data = path.read_bytes()
    spots = [("企业", (row, 7), "请核对人数") for row in range(2, 1_002, 2)]

    def plain_copy():
        with zipfile.ZipFile(path) as source, zipfile.ZipFile(tmp_path / "copy.zip", "w", zipfile.ZIP_DEFLATED) as target:
            for name in source.namelist():
                target.writestr(name, source.read(name))
    copying, marking = (min(timeit.repeat(work, number=1, repeat=3)) for work in (plain_copy, lambda: marked(data, *spots)))
    print(f"marking {marking:.2f} s, plain copy {copying:.2f} s, ratio {marking / copying:.1f}")
    assert marking < 12 * copying
