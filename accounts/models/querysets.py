"""The one door to rows: `Model.objects.visible_to(actor)`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db import models

if TYPE_CHECKING:
    from accounts.actors import Actor

M_co = TypeVar("M_co", bound=models.Model, covariant=True)


class WorkspaceQuerySet(models.QuerySet[M_co]):
    """Rows that belong to a workspace. `workspace_path` is the lookup that leads there."""

    workspace_path = "workspace"

    def visible_to(self, actor: Actor | None) -> Self:
        """The rows this actor may know of: those of its workspace, none without an actor."""
        if actor is None:
            return self.none()
        scope: dict[str, Any] = {self.workspace_path: actor.workspace}
        return self.filter(**scope)
