"""Document types over REST: the built-in ones, switched off and on, and a workspace's own."""

from __future__ import annotations

from typing import Any

import pytest

from extraction.document_types import DOCUMENT_TYPES
from extraction.type_registry import GROUP_OF
from tests.contract.checks import error_of

pytestmark = pytest.mark.django_db
URL = "/api/v1/document-types"


def make(api: Any, **body: Any) -> Any:
    return api.post(URL, {"slug": "loan", "name": "Loan", **body}, format="json")


def slugs(api: Any, query: str = "") -> list[str]:
    return [row["slug"] for row in api.get(f"{URL}?limit=200&{query}").json()["results"]]


def test_every_built_in_type_is_listed_with_its_group_and_fields(api):
    assert slugs(api) == sorted(DOCUMENT_TYPES)
    assert set(DOCUMENT_TYPES) <= set(GROUP_OF)
    invoice = api.get(f"{URL}/invoice").json()
    assert (invoice["group"], invoice["builtin"], invoice["enabled"]) == ("commercial", True, True)
    assert "total" in [field["name"] for field in invoice["fields"]]


def test_an_alias_leads_to_its_type(api):
    found = api.get(f"{URL}/kk").json()
    assert (found["slug"], found["aliases"]) == ("kartu_keluarga", ["kk"])


def test_the_list_narrows_by_group_and_pages_by_cursor(api):
    assert slugs(api, "group=civil") == ["akta_lahir", "surat_nikah"]
    first = api.get(f"{URL}?group=civil&limit=1").json()
    assert first["pagination"]["total_count"] == 2
    cursor = first["pagination"]["next_cursor"]
    second = api.get(f"{URL}?group=civil&limit=1&cursor={cursor}").json()
    assert [row["slug"] for row in second["results"]] == ["surat_nikah"]
    assert second["pagination"]["next_cursor"] is None
    error_of(api.get(f"{URL}?limit=1&cursor={cursor}"), 400, "invalid_cursor")


def test_a_type_of_ones_own_is_made_changed_and_deleted(api):
    response = make(api, group="lending", keywords=["loan agreement"], fields=[{"label": "Amount"}])
    assert response.status_code == 201
    assert response.json()["builtin"] is False
    changed = api.patch(f"{URL}/loan", {"name": "Loans", "keywords": []}, format="json").json()
    assert (changed["name"], changed["keywords"], changed["group"]) == ("Loans", [], "lending")
    assert "loan" in slugs(api, "group=lending")
    assert api.delete(f"{URL}/loan").json() == {"deleted": True}
    error_of(api.get(f"{URL}/loan"), 404, "not_found")


@pytest.mark.parametrize("slug", ["loan", "invoice", "kk"])
def test_a_slug_is_taken_once_and_never_from_a_built_in_type(api, slug):
    make(api)
    assert error_of(make(api, slug=slug), 409, "conflict") == {"field": "slug"}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"slug": "Not A Slug"}, "slug"),
        ({"name": ""}, "name"),
        ({"keywords": ["x" * 201]}, "keywords"),
        ({"fields": [{"label": "A", "type": "colour"}]}, "fields"),
    ],
)
def test_a_wrong_type_names_what_is_wrong(api, body, field):
    fields = error_of(make(api, **body), 400, "validation_failed")["fields"]
    assert {name.split(".")[0] for name in fields} == {field}


def test_a_built_in_type_can_only_be_switched(api, stranger_api):
    path = f"{URL}/contract"
    assert api.patch(path, {"enabled": False}, format="json").json()["enabled"] is False
    assert "contract" not in slugs(api, "enabled=true")
    assert stranger_api.get(path).json()["enabled"] is True
    fields = error_of(api.patch(path, {"name": "X"}, format="json"), 400, "validation_failed")["fields"]
    assert set(fields) == {"name"}
    assert error_of(api.delete(path), 409, "conflict") == {"field": "slug"}
    assert api.patch(path, {"enabled": True}, format="json").json()["enabled"] is True


def test_what_is_left_over_cannot_be_switched_off(api):
    response = api.patch(f"{URL}/other", {"enabled": False}, format="json")
    assert set(error_of(response, 400, "validation_failed")["fields"]) == {"enabled"}


def test_a_type_in_use_is_not_deleted(api):
    make(api)
    flow = api.post("/api/v1/flows", {"name": "Loans", "document_type": "loan"}, format="json").json()
    details = error_of(api.delete(f"{URL}/loan"), 409, "conflict")
    assert details["used_by"] == {"flow_ids": [flow["id"]], "template_ids": []}


def test_a_type_that_is_off_or_unknown_is_no_choice(api):
    make(api, enabled=False)
    for slug in ("loan", "nothing"):
        body = {"filename": "a.txt", "content_base64": "aGVsbG8=", "type": slug}
        fields = error_of(api.post("/api/v1/documents", body, format="json"), 400, "validation_failed")[
            "fields"
        ]
        assert "invoice" in fields["type"][0]
        assert "loan" not in fields["type"][0]
