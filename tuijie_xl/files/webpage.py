"""Web pages named .xls, as many systems export them (HTML), and single-file pages (MHTML).

lxml keeps what HTML5 parsers drop: rows and cells without a table around them. A cell is text, as it is shown,
so that codes keep their zeros and all digits; a number only where the attribute of a spreadsheet program says so.
Text outside tables stands in rows of its own above the next table, as Excel lays it.
"""

from __future__ import annotations

import email
import email.policy
import re
from decimal import Decimal
from html import unescape

from ..book import Grid, Unread
from ..problem import UnusableFile
from .audit import ERRORS, Audit, TooWide, make_grid, refuse_wide
from .decoding import declared_charset, decode_text
from .sniffing import SAVE_AS

_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)", re.IGNORECASE)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_CLASS = re.compile(r"\s*\w*\.([\w-]+)\s*")
_STYLE_SHEET = re.compile(r"<style\b[^>]*>(.*?)</style>", re.DOTALL | re.IGNORECASE)
_SHEET_NAME = re.compile(r"<x:Name>(.*?)</x:Name>", re.DOTALL | re.IGNORECASE)
_BREAK, _EDGE = "\v", "\x1c"                               # stand for <br> and for the edges of blocks
_EDGES = re.compile(f"[ {_BREAK}{_EDGE}]*{_EDGE}[ {_BREAK}{_EDGE}]*")
_WIDE = "\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60"
_WRAPPED = re.compile(f"(?<=[{_WIDE}])[ \\t\\f]*[\\r\\n][ \\t\\r\\n\\f]*(?=[{_WIDE}])")    # a line of the source ends
_SPACES = re.compile(r"[ \t\r\n\f]+")
_BLOCKS = {"p", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "section", "center", "form", "caption",
           "address", "header", "footer", "article", "pre", "dd", "dt", "hr", "fieldset", "legend"}
_SILENT = {"script", "style", "head", "template", "noscript", "select", "object", "iframe", "svg"}
_MOST_ACROSS, _MOST_DOWN, _LAST_COLUMN, _EXACT_DIGITS = 1000, 65534, 16384, 15


def read_grids(path, data: bytes) -> list[Grid]:
    """Every table of an HTML page as a sheet. A page without a table: ``UnusableFile``."""
    text = decode_text(path, data, declared=declared_charset(data))
    tables = _tables(text)
    if not tables:
        raise UnusableFile(path, _why_none(text))
    return _named(tables, _sheet_names(text))


def read_archive(path, data: bytes) -> list[Grid]:
    """The tables of all pages inside an MHTML file; a mail is no such file: ``UnusableFile``."""
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    tables, names = [], []
    for part in message.walk():
        if part.get_content_type() == "text/html":
            body = part.get_payload(decode=True)
            charset = part.get_content_charset() or declared_charset(body)
            text = decode_text(path, body, declared=charset)
            tables += _tables(text)
            names += _sheet_names(text)
    if not tables:
        raise UnusableFile(path, f"这个网页存档（MHT）里没有表格；{SAVE_AS}。")
    return _named(tables, list(dict.fromkeys(names)))


def _why_none(text: str) -> str:
    if re.search(r"<frameset\b", text, re.IGNORECASE):
        return f"这只是网页的外框，数据在同名的“.files”文件夹里；请连同该文件夹一起，{SAVE_AS.removeprefix('请')}。"
    return "这是网页（HTML），里面没有表格，可能是登录页或出错页；请重新从系统导出，或向报送单位索取电子表格原件（xlsx）。"


def _sheet_names(text: str) -> list[str]:
    return [unescape(name).strip() for name in _SHEET_NAME.findall(text)]


def _named(tables: list[_Table], names: list[str]) -> list[Grid]:
    """Grids with the sheet names that Excel wrote, or numbered. Tables that only lay out others are left out."""
    if len(names) != len(tables):
        names = [f"表格{number}" for number in range(1, len(tables) + 1)] if len(tables) > 1 else [""]
    grids = [table.grid(name) for table, name in zip(tables, names, strict=True)]
    return [grid for grid in grids if grid.rows] or grids[:1]


# ------------------------------------------------------------------ one table

class _Table:
    """Cells as they come, laid out on a grid: spans push later cells aside and become merges."""

    def __init__(self, above: list[str], hidden: int):
        self.rows: list[list] = [[line] for line in above]
        self.unseen, self.unseen_row = hidden, hidden       # hidden elements around the table, around the row
        self.audit = Audit()
        self._seen_columns: set[int] = set()
        self._concealed: set[int] = set()
        self._columns = 0
        self._until: dict[int, int] = {}                    # column -> first row that is free of a span from above
        self._column = 0
        self.in_row = False

    def start_column(self, span: int, hidden: bool) -> None:
        """A <col>."""
        if hidden:
            self.audit.hidden_columns.update(range(self._columns, min(self._columns + span, _LAST_COLUMN)))
        self._columns += span

    def add_above(self, caption: str) -> None:
        """The lines of a <caption> as rows of their own, in the place where it stands."""
        self.rows += [[line] for line in caption.split("\n") if line]

    def start_row(self, hidden: int) -> None:
        self.in_row, self._column, self.unseen_row = True, 0, hidden
        if hidden > self.unseen:
            self.audit.hidden_rows.add(len(self.rows))
        self.rows.append([])

    def add_cell(self, value, across: int, down: int, hidden: bool) -> None:
        row = len(self.rows) - 1
        while self._until.get(self._column, 0) > row:
            self._column += 1
        first, last = self._column, self._column + across - 1
        if last >= _LAST_COLUMN:
            raise TooWide("", row + 1, last + 1)
        if value is not None:
            cells = self.rows[row]
            cells.extend([None] * (first - len(cells)))
            cells.append(value)
        if down > 1:
            self._until |= dict.fromkeys(range(first, last + 1), row + down)
        if across > 1 or down > 1:
            self.audit.merges.append((row, first, row + down - 1, last))
        (self._concealed if hidden else self._seen_columns).update(range(first, last + 1))
        self._column = last + 1

    def grid(self, name: str) -> Grid:
        """A column whose every cell is hidden is hidden."""
        refuse_wide(name, len(self.rows), max(map(len, self.rows), default=0))
        self.audit.hidden_columns |= self._concealed - self._seen_columns
        return make_grid(name, self.rows, bool(self.unseen), self.audit)


# ------------------------------------------------------------------ one page

def _tables(text: str) -> list[_Table]:
    """The tables in the order in which they begin, the text between them put above, after the last one below."""
    from lxml import etree  # here, as most files are no web pages

    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, no_network=True, remove_pis=False)
    root = etree.fromstring(text.encode(), parser)
    if any("depth" in error.message for error in parser.error_log):
        raise ValueError("nested too deeply: the parser left out the rest")
    page = _Page(_hidden_classes(text))
    if root is not None:
        walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
        for event, element in walk:
            if event == "start":
                if page.start(element):
                    walk.skip_subtree()
            elif event == "end":
                page.end(element)
            else:
                page.say(element.tail)
    return page.finish()


def _hidden_classes(text: str) -> set[str]:
    """The classes that the style sheets within the page hide, by plain selectors such as 'td.xl65' or '.h'."""
    rules = (rule for sheet in _STYLE_SHEET.findall(text) for rule in _RULE.findall(sheet))
    selectors = (selector for names, style in rules if _HIDDEN.search(style) for selector in names.split(","))
    return {match[1] for match in map(_CLASS.fullmatch, selectors) if match}


class _Page:
    """Follows the elements of a page; ``words`` is a stack of texts being collected, the lowest outside all tables."""

    def __init__(self, hidden_classes: set[str]):
        self._hidden_classes = hidden_classes
        self._tables: list[_Table] = []
        self._open: list[_Table] = []
        self._cells: list[tuple] = []                       # (element, hidden, unseen) of the cells being read
        self._words: list[tuple[list[str], list[str]]] = [([], [])]      # (what is shown, what is hidden)
        self._unseen = 0

    def start(self, element) -> bool:
        """Take up an element; True when what it holds is to be passed over."""
        tag = element.tag
        if tag in _SILENT:
            return True
        hidden = self._hides(element)
        self._unseen += hidden
        if tag in ("tr", "td", "th") and not self._open or tag == "table":
            self._start_table()
        if tag == "tr":
            self._open[-1].start_row(self._unseen)
        elif tag in ("td", "th"):
            self._start_cell(element, hidden)
        elif tag == "col" and self._open:
            self._open[-1].start_column(_span(element, "span", _MOST_ACROSS), hidden)
        elif tag == "caption" and self._open:
            self._words.append(([], []))
        elif tag == "input":
            self.say(_typed(element))
        elif tag == "br" or tag in _BLOCKS:
            self.say(_BREAK if tag == "br" else _EDGE)
        self.say(element.text)
        return False

    def end(self, element) -> None:
        tag = element.tag
        if tag not in _SILENT:
            if tag in ("td", "th"):
                self._end_cell()
            elif tag == "tr":
                self._open[-1].in_row = False
            elif tag == "table":
                self._open.pop()
            elif tag == "caption" and self._open:
                self._open[-1].add_above(_laid(self._words.pop()[0]))
            elif tag in _BLOCKS:
                self.say(_EDGE)
            self._unseen -= self._hides(element)
        self.say(element.tail)

    def say(self, text: str | None) -> None:
        """Text of the page; inside a cell what is hidden is kept apart, so that it does not run into the value."""
        if text:
            shown, concealed = self._words[-1]
            within = self._cells[-1][2] if self._cells else self._unseen
            (concealed if self._unseen > within else shown).append(text)

    def finish(self) -> list[_Table]:
        below = self._loose_lines()
        if self._tables:
            self._tables[-1].rows += [[line] for line in below]
        return self._tables

    def _hides(self, element) -> bool:
        style, classes = element.get("style"), element.get("class")
        return (element.get("hidden") is not None or bool(style and _HIDDEN.search(style))
                or bool(classes and not self._hidden_classes.isdisjoint(classes.split())))

    def _start_table(self) -> None:
        above = [] if self._cells else self._loose_lines()
        table = _Table(above, self._unseen)
        self._tables.append(table)
        self._open.append(table)

    def _loose_lines(self) -> list[str]:
        """The lines outside all tables since the last one."""
        lines = [line for line in _laid(self._words[0][0]).split("\n") if line]
        self._words[0] = ([], [])
        return lines

    def _start_cell(self, element, hidden: bool) -> None:
        if not self._open[-1].in_row:
            self._open[-1].start_row(self._unseen - hidden)
        self._cells.append((element, hidden, self._unseen))
        self._words.append(([], []))

    def _end_cell(self) -> None:
        element, hidden, _ = self._cells.pop()
        shown, concealed = self._words.pop()
        value = _value(element, _laid(shown) or _laid(concealed))
        self._open[-1].add_cell(value, _span(element, "colspan", _MOST_ACROSS), _span(element, "rowspan", _MOST_DOWN),
                                hidden)


def _span(element, attribute: str, most: int) -> int:
    """A span as browsers read it: nonsense is 1; rowspan 0 reaches to the end."""
    text = element.get(attribute, "1").strip()
    if not text.isdecimal():
        return 1
    return min(int(text[:9]), most) or (most if attribute == "rowspan" else 1)


def _typed(element) -> str | None:
    """What a field of a form shows: its text, or a tick."""
    kind = element.get("type", "text").lower()
    if kind in ("checkbox", "radio"):
        return "√" if element.get("checked") is not None else None
    return element.get("value") if kind in ("text", "number", "date", "tel", "email") else None


def _laid(pieces: list[str]) -> str:
    """Text as a browser shows it: white space collapsed, <br> and blocks as line breaks, blank ends cut."""
    text = _SPACES.sub(" ", _WRAPPED.sub("", "".join(pieces))).replace("\xa0", " ")
    return "\n".join(line.strip(" ") for line in _EDGES.sub(_BREAK, text).split(_BREAK)).strip("\n")


def _value(element, text: str):
    """None when blank; Excel's own marks of numbers, truths and errors, where they agree with what is shown."""
    if text in ERRORS.values():
        return Unread(text)
    written = element.get("x:num", element.get("sdval"))          # Excel's mark, LibreOffice's mark
    if written is None or element.get("x:str") is not None:
        return text or None
    return _number(written.strip() or text.replace(",", ""), text)


def _number(written: str, shown: str) -> float | str | None:
    """The number behind a rounded one; dates, percentages and codes stay as they are shown."""
    try:
        exact, rounded = Decimal(written), Decimal(shown.replace(",", ""))
        agrees = abs(exact - rounded) * 2 <= Decimal(1).scaleb(rounded.as_tuple().exponent)
    except (ArithmeticError, TypeError):
        return shown or None
    is_code = shown.isdigit() and (len(shown) > _EXACT_DIGITS or shown != "0" and shown.startswith("0"))
    return float(exact) if agrees and not is_code else shown
