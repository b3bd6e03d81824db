"""The part of a page that tries a field set on a document."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.actors import Actor
from common.errors import AppError
from documents.models import Document
from documents.models.document import WITH_RESULT
from documents.policy import Policy
from documents.selectors import document_get
from documents.services.text import document_text
from extraction.engines.fields.template_match import matches_template
from extraction.presenters import shown_text
from extraction.services.field_sets import FieldSet
from extraction.services.flow_trials import field_set_trial

OFFERED = 30


def samples_for(actor: Actor) -> list[Document]:
    """The newest documents that were read, to choose one from."""
    rows = Document.objects.visible_to(actor).live().filter(status__in=WITH_RESULT)
    return list(rows.only("title", "filename", "type", "workspace_id").order_by("-created_at")[:OFFERED])


def trial(
    request: HttpRequest,
    actor: Actor,
    wanted: FieldSet,
    policy: Policy,
    *,
    type_slug: str = "",
    rules: dict[str, Any] | None = None,
) -> HttpResponse:
    """What the field set reads from the chosen document, and whether the `rules` would recognise it."""
    try:
        document = document_get(document_id=UUID(request.POST.get("document", "")), actor=actor)
    except ValueError:
        raise AppError("not_found", 404, "Choose a document first.") from None
    threshold = policy.review_below_score
    result = field_set_trial(document, wanted, policy, type_slug)
    text = document_text(document.pk) if rules is not None else ""
    context = {
        "document": document,
        "result": result,
        "lines": [_line(definition, result["fields"][definition.name]) for definition in wanted.defs],
        "threshold": threshold,
        "match_score": matches_template(text, rules) if rules is not None else None,
        "has_rules": bool(rules and (rules["keywords_any"] or rules["keywords_all"] or rules["regex"])),
    }
    name = "flows/partials/trial.html" if request.htmx else "flows/trial.html"  # type: ignore[attr-defined]
    return render(request, name, {**context, "room": "flows"})


def _line(definition: Any, value: dict[str, Any]) -> dict[str, Any]:
    return {
        "label": definition.label,
        "text": shown_text(value["value"], definition.type),
        "score": value["score"] if value["value"] is not None else None,
        "missing": definition.required and value["value"] is None,
        "errors": value["errors"] if value["value"] is not None else [],
    }
