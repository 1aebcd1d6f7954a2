"""The xlwings engine: ordinary xlwings code, carried out by a running LibreOffice Calc.

    with CalcSession() as session:
        engine = register(session)              # and xlwings uses it from here on
        book = xw.Book("推介填报.xlsx")

Each ``App`` is one ``CalcSession``. What xlwings can do and this engine can't raises NotImplementedError.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import xlwings as xw
from xlwings import XlwingsError, base_classes

from . import formulas, values
from .books import Books
from .bridge import settings
from .range import Range
from .session import CalcSession

NAME = "calc"


class Engine:
    """What ``xw.engines.add(xw.Engine(impl=...))`` takes. ``macros`` allows the macros of the books it opens."""

    name, type = NAME, "desktop"

    def __init__(self, session: CalcSession, macros: bool = False):
        self.macros = macros
        self.apps = Apps(self)
        self.apps.start(session)

    @staticmethod
    def prepare_xl_data_element(value: Any, options: Any) -> Any:
        return values.plain(value)

    @staticmethod
    def clean_value_data(data: Any, datetime_builder: Any, empty_as: Any, number_builder: Any,
                         err_to_str: bool) -> list[list[Any]]:
        return values.cleaned(data, datetime_builder, empty_as, number_builder)


def register(session: CalcSession, macros: bool = False) -> xw.Engine:
    """Make a started session the active xlwings engine; an earlier engine of ours is replaced."""
    engine = xw.Engine(impl=Engine(session, macros))
    xw.engines.engines[:] = [other for other in xw.engines.engines if other.name != NAME]
    xw.engines.add(engine)
    engine.activate()
    return engine


class Apps(base_classes.Apps):
    """The running sessions, by process id; the first one is the active one."""

    def __init__(self, engine: Engine):
        self.engine = engine
        self._apps: list[App] = []

    def start(self, session: CalcSession) -> App:
        self._apps.insert(0, App(self, session))
        return self._apps[0]

    def add(self, spec: Any = None, add_book: Any = None, xl: Any = None, visible: Any = None) -> App:
        """A further LibreOffice process, closed by ``quit`` or ``kill``; with windows only where ``visible``."""
        app = self.start(CalcSession(spec or "soffice", headless=not visible).start())
        if add_book:
            app.books.add()
        return app

    def remove(self, app: App) -> None:
        self._apps = [other for other in self._apps if other is not app]

    def keys(self) -> list[int]:
        return [app.pid for app in self._apps]

    @staticmethod
    def cleanup() -> None:
        """Nothing to do: each session ends its own process."""

    def __iter__(self) -> Iterator[App]:
        return iter(list(self._apps))

    def __len__(self) -> int:
        return len(self._apps)

    def __getitem__(self, pid: int) -> App:
        return next(app for app in self._apps if app.pid == pid)


class App(base_classes.App):
    """One LibreOffice. Screen updating and calculation belong to documents there: set here, they go to every open one
    and to those opened later. Events and alerts are only remembered: LibreOffice asks nothing when it is driven so."""

    engine = books = None               # (properties in the base class)
    display_alerts = enable_events = interactive = True

    def __init__(self, apps: Apps, session: CalcSession):
        self.apps, self.engine, self.session = apps, apps.engine, session
        self.books = Books(self)
        self._screen_updating, self._calculation, self._status, self._indicator = True, "automatic", False, None

    def service(self, name: str, *arguments: Any) -> Any:
        """A service of LibreOffice's own: ``service('frame.Desktop')``."""
        manager = self.session.context.ServiceManager
        if arguments:
            return manager.createInstanceWithArgumentsAndContext(f"com.sun.star.{name}", arguments, self.session.context)
        return manager.createInstanceWithContext(f"com.sun.star.{name}", self.session.context)

    @cached_property
    def api(self) -> Any:
        """LibreOffice's desktop object."""
        return self.service("frame.Desktop")

    @cached_property
    def version(self) -> str:
        provider = self.service("configuration.ConfigurationProvider")
        return provider.createInstanceWithArguments("com.sun.star.configuration.ConfigurationAccess",
                                                    settings(nodepath="/org.openoffice.Setup/Product")).ooSetupVersion

    @cached_property
    def function_names(self) -> tuple[dict[str, str], dict[str, str]]:
        """(Excel's function names -> LibreOffice's, the reverse): see ``formulas.names_of``."""
        document = self.books.any_document()
        mapper, everything = document.createInstance("com.sun.star.sheet.FormulaOpCodeMapper"), 0x7FFFFFFF
        calc, excel = ([(entry.Token.OpCode, entry.Name) for entry in mapper.getAvailableMappings(language, everything)]
                       for language in (2, 5))      # FormulaLanguage.ENGLISH and .OOXML
        return formulas.names_of(calc, excel)

    @property
    def pid(self) -> int:
        return self.session.pid

    hwnd = None

    @property
    def path(self) -> str:
        return self.session.program

    @property
    def visible(self) -> bool:
        return not self.session.headless

    @visible.setter
    def visible(self, value: bool) -> None:
        """Decided when the process starts; xlwings sets it on every new App, so a headless one stays so silently."""

    def activate(self, steal_focus: bool = False) -> None:
        self.apps._apps.sort(key=lambda app: app is not self)

    @property
    def screen_updating(self) -> bool:
        return self._screen_updating

    @screen_updating.setter
    def screen_updating(self, value: bool) -> None:
        self._screen_updating = bool(value)
        for book in self.books:
            book.take_settings()

    @property
    def calculation(self) -> str:
        return self._calculation

    @calculation.setter
    def calculation(self, value: str) -> None:
        """'automatic' or 'manual'; 'semiautomatic' is automatic, for Calc has no data tables to leave out."""
        if value not in ("automatic", "semiautomatic", "manual"):
            raise ValueError(f"unknown calculation mode {value!r}")
        self._calculation = value
        for book in self.books:
            book.take_settings()

    def calculate(self) -> None:
        for book in self.books:
            book.api.calculateAll()

    @property
    def status_bar(self) -> str | bool:
        return self._status

    @status_bar.setter
    def status_bar(self, value: str | bool) -> None:
        """A text, or False to give the bar back."""
        self._status = value
        if self._indicator is not None:
            self._indicator.end()
            self._indicator = None
        frame = self.books.active.frame if value and len(self.books) else None
        if frame is not None:
            self._indicator = frame.createStatusIndicator()
            self._indicator.start(str(value), 0)

    @property
    def selection(self) -> Range | None:
        """The selected cells of the active book; of several areas the first."""
        return self.books.active.selection if len(self.books) else None

    def run(self, macro: str, arguments: Sequence[Any]) -> Any:
        """Run 'Module.Sub' or 'Sub' of the book named before '!' (else the active one): see ``Book.run``."""
        if not self.engine.macros:
            raise XlwingsError("本会话不运行宏：打开时没有允许宏（register(session, macros=True)）。")
        book, _, name = macro.rpartition("!")
        return (self.books(book.strip("'")) if book else self.books.active).run(name, arguments)

    def quit(self) -> None:
        """Close every book without saving, then end the process."""
        for book in list(self.books):
            book.close()
        self.kill()

    def kill(self) -> None:
        self.apps.remove(self)
        self.session.close()
