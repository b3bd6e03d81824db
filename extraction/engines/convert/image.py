"""Image files: each page read by OCR."""

from __future__ import annotations

from pathlib import Path
from typing import Any

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
    records: list[dict[str, Any]] = []
    with open_image(path, content_type=content_type, max_pages=options.max_pages) as image:
        count = page_count(image)
        numbers = selected_pages(options.pages, count)
        for done, number in enumerate(numbers, start=1):
            picture = frame(image, number, max_side=scanned.MAX_OCR_SIDE)
            page = Page(number, *points(image, picture.size))
            result = None
            if options.ocr != "off":
                result = scanned.read_image(picture, page, options)
            pages.append(result.page if result else page)
            if result:
                blocks += result.blocks
                records.append(result.record)
            report(done, len(numbers))
    engines = sorted({record["engine"] for record in records})
    meta = {"page_count": count, "ocr_engines": engines, "ocr": records}
    return ConvertedDocument(tuple(pages), tuple(blocks), "ocr", "pillow", PIL.__version__, meta)
