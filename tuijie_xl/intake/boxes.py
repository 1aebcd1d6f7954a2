"""Tick boxes written in one cell: '☑是 ☐否', '(√)是 ( )否', '是☑ 否☐', the lists of services of a printed form."""

from __future__ import annotations

import re
from dataclasses import dataclass

TICKED_MARKS, OPEN_MARKS = "☑✅√✓✔■●◉", "☐□○◯"
_IN_BRACKETS = re.compile(r"[(\[（【]\s*([√✓✔■●Vv×]?)\s*[)\]）】]")
_MARK = re.compile(f"([{TICKED_MARKS}{OPEN_MARKS}])")
#: What people leave of the line on which something is to be written: '其它____', '其它：＿＿＿'.
_LINE = re.compile(r"[_＿:：][\s_＿:：]*")
_AS_WRITTEN = re.compile(r"\n?[(（]原文[:：](.*)[)）]\s*$", re.DOTALL)


@dataclass(frozen=True)
class Box:
    """One box: what stands beside it, and what was written behind that ('其它：农业' -> text 其它, more 农业)."""

    ticked: bool
    text: str
    more: str = ""


@dataclass(frozen=True)
class Boxes:
    """The boxes of a cell in their order; ``written`` is a text that stood among them and is none ('（原文：……）')."""

    items: tuple[Box, ...]
    written: str = ""

    @property
    def ticked(self) -> tuple[Box, ...]:
        return tuple(box for box in self.items if box.ticked)


def read_boxes(text: str) -> Boxes | None:
    """The boxes of a cell; None for a text without any, and for one of which nobody can tell what a mark belongs to.

    Either every mark stands before its text or every one behind it: '是√否' could be both and is None.
    """
    written = _AS_WRITTEN.search(text)
    body = _IN_BRACKETS.sub(_plain_mark, text[:written.start()] if written else text)
    first, *rest = _MARK.split(body)
    texts = [first, *rest[1::2]]
    ticks = [mark in TICKED_MARKS for mark in rest[::2]]
    before, behind = not texts[0].strip(), not texts[-1].strip()
    if not ticks or before == behind:
        return None
    items = tuple(_box(tick, own) for tick, own in zip(ticks, texts[1:] if before else texts[:-1]))
    if not all(box.text for box in items):
        return None
    return Boxes(items, written[1].strip() if written else "")


def _plain_mark(match: re.Match) -> str:
    return "☐" if match[1] in ("", "×") else "☑"


def _box(ticked: bool, text: str) -> Box:
    """A box without the circled number before and the blanks, strokes and separators around its text."""
    bare = re.sub(r"^[①-⑳]", "", text.strip().strip("、，,；;/|").strip()).strip()
    label, *more = _LINE.split(bare, maxsplit=1)
    return Box(ticked, label.strip(), re.sub("[_＿]", "", more[0]).strip() if more else "")
