"""Getting the program onto an officer's machine: ``install`` on this one, ``bundle`` for one without internet.

Where things lie on a machine is given as an ``Account``, so that Windows and macOS can be tried anywhere.
"""

from __future__ import annotations

import base64
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email.parser import Parser
from importlib import metadata, util
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit
from urllib.request import url2pathname

from . import __version__
from .doctor import config_file, config_key
from .edition import Edition
from .files.saving import is_ours, save_atomically
from .manual import shipped_manual
from .problem import UnusableFile

_HERE = Path(__file__).parent
_SOURCES = ("pyproject.toml", "setup.cfg", "README.md", "tuijie_xl", "examples", "workbook")
_FOLDERS = ("LOCALAPPDATA", "APPDATA", "USERPROFILE", "ProgramFiles")
_DOWNLOADED = "wheels"
_PIP_SETTINGS = {"SOURCE_DATE_EPOCH": "315532800", "PYTHONUTF8": "1"}    # the same bytes every time; zips begin in 1980
_LONGEST_WAIT = 60                      # seconds for Windows to make a shortcut


@dataclass(frozen=True)
class Account:
    """An officer's account on a machine. ``environment`` holds the variables of the system."""

    system: str                         # Windows, Darwin, Linux
    python: str                         # full path of the interpreter that the buttons shall start
    home: Path
    documents: Path
    desktop: Path
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """Where the workbook goes: 文档, but never a folder that is synchronised (Excel then knows it as a web address)."""
        clouds = [Path(value) for name, value in self.environment.items() if name.upper().startswith("ONEDRIVE") and value]
        synchronised = any(self.documents.is_relative_to(cloud) for cloud in clouds)
        return (self.home if synchronised else self.documents) / "推介"


def this_account() -> Account:
    """The account that runs this program."""
    home = Path.home()
    documents, desktop = home / "Documents", home / "Desktop"
    if sys.platform == "win32":
        documents, desktop = _shell_folder("Personal") or documents, _shell_folder("Desktop") or desktop
    return Account(platform.system(), sys.executable, home, documents, desktop, os.environ)


def _shell_folder(name: str) -> Path | None:
    """A folder of the account that Windows lets the officer or the office move elsewhere."""
    import winreg

    with suppress(OSError), winreg.OpenKey(
            winreg.HKEY_CURRENT_USER, r"Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders") as key:
        return Path(os.path.expandvars(winreg.QueryValueEx(key, name)[0]))
    return None


# ------------------------------------------------------------------ install

def install(edition: Edition, account: Account, folder: Path | None = None) -> tuple[Path, list[str]]:
    """Place the officers' workbook, its manual and what its buttons need; the workbook and a sentence for each step.

    What cannot be done apart from the workbook is said in the sentence and stops nothing. ``UnusableFile`` when the
    workbook is not part of this installation or its folder cannot be written.
    """
    book, where = place_workbook(edition, folder or account.folder)
    said = [where, place_manual(edition, book.parent)]
    if account.system == "Linux":
        return book, [*said, "本系统没有 Excel，工作簿里的按钮不能用；请用命令行 tuijie run 处理，结果相同。"]
    steps = [register_python]
    if account.system == "Darwin":
        steps.append(place_script)
    for step in steps:
        try:
            said.append(step(account))
        except (OSError, UnusableFile) as err:
            why = err.why if isinstance(err, UnusableFile) else f"系统错误 {err.errno}。"
            said.append(f"Excel 启动 Python 所需的设置没有写成：{why}")
    return book, [*said, make_shortcut(book, account)]


def shipped_workbook(edition: Edition) -> Path:
    """The officers' workbook as built: in the package, or beside it in a source tree."""
    name = f"推介申报_{edition.id}.xlsm"
    for folder in (_HERE / "workbooks", _HERE.parent / "workbook"):
        if (folder / name).is_file():
            return folder / name
    raise UnusableFile(name, f"这份程序里没有带上 {edition.id} 年度的申报工作簿（带按钮的那一份）。请向发放程序的人要一份完整的安装包，"
                       "重新安装后再试；在程序的源文件夹里的，请运行 python workbook/build.py 生成。", "workbook-missing")


def place_workbook(edition: Edition, folder: Path) -> tuple[Path, str]:
    """Copy the workbook into ``folder``. One that somebody has saved since stays as it is; an older one goes to 上一版."""
    source = shipped_workbook(edition)
    target = Path(os.path.abspath(folder / source.name))      # a shortcut cannot lead to a relative path
    if target.is_file() and not _as_built(target):
        return target, f"{target} 已经有人使用过，没有改动。要换成新的空白工作簿，请先把它改名，再运行一次 tuijie install。"
    save_atomically(target, lambda temporary: shutil.copyfile(source, temporary))
    return target, f"工作簿已放在：{target}"


def place_manual(edition: Edition, folder: Path) -> str:
    """Copy the manual into ``folder``, where a former one goes to 上一版; the sentence says where it is, or why it is not."""
    try:
        source = shipped_manual(edition.id)
        target = save_atomically(folder / source.name, lambda temporary: shutil.copyfile(source, temporary))
    except UnusableFile as err:
        return f"没有放操作手册：{err.why}"
    return f"操作手册已放在：{target}"


def _as_built(path: Path) -> bool:
    """True while nobody saved the workbook: every spreadsheet program notes who saved last."""
    if not is_ours(path):
        return False
    with zipfile.ZipFile(path) as archive:
        return b"lastModifiedBy>tuijie_xl<" in archive.read("docProps/core.xml")


def register_python(account: Account) -> str:
    """Write the interpreter's path where xlwings looks for it; every other line of that file stays.

    VBA reads pairs of quoted texts in the code page of the system and expands %NAME%, so that a path with rare
    characters in the account's name can still be written in ASCII.
    """
    windows = account.system == "Windows"
    file, key, python = config_file(account.system, account.home), config_key(account.system), account.python
    if windows and not python.isascii():
        python = _from_variable(PureWindowsPath(python), account.environment)
    try:
        line = f'"{key}","{python}"'.encode("gbk" if windows else "ascii")
    except UnicodeEncodeError:
        return f"Python 的路径（{account.python}）含有 Excel 读不出的字，按钮会找不到 Python。请把 Python 装到只含常用字的文件夹，再运行 tuijie install。"
    kept = [one for one in (file.read_bytes().splitlines() if file.exists() else [])
            if one.strip() and one.split(b",")[0].strip(b' "').upper() != key.encode()]
    end = b"\r\n" if windows else b"\n"
    save_atomically(file, lambda temporary: temporary.write_bytes(b"".join(one + end for one in [*kept, line])), keep_former=False)
    return f"已登记 Python 的位置：{account.python}"


def _from_variable(path: PurePath, environment: Mapping[str, str]) -> str:
    for name in _FOLDERS:
        if environment.get(name) and path.is_relative_to(environment[name]):
            return f"%{name}%\\{path.relative_to(environment[name])}"
    return str(path)


def place_script(account: Account) -> str:
    """macOS: copy the script through which Excel may start Python, out of xlwings, to where Excel looks for it."""
    found = util.find_spec("xlwings")
    scripts = sorted(Path(found.origin).parent.glob("xlwings-*.applescript")) if found and found.origin else []
    if not scripts:
        return "没有安装 xlwings，Excel 里的按钮还不能用。请运行 python -m pip install xlwings，再运行 tuijie install。"
    target = account.home / "Library" / "Application Scripts" / "com.microsoft.Excel" / scripts[-1].name
    save_atomically(target, lambda temporary: shutil.copyfile(scripts[-1], temporary), keep_former=False)
    return "已放好 Excel 启动 Python 所需的脚本。"


def make_shortcut(book: Path, account: Account) -> str:
    """A way from the desktop to the workbook; where it cannot be made the sentence says how to go without."""
    try:
        if account.system == "Windows":
            command = base64.b64encode(shortcut_script(book, account.desktop).encode("utf-16-le")).decode()
            subprocess.run(["powershell", "-NoProfile", "-NonInteractive", "-EncodedCommand", command], check=True,
                           capture_output=True, timeout=_LONGEST_WAIT)
        else:
            link = account.desktop / book.name
            if not os.path.lexists(link):
                link.symlink_to(book)
        return f"桌面上有了快捷方式：{book.stem}"
    except (OSError, subprocess.SubprocessError):
        return f"没有能在桌面上建快捷方式，不影响使用：请直接打开 {book}"


def shortcut_script(book: Path, desktop: Path) -> str:
    """PowerShell that makes ``<name of the book>.lnk``; PowerShell ends a text at curly single quotes as well."""
    def quoted(path: PurePath) -> str:
        return "'" + re.sub("(['‘’‚‛])", r"\1\1", str(path)) + "'"
    return "\n".join(["$ErrorActionPreference = 'Stop'",
                      f"$link = (New-Object -ComObject WScript.Shell).CreateShortcut({quoted(desktop / f'{book.stem}.lnk')})",
                      f"$link.TargetPath = {quoted(book)}", f"$link.WorkingDirectory = {quoted(book.parent)}", "$link.Save()"])


# ------------------------------------------------------------------ bundle

def bundle(edition: Edition, target: Path, python: str) -> Path:
    """Make one zip that installs the program on Windows (64 bits, ``python`` as '3.11') with no internet.

    In it: wheels/ with everything that the program needs there, 安装.cmd, 读我.txt, the workbook and the manual, sorted.
    ``UnusableFile`` when the wheels cannot be had or the place cannot be written; nothing is written then.
    """
    book, manual = shipped_workbook(edition), shipped_manual(edition.id)
    with TemporaryDirectory(prefix="tuijie-") as scratch:
        wheels = Path(scratch) / _DOWNLOADED
        _gather(_own_wheel(wheels, target), wheels, python, target)
        members = {f"{_DOWNLOADED}/{wheel.name}": wheel.read_bytes() for wheel in wheels.glob("*.whl")}
    words = {"version": __version__, "python": python, "tuple": python.replace(".", ", "), "wheels": _DOWNLOADED, "book": book.name,
             "manual": manual.name}
    members |= {"安装.cmd": _in_gbk(_INSTALLER, words), "读我.txt": _in_gbk(_READ_ME, words)}
    members |= {one.name: one.read_bytes() for one in (book, manual)}
    return save_atomically(target, lambda temporary: _zip(members, temporary))


def _zip(members: dict[str, bytes], path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name in sorted(members):
            archive.writestr(zipfile.ZipInfo(name), members[name])      # 1980-01-01, not packed again


def _in_gbk(text: str, words: dict[str, str]) -> bytes:
    """A text as Windows in Chinese reads it; «name» stands for a word, since % and {} mean something to cmd."""
    filled = re.sub("«(.+?)»", lambda match: words[match[1]], text)
    return filled.replace("\n", "\r\n").encode("gbk")


def _own_wheel(folder: Path, target: Path) -> Path:
    """The wheel of this very program: built from a copy of the source tree, or the file that it was installed from."""
    source = _source()
    if source is None:
        raise UnusableFile(target, "没有找到本程序的源文件夹或安装文件，不能制作离线安装包。请在程序的源文件夹里运行 python -m tuijie_xl bundle。",
                           "source-missing")
    folder.mkdir(parents=True)
    if source.is_file():
        return Path(shutil.copy(source, folder))
    with TemporaryDirectory(prefix="tuijie-") as scratch:                # building leaves things in the tree it builds from
        for name in _SOURCES:
            if (source / name).is_dir():
                shutil.copytree(source / name, Path(scratch) / name, ignore=shutil.ignore_patterns("__pycache__", ".*"))
            else:
                shutil.copy(source / name, scratch)
        _pip(target, "wheel", "--no-deps", "--wheel-dir", folder, scratch)
    return next(folder.glob("*.whl"))


def _source() -> Path | None:
    """The source tree that this program runs from, else the wheel or tree that pip noted, while it is still there."""
    if (_HERE.parent / "setup.cfg").is_file() and (_HERE.parent / "workbook").is_dir():
        return _HERE.parent
    with suppress(metadata.PackageNotFoundError):
        noted = json.loads(metadata.distribution("tuijie_xl").read_text("direct_url.json") or "{}")
        path = Path(url2pathname(urlsplit(noted.get("url", "")).path))
        if noted and (path.suffix == ".whl" and path.is_file() or (path / "setup.cfg").is_file()):
            return path
    return None


def _gather(own: Path, folder: Path, python: str, target: Path) -> None:
    """Download into ``folder`` what ``own`` with its extra ``excel`` needs on Windows.

    pip judges the conditions of requirements ('only on Windows') by the machine it runs on, so they are judged again
    here until nothing lacks.
    """
    wanted = [f"{own}[excel]"]
    while True:
        _pip(target, "download", "--only-binary=:all:", "--platform", "win_amd64", "--implementation", "cp",
             "--python-version", python, "--find-links", folder, "--dest", folder, *wanted)
        lacking = [one for one in needed_on_windows(folder, python) if one not in wanted]
        if not lacking:
            return
        wanted += lacking


def needed_on_windows(folder: Path, python: str) -> list[str]:
    """Requirements of the wheels in ``folder`` that hold on Windows with that Python and that no wheel there meets."""
    from pip._vendor.packaging.requirements import Requirement
    from pip._vendor.packaging.utils import canonicalize_name, parse_wheel_filename

    windows = {"os_name": "nt", "sys_platform": "win32", "platform_system": "Windows", "platform_machine": "AMD64",
               "python_version": python, "python_full_version": f"{python}.0", "implementation_name": "cpython",
               "platform_python_implementation": "CPython"}
    wheels = sorted(folder.glob("*.whl"))
    there = {name: version for name, version, *_ in (parse_wheel_filename(wheel.name) for wheel in wheels)}
    lacking = set()
    for wheel in wheels:
        extra = "excel" if wheel.name.startswith("tuijie_xl-") else ""
        for needed in map(Requirement, _requirements(wheel)):
            held = needed.marker is None or needed.marker.evaluate({**windows, "extra": extra})
            version = there.get(canonicalize_name(needed.name))
            if held and (version is None or version not in needed.specifier):
                lacking.add(f"{needed.name}{needed.specifier}")
    return sorted(lacking)


def _requirements(wheel: Path) -> Iterator[str]:
    with zipfile.ZipFile(wheel) as archive:
        name = next(one for one in archive.namelist() if PurePosixPath(one).match("*.dist-info/METADATA"))
        yield from Parser().parsestr(archive.read(name).decode()).get_all("Requires-Dist", [])


def _pip(target: Path, *arguments: str | Path) -> None:
    """Run pip; when it fails that is an ``UnusableFile`` of ``target`` with pip's own last word."""
    done = subprocess.run([sys.executable, "-m", "pip", *map(str, arguments)], check=False, capture_output=True,
                          encoding="utf-8", errors="replace", env=os.environ | _PIP_SETTINGS)
    if done.returncode:
        lines = done.stderr.splitlines() or [""]
        said = [line for line in lines if "ERROR" in line] or lines
        why = f"没有取得要打包的组件，没有做成离线安装包。请检查网络和 pip 后重试。pip 的原话：{said[-1]}"
        raise UnusableFile(target, why, "wheels-missing")


_INSTALLER = """\
@echo off
chcp 936 >nul
setlocal
pushd "%~dp0"
set "PLACE=%LOCALAPPDATA%\\tuijie\\venv"
set "CHECK=import sys; sys.exit(sys.version_info[:2] != («tuple») or sys.maxsize != 2**63 - 1)"
if not exist "«wheels»\\tuijie_xl-«version»-py3-none-any.whl" goto packed

set "PYTHON="
py -«python» -c "%CHECK%" >nul 2>nul
if not errorlevel 1 set "PYTHON=py -«python»"
if defined PYTHON goto found
python -c "%CHECK%" >nul 2>nul
if not errorlevel 1 set "PYTHON=python"
if not defined PYTHON goto nopython

:found
echo 正在安装，请先关闭 Excel。大约需要一两分钟……
%PYTHON% -m venv --clear "%PLACE%"
if errorlevel 1 goto failed
"%PLACE%\\Scripts\\python.exe" -m pip --isolated install --no-index --find-links «wheels» "tuijie_xl[excel]==«version»"
if errorlevel 1 goto failed
"%PLACE%\\Scripts\\python.exe" -m tuijie_xl install
if errorlevel 2 goto failed
echo.
echo 程序已经装好。上面若列有“下一步”，请逐条处理。
set "CODE=0"
goto end

:packed
echo 没有找到“«wheels»”文件夹里的组件。请把压缩包全部解压到一个文件夹，再双击“安装.cmd”。
set "CODE=2"
goto end

:nopython
echo 没有找到 64 位的 Python «python»。请先安装它（勾选“Add python.exe to PATH”），再双击“安装.cmd”。
set "CODE=2"
goto end

:failed
echo 没有装好。请关闭 Excel 后再双击“安装.cmd”；仍不行请把上面的文字发给维护人员。
set "CODE=2"

:end
popd
pause
exit /b %CODE%
"""

_READ_ME = """\
推介工具 «version» 离线安装包（64 位 Windows，Python «python»）

全部组件都在“«wheels»”文件夹里，安装时不需要网络，也不需要管理员权限。

安装
1. 右击下载来的压缩包，选“属性”，若有“解除锁定”请勾选并确定。
2. 把压缩包全部解压到本机的一个文件夹。
3. 电脑上要有 64 位的 Python «python»。没有的，请先安装，勾选“Add python.exe to PATH”。
4. 关闭 Excel，双击“安装.cmd”。程序装在自己的文件夹里，不影响别的程序。
5. 安装完会显示“环境自检”的结果；列有“下一步”的，请逐条处理。

使用
- 先看“«manual»”：双击用浏览器打开，不用联网。
- 桌面上的“推介申报”快捷方式，或“文档”里“推介”文件夹中的“«book»”。打开后点“启用内容”。
- 本压缩包里的“«book»”是同一份空白工作簿，备用。
- 命令行：在命令提示符里运行
  "%LOCALAPPDATA%\\tuijie\\venv\\Scripts\\tuijie.exe" run 报送文件夹 -o 推介结果

重新安装或升级：再双击一次新压缩包里的“安装.cmd”。已经填过的工作簿不会被改动。
卸载：删除文件夹 %LOCALAPPDATA%\\tuijie、%LOCALAPPDATA%\\tuijie_xl（撤销用的底稿）和桌面上的快捷方式。
"""
