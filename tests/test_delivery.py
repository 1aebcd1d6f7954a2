"""doctor, install and bundle: what lands on an officer's machine, tried for Windows and macOS in folders of our own."""

import base64
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path, PureWindowsPath
from types import SimpleNamespace

import pytest

from tuijie_xl import __version__, cli, delivery, doctor
from tuijie_xl.delivery import (
    Account,
    install,
    needed_on_windows,
    place_workbook,
    register_python,
    shipped_workbook,
    shortcut_script,
)
from tuijie_xl.problem import UnusableFile

BOOK, MANUAL = "推介申报_2018.xlsm", "操作手册_2018.html"
ROOT = Path(cli.__file__).parents[1]


@pytest.fixture
def account(tmp_path):
    """account('Windows', python=...): an officer 张三 with 文档 and 桌面 under tmp_path."""
    def make(system, python=r"C:\Python311\python.exe", **environment):
        home = tmp_path / "张三"
        for name in ("Documents", "Desktop"):
            (home / name).mkdir(parents=True, exist_ok=True)
        return Account(system, python, home, home / "Documents", home / "Desktop", environment)
    return make


@pytest.fixture
def commands(monkeypatch):
    """Every command that would have been started."""
    seen = []
    monkeypatch.setattr(delivery.subprocess, "run", lambda command, **options: seen.append(command))
    return seen


def saved_by(name: str, path: Path) -> None:
    """What a spreadsheet program does to the document's properties when somebody saves."""
    with zipfile.ZipFile(path) as archive:
        parts = {one: archive.read(one) for one in archive.namelist()}
    core = parts["docProps/core.xml"]
    parts["docProps/core.xml"] = core.replace(b"lastModifiedBy>tuijie_xl<", f"lastModifiedBy>{name}<".encode())
    assert parts["docProps/core.xml"] != core
    with zipfile.ZipFile(path, "w") as archive:
        for one, data in parts.items():
            archive.writestr(one, data)


# ------------------------------------------------------------------ doctor

def test_doctor_prints_the_check_and_exits_clean_without_a_fault(tuijie):
    code, out, err = tuijie("doctor")
    assert (code, err) == (cli.CLEAN, "") and out.startswith("环境自检：可以正常使用")


def test_doctor_exits_with_1_and_the_next_step_where_something_lacks(tuijie, monkeypatch):
    monkeypatch.setattr(doctor, "_missing", lambda: iter(["pandas"]))
    code, out, _ = tuijie("doctor")
    assert code == cli.PROBLEMS and "✘ 程序组件：缺少 pandas\n　　下一步：" in out


def test_doctor_looks_at_the_workbook_it_is_given(tuijie, tmp_path):
    path = tmp_path / "申 报.xlsm"
    path.with_name(path.name + ":Zone.Identifier").write_text("[ZoneTransfer]\nZoneId=3\n", "utf-8")
    code, out, _ = tuijie("doctor", path)
    assert code == cli.PROBLEMS and "来自互联网”的标记" in out
    assert "OneDrive 或 SharePoint" in tuijie("doctor", "https://firm.sharepoint.com/a.xlsm")[1]


def test_doctor_needs_none_of_the_packages_that_it_looks_for():
    code = ("import sys; sys.modules |= dict.fromkeys(['pandas', 'numpy', 'xlsxwriter', 'openpyxl', 'psutil', 'tqdm', 'xlwings'])\n"
            "from tuijie_xl import cli; sys.exit(cli.main(['doctor']))")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=False)
    assert done.stdout.startswith("环境自检") and not done.stderr


# ------------------------------------------------------------------ the workbook

def test_install_places_the_workbook_and_says_where(tuijie, tmp_path, monkeypatch, account):
    monkeypatch.setattr(delivery, "this_account", lambda: account("Linux"))
    code, out, _ = tuijie("install", "-o", tmp_path / "推介")
    assert code == cli.CLEAN and f"工作簿已放在：{tmp_path / '推介' / BOOK}" in out
    assert "本系统没有 Excel" in out and "环境自检" in out and not (tmp_path / "张三/.xlwings").exists()
    assert (tmp_path / "推介" / BOOK).read_bytes() == (ROOT / "workbook" / BOOK).read_bytes()


def test_a_folder_named_from_here_is_found_from_the_desktop(edition, account, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    book, _ = install(edition, account("Darwin"), Path("推介"))
    assert book == tmp_path / "推介" / BOOK and (account("Darwin").desktop / BOOK).read_bytes() == book.read_bytes()


def test_this_account_is_the_one_that_runs():
    here = delivery.this_account()
    assert here.python == sys.executable and here.home == Path.home()


@pytest.fixture
def registry(monkeypatch):
    """registry({(root, key, name): value}): this machine for a while is Windows with that registry."""
    def make(values):
        class Handle(tuple):
            def __enter__(self):
                return self

            def __exit__(self, *_):
                pass

        def read(handle, name):
            if (*handle, name) not in values:
                raise FileNotFoundError(2, name)
            return values[(*handle, name)], 1

        fake = SimpleNamespace(HKEY_CURRENT_USER="user", HKEY_LOCAL_MACHINE="machine", QueryValueEx=read,
                               OpenKey=lambda root, key: Handle((root, key.split("\\")[-1])))
        monkeypatch.setitem(sys.modules, "winreg", fake)
        monkeypatch.setattr(sys, "platform", "win32")
    return make


def test_windows_says_where_documents_and_desktop_are(registry, monkeypatch):
    monkeypatch.setenv("USERPROFILE", "/用户/张三")
    registry({("user", "User Shell Folders", "Personal"): "$USERPROFILE/云/文档"})
    here = delivery.this_account()
    assert here.documents == Path("/用户/张三/云/文档") and here.desktop == Path.home() / "Desktop"


def test_windows_says_what_office_it_has(registry, monkeypatch):
    registry({("machine", "Configuration", "Platform"): "x86", ("machine", "CurVer", ""): "Excel.Application.16",
              ("user", "Security", "VBAWarnings"): 4, ("machine", "Settings", "Enabled"): "0",
              ("user", "Common", "Version"): "12.1"})
    facts = doctor.look_around()
    assert (facts.excel, facts.excel_bits, facts.macro_warnings, facts.script_host, facts.wps) == ("Excel.Application.16", 32, 4, False, "12.1")
    registry({})
    assert (doctor.look_around().excel, doctor.look_around().script_host) == (None, None)


def test_workbook_goes_to_documents_but_not_into_a_synchronised_folder(account):
    here = account("Windows")
    assert here.folder == here.home / "Documents/推介"
    assert replace(here, environment={"OneDrive": str(here.home / "OneDrive")}).folder == here.home / "Documents/推介"
    cloud = replace(here, documents=here.home / "OneDrive/文档", environment={"OneDriveCommercial": str(here.home / "OneDrive")})
    assert cloud.folder == here.home / "推介"


def test_installing_twice_changes_nothing(edition, tmp_path):
    for _ in range(2):
        place_workbook(edition, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [BOOK]


def test_an_older_workbook_that_nobody_used_goes_to_the_former_ones(edition, tmp_path):
    shutil.copy(ROOT / "workbook" / BOOK, tmp_path)
    with zipfile.ZipFile(tmp_path / BOOK, "a") as archive:
        archive.comment = b"older"
    older = (tmp_path / BOOK).read_bytes()
    place_workbook(edition, tmp_path)
    assert (tmp_path / BOOK).read_bytes() == shipped_workbook(edition).read_bytes()
    assert [path.read_bytes() for path in (tmp_path / "上一版").iterdir()] == [older]


@pytest.mark.parametrize("spoil", [lambda path: saved_by("张三", path), lambda path: path.write_bytes(b"not a workbook")])
def test_a_workbook_that_somebody_used_stays_as_it_is(edition, tmp_path, spoil):
    shutil.copy(ROOT / "workbook" / BOOK, tmp_path)
    spoil(tmp_path / BOOK)
    used = (tmp_path / BOOK).read_bytes()
    _, said = place_workbook(edition, tmp_path)
    assert (tmp_path / BOOK).read_bytes() == used and "没有改动" in said and "先把它改名" in said


def test_a_program_without_the_workbook_says_so(tuijie, monkeypatch, tmp_path):
    monkeypatch.setattr(delivery, "_HERE", tmp_path / "site-packages/tuijie_xl")
    code, out, err = tuijie("install", "-o", tmp_path)
    assert (code, out) == (cli.UNUSABLE, "") and "没有带上 2018 年度的申报工作簿" in err and "重新安装" in err


def test_an_installed_package_finds_the_workbook_inside_itself(edition, monkeypatch, tmp_path):
    (tmp_path / "tuijie_xl/workbooks").mkdir(parents=True)
    shutil.copy(ROOT / "workbook" / BOOK, tmp_path / "tuijie_xl/workbooks")
    monkeypatch.setattr(delivery, "_HERE", tmp_path / "tuijie_xl")
    assert shipped_workbook(edition) == tmp_path / "tuijie_xl/workbooks" / BOOK


# ------------------------------------------------------------------ what xlwings reads

def test_windows_gets_the_interpreter_where_xlwings_reads_it(edition, account, commands):
    here = account("Windows")
    _, said = install(edition, here)
    assert (here.home / ".xlwings/xlwings.conf").read_bytes() == b'"INTERPRETER_WIN","C:\\Python311\\python.exe"\r\n'
    assert [line.partition("：")[0] for line in said] == ["工作簿已放在", "操作手册已放在", "已登记 Python 的位置", "桌面上有了快捷方式"]


def test_xlwings_itself_reads_what_was_written(account, monkeypatch):
    xlwings, here = pytest.importorskip("xlwings"), account("Windows")
    register_python(here)
    monkeypatch.setattr(xlwings, "USER_CONFIG_FILE", str(doctor.config_file("Windows", here.home)))
    assert xlwings.utils.read_user_config() == {"interpreter_win": r"C:\Python311\python.exe"}


def test_other_lines_of_the_file_stay_and_the_old_interpreter_goes(account):
    here = account("Windows")
    file = here.home / ".xlwings/xlwings.conf"
    file.parent.mkdir()
    file.write_bytes('"LICENSE_KEY","甲"\r\n\r\n"interpreter_win","D:\\旧\\python.exe"\r\n"TEMP DIR","D:\\T"\r\n'.encode("gbk"))
    for _ in range(2):
        register_python(here)
    assert file.read_bytes().decode("gbk") == ('"LICENSE_KEY","甲"\r\n"TEMP DIR","D:\\T"\r\n'
                                               '"INTERPRETER_WIN","C:\\Python311\\python.exe"\r\n')


@pytest.mark.parametrize(("python", "written"), [
    (r"C:\Users\张三\AppData\Local\tuijie\venv\Scripts\python.exe", r"%LOCALAPPDATA%\tuijie\venv\Scripts\python.exe"),
    (r"C:\Users\𠮷\AppData\Local\tuijie\venv\Scripts\python.exe", r"%LOCALAPPDATA%\tuijie\venv\Scripts\python.exe"),
    (r"D:\软件\python.exe", r"D:\软件\python.exe"),
    (r"D:\𠮷\python.exe", None),
])
def test_paths_with_chinese_are_written_so_that_vba_can_read_them(account, python, written):
    name = PureWindowsPath(python).parts[2]
    here = account("Windows", python, LOCALAPPDATA=rf"C:\Users\{name}\AppData\Local")
    said, file = register_python(here), here.home / ".xlwings/xlwings.conf"
    if written:
        assert file.read_bytes() == f'"INTERPRETER_WIN","{written}"\r\n'.encode("gbk") and python in said
    else:
        assert not file.exists() and "含有 Excel 读不出的字" in said and said.endswith("再运行 tuijie install。")


def test_macos_gets_the_interpreter_the_script_and_a_link(edition, account):
    here = account("Darwin", "/opt/python3")
    book, said = install(edition, here)
    container = here.home / "Library/Containers/com.microsoft.Excel/Data/xlwings.conf"
    assert container.read_bytes() == b'"INTERPRETER_MAC","/opt/python3"\n' and len(said) == 5
    assert (here.desktop / BOOK).resolve() == book.resolve()
    scripts = [one.name for one in (here.home / "Library/Application Scripts/com.microsoft.Excel").glob("*")]
    assert len(scripts) == 1 and re.fullmatch(r"xlwings-[\d.]+\.applescript", scripts[0])
    assert install(edition, here)[1][-1].startswith("桌面上有了快捷方式")            # a second time: the link stands already


def test_macos_without_xlwings_is_told_the_next_step(edition, account, monkeypatch):
    monkeypatch.setattr(delivery.util, "find_spec", lambda name: None)
    assert "请运行 python -m pip install xlwings" in install(edition, account("Darwin", "/opt/python3"))[1][3]


@pytest.mark.parametrize(("contents", "found"), [
    ('"INTERPRETER_WIN","{here}"', "{here}"), ('"interpreter","{here}"', "{here}"), ('"INTERPRETER_WIN","C:\\gone.exe"', None),
    ('"LICENSE_KEY","x"', "{path}"), (None, "{path}"),
])
def test_doctor_sees_the_interpreter_that_a_button_would_start(tmp_path, monkeypatch, contents, found):
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent))
    words = {"here": sys.executable, "path": shutil.which("python")}
    if contents:
        (tmp_path / ".xlwings").mkdir()
        (tmp_path / ".xlwings/xlwings.conf").write_text(contents.format(**words), "gbk")
    assert doctor.registered_python("Windows", tmp_path) == (found and found.format(**words))


# ------------------------------------------------------------------ what goes wrong stops nothing

def test_a_settings_file_that_cannot_be_written_is_only_a_note(edition, account, commands):
    here = account("Windows")
    (here.home / ".xlwings").write_text("a file in the way")
    book, said = install(edition, here)
    assert book.exists() and said[2].startswith("Excel 启动 Python 所需的设置没有写成：")
    assert said[3].startswith("桌面上有了快捷方式")


def test_a_settings_file_that_cannot_be_read_is_only_a_note(edition, account, commands):
    here = account("Windows")
    (here.home / ".xlwings/xlwings.conf").mkdir(parents=True)
    assert install(edition, here)[1][2].startswith("Excel 启动 Python 所需的设置没有写成：系统错误 ")


@pytest.mark.parametrize("error", [FileNotFoundError(2, "no powershell"), subprocess.CalledProcessError(1, "powershell"),
                                   subprocess.TimeoutExpired("powershell", 60)])
def test_a_shortcut_that_cannot_be_made_is_only_a_note(edition, account, monkeypatch, error):
    def fail(*_, **__):
        raise error
    monkeypatch.setattr(delivery.subprocess, "run", fail)
    book, said = install(edition, account("Windows"))
    assert said[-1] == f"没有能在桌面上建快捷方式，不影响使用：请直接打开 {book}"


def test_the_shortcut_is_made_by_powershell_without_quoting_accidents(edition, account, commands):
    install(edition, account("Windows"))
    script = base64.b64decode(commands[0][-1]).decode("utf-16-le")
    assert commands[0][:4] == ["powershell", "-NoProfile", "-NonInteractive", "-EncodedCommand"]
    assert f"$link.TargetPath = '{account('Windows').folder / BOOK}'" in script
    odd = shortcut_script(PureWindowsPath(r"D:\O'Neil’s $x\甲.xlsm"), PureWindowsPath(r"D:\桌面"))
    assert r"'D:\O''Neil’’s $x\甲.xlsm'" in odd and r"CreateShortcut('D:\桌面\甲.lnk')" in odd


# ------------------------------------------------------------------ bundle

def wheel(folder, name, version, *needed):
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as archive:
        lines = [f"Name: {name}", f"Version: {version}", *(f"Requires-Dist: {one}" for one in needed)]
        archive.writestr(f"{name}-{version}.dist-info/METADATA", "\n".join(lines) + "\n")


def test_conditions_are_judged_for_windows_and_its_python(tmp_path):
    wheel(tmp_path, "tuijie_xl", "0.1.0", "tqdm>=4", 'xlwings>=0.33; extra == "excel"', 'pytest; extra == "test"')
    wheel(tmp_path, "tqdm", "4.70", 'colorama; platform_system == "Windows"', 'uvloop; sys_platform != "win32"',
          'numpy>=2.3; python_version >= "3.13"', 'Tui-jie.XL>=0.2; python_version < "3.13"', 'ipython; extra == "notebook"')
    assert needed_on_windows(tmp_path, "3.11") == ["Tui-jie.XL>=0.2", "colorama", "xlwings>=0.33"]
    assert needed_on_windows(tmp_path, "3.13") == ["colorama", "numpy>=2.3", "xlwings>=0.33"]
    wheel(tmp_path, "colorama", "0.4")
    assert "colorama" not in needed_on_windows(tmp_path, "3.13")


def test_a_wheel_too_old_counts_as_lacking(tmp_path):
    wheel(tmp_path, "甲", "1.0", "tqdm>=4")
    wheel(tmp_path, "tqdm", "3.9")
    assert needed_on_windows(tmp_path, "3.11") == ["tqdm>=4"]


def test_without_the_package_index_nothing_is_written(tuijie, tmp_path, monkeypatch):
    failed = subprocess.CompletedProcess([], 1, "", "WARNING: slow\nERROR: No matching distribution\n")
    monkeypatch.setattr(delivery.subprocess, "run", lambda *_, **__: failed)
    code, out, err = tuijie("bundle", "-o", tmp_path / "包.zip")
    assert (code, out) == (cli.UNUSABLE, "") and "没有做成离线安装包" in err and "请检查网络" in err
    assert err.endswith("pip 的原话：ERROR: No matching distribution\n") and not list(tmp_path.iterdir())


def test_a_program_whose_source_is_gone_refuses(tuijie, tmp_path, monkeypatch):
    monkeypatch.setattr(delivery, "_source", lambda: None)
    code, _, err = tuijie("bundle", "-o", tmp_path / "包.zip")
    assert code == cli.UNUSABLE and "请在程序的源文件夹里运行" in err and not list(tmp_path.iterdir())


def test_the_source_is_the_tree_else_the_wheel_that_was_installed(tmp_path, monkeypatch):
    assert delivery._source() == ROOT
    monkeypatch.setattr(delivery, "_HERE", tmp_path / "site-packages/tuijie_xl")
    installed = tmp_path / "推 介-0.1.0-py3-none-any.whl"

    class Noted:
        read_text = staticmethod(lambda name: f'{{"url": "{installed.as_uri()}"}}')
    monkeypatch.setattr(delivery.metadata, "distribution", lambda name: Noted)
    assert delivery._source() is None
    installed.touch()
    assert delivery._source() == installed
    assert delivery._own_wheel(tmp_path / "wheels", tmp_path).read_bytes() == b""


@pytest.mark.parametrize("words", [["--python", "3.8"], ["-o", "包.exe"]])
def test_a_bundle_command_written_wrongly_is_refused_at_once(tuijie, words):
    code, _, err = tuijie("bundle", *words)
    assert code == cli.UNUSABLE and err.startswith("命令写法有误")


@pytest.mark.slow
@pytest.mark.parametrize("python", ["3.11", "3.13"])
def test_the_bundle_installs_offline_on_windows(tuijie, tmp_path, python):
    """Every wheel fits, they are all there, the texts name what is there, and nothing tells of the machine that made it."""
    code, out, _ = tuijie("bundle", "-o", tmp_path / "包.zip", "--python", python)
    assert code == cli.CLEAN and "下一步：" in out
    with zipfile.ZipFile(tmp_path / "包.zip") as archive:
        names = archive.namelist()
        archive.extractall(tmp_path / "包")
    wheels = [name for name in names if name.startswith("wheels/")]
    assert names == sorted(names) and set(names) - set(wheels) == {"安装.cmd", "读我.txt", BOOK, MANUAL}
    assert all(re.search(r"-(win_amd64|any)\.whl$", name) for name in wheels)
    assert needed_on_windows(tmp_path / "包/wheels", python) == []
    assert {"pywin32", "colorama", "tzdata", "xlwings", "tuijie_xl"} <= {name.split("/")[1].split("-")[0] for name in wheels}
    resolved = subprocess.run(
        [sys.executable, "-m", "pip", "--isolated", "download", "--no-index", "--find-links", tmp_path / "包/wheels",
         "--platform", "win_amd64", "--python-version", python, "--implementation", "cp", "--only-binary=:all:",
         "--dest", tmp_path / "得到", "tuijie_xl[excel]", "pywin32", "colorama"], capture_output=True, text=True, check=False,
        env={"PATH": "/usr/bin:/bin"})
    assert resolved.returncode == 0, resolved.stderr
    installer, read_me = ((tmp_path / "包" / name).read_bytes().decode("gbk") for name in ("安装.cmd", "读我.txt"))
    named = re.search(r'if not exist "(.+?)"', installer)[1].replace("\\", "/")
    assert named in names and f"py -{python}" in installer and BOOK in read_me and "«" not in installer + read_me
    assert set(re.findall(r"“([^“”]+\.\w+|wheels)”", read_me)) == {"安装.cmd", BOOK, MANUAL, "wheels"}
    here = [str(ROOT), sys.prefix, str(tmp_path), str(Path.home()) + "/", "/tmp/tuijie-", "/opt/pypi", "/opt/wheels"]
    ours = [name for name in names if name not in wheels or "tuijie_xl" in name]
    # wheels of others may name paths of their makers, but none of ours
    assert not naming([*here[:3], "/tmp/tuijie-"], tmp_path / "包", names)
    assert not naming([*here, "pypi", "pythonhosted", "index-url"], tmp_path / "包", ours)
    with zipfile.ZipFile(tmp_path / "包" / next(name for name in ours if name in wheels)) as archive:
        assert {f"tuijie_xl/workbooks/{BOOK}", f"tuijie_xl/manuals/{MANUAL}"} <= set(archive.namelist())


def naming(words: list[str], folder: Path, names: list[str]) -> list[str]:
    """Files, also those inside the zips among them, that hold one of the words."""
    found = []
    for name in names:
        contents = {"": (folder / name).read_bytes()}
        if zipfile.is_zipfile(folder / name):
            with zipfile.ZipFile(folder / name) as archive:
                contents = {one: archive.read(one) for one in archive.namelist()}
        found += [f"{name} {one} {word}" for one, data in contents.items() for word in words if word.encode() in data]
    return found


def test_the_installer_is_read_by_cmd_as_it_was_meant():
    """GBK, CRLF, every label there, and no character whose second byte cmd might take for one of its own."""
    words = {"version": __version__, "python": "3.11", "tuple": "3, 11", "wheels": "wheels", "book": BOOK}
    data = delivery._in_gbk(delivery._INSTALLER, words)
    text = data.decode("gbk")
    assert data.count(b"\r\n") == data.count(b"\n") and text.startswith("@echo off\r\nchcp 936")
    assert set(re.findall(r"goto (\w+)", text)) == set(re.findall(r"^:(\w+)", text, re.M))
    assert not [char for char in text if len(char.encode("gbk")) == 2 and char.encode("gbk")[1] in b"|^\\&<>%\"()"]
    assert "(3, 11)" in text and "--no-index --find-links wheels" in text


def test_a_place_that_cannot_be_written_is_one_sentence(edition, tmp_path, monkeypatch):
    monkeypatch.setattr(delivery, "_own_wheel", lambda folder, target: folder)
    monkeypatch.setattr(delivery, "_gather", lambda *_: None)
    (tmp_path / "包.zip").mkdir()
    with pytest.raises(UnusableFile, match="已有同名的文件夹"):
        delivery.bundle(edition, tmp_path / "包.zip", "3.11")
