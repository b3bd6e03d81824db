"""How a finished run settles: thresholds in, state and reasons out. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from uuid import UUID

from documents.flags import flag_sentence
from documents.models.document import Status

if TYPE_CHECKING:
    from documents.models import Document

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
MAX_REASONS = 20
Reason = dict[str, Any]


@dataclass(frozen=True)
class Policy:
    """Thresholds of one run, scores in percent. `review_sample_percent` is the share of documents that pass
    which go to a person all the same."""

    review_below_score: float = 70.0
    auto_approve: bool = False
    auto_approve_min_score: float = 85.0
    always_review: bool = False
    review_sample_percent: float = 0.0

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def policy_of(document: Document) -> Policy:
    """The thresholds of the document's flow, else its workspace's. Either may ask for a look always."""
    workspace = document.workspace
    if not document.policy:
        return Policy(
            review_below_score=workspace.review_below_score,
            always_review=workspace.always_review,
            review_sample_percent=workspace.review_sample_percent,
        )
    policy = Policy(**document.policy)
    return replace(policy, always_review=policy.always_review or workspace.always_review)


def decide(score: float | None, flags: Collection[str], policy: Policy, *, sampled: bool = False) -> Status:
    """The state a run ends in. A document without fields has no score and nothing to review.

    `sampled` sends to a person what would have passed without one.
    """
    if BLOCKING_FLAGS & set(flags):
        return Status.REQUIRES_REVIEW
    if score is not None and score < policy.review_below_score:
        return Status.REQUIRES_REVIEW
    if policy.auto_approve and score is not None and score >= policy.auto_approve_min_score:
        passed = Status.APPROVED
    else:
        passed = Status.REQUIRES_REVIEW if policy.always_review else Status.COMPLETED
    return Status.REQUIRES_REVIEW if sampled and score is not None else passed


def in_sample(document_id: UUID, percent: float) -> bool:
    """Whether the document is one of these `percent` (0–100): told by its id, so every run says the same."""
    digest = sha256(b"review sample " + document_id.bytes).digest()
    return int.from_bytes(digest[:8]) / 2**64 * 100 < percent


@dataclass(frozen=True)
class Outcome:
    """Where a run ends, the document's flags, and why a person has to look, if one has to."""

    status: Status
    flags: list[str]
    reasons: list[Reason]


def outcome(
    document_id: UUID,
    score: float | None,
    flags: Iterable[str],
    findings: Iterable[Reason],
    policy: Policy,
) -> Outcome:
    """The end of a run of this document. `findings` are what its fields give a person to look at."""
    all_flags = with_low_confidence(score, flags, policy)
    status = decide(score, all_flags, policy)
    if in_sample(document_id, policy.review_sample_percent):
        sent = decide(score, all_flags, policy, sampled=True)
        if sent != status:
            all_flags.add("sampled")
        status = sent
    reasons = review_reasons(score, all_flags, findings, policy) if status == Status.REQUIRES_REVIEW else []
    return Outcome(status, sorted(all_flags), reasons)


def review_reasons(
    score: float | None, flags: Collection[str], findings: Iterable[Reason], policy: Policy
) -> list[Reason]:
    """Why a document waits for a person: one sentence each, the most telling first, at most MAX_REASONS."""
    low = low_score(score, policy)
    found = [item for item in findings if low or item["code"] != "low_confidence"]
    said = {item["code"] for item in found}
    found += [because(flag, flag_sentence(flag)) for flag in sorted(BLOCKING_FLAGS & set(flags) - said)]
    if low:
        found.append(because("low_confidence", _low_words(score, policy)))
    if "sampled" in flags:
        found.append(because("sampled", _sample_words(policy)))
    if policy.always_review and not found:
        found.append(because("always_review", "Every document of this kind goes to a person."))
    return found[:MAX_REASONS]


def with_low_confidence(score: float | None, flags: Iterable[str], policy: Policy) -> set[str]:
    """The flags, with `low_confidence` where the score or one of them asks for a person."""
    found = set(flags) - {"low_confidence"}
    return found | {"low_confidence"} if low_score(score, policy) or found & BLOCKING_FLAGS else found


def because(code: str, message: str, field: str | None = None) -> Reason:
    """One reason as it is kept and shown; `field` names the field that it is about."""
    return {"code": code, "message": message, "field": field}


def low_score(score: float | None, policy: Policy) -> bool:
    return score is not None and score < policy.review_below_score


def _low_words(score: float | None, policy: Policy) -> str:
    return f"Only {score:.0f} % sure as a whole; {policy.review_below_score:.0f} % are asked for."


def _sample_words(policy: Policy) -> str:
    return f"A spot check: {policy.review_sample_percent:g} % of what would pass is looked at all the same."
