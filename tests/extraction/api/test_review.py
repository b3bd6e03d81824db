"""Corrections, approvals and rejections over REST."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import AuditEvent, OutboxEvent
from extraction.models import Extraction
from tests.contract.checks import error_of
from tests.contract.made import give_result, set_status

pytestmark = pytest.mark.django_db


def url(document: Any, part: str) -> str:
    return f"/api/v1/documents/{document.pk}/{part}"


def correct(api: Any, document: Any, fields: Any, **more: Any) -> Any:
    return api.post(url(document, "extractions"), {"fields": fields, **more}, format="json")


@pytest.mark.parametrize(
    ("name", "given", "kept"),
    [
        ("invoice_number", " B-2 ", "B-2"),
        ("issue_date", "2026-11-23", "2026-11-23"),
        ("issue_date", "23.11.2026", "2026-11-23"),
        ("paid_at", "2026-11-23T14:30", "2026-11-23T14:30:00"),
        ("total", "1,284.50", "1284.50"),
        ("total", 1284.5, "1284.50"),
        ("weight", "12.5", 12.5),
        ("weight", 12.5, 12.5),
        ("copies", "3", 3),
        ("copies", 3.0, 3),
        ("paid", True, True),
        ("paid", "yes", True),
        ("unit", "kg", "kg"),
        ("lines", [{"text": "a"}], [{"text": "a"}]),
        ("seller", {"name": "Acme"}, {"name": "Acme"}),
        ("weight", None, None),
        ("weight", "", None),
    ],
)
def test_a_corrected_value_is_kept_in_the_fields_own_form(api, read_document, name, given, kept):
    response = correct(api, read_document, {name: given}, reason="seen on paper")
    assert response.status_code == 201, response.content
    body = response.json()
    assert (body["method"], body["is_current"], body["fields"][name]) == ("manual_correction", True, kept)
    assert body["field_scores"][name] == 100.0
    assert body["fields"]["invoice_number"] == ("B-2" if name == "invoice_number" else "A-1")


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("invoice_number", "lower case"),
        ("invoice_number", "x" * 10_001),
        ("invoice_number", ["A-1"]),
        ("issue_date", "31.02.2026"),
        ("issue_date", True),
        ("paid_at", "soon"),
        ("total", "much"),
        ("total", {}),
        ("weight", "heavy"),
        ("copies", 2.5),
        ("paid", "perhaps"),
        ("paid", 7),
        ("unit", "lb"),
        ("lines", "a"),
        ("lines", {}),
        ("seller", []),
    ],
)
def test_a_wrong_value_is_refused_with_a_sentence(api, read_document, name, given):
    fields = error_of(correct(api, read_document, {name: given}), 400, "validation_failed")["fields"]
    assert set(fields) == {name}
    assert fields[name][0].endswith(".")
    assert Extraction.objects.count() == 1


def test_every_wrong_field_gets_its_own_sentence_and_nothing_is_saved(api, read_document):
    given = {"total": "much", "issue_date": "soon", "surprise": "x", "weight": "1"}
    fields = error_of(correct(api, read_document, given), 400, "validation_failed")["fields"]
    assert set(fields) == {"total", "issue_date", "surprise"}
    assert fields["surprise"] == ["This field is not known."]
    read_document.refresh_from_db()
    assert (read_document.version, read_document.confidence_score) == (1, 61.0)


def test_a_correction_raises_the_overall_score_and_keeps_the_state(api, read_document):
    correct(api, read_document, {"total": "13.00"}, reason="misread")
    read_document.refresh_from_db()
    assert (read_document.status, read_document.confidence_score) == ("requires_review", 96.6)
    event = AuditEvent.objects.get(action="extraction.corrected")
    assert (event.changes, event.reason) == ({"total": ["12.00", "13.00"]}, "misread")
    assert OutboxEvent.objects.filter(type="extraction.corrected").count() == 1


def test_corrections_stack_newest_first_and_one_is_current(api, read_document):
    correct(api, read_document, {"total": "13.00"})
    correct(api, read_document, {"total": "14.00"})
    rows = api.get(url(read_document, "extractions")).json()["results"]
    assert [(row["fields"]["total"], row["is_current"]) for row in rows] == [
        ("14.00", True),
        ("13.00", False),
        ("12.00", False),
    ]


def test_a_box_goes_with_its_correction(api, read_document):
    box = {"page": 1, "x": 0.5, "y": 0.5, "w": 0.1, "h": 0.1}
    assert correct(api, read_document, {"total": "1"}, boxes={"total": box}).json()["boxes"]["total"] == box
    for wrong in ({**box, "x": 1.1}, {**box, "page": 0}, {**box, "w": "nan"}, "box"):
        error_of(
            correct(api, read_document, {"total": "1"}, boxes={"total": wrong}), 400, "validation_failed"
        )


def test_a_correction_of_what_somebody_else_changed_is_refused(api, read_document):
    old = str(Extraction.objects.get().pk)
    assert correct(api, read_document, {"total": "1"}, extraction_id=old, version=1).status_code == 201
    error_of(correct(api, read_document, {"total": "2"}, extraction_id=old), 409, "version_conflict")
    assert error_of(correct(api, read_document, {"total": "2"}, version=1), 409, "version_conflict") == {
        "version": 2
    }


@pytest.mark.parametrize("part", ["approve", "reject", "extractions"])
def test_a_stale_version_is_refused_in_the_body_and_in_the_header(api, read_document, part):
    body: dict[str, Any] = {"reject": {"reason": "r"}, "extractions": {"fields": {"total": "1"}}}.get(
        part, {}
    )
    path = url(read_document, part)
    error_of(api.post(path, body | {"version": 9}, format="json"), 409, "version_conflict")
    error_of(api.post(path, body, format="json", headers={"if-match": '"9"'}), 409, "version_conflict")
    error_of(api.post(path, body, format="json", headers={"if-match": "new"}), 400, "validation_failed")
    assert api.post(path, body, format="json", headers={"if-match": '"1"'}).status_code in (200, 201)


def test_an_approval_may_bring_corrections(api, read_document):
    response = api.post(url(read_document, "approve"), {"fields": {"total": "13.00"}}, format="json")
    body = response.json()
    assert (response.status_code, body["status"]) == (200, "approved")
    assert "analyst_verified" in body["flags"]
    assert api.get(url(read_document, "result")).json()["extracted_data"]["total"] == "13.00"


def test_an_approval_with_a_wrong_correction_changes_nothing(api, read_document):
    response = api.post(url(read_document, "approve"), {"fields": {"total": "much"}}, format="json")
    assert set(error_of(response, 400, "validation_failed")["fields"]) == {"total"}
    read_document.refresh_from_db()
    assert (read_document.status, Extraction.objects.count()) == ("requires_review", 1)


def test_a_correction_may_approve(api, read_document):
    assert correct(api, read_document, {"total": "13.00"}, approve=True).status_code == 201
    read_document.refresh_from_db()
    assert read_document.status == "approved"


@pytest.mark.parametrize(
    "body", [{}, {"reason": ""}, {"reason": "  "}, {"reason": None}, {"reason": "x" * 1001}]
)
def test_a_rejection_needs_a_reason(api, read_document, body):
    response = api.post(url(read_document, "reject"), body, format="json")
    assert set(error_of(response, 400, "validation_failed")["fields"]) == {"reason"}


def test_a_decision_is_told_with_who_and_why(api, admin, read_document):
    body = api.post(url(read_document, "reject"), {"reason": "wrong sum"}, format="json").json()
    assert body["review"]["reviewed_by"] == admin.label
    assert body["review"]["reason"] == "wrong sum"
    assert body["review"]["reviewed_at"].endswith("Z")


@pytest.mark.parametrize("status", ["pending", "queued", "processing", "failed", "cancelled"])
def test_only_a_document_with_a_result_can_be_corrected(api, read_document, status):
    set_status(read_document, status)
    assert error_of(correct(api, read_document, {"total": "1"}), 409, "invalid_state")["status"] == status


def test_a_document_without_fields_says_so(api, upload):
    document = set_status(upload(), "completed")
    assert set(error_of(correct(api, document, {"total": "1"}), 400, "validation_failed")["fields"]) == {
        "total"
    }
    error_of(correct(api, document, {}), 400, "validation_failed")


def test_the_queue_shows_the_least_sure_first_with_its_worst_fields(api, upload):
    for number, score in enumerate([60.0, 20.0, 40.0]):
        give_result(upload(f"note {number}".encode()), score=score)
    give_result(upload(b"done"), "completed", 10.0)  # type: ignore[arg-type]
    rows = api.get("/api/v1/review/queue").json()["results"]
    assert [row["confidence_score"] for row in rows] == [20.0, 40.0, 60.0]
    assert [field["name"] for field in rows[0]["worst_fields"]] == ["total"]


def test_next_gives_each_person_another_document(api, upload, reviewer):
    from tests.conftest import client_of

    for number in range(3):
        give_result(upload(f"note {number}".encode()), score=10.0 + number)
    other = client_of(reviewer, ["reviews:write"])
    mine = api.get("/api/v1/review/queue?next=true").json()["results"]
    theirs = other.get("/api/v1/review/queue?next=true").json()["results"]
    assert [row["confidence_score"] for row in mine + theirs] == [10.0, 11.0]
    assert api.get("/api/v1/review/queue?next=true").json()["results"][0]["id"] == mine[0]["id"]
