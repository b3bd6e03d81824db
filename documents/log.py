"""Reading the event logs that live clients follow."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from accounts.models import OutboxEvent
from documents.models import Job, JobEvent
from documents.services.jobs import progress_body

REPLAY = 1000


def job_events_after(job_id: UUID, seq: int) -> list[dict[str, Any]]:
    """The job's events behind `seq`, oldest first, with the bodies that streams send."""
    events = JobEvent.objects.filter(job_id=job_id, seq__gt=seq).order_by("seq")[:REPLAY]
    return [{"seq": event.seq, "type": event.type, "data": event.data} for event in events]


def job_backlog(job_id: UUID, since: int | None) -> tuple[int, list[dict[str, Any]]]:
    """Where a new client stands and what it has to be told first.

    With a `since` that is still kept: all events behind it. Else one full `progress`, or `complete` for a job
    that is over.
    """
    job = Job.objects.get(pk=job_id)
    kept = since is not None and job.event_seq - REPLAY <= since <= job.event_seq
    if since is not None and kept and (events := job_events_after(job_id, since)):
        return since, events
    if not job.is_active:
        return job.event_seq, [{"seq": job.event_seq, "type": "complete", "data": complete_body(job)}]
    return job.event_seq, [{"seq": job.event_seq, "type": "progress", "data": progress_body(job)}]


def complete_body(job: Job) -> dict[str, Any]:
    return {"status": job.status, "result": job.result, "error_code": job.error_code or None}


def workspace_latest(workspace_id: UUID) -> int:
    """The sequence of the workspace's newest event; 0 before the first."""
    rows = OutboxEvent.objects.filter(workspace_id=workspace_id, sequence__gt=0).order_by("-sequence")
    return rows.values_list("sequence", flat=True).first() or 0


def workspace_events_after(workspace_id: UUID, sequence: int) -> list[dict[str, Any]]:
    """Changes of documents and jobs behind `sequence`, oldest first."""
    rows = OutboxEvent.objects.filter(workspace_id=workspace_id, sequence__gt=sequence).order_by("sequence")[
        :REPLAY
    ]
    return [{"seq": row.sequence, "type": row.type, "data": row.data} for row in rows]
