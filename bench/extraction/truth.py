"""Documents of a folder with a truth.json: what to read, and how the words get onto the page."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from extraction.engines.blocks import Box, ConvertedDocument, Page, Word
from extraction.engines.convert import ConvertOptions, convert
from extraction.engines.convert.filetypes import IMAGES, kind_of

Words = Literal["file", "boxes", "pixels"]


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of truth.json without its answers. `boxes` is None where no words are given."""

    name: str
    path: Path
    boxes: Path | None
    doc_type: str
    set: str
    sender: str


def items_of(truth: Path, sets: Sequence[str] = ()) -> Iterator[Item]:
    """The documents of truth.json, of some sets or of all; their fields are not read."""
    for entry in json.loads(truth.read_text(encoding="utf-8"))["documents"]:
        if not sets or entry["set"] in sets:
            boxes = truth.parent / entry["boxes"] if entry["boxes"] else None
            name = entry["file"]
            yield Item(name, truth.parent / name, boxes, entry["doc_type"], entry["set"], entry["sender"])


def fields_in(truth: Path) -> dict[str, Mapping[str, Any]]:
    """The answers of a truth.json by file; for memory and training only."""
    entries = json.loads(truth.read_text(encoding="utf-8"))["documents"]
    return {entry["file"]: entry["fields"] for entry in entries}


def read(item: Item, words: Words) -> ConvertedDocument:
    """The document as the product reads it ("pixels": OCR for pictures), or with the words given beside it.

    "file" takes the given words for pictures and the product's reading for everything else.
    Raises: EngineError for a file that cannot be read.
    """
    kind = kind_of(item.path) or ""
    picture = kind in IMAGES
    if item.boxes and (words == "boxes" or (words == "file" and picture)):
        return given(item.boxes, picture=picture)
    return convert(item.path, ConvertOptions(ocr="auto" if picture else "off"))


def given(boxes: Path, *, picture: bool) -> ConvertedDocument:
    """A document of the lines or words in a boxes file; the words of a line share it by their letters."""
    pages = json.loads(boxes.read_text(encoding="utf-8"))["pages"]
    made = tuple(_page(number, page) for number, page in enumerate(pages, 1))
    return ConvertedDocument(made, (), "ocr" if picture else "text_layer", "given", "1")


def _page(number: int, page: Mapping[str, Any]) -> Page:
    width, height = float(page["width"]), float(page["height"])
    words: list[Word] = []
    for row, line in enumerate(page.get("lines") or page.get("words") or ()):
        words += _words(number, row, line, width, height)
    return Page(number, width, height, words=tuple(words))


def _words(number: int, row: int, line: Mapping[str, Any], width: float, height: float) -> Iterator[Word]:
    x0, y0, x1, y1 = line["bbox"]
    text = str(line["text"])
    letter = (x1 - x0) / max(len(text), 1)
    at = 0
    for part in text.split():
        start = text.index(part, at)
        at = start + len(part)
        box = Box(
            number,
            (x0 + start * letter) / width,
            y0 / height,
            len(part) * letter / width,
            (y1 - y0) / height,
        )
        yield Word(part, box, row)
