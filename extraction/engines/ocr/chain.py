"""Several OCR engines one after the other, until one result is good enough."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

from extraction.engines.ocr.base import OcrEngine, OcrError, OcrPage
from extraction.engines.ocr.rapid import RapidEngine
from extraction.engines.ocr.tesseract import TesseractEngine

if TYPE_CHECKING:
    from PIL.Image import Image

logger = logging.getLogger(__name__)

ENGINES: tuple[OcrEngine, ...] = (RapidEngine(), TesseractEngine())
# Fewer words, or a lower mean score than this, and the next engine is asked too.
FEW_WORDS = 3
LOW_SCORE = 0.70


def engines_for(languages: Sequence[str], engines: Sequence[OcrEngine] = ENGINES) -> list[OcrEngine]:
    """The engines of this machine, those with a model for the likeliest language first."""
    present = [engine for engine in engines if engine.available()]
    return sorted(present, key=lambda engine: not engine.supports(languages))


def read_page(image: Image, engines: Sequence[OcrEngine], *, languages: Sequence[str]) -> OcrPage:
    """The first satisfactory result of the engines in order, else the best of all.

    Raises: OcrError if there is no engine or every one failed.
    """
    results: list[OcrPage] = []
    for engine in engines:
        try:
            result = engine.read(image, languages=languages)
        except Exception as error:  # noqa: BLE001 - engines wrap native code and raise anything
            logger.warning("OCR engine %s failed: %s", engine.name, type(error).__name__)
            continue
        if len(result.words) >= FEW_WORDS and (result.score or 0.0) >= LOW_SCORE:
            return result
        results.append(result)
    if not results:
        raise OcrError("no OCR engine could read the page")
    return max(results, key=_worth)


def _worth(result: OcrPage) -> float:
    """Letters read, weighted by how sure the engine was: few sure words lose to a page of fair ones."""
    return sum(len(word.text) * (word.score or 0.0) ** 2 for word in result.words)
