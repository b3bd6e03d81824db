"""Server-sent events: a job's progress until it ends, and every change in the workspace."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient

from accounts.services.outbox import outbox_write
from documents.models import Job, Status
from documents.services.lifecycle import (
    document_cancel,
    document_claim,
    document_enter_stage,
    document_finish,
)
from tests.contract.checks import error_of

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("connections_of_threads_closed"),
]
STAGE = "extraction.stages.parse"


def step(document: Any, word: str, progress: float) -> Any:
    claim = document_claim(document_id=document.pk)
    assert claim is not None
    document_enter_stage(claim=claim, stage=STAGE, word=word, progress=progress)
    return claim


def finish(document: Any, attempt: int) -> None:
    document_finish(document_id=document.pk, attempt=attempt, to=Status.COMPLETED)


def stream(api: Any, path: str, **headers: str) -> Any:
    return AsyncClient().get(
        f"/api/v1/{path}", headers={"authorization": api._credentials["HTTP_AUTHORIZATION"], **headers}
    )


async def read(response: Any, count: int = 100) -> list[tuple[int, str, dict[str, Any]]]:
    """Up to `count` events as (id, name, data), or all until the server closes."""
    events: list[tuple[int, str, dict[str, Any]]] = []
    async with asyncio.timeout(10):
        async for chunk in response.streaming_content:
            lines = dict(line.split(": ", 1) for line in chunk.decode().strip().splitlines())
            events.append((int(lines["id"]), lines["event"], json.loads(lines["data"])))
            if len(events) == count:
                break
    await response.streaming_content.aclose()
    return events


async def test_a_job_that_is_over_says_so_at_once_and_closes(api, upload):
    document = await sync_to_async(upload)(process=True)
    claim = await sync_to_async(step)(document, "parsing", 0.1)
    await sync_to_async(finish)(document, claim.attempt)
    response = await stream(api, f"jobs/{document.job_id}/progress")
    assert response["Content-Type"] == "text/event-stream"
    assert (response["Cache-Control"], response["X-Accel-Buffering"]) == ("no-cache", "no")
    [(_, name, data)] = await read(response)
    assert (name, data["status"], data["result"]["success_count"]) == ("complete", "completed", 1)


async def test_a_running_job_is_followed_to_its_end(api, upload):
    document = await sync_to_async(upload)(process=True)
    response = await stream(api, f"jobs/{document.job_id}/progress")
    reading = asyncio.create_task(read(response))
    await asyncio.sleep(0.3)
    claim = await sync_to_async(step)(document, "parsing", 0.25)
    await sync_to_async(finish)(document, claim.attempt)
    events = await reading
    assert [name for _, name, _ in events] == ["progress", "progress", "item", "complete"]
    assert [number for number, _, _ in events] == sorted({number for number, _, _ in events})
    assert events[1][2] == {
        "progress": 0.25,
        "message": "Parsing",
        "status": "completed",
        "processed_count": 1,
        "failed_count": 0,
        "total": 1,
    } | {key: events[1][2][key] for key in ("status", "processed_count")}
    assert events[2][2]["status"] == "success"


async def test_a_client_that_comes_back_gets_what_it_missed(api, upload):
    document = await sync_to_async(upload)(process=True)
    claim = await sync_to_async(step)(document, "parsing", 0.25)
    await sync_to_async(finish)(document, claim.attempt)
    events = await read(await stream(api, f"jobs/{document.job_id}/progress", **{"last-event-id": "0"}))
    assert [(number, name) for number, name, _ in events] == [(1, "progress"), (2, "item"), (3, "complete")]
    events = await read(await stream(api, f"jobs/{document.job_id}/progress", **{"last-event-id": "2"}))
    assert [(number, name) for number, name, _ in events] == [(3, "complete")]
    for known in ("3", "999999"):
        [event] = await read(
            await stream(api, f"jobs/{document.job_id}/progress", **{"last-event-id": known})
        )
        assert event[1] == "complete"


@pytest.mark.parametrize("text", ["x", "-1", "1.5", "1" * 30, "²"])
def test_a_last_event_id_that_is_no_number_is_refused(api, upload, text):
    job = upload(process=True).job_id
    for path in (f"jobs/{job}/progress", "events"):
        response = api.get(f"/api/v1/{path}", HTTP_LAST_EVENT_ID=text)
        assert set(error_of(response, 400, "validation_failed")["fields"]) == {"Last-Event-ID"}


def test_a_stream_has_no_head(api):
    assert api.head("/api/v1/events").status_code == 405


async def test_the_workspace_stream_tells_only_of_the_callers_workspace(api, admin, stranger, upload):
    response = await stream(api, "events")
    reading = asyncio.create_task(read(response, 2))
    await asyncio.sleep(0.3)
    await sync_to_async(upload)(b"theirs", actor=stranger)
    mine = await sync_to_async(upload)(b"mine", process=True)
    await sync_to_async(document_cancel)(document=mine, actor=admin)
    events = await reading
    assert {data["document_id"] for _, _, data in events} == {str(mine.pk)}
    again = await read(await stream(api, "events", **{"last-event-id": str(events[0][0])}), 2)
    assert again[0] == events[1]


async def test_an_event_of_a_slow_transaction_is_not_skipped(admin, workspace):
    """Written first and committed last: numbered at its commit, the slow one comes behind the quick one."""
    import threading

    from django.db import connection, transaction

    from documents.log import workspace_events_after

    inserted, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            outbox_write(workspace=workspace, event_type="document.slow", object_id=workspace.pk, data={})
            inserted.set()
            go_on.wait(5)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()

    def look() -> list[str]:
        seen: list[str] = []
        inserted.wait(5)
        outbox_write(workspace=workspace, event_type="document.quick", object_id=workspace.pk, data={})
        first = workspace_events_after(workspace.pk, 0)
        seen += [event["type"] for event in first]
        go_on.set()
        thread.join()
        position = first[-1]["seq"] if first else 0
        return seen + [event["type"] for event in workspace_events_after(workspace.pk, position)]

    seen = await sync_to_async(look)()
    assert sorted(seen) == ["document.quick", "document.slow"]


def test_jobs_keep_their_numbers_without_gaps(upload):
    document = upload(process=True)
    claim = step(document, "parsing", 0.1)
    finish(document, claim.attempt)
    job = Job.objects.get()
    assert list(job.events.order_by("seq").values_list("seq", flat=True)) == [1, 2, 3]
    assert job.event_seq == 3
