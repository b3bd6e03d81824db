"""The pages about what was learned: senders, what is remembered of each, and forgetting it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.actors import Actor
from accounts.guards import workspace_page
from extraction.memories import memory_get
from extraction.models import SenderMemory
from extraction.services.memory import memory_delete, memory_field_delete

PER_PAGE = 50
MAX_QUERY = 120


@require_safe
@workspace_page(scope="flows:read")
def memories(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The senders of whom something was learned, the latest first."""
    query = request.GET.get("q", "").strip()[:MAX_QUERY]
    rows = SenderMemory.objects.visible_to(actor).with_counts().with_fields()
    if query:
        rows = rows.filter(name__icontains=query)
    page = Paginator(rows.order_by("-updated_at", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    name = "memory/partials/table.html" if request.htmx else "memory/list.html"  # type: ignore[attr-defined]
    return render(request, name, {"page": page, "q": query, "room": "learned"})


@require_safe
@workspace_page(scope="flows:read")
def memory(request: HttpRequest, actor: Actor, memory_id: UUID) -> HttpResponse:
    """One sender: each field with an example, where it was learned from, and how often it was right."""
    found = memory_get(memory_id=memory_id, actor=actor)
    context = {"memory": found, "may_forget": actor.can("flows:write"), "room": "learned"}
    return render(request, "memory/detail.html", context)


@require_POST
@workspace_page(scope="flows:write")
def memory_forget_page(request: HttpRequest, actor: Actor, memory_id: UUID) -> HttpResponse:
    """Forgets the sender and shows the others."""
    found = memory_get(memory_id=memory_id, actor=actor)
    memory_delete(memory=found, actor=actor)
    messages.success(request, f"Forgot {found.name}. Its next documents are read as from a new sender.")
    return redirect("memories")


@require_POST
@workspace_page(scope="flows:write")
def memory_field_forget_page(request: HttpRequest, actor: Actor, memory_id: UUID, name: str) -> HttpResponse:
    """Forgets one field and shows the sender again, or the list when it was the last."""
    found = memory_get(memory_id=memory_id, actor=actor)
    memory_field_delete(memory=found, name=name, actor=actor)
    messages.success(request, f"Forgot one field of {found.name}.")
    if SenderMemory.objects.visible_to(actor).filter(pk=memory_id).exists():
        return redirect("memory", memory_id)
    return redirect("memories")
