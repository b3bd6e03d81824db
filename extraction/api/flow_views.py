from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import django_filters as filters
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actors import Actor
from accounts.api.idempotency import idempotent
from accounts.api.views import require_actor
from common.api.pagination import ListPagination
from common.api.requests import checked, filter_rows, if_match, query_value
from common.api.serializers import DeletedOutput, ErrorOutput
from common.api.views import ApiView
from common.errors import NotFound
from extraction.api.recipe_serializers import FlowDuplicateInput, FlowStatsOutput
from extraction.api.serializers import FlowChangeInput, FlowInput, FlowOutput
from extraction.flow_stats import flow_stats
from extraction.models import Flow, Template
from extraction.services.flows import flow_create, flow_delete, flow_duplicate, flow_update

MOMENT = serializers.DateTimeField(default_timezone=UTC)


class FlowFilter(filters.FilterSet):
    q = filters.CharFilter(field_name="name", lookup_expr="icontains", max_length=120)
    active = filters.BooleanFilter()

    class Meta:
        model = Flow
        fields: list[str] = []


class FlowListView(ApiView):
    scopes = {"GET": "flows:read", "POST": "flows:write"}
    ordering_fields = {"name": "name", "created_at": "created_at"}
    default_ordering = "name"
    pagination_class = ListPagination
    filterset_class = FlowFilter

    @extend_schema(operation_id="flows_list", responses=FlowOutput(many=True), filters=True)
    def get(self, request: Request) -> Response:
        rows = Flow.objects.visible_to(require_actor(request)).prefetch_related("fields")
        return self.paged(request, filter_rows(FlowFilter, request, rows), FlowOutput)

    @extend_schema(
        operation_id="flows_create", request=FlowInput, responses={201: FlowOutput, 409: ErrorOutput}
    )
    @idempotent
    def post(self, request: Request) -> Response:
        data = flow_data(FlowInput, request)
        flow = flow_create(actor=require_actor(request), fields=data.pop("fields", ()), **data)
        return Response(FlowOutput(flow).data, status.HTTP_201_CREATED)


class FlowView(ApiView):
    scopes = {"GET": "flows:read", "PATCH": "flows:write", "DELETE": "flows:write"}

    @extend_schema(operation_id="flows_get", responses=FlowOutput)
    def get(self, request: Request, flow_id: UUID) -> Response:
        return Response(FlowOutput(flow_get(flow_id, require_actor(request))).data)

    @extend_schema(
        operation_id="flows_update", request=FlowChangeInput, responses={200: FlowOutput, 409: ErrorOutput}
    )
    def patch(self, request: Request, flow_id: UUID) -> Response:
        actor = require_actor(request)
        flow = flow_get(flow_id, actor)
        data = flow_data(FlowChangeInput, request)
        version, fields = data.pop("version", None) or if_match(request), data.pop("fields", None)
        flow = flow_update(actor=actor, flow=flow, fields=fields, version=version, **data)
        return Response(FlowOutput(flow).data)

    @extend_schema(operation_id="flows_delete", responses=DeletedOutput)
    def delete(self, request: Request, flow_id: UUID) -> Response:
        actor = require_actor(request)
        flow_delete(actor=actor, flow=flow_get(flow_id, actor))
        return Response({"deleted": True})


class FlowDuplicateView(ApiView):
    scopes = {"POST": "flows:write"}

    @extend_schema(
        operation_id="flows_duplicate",
        request=FlowDuplicateInput,
        responses={201: FlowOutput, 409: ErrorOutput},
    )
    @idempotent
    def post(self, request: Request, flow_id: UUID) -> Response:
        actor = require_actor(request)
        flow = flow_get(flow_id, actor)
        name = checked(FlowDuplicateInput, request).get("name", "")
        copy = flow_duplicate(actor=actor, flow=flow, name=name)
        return Response(FlowOutput(copy).data, status.HTTP_201_CREATED)


class FlowStatsView(ApiView):
    """How the flow's documents went."""

    scopes = {"GET": "flows:read"}

    @extend_schema(
        operation_id="flows_stats",
        parameters=[OpenApiParameter("from", datetime), OpenApiParameter("to", datetime)],
        responses=FlowStatsOutput,
    )
    def get(self, request: Request, flow_id: UUID) -> Response:
        flow = flow_get(flow_id, require_actor(request))
        period = {name: query_value(request, name, MOMENT) for name in ("from", "to")}
        return Response(flow_stats(flow, since=period["from"], until=period["to"]))


def flow_data(serializer_class: Any, request: Request) -> dict[str, Any]:
    """The checked flow, its template as a row. Folders do not exist yet, so an id of one names nothing.

    Raises: NotFound, DRF's ValidationError.
    """
    data = checked(serializer_class, request)
    if data.pop("folder_id", None):
        raise NotFound("folder", field="folder_id")
    if "template_id" in data:
        data["template"] = _template(data.pop("template_id"), require_actor(request))
    return data


def _template(template_id: UUID | None, actor: Actor) -> Template | None:
    if template_id is None:
        return None
    template = Template.objects.visible_to(actor).filter(pk=template_id).first()
    if template is None:
        raise NotFound("template", field="template_id")
    return template


def flow_get(flow_id: UUID, actor: Actor) -> Flow:
    flow = Flow.objects.visible_to(actor).prefetch_related("fields").filter(pk=flow_id).first()
    if flow is None:
        raise NotFound("flow")
    return flow
