"""E-invoices on the way through the real stages and over the API."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from documents.models import Document, Status
from extraction.models import Conversion
from extraction.selectors import current_extraction
from extraction.services.review import fields_correct
from samples.einvoices import embed
from tests.extraction.convert import files

from .xml import EXPECTED, xml

pytestmark = pytest.mark.django_db


def test_a_genuine_e_invoice_is_exact_and_settles(process, samples):
    sample, path = samples["rechnung-de-zugferd.pdf"]
    document = process(path)
    assert document.status == Status.COMPLETED
    assert (document.type, document.type_source, document.type_score) == ("invoice", "classifier", 100.0)
    assert document.flags == ["e_invoice"]
    extraction = current_extraction(document)
    values = extraction.values()
    lines = values.pop("line_items")
    assert values == sample.expected
    assert sum(Decimal(line["amount"]) for line in lines) == Decimal(values["net"])
    assert {field["origin"] for field in extraction.fields.values()} == {"xml"}
    assert all(field["box"] and field["score"] >= 99 for field in extraction.fields.values())


def test_a_tampered_page_goes_to_a_person_with_the_reason(process, samples):
    sample, path = samples["rechnung-de-zugferd-tampered.pdf"]
    document = process(path)
    assert document.status == Status.REQUIRES_REVIEW
    assert {"e_invoice", "e_invoice_mismatch", "validation_failed"} <= set(document.flags)
    total = current_extraction(document).fields["total"]
    assert total["value"] == sample.expected["total"]
    assert total["needs_review"]
    assert any(error.startswith("The XML says") for error in total["errors"])


def test_a_broken_xml_leaves_the_page_and_a_flag(process, samples, tmp_path):
    sample, source = samples["rechnung-de.pdf"]
    path = tmp_path / "broken.pdf"
    path.write_bytes(source.read_bytes())
    embed(path, b"<broken")
    document = process(path)
    assert document.flags == ["e_invoice_unreadable"]
    assert current_extraction(document).values()["total"] == sample.expected["total"]
    meta = Conversion.objects.get(document=document).meta
    assert meta["e_invoice"] == {"error": "The XML is damaged.", "filename": "factur-x.xml"}


def test_an_e_invoice_of_xml_alone_is_uploaded_read_and_shown(api, tmp_path):
    file = SimpleUploadedFile("invoice.dat", xml("ubl"))
    response = api.post("/api/v1/documents", {"file": file, "wait": 20}, format="multipart")
    assert response.status_code == 201, response.json()
    document = Document.objects.get(pk=response.json()["document_id"])
    assert document.content_type == "application/xml"


def test_its_page_can_be_looked_at(process, api, tmp_path: Path):
    path = tmp_path / "invoice.xml"
    path.write_bytes(xml("ubl"))
    document = process(path)
    assert (document.status, document.flags) == (Status.COMPLETED, ["e_invoice"])
    result = api.get(f"/api/v1/documents/{document.pk}/result").json()
    assert result["extracted_data"] == EXPECTED
    assert result["fields"]["total"]["origin"] == "xml"
    assert "# Invoice INV-2026-0117" in result["markdown"]
    picture = api.get(f"/api/v1/documents/{document.pk}/preview?page=1")
    assert picture.status_code == 200


def test_other_xml_is_refused_with_a_sentence(api):
    file = SimpleUploadedFile("data.xml", b'<?xml version="1.0"?><note>Hello</note>')
    response = api.post("/api/v1/documents", {"file": file}, format="multipart")
    assert (response.status_code, response.json()["error"]) == (400, "invalid_file_type")
    assert response.json()["message"].startswith("This XML is not an invoice.")


def test_a_correction_elsewhere_leaves_the_contradiction_and_one_there_ends_it(process, samples, admin):
    sample, path = samples["rechnung-de-zugferd-tampered.pdf"]
    document = process(path)
    elsewhere = fields_correct(document=document, actor=admin, fields={"buyer_name": "Somebody else"})
    assert any("the page shows" in error for error in elsewhere.fields["total"]["errors"])
    right = {name: sample.expected[name] for name in ("total", "amount_due")}
    there = fields_correct(document=document, actor=admin, fields=right)
    assert there.fields["total"]["errors"] == []
    assert "validation_failed" not in there.flags


def test_a_page_of_one_picture_takes_all_from_the_xml(process, tmp_path):
    path = files.text_pdf(tmp_path / "empty.pdf", [(72, 100, "Invoice")])
    embed(path, xml())
    document = process(path)
    assert current_extraction(document).values() == EXPECTED
    assert document.flags == ["e_invoice"]


def export(api, document):
    return api.get(f"/api/v1/documents/{document.pk}/export?format=xml")


def test_the_xml_can_be_taken_away_as_it_came(process, api, tmp_path):
    alone, inside = tmp_path / "invoice.xml", files.text_pdf(tmp_path / "a.pdf", [(72, 100, "Invoice")])
    alone.write_bytes(xml("ubl"))
    embed(inside, xml("cii"))
    for path, data in ((alone, xml("ubl")), (inside, xml("cii"))):
        response = export(api, process(path))
        assert (response.status_code, response["Content-Type"]) == (200, "application/xml")
        assert response["Content-Disposition"].startswith("attachment")
        assert b"".join(response) == data


def test_a_document_without_an_e_invoice_has_no_xml_to_take_away(process, api, samples):
    response = export(api, process(samples["rechnung-de.pdf"][1]))
    assert (response.status_code, response.json()["error"]) == (400, "validation_failed")
    assert response.json()["details"]["fields"] == {"format": ["The document holds no e-invoice."]}


def test_pages_say_what_the_xml_is_and_what_only_it_knows(process, client, reviewer, tmp_path):
    path = files.text_pdf(tmp_path / "a.pdf", [(72, 100, "Invoice INV-2026-0117, total 1,190.00")])
    embed(path, xml())
    document = process(path)
    client.force_login(reviewer.user)
    page = client.get(f"/documents/{document.pk}").content.decode()
    assert "EN 16931 (CII)" in page
    assert "E-invoice (XML)" in page
    review = client.get(f"/review/{document.pk}").content.decode()
    assert "From the e-invoice&#x27;s XML" in review or "From the e-invoice's XML" in review
