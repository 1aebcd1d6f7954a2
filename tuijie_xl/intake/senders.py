"""Which bureau a sheet comes from, where no column says it: its title, its name or the name of its file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from .text import fold

_SHORTEST = 2                           # characters of a name that is looked for inside a text


def named_region(texts: Iterable[str], regions: Mapping[str, str]) -> str | None:
    """The one region that the texts name ('山东省商务厅推介汇总表' -> 山东省); None for none or several.

    ``regions`` maps every known spelling to its label.
    """
    joined, found = "\n".join(map(fold, texts)), set()
    for name in sorted(regions, key=len, reverse=True):             # 新疆生产建设兵团 before 新疆
        if len(name) >= _SHORTEST and name in joined:
            found.add(regions[name])
            joined = joined.replace(name, "")
    return found.pop() if len(found) == 1 else None


def sender_of(titles: Iterable[str], sheet: str, file: str, regions: Mapping[str, str]) -> tuple[str, str] | None:
    """(region, the words that say where it stands) from the titles and the sheet's name, else the file's name."""
    for texts, where in (((*titles, sheet), "表头以上的标题或工作表名"), ((Path(file).stem,), "文件名")):
        region = named_region(texts, regions)
        if region:
            return region, where
    return None
