"""Workers: one claim at a time, a lost lease writes nothing, a dead worker's document goes on."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import AuditEvent
from common.errors import AppError, InvalidState
from documents.models import Document, Job, Status
from documents.models.document import MAX_CRASHES
from documents.services.jobs import job_event_add
from documents.services.lifecycle import (
    LeaseLost,
    document_cancel,
    document_claim,
    document_enter_stage,
    document_fail,
    document_finish,
    document_hand_over,
    document_heartbeat,
)
from documents.services.pipeline import document_process
from documents.services.sweep import sweep
from documents.services.text import document_text_store
from extraction.services.review import document_approve
from tests.contract.made import give_result, set_status

FIRST = "extraction.stages.parse"


def expire() -> None:
    Document.objects.update(lease_until=timezone.now() - timedelta(seconds=1))


@pytest.mark.django_db
def test_only_one_worker_gets_a_document(upload):
    document = upload(process=True)
    claim = document_claim(document_id=document.pk)
    assert claim is not None
    assert claim.attempt == 1
    assert document_claim(document_id=document.pk) is None


@pytest.mark.django_db
def test_a_worker_whose_lease_went_to_another_can_write_nothing(upload):
    document = upload(process=True)
    late = document_claim(document_id=document.pk)
    expire()
    now = document_claim(document_id=document.pk)
    assert late is not None
    assert now is not None
    assert not document_heartbeat(claim=late)
    assert document_heartbeat(claim=now)
    for write in (
        lambda: document_finish(document_id=document.pk, attempt=late.attempt, to=Status.COMPLETED),
        lambda: document_enter_stage(claim=late, stage=FIRST, word="parsing", progress=0.1),
        lambda: document_hand_over(claim=late, stage=FIRST, queue="cpu"),
        lambda: document_text_store(document_id=document.pk, attempt=late.attempt, text="x"),
    ):
        with pytest.raises(LeaseLost):
            write()
    document_fail(document_id=document.pk, attempt=late.attempt, code="timeout", message="late")
    document.refresh_from_db()
    assert (document.status, document.error_code, document.attempt) == ("processing", "", now.attempt)


@pytest.mark.django_db
def test_a_cancelled_document_takes_the_right_to_write_from_its_worker(upload, admin):
    document = upload(process=True)
    claim = document_claim(document_id=document.pk)
    assert claim is not None
    document_cancel(document=document, actor=admin)
    with pytest.raises(LeaseLost):
        document_finish(document_id=document.pk, attempt=claim.attempt, to=Status.COMPLETED)
    assert Job.objects.get().status == "cancelled"


@pytest.mark.django_db
def test_a_finished_document_cannot_be_cancelled(upload, admin):
    document = upload(process=True)
    claim = document_claim(document_id=document.pk)
    assert claim is not None
    document_finish(document_id=document.pk, attempt=claim.attempt, to=Status.COMPLETED)
    with pytest.raises(InvalidState):
        document_cancel(document=document, actor=admin)


@pytest.mark.django_db
def test_a_document_that_takes_its_worker_down_again_and_again_is_given_up(upload):
    document = upload(process=True)
    for _ in range(MAX_CRASHES + 1):
        assert document_claim(document_id=document.pk)
        expire()
    document_process(document_id=document.pk, queue="cpu")
    document.refresh_from_db()
    assert (document.status, document.error_code) == ("failed", "processing_failed")
    assert document.error_message
    assert Job.objects.get().failed_count == 1


@pytest.mark.django_db
def test_a_new_run_forgets_old_crashes(upload, api):
    document = set_status(upload(process=True), "failed", crashes=5)
    api.post(f"/api/v1/documents/{document.pk}/reextract")
    document.refresh_from_db()
    assert document.crashes == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "rung_s_ago", "lease_s", "due"),
    [
        ("queued", 0, None, False),
        ("queued", 3600, None, True),
        ("queued", None, None, True),
        ("processing", 3600, 20, False),
        ("processing", 0, -1, True),
        ("processing", 0, None, False),
        ("processing", 3600, None, True),
        ("pending", 3600, None, False),
        ("failed", 3600, None, False),
        ("cancelled", 3600, -1, False),
        ("completed", 3600, -1, False),
    ],
)
def test_the_sweeper_rings_only_for_what_is_due(upload, status, rung_s_ago, lease_s, due):
    now = timezone.now()
    set_status(
        upload(),
        status,
        rung_at=None if rung_s_ago is None else now - timedelta(seconds=rung_s_ago),
        lease_until=None if lease_s is None else now + timedelta(seconds=lease_s),
    )
    assert sweep() == int(due)
    assert sweep() == int(due and lease_s is not None)


def at_once(*calls: Any) -> list[Any]:
    """The outcomes of calls made at the same time, errors included."""

    def run(call: Any) -> Any:
        try:
            return call()
        except (AppError, LeaseLost) as error:
            return type(error)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(run, call) for call in calls]]


@pytest.mark.django_db(transaction=True)
def test_of_eight_workers_at_once_one_gets_the_document(upload):
    document = upload(process=True)
    claims = at_once(*[lambda: document_claim(document_id=document.pk)] * 8)
    assert sum(claim is not None for claim in claims) == 1


@pytest.mark.django_db(transaction=True)
def test_of_a_cancel_and_a_finish_at_once_one_wins(upload, admin):
    for number in range(6):
        document = upload(f"note {number}".encode(), process=True)
        claim = document_claim(document_id=document.pk)
        assert claim is not None
        outcomes = at_once(
            lambda: document_cancel(document=document, actor=admin),  # noqa: B023  (runs within this round)
            lambda: document_finish(document_id=document.pk, attempt=claim.attempt, to=Status.COMPLETED),  # noqa: B023
        )
        document.refresh_from_db()
        winners = [outcome for outcome in outcomes if isinstance(outcome, Document)]
        assert [winner.status for winner in winners] == [document.status]
        assert document.job is not None
        assert (document.job.status, document.job.processed_count) == (document.status, 1)


@pytest.mark.django_db(transaction=True)
def test_of_two_approvals_at_once_one_is_written(upload, admin, reviewer):
    document = give_result(upload())
    at_once(
        *[lambda actor=actor: document_approve(document=document, actor=actor) for actor in (admin, reviewer)]
    )
    document.refresh_from_db()
    assert document.status == "approved"
    assert AuditEvent.objects.filter(action="document.approved").count() == 1


@pytest.mark.django_db(transaction=True)
def test_events_of_a_job_written_at_once_are_numbered_without_gaps(upload):
    job = upload(process=True).job
    assert job is not None

    def add() -> None:
        with transaction.atomic():
            job_event_add(job_id=job.pk, event_type="progress", data={})

    at_once(*[add] * 12)
    assert sorted(job.events.values_list("seq", flat=True)) == list(range(1, 13))
