"""Excel files: each sheet a heading and a table, values as a person sees them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any, BinaryIO

import openpyxl
from openpyxl.styles.numbers import is_date_format
from openpyxl.utils.exceptions import InvalidFileException

from extraction.engines.blocks import Cell, ConvertedDocument
from extraction.engines.convert.builder import Builder
from extraction.engines.convert.errors import corrupt
from extraction.engines.convert.guards import check_office_file

MAX_SHEETS = 20
MAX_ROWS = 2_000
MAX_COLUMNS = 50


def read_xlsx(path: Path) -> ConvertedDocument:
    """Blocks of a workbook on made-up pages (`meta["synthetic_layout"]`).

    At most MAX_SHEETS sheets of MAX_ROWS rows and MAX_COLUMNS columns; `meta["truncated"]` tells if more.
    Raises: PasswordRequired; EngineError `corrupt_file`, `unsupported_content`. Call it in a sandbox child.
    """
    check_office_file(path, "Excel file")
    builder = Builder()
    try:
        # An open file, since openpyxl judges a path by its ending and ours may have none.
        with path.open("rb") as file:
            _read_workbook(file, builder)
    except (
        InvalidFileException,
        KeyError,
        ValueError,
        TypeError,
        IndexError,
        AttributeError,
        SyntaxError,
    ) as error:
        raise corrupt("Excel file") from error
    return builder.document("openpyxl", version("openpyxl"))


def _read_workbook(file: BinaryIO, builder: Builder) -> None:
    workbook = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
    sheets = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
    if len(sheets) > MAX_SHEETS:
        builder.meta["truncated"] = True
    for sheet in sheets[:MAX_SHEETS]:
        builder.text("heading", sheet.title, level=2)
        builder.table(list(_rows(sheet, builder)))
    workbook.close()


def _rows(sheet: Any, builder: Builder) -> Iterator[list[Cell]]:
    # The sheet's own "dimension" may be a lie in either direction.
    sheet.reset_dimensions()
    kept = 0
    # Rows beyond the limit are still counted up to here, so that a gap does not hide data for ever.
    for row in sheet.iter_rows(max_row=50 * MAX_ROWS, max_col=MAX_COLUMNS + 1):
        if len(row) > MAX_COLUMNS and row[MAX_COLUMNS].value is not None:
            builder.meta["truncated"] = True
        texts = [_shown(cell) for cell in row[:MAX_COLUMNS]]
        if not any(texts):
            continue
        if kept >= MAX_ROWS:
            builder.meta["truncated"] = True
            return
        last = max(index for index, text in enumerate(texts) if text)
        yield [Cell(kept, col, text, header=kept == 0) for col, text in enumerate(texts[: last + 1])]
        kept += 1


def _shown(cell: Any) -> str:
    """The cell's value about as Excel shows it: ISO dates, plain decimals as many as its format says."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ", "minutes")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, int | float):
        return _number(value, str(getattr(cell, "number_format", "") or ""))
    return str(value).strip()


def _number(value: float, number_format: str) -> str:
    section = number_format.partition(";")[0]
    if "." in section and not is_date_format(section):
        decimals = section.split(".", 1)[1]
        places = len(decimals) - len(decimals.lstrip("0"))
        if "%" in decimals:
            return f"{value * 100:.{places}f}%"
        if places:
            return f"{value:.{places}f}"
    if section.endswith("%"):
        return f"{value * 100:.0f}%"
    return repr(value) if isinstance(value, int) else f"{value:.12g}"
