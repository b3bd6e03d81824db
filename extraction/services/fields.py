"""From a converted document to named values: which fields are asked for, and the engine's answer as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from documents.models import Document
from extraction.engines.blocks import ConvertedDocument
from extraction.engines.fields.builtin import fields_of
from extraction.engines.fields.defs import FieldDef
from extraction.engines.fields.extract import FieldValue, extract
from extraction.engines.fields.memory.prints import SenderPrint
from extraction.engines.fields.memory.recall import Match, Recall
from extraction.engines.fields.sources import LOCAL_SOURCES
from extraction.memories import memory_find, said_json
from extraction.models import Flow
from extraction.services.flows import flow_for


@dataclass(frozen=True)
class Reading:
    """One run of the field engine; scores are percentages."""

    flow: Flow | None
    defs: Sequence[FieldDef]
    fields: dict[str, dict[str, Any]] = field(default_factory=dict)
    score: float | None = None
    flags: list[str] = field(default_factory=list)


def read_fields(document: Document, found: ConvertedDocument) -> Reading:
    """The fields of the document's flow, else of its type, read by the engine and the sender's memory."""
    flow = flow_for(document)
    defs: Sequence[FieldDef] = flow.field_defs() if flow else fields_of(document.type)
    if not defs:
        return Reading(flow, ())
    recall = _recall(document)
    result = extract(
        found,
        defs,
        type_slug=document.type or None,
        language=document.language or None,
        sources=(*LOCAL_SOURCES, recall.source),
        ranker=recall.ranker(),
    )
    review_below = document.review_threshold
    by_name = {definition.name: definition for definition in defs}
    fields = {
        name: field_json(value, by_name[name], review_below=review_below)
        | {"memory": said_json(recall, name)}
        for name, value in result.values.items()
    }
    flags: list[str] = list(result.flags)
    if any(_below_floor(fields[definition.name], definition) for definition in defs):
        flags.append("field_below_floor")
    score = None if result.confidence is None else round(100 * result.confidence, 1)
    return Reading(flow, defs, fields, score, sorted(set(flags)))


def _recall(document: Document) -> Recall:
    def find(seen: SenderPrint) -> Match | None:
        return memory_find(workspace_id=document.workspace_id, document_type=document.type, seen=seen)

    return Recall(find)


def field_json(value: FieldValue, definition: FieldDef, *, review_below: float) -> dict[str, Any]:
    """The rich form of a value: score 0–100, boxes as page fractions, errors in words."""
    score = round(100 * value.confidence, 1)
    boxes = [asdict(box) for box in value.boxes]
    needs_review = is_doubtful(value.value, score, value.errors, definition, review_below)
    return {
        "value": value.value,
        "raw": value.raw,
        "score": score,
        "score_unchecked": round(100 * value.confidence_unchecked, 1),
        "box": boxes[0] if boxes else None,
        "boxes": boxes,
        "source": value.source,
        "origin": value.origin,
        "validated": value.validated,
        "errors": list(value.errors),
        "alternatives": [_alternative_json(other) for other in value.alternatives],
        "needs_review": needs_review,
    }


def is_doubtful(
    value: Any, score: float, errors: Sequence[str], definition: FieldDef, review_below: float
) -> bool:
    """Whether a person should look: unsure or contradicted, unless it is an optional field left empty."""
    return (score < review_below or bool(errors)) and (value is not None or definition.required)


def _alternative_json(other: Any) -> dict[str, Any]:
    boxes = [asdict(box) for box in other.boxes]
    return {"value": other.value, "raw": other.raw, "score": round(100 * other.confidence, 1), "boxes": boxes}


def _below_floor(value: dict[str, Any], definition: FieldDef) -> bool:
    floor = definition.require_score_above
    return floor is not None and value["value"] is not None and value["score"] < floor
