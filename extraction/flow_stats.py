"""How the documents of a flow went."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Avg, Count, F, Func, QuerySet, TextField

from accounts.models import AuditEvent
from documents.models import Document, Status
from extraction.models import Extraction, ExtractionMethod, Flow


def flow_stats(flow: Flow, *, since: datetime | None = None, until: datetime | None = None) -> dict[str, Any]:
    """Counts over the documents that were read with the flow in this time, each document once.

    `corrected` says per field how often a person changed it; `average_score` is over all readings, 0–100.
    """
    runs = Extraction.objects.filter(flow_id=flow.pk).exclude(method=ExtractionMethod.MANUAL_CORRECTION)
    if since:
        runs = runs.filter(created_at__gte=since)
    if until:
        runs = runs.filter(created_at__lte=until)
    documents = Document.objects.filter(workspace=flow.workspace_id, pk__in=runs.values("document"))
    average = runs.aggregate(average=Avg("confidence_score"))["average"]
    return {
        "processed": documents.count(),
        "auto_approved": _events(documents, "document.approved", from_state=Status.PROCESSING),
        "approved": documents.filter(status=Status.APPROVED).count(),
        "rejected": documents.filter(status=Status.REJECTED).count(),
        "corrected": _corrected(documents),
        "average_score": None if average is None else round(average, 1),
    }


def _events(documents: QuerySet[Document], action: str, **columns: Any) -> int:
    """How many of the documents had such an event."""
    events = AuditEvent.objects.filter(object_id__in=documents.values("pk"), action=action, **columns)
    return events.values("object_id").distinct().count()


def _corrected(documents: QuerySet[Document]) -> dict[str, int]:
    corrections = AuditEvent.objects.filter(
        object_id__in=documents.values("pk"), action="extraction.corrected"
    ).order_by()
    names = Func(F("changes"), function="jsonb_object_keys", output_field=TextField())
    counted = corrections.annotate(name=names).values("name").annotate(times=Count("id"))
    return {row["name"]: row["times"] for row in counted.order_by("name")}
