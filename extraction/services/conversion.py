"""Keeping what the readers found. Every write replaces what an earlier run left."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from django.db import transaction

from documents.models import Document
from documents.services.lifecycle import document_locked
from documents.services.text import document_text_store
from extraction.engines.blocks import ConvertedDocument
from extraction.engines.language import language_of
from extraction.models import Conversion, Page
from extraction.services.pictures import PAGE_WIDTH, files_delete


def conversion_store(*, document_id: UUID, attempt: int, found: ConvertedDocument) -> None:
    """Replaces the document's pages and blocks. Raises: LeaseLost."""
    old_images: list[str] = []
    with transaction.atomic():
        document = document_locked(document_id=document_id, attempt=attempt)
        old_images = list(
            Page.objects.filter(document=document).exclude(image_key="").values_list("image_key", flat=True)
        )
        Page.objects.filter(document=document).delete()
        Page.objects.bulk_create(_page_row(document, found, index) for index in range(len(found.pages)))
        blocks = found.to_json()["blocks"]
        Conversion.objects.update_or_create(
            document=document,
            defaults={
                "method": found.method,
                "parser": found.parser,
                "parser_version": found.parser_version,
                "blocks": blocks,
                "meta": found.meta,
            },
        )
        _describe(document, found)
        document_text_store(document_id=document_id, attempt=attempt, text=found.text)
        transaction.on_commit(lambda: files_delete(old_images), robust=True)


def markdown_store(*, document_id: UUID, attempt: int, markdown: str) -> None:
    """Replaces the document's Markdown. Raises: LeaseLost."""
    with transaction.atomic():
        document_locked(document_id=document_id, attempt=attempt)
        Conversion.objects.filter(document_id=document_id).update(markdown=markdown)


def _page_row(document: Document, found: ConvertedDocument, index: int) -> Page:
    page = found.pages[index]
    return Page(
        document=document,
        number=page.number,
        width=page.width,
        height=page.height,
        rotation=page.rotation,
        words=[asdict(word) for word in page.words],
        text=page.text,
        ocr_score=page.ocr_score,
        ocr_engine=page.ocr_engine,
        order_confidence=page.order_confidence,
        # What the picture will measure: it is drawn later, the place for it is laid out before.
        image_width=PAGE_WIDTH,
        image_height=round(PAGE_WIDTH * page.height / page.width) if page.width else PAGE_WIDTH,
    )


def _describe(document: Document, found: ConvertedDocument) -> None:
    scores = [page.ocr_score for page in found.pages if page.ocr_score is not None]
    document.page_count = len(found.pages)
    by_model = any(page["used"] for page in found.meta.get("premium", ()))
    document.extraction_method = "llm" if by_model else found.method
    document.is_scanned = found.method == "ocr"
    document.ocr_score = round(100 * sum(scores) / len(scores), 1) if scores else None
    document.word_count = sum(len(page.words) for page in found.pages)
    document.language = str(found.meta.get("language") or language_of(found.text))
    document.save(
        update_fields=["page_count", "extraction_method", "is_scanned", "ocr_score", "word_count", "language"]
    )
