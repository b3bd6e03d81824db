"""Image files: each page read by OCR."""

from __future__ import annotations

from pathlib import Path

import PIL

from extraction.engines.blocks import Block, ConvertedDocument, Page
from extraction.engines.convert import scanned
from extraction.engines.convert.options import ConvertOptions, OnPage, selected_pages
from extraction.engines.convert.picture import frame, open_image, page_count, points


def read_image_file(
    path: Path, options: ConvertOptions, report: OnPage, *, content_type: str
) -> ConvertedDocument:
    """Pages, words and paragraphs of an image; without words if OCR is off.

    Raises: EngineError. Native code: call it in a sandbox child only.
    """
    pages: list[Page] = []
    blocks: list[Block] = []
    engines: set[str] = set()
    with open_image(path, content_type=content_type, max_pages=options.max_pages) as image:
        count = page_count(image)
        numbers = selected_pages(options.pages, count)
        for done, number in enumerate(numbers, start=1):
            picture = frame(image, number, max_side=scanned.MAX_OCR_SIDE)
            page = Page(number, *points(image, picture.size))
            result = None
            if options.ocr != "off":
                result = scanned.read_image(picture, page, languages=options.languages)
            pages.append(result.page if result else page)
            if result:
                blocks += result.blocks
                engines.add(result.engine)
            report(done, len(numbers))
    meta = {"page_count": count, "ocr_engines": sorted(engines)}
    return ConvertedDocument(tuple(pages), tuple(blocks), "ocr", "pillow", PIL.__version__, meta)
