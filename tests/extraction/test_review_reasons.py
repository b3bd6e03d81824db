"""Why a document waits for a person, from the run to the last correction."""

from __future__ import annotations

import pytest

from documents.models import Document, Status
from documents.services.lifecycle import document_claim
from documents.services.pipeline import document_process
from extraction.models import Flow
from extraction.services.review import document_approve, document_reject, document_unreview, fields_correct
from extraction.services.runs import document_reextract
from tests.contract.checks import error_of

pytestmark = pytest.mark.django_db


def invoices(workspace) -> Flow:
    return Flow.objects.get(workspace=workspace, document_type="invoice")


def codes(document: Document) -> list[str]:
    document.refresh_from_db()
    return [item["code"] for item in document.reasons_to_review]


def test_a_sum_that_does_not_add_up_is_said_once_with_its_field(process, samples, api):
    document = process(samples["invoice-en-wrong-sum.pdf"][1])
    reasons = api.get(f"/api/v1/documents/{document.pk}").json()["review"]["reasons"]
    sums = [item for item in reasons if "is not total" in item["message"]]
    assert len(sums) == 1
    assert (sums[0]["code"], sums[0]["field"]) in [
        ("validation_failed", name) for name in ("net", "tax", "total")
    ]


def test_a_document_that_passed_has_no_reasons(process, samples, api):
    document = process(samples["rechnung-de.pdf"][1])
    body = api.get(f"/api/v1/documents/{document.pk}").json()
    assert (body["status"], body["review"]["reasons"]) == ("completed", [])


def test_a_field_below_its_own_floor_is_named(process, samples, workspace):
    field = invoices(workspace).fields.get(name="total")
    field.require_score_above = 100
    field.save(update_fields=["require_score_above"])
    document = process(samples["rechnung-de.pdf"][1])
    assert document.status == Status.REQUIRES_REVIEW
    floor = next(item for item in document.reasons_to_review if item["code"] == "field_below_floor")
    assert floor["field"] == "total"
    assert floor["message"].endswith("it asks for 100 %.")


def test_a_spot_check_is_flagged_and_stays_so_through_its_review(process, samples, workspace, admin):
    Flow.objects.filter(pk=invoices(workspace).pk).update(review_sample_percent=100)
    document = process(samples["rechnung-de.pdf"][1])
    assert (document.status, codes(document)) == (Status.REQUIRES_REVIEW, ["sampled"])
    document_approve(document=document, actor=admin, fields={"buyer_name": "Somebody Ltd"})
    document.refresh_from_db()
    assert (document.status, set(document.flags)) == (Status.APPROVED, {"sampled", "analyst_verified"})
    assert document.reasons_to_review == []


def test_a_reason_goes_with_the_correction_that_settles_it(process, samples, admin):
    document = process(samples["invoice-en-wrong-sum.pdf"][1])
    assert "validation_failed" in codes(document)
    values = document.extractions.get(is_current=True).values()
    total = f"{float(values['net']) + float(values['tax']):.2f}"
    fields_correct(document=document, actor=admin, fields={"total": total})
    assert codes(document) == []
    assert "low_confidence" not in document.flags


def test_approving_with_the_missing_value_leaves_no_flag_that_it_is_missing(process, admin, workspace):
    document = process(
        b"Invoice\nNothing else is written on this sheet of paper but a few words.\n", type="invoice"
    )
    assert "required_missing" in codes(document)
    missing = [item["field"] for item in document.reasons_to_review if item["code"] == "required_missing"]
    given = {"invoice_number": "A-1", "issue_date": "2026-01-02", "total": "3.00", "seller_name": "Acme Ltd"}
    document_approve(document=document, actor=admin, fields={name: given.get(name, "1") for name in missing})
    document.refresh_from_db()
    assert "required_missing" not in document.flags
    assert "analyst_verified" in document.flags


def test_a_decision_taken_back_brings_the_reasons_back(process, samples, admin):
    doubtful, sure = process(samples["invoice-en-wrong-sum.pdf"][1]), process(samples["rechnung-de.pdf"][1])
    before = codes(doubtful)
    document_reject(document=doubtful, actor=admin, reason="not ours")
    assert codes(doubtful) == []
    document_unreview(document=doubtful, actor=admin)
    assert codes(doubtful) == before
    document_approve(document=sure, actor=admin)
    document_unreview(document=sure, actor=admin)
    assert codes(sure) == ["reopened"]


def test_a_new_run_forgets_who_decided_on_the_last_one(process, samples, admin):
    document = process(samples["rechnung-de.pdf"][1])
    document_approve(document=document, actor=admin, comment="fine")
    document_reextract(document=document, actor=admin)
    document_process(document_id=document.pk, queue="cpu")
    document.refresh_from_db()
    assert document.status == Status.COMPLETED
    assert (document.reviewed_by, document.reviewed_at, document.review_reason) == (None, None, "")
    assert document_claim(document_id=document.pk) is None


def test_flags_are_filtered_for_one_or_several_and_unknown_ones_named(process, samples, api):
    doubtful, sure = process(samples["invoice-en-wrong-sum.pdf"][1]), process(samples["rechnung-de.pdf"][1])

    def found(flag: str) -> set[str]:
        rows = api.get("/api/v1/documents", {"flag": flag}).json()["results"]
        return {row["id"] for row in rows}

    assert found("validation_failed") == {str(doubtful.pk)}
    assert found("low_confidence,photo_quality_poor") == {str(doubtful.pk)}
    assert found("template_partial") == set()
    api.post(f"/api/v1/documents/{sure.pk}/approve", {}, format="json")
    assert found("analyst_verified") == {str(sure.pk)}
    details = error_of(api.get("/api/v1/documents", {"flag": "odd"}), 400, "validation_failed")
    assert "required_missing" in details["fields"]["flag"][0]


def test_a_mismatch_with_the_xml_goes_with_the_last_contradiction(process, samples, admin):
    document = process(samples["invoice-en-wrong-sum.pdf"][1])
    flags = [*document.flags, "e_invoice_mismatch", "llm_suspicious_text"]
    Document.objects.filter(pk=document.pk).update(flags=flags)
    document.extractions.filter(is_current=True).update(flags=flags)
    fields_correct(document=document, actor=admin, fields={"buyer_name": "Somebody Ltd"})
    document.refresh_from_db()
    assert {"e_invoice_mismatch", "llm_suspicious_text"} <= set(document.flags)
    values = document.extractions.get(is_current=True).values()
    total = f"{float(values['net']) + float(values['tax']):.2f}"
    fields_correct(document=document, actor=admin, fields={"total": total})
    assert codes(document) == ["llm_suspicious_text"]
    assert "e_invoice_mismatch" not in document.flags
