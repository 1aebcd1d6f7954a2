"""What each row below a header is: an applicant, a total or note, a heading, blank, or unusable.

Every row gets exactly one fate. An applicant needs a name or a code; nothing else makes a row one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..book import Grid, Unread
from .headers import CODE, NAME, Header
from .names import APPLICANT, COMPANY, SENTENCE, looks_like_applicant, squeezed
from .places import is_district
from .text import as_written, fold, is_blank, narrow
from .values import quantity

ACCEPTED, REJECTED, NOTE, BLANK, NEXT = "accepted", "rejected", "total_or_note", "blank", "next_table"

TOTAL_ROW, NOTE_ROW, SECTION_ROW = "合计行", "说明行", "分组行"
HEADER_AGAIN, NUMBER_ROW, TITLE_ROW = "重复的表头", "列序号行", "表头以上的标题或说明"
SIDE_NOTE = "表旁的说明"
NO_NAME = "没有申报单位名称，也没有代码"
TOO_LONG = "列数多于表头，内容可能错位"

_TOTAL = re.compile(r".{0,12}(?:合计|总计|小计|共计|累计|总数)[:：]?(?:\(.*\)|\d+[家所个户人]?)?[:：]?"
                    r"|\(?[承转过接][上下前次后]页\)?(?:余额|数|金额)?[:：]?"
                    r"|(?:[全各本].{1,3})?(?:平均|平均[值数]|均值|中位数|最大值|最小值|最高值|最低值)[:：]?")
_CITY = re.compile(r"[\u4e00-\u9fff]{1,10}(?:市|州|盟|地区)")
_PLACE = re.compile(r".{1,8}(?:省|市|县|州|盟|自治区)")
_NOTE = re.compile(r"""
    (?: [*※★]?(?:附?注|备注|说明|例如?|示例|样例|附件|来源|(?:数据|资料)来源|日期|单位|报送|盖章|公章|传真|电话|其中)\d{0,2}
      | 填[表报](?:说明|人|日期|时间|单位)|制表人?|编制人?|联系(?:人|电话|方式)|审[核批]人?|复核人?|(?:单位)?负责人|分管领导|经办人
    )(?:签[字章名])?(?:\(.*?\))?(?:[:、.].*|)
    | .{0,16}(?:联系人|联系电话|负责人|填[表报]人|经办人|审核人|盖章|公章|签字)\)?:.*
    | \(?(?:盖章|公章)\)?.* | .{0,30}\(?(?:盖章|公章|签章|签字)\)? | [(\[【](?:示例|样例)[)\]】].*
    | .*(?:商务|主管)部门.{0,12}(?:盖章|公章|意见|核准).{0,6}
    | [—-]*以下(?:空白|无正文)[—-]* | \d{4}年\d{1,2}月(?:\d{1,2}日)?|年月日|第\d+页(?:,?共\d+页)?
    """, re.DOTALL | re.VERBOSE)
_ORDINAL = re.compile(r"(?:\([一二三四五六七八九十]{1,3}\)|[一二三四五六七八九十]{1,3}[、.．,])(.+)", re.DOTALL)
_COUNTED = re.compile(r"(.+?)\(?共?\d+(?:家|所|个|户|名)\)?[:：]?", re.DOTALL)
#: A name that needs a closer look; any other name makes its row an applicant at once.
_SUSPECT = re.compile(r"""
    \W | \d | .{0,4}$ | 以[上下]|上述|本[表页]|[此该]表|表[中内]|截[至止]|金额|统计|续
    | [一二三四五六七八九十]{1,3}[、.．,] | .*[(（]\s*共?\d+\s*[家所个户名] | .{0,16}[合总小共累]\s*[计数] | [承转过接][上下前次后]页
    | 附|备?注|备\s*注|说\s*明|填|制表|编制|联系|电话|传真|数据|资料|来源|审|复核|负责|单位|分管|经办|盖|公章|日期|年|第|报送|示例|样例|例|其中
    | .*(?:[。;；!！?？:：,，]|[厅局委止底实误准均值]\s*$|平均|名单$|名录$|表$) | .*[盖公签][章字] | .*[名全]称\s*(?:[(（].*)?$
    """, re.DOTALL | re.VERBOSE)
_NUMBERS = re.compile(r"[\d.]+")
_LETTERS = ("甲乙丙丁戊己庚辛壬癸", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_CODE_LIKE = re.compile(r"[0-9A-Z]{15,20}")
_TELLING = 60                               # letters of the longest note that is sought before a name
_LABEL_WIDTH = 12                           # letters of a text that is tried as a label
_FEW = 3                                    # so many cells or columns make a row or a table one of some width
_NOTE_WIDTH = 6                             # a note or seal line has few cells


@dataclass
class Verdicts:
    """The fate of each row from ``first`` on; ``reasons`` says why a row is set aside, in Chinese."""

    first: int
    fates: list[str] = field(default_factory=list)
    reasons: dict[int, str] = field(default_factory=dict)
    regions: dict[int, tuple[int, str]] = field(default_factory=dict)   # accepted row -> (section row, region)
    cities: dict[int, tuple[int, str]] = field(default_factory=dict)    # the same for a city below a region

    def rows(self, fate: str) -> list[int]:
        return [self.first + i for i, own in enumerate(self.fates) if own == fate]


class RowSorter:
    """Sorts the rows below one header."""

    def __init__(self, grid: Grid, header: Header, regions: Mapping[str, str], start: int,
                 is_label: Callable[[str], bool], begins_table: Callable[[int], bool], ours: bool, delimited: bool):
        self.grid, self.header, self.regions = grid, header, regions
        self.is_label, self.begins_table, self.ours = is_label, begins_table, ours
        self.doubtful: set[int] = set()
        self.numeric = self._indexes(lambda f: f.is_numeric and f.type != "measure")
        self.end = max(c.index for c in header.columns if c.written) + 1 if delimited else None
        self.right = max((c.index for c in header.columns if c.written), default=len(header.columns))
        self.telling: dict[str, bool] = {}
        self.names = self._indexes(lambda f: f.id == NAME)[:1]
        self.codes = self._indexes(lambda f: f.id == CODE)[:1]
        self.own = set(self._indexes(lambda f: f.type in ("system", "measure")))
        self.heads = [grid.rows[row] for row in header.rows]
        above = grid.rows[start:header.rows[0]] if header.rows else []
        self.titles = {as_written(cell) for row in above for cell in row if not is_blank(cell)}
        self.known = {spell(c.written) for c in header.matched if c.index in self.names for spell in (str, fold)}
        width = sum(bool(c.written) for c in header.columns)
        same = {merge[1::2] for merge in grid.merges if merge[0] in header.rows}
        self.wide = {merge[0]: merge for merge in grid.merges
                     if merge[3] - merge[1] + 1 >= max(3, width // 2) and merge[1::2] not in same}

    def _indexes(self, wanted) -> list[int]:
        return [c.index for c in self.header.matched if any(wanted(t.field) for t in c.match.targets)]

    def sort(self) -> Verdicts:
        """The fates of all rows below the header, up to the end or to the next table."""
        found = Verdicts(self.header.below)
        section = _Section()
        name = self.names[0] if self.names else None
        suspect, regions = _SUSPECT.match, self.regions
        filled = len(self.header.columns) - min(_FEW, len(self.header.columns))     # blanks in a row of enough cells
        for index in range(found.first, len(self.grid.rows)):
            row = self.grid.rows[index]
            cell = row[name] if name is not None else None
            if row.count(None) <= filled and type(cell) is str and len(cell) > 3 and not suspect(cell) and cell not in regions \
                    and cell not in self.known and (len(cell) > 20 or fold(cell) not in self.known) \
                    and (len(cell) > _LABEL_WIDTH or cell.endswith("公司") or not self.is_label(cell)) \
                    and not self._is_telling(next((left for left in row[:name] if type(left) is str), "")):
                fate, why = ACCEPTED, ""
            else:
                fate, why = self.judge(index, row)
            if fate == NEXT:
                break
            if fate == ACCEPTED and self.end and any(cell is not None for cell in row[self.end:]):
                fate, why = REJECTED, TOO_LONG
            found.fates.append(fate)
            if why:
                found.reasons[index] = why
            if why == SECTION_ROW:
                section = self._section_of(index, row, section)
            elif fate == ACCEPTED:
                found.regions |= {index: section.region} if section.region else {}
                found.cities |= {index: section.city} if section.city else {}
        return found

    def judge(self, index: int, row: list[Any]) -> tuple[str, str]:
        """(fate, why) of one row that does not speak for itself."""
        held = self.contents(row)
        if not held:
            return BLANK, ""
        if self._repeats_header(row, held):
            return NOTE, HEADER_AGAIN
        if min(held) > self.right and not self.ours and len(held) < _FEW \
                and not any(looks_like_applicant(as_written(cell)) for cell in held.values()):
            return NOTE, SIDE_NOTE
        counted = self._holds_numbers(row)
        if len(held) > 2 and not counted and self.begins_table(index):
            return NEXT, ""
        named, coded = self._filled(row, self.names), self._filled(row, self.codes)
        if self.ours and (named or coded):
            return ACCEPTED, ""
        if coded and _CODE_LIKE.fullmatch(narrow(as_written(row[self.codes[0]])).upper()):
            return ACCEPTED, ""
        name = squeezed(row[self.names[0]]) if named else ""
        why = self._aside(index, row, held, name if counted else "")
        if why:
            return NOTE, why
        if named and not coded and self._is_doubtful(name, held):
            self.doubtful.add(index)
        return (ACCEPTED, "") if named or coded else (REJECTED, NO_NAME)

    def _holds_numbers(self, row: list[Any]) -> bool:
        """True for a row with a readable number in a column of numbers."""
        return any(row[c] is not None and not isinstance(row[c], bool) and quantity(row[c])[0] is not None
                   for c in self.numeric)

    def _is_doubtful(self, name: str, held: Mapping[int, Any]) -> bool:
        """True for an applicant whose name may be a note, a heading or a subtotal."""
        if _COUNTED.fullmatch(name):
            return True
        if ":" not in name and COMPANY.fullmatch(name):
            return False
        lonely = len(held) == 1 and len(self.header.matched) > _FEW and not APPLICANT.fullmatch(name)
        return lonely or bool(_NOTE.fullmatch(name) or _ORDINAL.fullmatch(name) or SENTENCE.fullmatch(name)
                              or self.is_label(name))

    def contents(self, row: list[Any]) -> dict[int, Any]:
        """Column -> cell of what somebody wrote; our own computed columns and row numbers do not count."""
        return {column: cell for column, cell in enumerate(row) if cell is not None
                and not is_blank(cell) and (column not in self.own or self._speaks(cell))}

    @staticmethod
    def _speaks(cell: Any) -> bool:
        """A text in a column of row numbers or results that is neither: somebody wrote it there."""
        return isinstance(cell, str) and not isinstance(cell, Unread) and not _NUMBERS.fullmatch(narrow(cell))

    def _is_telling(self, text: str) -> bool:
        """True for the first text of a row by which it is seen to be a total, a note or another header."""
        if len(text) > _TELLING or text.isascii() and not any(map(str.isalpha, text)):
            return False
        if text not in self.telling:
            bare = squeezed(text)
            self.telling[text] = bool(_TOTAL.fullmatch(bare) or _NOTE.fullmatch(bare)
                                      or len(text) <= _LABEL_WIDTH and self.is_label(text))
        return self.telling[text]

    def _filled(self, row: list[Any], columns: list[int]) -> bool:
        return any(not is_blank(row[column]) for column in columns)

    def _repeats_header(self, row: list[Any], held: Mapping[int, Any]) -> bool:
        texts = {column: fold(cell) for column, cell in held.items() if isinstance(cell, str)}
        if len(texts) != len(held):
            return False
        if any(len(texts) > 1 and all(isinstance(head[c], str) and fold(head[c]) == text for c, text in texts.items())
               for head in self.heads):
            return True
        return len(held) == 1 and as_written(next(iter(held.values()))) in self.titles

    def _aside(self, index: int, row: list[Any], held: Mapping[int, Any], name: str) -> str:
        """Why a row is none of an applicant, or '' when it may be one. ``name`` is that of a row with numbers."""
        texts = [squeezed(cell) for column, cell in held.items()
                 if isinstance(cell, str) and (not self.names or column <= self.names[0])]
        text = squeezed(next(iter(held.values())))
        if any(map(_TOTAL.fullmatch, [text, *texts])):
            return TOTAL_ROW
        written = [cell for cell in row if not is_blank(cell)]
        if any(len(cells) > 1 and _is_numbering([narrow(as_written(cell)).strip("()") for cell in cells])
               for cells in (list(held.values()), written)):
            return NUMBER_ROW
        speaks = not APPLICANT.fullmatch(text) or self.is_label(_bare_heading(text))
        if len(held) == 1 and speaks and self._stands_over_table(index):
            return TITLE_ROW
        if name:
            return self._aside_with_numbers(name, text, held)
        others = list(held.values())[1:]
        if ":" not in text and APPLICANT.fullmatch(text) and any(isinstance(c, str) and not _is_remark(c) for c in others):
            return ""                                       # '某某软件园（盖章）' with what only an applicant has
        if _NOTE.fullmatch(text) and len(held) <= _NOTE_WIDTH or len(held) == 1 and text.startswith(("*", "※", "★")):
            return NOTE_ROW
        if len(held) <= _FEW and not APPLICANT.fullmatch(text) and all(map(_is_remark, held.values())):
            return NOTE_ROW
        if all(map(_is_number, others)):
            return self._heading(index, text, next(iter(held)))
        return ""

    def _aside_with_numbers(self, name: str, text: str, held: Mapping[int, Any]) -> str:
        """A row with a name and numbers is an applicant, save the heading of a region and the part of a total."""
        bare = _bare_heading(name)
        if all(_is_number(cell) for cell in list(held.values())[1:]) and (
                self._region(name) or bare != name and _PLACE.fullmatch(bare)):
            return SECTION_ROW
        of_name = text == name
        if _NOTE.fullmatch(text) and not APPLICANT.fullmatch(name) and (not of_name or name.startswith("其中")):
            return NOTE_ROW
        return ""

    def _stands_over_table(self, index: int) -> bool:
        """True for a row directly above the header of the next table: its title, if it is a lone text."""
        below = range(index + 1, min(index + 1 + _FEW, len(self.grid.rows)))
        following = next((row for row in below if not all(map(is_blank, self.grid.rows[row]))), None)
        return following is not None and self.begins_table(following)

    def _heading(self, index: int, text: str, column: int) -> str:
        """A text that stands alone: the heading of a section, a note across the table, or ''."""
        if _ORDINAL.fullmatch(text) or _COUNTED.fullmatch(text) or _CITY.fullmatch(text) or self._region(text) \
                or is_district(text):
            return SECTION_ROW
        merge = self.wide.get(index)
        return NOTE_ROW if merge and merge[1] <= column <= merge[3] else ""

    def _region(self, text: str) -> str | None:
        """The region that a heading names: '北京市（92所）', '一、山东省' -> its label."""
        return self.regions.get(fold(_bare_heading(text)))

    def _section_of(self, index: int, row: list[Any], above: _Section) -> _Section:
        """What a heading says of the rows below it: a region, or a city, which leaves the region above it as it is
        unless both are numbered alike ('二、山东省', '三、济南市')."""
        text = squeezed(next(iter(self.contents(row).values())))
        bare, style = _bare_heading(text), _style(text)
        region = self._region(text)
        if region:
            return _Section((index, region), None, style)
        if not _CITY.fullmatch(bare):
            return _Section()
        nested = not style or style != above.style
        return _Section(above.region if nested else None, (index, bare), above.style)


@dataclass(frozen=True)
class _Section:
    """The region and the city that headings give, each as (row of the heading, name), and how the region is numbered."""

    region: tuple[int, str] | None = None
    city: tuple[int, str] | None = None
    style: str = ""


def _style(text: str) -> str:
    """How a heading is numbered: '一、' or '（一）'; '' for not at all."""
    return re.sub("[一二三四五六七八九十]+", "一", text[:text.index(match[1])]) if (match := _ORDINAL.fullmatch(text)) else ""


def is_note(text: str) -> bool:
    """True for a remark, a signature, a seal or a day around a list or form."""
    bare = squeezed(text)
    return bool(_NOTE.fullmatch(bare) or SENTENCE.fullmatch(bare))


def _bare_heading(text: str) -> str:
    """What a heading names: '一、山东省（92所）' -> '山东省'."""
    for pattern in (_ORDINAL, _COUNTED):
        match = pattern.fullmatch(text)
        text = match[1] if match else text
    return text.rstrip(":、,(")


def _is_remark(cell: Any) -> bool:
    """True for a sentence, a signature or a day, which are no part of an applicant."""
    text = squeezed(cell)
    return isinstance(cell, str) and bool(SENTENCE.fullmatch(text) or _NOTE.fullmatch(text))


def _is_number(cell: Any) -> bool:
    """A number in a heading row, such as the count beside a region, says nothing about an applicant."""
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def _is_numbering(texts: list[str]) -> bool:
    """A row that numbers the columns: 1 2 3 ..., or 甲 乙 1 2 3 ..."""
    letters = [text for text in texts if not text.isdecimal()]
    numbers = [int(text) for text in texts[len(letters):] if text.isdecimal()]
    first = numbers[0] if numbers else 1
    return any("".join(letters) == row[:len(letters)] for row in _LETTERS) and first in (0, 1, 2) \
        and numbers == list(range(first, first + len(numbers))) and len(letters) + len(numbers) == len(texts)


def sort_titles(rows: Iterable[tuple[int, list[Any]]]) -> Iterable[tuple[int, str, str]]:
    """(row, fate, why) of the rows above a header: blank, a title or note, or (many cells) not understood."""
    for index, row in rows:
        held = [cell for cell in row if not is_blank(cell)]
        plain = [cell for cell in held if ":" not in narrow(as_written(cell))]
        if not held:
            yield index, BLANK, ""
        elif len(plain) <= 3:
            yield index, NOTE, TITLE_ROW
        else:
            yield index, REJECTED, NO_NAME
