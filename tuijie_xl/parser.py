"""The parser of the command line in Chinese; nothing but the standard library."""

from __future__ import annotations

import argparse
from datetime import date


class Usage(Exception):
    """The command is written wrongly; the text says how in Chinese."""


# ------------------------------------------------------------------ words of the parser

_ARGPARSE = (
    ("the following arguments are required: ", "缺少参数："),
    ("unrecognized arguments: ", "不认识的参数："),
    ("expected one argument", "后面需要一个值"),
    ("expected at least one argument", "后面至少需要一个值"),
    ("invalid choice: ", "没有这个选项："),
    ("(choose from", "（可选："),
    ("invalid int value: ", "应为整数："),
    ("argument ", "参数 "),
    ("ambiguous option: ", "选项不明确："),
)


class Parser(argparse.ArgumentParser):
    """argparse in Chinese; a wrong command raises ``Usage`` instead of ending the program."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, formatter_class=_Help, add_help=False, allow_abbrev=False, **kwargs)
        self._positionals.title, self._optionals.title = "参数", "选项"
        self.add_argument("-h", "--help", action="help", help="显示这份说明")

    def error(self, message: str):
        for english, chinese in _ARGPARSE:
            message = message.replace(english, chinese)
        raise Usage(f"{message}。用 {self.prog} -h 查看写法。")


class _Help(argparse.RawDescriptionHelpFormatter):
    def add_usage(self, usage, actions, groups, prefix=None):
        super().add_usage(usage, actions, groups, "用法：")


def day(text: str) -> date:
    """A day written as year-month-day; anything else is told in Chinese."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"日期应写成 年-月-日，如 2025-06-30：{text}") from None
