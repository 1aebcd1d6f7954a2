"""Rendering a ``WorkbookPlan`` as an .xlsx with XlsxWriter: the one place that knows this library.

The same plan gives the same bytes (``saving`` puts them in place). Text stays text: nothing that came from outside becomes a formula, a link
or a number. What Excel could not open (an over-long prompt, list or formula) is our own bug: ``ValueError``.
"""

from __future__ import annotations

import re
import tempfile
import warnings
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from math import isnan
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.worksheet import Worksheet

from ..book import Chart, Condition, Formula, Link, RichText, SheetPlan, Style, Table, Validation, WorkbookPlan, a1
from ..pause import Pause, each, go_on
from ..problem import UnusableFile

LONGEST_TEXT = 32_767                   # UTF-16 units in one cell
LONGEST_FORMULA = 8_192
LAST_ROW = 1_048_576
MOST_LINKS = 65_530                     # on one sheet
SMALL_CHART, FEW = 300, 6               # pixels below which letters are smaller; values that an axis names one by one
EXACT_DIGITS = 15
_CREATED = datetime(2018, 1, 1)         # fixed, so that two runs give the same bytes
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_FIRST_DAY = date(1900, 3, 1)           # before it Excel counts a day that never was
_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
            "default_date_format": "yyyy-mm-dd"}
_PROTECTION = {"select_locked_cells": True, "select_unlocked_cells": True, "format_cells": True,
               "format_columns": True, "format_rows": True, "sort": True, "autofilter": True}


class TextTooLong(UnusableFile):
    """A text longer than a cell can hold; nothing was written, for a cut text would be a false one."""

    def __init__(self, path, sheet: str, cell: str, length: int):
        super().__init__(path, f"工作表“{sheet}”{cell} 的文字有 {length} 个字符，超过 Excel 单元格上限 {LONGEST_TEXT}，"
                               "没有写入。请缩短或拆分该文字后重试。", "text-too-long")


def write_workbook(plan: WorkbookPlan, path: str | Path, *, named: str | Path = "", pause: Pause = go_on) -> None:
    """Write ``plan`` straight to ``path``; officers' files go through ``saving.save_workbook``, which calls this.

    ``named`` is the file that messages speak of, ``pause`` is called before each sheet. ``TextTooLong`` when a text does not fit in a cell.
    """
    with tempfile.TemporaryDirectory(prefix="tuijie-") as scratch, warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)      # XlsxWriter warns where it drops something
        package = BytesIO()                     # so that a full disk is met by our own write, not inside the library
        book = xlsxwriter.Workbook(package, {**_OPTIONS, "tmpdir": scratch})
        _Renderer(book, named or path).render(plan, pause)
        try:
            book.close()
        except FileCreateError as err:
            raise err.args[0] from err
        Path(path).write_bytes(package.getbuffer())


def legal(text: str) -> str:
    """The text with what XML cannot hold shown as \ufffd (lone surrogates, control characters) and line ends as \\n."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _ILLEGAL.sub("\ufffd", text) if _ILLEGAL.search(text) else text


def cell_value(value: Any) -> str | float | int | bool | date | None:
    """What Excel holds for a value of the core: exact numbers as numbers, all that Excel would damage as text."""
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int):
        return value if abs(value) < 10**EXACT_DIGITS else str(value)
    if isinstance(value, Decimal):
        exact = value.is_finite() and len(value.normalize().as_tuple().digits) <= EXACT_DIGITS
        return float(value) if exact else format(value, "f") if value.is_finite() else str(value)
    if isinstance(value, float):
        return None if isnan(value) else value if abs(value) != float("inf") else str(value)
    if isinstance(value, tuple | list):
        return "、".join(str(part) for part in value)
    if isinstance(value, datetime) and (value.tzinfo or value.date() < _FIRST_DAY):
        return value.isoformat(" ")
    if isinstance(value, date):
        return value if isinstance(value, datetime) or value >= _FIRST_DAY else value.isoformat()
    if isinstance(value, time | timedelta):
        return str(value)
    raise TypeError(f"no cell can hold {value!r}")


def utf16_length(text: str) -> int:
    """The length as Excel counts it: characters beyond the basic plane count twice."""
    return len(text) + sum(character > "\uffff" for character in text) if len(text) else 0


class _Page(Worksheet):
    """A worksheet that takes our formulas as they are: looking for functions newer than Excel 2010, which they do not
    use, would take most of the time of writing a template."""

    def _prepare_formula(self, formula, expand_future_functions=False):
        return formula.removeprefix("=")


class _Renderer:
    """Carries out a plan on an XlsxWriter workbook. ``path`` is for messages only."""

    def __init__(self, book: xlsxwriter.Workbook, path):
        self.book, self.path = book, path
        self.formats: dict[Style, Any] = {}
        self.links = 0

    def render(self, plan: WorkbookPlan, pause: Pause) -> None:
        self.book.set_properties({"title": legal(plan.title), "subject": legal(plan.subject), "author": "tuijie_xl",
                                  "created": _CREATED})
        self.book.set_calc_mode("auto")
        sheets = [(sheet, self.book.add_worksheet(sheet.name, worksheet_class=_Page)) for sheet in plan.sheets]
        for name, reference in sorted(plan.names.items()):
            self.book.define_name(name, f"={reference}")
        for sheet, page in each(sheets, pause):
            self.links = 0
            self.sheet(sheet, page)
        next(page for sheet, page in sheets if not sheet.hidden).activate()

    def sheet(self, plan: SheetPlan, page) -> None:
        self.columns(plan, page)
        for table in plan.tables:
            self.table(table, page)
        for row, column, values, styles in plan.blocks:
            for offset, (data, style) in enumerate(zip(values, styles, strict=True)):
                self.column(page, row, column + offset, data, style)
        for row, column, value, style in plan.cells:
            self.put(page, row, column, value, style)
        for *area, value, style in plan.merges:
            page.merge_range(*area, "", self.format(style))
            self.put(page, area[0], area[1], value, style)
        for validation in plan.validations:
            self.validation(validation, page)
        for condition in plan.conditions:
            self.condition(condition, page)
        for row, column, text in plan.notes:
            self.note(page, row, column, text)
        for button in plan.buttons:
            page.insert_button(button.row, button.column, {
                "caption": legal(button.caption), "macro": button.macro, "width": button.width, "height": button.height,
                "x_offset": 3, "y_offset": 3})
        for chart in plan.charts:
            self.chart(chart, page)
        self.view(plan, page)
        self.printing(plan, page)

    # ------------------------------------------------------------ cells

    def put(self, page, row: int, column: int, value: Any, style: Style) -> None:
        self.column(page, row, column, (value,), style)

    def column(self, page, row: int, column: int, values: Sequence[Any], style: Style) -> None:
        """Values downwards from (row, column) in one style; the common types first, for speed."""
        look = self.format(style)
        write_string, write_blank, write_number = page.write_string, page.write_blank, page.write_number
        if row + len(values) > LAST_ROW:
            raise ValueError(f"{page.name}: {row + len(values)} rows, Excel holds {LAST_ROW}")
        for at, value in enumerate(values, row):
            kind = type(value)
            if kind is str:
                write_string(at, column, self.text(value, page, at, column), look) if value else \
                    write_blank(at, column, None, look)
            elif value is None:
                write_blank(at, column, None, look)
            elif kind is float and -1e300 < value < 1e300:
                write_number(at, column, value, look)
            else:
                self.other(page, at, column, value, style)

    def other(self, page, row: int, column: int, value: Any, style: Style) -> None:
        look = self.format(style)
        if isinstance(value, Formula):
            if len(value.text) > LONGEST_FORMULA - 1:
                raise ValueError(f"{page.name}!{a1(row, column)}: formula of {len(value.text)} characters")
            result = cell_value(value.result)
            page.write_formula(row, column, f"={value.text}", look, "" if result is None else result)
        elif isinstance(value, Link):
            self.link(page, row, column, value, style)
        elif isinstance(value, RichText):
            self.rich(page, row, column, value, style)
        else:
            self.plain(page, row, column, cell_value(value), style)

    def plain(self, page, row: int, column: int, value: Any, style: Style) -> None:
        look = self.format(style)
        if isinstance(value, bool):
            page.write_boolean(row, column, value, look)
        elif isinstance(value, int | float):
            page.write_number(row, column, value, look)
        elif isinstance(value, date):
            dated = style if style.number_format not in ("General", "@") else replace(style, number_format="yyyy-mm-dd")
            page.write_datetime(row, column, value, self.format(dated))
        elif value:
            page.write_string(row, column, self.text(value, page, row, column), look)
        else:
            page.write_blank(row, column, None, look)

    def link(self, page, row: int, column: int, link: Link, style: Style) -> None:
        """A link of ours; beyond Excel's limit a sheet's further links are written as their text."""
        self.links += 1
        if self.links > MOST_LINKS:
            self.put(page, row, column, link.text, style)
        else:
            page.write_url(row, column, f"internal:{link.target}", self.format(style),
                           self.text(link.text, page, row, column), legal(link.tip) or None)

    def rich(self, page, row: int, column: int, value: RichText, style: Style) -> None:
        runs = [(self.text(text, page, row, column), own) for text, own in value.runs if text]
        self.text("".join(text for text, _ in runs), page, row, column)
        if len(runs) < 2:
            self.put(page, row, column, runs[0][0] if runs else None, style)
        else:
            pieces = [piece for text, own in runs for piece in (self.format(own), text)]
            page.write_rich_string(row, column, *pieces, self.format(style))

    def text(self, text: str, page, row: int, column: int) -> str:
        if len(text) > LONGEST_TEXT // 2 and utf16_length(text) > LONGEST_TEXT:
            raise TextTooLong(self.path, page.name, a1(row, column), utf16_length(text))
        return legal(text)

    # ------------------------------------------------------------ what lies over the cells

    def columns(self, plan: SheetPlan, page) -> None:
        for column in sorted({*plan.widths, *plan.column_styles, *plan.hidden_columns}):
            style = plan.column_styles.get(column)
            page.set_column(column, column, plan.widths.get(column, 8.43), self.format(style) if style else None,
                            {"hidden": column in plan.hidden_columns})
        for row, height in sorted(plan.heights.items()):
            page.set_row(row, height)

    def table(self, table: Table, page) -> None:
        top, left, bottom, right = table.area
        if len({header.lower() for header in table.headers}) != right - left + 1 or len(table.headers) != right - left + 1:
            raise ValueError(f"table {table.name}: needs {right - left + 1} different headers")
        page.add_table(top, left, max(bottom, top + 1), right, {
            "name": table.name, "style": table.style, "columns": [{"header": legal(h)} for h in table.headers]})

    def validation(self, v: Validation, page) -> None:
        for what, text, most in (("prompt title", v.prompt_title, 32), ("prompt", v.prompt, 255),
                                 ("error title", v.error_title, 32), ("error", v.error, 255),
                                 ("list", ",".join(v.values), 255), ("formula", v.formula or "", 255)):
            if utf16_length(text) > most:
                raise ValueError(f"{page.name}!{a1(*v.area[:2])}: {what} of {utf16_length(text)} characters, at most {most}")
        options = {"validate": v.kind, "ignore_blank": v.ignore_blank, "input_title": v.prompt_title,
                   "input_message": v.prompt, "error_title": v.error_title, "error_message": v.error,
                   "error_type": "stop" if v.stop else "warning"}
        page.data_validation(*v.area, {k: x for k, x in {**options, **_rule(v)}.items() if x != ""})

    def condition(self, condition: Condition, page) -> None:
        page.conditional_format(*condition.area, {"type": "formula", "criteria": f"={condition.formula}",
                                                  "format": self.difference(condition.style)})

    def note(self, page, row: int, column: int, text: str) -> None:
        lines = sum(1 + utf16_length(line) // 24 for line in text.split("\n"))
        page.write_comment(row, column, legal(text), {
            "author": "tuijie_xl", "font_name": "微软雅黑", "font_size": 9, "width": 320, "height": 18 * lines + 12})

    def chart(self, chart: Chart, page) -> None:
        made = self.book.add_chart({"type": chart.kind, **({"subtype": "stacked"} if chart.stacked else {})})
        for number, (name, categories, values) in enumerate(chart.series):
            look = {"fill": {"color": f"#{chart.colors[number]}"}} if number < len(chart.colors) else {}
            if chart.kind == "pie" and chart.colors:
                look = {"points": [{"fill": {"color": f"#{color}"}} for color in chart.colors],
                        "data_labels": {"value": True}}
            made.add_series({"name": name, "categories": categories, "values": values, "gap": 60, **look})
        font = {"name": "微软雅黑", "color": "#1F2933"}
        made.set_title({"name": chart.title, "name_font": {**font, "size": 10 if chart.height < SMALL_CHART else 12},
                        "overlay": False})
        made.set_legend({"none": True} if len(chart.series) == 1 and chart.kind != "pie" else
                        {"position": "bottom", "font": {**font, "size": 9}})
        self.axes(chart, made, {"num_font": {**font, "size": 7 if chart.height < SMALL_CHART else 8}, "line": {"color": "#C5CDD5"}})
        made.set_chartarea({"border": {"color": "#D9DFE5"}})
        made.set_size({"width": chart.width, "height": chart.height})
        page.insert_chart(chart.row, chart.column, made)

    def axes(self, chart: Chart, made, look: dict[str, Any]) -> None:
        """Every category is named, the first one on top where bars lie; values are whole and begin at 0."""
        names = {**look, "interval_unit": 1, "major_gridlines": {"visible": False}}
        values = {**look, "min": 0, "num_format": "#,##0", "major_gridlines": {"visible": True, "line": {"color": "#E4E8EC"}}}
        if 0 < chart.most <= FEW:
            values |= {"max": chart.most, "major_unit": 1}
        if chart.kind == "bar":
            made.set_x_axis(values)
            made.set_y_axis({**names, "reverse": True, "crossing": "max"})
        else:
            made.set_x_axis(names)
            made.set_y_axis(values)

    # ------------------------------------------------------------ the sheet as a whole

    def view(self, plan: SheetPlan, page) -> None:
        if plan.autofilter:
            page.autofilter(*plan.autofilter)
        if plan.freeze:
            page.freeze_panes(*plan.freeze)
        if plan.protect:
            page.protect("", _PROTECTION)
        if plan.hidden:
            page.hide()
        if not plan.gridlines:
            page.hide_gridlines(2)
        if plan.tab_color:
            page.set_tab_color(f"#{plan.tab_color}")
        page.set_zoom(plan.zoom)

    def printing(self, plan: SheetPlan, page) -> None:
        setup = plan.print
        page.set_paper(9)
        page.set_landscape() if setup.landscape else page.set_portrait()
        if setup.scale:
            page.set_print_scale(setup.scale)
            page.set_v_pagebreaks(list(setup.column_breaks))
            page.set_h_pagebreaks(list(setup.row_breaks))
        else:
            page.fit_to_pages(*setup.fit)
        page.set_margins(*setup.margins)
        page.set_header(setup.header)
        page.set_footer(setup.footer)
        if setup.repeat_rows:
            page.repeat_rows(*setup.repeat_rows)
        if setup.repeat_columns:
            page.repeat_columns(*setup.repeat_columns)
        if setup.area:
            page.print_area(*setup.area)
        if setup.centered:
            page.center_horizontally()

    # ------------------------------------------------------------ looks

    def format(self, style: Style):
        if style not in self.formats:
            self.formats[style] = self.book.add_format(_format(style))
        return self.formats[style]

    def difference(self, style: Style):
        """A conditional format: only what differs from a plain cell (Excel takes no font name or size here)."""
        plain = Style()
        keep = {"bold", "italic", "underline", "font_color", "num_format", "border", "border_color"}
        look = {k: v for k, v in _format(style).items() if k in keep and v != _format(plain).get(k)}
        if style.fill:
            look["bg_color"] = f"#{style.fill}"
        return self.book.add_format(look)


_BORDERS = {"thin": 1, "medium": 2, "hair": 7}


def _format(style: Style) -> dict[str, Any]:
    """The style in XlsxWriter's words."""
    look: dict[str, Any] = {
        "font_name": style.font, "font_size": style.size, "font_color": f"#{style.color}", "align": style.align,
        "valign": style.valign, "num_format": style.number_format, "locked": style.locked}
    look |= {key: True for key, wanted in (("bold", style.bold), ("italic", style.italic), ("shrink", style.shrink),
                                           ("underline", style.underline), ("text_wrap", style.wrap)) if wanted}
    if style.fill:
        look["bg_color"] = f"#{style.fill}"
    if style.border:
        look |= {"border": _BORDERS[style.border_style], "border_color": f"#{style.border}"}
    if style.indent:
        look["indent"] = style.indent
    if style.rotation:
        look["rotation"] = 270 if style.rotation == 255 else style.rotation
    return look


def _rule(v: Validation) -> dict[str, Any]:
    """What a validation demands, in XlsxWriter's words."""
    if v.kind == "any":
        return {}
    if v.kind == "list":
        return {"source": f"={v.formula}" if v.formula else list(v.values)}
    if v.kind == "custom":
        return {"value": f"={v.formula}"}
    limits = [x if not isinstance(x, Decimal) else float(x) for x in (v.minimum, v.maximum)]
    if v.criteria in ("between", "not between"):
        return {"criteria": v.criteria, "minimum": limits[0], "maximum": limits[1]}
    return {"criteria": v.criteria, "value": limits[0] if limits[0] is not None else limits[1]}
