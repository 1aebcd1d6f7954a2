"""The macro-free template that bureaus fill in: 填表说明, one sheet a kind, 材料清单, and hidden lists and settings.

A book of ours is known by its sheet 设置: A1 holds ``MARK``, below stand keys and values.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from .. import __version__
from ..book import SheetPlan, WorkbookPlan
from ..edition import Edition
from . import style
from .entry import plan_entry
from .guide import plan_guide, plan_materials
from .lists import plan_lists

MARK, SETTINGS = "tuijie_xl", "设置"
PREPARED_ROWS = 500
MASTER, BATCH, FORMER = "master", "batch", "former"     # a book's kind, and keys of a master's settings


def plan_template(edition: Edition, rows: int = PREPARED_ROWS,
                  applicants: Mapping[str, pd.DataFrame] | None = None) -> WorkbookPlan:
    """推介填报: every kind's sheet with ``rows`` prepared rows.

    ``applicants`` fills them: kind id -> frame of field id -> value (as ``Applicants.frame``); a kind that
    is not in it stays blank. Values are written as they are, legal or not.
    """
    filled = applicants or {}
    lists, names = plan_lists(edition)
    sheets = [plan_guide(edition, rows), *(plan_entry(edition, kind, rows, filled.get(kind)) for kind in edition.kinds),
              plan_materials(edition), lists, plan_settings(edition, "template")]
    return WorkbookPlan(sheets, names, title=f"{edition.title}填报表", subject=edition.title)


def plan_settings(edition: Edition, book: str, more: Mapping[str, str] | None = None) -> SheetPlan:
    """The hidden sheet 设置 by which the importer knows the book, its edition and its kind ('template', ``MASTER``);
    ``more`` are further keys: a master's batch and the sha256 of the master before it."""
    sheet = SheetPlan(SETTINGS, hidden=True, protect=True, widths={0: 16, 1: 40})
    sheet.put(0, 0, MARK, style.TABLE_HEAD)
    for row, (key, value) in enumerate({"edition": edition.id, "title": edition.title, "version": __version__,
                                        "book": book, **(more or {})}.items(), 1):
        sheet.put(row, 0, key, style.TABLE_QUIET)
        sheet.put(row, 1, value, style.TABLE_CELL)
    return sheet
