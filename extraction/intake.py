"""What the reading room has to say about an upload before it is stored."""

from __future__ import annotations

import re
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from accounts.actors import Actor
from common.errors import AppError, NotFound, ValidationFailed
from documents.services.intake import Upload
from extraction.document_types import DOCUMENT_TYPES, resolve_type
from extraction.engines.convert.filetypes import HEAD_BYTES, SUPPORTED, decode, detect, is_xml
from extraction.models import Flow
from extraction.services.premium import check_model

PAGES = re.compile(r"^\s*\d{1,5}(\s*-\s*\d{1,5})?(\s*,\s*\d{1,5}(\s*-\s*\d{1,5})?)*\s*$")
ZIP_START = b"PK\x03\x04"


def check_upload(upload: Upload, actor: Actor) -> tuple[str, str]:
    """The file's content type, told by its bytes, and the type it was said to be, aliases resolved.

    Raises: AppError `invalid_file_type`, NotFound for a flow that the actor does not see, ValidationFailed.
    """
    said_type = check_choices(flow_id=upload.flow_id, type_slug=upload.type, actor=actor)
    check_model(upload.model)
    check_pages(upload.options.get("pages"))
    content_type = _detect(upload.file, upload.filename)
    if content_type is None:
        message = _refusal(upload.file, upload.filename)
        raise AppError("invalid_file_type", 400, message, details={"supported": sorted(SUPPORTED)})
    return content_type, said_type


def check_choices(*, flow_id: UUID | None, type_slug: str, actor: Actor) -> str:
    """The type with its alias resolved; empty for none.

    Raises: NotFound for a flow that the actor does not see, ValidationFailed for an unknown type.
    """
    if flow_id and not Flow.objects.visible_to(actor).filter(pk=flow_id).exists():
        raise NotFound("flow", field="flow_id")
    said_type = resolve_type(type_slug) if type_slug else ""
    if said_type is None:
        raise ValidationFailed({"type": [f"Choose one of: {', '.join(DOCUMENT_TYPES)}."]})
    return said_type


def check_pages(pages: str | None) -> None:
    """Raises: ValidationFailed for a selection that is not written as one."""
    if pages and not PAGES.match(pages):
        raise ValidationFailed({"pages": ["Write page numbers such as 1-5,8,10-12."]})


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
