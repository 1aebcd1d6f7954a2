"""What one dirty sheet will hold, before it is laid out: the clean applicants and how everything is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any

from tuijie_xl.edition import Edition

from .spellings import Spelling
from .truth import SheetTruth
from .wordings import FRESH

#: Fields that every list of a kind has; the others are drawn.
CORE = {"company": ("name", "credit_code", "outsourcing_revenue", "outsourcing_staff", "hq", "delivery_in_china"),
        "park": ("name", "operator", "resident_companies", "outsourcing_staff", "outsourcing_revenue"),
        "trainer": ("name", "trainer_type", "trainees", "employed")}
#: Never drawn: judged by the product, or asked as columns of their own.
_NOT_DRAWN = ("serial", "category_other", "has_certificates", "services")


@dataclass
class Column:
    """``field`` None is nobody's column. ``unit`` stands behind the label in ``brackets``; ``tens`` is what one of it
    counts in powers of ten of the field's own unit; ``bands`` are group names above, the nearest last."""

    field: str | None
    label: str
    unit: str = ""
    brackets: str = "（）"
    tens: int = 0
    doubtful: bool = False                  # a column of foreign money: none of its cells can be known
    bands: tuple[str, ...] = ()
    values: tuple = ()                      # of nobody's column: what stands in it
    hidden: bool = False

    @property
    def written(self) -> str:
        """The header as it will stand there."""
        return f"{self.label}{self.brackets[0]}{self.unit}{self.brackets[1]}" if self.unit else self.label


@dataclass
class Plan:
    """A sheet to be: see ``sheet.lay_out``. ``above`` and ``below`` are (what, cells); ``between`` the rows that follow
    the applicant at a position; ``spelled`` says by (position, field) how a value is written otherwise."""

    random: Random
    edition: Edition
    kind: str
    records: list[dict]
    columns: list[Column]
    name: str
    above: list[tuple[str, list]] = field(default_factory=list)
    below: list[tuple[str, list]] = field(default_factory=list)
    between: dict[int, list[tuple[str, list]]] = field(default_factory=dict)
    spelled: dict[tuple[int, str], Spelling] = field(default_factory=dict)
    serial: str = "plain"
    totals: list[tuple[str, str]] = field(default_factory=list)        # (label, where: serial or name)
    wrong_total: bool = False
    subtotals: str = ""
    sections: str = ""
    merged_down: str = ""
    written_once: str = ""
    repeat_header: int = 0
    number_row: str = ""
    offset: tuple[int, int] = (0, 0)
    header: bool = True
    hidden_rows: set[int] = field(default_factory=set)                 # positions
    hidden: bool = False
    notes: dict[tuple[int, str], str] = field(default_factory=dict)
    colours: set[int] = field(default_factory=set)
    side: list[tuple[int, int, Any]] = field(default_factory=list)     # (row offset, columns beyond the table, cell)
    repeated: list[int] = field(default_factory=list)                  # positions written once more at the end
    after: Plan | None = None                                          # another table below this one
    blank_between: int = 1

    def fields(self) -> list[str]:
        return [c.field for c in self.columns if c.field]

    def column(self, field_id: str) -> Column | None:
        return next((c for c in self.columns if c.field == field_id), None)

    def of_types(self, types: tuple[str, ...]) -> list[str]:
        """Columns whose type or id is among ``types`` ('yuan': amounts in 万元) and whose cells may be written otherwise."""
        known = self.edition.fields(self.kind)
        return [c.field for c in self.columns if c.field and c.field != "serial" and not c.doubtful
                and (known[c.field].type in types or c.field in types or "yuan" in types and known[c.field].unit == "万元")]


@dataclass
class Laid:
    """Rows of cells from A1 with everything that a writer needs, and the truth."""

    name: str
    rows: list[list]
    truth: SheetTruth
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    heads: set[int] = field(default_factory=set)
    hidden: bool = False
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: tuple[int, ...] = ()
    notes: dict[tuple[int, int], str] = field(default_factory=dict)
    colours: set[int] = field(default_factory=set)


def clean_columns(random: Random, edition: Edition, kind: str, *, most: int = 16, every: bool = False) -> list[Column]:
    """A plausible set of columns in the form's order, with labels or known aliases and their units in brackets."""
    fields = edition.fields(kind)
    free = [name for name in FRESH[kind] if name not in CORE[kind] and name in fields and name not in _NOT_DRAWN]
    chosen = {*CORE[kind], *(free if every else random.sample(free, random.randrange(3, min(most, len(free)))))}
    if kind == "company":
        chosen |= {"china_centre", "overseas_source"}
    if "main_service" in chosen:
        chosen |= {"main_type", "main_area"}
    if kind == "company" and (every or random.random() < .4):
        chosen |= {"services", *(("uses_digital", "uses_crowdsourcing", "poverty_relief", "belt_and_road") if every else ())}
    return [clean_column(random, edition, kind, name) for name in fields if name in chosen]


def clean_column(random: Random, edition: Edition, kind: str, name: str) -> Column:
    """A column under its label or one of the aliases of fields.csv, with its unit."""
    f = edition.fields(kind)[name]
    label = f.label.split("（")[0] if f.unit and f.is_numeric else f.label
    aliases = [a for a in f.aliases if not a.startswith("其中") and len(a) > 2 and a not in _AMBIGUOUS]
    label = random.choice([label, label, *aliases]) if random.random() < .6 else label
    return Column(name, label, f.unit if f.is_numeric and random.random() < .8 else "")


#: Aliases that name other things beside the columns drawn here.
_AMBIGUOUS = ("姓名", "联系方式", "名称", "单位性质", "类型", "服务外包领域", "主要业务")
