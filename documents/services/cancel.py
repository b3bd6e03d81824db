"""Cancelling a job: its documents that are not done stop, the others stay as they are."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from accounts.actors import Actor
from accounts.services.audit import audit_record
from common.errors import InvalidState
from documents.models import Document, Job, JobStatus
from documents.models.job import ACTIVE
from documents.services.jobs import job_end
from documents.services.lifecycle import CANCELLABLE, document_cancel


def job_cancel(*, job: Job, actor: Actor) -> Job:
    """The job stopped, its open documents cancelled. Cancelling twice changes nothing.

    Raises: InvalidState when it is over.
    """
    if job.status == JobStatus.CANCELLED:
        return job
    with transaction.atomic():
        if not Job.objects.filter(pk=job.pk, status__in=ACTIVE).exists():
            raise InvalidState(job.status, ACTIVE, what="job")
        audit_record(
            actor=actor, action="job.cancelled", object_type="job", object_id=job.pk, from_state=job.status
        )
        if job.type in settings.JOB_RUNNERS:
            job_end(job=job, status=JobStatus.CANCELLED)
        for document in Document.objects.filter(job=job, status__in=CANCELLABLE):
            _cancel_if_open(document, actor)
    return job


def _cancel_if_open(document: Document, actor: Actor) -> None:
    try:
        document_cancel(document=document, actor=actor, reason="job cancelled")
    except InvalidState:
        return  # it was finished in the same moment; its own end stands
