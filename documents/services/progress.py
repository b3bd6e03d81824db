"""How far a worker is with a document, page by page, and whether it may go on."""

from __future__ import annotations

import time
from uuid import UUID

from django.conf import settings

from documents.models import Document
from documents.services.lifecycle import document_progress, document_require_lease

# Often enough for people who watch and for a cancel, rare enough for the database.
EVERY_S = 0.5


class StageProgress:
    """A `watch(done, total)` for the document's present stage; `doing` is what people read ("Reading page").

    At most every EVERY_S it saves what it hears. Raises, when called: LeaseLost once the document was
    cancelled or went to another worker, which ends the work that is watched.
    """

    def __init__(self, document: Document, attempt: int, doing: str) -> None:
        self.document_id: UUID = document.pk
        self.job_id = document.job_id
        self.attempt, self.doing = attempt, doing
        self.start, self.width = stage_share(document.next_stage)
        self.told, self.at = 0, time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self.at < EVERY_S:
            return
        self.at = now
        if done == self.told or not total:
            document_require_lease(document_id=self.document_id, attempt=self.attempt)
            return
        self.told = done
        document_progress(
            document_id=self.document_id,
            attempt=self.attempt,
            job_id=self.job_id,
            progress=round(self.start + self.width * min(1.0, done / total), 3),
            message=f"{self.doing} {min(done + 1, total)} of {total}",
        )


def stage_share(stage: str) -> tuple[float, float]:
    """Where the stage begins in the whole run and how much of it it is, both 0–1."""
    names = [name for name, _, _ in settings.PIPELINE]
    position = names.index(stage) if stage in names else 0
    return position / len(names), 1 / len(names)
