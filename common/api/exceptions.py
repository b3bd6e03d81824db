"""Every error of the API in one body; the only place that turns exceptions into answers."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from rest_framework import exceptions as drf
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from common.errors import AppError, NotFound, ValidationFailed

logger = logging.getLogger(__name__)

BY_CLASS: list[tuple[type[Exception], str, int, str]] = [
    (drf.ParseError, "invalid_json", 400, "The request body could not be read. Send valid JSON."),
    (drf.NotAuthenticated, "authentication_required", 401, "Send an API key as Authorization: Bearer <key>."),
    (drf.AuthenticationFailed, "invalid_token", 401, "The credentials are not valid."),
    (drf.PermissionDenied, "permission_denied", 403, "You may not do this."),
    (PermissionDenied, "permission_denied", 403, "You may not do this."),
    (drf.MethodNotAllowed, "method_not_allowed", 405, "This method is not allowed here."),
    (drf.NotAcceptable, "not_acceptable", 406, "The answer is not available in the type that was asked for."),
    (
        drf.UnsupportedMediaType,
        "unsupported_media_type",
        415,
        "Send the body as one of the documented types.",
    ),
    (RequestDataTooBig, "body_too_large", 413, "The request body is too large."),
    (BadRequest, "validation_failed", 400, "The request is not valid."),
    (SuspiciousOperation, "validation_failed", 400, "The request is not valid: it has too many parts."),
]


def as_app_error(exc: Exception) -> AppError | None:
    """The AppError that says the same, or None for an error nobody expected."""
    if isinstance(exc, AppError):
        return exc
    if isinstance(exc, drf.ValidationError):
        return ValidationFailed(_field_messages(exc.detail))
    if isinstance(exc, Http404 | drf.NotFound):
        return NotFound("resource")
    for cls, code, status, message in BY_CLASS:
        if isinstance(exc, cls):
            return AppError(code, status, message)
    return None


def exception_handler(exc: Exception, context: dict[str, Any]) -> Response:
    """DRF's hook: the error body, or a logged 500 that tells nothing about the inside."""
    error = as_app_error(exc)
    if error is None:
        logger.exception("Unhandled error in %s", context.get("view").__class__.__name__)
        error = internal_error()
    if request := context.get("request"):
        # Streams, files and pages have renderers of their own; an error is JSON everywhere.
        request.accepted_renderer, request.accepted_media_type = JSONRenderer(), JSONRenderer.media_type
    response = Response(error.body(), status=error.http_status)
    if error.retry_after is not None:
        response["Retry-After"] = str(error.retry_after)
    if error.http_status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = "Bearer"
    return response


def internal_error() -> AppError:
    message = "Something went wrong on our side. Try again; if it stays, tell the operator the request id."
    return AppError("internal_error", 500, message)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's hook for a missing or wrong CSRF token."""
    message = "The form was too old or came from another site. Load the page again and repeat it."
    return error_page(request, AppError("csrf_failed", 403, message))


def error_page(request: HttpRequest, error: AppError) -> HttpResponse:
    """The error as JSON under /api/, as a page elsewhere: the same sentence."""
    if request.path.startswith("/api/"):
        return JsonResponse(error.body(), status=error.http_status)
    return render(request, "error.html", {"error": error}, status=error.http_status)


def handler400(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(
        request, as_app_error(exception) or AppError("validation_failed", 400, "The request is not valid.")
    )


def handler403(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, AppError("permission_denied", 403, "You may not do this."))


def handler404(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, NotFound("resource"))


def handler500(request: HttpRequest) -> HttpResponse:
    return error_page(request, internal_error())


def _field_messages(detail: Any, prefix: str = "") -> dict[str, list[str]]:
    """DRF's nested error detail as {"fields.0.label": ["sentence"]}."""
    if isinstance(detail, dict):
        found: dict[str, list[str]] = {}
        for name, inner in detail.items():
            key = "" if name == "non_field_errors" else str(name)
            found.update(_field_messages(inner, ".".join(part for part in (prefix, key) if part)))
        return found
    if isinstance(detail, list) and any(isinstance(item, dict | list) for item in detail):
        return _field_messages({str(index): item for index, item in enumerate(detail) if item}, prefix)
    messages = detail if isinstance(detail, list) else [detail]
    return {prefix or "body": [str(message) for message in messages]}
