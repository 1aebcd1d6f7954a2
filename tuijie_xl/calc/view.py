"""What the officer sees of a book: the first row and column in the window. xlwings has no words for it."""

from __future__ import annotations

import xlwings as xw


def scroll(book: xw.Book) -> tuple[int, int]:
    """(row, column) in the upper left corner of the window, counted from 1; it belongs to the active sheet."""
    controller = book.impl.controller
    return controller.getFirstVisibleRow() + 1, controller.getFirstVisibleColumn() + 1


def set_scroll(book: xw.Book, row: int, column: int) -> None:
    controller = book.impl.controller
    controller.setFirstVisibleRow(row - 1)
    controller.setFirstVisibleColumn(column - 1)
