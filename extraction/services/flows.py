"""Flows: made, changed, versioned; which one a document takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from accounts.actors import Actor, system_actor
from accounts.models import Workspace
from accounts.services.audit import audit_record
from common.errors import AppError, VersionConflict
from documents.models import Document
from extraction.engines.fields.builtin import fields_of
from extraction.engines.fields.defs import FieldDef
from extraction.models import Flow, FlowField, FlowVersion

BUILTIN_FLOWS = [
    ("Invoices", "invoice", "Supplier invoices: number, dates, parties and amounts."),
    ("Receipts", "receipt", "Till receipts: company, date, address and total."),
]


def flow_create(*, actor: Actor, fields: Sequence[FieldDef], **values: Any) -> Flow:
    """A new flow at version 1. Raises: AppError `conflict` for a taken name or a second default."""
    with transaction.atomic(), flow_conflicts():
        flow = Flow.objects.create(workspace=actor.workspace, **values)
        _write_fields(flow, fields)
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
    """The flow with its next version.

    Raises: VersionConflict when `version` is not the current one, AppError `conflict` for a taken name.
    """
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
        flow = Flow.objects.get(pk=flow.pk)
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


def flow_for(document: Document) -> Flow | None:
    """The flow this document takes: the one asked for, else the one for its type, else the default."""
    flows = Flow.objects.filter(workspace=document.workspace).prefetch_related("fields")
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
