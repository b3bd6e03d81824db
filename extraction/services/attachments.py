"""What was attached to a mail becomes documents of its own."""

from __future__ import annotations

import hashlib
import io
import logging
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from accounts.actors import Actor, system_actor
from common.errors import AppError
from documents.models import Document
from documents.services.files import StorageAway, file_on_disk
from documents.services.intake import Upload, document_create
from documents.services.lifecycle import document_locked, document_require_lease
from extraction import sandbox
from extraction.engines.convert.errors import EngineError
from extraction.models import Conversion

logger = logging.getLogger(__name__)
# Mails in mails are opened this deep; one upload makes at most so many documents.
MAX_DEPTH = 3
MAX_PER_MAIL = 50
MAX_IN_ALL = 200


def attachments_store(*, document: Document, attempt: int) -> None:
    """Puts a mail's attachments in line as documents of the mail's owner, each once however often it runs.

    What is of no supported kind, too large or too deep stays a line in the mail's list.
    Raises: LeaseLost, StorageAway.
    """
    conversion = Conversion.objects.filter(document=document).only("meta", "document_id").first()
    listed: list[dict[str, Any]] = (conversion.meta.get("attachments") if conversion else None) or []
    if conversion is None or not listed or not _may_open(document):
        return
    actor = replace(system_actor(document.workspace), user=document.owner)
    with file_on_disk(document.storage_key) as path:
        for item in listed[:MAX_PER_MAIL]:
            document_require_lease(document_id=document.pk, attempt=attempt)
            child = _child(document, item, path, actor)
            item["document_id"] = str(child.pk) if child else None
    with transaction.atomic():
        document_locked(document_id=document.pk, attempt=attempt)
        Conversion.objects.filter(pk=conversion.pk).update(meta=conversion.meta)


def _may_open(mail: Document) -> bool:
    line = [mail.pk]
    parent = mail.parent_id
    while parent is not None and len(line) <= MAX_DEPTH:
        line.append(parent)
        parent = Document.objects.filter(pk=parent).values_list("parent_id", flat=True).first()
    return len(line) <= MAX_DEPTH and _family_size(line[-1]) < MAX_IN_ALL


def _family_size(root: UUID) -> int:
    below = Q(parent=root) | Q(parent__parent=root) | Q(parent__parent__parent=root)
    return Document.objects.filter(below).count()


def _child(mail: Document, item: dict[str, Any], path: Path, actor: Actor) -> Document | None:
    """The attachment's document: made before, somebody's upload of the same bytes, or new. None for none."""
    if item["size"] > settings.MAX_FILE_BYTES:
        return None
    try:
        content = sandbox.attachment(path, index=item["index"])
    except EngineError as error:
        logger.warning("Document %s has an attachment that cannot be read: %s", mail.pk, error.code)
        return None
    digest = hashlib.sha256(content).hexdigest()
    made = Document.objects.filter(parent=mail, sha256=digest).first()
    return made or _take_in(mail, item["name"] or f"attachment-{item['index']}", content, actor)


def _take_in(mail: Document, name: str, content: bytes, actor: Actor) -> Document | None:
    upload = Upload(io.BytesIO(content), name, source="email", parent=mail, process=True)
    try:
        document = document_create(upload=upload, actor=actor).document
    except StorageAway:
        raise
    except AppError:  # empty, too large, of no supported kind
        return None
    # The same bytes may be here already, as an upload or from another mail, which stays their parent.
    Document.objects.filter(pk=document.pk, parent=None).exclude(pk=mail.pk).update(parent=mail)
    return document
