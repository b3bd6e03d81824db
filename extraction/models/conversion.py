from __future__ import annotations

from django.db import models

from accounts.models.querysets import M_co, WorkspaceQuerySet
from documents.models import Document
from extraction.engines.blocks import ConvertedDocument


class DocumentPartQuerySet(WorkspaceQuerySet[M_co]):
    """Rows of a document, seen by whoever sees the document."""

    workspace_path = "document__workspace"


class Conversion(models.Model):
    """What the readers found in a document: blocks, and the Markdown made from them. One per document."""

    document = models.OneToOneField(Document, models.CASCADE, related_name="conversion")
    method = models.CharField(max_length=16)
    parser = models.CharField(max_length=32)
    parser_version = models.CharField(max_length=32)
    blocks = models.JSONField(default=list)
    meta = models.JSONField(default=dict)
    markdown = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now=True)

    objects = DocumentPartQuerySet["Conversion"].as_manager()

    def __str__(self) -> str:
        return f"{self.parser} {self.parser_version}"

    def to_converted(self) -> ConvertedDocument:
        """The engines' view of it. Causes one SQL query for the pages."""
        pages = [page.to_json() for page in self.document.pages.order_by("number")]
        return ConvertedDocument.from_json(
            {
                "pages": pages,
                "blocks": self.blocks,
                "method": self.method,
                "parser": self.parser,
                "parser_version": self.parser_version,
                "meta": self.meta,
            }
        )


class Page(models.Model):
    """One page: its size in points, its words with boxes, its picture."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="pages")
    number = models.PositiveIntegerField()
    width = models.FloatField()
    height = models.FloatField()
    rotation = models.SmallIntegerField(default=0)
    words = models.JSONField(default=list)
    text = models.TextField(blank=True)
    ocr_score = models.FloatField(null=True)
    image_key = models.CharField(max_length=200, blank=True)
    image_width = models.PositiveIntegerField(default=0)
    image_height = models.PositiveIntegerField(default=0)

    objects = DocumentPartQuerySet["Page"].as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="page_unique")]

    def __str__(self) -> str:
        return f"page {self.number}"

    def to_json(self) -> dict[str, object]:
        return {
            "number": self.number,
            "width": self.width,
            "height": self.height,
            "rotation": self.rotation,
            "words": self.words,
            "ocr_score": self.ocr_score,
        }
