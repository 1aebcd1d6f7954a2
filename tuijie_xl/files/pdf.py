"""Sheets as PDF, made by typst from the package index: nothing else needs to be installed, no program is started.

The same plan gives the same bytes on the same fonts. Texts are set with the fonts that the plan names, or with the
nearest that the machine has; a machine without any Chinese font is told so, rather than printing boxes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import typst

from ..book import SheetPlan
from ..layout.printing import Box, Page, print_pages
from ..problem import UnusableFile
from .writing import legal

_TEMPLATE = Path(__file__).with_name("page.typ")
_SERIF = ("SimSun", "NSimSun", "Songti SC", "STSong", "Noto Serif CJK SC", "Source Han Serif SC", "Noto Serif SC")
_SANS = ("Microsoft YaHei", "PingFang SC", "Noto Sans CJK SC", "Source Han Sans SC", "Noto Sans SC",
         "WenQuanYi Micro Hei")
#: The fonts that plans name -> families to look for, best first (Windows, macOS, Linux).
_FAMILIES = {"宋体": _SERIF, "仿宋": ("FangSong", "STFangsong", *_SERIF), "黑体": ("SimHei", "Heiti SC", "STHeiti", *_SANS),
             "微软雅黑": (*_SANS, "SimHei")}
_SYMBOLS = ("Segoe UI Symbol", "Apple Symbols", "Noto Sans Symbols2", "DejaVu Sans")      # for ☐ ☑ where a font lacks them
_UP_DOWN = {"vcenter": "horizon", "top": "top", "bottom": "bottom"}


def write_pdf(sheets: Iterable[SheetPlan], path: Path, title: str) -> None:
    """The printed pages of ``sheets`` as one PDF, a bookmark for each sheet; its links stay links.

    ``path`` is written directly: callers go through ``saving``. ``UnusableFile`` on a machine without a Chinese font.
    """
    laid = [(sheet.name, print_pages(sheet)) for sheet in sheets]
    labels = {name: f"sheet-{number}" for number, (name, _) in enumerate(laid)}
    book = {"title": legal(title), "fonts": _fonts(path),
            "sheets": [{"name": legal(name), "label": labels[name], "pages": [_page(page, labels) for page in pages]}
                       for name, pages in laid]}
    typst.compile(_TEMPLATE, output=path, format="pdf", timestamp=0, pdf_tags=False, font_paths=_installed(),
                  sys_inputs={"book": json.dumps(book, ensure_ascii=False)})


def _page(page: Page, labels: dict[str, str]) -> dict:
    room = page.body[3] / page.scale
    return {"paper": page.paper, "body": page.body, "scale": page.scale,
            "cut": any(box.y < -0.1 or box.y + box.height > room + 0.1 for box in page.boxes),
            "cells": [_cell(box, labels) for box in page.boxes],
            "running": [{"text": legal(line.text), "size": line.size, "align": line.align, "foot": line.at_foot}
                        for line in page.running]}


def _cell(box: Box, labels: dict[str, str]) -> dict:
    look = box.style
    return {"x": box.x, "y": box.y, "width": box.width, "height": box.height, "wrap": look.wrap, "indent": look.indent,
            "fill": look.fill, "border": look.border, "weight": look.border_style, "target": labels.get(box.target),
            "align": f"{look.align if look.align in ('center', 'right') else 'left'} + {_UP_DOWN[look.valign]}",
            "runs": [{"text": legal(text), "font": own.font, "size": own.size, "bold": own.bold, "italic": own.italic,
                      "color": own.color} for text, own in box.runs]}


@lru_cache(maxsize=1)
def _installed() -> typst.Fonts:
    return typst.Fonts()


def _fonts(path: Path) -> dict[str, list[str]]:
    """The families of this machine for each font that plans name."""
    here = set(_installed().families())
    found = {name: [family for family in families if family in here] for name, families in _FAMILIES.items()}
    if not all(found.values()):
        raise UnusableFile(path, "这台电脑没有中文字体，打印出来会是方框，没有生成 PDF。请安装宋体、黑体（Windows 自带）"
                                 "或思源字体后再试。", "no-chinese-font")
    return {name: families + [family for family in _SYMBOLS if family in here] for name, families in found.items()}
