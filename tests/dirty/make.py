"""Drawing dirty files from a seed: every mutation alone, then random combinations, in all formats."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from random import Random

from tuijie_xl.examples.applicants import draw_applicant
from tuijie_xl.examples.people import PLACES, People

from tuijie_xl.book import a1, column_letter
from tuijie_xl.edition import load_edition

from .catalogue import MUTATIONS, Mutation, head_freshly
from .forms import FORMS, TITLES, draw_form
from .plan import Column, Laid, Plan, clean_columns
from .sheet import lay_out
from .spellings import SPELLINGS
from .truth import NOTHING, READABLE, Cell, FileTruth, SheetTruth
from .writers import FORMATS, Format

SIZES = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 30, 60)
TOGETHER = 6                                # spellings in one file of their own
FRESH_SHARE = .12                           # columns of a combination that are headed with no known wording
_USUAL = ("xlsx", "xlsx", "xlsx", "xls", "xlsb", "ods", "csv gb18030", "csv utf-8 bom", "csv utf-16")
_EASY = ("about", "thousands marks", "date in words", "people in the cell", "code spaced")
_VALUES = {s.name for s in SPELLINGS}
_NOT_IN_TEXT = ("hidden rows", "hidden columns", "hidden sheet", "side notes")
_SHEETS = {"company": ("企业", "Sheet1", "服务外包企业", "汇总表"), "park": ("园区", "产业园区", "Sheet1"), "trainer": ("培训机构", "院校", "Sheet1")}


class Maker:
    """Draws the files of one seed; ``make(i)`` is the same whatever was drawn before, save for names being unique."""

    def __init__(self, seed: int, folder: Path):
        self.seed, self.folder, self.edition = seed, folder, load_edition("2018")
        self.people = People(Random(f"{seed} people"))
        folder.mkdir(parents=True, exist_ok=True)

    def files(self, count: int) -> Iterator[FileTruth]:
        """``count`` files: first every entry of the catalogue by itself, then combinations."""
        recipes = list(alone())
        for number in range(count):
            random = Random(f"{self.seed} {number}")
            recipe = recipes[number] if number < len(recipes) else combination(random)
            yield self.make(number, random, *recipe)

    def make(self, number: int, random: Random, mutations: list[Mutation], format_name: str, shape: str) -> FileTruth:
        """One file. ``shape`` is 'list' or one of SHAPES or FORMS."""
        format = FORMATS[format_name]
        alone = 0 < len(mutations) <= TOGETHER
        for attempt in range(60):
            kind = random.choices(("company", "park", "trainer"), (7, 2, 2))[0]
            if shape in FORMS:
                return self._form_file(number, random, kind, format, shape)
            plan = self.plan(random, kind, roomy=alone and mutations[0].name in _VALUES)
            if mutations and not alone:
                head_freshly(plan, FRESH_SHARE)
            applied = [m.name for m in mutations if not (format.text and m.name in _NOT_IN_TEXT) and m.apply(plan) is not False]
            if mutations and len(applied) < (len(mutations) if alone and attempt < 50 else 1):
                continue
            if shape in SHAPES and SHAPES[shape][1](self, plan) is False:
                if attempt < 40 and alone | (not mutations):
                    continue
                shape = "list"
            return self._write(number, random, plan, format, applied + ([shape] if shape != "list" else []), shape)
        raise AssertionError(f"cannot apply {[m.name for m in mutations]}")

    def plan(self, random: Random, kind: str, size: int | None = None, *, roomy: bool = False) -> Plan:
        """A clean list; ``roomy`` with all columns and enough rows to write many of them otherwise."""
        size = size or random.choice(SIZES[10:] if roomy else SIZES)
        region = random.choice(list(PLACES))
        records = [self.record(random, kind, random.choice(PLACES[region])) for _ in range(size)]
        columns = clean_columns(random, self.edition, kind, every=roomy)
        if random.random() < .75:
            columns.insert(0, Column("serial", random.choice(("序号", "编号", "序号", "No."))))
        return Plan(random, self.edition, kind, records, columns, random.choice(_SHEETS[kind]))

    def record(self, random: Random, kind: str, place) -> dict:
        """A clean applicant with the few facts that the examples do not draw."""
        own = draw_applicant(self.edition, kind, random, self.people, place)
        share = random.randrange(20, 90)
        if own["name"].endswith("有限公司") and "（" not in own["name"] and random.random() < .3:
            own["name"] = f"{own['name'].removesuffix('有限公司')}（集团）有限公司"
        return own | {"website": f"http://www.{own['email'].split('@')[0]}.example.com",
                      "remarks": random.choice(("首次推荐", "上年度已推荐", "材料齐全")),
                      **({"ito_share": Decimal(share), "profile": "主要从事软件研发和数据处理业务。"} if kind == "company" else {})}

    # -------------------------------------------------------------- files

    def _write(self, number: int, random: Random, plan: Plan, format: Format, applied: list[str], shape: str) -> FileTruth:
        _fit_to_format(plan, format)
        sheets = [lay_out(plan)]
        if not format.text:
            sheets = SHAPES[shape][2](self, plan, sheets) if shape in SHAPES else sheets
        if sheets[0].hidden and len(sheets) == 1:
            sheets.append(Laid("说明", [["本表由市商务局汇总"]], SheetTruth("说明", "")))
        if format.text:
            _forget_merges(sheets[0])
        region = plan.records[0]["province"]
        name = random.choice((f"{region}推荐表", f"{region}商务厅汇总", "终于搞定的最终版", f"{region}（更新{len(plan.records)}家）", "汇总表2018"))
        path = self.folder / f"{number:03d}{name}{format.suffix}"
        format.write(path, sheets)
        needs = format.needs | (SHAPES[shape][3] if shape in SHAPES and not format.text else frozenset())
        truth = FileTruth(str(path), format.name, [s.truth for s in sheets], [*applied, f"format: {format.name}"], needs, format.refused)
        if format.text:
            truth.sheets[0].name = ""
        return truth

    def _form_file(self, number: int, random: Random, kind: str, format: Format, layout: str) -> FileTruth:
        count = 1 if format.text else random.choice((1, 1, 3))
        place = random.choice([p for places in PLACES.values() for p in places])
        sheets = [draw_form(random, self.edition, kind, self.record(random, kind, place), layout, TITLES[kind][:8] + ("" if count == 1 else str(i + 1)))
                  for i in range(count)]
        if format.text:
            _forget_merges(sheets[0])
        path = self.folder / f"{number:03d}{TITLES[kind]}{format.suffix}"
        format.write(path, sheets)
        truth = FileTruth(str(path), format.name, [s.truth for s in sheets], [layout, f"format: {format.name}"], format.needs | {"form"}, format.refused)
        if format.text:
            truth.sheets[0].name = ""
        return truth


def _fit_to_format(plan: Plan, format: Format) -> None:
    """What a format cannot hold is written as it is; only a workbook keeps a formula without its result."""
    keep = () if format.name.startswith("xlsx") or format.name == "xlsm" else ("formula without result",)
    while plan is not None:
        plan.spelled = {key: s for key, s in plan.spelled.items() if s.name not in keep}
        plan.side = [] if format.text else plan.side
        plan = plan.after


def _forget_merges(sheet: Laid) -> None:
    """In a text file a merged cell is one text and blanks: nobody can know whom the blanks belong to."""
    if sheet.truth.form:
        return
    for applicant in sheet.truth.applicants:
        for name, cell in applicant.cells.items():
            if cell.mutation == "merged down" and cell.how == READABLE:
                applicant.cells[name] = Cell(None, None, NOTHING, (cell.value,), "merged down")


# ------------------------------------------------------------------ shapes of files

def _no_change(maker: Maker, plan: Plan) -> None:
    return None


def _same_sheets(maker: Maker, plan: Plan, sheets: list[Laid]) -> list[Laid]:
    return sheets


def _empty_sheets(maker: Maker, plan: Plan, sheets: list[Laid]) -> list[Laid]:
    return [*sheets, *(Laid(name, [], SheetTruth(name, "")) for name in ("Sheet2", "Sheet3"))]


def _bare_names(maker: Maker, plan: Plan, sheets: list[Laid]) -> list[Laid]:
    names = [[r["name"]] for r in plan.records[:8]]
    return [*sheets, Laid("名单", names, SheetTruth("名单", "", others={i: "bare name" for i in range(1, len(names) + 1)}))]


def _explained(maker: Maker, plan: Plan, sheets: list[Laid]) -> list[Laid]:
    lines = [["填表说明"], ["一、本表由各市商务局填写。"], ["二、金额单位为万元。"], ["三、企业名称须与公章一致。"]]
    return [Laid("填表须知", lines, SheetTruth("填表须知", "")), *sheets]


def _all_kinds(maker: Maker, plan: Plan, sheets: list[Laid]) -> list[Laid]:
    for kind in maker.edition.kinds:
        if kind != plan.kind:
            other = maker.plan(plan.random, kind, plan.random.randrange(1, 6))
            other.name = _SHEETS[kind][0]
            sheets = [*sheets, lay_out(other)]
    return sheets


def _rename_first(maker: Maker, plan: Plan) -> None:
    plan.name = _SHEETS[plan.kind][0]


def _two_tables(maker: Maker, plan: Plan) -> bool:
    """Two tables below each other, of one kind or of two."""
    if plan.hidden_rows or not plan.header:
        return False
    kind = plan.random.choice([k for k in maker.edition.kinds if k != plan.kind])
    plan.after = maker.plan(plan.random, kind, plan.random.randrange(2, 6))
    plan.after.offset = plan.offset
    plan.after.above.append(("title", [{"company": "服务外包企业", "park": "产业园区", "trainer": "培训机构"}[kind]]))
    return True


def _plain(maker: Maker, plan: Plan) -> bool:
    """Only lists of one header row and nothing but applicants are put together otherwise."""
    if any(c.bands or c.hidden for c in plan.columns) or plan.above or plan.below or plan.between or plan.totals or plan.subtotals or plan.sections \
            or plan.merged_down or plan.written_once or plan.repeat_header or plan.number_row or plan.repeated or plan.side or plan.hidden_rows \
            or not plan.header or plan.offset != (0, 0) or len(plan.records) < 4 or plan.hidden or plan.notes:
        return False
    plan.columns = [c for c in plan.columns if c.field]
    return True


def _beside(maker: Maker, plan: Plan, sheets: list[Laid]) -> list[Laid]:
    """Another list of the same kind at the right of the first, a blank column between them."""
    other = maker.plan(plan.random, plan.kind, len(plan.records))
    first, second = sheets[0], lay_out(other)
    shift = len(first.rows[0]) + 1
    for laid, left in ((first, 0), (second, shift)):
        letters = frozenset(column_letter(left + i) for i in range(len(laid.rows[0])))
        for one in laid.truth.applicants:
            one.letters = letters
    first.truth.columns += [(column_letter(shift + i), name) for i, (_, name) in enumerate(second.truth.columns)]
    first.truth.applicants += second.truth.applicants
    first.rows = [left + [None] + right for left, right in zip(first.rows, second.rows, strict=True)]
    return sheets


def _turned(maker: Maker, plan: Plan, sheets: list[Laid]) -> list[Laid]:
    """The list turned over: labels down the left, one column an applicant."""
    laid = sheets[0]
    laid.rows = [list(row) for row in zip(*laid.rows)]
    laid.merges, laid.heads, laid.truth.form, laid.truth.others, laid.colours = [], set(), True, {}, set()
    names = [name for _, name in laid.truth.columns]
    for position, one in enumerate(laid.truth.applicants, 1):
        one.at = {name: a1(names.index(name), position) for name in one.cells}
        one.row = None
    return sheets


def _continued(maker: Maker, plan: Plan, sheets: list[Laid]) -> list[Laid]:
    """The second half of the list on a sheet of its own, without a header."""
    first = sheets[0]
    half = len(first.rows) // 2 + 1
    truth = SheetTruth(f"{first.name}（续）", plan.kind, list(first.truth.columns), [a for a in first.truth.applicants if a.row > half])
    for one in truth.applicants:
        one.row -= half
    second = Laid(truth.name, first.rows[half:], truth)
    first.rows, first.truth.applicants = first.rows[:half], [a for a in first.truth.applicants if a not in truth.applicants]
    first.colours = set()
    return [first, second]


#: Shape -> (sentence, what it does to the plan, what it does to the sheets, what the product must be able to read).
SHAPES: dict[str, tuple[str, Callable, Callable, frozenset[str]]] = {
    "empty sheets": ("empty Sheet2/Sheet3", _no_change, _empty_sheets, frozenset()),
    "bare names": ("second sheet with bare names", _no_change, _bare_names, frozenset()),
    "explained": ("sheets of explanations", _no_change, _explained, frozenset()),
    "all kinds": ("one sheet for each kind", _rename_first, _all_kinds, frozenset()),
    "two tables": ("several tables on a sheet", _two_tables, _same_sheets, frozenset()),
    "beside": ("several tables on a sheet, side by side", _plain, _beside, frozenset({"beside"})),
    "turned over": ("label left, value right, for several applicants", _plain, _turned, frozenset({"turned over"})),
    "continued": ("a list that goes on upon the next sheet", _plain, _continued, frozenset({"continued"})),
}


# ------------------------------------------------------------------ recipes

def alone() -> Iterator[tuple[list[Mutation], str, str]]:
    """Every format clean, every mutation of layout alone, spellings a few at a time in different columns, every shape."""
    for name in FORMATS:
        yield [], name, "list"
    layouts = [m for m in MUTATIONS if m.name not in _VALUES]
    for number, one in enumerate(layouts):
        yield [one], "xlsx" if one.name in _NOT_IN_TEXT else _USUAL[number % len(_USUAL)], "list"
    values = [m for m in MUTATIONS if m.name in _VALUES]
    for start in range(0, len(values), TOGETHER):
        yield values[start:start + TOGETHER], "xlsx" if start % 2 else "xls", "list"
    for number, shape in enumerate([*SHAPES, *FORMS]):
        yield [], ("xlsx", "ods", "xls")[number % 3], shape
        if shape in ("beside", "turned over", "continued"):
            yield [m for m in values if m.name in _EASY], "xlsx", shape


def combination(random: Random) -> tuple[list[Mutation], str, str]:
    """Two to five ways of layout and up to eight spellings together, in a format drawn by lot."""
    layouts = [m for m in MUTATIONS if m.name not in _VALUES and m.name != "no header"]
    values = [m for m in MUTATIONS if m.name in _VALUES]
    chosen = random.sample(layouts, random.randrange(2, 6)) + random.sample(values, random.randrange(2, 9))
    format_name = random.choice([name for name in FORMATS if name != "encrypted"]) if random.random() < .5 else "xlsx"
    shape = "list" if random.random() < .75 else random.choice([*SHAPES, *FORMS])
    if FORMATS[format_name].text and shape not in ("two tables", *FORMS):
        shape = "list"
    return chosen, format_name, shape
