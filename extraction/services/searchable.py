"""A PDF that looks like the document and in which its words are found."""

from __future__ import annotations

from common.errors import AppError, ValidationFailed
from documents.models import Document
from documents.services.files import StorageAway, file_on_disk
from extraction import sandbox
from extraction.engines.blocks import page_from_json
from extraction.engines.convert.errors import EngineError, PasswordRequired
from extraction.engines.convert.filetypes import IMAGES, PDF
from extraction.models import Conversion, Page
from extraction.sandbox import Limits
from extraction.sandbox.limits import MIB

# Somebody waits for the answer.
LIMITS = Limits(wall_s=120.0, cpu_s=120, output_bytes=512 * MIB)


def has_text_layer(document: Document) -> bool:
    """Whether the file itself is a searchable PDF."""
    return document.content_type == PDF and document.extraction_method == "text_layer"


def searchable_pdf(document: Document) -> bytes:
    """The pages as they look, with the recognised words behind them. Takes seconds for a long scan.

    Raises: ValidationFailed where that makes no sense; AppError `processing_failed`; StorageAway.
    """
    if document.content_type != PDF and document.content_type not in IMAGES:
        raise _refused("Only PDFs and pictures can be made searchable.")
    pages = [page_from_json(page.to_json()) for page in Page.objects.filter(document=document)]
    try:
        with file_on_disk(document.storage_key) as path:
            if not path.exists():
                raise StorageAway
            return sandbox.searchable_pdf(
                path, pages, content_type=document.content_type, turned=_turned(document), limits=LIMITS
            )
    except PasswordRequired:
        raise _refused("The file is protected, and its password was forgotten after it was read.") from None
    except EngineError as error:
        raise AppError("processing_failed", 500, error.message) from None


def _turned(document: Document) -> dict[int, int]:
    """How far the text of each scanned page lies turned clockwise, in degrees."""
    meta = Conversion.objects.filter(document=document).values_list("meta", flat=True).first() or {}
    return {record["page"]: record["turned"] for record in meta.get("ocr", ()) if record["turned"]}


def _refused(why: str) -> ValidationFailed:
    return ValidationFailed({"format": [why]})
