"""RapidOCR (PP-OCRv6 small, in its wheel): Latin, Chinese and Japanese script; no network, one thread."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from extraction.engines.blocks import Box, Word
from extraction.engines.ocr.base import OcrPage, page_of

if TYPE_CHECKING:
    from PIL.Image import Image

# Languages whose script the bundled model does not know; it answers them with confident nonsense.
_OTHER_SCRIPTS = frozenset(
    {
        "am", "ar", "be", "bg", "bn", "el", "fa", "gu", "he", "hi", "hy", "ka", "km", "kn", "ko",
        "lo", "mk", "ml", "mn", "mr", "my", "ne", "or", "pa", "ru", "si", "sr", "ta", "te", "th",
        "uk", "ur",
    }
)  # fmt: skip
# The model drops blanks after punctuation; a colon or comma between letters, or a colon before an amount,
# ends a word. A colon between digits is a time.
_GLUED = re.compile(r"(?<=[^\W\d_]):(?=\w)|(?<=[^\W\d_]),(?=[^\W\d_])")


@cache
def _model() -> Any:
    import cv2
    from rapidocr import RapidOCR

    cv2.setNumThreads(1)
    return RapidOCR(
        params={
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Global.log_level": "error",
        }
    )


def preload() -> None:
    """Load the models now, so that forked children share them (about 0.5 s and 140 MB)."""
    model = _model()
    model._load_det_model()
    model._load_cls_model()
    model._load_rec_model()


class RapidEngine:
    """The default engine."""

    name = "rapidocr"

    def available(self) -> bool:
        return find_spec("rapidocr") is not None and find_spec("onnxruntime") is not None

    def supports(self, languages: Sequence[str]) -> bool:
        return not languages or languages[0] not in _OTHER_SCRIPTS

    def read(self, image: Image, *, languages: Sequence[str]) -> OcrPage:
        import numpy

        pixels = numpy.asarray(image.convert("RGB"))[:, :, ::-1]
        found = _model()(pixels, return_word_box=True)
        if found.txts is None:
            return OcrPage((), None, self.name)
        word_results = (
            found.word_results if len(found.word_results) == len(found.txts) else [()] * len(found.txts)
        )
        words: list[Word] = []
        lines = zip(found.txts, found.scores, found.boxes, word_results, strict=True)
        for number, (text, score, quad, parts) in enumerate(lines):
            words += _line_words(text, quad, parts, line=number, score=float(score), size=image.size)
        return page_of(words, self.name)


def _line_words(
    text: str, quad: Any, parts: Sequence[Any], *, line: int, score: float, size: tuple[int, int]
) -> Iterator[Word]:
    """The words of one recognised line, boxed by the model's own word boxes where they fit the text.

    The score is the line's: its relation to being right was measured, that of single words was not.
    """
    tokens = text.split()
    known = [(part[0], part[2]) for part in parts if part[0].strip()]
    if [piece for piece, _ in known] != tokens:
        known = list(_shares(tokens, quad, gap=1))
    for token, corners in known:
        for piece, piece_corners in _shares(_unglued(token), corners, gap=0):
            yield Word(piece, _box(piece_corners, size), line, score)


def _unglued(token: str) -> list[str]:
    return _GLUED.sub(lambda match: match.group() + "\n", token).split("\n")


def _shares(pieces: list[str], quad: Any, *, gap: int) -> Iterator[tuple[str, list[list[float]]]]:
    """Each piece with its share of the quadrilateral's length, by characters; `gap` characters in between."""
    total = sum(len(piece) for piece in pieces) + gap * (len(pieces) - 1)
    start = 0
    for piece in pieces:
        yield piece, _slice(quad, start / total, (start + len(piece)) / total)
        start += len(piece) + gap


def _slice(quad: Any, start: float, end: float) -> list[list[float]]:
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = quad
    return [
        [x0 + (x1 - x0) * start, y0 + (y1 - y0) * start],
        [x0 + (x1 - x0) * end, y0 + (y1 - y0) * end],
        [x3 + (x2 - x3) * end, y3 + (y2 - y3) * end],
        [x3 + (x2 - x3) * start, y3 + (y2 - y3) * start],
    ]


def _box(corners: Any, size: tuple[int, int]) -> Box:
    across = [min(max(float(x) / size[0], 0.0), 1.0) for x, _ in corners]
    down = [min(max(float(y) / size[1], 0.0), 1.0) for _, y in corners]
    return Box(1, min(across), min(down), max(across) - min(across), max(down) - min(down))
