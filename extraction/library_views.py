"""The library: lists, one document, upload, pictures of pages."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, F, QuerySet, Value
from django.db.models.functions import Coalesce, Lower, NullIf
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actors import Actor
from accounts.guards import workspace_page
from common.api.media import bytes_response, file_response
from common.errors import ValidationFailed
from documents.api.filters import DocumentFilter
from documents.flags import FLAGS
from documents.models import Document, Status
from documents.selectors import document_events, document_get
from documents.services.files import file_open
from documents.services.intake import Intake, Upload, document_create
from documents.services.lifecycle import CANCELLABLE
from extraction.engines.convert.filetypes import SUPPORTED
from extraction.figure_links import figure_path
from extraction.forms import RunForm, UploadForm, reading_choices
from extraction.models import Conversion, Flow, Template
from extraction.presenters import event_lines, field_lines, with_facts
from extraction.selectors import current_extraction, require_alive
from extraction.services.e_invoices import e_invoice_line
from extraction.services.pictures import page_image
from extraction.services.runs import document_convert, document_reextract

PER_PAGE = 50
PICTURE_CACHE_S = 3600
TABS: dict[str, tuple[str, tuple[Status, ...]]] = {
    "": ("All", ()),
    "work": ("In work", (Status.PENDING, Status.QUEUED, Status.PROCESSING)),
    "review": ("To review", (Status.REQUIRES_REVIEW,)),
    "approved": ("Approved", (Status.APPROVED,)),
    "done": ("Done", (Status.COMPLETED,)),
    "rejected": ("Rejected", (Status.REJECTED,)),
    "problem": ("Problems", (Status.FAILED, Status.PASSWORD_REQUIRED, Status.CANCELLED)),
}
SORTS: dict[str, Any] = {
    "title": Lower(Coalesce(NullIf("title", Value("")), "filename")),
    "status": F("status"),
    "type": F("type"),
    "score": F("confidence_score"),
    "added": F("created_at"),
}


@require_safe
@workspace_page(scope="documents:read")
def documents(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All documents, by state, searched and sorted."""
    rows: QuerySet[Document] = Document.objects.visible_to(actor).live()
    tab, query = request.GET.get("tab", ""), request.GET.get("q", "").strip()[:500]
    tab = tab if tab in TABS else ""
    flag = request.GET.get("flag", "")
    flag = flag if flag in FLAGS else ""
    if query or flag:
        rows = DocumentFilter({"q": query, "flag": flag}, queryset=rows).qs
    tabs = tab_counts(rows)
    if tab:
        rows = rows.filter(status__in=TABS[tab][1])
    sort = request.GET.get("sort", "-added")
    rows = rows.select_related("workspace").defer("options", "metadata").order_by(*ordering(sort))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    with_facts(page.object_list)
    name = "documents/partials/table.html" if request.htmx else "documents/list.html"  # type: ignore[attr-defined]
    context = {
        "page": page, "tab": tab, "tabs": tabs, "q": query, "flag": flag, "sort": sort, "room": "documents",
        "flags": [(name, words) for name, (words, _) in FLAGS.items()],
    }  # fmt: skip
    return render(request, name, context)


@require_safe
@workspace_page(scope="documents:read")
def document_row(request: HttpRequest, actor: Actor, document_id: UUID) -> HttpResponse:
    """One row, for the list to change in place."""
    document = document_get(document_id=document_id, actor=actor)
    with_facts([document])
    return render(request, "documents/partials/row.html", {"document": document})


@require_safe
@workspace_page(scope="documents:read")
def document(request: HttpRequest, actor: Actor, document_id: UUID) -> HttpResponse:
    """One document: its text, what was read out of it, its history."""
    row = document_get(document_id=document_id, actor=actor)
    conversion = Conversion.objects.filter(document=row).only("markdown", "document_id").first()
    context = {
        "document": row,
        "markdown": conversion.markdown if conversion else "",
        "figures": {f"figures/{figure.name}": figure_path(figure) for figure in row.figures.all()},
        "e_invoice": e_invoice_line(row),
        "searchable": row.extraction_method in ("ocr", "mixed"),
        "lines": field_lines(current_extraction(row), row.review_threshold),
        "threshold": row.review_threshold,
        "events": event_lines(document_events(row)),
        "cancellable": row.status in CANCELLABLE and actor.can("documents:write"),
        "rerunnable": row.is_settled and actor.can("documents:write"),
        "flows": Flow.objects.visible_to(actor).filter(active=True),
        "reading": reading_choices(actor.workspace),
        "templates": Template.objects.visible_to(actor).filter(version__gt=0),
        "template": _template_of(row, actor),
        "flow": Flow.objects.visible_to(actor).filter(pk=row.flow_id).first() if row.flow_id else None,
        "room": "documents",
    }
    name = "documents/partials/detail.html" if request.htmx else "documents/detail.html"  # type: ignore[attr-defined]
    return render(request, name, context)


@require_POST
@workspace_page(scope="documents:write")
def document_rerun(request: HttpRequest, actor: Actor, document_id: UUID) -> HttpResponse:
    """Runs the document again: with a password, another flow, or read anew with other choices."""
    row = document_get(document_id=document_id, actor=actor)
    form = RunForm(request.POST, actor=actor)
    try:
        _run_again(row, actor, form)
        messages.success(request, f"{row} runs again.")
    except ValidationFailed as error:
        for name, problems in error.details["fields"].items():
            messages.error(request, f"{name.replace('_', ' ').capitalize()}: {' '.join(problems)}")
    return redirect("document", document_id)


def _run_again(row: Document, actor: Actor, form: RunForm) -> None:
    """Raises: ValidationFailed; AppError as `document_convert` and `document_reextract`."""
    if not form.is_valid():
        raise ValidationFailed({name: list(map(str, errors)) for name, errors in form.errors.items()})
    data, options = form.cleaned_data, form.options()
    choices: dict[str, Any] = {
        **form.recipe(),
        "document_type": data["type"],
        "model": data["model"],
    }
    if options or data["model"]:
        document_convert(document=row, actor=actor, options=options, **choices)
        return
    password = data["pdf_password"]
    document_reextract(
        document=row, actor=actor, pdf_password=password, reuse_text=not data["read_again"], **choices
    )


@require_safe
@workspace_page(scope="documents:read")
def page_picture(request: HttpRequest, actor: Actor, document_id: UUID, number: int) -> HttpResponseBase:
    """The picture of a page; browsers keep it, so that the next document is painted at once."""
    image = page_image(document_get(document_id=document_id, actor=actor), number)
    return bytes_response(request, image, "image/webp", cache_s=PICTURE_CACHE_S)


@require_safe
@workspace_page(scope="documents:read")
def original(request: HttpRequest, actor: Actor, document_id: UUID) -> HttpResponseBase:
    """The file as it was sent; browsers show what they can show safely and save the rest."""
    row = document_get(document_id=document_id, actor=actor)
    require_alive(row)
    inline = row.content_type == "application/pdf" or row.content_type.startswith("image/")
    file = file_open(row.storage_key)
    return file_response(
        request, file, row.size_bytes, row.content_type, filename=row.filename, attachment=not inline
    )


@require_http_methods(["GET", "POST"])
@workspace_page(scope="documents:write")
def upload(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The upload page; its form takes one file where there is no JavaScript."""
    flows = Flow.objects.visible_to(actor).filter(active=True)
    form = UploadForm(request.POST or None, request.FILES or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        intake = document_create(upload=_upload(form), actor=actor)
        messages.success(request, _intake_words(intake))
        return redirect("document", intake.document.pk)
    context = {
        "form": form,
        "flows": flows,
        "reading": reading_choices(actor.workspace),
        "templates": Template.objects.visible_to(actor).filter(version__gt=0),
        "kinds": ", ".join(SUPPORTED.values()),
        "max_mb": settings.MAX_FILE_BYTES // (1024 * 1024),
        "room": "upload",
    }
    return render(request, "documents/upload.html", context)


def _template_of(row: Document, actor: Actor) -> Template | None:
    if row.template_id is None:
        return None
    return Template.objects.visible_to(actor).filter(pk=row.template_id).first()


def tab_counts(rows: QuerySet[Document]) -> list[dict[str, Any]]:
    """The tabs with how many documents each holds. One SQL query."""
    by_status = dict(rows.order_by().values_list("status").annotate(Count("pk")))
    return [
        {
            "key": key,
            "label": label,
            "count": sum(by_status.get(status, 0) for status in statuses or by_status),
        }
        for key, (label, statuses) in TABS.items()
    ]


def ordering(sort: str) -> list[Any]:
    """The list's order for `title` or `-title`; newest first for anything unknown."""
    column = SORTS.get(sort.removeprefix("-"))
    if column is None:
        return ["-created_at", "-pk"]
    ordered = column.desc(nulls_last=True) if sort.startswith("-") else column.asc(nulls_last=True)
    return [ordered, "-pk"]


def _upload(form: UploadForm) -> Upload:
    data = form.cleaned_data
    return Upload(
        file=data["file"].file, filename=data["file"].name, **form.recipe(),
        pdf_password=data["pdf_password"], type=data["type"], model=data["model"] or "standard",
        options=form.options(),
    )  # fmt: skip


def _intake_words(intake: Intake) -> str:
    name = str(intake.document)
    return f"This file is here already, as {name}." if intake.deduped else f"{name} was uploaded."
