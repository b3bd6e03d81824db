from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from .querysets import WorkspaceQuerySet
from .user import User

if TYPE_CHECKING:
    from accounts.actors import Actor


class WorkspaceOwnQuerySet(WorkspaceQuerySet["Workspace"]):
    def visible_to(self, actor: Actor | None) -> Self:
        """The actor's own workspace only."""
        return self.filter(pk=actor.workspace.pk) if actor else self.none()


class Workspace(models.Model):
    """One tenant: its people, keys, flows and documents. Nothing crosses it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=64, unique=True)
    review_below_score = models.FloatField(
        default=70, validators=[MinValueValidator(0), MaxValueValidator(100)]
    )
    always_review = models.BooleanField(default=False)
    review_sample_percent = models.FloatField(
        default=0,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text="Spot checks: how many of the documents that would pass go to a person all the same.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = WorkspaceOwnQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    ADMIN = "admin"
    REVIEWER = "reviewer"
    MEMBER = "member"


class Membership(models.Model):
    """A person's place in a workspace."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role.choices, default=Role.MEMBER)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = WorkspaceQuerySet["Membership"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "user"], name="membership_unique")]

    def __str__(self) -> str:
        return f"{self.user} ({self.role})"
