"""The page that shows what other thresholds of a flow would have done, and takes them over."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.actors import Actor
from accounts.guards import workspace_page
from common.errors import NotFound
from extraction.engines.fields.defs import FieldDef
from extraction.forms import read_version
from extraction.models import Flow
from extraction.services.flows import flow_update
from extraction.simulation import question_of, simulate
from extraction.simulation_forms import SimulationForm
from extraction.simulation_presenters import advice_words, chart, sentence, table, wrong_fields

UNPROCESSABLE = 422


@require_safe
@workspace_page(scope="flows:read")
def simulation(request: HttpRequest, actor: Actor, flow_id: UUID) -> HttpResponse:
    """The thresholds of a flow, and what they would have done to what is here already."""
    flow = _flow(flow_id, actor)
    form = SimulationForm(request.GET, flow)
    return show(request, actor, flow, form)


@require_POST
@workspace_page(scope="flows:write")
def take_over(request: HttpRequest, actor: Actor, flow_id: UUID) -> HttpResponse:
    """Makes the tried thresholds and floors the flow's own."""
    flow = _flow(flow_id, actor)
    form = SimulationForm(request.POST, flow)
    if not form.is_valid():
        return show(request, actor, flow, form)
    version = read_version(request.POST)
    flow_update(actor=actor, flow=flow, fields=_with_floors(flow, form), version=version, **form.thresholds())
    messages.success(request, f"{flow.name} takes these thresholds from now on.")
    return redirect("flow_simulation", flow.pk)


def show(request: HttpRequest, actor: Actor, flow: Flow, form: SimulationForm) -> HttpResponse:
    context: dict[str, Any] = {
        "flow": flow,
        "form": form,
        "room": "flows",
        "may_change": actor.can("flows:write"),
    }
    if form.is_valid():
        question = question_of(flow, **form.question())
        answer = simulate(flow, question, actor)
        context |= {
            "answer": answer,
            "sentence": sentence(question, answer),
            "advice": advice_words(question, answer),
            "chart": chart(question, answer),
            "rows": table(question, answer.points),
            "wrong_fields": wrong_fields(flow, answer),
        }
    name = "simulation/partials/answer.html" if request.htmx else "simulation/page.html"  # type: ignore[attr-defined]
    return render(request, name, context, status=200 if "answer" in context else UNPROCESSABLE)


def _with_floors(flow: Flow, form: SimulationForm) -> list[FieldDef] | None:
    """The flow's fields with the floors of the form; None where they are not its own or stay as they are."""
    own, floors = [item.to_def() for item in flow.fields.all()], form.floors()
    fields = [replace(item, require_score_above=floors.get(item.name)) for item in own]
    return fields if fields != own else None


def _flow(flow_id: UUID, actor: Actor) -> Flow:
    flow = Flow.objects.visible_to(actor).prefetch_related("fields").filter(pk=flow_id).first()
    if flow is None:
        raise NotFound("flow")
    return flow
