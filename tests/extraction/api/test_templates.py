"""Templates over REST: drafted, published, matched, kept by version."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import AuditEvent
from extraction.models import Template
from tests.contract.checks import error_of

pytestmark = pytest.mark.django_db
URL = "/api/v1/templates"
FIELDS = [{"label": "Loan number", "required": True}, {"label": "Amount", "type": "currency"}]


def make(api: Any, **body: Any) -> Any:
    return api.post(URL, {"name": "Loan form", "fields": FIELDS, **body}, format="json")


def test_a_new_template_is_a_draft_with_the_contracts_defaults(api):
    response = make(api)
    body = response.json()
    assert response.status_code == 201, body
    assert (body["slug"], body["status"], body["active"], body["version"]) == ("loan-form", "draft", False, 0)
    assert body["match"] == {"keywords_any": [], "keywords_all": [], "regex": None, "min_score": 60}
    assert [field["name"] for field in body["fields"]] == ["loan_number", "amount"]
    assert api.get(f"{URL}/{body['id']}").json() == body


def test_each_publish_keeps_a_version_and_a_later_edit_waits_for_the_next(api):
    path = f"{URL}/{make(api).json()['id']}"
    assert api.get(f"{path}/versions").json() == {"results": []}
    first = api.post(f"{path}/publish").json()
    assert (first["status"], first["active"], first["version"]) == ("active", True, 1)
    edited = api.patch(path, {"name": "Loans", "fields": FIELDS[:1]}, format="json").json()
    assert (edited["name"], edited["version"], len(edited["fields"])) == ("Loans", 1, 1)
    versions = api.get(f"{path}/versions").json()["results"]
    assert [(row["version"], row["name"], len(row["fields"])) for row in versions] == [(1, "Loan form", 2)]
    api.post(f"{path}/publish")
    versions = api.get(f"{path}/versions").json()["results"]
    assert [(row["version"], len(row["fields"])) for row in versions] == [(2, 1), (1, 2)]


def test_active_publishes_at_once_and_can_be_switched(api):
    body = make(api, active=True).json()
    path = f"{URL}/{body['id']}"
    assert (body["status"], body["version"]) == ("active", 1)
    off = api.patch(path, {"active": False}, format="json").json()
    assert (off["status"], off["active"], off["version"]) == ("inactive", False, 1)
    assert api.patch(path, {"active": True}, format="json").json()["status"] == "active"


def test_a_draft_cannot_be_switched_on_before_it_was_published(api):
    path = f"{URL}/{make(api).json()['id']}"
    details = error_of(api.patch(path, {"active": True}, format="json"), 409, "invalid_state")
    assert details == {"status": "draft", "allowed": ["active", "inactive"]}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"slug": "not a slug"}, "slug"),
        ({"document_type_hint": "nothing"}, "document_type_hint"),
        ({"fields": []}, "fields"),
        ({"fields": [{"label": f"F{n}"} for n in range(101)]}, "fields"),
        ({"fields": [{"label": "A", "regex": "(a+)+$"}]}, "fields"),
        ({"match": {"regex": "(a|b)*c("}}, "match"),
        ({"match": {"regex": "(a+)+$"}}, "match"),
        ({"match": {"keywords_any": ["?!"]}}, "match"),
        ({"match": {"keywords_all": ["x"] * 101}}, "match"),
        ({"match": {"min_score": 101}}, "match"),
        ({"match": {"colour": "red"}}, "match"),
    ],
)
def test_a_wrong_template_names_what_is_wrong(api, body, field):
    fields = error_of(make(api, **body), 400, "validation_failed")["fields"]
    assert all(name.split(".")[0] == field for name in fields)
    assert not Template.objects.exists()


def test_a_slug_is_taken_once_per_workspace_and_made_up_freely(api, stranger_api):
    make(api, slug="loans")
    assert error_of(make(api, slug="loans"), 409, "conflict") == {"field": "slug"}
    assert make(stranger_api, slug="loans").status_code == 201
    assert [make(api).json()["slug"] for _ in range(3)] == ["loan-form", "loan-form-2", "loan-form-3"]


def test_a_template_in_use_is_not_deleted(api):
    template = make(api, active=True).json()
    path = f"{URL}/{template['id']}"
    flow = api.post("/api/v1/flows", {"name": "Loans", "template_id": template["id"]}, format="json").json()
    assert error_of(api.delete(path), 409, "conflict") == {"flow_ids": [flow["id"]]}
    api.delete(f"/api/v1/flows/{flow['id']}")
    assert api.delete(path).json() == {"deleted": True}
    error_of(api.get(path), 404, "not_found")
    assert AuditEvent.objects.filter(action="template.deleted").count() == 1


def test_values_can_be_tried_against_the_fields(api):
    path = f"{URL}/{make(api).json()['id']}/validate"
    good = api.post(path, {"fields": {"loan_number": "L-1", "amount": "1.284,50"}}, format="json").json()
    assert good == {"valid": True, "errors": {}}
    bad = api.post(path, {"fields": {"amount": "soon", "colour": "red"}}, format="json").json()
    assert (bad["valid"], set(bad["errors"])) == (False, {"loan_number", "amount", "colour"})


def test_templates_are_found_by_name_state_and_type(api):
    make(api, document_type_hint="kk")
    make(api, name="Live one", active=True)
    names = lambda query: [row["name"] for row in api.get(f"{URL}?{query}").json()["results"]]  # noqa: E731
    assert names("q=loan") == ["Loan form"]
    assert names("active=true") == ["Live one"]
    assert names("active=false") == ["Loan form"]
    assert names("type=kartu_keluarga") == names("type=kk") == ["Loan form"]
