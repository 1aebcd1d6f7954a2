"""Our own template as a bureau sends it back: the prefilled workbook with applicants in it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from random import Random

import pandas as pd

from tuijie_xl.applicants import Applicants, frame_of
from tuijie_xl.criteria import VERDICTS, judge
from tuijie_xl.edition import HAVE, LACK, NOT_CALLED_FOR, Edition
from tuijie_xl.files.writing import write_workbook
from tuijie_xl.layout.template import plan_template

from .applicants import Values, draw_applicant
from .people import PLACES, People
from .truth import truth_of

NAME, REGION = "北京市_推介填报_2018.xlsx", "北京市"
PREPARED_ROWS = 40                      # fewer than in the template that is handed out: a small file
COUNTS = {"company": 16, "park": 2, "trainer": 2}
#: Position of a company -> what was pasted over the list or left blank.
PASTED = {3: {"outsourcing_revenue": None}, 5: {"industry": "互联网行业"}, 8: {"outsourcing_staff": "约400"},
          11: {"main_area": "研发服务外包"}}


def write_filled(folder: Path, edition: Edition, random: Random, people: People) -> tuple[Path, list[dict]]:
    """Write the filled template into ``folder``; its path, and the truth about its sheets (see ``generate``)."""
    frames, truths = {}, []
    for kind, count in COUNTS.items():
        places = PLACES[REGION]
        drawn = [draw_applicant(edition, kind, random, people, places[i * len(places) // count]) for i in range(count)]
        pasted = PASTED if kind == "company" else {}
        written = [values | pasted.get(i, {}) for i, values in enumerate(drawn)]
        said = [values | dict.fromkeys(pasted.get(i, {})) for i, values in enumerate(drawn)]
        frames[kind] = _frame(edition, kind, written, random)
        truths.append({"name": edition.kinds[kind].sheet, "kind": kind, "rows": {"accepted": count},
                       "applicants": [truth_of(kind, values) for values in said]})
    write_workbook(plan_template(edition, PREPARED_ROWS, frames), folder / NAME)
    return folder / NAME, truths


def _frame(edition: Edition, kind: str, drawn: list[Values], random: Random) -> pd.DataFrame:
    """The rows of one sheet, with the verdict that its formula shows and the materials ticked off."""
    columns = {name: [values.get(name) for values in drawn] for name in edition.fields(kind)}
    found = judge(Applicants(kind, frame_of(edition, kind, columns), [(None, None, None)] * len(drawn)), edition)
    frame = found.frame.copy()
    frame["serial"] = pd.Series(range(1, len(drawn) + 1), dtype=object)
    frame["verdict"] = pd.Series([VERDICTS[verdict] for verdict in found.verdicts], dtype=object)
    for measure in edition.measures_of(kind):
        shown = [None if v is None else Decimal(format(v, ".15g")) for v in frame[measure.field]]
        frame[measure.field] = pd.Series(shown, dtype=object)       # as many digits as a spreadsheet keeps
    for material in edition.materials_of(kind):
        words = edition.vocabularies[edition.fields(kind)[material.field].vocabulary].by_code
        owed = found.required[material.id].to_numpy(dtype=bool, na_value=False)
        codes = [NOT_CALLED_FOR if not due else LACK if random.random() < .06 else HAVE for due in owed]
        frame[material.field] = pd.Series([words[code].label for code in codes], dtype=object)
    return frame
