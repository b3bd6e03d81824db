"""Bodies that are too large, or of unknown length, are refused before they are read."""

from __future__ import annotations

import json
from typing import Any

import pytest

from config.body_limit import BodyLimit


async def ask(headers: list[tuple[bytes, bytes]]) -> tuple[bool, list[Any]]:
    """Whether the application behind was reached, and what was sent."""
    reached, sent = [], []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        reached.append(scope)

    async def send(message: Any) -> None:
        sent.append(message)

    await BodyLimit(app, max_bytes=1000)({"type": "http", "headers": headers}, None, send)  # type: ignore[arg-type]
    return bool(reached), sent


@pytest.mark.parametrize("headers", [[], [(b"content-length", b"1000")]])
async def test_a_body_within_the_limit_goes_through(headers):
    assert await ask(headers) == (True, [])


@pytest.mark.parametrize(
    ("header", "status", "code"),
    [
        ((b"content-length", b"1001"), 413, "body_too_large"),
        ((b"Transfer-Encoding", b"Chunked"), 411, "length_required"),
    ],
)
async def test_others_are_refused_with_the_error_body(header, status, code):
    reached, sent = await ask([header])
    assert not reached
    assert sent[0]["status"] == status
    body = json.loads(sent[1]["body"])
    assert body["error"] == code
    assert set(body) == {"error", "message", "details", "retry_after"}
