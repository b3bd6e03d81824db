"""Server-sent events: a job's log, and every change in the caller's workspace."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import UUID

from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer
from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request

from accounts.api.views import require_actor
from common.api.views import ApiView
from common.errors import ValidationFailed
from documents import live
from documents.log import job_backlog, job_events_after, workspace_events_after, workspace_latest
from documents.selectors import job_get

KEEPALIVE_S = 15.0
Reader = Callable[[int], Awaitable[list[dict[str, Any]]]]


class EventStreamRenderer(BaseRenderer):
    """Lets content negotiation accept `text/event-stream`; the view streams by itself."""

    media_type = "text/event-stream"
    format = "sse"

    def render(self, data: Any, *args: Any, **kwargs: Any) -> bytes:
        return json.dumps(data).encode()


class JobProgressView(ApiView):
    scopes = {"GET": "jobs:read"}
    http_method_names = ["get", "options"]  # no HEAD: its answer would never end
    renderer_classes = [EventStreamRenderer, JSONRenderer]

    @extend_schema(operation_id="jobs_progress", responses={(200, "text/event-stream"): OpenApiTypes.STR})
    def get(self, request: Request, job_id: UUID) -> StreamingHttpResponse:
        job = job_get(job_id=job_id, actor=require_actor(request))
        since = last_event_id(request)
        start = job_backlog(job.pk, since)
        read = sync_to_async(lambda seq: job_events_after(job.pk, seq))
        return event_stream(live.job_group(job.pk), start, read, ends=True)


class EventsView(ApiView):
    scopes = {"GET": "documents:read"}
    http_method_names = ["get", "options"]
    renderer_classes = [EventStreamRenderer, JSONRenderer]

    @extend_schema(operation_id="events_stream", responses={(200, "text/event-stream"): OpenApiTypes.STR})
    def get(self, request: Request) -> StreamingHttpResponse:
        workspace_id = require_actor(request).workspace.pk
        since = last_event_id(request)
        position = since if since is not None else workspace_latest(workspace_id)
        missed = workspace_events_after(workspace_id, position)  # at once, not only after the next bell
        read = sync_to_async(lambda seq: workspace_events_after(workspace_id, seq))
        return event_stream(live.workspace_group(workspace_id), (position, missed), read, ends=False)


def last_event_id(request: Request) -> int | None:
    text = request.headers.get("Last-Event-ID", "")
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise ValidationFailed({"Last-Event-ID": ["Must be a number that this stream gave."]})
    return int(text)


def event_stream(
    group: str, start: tuple[int, list[dict[str, Any]]], read: Reader, *, ends: bool
) -> StreamingHttpResponse:
    """The response that first tells what was missed and then what happens, until `complete` if it `ends`."""
    response = StreamingHttpResponse(follow(group, start, read, ends=ends), content_type="text/event-stream")
    response["Cache-Control"] = "no-cache"
    response["X-Accel-Buffering"] = "no"
    return response


async def follow(
    group: str, start: tuple[int, list[dict[str, Any]]], read: Reader, *, ends: bool
) -> AsyncIterator[bytes]:
    """Encoded events; a comment line every 15 s keeps proxies from closing a quiet stream."""
    layer: Any = get_channel_layer()
    channel: str = await layer.new_channel()
    await layer.group_add(group, channel)
    position, pending = start
    spoken = time.monotonic()
    try:
        while True:
            for event in pending:
                position = max(position, event["seq"])
                spoken = time.monotonic()
                yield encode(event)
                if ends and event["type"] == "complete":
                    return
            if not pending and time.monotonic() - spoken > KEEPALIVE_S:
                spoken = time.monotonic()
                yield b": keep-alive\n\n"
            if not pending:
                await wait_for_bell(layer, channel)
            pending = await read(position)
    finally:
        with contextlib.suppress(Exception):
            await layer.group_discard(group, channel)


async def wait_for_bell(layer: Any, channel: str) -> None:
    """Returns at a bell, or after POLL_SECONDS in case one was lost."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(layer.receive(channel), live.POLL_SECONDS)


def encode(event: dict[str, Any]) -> bytes:
    data = json.dumps(event["data"], separators=(",", ":"))
    return f"id: {event['seq']}\nevent: {event['type']}\ndata: {data}\n\n".encode()
