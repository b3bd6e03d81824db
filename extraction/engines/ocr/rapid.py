"""The default engine: RapidOCR's models (PP-OCRv6 small): Latin, Chinese and Japanese script."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from extraction.engines.blocks import Box, Word
from extraction.engines.ocr import ppocr, upright
from extraction.engines.ocr.base import OcrPage, interpolated, page_of
from extraction.engines.ocr.scripts import LATIN_AND_CJK, script_of

if TYPE_CHECKING:
    from PIL.Image import Image

# The model drops blanks after punctuation; a colon or comma between letters, or a colon before an amount,
# ends a word. A colon between digits is a time.
_GLUED = re.compile(r"(?<=[^\W\d_]):(?=\w)|(?<=[^\W\d_]),(?=[^\W\d_])")
# Lines below this are shapes, not text.
_LOWEST = 0.5
# Line scores and the share of lines then right to the letter, over 60 scanned receipts.
_RIGHT = ((0.5, 0.4), (0.85, 0.53), (0.92, 0.8), (0.965, 0.85), (0.99, 0.95), (1.0, 0.99))


def preload() -> None:
    """Load the models now, that which turns pages upright among them, so that forked children share them."""
    ppocr.preload()
    upright.preload()


class RapidEngine:
    """Strong on receipts and small print; other scripts come out as Latin nonsense with low scores."""

    name = "rapidocr"

    def available(self) -> bool:
        return ppocr.models_folder() is not None and find_spec("onnxruntime") is not None

    def supports(self, languages: Sequence[str]) -> bool:
        return not languages or script_of(languages[0]) in LATIN_AND_CJK

    def certainty(self, score: float) -> float:
        return interpolated(score, _RIGHT)

    def read(self, image: Image, *, languages: Sequence[str]) -> OcrPage:
        import numpy

        # A view with its channels turned around would be copied again for every line.
        pixels = numpy.ascontiguousarray(image.convert("RGB"))
        corners = ppocr.detect(pixels)
        readings = ppocr.recognise([ppocr.cut(pixels, quad) for quad in corners])
        words: list[Word] = []
        for number, (quad, reading) in enumerate(zip(corners, readings, strict=True)):
            if reading.score >= _LOWEST:
                words += _line_words(reading, quad, line=number, size=image.size)
        return page_of(words, self.name)


def _line_words(reading: ppocr.Reading, quad: Any, *, line: int, size: tuple[int, int]) -> Iterator[Word]:
    """The words of one line, each boxed from its first character's place to its last one's.

    The score is the line's: its relation to being right was measured, that of single words was not.
    """
    text = reading.text
    for start, end in _tokens(text):
        along = _edge(reading.places, start), _edge(reading.places, end)
        yield Word(text[start:end], _box(_part(quad, *along), size), line, reading.score)


def _tokens(text: str) -> Iterator[tuple[int, int]]:
    for match in re.finditer(r"\S+", text):
        start = match.start()
        for glued in _GLUED.finditer(match.group()):
            end = match.start() + glued.end()
            yield start, end
            start = end
        if start < match.end():
            yield start, match.end()


def _edge(places: Sequence[float], index: int) -> float:
    """Where the character at `index` begins, as a fraction of the line: halfway from the one before."""
    if index == 0:
        return 0.0
    return 1.0 if index == len(places) else (places[index - 1] + places[index]) / 2


def _part(quad: Any, start: float, end: float) -> list[tuple[float, float]]:
    """The part of a line's rectangle between two fractions of its length."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = quad
    if abs(y3 - y0) >= 1.5 * abs(x1 - x0):
        # Cut out of the page such a line was turned to the left: it runs from the bottom to the top.
        (x0, y0), (x1, y1), (x2, y2), (x3, y3) = (x1, y1), (x2, y2), (x3, y3), (x0, y0)
    top, bottom = (x1 - x0, y1 - y0), (x2 - x3, y2 - y3)
    return [
        (x0 + top[0] * start, y0 + top[1] * start),
        (x0 + top[0] * end, y0 + top[1] * end),
        (x3 + bottom[0] * end, y3 + bottom[1] * end),
        (x3 + bottom[0] * start, y3 + bottom[1] * start),
    ]


def _box(corners: Sequence[tuple[float, float]], size: tuple[int, int]) -> Box:
    across = [min(max(float(x) / size[0], 0.0), 1.0) for x, _ in corners]
    down = [min(max(float(y) / size[1], 0.0), 1.0) for _, y in corners]
    return Box(1, min(across), min(down), max(across) - min(across), max(down) - min(down))
