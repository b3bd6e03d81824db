"""The door of every page: logged in, in a workspace, allowed; errors become sentences."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from accounts.actors import Actor, actor_of
from common.errors import AppError

View = Callable[..., HttpResponseBase]
PageView = Callable[Concatenate[HttpRequest, Actor, ...], HttpResponseBase]


def workspace_page(*, scope: str) -> Callable[[PageView], View]:
    """Makes `view(request, actor, …)` a page for people whose role has this scope."""

    def decorate(view: PageView) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            actor = actor_of(request)
            if not request.user.is_authenticated:
                return _to_login(request)
            if actor is None:
                return render(request, "accounts/no_workspace.html", status=403)
            try:
                _require_scope(actor, scope)
                return view(request, actor, *args, **kwargs)
            except AppError as error:
                return error_answer(request, error)

        return guarded

    return decorate


def error_answer(request: HttpRequest, error: AppError) -> HttpResponse:
    """The error's sentence: a toast for htmx, a page otherwise."""
    return render(request, "error.html", {"error": error}, status=error.http_status)


def _require_scope(actor: Actor, scope: str) -> None:
    if not actor.can(scope):
        raise AppError("permission_denied", 403, "Your role may not do this. Ask an admin of your workspace.")


def _to_login(request: HttpRequest) -> HttpResponseBase:
    if not request.headers.get("HX-Request"):
        return redirect_to_login(request.get_full_path())
    # A fragment cannot show the login page; htmx loads it as a whole.
    return HttpResponse(status=401, headers={"HX-Redirect": reverse("account_login")})
