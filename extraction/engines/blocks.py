"""The block model: what every reader gives and everything downstream works on.

Pure data. Boxes are fractions of the page (0–1), origin top left; pages are numbered from 1; scores are
fractions 0–1, and None means that the source gives no score (a text layer).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

BlockKind = Literal[
    "heading",
    "paragraph",
    "list_item",
    "table",
    "figure",
    "figure_text",
    "caption",
    "code",
    "formula",
    "footnote",
    "header",
    "footer",
]
Source = Literal["text_layer", "ocr", "office", "llm"]
Method = Literal["text_layer", "ocr", "mixed", "office", "llm"]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on one page, in fractions of its width and height."""

    page: int
    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        return self.x + self.w

    @property
    def bottom(self) -> float:
        return self.y + self.h


def union(boxes: list[Box]) -> Box | None:
    """The smallest box around all boxes of the first one's page; None for an empty list."""
    if not boxes:
        return None
    same = [box for box in boxes if box.page == boxes[0].page]
    left, top = min(box.x for box in same), min(box.y for box in same)
    right, bottom = max(box.right for box in same), max(box.bottom for box in same)
    return Box(boxes[0].page, left, top, right - left, bottom - top)


@dataclass(frozen=True, slots=True)
class Word:
    """One word as printed. `line` is the index of its line on the page, `score` the reader's own 0–1."""

    text: str
    box: Box
    line: int = 0
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One table cell; `row` and `col` count from 0."""

    row: int
    col: int
    text: str
    rowspan: int = 1
    colspan: int = 1
    header: bool = False
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of a page in reading order. `level` is 1–6 for headings, the depth from 0 for list items.

    `marker` is an ordered item's or a footnote's number as printed ("3.", "b)", "*"), empty where the source
    prints none. `markup` is the same text as inline Markdown (emphasis, links, footnote marks), empty where
    it would say no more than `text`. A figure's `text` is its caption or title, and `ref` names its picture
    inside the file; without one the picture is what the page shows in the box. `figure_text` is what is
    printed inside a figure (the labels of a chart): readers see it in the picture.
    """

    kind: BlockKind
    text: str
    page: int
    box: Box | None = None
    level: int = 0
    ordered: bool = False
    cells: tuple[Cell, ...] = ()
    marker: str = ""
    markup: str = ""
    ref: str = ""
    source: Source = "text_layer"


@dataclass(frozen=True, slots=True)
class Page:
    """One page: size in PDF points (1/72 inch), clockwise rotation in degrees, its words in reading order.

    `order_confidence` (0–1) says how well the reading order agrees with the page's white space; None where
    there was nothing to compare. `ocr_engine` is the engine whose words these are.
    """

    number: int
    width: float
    height: float
    rotation: int = 0
    words: tuple[Word, ...] = ()
    ocr_score: float | None = None
    ocr_engine: str = ""
    order_confidence: float | None = None

    @property
    def text(self) -> str:
        """The page's words, one line of text per printed line."""
        lines: dict[int, list[str]] = {}
        for word in self.words:
            lines.setdefault(word.line, []).append(word.text)
        return "\n".join(" ".join(words) for words in lines.values())


@dataclass(frozen=True, slots=True)
class ConvertedDocument:
    """What a reader found in one file."""

    pages: tuple[Page, ...]
    blocks: tuple[Block, ...]
    method: Method
    parser: str
    parser_version: str
    meta: dict[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return "\n\n".join(page.text for page in self.pages)

    @property
    def figures(self) -> tuple[Block, ...]:
        """The figure blocks in reading order; the API counts them from 1."""
        return tuple(block for block in self.blocks if block.kind == "figure")

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> ConvertedDocument:
        return cls(
            pages=tuple(page_from_json(page) for page in data["pages"]),
            blocks=tuple(block_from_json(block) for block in data["blocks"]),
            method=data["method"],
            parser=data["parser"],
            parser_version=data["parser_version"],
            meta=dict(data.get("meta") or {}),
        )


def box_from_json(data: Mapping[str, Any] | None) -> Box | None:
    return Box(**data) if data else None


def word_from_json(data: Mapping[str, Any]) -> Word:
    return Word(data["text"], Box(**data["box"]), data["line"], data["score"])


def page_from_json(data: Mapping[str, Any]) -> Page:
    return Page(**{**data, "words": tuple(word_from_json(word) for word in data["words"])})


def block_from_json(data: Mapping[str, Any]) -> Block:
    cells = tuple(Cell(**{**cell, "box": box_from_json(cell["box"])}) for cell in data["cells"])
    return Block(**{**data, "box": box_from_json(data["box"]), "cells": cells})
