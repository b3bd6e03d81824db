"""Markdown out of blocks: "rich" for people, "plain" for language models and measurements."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Literal

from extraction.engines.blocks import Block, Cell, ConvertedDocument
from extraction.engines.convert.figures import figure_names

Profile = Literal["rich", "plain"]
_HIDDEN = frozenset({"header", "footer", "figure_text"})

# Inside a line; "_" only where it could open or close emphasis, so that file_names stay readable.
_INLINE = re.compile(r"[\\`*\[\]<]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)|(?<=~)~|!(?=\[)")
_LINE_START = re.compile(r"^(\s*)(#{1,6}(?=\s|$)|[-+](?=\s|$)|>|=+\s*$|-{3,}\s*$|~{3,}|\|)", re.M)
_NUMBER_START = re.compile(r"^(\s*\d{1,9})([.)])(?=\s|$)", re.M)


def to_markdown(
    document: ConvertedDocument, *, profile: Profile = "rich", figure_folder: str = "figures"
) -> str:
    """The document's blocks as Markdown.

    "rich" is for people: emphasis and links, figures as pictures in `figure_folder` named by `figure_names`,
    running headers and footers and what is printed inside figures left out, everything else escaped that
    would change its meaning. "plain" is the bare text of every block, with headings, lists and tables.
    """
    rich = profile == "rich"
    blocks = [block for block in document.blocks if not (rich and block.kind in _HIDDEN)]
    names = iter(figure_names(document.figures))
    parts: list[str] = []
    for kind, group in groupby(blocks, key=lambda block: block.kind):
        if kind == "list_item":
            parts.append("\n".join(_list_lines(list(group), rich=rich)))
        elif kind == "figure" and rich:
            parts += [_picture(block, f"{figure_folder}/{next(names)}") for block in group]
        else:
            parts += [_block(block, rich=rich) for block in group]
    text = "\n\n".join(part for part in parts if part.strip())
    return text + "\n" if text else ""


def _block(block: Block, *, rich: bool) -> str:
    if block.kind == "heading":
        return f"{'#' * min(max(block.level, 1), 6)} {' '.join(_inline(block, rich=rich).split())}"
    if block.kind == "table":
        return table_markdown(block.cells, rich=rich)
    if block.kind == "figure":
        # Its caption is a block of its own where the page prints one.
        return ""
    if block.kind == "code" and rich:
        fence = "`" * max([3, *(len(run) + 1 for run in re.findall(r"`{3,}", block.text))])
        return f"{fence}\n{block.text}\n{fence}"
    if block.kind == "formula" and rich:
        return f"$$\n{block.text}\n$$"
    if block.kind == "footnote" and rich and block.marker:
        return f"[^{block.marker}]: {' '.join(_inline(block, rich=True).split())}"
    if block.kind == "caption" and rich:
        return f"*{' '.join(_inline(block, rich=True).split())}*"
    return _inline(block, rich=rich)


def _inline(block: Block, *, rich: bool) -> str:
    if not rich:
        return block.text
    return block.markup or escape(block.text)


def _picture(block: Block, target: str) -> str:
    return f"![{_one_line(block.text, rich=True)}]({target})"


def _list_lines(items: Sequence[Block], *, rich: bool) -> Iterator[str]:
    counters: dict[int, int] = {}
    previous_depth = -1
    for item in items:
        # A jump in depth of more than one would turn the item into code.
        depth = min(item.level, previous_depth + 1)
        counters = {level: count for level, count in counters.items() if level <= depth}
        counters[depth] = counters.get(depth, 0) + 1
        previous_depth = depth
        marker = _marker(item, counters[depth])
        yield f"{'    ' * depth}{marker} {_inline(item, rich=rich).replace(chr(10), ' ')}"


def _marker(item: Block, count: int) -> str:
    if not item.ordered:
        return "-"
    return item.marker if re.fullmatch(r"\d{1,9}[.)]", item.marker) else f"{count}."


def _one_line(text: str, *, rich: bool) -> str:
    line = " ".join(text.split())
    return escape(line) if rich else line


def escape(text: str) -> str:
    """The text with a backslash before every character that Markdown would read as markup."""
    text = _INLINE.sub(r"\\\g<0>", text)
    text = _LINE_START.sub(r"\1\\\2", text)
    return _NUMBER_START.sub(r"\1\\\2", text)


def table_markdown(cells: Sequence[Cell], *, rich: bool) -> str:
    """A pipe table, or an HTML table where cells span rows or columns."""
    if not cells:
        return ""
    if any(cell.rowspan > 1 or cell.colspan > 1 for cell in cells):
        return _html_table(cells)
    rows = _grid(cells)
    lines = [f"| {' | '.join(_cell_text(text, rich=rich) for text in row)} |" for row in rows]
    lines.insert(1, f"|{' --- |' * len(rows[0])}")
    return "\n".join(lines)


def _grid(cells: Sequence[Cell]) -> list[list[str]]:
    columns = max(cell.col for cell in cells) + 1
    rows = [[""] * columns for _ in range(max(cell.row for cell in cells) + 1)]
    for cell in cells:
        rows[cell.row][cell.col] = cell.text
    return rows


def _cell_text(text: str, *, rich: bool) -> str:
    parts = [_one_line(line, rich=rich).replace("|", "\\|") for line in text.splitlines()]
    return ("<br>" if rich else " ").join(part for part in parts if part)


def _html_table(cells: Sequence[Cell]) -> str:
    lines = ["<table>"]
    for _, row in groupby(sorted(cells, key=lambda cell: (cell.row, cell.col)), key=lambda cell: cell.row):
        lines.append("<tr>" + "".join(map(_html_cell, row)) + "</tr>")
    return "\n".join([*lines, "</table>"])


def _html_cell(cell: Cell) -> str:
    tag = "th" if cell.header else "td"
    rowspan = f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else ""
    colspan = f' colspan="{cell.colspan}"' if cell.colspan > 1 else ""
    text = "<br>".join(html.escape(line, quote=False) for line in cell.text.splitlines())
    return f"<{tag}{rowspan}{colspan}>{text}</{tag}>"
