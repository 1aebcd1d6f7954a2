"""LibreOffice for tests: recalculate a workbook, print it, count its pages. One profile a test session.

``from soffice import office`` gives the fixture. Without LibreOffice a test is skipped with a reason; where the
environment says CI, it fails, for there it must be installed.
"""

import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import pytest

_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="ODFRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


class Office:
    """A LibreOffice of its own profile that recalculates whatever it loads."""

    def __init__(self, program: str, folder: Path):
        self.program, self.profile, self.made = program, folder / "profile", folder / "made"
        (self.profile / "user").mkdir(parents=True)
        (self.profile / "user" / "registrymodifications.xcu").write_text(_SETTINGS, "utf-8")
        self.turn = 0

    def convert(self, path: Path, to: str, timeout: int = 300) -> Path:
        """``path`` in another format ('xlsx', 'ods', 'pdf'), recalculated; the original stays as it is."""
        self.turn += 1
        out = self.made / str(self.turn)
        run = subprocess.run(
            [self.program, f"-env:UserInstallation={self.profile.as_uri()}", "--headless", "--convert-to", to,
             "--outdir", str(out), str(path)], capture_output=True, text=True, timeout=timeout, check=False)
        made = out / f"{Path(path).stem}.{to}"
        assert made.exists(), f"soffice made no {made.name}: {run.stdout} {run.stderr}"
        return made

    def recalculate(self, path: Path) -> Path:
        """An .xlsx with every formula's value as LibreOffice computes it."""
        return self.convert(path, "xlsx")

    def to_pdf(self, path: Path) -> Path:
        return self.convert(path, "pdf")


def pages(pdf: Path) -> int:
    """How many pages a PDF has (poppler's pdfinfo)."""
    facts = subprocess.run(["pdfinfo", str(pdf)], capture_output=True, text=True, check=True).stdout
    return int(next(line.split()[-1] for line in facts.splitlines() if line.startswith("Pages:")))


@cache
def find_office() -> Office | None:
    program = shutil.which("soffice")
    return Office(program, Path(tempfile.mkdtemp(prefix="tuijie-soffice-"))) if program else None


@pytest.fixture(scope="session")
def office():
    found = find_office()
    if found is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("LibreOffice (soffice) is not installed")
    yield found
    shutil.rmtree(found.made, ignore_errors=True)
