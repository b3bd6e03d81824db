"""How a file becomes a document: checked, stored, deduplicated, put in line."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, BinaryIO
from uuid import UUID, uuid4

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.module_loading import import_string

from accounts.actors import Actor
from accounts.services.audit import audit_record
from accounts.services.outbox import outbox_write
from common.errors import AppError
from documents.models import Document, Job, JobType, Status
from documents.services.files import file_delete, file_store, sha256_of
from documents.services.jobs import job_create
from documents.services.lifecycle import document_queue
from documents.services.passwords import password_keep

MAX_NAME = 255
RETRYABLE = (Status.FAILED, Status.PASSWORD_REQUIRED, Status.CANCELLED)


@dataclass(frozen=True)
class Upload:
    """What a caller sends: the open file, its name, and the choices an upload may make."""

    file: BinaryIO
    filename: str
    title: str = ""
    flow_id: UUID | None = None
    template_id: UUID | None = None
    type: str = ""
    model: str = "standard"
    external_ref: str = ""
    tags: list[str] = field(default_factory=list)
    metadata: dict[str, Any] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)
    pdf_password: str = ""
    process: bool | None = None
    on_duplicate: str = "return"
    source: str = "upload"
    parent: Document | None = None


# Gives the content type by the file's bytes and the resolved type; checks what higher rooms know about.
UploadCheck = Callable[[Upload, Actor], tuple[str, str]]


@dataclass(frozen=True)
class RunChoices:
    """What a caller asks of a run; what is left empty stays as the document has it.

    An option that is None is taken away, so that the usual one counts again.
    """

    flow_id: UUID | None = None
    type: str = ""
    pdf_password: str = ""
    model: str = ""
    options: dict[str, Any] = field(default_factory=dict)
    template_id: UUID | None = None

    def columns(self, document: Document) -> dict[str, Any]:
        """The document's columns that these choices change."""
        flow = {"flow_id": self.flow_id} if self.flow_id else {}
        said = {"type": self.type, "type_source": "hint"} if self.type else {}
        model = {"model": self.model} if self.model else {}
        merged = {**document.options, **self._template(), **self.options}
        kept = {name: value for name, value in merged.items() if value is not None}
        return {**flow, **said, **model, "options": kept}

    def _template(self) -> dict[str, str | None]:
        """The template as an option; a flow that is named without one takes an earlier one away."""
        if self.template_id:
            return {"template_id": str(self.template_id)}
        return {"template_id": None} if self.flow_id else {}


@dataclass(frozen=True)
class Intake:
    """The outcome of an upload. `job` is None when nothing new runs."""

    document: Document
    deduped: bool
    job: Job | None


def document_create(*, upload: Upload, actor: Actor) -> Intake:
    """Stores the file and puts it in line; the same bytes again give the document that holds them.

    Raises: AppError `empty_file`, `missing_filename`, `file_too_large`, `invalid_file_type`, `corrupt_file`,
    `duplicate_file`, `not_found` (flow), ValidationFailed.
    """
    filename = clean_filename(upload.filename)
    size = file_size(upload.file)
    check: UploadCheck = import_string(settings.INTAKE_CHECK)
    content_type, said_type = check(upload, actor)
    upload = replace(upload, type=said_type)
    digest = sha256_of(upload.file)
    if upload.on_duplicate != "allow" and (twin := _find_twin(actor, digest)):
        return _meet_twin(twin, upload, actor)
    return _store_new(upload, actor, filename, size, content_type, digest)


def clean_filename(name: str) -> str:
    """The last part of the name, without control characters, at most 255 characters, its ending kept.

    Raises: AppError `missing_filename`.
    """
    name = unicodedata.normalize("NFC", name.replace("\\", "/")).rsplit("/", 1)[-1]
    name = re.sub(
        r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", "", name
    ).strip()
    if name in ("", ".", ".."):
        raise AppError("missing_filename", 400, "Send a file name with the file.")
    if len(name) <= MAX_NAME:
        return name
    stem, dot, ending = name.rpartition(".")
    ending = f"{dot}{ending}" if dot and len(ending) <= 10 else ""
    return (stem or name)[: MAX_NAME - len(ending)] + ending


def file_size(file: BinaryIO) -> int:
    """In bytes. Raises: AppError `empty_file`, `file_too_large`."""
    size = file.seek(0, 2)
    file.seek(0)
    if size == 0:
        raise AppError("empty_file", 400, "The file is empty. Send one with content.")
    limit: int = settings.MAX_FILE_BYTES
    if size > limit:
        message = f"The file is larger than {limit // (1024 * 1024)} MB."
        raise AppError("file_too_large", 413, message, details={"limit": limit})
    return size


def _find_twin(actor: Actor, digest: str) -> Document | None:
    return (
        Document.objects.visible_to(actor)
        .select_related("job", "workspace")
        .filter(dedupe_key=digest)
        .first()
    )


def _meet_twin(twin: Document, upload: Upload, actor: Actor) -> Intake:
    if upload.on_duplicate == "reject":
        message = "This file is here already."
        raise AppError("duplicate_file", 409, message, details={"document_id": str(twin.pk)})
    if upload.external_ref:
        _add_ref(twin, upload.external_ref)
    wants_more = bool(upload.pdf_password or upload.type or upload.flow_id or upload.template_id)
    if twin.status not in RETRYABLE or not wants_more:
        return Intake(twin, True, None)
    choices = RunChoices(upload.flow_id, upload.type, upload.pdf_password, template_id=upload.template_id)
    document = document_start(document=twin, actor=actor, choices=choices, reason="uploaded again")
    return Intake(document, True, document.job)


def _add_ref(twin: Document, ref: str) -> None:
    with transaction.atomic():
        # Under the row's lock: of two that come at once, neither overwrites the other's reference.
        row = Document.objects.select_for_update().get(pk=twin.pk)
        if ref not in row.external_refs:
            row.external_refs.append(ref)
            row.external_ref = row.external_ref or ref
            row.save(update_fields=["external_refs", "external_ref", "updated_at"])
    twin.external_refs, twin.external_ref = row.external_refs, row.external_ref


def _store_new(
    upload: Upload, actor: Actor, filename: str, size: int, content_type: str, digest: str
) -> Intake:
    """Writes the file, then the row; the loser of two equal uploads at once gets the winner's document."""
    document_id = uuid4()
    if upload.pdf_password:
        password_keep(document_id=document_id, password=upload.pdf_password)
    key = file_store(upload.file, workspace_id=actor.workspace.pk, document_id=document_id, name="original")
    try:
        with transaction.atomic():
            document = Document.objects.create(
                id=document_id,
                workspace=actor.workspace,
                owner=actor.user,
                filename=filename,
                title=upload.title,
                source=upload.source,
                parent=upload.parent,
                content_type=content_type,
                size_bytes=size,
                sha256=digest,
                dedupe_key=None if upload.on_duplicate == "allow" else digest,
                storage_key=key,
                flow_id=upload.flow_id,
                type=upload.type,
                type_source="hint" if upload.type else "",
                model=upload.model,
                options=_options(upload),
                tags=upload.tags,
                metadata=upload.metadata,
                external_ref=upload.external_ref,
                external_refs=[upload.external_ref] if upload.external_ref else [],
            )
            return Intake(*_accept(document, upload, actor))
    except IntegrityError:
        file_delete(key)
        twin = _find_twin(actor, digest)
        if twin is None:
            raise
        return _meet_twin(twin, upload, actor)
    except BaseException:
        file_delete(key)
        raise


def _options(upload: Upload) -> dict[str, Any]:
    """The reading options, and the template that was asked for beside them."""
    asked = {"template_id": str(upload.template_id)} if upload.template_id else {}
    return {**upload.options, **asked}


def _accept(document: Document, upload: Upload, actor: Actor) -> tuple[Document, bool, Job | None]:
    audit_record(
        actor=actor,
        action="document.uploaded",
        object_type="document",
        object_id=document.pk,
        to_state=Status.PENDING,
        changes={"filename": document.filename, "sha256": document.sha256},
    )
    outbox_write(
        workspace=actor.workspace,
        event_type="document.uploaded",
        object_id=document.pk,
        data={
            "document_id": str(document.pk),
            "filename": document.filename,
            "status": document.status,
            "external_refs": document.external_refs,
        },
    )
    hinted = bool(upload.flow_id or upload.template_id or upload.type)
    process = upload.process if upload.process is not None else (hinted or settings.AUTO_PROCESS)
    if not process:
        return document, False, None
    document = document_start(document=document, actor=actor)
    return document, False, document.job


def document_start(
    *,
    document: Document,
    actor: Actor,
    first_stage: str = "",
    choices: RunChoices = RunChoices(),
    reason: str = "",
) -> Document:
    """Starts a run under a job of its own, from `first_stage` or the beginning.

    Raises: AppError `document_busy`, InvalidState.
    """
    if choices.pdf_password:
        password_keep(document_id=document.pk, password=choices.pdf_password)
    with transaction.atomic():
        job = job_create(
            actor=actor,
            job_type=JobType.DOCUMENT_PROCESS,
            total=1,
            parameters={"document_id": str(document.pk), "filename": document.filename},
        )
        return document_queue(
            document=document,
            actor=actor,
            first_stage=first_stage or settings.PIPELINE[0][0],
            reason=reason,
            changes={"job": job, **choices.columns(document)},
        )
