from __future__ import annotations

import uuid
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.models import User
from documents.models import Document

from .conversion import DocumentPartQuerySet


class ExtractionMethod(models.TextChoices):
    RULES = "rules"
    MODEL = "model"
    TEMPLATE = "template"
    MANUAL_CORRECTION = "manual_correction"


class Extraction(models.Model):
    """The fields read out of a document, once. A correction is a new row; the newest one is current.

    `fields` maps a name to the rich form: value, raw, score 0–100, boxes, source, validated, errors,
    alternatives, needs_review. `schema` is the snapshot of the field definitions it was made with.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    document = models.ForeignKey(Document, models.CASCADE, related_name="extractions")
    method = models.CharField(max_length=20, choices=ExtractionMethod.choices)
    model_used = models.CharField(max_length=64, default="local")
    job_id = models.UUIDField(null=True, help_text="The run that made it; null for a person's correction.")
    flow_id = models.UUIDField(null=True)
    flow_version = models.PositiveIntegerField(null=True)
    template_id = models.UUIDField(null=True)
    template_version = models.PositiveIntegerField(null=True)
    schema = models.JSONField(default=list)
    fields = models.JSONField(default=dict)
    confidence_score = models.FloatField(null=True)
    flags = ArrayField(models.CharField(max_length=32), default=list)
    is_current = models.BooleanField(default=True)
    reason = models.CharField(max_length=1000, blank=True)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = DocumentPartQuerySet["Extraction"].as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["document"], condition=Q(is_current=True), name="extraction_one_current"
            )
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.created_at:%Y-%m-%d %H:%M}"

    def ordered(self) -> dict[str, dict[str, Any]]:
        """The fields in the order of their definitions; the database does not keep an object's order."""
        return {
            item["name"]: self.fields[item["name"]] for item in self.schema if item["name"] in self.fields
        }

    def values(self) -> dict[str, Any]:
        return {name: field["value"] for name, field in self.ordered().items()}

    def scores(self) -> dict[str, float]:
        return {name: field["score"] for name, field in self.ordered().items()}

    def boxes(self) -> dict[str, Any]:
        return {name: field["box"] for name, field in self.ordered().items()}
