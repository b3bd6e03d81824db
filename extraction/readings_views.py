"""Reading a document again from its review, and what was read before."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.actors import Actor
from accounts.guards import workspace_page
from common.errors import NotFound, ValidationFailed
from documents.models import Document
from documents.selectors import document_get
from extraction.forms import AgainForm
from extraction.models import Flow
from extraction.readings import differences, readings_of
from extraction.selectors import require_alive
from extraction.services.runs import document_reextract
from extraction.views import go_on


@require_POST
@workspace_page(scope="documents:write")
def rerun(request: HttpRequest, actor: Actor, document_id: UUID) -> HttpResponse:
    """Reads the values anew with what was chosen, keeps the text, and goes on to the next document."""
    document = document_get(document_id=document_id, actor=actor)
    form = AgainForm(request.POST, prefix="again")
    cast(Any, form.fields["flow_id"]).queryset = Flow.objects.visible_to(actor)
    try:
        _reextract(document, actor, form)
    except ValidationFailed as error:
        for problems in error.details["fields"].values():
            messages.error(request, " ".join(problems))
        return redirect("review_document", document_id)
    messages.info(request, f"{document} is read again. It comes back here if a person has to look.")
    return go_on(request, actor, document)


def _reextract(document: Document, actor: Actor, form: AgainForm) -> None:
    """Raises: ValidationFailed; AppError as `document_reextract`."""
    if not form.is_valid():
        raise ValidationFailed({name: list(map(str, errors)) for name, errors in form.errors.items()})
    flow, data = form.cleaned_data["flow_id"], form.cleaned_data
    document_reextract(
        document=document, actor=actor, flow_id=flow.pk if flow else None, document_type=data["type"],
        model=data["model"],
    )  # fmt: skip


@require_safe
@workspace_page(scope="documents:read")
def readings(request: HttpRequest, actor: Actor, document_id: UUID) -> HttpResponse:
    """All readings of a document; `?show=` lays one of them beside the current one."""
    document = document_get(document_id=document_id, actor=actor)
    require_alive(document)
    found = readings_of(document)
    shown = _shown(request.GET.get("show", ""), found)
    now = next((item.extraction for item in found if item.extraction.is_current), None)
    context = {
        "document": document,
        "readings": found,
        "shown": shown,
        "differences": differences(shown.extraction, now) if shown else [],
        "threshold": document.review_threshold,
        "room": "review",
    }
    return render(request, "extraction/readings.html", context)


def _shown(wanted: str, found: list[Any]) -> Any:
    """The reading asked for, else the newest that is not current. Raises: NotFound."""
    if wanted:
        shown = next((item for item in found if str(item.extraction.pk) == wanted), None)
        if shown is None:
            raise NotFound("extraction")
        return shown
    return next((item for item in found if not item.extraction.is_current), None)
