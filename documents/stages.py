"""The documents room's part of the pipeline."""

from __future__ import annotations

from uuid import UUID

from documents.models import Document
from documents.policy import BLOCKING_FLAGS, Policy, decide
from documents.services.lifecycle import document_finish


def settle(document_id: UUID, attempt: int) -> None:
    """Ends the run in the state that its score, its flags and its policy ask for."""
    document = Document.objects.select_related("workspace").get(pk=document_id)
    policy = (
        Policy(**document.policy)
        if document.policy
        else Policy(
            review_below_score=document.workspace.review_below_score,
            always_review=document.workspace.always_review,
        )
    )
    score, flags = document.confidence_score, set(document.flags)
    if (score is not None and score < policy.review_below_score) or flags & BLOCKING_FLAGS:
        flags.add("low_confidence")
    status = decide(score, flags, policy)
    document_finish(document_id=document_id, attempt=attempt, to=status, changes={"flags": sorted(flags)})
