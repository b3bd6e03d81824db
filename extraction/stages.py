"""Bytes → blocks → Markdown and pictures → type → fields. Each stage replaces its own results."""

from __future__ import annotations

import io
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from PIL import Image

from documents.models import Document
from documents.policy import Policy
from documents.services.files import file_on_disk, file_store
from documents.services.lifecycle import document_locked
from documents.services.passwords import password_forget, password_get
from documents.services.pipeline import StageFailed
from extraction import sandbox
from extraction.engines.blocks import ConvertedDocument
from extraction.engines.convert.errors import EngineError, PasswordRequired
from extraction.engines.convert.options import ConvertOptions
from extraction.engines.convert.render import to_markdown
from extraction.engines.fields.classify import classify as classify_document
from extraction.models import Conversion, Page
from extraction.services.conversion import conversion_store, markdown_store, page_image_store
from extraction.services.extractions import extraction_store
from extraction.services.fields import read_fields
from extraction.services.flows import POLICY_FIELDS, flow_for

# Enough for reading small print at 100 % on the review page; a page of A4 gets about 130 dpi.
PAGE_IMAGE_WIDTH = 1080


def parse(document_id: UUID, attempt: int) -> None:
    """Reads the file in the sandbox and keeps its pages, words and blocks."""
    document = Document.objects.select_related("workspace").get(pk=document_id)
    password = password_get(document_id)
    with file_on_disk(document.storage_key) as path:
        found = _in_sandbox(document, path, _read_options(document, password))
    conversion_store(document_id=document_id, attempt=attempt, found=found)


def render(document_id: UUID, attempt: int) -> None:
    """Makes the Markdown and the page pictures; the PDF password is not needed after this."""
    document = Document.objects.get(pk=document_id)
    found = Conversion.objects.select_related("document").get(document=document).to_converted()
    markdown_store(document_id=document_id, attempt=attempt, markdown=to_markdown(found, profile="rich"))
    numbers = list(Page.objects.filter(document=document).values_list("number", flat=True))
    with file_on_disk(document.storage_key) as path:
        _render_pages(document, attempt, path, numbers)
    password_forget(document_id)


def classify(document_id: UUID, attempt: int) -> None:
    """Finds the type unless a hint gave it, and the flow with its thresholds."""
    found = Conversion.objects.select_related("document").get(document_id=document_id).to_converted()
    with transaction.atomic():
        document = document_locked(document_id=document_id, attempt=attempt)
        asked = flow_for(document) if document.flow_id else None
        if asked and asked.document_type and document.type_source != "hint":
            document.type, document.type_source, document.type_score = asked.document_type, "template", None
        elif document.type_source != "hint":
            slug, score = classify_document(found)[0]
            document.type, document.type_source, document.type_score = (
                slug,
                "classifier",
                round(100 * score, 1),
            )
        flow = asked or flow_for(document)
        document.policy = (
            Policy(**{name: getattr(flow, name) for name in POLICY_FIELDS}).to_json() if flow else {}
        )
        document.save(update_fields=["type", "type_source", "type_score", "policy"])


def extract(document_id: UUID, attempt: int) -> None:
    """Reads the fields that the document's flow or type asks for, with confidence and place."""
    document = Document.objects.select_related("workspace").get(pk=document_id)
    found = Conversion.objects.select_related("document").get(document=document).to_converted()
    extraction_store(document_id=document_id, attempt=attempt, reading=read_fields(document, found))


def _read_options(document: Document, password: str | None) -> ConvertOptions:
    options = document.options
    language = options.get("language") or "auto"
    return ConvertOptions(
        password=password,
        pages=options.get("pages") or None,
        ocr=options.get("ocr") or "auto",
        languages=("en",) if language == "auto" else (language.split("-")[0],),
        max_pages=settings.MAX_PAGES,
    )


def _in_sandbox(document: Document, path: Path, options: ConvertOptions) -> ConvertedDocument:
    try:
        return sandbox.convert(path, content_type=document.content_type, options=options)
    except PasswordRequired as error:
        raise StageFailed("password_required", error.message) from None
    except EngineError as error:
        raise StageFailed(error.code, error.message) from None


def _render_pages(document: Document, attempt: int, path: Path, numbers: list[int]) -> None:
    password = password_get(document.pk)
    try:
        for number, image in sandbox.render_pages(
            path, content_type=document.content_type, pages=numbers, width=PAGE_IMAGE_WIDTH, password=password
        ):
            _keep_page_image(document, attempt, number, image)
    except EngineError as error:
        raise StageFailed(error.code, error.message) from None


def _keep_page_image(document: Document, attempt: int, number: int, image: bytes) -> None:
    width, height = Image.open(io.BytesIO(image)).size
    key = file_store(
        image, workspace_id=document.workspace_id, document_id=document.pk, name=f"page-{number}.webp"
    )
    page_image_store(
        document_id=document.pk, attempt=attempt, number=number, key=key, width=width, height=height
    )
