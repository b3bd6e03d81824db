"""Asking what a document is, and running it again with other choices."""

from __future__ import annotations

import pytest

from accounts.models import AuditEvent
from documents.models import Document, Status
from documents.services.pipeline import document_process
from extraction.engines.fields.defs import FieldDef
from extraction.services.templates import template_create
from tests.contract.checks import error_of
from tests.contract.made import set_status

pytestmark = pytest.mark.django_db


def path(document: Document, part: str) -> str:
    return f"/api/v1/documents/{document.pk}/{part}"


def test_classify_tells_the_type_with_its_rivals_and_keeps_it(api, process, samples):
    document = process(samples["rechnung-de.pdf"][1], type="contract")
    body = api.post(path(document, "classify")).json()
    assert (body["type"], body["template_id"]) == ("invoice", None)
    assert body["candidates"][0] == {"type": "invoice", "score": body["type_score"]}
    document.refresh_from_db()
    assert (document.type, document.type_source) == ("invoice", "classifier")
    change = AuditEvent.objects.get(action="document.classified").changes
    assert change == {"type": ["contract", "invoice"]}


def test_classify_names_the_template_that_recognises_the_document(api, admin, process, samples):
    template = template_create(
        actor=admin, name="Rechnungen", fields=[FieldDef("number", "Nummer")], active=True,
        match={"keywords_any": ["Rechnung"]}, document_type_hint="invoice",
    )  # fmt: skip
    document = process(samples["rechnung-de.pdf"][1])
    body = api.post(path(document, "classify")).json()
    assert (body["template_id"], body["type"], body["type_score"]) == (str(template.pk), "invoice", 100.0)


def test_classify_needs_a_reading_that_nobody_is_working_on(api, upload, read_document):
    error_of(api.post(path(upload(b"other text"), "classify")), 409, "result_not_ready")
    set_status(read_document, Status.PROCESSING)
    error_of(api.post(path(read_document, "classify")), 409, "document_busy")
    set_status(read_document, Status.ERASED)
    error_of(api.post(path(read_document, "classify")), 410, "document_erased")


def test_reextract_takes_a_template_and_a_type_of_ones_own(api, admin, process, samples):
    api.post("/api/v1/document-types", {"slug": "bill", "name": "Bill"}, format="json")
    template = template_create(
        actor=admin, name="Sums", fields=[FieldDef("total", "Total", "currency")], active=True
    )
    document = process(samples["invoice-en-classic.pdf"][1])
    body = {"template_id": str(template.pk), "type": "bill"}
    assert api.post(path(document, "reextract"), body, format="json").status_code == 202
    document_process(document_id=document.pk, queue="cpu")
    found = api.get(f"/api/v1/documents/{document.pk}").json()
    assert (found["type"], found["type_source"]) == ("bill", "hint")
    assert (found["template_id"], found["template_version"]) == (str(template.pk), 1)
    first, second = api.get(path(document, "extractions")).json()["results"]
    assert (first["method"], first["template_id"], set(first["fields"])) == (
        "template",
        str(template.pk),
        {"total"},
    )
    assert (second["method"], second["template_id"]) == ("rules", None)
    assert first["created_at"] > second["created_at"]
    assert first["is_current"] is True


@pytest.mark.parametrize("part", ["reextract", "convert"])
def test_a_draft_and_a_foreign_template_are_refused(api, admin, stranger, read_document, part):
    fields = [FieldDef("total", "Total")]
    draft = template_create(actor=admin, name="Draft", fields=fields)
    theirs = template_create(actor=stranger, name="Theirs", fields=fields, active=True)
    url = path(read_document, part)
    response = api.post(url, {"template_id": str(draft.pk)}, format="json")
    assert "Publish it first" in error_of(response, 400, "validation_failed")["fields"]["template_id"][0]
    details = error_of(api.post(url, {"template_id": str(theirs.pk)}, format="json"), 404, "not_found")
    assert details == {"resource": "template", "field": "template_id"}


def test_an_upload_can_name_a_template(api, admin):
    template = template_create(actor=admin, name="Sums", fields=[FieldDef("total", "Total")], active=True)
    body = {"filename": "a.txt", "content_base64": "aGVsbG8=", "template_id": str(template.pk)}
    response = api.post("/api/v1/documents", body, format="json")
    assert response.status_code == 201
    assert response.json()["job"]["status"] == "pending"
    assert Document.objects.get().options["template_id"] == str(template.pk)
