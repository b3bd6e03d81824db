"""The way of a document through the real stages."""

from __future__ import annotations

import pytest

from documents.models import Status
from documents.services.pipeline import document_process
from extraction.models import Conversion, Extraction, Page
from extraction.selectors import current_extraction

pytestmark = pytest.mark.django_db


def test_a_digital_invoice_is_read_and_settles(process, samples):
    sample, path = samples["rechnung-de.pdf"]
    document = process(path)
    assert document.status == Status.COMPLETED
    values = current_extraction(document).values()
    for name in ("invoice_number", "issue_date", "total", "net", "tax", "iban", "currency"):
        assert values[name] == sample.expected[name]


def test_every_value_knows_its_place_on_the_page(process, samples):
    document = process(samples["invoice-en-classic.pdf"][1])
    for field in current_extraction(document).fields.values():
        if field["value"] is not None:
            assert field["box"]["page"] == 1
            assert 0 <= field["box"]["x"] <= 1
            assert field["box"]["w"] > 0


def test_a_wrong_sum_goes_to_a_person_with_the_reason(process, samples):
    document = process(samples["invoice-en-wrong-sum.pdf"][1])
    assert document.status == Status.REQUIRES_REVIEW
    assert "low_confidence" in document.flags
    errors = [text for field in current_extraction(document).fields.values() for text in field["errors"]]
    assert any("total" in text for text in errors)


def test_a_receipt_scan_is_read_by_ocr(process, samples):
    sample, path = samples["receipt-cash.jpg"]
    document = process(path)
    assert (document.type, document.extraction_method, document.is_scanned) == ("receipt", "ocr", True)
    assert current_extraction(document).values()["total"] == sample.expected["total"]


@pytest.mark.parametrize(
    ("filename", "status", "code"),
    [
        ("invoice-en-truncated.pdf", Status.FAILED, "corrupt_file"),
        ("invoice-en-protected.pdf", Status.PASSWORD_REQUIRED, ""),
    ],
)
def test_a_file_that_cannot_be_read_ends_with_a_reason(process, samples, filename, status, code):
    document = process(samples[filename][1])
    assert (document.status, document.error_code) == (status, code)
    assert document.error_message
    assert document.job.status == "completed"
    assert document.job.failed_count == 1


def test_a_password_opens_the_file_and_is_forgotten(process, samples):
    sample, path = samples["invoice-en-protected.pdf"]
    document = process(path, pdf_password=sample.password)
    assert document.has_result
    from documents.services.passwords import password_get

    assert password_get(document.pk) is None


def test_running_a_finished_document_again_changes_nothing(process, samples):
    document = process(samples["facture-fr.pdf"][1])
    before = (document.version, Extraction.objects.count(), Page.objects.count())
    document_process(document_id=document.pk, queue="cpu")
    document.refresh_from_db()
    assert (document.version, Extraction.objects.count(), Page.objects.count()) == before


def test_a_second_run_replaces_its_own_results(process, samples, admin):
    from extraction.services.runs import document_reextract

    document = process(samples["facture-fr.pdf"][1])
    pages = list(Page.objects.filter(document=document).values_list("number", flat=True))
    document_reextract(document=document, actor=admin, reuse_text=False)
    document_process(document_id=document.pk, queue="cpu")
    document.refresh_from_db()
    assert document.has_result
    assert list(Page.objects.filter(document=document).values_list("number", flat=True)) == pages
    assert Conversion.objects.filter(document=document).count() == 1
    assert Extraction.objects.filter(document=document, is_current=True).count() == 1
    assert Extraction.objects.filter(document=document).count() == 2


def test_a_run_that_crashed_between_stages_goes_on_where_it_was(upload, samples, monkeypatch, settings):
    from datetime import timedelta

    from django.utils import timezone

    from documents.models import Document

    document = upload(samples["facture-fr.pdf"][1], process=True)

    def die(*args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("extraction.stages.classify", die)
    with pytest.raises(KeyboardInterrupt):
        document_process(document_id=document.pk, queue="cpu")
    monkeypatch.undo()
    document.refresh_from_db()
    assert (document.status, document.next_stage) == (Status.PROCESSING, "extraction.stages.classify")
    Document.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    document_process(document_id=document.pk, queue="cpu")
    document.refresh_from_db()
    assert document.has_result
    assert document.crashes == 1


@pytest.mark.parametrize("filename", ["minutes.docx", "expenses.xlsx", "report-two-columns.pdf"])
def test_other_documents_become_markdown(process, samples, filename):
    document = process(samples[filename][1])
    assert document.status == Status.COMPLETED
    assert "|" in Conversion.objects.get(document=document).markdown
    assert Page.objects.filter(document=document).exclude(image_key="").exists()
