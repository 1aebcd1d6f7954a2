"""The command line: ``tuijie``. A thin face over ``actions``; Chinese help and messages, no traceback ever.

Exit codes: 0 clean, 1 problems were found, 2 the input or the command cannot be used.
Nothing heavy is imported before a command is known to be valid, so that help comes at once.
"""

from __future__ import annotations

import argparse
import os
import sys
from datetime import date
from pathlib import Path

from . import __version__
from .parser import Parser, Usage, day

CLEAN, PROBLEMS, UNUSABLE = 0, 1, 2
PYTHONS = ("3.11", "3.12", "3.13")      # that an offline installer can be made for
BUNDLE = f"推介工具_离线安装_{__version__}.zip"
_RUNNING = f"{sys.version_info.major}.{sys.version_info.minor}"
_PYTHON = _RUNNING if _RUNNING in PYTHONS else PYTHONS[-1]


def build_parser() -> Parser:
    """Every command with its options, as DESIGN.md fixes them."""
    parser = Parser(prog="tuijie", description="服务外包推介申报：批量导入地方报送表，按推荐说明逐条判断，生成总表和申报单位表。",
                    epilog="最常用：tuijie run 报送文件夹 -o 推介结果\n先看一遍：tuijie demo\n操作手册：tuijie manual")
    parser.add_argument("--version", action="version", version=f"tuijie {__version__}", help="显示版本号")
    commands = parser.add_subparsers(prog="tuijie", dest="command", title="命令", metavar="命令", required=True, parser_class=Parser)
    for name, help_, arguments in COMMANDS:
        command = commands.add_parser(name, help=help_, description=help_)
        for words, options in arguments:
            command.add_argument(*words, **options)
        command.add_argument("-e", "--edition", default=None, metavar="年度", help="年度版本，默认最新的一个")
    return parser


def _paths(help_: str):
    return ("paths",), {"nargs": "+", "metavar": "文件或文件夹", "help": help_}


def _out(help_: str, *, default=None, metavar="文件"):
    return ("-o", "--output"), {"type": _folder if metavar == "文件夹" else _file(".xlsx"), "default": default, "required": default is None, "metavar": metavar,
                                "help": help_ + (f"，默认 {default}" if default else "")}


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"应为不小于 1 的整数：{text}")
    return int(text)


def _file(*suffixes: str):
    """A file to be written: its name says what it is."""
    def read(text: str) -> Path:
        if Path(text).suffix.lower() not in suffixes:
            raise argparse.ArgumentTypeError(f"文件名应以 {'、'.join(suffixes)} 结尾：{text}")
        return Path(text)
    return read


def _existing(text: str) -> Path:
    if not Path(text).is_file():
        raise argparse.ArgumentTypeError(f"找不到这个文件：{text}")
    return Path(text)


def _folder(text: str) -> Path:
    if not text.strip():
        raise argparse.ArgumentTypeError("没有写明文件夹")
    return Path(text)


_NEW = ("--new",), {"action": "store_true", "help": "不沿用已有的总表，从头生成（旧的留在“上一版”）"}
def _password(text: str) -> str:
    """The password of encrypted files; '-' asks for it, so that it stands in no list of processes or commands."""
    from getpass import getpass

    return getpass("打开密码（输入时不显示）：") if text == "-" else text


_MAPPING = ("--mapping",), {"type": _existing, "default": None, "metavar": "文件",
                            "help": "列名对照文件，默认用输出文件旁边的“列名对照.xlsx”（如有）"}
_PASSWORD = ("--password",), {"type": _password, "action": "append", "default": [], "metavar": "密码",
                              "help": "加密文件的打开密码，可写多次；写 - 则运行时再输入，不显示"}
_ON = ("--on",), {"type": day, "default": None, "metavar": "日期", "help": "截至日期，写成 年-月-日，如 2025-06-30，据此判断是否逾期；默认今天"}
_JOBS = ("--jobs",), {"type": _count, "default": None, "metavar": "N", "help": "同时读取的进程数，默认按处理器个数"}

COMMANDS = (
    ("run", "一步完成：导入、校验、生成总表、申报单位表和统计",
     (_paths("各地报送的表格，或放表格的文件夹"), _out("结果文件夹", default="推介结果", metavar="文件夹"), _MAPPING, _JOBS, _PASSWORD, _NEW)),
    ("template", "生成空白表：给地方填报的（不含宏）和自己用的申报工作簿", (_out("放空白表的文件夹", default=".", metavar="文件夹"),)),
    ("import", "把各地报送表导入一份总表：新的加入，重报的更正，其余不动",
     (_paths("各地报送的表格，或放表格的文件夹"), _out("总表，例如 推介总表.xlsx；已有的总表会更新，不会丢失其中的内容"), _MAPPING, _JOBS, _PASSWORD, _NEW,
      (("--report",), {"type": _file(".json"), "metavar": "文件", "help": "另存一份 JSON 导入报告"}),
      (("--feedback",), {"type": _folder, "metavar": "文件夹", "help": "把有问题的每个文件标出问题，存成副本放在这里，发回地方改正"}))),
    ("validate", "校验已填好的表，列出每个问题在哪一格、怎么改",
     (_paths("填好的模板、总表或报送表"), _MAPPING, _JOBS, _PASSWORD,
      (("--json",), {"action": "store_true", "help": "输出 JSON（给其他程序用）"}),
      (("-o", "--output"), {"type": _folder, "metavar": "文件或文件夹", "help": "标出问题的副本：一个文件的存成这个 .xlsx（含宏的 .xlsm），"
                                                                          "多个文件的放在这个文件夹；原文件不动"}))),
    ("sheets", "生成申报单位表（每家一张 A4，带目录）",
     (_paths("总表或填好的表"), _out("放申报单位表的文件夹", metavar="文件夹"), _JOBS, _PASSWORD,
      (("--only",), {"nargs": "+", "default": [], "metavar": "代码", "help": "只生成这些统一社会信用代码（或名称）的"}),
      (("--pdf",), {"action": "store_true", "help": "同时生成 PDF：每个地区一册（带书签），每家一份"}))),
    ("stats", "生成统计摘要、统计表和图、统计明细", (_paths("总表或填好的表"), _out("统计文件，例如 统计.xlsx"), _JOBS, _PASSWORD)),
    ("remind", "生成催办单（按地区）和材料交接单（每家一页）",
     (_paths("总表或填好的表"), _out("放这些单子的文件夹", metavar="文件夹"), _ON, _JOBS, _PASSWORD,
      (("--pdf",), {"action": "store_true", "help": "同时生成 PDF"}))),
    ("publish", "生成可以公布的推介名单（只列“符合”的，不含联系方式）",
     (_paths("总表或填好的表"), _out("放名单的文件夹", metavar="文件夹"), _JOBS, _PASSWORD,
      (("--leave-out",), {"action": "store_true", "help": "还有错误或待补充时也生成：有问题的单位不列入，另列成“未列入”"}))),
    ("audit", "生成存档包：输入的指纹、年度版本、核对结果、输出的指纹，可据以重做",
     (_paths("各地报送的表格，或放表格的文件夹"), (("-o", "--output"), {"type": _file(".zip"), "required": True, "metavar": "文件", "help": "存档包，例如 存档.zip"}),
      (("--with-inputs",), {"action": "store_true", "help": "连同输入文件一起存"}), _MAPPING, _JOBS, _PASSWORD)),
    ("diff", "比较两份表（或两个文件夹）有什么不同，结论变化在先",
     ((("old",), {"type": Path, "metavar": "旧表", "help": "旧的总表、报送表或文件夹"}),
      (("new",), {"type": Path, "metavar": "新表", "help": "新的总表、报送表或文件夹"}), _JOBS,
      (("--json",), {"action": "store_true", "help": "输出 JSON（给其他程序用）"}),
      (("-o", "--output"), {"type": _file(".xlsx"), "metavar": "文件", "help": "把不同之处存成这个文件"}))),
    ("undo", "撤回最近一批导入，总表恢复为导入前的内容",
     ((("master",), {"type": Path, "metavar": "总表", "help": "要撤回的总表"}),
      (("--force",), {"action": "store_true", "help": "导入后改动过也撤回（改动过的总表留在“上一版”）"}))),
    ("demo", "用自带的示例报送表演示一遍", (_out("结果文件夹", default="推介示例", metavar="文件夹"), _JOBS)),
    ("doctor", "环境自检：检查本机能否正常使用，并给出每个问题的解决办法",
     ((("book",), {"nargs": "?", "metavar": "工作簿", "help": "连同这个申报工作簿的位置和来源一起检查"}),)),
    ("manual", "打开操作手册（在浏览器里看，不用联网）", ()),
    ("install", "把申报工作簿和按钮所需的设置装到本机，并做环境自检",
     ((("-o", "--output"), {"type": _folder, "metavar": "文件夹", "help": "放工作簿的文件夹，默认是“文档”里的“推介”"}),)),
    ("bundle", "制作离线安装包，给不能上网的 Windows 电脑安装",
     ((("-o", "--output"), {"type": _file(".zip"), "metavar": "文件", "help": f"安装包，默认 {BUNDLE}"}),
      (("--python",), {"choices": PYTHONS, "default": _PYTHON, "metavar": "版本", "help": f"那台电脑上的 Python 版本：{'、'.join(PYTHONS)}，默认与本机相同"}))),
)


# ------------------------------------------------------------------ commands

def _read(options, edition, actions, apart_from=(), mapping=None):
    """The files of the command line read, put together and judged."""
    return actions.import_files(options.paths, edition, jobs=options.jobs, progress=_progress("读取文件"),
                                apart_from=apart_from, passwords=options.password, mapping=mapping)


def run(options, edition, actions) -> int:
    from . import updating

    outcome = updating.run(options.paths, edition, options.output, fresh=options.new, jobs=options.jobs, progress=_progress,
                           passwords=options.password, mapping=options.mapping)
    return _report(outcome)


def demo(options, edition, actions) -> int:
    from . import examples, updating

    folder = actions.copy_examples(examples.files(), options.output / "报送表")
    print(f"示例报送表已放在：{folder}\n", file=sys.stderr)
    outcome = updating.run([folder], edition, options.output, fresh=True, jobs=options.jobs, progress=_progress)
    _report(outcome)
    return CLEAN


def template(options, edition, actions) -> int:
    from . import delivery
    from .problem import UnusableFile

    for path in actions.write_template(edition, options.output):
        print(f"给地方填报的，已生成：{path}")
    try:
        print(delivery.place_workbook(edition, options.output)[1])
    except UnusableFile as err:         # an edition whose workbook has not been built yet
        print(err, file=sys.stderr)
        return PROBLEMS
    print("怎样使用，见操作手册：tuijie manual")
    return CLEAN


def import_(options, edition, actions) -> int:
    from . import updating
    from .files.locking import locked

    with locked(options.output):
        outcome = updating.import_into(options.paths, edition, options.output, fresh=options.new, jobs=options.jobs,
                                       progress=_progress("读取文件"), passwords=options.password, mapping=options.mapping,
                                       apart_from=[p for p in (options.output, options.report, options.feedback) if p])
        updating.write_update(outcome, options.output)
        if options.feedback:
            actions.feedback.write_folder(outcome, options.feedback, jobs=options.jobs, progress=_progress("标注反馈"))
        if options.report:
            outcome.written += actions.write_json(actions.import_report(outcome.batch), options.report)
    return _report(outcome)


def undo(options, edition, actions) -> int:
    from . import updating

    undone = updating.undo(options.master, even_if_edited=options.force)
    print(f"已撤回批次 {undone.batch}。" + ("这是第一批，导入前没有总表，所以总表也移走了。" if undone.removed else "总表恢复为导入前的内容，一个字节不差。"))
    print("被撤回的总表留在同一文件夹的“上一版”里。")
    return CLEAN


def diff(options, edition, actions) -> int:
    from . import differences, updating

    found = updating.diff(options.old, options.new, edition, jobs=options.jobs, progress=_progress)
    if options.output:
        print(f"已生成：{updating.write_diff(found, edition, options.output)}", file=sys.stderr)
    if options.json:
        import json

        json.dump([one.as_dict() for one in found], sys.stdout, ensure_ascii=False, indent=1)
        print()
    else:
        print("\n".join([*map(differences.told, found), differences.counted(found)]))
    return PROBLEMS if found else CLEAN


def validate(options, edition, actions) -> int:
    if options.output:
        actions.refuse_overwriting(options.output, options.paths)
    renewed = _renewed(options, edition)
    outcome = renewed or _read(options, edition, actions, mapping=options.mapping or actions.mapping_beside(options.output),
                               apart_from=[options.output] if options.output and options.output.is_dir() else [])
    if renewed:
        actions.write_master(renewed, options.output)
    elif options.output:
        actions.write_marked(outcome, options.output, jobs=options.jobs, progress=_progress("标注反馈"))
        actions.ask_about_columns(outcome, options.output)
    if options.json:
        import json

        json.dump(actions.findings(outcome), sys.stdout, ensure_ascii=False, indent=1)
        print()
        return _exit_code(outcome)
    named = outcome.batch.named()
    for found in outcome.problems:
        who = named.get((found.file, found.sheet, found.row))
        print(_line(found, who and who.name))
    return _report(outcome, actions.FEEDBACK)


def _renewed(options, edition):
    """A master that is to be written anew, with what officers left in it; None for anything else."""
    from . import updating

    path = Path(options.paths[0])
    wanted = options.output and options.output.suffix.lower() == ".xlsx" and len(options.paths) == 1 and path.is_file()
    return updating.renew(path, edition) if wanted else None


def sheets(options, edition, actions) -> int:
    outcome = _read(options, edition, actions)
    actions.write_sheets(outcome, options.output, only=options.only, pdf=options.pdf,
                         progress=_progress("生成申报单位表"))
    return _report(outcome)


def stats(options, edition, actions) -> int:
    outcome = _read(options, edition, actions)
    actions.write_statistics(outcome, options.output)
    return _report(outcome)


def remind(options, edition, actions) -> int:
    from . import papers

    outcome = _read(options, edition, actions)
    papers.write_reminders(outcome, options.output, options.on or date.today(), pdf=options.pdf)
    return _report(outcome, None)


def publish(options, edition, actions) -> int:
    from . import papers

    outcome = _read(options, edition, actions)
    papers.write_public_list(outcome, options.output, leave_out=options.leave_out)
    return _report(outcome, None)


def audit(options, edition, actions) -> int:
    from . import evidence

    return _report(evidence.write_audit(options.paths, edition, options.output, with_inputs=options.with_inputs, jobs=options.jobs,
                                        passwords=options.password, mapping=options.mapping), None)


def doctor(options, edition, actions) -> int:
    return _examine(options.book)


def manual(options, edition, actions) -> int:
    from .manual import open_file, shipped_manual

    path = shipped_manual(edition.id)
    print(f"操作手册：{path}")
    if not open_file(path):
        print("这里没有能打开浏览器，请在文件夹里双击这个文件。", file=sys.stderr)
    return CLEAN


def install(options, edition, actions) -> int:
    from . import delivery

    book, said = delivery.install(edition, delivery.this_account(), options.output)
    print("\n".join(said), end="\n\n")
    return _examine(book)


def bundle(options, edition, actions) -> int:
    from . import delivery

    print("正在下载组件并打包，需要联网，大约几分钟……", file=sys.stderr)
    made = delivery.bundle(edition, options.output or Path(BUNDLE), options.python)
    print(f"已生成：{made}（{made.stat().st_size / 2**20:.0f} MB）\n下一步：拷到 64 位 Windows 电脑，全部解压，双击“安装.cmd”。")
    return CLEAN


UPDATES = {"added": "新增", "replaced": "更正", "left": "未变", "unreported": "本次未报"}
HANDLERS = {"run": run, "demo": demo, "template": template, "import": import_, "validate": validate, "sheets": sheets,
            "stats": stats, "remind": remind, "publish": publish, "audit": audit, "diff": diff, "undo": undo, "doctor": doctor,
            "manual": manual, "install": install, "bundle": bundle}


# ------------------------------------------------------------------ what is shown

def _progress(stage: str):
    """A progress bar on the error stream; a pipe or a file gets none."""
    from tqdm import tqdm

    bar = tqdm(desc=stage, unit="份", total=0, file=sys.stderr, disable=not sys.stderr.isatty(), leave=False,
               bar_format="{desc} {bar} {n_fmt}/{total_fmt} [{elapsed}]")

    def show(done: int, total: int) -> None:
        bar.total, bar.n = total, done
        bar.refresh()
        if done == total:
            bar.close()
    return show


def _line(found, name: str | None = None) -> str:
    """One problem on one line: where, whose, what, what to do."""
    from .problem import SEVERITIES

    place = " ".join(part for part in (Path(found.file).name if found.file else "", f"[{found.sheet}]" if found.sheet else "",
                                       found.cell or (f"第{found.row}行" if found.row else ""), name) if part)
    return f"{SEVERITIES[found.severity]}  {place}  {found.message}{found.remedy}"


_FEW = 4                                # files of a folder that are named one by one


def _report(outcome, listed_in: str | None = "问题清单") -> int:
    """Print what came in, what was found and what was written; the exit code. ``listed_in``: the sheet to look at, if any."""
    from .batch import OUTCOMES
    from .criteria import VERDICTS
    from .files.answers import ANSWERS
    from .intake.answers import FIELD
    from .problem import SEVERITIES, count_by_severity

    batch, rows = outcome.batch, outcome.batch.totals
    words = dict(zip(OUTCOMES, ("采用", "不能使用", "重复", "合计、说明行", "空行")))
    used = sum(file.status == "imported" for file in batch.files)
    refused = [file for file in batch.files if file.status == "refused"]
    if outcome.known:
        print(f"以前导入过、内容没有变的文件 {len(outcome.known)} 个，不再导入。" + ("" if batch.files else "没有新的文件，总表没有变动。"))
    if batch.files:
        print(f"文件 {len(batch.files)} 个，采用 {used} 个" + (f"，不能使用 {len(refused)} 个" if refused else "") + f"（批次 {batch.id}）")
        print(f"行数核对：读到 {rows['read']} = " + " + ".join(f"{words[name]} {rows[name]}" for name in OUTCOMES))
    if outcome.counts and batch.files:
        print("并入已有的总表：" + "，".join(f"{word} {outcome.counts[name]}" for name, word in UPDATES.items()) + " 家（逐项见“变更记录”）")
    for kind in batch.edition.kinds.values():
        verdicts = outcome.judgements[kind.id].verdicts
        if verdicts:
            print(f"{kind.label} {len(verdicts)} 家：" +
                  "，".join(f"{word} {verdicts.count(name)}" for name, word in VERDICTS.items()))
    counts = count_by_severity(outcome.problems)
    unmet = sum(p.code == "criterion-unmet" for p in outcome.problems)
    print("问题：" + "，".join(f"{word} {counts[name]}" for name, word in SEVERITIES.items())
          + (f"（错误中有 {unmet} 条是未达到推介标准，数据无误的无须更正）" if unmet else ""))
    for file in refused:
        print(_line(file.problems[0]))
    if outcome.unmarked:
        print(f"没有标注副本的文件 {len(outcome.unmarked)} 个（不能打开或写法特殊）：{'、'.join(outcome.unmarked)}")
    for folder in dict.fromkeys(path.parent for path in outcome.written):
        made = [path for path in outcome.written if path.parent == folder]
        print("\n".join(f"已生成：{path}" for path in made) if len(made) <= _FEW else f"已生成：{folder}（{len(made)} 个文件）")
    if any(path.name == ANSWERS for path in outcome.written):
        print(f"有些列的列名认不准：请打开“{ANSWERS}”，在“{FIELD}”一列各选一次，再运行一次。")
    if outcome.written:
        print("被替换的旧文件（如有）留在同一文件夹的“上一版”里，没有覆盖。")
    if outcome.written and outcome.problems and listed_in:
        print(f"下一步：打开第一个文件的“{listed_in}”，点“位置”逐条处理。")
    return _exit_code(outcome)


def _examine(book: Path | str | None) -> int:
    """Print 环境自检; the exit code says whether something must be put right."""
    from .doctor import examine, report

    findings = examine(book_path=book and os.path.abspath(book) if "://" not in str(book) else book)
    print(report(findings))
    return PROBLEMS if any(one.state == "fault" for one in findings) else CLEAN


def _exit_code(outcome) -> int:
    if outcome.batch.files and all(file.status == "refused" for file in outcome.batch.files):
        return UNUSABLE
    return CLEAN if outcome.is_clean else PROBLEMS


# ------------------------------------------------------------------ the border

def main(arguments: list[str] | None = None) -> int:
    """Run one command; every exception becomes one Chinese sentence here, our own bugs also a log file."""
    sys.stdout, sys.stderr = (stream or open(os.devnull, "w", encoding="utf-8") for stream in (sys.stdout, sys.stderr))
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding=stream.encoding if stream.isatty() else "utf-8", errors="replace")
    try:
        options = build_parser().parse_args(arguments)
        code = _carry_out(options)
        sys.stdout.flush()
        return code
    except Usage as err:
        print(f"命令写法有误：{err}", file=sys.stderr)
    except KeyboardInterrupt:
        print("已按要求停止；没有写完的文件不会留下。", file=sys.stderr)
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")            # whoever listened has gone: nothing to say
    except OSError as err:
        print(f"无法输出结果（系统错误 {err.errno}）；已经写好的文件是完整的。", file=sys.stderr)
    except Exception as err:
        from .apology import sorry

        print(sorry(err), file=sys.stderr)
    return UNUSABLE


def _carry_out(options) -> int:
    if options.command == "doctor":         # what it looks for may be missing: nothing else is imported
        return doctor(options, None, None)
    from .edition import EditionError, editions, load_edition
    from .problem import UnusableFile

    try:
        edition = load_edition(options.edition or editions()[0])
        from . import actions

        return HANDLERS[options.command](options, edition, actions)
    except UnusableFile as err:
        print(f"{err}", file=sys.stderr)
    except EditionError as err:
        where = "" if err.key == "edition" else f"（{err.path}，{err.key}）"
        print(f"年度版本“{options.edition or editions()[0]}”不能使用：{err.why}{where}", file=sys.stderr)
    return UNUSABLE


if __name__ == "__main__":
    sys.exit(main())
