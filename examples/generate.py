"""Make the example files: ``python -m tuijie_xl.examples.generate [-o FOLDER]``, from the source tree (pip -e).

The same seed gives the same files. Beside them stands ``truth.json``: {"seed", "files": [{"file", "format",
"sheets": [{"name", "kind", "rows": {fate: number of rows}, "applicants": [{"kind", "name", "code", "verdict",
"revenue", "staff", "fate"}]}]}]}. The truth is what a careful reader knows from the file: the name without line
breaks, the code as it can be read, revenue in 万元 and staff as decimal strings, null where nothing can be known.
``fate`` is accepted or duplicate (when all files are imported in the order of their names); ``rows`` counts all
rows but the header's, in our own template only those of applicants. The sheet of a csv has the name ''.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from random import Random

from tuijie_xl.edition import Edition, load_edition

from . import FOLDER
from .applicants import Values, draw_applicant, restate
from .filled import write_filled
from .people import PLACES, People
from .regions import FILES, FileStyle
from .sheets import Sheet, SheetStyle, lay_out, read_columns
from .writers import write_file

SEED = 2018
TRUTH = "truth.json"


def generate(folder: Path, seed: int = SEED) -> list[Path]:
    """Write every regional file and the truth about them into ``folder``; the paths of the regional files."""
    folder.mkdir(parents=True, exist_ok=True)
    edition, people = load_edition("2018"), People(Random(f"{seed} brands"))
    drawn: dict[str, list[Values]] = {}
    made = {}
    for style in FILES:
        sheets, made[folder / style.name] = _make_file(style, edition, Random(f"{seed} {style.name}"), people, drawn)
        write_file(folder / style.name, sheets, style.encoding)
    made |= [write_filled(folder, edition, Random(f"{seed} filled"), people)]
    truths = [{"file": path.name, "format": path.suffix[1:], "sheets": sheets} for path, sheets in made.items()]
    text = json.dumps({"seed": seed, "files": truths}, ensure_ascii=False, indent=1)
    (folder / TRUTH).write_text(text + "\n", "utf-8", newline="\n")
    return list(made)


def _make_file(style: FileStyle, edition: Edition, random: Random, people: People,
               drawn: dict[str, list[Values]]) -> tuple[list[Sheet], list[dict]]:
    """The sheets of a file and the truth about those that hold applicants. ``drawn`` remembers who was drawn."""
    sheets, truths = [], []
    for sheet_style in style.sheets:
        earlier = _earlier(style, drawn, random)
        applicants = earlier + [_draw(sheet_style, i, edition, random, people)
                                for i in range(len(earlier), sheet_style.count)]
        drawn.setdefault(style.name, []).extend(applicants)
        sheet, truth = lay_out(sheet_style, read_columns(sheet_style, edition), applicants, random)
        _mark_duplicates(truth, style.repeats[1] if style.repeats else 0)
        sheets.append(sheet)
        truths.append(truth)
    sheets += [Sheet(name, [[line] for line in lines]) for name, lines in style.side]
    sheets += [Sheet(name) for name in style.empty]
    for sheet in sheets:
        sheet.hidden = sheet.name in style.hidden
    return sheets, truths


def _draw(style: SheetStyle, position: int, edition: Edition, random: Random, people: People) -> Values:
    """The applicant at ``position``; the cities of the style's regions follow each other in blocks."""
    places = [place for region in style.regions for place in PLACES[region]]
    place = places[position * len(places) // style.count]
    applicant = draw_applicant(edition, style.kind, random, people, place)
    return restate(random, applicant, style.cases[position]) if position < len(style.cases) else applicant


def _earlier(style: FileStyle, drawn: dict[str, list[Values]], random: Random) -> list[Values]:
    """The applicants that a second submission repeats, some of them with another revenue."""
    if not style.repeats:
        return []
    name, same, changed = style.repeats
    again = drawn[name][:same + changed]
    return again[:same] + [restate(random, company, {"outsourcing_revenue": company["outsourcing_revenue"] + 500})
                           for company in again[same:]]


def _mark_duplicates(truth: dict, count: int) -> None:
    for applicant in truth["applicants"][:count]:
        applicant["fate"] = "duplicate"
    if count:
        truth["rows"] |= {"accepted": truth["rows"]["accepted"] - count, "duplicate": count}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-o", "--output", type=Path, default=FOLDER, help="folder (default: beside this script)")
    paths = generate(parser.parse_args().output)
    print(f"{len(paths)} files in {paths[0].parent}")


if __name__ == "__main__":
    main()
