"""The review pages: the queue, and one document with its fields beside its pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.actors import Actor
from accounts.guards import workspace_page
from common.errors import AppError, ValidationFailed
from documents.models import Document, Job, Status
from documents.models.document import REVIEWABLE, WITH_RESULT
from documents.models.job import ACTIVE
from documents.selectors import document_get
from extraction.forms import Corrections, read_corrections, read_version, reading_choices
from extraction.models import Extraction, Flow, Page
from extraction.presenters import FieldLine, field_lines, with_facts, with_teachers
from extraction.queue import next_in_queue
from extraction.selectors import current_extraction, require_result, review_queue
from extraction.services.review import (
    document_approve,
    document_reject,
    document_unreview,
    fields_correct,
    review_claim,
    review_release,
)  # fmt: skip

PER_PAGE = 50
UNPROCESSABLE = 422
# Flags that explain the values below them but are no reason by themselves.
SAID_ABOVE = (
    "photo_quality_poor",
    "template_partial",
    "e_invoice_unreadable",
    "e_invoice_total_not_shown",
    "llm_unavailable",
    "llm_over_budget",
)


@require_safe
@workspace_page(scope="reviews:write")
def queue(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Everything that waits for a person, the least sure first."""
    page = Paginator(review_queue(actor), PER_PAGE).get_page(request.GET.get("page"))
    with_facts(page.object_list)
    for document in page:
        document.with_other = with_other(document, actor)  # type: ignore[attr-defined]
    name = "extraction/partials/queue_table.html" if request.htmx else "extraction/queue.html"  # type: ignore[attr-defined]
    return render(request, name, {"page": page, "room": "review", "total": page.paginator.count})


@require_safe
@workspace_page(scope="reviews:write")
def review(request: HttpRequest, actor: Actor, document_id: UUID) -> HttpResponse:
    """One document to decide on."""
    document = document_get(document_id=document_id, actor=actor)
    return screen(request, actor, document)


@require_safe
@workspace_page(scope="reviews:write")
def review_next(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The next document of the queue; behind `?after=` when that is given."""
    given = _uuid(request.GET.get("after", ""))
    after = Document.objects.visible_to(actor).filter(pk=given).first() if given else None
    if after is not None:
        review_release(document=after, actor=actor)
    return go_on(request, actor, after)


@require_POST
@workspace_page(scope="reviews:write")
def correct(request: HttpRequest, actor: Actor, document_id: UUID) -> HttpResponse:
    """Keeps what the person entered, without deciding."""
    document = document_get(document_id=document_id, actor=actor)
    given = read_corrections(request.POST, current_extraction(document))
    if problems := try_correct(document, actor, given, read_version(request.POST)):
        return fields_pane(request, actor, document, given, problems)
    fresh = document_get(document_id=document_id, actor=actor)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("review_document", document_id)
    return fields_pane(request, actor, fresh, Corrections(), {})


@require_POST
@workspace_page(scope="reviews:write")
def approve(request: HttpRequest, actor: Actor, document_id: UUID) -> HttpResponse:
    """Approves with everything that was entered, and goes on to the next document."""
    document = document_get(document_id=document_id, actor=actor)
    given = read_corrections(request.POST, current_extraction(document))
    if given.problems:
        return fields_pane(request, actor, document, given, given.problems)
    try:
        document_approve(document=document, actor=actor, fields=given.fields, boxes=given.boxes,
                         version=read_version(request.POST))  # fmt: skip
    except ValidationFailed as error:
        return fields_pane(request, actor, document, given, error.details["fields"])
    announce(request, document, "Approved")
    return go_on(request, actor, document)


@require_POST
@workspace_page(scope="reviews:write")
def reject(request: HttpRequest, actor: Actor, document_id: UUID) -> HttpResponse:
    """Rejects for the reason given, and goes on to the next document."""
    document = document_get(document_id=document_id, actor=actor)
    reason = request.POST.get("reason", "")
    try:
        document_reject(document=document, actor=actor, reason=reason, version=read_version(request.POST))
    except ValidationFailed as error:
        return fields_pane(request, actor, document, Corrections(), error.details["fields"])
    announce(request, document, "Rejected")
    return go_on(request, actor, document)


@require_POST
@workspace_page(scope="reviews:write")
def undo(request: HttpRequest, actor: Actor, document_id: UUID) -> HttpResponse:
    """Takes an approval or rejection back and shows the document again."""
    document = document_get(document_id=document_id, actor=actor)
    document_unreview(document=document, actor=actor)
    messages.success(request, f"{document} waits for review again.")
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("review_document", document_id)
    return pushed(screen(request, actor, document_get(document_id=document_id, actor=actor)), document)


@require_POST
@workspace_page(scope="reviews:write")
def approve_many(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Approves the selected documents as they are; those that were decided meanwhile are named."""
    approved, failed = [], []
    for document in chosen(actor, request.POST.getlist("ids")):
        try:
            document_approve(document=document, actor=actor)
            approved.append(document)
        except AppError as error:
            failed.append(f"{document}: {error.message}")
    if approved:
        query = urlencode({"ids": [document.pk for document in approved]}, doseq=True)
        words = str(approved[0]) if len(approved) == 1 else f"{len(approved)} documents"
        messages.success(request, f"Approved {words}.", extra_tags=f"{reverse('review_undo_many')}?{query}")
    for text in failed:
        messages.error(request, text)
    return redirect("review")


@require_POST
@workspace_page(scope="reviews:write")
def undo_many(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Takes the approval of these documents back."""
    documents = chosen(actor, request.GET.getlist("ids"))
    for document in documents:
        document_unreview(document=document, actor=actor)
    messages.success(request, f"{len(documents)} wait for review again.")
    return redirect("review")


@require_safe
@workspace_page(scope="documents:read")
def counts(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The numbers of the frame, for browsers whose WebSocket is down."""
    waiting = review_queue(actor).count() if actor.can("reviews:write") else None
    jobs = Job.objects.visible_to(actor).filter(status__in=ACTIVE).count()
    return JsonResponse({"review": waiting, "jobs": jobs})


def try_correct(
    document: Document, actor: Actor, given: Corrections, version: int | None
) -> dict[str, list[str]]:
    """Sentences per field that was not accepted; empty when everything was kept."""
    if given.problems or not given.fields:
        return given.problems
    try:
        fields_correct(
            document=document, actor=actor, fields=given.fields, boxes=given.boxes, version=version
        )
    except ValidationFailed as error:
        found: dict[str, list[str]] = error.details["fields"]
        return found
    return {}


def announce(request: HttpRequest, document: Document, word: str) -> None:
    """A toast with Undo; the address rides in the message's tags."""
    messages.success(request, f"{word} {document}.", extra_tags=reverse("review_undo", args=[document.pk]))


def go_on(request: HttpRequest, actor: Actor, after: Document | None) -> HttpResponse:
    """The next document in place of this one, or the empty queue."""
    following = next_in_queue(actor=actor, after=after)
    htmx = request.htmx  # type: ignore[attr-defined]
    if following is None:
        return HttpResponse(headers={"HX-Redirect": reverse("review")}) if htmx else redirect("review")
    if not htmx:
        return redirect("review_document", following.pk)
    return pushed(screen(request, actor, document_get(document_id=following.pk, actor=actor)), following)


def pushed(response: HttpResponse, document: Document) -> HttpResponse:
    response["HX-Push-Url"] = reverse("review_document", args=[document.pk])
    return response


def screen(request: HttpRequest, actor: Actor, document: Document) -> HttpResponse:
    """The whole review screen, claimed for this person where it still waits."""
    require_result(document)
    mine = document.status != Status.REQUIRES_REVIEW or review_claim(document=document, actor=actor)
    context = {
        **pane_context(actor, document, Corrections(), {}),
        "pages": Page.objects.filter(document=document).defer("words", "text"),
        "taken_by": None if mine else document.assigned_to,
        "room": "review",
    }
    name = "extraction/partials/review.html" if request.htmx else "extraction/review.html"  # type: ignore[attr-defined]
    return render(request, name, context)


def fields_pane(
    request: HttpRequest, actor: Actor, document: Document, given: Corrections, problems: dict[str, list[str]]
) -> HttpResponse:
    """The fields again: 422 with sentences where something was not accepted."""
    context = pane_context(actor, document, given, problems)
    status = UNPROCESSABLE if problems else 200
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "extraction/partials/fields.html", context, status=status)
    pages = Page.objects.filter(document=document).defer("words", "text")
    return render(
        request, "extraction/review.html", {**context, "pages": pages, "room": "review"}, status=status
    )


def pane_context(
    actor: Actor, document: Document, given: Corrections, problems: dict[str, list[str]]
) -> dict[str, Any]:
    """What the fields' side shows."""
    least = document.review_threshold
    lines = field_lines(current_extraction(document), least, typed=given.typed, problems=problems)
    lines = with_teachers(lines, teachers_of(lines, actor))
    following = next_in_queue(actor=actor, after=document)
    reasons = document.reasons_to_review
    return {
        "document": document,
        "reasons": reasons,
        "more_reasons": len(reasons) - 1,
        "notes": [flag for flag in SAID_ABOVE if flag in document.flags],
        **again_context(actor, document),
        "doubtful": [line for line in lines if line.doubtful],
        "sure": [line for line in lines if not line.doubtful and not line.is_empty],
        "absent": [line for line in lines if not line.doubtful and line.is_empty],
        "threshold": least,
        "left": review_queue(actor).count(),
        "next_page": Page.objects.filter(document=following, number=1).only("document_id", "number").first(),
        "open_to_decide": document.status in REVIEWABLE,
        "editable": document.status in WITH_RESULT,
        "reason_problem": " ".join(problems.get("reason", [])),
    }


def teachers_of(lines: Iterable[FieldLine], actor: Actor) -> dict[str, str]:
    """The names of the documents that values were learned from, by id, as far as they are still here."""
    ids = {line.learned_from for line in lines if line.learned_from}
    found = Document.objects.visible_to(actor).filter(pk__in=ids) if ids else ()
    return {str(row.pk): str(row) for row in found}


def again_context(actor: Actor, document: Document) -> dict[str, Any]:
    """What the form that reads the document again offers, and how many readings there were."""
    return {
        "rerunnable": document.is_settled and actor.can("documents:write"),
        "flows": Flow.objects.visible_to(actor).filter(active=True),
        "reading": reading_choices(actor.workspace),
        "earlier_count": Extraction.objects.filter(document=document, is_current=False).count(),
    }


def with_other(document: Document, actor: Actor) -> bool:
    """Whether somebody else is looking at it now."""
    until = document.assigned_until
    return bool(until and until > timezone.now() and document.assigned_to != actor.user)


def chosen(actor: Actor, ids: list[str]) -> list[Document]:
    """The documents of these ids, at most a list's page of them. Raises: AppError `not_found`."""
    wanted = [found for found in map(_uuid, ids[:PER_PAGE]) if found]
    return list(Document.objects.visible_to(actor).filter(pk__in=wanted).select_related("workspace"))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        if not text:
            return None
        raise AppError("not_found", 404, "There is no such document.") from None
