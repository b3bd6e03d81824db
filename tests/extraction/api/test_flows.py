"""Flows over REST: made, changed by version, deleted."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import AuditEvent
from extraction.engines.fields.defs import FieldDef
from extraction.models import Flow, FlowVersion
from extraction.services.review import document_reject, fields_correct
from extraction.services.templates import template_create
from tests.contract.checks import error_of

pytestmark = pytest.mark.django_db
URL = "/api/v1/flows"
FIELDS = [{"label": "Loan amount", "type": "currency", "required": True}]


def make(api: Any, **body: Any) -> Any:
    return api.post(URL, {"name": "Loans", **body}, format="json")


def test_a_flow_has_the_contracts_defaults_and_names_its_fields(api):
    response = make(api, fields=FIELDS)
    body = response.json()
    assert response.status_code == 201, body
    assert (body["auto_approve_min_score"], body["review_below_score"], body["version"]) == (85, 70, 1)
    assert (body["active"], body["is_default"], body["always_review"]) == (True, False, False)
    assert body["fields"][0]["name"] == "loan_amount"
    assert api.get(f"{URL}/{body['id']}").json() == body


def test_a_change_makes_the_next_version_and_keeps_the_old_one(api):
    flow = make(api, fields=FIELDS).json()
    changed = api.patch(f"{URL}/{flow['id']}", {"description": "d", "version": 1}, format="json").json()
    assert (changed["version"], changed["description"], changed["fields"]) == (2, "d", flow["fields"])
    assert FlowVersion.objects.filter(flow_id=flow["id"]).count() == 2


def test_a_change_of_an_old_version_is_refused(api):
    path = f"{URL}/{make(api).json()['id']}"
    api.patch(path, {"description": "d"}, format="json")
    assert error_of(api.patch(path, {"version": 1}, format="json"), 409, "version_conflict") == {"version": 2}
    response = api.patch(path, {}, format="json", headers={"if-match": '"1"'})
    error_of(response, 409, "version_conflict")
    assert api.patch(path, {}, format="json", headers={"if-match": 'W/"2"'}).status_code == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"auto_approve_min_score": 49}, "auto_approve_min_score"),
        ({"auto_approve_min_score": "nan"}, "auto_approve_min_score"),
        ({"temperature": 1.1}, "temperature"),
        ({"pages": "all of them"}, "pages"),
        ({"document_type": "nothing"}, "document_type"),
        ({"fields": "x"}, "fields"),
        ({"fields": [{"label": "A", "type": "colour"}]}, "fields"),
        ({"fields": [{"label": "A", "regex": "(a+)+$("}]}, "fields"),
        ({"fields": [{"label": "A"}, {"label": "A"}]}, "fields"),
        ({"fields": [{"label": f"F{n}"} for n in range(101)]}, "fields"),
        ({"fields": [{"label": "A", "require_score_above": 101}]}, "fields"),
    ],
)
def test_a_wrong_flow_names_what_is_wrong(api, body, field):
    fields = error_of(make(api, **body), 400, "validation_failed")["fields"]
    assert all(name.split(".")[0] == field for name in fields)
    assert not Flow.objects.filter(name="Loans").exists()


def test_a_name_is_taken_once_per_workspace(api, stranger_api):
    make(api)
    assert error_of(make(api), 409, "conflict") == {"field": "name"}
    assert make(stranger_api).status_code == 201


def test_there_is_one_default(api):
    make(api, is_default=True)
    assert error_of(make(api, name="Other", is_default=True), 409, "conflict") == {"field": "is_default"}


def test_a_deleted_flow_is_gone_and_its_end_is_recorded(api):
    path = f"{URL}/{make(api).json()['id']}"
    assert api.delete(path).json() == {"deleted": True}
    error_of(api.get(path), 404, "not_found")
    assert AuditEvent.objects.filter(action="flow.deleted").count() == 1


def test_flows_are_found_by_name_and_state(api):
    make(api, active=False)
    names = lambda query: {row["name"] for row in api.get(f"{URL}?{query}").json()["results"]}  # noqa: E731
    assert names("q=loa") == {"Loans"}
    assert "Loans" in names("active=false")
    assert "Loans" not in names("active=true")


def test_a_flow_has_fields_of_its_own_or_a_templates(api, admin):
    template = template_create(actor=admin, name="T", fields=[FieldDef("number", "Number")], active=True)
    both = make(api, fields=FIELDS, template_id=str(template.pk))
    assert set(error_of(both, 400, "validation_failed")["fields"]) == {"fields"}
    flow = make(api, fields=FIELDS).json()
    path = f"{URL}/{flow['id']}"
    changed = api.patch(path, {"template_id": str(template.pk)}, format="json").json()
    assert (changed["template_id"], changed["fields"]) == (str(template.pk), [])
    back = api.patch(path, {"fields": FIELDS}, format="json").json()
    assert (back["template_id"], len(back["fields"])) == (None, 1)


def test_a_flow_takes_no_draft_no_foreign_template_and_no_folder(api, admin, stranger):
    draft = template_create(actor=admin, name="T", fields=[FieldDef("number", "Number")])
    theirs = template_create(actor=stranger, name="T", fields=[FieldDef("number", "Number")], active=True)
    assert "template_id" in error_of(make(api, template_id=str(draft.pk)), 400, "validation_failed")["fields"]
    for body in ({"template_id": str(theirs.pk)}, {"folder_id": str(theirs.pk)}):
        assert error_of(make(api, **body), 404, "not_found")["field"] == next(iter(body))


def test_a_flow_knows_types_of_ones_own_and_aliases(api):
    api.post("/api/v1/document-types", {"slug": "loan", "name": "Loan"}, format="json")
    assert make(api, document_type="loan").json()["document_type"] == "loan"
    assert make(api, name="Families", document_type="kk").json()["document_type"] == "kartu_keluarga"


def test_a_copy_has_everything_but_the_name_and_the_default(api):
    flow = make(api, fields=FIELDS, is_default=True, review_below_score=42, tags=["a"]).json()
    path = f"{URL}/{flow['id']}/duplicate"
    copies = [api.post(path).json(), api.post(path).json()]
    assert [copy["name"] for copy in copies] == ["Loans (copy)", "Loans (copy 2)"]
    own = {"id", "name", "is_default", "created_at", "updated_at"}
    assert {key: value for key, value in copies[0].items() if key not in own} == {
        key: value for key, value in flow.items() if key not in own
    }
    assert copies[0]["is_default"] is False
    assert api.post(path, {"name": "Mine"}, format="json").json()["name"] == "Mine"
    assert error_of(api.post(path, {"name": "Mine"}, format="json"), 409, "conflict") == {"field": "name"}


def test_the_figures_of_a_flow_count_what_became_of_its_documents(api, admin, process, samples):
    flow = make(api, fields=FIELDS, auto_approve=True, auto_approve_min_score=50, review_below_score=0).json()
    empty = api.get(f"{URL}/{flow['id']}/stats").json()
    assert (empty["processed"], empty["average_score"], empty["corrected"]) == (0, None, {})
    loan = "Loan amount: 900.00 EUR\nThis text is long enough to be read as a loan, number"
    first, second = (process(f"{loan} {n}.\n".encode(), "loan.txt", flow_id=flow["id"]) for n in (1, 2))
    assert first.status == "approved"
    fields_correct(document=first, actor=admin, fields={"loan_amount": "901.00"})
    document_reject(document=second, actor=admin, reason="Not ours")
    stats = api.get(f"{URL}/{flow['id']}/stats").json()
    assert {key: stats[key] for key in ("processed", "auto_approved", "approved", "rejected")} == {
        "processed": 2, "auto_approved": 2, "approved": 1, "rejected": 1,
    }  # fmt: skip
    assert stats["corrected"] == {"loan_amount": 1}
    assert stats["average_score"] >= 50
    assert api.get(f"{URL}/{flow['id']}/stats?to=2020-01-01T00:00:00Z").json()["processed"] == 0
    error_of(api.get(f"{URL}/{flow['id']}/stats?from=soon"), 400, "validation_failed")
