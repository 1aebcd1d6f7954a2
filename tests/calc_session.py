"""LibreOffice Calc behind xlwings for tests: one process a test session, a fresh book a test, counted round trips.

``from calc_session import calc, book, counted`` gives the fixtures. Without LibreOffice or its Python bridge a test is
skipped with the reason; where the environment says CI, it fails, for there both must be installed.
"""

import os
import socket
import struct
import threading
import time

import pytest
import xlwings as xw

from tuijie_xl.calc import BridgeMissing, CalcSession, OfficeMissing, register


@pytest.fixture(scope="session")
def calc_process():
    session = CalcSession()
    try:
        session.start()
    except (BridgeMissing, OfficeMissing) as missing:
        session.close()
        (pytest.fail if os.environ.get("CI") else pytest.skip)(str(missing))
    yield session
    session.close()


@pytest.fixture
def calc(calc_process):
    """xlwings' App on the running LibreOffice; every book a test leaves open is closed."""
    before = xw.engines.active
    register(calc_process, macros=True)
    yield xw.apps.active
    for book in list(xw.apps.active.books):
        book.close()
    xw.engines.active = before


@pytest.fixture
def book(calc):
    return calc.books.add()


@pytest.fixture
def sheet(book):
    return book.sheets[0]


class RoundTrips:
    """A relay before the process that counts its answers: each is one round trip that the caller waited for.

    UNO's protocol sends blocks of (size, number of messages, messages); what comes back are replies.
    """

    def __init__(self, session: CalcSession):
        self.answers = 0
        self._pipe = f"/tmp/OSL_PIPE_{os.getuid()}_{session.pipe}"
        self._door = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = [self._door]
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def url(self) -> str:
        return f"uno:socket,host=127.0.0.1,port={self._door.getsockname()[1]};urp;StarOffice.ComponentContext"

    def _serve(self) -> None:
        client, _ = self._door.accept()
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        office = socket.socket(socket.AF_UNIX)
        while office.connect_ex(self._pipe):
            time.sleep(0.05)                                # the process is still starting
        self._open += [client, office]
        threading.Thread(target=self._pass_on, args=(client, office), daemon=True).start()
        self._pass_back(office, client)

    @staticmethod
    def _pass_on(client: socket.socket, office: socket.socket) -> None:
        try:
            while data := client.recv(1 << 16):
                office.sendall(data)
        except OSError:
            pass

    def _pass_back(self, office: socket.socket, client: socket.socket) -> None:
        stream = office.makefile("rb")
        try:
            while header := stream.read(8):
                size, messages = struct.unpack(">II", header)
                self.answers += messages
                client.sendall(header + stream.read(size))
        except OSError:
            pass
        finally:
            stream.close()

    def of(self, do) -> int:
        """How many round trips a call takes."""
        before = self.answers
        do()
        return self.answers - before

    def close(self) -> None:
        for one in self._open:
            one.close()


class CountedSession(CalcSession):
    """A session of its own, reached over the relay only: an object known over two ways would keep to the first."""

    def connect(self, address: str | None = None):
        self.relay = RoundTrips(self)
        return super().connect(self.relay.url)


@pytest.fixture(scope="module")
def counted_process(calc_process):
    session = CountedSession().start()
    yield session
    session.close()
    session.relay.close()


@pytest.fixture
def counted(counted_process):
    """(App, RoundTrips)."""
    before = xw.engines.active
    register(counted_process)
    yield xw.apps.active, counted_process.relay
    for book in list(xw.apps.active.books):
        book.close()
    xw.engines.active = before
