"""设置: the hidden sheet by which the importer knows our own books."""

from __future__ import annotations

from .. import __version__
from ..book import SheetPlan
from ..edition import Edition
from . import style

SHEET = "设置"
MARK = "tuijie_xl"


def plan_settings(edition: Edition, role: str, batch: str | None = None) -> SheetPlan:
    """``role`` is 'template', 'master' or 'applicants'; A1 is the mark."""
    sheet = SheetPlan(SHEET, hidden=True, protect=True, widths={0: 16, 1: 40})
    rows = [(MARK, None), ("edition", edition.id), ("version", __version__), ("role", role), ("batch", batch)]
    for row, (key, value) in enumerate(rows):
        sheet.put(row, 0, key, style.CELL)
        sheet.put(row, 1, value, style.CELL)
    return sheet
