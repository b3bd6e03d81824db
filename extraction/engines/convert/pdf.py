"""PDF: liteparse reads text layer and layout; PDFium checks, renders and stands in where liteparse fails."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from extraction.engines.blocks import ConvertedDocument, Method
from extraction.engines.convert import pdf_engine, pdf_plain, scanned
from extraction.engines.convert.options import ConvertOptions, OnPage, selected_pages
from extraction.engines.convert.outline import Outline, read_outline
from extraction.engines.convert.pdf_blocks import drafts_of
from extraction.engines.convert.pdf_open import (
    open_pdf,
    page_rotation,
    page_size,
    render,
)
from extraction.engines.convert.pdf_pages import PageDraft, page_draft
from extraction.engines.convert.pdf_source import PdfSource
from extraction.engines.convert.pdf_structure import structured
from extraction.engines.einvoice.embedded import embedded_invoice

_UPRIGHT = re.compile(rb"/Rotate\s*0\b")


def read_pdf(path: Path, options: ConvertOptions, report: OnPage) -> ConvertedDocument:
    """Pages, words and blocks of a PDF; pages without usable text are read by OCR as the options say.

    An e-invoice embedded in the file travels in `meta["e_invoice"]`.
    `report` hears of each page as soon as it is read, OCR included. The text is read a few pages at a time,
    so that memory grows with the text found and not with the file.
    Raises: PasswordRequired; EngineError. Native code: call it in a sandbox child only.
    """
    with open_pdf(path, password=options.password, max_pages=options.max_pages) as document:
        numbers = selected_pages(options.pages, len(document))
        for number in numbers:
            page_size(document, number)
        source = PdfSource(path, options.password, document)
        reading = _Reading(options)
        for done, draft in enumerate(_drafts(source, options, numbers), start=1):
            reading.add(draft, document)
            report(done, len(numbers))
        found = reading.document(read_outline(document), len(document))
        if options.ocr_figures and options.ocr != "off":
            found = scanned.read_figures(found, document, options)
        return replace(found, meta={**found.meta, **embedded_invoice(document)})


def _drafts(source: PdfSource, options: ConvertOptions, numbers: Sequence[int]) -> Iterator[PageDraft]:
    document = source.document
    data = source.path.read_bytes()
    turned = _may_be_turned(data)
    parsed: Iterator[tuple[int, Any | None]] = ((number, None) for number in numbers)
    if not options.plain_pdf:
        parsed = pdf_engine.parsed_pages(data, numbers, page_count=len(document), password=options.password)
    for number, page in parsed:
        rotation = page_rotation(document, number) if turned else 0
        draft = page_draft(page, source, options, rotation) if page is not None else None
        if draft is None:
            draft = pdf_plain.page_draft(source, number, options)
        yield draft


def _may_be_turned(data: bytes) -> bool:
    """Whether a page may have a rotation: PDFium tells only after reading the whole page, which is dear."""
    if b"/ObjStm" in data:
        return True
    place = data.find(b"/Rotate")
    while place >= 0:
        if not _UPRIGHT.match(data, place):
            return True
        place = data.find(b"/Rotate", place + 1)
    return False


class _Reading:
    """The pages read so far, OCR's among them."""

    def __init__(self, options: ConvertOptions) -> None:
        self._options = options
        self._pages: list[PageDraft] = []
        self._records: list[dict[str, Any]] = []

    def add(self, draft: PageDraft, document: Any) -> None:
        """Keep the page as its text layer has it, or as OCR reads it where options and page say so."""
        options = self._options
        if options.ocr == "force" or (options.ocr == "auto" and draft.scan):
            draft = self._read_by_ocr(draft, document)
        self._pages.append(draft)

    def _read_by_ocr(self, draft: PageDraft, document: Any) -> PageDraft:
        page = draft.page
        image = render(document, page.number, scale=scanned.scale_for(page.width, page.height))
        result = scanned.read_image(image, page, self._options)
        if result is None:
            return draft
        self._records.append(result.record)
        return PageDraft(result.page, drafts_of(result.blocks, (), page.width, page.height))

    def document(self, outline: Outline, page_count: int) -> ConvertedDocument:
        """Everything read, with the structure that only the whole document shows."""
        meta: dict[str, Any] = {"page_count": page_count}
        method: Method = "text_layer"
        if self._records:
            method = "ocr" if len(self._records) == len(self._pages) else "mixed"
            engines = sorted({record["engine"] for record in self._records})
            numbers = [record["page"] for record in self._records]
            meta |= {"ocr_engines": engines, "ocr_pages": numbers, "ocr": self._records}
        pages = tuple(draft.page for draft in self._pages)
        blocks = structured(self._pages, outline)
        parser, version = (
            (pdf_plain.PARSER, pdf_plain.PARSER_VERSION)
            if self._options.plain_pdf
            else (pdf_engine.PARSER, pdf_engine.PARSER_VERSION)
        )
        return ConvertedDocument(pages, blocks, method, parser, version, meta)
