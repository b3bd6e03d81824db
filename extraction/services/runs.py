"""Running a document again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from accounts.actors import Actor
from documents.models import Document
from documents.services.intake import RunChoices, document_start
from extraction.intake import check_choices
from extraction.models import Conversion
from extraction.selectors import require_alive
from extraction.services.choices import check_pages
from extraction.services.premium import check_model

PARSE, CLASSIFY = "extraction.stages.parse", "extraction.stages.classify"


def document_convert(
    *,
    document: Document,
    actor: Actor,
    flow_id: UUID | None = None,
    template_id: UUID | None = None,
    document_type: str = "",
    model: str = "",
    options: dict[str, Any],
) -> Document:
    """The document in line to be read anew, with these choices over those it had.

    Raises: AppError `document_busy`, `document_erased`; NotFound (flow, template); ValidationFailed (type,
    template, pages, model).
    """
    require_alive(document)
    check_pages(options.get("pages"))
    if model:
        check_model(model)
    said_type = check_choices(flow_id=flow_id, template_id=template_id, type_slug=document_type, actor=actor)
    return document_start(
        document=document,
        actor=actor,
        choices=RunChoices(flow_id, said_type, model=model, options=options, template_id=template_id),
        reason="converted again",
    )


def document_reextract(
    *,
    document: Document,
    actor: Actor,
    flow_id: UUID | None = None,
    template_id: UUID | None = None,
    document_type: str = "",
    pdf_password: str = "",
    model: str = "",
    reuse_text: bool = True,
) -> Document:
    """The document in line for another run; with `reuse_text` what was read stays and only fields are redone.

    Raises: AppError `document_busy`, `document_erased`; NotFound (flow, template); ValidationFailed (type,
    template, model).
    """
    require_alive(document)
    if model:
        check_model(model)
    said_type = check_choices(flow_id=flow_id, template_id=template_id, type_slug=document_type, actor=actor)
    parsed = Conversion.objects.filter(document=document).exists()
    other_model = bool(model) and model != document.model
    return document_start(
        document=document,
        actor=actor,
        first_stage=CLASSIFY if reuse_text and parsed and not pdf_password and not other_model else PARSE,
        choices=RunChoices(flow_id, said_type, pdf_password, model, template_id=template_id),
        reason="re-extracted",
    )
