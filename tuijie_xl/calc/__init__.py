"""An xlwings engine on LibreOffice Calc: the code that runs in Excel runs on a live Calc document, on Linux.

    from tuijie_xl.calc import CalcSession, register

    with CalcSession() as session:
        register(session)
        book = xlwings.Book("推介填报.xlsx")
        book.sheets["企业"]["B6"].value = "甲公司"

From bottom to top: ``bridge`` (UNO in Python), ``session`` (the process); ``area``, ``values``, ``formulas`` (pure);
``range`` with ``looks``, ``borders``, ``edits``, ``texts``, ``notes``, ``names``, ``tables``, ``validation``, ``conditions``;
``sheets``, ``drawings``, ``books``, ``engine``. Beside them, for what xlwings has no words: ``protection``, ``many``, ``view``.
Where Calc differs from Excel it is said in the docstring of the thing and shown by a test; what is not there raises
NotImplementedError. Imported by tests and, on Linux desktops, by ``live``; nothing else of the package needs it.
"""

from .bridge import BridgeMissing
from .engine import register
from .session import CalcSession, OfficeMissing

__all__ = ["BridgeMissing", "CalcSession", "OfficeMissing", "register"]
