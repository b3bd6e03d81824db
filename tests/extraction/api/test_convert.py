"""Choices of a reading: checked when they come in, used by the stage that reads."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from documents.models import Document, Job, Status
from documents.services.pipeline import document_process
from extraction import stages
from extraction.engines.convert.options import ConvertOptions
from extraction.models import Flow, Page
from extraction.services.choices import read_choices
from tests.contract.checks import error_of
from tests.contract.made import set_status
from tests.extraction.convert.files import text_pdf

pytestmark = pytest.mark.django_db
ASKED = {
    "language": "de-AT",
    "pages": "2-3",
    "ocr": "force",
    "table_mode": "accurate",
    "image_handling": "none",
    "instructions": "Look twice.",
    "temperature": 0.0,
}


def options_of(document: Document) -> ConvertOptions:
    return stages._read_options(read_choices(document), None)


def convert(api: Any, document: Document, body: dict[str, Any]) -> Any:
    return api.post(f"/api/v1/documents/{document.pk}/convert", body, format="json")


def test_an_upload_keeps_all_its_choices_and_the_reader_gets_them(api, settings):
    settings.LLM_BASE_URL, settings.LLM_VISION_MODEL = "http://127.0.0.1:9/v1", "seer"
    body = {**ASKED, "model": "premium", "file": SimpleUploadedFile("a.txt", b"Hello"), "process": "false"}
    made = api.post("/api/v1/documents", body, format="multipart")
    assert made.status_code == 201
    document = Document.objects.get()
    assert (document.options, document.model) == (ASKED, "premium")
    options = options_of(document)
    assert (options.languages, options.pages, options.ocr, options.tables) == (
        ("de",),
        "2-3",
        "force",
        "accurate",
    )


def test_without_choices_the_settings_decide(upload, settings):
    settings.OCR_LANGUAGES = ["fr", "de"]
    settings.OCR_ENGINES = ["tesseract"]
    settings.OCR_FIGURES = True
    settings.EASYOCR_MODELS = "/srv/models"
    options = options_of(upload())
    assert (options.languages, options.ocr_engines) == (("fr", "de"), ("tesseract",))
    assert (options.ocr_figures, options.easyocr_models, options.pages) == (True, "/srv/models", None)
    settings.OCR_LANGUAGES = []
    assert options_of(Document.objects.get()).languages == ()


def test_a_flow_decides_where_the_upload_is_silent(upload, admin):
    flow = Flow.objects.visible_to(admin).first()
    Flow.objects.filter(pk=flow.pk).update(ocr="off", table_mode="off", pages="7", language="it")
    document = upload(flow_id=flow.pk, options={"pages": "1"})
    options = options_of(document)
    assert (options.ocr, options.tables, options.pages, options.languages) == ("off", "off", "1", ("it",))


def test_an_engine_that_does_not_exist_is_found_at_start(settings):
    settings.OCR_ENGINES = ["rapidocr", "magic"]
    with pytest.raises(SystemCheckError, match="OCR_ENGINES names magic"):
        call_command("check", stdout=io.StringIO(), stderr=io.StringIO())


def test_pages_are_chosen_and_a_choice_beyond_the_file_fails_in_words(process, tmp_path):
    path = text_pdf(tmp_path / "three.pdf", [(72, 72, "Some words on a page")], pages=3)
    document = process(path, options={"pages": "2-3"})
    assert list(Page.objects.filter(document=document).values_list("number", flat=True)) == [2, 3]
    beyond = process(path, options={"pages": "9"}, on_duplicate="allow")
    assert (beyond.status, beyond.error_code) == (Status.FAILED, "unsupported_content")
    assert "between 1 and 3" in beyond.error_message


def test_converting_again_changes_what_is_named_and_keeps_the_rest(api, process, tmp_path):
    path = text_pdf(tmp_path / "three.pdf", [(72, 72, "Some words on a page")], pages=3)
    document = process(path, options={"pages": "2-3", "ocr": "off"})
    response = convert(api, document, {"pages": "1", "table_mode": "off"})
    assert response.status_code == 202
    body = response.json()
    job = Job.objects.get(pk=body["job"]["id"])
    assert (body["document_id"], body["status"]) == (str(document.pk), "queued")
    assert response["Location"] == f"/api/v1/jobs/{job.pk}"
    document.refresh_from_db()
    assert document.options == {"pages": "1", "ocr": "off", "table_mode": "off"}
    assert (document.model, document.next_stage) == ("standard", "extraction.stages.parse")
    document_process(document_id=document.pk, queue="cpu")
    assert list(Page.objects.filter(document=document).values_list("number", flat=True)) == [1]

    assert convert(api, document, {"pages": None}).status_code == 202
    document_process(document_id=document.pk, queue="cpu")
    assert Page.objects.filter(document=document).count() == 3


def test_converting_again_may_name_flow_and_type(api, admin, read_document):
    flow = Flow.objects.visible_to(admin).first()
    assert convert(api, read_document, {"flow_id": str(flow.pk), "type": "receipt"}).status_code == 202
    read_document.refresh_from_db()
    assert (read_document.flow_id, read_document.type, read_document.type_source) == (
        flow.pk,
        "receipt",
        "hint",
    )


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"ocr": "always"}, "ocr"),
        ({"table_mode": "best"}, "table_mode"),
        ({"image_handling": "inline"}, "image_handling"),
        ({"language": "x"}, "language"),
        ({"pages": "first"}, "pages"),
        ({"temperature": 1.1}, "temperature"),
        ({"instructions": "x" * 4001}, "instructions"),
        ({"type": "no-such-type"}, "type"),
        ({"pdf_password": "secret"}, "pdf_password"),
    ],
)
def test_a_choice_that_is_none_is_named(api, read_document, body, field):
    response = convert(api, read_document, body)
    assert set(error_of(response, 400, "validation_failed")["fields"]) == {field}
    read_document.refresh_from_db()
    assert read_document.status == Status.REQUIRES_REVIEW


def test_pages_that_are_no_selection_are_refused_at_upload(api):
    form = {"file": SimpleUploadedFile("a.txt", b"Hello"), "pages": "1;2"}
    response = api.post("/api/v1/documents", form, format="multipart")
    assert set(error_of(response, 400, "validation_failed")["fields"]) == {"pages"}


def test_a_busy_an_erased_and_an_unknown_one_are_refused(api, read_document):
    absent = "7b1a2f4e-8d3c-4d55-9d0a-1f2e3c4b5a69"
    for body in ({"flow_id": absent}, {"template_id": absent}):
        assert error_of(convert(api, read_document, body), 404, "not_found")["field"] in body
    set_status(read_document, "processing")
    error_of(convert(api, read_document, {}), 409, "document_busy")
    set_status(read_document, "erased")
    error_of(convert(api, read_document, {}), 410, "document_erased")


def test_a_model_that_is_not_set_up_is_refused_in_words(api, process):
    document = process(b"Hello")
    details = error_of(convert(api, document, {"model": "premium"}), 400, "validation_failed")
    assert "LLM_BASE_URL" in details["fields"]["model"][0]
    upload = {"file": SimpleUploadedFile("b.txt", b"Hello there"), "model": "premium"}
    error_of(api.post("/api/v1/documents", upload, format="multipart"), 400, "validation_failed")


def test_a_model_that_is_set_up_reads_the_document_next(api, process, settings):
    settings.LLM_BASE_URL, settings.LLM_VISION_MODEL = "http://127.0.0.1:9/v1", "seer"
    document = process(b"Hello")
    assert convert(api, document, {"model": "premium"}).status_code == 202
    document.refresh_from_db()
    assert (document.model, document.next_stage) == ("premium", "extraction.stages.parse")
