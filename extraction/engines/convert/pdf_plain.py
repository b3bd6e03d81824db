"""A PDF's text layer by PDFium alone: words, lines and paragraphs. Calm where richer readers die."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from extraction.engines.blocks import Page
from extraction.engines.convert.bidi import has_rtl, in_reading_order
from extraction.engines.convert.options import ConvertOptions
from extraction.engines.convert.paragraphs import groups
from extraction.engines.convert.pdf_blocks import block_of_lines
from extraction.engines.convert.pdf_open import has_full_page_image, page_rotation, page_size
from extraction.engines.convert.pdf_pages import PageDraft, few_chars, is_scan, laid_out, page_lines
from extraction.engines.convert.pdf_source import PdfSource
from extraction.engines.convert.pdf_text import Line, Run, face_of, is_bold, page_words
from extraction.engines.convert.reading_order import columns_of

PARSER = "pypdfium2"
PARSER_VERSION = str(pypdfium2.PYPDFIUM_INFO)
# A page with more characters than this is a flood, not a page to read.
MAX_CHARS_PER_PAGE = 200_000
# White space across the page that ends its columns, in line heights.
_BAND_GAP = 1.0
_MAX_FONT_NAME = 256
_SIDE = 10_000

Corners = tuple[float, float, float, float]


def page_draft(source: PdfSource, number: int, options: ConvertOptions) -> PageDraft:
    """One page's text layer, headings and paragraphs not yet told apart; no words on a page without one.

    Raises: EngineError `corrupt_file`, `unsupported_content`.
    """
    document = source.document
    width, height = page_size(document, number)
    rotation = page_rotation(document, number)
    runs = [_as_read(run) for run in _runs(document, number, _Shown(width, height, rotation))]
    lines = page_lines(runs)
    words = page_words(lines, number, width, height)
    page = Page(number, width, height, rotation, words)
    blocks = tuple(block_of_lines(part, page) for column in _columns(lines) for part in groups(column))
    draft = laid_out(blocks, runs, lines, page, source, options)
    pictured = few_chars(words) and has_full_page_image(document, number)
    draft.scan = is_scan(words, source, number, pictured=pictured)
    return draft


@dataclass(frozen=True, slots=True)
class _Shown:
    """The page as shown: its size in points, and the clockwise rotation that brings it there."""

    width: float
    height: float
    rotation: int


def _as_read(run: Run) -> Run:
    if has_rtl(run.text):
        run.words = in_reading_order(sorted(run.words, key=itemgetter(1)), itemgetter(0))
        run.text = " ".join([word[0] for word in run.words])
    return run


def _columns(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """The lines in columns, band by band from the top."""
    upright = [line for line in lines if not line.runs[0].turned]
    band: list[Line] = []
    reach = -math.inf
    for line in upright:
        if band and line.y0 - reach > _BAND_GAP * (line.y1 - line.y0):
            yield from columns_of(band)
            band = []
        band.append(line)
        reach = max(reach, line.y1)
    if band:
        yield from columns_of(band)
    for line in lines:
        if line.runs[0].turned:
            yield [line]


def _runs(document: Any, number: int, shown: _Shown) -> Iterator[Run]:
    """Words of one font that follow each other on one baseline, as runs."""
    page = document[number - 1]
    text_page = page.get_textpage()
    try:
        run: Run | None = None
        for word in _words(page, text_page, shown):
            if run is not None and _follows(run, word):
                _append(run, word)
            else:
                if run is not None:
                    yield run
                    word.index = run.index + 1
                run = word
        if run is not None:
            yield run
    finally:
        text_page.close()
        page.close()


def _follows(run: Run, word: Run) -> bool:
    return (
        not run.turned
        and not word.turned
        and (run.font, run.size) == (word.font, word.size)
        and abs(run.y1 - word.y1) < 0.2 * run.size
        and -0.2 * run.size < word.x0 - run.x1 < 0.8 * run.size
    )


def _append(run: Run, word: Run) -> None:
    run.text += " " + word.text
    run.x1, run.y0, run.y1 = max(run.x1, word.x1), min(run.y0, word.y0), max(run.y1, word.y1)
    run.words += word.words


def _words(page: Any, text_page: Any, shown: _Shown) -> Iterator[Run]:
    """Each run of characters without white space as a run of one word."""
    letters: list[str] = []
    first = 0
    count = min(text_page.count_chars(), MAX_CHARS_PER_PAGE)
    for index in range(count + 1):
        code = pdfium.FPDFText_GetUnicode(text_page, index) if index < count else 0x20
        letter = chr(code) if 0x20 < code < 0x110000 and not 0xD800 <= code < 0xE000 else " "
        if not letter.isspace():
            if not letters:
                first = index
            letters.append(letter)
        elif letters:
            word = _word(page, text_page, "".join(letters), first, index, shown)
            letters = []
            if word is not None:
                yield word


def _word(page: Any, text_page: Any, text: str, first: int, end: int, shown: _Shown) -> Run | None:
    boxes = [text_page.get_charbox(index, loose=True) for index in range(first, end)]
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    size, turned = _size(text_page, first, shown.rotation)
    corners = (min(lefts), min(bottoms), max(rights), max(tops))
    if size and not turned and corners[3] - corners[1] > 2 * size:
        # Some fonts claim letters several lines high; ink tells the truth.
        inks = [text_page.get_charbox(index) for index in range(first, end)]
        corners = (corners[0], min(ink[1] for ink in inks), corners[2], max(ink[3] for ink in inks))
    left, top, right, bottom = _on_page(page, corners)
    x0, y0, x1, y1 = left * shown.width, top * shown.height, right * shown.width, bottom * shown.height
    if x1 <= x0 or y1 <= y0:
        return None
    name, weight = _font(text_page, first)
    face = face_of(name)
    return Run(
        text=text,
        x0=x0,
        y0=y0,
        x1=x1,
        y1=y1,
        size=size or y1 - y0,
        font=name,
        face=face,
        bold=is_bold(face, weight),
        weight=weight or 400,
        turned=turned,
        words=[(text, x0, y0, x1, y1)],
    )


def _size(text_page: Any, index: int, rotation: int) -> tuple[float, bool]:
    """The letter's size in points, and whether it does not stand upright on the page as shown."""
    matrix = pdfium.FS_MATRIX()
    size = pdfium.FPDFText_GetFontSize(text_page, index)
    if not pdfium.FPDFText_GetMatrix(text_page, index, matrix):
        return round(size, 2), False
    scale = math.hypot(matrix.c, matrix.d)
    angle = math.degrees(math.atan2(matrix.b, matrix.a)) - rotation
    return round(size * scale, 2), abs((angle + 180) % 360 - 180) > 1


def _font(text_page: Any, index: int) -> tuple[str, int]:
    name = ctypes.create_string_buffer(_MAX_FONT_NAME)
    flags = ctypes.c_int()
    pdfium.FPDFText_GetFontInfo(text_page, index, name, _MAX_FONT_NAME, flags)
    weight = pdfium.FPDFText_GetFontWeight(text_page, index)
    return name.value.decode("utf-8", "replace"), max(weight, 0)


def _on_page(page: Any, corners: Corners) -> Corners:
    """The corners on the page as shown, as fractions: PDFium's own mapping knows crop boxes and rotation."""
    left, bottom, right, top = corners
    (x0, y0), (x1, y1) = _device(page, left, top), _device(page, right, bottom)
    x, y = max(min(x0, x1), 0.0), max(min(y0, y1), 0.0)
    return x, y, min(max(x0, x1), 1.0), min(max(y0, y1), 1.0)


def _device(page: Any, x: float, y: float) -> tuple[float, float]:
    device_x, device_y = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDF_PageToDevice(page, 0, 0, _SIDE, _SIDE, 0, x, y, device_x, device_y)
    return device_x.value / _SIDE, device_y.value / _SIDE
