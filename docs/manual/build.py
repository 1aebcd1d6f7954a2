"""Make the officers' manual, one self-contained HTML file an edition: ``python docs/manual/build.py``.

The chapters are the Markdown files beside this one. In them ``{{name}}`` stands for a word of the edition, alone on a
line for a table made from the program itself, and ``[...](#heading)`` links to a heading by its text. A name, heading
or picture that does not exist stops the build. Needs markdown-it-py (extra ``build``); the same sources give the same bytes.
"""

from __future__ import annotations

import base64
import re
from html import escape, unescape
from pathlib import Path
from urllib.parse import unquote

import reference
from markdown_it import MarkdownIt

from tuijie_xl import __version__, actions
from tuijie_xl.buttons import TAB
from tuijie_xl.edition import Edition, editions, load_edition
from tuijie_xl.files.saving import FORMER, save_atomically
from tuijie_xl.manual import FOLDER, manual_name

HERE = Path(__file__).parent


def build(folder: Path = FOLDER) -> list[Path]:
    """Write the manual of every edition into ``folder``."""
    return [build_one(edition, folder / manual_name(edition.id)) for edition in map(load_edition, editions())]


def build_one(edition: Edition, path: Path) -> Path:
    text = page(edition)
    return save_atomically(path, lambda temporary: temporary.write_text(text, "utf-8", newline="\n"), keep_former=False)


def page(edition: Edition) -> str:
    """The whole manual of one edition as HTML."""
    words = words_of(edition)
    body = fill("".join(chapter(path) for path in sorted(HERE.glob("*.md"))), edition, words)
    body, contents = number_headings(body)
    frame = (HERE / "page.html").read_text("utf-8")
    parts = {name: escape(text) for name, text in words.items()}
    return put_in(frame, parts | {"style": (HERE / "style.css").read_text("utf-8"), "contents": contents, "body": body})


def words_of(edition: Edition) -> dict[str, str]:
    """What the chapters may say without knowing the year."""
    return {"title": edition.title, "edition": edition.id, "year": str(edition.statistics_year), "last_day": edition.last_day,
            "recipient": edition.recipient, "website": edition.website, "version": __version__, "tab": TAB,
            "kinds": "、".join(kind.label for kind in edition.kinds.values()),
            "kind_sheets": "、".join(f"“{kind.sheet}”" for kind in edition.kinds.values()),
            "forms": "、".join(f"《{kind.form}》" for kind in edition.kinds.values()),
            "officer_book": f"推介申报_{edition.id}.xlsm", "bureau_book": f"推介填报_{edition.id}.xlsx",
            "master": actions.MASTER.format(id=edition.id), "report": actions.REPORT.format(id=edition.id),
            "sheets": actions.SHEETS, "former": FORMER, "manual": manual_name(edition.id)}


def chapter(path: Path) -> str:
    """One chapter as HTML; a picture that stands alone becomes a figure that holds the picture itself."""
    reader = MarkdownIt("commonmark").enable("table")
    reader.add_render_rule("softbreak", lambda *_: "")      # Chinese has no blank at the end of a line
    html = reader.render(path.read_text("utf-8"))
    return re.sub(r'<p><img src="(.+?)" alt="(.+?)" /></p>', lambda found: figure(path.parent / unquote(found[1]), found[2]), html)


def figure(picture: Path, caption: str) -> str:
    data = base64.b64encode(picture.read_bytes()).decode()
    return (f'<figure><img src="data:image/png;base64,{data}" alt="{caption}"><figcaption>{caption}</figcaption></figure>')


def fill(html: str, edition: Edition, words: dict[str, str]) -> str:
    """Put in the tables and the words."""
    html = re.sub(r"<p>\{\{(\w+)\}\}</p>", lambda found: reference.TABLES[found[1]](edition), html)
    return put_in(html, {name: escape(text) for name, text in words.items()})


def put_in(html: str, parts: dict[str, str]) -> str:
    return re.sub(r"\{\{(\w+)\}\}", lambda found: parts[found[1]], html)


def number_headings(html: str) -> tuple[str, str]:
    """The text with ids on its headings and links that lead to them, and the table of contents."""
    idents: dict[str, str] = {}
    contents, chapters, sections = [], 0, 0

    def mark(found: re.Match) -> str:
        nonlocal chapters, sections
        level, text = found[1], found[2]
        chapters, sections = (chapters + 1, 0) if level == "1" else (chapters, sections + 1)
        ident = f"s{chapters}" if level == "1" else f"s{chapters}-{sections}"
        if idents.setdefault(unescape(text), ident) != ident:
            raise ValueError(f"two headings say {text}")
        shown = f"{chapters}　{text}" if level == "1" else text
        contents.append(f'<a class="level{level}" href="#{ident}">{shown}</a>')
        return f'<h{level} id="{ident}">{shown}</h{level}>'
    html = re.sub(r"<h([12])>(.+?)</h\1>", mark, html)
    return re.sub(r'href="#([^"]+)"', lambda found: f'href="#{idents[unquote(unescape(found[1]))]}"', html), "\n".join(contents)


if __name__ == "__main__":
    for path in build():
        print(path)
