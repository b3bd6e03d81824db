"""Which fields a document is read for.

The first of these that there is decides:

1. the template that the request named;
2. the flow that the request named: its template, else its fields. A flow without either asks for no fields;
3. the published template whose rules recognise the document;
4. the flow that its type takes by itself, or the default flow, where it has a template or fields;
5. the fields of its type; for `generic_ocr` whatever the document prints as `label: value`;
6. none: text and Markdown only.

A recognised template stands before a flow that nobody named, since every workspace has such flows for
invoices and receipts, and a template for one supplier's invoices would never be used otherwise. Thresholds
come from the flow in every case.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from documents.models import Document
from documents.services.pipeline import StageFailed
from documents.services.text import document_text
from extraction.engines.blocks import ConvertedDocument
from extraction.engines.fields.defs import FieldDef
from extraction.engines.fields.pairs import pairs_of
from extraction.models import ExtractionMethod, Flow, TemplateVersion
from extraction.services.flows import flow_for
from extraction.type_registry import type_of

ANY_TEXT = "generic_ocr"
# Less text than this (characters) holds no fields.
ENOUGH_TEXT = 50


@dataclass(frozen=True)
class FieldSet:
    """The fields to read, and who says so. `asked` is true where the request named them."""

    defs: Sequence[FieldDef] = ()
    flow: Flow | None = None
    template: TemplateVersion | None = None
    asked: bool = False

    @property
    def method(self) -> ExtractionMethod:
        return ExtractionMethod.TEMPLATE if self.template else ExtractionMethod.RULES


def field_set_of(document: Document, found: ConvertedDocument) -> FieldSet:
    """What a document is read for once it has been classified. Some SQL queries."""
    flow = flow_for(document)
    named_flow = bool(document.flow_id and flow)
    asked = named_flow or bool(asked_template_id(document)) or document.type_source == "hint"
    if template := _used_template(document):
        return FieldSet(template.field_defs(), flow, template, asked)
    if flow and (named_flow or flow.field_defs()):
        return FieldSet(flow.field_defs(), flow, asked=asked)
    return FieldSet(_of_type(document, found), flow, asked=asked)


def field_set_of_flow(flow: Flow) -> FieldSet:
    """What this flow asks for, for trying it out."""
    template = current_version(flow.template_id) if flow.template_id else None
    return FieldSet(template.field_defs() if template else flow.field_defs(), flow, template, asked=True)


def asked_template_id(document: Document) -> UUID | None:
    """The template that the document's last request named."""
    text = document.options.get("template_id")
    return UUID(text) if text else None


def current_version(template_id: UUID) -> TemplateVersion | None:
    """What documents are read with by this template now; None for a draft and for one that is gone."""
    return TemplateVersion.objects.filter(template=template_id).order_by("-version").first()


def require_text(document: Document, wanted: FieldSet) -> None:
    """Refuses to look for fields where there is nothing to read.

    Only where the request itself named the fields (a template, a flow with fields, a type): who uploads a
    short note to have its text gets its text. Raises: StageFailed `insufficient_text`.
    """
    if not wanted.defs or not wanted.asked or document.type == ANY_TEXT:
        return
    if len(document_text(document.pk).strip()) < ENOUGH_TEXT:
        message = (
            f"Fewer than {ENOUGH_TEXT} characters of text were found, too few to read fields from. "
            "Send a sharper scan, or a flow without fields to have the text alone."
        )
        raise StageFailed("insufficient_text", message)


def _used_template(document: Document) -> TemplateVersion | None:
    """The version that the classification settled on; the newest one where that is gone."""
    if document.template_id is None:
        return None
    versions = TemplateVersion.objects.filter(template=document.template_id)
    return versions.filter(version=document.template_version or 0).first() or versions.first()


def _of_type(document: Document, found: ConvertedDocument) -> Sequence[FieldDef]:
    if document.type == ANY_TEXT:
        return pairs_of(found)
    info = type_of(document.workspace, document.type) if document.type else None
    return info.fields if info else ()
