"""The workspace a logged-in person works in."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse

from accounts.actors import Actor, actor_for_member
from accounts.models import Membership, User

SESSION_KEY = "workspace_id"


class WorkspaceMiddleware:
    """Sets `request.actor` from the session: the chosen workspace, else the person's first one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = session_actor(request)  # type: ignore[attr-defined]
        return self.get_response(request)


def session_actor(request: HttpRequest) -> Actor | None:
    """The actor of the session cookie; None for strangers and people without a workspace."""
    user: User | AnonymousUser = request.user
    if not isinstance(user, User):
        return None
    chosen = request.session.get(SESSION_KEY)
    memberships = Membership.objects.filter(user=user).select_related("workspace", "user").order_by("id")
    found = (memberships.filter(workspace_id=chosen).first() if chosen else None) or memberships.first()
    return actor_for_member(found, ip=request.META.get("REMOTE_ADDR")) if found else None
