"""Language models of this installation: which one a document asks, and the client that is metered."""

from __future__ import annotations

from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings

from documents.models import Document
from extraction.engines.llm.client import Call, ChatClient, Endpoint
from extraction.engines.llm.errors import LlmError
from extraction.models import Flow, LlmCall
from extraction.services.flows import flow_for
from extraction.services.llm_calls import llm_call_end, llm_call_start
from extraction.services.llm_endpoint import Breaker, SharedHabits

# Words for a model besides names: the usual one, the best one, none at all.
STANDARD, PREMIUM, LOCAL = "standard", "premium", "local"
NOT_SET_UP = (
    "This needs a language model: the operator sets LLM_BASE_URL and LLM_VISION_MODEL, or LLM_PREMIUM_MODEL "
    "for fields alone. Until then use standard."
)


def model_problem(word: str) -> str:
    """Why documents cannot be read with this model, empty if they can."""
    if word in (STANDARD, LOCAL):
        return ""
    if not (settings.LLM_BASE_URL and (word != PREMIUM or _premium())):
        return NOT_SET_UP
    names = [STANDARD, PREMIUM, LOCAL, *model_names()]
    return "" if word in names else f"Choose one of: {', '.join(names)}."


def model_word(document: Document, flow: Flow | None) -> str:
    """What the document was sent in with, else what its flow says."""
    return flow.model if flow and document.model == STANDARD else document.model


def fields_model(word: str) -> str:
    """The model that is asked for fields, empty for none."""
    if not settings.LLM_BASE_URL or model_problem(word):
        return ""
    return {STANDARD: settings.LLM_STANDARD_MODEL, PREMIUM: _premium(), LOCAL: ""}.get(word, word)


def pages_model(word: str) -> str:
    """The model that reads pages from pictures, empty for none."""
    if word == PREMIUM:
        return str(settings.LLM_VISION_MODEL)
    return word if word not in (STANDARD, LOCAL) and reads_pictures(word) else ""


def reads_pictures(model: str) -> bool:
    """Whether the operator says that it does."""
    return bool(model) and model in (settings.LLM_VISION_MODEL, *settings.LLM_MODELS)


def can_see(document: Document, flow: Flow | None) -> bool:
    """Whether the model that is asked for the document's fields reads pictures too."""
    return reads_pictures(fields_model(model_word(document, flow)))


def extract_queue(document_id: UUID) -> str:
    """The queue for a document's fields: those who wait for a model do not hold up the others."""
    if not settings.LLM_BASE_URL:
        return "cpu"
    document = Document.objects.select_related("workspace").get(pk=document_id)
    return "llm" if fields_model(model_word(document, flow_for(document))) else "cpu"


def llm_client(workspace_id: UUID, *, purpose: str, document_id: UUID | None = None) -> ChatClient:
    """A client whose calls are allowed by the budgets and the breaker, and stand in the ledger."""
    endpoint = Endpoint(settings.LLM_BASE_URL, settings.LLM_API_KEY, float(settings.LLM_TIMEOUT))
    meter = _Meter(workspace_id, document_id, purpose, endpoint.base_url)
    return ChatClient(endpoint, habits=SharedHabits(endpoint.base_url), meter=meter)


class _Meter:
    """Asks breaker and budgets before a call, and writes the call down."""

    def __init__(self, workspace_id: UUID, document_id: UUID | None, purpose: str, base_url: str) -> None:
        self._workspace_id, self._document_id, self._purpose = workspace_id, document_id, purpose
        self._host = urlsplit(base_url).hostname or ""
        self._breaker = Breaker(base_url)
        self._row: LlmCall | None = None

    def started(self, call: Call) -> None:
        self._breaker.admit()
        try:
            self._row = llm_call_start(
                workspace_id=self._workspace_id,
                document_id=self._document_id,
                purpose=self._purpose,
                model=call.model,
                host=self._host,
                most=call.most,
            )
        except BaseException:
            self._breaker.release()
            raise

    def ended(self, call: Call, error: LlmError | None) -> None:
        if call.outcome == "cancelled":
            self._breaker.release()
        else:
            self._breaker.heard(error)
        if self._row:
            llm_call_end(row=self._row, call=call)


def _premium() -> str:
    return str(settings.LLM_PREMIUM_MODEL or settings.LLM_VISION_MODEL)


def model_names() -> list[str]:
    """The models that callers may name, the usual one first."""
    own = (settings.LLM_STANDARD_MODEL, settings.LLM_PREMIUM_MODEL, settings.LLM_VISION_MODEL)
    return list(dict.fromkeys(name for name in (*own, *settings.LLM_MODELS) if name))
