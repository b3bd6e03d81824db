"""Uploads: three body forms, names, types, limits, and nothing left behind by a refused one."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from documents.models import Document, Job
from documents.services.intake import clean_filename
from samples.hostile import program_png, text_pdf
from tests.contract.checks import error_of
from tests.contract.made import any_flow, set_status

pytestmark = pytest.mark.django_db
URL = "/api/v1/documents"
ABSENT = "7b1a2f4e-8d3c-4d55-9d0a-1f2e3c4b5a69"


def send(api: Any, content: bytes = b"hello", name: str = "a.txt", **fields: Any) -> Any:
    file = SimpleUploadedFile("x", content)
    file._name = name
    return api.post(URL, {"file": file, "process": "false", **fields}, format="multipart")


def send_json(api: Any, content: bytes = b"hello", name: Any = "a.txt", **fields: Any) -> Any:
    text = base64.b64encode(content).decode()
    body = {"filename": name, "content_base64": text, "process": False, **fields}
    return api.post(URL, body, format="json")


def stored(settings: Any) -> list[Path]:
    folder = Path(settings.STORAGES["default"]["OPTIONS"]["location"])
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("path", [URL, f"{URL}/upload", f"{URL}/upload-json"])
def test_the_body_forms_make_the_same_document(api, path):
    if path.endswith("json"):
        response = api.post(path, {"filename": "a.txt", "content_base64": "aGVsbG8="}, format="json")
    else:
        response = api.post(path, {"file": SimpleUploadedFile("a.txt", b"hello")}, format="multipart")
    body = response.json()
    assert (response.status_code, body["deduped"]) == (201, False)
    assert body["document_id"] == body["document"]["id"] == body["document"]["document_id"]
    assert body["document"] | {} == body["document"]
    shown = {
        key: body["document"][key] for key in ("filename", "content_type", "size_bytes", "status", "phase")
    }
    assert shown == {
        "filename": "a.txt",
        "content_type": "text/plain",
        "size_bytes": 5,
        "status": "queued",
        "phase": "pending",
    }
    assert body["job"]["id"] == body["document"]["job_id"]
    assert (body["job"]["type"], body["job"]["total"]) == ("document_process", 1)


def test_the_choices_are_kept(api, admin):
    flow = any_flow(admin)
    body = send(
        api,
        flow_id=str(flow.pk),
        title="Mine",
        tags="energy, 2026",
        metadata='{"a": 1}',
        external_ref="loan-1",
    ).json()["document"]
    assert (body["flow_id"], body["title"], body["tags"]) == (str(flow.pk), "Mine", ["energy", "2026"])
    assert (body["metadata"], body["external_ref"], body["external_refs"]) == ({"a": 1}, "loan-1", ["loan-1"])


def test_storage_keys_and_passwords_are_never_shown(api):
    response = send(api, pdf_password="sesame")
    document = Document.objects.get()
    assert document.storage_key.encode() not in response.content
    assert b"sesame" not in response.content
    assert "sesame" not in str(list(Document.objects.values())) + str(list(Job.objects.values()))


def test_the_same_bytes_give_the_document_that_is_here(api, settings):
    first = send(api, external_ref="one").json()
    again = send(api, name="other.txt", external_ref="two")
    assert (again.status_code, again.json()["deduped"], again.json()["job"]) == (200, True, None)
    assert again.json()["document_id"] == first["document_id"]
    assert again.json()["document"]["external_refs"] == ["one", "two"]
    assert send(api, external_ref="two").json()["document"]["external_refs"] == ["one", "two"]
    assert len(stored(settings)) == 1


def test_on_duplicate_decides_what_the_same_bytes_do(api, settings):
    first = send(api).json()["document_id"]
    assert error_of(send(api, on_duplicate="reject"), 409, "duplicate_file") == {"document_id": first}
    copy = send(api, on_duplicate="allow")
    assert (copy.status_code, Document.objects.count()) == (201, 2)
    assert send(api).json()["document_id"] == first
    assert len(stored(settings)) == 2


def test_another_workspace_never_meets_a_twin(api, stranger_api):
    first = send(api).json()["document_id"]
    other = send(stranger_api)
    assert (other.status_code, other.json()["deduped"]) == (201, False)
    assert other.json()["document_id"] != first


@pytest.mark.parametrize(
    ("status", "starts"),
    [
        ("failed", True),
        ("password_required", True),
        ("cancelled", True),
        ("completed", False),
        ("processing", False),
    ],
)
def test_the_same_bytes_with_a_password_restart_only_what_failed(api, status, starts):
    document = Document.objects.get(pk=send(api).json()["document_id"])
    set_status(document, status)
    assert send(api).json()["job"] is None
    body = send(api, pdf_password="sesame").json()
    assert bool(body["job"]) == starts
    assert body["document"]["status"] == ("queued" if starts else status)


def test_a_document_that_is_only_stored_stays_pending(api):
    body = send(api, wait="30").json()
    assert (body["document"]["status"], body["document"]["job_id"], body["job"]) == ("pending", None, None)


@pytest.mark.parametrize(
    ("auto", "fields", "status"),
    [
        (True, {}, "queued"),
        (False, {}, "pending"),
        (False, {"type": "invoice"}, "queued"),
        (True, {"process": False}, "pending"),
    ],
)
def test_whether_it_starts_is_said_by_the_call_else_by_the_settings(api, settings, auto, fields, status):
    settings.AUTO_PROCESS = auto
    body = {"filename": "a.txt", "content_base64": "aGVsbG8=", **fields}
    assert api.post(URL, body, format="json").json()["document"]["status"] == status


@pytest.mark.parametrize("name", ["flow_id", "folder_id", "template_id", "customer_id"])
@pytest.mark.parametrize("send_as", [send, send_json])
def test_an_id_that_names_nothing_is_404_with_its_field(api, settings, name, send_as):
    assert error_of(send_as(api, **{name: ABSENT}), 404, "not_found")["field"] == name
    assert not stored(settings)


def test_a_flow_of_another_workspace_names_nothing(api, stranger):
    flow = any_flow(stranger)
    assert error_of(send(api, flow_id=str(flow.pk)), 404, "not_found")["field"] == "flow_id"


@pytest.mark.parametrize("send_as", [send, send_json])
@pytest.mark.parametrize(
    ("content", "fields", "status", "code"),
    [
        (b"", {}, 400, "empty_file"),
        (program_png(), {"name": "cat.png"}, 400, "invalid_file_type"),
        (b"\x00\x01\x02\x03" * 50, {"name": "a.pdf"}, 400, "invalid_file_type"),
        (b"hello", {"type": "nothing"}, 400, "validation_failed"),
        (b"hello", {"pages": "1;2"}, 400, "validation_failed"),
        (b"hello", {"on_duplicate": "maybe"}, 400, "validation_failed"),
        (b"hello", {"wait": "61"}, 400, "validation_failed"),
        (b"hello", {"metadata": '"text"'}, 400, "validation_failed"),
        (b"hello", {"tags": ",".join(f"t{n}" for n in range(51))}, 400, "validation_failed"),
        (b"hello", {"name": ".."}, 400, "missing_filename"),
    ],
)
def test_a_refused_upload_leaves_nothing(api, settings, send_as, content, fields, status, code):
    response = send_as(api, content, **fields)
    if code == "missing_filename" and send_as is send:
        code = "missing_file"  # Django drops a part whose name is no name
    error_of(response, status, code)
    assert (stored(settings), Document.objects.count(), Job.objects.count()) == ([], 0, 0)


def test_a_file_past_the_limit_is_413(api, settings):
    settings.MAX_FILE_BYTES = 10
    assert error_of(send(api, b"x" * 11), 413, "file_too_large") == {"limit": 10}
    assert send(api, b"x" * 10).status_code == 201


def test_an_upload_that_breaks_in_the_middle_leaves_nothing(api, settings, monkeypatch):
    def breaks(**_: Any) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("documents.services.intake.document_start", breaks)
    api.raise_request_exception = False
    assert send(api, process="true").status_code == 500
    assert (stored(settings), Document.objects.count(), Job.objects.count()) == ([], 0, 0)


def test_a_file_is_what_its_bytes_say(api):
    assert send(api, text_pdf(), "letter.pdf").json()["document"]["content_type"] == "text/plain"
    assert send(api, b"%PDF-1.7\nx", "a.txt").json()["document"]["content_type"] == "application/pdf"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "missing_file"),
        ({"filename": "a.txt"}, "missing_file"),
        ({"filename": None, "content_base64": "aGVsbG8="}, "missing_filename"),
        ({"filename": "", "content_base64": "aGVsbG8="}, "missing_filename"),
        ({"content_base64": "aGVsbG8="}, "missing_filename"),
        ({"filename": "a.txt", "content_base64": ""}, "empty_file"),
        ({"filename": "a.txt", "content_base64": "!!!"}, "validation_failed"),
        ({"filename": "a.txt", "content_base64": "aGVsbG8"}, "validation_failed"),
        ({"filename": "a.txt", "content_base64": "aGVs\nbG8="}, "validation_failed"),
        ({"filename": "a.txt", "content_base64": "é"}, "validation_failed"),
    ],
)
def test_a_json_upload_that_lacks_something_says_what(api, body, code):
    error_of(api.post(URL, body, format="json"), 400, code)


def test_a_form_without_a_file_says_so(api):
    error_of(api.post(URL, {"title": "x"}, format="multipart"), 400, "missing_file")
    error_of(api.post(URL, {"file": "just text"}, format="multipart"), 400, "missing_filename")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\docs\\bill.pdf", "bill.pdf"),
        ("a\x00b\nc\x7f.txt", "abc.txt"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("  spaced.txt ", "spaced.txt"),
        ("x" * 500 + ".pdf", "x" * 251 + ".pdf"),
        ("." + "x" * 500, "." + "x" * 254),
        ("e\u0301.txt", "é.txt"),
        ("half\ud83d.txt", "half.txt"),
    ],
)
def test_a_name_keeps_only_what_is_a_name(given, kept):
    assert clean_filename(given) == kept


@pytest.mark.parametrize("send_as", [send, send_json])
def test_a_hostile_name_is_stored_as_a_plain_one(api, settings, send_as):
    for number, name in enumerate(["../../x.txt", "x" * 500 + ".txt", "invoice\u202etxt.exe"]):
        shown = send_as(api, f"text {number}".encode(), name).json()["document"]["filename"]
        assert "/" not in shown
        assert "\u202e" not in shown
        assert len(shown) <= 255
    folder = Path(settings.STORAGES["default"]["OPTIONS"]["location"]).resolve()
    assert all(folder in path.resolve().parents for path in stored(settings))


def test_a_type_may_be_said_by_its_other_name(api, admin):
    assert send(api, type="payslip").status_code == 201
