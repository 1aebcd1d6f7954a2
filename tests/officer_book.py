"""What tests need of the officers' workbook: the build's modules, and a small book built once a session.

``from officer_book import officer_book, probe_book`` gives the fixtures. ``probe_book`` has a RunPython that only prints
its command (xlwings.bas calls Windows), and a module of macros that tests call.
"""

import sys
from pathlib import Path

import pytest

from tuijie_xl.layout.officer import plan_officer

WORKBOOKS = Path(__file__).parents[1] / "workbook"
sys.path.insert(0, str(WORKBOOKS))

import build
import ribbon
import vba

__all__ = ["ROWS", "WORKBOOKS", "build", "officer_book", "probe_book", "probe_sources", "ribbon", "vba"]
ROWS = 20

RECORDER = '''Attribute VB_Name = "xlwings"
Option Explicit
Public Function RunPython(PythonCommand As String)
    Debug.Print PythonCommand
    RunPython = {result}
End Function
'''
CONTROL = '''VERSION 1.0 CLASS
BEGIN
  MultiUse = -1  'True
END
Attribute VB_Name = "FakeControl"
Option Explicit
Public Id As String
'''
PROBE = '''Attribute VB_Name = "Probe"
Option Explicit
Public Sub Click(id As String)
    Dim control As New FakeControl
    control.Id = id
    PressButton control
End Sub
Public Function Answer() As Long
    Answer = 42
End Function
Public Sub Choose(sheet As String, address As String)
    ThisWorkbook.Worksheets(sheet).Activate
    ActiveSheet.Range(address).Select
End Sub
Public Sub Unprotect(sheet As String)
    ThisWorkbook.Worksheets(sheet).Unprotect
End Sub
Public Function DoubleClick(address As String) As Boolean
    DoubleClick = ToggleTick(ActiveSheet.Range(address))
End Function
Public Sub DoubleClickHere()
    ToggleTick ActiveCell
End Sub
Public Function Standing() As String
    Standing = ActiveSheet.Name & "!" & ActiveCell.Address
End Function
'''


def probe_sources(result: int = 0) -> dict[str, str]:
    """The sources with RunPython replaced by one that prints its command and answers ``result``."""
    sources = {name: text for name, text in vba.read_macros().items() if name not in ("xlwings.bas", "Dictionary.cls")}
    added = {"xlwings.bas": RECORDER.format(result=result), "FakeControl.cls": CONTROL, "Probe.bas": PROBE}
    return sources | {name: text.replace("\n", "\r\n") for name, text in added.items()}


@pytest.fixture(scope="session")
def officer_book(edition, tmp_path_factory) -> Path:
    return build.build_officer(plan_officer(edition, ROWS), tmp_path_factory.mktemp("officer") / "申报 工作簿.xlsm")


@pytest.fixture(scope="session")
def probe_book(edition, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("probe")
    return build.build_officer(plan_officer(edition, ROWS), folder / "probe.xlsm", probe_sources())
