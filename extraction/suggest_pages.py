"""Pages on which a language model drafts a flow from samples."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actors import Actor
from accounts.guards import workspace_page
from common.errors import AppError, ValidationFailed
from documents.models import Job, JobStatus, JobType
from documents.selectors import job_get
from extraction.editing import UNPROCESSABLE
from extraction.engines.convert.filetypes import SUPPORTED
from extraction.engines.llm.flow_draft import MAX_SAMPLES
from extraction.intake import sample_of
from extraction.services.flow_drafts import flow_suggest_start, require_model


@require_http_methods(["GET", "POST"])
@workspace_page(scope="flows:write")
def suggest(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Takes up to four samples."""
    require_model()
    problem = ""
    if request.method == "POST":
        try:
            files = [sample_of(file) for file in request.FILES.getlist("files")]
            job = flow_suggest_start(actor=actor, files=files)
            return redirect("flow_suggestion", job.pk)
        except ValidationFailed:
            problem = f"Choose 1 to {MAX_SAMPLES} files."
        except AppError as error:
            problem = error.message
    context = {"problem": problem, "kinds": ", ".join(SUPPORTED.values()), "room": "flows"}
    status = UNPROCESSABLE if problem else 200
    return render(request, "flows/suggest.html", {**context, "most": MAX_SAMPLES}, status=status)


@require_safe
@workspace_page(scope="flows:write")
def suggestion(request: HttpRequest, actor: Actor, job_id: UUID) -> HttpResponse:
    """Waits for the draft and goes on to the editor with it."""
    job = job_get(job_id=job_id, actor=actor)
    if draft_of(job) is not None:
        address = f"{reverse('flow_new')}?draft={job.pk}"
        if request.htmx:  # type: ignore[attr-defined]
            return HttpResponse(headers={"HX-Redirect": address})
        return redirect(address)
    name = "flows/partials/suggestion.html" if request.htmx else "flows/suggestion.html"  # type: ignore[attr-defined]
    return render(request, name, {"job": job, "room": "flows"})


def draft_of(job: Job) -> dict[str, Any] | None:
    """The draft that a finished job of this kind made; None for every other job."""
    done = job.type == JobType.FLOW_SUGGEST and job.status == JobStatus.COMPLETED
    return job.result if done else None
