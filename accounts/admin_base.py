"""The base of every admin page: rows of the person's workspace, rights by role, writes through services."""

from __future__ import annotations

from typing import Any, TypeVar

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from accounts.actors import Actor, actor_of
from common.errors import AppError

M = TypeVar("M", bound=Model)


class WorkspaceAdmin(admin.ModelAdmin[M]):
    """Shows what `visible_to` gives. `read_scope` and `write_scope` decide who may look and change."""

    read_scope = "documents:read"
    write_scope: str | None = None
    may_add = may_delete = False
    list_per_page = 50
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[M]:
        rows: QuerySet[M] = self.model.objects.visible_to(actor_of(request))  # type: ignore[attr-defined]
        return rows

    def actor(self, request: HttpRequest) -> Actor:
        actor = actor_of(request)
        assert actor is not None
        return actor

    def _can(self, request: HttpRequest, scope: str | None) -> bool:
        actor = actor_of(request)
        return scope is not None and actor is not None and actor.can(scope)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._can(request, self.read_scope)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._can(request, self.read_scope)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._can(request, self.write_scope)

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return self.may_add and self._can(request, self.write_scope)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_delete and self._can(request, self.write_scope)

    def apply(self, request: HttpRequest, rows: QuerySet[M], service: Any, done: str) -> None:
        """Calls `service(row)` for each row; refusals are shown in the service's own words."""
        count = 0
        for row in rows:
            try:
                service(row)
                count += 1
            except AppError as error:
                self.message_user(request, f"{row}: {error.message}", messages.WARNING)
        if count:
            self.message_user(request, f"{count} {done}.", messages.SUCCESS)

    # The admin's own log would be a second audit trail beside ours.
    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any: ...

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any: ...

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any: ...
