"""Markdown files as blocks, read by markdown-it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

from extraction.engines.blocks import Cell
from extraction.engines.convert.builder import Builder
from extraction.engines.convert.html import add_html
from extraction.engines.convert.inline import Piece, plain, safe_href
from extraction.engines.convert.office_media import data_ref

MAX_COLUMNS = 50
MAX_CHARS = 5_000_000
_BOXES = {"[ ] ": "☐ ", "[x] ": "☑ ", "[X] ": "☑ "}


def add_markdown(builder: Builder, text: str) -> None:
    """Add the blocks of a CommonMark text with tables, task lists, footnotes and formulas."""
    if len(text) > MAX_CHARS:
        builder.meta["truncated"] = True
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    parser.use(front_matter_plugin).use(footnote_plugin, inline=False).use(dollarmath_plugin).disable(
        "math_inline"
    )
    _Reader(builder).read(parser.parse(text[:MAX_CHARS]))


class _Reader:
    """Goes through the tokens once; lists and quotations are counted by their opening and closing."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        self.lists: list[int | None] = []
        self.item: str | None = None
        self.quotes = 0
        self.note = ""
        self.rows: list[list[Cell]] = []

    def read(self, tokens: Sequence[Token]) -> None:
        for place, token in enumerate(tokens):
            if self.builder.full:
                self.builder.meta["truncated"] = True
                return
            if token.type == "inline":
                self._inline(token, tokens[place - 1])
            elif token.type in ("fence", "code_block"):
                self.builder.text("code", token.content)
            elif token.type in ("math_block", "math_block_label"):
                self.builder.text("formula", token.content)
            elif token.type == "html_block":
                add_html(self.builder, token.content)
            else:
                self._structure(token)

    def _structure(self, token: Token) -> None:
        kind = token.type
        if kind in ("bullet_list_open", "ordered_list_open"):
            start = int(token.attrGet("start") or 1) if kind.startswith("ordered") else None
            self.lists.append(None if start is None else start - 1)
        elif kind in ("bullet_list_close", "ordered_list_close"):
            self.lists.pop()
        elif kind == "list_item_open":
            count = self.lists[-1]
            self.lists[-1] = None if count is None else count + 1
            self.item = "" if count is None else f"{count + 1}{token.markup or '.'}"
        elif kind == "list_item_close":
            self.item = None
        elif kind in ("blockquote_open", "blockquote_close"):
            self.quotes += 1 if kind.endswith("open") else -1
        elif kind == "footnote_open":
            self.note = _note_mark(token)
        elif kind == "footnote_close":
            self.note = ""
        elif kind == "tr_open":
            self.rows.append([])
        elif kind == "table_close":
            self.builder.table(self.rows)
            self.rows = []

    def _inline(self, token: Token, opening: Token) -> None:
        pieces, figures = _pieces(token.children or [])
        if opening.type in ("th_open", "td_open"):
            row = self.rows[-1]
            if len(row) < MAX_COLUMNS:
                row.append(
                    Cell(len(self.rows) - 1, len(row), plain(pieces), header=opening.type == "th_open")
                )
            return
        if opening.type == "heading_open":
            self.builder.text("heading", pieces, level=int(opening.tag[1]))
        elif self.note:
            self.builder.text("footnote", pieces, marker=self.note)
        elif self.item is not None:
            marker, self.item = self.item, None
            self.builder.text(
                "list_item",
                _ticked(pieces),
                level=min(len(self.lists) - 1, 8),
                ordered=bool(marker),
                marker=marker,
            )
        else:
            self.builder.text("paragraph", pieces, prefix="> " * min(self.quotes, 5))
        for ref, alt in figures:
            self.builder.figure(ref, alt)


def _note_mark(token: Token) -> str:
    return str(token.meta.get("label") or token.meta.get("id", 0) + 1)


def _ticked(pieces: list[Piece]) -> list[Piece]:
    """A task's brackets as a box."""
    if pieces and pieces[0].text[:4] in _BOXES:
        text = pieces[0].text
        return [replace(pieces[0], text=_BOXES[text[:4]] + text[4:]), *pieces[1:]]
    return pieces


def _pieces(tokens: Sequence[Token]) -> tuple[list[Piece], list[tuple[str, str]]]:
    """The pieces of a line, and the pictures that the file itself holds."""
    pieces: list[Piece] = []
    figures: list[tuple[str, str]] = []
    bold = italic = 0
    href = ""
    for token in tokens:
        if token.type in ("strong_open", "strong_close"):
            bold += 1 if token.nesting > 0 else -1
        elif token.type in ("em_open", "em_close"):
            italic += 1 if token.nesting > 0 else -1
        elif token.type in ("link_open", "link_close"):
            href = safe_href(str(token.attrGet("href") or "")) if token.nesting > 0 else ""
        elif token.type == "image":
            ref = data_ref(str(token.attrGet("src") or ""))
            if ref:
                figures.append((ref, token.content))
            else:
                pieces.append(Piece(token.content, bold > 0, italic > 0, href=href))
        elif token.type == "footnote_ref":
            pieces.append(Piece("", mark=_note_mark(token)))
        elif text := _text_of(token):
            pieces.append(Piece(text, bold > 0, italic > 0, token.type == "code_inline", href))
    return pieces, figures


def _text_of(token: Token) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return "\n"
    if token.type == "html_inline":
        return "\n" if token.content.lower().startswith("<br") else ""
    return token.content if token.type in ("text", "text_special", "code_inline", "math_inline") else ""
