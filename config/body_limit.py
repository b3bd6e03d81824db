"""Refuses request bodies before they are read into memory or onto disk."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from common.errors import AppError

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Any, Any, Any], Awaitable[None]]


class BodyLimit:
    """ASGI middleware: 413 for a body that says it is longer than `max_bytes`, 411 for one that does not say.

    Django keeps a whole body before any view sees it, so this is the only place that can refuse in time. The
    views have narrower limits with messages of their own.
    """

    def __init__(self, app: App, *, max_bytes: int) -> None:
        self.app = app
        self.max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        error = self.problem(scope) if scope["type"] == "http" else None
        if error is None:
            await self.app(scope, receive, send)
        else:
            await refuse(error, send)

    def problem(self, scope: Scope) -> AppError | None:
        headers = {name.lower(): value for name, value in scope["headers"]}
        if b"chunked" in headers.get(b"transfer-encoding", b"").lower():
            message = "Send the body with a Content-Length, not in chunks of unknown length."
            return AppError("length_required", 411, message)
        length = headers.get(b"content-length", b"0")
        if not length.isdigit() or int(length) <= self.max_bytes:
            return None
        message = f"The request body may have at most {self.max_bytes // (1024 * 1024)} MB."
        return AppError("body_too_large", 413, message, details={"limit": self.max_bytes})


async def refuse(error: AppError, send: Send) -> None:
    body = json.dumps(error.body()).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": error.http_status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
