"""What every OCR engine offers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from extraction.engines.blocks import Word

if TYPE_CHECKING:
    from PIL.Image import Image


class OcrError(Exception):
    """No engine could read an image; the message is for logs."""


@dataclass(frozen=True, slots=True)
class OcrPage:
    """Words of one image: boxes in fractions of it on page 1, `score` their mean 0–1 (None without words).

    The words of one line have the engine's score of that line, or their own where the engine gives one.
    """

    words: tuple[Word, ...]
    score: float | None
    engine: str


class OcrEngine(Protocol):
    """One way to read text off an image. Engines are used in sandbox children only."""

    @property
    def name(self) -> str:
        """A short stable name, stored with the results."""
        ...

    def available(self) -> bool:
        """Whether the engine can run on this machine. Cheap: asked for every page."""
        ...

    def supports(self, languages: Sequence[str]) -> bool:
        """Whether the engine has a model for the script of the likeliest of `languages` (ISO 639-1)."""
        ...

    def certainty(self, score: float) -> float:
        """How many of the words with this score (0–1) are right, 0–1. Makes engines' scores comparable."""
        ...

    def read(self, image: Image, *, languages: Sequence[str]) -> OcrPage:
        """The words on an upright RGB image. Raises whatever its library raises; the chain goes on then."""
        ...


def page_of(words: Sequence[Word], engine: str) -> OcrPage:
    """The words as an OcrPage, with their mean score weighted by length."""
    letters = sum(len(word.text) for word in words)
    if not letters:
        return OcrPage((), None, engine)
    score = sum((word.score or 0.0) * len(word.text) for word in words) / letters
    return OcrPage(tuple(words), score, engine)


def interpolated(score: float, points: Sequence[tuple[float, float]]) -> float:
    """The value at `score` on the line through `points`, which go up; level beyond its ends."""
    below = points[0]
    for point in points:
        if score <= point[0]:
            span = point[0] - below[0]
            share = (score - below[0]) / span if span > 0 else 1.0
            return below[1] + (point[1] - below[1]) * max(share, 0.0)
        below = point
    return below[1]
