"""Who calls the API: a Bearer token first, then the session of the web pages."""

from __future__ import annotations

from typing import Any

from rest_framework import authentication
from rest_framework.request import Request

from accounts.actors import actor_for_key
from accounts.models import ApiKey, User
from accounts.services.api_keys import TOKEN_START, api_key_authenticate
from common.errors import AppError

TOKEN_PARAMETERS = ("token", "access_token", "api_key")


class BearerAuthentication(authentication.BaseAuthentication):
    """`Authorization: Bearer recto_…`. A bad token is refused, it never falls through to the session."""

    def authenticate(self, request: Request) -> tuple[User | None, ApiKey] | None:
        if any(name in request.query_params for name in TOKEN_PARAMETERS):
            raise AppError(
                "token_in_url", 400, "Send the token in the Authorization header, never in the URL."
            )
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if not scheme:
            return None
        if scheme.lower() != "bearer" or not token.strip().startswith(TOKEN_START):
            raise AppError("invalid_token", 401, "Send an API key as Authorization: Bearer <key>.")
        ip = request.META.get("REMOTE_ADDR")
        key = api_key_authenticate(token=token.strip(), ip=ip)
        request._request.actor = actor_for_key(key, ip=ip)  # type: ignore[attr-defined]
        return key.created_by, key

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class SessionAuthentication(authentication.SessionAuthentication):
    """The session cookie of the web pages, CSRF enforced on unsafe methods."""

    def enforce_csrf(self, request: Any) -> None:
        check = authentication.CSRFCheck(lambda _: None)  # type: ignore[arg-type]
        check.process_request(request)
        if check.process_view(request, None, (), {}):  # type: ignore[arg-type]
            raise AppError("csrf_failed", 403, "The CSRF token is missing or wrong. Load the page again.")
