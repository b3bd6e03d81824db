"""The Django admin as the second door: for admins and reviewers of a workspace."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from accounts.actors import actor_of
from accounts.models import Role


class RectoAdminSite(AdminSite):
    site_header = site_title = "Recto"
    index_title = "Administration"
    enable_nav_sidebar = True

    def has_permission(self, request: HttpRequest) -> bool:
        actor = actor_of(request)
        return actor is not None and request.user.is_active and actor.role in (Role.ADMIN, Role.REVIEWER)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """One login page for everything; it throttles attempts."""
        if request.user.is_authenticated:
            return HttpResponseRedirect("/")
        query = urlencode({"next": request.get_full_path()})
        return HttpResponseRedirect(f"{reverse('account_login')}?{query}")
