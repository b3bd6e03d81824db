"""Jobs over REST: what a single upload's job says at each moment."""

from __future__ import annotations

from typing import Any

import pytest

from documents.models import Status
from documents.services.lifecycle import document_claim, document_enter_stage, document_fail, document_finish
from tests.contract.checks import error_of

pytestmark = pytest.mark.django_db


def job_of(api: Any, document: Any) -> dict[str, Any]:
    body: dict[str, Any] = api.get(f"/api/v1/jobs/{document.job_id}").json()
    return body


def test_a_job_counts_what_happens_to_its_document(api, upload):
    document = upload(process=True)
    assert (job_of(api, document)["status"], job_of(api, document)["progress"]) == ("pending", 0)
    claim = document_claim(document_id=document.pk)
    assert claim is not None
    document_enter_stage(claim=claim, stage="extraction.stages.parse", word="parsing", progress=0.25)
    running = job_of(api, document)
    assert (running["status"], running["progress"], running["progress_message"]) == (
        "running",
        0.25,
        "Parsing",
    )
    assert running["started_at"].endswith("Z")
    document_finish(document_id=document.pk, attempt=claim.attempt, to=Status.COMPLETED)
    done = job_of(api, document)
    assert (done["status"], done["progress"], done["success_count"], done["failed_count"]) == (
        "completed",
        1,
        1,
        0,
    )
    assert done["result"]["processed_count"] == 1
    assert done["eta_seconds"] is None


def test_a_failed_document_is_counted_in_a_job_that_is_completed(api, upload):
    document = upload(process=True)
    claim = document_claim(document_id=document.pk)
    assert claim is not None
    document_fail(document_id=document.pk, attempt=claim.attempt, code="corrupt_file", message="Broken.")
    job = job_of(api, document)
    assert (job["status"], job["success_count"], job["failed_count"]) == ("completed", 0, 1)
    body = api.get(f"/api/v1/documents/{document.pk}").json()
    assert (body["status"], body["error_code"], body["error_message"]) == (
        "failed",
        "corrupt_file",
        "Broken.",
    )


def test_cancelling_a_job_cancels_its_document_and_repeating_it_changes_nothing(api, upload):
    document = upload(process=True)
    first = api.post(f"/api/v1/jobs/{document.job_id}/cancel")
    again = api.post(f"/api/v1/jobs/{document.job_id}/cancel")
    assert (first.status_code, first.json()["status"]) == (200, "cancelled")
    assert again.json() == first.json()
    document.refresh_from_db()
    assert document.status == Status.CANCELLED


def test_a_job_that_is_over_cannot_be_cancelled(api, upload):
    document = upload(process=True)
    claim = document_claim(document_id=document.pk)
    assert claim is not None
    document_finish(document_id=document.pk, attempt=claim.attempt, to=Status.COMPLETED)
    details = error_of(api.post(f"/api/v1/jobs/{document.job_id}/cancel"), 409, "invalid_state")
    assert details == {"status": "completed", "allowed": ["paused", "pending", "running"]}


def test_a_run_again_has_a_job_of_its_own_and_says_where(api, upload):
    document = upload(process=True)
    api.post(f"/api/v1/documents/{document.pk}/cancel")
    response = api.post(f"/api/v1/documents/{document.pk}/reextract", {}, format="json")
    body = response.json()
    assert response.status_code == 202
    assert body["job"]["id"] != str(document.job_id)
    assert response["Location"] == f"/api/v1/jobs/{body['job']['id']}"
    assert api.get(response["Location"]).json()["status"] == "pending"


def test_a_job_shows_its_items_when_asked(api, process):
    document = process(b"Invoice No. 7\nDate 2026-11-02\nTotal 12.00 EUR\n", "note.txt")
    assert "items" not in api.get(f"/api/v1/jobs/{document.job_id}").json()
    [item] = api.get(f"/api/v1/jobs/{document.job_id}?items=true").json()["items"]
    assert (item["document_id"], item["status"], item["row_number"]) == (str(document.pk), "success", 1)
    assert item["duration_ms"] >= 0
