"""The figures as a page: ``docs/import_figures.md``, made by ``python -m tests.dirty --write`` and checked by a test."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tuijie_xl.edition import Edition, load_edition
from tuijie_xl.files.submission import read_file

from .catalogue import MUTATIONS
from .figures import Figures, measure, summary
from .forms import FORMS
from .make import SHAPES, Maker
from .truth import FileTruth
from .wordings import FRESH
from .writers import FORMATS

SEED, FILES = 2018, 400
PAGE = Path(__file__).parents[2] / "docs" / "import_figures.md"
NEEDS = {"html": ("html", "list"), "xml2003": ("xml 2003", "list"), "form": ("xlsx", next(iter(FORMS))),
         **{name: ("xlsx", name) for name in ("beside", "turned over", "continued")}}


@dataclass(frozen=True)
class Target:
    """A figure of issue 4 and what it has to be. ``may_miss``: not reached yet, as the page then says with the figure."""

    name: str
    figure: str
    at_least: float | None = None
    at_most: float | None = None
    may_miss: bool = False

    def value(self, figures: Figures) -> float:
        return getattr(figures, self.figure)

    def holds(self, figures: Figures) -> bool:
        value = self.value(figures)
        return (self.at_least is None or value >= self.at_least) and (self.at_most is None or value <= self.at_most)


    def is_open(self) -> bool:
        """True when the page says that it is not reached."""
        return self.may_miss and any(line.startswith(f"| {self.name} |") and MISSED in line for line in PAGE.read_text("utf-8").splitlines())


MISSED = " (not reached)"
TARGETS = (
    Target("column mapping, precision", "precision", at_least=.98),
    Target("column mapping, F1", "f1", at_least=.98, may_miss=True),
    Target("column mapping, F1 with the questions answered by their first suggestion", "f1_answered", at_least=.98, may_miss=True),
    Target("applicants found (row recall)", "row_recall", at_least=1, may_miss=True),
    Target("totals imported as applicants", "totals_imported", at_most=0),
    Target("other rows imported as applicants", "others_imported", at_most=0, may_miss=True),
    Target("value errors among the values not marked", "value_errors", at_most=0, may_miss=True),
    Target("share of plain values marked", "plain_marked_share", at_most=.02),
    Target("wrong verdicts", "verdicts_wrong", at_most=0),
)


@dataclass
class Run:
    """One run: the truths of its files and the figures of each; ``readable`` is what the product reads at all."""

    seed: int
    truths: list[FileTruth]
    figures: dict[str, Figures]
    readable: frozenset[str]

    def total(self, *, everything: bool = False) -> Figures:
        """All files that the product can read at all; with ``everything`` those too that it cannot read yet."""
        return sum((self.figures[t.path] for t in self.truths if everything or t.needs <= self.readable), Figures())

    def of_format(self, name: str) -> Figures:
        return sum((self.figures[t.path] for t in self.truths if t.format == name), Figures())


def run(seed: int, count: int, folder: Path, edition: Edition | None = None, *, jobs: int | None = None) -> Run:
    """Draw the files of a seed into ``folder`` and measure them."""
    edition = edition or load_edition("2018")
    maker = Maker(seed, folder)
    truths = list(maker.files(count))
    return Run(seed, truths, measure(truths, edition, jobs=jobs), readable_needs())


def readable_needs() -> frozenset[str]:
    """Which of NEEDS the product reads: tried on a clean file of each."""
    with tempfile.TemporaryDirectory() as folder:
        maker = Maker(1, Path(folder))
        truths = {need: maker.make(i, Random(i), [], name, shape) for i, (need, (name, shape)) in enumerate(NEEDS.items())}
        read = {need: sum(s.counts["accepted"] for s in read_file((truth.path, "2018")).sheets) for need, truth in truths.items()}
        return frozenset(need for need, truth in truths.items() if read[need] == sum(len(s.applicants) for s in truth.sheets))


# ------------------------------------------------------------------ the page

def page(done: Run) -> str:
    """The page of a run, in Markdown."""
    read, everything = done.total(), done.total(everything=True)
    missing = sorted(NEEDS.keys() - done.readable)
    lines = ["# Figures of the import of dirty files", "",
             (f"Seed {done.seed}, {len(done.truths)} files, {everything.applicants} applicants. Made by `python -m tests.dirty --write`; "
              "`tests/test_dirty.py` proves that a run gives these figures."), "",
             (f"Catalogue: {len(MUTATIONS)} mutations of lists, {len(SHAPES)} shapes of files, {len(FORMS)} layouts of forms, {len(FORMATS)} "
              f"formats, {sum(len(w) for words in FRESH.values() for w in words.values())} wordings of headers (most of them beyond the "
              "aliases); each alone, then in random combinations."), "",
             "Not read by the product yet: " + (", ".join(missing) or "nothing") + ".", "",
             "| figure | target | files that can be read | all files |", "|---|---|---|---|"]
    lines += [f"| {t.name} | {_limit(t)} | {_shown(t.value(read))}{'' if t.holds(read) else MISSED} | {_shown(t.value(everything))} |"
              for t in TARGETS]
    lines += ["", (f"Of {read.readable} values written otherwise but certain, {read.readable_marked} are marked instead of read; of "
                   f"{read.doubtful} that nobody can know, {read.doubtful_unmarked} are read in silence; {read.wrong_totals_told} of "
                   f"{read.wrong_totals} wrong totals are told."), "",
              "## By format", "", "| format | files | applicants found | F1 | value errors | plain marked |", "|---|---|---|---|---|---|"]
    lines += [_format_line(name, done.of_format(name)) for name in FORMATS]
    lines += ["", "## Faults by sort", "", "| sort | count |", "|---|---|", *(f"| {what} | {count} |" for what, count in sorted(summary(read).items()))]
    return "\n".join(lines) + "\n"


def _format_line(name: str, f: Figures) -> str:
    return f"| {name} | {f.files} | {f.found} of {f.applicants} | {f.f1:.4f} | {f.value_errors} | {f.plain_marked_share:.2%} |"


def _limit(t: Target) -> str:
    return f">= {_shown(t.at_least)}" if t.at_least is not None else f"<= {_shown(t.at_most)}"


def _shown(value: float | None) -> str:
    return f"{value:.4f}" if isinstance(value, float) else str(value)


def listed_faults(figures: Figures, most: int) -> Iterable[str]:
    """The faults, those of wrong values first, ``most`` of a sort."""
    order = ("value read wrongly", "doubtful value read in silence", "wrong verdict", "wrong kind", "applicant lost")
    for what in sorted(summary(figures), key=lambda w: (order.index(w) if w in order else len(order), w)):
        own = [f for f in figures.faults if f.what == what]
        yield f"{what}: {len(own)}"
        for f in own[:most]:
            yield f"    {f.file} {f.where} {f.field}: written {f.written!r}, meant {f.meant!r}, got {f.got!r} ({f.mutation})"
