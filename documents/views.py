"""Pages about work that goes on: jobs, and stopping them."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.actors import Actor
from accounts.guards import workspace_page
from documents.models import Job
from documents.models.job import ACTIVE
from documents.selectors import document_get, job_get
from documents.services.cancel import job_cancel
from documents.services.lifecycle import document_cancel

PER_PAGE = 50


@require_safe
@workspace_page(scope="documents:read")
def home(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Where this person's work is."""
    return redirect("review" if actor.can("reviews:write") else "documents")


@require_safe
@workspace_page(scope="jobs:read")
def job_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    rows = Job.objects.visible_to(actor).select_related("created_by")
    only_active = request.GET.get("show") == "active"
    if only_active:
        rows = rows.filter(status__in=ACTIVE)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    for job in page:
        show_eta(job)
    name = "documents/partials/job_table.html" if request.htmx else "documents/jobs.html"  # type: ignore[attr-defined]
    return render(request, name, {"page": page, "only_active": only_active, "room": "jobs"})


@require_safe
@workspace_page(scope="jobs:read")
def job_row(request: HttpRequest, actor: Actor, job_id: UUID) -> HttpResponse:
    """One row, for the list to change in place."""
    job = show_eta(job_get(job_id=job_id, actor=actor))
    return render(request, "documents/partials/job_row.html", {"job": job})


@require_POST
@workspace_page(scope="jobs:write")
def job_stop(request: HttpRequest, actor: Actor, job_id: UUID) -> HttpResponse:
    job = job_cancel(job=job_get(job_id=job_id, actor=actor), actor=actor)
    job.refresh_from_db()
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "documents/partials/job_row.html", {"job": show_eta(job)})
    return redirect("jobs")


@require_POST
@workspace_page(scope="documents:write")
def document_stop(request: HttpRequest, actor: Actor, document_id: UUID) -> HttpResponse:
    document_cancel(document=document_get(document_id=document_id, actor=actor), actor=actor)
    messages.success(request, "Processing was cancelled.")
    return redirect("document", document_id)


def show_eta(job: Job) -> Job:
    """The job with `eta`, its seconds left, for the template."""
    job.eta = job.eta_seconds(timezone.now())  # type: ignore[attr-defined]
    return job
