"""How a finished run settles: thresholds in, state out. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any

from documents.models.document import Status

# Flags that a person has to look at whatever the score says.
BLOCKING_FLAGS = frozenset(
    {
        "required_missing",
        "validation_failed",
        "field_below_floor",
        "e_invoice_mismatch",
        "llm_ungrounded",
        "llm_suspicious_text",
    }
)


@dataclass(frozen=True)
class Policy:
    """Thresholds of one run, scores in percent."""

    review_below_score: float = 70.0
    auto_approve: bool = False
    auto_approve_min_score: float = 85.0
    always_review: bool = False

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def decide(score: float | None, flags: Collection[str], policy: Policy) -> Status:
    """The state a run ends in. A document without fields has no score and nothing to review."""
    if BLOCKING_FLAGS & set(flags):
        return Status.REQUIRES_REVIEW
    if score is not None and score < policy.review_below_score:
        return Status.REQUIRES_REVIEW
    if policy.auto_approve and score is not None and score >= policy.auto_approve_min_score:
        return Status.APPROVED
    return Status.REQUIRES_REVIEW if policy.always_review else Status.COMPLETED
