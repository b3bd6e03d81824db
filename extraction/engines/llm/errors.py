"""What a call to a language model raises."""

from __future__ import annotations

from typing import Literal

LlmCode = Literal["llm_failed", "llm_rate_limited", "timeout"]


class LlmError(Exception):
    """A model that gives no usable answer. Codes are the documents' public `error_code`s.

    `message` is one sentence that may be shown; it names neither address nor key. `transient` says that the
    same call may work later, `retry_after` after how many seconds if the endpoint said so.
    """

    def __init__(
        self, code: LlmCode, message: str, *, transient: bool = False, retry_after: float | None = None
    ) -> None:
        super().__init__(message)
        self.code: LlmCode = code
        self.message = message
        self.transient = transient
        self.retry_after = retry_after


def unreachable() -> LlmError:
    return LlmError(
        "llm_failed",
        "The language model cannot be reached; try again later, or have the operator check LLM_BASE_URL.",
        transient=True,
    )


def too_slow() -> LlmError:
    return LlmError(
        "timeout", "The language model took too long; choose fewer pages, or have LLM_TIMEOUT raised."
    )


def not_valid() -> LlmError:
    return LlmError(
        "llm_failed",
        "The language model's answer was not valid; try again, or have the operator check LLM_BASE_URL.",
        transient=True,
    )


def too_long() -> LlmError:
    return LlmError("llm_failed", "The language model's answer was too long; choose another model.")


def without_vision(model: str) -> LlmError:
    return LlmError(
        "llm_failed",
        f"The model {model} does not accept pictures; name one that reads pictures (LLM_VISION_MODEL).",
    )


def refused(status: int, model: str, retry_after: float | None) -> LlmError:
    """The error for an HTTP status other than 200."""
    if status in (401, 403):
        return LlmError(
            "llm_failed", "The language model's endpoint refuses our key; have LLM_API_KEY checked."
        )
    if status == 404:
        return LlmError("llm_failed", f"The language model's endpoint does not know the model {model}.")
    if status == 429:
        return LlmError(
            "llm_rate_limited",
            "The language model's endpoint takes no more calls at present; try again later.",
            transient=True,
            retry_after=retry_after,
        )
    if status in (408, 409, 425) or status >= 500:
        return LlmError(
            "llm_failed",
            "The language model's endpoint is out of order; try again later.",
            transient=True,
            retry_after=retry_after,
        )
    return LlmError("llm_failed", f"The language model's endpoint refused the call (HTTP {status}).")
