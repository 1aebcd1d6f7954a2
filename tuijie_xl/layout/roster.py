"""统计明细: the applicants behind the numbers of 统计, one a row by region, to be filtered by whatever 统计 counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from ..book import Link, SheetPlan, Table, a1
from ..criteria import VERDICTS, as_text
from ..edition import OWN, Edition, Field
from . import style
from .counting import REGION, KindCounts, band_labels
from .paper import quote_sheet
from .records import head, landscape
from .regions import region_order
from .tally import title_of

SHEET = "统计明细"
UNREADABLE = "未填或不可读"
HEADER = 3
HINT = "“统计”各数背后的单位，按地区排列；点列名旁的箭头筛选，点单位名称跳到它所在的行。是生成本表时的名单，改动后请重新生成。"
_NAME = 4
Owed = Mapping[str, Sequence[tuple[int, int, int]]]     # kind -> of each applicant: papers lacking, errors, warnings


def plan_roster(edition: Edition, counts: Sequence[KindCounts], homes: Mapping[str, Sequence[str | None]],
                owed: Owed) -> tuple[SheetPlan, dict[str, str]]:
    """The sheet, and for each region that has applicants the address of its first row.

    ``homes`` gives for each kind the address of every applicant's name ("'企业'!B7"), None where it stands in no sheet.
    """
    columns = _columns(edition, counts)
    order = {region: i for i, region in enumerate(r for one in counts[:1] for r in region_order(edition, one.kind))}
    rows = sorted((row for one in counts for row in _rows(one, columns, homes[one.kind], owed[one.kind])),
                  key=lambda row: order[row[0]])
    sheet = SheetPlan(SHEET, tab_color=style.ACCENT, freeze=(HEADER + 1, _NAME))
    labels = ("序号", edition.label("region"), "类别", "申报单位", edition.label("credit_code"), edition.label("verdict"), *columns,
              "缺材料（份）", "错误（条）", "待核（条）")
    head(sheet, HEADER, title_of(edition, SHEET), HINT, [(label, _width(i, label)) for i, label in enumerate(labels)])
    if rows:
        looks = [style.LINKED if i == _NAME - 1 else style.CENTERED for i in range(len(labels))]
        sheet.put_columns(HEADER + 1, 0, list(zip(*((i, *row) for i, row in enumerate(rows, 1)))), looks)
    sheet.tables.append(Table((HEADER, 0, HEADER + max(len(rows), 1), len(labels) - 1), "T_roster", labels))
    sheet.print = landscape((HEADER, HEADER), (0, _NAME - 1))
    firsts: dict[str, str] = {}
    for i, row in enumerate(rows):
        firsts.setdefault(row[0], f"{quote_sheet(SHEET)}!{a1(HEADER + 1 + i, 1)}")
    return sheet, firsts


def _width(number: int, label: str) -> float:
    return (6, 15, 20, 36, 23, 10)[number] if number < 6 else 11 if label.endswith("）") and len(label) < 8 else 20


def counted_fields(edition: Edition, kind: str) -> list[Field]:
    """The fields of terms whose list stands in the notice: what 统计 counts beside numbers."""
    return [f for f in edition.fields(kind).values() if f.type in ("term", "terms")
            and edition.vocabularies[f.vocabulary].source != OWN]


def _columns(edition: Edition, counts: Sequence[KindCounts]) -> list[str]:
    """The labels of what differs between the kinds, each once."""
    found: dict[str, None] = {}
    for one in counts:
        fields = edition.fields(one.kind)
        found |= dict.fromkeys(f"{fields[b.field].label}分档" for b in edition.bands_of(one.kind))
        found |= dict.fromkeys(f.label for f in counted_fields(edition, one.kind))
    return list(found)


def _rows(one: KindCounts, columns: list[str], homes: Sequence[str | None], owed: Sequence[tuple[int, int, int]]) -> list[tuple]:
    edition, kind = one.edition, one.edition.kinds[one.kind]
    held: dict[str, list[Any]] = {f.label: [None if v is None else as_text(v) for v in one.values(f.id)]
                                  for f in counted_fields(edition, one.kind)}
    for bands in edition.bands_of(one.kind):
        f = edition.fields(one.kind)[bands.field]
        labels = band_labels(f, bands)
        held[f"{f.label}分档"] = [UNREADABLE if n is None else labels[n] for n in one.band_numbers(bands)]
    blank = [None] * one.size
    about = zip(one.values(REGION), [kind.label] * one.size, map(_named, one.values("name"), homes), one.values("credit_code"),
                (VERDICTS[v] for v in one.found.verdicts), *(held.get(label, blank) for label in columns))
    return [(*row, *numbers) for row, numbers in zip(about, owed)]


def _named(name: str | None, home: str | None) -> Link | str | None:
    return Link(home, name or "（无名）", "跳到该单位所在的行") if home else name


def owed_by(counts: Sequence[KindCounts], origins: Mapping[str, Sequence[tuple]], problems: Sequence) -> Owed:
    """Of each applicant: papers lacking, errors, warnings."""
    of = {severity: Counter((p.file, p.sheet, p.row) for p in problems if p.severity == severity)
          for severity in ("error", "warning")}
    return {one.kind: [(sum(states[i] == "missing" for states in one.found.states.values()),
                        of["error"][origin], of["warning"][origin])
                       for i, origin in enumerate(origins[one.kind])] for one in counts}
