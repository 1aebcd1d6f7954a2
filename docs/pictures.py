"""Make the pictures of README and manual from what the program really writes: ``python docs/pictures.py``.

Needs LibreOffice (soffice) and poppler (pdftoppm). The example files are run, parts of the results are printed.
"""

from __future__ import annotations

import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

from tuijie_xl import actions, examples, feedback
from tuijie_xl.book import SheetPlan, WorkbookPlan
from tuijie_xl.edition import editions, load_edition
from tuijie_xl.files.marking import Landing
from tuijie_xl.files.saving import save_workbook
from tuijie_xl.layout import applicant_books, cover_lists, master, officer, reminders, template

FOLDER = Path(__file__).parent / "pictures"
WIDTH = 1400                            # pixels


def views() -> dict[str, tuple[WorkbookPlan, str, tuple[int, int, int, int] | None]]:
    """Picture -> (workbook, its sheet, the area shown or None for the sheet's own print area)."""
    edition = load_edition(editions()[0])
    outcome = actions.import_files(examples.files(), edition)
    book = master.plan_master(outcome.batch, outcome.judgements, outcome.problems)
    sheets = dict(applicant_books.plan_applicant_books(outcome.judgements, set()))
    region, applicants = next(iter(sheets.items()))
    company = next(iter(edition.kinds.values())).sheet
    letters, covers = (plan(outcome.judgements, edition.deadline) for plan in (reminders.plan_reminders, cover_lists.plan_cover_lists))
    told = max((r for r in feedback.reports(outcome) if r.format == "xlsx"), key=lambda r: len(r.findings))
    sheet = feedback.plan_sheet(told, Path(told.path).name, {}, [Landing("'总表'!A1")] * (len(told.findings) + len(told.results)), [])
    return {
        "反馈": (WorkbookPlan([sheet]), sheet.name, (0, 1, 16, 9)),
        "总表": (book, company, (0, 0, 22, 9)),
        "问题清单": (book, "问题清单", (0, 0, 16, 8)),
        "统计": (book, "统计摘要", None),
        "申报单位表": (applicants, applicants.sheets[1].name, None),
        "催办单": (letters, letters.sheets[0].name, (0, 0, 12, 8)),
        "材料交接单": (covers, covers.sheets[0].name, (0, 0, 17, 4)),
        "工作台": (officer.plan_officer(edition, 20), "工作台", None),
        "选择服务": (officer.plan_officer(edition, 20), "选择服务", None),
        "模板": (template.plan_template(edition, 20), company, (0, 0, 14, 12)),
    }


def draw(name: str, plan: WorkbookPlan, sheet: str, area: tuple[int, int, int, int] | None) -> Path:
    """Print one sheet on one page and cut the white away."""
    shown: SheetPlan = plan.sheet(sheet)
    former, others = shown.print, [s for s in plan.sheets if s is not shown]
    shown.print = replace(former, area=area, fit=(1, 1), landscape=True, footer="", header="", repeat_rows=None,
                          repeat_columns=None, scale=0, column_breaks=(), row_breaks=()) if area else former
    order = plan.sheets
    plan.sheets = [shown, *others]
    with tempfile.TemporaryDirectory() as scratch:
        save_workbook(plan, Path(scratch) / "page.xlsx")
        subprocess.run(["soffice", f"-env:UserInstallation=file://{scratch}/profile", "--headless", "--convert-to",
                        'pdf:calc_pdf_Export:{"PageRange":{"type":"string","value":"1"},"ExportNotes":{"type":"boolean","value":"false"}}', "--outdir", scratch,
                        f"{scratch}/page.xlsx"], check=True, capture_output=True)
        subprocess.run(["pdftoppm", "-r", "150", "-png", "-singlefile", "-f", "1", "-l", "1", f"{scratch}/page.pdf",
                        f"{scratch}/page"], check=True)
        subprocess.run(["/usr/bin/convert", f"{scratch}/page.png", "-trim", "-bordercolor", "white", "-border", "12", "-resize",
                        f"{WIDTH}x>", "+dither", "-colors", "96", "-strip", str(FOLDER / f"{name}.png")], check=True)
    shown.print, plan.sheets = former, order
    return FOLDER / f"{name}.png"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, view in views().items():
        print(draw(name, *view))
