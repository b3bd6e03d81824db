"""A PDF's text layer by PDFium alone: words, lines and paragraphs. Calm where richer readers die."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from extraction.engines.blocks import Box, ConvertedDocument, Page, Word
from extraction.engines.convert.layout import in_lines, paragraphs
from extraction.engines.convert.options import ConvertOptions, selected_pages
from extraction.engines.convert.pdf_open import open_pdf, page_rotation, page_size

PARSER = "pypdfium2"
# A page with more characters than this is a flood, not a page to read.
MAX_CHARS_PER_PAGE = 200_000


def read_text_layer(path: Path, options: ConvertOptions) -> ConvertedDocument:
    """The chosen pages' text layer; pages without one have no words.

    Raises: PasswordRequired; EngineError `corrupt_file`, `too_many_pages`, `unsupported_content`.
    """
    with open_pdf(path, password=options.password, max_pages=options.max_pages) as document:
        count = len(document)
        pages = tuple(_page(document, number) for number in selected_pages(options.pages, count))
    blocks = tuple(block for page in pages for block in paragraphs(page.words, page.number))
    version = str(pypdfium2.PYPDFIUM_INFO)
    return ConvertedDocument(pages, blocks, "text_layer", PARSER, version, {"page_count": count})


def _page(document: Any, number: int) -> Page:
    width, height = page_size(document, number)
    rotation = page_rotation(document, number)
    return Page(number, width, height, rotation, tuple(in_lines(_words(document, number))))


def _words(document: Any, number: int) -> Iterator[Word]:
    page = document[number - 1]
    text_page = page.get_textpage()
    try:
        for text, corners in _runs(text_page):
            box = _shown_box(page, corners, number)
            if box is not None:
                yield Word(text, box)
    finally:
        text_page.close()
        page.close()


def _runs(text_page: Any) -> Iterator[tuple[str, tuple[float, float, float, float]]]:
    """Each run of characters without white space, with its left, bottom, right, top in page space."""
    letters: list[str] = []
    corners: list[tuple[float, float, float, float]] = []
    count = min(text_page.count_chars(), MAX_CHARS_PER_PAGE)
    for index in range(count):
        code = pdfium.FPDFText_GetUnicode(text_page, index)
        letter = chr(code) if 0x20 < code < 0x110000 and not 0xD800 <= code < 0xE000 else " "
        if letter.isspace():
            yield from _flush(letters, corners)
            continue
        letters.append(letter)
        corners.append(text_page.get_charbox(index, loose=True))
    yield from _flush(letters, corners)


def _flush(
    letters: list[str], corners: list[tuple[float, float, float, float]]
) -> Iterator[tuple[str, tuple[float, float, float, float]]]:
    if letters:
        lefts, bottoms, rights, tops = zip(*corners, strict=True)
        yield "".join(letters), (min(lefts), min(bottoms), max(rights), max(tops))
        letters.clear()
        corners.clear()


_SIDE = 10_000


def _shown_box(page: Any, corners: tuple[float, float, float, float], number: int) -> Box | None:
    """The box on the page as shown: PDFium's own mapping knows crop boxes and rotation."""
    left, bottom, right, top = corners
    (x0, y0), (x1, y1) = _device(page, left, top), _device(page, right, bottom)
    x, y = max(min(x0, x1), 0.0), max(min(y0, y1), 0.0)
    right, bottom = min(max(x0, x1), 1.0), min(max(y0, y1), 1.0)
    return Box(number, x, y, right - x, bottom - y) if right > x and bottom > y else None


def _device(page: Any, x: float, y: float) -> tuple[float, float]:
    device_x, device_y = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDF_PageToDevice(page, 0, 0, _SIDE, _SIDE, 0, x, y, device_x, device_y)
    return device_x.value / _SIDE, device_y.value / _SIDE
