"""A person's word on a document: corrected, approved, rejected. One service for pages, admin and API."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.actors import Actor
from accounts.services.audit import audit_record
from accounts.services.outbox import outbox_write
from common.errors import InvalidState, ValidationFailed, VersionConflict
from documents.models import Document, Status
from documents.models.document import REVIEWABLE, WITH_RESULT
from documents.policy import BLOCKING_FLAGS, because, policy_of, review_reasons, with_low_confidence
from documents.services.lifecycle import document_transition
from extraction.engines.fields.builtin import role_of
from extraction.engines.fields.check import cross_check
from extraction.engines.fields.defs import FieldDef
from extraction.engines.fields.extract import FieldValue, overall
from extraction.models import Extraction, ExtractionMethod, LessonSource
from extraction.selectors import current_extraction
from extraction.services.fields import is_doubtful
from extraction.services.findings import ORDER, field_findings, field_flags
from extraction.services.memory import memory_learn, memory_unlearn
from extraction.services.places import kept_places
from extraction.services.values import EntryError, entered_value

ASSIGNED_FOR = timedelta(minutes=15)
# Reasons that follow from the fields and the thresholds; others, such as notes of a model, stay as they are.
RECOMPUTED = frozenset({*ORDER, *BLOCKING_FLAGS, "sampled", "always_review"})
# Flags that follow from the fields alone.
OF_FIELDS = frozenset({"required_missing", "validation_failed", "field_below_floor"})


def document_approve(
    *,
    document: Document,
    actor: Actor,
    comment: str = "",
    fields: Mapping[str, Any] | None = None,
    boxes: Mapping[str, Any] | None = None,
    version: int | None = None,
) -> Document:
    """The document approved, with corrections in the same breath. Approved again changes nothing.

    Raises: InvalidState, VersionConflict, ValidationFailed (per field).
    """
    with transaction.atomic():
        row = _locked(document, version)
        if row.status == Status.APPROVED and not fields:
            return row
        if fields:
            fields_correct(document=row, actor=actor, fields=fields, boxes=boxes, reason=comment)
            row = _locked(row, None)
        allowed = REVIEWABLE if not fields else WITH_RESULT
        extraction = current_extraction(row)
        flags = sorted({*row.flags, "analyst_verified"} - {"low_confidence"})
        if extraction:
            Extraction.objects.filter(pk=extraction.pk).update(flags=flags)
            memory_learn(document=row, actor=actor, extraction=extraction, source=LessonSource.APPROVAL)
        return document_transition(
            document=row,
            to=Status.APPROVED,
            allowed=allowed,
            actor=actor,
            reason=comment,
            changes=_reviewed(actor, comment) | {"flags": flags},
            event={"auto": False, **_values(extraction)},
        )


def document_reject(
    *, document: Document, actor: Actor, reason: str, category: str = "", version: int | None = None
) -> Document:
    """The document rejected for a reason.

    Raises: ValidationFailed without a reason, InvalidState, VersionConflict.
    """
    if not reason.strip():
        raise ValidationFailed({"reason": ["Say why it is rejected."]})
    with transaction.atomic():
        row = _locked(document, version)
        memory_unlearn(document=row)
        allowed = (Status.COMPLETED, Status.REQUIRES_REVIEW, Status.APPROVED)
        return document_transition(
            document=row,
            to=Status.REJECTED,
            allowed=allowed,
            actor=actor,
            reason=reason,
            changes=_reviewed(actor, reason),
            event={"auto": False, "reason": reason, "category": category},
        )


def document_unreview(*, document: Document, actor: Actor) -> Document:
    """Takes an approval or rejection back: the document waits for review again.

    Raises: InvalidState when no person has decided on it.
    """
    changes: dict[str, Any] = {"reviewed_by": None, "reviewed_at": None, "review_reason": ""}
    if not document.review_reasons:
        changes |= {"review_reasons": [because("reopened", "The decision on it was taken back.")]}
    with transaction.atomic():
        row = document_transition(
            document=document,
            to=Status.REQUIRES_REVIEW,
            allowed=(Status.APPROVED, Status.REJECTED),
            actor=actor,
            reason="undone",
            changes=changes,
        )
        memory_unlearn(document=row)
        return row


def fields_correct(
    *,
    document: Document,
    actor: Actor,
    fields: Mapping[str, Any],
    boxes: Mapping[str, Any] | None = None,
    reason: str = "",
    version: int | None = None,
) -> Extraction:
    """A new current extraction with the corrected values at score 100; untouched ones keep theirs.

    Raises: ValidationFailed with a sentence per field, InvalidState, VersionConflict.
    """
    with transaction.atomic():
        row = _locked(document, version)
        if row.status not in WITH_RESULT:
            raise InvalidState(row.status, WITH_RESULT)
        old = current_extraction(row)
        if old is None:
            raise ValidationFailed(
                {name: ["The document has no fields. Give it a flow first."] for name in fields}
            )
        new = _corrected(old, fields, boxes or {}, actor, reason)
        Document.objects.filter(pk=row.pk).update(
            **_standing(row, new), version=row.version + 1, updated_at=timezone.now()
        )
        _record_correction(row, old, new, fields, actor, reason)
        memory_learn(document=row, actor=actor, extraction=new, source=LessonSource.CORRECTION, names=fields)
    return new


def review_claim(*, document: Document, actor: Actor) -> bool:
    """Marks the document as being looked at by this person for 15 minutes; False when another has it."""
    now = timezone.now()
    if actor.user is None:
        return False
    rows = Document.objects.filter(pk=document.pk)
    free = (
        rows.filter(assigned_to=None)
        | rows.filter(assigned_to=actor.user)
        | rows.filter(assigned_until__lt=now)
    )
    return bool(free.update(assigned_to=actor.user, assigned_until=now + ASSIGNED_FOR))


def review_release(*, document: Document, actor: Actor) -> None:
    """Lets others have the document that this person looked at and left undecided."""
    if actor.user is not None:
        mine = Document.objects.filter(pk=document.pk, assigned_to=actor.user)
        mine.update(assigned_to=None, assigned_until=None)


def _locked(document: Document, version: int | None) -> Document:
    row = (
        Document.objects.select_for_update(of=("self",))
        .select_related("workspace", "job")
        .get(pk=document.pk)
    )
    if version is not None and version != row.version:
        raise VersionConflict(row.version)
    return row


def _reviewed(actor: Actor, reason: str) -> dict[str, Any]:
    return {
        "reviewed_by": actor.user,
        "reviewed_at": timezone.now(),
        "review_reason": reason[:1000],
        "assigned_to": None,
        "assigned_until": None,
    }


def _values(extraction: Extraction | None) -> dict[str, Any]:
    if extraction is None:
        return {}
    return {"extracted_data": extraction.values(), "field_scores": extraction.scores()}


def _corrected(
    old: Extraction, fields: Mapping[str, Any], boxes: Mapping[str, Any], actor: Actor, reason: str
) -> Extraction:
    merged = recheck(old, {**old.fields, **corrected_fields(old, fields, boxes)})
    score = overall_score(merged, old.schema)
    flags = _flags_after(old, merged)
    Extraction.objects.filter(pk=old.pk).update(is_current=False)
    return Extraction.objects.create(
        document=old.document,
        method=ExtractionMethod.MANUAL_CORRECTION,
        model_used=old.model_used,
        flow_id=old.flow_id,
        flow_version=old.flow_version,
        template_id=old.template_id,
        template_version=old.template_version,
        schema=old.schema,
        fields=merged,
        confidence_score=score,
        flags=sorted(with_low_confidence(score, flags, policy_of(old.document))),
        reason=reason,
        created_by=actor.user,
    )


def _flags_after(old: Extraction, merged: Mapping[str, dict[str, Any]]) -> set[str]:
    """What holds after a correction: a mismatch with the XML stays as long as any field is contradicted."""
    now = field_flags(merged, [FieldDef.from_json(item) for item in old.schema])
    settled = OF_FIELDS if "validation_failed" in now else OF_FIELDS | {"e_invoice_mismatch"}
    partial = {"template_partial"} if old.template_id and "required_missing" in now else set()
    return (set(old.flags) - settled - {"template_partial"}) | now | partial


def _standing(document: Document, extraction: Extraction) -> dict[str, Any]:
    """The document's columns that follow from its new fields; that it was a spot check stays true."""
    policy = policy_of(document)
    flags = {*extraction.flags, *({"sampled"} & set(document.flags))}
    defs = [FieldDef.from_json(item) for item in extraction.schema]
    notes = [item for item in document.review_reasons if item["code"] not in RECOMPUTED]
    findings = [*field_findings(extraction.fields, defs), *notes]
    return {
        "confidence_score": extraction.confidence_score,
        "flags": sorted(flags),
        "review_reasons": review_reasons(extraction.confidence_score, flags, findings, policy),
    }


def corrected_fields(
    extraction: Extraction, fields: Mapping[str, Any], boxes: Mapping[str, Any]
) -> dict[str, dict[str, Any]]:
    """The corrected fields in the rich form. Raises: ValidationFailed with a sentence per wrong field."""
    by_name = {item["name"]: FieldDef.from_json(item) for item in extraction.schema}
    errors: dict[str, list[str]] = {}
    corrected: dict[str, dict[str, Any]] = {}
    for name, given in fields.items():
        if name not in by_name:
            errors[name] = ["This field is not known."]
            continue
        try:
            value = entered_value(given, by_name[name])
        except EntryError as error:
            errors |= {f"{name}.{path}".rstrip("."): texts for path, texts in error.errors.items()}
            continue
        before = extraction.fields.get(name, {})
        box = boxes.get(name, before.get("box"))
        nested = isinstance(given, list | dict)
        corrected[name] = {
            "value": value,
            "raw": None if given is None or nested else str(given),
            "score": 100.0,
            "score_unchecked": 100.0,
            "box": box,
            "boxes": before.get("boxes") or [] if nested and name not in boxes else [box] if box else [],
            "items": kept_places(before, value),
            "source": "user",
            "validated": True,
            "errors": [],
            "alternatives": before.get("alternatives", []),
            "needs_review": False,
            "memory": None,
        }
    if errors:
        raise ValidationFailed(errors)
    return corrected


def recheck(old: Extraction, merged: Mapping[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The fields with what they say against each other now, instead of what they said before.

    A field that nothing speaks against any more gets back the score it had without the checks; what a person
    entered stays sure, whatever the rest says.
    """
    defs = [FieldDef.from_json(item) for item in old.schema]
    roles = {item.name: role_of(item, old.document.type or None) for item in defs}
    before, after = cross_check(defs, roles, _printed(old.fields)), cross_check(defs, roles, _printed(merged))
    review_below = old.document.review_threshold
    fresh = {}
    for item in defs:
        field = dict(merged[item.name])
        if field["source"] != "user":
            earlier = set(before.get(item.name, ()))
            gone = earlier & set(field["errors"])
            # What was not said at the extraction although it could be seen there had a good reason.
            said = [text for text in after.get(item.name, []) if text in gone or text not in earlier]
            field["errors"] = [text for text in field["errors"] if text not in gone] + said
            if gone and not field["errors"]:
                field["score"] = field["score_unchecked"]
            field["needs_review"] = is_doubtful(
                field["value"], field["score"], field["errors"], item, review_below
            )
        fresh[item.name] = field
    return fresh


def _printed(fields: Mapping[str, Mapping[str, Any]]) -> dict[str, tuple[Any, str]]:
    return {name: (field["value"], str(field["raw"] or "")) for name, field in fields.items()}


def overall_score(fields: Mapping[str, Mapping[str, Any]], schema: list[dict[str, Any]]) -> float | None:
    """The document's score after a correction, 0–100, by the engine's own rule."""
    defs = [FieldDef.from_json(item) for item in schema]
    values = {
        name: FieldValue(name, field["value"], confidence=field["score"] / 100, errors=tuple(field["errors"]))
        for name, field in fields.items()
    }
    confidence = overall(defs, values)
    return None if confidence is None else round(100 * confidence, 1)


def _record_correction(
    document: Document, old: Extraction, new: Extraction, fields: Mapping[str, Any], actor: Actor, reason: str
) -> None:
    changes = {name: [old.fields.get(name, {}).get("value"), new.fields[name]["value"]] for name in fields}
    audit_record(
        actor=actor,
        action="extraction.corrected",
        object_type="document",
        object_id=document.pk,
        reason=reason,
        changes=changes,
    )
    data = {
        "document_id": str(document.pk),
        "status": document.status,
        "extraction_id": str(new.pk),
        "previous_extraction_id": str(old.pk),
        "actor_id": str(actor.user.pk) if actor.user else None,
    }
    outbox_write(
        workspace=document.workspace, event_type="extraction.corrected", object_id=document.pk, data=data
    )
