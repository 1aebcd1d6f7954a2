"""From a file as read to applicants, with every row and every doubt accounted for.

Pure: no file format, no pandas; runs inside worker processes.
"""

from .records import COUNTS, FileIntake, LostRows, SetAside, SheetIntake, Table
from .submission import read_submission

__all__ = ["COUNTS", "FileIntake", "LostRows", "SetAside", "SheetIntake", "Table", "read_submission"]
