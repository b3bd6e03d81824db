"""What calamine does not tell of an Excel 97 file: number formats, what is hidden, how far it reaches.

Records: [MS-XLS] "Excel Binary File Format", section 2.4. Only their heads are read; nothing is allocated by
what a record claims.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from extraction.engines.convert.grid import Span
from extraction.engines.convert.numfmt import BUILTIN

MAX_RECORDS = 5_000_000
MAX_MERGES = 10_000
_FILEPASS, _BOUNDSHEET, _FORMAT, _XF, _DATEMODE = 0x2F, 0x85, 0x41E, 0xE0, 0x22
_ROW, _COLINFO, _MERGED, _MULRK = 0x208, 0x7D, 0xE5, 0xBD
_CELLS = frozenset({0x203, 0x27E, 0xFD, 0x06, 0x205, 0x204, 0xD6, 0x201})
_LEAST = {_MULRK: 12, _ROW: 16, _COLINFO: 10, _MERGED: 2}
_BOF, _EOF = 0x809, 0x0A


@dataclass(slots=True)
class SheetFacts:
    """Facts of one sheet; places are (row, column) from 0, `styles` are indexes of cell styles."""

    hidden: bool
    styles: dict[tuple[int, int], int] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merges: list[Span] = field(default_factory=list)
    last_row: int = 0
    last_column: int = 0


@dataclass(slots=True)
class BookFacts:
    """Facts of a workbook, its sheets in order. `locked` says that the rest is encrypted."""

    locked: bool = False
    from_1904: bool = False
    sheets: list[SheetFacts] = field(default_factory=list)
    formats: dict[int, str] = field(default_factory=dict)
    styles: list[int] = field(default_factory=list)

    def code(self, style: int | None) -> str:
        """The number format of a cell style."""
        if style is None or style >= len(self.styles):
            return "General"
        format_id = self.styles[style]
        return self.formats.get(format_id) or BUILTIN.get(format_id, "General")


def read_facts(stream: bytes) -> BookFacts:
    """The facts out of the "Workbook" stream. Raises ValueError for what is no such stream."""
    book = BookFacts()
    starts: list[int] = []
    for kind, data in _records(stream, 0):
        if kind == _FILEPASS:
            book.locked = True
            return book
        if kind == _BOUNDSHEET and len(data) >= 6:
            starts.append(struct.unpack_from("<I", data)[0])
            book.sheets.append(SheetFacts(bool(data[4] & 3)))
        elif kind == _FORMAT and len(data) >= 5:
            book.formats[struct.unpack_from("<H", data)[0]] = _string(data[2:])
        elif kind == _XF and len(data) >= 4:
            book.styles.append(struct.unpack_from("<H", data, 2)[0])
        elif kind == _DATEMODE and len(data) >= 2:
            book.from_1904 = bool(data[0])
    for start, sheet in zip(starts, book.sheets, strict=True):
        for kind, data in _records(stream, start):
            _add(sheet, kind, data)
    return book


def _records(stream: bytes, position: int) -> Iterator[tuple[int, bytes]]:
    """The records of one part of the stream, without those of charts inside it."""
    depth = 0
    for _ in range(MAX_RECORDS):
        if position + 4 > len(stream):
            return
        kind, size = struct.unpack_from("<HH", stream, position)
        if kind == _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                return
        elif depth == 0:
            raise ValueError("not a workbook stream")
        elif depth == 1:
            yield kind, stream[position + 4 : position + 4 + size]
        position += 4 + size


def _string(data: bytes) -> str:
    count, flags = struct.unpack_from("<HB", data)
    return (
        data[3 : 3 + 2 * count].decode("utf-16-le", "replace")
        if flags & 1
        else data[3 : 3 + count].decode("latin-1")
    )


def _add(sheet: SheetFacts, kind: int, data: bytes) -> None:
    if len(data) < _LEAST.get(kind, 6):
        return
    if kind in _CELLS:
        row, column, style = struct.unpack_from("<HHH", data)
        _place(sheet, row, column, style)
    elif kind == _MULRK:
        row, first = struct.unpack_from("<HH", data)
        for index in range((len(data) - 6) // 6):
            _place(sheet, row, first + index, struct.unpack_from("<H", data, 4 + 6 * index)[0])
    elif kind == _ROW:
        row, flags = struct.unpack_from("<H", data)[0], struct.unpack_from("<H", data, 12)[0]
        if flags & 0x20:
            sheet.hidden_rows.add(row)
    elif kind == _COLINFO:
        first, last, _, _, flags = struct.unpack_from("<HHHHH", data)
        if flags & 1:
            sheet.hidden_columns |= set(range(first, min(last, 255) + 1))
    elif kind == _MERGED:
        _add_merges(sheet, data)


def _add_merges(sheet: SheetFacts, data: bytes) -> None:
    for index in range(min(struct.unpack_from("<H", data)[0], (len(data) - 2) // 8)):
        top, bottom, left, right = struct.unpack_from("<HHHH", data, 2 + 8 * index)
        if len(sheet.merges) < MAX_MERGES and top <= bottom and left <= right:
            sheet.merges.append(Span(top, left, bottom, right))


def _place(sheet: SheetFacts, row: int, column: int, style: int) -> None:
    sheet.styles[row, column] = style
    sheet.last_row, sheet.last_column = max(sheet.last_row, row), max(sheet.last_column, column)
