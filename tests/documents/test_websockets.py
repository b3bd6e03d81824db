"""WebSockets: who may listen, what they hear, how they are told that it is over."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from django.core.cache import cache
from django.test import Client

from accounts.services.tickets import ticket_issue
from config.asgi import application
from documents.models import Status
from documents.services.lifecycle import (
    document_cancel,
    document_claim,
    document_enter_stage,
    document_finish,
)
from tests.conftest import PASSWORD, client_of

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("connections_of_threads_closed"),
]
STAGE = "extraction.stages.parse"


class Socket(ApplicationCommunicator):
    """One WebSocket of a test; headers by name."""

    def __init__(self, path: str, **headers: str) -> None:
        pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
        url = urlsplit(path)
        scope = {
            "type": "websocket",
            "path": url.path,
            "query_string": url.query.encode(),
            "headers": [(b"host", b"testserver"), *pairs],
            "client": ["127.0.0.1", 40000],
            "subprotocols": [],
        }
        super().__init__(application, scope)

    async def opened(self) -> Socket:
        await self.send_input({"type": "websocket.connect"})
        assert (await self.receive_output(timeout=7))["type"] == "websocket.accept"
        return self

    async def say(self, **frame: Any) -> None:
        await self.send_input({"type": "websocket.receive", **frame})

    async def say_json(self, message: dict[str, Any]) -> None:
        await self.say(text=json.dumps(message))

    async def heard(self) -> dict[str, Any]:
        frame = await self.receive_output(timeout=7)
        assert frame["type"] == "websocket.send", frame
        message: dict[str, Any] = json.loads(frame["text"])
        return message

    async def leave(self) -> None:
        await self.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.wait(timeout=7)

    async def close_code(self) -> int:
        while True:
            message = await self.receive_output(timeout=7)
            if message["type"] == "websocket.close":
                return int(message["code"])


def bearer(api: Any) -> str:
    return str(api._credentials["HTTP_AUTHORIZATION"])


def session_cookie(email: str) -> str:
    client = Client()
    assert client.login(email=email, password=PASSWORD)
    return f"recto_session={client.cookies['recto_session'].value}"


def run(document: Any) -> None:
    claim = document_claim(document_id=document.pk)
    assert claim is not None
    document_enter_stage(claim=claim, stage=STAGE, word="parsing", progress=0.25)
    document_finish(document_id=document.pk, attempt=claim.attempt, to=Status.COMPLETED)


@pytest.mark.parametrize("path", ["/ws/jobs/{}", "/api/v1/batch/ws/{}"])
async def test_a_job_is_told_from_catchup_to_its_end(api, upload, path):
    document = await sync_to_async(upload)(process=True)
    socket = await Socket(path.format(document.job_id), authorization=bearer(api)).opened()
    catchup = await socket.heard()
    assert (catchup["type"], catchup["job"]["status"], catchup["job_id"]) == (
        "catchup",
        "pending",
        str(document.job_id),
    )
    assert [(item["document_id"], item["status"]) for item in catchup["items"]] == [
        (str(document.pk), "pending")
    ]
    await sync_to_async(run)(document)
    messages = [await socket.heard() for _ in range(3)]
    assert [message["type"] for message in messages] == ["progress", "progress", "completed"]
    assert (messages[0]["status"], messages[1]["status"]) == ("processing", "success")
    for message in messages[:2]:
        assert (message["document_id"], message["row_number"]) == (str(document.pk), 1)
        assert {"title", "progress", "error_type", "retry_after_ms", "model_name"} <= set(message)
    assert (messages[2]["total"], messages[2]["success_count"]) == (1, 1)
    assert [message["seq"] for message in messages] == [1, 2, 3]
    assert await socket.close_code() == 1000


async def test_a_job_that_is_over_is_told_at_once(api, upload):
    document = await sync_to_async(upload)(process=True)
    await sync_to_async(run)(document)
    socket = await Socket(f"/ws/jobs/{document.job_id}", authorization=bearer(api)).opened()
    assert [(await socket.heard())["type"] for _ in range(2)] == ["catchup", "completed"]
    assert await socket.close_code() == 1000


async def test_leaving_does_not_stop_the_job(api, upload):
    document = await sync_to_async(upload)(process=True)
    socket = await Socket(f"/ws/jobs/{document.job_id}", authorization=bearer(api)).opened()
    await socket.leave()
    await sync_to_async(document.job.refresh_from_db)()
    assert document.job.status == "pending"


@pytest.mark.parametrize("header", ["", "Bearer recto_none", "Bearer x", "Basic eA=="])
@pytest.mark.parametrize("path", ["/ws/events", "/ws/jobs/7b1a2f4e-8d3c-4d55-9d0a-1f2e3c4b5a69"])
async def test_without_valid_credentials_the_door_closes_with_4401(workspace, path, header):
    socket = await Socket(path, **({"authorization": header} if header else {})).opened()
    assert await socket.close_code() == 4401


async def test_a_key_without_the_scope_hears_nothing(admin, upload):
    document = await sync_to_async(upload)(process=True)
    api = await sync_to_async(client_of)(admin, ["flows:read"])
    for path in (f"/ws/jobs/{document.job_id}", "/ws/events"):
        assert await (await Socket(path, authorization=bearer(api)).opened()).close_code() == 4401


async def test_a_job_of_another_workspace_is_4404_like_an_absent_one(stranger_api, upload):
    document = await sync_to_async(upload)(process=True)
    for job in (document.job_id, "7b1a2f4e-8d3c-4d55-9d0a-1f2e3c4b5a69"):
        socket = await Socket(f"/ws/jobs/{job}", authorization=bearer(stranger_api)).opened()
        assert await socket.close_code() == 4404


async def test_a_ticket_opens_one_socket(api, admin, upload):
    document = await sync_to_async(upload)(process=True)
    response = await sync_to_async(api.post)("/api/v1/auth/ws-ticket")
    assert response.json()["expires_in"] == 30
    path = f"/ws/jobs/{document.job_id}?ticket={response.json()['ticket']}"
    assert (await (await Socket(path).opened()).heard())["type"] == "catchup"
    assert await (await Socket(path).opened()).close_code() == 4401
    ticket = await sync_to_async(ticket_issue)(actor=admin)
    await sync_to_async(cache.clear)()  # its 30 seconds are over
    assert await (await Socket(f"/ws/events?ticket={ticket}").opened()).close_code() == 4401


async def test_a_ticket_of_a_revoked_key_is_dead(admin, api):
    from django.utils import timezone

    from accounts.models import ApiKey

    ticket = (await sync_to_async(api.post)("/api/v1/auth/ws-ticket")).json()["ticket"]
    await sync_to_async(ApiKey.objects.update)(revoked_at=timezone.now())
    assert await (await Socket(f"/ws/events?ticket={ticket}").opened()).close_code() == 4401


@pytest.mark.parametrize(
    ("origin", "opens"),
    [
        ("http://testserver", True),
        ("https://evil.example", False),
        ("http://testserver.evil.example", False),
        ("null", False),
        ("", False),
    ],
)
async def test_a_session_opens_only_from_our_own_pages(admin, origin, opens):
    cookie = await sync_to_async(session_cookie)(admin.label)
    headers = {"cookie": cookie} | ({"origin": origin} if origin else {})
    socket = await Socket("/ws/events", **headers).opened()
    if opens:
        assert (await socket.heard())["type"] == "hello"
        await socket.leave()
    else:
        assert await socket.close_code() == 4401


async def test_a_bad_key_does_not_fall_through_to_the_session(admin):
    cookie = await sync_to_async(session_cookie)(admin.label)
    socket = await Socket(
        "/ws/events", cookie=cookie, origin="http://testserver", authorization="Bearer x"
    ).opened()
    assert await socket.close_code() == 4401


async def test_events_are_those_of_the_own_workspace(api, admin, stranger, upload):
    socket = await Socket("/ws/events", authorization=bearer(api)).opened()
    assert (await socket.heard())["type"] == "hello"
    await sync_to_async(upload)(b"theirs", actor=stranger)
    mine = await sync_to_async(upload)(b"mine")
    first, count = await socket.heard(), await socket.heard()
    assert (first["type"], first["document_id"], first["event"]) == (
        "document.status",
        str(mine.pk),
        "document.uploaded",
    )
    assert (count["type"], count["count"]) == ("review.count", 0)
    await socket.leave()


async def test_a_subscription_narrows_the_documents(api, admin, upload):
    first, second = [await sync_to_async(upload)(text) for text in (b"one", b"two")]
    socket = await Socket("/ws/events", authorization=bearer(api)).opened()
    await socket.heard()
    await socket.say_json({"type": "subscribe", "document_ids": [str(second.pk)]})
    await socket.say_json({"type": "ping"})
    assert (await socket.heard())["type"] == "pong"
    for document in (first, second):
        await sync_to_async(document_cancel)(document=document, actor=admin)
    heard: list[dict[str, Any]] = []
    while not any(message["type"] == "document.status" for message in heard):
        heard.append(await socket.heard())
    assert [message["document_id"] for message in heard if message["type"] == "document.status"] == [
        str(second.pk)
    ]
    await socket.leave()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "1",
        "null",
        '"x"',
        '{"type":"subscribe"}',
        '{"type":"subscribe","document_ids":7}',
        "[" * 100000,
    ],
)
async def test_nonsense_from_a_client_changes_nothing(api, text):
    socket = await Socket("/ws/events", authorization=bearer(api)).opened()
    await socket.heard()
    await socket.say(text=text)
    await socket.say(bytes=b"\x00\x01")
    await socket.say_json({"type": "ping"})
    assert (await socket.heard())["type"] == "pong"
    await socket.leave()
