"""Errors of the transport: paths, methods, types, bodies, cookies. Each has the one body."""

from __future__ import annotations

import pytest
from django.test import Client
from rest_framework.test import APIClient

from tests.conftest import PASSWORD
from tests.contract.checks import error_body, error_of
from tests.contract.endpoints import ENDPOINTS, METHODS, call_name

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "path",
    [
        "nothing",
        "documents/",
        "documents/not-a-uuid",
        "documents/search/x",
        "jobs/1",
        "flows/%00",
        "../v2",
        "é",
    ],
)
def test_an_unknown_path_is_a_json_404(api, path):
    error_of(api.get(f"/api/v1/{path}"), 404, "not_found")


def test_an_unknown_path_needs_no_credentials_to_say_so(db):
    error_of(APIClient().get("/api/v1/nothing"), 404, "not_found")
    assert APIClient().get("/nothing")["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("row", ENDPOINTS, ids=call_name)
def test_other_methods_are_405(api, row):
    path = row.path("7b1a2f4e-8d3c-4d55-9d0a-1f2e3c4b5a69")
    for method in set(METHODS) - set(row.scopes):
        response = getattr(api, method)(path, {}, format="json")
        error_of(response, 405, "method_not_allowed")
        assert method.upper() not in response["Allow"]


@pytest.mark.parametrize("path", ["documents", "auth/me", "flows", "jobs"])
def test_an_answer_in_another_type_is_406(api, path):
    error_of(api.get(f"/api/v1/{path}", headers={"accept": "application/xml"}), 406, "not_acceptable")


@pytest.mark.parametrize(
    "path", ["documents", "documents/upload", "documents/upload-json", "flows", "api-keys"]
)
def test_a_body_in_another_type_is_415(api, path):
    response = api.post(f"/api/v1/{path}", b"<a/>", content_type="application/xml")
    error_of(response, 415, "unsupported_media_type")


def test_multipart_and_json_do_not_mix_on_the_seeds_paths(api):
    error_of(api.post("/api/v1/documents/upload", {}, format="json"), 415, "unsupported_media_type")
    error_of(
        api.post("/api/v1/documents/upload-json", {"a": "b"}, format="multipart"),
        415,
        "unsupported_media_type",
    )


@pytest.mark.parametrize(
    "body", [b"{", b"", b"[]", b"1", b"null", b'"a"', b'{"a":NaN}', b"\xff\xfe", b"{'a':1}"]
)
@pytest.mark.parametrize("path", ["documents", "flows", "api-keys"])
def test_a_body_that_is_no_json_object_is_refused(api, path, body):
    response = api.post(f"/api/v1/{path}", body, content_type="application/json")
    assert response.status_code == 400
    assert error_body(response)["error"] in ("invalid_json", "validation_failed", "missing_file")
    if body:
        error_of(response, 400, "invalid_json")


@pytest.mark.parametrize(
    "row", [row for row in ENDPOINTS if row.body and not row.is_one_object], ids=call_name
)
def test_an_unknown_key_is_named(api, row):
    method = "patch" if "patch" in row.scopes else "post"
    response = getattr(api, method)(row.path(), {**row.body, "surprise": 1}, format="json")
    assert error_of(response, 400, "validation_failed")["fields"] == {
        "surprise": ["This field is not known."]
    }


@pytest.mark.parametrize("name", ["token", "access_token", "api_key"])
def test_a_token_in_the_url_is_refused(api, name):
    error_of(api.get(f"/api/v1/documents?{name}=recto_abc"), 400, "token_in_url")
    error_of(APIClient().get(f"/api/v1/auth/me?{name}=recto_abc"), 400, "token_in_url")


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Basic abc", "Bearer abc.def.ghi", "recto_abc"])
def test_a_header_that_is_no_key_is_invalid_and_never_falls_through_to_the_session(admin, header):
    client = APIClient()
    client.login(email=admin.label, password=PASSWORD)
    error_of(client.get("/api/v1/auth/me", headers={"authorization": header}), 401, "invalid_token")


@pytest.mark.parametrize(
    "token", ["recto_", "recto_" + "a" * 49, "recto_é", "recto_\x00", "recto_" + "a" * 9000]
)
def test_a_key_that_does_not_exist_is_invalid(admin, token):
    client = APIClient()
    client.login(email=admin.label, password=PASSWORD)
    response = client.get("/api/v1/auth/me", HTTP_AUTHORIZATION=f"Bearer {token}")
    error_of(response, 401, "invalid_api_key")


def test_a_session_needs_the_csrf_token_for_writes_and_a_key_does_not(admin, api):
    client = Client(enforce_csrf_checks=True)
    client.login(email=admin.label, password=PASSWORD)
    assert client.get("/api/v1/auth/me").status_code == 200
    error_of(client.post("/api/v1/auth/ws-ticket"), 403, "csrf_failed")
    strict = APIClient(enforce_csrf_checks=True)
    strict.credentials(HTTP_AUTHORIZATION=api._credentials["HTTP_AUTHORIZATION"])
    assert strict.post("/api/v1/auth/ws-ticket").status_code == 201


def test_a_session_with_the_csrf_token_may_write(admin):
    client = Client(enforce_csrf_checks=True)
    client.login(email=admin.label, password=PASSWORD)
    secret = client.cookies["recto_csrf"] = "a" * 32
    headers = {"x-csrftoken": secret}
    response = client.post("/api/v1/auth/ws-ticket", content_type="application/json", headers=headers)
    assert response.status_code == 201, response.content


def test_a_person_without_a_workspace_is_told_so(db, django_user_model):
    django_user_model.objects.create_user("lone@example.org", PASSWORD)
    client = APIClient()
    client.login(email="lone@example.org", password=PASSWORD)
    error_of(client.get("/api/v1/documents"), 403, "permission_denied")


def test_a_body_past_its_limit_is_413(api, settings):
    settings.MAX_JSON_BODY_BYTES = 1000
    response = api.post("/api/v1/flows", {"name": "x" * 2000}, format="json")
    assert error_of(response, 413, "body_too_large") == {"limit": 1000}


def test_form_fields_past_their_limits_are_refused(api, settings):
    from django.core.files.uploadedfile import SimpleUploadedFile

    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 5
    body = {f"f{n}": "x" for n in range(9)} | {"file": SimpleUploadedFile("a.txt", b"hello")}
    error_of(api.post("/api/v1/documents", body, format="multipart"), 400, "validation_failed")
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    body = {"title": "x" * 200, "file": SimpleUploadedFile("a.txt", b"hello")}
    error_of(api.post("/api/v1/documents", body, format="multipart"), 413, "body_too_large")


@pytest.mark.parametrize(
    "accept", ["image/png", "application/pdf", "text/markdown", "text/event-stream", "*/*"]
)
@pytest.mark.parametrize(
    "part",
    [
        "documents/{}/preview",
        "documents/{}/markdown",
        "documents/{}/thumb",
        "documents/{}/text",
        "documents/{}/export",
        "documents/{}/figures/1/download",
        "figures/{}",
        "jobs/{}/progress",
    ],
)
def test_an_error_is_json_whatever_type_the_client_wanted(api, accept, part):
    path = f"/api/v1/{part.format('7b1a2f4e-8d3c-4d55-9d0a-1f2e3c4b5a69')}"
    response = api.get(path, headers={"accept": accept})
    assert response.status_code in (404, 406)
    error_body(response)


def test_every_answer_carries_a_request_id(api):
    assert len(api.get("/api/v1/auth/me")["X-Request-Id"]) == 32
    assert api.get("/api/v1/nothing", headers={"x-request-id": "abc-1"})["X-Request-Id"] == "abc-1"
    for bad in ("a" * 65, "a b", "a\tb"):
        assert api.get("/api/v1/auth/me", headers={"x-request-id": bad})["X-Request-Id"] != bad
