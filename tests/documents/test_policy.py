"""Which end a run gets, and why a document waits for a person."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from documents.flags import FLAGS
from documents.models import Status
from documents.policy import BLOCKING_FLAGS, Policy, because, decide, in_sample, outcome
from documents.services.lifecycle import document_claim
from documents.stages import settle

REVIEW, APPROVED, COMPLETED = Status.REQUIRES_REVIEW, Status.APPROVED, Status.COMPLETED
PLAIN = Policy()
AUTO = Policy(auto_approve=True)
ALWAYS = Policy(always_review=True)
BOTH = Policy(auto_approve=True, always_review=True)
STRICT = Policy(review_below_score=95, auto_approve=True, auto_approve_min_score=85)

# Rule by rule, in the order in which they are asked: the first that holds decides.
TABLE: list[tuple[float | None, list[str], Policy, Status]] = [
    # a required field is missing
    (99, ["required_missing"], PLAIN, REVIEW),
    (99, ["required_missing"], AUTO, REVIEW),
    # a value failed a check
    (99, ["validation_failed"], AUTO, REVIEW),
    (99, ["e_invoice_mismatch"], AUTO, REVIEW),
    # a field is below its own floor
    (99, ["field_below_floor"], PLAIN, REVIEW),
    (99, ["field_below_floor"], AUTO, REVIEW),
    # the whole is below the threshold
    (69.9, [], PLAIN, REVIEW),
    (70, [], PLAIN, COMPLETED),
    (69.9, [], AUTO, REVIEW),
    (90, [], STRICT, REVIEW),
    # the flow approves by itself, from its own threshold on
    (84.9, [], AUTO, COMPLETED),
    (85, [], AUTO, APPROVED),
    (85, [], PLAIN, COMPLETED),
    (95, [], STRICT, APPROVED),
    # every document goes to a person, but for those that were approved before
    (99, [], ALWAYS, REVIEW),
    (84.9, [], BOTH, REVIEW),
    (85, [], BOTH, APPROVED),
    # flags that say something else change nothing
    (99, ["photo_quality_poor", "template_partial", "e_invoice"], AUTO, APPROVED),
    # nothing was asked for: nothing to review, unless everything is
    (None, [], PLAIN, COMPLETED),
    (None, [], AUTO, COMPLETED),
    (None, [], ALWAYS, REVIEW),
]


@pytest.mark.parametrize(("score", "flags", "policy", "end"), TABLE)
def test_the_first_rule_that_holds_decides_the_end(score, flags, policy, end):
    assert decide(score, flags, policy) == end


@pytest.mark.parametrize(("score", "flags", "policy", "end"), TABLE)
def test_a_spot_check_sends_to_a_person_what_has_a_score_and_would_pass(score, flags, policy, end):
    assert decide(score, flags, policy, sampled=True) == (end if score is None else REVIEW)


def test_a_spot_check_takes_its_share_and_the_same_documents_again():
    ids = [UUID(int=number) for number in range(4000)]
    taken = [item for item in ids if in_sample(item, 5)]
    assert 150 < len(taken) < 250
    assert [item for item in ids if in_sample(item, 5)] == taken
    assert set(taken) < {item for item in ids if in_sample(item, 20)}, "a larger share keeps the smaller one"
    assert not any(in_sample(item, 0) for item in ids)
    assert all(in_sample(item, 100) for item in ids)


def test_only_what_would_have_passed_is_called_a_spot_check():
    everything = Policy(review_sample_percent=100)
    passed, doubtful, empty = (outcome(uuid4(), score, [], [], everything) for score in (90, 50, None))
    assert (passed.status, passed.flags) == (REVIEW, ["sampled"])
    assert [(item["code"], item["field"]) for item in passed.reasons] == [("sampled", None)]
    assert "100 %" in passed.reasons[0]["message"]
    assert (doubtful.status, doubtful.flags) == (REVIEW, ["low_confidence"])
    assert (empty.status, empty.flags, empty.reasons) == (COMPLETED, [], [])


FINDINGS = [
    because("required_missing", "Total is required and was not found.", "total"),
    because("low_confidence", "Date is only 50 % sure.", "issue_date"),
]


@pytest.mark.parametrize(
    ("score", "flags", "findings", "policy", "codes"),
    [
        (60, [], FINDINGS[1:], PLAIN, ["low_confidence", "low_confidence"]),
        (80, ["required_missing"], FINDINGS, PLAIN, ["required_missing"]),
        (80, ["field_below_floor"], [], PLAIN, ["field_below_floor"]),
        (80, ["e_invoice_mismatch"], [], PLAIN, ["e_invoice_mismatch"]),
        (99, [], [], ALWAYS, ["always_review"]),
        (60, [], [], ALWAYS, ["low_confidence"]),
        (99, [], FINDINGS[1:], PLAIN, []),
    ],
)
def test_the_reasons_are_those_that_sent_it_to_a_person(score, flags, findings, policy, codes):
    end = outcome(uuid4(), score, flags, findings, policy)
    assert [item["code"] for item in end.reasons] == codes
    assert all(item["message"].endswith(".") for item in end.reasons)


def test_every_flag_that_asks_for_a_person_has_words():
    assert set(FLAGS) >= BLOCKING_FLAGS


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("of_flow", "of_workspace", "end"),
    [
        ({"review_below_score": 50.0}, {}, COMPLETED),
        ({}, {"review_below_score": 50.0}, COMPLETED),
        ({"review_below_score": 50.0}, {"review_below_score": 90.0}, COMPLETED),
        ({"review_below_score": 50.0}, {"always_review": True}, REVIEW),
        ({}, {"always_review": True, "review_below_score": 50.0}, REVIEW),
        ({"review_below_score": 50.0, "review_sample_percent": 100.0}, {}, REVIEW),
        ({}, {"review_below_score": 50.0, "review_sample_percent": 100.0}, REVIEW),
        ({"review_below_score": 50.0}, {"review_sample_percent": 100.0}, COMPLETED),
    ],
)
def test_the_flow_decides_before_the_workspace(upload: Any, workspace, of_flow, of_workspace, end):
    type(workspace).objects.filter(pk=workspace.pk).update(**of_workspace)
    document = upload(process=True)
    claim = document_claim(document_id=document.pk)
    assert claim is not None
    type(document).objects.filter(pk=document.pk).update(policy=of_flow, confidence_score=60)
    settle(document.pk, claim.attempt)
    document.refresh_from_db()
    assert document.status == end
    assert bool(document.reasons_to_review) == (end == REVIEW)
