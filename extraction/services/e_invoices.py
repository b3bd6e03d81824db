"""The XML of an e-invoice to take away, and what pages say about it."""

from __future__ import annotations

from common.errors import AppError, ValidationFailed
from documents.models import Document
from documents.services.files import StorageAway, file_on_disk, file_read
from extraction import sandbox
from extraction.engines.convert.errors import EngineError, PasswordRequired
from extraction.engines.convert.filetypes import XML_INVOICE
from extraction.models import Conversion


def e_invoice_xml(document: Document) -> bytes:
    """The XML as it came: the file itself, or the one embedded in the PDF.

    Raises: ValidationFailed for a document without one; AppError `processing_failed`; StorageAway.
    """
    if document.content_type == XML_INVOICE:
        return file_read(document.storage_key)
    name = _meta(document).get("filename")
    if not name:
        raise ValidationFailed({"format": ["The document holds no e-invoice."]})
    try:
        with file_on_disk(document.storage_key) as path:
            if not path.exists():
                raise StorageAway
            return sandbox.embedded_file(path, name=str(name))
    except PasswordRequired:
        why = "The file is protected, and its password was forgotten after it was read."
        raise ValidationFailed({"format": [why]}) from None
    except EngineError as error:
        raise AppError("processing_failed", 500, error.message) from None


def e_invoice_line(document: Document) -> str:
    """What a document's page says about its e-invoice; empty for a document without one. One SQL query."""
    meta = _meta(document)
    if not meta:
        return ""
    if "error" in meta:
        return f"{meta['error']} Only the page was read."
    kind = " ".join(part for part in (meta.get("profile", ""), f"({meta['syntax'].upper()})") if part)
    unshown = "e_invoice_total_not_shown" in document.flags
    return f"{kind}. The page does not show its total." if unshown else kind


def _meta(document: Document) -> dict[str, str]:
    meta = Conversion.objects.filter(document=document).values_list("meta__e_invoice", flat=True).first()
    return meta if isinstance(meta, dict) else {}
