"""A LibreOffice of our own: started without a window, with its own profile, reached over a private pipe, and ended.

    with CalcSession() as session:
        engine = register(session)

Nothing is shared with an office that the user has open: the profile is another, so the process is another.
"""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from pathlib import Path
from typing import Any, Self

from .bridge import failure, uno

_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
{items}</oor:items>
"""
_ITEM = ('<item oor:path="/org.openoffice.Office.{path}"><prop oor:name="{name}" oor:op="fuse">'
         "<value>{value}</value></prop></item>\n")
# Formulas are computed anew on load, as Excel does with a file that another program wrote; no first-start dialogs;
# no recovery of documents after a kill (a test or the officer decides what is opened).
_PROFILE = (
    ("Calc/Formula/Load", "OOXMLRecalcMode", "0"),
    ("Calc/Formula/Load", "ODFRecalcMode", "0"),
    ("Common/Misc", "FirstRun", "false"),
    ("Recovery/RecoveryInfo", "Enabled", "false"),
    ("Recovery/AutoSave", "Enabled", "false"),
)


class OfficeMissing(RuntimeError):
    """LibreOffice is not installed or does not start; the message is for the officer."""


class CalcSession:
    """One soffice process. ``program`` is the command, ``headless`` False shows its windows, ``profile`` is a folder
    that stays (otherwise a temporary one that goes with the session), ``wait`` seconds are allowed for the start."""

    def __init__(self, program: str = "soffice", *, headless: bool = True, profile: Path | None = None,
                 wait: float = 60.0):
        self.program, self.headless, self.wait = program, headless, wait
        self.pipe = f"tuijie_{uuid.uuid4().hex}"
        self._folder = None if profile else Path(tempfile.mkdtemp(prefix="tuijie_calc_"))
        self.profile = Path(profile or self._folder / "profile")
        self.process: subprocess.Popen[bytes] | None = None
        self.context: Any = None

    @property
    def url(self) -> str:
        """The address under which this process takes UNO connections."""
        return f"uno:pipe,name={self.pipe};urp;StarOffice.ComponentContext"

    @property
    def pid(self) -> int:
        """The process (and process group) started by ``start``."""
        return self.process.pid if self.process else 0

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> Self:
        """Start the process and wait until it answers; ``OfficeMissing`` if it does not."""
        uno()
        program = shutil.which(self.program)
        if program is None:
            raise OfficeMissing(f"找不到 LibreOffice（{self.program}）。请安装 libreoffice-calc，或确认它在 PATH 中。")
        self._prepare_profile()
        options = ["--headless"] if self.headless else []
        command = [program, f"-env:UserInstallation={self.profile.absolute().as_uri()}", *options, "--norestore",
                   "--nologo", "--nodefault", "--nolockcheck", "--nofirststartwizard",
                   f"--accept=pipe,name={self.pipe};urp;"]
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL, start_new_session=True)
        atexit.register(self.close)
        self.context = self.connect()
        return self

    def connect(self, address: str | None = None) -> Any:
        """The remote component context, asked for until the process answers (at most ``wait`` seconds)."""
        local = uno().getComponentContext()
        resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
        end = time.monotonic() + self.wait
        while True:
            try:
                return resolver.resolve(address or self.url)
            except failure("connection.NoConnectException") as error:
                if not self.alive or time.monotonic() > end:
                    self.kill()
                    raise OfficeMissing(f"LibreOffice 在 {self.wait:g} 秒内没有启动成功（{self.program}）。") from error
                time.sleep(0.05)

    def _prepare_profile(self) -> None:
        user = self.profile / "user"
        if not (user / "registrymodifications.xcu").exists():
            user.mkdir(parents=True, exist_ok=True)
            items = "".join(_ITEM.format(path=path, name=name, value=value) for path, name, value in _PROFILE)
            (user / "registrymodifications.xcu").write_text(_SETTINGS.format(items=items), "utf-8")

    def kill(self) -> None:
        """SIGKILL to the whole process group, at once: what a power cut leaves is what this leaves."""
        if self.process is None:
            return
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()

    def _close_documents(self) -> None:
        """Close what is open, so that no lock file (.~lock.报送.xlsx#) stays beside it."""
        try:
            desktop = self.context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", self.context)
            for document in list(desktop.Components):
                document.close(True)
        except failure("uno.Exception"):
            pass                        # it died or refuses: kill() follows

    def close(self) -> None:
        """End the process without saving anything; its lock files and the temporary profile go with it."""
        if self.alive and self.context is not None:
            self._close_documents()
        self.kill()
        atexit.unregister(self.close)
        self.context = None
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)
