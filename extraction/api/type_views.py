from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actors import Actor
from accounts.api.idempotency import idempotent
from accounts.api.views import require_actor
from common.api.pagination import ListPagination
from common.api.requests import checked, query_value
from common.api.serializers import DeletedOutput, ErrorOutput
from common.api.views import ApiView
from common.errors import NotFound
from extraction.api.recipe_serializers import TypeChangeInput, TypeInput, TypeOutput
from extraction.services.document_types import (
    document_type_create,
    document_type_delete,
    document_type_update,
)
from extraction.type_registry import TypeInfo, type_of, types_of

GROUP = serializers.CharField(max_length=64)


class TypeListView(ApiView):
    """All types of the workspace, by slug."""

    scopes = {"GET": "flows:read", "POST": "flows:write"}
    ordering_fields = {"slug": "slug"}
    default_ordering = "slug"
    pagination_class = ListPagination

    @extend_schema(
        operation_id="document_types_list",
        parameters=[
            OpenApiParameter("group", str, description="Such as identity, civil, commercial, financial."),
            OpenApiParameter("enabled", bool),
        ],
        responses=TypeOutput(many=True),
    )
    def get(self, request: Request) -> Response:
        group = query_value(request, "group", GROUP)
        enabled = query_value(request, "enabled", serializers.BooleanField())
        found = [
            info
            for info in types_of(require_actor(request).workspace).values()
            if group in (None, info.group) and enabled in (None, info.enabled)
        ]
        pages = ListPagination()
        rows = pages.paginate_list(found, "slug", request, self)
        return pages.get_paginated_response(TypeOutput(rows, many=True).data)

    @extend_schema(
        operation_id="document_types_create",
        request=TypeInput,
        responses={201: TypeOutput, 400: ErrorOutput, 409: ErrorOutput},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        info = document_type_create(actor=require_actor(request), **checked(TypeInput, request))
        return Response(TypeOutput(info).data, status.HTTP_201_CREATED)


class TypeView(ApiView):
    """One type by its slug or an alias of it."""

    scopes = {"GET": "flows:read", "PATCH": "flows:write", "DELETE": "flows:write"}

    @extend_schema(operation_id="document_types_get", responses=TypeOutput)
    def get(self, request: Request, slug: str) -> Response:
        return Response(TypeOutput(type_get(slug, require_actor(request))).data)

    @extend_schema(
        operation_id="document_types_update",
        request=TypeChangeInput,
        responses={200: TypeOutput, 400: ErrorOutput},
    )
    def patch(self, request: Request, slug: str) -> Response:
        actor = require_actor(request)
        type_get(slug, actor)
        data: dict[str, Any] = checked(TypeChangeInput, request)
        return Response(TypeOutput(document_type_update(actor=actor, slug=slug, **data)).data)

    @extend_schema(operation_id="document_types_delete", responses={200: DeletedOutput, 409: ErrorOutput})
    def delete(self, request: Request, slug: str) -> Response:
        document_type_delete(actor=require_actor(request), slug=slug)
        return Response({"deleted": True})


def type_get(slug: str, actor: Actor) -> TypeInfo:
    """Raises: NotFound."""
    info = type_of(actor.workspace, slug)
    if info is None:
        raise NotFound("document_type")
    return info
