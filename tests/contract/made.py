"""Documents in a wanted state, made without the seconds that a real run takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from documents.models import Document, DocumentText, Status
from extraction.engines.fields.defs import FieldDef
from extraction.models import Conversion, Extraction, Flow, Page

SCHEMA: list[dict[str, Any]] = [
    {
        "name": "invoice_number",
        "label": "Number",
        "type": "string",
        "required": True,
        "regex": "[A-Z0-9-]{1,20}",
    },
    {"name": "issue_date", "label": "Date", "type": "date", "required": False},
    {"name": "paid_at", "label": "Paid at", "type": "datetime", "required": False},
    {"name": "total", "label": "Total", "type": "currency", "required": True},
    {"name": "weight", "label": "Weight", "type": "number", "required": False},
    {"name": "copies", "label": "Copies", "type": "integer", "required": False},
    {"name": "paid", "label": "Paid", "type": "boolean", "required": False},
    {"name": "unit", "label": "Unit", "type": "enum", "values": ["kg", "t"], "required": False},
    {
        "name": "lines",
        "label": "Lines",
        "type": "array",
        "required": False,
        "items": [{"name": "text", "label": "Text", "type": "string"}],
    },
    {
        "name": "seller",
        "label": "Seller",
        "type": "object",
        "required": False,
        "items": [{"name": "name", "label": "Name", "type": "string"}],
    },
]


def field_value(value: Any, score: float, *, needs_review: bool = False) -> dict[str, Any]:
    box = {"page": 1, "x": 0.1, "y": 0.2, "w": 0.3, "h": 0.05}
    return {
        "value": value,
        "raw": None if value is None else str(value),
        "score": score,
        "box": box,
        "boxes": [box],
        "source": "text_layer",
        "validated": True,
        "errors": [],
        "alternatives": [],
        "needs_review": needs_review,
    }


def give_result(document: Document, status: Status = Status.REQUIRES_REVIEW, score: float = 61.0) -> Document:
    """Makes the document look as if a run had ended in `status`, with a number and a doubtful total."""
    fields = {item["name"]: field_value(None, 0.0) for item in SCHEMA}
    fields |= {
        "invoice_number": field_value("A-1", 96.0),
        "total": field_value("12.00", score, needs_review=True),
    }
    Extraction.objects.create(
        document=document,
        method="rules",
        schema=[FieldDef.from_json(item).to_json() for item in SCHEMA],
        fields=fields,
        confidence_score=score,
        flags=["low_confidence"],
    )
    Conversion.objects.create(
        document=document, method="text", parser="t", parser_version="1", markdown="# Invoice A-1\n"
    )
    Page.objects.create(document=document, number=1, width=595, height=842, text="Invoice A-1 Total 12.00")
    DocumentText.objects.create(document=document, full_text="Invoice A-1 Total 12.00")
    Document.objects.filter(pk=document.pk).update(
        status=status,
        confidence_score=score,
        flags=["low_confidence"],
        type="invoice",
        page_count=1,
        progress=1,
    )
    document.refresh_from_db()
    return document


def set_status(document: Document, status: str, **columns: Any) -> Document:
    Document.objects.filter(pk=document.pk).update(status=status, **columns)
    document.refresh_from_db()
    return document


@pytest.fixture
def read_document(upload: Callable[..., Document]) -> Document:
    """A document with fields that waits for a person."""
    return give_result(upload())


def any_flow(actor: Any) -> Flow:
    flow = Flow.objects.visible_to(actor).first()
    assert flow is not None
    return flow
