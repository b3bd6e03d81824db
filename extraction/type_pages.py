"""Pages on which admins see, make and switch document types."""

from __future__ import annotations

from itertools import groupby

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actors import Actor
from accounts.guards import workspace_page
from common.errors import AppError, NotFound
from extraction.editing import UNPROCESSABLE, checked_rows, editor_context, table_changed
from extraction.field_editor import FieldRow, read_rows, rows_of
from extraction.recipe_forms import TypeForm
from extraction.services.document_types import (
    document_type_create,
    document_type_delete,
    document_type_update,
)
from extraction.type_registry import ALWAYS_ON, TypeInfo, type_of, types_of

SHOWN = ("name", "group", "description", "enabled")


@require_safe
@workspace_page(scope="flows:write")
def types(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All types, the workspace's own first."""
    found = sorted(types_of(actor.workspace).values(), key=lambda info: (info.builtin, info.group, info.name))
    groups = [(title, list(rows)) for title, rows in groupby(found, key=_title)]
    return render(request, "flows/types.html", {"groups": groups, "room": "flows", "tab": "types"})


@require_http_methods(["GET", "POST"])
@workspace_page(scope="flows:write")
def type_new(request: HttpRequest, actor: Actor) -> HttpResponse:
    return _editor(request, actor, None)


@require_http_methods(["GET", "POST"])
@workspace_page(scope="flows:write")
def type_edit(request: HttpRequest, actor: Actor, slug: str) -> HttpResponse:
    """A type of the workspace in its form; a built-in one as it is."""
    info = _get(slug, actor)
    if not info.builtin:
        return _editor(request, actor, info)
    context = {"info": info, "always_on": info.slug in ALWAYS_ON, "room": "flows", "tab": "types"}
    return render(request, "flows/builtin_type.html", context)


@require_POST
@workspace_page(scope="flows:write")
def type_switch(request: HttpRequest, actor: Actor, slug: str) -> HttpResponse:
    """On or off."""
    info = document_type_update(actor=actor, slug=slug, enabled=request.POST.get("enabled") == "yes")
    messages.success(request, f"{info.name} is {'on' if info.enabled else 'off'}.")
    return redirect("document_type", info.slug)


@require_POST
@workspace_page(scope="flows:write")
def type_remove(request: HttpRequest, actor: Actor, slug: str) -> HttpResponse:
    try:
        document_type_delete(actor=actor, slug=slug)
    except AppError as error:
        messages.error(request, error.message)
        return redirect("document_type", slug)
    messages.success(request, f"{slug} was deleted. Documents keep its name.")
    return redirect("document_types")


def _editor(request: HttpRequest, actor: Actor, info: TypeInfo | None) -> HttpResponse:
    """The form of a type: shown, its table changed, or saved."""
    if request.method != "POST":
        form = _form(actor, info)
        return _page(request, info, form, rows_of(info.fields) if info else [FieldRow(path="0")])
    form = _form(actor, info, request)
    rows = read_rows(request.POST)
    if "do" in request.POST:
        return table_changed(request, rows) or _page(request, info, form, rows)
    saved = _save(actor, info, form, rows)
    if saved is None:
        return _page(request, info, form, rows, status=UNPROCESSABLE)
    messages.success(request, f"{saved.name} was saved.")
    return redirect("document_type", saved.slug)


def _form(actor: Actor, info: TypeInfo | None, request: HttpRequest | None = None) -> TypeForm:
    initial = {name: getattr(info, name) for name in SHOWN} if info else {}
    if info:
        initial |= {"slug": info.slug, "keywords": "\n".join(info.keywords)}
    form = TypeForm(request.POST if request else None, initial=initial or None, workspace=actor.workspace)
    form.fields["slug"].disabled = info is not None
    return form


def _save(actor: Actor, info: TypeInfo | None, form: TypeForm, rows: list[FieldRow]) -> TypeInfo | None:
    """The saved type; None when the form and its rows say what is wrong."""
    valid, fields = form.is_valid(), checked_rows(form, rows)
    if not valid or fields is None:
        return None
    try:
        if info is None:
            return document_type_create(actor=actor, fields=fields, **form.cleaned_data)
        values = {name: value for name, value in form.cleaned_data.items() if name != "slug"}
        return document_type_update(actor=actor, slug=info.slug, fields=fields, **values)
    except AppError as error:
        form.refuse(error)
        return None


def _page(
    request: HttpRequest, info: TypeInfo | None, form: TypeForm, rows: list[FieldRow], status: int = 200
) -> HttpResponse:
    context = {**editor_context(form, rows), "info": info, "room": "flows", "tab": "types"}
    return render(request, "flows/type.html", context, status=status)


def _title(info: TypeInfo) -> str:
    return info.group.capitalize() if info.builtin else "Your own"


def _get(slug: str, actor: Actor) -> TypeInfo:
    info = type_of(actor.workspace, slug)
    if info is None:
        raise NotFound("document_type")
    return info
