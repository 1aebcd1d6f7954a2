"""Sheet protection, for which xlwings has no words of its own: ``live`` calls these where the engine is ours.

They take xlwings' objects. What a protected sheet may still allow (sorting, filtering, formatting cells) LibreOffice 7
does not hand to programs: it stays as the file has it, and is lost when a sheet is unprotected and protected again.
"""

from __future__ import annotations

import xlwings as xw
from xlwings import XlwingsError

from .bridge import failure


def is_protected(sheet: xw.Sheet) -> bool:
    return sheet.api.isProtected()


def protect(sheet: xw.Sheet, password: str = "") -> None:
    sheet.api.protect(password)


def unprotect(sheet: xw.Sheet, password: str = "") -> None:
    """Take the protection off; XlwingsError if the password is not the right one."""
    try:
        sheet.api.unprotect(password)
    except failure("lang.IllegalArgumentException") as error:
        raise XlwingsError(f"工作表“{sheet.name}”的保护密码不对。") from error


def is_locked(cells: xw.Range) -> bool | None:
    """Whether the cells are closed while the sheet is protected; None where they differ."""
    mixed = cells.api.getPropertyState("CellProtection").value == "AMBIGUOUS_VALUE"
    return None if mixed else cells.api.CellProtection.IsLocked


def set_locked(cells: xw.Range, locked: bool) -> None:
    cells.impl.guard_formats("设置单元格锁定")
    lock = cells.api.CellProtection
    lock.IsLocked = locked
    cells.api.CellProtection = lock


def is_read_only(book: xw.Book) -> bool:
    """Whether the book can't be saved under its own name (opened so, or locked by another program)."""
    return book.impl.read_only
