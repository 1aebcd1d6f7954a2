"""PDF from the package's own typesetter: every value whole, ticks, pages, bookmarks; the same as what Excel prints."""

import random
import re
import subprocess
from dataclasses import replace

import pytest
from printed import LONG, assert_no_overlap, extreme, pages_of, printed_fields, squeezed, to_pdf, words_of
from pypdf import PdfReader

from tuijie_xl import actions
from tuijie_xl.book import Link, Print, SheetPlan, Style
from tuijie_xl.files import pdf
from tuijie_xl.files.saving import save_pdf
from tuijie_xl.layout import forms
from tuijie_xl.layout.form_slots import NOT_GIVEN, value_text
from tuijie_xl.layout.printing import print_pages
from tuijie_xl.problem import UnusableFile

KINDS = ("company", "park", "trainer")
PLAIN = Style(font="宋体", size=10, wrap=True)


def listing(rows, **setup):
    """A sheet of one column of texts, 100 points high each, under a heading that is repeated."""
    sheet = SheetPlan("名单", widths={0: 40}, heights=dict.fromkeys(range(rows + 1), 100),
                      print=Print(repeat_rows=(0, 0), **setup))
    for row in range(rows + 1):
        sheet.put(row, 0, f"第{row}家" if row else "名称", PLAIN)
    return sheet


# ------------------------------------------------------------------ pages

@pytest.mark.parametrize("rows, landscape, pages", [
    (1, False, [["名称", "第1家"]]),
    (6, False, [["名称", *(f"第{n}家" for n in range(1, 7))]]),                        # 7 x 100 points: they just fit
    (7, False, [["名称", *(f"第{n}家" for n in range(1, 7))], ["名称", "第7家"]]),
    (5, True, [["名称", "第1家", "第2家", "第3家", "第4家"], ["名称", "第5家"]]),
])
def test_rows_go_on_to_the_next_page_under_the_repeated_heading(rows, landscape, pages):
    found = print_pages(listing(rows, landscape=landscape))
    assert [[box.runs[0][0] for box in page.boxes] for page in found] == pages


def test_a_sheet_that_must_fit_one_page_is_made_smaller():
    (page,) = print_pages(listing(20, fit=(1, 1)))
    assert page.scale * 21 * 100 <= 842 - 72 * 1.2 + 1


def test_header_and_footer_say_which_page_of_the_sheet_it_is():
    running = [line.text for page in print_pages(listing(7, header="&L&9 甲 && 乙&R右")) for line in page.running]
    assert running == ["甲 & 乙", "右", "第 1 页，共 2 页", "甲 & 乙", "右", "第 2 页，共 2 页"]


def test_a_sheet_wider_than_its_paper_cannot_be_printed():
    with pytest.raises(ValueError, match="名单"):
        print_pages(listing(1, fit=(0, 0)))


def test_an_area_over_a_break_is_shown_on_both_pages():
    sheet = SheetPlan("表", widths={0: 40}, heights={row: 300 for row in range(4)})
    sheet.merge((0, 0, 3, 0), "跨页", PLAIN)
    first, second = print_pages(sheet)
    assert (first.boxes[0].y, second.boxes[0].y) == (0, -600)


# ------------------------------------------------------------------ files

def test_the_same_sheets_give_the_same_bytes(edition, tmp_path):
    sheets = forms.plan_applicant_book(edition, "册", [extreme(edition, "company", 1, 60)]).sheets
    first, second = (save_pdf(sheets, tmp_path / name, "册").read_bytes() for name in ("a.pdf", "b.pdf"))
    assert first == second


def test_a_pdf_of_somebody_else_is_never_overwritten(tmp_path):
    (tmp_path / "x.pdf").write_bytes(b"%PDF-1.4 theirs")
    with pytest.raises(UnusableFile, match="不是本工具生成的"):
        save_pdf([listing(1)], tmp_path / "x.pdf", "册")
    assert (tmp_path / "x.pdf").read_bytes() == b"%PDF-1.4 theirs"


def test_a_machine_without_chinese_fonts_is_told_so(tmp_path, monkeypatch):
    class NoFonts:
        def families(self):
            return ["DejaVu Sans"]
    monkeypatch.setattr(pdf, "_installed", NoFonts)
    with pytest.raises(UnusableFile, match="没有中文字体"):
        save_pdf([listing(1)], tmp_path / "x.pdf", "册")
    assert list(tmp_path.iterdir()) == []


def test_a_link_leads_to_the_page_of_its_sheet(tmp_path):
    index = SheetPlan("目录", widths={0: 40})
    index.put(0, 0, Link("'名单'!A1", "看名单"), PLAIN)
    index.put(1, 0, Link("'没有的表'!A1", "无处可去"), PLAIN)
    reader = PdfReader(save_pdf([index, listing(1)], tmp_path / "x.pdf", "册"))
    (only,) = [note.get_object() for note in reader.pages[0]["/Annots"]]
    place = reader.named_destinations[only["/Dest"]]
    assert reader.get_destination_page_number(place) == 1


def test_text_of_any_kind_is_printed_as_it_is(tmp_path):
    odd = ["#let x = 1", "$a$ *b* _c_ @d <e> \\n //", "&P&N", "=1+1", "𠮷㎡①", "两  格", '"引号"', "上\n下"]
    sheet = SheetPlan("表", widths={0: 80}, print=Print(header="", footer=""))
    for row, text in enumerate(odd):
        sheet.heights[row] = 40
        sheet.put(row, 0, text, PLAIN)
    (page,) = pages_of(save_pdf([sheet], tmp_path / "x.pdf", "册"))
    assert page.split("\n")[0] == squeezed("".join(odd))


def test_a_text_too_long_for_its_cell_is_set_smaller_and_stays_in_it(tmp_path):
    sheet = SheetPlan("表", widths={0: 20}, heights={0: 60, 1: 60})
    sheet.put(0, 0, LONG * 2, replace(PLAIN, size=16))
    sheet.put(1, 0, "下一格", PLAIN)
    made = save_pdf([sheet], tmp_path / "x.pdf", "册")
    assert squeezed(LONG * 2) in pages_of(made)[0]
    ((size, boxes),) = words_of(made)
    assert_no_overlap(size, boxes)


# ------------------------------------------------------------------ the command

def test_one_book_a_region_and_one_file_an_applicant(edition, applicants, tmp_path, tuijie):
    source, out = tmp_path / "表.csv", tmp_path / "出"
    names = [f.label for f in edition.fields("company").values() if f.id in ("name", "province")]
    source.write_text("\n".join([",".join(names), "甲公司,山东省", "乙公司,山东省", "丙公司,北京市"]), "utf-8-sig")
    tuijie("sheets", source, "-o", out, "--pdf")
    made = sorted(str(path.relative_to(out)) for path in out.rglob("*.pdf"))
    assert made == ["北京市.pdf", "北京市/001 丙公司.pdf", "山东省.pdf", "山东省/001 甲公司.pdf", "山东省/002 乙公司.pdf"]
    book = PdfReader(out / "山东省.pdf")
    assert [mark.title for mark in book.outline] == ["目录", "001 甲公司", "002 乙公司"]
    assert [book.get_destination_page_number(mark) for mark in book.outline] == [0, 1, 2]

    source.write_text("\n".join([",".join(names), "乙公司,山东省"]), "utf-8-sig")
    tuijie("sheets", source, "-o", out, "--pdf")
    left = sorted(str(path.relative_to(out)) for path in out.rglob("*.pdf") if actions.FORMER not in path.parts)
    assert left == ["山东省.pdf", "山东省/001 乙公司.pdf"]


# ------------------------------------------------------------------ many applicants

def anyone(edition, kind, number):
    """An applicant with some fields blank, some long, all seeded by its number."""
    pick = random.Random(number)
    full = extreme(edition, kind, number, pick.choice((0, 40, 200, 500)))
    values = {name: value for name, value in full.values.items() if name == "name" or pick.random() < 0.7}
    return replace(full, values=values, number=f"{number:03d}")


def assert_ticks(edition, one, shown):
    """Of every list of services on the form exactly those of the applicant are ticked, all others open."""
    many = next(f for f in edition.fields(one.kind).values() if f.type == "terms" and "options " + f.id in options_of(edition, one.kind))
    mains = [f.id for f in edition.fields(one.kind).values() if f.vocabulary == many.vocabulary and f.type == "term" and f.level == many.level]
    own = {*(one.values.get(many.id) or ()), *(one.values.get(main) for main in mains)}
    for term in edition.terms(many):
        marks = {mark for mark in "☑☐" if f"{mark}{squeezed(term.label)}" in shown}
        assert marks == {"☑" if term.label in own else "☐"}, (one.number, term.label)


def options_of(edition, kind):
    """The lists that the form of a kind prints: 'options services', for each of its cells."""
    return {" ".join(cell.strip("{}").split()[:2]) for line in edition.forms[kind] for cell in line if cell.startswith("{options")}


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_three_hundred_applicants_are_printed_whole(edition, kind, tmp_path):
    """Every value whole, blanks as 未提供, exactly the ticked terms ticked, as many pages as declared, nothing over another."""
    everyone = [anyone(edition, kind, number) for number in range(1, 301)]
    sheets = forms.plan_applicant_book(edition, "册", everyone).sheets[1:]
    declared = [sheet.print.fit[1] for sheet in sheets]
    made = save_pdf(sheets, tmp_path / "册.pdf", "册")
    pages = pages_of(made)
    assert len(pages) == sum(declared)
    starts = [sum(declared[:i]) for i in range(len(declared))]
    for one, start, count in zip(everyone, starts, declared):
        shown = "\n".join(pages[start:start + count])
        for f in printed_fields(edition, kind):
            value = one.values.get(f.id)
            for part in value if isinstance(value, tuple) else [value_text(edition, f, value)]:
                assert squeezed(part) in shown, (one.number, f.id)
        blank = [f for f in printed_fields(edition, kind) if f.id not in one.values and f.type != "terms"]
        assert shown.count(NOT_GIVEN) >= len([f for f in blank if not f.vocabulary])
        assert "{" not in shown
        assert_ticks(edition, one, shown)
    for size, boxes in words_of(made):
        assert_no_overlap(size, boxes)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_it_says_what_excel_prints_on_the_same_pages(edition, kind, tmp_path):
    """Against LibreOffice's print of the workbook: the same characters on each page of the forms."""
    book = forms.plan_applicant_book(edition, "册", [anyone(edition, kind, number) for number in range(1, 31)])
    ours = printed(save_pdf(book.sheets[1:], tmp_path / "ours.pdf", "册"))
    theirs = printed(to_pdf(book, tmp_path))[-len(ours):]
    assert ours == theirs


def printed(path):
    """The characters of each page, sorted, without white space and the running lines."""
    text = subprocess.run(["pdftotext", "-raw", path, "-"], check=True, capture_output=True, text=True).stdout
    return ["".join(sorted(re.sub(r"第\d+页，共\d+页", "", squeezed(page)))) for page in text.split("\f")[:-1]]
