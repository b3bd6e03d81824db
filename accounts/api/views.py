from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actors import Actor, actor_of
from accounts.api.idempotency import idempotent
from accounts.api.permissions import ANY_USER
from accounts.api.serializers import (
    ApiKeyInput,
    ApiKeyOutput,
    MeInput,
    MeOutput,
    NewApiKeyOutput,
    RevokedOutput,
    TicketOutput,
)
from accounts.models import ApiKey
from accounts.services.api_keys import api_key_create, api_key_revoke
from accounts.services.audit import audit_record
from accounts.services.tickets import TTL_SECONDS, ticket_issue
from common.api.pagination import ListPagination
from common.api.requests import checked, query_flag
from common.api.views import ApiView
from common.errors import NotFound


def require_actor(request: Request) -> Actor:
    """The actor, which HasScope has made sure of."""
    actor = actor_of(request)
    assert actor is not None
    return actor


class MeView(ApiView):
    """Who the caller is."""

    scopes = {"GET": ANY_USER, "PATCH": ANY_USER}

    @extend_schema(operation_id="auth_me", responses=MeOutput)
    def get(self, request: Request) -> Response:
        return Response(_me(require_actor(request)))

    @extend_schema(operation_id="auth_me_update", request=MeInput, responses=MeOutput)
    def patch(self, request: Request) -> Response:
        data = checked(MeInput, request)
        actor = require_actor(request)
        if actor.user is None:
            raise NotFound("user")
        for name, value in data.items():
            setattr(actor.user, name, value)
        actor.user.save(update_fields=[*data])
        audit_record(
            actor=actor,
            action="user.updated",
            object_type="user",
            object_id=actor.user.pk,
            changes={"fields": sorted(data)},
        )
        return Response(_me(actor))


class WsTicketView(ApiView):
    scopes = {"POST": ANY_USER}

    @extend_schema(operation_id="auth_ws_ticket", request=None, responses={201: TicketOutput})
    def post(self, request: Request) -> Response:
        ticket = ticket_issue(actor=require_actor(request))
        return Response({"ticket": ticket, "expires_in": TTL_SECONDS}, status.HTTP_201_CREATED)


class ApiKeyListView(ApiView):
    scopes = {"GET": "api_keys:manage", "POST": "api_keys:manage"}
    ordering_fields = {"created_at": "created_at", "name": "name"}
    allow_offset = True
    pagination_class = ListPagination

    @extend_schema(
        operation_id="api_keys_list",
        parameters=[OpenApiParameter("include_revoked", bool)],
        responses=ApiKeyOutput(many=True),
    )
    def get(self, request: Request) -> Response:
        keys = ApiKey.objects.visible_to(require_actor(request))
        if not query_flag(request, "include_revoked"):
            keys = keys.filter(revoked_at=None)
        return self.paged(request, keys, ApiKeyOutput)

    @extend_schema(operation_id="api_keys_create", request=ApiKeyInput, responses={201: NewApiKeyOutput})
    @idempotent
    def post(self, request: Request) -> Response:
        data = checked(ApiKeyInput, request)
        key, token = api_key_create(actor=require_actor(request), **data)
        return Response({**ApiKeyOutput(key).data, "token": token}, status.HTTP_201_CREATED)


class ApiKeyView(ApiView):
    scopes = {"DELETE": "api_keys:manage"}

    @extend_schema(operation_id="api_keys_revoke", responses=RevokedOutput)
    def delete(self, request: Request, key_id: UUID) -> Response:
        actor = require_actor(request)
        key = ApiKey.objects.visible_to(actor).filter(pk=key_id).first()
        if key is None:
            raise NotFound("api_key")
        api_key_revoke(actor=actor, key=key)
        return Response({"revoked": True})


def _me(actor: Actor) -> dict[str, Any]:
    user = actor.user
    return {
        "id": user.pk if user else None,
        "email": user.email if user else None,
        "full_name": user.full_name if user else "",
        "is_active": user.is_active if user else True,
        "is_verified": user.is_verified if user else False,
        "role": actor.role,
        "created_at": user.created_at if user else None,
        "preferences": user.preferences if user else {},
        "workspace": {"id": str(actor.workspace.pk), "name": actor.workspace.name},
        "scopes": sorted(actor.scopes),
    }
