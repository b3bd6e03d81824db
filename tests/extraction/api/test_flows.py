"""Flows over REST: made, changed by version, deleted."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import AuditEvent
from extraction.models import Flow, FlowVersion
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
