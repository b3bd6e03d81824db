"""Scopes, checked before any object is looked up."""

from __future__ import annotations

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.actors import Actor, actor_of
from accounts.scopes import PERSON_ONLY
from common.errors import AppError

ANY_USER = "user"
PUBLIC = "public"


class HasScope(BasePermission):
    """Reads `view.scopes[method]`: a scope name, `user` (anyone logged in), `person` (no key), `public`."""

    def has_permission(self, request: Request, view: Any) -> bool:
        method = "GET" if request.method in ("HEAD", "OPTIONS") else str(request.method)
        needed: str | None = view.scopes.get(method)
        if needed == PUBLIC or needed is None:  # None: DRF answers 405 by itself
            return True
        actor = actor_of(request)
        if actor is None:
            raise _not_logged_in(request)
        return _require(actor, needed)


def _require(actor: Actor, needed: str) -> bool:
    if needed == PERSON_ONLY and actor.api_key is not None:
        raise AppError("permission_denied", 403, "This is for people, not for API keys. Log in to do it.")
    if needed not in (ANY_USER, PERSON_ONLY) and not actor.can(needed):
        message = f"This needs the scope {needed}."
        raise AppError("insufficient_scope", 403, message, details={"required_scope": needed})
    return True


def _not_logged_in(request: Request) -> AppError:
    if request.user is not None and request.user.is_authenticated:
        return AppError("permission_denied", 403, "You are in no workspace yet. Ask an admin to add you.")
    return AppError(
        "authentication_required", 401, "Send an API key as Authorization: Bearer <key>, or log in."
    )
