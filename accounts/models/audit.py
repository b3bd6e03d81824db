from __future__ import annotations

from typing import Any

from django.db import models

from .querysets import WorkspaceQuerySet
from .workspace import Workspace


class AuditEvent(models.Model):
    """Who did what, when. Rows are only ever added; the database refuses to change or delete one.

    No foreign key leads to people or objects, so that erasing those never touches the trail.
    """

    workspace = models.ForeignKey(Workspace, models.DO_NOTHING, related_name="+", db_constraint=False)
    at = models.DateTimeField(auto_now_add=True)
    actor_id = models.UUIDField(null=True)
    actor_label = models.CharField(max_length=254)
    ip = models.GenericIPAddressField(null=True)
    request_id = models.CharField(max_length=64, blank=True)
    action = models.CharField(max_length=64)
    object_type = models.CharField(max_length=32)
    object_id = models.UUIDField(null=True)
    from_state = models.CharField(max_length=32, blank=True)
    to_state = models.CharField(max_length=32, blank=True)
    reason = models.CharField(max_length=1000, blank=True)
    changes = models.JSONField(default=dict)

    objects = WorkspaceQuerySet["AuditEvent"].as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["object_id", "id"], name="audit_object"),
            models.Index(fields=["workspace", "-id"], name="audit_workspace"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.object_type} {self.object_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("Audit events are append-only.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("Audit events are append-only.")
