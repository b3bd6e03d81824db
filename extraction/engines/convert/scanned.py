"""A page image read by OCR: words, lines and paragraphs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from extraction.engines.blocks import Block, Box, Page, Word
from extraction.engines.convert.errors import EngineError
from extraction.engines.convert.layout import in_lines, paragraphs
from extraction.engines.ocr.base import OcrError
from extraction.engines.ocr.chain import engines_for, read_page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL.Image import Image

OCR_DPI = 200
MAX_OCR_SIDE = 3000


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """What OCR read on one page, and which engine did."""

    page: Page
    blocks: tuple[Block, ...]
    engine: str


def scale_for(width: float, height: float) -> float:
    """Pixels per point at which a page of this size (points) is rendered for OCR."""
    return min(OCR_DPI / 72, MAX_OCR_SIDE / max(width, height))


def read_image(image: Image, page: Page, *, languages: Sequence[str]) -> ScannedPage | None:
    """`page` with the words found on its `image`; None for a blank page.

    Raises: EngineError `ocr_failed` if no engine could read the image at all.
    """
    darkest, brightest = image.convert("L").getextrema()
    if darkest == brightest:
        return None
    try:
        result = read_page(image, engines_for(languages), languages=languages)
    except OcrError as error:
        raise EngineError(
            "ocr_failed", "Text recognition failed; upload a sharper or smaller scan."
        ) from error
    words = tuple(in_lines(_on_page(word, page.number) for word in result.words))
    read = replace(page, words=words, ocr_score=result.score)
    return ScannedPage(read, tuple(paragraphs(words, page.number)), result.engine)


def _on_page(word: Word, number: int) -> Word:
    return replace(word, box=Box(number, word.box.x, word.box.y, word.box.w, word.box.h))
