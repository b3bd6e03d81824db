"""A document's result as a file to take away: JSON, tables for spreadsheets, a folder in a ZIP."""

from __future__ import annotations

import csv
import io
import json
import re
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.core.serializers.json import DjangoJSONEncoder

from documents.models import Document
from documents.services.files import CHUNK, file_open
from extraction.engines.blocks import Cell
from extraction.markdown_images import with_names
from extraction.models import Conversion, Extraction, Figure
from extraction.selectors import assets_json, current_extraction, result_json

FIELD_COLUMNS = ("name", "label", "value", "score", "page", "source")
NUMBER_TYPES = ("number", "integer", "currency")
# Spreadsheets take a text that begins so for a formula, which a document could use to run something.
FORMULA_START = tuple("=+-@\t\r\n＝＋－＠")
PLAIN_NUMBER = re.compile(r"[+-]?\d[\d.,' ]*%?")
MAX_CELL_CHARS = 32_000
MAX_TITLE_CHARS = 31


@dataclass(frozen=True)
class Sheet:
    """A table to export; the first row is its head."""

    title: str
    rows: Sequence[Sequence[Any]]


def export_json(document: Document) -> bytes:
    """The result with the places of everything and all blocks. Raises: what result_json raises."""
    blocks = Conversion.objects.filter(document=document).values_list("blocks", flat=True).first()
    data = {
        "filename": document.filename,
        **result_json(document),
        **assets_json(document),
        "blocks": blocks or [],
    }
    return json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1).encode()


def export_csv(document: Document) -> bytes:
    """Fields and tables below each other, an empty line between; UTF-8 with the mark that Excel looks for."""
    out = io.StringIO()
    writer = csv.writer(out)
    for number, sheet in enumerate(_sheets(document)):
        if number:
            writer.writerows([[], [sheet.title]])
        writer.writerows([_safe(value) for value in row] for row in sheet.rows)
    return out.getvalue().encode("utf-8-sig")


def export_xlsx(document: Document) -> bytes:
    """A workbook with a sheet for the fields and one for each table."""
    from openpyxl import Workbook  # megabytes that a web process without exports does not need

    book = Workbook(write_only=True)
    for sheet in _sheets(document):
        page = book.create_sheet(sheet.title[:MAX_TITLE_CHARS])
        for row in sheet.rows:
            page.append([_cell(page, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def export_zip(document: Document, stem: str) -> tuple[BinaryIO, int]:
    """An open temporary file with Markdown, figures and JSON, and its size. Raises: StorageAway."""
    out: Any = tempfile.TemporaryFile(prefix="recto-")  # noqa: SIM115  (the response closes it)
    try:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as folder:
            figures = list(Figure.objects.filter(document=document))
            folder.writestr(f"{stem}.md", markdown_file(document, figures))
            folder.writestr(f"{stem}.json", export_json(document))
            for figure in figures:
                _add_figure(folder, figure)
        return out, out.seek(0, 2)
    except BaseException:
        out.close()
        raise


def markdown_file(document: Document, figures: Sequence[Figure]) -> str:
    """The Markdown with its pictures in a folder `figures` beside it."""
    markdown = Conversion.objects.filter(document=document).values_list("markdown", flat=True).first()
    return with_names(markdown or "", figures)


def _add_figure(folder: zipfile.ZipFile, figure: Figure) -> None:
    entry = zipfile.ZipInfo(f"figures/{figure.name}")  # stored: a PNG gets no smaller
    with file_open(figure.key) as picture, folder.open(entry, "w") as target:
        while chunk := picture.read(CHUNK):
            target.write(chunk)


def _sheets(document: Document) -> Iterator[Sheet]:
    extraction = current_extraction(document)
    yield Sheet("Fields", [FIELD_COLUMNS, *(_field_rows(extraction) if extraction else [])])
    if extraction:
        yield from _list_sheets(extraction)
    conversion = Conversion.objects.filter(document=document).defer("markdown").first()
    tables = conversion.blocks_of("table") if conversion else []
    for number, block in enumerate(tables, start=1):
        yield Sheet(f"Table {number}, page {block.page}", _grid(block.cells))


def _field_rows(extraction: Extraction) -> Iterator[list[Any]]:
    values = extraction.ordered()
    for item in extraction.schema:
        field = values.get(item["name"]) or {}
        value = field.get("value")
        box = field.get("box") or {}
        yield [
            item["name"],
            item["label"],
            _number(value) if item["type"] in NUMBER_TYPES else value,
            field.get("score"),
            box.get("page"),
            field.get("source"),
        ]


def _list_sheets(extraction: Extraction) -> Iterator[Sheet]:
    """Fields that are lists of parts, such as an invoice's lines."""
    values = extraction.values()
    for item in extraction.schema:
        found = values.get(item["name"])
        parts = [part for part in found if isinstance(part, dict)] if isinstance(found, list) else []
        if parts:
            names = list(dict.fromkeys(name for part in parts for name in part))
            yield Sheet(item["label"], [names, *([part.get(name) for name in names] for part in parts)])


def _grid(cells: Sequence[Cell]) -> list[list[str]]:
    """Rows of texts; a cell over several rows or columns stands in the first of them."""
    if not cells:
        return []
    columns = max(cell.col for cell in cells) + 1
    rows = [[""] * columns for _ in range(max(cell.row for cell in cells) + 1)]
    for cell in cells:
        rows[cell.row][cell.col] = cell.text
    return rows


def _number(value: Any) -> Any:
    try:
        return value if value is None or isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        return value


def _text(value: Any) -> Any:
    """Numbers as they are, everything else as text."""
    if value is None or isinstance(value, int | float | str):
        return value
    return json.dumps(value, ensure_ascii=False, cls=DjangoJSONEncoder)


def _safe(value: Any) -> Any:
    """The value as no spreadsheet takes it for a formula."""
    text = _text(value)
    if isinstance(text, str) and text.startswith(FORMULA_START) and not PLAIN_NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def _cell(page: Any, value: Any) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    text = _text(value)
    if not isinstance(text, str):
        return text
    cell = WriteOnlyCell(page, ILLEGAL_CHARACTERS_RE.sub("", text)[:MAX_CELL_CHARS])
    cell.data_type = "s"  # by itself a text with "=" in front becomes a formula
    return cell
