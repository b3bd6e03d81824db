"""The state machine of a document: every move is one conditional UPDATE, one audit entry, one event.

    pending → queued → processing → completed ─────── approve → approved
                                  → requires_review ─ reject ─→ rejected
                                  → approved (the flow's rule)
                                  → password_required, failed
    pending, queued, processing ─ cancel → cancelled
    every settled state ─ run again → queued

Two that try the same move cannot both win, and a worker whose lease went to another can change nothing, since
its UPDATE also asks for its `attempt`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from accounts.actors import Actor, system_actor
from accounts.services.audit import audit_record
from accounts.services.outbox import outbox_write
from common.errors import AppError, InvalidState
from documents.models import Document, Status
from documents.models.document import BUSY, MAX_CRASHES, SETTLED
from documents.services.jobs import job_document_ended, job_progress
from documents.signals import document_due

STARTABLE = (Status.PENDING, *SETTLED)
CANCELLABLE = (Status.PENDING, *BUSY)
# What a worker's run may end in, and how its job counts it.
RUN_ENDS = {
    Status.COMPLETED: "success",
    Status.REQUIRES_REVIEW: "success",
    Status.APPROVED: "success",
    Status.FAILED: "failed",
    Status.PASSWORD_REQUIRED: "failed",
}


class LeaseLost(Exception):
    """The document went to another worker, was cancelled or erased; this run must stop and write nothing."""


@dataclass(frozen=True)
class Claim:
    """A worker's right to a document until its lease runs out: `attempt` proves it on every write."""

    document_id: UUID
    attempt: int
    next_stage: str
    job_id: UUID | None = None
    crashes: int = 0


def document_transition(
    *,
    document: Document,
    to: Status,
    allowed: Iterable[Status],
    actor: Actor,
    reason: str = "",
    where: dict[str, Any] | None = None,
    changes: dict[str, Any] | None = None,
    event: dict[str, Any] | None = None,
) -> Document:
    """The document in its new state; `changes` are further columns, `where` further conditions of the UPDATE.

    Raises: InvalidState when the document is in none of the `allowed` states, or `where` does not hold.
    """
    allowed = tuple(allowed)
    with transaction.atomic():
        row = Document.objects.select_for_update().get(pk=document.pk)
        before = row.status
        values = {"status": to, "version": F("version") + 1, "updated_at": timezone.now(), **(changes or {})}
        if not Document.objects.filter(pk=row.pk, status__in=allowed, **(where or {})).update(**values):
            raise InvalidState(before, allowed)
        audit_record(
            actor=actor,
            action=f"document.{to}",
            object_type="document",
            object_id=row.pk,
            from_state=before,
            to_state=to,
            reason=reason,
        )
        row = Document.objects.select_related("workspace", "job").get(pk=row.pk)
        data = {**document_event_data(row), **(event or {})}
        outbox_write(workspace=row.workspace, event_type=f"document.{to}", object_id=row.pk, data=data)
    return row


def document_event_data(document: Document) -> dict[str, Any]:
    """What every event of a document says."""
    return {
        "document_id": str(document.pk),
        "external_refs": document.external_refs,
        "status": document.status,
        "phase": document.phase,
        "stage": document.stage or None,
        "progress": document.progress,
        "type": document.type or None,
        "confidence_score": document.confidence_score,
        "flags": document.flags,
        "error_code": document.error_code or None,
    }


def document_queue(
    *,
    document: Document,
    actor: Actor,
    first_stage: str,
    reason: str = "",
    changes: dict[str, Any] | None = None,
) -> Document:
    """Puts the document in line for a run that begins with `first_stage`; `changes` are further columns.

    Raises: AppError `document_busy` when it is in line or in work already, InvalidState when it is erased.
    """
    fresh = {
        "stage": "",
        "next_stage": first_stage,
        "queue": queue_of(first_stage),
        "progress": 0.0,
        "crashes": 0,
        "lease_until": None,
        "error_code": "",
        "error_message": "",
        "error_stage": "",
        "rung_at": timezone.now(),
    }
    try:
        with transaction.atomic():
            row = document_transition(
                document=document,
                to=Status.QUEUED,
                allowed=STARTABLE,
                actor=actor,
                reason=reason,
                changes={**fresh, **(changes or {})},
            )
            ring(row.pk, row.queue)
    except InvalidState as error:
        raise busy_error() if error.details["status"] in BUSY else error from None
    return row


def busy_error() -> AppError:
    """The refusal of a change while a worker has the document."""
    message = "The document is being processed. Wait until it is done, or cancel it."
    return AppError("document_busy", 409, message, retry_after=2)


def ring(document_id: UUID, queue: str) -> None:
    """Tells the workers after the commit. A lost bell is rung again by the sweeper."""
    transaction.on_commit(
        partial(document_due.send_robust, sender=Document, document_id=document_id, queue=queue)
    )


def document_claim(*, document_id: UUID) -> Claim | None:
    """The right to process it, or None when it is not free. A claim after a crash counts the crash."""
    now = timezone.now()
    free = Document.objects.free(now).filter(pk=document_id)
    crashed = free.filter(status=Status.PROCESSING, lease_until__isnull=False)
    with transaction.atomic():
        lease = {"attempt": F("attempt") + 1, "lease_until": now + timedelta(seconds=settings.LEASE_SECONDS)}
        started = free.filter(status=Status.QUEUED).update(status=Status.PROCESSING, **lease)
        won = (
            started
            or crashed.update(crashes=F("crashes") + 1, **lease)
            or free.filter(status=Status.PROCESSING, lease_until=None).update(**lease)
        )
        if not won:
            return None
        row = Document.objects.select_related("workspace").get(pk=document_id)
        if started:
            _record_start(row)
    return Claim(row.pk, row.attempt, row.next_stage, row.job_id, row.crashes)


def _record_start(row: Document) -> None:
    audit_record(
        actor=system_actor(row.workspace),
        action="document.processing",
        object_type="document",
        object_id=row.pk,
        from_state=Status.QUEUED,
        to_state=Status.PROCESSING,
    )
    outbox_write(
        workspace=row.workspace,
        event_type="document.processing",
        object_id=row.pk,
        data=document_event_data(row),
    )


def document_heartbeat(*, claim: Claim) -> bool:
    """Makes the lease last longer; False when it is lost."""
    until = timezone.now() + timedelta(seconds=settings.LEASE_SECONDS)
    return bool(_held(claim.document_id, claim.attempt).update(lease_until=until))


def document_enter_stage(*, claim: Claim, stage: str, word: str, progress: float) -> None:
    """Saves where the run stands, so that a crashed one goes on here.

    Raises: LeaseLost.
    """
    until = timezone.now() + timedelta(seconds=settings.LEASE_SECONDS)
    with transaction.atomic():
        values = {"next_stage": stage, "stage": word, "progress": progress, "lease_until": until}
        if not _held(claim.document_id, claim.attempt).update(**values):
            raise LeaseLost(str(claim.document_id))
        if claim.job_id:
            job_progress(job_id=claim.job_id, progress=progress, message=word.capitalize())


def document_progress(
    *, document_id: UUID, attempt: int, job_id: UUID | None, progress: float, message: str
) -> None:
    """Saves how far the run is (0–1), with a word for those who watch its job.

    Raises: LeaseLost.
    """
    with transaction.atomic():
        if not _held(document_id, attempt).update(progress=progress):
            raise LeaseLost(str(document_id))
        if job_id:
            job_progress(job_id=job_id, progress=progress, message=message)


def document_require_lease(*, document_id: UUID, attempt: int) -> None:
    """Raises: LeaseLost when this attempt may not go on."""
    if not _held(document_id, attempt).exists():
        raise LeaseLost(str(document_id))


def document_hand_over(*, claim: Claim, stage: str, queue: str) -> None:
    """Gives the document to another queue's workers, who begin with `stage`.

    Raises: LeaseLost.
    """
    with transaction.atomic():
        values = {"next_stage": stage, "queue": queue, "lease_until": None, "rung_at": timezone.now()}
        if not _held(claim.document_id, claim.attempt).update(**values):
            raise LeaseLost(str(claim.document_id))
        ring(claim.document_id, queue)


def document_locked(*, document_id: UUID, attempt: int) -> Document:
    """The row, locked for the rest of the transaction, if this attempt still holds it.

    Stages write their results under this lock. Raises: LeaseLost.
    """
    row = _held(document_id, attempt).select_for_update(of=("self",)).select_related("workspace").first()
    if row is None:
        raise LeaseLost(str(document_id))
    return row


def document_finish(
    *, document_id: UUID, attempt: int, to: Status, changes: dict[str, Any] | None = None, reason: str = ""
) -> Document:
    """Ends a run in one of RUN_ENDS.

    Raises: LeaseLost when another worker has the document by now.
    """
    with transaction.atomic():
        document = document_locked(document_id=document_id, attempt=attempt)
        final = {
            "stage": "",
            "next_stage": "",
            "progress": 1.0,
            "lease_until": None,
            "processed_at": timezone.now(),
        }
        row = document_transition(
            document=document,
            to=to,
            allowed=[Status.PROCESSING],
            actor=system_actor(document.workspace),
            reason=reason,
            where={"attempt": attempt},
            changes={**final, **(changes or {})},
        )
        if row.job:
            job_document_ended(
                job=row.job, document_id=row.pk, status=to, outcome=RUN_ENDS[to], error=row.error_message
            )
    return row


def document_fail(*, document_id: UUID, attempt: int, code: str, message: str) -> None:
    """Ends a run with an error that people understand. Does nothing when the lease is lost."""
    to = Status.PASSWORD_REQUIRED if code == Status.PASSWORD_REQUIRED else Status.FAILED
    stage = Document.objects.filter(pk=document_id).values_list("stage", flat=True).first() or ""
    errors = {
        "error_code": "" if to != Status.FAILED else code,
        "error_message": message[:500],
        "error_stage": stage,
    }
    try:
        document_finish(document_id=document_id, attempt=attempt, to=to, changes=errors, reason=message)
    except LeaseLost:
        return


def document_give_up_if_crashing(*, claim: Claim) -> bool:
    """True when the document took its worker down too often; it is failed then."""
    if claim.crashes <= MAX_CRASHES:
        return False
    message = "Processing broke down several times. Check the file, or convert it to PDF and upload that."
    document_fail(
        document_id=claim.document_id, attempt=claim.attempt, code="processing_failed", message=message
    )
    return True


def document_cancel(*, document: Document, actor: Actor, reason: str = "") -> Document:
    """Stops a document that is not done. A worker that has it notices within a second while it reads, else at
    its next stage.

    Raises: InvalidState when it is settled already.
    """
    with transaction.atomic():
        row = document_transition(
            document=document,
            to=Status.CANCELLED,
            allowed=CANCELLABLE,
            actor=actor,
            reason=reason,
            changes={"lease_until": None, "stage": "", "next_stage": "", "attempt": F("attempt") + 1},
        )
        if row.job:
            job_document_ended(job=row.job, document_id=row.pk, status=row.status, outcome="cancelled")
    return row


def queue_of(stage: str) -> str:
    """The Celery queue of a stage of the PIPELINE."""
    return next(queue for name, queue, _ in settings.PIPELINE if name == stage)


def _held(document_id: UUID, attempt: int) -> QuerySet[Document]:
    return Document.objects.filter(pk=document_id, status=Status.PROCESSING, attempt=attempt)
