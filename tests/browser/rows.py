"""Documents made of rows, as the pipeline leaves them, with a small drawn page: no worker is needed."""

from __future__ import annotations

import hashlib
import io
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from accounts.actors import Actor
from documents.models import Document, DocumentText, Status
from documents.services.files import file_store
from extraction.engines.fields.builtin import INVOICE
from extraction.models import Conversion, Extraction, ExtractionMethod, Page

WIDTH, HEIGHT = 620, 877
LINES = {
    "seller_name": (60, 60, "Orrinshaw Facilities Ltd"),
    "invoice_number": (380, 60, "INV-2026-2412"),
    "issue_date": (380, 90, "2026-06-04"),
    "net": (420, 400, "564.13"),
    "tax": (420, 430, "112.83"),
    "total": (420, 470, "676.96"),
    "amount_due": (420, 520, "676.96"),
}
VALUES = {name: text for name, (_, _, text) in LINES.items()}
SURE = 97.0


def invoice(actor: Actor, number: int, *, doubt: float = 62.0, score: float = 60.0) -> Document:
    """An invoice that waits for review: its total is doubtful, with another candidate beside it."""
    picture, boxes = draw()
    document = _document(actor, number, picture, score)
    words = [{"text": text, "box": boxes[name], "line": index, "score": None}
             for index, (name, (_, _, text)) in enumerate(LINES.items())]  # fmt: skip
    key = file_store(picture, workspace_id=actor.workspace.pk, document_id=document.pk, name="page-1.webp")
    for page in (1, 2):
        Page.objects.create(
            document=document, number=page, width=595, height=842, words=words if page == 1 else [],
            text=" ".join(VALUES.values()), image_key=key, image_width=WIDTH, image_height=HEIGHT,
        )  # fmt: skip
    DocumentText.objects.create(document=document, full_text=" ".join(VALUES.values()))
    markdown = f"# Invoice {number}\n\n| Item | Amount |\n|---|---|\n| Total | 676.96 |\n"
    Conversion.objects.create(
        document=document, method="text_layer", parser="test", parser_version="1", markdown=markdown
    )
    Extraction.objects.create(
        document=document, method=ExtractionMethod.RULES, schema=[field.to_json() for field in INVOICE],
        fields=_fields(boxes, doubt), confidence_score=score, flags=["low_confidence"],
    )  # fmt: skip
    return document


def _document(actor: Actor, number: int, picture: bytes, score: float) -> Document:
    digest = hashlib.sha256(f"{actor.workspace.pk} {number}".encode()).hexdigest()
    document = Document(
        workspace=actor.workspace, owner=actor.user, filename=f"invoice-{number}.pdf",
        content_type="application/pdf", size_bytes=len(picture), sha256=digest, dedupe_key=digest,
        status=Status.REQUIRES_REVIEW, type="invoice", page_count=2, confidence_score=score,
        flags=["low_confidence"], policy={"review_below_score": 70.0}, progress=1,
    )  # fmt: skip
    document.storage_key = file_store(
        picture, workspace_id=actor.workspace.pk, document_id=document.pk, name="original"
    )
    document.save()
    return document


def _fields(boxes: dict[str, Any], doubt: float) -> dict[str, dict[str, Any]]:
    found = {field.name: _field(VALUES.get(field.name), boxes.get(field.name), SURE) for field in INVOICE}
    found["currency"] = _field("GBP", None, SURE)
    other = {"value": "564.13", "raw": "564.13", "score": 30.0, "boxes": [boxes["net"]]}
    found["total"] = _field("676.96", boxes["total"], doubt) | {"needs_review": True, "alternatives": [other]}
    found["due_date"] = _field("2026-07-04", None, 55.0) | {"needs_review": True}
    return found


def _field(value: str | None, box: dict[str, Any] | None, score: float) -> dict[str, Any]:
    return {
        "value": value, "raw": value, "score": score if value else 0.0, "box": box,
        "boxes": [box] if box else [], "source": "text_layer", "validated": True,
        "errors": [], "alternatives": [], "needs_review": False,
    }  # fmt: skip


def draw() -> tuple[bytes, dict[str, dict[str, Any]]]:
    """The page as WebP, and each line's box in fractions of the page."""
    image = Image.new("RGB", (WIDTH, HEIGHT), "white")
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(size=16)
    boxes = {}
    for name, (left, top, text) in LINES.items():
        x0, y0, x1, y1 = pen.textbbox((left, top), text, font=font)
        pen.text((left, top), text, fill="black", font=font)
        boxes[name] = {
            "page": 1,
            "x": x0 / WIDTH,
            "y": y0 / HEIGHT,
            "w": (x1 - x0) / WIDTH,
            "h": (y1 - y0) / HEIGHT,
        }
    out = io.BytesIO()
    image.save(out, "WEBP")
    return out.getvalue(), boxes
