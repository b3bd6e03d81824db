"""Documents that were read and judged, as rows: many at once, without a run each."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.actors import Actor
from documents.models import Document, Status
from extraction.models import Extraction, ExtractionMethod, Flow

NAMES = ("invoice_number", "total")


@dataclass
class Judged:
    """One document to make. `changed` are the fields that a person corrected, before deciding or without."""

    score: float | None
    changed: tuple[str, ...] = ()
    status: Status = Status.APPROVED
    by_person: bool = True
    flags: list[str] = field(default_factory=list)
    scores: dict[str, float] = field(default_factory=dict)
    days_ago: int = 0


def rich(value: Any, score: float, source: str = "text_layer") -> dict[str, Any]:
    box = {"page": 1, "x": 0.1, "y": 0.2, "w": 0.3, "h": 0.05}
    return {
        "value": value, "raw": str(value), "score": score, "score_unchecked": score, "box": box,
        "boxes": [box],
        "source": source, "origin": "page", "validated": True, "errors": [], "alternatives": [],
        "needs_review": False,
    }  # fmt: skip


def judged(actor: Actor, flow: Flow | None, wanted: Iterable[Judged], kind: str = "") -> list[Document]:
    """The documents, read `days_ago` and decided on by the actor right after."""
    wanted = list(wanted)
    start = Document.objects.count()
    documents = [_document(actor, start + n, item, kind) for n, item in enumerate(wanted)]
    Document.objects.bulk_create(documents, batch_size=2000)
    for document, item in zip(documents, wanted, strict=True):
        document.created_at = timezone.now() - timedelta(days=item.days_ago)
    Document.objects.bulk_update(documents, ["created_at"], batch_size=2000)
    rows = [
        row
        for document, item in zip(documents, wanted, strict=True)
        for row in _readings(document, flow, item)
    ]
    Extraction.objects.bulk_create(rows, batch_size=2000)
    decided = [row for row, item in zip(documents, wanted, strict=True) if item.by_person]
    Document.objects.filter(pk__in=[row.pk for row in decided], status__in=["approved", "rejected"]).update(
        reviewed_by=actor.user, reviewed_at=timezone.now()
    )
    return documents


def _document(actor: Actor, number: int, item: Judged, kind: str) -> Document:
    return Document(
        workspace=actor.workspace, filename=f"{number}.pdf", content_type="application/pdf", size_bytes=1,
        sha256=hashlib.sha256(str(number).encode()).hexdigest(), storage_key="none", status=item.status,
        type=kind, confidence_score=item.score, flags=item.flags, progress=1,
    )  # fmt: skip


def _readings(document: Document, flow: Flow | None, item: Judged) -> list[Extraction]:
    fields = {name: rich("1.00", item.scores.get(name, item.score or 0.0)) for name in NAMES}
    common = {"document": document, "flow_id": flow.pk if flow else None, "confidence_score": item.score}
    machine = Extraction(
        **common, method=ExtractionMethod.RULES, fields=fields, flags=item.flags, is_current=not item.changed
    )
    if not item.changed:
        return [machine]
    corrected = fields | {name: rich("2.00", 100.0, "user") for name in item.changed}
    person = Extraction(**common, method=ExtractionMethod.MANUAL_CORRECTION, fields=corrected)
    return [machine, person]
