from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models

from .querysets import WorkspaceQuerySet
from .user import User
from .workspace import Workspace


class ApiKey(models.Model):
    """A key of an integrator. Only a SHA-256 of the token is kept; people see prefix and last four."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=100)
    key_prefix = models.CharField(max_length=17, unique=True)
    last_four = models.CharField(max_length=4)
    token_hash = models.CharField(max_length=64)
    scopes = ArrayField(models.CharField(max_length=32))
    allowed_ips = ArrayField(models.CharField(max_length=49), default=list, blank=True)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True)

    objects = WorkspaceQuerySet["ApiKey"].as_manager()

    class Meta:
        verbose_name = "API key"
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.name} ({self.key_prefix}…{self.last_four})"
