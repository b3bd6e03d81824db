from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import OuterRef, Subquery

from accounts.models.querysets import M_co, WorkspaceQuerySet
from documents.models import Document
from extraction.engines.blocks import Block, BlockKind, ConvertedDocument, block_from_json


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

    def to_converted(self, *, pages: bool = True) -> ConvertedDocument:
        """The engines' view of it, with one SQL query for the pages and all their words unless left out."""
        rows = self.document.pages.order_by("number") if pages else Page.objects.none()
        return ConvertedDocument.from_json(
            {
                "pages": [page.to_json() for page in rows],
                "blocks": self.blocks,
                "method": self.method,
                "parser": self.parser,
                "parser_version": self.parser_version,
                "meta": self.meta,
            }
        )

    def blocks_of(self, kind: BlockKind) -> list[Block]:
        """Its blocks of one kind, in reading order; without the pages' words, so no SQL query."""
        return [block_from_json(block) for block in self.blocks if block["kind"] == kind]


class Page(models.Model):
    """One page: its size in points, its words with boxes, its picture.

    The picture is drawn when it is first asked for; its size is known before.
    """

    document = models.ForeignKey(Document, models.CASCADE, related_name="pages")
    number = models.PositiveIntegerField()
    width = models.FloatField()
    height = models.FloatField()
    rotation = models.SmallIntegerField(default=0)
    words = models.JSONField(default=list)
    text = models.TextField(blank=True)
    ocr_score = models.FloatField(null=True)
    ocr_engine = models.CharField(max_length=32, blank=True)
    order_confidence = models.FloatField(null=True, help_text="0–1: how sure the reading order is.")
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
            "ocr_engine": self.ocr_engine,
            "order_confidence": self.order_confidence,
        }


class FigureQuerySet(DocumentPartQuerySet["Figure"]):
    def with_page_size(self) -> Self:
        """Rows that know their page's size in points as `page_width` and `page_height`."""
        pages = Page.objects.filter(document=OuterRef("document"), number=OuterRef("page"))
        return self.annotate(
            page_width=Subquery(pages.values("width")[:1]), page_height=Subquery(pages.values("height")[:1])
        )


class Figure(models.Model):
    """One picture in a document. `index` counts from 1 in reading order; the box is in fractions of the page.

    Office files place pictures without saying where; those have no box.
    """

    document = models.ForeignKey(Document, models.CASCADE, related_name="figures")
    index = models.PositiveIntegerField()
    page = models.PositiveIntegerField()
    x = models.FloatField(null=True)
    y = models.FloatField(null=True)
    w = models.FloatField(null=True)
    h = models.FloatField(null=True)
    title = models.TextField(blank=True)
    name = models.CharField(max_length=64, help_text="What the Markdown calls its file.")
    key = models.CharField(max_length=200)
    content_type = models.CharField(max_length=64, default="image/png")
    size_bytes = models.PositiveBigIntegerField()
    width = models.PositiveIntegerField(help_text="In pixels.")
    height = models.PositiveIntegerField(help_text="In pixels.")

    objects = FigureQuerySet.as_manager()

    class Meta:
        ordering = ["index"]
        constraints = [models.UniqueConstraint(fields=["document", "index"], name="figure_unique")]

    def __str__(self) -> str:
        return self.title or f"figure {self.index}"

    @property
    def box(self) -> dict[str, Any] | None:
        if self.x is None:
            return None
        return {"page": self.page, "x": self.x, "y": self.y, "w": self.w, "h": self.h}
