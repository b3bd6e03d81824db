"""Every move of a document: those the contract draws happen once, all others are refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from accounts.models import AuditEvent, OutboxEvent
from accounts.services.audit import audit_record
from documents.models import Document, Job, Status
from documents.services.lifecycle import document_transition
from tests.contract.checks import error_of
from tests.contract.made import give_result, set_status

pytestmark = pytest.mark.django_db
ALL = list(Status)
SETTLED = {
    "completed",
    "requires_review",
    "approved",
    "rejected",
    "failed",
    "password_required",
    "cancelled",
}
# move: body, the states it may start from, the state it leads to, the answer
MOVES: dict[str, tuple[dict[str, Any], set[str], str, int]] = {
    "approve": ({}, {"completed", "requires_review", "rejected", "approved"}, "approved", 200),
    "reject": ({"reason": "wrong sum"}, {"completed", "requires_review", "approved"}, "rejected", 200),
    "cancel": ({}, {"pending", "queued", "processing"}, "cancelled", 200),
    "reextract": ({}, {"pending", *SETTLED}, "queued", 202),
}
REFUSALS = {("reextract", "queued"): "document_busy", ("reextract", "processing"): "document_busy"}


def trail(document: Document) -> tuple[int, int]:
    return (
        AuditEvent.objects.filter(object_id=document.pk).count(),
        OutboxEvent.objects.filter(object_id=document.pk).count(),
    )


@pytest.mark.parametrize("status", [status.value for status in ALL])
@pytest.mark.parametrize("move", list(MOVES))
def test_a_move_happens_only_from_the_states_that_the_contract_draws(api, read_document, move, status):
    body, allowed, to, answer = MOVES[move]
    document = set_status(read_document, status)
    audits, events = trail(document)
    response = api.post(f"/api/v1/documents/{document.pk}/{move}", body, format="json")
    document.refresh_from_db()
    if status not in allowed:
        erased = status == "erased" and move == "reextract"
        code = "document_erased" if erased else REFUSALS.get((move, status), "invalid_state")
        details = error_of(response, 410 if erased else 409, code)
        if code == "invalid_state":
            assert details["status"] == status
            assert status not in details["allowed"]
        assert (document.status, trail(document)) == (status, (audits, events))
        return
    assert response.status_code == answer, response.content
    assert document.status == to
    if status != to:
        assert trail(document) == (audits + 1, events + 1)
        event = AuditEvent.objects.filter(object_id=document.pk).latest("id")
        assert (event.from_state, event.to_state) == (status, to)
        assert OutboxEvent.objects.latest("id").data["status"] == to
    else:
        assert trail(document) == (audits, events)


def test_approved_again_is_a_no_op_that_keeps_the_first_reviewer(api, read_document):
    url = f"/api/v1/documents/{read_document.pk}/approve"
    first = api.post(url, {"comment": "fine"}, format="json").json()
    again = api.post(url, {"comment": "other"}, format="json").json()
    assert (again["version"], again["review"]) == (first["version"], first["review"])


def test_what_is_rolled_back_leaves_neither_audit_nor_event(admin, read_document):
    before = trail(read_document)
    with transaction.atomic():
        document_transition(
            document=read_document, to=Status.APPROVED, allowed=[Status.REQUIRES_REVIEW], actor=admin
        )
        assert trail(read_document) == (before[0] + 1, before[1] + 1)
        transaction.set_rollback(True)
    read_document.refresh_from_db()
    assert (read_document.status, trail(read_document)) == (Status.REQUIRES_REVIEW, before)


def test_a_cancelled_document_ends_its_job(api, upload):
    document = upload(process=True)
    api.post(f"/api/v1/documents/{document.pk}/cancel")
    job = Job.objects.get()
    assert (job.status, job.processed_count, job.skipped_count) == ("cancelled", 1, 1)


def test_a_document_tells_its_history_oldest_first(api, upload):
    document = give_result(upload())
    api.post(f"/api/v1/documents/{document.pk}/reject", {"reason": "wrong sum"}, format="json")
    api.post(f"/api/v1/documents/{document.pk}/approve", {"comment": "no, right"}, format="json")
    rows = api.get(f"/api/v1/documents/{document.pk}/events").json()["results"]
    assert [(row["action"], row["from"], row["to"], row["reason"]) for row in rows] == [
        ("document.uploaded", None, "pending", None),
        ("document.rejected", "requires_review", "rejected", "wrong sum"),
        ("document.approved", "rejected", "approved", "no, right"),
    ]
    assert rows[1]["actor"].startswith("recto_")
    assert all(row["at"].endswith("Z") for row in rows)


@pytest.mark.parametrize(
    "sql", ["UPDATE accounts_auditevent SET reason = 'x'", "DELETE FROM accounts_auditevent"]
)
def test_the_audit_trail_cannot_be_changed_even_by_sql(admin, sql):
    audit_record(actor=admin, action="test", object_type="x", object_id=None)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert AuditEvent.objects.filter(action="test", reason="").exists()


@pytest.mark.parametrize(
    "change",
    [
        lambda row: row.save(),
        lambda row: row.delete(),
        lambda row: AuditEvent.objects.update(reason="x"),
        lambda row: AuditEvent.objects.all().delete(),
    ],
)
def test_the_audit_trail_cannot_be_changed_by_the_models(admin, change: Callable[[AuditEvent], Any]):
    row = audit_record(actor=admin, action="test", object_type="x", object_id=None)
    with pytest.raises((TypeError, DatabaseError)), transaction.atomic():
        change(row)


def test_the_status_is_short_and_knows_whether_it_changed(api, read_document):
    url = f"/api/v1/documents/{read_document.pk}/status"
    response = api.get(url)
    assert set(response.json()) == {
        "document_id",
        "status",
        "phase",
        "stage",
        "progress",
        "confidence_score",
        "error_code",
        "error_message",
        "job_id",
        "updated_at",
    }
    assert api.get(url, headers={"if-none-match": response["ETag"]}).status_code == 304
    api.post(f"/api/v1/documents/{read_document.pk}/approve")
    assert api.get(url, headers={"if-none-match": response["ETag"]}).json()["status"] == "approved"
