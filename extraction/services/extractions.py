"""Keeping what was read: one current extraction per document, earlier ones stay readable."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from documents.policy import because, policy_of, with_low_confidence
from documents.services.lifecycle import document_locked
from extraction.models import Extraction
from extraction.services.fields import Reading
from extraction.services.findings import field_findings


def extraction_store(*, document_id: UUID, attempt: int, reading: Reading) -> None:
    """Replaces the current extraction by this run's; a second run of the same attempt leaves one row.

    Raises: LeaseLost.
    """
    with transaction.atomic():
        document = document_locked(document_id=document_id, attempt=attempt)
        flags = sorted(with_low_confidence(reading.score, reading.flags, policy_of(document)))
        document.confidence_score, document.flags = reading.score, flags
        told = [because("llm_note", reading.note)] if reading.note else []
        document.review_reasons = [*field_findings(reading.fields, reading.defs), *told]
        document.save(update_fields=["confidence_score", "flags", "review_reasons"])
        current = Extraction.objects.filter(document=document, is_current=True)
        if not reading.defs:
            current.update(is_current=False)
            return
        # What a crashed worker left of this same run is replaced, not kept beside the new one.
        current.filter(job_id=document.job_id).delete()
        current.update(is_current=False)
        Extraction.objects.create(
            document=document,
            model_used=reading.model[:64] or "local",
            reason=reading.note,
            method=reading.method,
            job_id=document.job_id,
            flow_id=reading.flow.pk if reading.flow else None,
            flow_version=reading.flow.version if reading.flow else None,
            template_id=reading.template.template_id if reading.template else None,
            template_version=reading.template.version if reading.template else None,
            schema=[definition.to_json() for definition in reading.defs],
            fields=reading.fields,
            confidence_score=reading.score,
            flags=flags,
        )
