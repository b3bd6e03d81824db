"""What a call to a language model raises."""

from __future__ import annotations

import re
from typing import Literal

LlmCode = Literal["llm_failed", "llm_rate_limited", "timeout"]
# Why no model was asked, or why its answer does not count: flags of a document.
LlmFlag = Literal["llm_unavailable", "llm_over_budget"]

_ABOUT_PICTURES = re.compile(r"\b(image|images|image_url|vision|multimodal|multi-modal)\b", re.I)
_ABOUT_LENGTH = re.compile(
    r"context.{0,12}(length|size|window)|maximum context|too (long|many tokens)|prompt.{0,20}exceed", re.I
)


class LlmError(Exception):
    """A model that gives no usable answer. Codes are the documents' public `error_code`s.

    `message` is one sentence that may be shown; it names neither address nor key. `transient` says that the
    same call may work later, `retry_after` after how many seconds if the endpoint said so. `outage` says that
    the next call to the endpoint is likely to fail as well, `too_much` that a shorter question may do.
    """

    def __init__(
        self,
        code: LlmCode,
        message: str,
        *,
        transient: bool = False,
        retry_after: float | None = None,
        outage: bool = False,
        too_much: bool = False,
        flag: LlmFlag = "llm_unavailable",
    ) -> None:
        super().__init__(message)
        self.code: LlmCode = code
        self.message = message
        self.transient = transient
        self.retry_after = retry_after
        self.outage = outage
        self.too_much = too_much
        self.flag: LlmFlag = flag


def unreachable() -> LlmError:
    return LlmError(
        "llm_failed",
        "The language model cannot be reached; try again later, or have the operator check LLM_BASE_URL.",
        transient=True,
        outage=True,
    )


def too_slow() -> LlmError:
    return LlmError(
        "timeout",
        "The language model took too long; choose fewer pages, or have LLM_TIMEOUT raised.",
        outage=True,
    )


def not_valid() -> LlmError:
    return LlmError(
        "llm_failed",
        "The language model's answer was not valid; try again, or have the operator check LLM_BASE_URL.",
        transient=True,
    )


def no_fields(why: str) -> LlmError:
    """For an answer in which no field can be read."""
    return LlmError("llm_failed", f"The language model gave no usable answer ({why}); try another model.")


def too_long() -> LlmError:
    return LlmError("llm_failed", "The language model's answer was too long; choose another model.")


def resting() -> LlmError:
    return LlmError(
        "llm_failed",
        "The language model failed several times in a row and is left alone for a while; try again later.",
    )


def over_budget(what: str) -> LlmError:
    return LlmError(
        "llm_failed",
        f"{what} is used up for this month; have the operator raise it, or use the local engine.",
        flag="llm_over_budget",
    )


def without_price(model: str) -> LlmError:
    return LlmError(
        "llm_failed",
        f"There is a budget, but no price for the model {model}; have the operator add it to LLM_PRICES.",
        flag="llm_over_budget",
    )


def without_vision(model: str) -> LlmError:
    return LlmError(
        "llm_failed",
        f"The model {model} does not accept pictures; name one that reads pictures (LLM_VISION_MODEL).",
    )


def refused(
    status: int, model: str, retry_after: float | None, said: str = "", *, picture: bool = False
) -> LlmError:
    """The error for an HTTP status other than 200; `said` is the endpoint's sentence, never passed on."""
    if picture and _ABOUT_PICTURES.search(said):
        return without_vision(model)
    if status in (401, 403):
        return LlmError(
            "llm_failed",
            "The language model's endpoint refuses our key; have LLM_API_KEY checked.",
            outage=True,
        )
    if status == 404:
        return LlmError("llm_failed", f"The language model's endpoint does not know the model {model}.")
    if status == 429:
        return LlmError(
            "llm_rate_limited",
            "The language model's endpoint takes no more calls at present; try again later.",
            transient=True,
            retry_after=retry_after,
            outage=True,
        )
    if status in (408, 409, 425) or status >= 500:
        return LlmError(
            "llm_failed",
            "The language model's endpoint is out of order; try again later.",
            transient=True,
            retry_after=retry_after,
            outage=True,
        )
    return LlmError(
        "llm_failed",
        f"The language model's endpoint refused the call (HTTP {status}).",
        too_much=status in (400, 413) and bool(_ABOUT_LENGTH.search(said)),
    )
