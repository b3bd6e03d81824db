"""Runs a claimed document through the stages of settings.PIPELINE."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from uuid import UUID

from django.conf import settings
from django.db import OperationalError
from django.utils.module_loading import import_string

from documents.services.files import StorageAway
from documents.services.heartbeat import heartbeat
from documents.services.lifecycle import (
    Claim,
    LeaseLost,
    document_claim,
    document_enter_stage,
    document_fail,
    document_give_up_if_crashing,
    document_hand_over,
    document_heartbeat,
)

logger = logging.getLogger(__name__)
Stage = Callable[[UUID, int], None]


class StageFailed(Exception):
    """A stage cannot go on, and the document's owner should know why.

    `code` is one of a document's error codes or `password_required`; the message is safe to show.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def document_process(*, document_id: UUID, queue: str) -> None:
    """One worker's share of the document's way: all stages from where it stands that this queue can do.

    Correct when run twice, at once, or after a crash: without a claim it does nothing.
    """
    claim = document_claim(document_id=document_id)
    if claim is None or document_give_up_if_crashing(claim=claim):
        return
    try:
        with heartbeat(partial(document_heartbeat, claim=claim), f"lease-{document_id}"):
            run_stages(claim, queue)
    except LeaseLost:
        logger.info("Document %s went on without this worker", document_id)
    except StageFailed as error:
        document_fail(
            document_id=claim.document_id, attempt=claim.attempt, code=error.code, message=error.message
        )
    except (OperationalError, StorageAway):
        # A server is away: the lease runs out and the sweeper gives the document to the next worker.
        logger.exception("Document %s waits for the database or the file storage", document_id)
    except Exception:
        logger.exception("Document %s failed", document_id)
        message = "Something went wrong on our side. Try again; if it stays, tell the operator."
        document_fail(
            document_id=claim.document_id, attempt=claim.attempt, code="processing_failed", message=message
        )


def run_stages(claim: Claim, queue: str) -> None:
    """The stages from the claim's next one on, until another queue's turn comes or the last has run."""
    names = [name for name, _, _ in settings.PIPELINE]
    first = names.index(claim.next_stage) if claim.next_stage in names else 0
    for position in range(first, len(names)):
        name, usual_queue, word = settings.PIPELINE[position]
        stage_queue = queue_for(name, claim.document_id) or usual_queue
        if stage_queue != queue:
            document_hand_over(claim=claim, stage=name, queue=stage_queue)
            return
        document_enter_stage(claim=claim, stage=name, word=word, progress=round(position / len(names), 2))
        stage: Stage = import_string(name)
        stage(claim.document_id, claim.attempt)


def queue_for(stage: str, document_id: UUID) -> str:
    """The queue that this document needs for the stage; empty where all documents need the same."""
    chooser = settings.STAGE_QUEUES.get(stage)
    return str(import_string(chooser)(document_id)) if chooser else ""
