"""What other thresholds would have done to the documents that people have reviewed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from documents.models import Document, Status
from extraction.models import Extraction, Flow
from extraction.services.review import document_approve, fields_correct
from tests.contract.checks import error_of
from tests.extraction.reviewed import Judged, judged, rich

pytestmark = pytest.mark.django_db


@pytest.fixture
def flow(workspace) -> Flow:
    return Flow.objects.get(workspace=workspace, document_type="invoice")


def ask(api: Any, flow: Flow, **body: Any) -> dict[str, Any]:
    response = api.post(f"/api/v1/flows/{flow.pk}/simulate", body, format="json")
    assert response.status_code == 200, response.content
    found: dict[str, Any] = response.json()
    return found


def test_passes_errors_and_fields_are_counted_at_the_threshold(api, admin, flow):
    judged(admin, flow, [
        *[Judged(95)] * 6, Judged(92, ("total",)), Judged(91, status=Status.REJECTED),
        Judged(80, ("total", "invoice_number")), Judged(60, ("total",)),
    ])  # fmt: skip
    at_90 = ask(api, flow, review_below_score=90)
    assert (at_90["documents"], at_90["would_pass"], at_90["errors_passed"]) == (10, 8, 2)
    assert (at_90["would_pass_share"], at_90["error_rate"]) == (0.8, 0.25)
    assert 0.25 < at_90["error_upper"] < 0.6
    assert at_90["field_errors"] == {"total": 1}
    at_80 = ask(api, flow, review_below_score=80)
    assert at_80["field_errors"] == {"total": 2, "invoice_number": 1}
    assert ask(api, flow, review_below_score=96)["error_rate"] is None
    points = {item["threshold"]: item for item in at_90["by_threshold"]}
    assert (points[80]["reviewed"], points[80]["wrong"], points[100]["pass_share"]) == (9, 3, 0.0)


def test_what_passed_by_itself_is_no_evidence_but_counts_in_the_share(api, admin, flow):
    judged(admin, flow, [Judged(95, by_person=False)] * 6)
    judged(admin, flow, [Judged(95, status=Status.COMPLETED)] * 2)
    judged(admin, flow, [Judged(95), Judged(50)])
    found = ask(api, flow, review_below_score=70)
    assert (found["processed"], found["documents"], found["would_pass"]) == (10, 2, 1)
    assert found["would_pass_share"] == 0.9


def test_a_correction_without_a_decision_is_evidence_and_the_same_value_again_no_error(api, admin, flow):
    judged(admin, flow, [Judged(90, ("total",), status=Status.REQUIRES_REVIEW)])
    (same,) = judged(admin, flow, [Judged(90, ("total",))])
    row = Extraction.objects.get(document=same, is_current=True)
    Extraction.objects.filter(pk=row.pk).update(fields=row.fields | {"total": rich("1.00", 100.0, "user")})
    found = ask(api, flow, review_below_score=70)
    assert (found["would_pass"], found["errors_passed"]) == (2, 1)


def test_a_run_after_the_decision_has_not_been_seen(api, admin, flow):
    (document,) = judged(admin, flow, [Judged(90)])
    Extraction.objects.filter(document=document).update(is_current=False)
    Extraction.objects.create(
        document=document, method="rules", flow_id=flow.pk, confidence_score=90, fields={}, is_current=True
    )
    found = ask(api, flow)
    assert (found["processed"], found["documents"]) == (1, 0)


def test_what_is_stopped_by_a_flag_or_has_no_score_passes_at_no_threshold(api, admin, flow):
    judged(admin, flow, [Judged(99, flags=[flag]) for flag in ("required_missing", "validation_failed")])
    judged(admin, flow, [Judged(None), Judged(99, flags=["field_below_floor"])])
    found = ask(api, flow, review_below_score=0)
    assert (found["documents"], found["would_pass"], found["would_pass_share"]) == (4, 1, 0.25)


def test_floors_are_tried_in_place_of_the_flows_own(api, admin, flow):
    judged(admin, flow, [Judged(90, scores={"total": 70}), Judged(90, scores={"total": 95})])
    assert ask(api, flow)["would_pass"] == 2
    assert ask(api, flow, floors={"total": 80})["would_pass"] == 1
    flow.fields.filter(name="total").update(require_score_above=99)
    assert ask(api, flow)["would_pass"] == 0
    assert ask(api, flow, floors={"total": None})["would_pass"] == 2
    error = api.post(f"/api/v1/flows/{flow.pk}/simulate", {"floors": {"odd": 5}}, format="json")
    assert set(error_of(error, 400, "validation_failed")["fields"]) == {"floors.odd"}


@pytest.mark.parametrize(
    ("body", "passing", "approved"),
    [
        ({"review_below_score": 70}, 2, 0),
        ({"review_below_score": 70, "auto_approve": True, "auto_approve_min_score": 85}, 2, 1),
        ({"review_below_score": 95, "auto_approve": True, "auto_approve_min_score": 85}, 0, 0),
        ({"always_review": True}, 0, 0),
        ({"always_review": True, "auto_approve": True, "auto_approve_min_score": 85}, 1, 1),
    ],
)
def test_thresholds_work_together_as_they_do_when_a_run_settles(api, admin, flow, body, passing, approved):
    judged(admin, flow, [Judged(90), Judged(75), Judged(50)])
    found = ask(api, flow, **body)
    assert (found["would_pass"], found["would_approve"]) == (passing, approved)


def test_documents_of_the_flows_type_count_others_and_other_workspaces_do_not(api, admin, stranger, flow):
    judged(admin, None, [Judged(90)], kind="invoice")
    judged(admin, None, [Judged(90)], kind="letter")
    judged(stranger, flow, [Judged(90)], kind="invoice")
    assert ask(api, flow)["processed"] == 1


def test_the_time_of_upload_bounds_what_counts(api, admin, flow):
    judged(admin, flow, [Judged(90, days_ago=10), Judged(90, days_ago=3), Judged(90)])
    week = (timezone.now() - timedelta(days=7)).isoformat()
    yesterday = (timezone.now() - timedelta(days=1)).isoformat()
    assert ask(api, flow, **{"from": week})["processed"] == 2
    assert ask(api, flow, **{"from": week, "to": yesterday})["processed"] == 1


def test_advice_needs_enough_reviews(api, admin, flow):
    judged(admin, flow, [Judged(90)] * 30)
    few = ask(api, flow)
    assert (few["recommended_threshold"], few["recommended_reason"]) == (None, "too_few_reviews")
    assert few["reviews_needed"] == 268
    assert ask(api, flow, target_precision=0.9)["recommended_threshold"] == 0
    judged(admin, flow, [Judged(40, ("total",))] * 30)
    assert ask(api, flow, target_precision=0.9)["recommended_threshold"] == 41


@pytest.mark.parametrize(
    "body",
    [
        {"review_below_score": 101},
        {"auto_approve_min_score": 10},
        {"target_precision": 1},
        {"from": "x"},
        {"odd": 1},
    ],
)
def test_a_question_that_makes_no_sense_is_refused(api, flow, body):
    error_of(api.post(f"/api/v1/flows/{flow.pk}/simulate", body, format="json"), 400, "validation_failed")


def test_what_a_person_does_in_review_becomes_evidence(api, admin, flow, process, samples):
    right, wrong = process(samples["rechnung-de.pdf"][1]), process(samples["invoice-en-classic.pdf"][1])
    assert ask(api, flow)["documents"] == 0
    document_approve(document=right, actor=admin)
    fields_correct(document=wrong, actor=admin, fields={"buyer_name": "Somebody Else Ltd"})
    document_approve(document=Document.objects.get(pk=wrong.pk), actor=admin)
    found = ask(api, flow, review_below_score=0)
    assert (found["documents"], found["errors_passed"]) == (2, 1)
    assert found["field_errors"] == {"buyer_name": 1}
