from __future__ import annotations

import uuid
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q

from accounts.models import Workspace
from accounts.models.querysets import WorkspaceQuerySet
from extraction.engines.fields.defs import FieldDef, FieldDefError

from .template import Template

PERCENT = [MinValueValidator(0), MaxValueValidator(100)]


class Flow(models.Model):
    """A recipe: which fields to read, with which options, and when a person has to look."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="flows")
    name = models.CharField(max_length=120)
    description = models.CharField(max_length=1000, blank=True)
    prompt = models.TextField(
        max_length=20000, blank=True, help_text="For a language model, where one is set up."
    )
    instructions = models.TextField(max_length=4000, blank=True)
    document_type = models.CharField(
        max_length=64, blank=True, help_text="Documents of this type take this flow by themselves."
    )
    template = models.ForeignKey(
        Template,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="flows",
        help_text="Gives the fields, in place of the flow's own.",
    )
    model = models.CharField(max_length=64, default="standard")
    temperature = models.FloatField(default=0.0, validators=[MinValueValidator(0), MaxValueValidator(1)])
    language = models.CharField(max_length=16, default="auto")
    ocr = models.CharField(
        max_length=8, default="auto", choices=[(word, word) for word in ("auto", "force", "off")]
    )
    table_mode = models.CharField(
        max_length=8, default="fast", choices=[(word, word) for word in ("off", "fast", "accurate")]
    )
    image_handling = models.CharField(
        max_length=12,
        default="referenced",
        choices=[(word, word) for word in ("none", "referenced", "embedded")],
    )
    pages = models.CharField(max_length=100, blank=True, help_text="Such as 1-5,8; empty for all.")
    auto_approve = models.BooleanField(default=False)
    auto_approve_min_score = models.FloatField(
        default=85, validators=[MinValueValidator(50), MaxValueValidator(100)]
    )
    review_below_score = models.FloatField(default=70, validators=PERCENT)
    always_review = models.BooleanField(default=False)
    review_sample_percent = models.FloatField(
        default=0,
        validators=PERCENT,
        help_text="Spot checks: how many of the documents that would pass go to a person all the same.",
    )
    tags = ArrayField(models.CharField(max_length=64), default=list, blank=True)
    suggest_metadata = models.BooleanField(default=False)
    active = models.BooleanField(default=True)
    is_default = models.BooleanField(default=False, help_text="Taken when no flow fits the document's type.")
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = WorkspaceQuerySet["Flow"].as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "name"], name="flow_name_unique"),
            models.UniqueConstraint(
                fields=["workspace"], condition=Q(is_default=True), name="flow_one_default"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def field_defs(self) -> list[FieldDef]:
        """The fields in order. Causes one SQL query unless prefetched."""
        return [field.to_def() for field in self.fields.all()]


class FieldType(models.TextChoices):
    STRING = "string"
    NUMBER = "number"
    INTEGER = "integer"
    DATE = "date"
    DATETIME = "datetime"
    CURRENCY = "currency"
    BOOLEAN = "boolean"
    ENUM = "enum"
    ARRAY = "array"
    OBJECT = "object"


class FlowField(models.Model):
    """One field of a flow: a FieldDef as a row, so that admins edit it in a table."""

    flow = models.ForeignKey(Flow, models.CASCADE, related_name="fields")
    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(
        max_length=64,
        blank=True,
        validators=[RegexValidator(r"^[a-z][a-z0-9_]{0,63}$")],
        help_text="Derived from the label when empty.",
    )
    label = models.CharField(max_length=120)
    type = models.CharField(max_length=10, choices=FieldType.choices, default=FieldType.STRING)
    required = models.BooleanField(default=False)
    require_score_above = models.FloatField(null=True, blank=True, validators=PERCENT)
    values = ArrayField(models.CharField(max_length=200), default=list, blank=True, help_text="For enum.")
    items = models.JSONField(default=list, blank=True, help_text="Fields of an array's or object's parts.")
    regex = models.CharField(max_length=500, blank=True)
    hint = models.CharField(max_length=1000, blank=True)
    default = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["flow", "name"], name="flow_field_unique")]

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        """Raises: ValidationError in the words of the field engine."""
        try:
            self.name = self.to_def().name
        except FieldDefError as error:
            raise ValidationError(
                [f"{path}: {' '.join(texts)}" for path, texts in error.errors.items()]
            ) from None

    def to_def(self) -> FieldDef:
        return FieldDef.from_json(self.to_json())

    def to_json(self) -> dict[str, Any]:
        data: dict[str, Any] = {
            "label": self.label,
            "type": self.type,
            "required": self.required,
            "require_score_above": self.require_score_above,
            "default": self.default,
        }
        optional = {
            "name": self.name,
            "values": self.values,
            "items": self.items,
            "regex": self.regex,
            "hint": self.hint,
        }
        return data | {key: value for key, value in optional.items() if value}


class FlowVersion(models.Model):
    """A flow as it stood: documents keep the version they were read with."""

    flow = models.ForeignKey(Flow, models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField()
    snapshot = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["flow", "version"], name="flow_version_unique")]

    def __str__(self) -> str:
        return f"version {self.version}"
