from __future__ import annotations

import uuid
from typing import Any

from django.db import models

from accounts.models import Workspace
from accounts.models.querysets import WorkspaceQuerySet
from extraction.engines.fields.defs import FieldDef, fields_from_json


class TemplateStatus(models.TextChoices):
    DRAFT = "draft"
    ACTIVE = "active"
    INACTIVE = "inactive"


class Template(models.Model):
    """A user's own field set with the rules that recognise its documents.

    `fields` and `match` are what is being edited; documents are read with the last published version. Version
    0 was never published. An inactive template is not recognised any more, but can still be asked for.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="templates")
    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=64)
    document_type_hint = models.CharField(max_length=64, blank=True)
    fields = models.JSONField(default=list)
    match = models.JSONField(default=dict, blank=True)
    status = models.CharField(
        max_length=8, choices=TemplateStatus.choices, default=TemplateStatus.DRAFT, editable=False
    )
    version = models.PositiveIntegerField(default=0, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = WorkspaceQuerySet["Template"].as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["workspace", "slug"], name="template_slug_unique")]

    def __str__(self) -> str:
        return self.name

    @property
    def active(self) -> bool:
        return self.status == TemplateStatus.ACTIVE

    def field_defs(self) -> tuple[FieldDef, ...]:
        """The fields as they are being edited."""
        return fields_from_json(self.fields)

    def snapshot(self) -> dict[str, Any]:
        """What a published version keeps."""
        return {
            "name": self.name,
            "document_type_hint": self.document_type_hint,
            "fields": self.fields,
            "match": self.match,
        }


class TemplateVersion(models.Model):
    """A template as it was published; documents keep the version they were read with."""

    template = models.ForeignKey(Template, models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField()
    snapshot = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    class TemplateVersionQuerySet(WorkspaceQuerySet["TemplateVersion"]):
        workspace_path = "template__workspace"

    objects = TemplateVersionQuerySet.as_manager()

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["template", "version"], name="template_version_unique")
        ]

    def __str__(self) -> str:
        return f"version {self.version}"

    @property
    def match(self) -> dict[str, Any]:
        found: dict[str, Any] = self.snapshot["match"]
        return found

    @property
    def document_type_hint(self) -> str:
        return str(self.snapshot["document_type_hint"])

    def field_defs(self) -> tuple[FieldDef, ...]:
        return fields_from_json(self.snapshot["fields"])
