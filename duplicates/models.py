from __future__ import annotations

from django.db import models

from accounts.models import Workspace
from accounts.models.querysets import WorkspaceQuerySet
from documents.models import Document


class Fingerprint(models.Model):
    """What a document's text looks like to the duplicate finder; for now the exact layer."""

    document = models.OneToOneField(Document, models.CASCADE, primary_key=True, related_name="fingerprint")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    text_sha256 = models.CharField(max_length=64)
    word_count = models.PositiveIntegerField()
    algorithm_version = models.PositiveSmallIntegerField(default=1)

    objects = WorkspaceQuerySet["Fingerprint"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["workspace", "text_sha256"], name="fingerprint_text")]

    def __str__(self) -> str:
        return self.text_sha256[:12]
