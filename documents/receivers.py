"""What follows a commit: a bell for the workers, a bell for those who watch."""

from __future__ import annotations

import logging
from typing import Any
from uuid import UUID

from django.dispatch import receiver
from kombu.exceptions import OperationalError

from accounts.signals import outbox_written
from documents.live import ring_job, ring_workspace
from documents.signals import document_due, job_due, job_event_written
from documents.tasks import process_document, run_job

logger = logging.getLogger(__name__)


@receiver(document_due, dispatch_uid="documents.ring_workers")
def ring_workers(document_id: UUID, queue: str, **_: Any) -> None:
    try:
        process_document.apply_async(args=(str(document_id), queue), queue=queue, retry=False)
    except OperationalError:
        logger.warning("The broker is away; the sweeper will ring for document %s", document_id)


@receiver(job_due, dispatch_uid="documents.ring_job_workers")
def ring_job_workers(job_id: UUID, queue: str, **_: Any) -> None:
    try:
        run_job.apply_async(args=(str(job_id),), queue=queue, retry=False)
    except OperationalError:
        logger.warning("The broker is away; the sweeper will ring for job %s", job_id)


@receiver(job_event_written, dispatch_uid="documents.ring_job")
def ring_job_watchers(job_id: UUID, **_: Any) -> None:
    ring_job(job_id)


@receiver(outbox_written, dispatch_uid="documents.ring_workspace")
def ring_workspace_watchers(workspace_id: UUID, **_: Any) -> None:
    ring_workspace(workspace_id)
