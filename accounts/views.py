"""Pages about the person who is logged in."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.guards import error_answer
from accounts.middleware import SESSION_KEY
from accounts.models import Membership, User
from common.errors import NotFound


@require_POST
@login_required
def workspace_switch(request: HttpRequest) -> HttpResponse:
    """Goes on in another of the person's workspaces."""
    assert isinstance(request.user, User)
    wanted = request.POST.get("workspace", "")
    mine = {
        str(pk) for pk in Membership.objects.filter(user=request.user).values_list("workspace_id", flat=True)
    }
    if wanted not in mine:
        return error_answer(request, NotFound("workspace"))
    request.session[SESSION_KEY] = wanted
    return redirect("home")
