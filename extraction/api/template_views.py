from __future__ import annotations

from typing import Any
from uuid import UUID

import django_filters as filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actors import Actor
from accounts.api.idempotency import idempotent
from accounts.api.views import require_actor
from common.api.pagination import ListPagination
from common.api.requests import checked, filter_rows
from common.api.serializers import DeletedOutput, ErrorOutput
from common.api.views import ApiView
from common.errors import NotFound
from extraction.api.recipe_serializers import (
    TemplateChangeInput,
    TemplateInput,
    TemplateOutput,
    TemplateVersionListOutput,
    TemplateVersionOutput,
    ValidateInput,
    ValidateOutput,
)
from extraction.document_types import resolve_type
from extraction.models import Template, TemplateStatus
from extraction.services.templates import (
    template_create,
    template_delete,
    template_problems,
    template_publish,
    template_update,
)


class TemplateFilter(filters.FilterSet):
    q = filters.CharFilter(field_name="name", lookup_expr="icontains", max_length=200)
    active = filters.BooleanFilter(method="by_active")
    type = filters.CharFilter(method="by_type", max_length=64)

    class Meta:
        model = Template
        fields: list[str] = []

    def by_active(self, rows: QuerySet[Template], name: str, value: bool) -> QuerySet[Template]:
        active = {"status": TemplateStatus.ACTIVE}
        return rows.filter(**active) if value else rows.exclude(**active)

    def by_type(self, rows: QuerySet[Template], name: str, value: str) -> QuerySet[Template]:
        return rows.filter(document_type_hint=resolve_type(value) or value)


class TemplateListView(ApiView):
    scopes = {"GET": "flows:read", "POST": "flows:write"}
    ordering_fields = {"name": "name", "created_at": "created_at"}
    default_ordering = "name"
    pagination_class = ListPagination
    filterset_class = TemplateFilter

    @extend_schema(operation_id="templates_list", responses=TemplateOutput(many=True), filters=True)
    def get(self, request: Request) -> Response:
        rows = Template.objects.visible_to(require_actor(request))
        return self.paged(request, filter_rows(TemplateFilter, request, rows), TemplateOutput)

    @extend_schema(
        operation_id="templates_create",
        request=TemplateInput,
        responses={201: TemplateOutput, 400: ErrorOutput, 409: ErrorOutput},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        template = template_create(actor=require_actor(request), **template_data(TemplateInput, request))
        return Response(TemplateOutput(template).data, status.HTTP_201_CREATED)


class TemplateView(ApiView):
    scopes = {"GET": "flows:read", "PATCH": "flows:write", "DELETE": "flows:write"}

    @extend_schema(operation_id="templates_get", responses=TemplateOutput)
    def get(self, request: Request, template_id: UUID) -> Response:
        return Response(TemplateOutput(template_get(template_id, require_actor(request))).data)

    @extend_schema(
        operation_id="templates_update",
        request=TemplateChangeInput,
        responses={200: TemplateOutput, 400: ErrorOutput, 409: ErrorOutput},
    )
    def patch(self, request: Request, template_id: UUID) -> Response:
        actor = require_actor(request)
        template = template_get(template_id, actor)
        data = template_data(TemplateChangeInput, request)
        return Response(TemplateOutput(template_update(actor=actor, template=template, **data)).data)

    @extend_schema(operation_id="templates_delete", responses={200: DeletedOutput, 409: ErrorOutput})
    def delete(self, request: Request, template_id: UUID) -> Response:
        actor = require_actor(request)
        template_delete(actor=actor, template=template_get(template_id, actor))
        return Response({"deleted": True})


class TemplateVersionsView(ApiView):
    scopes = {"GET": "flows:read"}

    @extend_schema(operation_id="templates_versions", responses=TemplateVersionListOutput)
    def get(self, request: Request, template_id: UUID) -> Response:
        template = template_get(template_id, require_actor(request))
        rows = list(template.versions.all())
        return Response({"results": TemplateVersionOutput(rows, many=True).data})


class TemplatePublishView(ApiView):
    scopes = {"POST": "flows:write"}

    @extend_schema(operation_id="templates_publish", request=None, responses=TemplateOutput)
    @idempotent
    def post(self, request: Request, template_id: UUID) -> Response:
        actor = require_actor(request)
        template = template_publish(actor=actor, template=template_get(template_id, actor))
        return Response(TemplateOutput(template).data)


class TemplateValidateView(ApiView):
    """Whether values fit the template's fields; nothing is kept."""

    scopes = {"POST": "flows:write"}

    @extend_schema(operation_id="templates_validate", request=ValidateInput, responses=ValidateOutput)
    def post(self, request: Request, template_id: UUID) -> Response:
        template = template_get(template_id, require_actor(request))
        values = checked(ValidateInput, request)["fields"]
        errors = template_problems(template=template, values=values)
        return Response({"valid": not errors, "errors": errors})


def template_data(serializer_class: Any, request: Request) -> dict[str, Any]:
    """The checked template; null stands for no hint. Raises: DRF's ValidationError."""
    data = checked(serializer_class, request)
    if "document_type_hint" in data:
        data["document_type_hint"] = data["document_type_hint"] or ""
    return data


def template_get(template_id: UUID, actor: Actor) -> Template:
    """Raises: NotFound."""
    template = Template.objects.visible_to(actor).filter(pk=template_id).first()
    if template is None:
        raise NotFound("template")
    return template
