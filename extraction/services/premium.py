"""Premium reading: where the documents meet the operator's vision model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from django.conf import settings

from common.errors import ValidationFailed
from documents.models import Document
from documents.services.pipeline import StageFailed
from extraction import sandbox
from extraction.engines.blocks import ConvertedDocument
from extraction.engines.convert.errors import EngineError
from extraction.engines.convert.options import OnPage
from extraction.engines.convert.premium import premium_reading, without_model
from extraction.sandbox.limits import RENDERING
from extraction.services.llm import llm_client, model_problem, pages_model

# Pages drawn ahead: each child ends before its time does, however slow the model is.
_BATCH = 8


def check_model(model: str) -> None:
    """Raises: ValidationFailed for a `model` that this installation cannot read with."""
    if problem := model_problem(model):
        raise ValidationFailed({"model": [problem]})


def read_with_model(
    document: Document, path: Path, found: ConvertedDocument, *, password: str | None, watch: OnPage
) -> ConvertedDocument:
    """`found` with its pages as the document's model reads them; unchanged where that reads no pictures.

    Calls the model's endpoint from this process, for up to LLM_STAGE_SECONDS. Pages that a format does not
    have (`meta["synthetic_layout"]`) are not sent. A model that fails, is over budget or was taken away
    leaves the local reading, with `meta["llm"]` on why. Raises: StageFailed; what `watch` raises.
    """
    if found.meta.get("synthetic_layout"):
        return found
    if problem := model_problem(document.model):
        return without_model(found, "llm_unavailable", problem)
    model = pages_model(document.model)
    if not model:
        return found
    numbers = [page.number for page in found.pages]
    try:
        with llm_client(document.workspace_id, document_id=document.pk, purpose="pages") as client:
            return premium_reading(
                found,
                page_pictures(path, document.content_type, numbers, password),
                client,
                model=model,
                watch=watch,
                time_s=settings.LLM_STAGE_SECONDS,
            )
    except EngineError as error:
        raise StageFailed(error.code, error.message) from None


def page_pictures(
    path: Path, content_type: str, numbers: Sequence[int], password: str | None
) -> Iterator[tuple[int, bytes]]:
    """Each page's number and its JPEG, drawn in the sandbox. Raises: PasswordRequired; EngineError."""
    for start in range(0, len(numbers), _BATCH):
        batch = list(numbers[start : start + _BATCH])
        arguments = {"content_type": content_type, "pages": batch, "password": password}
        frames = sandbox.run("extraction.engines.llm.pictures:page_jpegs", path, arguments, RENDERING)
        # All of them before the first is sent: the child does not wait for the model.
        yield from zip(batch, list(frames), strict=True)
