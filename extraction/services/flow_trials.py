"""Trying a flow out on a document: what would be read and where it would end, with nothing kept."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from accounts.actors import Actor
from common.errors import NotFound
from documents.models import Document, Job, JobType
from documents.policy import BLOCKING_FLAGS, Policy, decide
from documents.services.job_runs import job_start
from extraction.models import Flow
from extraction.selectors import require_reading
from extraction.services.field_sets import FieldSet, field_set_of_flow
from extraction.services.fields import read_fields
from extraction.services.flows import POLICY_FIELDS


def flow_test_start(*, flow: Flow, document: Document, actor: Actor) -> Job:
    """A job whose result is what the flow reads from the document.

    Raises: AppError `document_erased`, `document_busy`, `result_not_ready` for one that was never read.
    """
    require_reading(document)
    return job_start(
        actor=actor,
        job_type=JobType.FLOW_TEST,
        parameters={
            "flow_id": str(flow.pk),
            "flow_version": flow.version,
            "document_id": str(document.pk),
            "filename": document.filename,
        },
    )


def flow_trial_run(job: Job) -> dict[str, Any]:
    """The runner of `flow_test`. Raises: NotFound for what was deleted meanwhile; as `flow_test_start`."""
    flow = _get(Flow, job, "flow_id")
    document = _get(Document, job, "document_id")
    wanted = field_set_of_flow(flow)
    policy = Policy(**{name: getattr(flow, name) for name in POLICY_FIELDS})
    return {"flow_version": flow.version, **field_set_trial(document, wanted, policy, flow.document_type)}


def field_set_trial(
    document: Document, wanted: FieldSet, policy: Policy, type_slug: str = ""
) -> dict[str, Any]:
    """What this field set reads from the document and the state that these thresholds would end it in.

    Changes the document only in memory. Raises: as `require_reading`.
    """
    found = require_reading(document)
    document.type = type_slug or document.type
    document.policy = policy.to_json()
    reading = read_fields(document, found, wanted)
    flags = set(reading.flags)
    low = reading.score is not None and reading.score < policy.review_below_score
    flags |= {"low_confidence"} if low or flags & BLOCKING_FLAGS else set()
    return {
        "document_id": str(document.pk),
        "document_type": document.type or None,
        "extracted_data": {name: value["value"] for name, value in reading.fields.items()},
        "field_scores": {name: value["score"] for name, value in reading.fields.items()},
        "fields": reading.fields,
        "confidence_score": reading.score,
        "flags": sorted(flags),
        "outcome": decide(reading.score, reading.flags, policy),
    }


def _get(model: Any, job: Job, name: str) -> Any:
    row = model.objects.filter(workspace=job.workspace, pk=UUID(job.parameters[name])).first()
    if row is None:
        raise NotFound(name.removesuffix("_id"))
    return row
