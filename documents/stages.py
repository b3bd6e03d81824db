"""The documents room's part of the pipeline."""

from __future__ import annotations

from uuid import UUID

from documents.models import Document
from documents.policy import outcome, policy_of
from documents.services.lifecycle import document_finish

# A new result has been seen by nobody, whoever decided on the one before it.
UNSEEN = {"reviewed_by": None, "reviewed_at": None, "review_reason": ""}


def settle(document_id: UUID, attempt: int) -> None:
    """Ends the run in the state that its score, flags and policy ask for, with the reasons in words."""
    document = Document.objects.select_related("workspace").get(pk=document_id)
    end = outcome(
        document.pk,
        document.confidence_score,
        document.flags,
        document.review_reasons,
        policy_of(document),
    )
    changes = {"flags": end.flags, "review_reasons": end.reasons, **UNSEEN}
    document_finish(document_id=document_id, attempt=attempt, to=end.status, changes=changes)
