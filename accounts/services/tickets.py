"""Tickets for WebSockets: one use, 30 seconds, so that no token ever stands in a URL."""

from __future__ import annotations

import secrets

from django.core.cache import cache

from accounts.actors import Actor, actor_for_key, actor_for_member
from accounts.models import ApiKey, Membership

TTL_SECONDS = 30


def ticket_issue(*, actor: Actor) -> str:
    """A new ticket that stands for this actor for TTL_SECONDS."""
    ticket = secrets.token_urlsafe(24)
    holder = {
        "workspace": str(actor.workspace.pk),
        "key": str(actor.api_key.pk) if actor.api_key else None,
        "user": str(actor.user.pk) if actor.user else None,
    }
    cache.set(_key(ticket), holder, timeout=TTL_SECONDS)
    return ticket


def ticket_redeem(*, ticket: str) -> Actor | None:
    """The actor of a ticket that was never used; None else. The key's or membership's state counts now."""
    holder = cache.get(_key(ticket))
    # delete() tells whether this call removed it: of two that redeem at once, one wins.
    if not holder or not cache.delete(_key(ticket)):
        return None
    if holder["key"]:
        key = (
            ApiKey.objects.select_related("workspace", "created_by")
            .filter(pk=holder["key"], revoked_at=None)
            .first()
        )
        return actor_for_key(key) if key else None
    membership = Membership.objects.select_related("workspace", "user").filter(
        workspace_id=holder["workspace"], user_id=holder["user"], user__is_active=True
    )
    found = membership.first()
    return actor_for_member(found) if found else None


def _key(ticket: str) -> str:
    return f"ws-ticket:{ticket}"
