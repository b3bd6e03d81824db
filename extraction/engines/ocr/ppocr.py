"""PP-OCR's text detection and recognition with the models in RapidOCR's wheel, run by ONNX Runtime itself.

RapidOCR's own pipeline pads lines to the length of their longest neighbour, shrinks pages before lines are
cut out of them, and asks a third model which way each line is turned; without that a page costs a third.
Detection is differentiable binarisation (Liao et al., AAAI 2020), recognition decodes CTC (Graves et al.,
2006).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Pixels = NDArray[Any]
    Numbers = NDArray[Any]

# The detector sees a page at this size. Measured on receipts: 1.25 megapixels find as many words as 2.8, and
# one megapixel loses some; on dense A4 pages three find a hundredth more.
MIN_SHORT_SIDE = 736
MAX_PIXELS = 1_250_000
# Settings the models were published with.
_INK, _SURE, _UNCLIP = 0.3, 0.5, 1.6
_SMALLEST = 3
# Less room at a line's ends and a little more above and below it than published: recognition takes time by
# a line's length in its heights, and more words were right too (.965 for .960 on 17 receipts).
_ALONG, _ACROSS = 0.7, 1.1
LINE_HEIGHT = 48
_STEP = 8


@dataclass(frozen=True, slots=True)
class Reading:
    """One recognised line. `places` are the characters' middles as fractions of the line's length."""

    text: str
    places: tuple[float, ...]
    scores: tuple[float, ...]

    @property
    def score(self) -> float:
        return sum(self.scores) / len(self.scores) if self.scores else 0.0


def models_folder() -> Path | None:
    """Where the wheel keeps its models; None without RapidOCR."""
    spec = find_spec("rapidocr")
    return Path(spec.origin).parent / "models" if spec is not None and spec.origin else None


@cache
def _detector() -> Any:
    return _load("PP-OCRv6_det_small.onnx")


@cache
def _recogniser() -> Any:
    return _load("PP-OCRv6_rec_small.onnx")


@cache
def _characters() -> list[str]:
    listed = _recogniser().get_modelmeta().custom_metadata_map["character"].splitlines()
    return ["", *listed, " "]


def _load(name: str) -> Any:
    from extraction.engines.ocr.onnx import session

    folder = models_folder()
    assert folder is not None
    return session(folder / name)


def preload() -> None:
    """Load the models now, so that forked children share them."""
    _detector()
    _characters()


def detect(image: Pixels) -> list[Numbers]:
    """The corners (4 × 2, pixels) of each line of text on an RGB image, from its start clockwise."""
    import cv2

    height, width = image.shape[:2]
    scale = max(1.0, MIN_SHORT_SIDE / min(height, width))
    scale = min(scale, math.sqrt(MAX_PIXELS / (height * width)))
    size = _multiple(width * scale, 32), _multiple(height * scale, 32)
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    ink = _detector().run(None, {"x": _normal(small)[None]})[0][0, 0]
    factor = (width / small.shape[1], height / small.shape[0])
    return list(_boxes(ink, factor))


def _multiple(length: float, step: int) -> int:
    return max(step, round(length / step) * step)


def _normal(image: Pixels) -> Numbers:
    import numpy

    return numpy.ascontiguousarray(image[:, :, ::-1].transpose(2, 0, 1), dtype=numpy.float32) / 127.5 - 1


def _boxes(ink: Numbers, factor: tuple[float, float]) -> Iterator[Numbers]:
    """Rectangles around the blobs of a map of ink probabilities, grown to take in whole letters."""
    import cv2
    import numpy

    mask = cv2.dilate((ink > _INK).astype(numpy.uint8), numpy.ones((2, 2), numpy.uint8))
    contours, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    for contour in contours:
        middle, (across, down), angle = cv2.minAreaRect(contour)
        if min(across, down) < _SMALLEST or _mean_inside(ink, (middle, (across, down), angle)) < _SURE:
            continue
        grow = across * down * _UNCLIP / (across + down)
        wider, taller = (_ALONG, _ACROSS) if across >= down else (_ACROSS, _ALONG)
        corners = cv2.boxPoints((middle, (across + wider * grow, down + taller * grow), angle))
        yield _clockwise(corners * numpy.asarray(factor, numpy.float32))


def _mean_inside(ink: Numbers, rectangle: Any) -> float:
    import cv2
    import numpy

    corners = cv2.boxPoints(rectangle)
    left, top = numpy.maximum(numpy.floor(corners.min(axis=0)).astype(int), 0)
    right, bottom = numpy.ceil(corners.max(axis=0)).astype(int) + 1
    part = ink[top:bottom, left:right]
    inside = numpy.zeros(part.shape, numpy.uint8)
    cv2.fillPoly(inside, [(corners - (left, top)).astype(numpy.int32)], 1)
    return float(cv2.mean(part, inside)[0])


def _clockwise(corners: Numbers) -> Numbers:
    """The corners from the top left one; the two leftmost are the line's start."""
    import numpy

    by_x = corners[numpy.argsort(corners[:, 0], kind="stable")]
    start, end = by_x[:2], by_x[2:]
    (top_left, bottom_left) = start[numpy.argsort(start[:, 1])]
    (top_right, bottom_right) = end[numpy.argsort(end[:, 1])]
    return numpy.stack([top_left, top_right, bottom_right, bottom_left]).astype(numpy.float32)


def cut(image: Pixels, corners: Numbers) -> Pixels:
    """The line between the corners, upright; one much taller than wide is turned to the left."""
    import cv2
    import numpy

    across = int(max(numpy.linalg.norm(corners[0] - corners[1]), numpy.linalg.norm(corners[2] - corners[3])))
    down = int(max(numpy.linalg.norm(corners[0] - corners[3]), numpy.linalg.norm(corners[1] - corners[2])))
    target = numpy.array([[0, 0], [across, 0], [across, down], [0, down]], numpy.float32)
    matrix = cv2.getPerspectiveTransform(corners, target)
    line = cv2.warpPerspective(
        image, matrix, (max(across, 1), max(down, 1)), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return numpy.rot90(line) if down >= 1.5 * across else line


def recognise(lines: Sequence[Pixels]) -> list[Reading]:
    """What the lines say, in their order. One at a time: a batch would pad all to its longest."""
    return [_read(line) for line in lines]


def _read(line: Pixels) -> Reading:
    import cv2
    import numpy

    width = max(1, round(line.shape[1] * LINE_HEIGHT / line.shape[0]))
    shrink = line.shape[0] > LINE_HEIGHT
    small = cv2.resize(
        line, (width, LINE_HEIGHT), interpolation=cv2.INTER_AREA if shrink else cv2.INTER_LINEAR
    )
    padded = numpy.zeros((3, LINE_HEIGHT, -(-width // _STEP) * _STEP), numpy.float32)
    padded[:, :, :width] = _normal(small)
    chances = _recogniser().run(None, {"x": padded[None]})[0][0]
    return _decoded(chances, padded.shape[2] / width)


def _decoded(chances: Numbers, stretch: float) -> Reading:
    """The likeliest characters: repeats count once, the blank (0) not at all."""
    import numpy

    best = chances.argmax(axis=1)
    keep = best != 0
    keep[1:] &= best[1:] != best[:-1]
    columns = numpy.flatnonzero(keep)
    places = numpy.minimum((columns + 0.5) / len(best) * stretch, 1.0)
    characters = _characters()
    return Reading(
        "".join(characters[index] for index in best[columns]),
        tuple(places.tolist()),
        tuple(chances[columns, best[columns]].tolist()),
    )
