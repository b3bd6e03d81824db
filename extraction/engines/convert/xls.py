"""Excel 97 files: values from calamine, shown by the formats that the file's own records name."""

from __future__ import annotations

import datetime as dt
from importlib.metadata import version
from pathlib import Path
from typing import Any

import python_calamine

from extraction.engines.blocks import ConvertedDocument
from extraction.engines.convert.biff import BookFacts, SheetFacts, read_facts
from extraction.engines.convert.builder import Builder
from extraction.engines.convert.cfb import BadCompoundFile, read_stream
from extraction.engines.convert.errors import PasswordRequired, corrupt, unsupported
from extraction.engines.convert.grid import (
    MAX_COLUMNS,
    MAX_ROWS,
    MAX_SHEETS,
    Place,
    Shown,
    add_sheet,
    without_hidden,
)
from extraction.engines.convert.numfmt import shown_number, shown_text

# calamine lays out every cell between the first and the last, filled or not.
MAX_AREA = 2_000_000
_START_1900, _START_1904 = dt.datetime(1899, 12, 30), dt.datetime(1904, 1, 1)


def read_xls(path: Path) -> ConvertedDocument:
    """Blocks of a workbook on made-up pages (`meta["synthetic_layout"]`); hidden parts are left out.

    At most MAX_SHEETS sheets of MAX_ROWS rows and MAX_COLUMNS columns; `meta["truncated"]` tells if more.
    Raises: PasswordRequired; EngineError `corrupt_file`, `unsupported_content`. Native code: call it in a
    sandbox child only.
    """
    builder = Builder()
    try:
        facts = read_facts(read_stream(path, "Workbook", "Book"))
        if facts.locked:
            raise PasswordRequired(wrong=False)
        if sum((sheet.last_row + 1) * (sheet.last_column + 1) for sheet in facts.sheets) > MAX_AREA:
            raise unsupported("its cells lie too far apart, delete the lonely ones and save it again")
        with path.open("rb") as file, python_calamine.load_workbook(file) as book:
            _read(book, facts, builder)
    except python_calamine.PasswordError as error:
        raise PasswordRequired(wrong=False) from error
    except (BadCompoundFile, python_calamine.CalamineError, ValueError, OSError) as error:
        raise corrupt("Excel file") from error
    return builder.document("calamine", version("python-calamine"))


def _read(book: python_calamine.CalamineWorkbook, facts: BookFacts, builder: Builder) -> None:
    sheets = [
        (name, sheet)
        for name, sheet, told in zip(book.sheet_names, facts.sheets, book.sheets_metadata, strict=False)
        if not sheet.hidden and told.typ == python_calamine.SheetTypeEnum.WorkSheet
    ]
    if len(sheets) > MAX_SHEETS:
        builder.meta["truncated"] = True
    for name, sheet in sheets[:MAX_SHEETS]:
        cells = _cells(book.get_sheet_by_name(name), facts, sheet, builder)
        add_sheet(
            builder, name, *without_hidden(cells, sheet.merges, sheet.hidden_rows, sheet.hidden_columns)
        )


def _cells(
    source: python_calamine.CalamineSheet, facts: BookFacts, sheet: SheetFacts, builder: Builder
) -> dict[Place, Shown]:
    top, left = source.start or (0, 0)
    cells: dict[Place, Shown] = {}
    kept = 0
    for row, values in enumerate(source.to_python(skip_empty_area=True), start=top):
        if row in sheet.hidden_rows or not any(value not in ("", None) for value in values):
            continue
        if kept >= MAX_ROWS:
            builder.meta["truncated"] = True
            break
        kept += 1
        for column, value in enumerate(values, start=left):
            if value in ("", None):
                continue
            if column >= MAX_COLUMNS:
                builder.meta["truncated"] = True
                break
            cells[row, column] = _shown(value, facts.code(sheet.styles.get((row, column))), facts.from_1904)
    return cells


def _shown(value: Any, code: str, from_1904: bool) -> Shown:
    if isinstance(value, bool):
        return Shown("TRUE" if value else "FALSE", False)
    if isinstance(value, int | float):
        return Shown(shown_number(float(value), code, from_1904=from_1904), False)
    serial = _serial(value, from_1904)
    if serial is None:
        text = str(value).strip()
        return Shown(shown_text(text, code), not text.startswith("#"))
    if code == "General":
        return Shown(str(value), False)
    return Shown(shown_number(serial, code, from_1904=from_1904), False)


def _serial(value: Any, from_1904: bool) -> float | None:
    """A date or time as the number that the file holds."""
    if isinstance(value, dt.time):
        value = dt.timedelta(
            hours=value.hour, minutes=value.minute, seconds=value.second, microseconds=value.microsecond
        )
    if isinstance(value, dt.timedelta):
        return value / dt.timedelta(days=1)
    if isinstance(value, dt.datetime):
        return (value - (_START_1904 if from_1904 else _START_1900)) / dt.timedelta(days=1)
    if isinstance(value, dt.date):
        return _serial(dt.datetime.combine(value, dt.time()), from_1904)
    return None
