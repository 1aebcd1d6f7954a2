"""The audit package: one zip from which anybody can see what a result was made from, and make it again byte for byte.

It holds hashes of the inputs (on request the inputs themselves), the edition, how columns were read, the findings, hashes
of the outputs and the program's version. It holds no clock and no password: the same inputs give the same bytes.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from . import __version__, actions, updating
from .actions import Outcome, Progress
from .edition import Edition
from .files.archive import read_bytes
from .files.saving import save_atomically

INPUTS, RESULTS, EDITION, MAPPING = "输入", "结果", "年度版本", "列名对照.xlsx"
CONTENTS, READING, FINDINGS, NOTE = "清单.json", "读取记录.json", "核对结果.json", "怎样重做.txt"
_EPOCH = (1980, 1, 1, 0, 0, 0)          # the earliest day that a zip can tell
_HOW = """这是一次汇总核对的存档，由 tuijie {version} 生成。

重做一遍：
1. 解压到一个空文件夹。{inputs}
2. 安装 {version} 版的 tuijie，在这个文件夹里运行：
   {command}
3. {results} 里各文件的 SHA-256 应与 {contents} 中 outputs 所列逐一相同。

输入文件如有打开密码，运行时加 --password；密码不在存档里。
"""


def write_audit(paths: Iterable[str | Path], edition: Edition, target: Path, *, with_inputs: bool = False,
                jobs: int | None = None, progress: Progress | None = None, passwords: Iterable[str] = (),
                mapping: Path | None = None) -> Outcome:
    """Do the main job in a folder of its own and put what proves it into the zip ``target``.

    Inputs are numbered by their order, each in a folder of its own, so that their names stay what the bureaus chose.
    What cannot be read is in the findings; no file at all is ``UnusableFile``.
    """
    files = actions.find_files(paths, [target])
    with tempfile.TemporaryDirectory(prefix="tuijie-") as scratch:
        place = Path(scratch)
        inputs = _stage(files, place / INPUTS)
        if mapping:
            shutil.copyfile(mapping, place / MAPPING)
        outcome = updating.run([place / INPUTS], edition, place / RESULTS, jobs=jobs, progress=(lambda _: progress) if progress else None,
                              passwords=passwords, mapping=place / MAPPING if mapping else None)
        _forget_place(place, place / RESULTS / actions.REPORT.format(id=edition.id))
        entries = _entries(outcome, edition, place, inputs if with_inputs else [])
        entries[CONTENTS] = _json(_contents(edition, place, inputs, bool(mapping)))
        entries[NOTE] = _note(bool(mapping), with_inputs).encode()
        outcome.written = [save_atomically(target, lambda temporary: _zip(entries, temporary))]
    return outcome


def _stage(files: list[Path], folder: Path) -> list[Path]:
    """Copies of the inputs, in an order that reading the folder keeps."""
    digits = len(str(len(files)))
    copies = [folder / f"{number:0{digits}d}" / file.name for number, file in enumerate(files, 1)]
    for file, copy in zip(files, copies):
        copy.parent.mkdir(parents=True)
        copy.write_bytes(read_bytes(file))
    return copies


def _entries(outcome: Outcome, edition: Edition, place: Path, inputs: list[Path]) -> dict[str, bytes]:
    """Name in the zip -> bytes: the edition, how files were read, the findings, perhaps the inputs."""
    entries = {READING: (place / RESULTS / actions.REPORT.format(id=edition.id)).read_bytes(),
               FINDINGS: _json(actions.findings(outcome)).replace(_quoted(place), b"")}
    for file in sorted(edition.folder.rglob("*")):
        if file.is_file():
            entries[f"{EDITION}/{file.relative_to(edition.folder).as_posix()}"] = file.read_bytes()
    more = [*inputs, *([place / MAPPING] if (place / MAPPING).exists() else [])]
    return entries | {file.relative_to(place).as_posix(): file.read_bytes() for file in more}


def _contents(edition: Edition, place: Path, inputs: list[Path], mapped: bool) -> dict:
    outputs = sorted(file for file in (place / RESULTS).rglob("*") if file.is_file())
    return {"program": f"tuijie_xl {__version__}", "edition": edition.id, "command": _command(mapped),
            "inputs": [_fingerprint(file, place) for file in inputs],
            "outputs": [_fingerprint(file, place) for file in outputs]}


def _fingerprint(file: Path, place: Path) -> dict:
    held = file.read_bytes()
    return {"path": file.relative_to(place).as_posix(), "size": len(held), "sha256": sha256(held).hexdigest()}


def _forget_place(place: Path, report: Path) -> None:
    """The report tells paths; made again in the unpacked folder it tells them from there."""
    report.write_bytes(report.read_bytes().replace(_quoted(place), b""))


def _quoted(place: Path) -> bytes:
    """The start of every path below ``place`` as JSON writes it."""
    return json.dumps(f"{place / 'x'}", ensure_ascii=False)[1:-2].encode()


def _command(mapped: bool) -> str:
    return f"tuijie run {INPUTS} -o {RESULTS} -e {EDITION}" + (f" --mapping {MAPPING}" if mapped else "")


def _note(mapped: bool, with_inputs: bool) -> str:
    absent = f"存档里没有输入文件：请按 {CONTENTS} 中 inputs 所列的路径放好，SHA-256 须相同。"
    return _HOW.format(version=__version__, inputs="" if with_inputs else absent, command=_command(mapped), results=RESULTS,
                       contents=CONTENTS)


def _json(value: dict) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def _zip(entries: dict[str, bytes], path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name in sorted(entries):
            member = zipfile.ZipInfo(name, _EPOCH)
            member.compress_type, member.create_system, member.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            archive.writestr(member, entries[name])
