"""Presses one button on a workbook in a LibreOffice of its own, saves it and ends: ``python ... button file [files to import]``."""

import sys
from pathlib import Path

import xlwings

from tuijie_xl.calc import CalcSession, register
from tuijie_xl.desk import press
from tuijie_xl.edition import load_edition
from tuijie_xl.live.book import LiveBook

if __name__ == "__main__":
    ident, path, *files = sys.argv[1:]
    with CalcSession() as session:
        register(session)
        book = LiveBook(xlwings.apps.active.books.open(path))
        book.ask_files = lambda: [Path(file) for file in files]
        print(press(ident, book, load_edition("2018")))
        book.book.save()
