"""Running a document again."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from accounts.actors import Actor
from common.errors import NotFound, ValidationFailed
from documents.models import Document
from documents.services.intake import document_start
from documents.services.passwords import password_keep
from extraction.document_types import DOCUMENT_TYPES, resolve_type
from extraction.models import Conversion, Flow
from extraction.selectors import require_alive

PARSE, CLASSIFY = "extraction.stages.parse", "extraction.stages.classify"


def document_reextract(
    *,
    document: Document,
    actor: Actor,
    flow_id: UUID | None = None,
    document_type: str = "",
    pdf_password: str = "",
    reuse_text: bool = True,
) -> Document:
    """The document in line for another run; with `reuse_text` what was read stays and only fields are redone.

    Raises: AppError `document_busy`, `document_erased`; NotFound (flow); ValidationFailed (type).
    """
    require_alive(document)
    if flow_id and not Flow.objects.visible_to(actor).filter(pk=flow_id).exists():
        raise NotFound("flow", field="flow_id")
    if document_type and resolve_type(document_type) is None:
        raise ValidationFailed({"type": [f"Choose one of: {', '.join(DOCUMENT_TYPES)}."]})
    parsed = Conversion.objects.filter(document=document).exists()
    with transaction.atomic():
        _apply_choices(document, flow_id, document_type)
        if pdf_password:
            password_keep(document_id=document.pk, password=pdf_password)
        first = CLASSIFY if reuse_text and parsed and not pdf_password else PARSE
        return document_start(document=document, actor=actor, first_stage=first, reason="re-extracted")


def _apply_choices(document: Document, flow_id: UUID | None, document_type: str) -> None:
    changed = []
    if flow_id:
        document.flow_id = flow_id
        changed.append("flow_id")
    if document_type:
        document.type, document.type_source = resolve_type(document_type) or "", "hint"
        changed += ["type", "type_source"]
    if changed:
        document.save(update_fields=changed)
