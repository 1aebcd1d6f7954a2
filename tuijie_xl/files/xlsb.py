"""The binary records of xlsb (BIFF12) that python-calamine leaves out."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from .audit import ERRORS, SOME_FORMULA, Audit
from .package import main_part, relationships

_ROW, _CELL_ERROR, _FORMULA_NUMBER, _FORMULA_ERROR, _LAST_CELL = 0, 3, 9, 11, 11
_BLANK, _COLINFO, _MERGE, _SHEET, _CALC = 1, 60, 176, 156, 157


def audit_sheets(parts: dict[str, bytes]) -> dict[str, Audit]:
    """Sheet name -> audit, for worksheets."""
    book = main_part(parts)
    links = relationships(parts, book)
    records = list(_records(parts[book]))
    recalculate = any(kind == _CALC and body[24] & 1 for kind, body in records)
    found = {}
    for kind, body in records:
        if kind == _SHEET:
            link, position = _text(body, 8)
            name, _ = _text(body, position)
            target, part = links[link]
            if target == "worksheet":
                found[name] = _audit(parts[part], recalculate)
    return found


def _text(body: bytes, position: int) -> tuple[str, int]:
    """A length-prefixed UTF-16 text and the position behind it."""
    count, = struct.unpack_from("<I", body, position)
    end = position + 4 + 2 * count
    return body[position + 4:end].decode("utf-16-le"), end


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(kind, body) of every record; kind and length are written in seven bits a byte."""
    position = 0
    while position < len(data):
        kind, position = _number(data, position, 2)
        length, position = _number(data, position, 4)
        yield kind, data[position:position + length]
        position += length


def _number(data: bytes, position: int, most: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 7 * most, 7):
        byte = data[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            break
    return value, position


def _audit(data: bytes, recalculate: bool) -> Audit:
    audit, row, columns, rows = Audit(), 0, 0, 0
    for kind, body in _records(data):
        if kind == _ROW:
            row, = struct.unpack_from("<I", body)
            if body[11] & 0x10:
                audit.hidden_rows.add(row)
        elif kind <= _LAST_CELL:
            column, = struct.unpack_from("<I", body)
            if kind != _BLANK:
                rows, columns = max(rows, row + 1), max(columns, column + 1)
            if kind in (_CELL_ERROR, _FORMULA_ERROR):
                audit.unread[row, column] = ERRORS.get(body[8], "#ERROR")
            elif kind == _FORMULA_NUMBER and recalculate and not any(body[8:16]):
                audit.unread[row, column] = SOME_FORMULA
        elif kind == _MERGE:
            top, bottom, left, right = struct.unpack_from("<4I", body)
            audit.merges.append((top, left, bottom, right))
        elif kind == _COLINFO and body[16] & 1:
            first, last = struct.unpack_from("<II", body)
            audit.hidden_columns.update(range(first, min(last, 16383) + 1))
    audit.extent = rows, columns
    return audit
