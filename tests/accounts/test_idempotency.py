"""Idempotency-Key: the same request twice makes one thing and gives one answer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import ApiKey, IdempotencyRecord
from documents.models import Document
from extraction.models import Flow
from tests.conftest import client_of
from tests.contract.checks import error_body, error_of

FLOWS, KEYS, DOCUMENTS = "/api/v1/flows", "/api/v1/api-keys", "/api/v1/documents"


def post(api: Any, path: str, body: dict[str, Any], key: str = "k-1", **options: Any) -> Any:
    return api.post(path, body, format=options.pop("format", "json"), headers={"idempotency-key": key})


@pytest.mark.django_db
def test_the_same_call_twice_makes_one_row_and_one_answer(api):
    first, again = (post(api, FLOWS, {"name": "Mine"}) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert "Idempotent-Replayed" not in first
    assert again["Idempotent-Replayed"] == "true"
    assert Flow.objects.filter(name="Mine").count() == 1


@pytest.mark.django_db
def test_the_same_key_with_another_body_is_422(api):
    post(api, FLOWS, {"name": "Mine"})
    error_of(post(api, FLOWS, {"name": "Other"}), 422, "idempotency_key_reused")
    assert not Flow.objects.filter(name="Other").exists()


@pytest.mark.django_db
def test_the_order_of_keys_in_the_body_does_not_matter(api):
    post(api, FLOWS, {"name": "Mine", "description": "d"})
    assert post(api, FLOWS, {"description": "d", "name": "Mine"})["Idempotent-Replayed"] == "true"


@pytest.mark.django_db
def test_a_key_belongs_to_its_caller_and_its_route(api, admin, stranger_api):
    post(api, FLOWS, {"name": "Mine"})
    assert post(stranger_api, FLOWS, {"name": "Mine"}).status_code == 201
    assert "Idempotent-Replayed" not in post(
        api, DOCUMENTS, {"filename": "a.txt", "content_base64": "aGVsbG8="}
    )
    error_of(post(client_of(admin), FLOWS, {"name": "Mine"}), 409, "conflict")


@pytest.mark.django_db
def test_while_the_first_call_runs_the_second_is_told_to_wait(api):
    post(api, FLOWS, {"name": "Mine"})
    IdempotencyRecord.objects.update(status=None, response=None)
    response = post(api, FLOWS, {"name": "Mine"})
    error_of(response, 409, "idempotency_in_progress")
    assert (error_body(response)["retry_after"], response["Retry-After"]) == (1, "1")


@pytest.mark.django_db
@pytest.mark.parametrize(("age", "status"), [(timedelta(minutes=6), None), (timedelta(hours=25), 201)])
def test_an_abandoned_or_old_key_is_free_again(api, age, status):
    post(api, FLOWS, {"name": "Mine"})
    Flow.objects.filter(name="Mine").delete()
    IdempotencyRecord.objects.update(status=status, created_at=timezone.now() - age)
    again = post(api, FLOWS, {"name": "Mine"})
    assert again.status_code == 201
    assert "Idempotent-Replayed" not in again


@pytest.mark.django_db
def test_an_error_is_not_kept(api):
    error_of(post(api, FLOWS, {"name": ""}), 400, "validation_failed")
    assert not IdempotencyRecord.objects.exists()
    assert post(api, FLOWS, {"name": "Mine"}).status_code == 201


@pytest.mark.django_db
def test_a_break_inside_is_not_kept(api, monkeypatch):
    def breaks(**_: Any) -> None:
        raise RuntimeError("inside")

    monkeypatch.setattr("extraction.api.flow_views.flow_create", breaks)
    api.raise_request_exception = False
    assert post(api, FLOWS, {"name": "Mine"}).status_code == 500
    monkeypatch.undo()
    assert post(api, FLOWS, {"name": "Mine"}).status_code == 201


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "x" * 256, "é", "a\tb"])
def test_a_key_that_is_no_key_is_named(api, key):
    response = api.post(FLOWS, {"name": "Mine"}, format="json", HTTP_IDEMPOTENCY_KEY=key)
    assert set(error_of(response, 400, "validation_failed")["fields"]) == {"Idempotency-Key"}


@pytest.mark.django_db
def test_forms_are_compared_by_the_files_bytes_and_the_other_fields(api):
    def form(content: bytes, name: str = "a.txt", **fields: str) -> dict[str, Any]:
        return {"file": SimpleUploadedFile(name, content), "process": "false", **fields}

    first = post(api, DOCUMENTS, form(b"hello"), format="multipart")
    again = post(api, DOCUMENTS, form(b"hello"), format="multipart")
    assert again["Idempotent-Replayed"] == "true"
    assert again.json() == first.json()
    assert again.status_code == 201
    for other in (form(b"hallo"), form(b"hello", title="t")):
        error_of(post(api, DOCUMENTS, other, format="multipart"), 422, "idempotency_key_reused")
    assert Document.objects.count() == 1


@pytest.mark.django_db
def test_a_new_keys_token_is_replayed_but_never_readable_in_the_table(api):
    body = {"name": "k", "scopes": ["jobs:read"]}
    first, again = (post(api, KEYS, body).json() for _ in range(2))
    assert first["token"] == again["token"]
    assert ApiKey.objects.filter(name="k").count() == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(t::text, ' ') FROM accounts_idempotencyrecord t")
        assert first["token"][17:] not in cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_twenty_calls_at_once_with_one_key_make_one_document(api):
    headers = api._credentials
    body = {"filename": "a.txt", "content_base64": "aGVsbG8=", "process": False, "on_duplicate": "allow"}

    def call(_: int) -> Any:
        client = APIClient()
        client.credentials(**headers)
        try:
            return post(client, DOCUMENTS, body)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(call, range(20)))
    assert Document.objects.count() == 1
    made = [answer for answer in answers if answer.status_code == 201]
    waiting = [answer for answer in answers if answer.status_code != 201]
    assert made
    assert len({answer.json()["document_id"] for answer in made}) == 1
    assert all(error_body(answer)["error"] == "idempotency_in_progress" for answer in waiting)
