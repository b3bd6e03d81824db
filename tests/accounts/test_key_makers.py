"""A key is worth what its maker is still worth."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import ApiKey, Membership
from accounts.services.api_keys import api_key_create
from accounts.services.members import member_change_role, member_remove
from tests.conftest import client_of

pytestmark = pytest.mark.django_db


def membership_of(actor):
    return Membership.objects.select_related("workspace", "user").get(user=actor.user)


def test_the_key_of_a_disabled_account_is_refused(reviewer):
    client = client_of(reviewer, ["documents:read"])
    assert client.get("/api/v1/documents").status_code == 200
    reviewer.user.is_active = False
    reviewer.user.save()
    answer = client.get("/api/v1/documents")
    assert (answer.status_code, answer.json()["error"]) == (403, "account_disabled")


def test_the_keys_of_a_removed_member_are_revoked(admin, reviewer):
    client = client_of(reviewer, ["documents:read"])
    member_remove(membership=membership_of(reviewer), actor=admin)
    assert client.get("/api/v1/documents").status_code == 401
    assert ApiKey.objects.get().revoked_at


def test_a_demoted_makers_key_loses_what_the_role_lost(admin, reviewer):
    client = client_of(reviewer, ["documents:read", "reviews:write"])
    assert client.get("/api/v1/review/queue").status_code == 200
    member_change_role(membership=membership_of(reviewer), role="member", actor=admin)
    assert client.get("/api/v1/review/queue").json()["error"] == "insufficient_scope"
    assert client.get("/api/v1/documents").status_code == 200


def test_a_key_that_ends_makes_no_key_that_does_not(admin):
    _, token = api_key_create(
        actor=admin,
        name="short",
        scopes=["api_keys:manage", "documents:read"],
        expires_at=timezone.now() + timedelta(days=1),
    )
    client = client_of(admin)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    answer = client.post("/api/v1/api-keys", {"name": "long", "scopes": ["documents:read"]}, format="json")
    assert answer.status_code == 400
    assert "expires_at" in answer.json()["details"]["fields"]


def test_a_key_cannot_begin_expired(admin):
    body = {"name": "old", "scopes": ["documents:read"], "expires_at": "2020-01-01T00:00:00Z"}
    answer = client_of(admin).post("/api/v1/api-keys", body, format="json")
    assert "expires_at" in answer.json()["details"]["fields"]
