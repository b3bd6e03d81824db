"""From a converted document to named values: which fields are asked for, and the engine's answer as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from documents.models import Document
from extraction.engines.blocks import ConvertedDocument
from extraction.engines.convert.options import OnPage
from extraction.engines.einvoice.carried import invoice_of, unreadable
from extraction.engines.einvoice.read import read_e_invoice
from extraction.engines.fields.candidates import CandidateSource
from extraction.engines.fields.defs import FieldDef
from extraction.engines.fields.extract import Extraction, FieldValue, extract, flags_of, overall
from extraction.engines.fields.memory.prints import SenderPrint
from extraction.engines.fields.memory.recall import Match, Recall
from extraction.engines.fields.quality import photo_quality
from extraction.engines.fields.rank import Ranker, rank
from extraction.engines.fields.sources import LOCAL_SOURCES
from extraction.engines.fields.structured.values import Part
from extraction.memories import memory_find, said_json
from extraction.models import ExtractionMethod, Flow, TemplateVersion
from extraction.services.field_sets import FieldSet
from extraction.services.findings import below_floor
from extraction.services.llm_fields import hear_model


@dataclass(frozen=True)
class Reading:
    """One run of the field engine; scores are percentages.

    `model` is the language model that was heard, empty for none; `note` a sentence on why it was not.
    """

    flow: Flow | None
    defs: Sequence[FieldDef]
    template: TemplateVersion | None = None
    method: ExtractionMethod = ExtractionMethod.RULES
    fields: dict[str, dict[str, Any]] = field(default_factory=dict)
    score: float | None = None
    flags: list[str] = field(default_factory=list)
    model: str = ""
    note: str = ""


def read_fields(
    document: Document, found: ConvertedDocument, wanted: FieldSet, *, watch: OnPage | None = None
) -> Reading:
    """The wanted fields, read by the local engine.

    Where the document or its flow asks for a language model, that is heard beside the page: its endpoint is
    called, so not inside a transaction. Raises: what `watch` raises while waiting for it.
    """
    flow, defs = wanted.flow, wanted.defs
    pages = found.meta.get("llm", {})
    flags = [*e_invoice_flags(found), *([pages["flag"]] if pages else [])]
    if not defs:
        return Reading(flow, (), flags=flags)
    heard = hear_model(document, found, flow, defs, watch=watch)
    recall = _recall(document)
    sources = (*LOCAL_SOURCES, recall.source, *heard.sources)
    result, disagreements = _read(document, found, defs, sources, recall.ranker(rank))
    result = _with_more(result, defs, heard.structured(document, found, defs))
    review_below = document.review_threshold
    by_name = {definition.name: definition for definition in defs}
    fields = {
        name: field_json(value, by_name[name], review_below=review_below)
        | {"memory": said_json(recall, name)}
        for name, value in result.values.items()
    }
    flags += [*result.flags, *heard.flags, *disagreements]
    if any(_is_ungrounded(value) for value in result.values.values()):
        flags.append("llm_ungrounded")
    if any(below_floor(fields[definition.name], definition) for definition in defs):
        flags.append("field_below_floor")
    if wanted.template and "required_missing" in flags:
        flags.append("template_partial")
    if photo_quality(found).poor:
        flags.append("photo_quality_poor")
    score = None if result.confidence is None else round(100 * result.confidence, 1)
    return Reading(
        flow,
        defs,
        wanted.template,
        ExtractionMethod.MODEL if heard.model else wanted.method,
        fields,
        score,
        sorted(set(flags)),
        heard.model,
        heard.note or pages.get("note", ""),
    )


def _with_more(result: Extraction, defs: Sequence[FieldDef], more: dict[str, FieldValue]) -> Extraction:
    """The result with values for fields that the local engine found nothing for."""
    new = {name: value for name, value in more.items() if result.values[name].value is None}
    if not new:
        return result
    values = {**result.values, **new}
    return Extraction(values, overall(defs, values), flags_of(defs, values))


def _is_ungrounded(value: FieldValue) -> bool:
    """Whether it is only what a model says: printed nowhere on the page."""
    return value.origin == "model" and value.value is not None and not value.boxes


def _read(
    document: Document,
    found: ConvertedDocument,
    defs: Sequence[FieldDef],
    sources: Sequence[CandidateSource],
    ranker: Ranker,
) -> tuple[Extraction, list[str]]:
    """The engine's answer, and flags for what page and XML of an e-invoice disagree about."""
    type_slug, language = document.type or None, document.language or None
    invoice = invoice_of(found)
    if invoice is None:
        read = extract(found, defs, type_slug=type_slug, language=language, sources=sources, ranker=ranker)
        return read, []
    reading = read_e_invoice(
        found, invoice, defs, type_slug=type_slug, language=language, sources=sources, ranker=ranker
    )
    return reading.extraction, reading.flags


def e_invoice_flags(found: ConvertedDocument) -> list[str]:
    """Whether the document carries an e-invoice, or one whose XML is broken."""
    if invoice_of(found):
        return ["e_invoice"]
    return ["e_invoice_unreadable"] if unreadable(found) else []


def _recall(document: Document) -> Recall:
    def find(seen: SenderPrint) -> Match | None:
        return memory_find(workspace_id=document.workspace_id, document_type=document.type, seen=seen)

    return Recall(find)


def field_json(value: FieldValue, definition: FieldDef, *, review_below: float) -> dict[str, Any]:
    """The rich form of a value: score 0–100, boxes as page fractions, errors in words.

    `items` has the parts of an array (one object per row) or object (one), each with score and boxes.
    """
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
        "items": [{name: _part_json(part) for name, part in row.items()} for row in value.parts],
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


def _part_json(part: Part) -> dict[str, Any]:
    """One value inside an array or object: its boxes are where it is printed."""
    boxes = [asdict(box) for box in part.boxes]
    return {
        "value": part.value,
        "raw": part.raw,
        "score": round(100 * part.confidence, 1),
        "box": boxes[0] if boxes else None,
        "boxes": boxes,
    }
