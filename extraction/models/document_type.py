from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from accounts.models import Workspace
from accounts.models.querysets import WorkspaceQuerySet
from extraction.engines.fields.defs import FieldDef, fields_from_json


class DocumentType(models.Model):
    """A workspace's own document type.

    Built-in types have a row only where the workspace has switched them off, or on again; everything else
    about them is in the code.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="document_types")
    slug = models.SlugField(max_length=64)
    name = models.CharField(max_length=120)
    group = models.SlugField(max_length=64, default="custom")
    description = models.CharField(max_length=1000, blank=True)
    fields = models.JSONField(default=list, blank=True)
    keywords = ArrayField(
        models.CharField(max_length=200),
        default=list,
        blank=True,
        help_text="Words such documents hold.",
    )
    enabled = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = WorkspaceQuerySet["DocumentType"].as_manager()

    class Meta:
        ordering = ["slug"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "slug"], name="document_type_slug_unique")
        ]

    def __str__(self) -> str:
        return self.name

    def field_defs(self) -> tuple[FieldDef, ...]:
        return fields_from_json(self.fields)
