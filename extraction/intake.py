"""What the reading room has to say about an upload before it is stored."""

from __future__ import annotations

from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from accounts.actors import Actor
from common.errors import AppError, NotFound, ValidationFailed
from documents.services.intake import Upload, clean_filename, file_size
from extraction.engines.convert.filetypes import HEAD_BYTES, SUPPORTED, decode, detect, is_xml
from extraction.models import Flow, Template
from extraction.services.choices import check_pages
from extraction.services.flow_drafts import Sample
from extraction.services.premium import check_model
from extraction.type_registry import known_type

ZIP_START = b"PK\x03\x04"


def check_upload(upload: Upload, actor: Actor) -> tuple[str, str]:
    """The file's content type, told by its bytes, and the type it was said to be, aliases resolved.

    Raises: AppError `invalid_file_type`, NotFound for a flow or template that the actor does not see,
    ValidationFailed.
    """
    said_type = check_choices(
        flow_id=upload.flow_id, template_id=upload.template_id, type_slug=upload.type, actor=actor
    )
    check_model(upload.model)
    check_pages(upload.options.get("pages"))
    return check_file(upload.file, upload.filename), said_type


def sample_of(file: Any) -> Sample:
    """An uploaded file as a sample to draft a flow from.

    Raises: AppError `empty_file`, `missing_filename`, `file_too_large`, `invalid_file_type`.
    """
    filename = clean_filename(file.name)
    file_size(file.file)
    return Sample(file.file, filename, check_file(file.file, filename))


def check_file(file: BinaryIO, filename: str) -> str:
    """The content type, told by the bytes. Raises: AppError `invalid_file_type`."""
    content_type = _detect(file, filename)
    if content_type is None:
        message = _refusal(file, filename)
        raise AppError("invalid_file_type", 400, message, details={"supported": sorted(SUPPORTED)})
    return content_type


def check_choices(*, flow_id: UUID | None, template_id: UUID | None, type_slug: str, actor: Actor) -> str:
    """The type with its alias resolved; empty for none.

    Raises: NotFound for a flow or template that the actor does not see, ValidationFailed for an unknown type
    and for a template that was never published.
    """
    if flow_id and not Flow.objects.visible_to(actor).filter(pk=flow_id).exists():
        raise NotFound("flow", field="flow_id")
    if template_id:
        _check_template(template_id, actor)
    return known_type(actor.workspace, type_slug)


def _check_template(template_id: UUID, actor: Actor) -> None:
    template = Template.objects.visible_to(actor).filter(pk=template_id).first()
    if template is None:
        raise NotFound("template", field="template_id")
    if not template.version:
        raise ValidationFailed({"template_id": ["This template is a draft. Publish it first."]})


def _refusal(file: BinaryIO, filename: str) -> str:
    head = decode(file.read(HEAD_BYTES), cut=True) or ""
    file.seek(0)
    if is_xml(head, filename):
        return (
            "This XML is not an invoice. Send XRechnung, ZUGFeRD, Factur-X or UBL, or a file of another kind."
        )
    return f"This kind of file is not supported. Send one of: {', '.join(SUPPORTED.values())}."


def _detect(file: BinaryIO, filename: str) -> str | None:
    head = file.read(HEAD_BYTES)
    source: Path | bytes = head
    if head.startswith(ZIP_START):
        path = getattr(file, "temporary_file_path", None)
        source = Path(path()) if path is not None else head + file.read()
    file.seek(0)
    return detect(head, source, name=filename)
