"""What a cell holds, between Python and LibreOffice's data arrays. Nothing here talks to LibreOffice.

LibreOffice knows numbers and texts only: a date or a truth value is a number whose cell has such a number format.
In a data array '' is a blank cell and None an error.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

DATE, BOOLEAN = "date", "boolean"
_DATE_BIT, _TIME_BIT, _LOGICAL_BIT = 2, 4, 1024
# What Excel calls LibreOffice's error numbers; every other one is an argument error.
ERRORS = {532: "#DIV/0!", 32767: "#N/A", 524: "#REF!", 525: "#NAME?", 519: "#VALUE!", 503: "#NUM!", 502: "#VALUE!",
          521: "#NULL!", 533: "#NULL!", 523: "#NUM!"}


def kind_of(format_type: int) -> str | None:
    """What a number under a format of this type is read as: DATE, BOOLEAN or None (a number).

    A format that shows only a time of day leaves a number, as in Excel.
    """
    if format_type & _DATE_BIT:
        return DATE
    return BOOLEAN if format_type & _LOGICAL_BIT else None


def plain(value: Any) -> Any:
    """A value as xlwings' write pipeline should hand it on: blanks of pandas and numpy gone, their numbers Python's."""
    if value is None or isinstance(value, str | bool | int):
        return "" if value is None else value
    if hasattr(value, "item") and not isinstance(value, dt.date):
        value = value.item()
    missing = type(value).__name__ in ("NaTType", "NAType") or isinstance(value, float | Decimal) and math.isnan(value)
    return "" if missing else value


def serial(moment: dt.date, epoch: dt.datetime) -> float:
    """The day number of a date or datetime (its time zone is dropped, as xlwings does)."""
    if not isinstance(moment, dt.datetime):
        moment = dt.datetime(moment.year, moment.month, moment.day)
    return (moment.replace(tzinfo=None) - epoch) / dt.timedelta(days=1)


def moment(number: float, epoch: dt.datetime) -> dt.datetime:
    """The moment of a day number, to the millisecond; a number beyond the calendar raises OverflowError."""
    return epoch + dt.timedelta(milliseconds=round(number * 86_400_000))


def to_calc(value: Any, epoch: dt.datetime) -> tuple[Any, str | None]:
    """(what to put into the data array, the kind its number format must show).

    One leading apostrophe of a text is dropped, as Excel does: in Excel it is the mark that what follows is text.
    A type that no cell can hold raises TypeError; so does an infinite number ValueError.
    """
    value = plain(value)
    if isinstance(value, str):
        return value.removeprefix("'"), None
    if isinstance(value, bool):
        return float(value), BOOLEAN
    if isinstance(value, int | float | Decimal):
        if not math.isfinite(value):
            raise ValueError(f"a cell can't hold {value}")
        return float(value), None
    if isinstance(value, dt.date):
        return serial(value, epoch), DATE
    raise TypeError(f"a cell can't hold a {type(value).__name__}")


def typed_in(value: Any, epoch: dt.datetime) -> str:
    """A value as it would be typed into a cell, for writing among formulas."""
    value = plain(value)
    if isinstance(value, str):
        return value
    number = to_calc(value, epoch)[0]
    return str(value).upper() if isinstance(value, bool) else format(number, ".17g")


def from_calc(value: Any, kind: str | None, epoch: dt.datetime) -> Any:
    """A cell of a data array as Python: '' (blank) and None (an error) are None."""
    if not isinstance(value, float):
        return value or None
    if kind == BOOLEAN:
        return value != 0
    if kind == DATE:
        try:
            return moment(value, epoch)
        except OverflowError:
            return value
    return value


def cleaned(data: Sequence[Sequence[Any]], date_builder: Callable[..., Any], empty: Any,
            number_builder: Callable[[float], Any] | None) -> list[list[Any]]:
    """Values as xlwings' options want them: ``dates``, ``empty`` and ``numbers``."""
    def one(value: Any) -> Any:
        if value is None or value == "":
            return empty
        if isinstance(value, dt.datetime):
            if date_builder is dt.datetime:
                return value
            return date_builder(year=value.year, month=value.month, day=value.day, hour=value.hour,
                                minute=value.minute, second=value.second, microsecond=value.microsecond, tzinfo=None)
        return number_builder(value) if number_builder is not None and type(value) is float else value
    return [[one(value) for value in row] for row in data]


def rows_of(value: Any, rows: int, columns: int) -> list[list[Any]]:
    """What was given, as rows: one value fills ``rows`` x ``columns`` cells, a flat list is one row."""
    if not isinstance(value, list | tuple):
        return [[value] * columns for _ in range(rows)]
    if not value or not isinstance(value[0], list | tuple):
        value = [value]
    if len({len(row) for row in value}) > 1:
        raise ValueError("rows of unequal length can't be written")
    return [list(row) for row in value]
