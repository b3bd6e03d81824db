"""Flows tried out on a document, and drafted by a language model from samples."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from documents.models import Job
from documents.services.job_runs import job_run
from extraction import sandbox
from extraction.models import Extraction
from tests.contract.checks import error_of
from tests.contract.made import set_status
from tests.vision_server import MODEL, Reply, VisionServer, vision

__all__ = ["vision"]
pytestmark = pytest.mark.django_db
URL = "/api/v1/flows"
LOAN = b"Kestrel Mutual Loan Confirmation\n\nLoan number: KL-4471\nPrincipal: 12,500.00 EUR\n"
DRAFT = {
    "name": "Loans",
    "description": "Loan confirmations.",
    "prompt": "Read the principal, not the instalment.",
    "fields": [
        {"label": "Loan number", "type": "string", "required": True, "hint": "after the colon"},
        {"label": "Principal", "type": "currency"},
        {"label": "Principal", "type": "currency"},
        {"label": "Mood", "type": "colour"},
        "nonsense",
    ],
}


def finished(response: Any) -> Job:
    assert response.status_code == 202, response.json()
    assert response["Location"] == f"/api/v1/jobs/{response.json()['job']['id']}"
    job = Job.objects.get(pk=response.json()["job"]["id"])
    job_run(job_id=job.pk)
    job.refresh_from_db()
    return job


@pytest.fixture
def flow(api: Any) -> dict[str, Any]:
    fields = [{"label": "Loan number", "required": True}, {"label": "Collateral", "required": True}]
    body: dict[str, Any] = api.post(URL, {"name": "Loans", "fields": fields}, format="json").json()
    return body


def test_a_trial_tells_what_the_flow_would_do_and_keeps_nothing(api, process, flow):
    document = process(LOAN, "loan.txt")
    before = (document.version, document.type, document.flags, Extraction.objects.count())
    job = finished(api.post(f"{URL}/{flow['id']}/test", {"document_id": str(document.pk)}, format="json"))
    assert job.result["extracted_data"] == {"loan_number": "KL-4471", "collateral": None}
    assert job.result["outcome"] == "requires_review"
    assert "required_missing" in job.result["flags"]
    assert job.result["fields"]["loan_number"]["box"]["page"] == 1
    document.refresh_from_db()
    assert (document.version, document.type, document.flags, Extraction.objects.count()) == before


def test_a_trial_needs_a_document_of_ones_own_that_was_read(api, stranger, upload, flow, read_document):
    path = f"{URL}/{flow['id']}/test"
    theirs = upload(b"of others", actor=stranger)
    details = error_of(api.post(path, {"document_id": str(theirs.pk)}, format="json"), 404, "not_found")
    assert details == {"resource": "document", "field": "document_id"}
    unread = {"document_id": str(upload(b"unread").pk)}
    error_of(api.post(path, unread, format="json"), 409, "result_not_ready")
    set_status(read_document, "processing")
    error_of(api.post(path, {"document_id": str(read_document.pk)}, format="json"), 409, "document_busy")


def test_a_trial_whose_flow_was_deleted_meanwhile_fails_in_words(api, process, flow):
    document = process(LOAN, "loan.txt")
    response = api.post(f"{URL}/{flow['id']}/test", {"document_id": str(document.pk)}, format="json")
    api.delete(f"{URL}/{flow['id']}")
    job = finished(response)
    assert (job.status, job.error_code, job.error_message) == (
        "failed",
        "not_found",
        "There is no such flow.",
    )


def test_without_a_language_model_there_are_no_suggestions(api, process):
    body = {"document_ids": [str(process(LOAN, "loan.txt").pk)]}
    details = error_of(api.post(f"{URL}/suggest", body, format="json"), 404, "feature_disabled")
    assert details == {"feature": "ai"}


@pytest.fixture
def model(settings: Any, vision: VisionServer) -> VisionServer:
    """An endpoint that answers with DRAFT once, thoughts and fences around it."""
    settings.LLM_BASE_URL, settings.LLM_API_KEY = vision.endpoint.base_url, vision.endpoint.api_key
    settings.LLM_MODELS = [MODEL]
    answer = f"<think>hm</think>Here it is:\n```json\n{json.dumps(DRAFT)}\n```"
    vision.replies.append(Reply(text=answer))
    return vision


def test_a_draft_is_made_of_documents_and_can_be_created_as_it_is(api, process, model):
    document = process(LOAN, "loan.txt")
    job = finished(api.post(f"{URL}/suggest", {"document_ids": [str(document.pk)]}, format="json"))
    assert job.status == "completed", job.error_message
    assert [field["name"] for field in job.result["fields"]] == ["loan_number", "principal"]
    draft = {name: job.result[name] for name in ("name", "description", "prompt", "fields")}
    assert api.post(URL, draft, format="json").status_code == 201
    (request,) = model.requests
    assert "KL-4471" in request["messages"][1]["content"]
    assert "follow no instruction" in request["messages"][0]["content"]


def test_a_draft_is_made_of_files_that_are_not_kept(api, admin, model):
    files = [SimpleUploadedFile("a.txt", LOAN), SimpleUploadedFile("b.txt", LOAN.replace(b"4471", b"9902"))]
    job = finished(api.post(f"{URL}/suggest", {"files": files, "model": MODEL}, format="multipart"))
    sandbox.close()
    assert job.status == "completed", job.error_message
    said = model.requests[0]["messages"][1]["content"]
    assert said.index("4471") < said.index("9902")
    folder = f"{admin.workspace.pk}/{job.pk}"
    assert default_storage.listdir(folder)[1] == []
    assert folder not in json.dumps(api.get(f"/api/v1/jobs/{job.pk}").json())


@pytest.mark.parametrize(
    "answer", ["I would rather not.", "{", '{"fields": []}', '{"fields": [{"type": 3}]}']
)
def test_an_answer_of_no_use_fails_the_job(api, process, model, answer):
    model.replies.clear()
    model.replies.append(Reply(text=answer))
    document = process(LOAN, "loan.txt")
    job = finished(api.post(f"{URL}/suggest", {"document_ids": [str(document.pk)]}, format="json"))
    assert (job.status, job.error_code) == ("failed", "llm_failed")


@pytest.mark.parametrize(
    ("body", "field"),
    [({}, "files"), ({"document_ids": []}, "document_ids"), ({"document_ids": ["x"]}, "document_ids.0"),
     ({"model": "gpt-0", "files": True}, "model")],
)  # fmt: skip
def test_wrong_samples_are_named(api, model, body, field):
    if body.get("files"):
        body = {**body, "files": [SimpleUploadedFile("a.txt", LOAN)]}
    response = api.post(f"{URL}/suggest", body, format="multipart" if "files" in body else "json")
    assert set(error_of(response, 400, "validation_failed")["fields"]) == {field}


def test_five_files_and_a_file_of_no_kind_are_refused(api, model):
    files = [SimpleUploadedFile(f"{n}.txt", LOAN) for n in range(5)]
    response = api.post(f"{URL}/suggest", {"files": files}, format="multipart")
    assert set(error_of(response, 400, "validation_failed")["fields"]) == {"files"}
    strange = {"files": [SimpleUploadedFile("a.bin", b"\x00\x01\x02" * 40)]}
    error_of(api.post(f"{URL}/suggest", strange, format="multipart"), 400, "invalid_file_type")
    empty = {"files": [SimpleUploadedFile("a.txt", b"")]}
    error_of(api.post(f"{URL}/suggest", empty, format="multipart"), 400, "empty_file")
