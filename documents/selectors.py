"""Reads of documents and jobs that take more than a QuerySet method."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from accounts.actors import Actor
from accounts.models import AuditEvent
from common.errors import NotFound
from documents.models import Document, Job, Status

WAIT_STEP_S = 0.15


def document_get(*, document_id: UUID, actor: Actor | None) -> Document:
    """The document if this actor may see it. Raises: NotFound."""
    rows = Document.objects.visible_to(actor).select_related(
        "workspace", "owner", "reviewed_by", "assigned_to", "job"
    )
    found = rows.filter(pk=document_id).first()
    if found is None:
        raise NotFound("document")
    return found


def job_get(*, job_id: UUID, actor: Actor | None) -> Job:
    """The job if this actor may see it. Raises: NotFound."""
    found = Job.objects.visible_to(actor).filter(pk=job_id).select_related("created_by").first()
    if found is None:
        raise NotFound("job")
    return found


def wait_until_settled(document: Document, seconds: float) -> Document:
    """The document as soon as it is settled, or as it is after `seconds` (0–60). Polls the database."""
    deadline = time.monotonic() + seconds
    while not document.is_settled and time.monotonic() < deadline:
        time.sleep(WAIT_STEP_S)
        document.refresh_from_db()
    return document


def document_events(document: Document) -> list[dict[str, Any]]:
    """The document's history, oldest first."""
    events = AuditEvent.objects.filter(workspace=document.workspace, object_id=document.pk).order_by("id")
    return [event_json(event) for event in events]


def event_json(event: AuditEvent) -> dict[str, Any]:
    return {
        "at": stamp(event.at),
        "actor": event.actor_label,
        "action": event.action,
        "from": event.from_state or None,
        "to": event.to_state or None,
        "reason": event.reason or None,
        "changes": event.changes,
    }


def job_json(job: Job) -> dict[str, Any]:
    """A job as the API shows it."""
    return {
        "id": str(job.pk),
        "type": job.type,
        "status": job.status,
        "requested_action": job.requested_action or None,
        "progress": job.progress,
        "progress_message": job.progress_message or None,
        "total": job.total,
        "processed_count": job.processed_count,
        "success_count": job.success_count,
        "failed_count": job.failed_count,
        "skipped_count": job.skipped_count,
        "eta_seconds": job.eta_seconds(timezone.now()),
        "parameters": job.parameters,
        "result": job.result,
        "error_code": job.error_code or None,
        "error_message": job.error_message or None,
        "created_by": str(job.created_by_id) if job.created_by_id else None,
        "created_at": stamp(job.created_at),
        "started_at": stamp(job.started_at),
        "completed_at": stamp(job.completed_at),
        "heartbeat_at": stamp(job.heartbeat_at),
    }


def item_json(document: Document, row_number: int) -> dict[str, Any]:
    """A document as a row of its job."""
    outcomes = {"completed": "success", "failed": "failed", "processing": "processing"}
    outcome = outcomes.get(document.phase, "pending")
    spent = (document.processed_at or document.updated_at) - document.created_at
    return {
        "row_id": str(document.pk),
        "row_number": row_number,
        "title": document.title or document.filename,
        "source": document.source,
        "path": document.filename,
        "document_id": str(document.pk),
        "status": "cancelled" if document.status == Status.CANCELLED else outcome,
        "progress": document.progress,
        "tags": document.tags,
        "error_code": document.error_code or None,
        "error": document.error_message or None,
        "retry_count": document.crashes,
        "duration_ms": round(spent.total_seconds() * 1000) if document.is_settled else None,
    }


def stamp(moment: datetime | None) -> str | None:
    """RFC 3339 in UTC with a Z; None stays None."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment else None
