"""Build the workbooks that are committed beside this file, two for each edition: ``python workbook/build.py``.

推介填报_<edition>.xlsx without macros for the bureaus, 推介申报_<edition>.xlsm with ribbon and VBA for the officers.
Needs the packages of the extra ``build``; the same versions give the same bytes.
"""

import tempfile
from pathlib import Path

from ribbon import ribbon_xml, with_ribbon
from vba import pack, read_macros, unpack, with_macros

from tuijie_xl.book import WorkbookPlan
from tuijie_xl.edition import editions, load_edition
from tuijie_xl.files.saving import save_atomically, save_workbook
from tuijie_xl.files.writing import write_workbook
from tuijie_xl.layout.officer import plan_officer
from tuijie_xl.layout.template import plan_template

FOLDER = Path(__file__).parent


def build(folder: Path = FOLDER) -> list[Path]:
    """Write both workbooks of every edition into ``folder``."""
    made: list[Path] = []
    for edition in map(load_edition, editions()):
        made += save_workbook(plan_template(edition), folder / f"推介填报_{edition.id}.xlsx", keep_former=False)
        made.append(build_officer(plan_officer(edition), folder / f"推介申报_{edition.id}.xlsm"))
    return made


def build_officer(plan: WorkbookPlan, path: Path, sources: dict[str, str] | None = None) -> Path:
    """Write ``plan`` as an .xlsm with the macros (``sources`` or those of macros/) and the ribbon, which goes in last."""
    with tempfile.TemporaryDirectory(prefix="tuijie-") as scratch:
        plain = Path(scratch) / "book.xlsx"
        write_workbook(plan, plain)
        package = unpack(plain.read_bytes())
    data = pack(with_ribbon(with_macros(package, sources or read_macros()), ribbon_xml()))
    return save_atomically(path, lambda temporary: temporary.write_bytes(data), keep_former=False)


if __name__ == "__main__":
    for path in build():
        print(path)
