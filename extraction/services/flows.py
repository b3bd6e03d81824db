"""Flows: made, changed, versioned; which one a document takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from accounts.actors import Actor, system_actor
from accounts.models import Workspace
from accounts.services.audit import audit_record
from common.errors import AppError, ValidationFailed, VersionConflict
from documents.models import Document
from extraction.engines.fields.builtin import fields_of
from extraction.engines.fields.defs import FieldDef
from extraction.models import Flow, FlowField, FlowVersion, Template
from extraction.services.choices import check_pages
from extraction.type_registry import known_type

BUILTIN_FLOWS = [
    ("Invoices", "invoice", "Supplier invoices: number, dates, parties and amounts."),
    ("Receipts", "receipt", "Till receipts: company, date, address and total."),
]


def flow_create(*, actor: Actor, fields: Sequence[FieldDef], **values: Any) -> Flow:
    """A new flow at version 1, with fields of its own or a `template`'s.

    Raises: AppError `conflict` for a taken name or a second default; ValidationFailed for an unknown type and
    for fields beside a template.
    """
    values, given = _checked(actor, values, fields)
    with transaction.atomic(), flow_conflicts():
        flow = Flow.objects.create(workspace=actor.workspace, **values)
        _write_fields(flow, given or ())
        flow_snapshot(flow=flow)
        audit_record(
            actor=actor,
            action="flow.created",
            object_type="flow",
            object_id=flow.pk,
            changes={"name": flow.name},
        )
    return flow


def flow_update(
    *, actor: Actor, flow: Flow, fields: Sequence[FieldDef] | None, version: int | None, **values: Any
) -> Flow:
    """The flow with its next version. A template takes the place of its fields, and fields of its template.

    Raises: VersionConflict when `version` is not the current one, AppError `conflict` for a taken name,
    ValidationFailed as `flow_create`.
    """
    values, fields = _checked(actor, values, fields)
    with transaction.atomic(), flow_conflicts():
        row = Flow.objects.select_for_update().get(pk=flow.pk)
        if version is not None and version != row.version:
            raise VersionConflict(row.version)
        for name, value in values.items():
            setattr(row, name, value)
        row.save(update_fields=[*values, "updated_at"])
        if fields is not None:
            _write_fields(row, fields)
        return flow_bump(
            actor=actor, flow=row, changed=[*values, *(["fields"] if fields is not None else [])]
        )


def flow_bump(*, actor: Actor, flow: Flow, changed: Sequence[str]) -> Flow:
    """Numbers the flow's present state as a new version and keeps a snapshot of it."""
    with transaction.atomic():
        Flow.objects.filter(pk=flow.pk).update(version=F("version") + 1)
        flow = Flow.objects.select_related("template").get(pk=flow.pk)
        flow_snapshot(flow=flow)
        audit_record(
            actor=actor,
            action="flow.updated",
            object_type="flow",
            object_id=flow.pk,
            changes={"fields": sorted(changed), "version": flow.version},
        )
    return flow


def flow_delete(*, actor: Actor, flow: Flow) -> None:
    """Removes the flow; documents keep what was read with it and the snapshot in their extractions."""
    with transaction.atomic():
        audit_record(
            actor=actor,
            action="flow.deleted",
            object_type="flow",
            object_id=flow.pk,
            changes={"name": flow.name},
        )
        flow.delete()


def flow_snapshot(*, flow: Flow) -> FlowVersion:
    """Keeps the flow as it stands under its version number."""
    snapshot = {
        "name": flow.name,
        "document_type": flow.document_type,
        "template_id": str(flow.template_id) if flow.template_id else None,
        "fields": [definition.to_json() for definition in flow.field_defs()],
        "policy": {name: getattr(flow, name) for name in POLICY_FIELDS},
    }
    version, _ = FlowVersion.objects.update_or_create(
        flow=flow, version=flow.version, defaults={"snapshot": snapshot}
    )
    return version


POLICY_FIELDS = (
    "review_below_score",
    "auto_approve",
    "auto_approve_min_score",
    "always_review",
    "review_sample_percent",
)


def flows_seed(*, workspace: Workspace) -> None:
    """The built-in flows of a new workspace."""
    for name, slug, description in BUILTIN_FLOWS:
        flow_create(
            actor=system_actor(workspace),
            name=name,
            description=description,
            document_type=slug,
            fields=fields_of(slug),
        )


def flow_duplicate(*, actor: Actor, flow: Flow, name: str = "") -> Flow:
    """A copy at version 1 that nothing takes by itself as the default. Raises: AppError `conflict`."""
    copied = {field.name: getattr(flow, field.name) for field in Flow._meta.fields if field.name not in OWN}
    name = name or _free_name(actor, flow.name)
    return flow_create(actor=actor, fields=flow.field_defs(), **{**copied, "name": name})


# What a copy does not take over.
OWN = ("id", "workspace", "name", "is_default", "version", "created_at", "updated_at")


def _free_name(actor: Actor, name: str) -> str:
    """`Name (copy)`, with a number where that is taken."""
    stem = name[:108]
    taken = set(
        Flow.objects.filter(workspace=actor.workspace, name__startswith=stem).values_list("name", flat=True)
    )
    numbered = (f"{stem} (copy {number})" for number in range(2, len(taken) + 3))
    return next(found for found in (f"{stem} (copy)", *numbered) if found not in taken)


def _checked(
    actor: Actor, values: dict[str, Any], fields: Sequence[FieldDef] | None
) -> tuple[dict[str, Any], Sequence[FieldDef] | None]:
    """The columns and the fields to write, None to keep those there are. Raises: ValidationFailed."""
    columns = dict(values)
    if "document_type" in columns:
        slug = columns["document_type"] or ""
        columns["document_type"] = known_type(actor.workspace, slug, field="document_type")
    check_pages(columns.get("pages"))
    template: Template | None = columns.get("template")
    if template and fields:
        raise ValidationFailed({"fields": ["A flow has fields of its own or a template's. Leave one out."]})
    if template and not template.version:
        raise ValidationFailed({"template_id": ["This template is a draft. Publish it first."]})
    if template:
        return columns, ()
    if fields:
        columns["template"] = None
    return columns, fields


def flow_for(document: Document) -> Flow | None:
    """The flow this document takes: the one asked for, else the one for its type, else the default."""
    flows = Flow.objects.filter(workspace=document.workspace).select_related("template")
    flows = flows.prefetch_related("fields")
    if document.flow_id:
        return flows.filter(pk=document.flow_id).first()
    active = flows.filter(active=True)
    by_type = active.filter(document_type=document.type).first() if document.type else None
    return by_type or active.filter(is_default=True).first()


class flow_conflicts:  # noqa: N801  (a context manager, used like a function)
    """Turns a broken uniqueness rule into the error that names the field."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        if not isinstance(error, IntegrityError):
            return
        field = "is_default" if "flow_one_default" in str(error) else "name"
        message = {
            "name": "There is a flow of this name. Choose another name.",
            "is_default": "Another flow is the default. Take that from it first.",
        }[field]
        raise AppError("conflict", 409, message, details={"field": field}) from None


def _write_fields(flow: Flow, fields: Sequence[FieldDef]) -> None:
    flow.fields.all().delete()
    FlowField.objects.bulk_create(
        FlowField(
            flow=flow,
            position=position,
            name=field.name,
            label=field.label,
            type=field.type,
            required=field.required,
            require_score_above=field.require_score_above,
            values=list(field.values),
            items=[item.to_json() for item in field.items],
            regex=field.regex or "",
            hint=field.hint or "",
            default=field.default,
        )
        for position, field in enumerate(fields)
    )
