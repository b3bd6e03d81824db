from __future__ import annotations

import uuid

from django.db import models

from .querysets import WorkspaceQuerySet
from .workspace import Workspace


class OutboxEvent(models.Model):
    """Something that happened, written in the transaction in which it happened.

    Live pages and webhook deliveries read from here, so what was rolled back is never told and what was
    committed is never lost. `sequence` rises in the order of writing.
    """

    sequence = models.BigAutoField(primary_key=True)
    event_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    type = models.CharField(max_length=64)
    object_id = models.UUIDField(null=True)
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = WorkspaceQuerySet["OutboxEvent"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["workspace", "sequence"], name="outbox_workspace")]

    def __str__(self) -> str:
        return f"{self.sequence} {self.type}"
