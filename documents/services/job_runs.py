"""Jobs that a worker runs by themselves, not as the stages of a document: settings.JOB_RUNNERS names them.

As with documents, the row is the truth and the broker only a bell: a worker claims the job, keeps it alive by
its heartbeat, and ends it only if nobody else has begun it again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import OperationalError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.actors import Actor
from common.errors import AppError
from documents.models import Job, JobStatus
from documents.services.files import StorageAway
from documents.services.heartbeat import heartbeat
from documents.services.jobs import job_create, job_end, job_event_add, progress_body
from documents.signals import job_due

logger = logging.getLogger(__name__)
# Gives the job's result as a JSON object. Raises: AppError, whose code and sentence the failed job shows.
Runner = Callable[[Job], dict[str, Any]]
# A job whose worker was lost is begun again this often in all.
MAX_ATTEMPTS = 2
# Leases without a heartbeat after which a worker counts as lost.
LOST_AFTER = 4


def job_start(
    *,
    actor: Actor,
    job_type: str,
    parameters: dict[str, Any],
    job_id: UUID | None = None,
) -> Job:
    """A new job in line for a worker, who hears of it after the commit.

    `job_id` is given where files lie under it already.
    """
    with transaction.atomic():
        job = job_create(actor=actor, job_type=job_type, total=1, parameters=parameters, job_id=job_id)
        ring(job.pk, job.type)
    return job


def ring(job_id: UUID, job_type: str) -> None:
    """Tells the workers after the commit. A lost bell is rung again by the sweeper."""
    queue = settings.JOB_RUNNERS[job_type][1]
    transaction.on_commit(partial(job_due.send_robust, sender=Job, job_id=job_id, queue=queue))


def job_run(*, job_id: UUID) -> None:
    """Runs the job if it waits for a worker; correct when run twice, at once, or after a crash."""
    job = _claim(job_id)
    if job is None:
        return
    runner: Runner = import_string(settings.JOB_RUNNERS[job.type][0])
    try:
        with heartbeat(partial(_beat, job), f"job-{job.pk}"):
            result = runner(job)
    except (OperationalError, StorageAway):
        # A server is away: the heartbeat stops and the sweeper gives the job to the next worker.
        logger.exception("Job %s waits for the database or the file storage", job_id)
    except AppError as error:
        _finish(job, JobStatus.FAILED, error_code=error.code, error_message=error.message)
    except Exception:
        logger.exception("Job %s failed", job_id)
        message = "Something went wrong on our side. Try again; if it stays, tell the operator."
        _finish(job, JobStatus.FAILED, error_code="processing_failed", error_message=message)
    else:
        _finish(job, JobStatus.COMPLETED, result=result)


def jobs_sweep() -> int:
    """Rings for jobs that nobody began, and for those whose worker is lost; gives how many.

    A job that lost its worker twice is failed with `worker_lost`.
    """
    now = timezone.now()
    own = Job.objects.filter(type__in=settings.JOB_RUNNERS)
    lost = Q(status=JobStatus.RUNNING, heartbeat_at__lt=now - LOST_AFTER * _lease())
    unheard = Q(status=JobStatus.PENDING, created_at__lt=now - timedelta(seconds=settings.SWEEP_SECONDS))
    for job in own.filter(lost, attempt__gte=MAX_ATTEMPTS):
        message = "The worker was lost twice while it ran this. Start it again."
        _finish(job, JobStatus.FAILED, error_code="worker_lost", error_message=message)
    with transaction.atomic():
        due = own.select_for_update(skip_locked=True).filter(unheard | lost)
        rows = list(due.values_list("pk", "type"))
        own.filter(lost, pk__in=[pk for pk, _ in rows]).update(status=JobStatus.PENDING)
        for pk, job_type in rows:
            ring(pk, job_type)
    return len(rows)


def _claim(job_id: UUID) -> Job | None:
    """The job with a new attempt, or None when it is not waiting."""
    now = timezone.now()
    waiting = Job.objects.filter(pk=job_id, type__in=settings.JOB_RUNNERS, status=JobStatus.PENDING)
    with transaction.atomic():
        won = waiting.update(
            status=JobStatus.RUNNING, attempt=F("attempt") + 1, started_at=now, heartbeat_at=now
        )
        if not won:
            return None
        job = Job.objects.select_related("workspace", "created_by").get(pk=job_id)
        job_event_add(job_id=job_id, event_type="progress", data=progress_body(job))
    return job


def _beat(job: Job) -> bool:
    return bool(_mine(job).update(heartbeat_at=timezone.now()))


def _finish(job: Job, status: JobStatus, **outcome: Any) -> None:
    """Ends the job, unless it was cancelled or another worker has begun it again."""
    with transaction.atomic():
        if _mine(job).select_for_update().exists():
            counted = "success_count" if status == JobStatus.COMPLETED else "failed_count"
            _mine(job).update(processed_count=F("total"), **{counted: F("total")})
            job.refresh_from_db()
            job_end(job=job, status=status, **outcome)


def _mine(job: Job) -> Any:
    return Job.objects.filter(pk=job.pk, status=JobStatus.RUNNING, attempt=job.attempt)


def _lease() -> timedelta:
    return timedelta(seconds=settings.LEASE_SECONDS)
