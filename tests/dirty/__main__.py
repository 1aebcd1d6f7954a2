"""``python -m tests.dirty [--seed N] [--files N] [--keep FOLDER] [--faults N] [--write]``: figures of the import."""

from __future__ import annotations

import argparse
import tempfile
from datetime import date
from pathlib import Path

from .report import FILES, PAGE, SEED, listed_faults, page, run


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.dirty", description="Draw dirty files, import them, print the figures.")
    parser.add_argument("--seed", type=int, default=int(f"{date.today():%Y%m%d}"), help="default: today's date, to explore")
    parser.add_argument("--files", type=int, default=FILES)
    parser.add_argument("--keep", type=Path, help="write the files here and leave them")
    parser.add_argument("--faults", type=int, default=0, help="list so many faults of each sort")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.name} from seed {SEED} and {FILES} files")
    options = parser.parse_args()
    seed, count = (SEED, FILES) if options.write else (options.seed, options.files)
    with tempfile.TemporaryDirectory() as temporary:
        done = run(seed, count, options.keep or Path(temporary))
    text = page(done)
    print(f"seed {seed}\n{text}", *listed_faults(done.total(), options.faults), sep="\n")
    if options.write:
        PAGE.write_text(text, "utf-8", newline="\n")


if __name__ == "__main__":
    main()
