"""The documents say what the program does: commands, files, pictures, exit codes."""

import re
import subprocess
import sys
from pathlib import Path

from tuijie_xl import actions, cli, examples

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def test_readme_lists_every_command_in_the_words_of_its_help():
    rows = dict(re.findall(r"^\| `tuijie (\w+)` \| (.+?) \|$", README, re.M))
    assert rows == {name: help_ for name, help_, _ in cli.COMMANDS}


def test_readme_names_the_files_that_run_writes():
    for name in (actions.MASTER, actions.REPORT):
        assert f"`{name.format(id='2018')}`" in README
    assert actions.SHEETS in README


def test_every_link_and_picture_exists():
    for path in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)\)|src=\"([^\"]+)\"", path.read_text("utf-8")):
            assert (path.parent / "".join(target)).exists(), (path.name, target)


def test_readme_has_its_two_commands_and_ci_runs_the_second():
    for wanted in ("demo", "test"):
        out = subprocess.run([sys.executable, ROOT / ".ci/readme_command.py", wanted], capture_output=True, text=True, check=True)
        assert out.stdout.strip() in README
    assert "readme_command.py test" in (ROOT / ".ci/run").read_text("utf-8")


def test_contributing_fits_one_screen():
    assert len((ROOT / "CONTRIBUTING.md").read_text("utf-8").splitlines()) <= 45


def test_readme_counts_no_format_that_the_examples_lack():
    formats = {p.suffix.removeprefix(".") for p in examples.files()}
    assert formats == set(re.search(r"（(xlsx、.+?)，", README)[1].split("、"))
