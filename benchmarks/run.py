"""Speed as ratios of one run: each job against a floor that does the bare minimum on the same data.

    python benchmarks/run.py            200 files x 400 rows x 50 columns, 1,000 applicants' sheets
    python benchmarks/run.py --small    a tenth of it, for CI

CPU seconds of the process and its children, each job in a process of its own. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
HERE = Path(__file__)


# ------------------------------------------------------------------ the data

COLUMNS = 50


def parents(fields: dict, f):
    """The fields that bound f from above, nearest first."""
    while f.at_most:
        f = fields[f.at_most]
        yield f


def make_files(folder: Path, files: int, rows: int) -> None:
    """Regional sheets of plausible companies: one in twenty below the line, a few cells wrong."""
    import random
    from decimal import Decimal

    import xlsxwriter

    from tuijie_xl.credit_code import ALPHABET, check_character
    from tuijie_xl.edition import load_edition

    edition, rng = load_edition("2018"), random.Random(2018)
    fields = [f for f in edition.fields("company").values() if f.type not in ("system", "terms", "measure")]
    fields = sorted(fields, key=lambda f: (f.required is False, bool(f.group == "申报材料")))[:COLUMNS]
    own = edition.fields("company")
    depth = {f.id: sum(1 for _ in parents(own, f)) for f in fields}
    leaves = edition.vocabularies["service"].leaves

    def value(f, row: dict):
        if f.id == "name":
            return f"{rng.choice('济青烟潍淄临')}{rng.choice('云汇智信达远')}{row['n']:05d}科技有限公司"
        if f.id == "credit_code":
            body = "91370100" + "".join(rng.choice(ALPHABET) for _ in range(9))
            return body + check_character(body)
        if f.id in ("main_type", "main_area", "main_service"):
            path = edition.vocabularies["service"].path(row["leaf"])
            return path[("main_type", "main_area", "main_service").index(f.id)].label
        if f.id in ("parent_name", "category_other", "certificates"):
            return None
        if f.vocabulary:
            usual = edition.terms(f)[0].label
            return usual if rng.random() > 0.02 else "待定" if rng.random() > 0.8 else rng.choice(edition.terms(f)).label
        if f.type in ("amount", "number"):
            return float(Decimal(rng.randint(290_000, 800_000) * 4) / 100 / 4 ** depth[f.id])
        return {"count": lambda: rng.randint(290, 900) * 4 // 4 ** depth[f.id], "percent": lambda: rng.randint(2, 100), "year": lambda: 2010,
                "date": lambda: "2015-06-01", "phone": lambda: "0531-88888888", "email": lambda: "a@example.cn",
                "postcode": lambda: "250000"}.get(f.type, lambda: f"{f.label}{rng.randint(1, 500)}")()

    for number in range(files):
        book = xlsxwriter.Workbook(str(folder / f"报送{number:03d}.xlsx"))
        sheet = book.add_worksheet("企业")
        sheet.write(0, 0, "2018年服务外包企业推介报送表")
        for column, f in enumerate(fields):
            sheet.write(1, column, f.label)
        for row in range(rows):
            about = {"n": number * rows + row, "leaf": rng.choice(leaves)}
            for column, f in enumerate(fields):
                sheet.write(2 + row, column, value(f, about))
        book.close()


# ------------------------------------------------------------------ jobs and floors, each run in a process of its own

def floor_read(folder: str) -> None:
    """A bare python-calamine read of the same cells."""
    from python_calamine import CalamineWorkbook

    for path in sorted(Path(folder).glob("*.xlsx")):
        CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()


def job_import(folder: str) -> None:
    """Import and validate: worker processes, tables, values, checks, judgement."""
    _outcome(folder)


def job_import_and_master(folder: str) -> None:
    _master(folder)


def job_import_and_sheets(folder: str) -> None:
    from tuijie_xl import actions

    with tempfile.TemporaryDirectory() as out:
        actions.write_sheets(_outcome(folder), Path(out))


def job_import_and_pdfs(folder: str) -> None:
    from tuijie_xl import actions

    with tempfile.TemporaryDirectory() as out:
        actions.write_sheets(_outcome(folder), Path(out), pdf=True)


def floor_pdf(folder: str) -> None:
    """Bare typst setting the same texts as running lines, a page a sheet, once in one book and once a file each."""
    import json

    import typst

    cells = json.loads((Path(folder) / "cells.json").read_text("utf-8")).values()
    pages = [[str(value) for _, _, value in sheet] for sheet in cells]
    source = b"#set text(font: json(bytes(sys.inputs.font)))\n#for page in json(bytes(sys.inputs.pages)) {\n" \
             b"  for line in page { [#line \\ ] }\n  pagebreak(weak: true)\n}"
    fonts = typst.Fonts()
    known = json.dumps([name for name in fonts.families() if "CJK SC" in name or name in ("SimSun", "Songti SC")][:1])
    for some in (pages, *([page] for page in pages)):
        typst.compile(source, sys_inputs={"pages": json.dumps(some, ensure_ascii=False), "font": known}, font_paths=fonts)


def floor_master(folder: str) -> None:
    """Bare XlsxWriter writing the values of the master workbook, nothing else."""
    import json

    import xlsxwriter

    with tempfile.TemporaryDirectory() as out:
        book = xlsxwriter.Workbook(f"{out}/bare.xlsx")
        for name, cells in json.loads((Path(folder) / "cells.json").read_text("utf-8")).items():
            sheet = book.add_worksheet(name)
            for row, column, value in cells:
                sheet.write(row, column, value)
        book.close()


def dump_cells(folder: str, what: str) -> None:
    """The values that a job writes, for its floor."""
    import json
    from decimal import Decimal

    from tuijie_xl.book import Formula, Link, RichText
    from tuijie_xl.layout import applicant_books, master

    outcome = _outcome(folder)
    if what == "master":
        plans = [master.plan_master(outcome.batch, outcome.judgements, outcome.problems)]
    else:
        plans = [plan for _, plan in applicant_books.plan_applicant_books(outcome.judgements, set())]

    def plain(value):
        value = value.result if isinstance(value, Formula) else value.text if isinstance(value, Link) else value
        value = "".join(text for text, _ in value.runs) if isinstance(value, RichText) else value
        return float(value) if isinstance(value, Decimal) else value if isinstance(value, int | float) else str(value)

    cells = {}
    for number, plan in enumerate(plans):
        for sheet in plan.sheets:
            cells[f"{number} {sheet.name}"[:31]] = [(r, c, plain(v)) for r, c, v in sheet.values() if v is not None]
    (Path(folder) / "cells.json").write_text(json.dumps(cells, ensure_ascii=False), "utf-8")


def _outcome(folder: str):
    from tuijie_xl import actions
    from tuijie_xl.edition import load_edition

    return actions.import_files(sorted(Path(folder).glob("*.xlsx")), load_edition("2018"))


def _master(folder: str) -> None:
    from tuijie_xl import actions

    with tempfile.TemporaryDirectory() as out:
        actions.write_master(_outcome(folder), Path(out) / "master.xlsx")


# ------------------------------------------------------------------ measuring

def cpu(*arguments: str) -> float:
    """CPU seconds (user and system, children included) of ``python arguments``."""
    before = os.times()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def job(name: str, folder: Path) -> float:
    return cpu(str(HERE), "--job", name, str(folder))


def best(times: int, measure) -> float:
    return min(measure() for _ in range(times))


def say(what: str, seconds: float, floor: float, floor_name: str) -> None:
    print(f"{what:<46} {seconds:8.2f} s   floor {floor:7.2f} s ({floor_name})   ratio {seconds / floor:6.2f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--job", nargs=2, metavar=("NAME", "FOLDER"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.job:
        name, folder = options.job
        dump_cells(folder, name.removeprefix("dump_")) if name.startswith("dump_") else globals()[name](folder)
        return
    files, rows, applicants = (20, 400, 100) if options.small else (200, 400, 1000)
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {time.strftime('%Y-%m-%d')}; CPU seconds")
    with tempfile.TemporaryDirectory() as scratch:
        measure_all(Path(scratch), files, rows, applicants)


def measure_all(scratch: Path, files: int, rows: int, applicants: int) -> None:
    many, few = scratch / "many", scratch / "few"
    for folder, count, length in ((many, files, rows), (few, max(1, applicants // 100), 100)):
        folder.mkdir()
        make_files(folder, count, length)
    floor = best(2, lambda: job("floor_read", many))
    imported = best(2, lambda: job("job_import", many))
    say(f"import + validate, {files} files x {rows} x {COLUMNS}", imported, floor, "bare python-calamine read")
    job("dump_master", many)
    say(f"master workbook of {files * rows} applicants", job("job_import_and_master", many) - imported,
        job("floor_master", many), "bare XlsxWriter, same values")
    base = job("job_import", few)
    job("dump_sheets", few)
    sheets = job("job_import_and_sheets", few)
    say(f"{applicants} applicants' sheets", sheets - base, job("floor_master", few), "bare XlsxWriter, same values")
    say("their PDFs, in books and one by one", job("job_import_and_pdfs", few) - sheets, job("floor_pdf", few),
        "bare typst, same texts")
    say("tuijie --help", best(5, lambda: cpu("-m", "tuijie_xl", "--help")), best(5, lambda: cpu("-c", "pass")),
        "python -c pass")


if __name__ == "__main__":
    main()
