"""Templates: made, changed, published, removed. What is published never changes again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify

from accounts.actors import Actor
from accounts.services.audit import audit_record
from common.errors import AppError, ValidationFailed
from extraction.engines.fields.defs import FieldDef
from extraction.engines.fields.template_match import DEFAULT_MIN_SCORE, rule_problems
from extraction.models import Flow, Template, TemplateStatus, TemplateVersion
from extraction.services.values import entered_value
from extraction.type_registry import known_type

MAX_FIELDS = 100
NO_RULES: dict[str, Any] = {
    "keywords_any": [],
    "keywords_all": [],
    "regex": None,
    "min_score": DEFAULT_MIN_SCORE,
}


def template_create(
    *,
    actor: Actor,
    name: str,
    fields: Sequence[FieldDef],
    slug: str = "",
    document_type_hint: str = "",
    match: Mapping[str, Any] | None = None,
    active: bool = False,
) -> Template:
    """A new draft, or with `active` one that is published at once.

    Raises: AppError `conflict` for a slug that is taken, ValidationFailed.
    """
    values = _checked(
        actor, {"document_type_hint": document_type_hint, "fields": fields, "match": match or {}}
    )
    slug = slug or _free_slug(actor, name)
    try:
        with transaction.atomic():
            template = Template.objects.create(workspace=actor.workspace, name=name, slug=slug, **values)
            _record(actor, template, "template.created", slug=slug)
            return template_publish(actor=actor, template=template) if active else template
    except IntegrityError:
        raise _slug_taken() from None


def template_update(*, actor: Actor, template: Template, **values: Any) -> Template:
    """The template with these values. What documents are read with changes when it is published.

    `active` switches a published template on and off. Raises: AppError `conflict`, `invalid_state` for a
    draft that was never published; ValidationFailed.
    """
    active: bool | None = values.pop("active", None)
    values = _checked(actor, values)
    try:
        with transaction.atomic():
            row = Template.objects.select_for_update().get(pk=template.pk)
            if active is not None and active != row.active:
                values["status"] = _switched(row, active)
            for name, value in values.items():
                setattr(row, name, value)
            row.save(update_fields=[*values, "updated_at"])
            _record(actor, row, "template.updated", changed=sorted(values))
    except IntegrityError:
        raise _slug_taken() from None
    return row


def template_publish(*, actor: Actor, template: Template) -> Template:
    """The template as it stands becomes its next version, which documents are read with from now on."""
    with transaction.atomic():
        row = Template.objects.select_for_update().get(pk=template.pk)
        row.version += 1
        row.status, row.published_at = TemplateStatus.ACTIVE, timezone.now()
        row.save(update_fields=["version", "status", "published_at", "updated_at"])
        TemplateVersion.objects.create(template=row, version=row.version, snapshot=row.snapshot())
        _record(actor, row, "template.published", version=row.version)
    return row


def template_delete(*, actor: Actor, template: Template) -> None:
    """Removes it with its versions; documents keep what was read and the definitions it was read with.

    Raises: AppError `conflict` while a flow uses it.
    """
    with transaction.atomic():
        row = Template.objects.select_for_update().get(pk=template.pk)
        flow_ids = [str(pk) for pk in Flow.objects.filter(template=row).values_list("pk", flat=True)]
        if flow_ids:
            message = "Flows use this template. Give them other fields first."
            raise AppError("conflict", 409, message, details={"flow_ids": flow_ids})
        _record(actor, row, "template.deleted", name=row.name, version=row.version)
        row.delete()


def template_problems(*, template: Template, values: Mapping[str, Any]) -> dict[str, list[str]]:
    """What is wrong with values for the template's fields as they are being edited; empty when all fit."""
    known = {definition.name: definition for definition in template.field_defs()}
    problems = {name: ["This template has no such field."] for name in values if name not in known}
    for name, definition in known.items():
        try:
            value = entered_value(values.get(name), definition)
        except ValueError as error:
            problems[name] = [str(error)]
        else:
            if value is None and definition.required:
                problems[name] = ["This field is required."]
    return problems


def _checked(actor: Actor, values: dict[str, Any]) -> dict[str, Any]:
    """The columns for these values. Raises: ValidationFailed."""
    columns = dict(values)
    if "fields" in columns:
        if not 1 <= len(columns["fields"]) <= MAX_FIELDS:
            raise ValidationFailed({"fields": [f"A template has 1 to {MAX_FIELDS} fields."]})
        columns["fields"] = [field.to_json() for field in columns["fields"]]
    if "match" in columns:
        columns["match"] = {**NO_RULES, **columns["match"]}
        if problems := rule_problems(columns["match"]):
            raise ValidationFailed({f"match.{name}": texts for name, texts in problems.items()})
    if "document_type_hint" in columns:
        hint = columns["document_type_hint"] or ""
        columns["document_type_hint"] = known_type(actor.workspace, hint, field="document_type_hint")
    return columns


def _switched(row: Template, active: bool) -> TemplateStatus:
    """Raises: InvalidState for a template that was never published."""
    if not row.version:
        details = {"status": row.status, "allowed": [TemplateStatus.ACTIVE, TemplateStatus.INACTIVE]}
        message = "This template was never published. Publish it first."
        raise AppError("invalid_state", 409, message, details=details)
    return TemplateStatus.ACTIVE if active else TemplateStatus.INACTIVE


def _free_slug(actor: Actor, name: str) -> str:
    """A slug made of the name, with a number where it is taken."""
    stem = slugify(name)[:56] or "template"
    taken = set(
        Template.objects.filter(workspace=actor.workspace, slug__startswith=stem).values_list(
            "slug", flat=True
        )
    )
    numbered = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return next(slug for slug in (stem, *numbered) if slug not in taken)


def _slug_taken() -> AppError:
    message = "There is a template with this slug. Choose another slug."
    return AppError("conflict", 409, message, details={"field": "slug"})


def _record(actor: Actor, template: Template, action: str, **changes: Any) -> None:
    audit_record(actor=actor, action=action, object_type="template", object_id=template.pk, changes=changes)
