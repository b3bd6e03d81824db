"""Jobs: what people watch while work goes on."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from accounts.actors import Actor
from accounts.services.outbox import outbox_write
from documents.models import Job, JobEvent, JobStatus
from documents.models.job import ACTIVE
from documents.signals import job_event_written


def job_create(
    *, actor: Actor, job_type: str, total: int, parameters: dict[str, Any], job_id: UUID | None = None
) -> Job:
    """A new pending job of this actor."""
    return Job.objects.create(
        id=job_id or uuid4(),
        workspace=actor.workspace,
        type=job_type,
        total=total,
        parameters=parameters,
        created_by=actor.user,
    )


def job_event_add(*, job_id: UUID, event_type: str, data: dict[str, Any]) -> None:
    """One more line in the job's log, told to those who listen after the commit. Locks the job's row."""
    Job.objects.filter(pk=job_id).update(**_next_event())
    _append(Job.objects.get(pk=job_id), event_type, data)


def job_progress(*, job_id: UUID, progress: float, message: str) -> None:
    """The job runs and stands at `progress` (0–1). A job that is over stays as it is."""
    started = Coalesce(F("started_at"), Now())
    state = {"status": JobStatus.RUNNING, "progress": progress, "progress_message": message}
    if Job.objects.filter(pk=job_id, status__in=ACTIVE).update(started_at=started, **state, **_next_event()):
        job = Job.objects.get(pk=job_id)
        _append(job, "progress", progress_body(job))


def _next_event() -> dict[str, Any]:
    """Columns that number the next event; the UPDATE holds the row, so there are no gaps."""
    return {"event_seq": F("event_seq") + 1, "heartbeat_at": Now()}


def _append(job: Job, event_type: str, data: dict[str, Any]) -> None:
    JobEvent.objects.create(job=job, seq=job.event_seq, type=event_type, data=data)
    transaction.on_commit(partial(job_event_written.send_robust, sender=Job, job_id=job.pk))


def progress_body(job: Job) -> dict[str, Any]:
    """The body of a `progress` event."""
    return {
        "progress": job.progress,
        "message": job.progress_message or None,
        "status": job.status,
        "processed_count": job.processed_count,
        "failed_count": job.failed_count,
        "total": job.total,
    }


def job_document_ended(*, job: Job, document_id: UUID, status: str, outcome: str, error: str = "") -> None:
    """Counts one document of the job (`outcome`: success, failed, cancelled); the last one ends the job."""
    counted = {"success": "success_count", "failed": "failed_count"}.get(outcome, "skipped_count")
    won = Job.objects.filter(pk=job.pk, status__in=ACTIVE).update(
        processed_count=F("processed_count") + 1, **{counted: F(counted) + 1}
    )
    if not won:
        return
    item = {
        "document_id": str(document_id),
        "status": outcome,
        "document_status": status,
        "error": error or None,
    }
    job_event_add(job_id=job.pk, event_type="item", data=item)
    job.refresh_from_db()
    if job.processed_count >= job.total:
        alone = outcome == "cancelled" and job.total == 1
        job_end(job=job, status=JobStatus.CANCELLED if alone else JobStatus.COMPLETED)


def job_end(
    *,
    job: Job,
    status: JobStatus,
    result: dict[str, Any] | None = None,
    error_code: str = "",
    error_message: str = "",
) -> None:
    """The job's end with its counts and, for a job of its own, what came out of it."""
    now = timezone.now()
    started = job.started_at or job.created_at
    counts = {
        "total": job.total,
        "processed_count": job.processed_count,
        "success_count": job.success_count,
        "failed_count": job.failed_count,
        "processing_time": round((now - started).total_seconds(), 3),
    }
    whole = {**counts, **(result or {})}
    Job.objects.filter(pk=job.pk).update(
        status=status,
        progress=1.0,
        progress_message="",
        completed_at=now,
        result=whole,
        requested_action="",
        error_code=error_code,
        error_message=error_message[:500],
    )
    data = {"status": status, "result": whole, "error_code": error_code or None}
    job_event_add(job_id=job.pk, event_type="complete", data=data)
    outbox_write(
        workspace=job.workspace,
        event_type=f"job.{status}",
        object_id=job.pk,
        data={
            "job_id": str(job.pk),
            "status": status,
            "type": job.type,
            "error_code": error_code or None,
            **counts,
        },
    )
