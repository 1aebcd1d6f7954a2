"""The ribbon's way into Python: VBA calls ``press`` with a button's id, on the workbook that is open in Excel.

The only importers of xlwings are this package and ``calc``; the actions themselves are in ``desk``.
"""

from __future__ import annotations

import sys


def press(ident: str) -> None:
    """Do what the button of that id does on the workbook that called (``xlwings.Book.caller``).

    Whatever goes wrong is told to the officer in one dialog; nothing is raised.
    """
    from ..apology import sorry
    from .book import LiveBook, explain

    try:
        import xlwings

        from ..desk import press as press_open
        from ..edition import editions, load_edition

        book = LiveBook(xlwings.Book.caller())
    except Exception as err:  # noqa: BLE001
        _say(explain(err) or sorry(err))
        return
    try:
        edition = load_edition(book.edition_id() or editions()[0])
    except Exception as err:  # noqa: BLE001
        book.tell(explain(err) or str(err))
        return
    press_open(ident, book, edition)


def _say(text: str) -> None:
    """A message when there is no workbook to say it through."""
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.user32.MessageBoxW(0, text, "推介申报", 0x40)
    else:
        print(text, file=sys.stderr)


__all__ = ["press"]
