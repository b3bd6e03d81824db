from __future__ import annotations

from django.db import models

from .querysets import WorkspaceQuerySet
from .workspace import Workspace


class IdempotencyRecord(models.Model):
    """The first answer to a request with an Idempotency-Key; `status` is null while it is being made."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    # SHA-256 over caller, method, route and key: the scope within which a key must be unique.
    scope = models.CharField(max_length=64, unique=True)
    body_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    # Sealed: the answer to POST /api-keys holds a token, which must never stand readable in the database.
    response = models.TextField(null=True)  # noqa: DJ001  (null until the first call has answered)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    objects = WorkspaceQuerySet["IdempotencyRecord"].as_manager()

    def __str__(self) -> str:
        return self.scope
