"""The duplicates room's part of the pipeline."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from documents.services.lifecycle import document_locked
from documents.services.text import document_text
from duplicates.engine.text import text_digest, words
from duplicates.models import Fingerprint


def fingerprint(document_id: UUID, attempt: int) -> None:
    """Keeps the digest of the document's text; a document without words is skipped."""
    tokens = words(document_text(document_id))
    with transaction.atomic():
        document = document_locked(document_id=document_id, attempt=attempt)
        if tokens:
            Fingerprint.objects.update_or_create(
                document=document,
                defaults={
                    "workspace": document.workspace,
                    "text_sha256": text_digest(tokens),
                    "word_count": len(tokens),
                },
            )
        else:
            Fingerprint.objects.filter(document=document).delete()
        document.dedup_status = "analyzed" if tokens else "skipped"
        document.save(update_fields=["dedup_status"])
