"""Pages on which admins make flows."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actors import Actor
from accounts.guards import workspace_page
from common.errors import AppError, NotFound
from documents.policy import Policy
from documents.selectors import job_get
from extraction.editing import UNPROCESSABLE, checked_rows, editor_context, table_changed
from extraction.engines.fields.defs import fields_from_json
from extraction.field_editor import FieldRow, read_rows, rows_of
from extraction.flow_stats import flow_stats
from extraction.models import Flow
from extraction.recipe_forms import FlowForm, flow_initial
from extraction.services.field_sets import field_set_of_flow
from extraction.services.flow_drafts import can_suggest
from extraction.services.flows import (
    POLICY_FIELDS,
    flow_create,
    flow_delete,
    flow_duplicate,
    flow_update,
)
from extraction.suggest_pages import draft_of
from extraction.trial_pages import samples_for, trial


@require_safe
@workspace_page(scope="flows:write")
def flows(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All flows with what they take and when a person looks."""
    rows = (
        Flow.objects.visible_to(actor)
        .select_related("template")
        .annotate(own_fields=Count("fields"))
        .order_by("name")
    )
    context = {"flows": rows, "can_suggest": can_suggest(), "room": "flows", "tab": "flows"}
    return render(request, "flows/flows.html", context)


@require_http_methods(["GET", "POST"])
@workspace_page(scope="flows:write")
def flow_new(request: HttpRequest, actor: Actor) -> HttpResponse:
    return _editor(request, actor, None)


@require_http_methods(["GET", "POST"])
@workspace_page(scope="flows:write")
def flow_edit(request: HttpRequest, actor: Actor, flow_id: UUID) -> HttpResponse:
    return _editor(request, actor, _get(flow_id, actor))


@require_POST
@workspace_page(scope="flows:write")
def flow_remove(request: HttpRequest, actor: Actor, flow_id: UUID) -> HttpResponse:
    flow = _get(flow_id, actor)
    flow_delete(actor=actor, flow=flow)
    messages.success(request, f"{flow} was deleted. Documents keep what was read with it.")
    return redirect("flows")


@require_POST
@workspace_page(scope="flows:write")
def flow_copy(request: HttpRequest, actor: Actor, flow_id: UUID) -> HttpResponse:
    copy = flow_duplicate(actor=actor, flow=_get(flow_id, actor))
    messages.success(request, f"This is {copy}.")
    return redirect("flow", copy.pk)


@require_POST
@workspace_page(scope="flows:write")
def flow_try(request: HttpRequest, actor: Actor, flow_id: UUID) -> HttpResponse:
    """What the saved flow reads from a document; nothing is kept."""
    flow = _get(flow_id, actor)
    policy = Policy(**{name: getattr(flow, name) for name in POLICY_FIELDS})
    return trial(request, actor, field_set_of_flow(flow), policy, type_slug=flow.document_type)


def _editor(request: HttpRequest, actor: Actor, flow: Flow | None) -> HttpResponse:
    """The form of a flow: shown, its table changed, or saved."""
    if request.method != "POST":
        draft = _draft(request, actor) if flow is None else {}
        form = FlowForm(initial={**flow_initial(flow), **draft}, workspace=actor.workspace)
        fields = flow.field_defs() if flow else fields_from_json(draft.get("fields", []))
        return _page(request, actor, flow, form, rows_of(fields) or [FieldRow(path="0")])
    form = FlowForm(request.POST, initial=flow_initial(flow), workspace=actor.workspace)
    rows = read_rows(request.POST)
    if "do" in request.POST:
        return table_changed(request, rows) or _page(request, actor, flow, form, rows)
    saved = _save(request, actor, flow, form, rows)
    if saved is None:
        return _page(request, actor, flow, form, rows, status=UNPROCESSABLE)
    messages.success(request, f"{saved} was saved as version {saved.version}.")
    return redirect("flow", saved.pk)


def _draft(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    """What a language model drafted, where the address names its job."""
    try:
        job_id = UUID(request.GET.get("draft", ""))
    except ValueError:
        return {}
    return draft_of(job_get(job_id=job_id, actor=actor)) or {}


def _save(
    request: HttpRequest, actor: Actor, flow: Flow | None, form: FlowForm, rows: list[FieldRow]
) -> Flow | None:
    """The saved flow; None when the form and its rows say what is wrong."""
    valid = form.is_valid()
    own = not form.cleaned_data.get("template")
    fields = checked_rows(form, rows) if own else ()
    if not valid or fields is None:
        return None
    try:
        if flow is None:
            return flow_create(actor=actor, fields=fields, **form.cleaned_data)
        version = request.POST.get("version", "")
        return flow_update(
            actor=actor, flow=flow, fields=fields, version=int(version) if version.isdecimal() else None,
            **form.cleaned_data,
        )  # fmt: skip
    except AppError as error:
        form.refuse(error)
        return None


def _page(
    request: HttpRequest,
    actor: Actor,
    flow: Flow | None,
    form: FlowForm,
    rows: list[FieldRow],
    status: int = 200,
) -> HttpResponse:
    context = {
        **editor_context(form, rows),
        "flow": flow,
        "version": request.POST.get("version") or (flow.version if flow else ""),
        "stats": flow_stats(flow) if flow else None,
        "samples": samples_for(actor) if flow else [],
        "own_fields": not form["template"].value(),
        "room": "flows",
        "tab": "flows",
    }
    return render(request, "flows/flow.html", context, status=status)


def _get(flow_id: UUID, actor: Actor) -> Flow:
    rows = Flow.objects.visible_to(actor).select_related("template").prefetch_related("fields")
    flow = rows.filter(pk=flow_id).first()
    if flow is None:
        raise NotFound("flow")
    return flow
