from __future__ import annotations

import uuid
from typing import Self

from django.db import models
from django.db.models import Count, Sum
from django.db.models.functions import Coalesce

from accounts.models import Workspace
from accounts.models.querysets import M_co, WorkspaceQuerySet
from documents.models import Document


class SenderMemoryQuerySet(WorkspaceQuerySet["SenderMemory"]):
    def with_counts(self) -> Self:
        """Rows that know how often what they remember was right and wrong, and of how many fields."""
        return self.annotate(
            field_count=Count("fields"),
            right=Coalesce(Sum("fields__successes"), 0),
            wrong=Coalesce(Sum("fields__failures"), 0),
        )

    def with_fields(self) -> Self:
        """Rows with their fields and the documents these were learned from; two more SQL queries for all."""
        fields = RememberedField.objects.select_related("last_document").order_by("name")
        return self.prefetch_related(models.Prefetch("fields", queryset=fields))


class SenderMemory(models.Model):
    """A sender of one type of documents, known by its letterhead, and what people taught about it.

    `prints` are the letterheads of up to four documents, each with the id of its document.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    name = models.CharField(max_length=120)
    document_type = models.CharField(max_length=64, blank=True)
    prints = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = SenderMemoryQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["workspace", "-updated_at", "-id"], name="memory_recent")]

    def __str__(self) -> str:
        return self.name


class MemoryKey(models.Model):
    """A hash that documents of a sender share; the way from a new document to the few senders it could be."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+", db_index=False)
    memory = models.ForeignKey(SenderMemory, models.CASCADE, related_name="keys")
    key = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["workspace", "key"], include=["memory"], name="memory_key_lookup")]

    def __str__(self) -> str:
        return str(self.key)


class MemoryPartQuerySet(WorkspaceQuerySet[M_co]):
    """Rows of a memory, seen by whoever sees the memory."""

    workspace_path = "memory__workspace"


class RememberedField(models.Model):
    """One field of a sender: the newest facts, and how often what they proposed was right or wrong.

    It is reckoned anew from its lessons whenever one comes or goes.
    """

    memory = models.ForeignKey(SenderMemory, models.CASCADE, related_name="fields")
    name = models.CharField(max_length=64)
    label = models.CharField(max_length=120)
    facts = models.JSONField(default=list)
    what = models.CharField(max_length=16)
    example = models.CharField(max_length=200, blank=True)
    successes = models.PositiveIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    last_document = models.ForeignKey(Document, models.SET_NULL, null=True, related_name="+")
    updated_at = models.DateTimeField(auto_now=True)

    objects = MemoryPartQuerySet["RememberedField"].as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["memory", "name"], name="memory_field_unique")]

    def __str__(self) -> str:
        return self.label


class LessonSource(models.TextChoices):
    CORRECTION = "correction"
    APPROVAL = "approval"


class Lesson(models.Model):
    """What one document said about one field: a fact, and whether the memory had been right before.

    `right` is null where the memory had proposed nothing. A deleted document leaves its lessons, an erased
    one does not.
    """

    field = models.ForeignKey(RememberedField, models.CASCADE, related_name="lessons")
    document = models.ForeignKey(Document, models.SET_NULL, null=True, related_name="lessons")
    source = models.CharField(max_length=12, choices=LessonSource.choices)
    right = models.BooleanField(null=True)
    fact = models.JSONField(null=True)
    taught_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-taught_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["field", "document"], name="memory_lesson_unique")]

    def __str__(self) -> str:
        return f"{self.field_id} {self.source}"
