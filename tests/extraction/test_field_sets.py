"""What a document is read for: the first of request, flow, template, type that there is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from accounts.actors import Actor
from accounts.models import OutboxEvent
from documents.models import Document, Status
from documents.services.pipeline import document_process
from extraction.engines.fields.defs import FieldDef
from extraction.models import Flow, Template
from extraction.selectors import current_extraction
from extraction.services.document_types import document_type_create, document_type_update
from extraction.services.flows import flow_create
from extraction.services.runs import document_reextract
from extraction.services.templates import template_create, template_publish, template_update

pytestmark = pytest.mark.django_db
LOAN = b"""Kestrel Mutual Loan Confirmation

Loan number: KL-4471
Borrower: Ines Marlow
Principal: 12,500.00 EUR
Invoice total: 12,500.00 EUR
"""
LOAN_RULES = {"keywords_all": ["kestrel mutual"], "keywords_any": ["loan confirmation"]}


def definition(name: str, **more: Any) -> FieldDef:
    return FieldDef(name, name.replace("_", " ").capitalize(), **more)


@pytest.fixture
def template(admin: Actor) -> Template:
    """A published template that recognises LOAN."""
    fields = [definition("loan_number", required=True), definition("borrower")]
    return template_create(actor=admin, name="Kestrel", fields=fields, match=LOAN_RULES, active=True)


@pytest.fixture
def flow(admin: Actor) -> Flow:
    return flow_create(actor=admin, name="Borrowers", fields=[definition("borrower")])


def names(document: Document) -> set[str]:
    extraction = current_extraction(document)
    return set(extraction.fields) if extraction else set()


def events(document: Document, kind: str) -> list[dict[str, Any]]:
    rows = OutboxEvent.objects.filter(object_id=document.pk, type=kind).order_by("id")
    return [row.data for row in rows]


def test_a_recognised_template_gives_the_fields_and_says_so(process, template):
    document = process(LOAN, "loan.txt")
    extraction = current_extraction(document)
    assert (extraction.method, extraction.template_id) == ("template", template.pk)
    assert extraction.template_version == document.template_version == 1
    assert extraction.values() == {"loan_number": "KL-4471", "borrower": "Ines Marlow"}
    (event,) = events(document, "template.matched")
    assert (event["template_id"], event["template_version"]) == (str(template.pk), 1)
    assert event["match_score"] == 100.0


def test_the_requests_template_comes_before_its_flow_and_the_flow_before_a_match(
    process, admin, template, flow
):
    other = template_create(actor=admin, name="Other", fields=[definition("principal")], active=True)
    document = process(LOAN, "loan.txt", template_id=other.pk, flow_id=flow.pk)
    assert (names(document), document.template_id) == ({"principal"}, other.pk)
    document = process(LOAN + b"\nPage 1", "loan.txt", flow_id=flow.pk)
    assert (names(document), document.template_id) == ({"borrower"}, None)
    assert events(document, "template.matched") == []


def test_a_flow_can_take_its_fields_from_a_template(process, admin, template):
    flow = flow_create(actor=admin, name="Loans", fields=(), template=template, review_below_score=10)
    document = process(LOAN, "loan.txt", flow_id=flow.pk)
    extraction = current_extraction(document)
    assert (names(document), extraction.method) == ({"loan_number", "borrower"}, "template")
    assert (extraction.flow_id, document.template_id) == (flow.pk, template.pk)
    assert document.policy["review_below_score"] == 10
    assert events(document, "template.matched") == []


def test_a_flow_without_fields_that_was_asked_for_asks_for_none(process, admin, template):
    flow = flow_create(actor=admin, name="Text only", fields=())
    document = process(LOAN, "loan.txt", flow_id=flow.pk)
    assert names(document) == set()
    assert document.status == Status.COMPLETED


def test_a_flow_nobody_named_that_has_no_fields_leaves_them_to_the_type(process, admin):
    document_type_create(
        actor=admin, slug="loan", name="Loan", keywords=["loan confirmation"], fields=[definition("borrower")]
    )
    flow = flow_create(actor=admin, name="Loans", fields=(), document_type="loan", always_review=True)
    document = process(LOAN, "loan.txt")
    assert (document.type, names(document)) == ("loan", {"borrower"})
    assert document.status == Status.REQUIRES_REVIEW
    assert current_extraction(document).flow_id == flow.pk


def test_a_draft_an_inactive_and_another_types_template_recognise_nothing(process, admin, template):
    template_update(actor=admin, template=template, active=False)
    template_create(actor=admin, name="Draft", fields=[definition("principal")], match=LOAN_RULES)
    contract = template_create(
        actor=admin, name="Contracts", fields=[definition("term")], match=LOAN_RULES,
        document_type_hint="contract", active=True,
    )  # fmt: skip
    assert process(LOAN, "loan.txt", type="report").template_id is None
    document = process(LOAN + b"\nPage 1", "loan.txt")
    assert (document.template_id, document.type, document.type_source) == (
        contract.pk,
        "contract",
        "template",
    )
    assert document.type_score == 100.0


def test_the_version_that_was_published_is_read_not_the_one_in_work(process, admin, template):
    template_update(actor=admin, template=template, fields=[definition("principal")])
    document = process(LOAN, "loan.txt")
    assert names(document) == {"loan_number", "borrower"}
    template_publish(actor=admin, template=template)
    document_reextract(document=document, actor=admin)
    document_process(document_id=document.pk, queue="cpu")
    document.refresh_from_db()
    assert (names(document), document.template_version) == ({"principal"}, 2)


def test_a_required_field_that_a_template_does_not_find_makes_it_partial(process, admin):
    template_create(
        actor=admin, name="Strict", fields=[definition("collateral", required=True), definition("borrower")],
        match=LOAN_RULES, active=True,
    )  # fmt: skip
    document = process(LOAN, "loan.txt")
    assert {"template_partial", "required_missing"} <= set(document.flags)
    assert document.status == Status.REQUIRES_REVIEW


def test_the_best_of_two_templates_wins(process, admin, template):
    rules = {"keywords_any": ["kestrel mutual", "quarterly statement", "mortgage"]}
    template_create(actor=admin, name="Vague", fields=[definition("term")], match=rules, active=True)
    assert process(LOAN, "loan.txt").template_id == template.pk


def test_any_text_gives_what_it_prints_as_label_and_value(process):
    values = current_extraction(process(LOAN, "loan.txt", type="generic_ocr")).values()
    assert values["loan_number"] == "KL-4471"
    assert values["borrower"] == "Ines Marlow"


@pytest.mark.parametrize("asked", ["flow", "template", "type"])
def test_too_little_text_for_the_fields_that_were_asked_for_fails_with_the_reason(
    process, template, flow, asked
):
    choice = {
        "flow": {"flow_id": flow.pk},
        "template": {"template_id": template.pk},
        "type": {"type": "invoice"},
    }
    document = process(b"Borrower: Ines\n", "note.txt", **choice[asked])
    assert (document.status, document.error_code, document.error_stage) == (
        Status.FAILED, "insufficient_text", "extracting",
    )  # fmt: skip
    assert "sharper scan" in document.error_message


def test_a_short_note_that_nobody_asked_fields_of_is_simply_read(process, admin):
    assert process(b"Back at noon.\n", "note.txt").status == Status.COMPLETED
    flow = flow_create(actor=admin, name="Text only", fields=())
    assert process(b"Back at one.\n", "note.txt", flow_id=flow.pk).status == Status.COMPLETED


def test_a_found_type_is_told_with_what_else_it_could_be(process, samples):
    document = process(samples["rechnung-de.pdf"][1])
    (event,) = events(document, "document.classified")
    assert (event["type"], event["type_score"]) == ("invoice", document.type_score)
    assert document.type_candidates[0] == {"type": "invoice", "score": document.type_score}
    assert 1 < len(document.type_candidates) <= 5


def test_a_hinted_type_is_no_news_though_a_template_is_recognised(process, template):
    document = process(LOAN, "loan.txt", type="contract")
    assert (document.type, document.type_source) == ("contract", "hint")
    assert events(document, "document.classified") == []
    assert len(events(document, "template.matched")) == 1


def test_a_type_that_was_switched_off_is_not_found(process, admin, samples):
    document_type_update(actor=admin, slug="invoice", enabled=False)
    document = process(samples["rechnung-de.pdf"][1])
    assert "invoice" not in [row["type"] for row in document.type_candidates]


def test_types_and_templates_of_another_workspace_play_no_part(process, stranger, template):
    document_type_create(actor=stranger, slug="loan", name="Loan", keywords=["borrower"])
    template_create(actor=stranger, name="Theirs", fields=[definition("term")], match=LOAN_RULES, active=True)
    document = process(LOAN, "loan.txt")
    assert document.template_id == template.pk
    assert "loan" not in [row["type"] for row in document.type_candidates]


def test_a_flow_that_is_named_later_takes_an_earlier_requests_template_away(
    process: Callable[..., Document], admin: Actor, template: Template, flow: Flow
) -> None:
    document = process(LOAN, "loan.txt", template_id=template.pk)
    document_reextract(document=document, actor=admin, flow_id=flow.pk)
    document_process(document_id=document.pk, queue="cpu")
    document.refresh_from_db()
    assert (names(document), document.template_id) == ({"borrower"}, None)
