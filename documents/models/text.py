from __future__ import annotations

from django.db import models

from accounts.models.querysets import WorkspaceQuerySet

from .document import Document


class DocumentText(models.Model):
    """The document's whole text as read: what search, duplicates and `/content` work on."""

    document = models.OneToOneField(Document, models.CASCADE, primary_key=True, related_name="text")
    full_text = models.TextField(blank=True)

    class TextQuerySet(WorkspaceQuerySet["DocumentText"]):
        workspace_path = "document__workspace"

    objects = TextQuerySet.as_manager()

    def __str__(self) -> str:
        return self.full_text[:60]
