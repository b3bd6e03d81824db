"""Every endpoint × every kind of caller. A new endpoint must be added to the table in endpoints.py."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.actors import Actor
from accounts.models import ApiKey
from accounts.services.api_keys import api_key_create
from documents.models import Document
from documents.services.jobs import job_create
from extraction.engines.fields.defs import FieldDef
from extraction.models import Flow, SenderMemory
from extraction.services.document_types import document_type_create
from extraction.services.templates import template_create
from tests.conftest import EVERY_SCOPE, PASSWORD, client_of
from tests.contract.checks import error_body, error_of
from tests.contract.endpoints import (
    CALLS,
    ENDPOINTS,
    GUARDED,
    METHODS,
    OBJECTS,
    SCOPED,
    STREAMS,
    Endpoint,
    api_routes,
    call_name,
)

pytestmark = pytest.mark.django_db
ABSENT = uuid4()


def call(client: APIClient, row: Endpoint, method: str, object_id: object = ABSENT) -> Any:
    data = row.body if method in ("post", "patch", "put") else None
    kind = "multipart" if row.route == "documents/upload" else "json"
    return getattr(client, method)(
        row.path(object_id), data, **({"format": kind} if data is not None else {})
    )


def test_the_table_names_every_endpoint_with_its_methods():
    built = {
        route: {method for method in METHODS if method in view.http_method_names and hasattr(view, method)}
        for route, view in api_routes()
    }
    assert built == {row.route: set(row.scopes) for row in ENDPOINTS}


def test_every_endpoint_names_the_scope_that_the_table_asks_for():
    words = {"any": "user", "signed": "public"}
    for route, view in api_routes():
        row = next(row for row in ENDPOINTS if row.route == route)
        if hasattr(view, "scopes"):
            wanted = {method.upper(): words.get(scope, scope) for method, scope in row.scopes.items()}
            assert view.scopes == wanted, route


@pytest.mark.parametrize(("row", "method", "scope"), GUARDED, ids=call_name)
def test_without_credentials_the_answer_is_401(db, row, method, scope):
    response = call(APIClient(), row, method)
    error_of(response, 401, "authentication_required")
    assert response["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("row", [row for row in ENDPOINTS if "public" in row.scopes.values()], ids=call_name)
def test_public_endpoints_ask_for_nothing(db, row):
    assert call(APIClient(), row, "get").status_code in (200, 503)


@pytest.mark.parametrize(("row", "method", "scope"), SCOPED, ids=call_name)
def test_a_key_without_the_scope_is_refused_before_the_object_is_looked_up(admin, row, method, scope):
    others = [name for name in EVERY_SCOPE if name != scope]
    details = error_of(call(client_of(admin, others), row, method), 403, "insufficient_scope")
    assert details == {"required_scope": scope}


# Not the stream of all events: it never ends, and tests/documents/test_progress_streams.py reads it.
ENDING = [entry for entry in SCOPED if entry[0].route != "events"]


@pytest.mark.parametrize(("row", "method", "scope"), ENDING, ids=call_name)
def test_a_key_with_just_the_scope_gets_past_the_door(admin, row, method, scope):
    response = call(client_of(admin, [scope]), row, method)
    assert response.status_code != 401
    if response.status_code == 403:  # a key that may only make keys has nothing else to give away
        assert error_of(response, 403, "insufficient_scope") == {"required_scope": "jobs:read"}


LISTS = ("documents", "jobs", "flows", "templates", "document-types", "api-keys", "review/queue")


@pytest.fixture
def foreign(stranger: Actor, upload: Callable[..., Document]) -> dict[str, object]:
    """One object of each kind in another workspace, by the first part of the route."""
    key, _ = api_key_create(actor=stranger, name="theirs", scopes=["jobs:read"])
    job = job_create(actor=stranger, job_type="document_process", total=1, parameters={})
    flow = Flow.objects.visible_to(stranger).first()
    assert flow is not None
    document = upload(actor=stranger)
    template = template_create(actor=stranger, name="Theirs", fields=[FieldDef("number", "Number")])
    theirs = document_type_create(actor=stranger, slug="theirs", name="Theirs")
    memory = SenderMemory.objects.create(workspace=stranger.workspace, name="Their supplier")
    return {
        "documents": document.pk,
        "api-keys": key.pk,
        "jobs": job.pk,
        "flows": flow.pk,
        "templates": template.pk,
        "document-types": theirs.slug,
        "memories": memory.pk,
    }


@pytest.mark.parametrize(("row", "method", "scope"), OBJECTS, ids=call_name)
def test_an_object_of_another_workspace_looks_like_an_absent_one(
    api, stranger_api, foreign, row, method, scope
):
    object_id = foreign[row.route.split("/")[0]]
    theirs, absent = call(api, row, method, object_id), call(api, row, method, ABSENT)
    assert error_of(theirs, 404, "not_found") == error_of(absent, 404, "not_found")
    assert theirs.json() == absent.json()
    if row.route not in STREAMS:
        assert call(stranger_api, row, method, object_id).status_code not in (401, 403)


LISTS = ("documents", "jobs", "flows", "memories", "api-keys", "review/queue")


@pytest.mark.parametrize(
    "row",
    [row for row in ENDPOINTS if row.route in LISTS],
    ids=call_name,
)
def test_lists_show_nothing_of_another_workspace(api, stranger_api, foreign, row):
    def seen(client: APIClient) -> set[str]:
        rows = call(client, row, "get").json()["results"]
        return {item.get("id") or item["slug"] for item in rows if not item.get("builtin")}

    assert not seen(stranger_api) & seen(api)


@pytest.mark.parametrize(("row", "method", "scope"), GUARDED, ids=call_name)
def test_a_dead_key_opens_nothing(admin, row, method, scope):
    client = client_of(admin)
    key = ApiKey.objects.visible_to(admin)
    key.update(expires_at=timezone.now() - timedelta(seconds=1))
    error_of(call(client, row, method), 401, "token_expired")
    key.update(expires_at=None, revoked_at=timezone.now())
    error_of(call(client, row, method), 401, "invalid_api_key")


@pytest.mark.parametrize("role", ["admin", "reviewer", "member"])
def test_a_person_in_a_session_may_do_what_the_role_allows(request, role):
    """One login for the whole table: logging in is the slow part."""
    actor: Actor = request.getfixturevalue(role)
    client = APIClient()
    assert client.login(email=actor.label, password=PASSWORD)
    for row, method, scope in CALLS:
        if row.route == "events":
            continue
        response = call(client, row, method)
        refused = scope not in ("public", "any", "signed") and scope not in actor.scopes
        assert (response.status_code == 403) == refused, (row.route, method, response.status_code)
        if response.status_code >= 400:
            error_body(response)


def test_roles_hold_what_they_are_for(admin, reviewer, member):
    assert "api_keys:manage" in admin.scopes
    assert "reviews:write" in reviewer.scopes
    assert "flows:write" not in reviewer.scopes
    assert "reviews:write" not in member.scopes
    assert "documents:write" in member.scopes
