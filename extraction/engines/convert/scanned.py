"""A page image read by OCR: words, lines and blocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from extraction.engines.blocks import Block, Box, ConvertedDocument, Page, Word
from extraction.engines.convert.errors import EngineError
from extraction.engines.convert.options import ConvertOptions
from extraction.engines.convert.scanned_blocks import laid_out
from extraction.engines.ocr.base import OcrError
from extraction.engines.ocr.chain import PageReading, engines_of, read_page

if TYPE_CHECKING:
    from PIL.Image import Image

OCR_DPI = 200
MAX_OCR_SIDE = 3000
# Figures that cover less of their page hold icons and stamps.
MIN_FIGURE = 0.05


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """What OCR read on one page. `engine` is whose words these are, `record` the entry of `meta["ocr"]`."""

    page: Page
    blocks: tuple[Block, ...]
    engine: str
    record: dict[str, Any]


def scale_for(width: float, height: float) -> float:
    """Pixels per point at which a page of this size (points) is rendered for OCR."""
    return min(OCR_DPI / 72, MAX_OCR_SIDE / max(width, height))


def read_image(image: Image, page: Page, options: ConvertOptions) -> ScannedPage | None:
    """`page` with the words found on its `image`; None for a blank page.

    The page may lie on its side or be tilted: it is read upright; boxes are where the image shows the words.
    Raises: EngineError `ocr_failed` if no engine could read the image at all.
    """
    darkest, brightest = image.convert("L").getextrema()
    if darkest == brightest:
        return None
    reading = _reading(image, options)
    across, down = reading.view.seen
    words, blocks = laid_out(reading.result.words, across / down)
    view, number = reading.view, page.number
    words = tuple(replace(word, box=view.on_page(word.box, number)) for word in words)
    blocks = tuple(
        replace(block, page=number, box=view.on_page(block.box, number) if block.box else None)
        for block in blocks
    )
    result = reading.result
    read = replace(page, words=words, ocr_score=result.score, ocr_engine=result.engine)
    return ScannedPage(read, blocks, result.engine, _record(reading, number))


def _reading(image: Image, options: ConvertOptions) -> PageReading:
    engines = engines_of(options.ocr_engines, easyocr_models=options.easyocr_models)
    try:
        return read_page(image, engines, languages=options.languages)
    except OcrError as error:
        raise EngineError(
            "ocr_failed", "Text recognition failed; upload a sharper or smaller scan."
        ) from error


def _record(reading: PageReading, number: int) -> dict[str, Any]:
    """What is kept about how a page was read; `turned` and `angle` are degrees, `score` 0–1."""
    score = reading.result.score
    return {
        "page": number,
        "engine": reading.result.engine,
        "score": round(score, 4) if score is not None else None,
        "tried": [asdict(attempt) for attempt in reading.tried],
        "turned": reading.view.turned,
        "angle": reading.view.angle,
        "script": reading.script,
    }


def read_region(image: Image, page: int, box: Box, options: ConvertOptions) -> tuple[tuple[Word, ...], str]:
    """The words inside `box` of a page's `image`, boxed on the page, and their text; nothing on failure."""
    edges = (box.x * image.width, box.y * image.height, box.right * image.width, box.bottom * image.height)
    left, top, right, bottom = (round(edge) for edge in edges)
    if right <= left or bottom <= top:
        return (), ""
    try:
        found = read_image(image.crop((left, top, right, bottom)), Page(page, box.w, box.h), options)
    except EngineError:
        return (), ""
    if found is None:
        return (), ""
    words = tuple(replace(word, box=_placed(word.box, box)) for word in found.page.words)
    return words, found.page.text


def _placed(inner: Box, outer: Box) -> Box:
    return Box(
        outer.page,
        outer.x + inner.x * outer.w,
        outer.y + inner.y * outer.h,
        inner.w * outer.w,
        inner.h * outer.h,
    )


def read_figures(found: ConvertedDocument, document: Any, options: ConvertOptions) -> ConvertedDocument:
    """`found` with a `figure_text` block after each large figure of a PDF in which OCR reads words.

    `document` is the open PDF. Figures with words of the text layer inside are left as they are.
    """
    from extraction.engines.convert.pdf_open import render

    sizes = {page.number: page for page in found.pages}
    blocks: list[Block] = []
    drawn: tuple[int, Image] | None = None
    for block in found.blocks:
        blocks.append(block)
        if block.box is None or not _is_silent_figure(block, sizes[block.page].words):
            continue
        if drawn is None or drawn[0] != block.page:
            page = sizes[block.page]
            drawn = block.page, render(document, block.page, scale=scale_for(page.width, page.height))
        _, text = read_region(drawn[1], block.page, block.box, options)
        if text:
            blocks.append(Block("figure_text", text, block.page, block.box, source="ocr"))
    return replace(found, blocks=tuple(blocks))


def _is_silent_figure(block: Block, words: Sequence[Word]) -> bool:
    box = block.box
    if block.kind != "figure" or box is None or box.w * box.h < MIN_FIGURE:
        return False
    return not any(_holds(box, word.box) for word in words)


def _holds(box: Box, inner: Box) -> bool:
    x, y = inner.x + inner.w / 2, inner.y + inner.h / 2
    return box.x <= x <= box.right and box.y <= y <= box.bottom
