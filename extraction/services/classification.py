"""What a document is: its type, what else it could be, and the template that recognises it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.actors import Actor
from accounts.models import Workspace
from accounts.services.audit import audit_record
from accounts.services.outbox import outbox_write
from documents.models import Document
from documents.models.document import BUSY
from documents.policy import Policy
from documents.services.lifecycle import busy_error, document_event_data, document_locked
from documents.services.text import document_text
from extraction.engines.blocks import ConvertedDocument
from extraction.engines.einvoice.carried import invoice_of
from extraction.engines.fields.classify import TypeHints, classify
from extraction.engines.fields.template_match import matches_template
from extraction.models import Flow, Template, TemplateStatus, TemplateVersion
from extraction.services.field_sets import asked_template_id, current_version
from extraction.services.flows import POLICY_FIELDS, flow_for
from extraction.type_registry import types_of

OTHER = "other"
KEPT_CANDIDATES = 5
HINT, CLASSIFIER, TEMPLATE = "hint", "classifier", "template"


@dataclass(frozen=True)
class Classified:
    """The outcome; scores are 0–100, None where nothing was weighed.

    `template` is what the document will be read with, `match_score` is set where its rules recognised it.
    """

    type: str
    source: str
    score: float | None = None
    candidates: list[dict[str, Any]] = field(default_factory=list)
    template: TemplateVersion | None = None
    match_score: float | None = None

    @property
    def found(self) -> bool:
        """Whether the type was told from the document, not by the caller."""
        return self.source == CLASSIFIER or (self.source == TEMPLATE and self.match_score is not None)


def classification_of(document: Document, found: ConvertedDocument, text: str) -> Classified:
    """The type and template of a document as its request, its flow and its words have it. Writes nothing."""
    flow = flow_for(document) if document.flow_id else None
    template, score = _template_for(document, flow, text)
    if document.type_source == HINT and document.type:
        return Classified(document.type, HINT, None, [], template, score)
    if flow and flow.document_type and not asked_template_id(document):
        return Classified(flow.document_type, TEMPLATE, None, [], template, score)
    if template and template.document_type_hint:
        return Classified(template.document_type_hint, TEMPLATE, score, [], template, score)
    candidates = type_candidates(document.workspace, found)
    best = candidates[0]
    return Classified(best["type"], CLASSIFIER, best["score"], candidates, template, score)


def classification_store(*, document_id: UUID, attempt: int, found: ConvertedDocument) -> None:
    """Keeps what the document is, the template it will be read with and the thresholds that settle it.

    Raises: LeaseLost.
    """
    document = Document.objects.select_related("workspace").get(pk=document_id)
    # Before the row is locked: a long text takes a while, and the heartbeat needs the row.
    outcome = classification_of(document, found, document_text(document_id))
    with transaction.atomic():
        document = document_locked(document_id=document_id, attempt=attempt)
        _write(document, outcome)
        flow = flow_for(document)
        if outcome.template is None and flow and flow.template_id:
            _write_template(document, current_version(flow.template_id))
        policy = {name: getattr(flow, name) for name in POLICY_FIELDS} if flow else None
        document.policy = Policy(**policy).to_json() if policy else {}
        document.save(update_fields=[*COLUMNS, "policy"])
        _tell(document, outcome)


def document_classify(*, document: Document, actor: Actor, found: ConvertedDocument) -> Classified:
    """The document with the type that its text speaks for, whatever it was said to be before.

    Its fields stay as they were read; run it again to have those of the new type. Raises: AppError
    `document_busy`.
    """
    outcome = _told_by_text(document, found)
    with transaction.atomic():
        row = Document.objects.select_for_update(of=("self",)).select_related("workspace").get(pk=document.pk)
        if row.status in BUSY:
            raise busy_error()
        before = row.type
        row.type, row.type_source, row.type_score = outcome.type, outcome.source, outcome.score
        row.type_candidates = outcome.candidates
        row.version += 1
        row.save(update_fields=[*TYPE_COLUMNS, "version", "updated_at"])
        audit_record(
            actor=actor, action="document.classified", object_type="document", object_id=row.pk,
            changes={"type": [before or None, row.type]},
        )  # fmt: skip
        _tell(row, outcome)
    return outcome


def _told_by_text(document: Document, found: ConvertedDocument) -> Classified:
    text = document_text(document.pk)
    candidates = type_candidates(document.workspace, found)
    template, score = recognised(document.workspace, text, "")
    if template and template.document_type_hint:
        return Classified(template.document_type_hint, TEMPLATE, score, candidates, template, score)
    best = candidates[0]
    return Classified(best["type"], CLASSIFIER, best["score"], candidates, template, score)


def type_candidates(workspace: Workspace, found: ConvertedDocument) -> list[dict[str, Any]]:
    """The likeliest of the workspace's types, best first: `{"type", "score" 0–100}`; never empty."""
    types = types_of(workspace)
    own = [TypeHints(info.slug, tuple(info.keywords)) for info in types.values() if info.keywords]
    told = classify(found, extra=own)
    scores = {slug: 100 * score for slug, score in told if slug not in types or types[slug].enabled}
    if invoice_of(found):
        scores["invoice"] = 100.0
    if not any(scores.values()):
        scores = {OTHER: scores.get(OTHER, 0.0)}
    ranked = sorted(scores.items(), key=lambda item: -item[1])[:KEPT_CANDIDATES]
    return [{"type": slug, "score": round(score, 1)} for slug, score in ranked]


def recognised(
    workspace: Workspace, text: str, type_slug: str
) -> tuple[TemplateVersion | None, float | None]:
    """The published template whose rules fit the text best, with its score; only of the type if one is given.

    One SQL query, plus time that grows with the number of active templates.
    """
    best: tuple[float, TemplateVersion] | None = None
    for version in _published(workspace):
        if type_slug and version.document_type_hint not in ("", type_slug):
            continue
        score = matches_template(text, version.match)
        if score and (best is None or score > best[0]):
            best = (score, version)
    return (best[1], best[0]) if best else (None, None)


def _published(workspace: Workspace) -> list[TemplateVersion]:
    """The current version of each active template, the oldest template first."""
    active = Template.objects.filter(workspace=workspace, status=TemplateStatus.ACTIVE)
    versions = TemplateVersion.objects.filter(template__in=active).order_by("template_id", "-version")
    newest = versions.distinct("template_id").select_related("template")
    return sorted(newest, key=lambda version: (version.template.created_at, version.pk))


def _template_for(
    document: Document, flow: Flow | None, text: str
) -> tuple[TemplateVersion | None, float | None]:
    """The template that was asked for or recognised; the score only for a recognised one."""
    asked = asked_template_id(document)
    if asked and (version := current_version(asked)):
        return version, None
    if flow:
        return (current_version(flow.template_id) if flow.template_id else None), None
    hinted = document.type if document.type_source == HINT else ""
    return recognised(document.workspace, text, hinted)


TYPE_COLUMNS = ("type", "type_source", "type_score", "type_candidates")
COLUMNS = (*TYPE_COLUMNS, "template_id", "template_version")


def _write(document: Document, outcome: Classified) -> None:
    document.type, document.type_source, document.type_score = outcome.type, outcome.source, outcome.score
    document.type_candidates = outcome.candidates
    _write_template(document, outcome.template)


def _write_template(document: Document, version: TemplateVersion | None) -> None:
    document.template_id = version.template_id if version else None
    document.template_version = version.version if version else None


def _tell(document: Document, outcome: Classified) -> None:
    """The events of a type that was found and of a template that was recognised."""
    version = outcome.template
    facts = {
        **document_event_data(document),
        "type_score": outcome.score,
        "template_id": str(version.template_id) if version else None,
        "template_version": version.version if version else None,
    }
    if outcome.found:
        outbox_write(
            workspace=document.workspace, event_type="document.classified", object_id=document.pk,
            data={**facts, "candidates": outcome.candidates},
        )  # fmt: skip
    if outcome.match_score is not None:
        outbox_write(
            workspace=document.workspace, event_type="template.matched", object_id=document.pk,
            data={**facts, "match_score": outcome.match_score},
        )  # fmt: skip
