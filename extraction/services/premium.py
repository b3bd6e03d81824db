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
from extraction.engines.convert.premium import premium_reading
from extraction.engines.llm.client import ChatClient, Endpoint
from extraction.engines.llm.errors import LlmError
from extraction.sandbox.limits import RENDERING

STANDARD, PREMIUM = "standard", "premium"
NOT_SET_UP = (
    "Premium reading needs a vision model: the operator sets LLM_BASE_URL and LLM_VISION_MODEL. "
    "Until then use standard."
)
# Pages drawn ahead: each child ends before its time does, however slow the model is.
_BATCH = 8


def check_model(model: str) -> None:
    """Raises: ValidationFailed for a `model` that this installation cannot read with."""
    if problem := _problem(model):
        raise ValidationFailed({"model": [problem]})


def read_with_model(
    document: Document, path: Path, found: ConvertedDocument, *, password: str | None, watch: OnPage
) -> ConvertedDocument:
    """`found` with its pages as the document's model reads them; unchanged for the standard model.

    Calls the model's endpoint from this process, for up to LLM_STAGE_SECONDS. Pages that a format does not
    have (`meta["synthetic_layout"]`) are not sent. Raises: StageFailed; what `watch` raises.
    """
    if document.model == STANDARD or found.meta.get("synthetic_layout"):
        return found
    if problem := _problem(document.model):
        raise StageFailed("llm_failed", problem)
    numbers = [page.number for page in found.pages]
    try:
        with ChatClient(_endpoint()) as client:
            return premium_reading(
                found,
                _pictures(path, document.content_type, numbers, password),
                client,
                model=settings.LLM_VISION_MODEL if document.model == PREMIUM else document.model,
                watch=watch,
                time_s=settings.LLM_STAGE_SECONDS,
            )
    except (LlmError, EngineError) as error:
        raise StageFailed(error.code, error.message) from None


def _problem(model: str) -> str:
    """Why documents cannot be read with this model, empty if they can."""
    if model == STANDARD:
        return ""
    if not (settings.LLM_BASE_URL and settings.LLM_VISION_MODEL):
        return NOT_SET_UP
    names = [STANDARD, PREMIUM, settings.LLM_VISION_MODEL, *settings.LLM_MODELS]
    return "" if model in names else f"Choose one of: {', '.join(dict.fromkeys(names))}."


def _endpoint() -> Endpoint:
    return Endpoint(settings.LLM_BASE_URL, settings.LLM_API_KEY, float(settings.LLM_TIMEOUT))


def _pictures(
    path: Path, content_type: str, numbers: Sequence[int], password: str | None
) -> Iterator[tuple[int, bytes]]:
    """Each page's number and its JPEG."""
    for start in range(0, len(numbers), _BATCH):
        batch = list(numbers[start : start + _BATCH])
        arguments = {"content_type": content_type, "pages": batch, "password": password}
        frames = sandbox.run("extraction.engines.llm.pictures:page_jpegs", path, arguments, RENDERING)
        # All of them before the first is sent: the child does not wait for the model.
        yield from zip(batch, list(frames), strict=True)
