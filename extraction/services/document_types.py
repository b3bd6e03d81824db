"""Document types of a workspace: its own ones made, changed, removed; built-in ones switched on and off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction

from accounts.actors import Actor
from accounts.services.audit import audit_record
from common.errors import AppError, NotFound, ValidationFailed
from extraction.document_types import DOCUMENT_TYPES, resolve_type
from extraction.engines.fields.defs import FieldDef
from extraction.models import DocumentType, Flow, Template
from extraction.type_registry import ALWAYS_ON, TypeInfo, type_of

# A list of them is read whole at each classification.
MAX_OWN_TYPES = 200


def document_type_create(
    *, actor: Actor, slug: str, fields: Sequence[FieldDef] = (), **values: Any
) -> TypeInfo:
    """A new type of the workspace. Raises: AppError `conflict` for a slug that is taken, ValidationFailed."""
    if resolve_type(slug):
        raise _taken(slug)
    own = DocumentType.objects.filter(workspace=actor.workspace).exclude(slug__in=DOCUMENT_TYPES)
    if own.count() >= MAX_OWN_TYPES:
        raise ValidationFailed({"slug": [f"A workspace has up to {MAX_OWN_TYPES} types of its own."]})
    try:
        with transaction.atomic():
            DocumentType.objects.create(
                workspace=actor.workspace, slug=slug, fields=[field.to_json() for field in fields], **values
            )
            _record(actor, "document_type.created", slug)
    except IntegrityError:
        raise _taken(slug) from None
    return _info(actor, slug)


def document_type_update(
    *, actor: Actor, slug: str, fields: Sequence[FieldDef] | None = None, **values: Any
) -> TypeInfo:
    """The type with these values. Of a built-in type only `enabled` can change.

    Raises: NotFound, ValidationFailed.
    """
    known = type_of(actor.workspace, slug)
    if known is None:
        raise NotFound("document_type")
    if fields is not None:
        values["fields"] = [field.to_json() for field in fields]
    if known.builtin:
        _switch(actor, known.slug, values)
    else:
        with transaction.atomic():
            row = DocumentType.objects.select_for_update().get(workspace=actor.workspace, slug=known.slug)
            for name, value in values.items():
                setattr(row, name, value)
            row.save(update_fields=[*values, "updated_at"])
            _record(actor, "document_type.updated", known.slug, changed=sorted(values))
    return _info(actor, known.slug)


def document_type_delete(*, actor: Actor, slug: str) -> None:
    """Removes a type of the workspace; documents keep its slug.

    Raises: NotFound; AppError `conflict` for a built-in type and for one that flows or templates name.
    """
    known = type_of(actor.workspace, slug)
    if known is None:
        raise NotFound("document_type")
    if known.builtin:
        message = "Built-in types cannot be deleted. Switch it off with `enabled` instead."
        raise AppError("conflict", 409, message, details={"field": "slug"})
    with transaction.atomic():
        _require_unused(actor, known.slug)
        DocumentType.objects.filter(workspace=actor.workspace, slug=known.slug).delete()
        _record(actor, "document_type.deleted", known.slug)


def _switch(actor: Actor, slug: str, values: dict[str, Any]) -> None:
    """Raises: ValidationFailed for anything but `enabled`."""
    fixed = [name for name in values if name != "enabled"]
    if fixed:
        raise ValidationFailed(
            {name: ["This type is built in: only `enabled` can change."] for name in fixed}
        )
    if "enabled" not in values:
        return
    if slug in ALWAYS_ON and not values["enabled"]:
        raise ValidationFailed({"enabled": ["This type is always on: something has to take what is left."]})
    with transaction.atomic():
        DocumentType.objects.update_or_create(
            workspace=actor.workspace,
            slug=slug,
            defaults={"enabled": values["enabled"], "name": DOCUMENT_TYPES[slug]},
        )
        _record(actor, "document_type.updated", slug, changed=["enabled"], enabled=values["enabled"])


def _require_unused(actor: Actor, slug: str) -> None:
    flows = Flow.objects.filter(workspace=actor.workspace, document_type=slug)
    templates = Template.objects.filter(workspace=actor.workspace, document_type_hint=slug)
    used_by = {
        "flow_ids": [str(pk) for pk in flows.values_list("pk", flat=True)],
        "template_ids": [str(pk) for pk in templates.values_list("pk", flat=True)],
    }
    if any(used_by.values()):
        message = "Flows or templates name this type. Give them another type first."
        raise AppError("conflict", 409, message, details={"used_by": used_by})


def _taken(slug: str) -> AppError:
    message = f"There is a type `{slug}` already. Choose another slug."
    return AppError("conflict", 409, message, details={"field": "slug"})


def _info(actor: Actor, slug: str) -> TypeInfo:
    info = type_of(actor.workspace, slug)
    if info is None:  # somebody deleted it in the same moment
        raise NotFound("document_type")
    return info


def _record(actor: Actor, action: str, slug: str, **changes: Any) -> None:
    audit_record(
        actor=actor,
        action=action,
        object_type="document_type",
        object_id=None,
        changes={"slug": slug, **changes},
    )
