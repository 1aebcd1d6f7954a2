"""The rules of the house that a machine can keep."""

import ast
import re
from pathlib import Path

import pytest

import tuijie_xl

ROOT = Path(tuijie_xl.__file__).parent
MODULES = sorted(p for p in ROOT.rglob("*.py") if "examples" not in p.parts)
FLOORS = [
    {"problem", "condition", "edition", "buttons", "apology", "pause"},
    {"book", "applicants", "measures", "mailing", "credit_code", "criteria", "scales", "checks", "intake", "batch",
     "provenance", "layout",
     "reported", "standing", "resubmission", "earlier", "differences"},
    {"files", "actions", "updating", "apology", "desk", "doctor", "delivery", "manual", "feedback", "papers", "evidence"},
    {"cli", "parser", "__main__", "live", "calc"},
]
ONLY_IN = {"openpyxl": ("files",), "xlsxwriter": ("files",), "python_calamine": ("files",), "xlrd": ("files",), "pyxlsb": ("files",),
           "xlwings": ("live", "calc")}


def room(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def floor(name: str) -> int:
    return next(i for i, names in enumerate(FLOORS) if name in names)


def imports(path: Path):
    """(own room imported, or '') and (foreign package, or '') of every import statement."""
    depth = len(path.relative_to(ROOT).parts)
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (("", alias.name.split(".")[0]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if not node.level:
                yield "", node.module.split(".")[0]
            elif node.level == depth:
                parts = (node.module or "").split(".")
                yield from (((parts[0] or alias.name), "") for alias in node.names)


@pytest.mark.parametrize("path", [p for p in MODULES if room(p) != "__init__"], ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_go_down_only(path):
    here = floor(room(path))
    for own, foreign in imports(path):
        if own and own not in ("__version__", "examples"):
            assert floor(own) <= here, f"{path.name} imports {own}"
        if foreign in ONLY_IN:
            assert room(path) in ONLY_IN[foreign], f"{path.name} imports {foreign}"


def test_reading_starts_without_pandas():
    """Worker processes import what they need and no more: pandas alone takes longer than a file."""
    import subprocess
    import sys

    code = "import sys, tuijie_xl.files.submission; print('pandas' in sys.modules, 'xlsxwriter' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split() == ["False"] * 2


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_code_knows_nothing_of_one_year(path, edition):
    """No term, label, threshold or date of the 2018 notice stands in the code; comments and docstrings may cite it."""
    tree = ast.parse(path.read_text("utf-8"))
    documents = {id(node.body[0].value) for node in ast.walk(tree)
                 if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and node.body
                 and isinstance(node.body[0], ast.Expr)}
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
             and id(node) not in documents]
    labels = {f.label for f in edition.all_fields} | {t.label for v in edition.vocabularies.values() for t in v.terms
                                                     if len(t.label) > 3}
    labels |= {str(edition.statistics_year), edition.id, edition.deadline.isoformat(), "3000", "300"}
    allowed = {"其它", "备注", "序号", "结论"}
    assert not {text for text in texts if text in labels - allowed}, path


def test_no_machine_path_stands_in_the_tree():
    for path in [*MODULES, *(ROOT.parent / "docs").glob("*.md"), *ROOT.parent.glob("*.md")]:
        assert not re.search(r"/work/|/root/|/home/\w", path.read_text("utf-8")), path
