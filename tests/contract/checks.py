"""What must hold for every answer."""

from __future__ import annotations

import json
from typing import Any

FOUR_KEYS = {"error", "message", "details", "retry_after"}
CODES = {
    400: {
        "validation_failed",
        "invalid_json",
        "invalid_file_type",
        "empty_file",
        "missing_filename",
        "missing_file",
        "ambiguous_source",
        "corrupt_file",
        "invalid_url",
        "url_not_allowed",
        "fetch_failed",
        "invalid_cursor",
        "invalid_pagination",
        "token_in_url",
    },
    401: {
        "authentication_required",
        "invalid_api_key",
        "token_expired",
        "invalid_token",
        "invalid_credentials",
    },
    403: {
        "insufficient_scope",
        "permission_denied",
        "account_disabled",
        "csrf_failed",
        "registration_closed",
        "guest_disabled",
    },
    404: {"not_found", "feature_disabled"},
    405: {"method_not_allowed"},
    406: {"not_acceptable"},
    409: {
        "result_not_ready",
        "document_busy",
        "invalid_state",
        "job_already_running",
        "duplicate_file",
        "conflict",
        "version_conflict",
        "idempotency_in_progress",
    },
    410: {"document_erased", "link_used", "link_expired", "gone"},
    413: {"file_too_large", "body_too_large", "too_many_pages"},
    415: {"unsupported_media_type"},
    422: {"idempotency_key_reused"},
    429: {"rate_limit_exceeded", "quota_exceeded"},
    502: {"bad_gateway"},
    503: {"not_ready", "queue_unavailable"},
}


def error_of(response: Any, status: int, code: str) -> dict[str, Any]:
    """The error body's details, after checking the whole body."""
    body = error_body(response)
    assert (response.status_code, body["error"]) == (status, code), body
    return dict(body["details"])


def error_body(response: Any) -> dict[str, Any]:
    """The error body: JSON, the four keys and no other, a code listed for the status, a sentence."""
    assert response["Content-Type"].startswith("application/json"), response["Content-Type"]
    body: dict[str, Any] = json.loads(response.content)
    assert set(body) == FOUR_KEYS
    assert body["error"] in CODES[response.status_code], body
    assert body["message"].strip()
    assert isinstance(body["details"], dict)
    waits = response.status_code in (429, 503) or body["error"] == "idempotency_in_progress"
    assert body["retry_after"] is None if not waits and response.status_code != 409 else True
    if body["retry_after"] is not None:
        assert response["Retry-After"] == str(body["retry_after"])
    return body
