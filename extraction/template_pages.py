"""Pages on which admins make templates."""

from __future__ import annotations

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
from extraction.editing import UNPROCESSABLE, checked_rows, editor_context, table_changed
from extraction.field_editor import FieldRow, read_rows, rows_of
from extraction.models import Template
from extraction.recipe_forms import TemplateForm, template_initial
from extraction.services.field_sets import FieldSet
from extraction.services.templates import (
    template_create,
    template_delete,
    template_publish,
    template_update,
)
from extraction.trial_pages import samples_for, trial


@require_safe
@workspace_page(scope="flows:write")
def templates(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All templates with their state."""
    rows = Template.objects.visible_to(actor).annotate(flow_count=Count("flows")).order_by("name")
    return render(request, "flows/templates.html", {"templates": rows, "room": "flows", "tab": "templates"})


@require_http_methods(["GET", "POST"])
@workspace_page(scope="flows:write")
def template_new(request: HttpRequest, actor: Actor) -> HttpResponse:
    return _editor(request, actor, None)


@require_http_methods(["GET", "POST"])
@workspace_page(scope="flows:write")
def template_edit(request: HttpRequest, actor: Actor, template_id: UUID) -> HttpResponse:
    return _editor(request, actor, _get(template_id, actor))


@require_POST
@workspace_page(scope="flows:write")
def template_remove(request: HttpRequest, actor: Actor, template_id: UUID) -> HttpResponse:
    template = _get(template_id, actor)
    try:
        template_delete(actor=actor, template=template)
    except AppError as error:
        messages.error(request, error.message)
        return redirect("template", template.pk)
    messages.success(request, f"{template} was deleted. Documents keep what was read with it.")
    return redirect("templates")


@require_POST
@workspace_page(scope="flows:write")
def template_switch(request: HttpRequest, actor: Actor, template_id: UUID) -> HttpResponse:
    """Recognises documents, or no longer."""
    template = template_update(
        actor=actor, template=_get(template_id, actor), active=request.POST.get("active") == "yes"
    )
    words = "recognises documents again" if template.active else "recognises no documents any more"
    messages.success(request, f"{template} {words}.")
    return redirect("template", template.pk)


@require_POST
@workspace_page(scope="flows:write")
def template_try(request: HttpRequest, actor: Actor, template_id: UUID) -> HttpResponse:
    """What the template reads as it is being edited, and whether it recognises the document."""
    template = _get(template_id, actor)
    policy = Policy(review_below_score=actor.workspace.review_below_score)
    wanted = FieldSet(template.field_defs(), asked=True)
    hint = template.document_type_hint
    return trial(request, actor, wanted, policy, type_slug=hint, rules=template.match)


def _editor(request: HttpRequest, actor: Actor, template: Template | None) -> HttpResponse:
    """The form of a template: shown, its table changed, saved, or saved and published."""
    initial = template_initial(template)
    if request.method != "POST":
        form = TemplateForm(initial=initial, workspace=actor.workspace)
        return _page(
            request,
            actor,
            template,
            form,
            rows_of(template.field_defs()) if template else [FieldRow(path="0")],
        )
    form = TemplateForm(request.POST, initial=initial, workspace=actor.workspace)
    rows = read_rows(request.POST)
    if "do" in request.POST:
        return table_changed(request, rows) or _page(request, actor, template, form, rows)
    saved = _save(actor, template, form, rows)
    if saved is None:
        return _page(request, actor, template, form, rows, status=UNPROCESSABLE)
    messages.success(request, _done(request, actor, saved))
    return redirect("template", saved.pk)


def _save(
    actor: Actor, template: Template | None, form: TemplateForm, rows: list[FieldRow]
) -> Template | None:
    """The saved template; None when the form and its rows say what is wrong."""
    valid, fields = form.is_valid(), checked_rows(form, rows)
    if not valid or fields is None:
        return None
    try:
        if template is None:
            return template_create(actor=actor, fields=fields, **form.values())
        return template_update(actor=actor, template=template, fields=fields, **form.values())
    except AppError as error:
        form.refuse(error)
        return None


def _done(request: HttpRequest, actor: Actor, template: Template) -> str:
    if "publish" not in request.POST:
        return f"{template} was saved. Publish it to have documents read with it."
    published = template_publish(actor=actor, template=template)
    return f"{template} was published as version {published.version}."


def _page(
    request: HttpRequest,
    actor: Actor,
    template: Template | None,
    form: TemplateForm,
    rows: list[FieldRow],
    status: int = 200,
) -> HttpResponse:
    latest = template.versions.first() if template else None
    context = {
        **editor_context(form, rows),
        "template": template,
        "versions": template.versions.all()[:20] if template else [],
        "unpublished": bool(template and (latest is None or latest.snapshot != template.snapshot())),
        "samples": samples_for(actor) if template else [],
        "room": "flows",
        "tab": "templates",
    }
    return render(request, "flows/template.html", context, status=status)


def _get(template_id: UUID, actor: Actor) -> Template:
    template = Template.objects.visible_to(actor).filter(pk=template_id).first()
    if template is None:
        raise NotFound("template")
    return template
