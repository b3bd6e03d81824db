"""Text files: plain text, Markdown and CSV."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from extraction.engines.blocks import Cell, ConvertedDocument
from extraction.engines.convert.builder import Builder
from extraction.engines.convert.errors import corrupt
from extraction.engines.convert.filetypes import CSV, MARKDOWN, decode

PARSER_VERSION = "2"
MAX_CSV_ROWS = 2_000
MAX_CSV_COLUMNS = 50
MAX_CELL = 10_000_000

_UNDERLINE = re.compile(r"(={3,}|-{3,})\s*")
_ITEM = re.compile(r"(\s{0,12})(?:([-*•–])|(\d{1,3}[.)]))\s+(\S.*)")


def read_text_file(path: Path, *, content_type: str) -> ConvertedDocument:
    """Blocks of a text file on made-up pages (`meta["synthetic_layout"]`).

    Raises: EngineError `corrupt_file` if the bytes are not text.
    """
    text = decode(path.read_bytes())
    if text is None:
        raise corrupt("text file")
    builder = Builder()
    try:
        if content_type == CSV:
            _read_csv(text, builder)
        elif content_type == MARKDOWN:
            from extraction.engines.convert.markdown_source import add_markdown

            add_markdown(builder, text)
        else:
            add_plain(builder, text)
    except csv.Error as error:
        raise corrupt("CSV file") from error
    return builder.document("text", PARSER_VERSION)


def add_plain(builder: Builder, text: str) -> None:
    """Add plain text: paragraphs, lists whose every line is an item, and underlined headings."""
    for number, page in enumerate(re.sub(r"\r\n?", "\n", text).split("\f")):
        if number:
            builder.pages.page_break()
        for part in re.split(r"\n(?:[ \t]*\n)+", page):
            _add_part(builder, part.strip("\n"))


def _add_part(builder: Builder, part: str) -> None:
    lines = part.split("\n")
    if len(lines) >= 2 and _is_underlined(lines[0], lines[1]):
        builder.text("heading", lines[0], level=1 if lines[1].startswith("=") else 2)
        lines = lines[2:]
    items = [_ITEM.fullmatch(line) for line in lines]
    if len(items) >= 2 and all(items):
        indents = sorted({len(item[1].expandtabs(4)) for item in items if item})
        for item in items:
            assert item is not None
            depth = indents.index(len(item[1].expandtabs(4)))
            builder.text("list_item", item[4], level=depth, ordered=bool(item[3]), marker=item[3] or "")
    else:
        builder.text("paragraph", "\n".join(lines))


def _is_underlined(title: str, line: str) -> bool:
    """A line drawn under a title of about its length; columns of figures have longer ones."""
    match = _UNDERLINE.fullmatch(line)
    return bool(
        match
        and title.strip()
        and not title.startswith(" ")
        and abs(len(match[1]) - len(title.rstrip())) <= 2
    )


def _read_csv(text: str, builder: Builder) -> None:
    rows: list[list[Cell]] = []
    # The library refuses cells above 128 kB otherwise.
    csv.field_size_limit(MAX_CELL)
    separator = _separator(text)
    # Excel's own first line, which names the separator, is no data.
    text = re.sub(r"\Asep=.\r?\n", "", text)
    for row in csv.reader(text.splitlines(keepends=True), delimiter=separator):
        if not any(value.strip() for value in row):
            continue
        if len(rows) >= MAX_CSV_ROWS or len(row) > MAX_CSV_COLUMNS:
            builder.meta["truncated"] = True
        if len(rows) >= MAX_CSV_ROWS:
            break
        number = len(rows)
        values = enumerate(row[:MAX_CSV_COLUMNS])
        rows.append([Cell(number, col, value.strip(), header=number == 0) for col, value in values])
    builder.table(rows)


def _separator(text: str) -> str:
    """The separator that cuts the first lines into most cells, the same number in each."""
    if told := re.match(r"sep=([,;\t|])\r?\n", text):
        return told[1]
    lines = [line for line in text.splitlines(keepends=True)[:20] if line.strip()]

    def worth(separator: str) -> tuple[bool, int]:
        # Quoted cells may run over several lines, so the last row may be cut.
        counts = [len(row) for row in csv.reader(lines, delimiter=separator) if row]
        counts = counts[:-1] if len(counts) > 2 else counts
        return bool(counts) and len(set(counts)) == 1 and counts[0] > 1, min(counts, default=0)

    return max((",", ";", "\t", "|"), key=worth)
