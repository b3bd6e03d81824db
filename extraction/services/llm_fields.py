"""A language model's voice in the reading of a document's fields."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from documents.models import Document
from documents.services.files import file_on_disk
from extraction.engines.blocks import ConvertedDocument
from extraction.engines.convert.errors import EngineError
from extraction.engines.convert.options import OnPage
from extraction.engines.fields.candidates import CandidateSource, Reading
from extraction.engines.fields.defs import FieldDef
from extraction.engines.fields.extract import FieldValue
from extraction.engines.fields.layout import lay_out
from extraction.engines.llm.answers import ModelAnswers
from extraction.engines.llm.fields import Question, ask_for_fields
from extraction.engines.llm.structured import structured_values
from extraction.engines.llm.voice import llm_source
from extraction.models import Flow
from extraction.services.llm import fields_model, llm_client, model_problem, model_word, reads_pictures
from extraction.services.premium import page_pictures

# By hand: below this mean score of its words (0–1), a page is shown to a model that can see.
POOR_OCR = 0.6
MAX_PICTURES = 4


@dataclass(frozen=True)
class Heard:
    """What a model adds: a source of candidates, arrays and objects, and how it went.

    `model` is empty where none spoke; `flags` and `note` (a sentence) tell why, or what to be wary of.
    """

    sources: tuple[CandidateSource, ...] = ()
    model: str = ""
    flags: tuple[str, ...] = ()
    note: str = ""
    answers: ModelAnswers | None = None

    def structured(
        self, document: Document, found: ConvertedDocument, defs: Sequence[FieldDef]
    ) -> dict[str, FieldValue]:
        """The arrays and objects among the fields, as the model says them."""
        if not self.answers or not self.answers.said:
            return {}
        reading = Reading(found, defs, document.type or None, document.language or None)
        return structured_values(reading, defs, self.answers)


def hear_model(
    document: Document,
    found: ConvertedDocument,
    flow: Flow | None,
    defs: Sequence[FieldDef],
    *,
    watch: OnPage | None = None,
) -> Heard:
    """The voice of the model that the document or its flow asks for; an empty one where that is none.

    Calls the endpoint from this process, for up to LLM_STAGE_SECONDS, outside of any transaction. Whatever
    goes wrong there is told in flags: the local engine reads the document in any case. Raises: what `watch`
    raises while waiting.
    """
    word = model_word(document, flow)
    model = fields_model(word)
    if not model:
        problem = model_problem(word)
        return Heard(flags=("llm_unavailable",), note=problem) if problem else Heard()
    question = Question(
        model=model,
        prompt=_prompt(document, flow),
        temperature=flow.temperature if flow else 0.0,
        prompt_tokens=settings.LLM_PROMPT_TOKENS,
        max_calls=settings.LLM_MAX_CALLS,
        time_s=float(settings.LLM_STAGE_SECONDS),
        pictures=_pictures(document, found) if reads_pictures(model) else {},
    )
    with llm_client(document.workspace_id, document_id=document.pk, purpose="fields") as client:
        answers = ask_for_fields(
            client, lay_out(found), defs, question, tick=(lambda: watch(0, 1)) if watch else None
        )
    return _heard(answers)


def _heard(answers: ModelAnswers) -> Heard:
    spoke = bool(answers.said)
    told = {
        "llm_incomplete": answers.incomplete,
        "llm_suspicious_text": answers.to_a_model and spoke,
    }
    flags = [name for name, holds in told.items() if holds]
    return Heard(
        sources=(llm_source(answers),) if spoke else (),
        model=answers.model if spoke else "",
        flags=(*flags, answers.error.flag) if answers.error else tuple(flags),
        note=answers.error.message if answers.error else "",
        answers=answers,
    )


def _prompt(document: Document, flow: Flow | None) -> str:
    """What people say about the documents: the flow's words, and those sent in with this one."""
    parts = [flow.prompt, flow.instructions] if flow else []
    return "\n".join(part.strip() for part in [*parts, document.options.get("instructions") or ""] if part)


def _pictures(document: Document, found: ConvertedDocument) -> dict[int, bytes]:
    """Pages that hardly anything could be read of, as far as they can be drawn without their password."""
    if found.meta.get("synthetic_layout"):
        return {}
    poor = [
        page.number
        for page in found.pages
        if not page.words or (page.ocr_score is not None and page.ocr_score < POOR_OCR)
    ][:MAX_PICTURES]
    if not poor:
        return {}
    try:
        with file_on_disk(document.storage_key) as path:
            return dict(page_pictures(path, document.content_type, poor, None))
    except EngineError:
        return {}
