"""Printed pages for tests: applicants with hard texts, and what a PDF shows where (poppler)."""

import random
import re
import subprocess
from datetime import date
from decimal import Decimal
from xml.etree import ElementTree

from tuijie_xl.book import WorkbookPlan
from tuijie_xl.files.writing import write_workbook
from tuijie_xl.layout.form_slots import Applicant

NOT_PRINTED = {"applicant_sealed", "bureau_approved", "approved_on", "mailed_on", "received_on", "remarks"}   # the officer's own notes
LONG = "本单位长期从事软件研发、信息技术服务（ITO/BPO/KPO），通过 CMMI 5 级与 ISO 27001 认证，服务 120 家客户。"
NAME = "国际商业流程与信息技术服务外包（中国）股份有限公司济南第一分公司（International Business Outsourcing Co., Ltd.）"


def extreme(edition, kind, number, length):
    """An applicant whose every field is filled, texts ``length`` characters long."""
    pick = random.Random(number)
    values = {"amount": Decimal("12345678901.23"), "number": Decimal("98765.4321"), "percent": Decimal("33.33"),
              "count": 12345678, "date": date(2017, 12, 31), "measure": Decimal("34.99999"), "credit_code": "91370683310461435X",
              "phone": "0531-88888888转8001", "email": "a.very.long.mailbox@international-outsourcing.example.cn",
              "postcode": "010010", "url": "http://www.international-outsourcing.example.cn/about/us"}
    filled = {}
    for f in printed_fields(edition, kind):
        labels = [t.label for t in edition.terms(f)] if f.vocabulary else []
        filled[f.id] = (pick.choice(labels) if f.type == "term" else tuple(pick.sample(labels, len(labels) // 2)) if labels
                        else (LONG * 20)[:length] if f.type == "long_text" else NAME if f.id == "name"
                        else values.get(f.type, f"示例{f.id}"))
    papers = [(m.label, True, "待核") for m in edition.materials_of(kind)]
    return Applicant(kind, f"{number:03d}", filled, papers, "符合", "山东省")


def to_pdf(book: WorkbookPlan, folder):
    write_workbook(book, folder / "book.xlsx")
    subprocess.run(["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf",
                    "--outdir", folder, folder / "book.xlsx"], check=True, capture_output=True, timeout=300)
    return folder / "book.pdf"


def squeezed(text):
    return re.sub(r"\s", "", text)


def pages_of(pdf):
    """The text of each page without white space, in the order of drawing (a wrapped text stays together) and in the
    order of lines (a line of several fonts stays together)."""
    pages = []
    for order in ("-raw", "-layout"):
        text = subprocess.run(["pdftotext", order, pdf, "-"], check=True, capture_output=True, text=True).stdout
        pages.append([squeezed(page) for page in text.split("\f")[:-1]])
    return ["\n".join(both) for both in zip(*pages, strict=True)]


def words_of(pdf):
    """For each page: (its size, [(left, top, right, bottom, word)])."""
    text = subprocess.run(["pdftotext", "-bbox", pdf, "-"], check=True, capture_output=True, text=True).stdout
    spaces = {"x": "http://www.w3.org/1999/xhtml"}
    for one in ElementTree.fromstring(text).iterfind(".//x:page", spaces):
        boxes = [(*(float(w.get(k)) for k in ("xMin", "yMin", "xMax", "yMax")), w.text) for w in one.iterfind("x:word", spaces)]
        yield (float(one.get("width")), float(one.get("height"))), boxes


def assert_no_overlap(size, boxes):
    boxes = sorted(boxes, key=lambda box: box[1])
    for i, (left, top, right, bottom, word) in enumerate(boxes):
        assert 0 <= left and right <= size[0] and 0 <= top and bottom <= size[1], word
        for left2, top2, right2, bottom2, word2 in boxes[i + 1:]:
            height = min(bottom - top, bottom2 - top2)
            if top2 > bottom:
                break
            same_line = abs(top - top2) < 0.1 * height          # punctuation set closer overlaps the box before it
            if min(right, right2) - max(left, left2) > (0.6 * height if same_line else 1):
                assert min(bottom, bottom2) - max(top, top2) < 0.45 * height, (word, word2)


def printed_fields(edition, kind):
    materials = {m.field for m in edition.materials_of(kind)}
    return [f for f in edition.fields(kind).values() if f.type != "system" and f.id not in materials | NOT_PRINTED]
