"""Documents made of rows, as the pipeline leaves them, with a small drawn page: no worker is needed."""

from __future__ import annotations

import hashlib
import io
from typing import Any
from uuid import uuid4

from PIL import Image, ImageDraw, ImageFont

from accounts.actors import Actor
from documents.models import Document, DocumentText, Status
from documents.services.files import file_store
from extraction.engines.fields.builtin import INVOICE
from extraction.engines.fields.defs import FieldDef
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


LINE_ITEMS: dict[str, Any] = {
    "name": "line_items", "label": "Line items", "type": "array",
    "items": [
        {"name": "description", "label": "Description", "type": "string"},
        {"name": "quantity", "label": "Quantity", "type": "number"},
        {"name": "unit", "label": "Unit", "type": "enum", "values": ["h", "pcs"]},
        {"name": "amount", "label": "Amount", "type": "currency"},
    ],
}  # fmt: skip
BUYER: dict[str, Any] = {
    "name": "buyer", "label": "Buyer", "type": "object",
    "items": [{"label": "Name", "type": "string"}, {"label": "City", "type": "string"}],
}  # fmt: skip
TERMS: dict[str, Any] = {"name": "terms", "label": "Terms", "type": "array"}
WORK = [
    {"description": "Cleaning of the windows", "quantity": 4, "unit": "h", "amount": "364.13"},
    {"description": "Ladder", "quantity": 2, "unit": "pcs", "amount": "200.00"},
]


def structured(actor: Actor, number: int, *, sure: bool = False) -> Document:
    """An invoice with a list of lines, one cell doubtful, an object, a plain list, and other origins."""
    document, teacher = invoice(actor, number), Document.objects.filter(filename="invoice-0.pdf").first()
    extraction = Extraction.objects.get(document=document)
    fields, score = extraction.fields, 95.0 if sure else 61.0
    fields |= {
        "line_items": _field("x", None, score) | {
            "value": WORK, "boxes": [_line_box(0), _line_box(1)], "needs_review": not sure,
            "items": [_places(row, index) for index, row in enumerate(WORK)],
            "alternatives": [{"value": WORK[:1], "raw": "", "score": 20.0, "boxes": [_line_box(0)]}],
        },
        "buyer": _field("x", None, SURE) | {"value": {"name": "Acme Ltd", "city": None}},
        "terms": _field("x", None, SURE) | {"value": ["net", "30 days"]},
    }  # fmt: skip
    fields["seller_name"] |= {"origin": "xml", "validated": True}
    fields["issue_date"] |= {
        "origin": "memory",
        "memory": {
            "memory_id": str(uuid4()),
            "document_id": str(teacher.pk) if teacher else None,
            "value": fields["issue_date"]["value"],
            "trust": 0.9,
        },
    }
    fields["net"] |= {"origin": "model", "source": "llm"}
    kept = [item for item in extraction.schema if item["name"] != "line_items"]
    extraction.schema = [*kept, *(FieldDef.from_json(item).to_json() for item in (LINE_ITEMS, BUYER, TERMS))]
    extraction.model_used = "small-model"
    extraction.save()
    Document.objects.filter(pk=document.pk).update(
        flags=["low_confidence", "photo_quality_poor"],
        review_reasons=[
            {"code": "low_confidence", "message": "Total is only 62 % sure.", "field": "total"},
            {
                "code": "low_confidence",
                "message": "Only 60 % sure as a whole; 70 % are asked for.",
                "field": None,
            },
        ],
    )
    document.refresh_from_db()
    return document


def _line_box(index: int) -> dict[str, Any]:
    return {"page": 1, "x": 0.1, "y": 0.3 + 0.04 * index, "w": 0.8, "h": 0.03}


def _places(row: dict[str, Any], index: int) -> dict[str, Any]:
    boxes = {name: _line_box(index) | {"x": 0.1 + 0.2 * n, "w": 0.18} for n, name in enumerate(row)}
    return {
        name: {
            "value": value, "raw": str(value), "score": 40.0 if name == "amount" and index else SURE,
            "box": boxes[name], "boxes": [boxes[name]],
        }
        for name, value in row.items()
    }  # fmt: skip


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
