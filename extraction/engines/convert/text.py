"""Text files: plain text, Markdown and CSV."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from extraction.engines.blocks import Cell, ConvertedDocument
from extraction.engines.convert.builder import Builder
from extraction.engines.convert.errors import corrupt
from extraction.engines.convert.filetypes import CSV, MARKDOWN, decode

PARSER_VERSION = "1"
MAX_CSV_ROWS = 2_000
MAX_CSV_COLUMNS = 50

_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*$")
_ITEM = re.compile(r"(\s*)(?:[-*+•]|(\d{1,4}[.)]))\s+(.*)")
_DIVIDER = re.compile(r"(?=.*-)\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*")
_FENCE = re.compile(r"\s*(```|~~~)")


def read_text_file(path: Path, *, content_type: str) -> ConvertedDocument:
    """Blocks of a text file on made-up pages (`meta["synthetic_layout"]`).

    Raises: EngineError `corrupt_file` if the bytes are not text.
    """
    text = decode(path.read_bytes())
    if text is None:
        raise corrupt("text file")
    builder = Builder()
    try:
        {CSV: _read_csv, MARKDOWN: _read_markdown}.get(content_type, _read_plain)(text, builder)
    except csv.Error as error:
        raise corrupt("CSV file") from error
    return builder.document("text", PARSER_VERSION)


def _read_plain(text: str, builder: Builder) -> None:
    for part in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").replace("\f", "\n\n")):
        builder.text("paragraph", part)


def _read_csv(text: str, builder: Builder) -> None:
    rows: list[list[Cell]] = []
    for row in csv.reader(text.splitlines(), delimiter=_separator(text)):
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
    lines = [line for line in text.splitlines()[:20] if line.strip()]

    def worth(separator: str) -> tuple[bool, int]:
        counts = [len(row) for row in csv.reader(lines, delimiter=separator)]
        return len(set(counts)) == 1 and counts[0] > 1, min(counts, default=0)

    return max((",", ";", "\t", "|"), key=worth)


def _read_markdown(text: str, builder: Builder) -> None:
    lines = text.replace("\r\n", "\n").split("\n")
    paragraph: list[str] = []
    position = 0
    while position < len(lines):
        taken = _structure(lines, position, builder, paragraph)
        if not taken:
            paragraph.append(lines[position])
        position += taken or 1
    _flush(paragraph, builder)


def _structure(lines: list[str], position: int, builder: Builder, paragraph: list[str]) -> int:
    """Add the structure that starts at this line and return how many lines it took, 0 for running text."""
    line = lines[position]
    heading, item = _HEADING.fullmatch(line), _ITEM.fullmatch(line)
    fence = _FENCE.match(line)
    table = "|" in line and position + 1 < len(lines) and _DIVIDER.fullmatch(lines[position + 1])
    if line.strip() and not (heading or item or fence or table):
        return 0
    _flush(paragraph, builder)
    if fence:
        return _add_code(lines, position, fence[1], builder)
    if table:
        return _add_table(lines, position, builder)
    if heading:
        builder.text("heading", _inline(heading[2]), level=len(heading[1]))
    elif item:
        depth = min(len(item[1].expandtabs(4)) // 2, 8)
        builder.text("list_item", _inline(item[3]), level=depth, ordered=bool(item[2]), marker=item[2] or "")
    return 1


def _add_code(lines: list[str], position: int, fence: str, builder: Builder) -> int:
    end = position + 1
    while end < len(lines) and not lines[end].lstrip().startswith(fence):
        end += 1
    builder.text("code", "\n".join(lines[position + 1 : end]))
    return end + 1 - position


def _add_table(lines: list[str], position: int, builder: Builder) -> int:
    end = position + 2
    while end < len(lines) and "|" in lines[end]:
        end += 1
    sources = [lines[position], *lines[position + 2 : end]]
    rows = []
    for number, line in enumerate(sources):
        values = re.split(r"(?<!\\)\|", line.strip().removeprefix("|").removesuffix("|"))[:MAX_CSV_COLUMNS]
        rows.append(
            [Cell(number, col, _inline(value), header=number == 0) for col, value in enumerate(values)]
        )
    builder.table(rows)
    return end - position


def _flush(paragraph: list[str], builder: Builder) -> None:
    builder.text("paragraph", _inline("\n".join(paragraph)))
    paragraph.clear()


_LINK = re.compile(r"!?\[([^\]\n]*)\]\([^)\s]*(?:\s+\"[^\"\n]*\")?\)")
_MARKS = re.compile(r"(\*\*|__|`)(?=\S)([^\n]+?)(?<=\S)\1")
_STAR = re.compile(r"(?<![\w*])([*_])(?=\S)([^*_\n]+?)(?<=\S)\1(?![\w*])")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|<>])")


def _inline(markdown: str) -> str:
    """The text without links' targets, emphasis and escapes."""
    text = _LINK.sub(r"\1", markdown)
    text = _STAR.sub(r"\2", _MARKS.sub(r"\2", text))
    return _ESCAPE.sub(r"\1", text).strip()
