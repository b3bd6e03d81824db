"""Bytes → blocks → Markdown and pictures → type → fields. Each stage replaces its own results."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from documents.models import Document
from documents.services.files import file_on_disk
from documents.services.passwords import password_forget, password_get
from documents.services.pipeline import StageFailed
from documents.services.progress import StageProgress
from extraction import sandbox
from extraction.engines.blocks import ConvertedDocument
from extraction.engines.convert.errors import EngineError, PasswordRequired
from extraction.engines.convert.options import ConvertOptions
from extraction.engines.convert.render import to_markdown
from extraction.engines.einvoice.carried import invoice_of
from extraction.models import Conversion, Page
from extraction.services.attachments import attachments_store
from extraction.services.choices import read_choices
from extraction.services.classification import classification_store
from extraction.services.conversion import conversion_store, markdown_store
from extraction.services.extractions import extraction_store
from extraction.services.field_sets import field_set_of, require_text
from extraction.services.fields import read_fields
from extraction.services.llm import can_see
from extraction.services.pictures import figures_draw, pages_draw
from extraction.services.premium import read_with_model


def parse(document_id: UUID, attempt: int) -> None:
    """Reads the file in the sandbox and keeps its pages, words and blocks."""
    document = Document.objects.select_related("workspace").get(pk=document_id)
    choices = read_choices(document)
    options = _read_options(choices, password_get(document_id))
    with file_on_disk(document.storage_key) as path:
        found = _in_sandbox(document, path, options, StageProgress(document, attempt, "Reading page"))
        found = read_with_model(
            document, path, found, password=options.password,
            watch=StageProgress(document, attempt, "The model reads page"),
        )  # fmt: skip
    if choices["image_handling"] == "none":
        found = without_figures(found)
    conversion_store(document_id=document_id, attempt=attempt, found=found)


def render(document_id: UUID, attempt: int) -> None:
    """Makes the Markdown and the first page's picture; all pages' where a password opens them only now."""
    document = Document.objects.get(pk=document_id)
    found = Conversion.objects.get(document=document).to_converted(pages=False)
    markdown_store(document_id=document_id, attempt=attempt, markdown=to_markdown(found, profile="rich"))
    password = password_get(document_id)
    numbers = list(Page.objects.filter(document=document).values_list("number", flat=True))
    watch = StageProgress(document, attempt, "Drawing page")
    try:
        with file_on_disk(document.storage_key) as path:
            pages_draw(
                document=document, attempt=attempt, path=path, watch=watch, password=password,
                numbers=numbers if password else numbers[:1],
            )  # fmt: skip
    except EngineError as error:
        raise StageFailed(error.code, error.message) from None


def figures(document_id: UUID, attempt: int) -> None:
    """Cuts out and keeps the document's figures; the PDF password is not needed after this."""
    document = Document.objects.get(pk=document_id)
    blocks = Conversion.objects.get(document=document).blocks_of("figure")
    figures_draw(
        document=document, attempt=attempt, blocks=blocks, password=password_get(document_id),
        watch=StageProgress(document, attempt, "Cutting out figure"),
    )  # fmt: skip
    password_forget(document_id)


def attachments(document_id: UUID, attempt: int) -> None:
    """Makes documents of what is attached to a mail."""
    document = Document.objects.select_related("workspace", "owner").get(pk=document_id)
    attachments_store(document=document, attempt=attempt)


def classify(document_id: UUID, attempt: int) -> None:
    """Finds the type and template unless the request gave them, and the flow with its thresholds."""
    found = Conversion.objects.select_related("document").get(document_id=document_id).to_converted()
    classification_store(document_id=document_id, attempt=attempt, found=found)


def extract(document_id: UUID, attempt: int) -> None:
    """Reads the fields that the document's request, template, flow or type asks for, with place and score."""
    document = Document.objects.select_related("workspace").get(pk=document_id)
    found = Conversion.objects.select_related("document").get(document=document).to_converted()
    wanted = field_set_of(document, found)
    if invoice_of(found) is None and not can_see(document, wanted.flow):
        require_text(document, wanted)
    watch = StageProgress(document, attempt, "The model reads")
    reading = read_fields(document, found, wanted, watch=watch)
    extraction_store(document_id=document_id, attempt=attempt, reading=reading)


def _read_options(choices: dict[str, Any], password: str | None) -> ConvertOptions:
    language = choices["language"].split("-")[0].lower()
    return ConvertOptions(
        password=password,
        pages=choices["pages"] or None,
        ocr=choices["ocr"],
        languages=tuple(settings.OCR_LANGUAGES) if language == "auto" else (language,),
        ocr_engines=tuple(settings.OCR_ENGINES),
        ocr_figures=settings.OCR_FIGURES,
        tables=choices["table_mode"],
        easyocr_models=settings.EASYOCR_MODELS,
        max_pages=settings.MAX_PAGES,
    )


def without_figures(found: ConvertedDocument) -> ConvertedDocument:
    """The document with the labels inside its figures as text, since no picture will show them."""
    kept = (block for block in found.blocks if block.kind != "figure")
    blocks = (replace(block, kind="paragraph") if block.kind == "figure_text" else block for block in kept)
    return replace(found, blocks=tuple(blocks))


def _in_sandbox(
    document: Document, path: Path, options: ConvertOptions, watch: StageProgress
) -> ConvertedDocument:
    try:
        return sandbox.convert(path, content_type=document.content_type, options=options, watch=watch)
    except PasswordRequired as error:
        raise StageFailed("password_required", error.message) from None
    except EngineError as error:
        raise StageFailed(error.code, error.message) from None
