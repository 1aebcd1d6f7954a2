"""What can be done on a workbook that is open before the officer: one function a button, pure of any spreadsheet program."""

from __future__ import annotations

from collections.abc import Callable

from ..apology import sorry
from ..edition import Edition, EditionError
from ..problem import UnusableFile
from . import presses
from .openbook import Cancelled, CannotDo, OpenBook

#: Button id -> what it does; the words it gives are told to the officer, '' says nothing.
ACTIONS: dict[str, Callable[[OpenBook, Edition], str]] = {
    "import": presses.press_import, "validate": presses.press_validate, "next_problem": presses.press_next_problem,
    "measures": presses.press_measures, "clear_marks": presses.press_clear_marks, "undo": presses.press_undo,
    "sheets": presses.press_sheets, "sheets_selected": presses.press_sheets_selected, "pdf": presses.press_pdf,
    "materials": presses.press_materials, "stats": presses.press_stats, "doctor": presses.press_doctor,
    "help": presses.press_help,
}


def press(ident: str, book: OpenBook, edition: Edition) -> str:
    """Do what the button of that id does and tell the officer; every exception becomes one Chinese message.

    Gives what was told. An id without an action is our own bug, told as such.
    """
    try:
        said = ACTIONS[ident](book, edition)
    except (CannotDo, UnusableFile) as err:
        said = str(err)
    except EditionError as err:
        said = f"年度版本不能使用：{err.why}（{err.path}，{err.key}）"
    except (Cancelled, KeyboardInterrupt):
        said = "已停止，工作簿和按按钮之前一样。"
    except Exception as err:  # noqa: BLE001
        said = book.explain(err) or sorry(err)
    if said:
        book.tell(said)
    return said


__all__ = ["ACTIONS", "Cancelled", "CannotDo", "OpenBook", "press"]
