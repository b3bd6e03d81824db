from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from .querysets import WorkspaceQuerySet
from .workspace import Workspace


class OutboxEvent(models.Model):
    """Something that happened, written in the transaction in which it happened.

    Live pages and webhook deliveries read from here, so what was rolled back is never told and what was
    committed is never lost. `sequence` is given after the commit, one transaction at a time per workspace, so
    that who has read a number has read every lower one; `id` only rises in the order of writing.
    """

    id = models.BigAutoField(primary_key=True)
    sequence = models.BigIntegerField(null=True)
    event_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    type = models.CharField(max_length=64)
    object_id = models.UUIDField(null=True)
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = WorkspaceQuerySet["OutboxEvent"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "sequence"], name="outbox_sequence")]
        indexes = [
            models.Index(fields=["workspace", "id"], name="outbox_unnumbered", condition=Q(sequence=None)),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.type}"
