"""Word files: headings, paragraphs, list items and tables in document order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any, cast
from zipfile import BadZipFile

import docx
from docx.opc.exceptions import OpcError
from docx.table import Table
from docx.text.paragraph import Paragraph

from extraction.engines.blocks import Cell, ConvertedDocument
from extraction.engines.convert.builder import Builder
from extraction.engines.convert.errors import corrupt
from extraction.engines.convert.guards import check_office_file

_HEADING = re.compile(r"heading\s*([1-9])", re.I)
_LIST_LEVEL = re.compile(r"list (?:bullet|number)\s*([2-9])?", re.I)
# A cell may claim to span a thousand million columns, and the library would believe it.
MAX_COLUMNS = 200
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def read_docx(path: Path) -> ConvertedDocument:
    """Blocks of a Word file on made-up pages (`meta["synthetic_layout"]`).

    Raises: PasswordRequired; EngineError `corrupt_file`, `unsupported_content`. Call it in a sandbox child.
    """
    check_office_file(path, "Word file")
    builder = Builder()
    try:
        document = docx.Document(str(path))
        for item in document.iter_inner_content():
            if builder.full:
                builder.meta["truncated"] = True
                break
            if isinstance(item, Table):
                builder.table(list(_rows(item)))
            else:
                _add_paragraph(builder, item)
    except (OpcError, BadZipFile, KeyError, ValueError, AttributeError) as error:
        raise corrupt("Word file") from error
    return builder.document("python-docx", version("python-docx"))


def _add_paragraph(builder: Builder, paragraph: Paragraph) -> None:
    style = str(getattr(paragraph.style, "name", "") or "")
    heading = _HEADING.match(style)
    if heading or style == "Title":
        builder.text("heading", paragraph.text, level=min(int(heading[1]), 6) if heading else 1)
        return
    depth = _list_depth(paragraph, style)
    if depth is None:
        builder.text("paragraph", paragraph.text)
    else:
        builder.text("list_item", paragraph.text, level=depth, ordered="number" in style.lower())


def _list_depth(paragraph: Paragraph, style: str) -> int | None:
    """The depth from 0 of a list item, None for other paragraphs."""
    numbering = paragraph._p.find(f"{_W}pPr/{_W}numPr/{_W}ilvl")
    if numbering is not None:
        value = numbering.get(f"{_W}val") or "0"
        return min(int(value), 8) if value.isdigit() else 0
    match = _LIST_LEVEL.match(style)
    return int(match[1] or 1) - 1 if match else None


def _rows(table: Table) -> Iterator[list[Cell]]:
    """Rows read off the XML itself, so that spans cost nothing and merged cells come once."""
    open_spans: dict[int, tuple[int, int]] = {}
    rows: list[list[Cell]] = []
    for number, source in enumerate(cast("Any", table)._tbl.tr_lst):
        row: list[Cell] = []
        column = 0
        for tc in source.tc_lst:
            if column >= MAX_COLUMNS:
                break
            span = min(_span(tc), MAX_COLUMNS - column)
            if _continues_above(tc) and column in open_spans:
                _grow(rows, open_spans[column])
            else:
                row.append(Cell(number, column, _cell_text(tc), colspan=span, header=number == 0))
                open_spans[column] = (number, len(row) - 1)
            column += span
        rows.append(row)
    yield from rows


def _span(tc: Any) -> int:
    element = tc.find(f"{_W}tcPr/{_W}gridSpan")
    value = element.get(f"{_W}val") if element is not None else None
    return max(int(value), 1) if value and value.isdigit() and len(value) < 10 else 1


def _continues_above(tc: Any) -> bool:
    element = tc.find(f"{_W}tcPr/{_W}vMerge")
    return element is not None and element.get(f"{_W}val") != "restart"


def _grow(rows: list[list[Cell]], place: tuple[int, int]) -> None:
    row, index = place
    cell = rows[row][index]
    rows[row][index] = Cell(cell.row, cell.col, cell.text, cell.rowspan + 1, cell.colspan, cell.header)


def _cell_text(tc: Any) -> str:
    paragraphs = ("".join(text.text or "" for text in p.iter(f"{_W}t")) for p in tc.iter(f"{_W}p"))
    return "\n".join(text for text in paragraphs if text.strip())
