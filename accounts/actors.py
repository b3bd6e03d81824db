"""Who asks: the person or key behind a request, in one workspace, with its scopes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from accounts.models.workspace import Membership
from accounts.scopes import ROLE_SCOPES, expand

if TYPE_CHECKING:
    from accounts.models import ApiKey, User, Workspace


@dataclass(frozen=True)
class Actor:
    """The subject of every permission check and every audit entry.

    `label` is what the audit trail shows: an e-mail address, or a key's prefix and last four characters.
    `user` and `api_key` are both None for the system itself.
    """

    workspace: Workspace
    label: str
    user: User | None = None
    api_key: ApiKey | None = None
    role: str = ""
    scopes: frozenset[str] = field(default_factory=frozenset)
    ip: str | None = None

    def can(self, scope: str) -> bool:
        return scope in self.scopes


def actor_for_member(membership: Membership, *, ip: str | None = None) -> Actor:
    """The person of this membership, with every scope of the role."""
    return Actor(
        workspace=membership.workspace,
        label=membership.user.email,
        user=membership.user,
        role=membership.role,
        scopes=ROLE_SCOPES[membership.role],
        ip=ip,
    )


def actor_for_key(key: ApiKey, *, ip: str | None = None) -> Actor:
    """The holder of this key: the key's scopes, as far as its maker still has them. Causes one SQL query."""
    label = f"{key.key_prefix}…{key.last_four}"
    scopes = expand(key.scopes)
    if key.created_by_id is not None:
        maker = Membership.objects.filter(workspace=key.workspace, user=key.created_by_id)
        scopes &= ROLE_SCOPES.get(maker.values_list("role", flat=True).first() or "", frozenset())
    return Actor(
        workspace=key.workspace,
        label=label,
        user=key.created_by,
        api_key=key,
        scopes=scopes,
        ip=ip,
    )


def system_actor(workspace: Workspace) -> Actor:
    """Recto itself: workers, the sweeper, rules."""
    return Actor(workspace=workspace, label="system")


def actor_of(request: Any) -> Actor | None:
    """The actor of a Django or DRF request; None when nobody is logged in or they have no workspace."""
    inner = getattr(request, "_request", request)
    actor: Actor | None = getattr(inner, "actor", None)
    return actor
