"""Running a document again."""

from __future__ import annotations

from uuid import UUID

from accounts.actors import Actor
from documents.models import Document
from documents.services.intake import RunChoices, document_start
from extraction.intake import check_choices
from extraction.models import Conversion
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
    said_type = check_choices(flow_id=flow_id, type_slug=document_type, actor=actor)
    parsed = Conversion.objects.filter(document=document).exists()
    return document_start(
        document=document,
        actor=actor,
        first_stage=CLASSIFY if reuse_text and parsed and not pdf_password else PARSE,
        choices=RunChoices(flow_id, said_type, pdf_password),
        reason="re-extracted",
    )
