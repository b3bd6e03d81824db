"""API keys: shown once, kept as a hash, never more than their maker, dead when revoked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import ApiKey, AuditEvent
from accounts.services.api_keys import TOKEN, checksum, hash_token, new_token, prefix_of
from tests.conftest import PASSWORD, client_of
from tests.contract.checks import error_of

pytestmark = pytest.mark.django_db
URL = "/api/v1/api-keys"


def make(api: Any, **body: Any) -> Any:
    return api.post(URL, {"name": "k", "scopes": ["jobs:read"], **body}, format="json")


def with_token(token: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client


def test_a_token_is_shown_once_and_kept_as_a_hash(api):
    body = make(api).json()
    token = body["token"]
    key = ApiKey.objects.get(pk=body["id"])
    assert (key.key_prefix, key.last_four, key.token_hash) == (token[:17], token[-4:], hash_token(token))
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(t::text, ' ') FROM accounts_apikey t")
        assert token[18:] not in cursor.fetchone()[0]
    rows = api.get(URL).json()["results"]
    assert all("token" not in row for row in rows)
    assert (rows[0]["key_prefix"], rows[0]["last_four"]) == (token[:17], token[-4:])


def test_a_token_has_a_checksum_that_scanners_can_verify():
    for _ in range(50):
        token = new_token()
        assert TOKEN.fullmatch(token)
        assert checksum(token[:-6]) == token[-6:]
        assert prefix_of(token) == token[:17]


def test_one_wrong_character_opens_nothing(api):
    token = make(api).json()["token"]
    assert with_token(token).get("/api/v1/jobs").status_code == 200
    for place in (8, 20, len(token) - 1):
        wrong = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        error_of(with_token(wrong).get("/api/v1/jobs"), 401, "invalid_api_key")


@pytest.mark.parametrize(
    ("scopes", "wanted", "missing"),
    [
        (["api_keys:manage", "jobs:read"], ["jobs:read"], None),
        (["api_keys:manage", "read"], ["documents:read", "jobs:read"], None),
        (["api_keys:manage", "jobs:read"], ["jobs:write"], "jobs:write"),
        (["api_keys:manage", "jobs:read"], ["read"], "ai:read"),
        (["api_keys:manage", "read"], ["write"], "ai:write"),
        (["api_keys:manage", "write"], ["webhooks:manage"], "webhooks:manage"),
        (["api_keys:manage", "write"], ["api_keys:manage"], "api_keys:manage"),
    ],
)
def test_a_key_gives_no_more_than_it_has(admin, scopes, wanted, missing):
    response = make(client_of(admin, scopes), scopes=wanted)
    if missing:
        assert error_of(response, 403, "insufficient_scope") == {"required_scope": missing}
    else:
        assert response.json()["scopes"] == wanted


def test_only_a_person_grants_the_right_to_make_keys(admin, reviewer):
    for actor, status in ((admin, 201), (reviewer, 403)):
        client = APIClient()
        client.login(email=actor.label, password=PASSWORD)
        assert make(client, scopes=["api_keys:manage"]).status_code == status


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "   "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["everything"]}, "scopes"),
        ({"scopes": "jobs:read"}, "scopes"),
        ({"expires_at": "soon"}, "expires_at"),
        ({"allowed_ips": ["10.0.0.0/99"]}, "allowed_ips"),
        ({"allowed_ips": ["example.org"]}, "allowed_ips"),
    ],
)
def test_a_wrong_key_names_what_is_wrong(api, body, field):
    before = ApiKey.objects.count()
    fields = error_of(make(api, **body), 400, "validation_failed")["fields"]
    assert {name.split(".")[0] for name in fields} == {field}
    assert ApiKey.objects.count() == before


@pytest.mark.parametrize(
    ("networks", "address", "opens"),
    [
        (["10.0.0.0/8"], "10.1.2.3", True),
        (["10.0.0.0/8"], "::ffff:10.1.2.3", True),
        (["10.0.0.0/8"], "11.1.2.3", False),
        (["192.0.2.7"], "192.0.2.7", True),
        (["2001:db8::/32", "192.0.2.0/24"], "2001:db8::1", True),
        (["10.0.0.0/8"], "", False),
    ],
)
def test_a_key_opens_only_from_its_networks(api, networks, address, opens):
    client = with_token(make(api, allowed_ips=networks).json()["token"])
    response = client.get("/api/v1/jobs", REMOTE_ADDR=address)
    if opens:
        assert response.status_code == 200
    else:
        error_of(response, 403, "permission_denied")


def test_the_last_use_is_written_once_a_minute(api):
    body = make(api).json()
    client, row = with_token(body["token"]), ApiKey.objects.filter(pk=body["id"])
    client.get("/api/v1/jobs")
    first = row.get().last_used_at
    client.get("/api/v1/jobs")
    assert first is not None
    assert row.get().last_used_at == first
    row.update(last_used_at=timezone.now() - timedelta(seconds=61))
    client.get("/api/v1/jobs")
    assert row.get().last_used_at > first


def test_a_revoked_key_stays_in_the_list_for_those_who_ask(api):
    made = make(api).json()
    assert api.delete(f"{URL}/{made['id']}").json() == {"revoked": True}
    assert api.delete(f"{URL}/{made['id']}").json() == {"revoked": True}
    error_of(with_token(made["token"]).get("/api/v1/jobs"), 401, "invalid_api_key")
    assert made["id"] not in {row["id"] for row in api.get(URL).json()["results"]}
    revoked = {row["id"]: row for row in api.get(f"{URL}?include_revoked=true").json()["results"]}[made["id"]]
    assert revoked["revoked_at"].endswith("Z")
    assert AuditEvent.objects.filter(action="api_key.revoked").count() == 1


def test_what_a_key_does_is_recorded_under_its_prefix_and_last_four(api):
    token = make(api).json()["token"]
    maker = api._credentials["HTTP_AUTHORIZATION"].removeprefix("Bearer ")
    event = AuditEvent.objects.filter(action="api_key.created").latest("id")
    assert event.actor_label == f"{maker[:17]}…{maker[-4:]}"
    assert token not in str(event.changes)


def test_a_caller_learns_who_it_is(api, admin):
    body = api.get("/api/v1/auth/me").json()
    assert (body["email"], body["workspace"]["name"]) == (admin.label, "Acme")
    assert "documents:read" in body["scopes"]
    changed = api.patch(
        "/api/v1/auth/me", {"full_name": "Ada", "preferences": {"theme": "dark"}}, format="json"
    )
    assert (changed.json()["full_name"], changed.json()["preferences"]) == ("Ada", {"theme": "dark"})
    assert api.get("/api/v1/auth/me").json()["full_name"] == "Ada"
