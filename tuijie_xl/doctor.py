"""环境自检: what this machine has and lacks for the program, each fault with its next step.

``look_around`` gathers facts about the machine, ``examine`` judges them; the facts can be given instead, which is how
the tests break one thing at a time.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from . import __version__

OLDEST_PYTHON = (3, 11)
LONGEST_PATH = 218                      # characters that Excel opens
FONTS = {"微软雅黑": ("msyh", "microsoft yahei", "微软雅黑"), "宋体": ("simsun", "宋体"), "黑体": ("simhei", "黑体"),
         "仿宋": ("simfang", "fangsong", "仿宋")}
_SIGNED_ONLY, _NONE_ALLOWED = 3, 4      # values of VBAWarnings
_FROM_INTERNET = 3                      # zones of mark-of-the-web


@dataclass(frozen=True)
class Machine:
    """Facts. None means that the machine cannot be asked or has no such thing."""

    system: str                         # Windows, Darwin, Linux
    python: tuple[int, ...]
    python_bits: int
    program: str                        # sys.executable
    found_python: str | None            # what a button starts: as registered, else what the command 'python' finds
    missing: tuple[str, ...] = ()       # packages that are required and not installed
    xlwings: str | None = None
    excel: str | None = None            # version
    excel_bits: int | None = None
    macro_warnings: int | None = None
    internet_macros_blocked: bool | None = None
    script_host: bool | None = None     # Windows Script Host allowed
    wps: str | None = None
    fonts: frozenset[str] | None = None
    book: str | None = None
    book_zone: int | None = None
    book_folder_writable: bool | None = None


@dataclass(frozen=True)
class Finding:
    """One point: ``state`` is ok, note or fault; ``remedy`` is the next step, '' where none is needed."""

    topic: str
    state: str
    words: str
    remedy: str = ""


def examine(machine: Machine | None = None, *, book_path: str | None = None) -> list[Finding]:
    """Every point in the order in which it is best put right."""
    facts = machine or look_around(book_path)
    return [finding for check in (_python, _packages, _xlwings, _excel, _macros, _script_host, _book, _wps, _fonts)
            for finding in check(facts)]


def report(findings: list[Finding]) -> str:
    """The findings as text, faults first."""
    marks = {"fault": "✘", "note": "！", "ok": "✔"}
    lines = [f"{marks[one.state]} {one.topic}：{one.words}" + (f"\n　　下一步：{one.remedy}" if one.remedy else "")
             for one in sorted(findings, key=lambda one: list(marks).index(one.state))]
    faults = sum(one.state == "fault" for one in findings)
    return "\n".join([f"环境自检：{f'{faults} 处需要处理' if faults else '可以正常使用'}（程序 {__version__}）", *lines])


# ------------------------------------------------------------------ judging

def _python(facts: Machine) -> Iterator[Finding]:
    version = ".".join(map(str, facts.python))
    if facts.python[:2] < OLDEST_PYTHON:
        yield Finding("Python", "fault", f"版本 {version} 太旧", f"请安装 Python {OLDEST_PYTHON[0]}.{OLDEST_PYTHON[1]} 或更新的版本，再运行 tuijie install。")
    elif facts.python_bits != 64:
        yield Finding("Python", "note", f"{version}，32 位：大批量导入时内存可能不够", "有条件时请改装 64 位 Python。")
    else:
        yield Finding("Python", "ok", f"{version}，64 位，{facts.program}")
    if facts.system == "Windows" and facts.found_python is None:
        yield Finding("Python 的位置", "fault", "没有登记或已经移走，命令 python 找不到，按钮无法启动程序",
                      "请运行 tuijie install 登记 Python 的位置；或重新安装 Python，勾选“Add python.exe to PATH”。")


def _packages(facts: Machine) -> Iterator[Finding]:
    if facts.missing:
        yield Finding("程序组件", "fault", "缺少 " + "、".join(facts.missing), "请运行 python -m pip install --upgrade tuijie-xl；没有网络的，用离线安装包重新安装。")
    else:
        yield Finding("程序组件", "ok", "齐全")


def _xlwings(facts: Machine) -> Iterator[Finding]:
    if facts.xlwings:
        yield Finding("xlwings", "ok", facts.xlwings)
    elif facts.system in ("Windows", "Darwin"):
        yield Finding("xlwings", "fault", "没有安装，Excel 里的按钮不能用（命令行不受影响）", "请运行 python -m pip install xlwings，再点一次“环境自检”。")
    else:
        yield Finding("xlwings", "note", "没有安装；本系统没有 Excel，只用命令行时不需要")


def _excel(facts: Machine) -> Iterator[Finding]:
    if facts.system == "Linux":
        yield Finding("Excel", "note", "本系统没有 Excel，请用命令行 tuijie run 处理，结果相同")
    elif facts.excel is None:
        yield Finding("Excel", "fault", "没有找到 Microsoft Excel", "请安装 Excel 2010 或更新的版本；没有 Excel 的电脑可用命令行 tuijie run 处理，结果相同。")
    elif facts.excel_bits not in (None, facts.python_bits):
        yield Finding("Excel", "note", f"{facts.excel}，{facts.excel_bits} 位，与 Python 的 {facts.python_bits} 位不同：可以使用")
    else:
        yield Finding("Excel", "ok", facts.excel)


def _macros(facts: Machine) -> Iterator[Finding]:
    if facts.macro_warnings == _NONE_ALLOWED:
        yield Finding("宏", "fault", "Excel 设为禁用所有宏，按钮点了没有反应", "请在“文件-选项-信任中心-宏设置”选“禁用所有宏，并发出通知”；由单位统一管理的，请联系管理员，或用命令行。")
    elif facts.macro_warnings == _SIGNED_ONLY:
        yield Finding("宏", "fault", "Excel 只允许有数字签名的宏", "请把本工作簿所在文件夹加入“信任中心-受信任位置”。")
    elif facts.system == "Windows":
        yield Finding("宏", "ok", "允许启用（打开时点“启用内容”）")
    if facts.internet_macros_blocked and (facts.book_zone or 0) >= _FROM_INTERNET:
        yield Finding("宏与文件来源", "fault", "单位策略阻止来自互联网的宏", "请把工作簿复制到本机受信任位置后打开；仍不行请联系管理员。")


def _script_host(facts: Machine) -> Iterator[Finding]:
    if facts.script_host is False:
        yield Finding("脚本宿主", "fault", "单位策略停用了 Windows Script Host，按钮无法启动 Python", "请联系管理员放行 WScript.Shell；在此之前请用命令行 tuijie run，结果相同。")


def _book(facts: Machine) -> Iterator[Finding]:
    if facts.book is None:
        return
    if "://" in facts.book:
        yield Finding("工作簿位置", "fault", "在 OneDrive 或 SharePoint 上（路径是网址），不能在旁边生成文件", "请另存到本机磁盘，例如“文档”文件夹。")
        return
    if (facts.book_zone or 0) >= _FROM_INTERNET:
        yield Finding("文件来源标记", "fault", "工作簿带有“来自互联网”的标记，宏会被阻止", "请右击文件-属性，勾选“解除锁定”，确定后重新打开。")
    if len(facts.book) > LONGEST_PATH:
        yield Finding("工作簿路径", "fault", f"太长（{len(facts.book)} 个字符，Excel 最多 {LONGEST_PATH} 个）", "请移到层次较少的文件夹。")
    elif not _in_gbk(facts.book):
        yield Finding("工作簿路径", "note", "含有生僻字或特殊符号，个别电脑上按钮可能启动不了 Python", "遇到时请把文件夹和文件改用常用字命名。")
    elif " " in facts.book:
        yield Finding("工作簿路径", "ok", "含有空格，可以使用")
    else:
        yield Finding("工作簿路径", "ok", facts.book)
    if facts.book_folder_writable is False:
        yield Finding("工作簿文件夹", "fault", "没有写入权限，不能在旁边生成申报单位表", "请把工作簿移到自己的文件夹。")


def _in_gbk(text: str) -> bool:
    try:
        text.encode("gbk")
    except UnicodeEncodeError:
        return False
    return True


def _wps(facts: Machine) -> Iterator[Finding]:
    if facts.wps and facts.excel is None:
        yield Finding("WPS", "note", f"只有 WPS 表格（{facts.wps}），没有 Excel：按钮要装 VBA 支持才可能使用", "请用“工作台”上的按钮试一次；不能用时请用命令行 tuijie run，结果相同。")
    elif facts.wps:
        yield Finding("WPS", "note", f"同时装有 WPS 表格（{facts.wps}）", "双击工作簿若由 WPS 打开，请改为右击-打开方式-Excel。")


def _fonts(facts: Machine) -> Iterator[Finding]:
    if facts.fonts is None:
        return
    lacking = [name for name, marks in FONTS.items() if not any(mark in font for font in facts.fonts for mark in marks)]
    if lacking:
        yield Finding("字体", "note", "缺少 " + "、".join(lacking) + "，打印的申报单位表会用别的字体代替，换行可能不同", "有条件时请安装这些字体，或在 Windows 电脑上打印。")
    else:
        yield Finding("字体", "ok", "齐全")


# ------------------------------------------------------------------ looking around

def look_around(book_path: str | None = None) -> Machine:
    """The facts of this machine. What cannot be found out is None; nothing is changed."""
    local = Path(book_path) if book_path and "://" not in book_path else None
    return Machine(
        system=platform.system(), python=sys.version_info[:3], python_bits=struct.calcsize("P") * 8, program=sys.executable,
        found_python=registered_python(platform.system(), Path.home()), missing=tuple(_missing()), xlwings=_version("xlwings"),
        **(_windows_facts() if sys.platform == "win32" else {}), fonts=_fonts_here(), book=book_path,
        book_zone=_zone(local) if local else None,
        book_folder_writable=os.access(local.parent, os.W_OK) if local and local.parent.is_dir() else None)


def config_file(system: str, home: Path) -> Path:
    """Where xlwings looks for what an account has set."""
    if system == "Darwin":
        return home / "Library" / "Containers" / "com.microsoft.Excel" / "Data" / "xlwings.conf"
    return home / ".xlwings" / "xlwings.conf"


def config_key(system: str) -> str:
    """Under which name the interpreter stands in that file."""
    return "INTERPRETER_MAC" if system == "Darwin" else "INTERPRETER_WIN"


def registered_python(system: str, home: Path) -> str | None:
    """The interpreter that a button would start, as xlwings decides it; None where there is no such file."""
    with suppress(OSError):
        text = config_file(system, home).read_text("gbk" if system == "Windows" else "utf-8", "replace")
        stated = {key.upper(): value for key, value in re.findall(r'^ *"([^"]*)" *, *"([^"]*)"', text, re.M)}
        path = stated.get(config_key(system)) or stated.get("INTERPRETER")
        if path:
            return shutil.which(os.path.expandvars(path))
    return shutil.which("python")


def _version(package: str) -> str | None:
    with suppress(metadata.PackageNotFoundError):
        return metadata.version(package)
    return None


def _missing() -> Iterator[str]:
    """Packages that our own distribution requires unconditionally and that are not installed."""
    try:
        needed = metadata.requires("tuijie_xl") or []
    except metadata.PackageNotFoundError:
        return
    for line in needed:
        requirement, _, marker = line.partition(";")
        name = re.match(r"[A-Za-z0-9._-]+", requirement.strip())[0]
        if "extra" not in marker and "sys_platform" not in marker and _version(name) is None:
            yield name


def _zone(book: Path) -> int | None:
    """The zone that Windows noted when the file was downloaded; None without a mark."""
    with suppress(OSError):
        found = re.search(r"ZoneId=(\d)", Path(f"{book}:Zone.Identifier").read_text("utf-8", "replace"))
        return int(found[1]) if found else None
    return None


def _fonts_here() -> frozenset[str] | None:
    """Names of fonts and of their files, in lower case."""
    if sys.platform == "win32":
        folders = [Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts",
                   Path(os.environ.get("LOCALAPPDATA", "")) / "Microsoft" / "Windows" / "Fonts"]
        return frozenset(file.stem.lower() for folder in folders if folder.is_dir() for file in folder.iterdir())
    if not shutil.which("fc-list"):
        return None
    listed = subprocess.run(["fc-list", ":", "family"], capture_output=True, text=True, check=False).stdout
    return frozenset(name.strip().lower() for line in listed.splitlines() for name in line.split(","))


def _windows_facts() -> dict:
    """What the registry says of Excel, macros, script host and WPS."""
    import winreg

    user, machine = winreg.HKEY_CURRENT_USER, winreg.HKEY_LOCAL_MACHINE

    def value(root, key: str, name: str):
        with suppress(OSError), winreg.OpenKey(root, key) as handle:
            return winreg.QueryValueEx(handle, name)[0]
        return None

    security, policy = (rf"Software\{part}Microsoft\Office\16.0\Excel\Security" for part in ("", "Policies\\"))
    office = r"SOFTWARE\Microsoft\Office\ClickToRun\Configuration"
    bits = {"x64": 64, "x86": 32}.get(value(machine, office, "Platform"))
    excel = value(machine, r"SOFTWARE\Classes\Excel.Application\CurVer", "")
    allowed = value(machine, r"SOFTWARE\Microsoft\Windows Script Host\Settings", "Enabled")
    warnings = value(user, policy, "VBAWarnings")
    return {"excel": excel, "excel_bits": bits,
            "macro_warnings": warnings if warnings is not None else value(user, security, "VBAWarnings"),
            "internet_macros_blocked": bool(value(user, policy, "blockcontentexecutionfrominternet")),
            "script_host": None if allowed is None else str(allowed) != "0",
            "wps": value(user, r"Software\Kingsoft\Office\6.0\Common", "Version")}
