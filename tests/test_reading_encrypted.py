"""Files with an opening password: named, opened with the right one, and the password seen nowhere."""

import io
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import msoffcrypto
import pytest
import worker_functions
import xlsxwriter
import xlwt
from sheet_files import grid, refusal
from soffice import office  # noqa: F401 - a fixture
from test_macros import can_import_uno

from tuijie_xl.files.encrypted import Password
from tuijie_xl.files.reading import read_book
from tuijie_xl.files.submission import read_file
from tuijie_xl.files.workers import WorkerDied, map_in_workers
from tuijie_xl.problem import UnusableFile

SECRET = "密码 Ab1"
ROWS = [["企业名称", "统一社会信用代码", "省份"], ["甲有限公司", "913706833104614358", "山东省"]]


def encrypted(path, password=SECRET):
    """An xlsx of ROWS in an encrypted OLE container (ECMA-376 agile), as Excel writes it."""
    plain = io.BytesIO()
    with xlsxwriter.Workbook(plain) as book:
        sheet = book.add_worksheet("企业")
        for number, row in enumerate(ROWS):
            sheet.write_row(number, 0, row)
    with path.open("wb") as out:
        msoffcrypto.OfficeFile(plain).encrypt(password, out)
    return path


def why(path, *passwords):
    with pytest.raises(UnusableFile) as caught:
        read_book(path, passwords=passwords)
    assert not any(password in str(caught.value) + repr(caught.value.__cause__) for password in filter(None, passwords))
    return caught.value.why


def test_an_encrypted_workbook_is_named_refused_and_opened(tmp_path):
    path = encrypted(tmp_path / "a.xlsx")
    assert "有打开密码，未读取" in refusal(path) and "--password" in refusal(path)
    assert "给出的密码打不开" in why(path, "错误", "")
    assert read_book(path, passwords=["错误", SECRET]).grids[0].rows == ROWS


def test_excels_own_word_is_tried_without_asking(tmp_path):
    path = encrypted(tmp_path / "a.xlsx", "VelvetSweatshop")
    assert grid(path).rows == ROWS
    assert read_book(path, passwords=["别的"]).grids[0].rows == ROWS


def test_what_is_encrypted_and_damaged_or_in_an_unknown_way(tmp_path):
    path = encrypted(tmp_path / "a.xlsx")
    data = path.read_bytes()
    path.write_bytes(data.replace(b"<encryption ", b"<encrypt10n ", 1))
    assert "加密方式不常见或文件不完整" in why(path, SECRET)


def test_what_a_password_opens_may_be_no_spreadsheet(tmp_path):
    plain = io.BytesIO()
    with zipfile.ZipFile(plain, "w") as package:
        package.writestr("[Content_Types].xml", '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType='
                         '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>')
        package.writestr("word/document.xml", bytes(8192))
    with (tmp_path / "a.docx").open("wb") as out:
        msoffcrypto.OfficeFile(plain).encrypt(SECRET, out)
    assert "Word" in why(tmp_path / "a.docx", SECRET)


# ------------------------------------------------------------------ the password itself

def test_a_password_is_shown_by_no_representation():
    died = WorkerDied(("a.xlsx", "2018", (Password(SECRET),)), "原因")
    assert SECRET not in repr(died) and "***" in repr(died)


def test_other_users_see_no_password_in_the_list_of_processes():
    seen, = map_in_workers(worker_functions.seen_by_others, [("a.xlsx", "2018", (Password(SECRET),))])
    assert "serve()" in seen and SECRET not in seen


def test_the_reader_of_a_worker_takes_passwords(tmp_path):
    path = encrypted(tmp_path / "a.xlsx")
    assert read_file((str(path), "2018", (Password(SECRET),))).status == "imported"
    intake = read_file((str(path), "2018"))
    assert (intake.status, intake.problems[0].value) == ("refused", "file-password")


def test_the_command_line_passes_it_on_and_writes_it_nowhere(tmp_path, tuijie):
    encrypted(tmp_path / "a.xlsx", "Secret-4711")
    assert tuijie("run", tmp_path / "a.xlsx", "-o", tmp_path / "无")[0] == 2
    code, out, err = tuijie("run", tmp_path / "a.xlsx", "-o", tmp_path / "有", "--password", "x", "--password", "Secret-4711")
    assert code == 1 and "采用 1 个" in out and "Secret-4711" not in out + err
    written = [file for file in (tmp_path / "有").rglob("*") if file.is_file()]
    assert written
    for file in written:
        inside = zipfile.ZipFile(file) if zipfile.is_zipfile(file) else None
        parts = [inside.read(name) for name in inside.namelist()] if inside else [file.read_bytes()]
        assert not any(b"Secret-4711" in part for part in parts), file


def test_a_hyphen_asks_for_the_password(tmp_path, tuijie, monkeypatch):
    encrypted(tmp_path / "a.xlsx")
    monkeypatch.setattr("getpass.getpass", lambda prompt: SECRET)
    assert tuijie("validate", tmp_path / "a.xlsx", "--password", "-")[0] == 1


# ------------------------------------------------------------------ xls and ods, as LibreOffice encrypts them

@pytest.fixture
def save(tmp_path, office):  # noqa: F811
    """save('a.xls', filter, password) -> path of ROWS encrypted by LibreOffice."""
    python = next((p for p in ("/usr/bin/python3", shutil.which("python3")) if p and can_import_uno(p)), None)
    if python is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("python3-uno is not installed")

    def run(name, filter_name, password):
        book = xlwt.Workbook()
        sheet = book.add_sheet("企业")
        for r, row in enumerate(ROWS):
            for c, value in enumerate(row):
                sheet.write(r, c, value)
        book.save(str(tmp_path / "plain.xls"))
        done = subprocess.run([python, str(Path(__file__).parent / "save_in_office.py"), office.program, str(office.profile),
                               str(tmp_path / "plain.xls"), str(tmp_path / name), filter_name, password],
                              capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stderr
        return tmp_path / name
    return run


@pytest.mark.slow
def test_an_encrypted_xls(save):
    path = save("a.xls", "MS Excel 97", SECRET)
    assert "有打开密码，未读取" in refusal(path)
    assert "给出的密码打不开" in why(path, "错误")
    assert read_book(path, passwords=[SECRET]).grids[0].rows == ROWS
    assert grid(save("b.xls", "MS Excel 97", "VelvetSweatshop")).rows == ROWS


@pytest.mark.slow
def test_an_encrypted_ods_is_named(save):
    assert "有打开密码（ODS 加密）" in refusal(save("a.ods", "calc8", SECRET))
