"""A flow suggested by the operator's language model from up to four samples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO
from uuid import UUID, uuid4

from django.conf import settings
from django.core.files.storage import default_storage

from accounts.actors import Actor
from common.errors import AppError, NotFound, ValidationFailed
from documents.models import Document, Job, JobType
from documents.services.files import file_delete, file_on_disk, file_store, storage_errors
from documents.services.job_runs import job_start
from documents.services.text import document_text
from extraction import sandbox
from extraction.engines.convert.errors import EngineError
from extraction.engines.convert.options import ConvertOptions
from extraction.engines.convert.render import to_markdown
from extraction.engines.llm.errors import LlmError
from extraction.engines.llm.flow_draft import MAX_SAMPLES, draft_messages, read_draft
from extraction.selectors import require_reading
from extraction.services.llm import PREMIUM, STANDARD, fields_model, llm_client, model_names

MAX_TOKENS = 4096
SAMPLE_PAGES = "1-3"


@dataclass(frozen=True)
class Sample:
    """A file to draft a flow from, its kind already told."""

    file: BinaryIO
    filename: str
    content_type: str


def flow_suggest_start(
    *, actor: Actor, documents: Sequence[Document] = (), files: Sequence[Sample] = (), model: str = ""
) -> Job:
    """A job whose result is a draft: name, description, prompt and fields.

    Files are kept only until the job has read them. Raises: AppError `feature_disabled` without a language
    model, `result_not_ready` for a document that was never read; ValidationFailed.
    """
    require_model()
    if not 1 <= len(documents) + len(files) <= MAX_SAMPLES:
        raise ValidationFailed({"files": [f"Send 1 to {MAX_SAMPLES} files or document_ids."]})
    chosen = _model(model)
    for document in documents:
        require_reading(document)
    return _start(actor, documents, files, chosen)


def can_suggest() -> bool:
    """Whether the operator has set a language model up."""
    return bool(settings.LLM_BASE_URL and model_names())


def require_model() -> None:
    """Raises: AppError `feature_disabled`."""
    if not can_suggest():
        message = "Suggestions need a language model: the operator sets LLM_BASE_URL and LLM_MODELS."
        raise AppError("feature_disabled", 404, message, details={"feature": "ai"})


def flow_draft_run(job: Job) -> dict[str, Any]:
    """The runner of `flow_suggest`. Raises: AppError with the model's or the reader's error code."""
    try:
        texts = [*_document_texts(job), *_file_texts(job)]
        with llm_client(job.workspace_id, purpose="flow_draft") as client:
            answer = client.chat(
                draft_messages(texts),
                model=job.parameters["model"],
                response_format={"type": "json_object"},
                max_tokens=MAX_TOKENS,
            )
        return read_draft(answer.text).to_json()
    except (LlmError, EngineError) as error:
        raise AppError(error.code, 502, error.message) from None
    finally:
        _forget_files(job)


def _start(actor: Actor, documents: Sequence[Document], files: Sequence[Sample], model: str) -> Job:
    parameters = {
        "document_ids": [str(document.pk) for document in documents],
        "filenames": [sample.filename for sample in files],
        "content_types": [sample.content_type for sample in files],
        "model": model,
    }
    job_id = uuid4()
    # Under the job's id, where the sweeper of orphans finds them if the job never does.
    for number, sample in enumerate(files):
        file_store(sample.file, workspace_id=actor.workspace.pk, document_id=job_id, name=f"sample-{number}")
    return job_start(actor=actor, job_type=JobType.FLOW_SUGGEST, parameters=parameters, job_id=job_id)


def _kept(job: Job) -> list[str]:
    """The storage keys of the job's files, in the order in which they were sent."""
    folder = f"{job.workspace_id}/{job.pk}"
    if not job.parameters["filenames"]:
        return []
    try:
        with storage_errors():
            names = default_storage.listdir(folder)[1]
    except FileNotFoundError:
        return []
    return [f"{folder}/{name}" for name in sorted(names, key=lambda name: name.rpartition("-")[2])]


def _forget_files(job: Job) -> None:
    for key in _kept(job):
        file_delete(key)


def _document_texts(job: Job) -> list[str]:
    wanted = job.parameters["document_ids"]
    known = Document.objects.filter(workspace=job.workspace, pk__in=wanted).count()
    if known != len(set(wanted)):
        raise NotFound("document")
    return [document_text(UUID(pk)) for pk in wanted]


def _file_texts(job: Job) -> list[str]:
    """The Markdown of the first pages of each file. Raises: EngineError."""
    options = ConvertOptions(
        pages=SAMPLE_PAGES, ocr_engines=tuple(settings.OCR_ENGINES), languages=tuple(settings.OCR_LANGUAGES)
    )
    texts = []
    for key, content_type in zip(_kept(job), job.parameters["content_types"], strict=True):
        with file_on_disk(key) as path:
            found = sandbox.convert(path, content_type=content_type, options=options)
        texts.append(to_markdown(found, profile="rich"))
    return texts


def _model(name: str) -> str:
    """The model that is asked: the best there is where the word has none. Raises: ValidationFailed."""
    if name in ("", STANDARD, PREMIUM):
        return fields_model(name or STANDARD) or fields_model(PREMIUM) or model_names()[0]
    if name not in model_names():
        choices = ", ".join([STANDARD, PREMIUM, *model_names()])
        raise ValidationFailed({"model": [f"Choose one of: {choices}."]})
    return name
