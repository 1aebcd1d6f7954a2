"""One-applicant forms: label left or above, value right or below; one sheet or one file each."""

from __future__ import annotations

from random import Random

from tuijie_xl.book import a1
from tuijie_xl.edition import Edition

from .plan import Column, Laid, Plan, clean_columns
from .spellings import SPELLINGS
from .truth import Applicant, Cell, SheetTruth

FORMS = {"form, one pair a row": "label left, value right", "form, two pairs a row": "label left, value right, two pairs a row",
         "form, label above": "label above, value below"}
TITLES = {"company": "企业基本信息表", "park": "园区信息表", "trainer": "培训机构及教育院校信息表"}
_SAFE = ("number as text", "thousands marks", "people in the cell", "wan in the cell", "date in words", "tick or cross", "by semicolons", "about", "trailing space")


def draw_form(random: Random, edition: Edition, kind: str, record: dict, layout: str, name: str) -> Laid:
    """A form of one applicant: title, labelled cells, sections and the seal boxes below."""
    columns = [c for c in clean_columns(random, edition, kind, most=24) if record.get(c.field) is not None]
    cells = {c.field: _cell(random, edition, kind, c, record) for c in columns}
    truth = SheetTruth(name, kind, [(c.written, c.field) for c in columns], [Applicant(kind, None, cells)], form=True)
    laid = Laid(name, [[f"附件{random.randrange(1, 4)}"], [TITLES[kind]]], truth)
    {"form, one pair a row": _one_pair, "form, two pairs a row": _two_pairs, "form, label above": _above}[layout](laid, columns, cells, random)
    laid.rows += [[], ["企业公章（盖章）", None, "商务主管部门核准意见（盖章）"], [None, None, "    年   月   日"], ["注：本表一式两份"]]
    width = max(map(len, laid.rows))
    laid.rows = [row + [None] * (width - len(row)) for row in laid.rows]
    laid.merges.append((1, 0, 1, width - 1))
    return laid


def _cell(random: Random, edition: Edition, kind: str, column: Column, record: dict) -> Cell:
    value = record[column.field]
    fitting = Plan(random, edition, kind, [record], [column], "").of_types
    free = [s for s in SPELLINGS if s.name in _SAFE and fitting(s.types)]
    cell = random.choice(free).cell(value, random) if free and random.random() < .25 else None
    return cell or Cell("、".join(value) if isinstance(value, tuple) else value, value)


def _note(laid: Laid, name: str, column: int) -> None:
    """Remember where the value of a field stands: in the last row."""
    laid.truth.applicants[0].at[name] = a1(len(laid.rows) - 1, column)


def _one_pair(laid: Laid, columns: list[Column], cells: dict[str, Cell], random: Random) -> None:
    for column in columns:
        laid.rows.append([column.written, cells[column.field].written])
        _note(laid, column.field, 1)


def _two_pairs(laid: Laid, columns: list[Column], cells: dict[str, Cell], random: Random) -> None:
    laid.rows.append(["一、基本情况"])
    for left, right in zip(columns[::2], [*columns[1::2], None]):
        row = [left.written, cells[left.field].written]
        laid.rows.append(row + ([right.written, cells[right.field].written] if right else []))
        _note(laid, left.field, 1)
        if right:
            _note(laid, right.field, 3)
        if right is None:
            laid.merges.append((len(laid.rows) - 1, 1, len(laid.rows) - 1, 3))


def _above(laid: Laid, columns: list[Column], cells: dict[str, Cell], random: Random) -> None:
    for start in range(0, len(columns), 4):
        some = columns[start:start + 4]
        laid.rows += [[c.written for c in some], [cells[c.field].written for c in some]]
        for position, column in enumerate(some):
            _note(laid, column.field, position)
