"""Reads for results, pages and the review queue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.db.models import F, QuerySet

from accounts.actors import Actor
from common.errors import AppError, NotFound
from documents.models import Document, Status
from documents.models.document import BUSY
from documents.services.lifecycle import busy_error
from extraction.engines.blocks import Block, ConvertedDocument
from extraction.markdown_images import with_images
from extraction.models import Conversion, Extraction, Figure, Page


def require_alive(document: Document) -> None:
    """Raises: AppError `document_erased` when only the husk is left."""
    if document.status == Status.ERASED:
        raise AppError("document_erased", 410, "The document was erased.")


def require_result(document: Document) -> None:
    """Raises: AppError `result_not_ready`, `document_erased`."""
    require_alive(document)
    if not document.has_result and not is_stale(document):
        busy = document.status in BUSY
        message = (
            "There is no result yet. Ask again when the document is done."
            if busy
            else (f"There is no result: the document is {document.status.replace('_', ' ')}.")
        )
        raise AppError(
            "result_not_ready",
            409,
            message,
            details={"status": document.status},
            retry_after=2 if busy else None,
        )


def require_reading(document: Document) -> ConvertedDocument:
    """What was read of the document, with all its words.

    Raises: AppError `document_erased`, `document_busy`, `result_not_ready`.
    """
    require_alive(document)
    if document.status in BUSY:
        raise busy_error()
    conversion = Conversion.objects.select_related("document").filter(document=document).first()
    if conversion is None:
        message = "It has not been read yet. Convert it first."
        raise AppError("result_not_ready", 409, message, details={"status": document.status})
    return conversion.to_converted()


def current_extraction(document: Document) -> Extraction | None:
    return Extraction.objects.filter(document=document, is_current=True).first()


def is_stale(document: Document) -> bool:
    """Whether it runs again and still shows what an earlier run found. May cause one SQL query."""
    if document.status not in BUSY or document.processed_at is None:
        return False
    return Conversion.objects.filter(document=document).exclude(markdown="").exists()


def result_json(document: Document) -> dict[str, Any]:
    """Markdown, values, scores, boxes. Raises: AppError `result_not_ready`, `document_erased`."""
    require_result(document)
    extraction = current_extraction(document)
    conversion = Conversion.objects.filter(document=document).only("markdown", "document_id").first()
    spent = (document.processed_at - document.created_at).total_seconds() if document.processed_at else None
    return {
        "document_id": str(document.pk),
        "status": document.status,
        "markdown": _markdown(document, conversion) if conversion else "",
        "extracted_data": extraction.values() if extraction else {},
        "confidence_score": document.confidence_score,
        "field_scores": extraction.scores() if extraction else {},
        "fields": extraction.ordered() if extraction else {},
        "flags": document.flags,
        "type": document.type or None,
        "tags": document.tags,
        "extraction_id": str(extraction.pk) if extraction else None,
        "model_used": extraction.model_used if extraction else None,
        "stale": is_stale(document),
        "processing_time": spent,
    }


def _markdown(document: Document, conversion: Conversion) -> str:
    return with_images(conversion.markdown, Figure.objects.filter(document=document), "links")


def assets_json(document: Document) -> dict[str, Any]:
    """Pages, figures and tables with their places.

    Raises: AppError `result_not_ready`, `document_erased`; NotFound where nothing was read.
    """
    require_result(document)
    conversion = Conversion.objects.filter(document=document).defer("markdown").first()
    if conversion is None:
        raise NotFound("assets")
    pages = list(Page.objects.filter(document=document).order_by("number").defer("words", "text"))
    sizes = {page.number: (page.width, page.height) for page in pages}
    figures = Figure.objects.filter(document=document)
    return {
        "parser": conversion.parser,
        "parser_version": conversion.parser_version,
        "pages": [
            {"page": page.number, "width": page.width, "height": page.height, "rotation": page.rotation}
            for page in pages
        ],
        "figures": [
            {"index": figure.index, **place(figure.page, figure.box, sizes), "title": figure.title or None}
            for figure in figures
        ],
        "tables": [
            {"index": index, **_table(block, sizes)}
            for index, block in enumerate(conversion.blocks_of("table"), start=1)
        ],
        "attachments": [{"document_id": None, **item} for item in conversion.meta.get("attachments") or []],
    }


def place(page: int, box: dict[str, Any] | None, sizes: Mapping[int, tuple[float, float]]) -> dict[str, Any]:
    """Where something is: its page, `box` in fractions, `bbox` in points (both None without a place)."""
    width, height = sizes.get(page, (0.0, 0.0))
    if box is None or not width:
        return {"page": page, "bbox": None, "box": box}
    edges = (
        box["x"] * width,
        box["y"] * height,
        (box["x"] + box["w"]) * width,
        (box["y"] + box["h"]) * height,
    )
    return {"page": page, "bbox": [round(edge, 2) for edge in edges], "box": box}


def _table(block: Block, sizes: Mapping[int, tuple[float, float]]) -> dict[str, Any]:
    return {
        **place(block.page, asdict(block.box) if block.box else None, sizes),
        "rows": max((cell.row + cell.rowspan for cell in block.cells), default=0),
        "cols": max((cell.col + cell.colspan for cell in block.cells), default=0),
    }


def extraction_json(extraction: Extraction) -> dict[str, Any]:
    """An extraction as the API shows it."""
    return {
        "id": str(extraction.pk),
        "document_id": str(extraction.document_id),
        "method": extraction.method,
        "model_used": extraction.model_used,
        "template_id": str(extraction.template_id) if extraction.template_id else None,
        "template_version": extraction.template_version,
        "flow_id": str(extraction.flow_id) if extraction.flow_id else None,
        "flow_version": extraction.flow_version,
        "confidence_score": extraction.confidence_score,
        "fields": extraction.values(),
        "field_scores": extraction.scores(),
        "boxes": extraction.boxes(),
        "flags": extraction.flags,
        "raw_text": None,
        "is_current": extraction.is_current,
        "created_by": str(extraction.created_by_id) if extraction.created_by_id else None,
        "created_at": extraction.created_at,
    }


def page_json(page: Page, *, words: bool) -> dict[str, Any]:
    """One page with size in points, the URL of its picture, and its words if asked for."""
    data: dict[str, Any] = {
        "page": page.number,
        "width": page.width,
        "height": page.height,
        "rotation": page.rotation,
        "ocr_score": percent(page.ocr_score),
        "ocr_engine": page.ocr_engine or None,
        "order_confidence": page.order_confidence,
        "image_url": f"/api/v1/documents/{page.document_id}/preview?page={page.number}",
        "image_width": page.image_width or None,
        "image_height": page.image_height or None,
    }
    if words:
        data["words"] = [
            {"text": word["text"], "box": word["box"], "score": percent(word["score"])} for word in page.words
        ]
    return data


def percent(fraction: float | None) -> float | None:
    return None if fraction is None else round(100 * fraction, 1)


def review_queue(actor: Actor | None) -> QuerySet[Document]:
    """Documents that wait for a person, the least sure first."""
    rows = Document.objects.visible_to(actor).live().filter(status=Status.REQUIRES_REVIEW)
    return rows.for_lists().order_by(F("confidence_score").asc(nulls_last=True), "pk")


def worst_fields(documents: list[Document], count: int = 3) -> dict[Any, list[dict[str, Any]]]:
    """Per document its least sure fields. One SQL query for all of them."""
    extractions = Extraction.objects.filter(document__in=documents, is_current=True)
    return {extraction.document_id: _worst(extraction, count) for extraction in extractions}


def _worst(extraction: Extraction, count: int) -> list[dict[str, Any]]:
    labels = {item["name"]: item["label"] for item in extraction.schema}
    doubtful = [(name, field) for name, field in extraction.ordered().items() if field["needs_review"]]
    doubtful.sort(key=lambda pair: pair[1]["score"])
    return [
        {
            "name": name,
            "label": labels.get(name, name),
            "value": field["value"],
            "score": field["score"],
            "errors": field["errors"],
        }
        for name, field in doubtful[:count]
    ]
