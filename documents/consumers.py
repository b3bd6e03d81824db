"""WebSockets: read-only observers of a job or the workspace. Closing one stops nothing."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from asgiref.sync import sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.conf import settings
from django.contrib.auth import get_user
from django.db import close_old_connections
from django.http import HttpRequest

from accounts.actors import Actor, actor_for_key
from accounts.middleware import session_actor
from accounts.services.api_keys import TOKEN_START, api_key_authenticate
from accounts.services.tickets import ticket_redeem
from common.errors import AppError
from documents import live
from documents.log import job_events_after, workspace_events_after, workspace_latest
from documents.models import Document, Job
from documents.models.document import Status
from documents.selectors import item_json, job_json

KEEPALIVE_S = 30.0
NOT_AUTHENTICATED, NO_SUCH_JOB, OVER = 4401, 4404, 1000
MAX_SUBSCRIPTIONS = 200
END_TYPES = ("completed", "failed", "cancelled")


class LiveConsumer(AsyncJsonWebsocketConsumer):  # type: ignore[misc]
    """Joins one group after its permission check and follows a log from where the client stands."""

    position = 0
    group = ""
    scope_needed = "jobs:read"

    async def connect(self) -> None:
        await self.accept()
        self.reading = asyncio.Lock()
        self.timer: asyncio.Task[None] | None = None
        actor = await sync_to_async(actor_of_socket)(self.scope)
        if actor is None or not actor.can(self.scope_needed):
            await self.close(NOT_AUTHENTICATED)
            return
        await self.begin(actor)

    async def begin(self, actor: Actor) -> None:
        raise NotImplementedError

    async def follow(self, group: str) -> None:
        self.group = group
        await self.channel_layer.group_add(group, self.channel_name)
        self.timer = asyncio.create_task(self.tick())

    async def tick(self) -> None:
        """Reads again every POLL_SECONDS in case a bell was lost; says `keepalive` every 30 s."""
        quiet = 0.0
        while True:
            await asyncio.sleep(live.POLL_SECONDS)
            quiet += live.POLL_SECONDS
            if quiet >= KEEPALIVE_S:
                quiet = 0.0
                await self.keepalive()
            await self.read_on()

    async def bell(self, event: dict[str, Any]) -> None:
        await self.read_on()

    async def read_on(self) -> None:
        raise NotImplementedError

    async def keepalive(self) -> None:
        await self.send_json({"type": "keepalive", "seq": self.position})

    async def receive_json(self, content: Any, **kwargs: Any) -> None:
        if isinstance(content, dict) and content.get("type") == "ping":
            await self.send_json({"type": "pong"})

    @classmethod
    async def decode_json(cls, text_data: str) -> Any:
        with contextlib.suppress(ValueError, RecursionError):
            return await super().decode_json(text_data)
        return None

    async def receive(
        self, text_data: str | None = None, bytes_data: bytes | None = None, **kwargs: Any
    ) -> None:
        if text_data:  # Channels raises on binary frames; here they say nothing
            await super().receive(text_data=text_data)

    async def disconnect(self, code: int) -> None:
        if self.timer is not None:
            self.timer.cancel()
        if self.group:
            await self.channel_layer.group_discard(self.group, self.channel_name)


class JobConsumer(LiveConsumer):
    """`/ws/jobs/{id}`: catchup, then every event of the job until it ends."""

    async def begin(self, actor: Actor) -> None:
        self.job_id: UUID = self.scope["url_route"]["kwargs"]["job_id"]
        found = await sync_to_async(job_catchup)(self.job_id, actor)
        if found is None:
            await self.close(NO_SUCH_JOB)
            return
        await self.follow(live.job_group(self.job_id))
        self.position = found["seq"]
        await self.send_json(found)
        if not found.pop("active"):
            await self.end(found["job"]["status"])
        await self.read_on()

    async def read_on(self) -> None:
        async with self.reading:
            for message in await sync_to_async(job_messages)(self.job_id, self.position):
                self.position = message["seq"]
                await self.send_json(message)
                if message["type"] in END_TYPES:
                    await self.close(OVER)
                    return

    async def end(self, status: str) -> None:
        for message in await sync_to_async(job_messages)(self.job_id, self.position - 1):
            await self.send_json(message)
        await self.close(OVER)

    async def keepalive(self) -> None:
        status = await sync_to_async(job_status)(self.job_id)
        await self.send_json(
            {"type": "keepalive", "job_id": str(self.job_id), "seq": self.position, "status": status}
        )


class EventsConsumer(LiveConsumer):
    """`/ws/events`: every change in the workspace; `subscribe` narrows documents to a list."""

    scope_needed = "documents:read"
    wanted: frozenset[str] | None = None

    async def begin(self, actor: Actor) -> None:
        self.workspace_id = actor.workspace.pk
        self.may_review = actor.can("reviews:write")
        await self.follow(live.workspace_group(self.workspace_id))
        self.position = await sync_to_async(workspace_latest)(self.workspace_id)
        await self.send_json({"type": "hello", "seq": self.position})

    async def receive_json(self, content: Any, **kwargs: Any) -> None:
        if isinstance(content, dict) and content.get("type") == "subscribe":
            ids = content.get("document_ids")
            if isinstance(ids, list) and len(ids) <= MAX_SUBSCRIPTIONS:
                self.wanted = frozenset(str(item) for item in ids)
        await super().receive_json(content)

    async def read_on(self) -> None:
        async with self.reading:
            events = await sync_to_async(workspace_events_after)(self.workspace_id, self.position)
            for event in events:
                self.position = event["seq"]
                await self.tell(event)
            if events and self.may_review:
                count = await sync_to_async(review_count)(self.workspace_id)
                await self.send_json({"type": "review.count", "seq": self.position, "count": count})

    async def tell(self, event: dict[str, Any]) -> None:
        data = event["data"]
        if event["type"].startswith("document."):
            if self.wanted is None or data.get("document_id") in self.wanted:
                await self.send_json(
                    {**data, "type": "document.status", "event": event["type"], "seq": event["seq"]}
                )
        elif event["type"].startswith("job."):
            await self.send_json({**data, "type": "job.state", "event": event["type"], "seq": event["seq"]})


def actor_of_socket(scope: dict[str, Any]) -> Actor | None:
    """Header, then session with Origin check, then ticket: the first that is there decides."""
    close_old_connections()
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    if "authorization" in headers:
        return _key_actor(headers["authorization"], scope)
    if actor := _session_actor(scope):
        return actor if origin_allowed(headers) else None
    tickets = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("ticket")
    return ticket_redeem(ticket=tickets[0]) if tickets else None


def _key_actor(header: str, scope: dict[str, Any]) -> Actor | None:
    token = header.partition(" ")[2].strip()
    ip = (scope.get("client") or [None])[0]
    if not token.startswith(TOKEN_START):
        return None
    try:
        return actor_for_key(api_key_authenticate(token=token, ip=ip), ip=ip)
    except AppError:
        return None


def _session_actor(scope: dict[str, Any]) -> Actor | None:
    session = scope.get("session")
    if session is None:
        return None
    request = HttpRequest()
    request.session = session
    request.user = get_user(request)
    request.META["REMOTE_ADDR"] = (scope.get("client") or [""])[0]
    return session_actor(request)


def origin_allowed(headers: dict[str, str]) -> bool:
    """A browser names the page that opens the socket; it must be ours, or one of CSRF_TRUSTED_ORIGINS."""
    origin = headers.get("origin", "")
    same = bool(origin) and urlsplit(origin).netloc == headers.get("host")
    return same or origin in settings.CSRF_TRUSTED_ORIGINS


def job_catchup(job_id: UUID, actor: Actor) -> dict[str, Any] | None:
    job = Job.objects.visible_to(actor).filter(pk=job_id).first()
    if job is None:
        return None
    documents = Document.objects.filter(job=job).order_by("-updated_at")[:500]
    items = [item_json(document, number) for number, document in enumerate(documents, start=1)]
    return {
        "type": "catchup",
        "job_id": str(job.pk),
        "seq": job.event_seq,
        "job": job_json(job),
        "items": items,
        "active": job.is_active,
    }


def job_messages(job_id: UUID, seq: int) -> list[dict[str, Any]]:
    """The job's log as WebSocket messages."""
    events = job_events_after(job_id, seq)
    if not events:
        return []
    parameters = Job.objects.values_list("parameters", flat=True).get(pk=job_id)
    return [{**message(event, parameters), "job_id": str(job_id), "seq": event["seq"]} for event in events]


def message(event: dict[str, Any], parameters: dict[str, Any]) -> dict[str, Any]:
    """One event of the log as a WebSocket message."""
    data = event["data"]
    if event["type"] == "complete":
        return {"type": data["status"], **(data.get("result") or {}), "message": None}
    row: dict[str, Any] = {
        "row_id": parameters.get("document_id"),
        "row_number": 1,
        "title": parameters.get("filename"),
        "document_id": parameters.get("document_id"),
        "tags": [],
        "error": None,
        "error_type": None,
        "retry_after_ms": None,
        "retry_count": 0,
        "model_name": None,
        "metadata": {},
    }
    if event["type"] == "item":
        return {"type": "progress", **row, "progress": 1.0, **data}
    return {"type": "progress", **row, **data, "status": "processing"}


def job_status(job_id: UUID) -> str:
    return Job.objects.values_list("status", flat=True).get(pk=job_id)


def review_count(workspace_id: UUID) -> int:
    return Document.objects.filter(workspace_id=workspace_id, status=Status.REQUIRES_REVIEW).live().count()
