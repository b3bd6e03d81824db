"""Keeping a document's text."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from documents.models import DocumentText
from documents.services.lifecycle import document_locked


def document_text_store(*, document_id: UUID, attempt: int, text: str) -> None:
    """Replaces the document's text. Raises: LeaseLost."""
    with transaction.atomic():
        document = document_locked(document_id=document_id, attempt=attempt)
        DocumentText.objects.update_or_create(
            document=document, defaults={"full_text": text.replace("\x00", "")}
        )


def document_text(document_id: UUID) -> str:
    """The document's text; empty when it has none yet."""
    return DocumentText.objects.filter(pk=document_id).values_list("full_text", flat=True).first() or ""
