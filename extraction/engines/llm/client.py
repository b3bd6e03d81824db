"""A small client for OpenAI-compatible chat completions: the openai SDK with our limits around it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from types import TracebackType
from typing import Any, Protocol, Self

from extraction.engines.llm import errors
from extraction.engines.llm.errors import LlmError
from extraction.engines.llm.habits import HTTP_REFUSALS, Habits, OwnHabits, adapted, refused_in
from extraction.engines.llm.waiting import Tick, ticking, wait
from extraction.engines.llm.wire import Answer, Endpoint, Usage, Wire

__all__ = ["Answer", "ChatClient", "Endpoint", "Message", "Meter", "Tick", "Usage"]

logger = logging.getLogger(__name__)

Message = Mapping[str, Any]

ATTEMPTS = 4
FIRST_PAUSE_S = 1.0
# What a picture costs on common models, for estimates before a call.
PICTURE_TOKENS = 1500
HTTP_OK = 200


@dataclass(slots=True)
class Call:
    """One call as it is metered. `most` is the estimate made before it, `spent` what the endpoint reported.

    `outcome` is "ok", "refused", "cut_off", a code of LlmError or "cancelled".
    """

    model: str
    most: Usage
    spent: Usage = field(default_factory=Usage)
    tries: int = 0
    outcome: str = "cancelled"
    duration_s: float = 0.0


class Meter(Protocol):
    """Stands around every call: may forbid it, and hears how it ended."""

    def started(self, call: Call) -> None:
        """Raises: LlmError to forbid the call; `ended` is not called then."""

    def ended(self, call: Call, error: LlmError | None) -> None:
        """Called once for every started call, however it ended."""


class _NoMeter:
    def started(self, call: Call) -> None: ...

    def ended(self, call: Call, error: LlmError | None) -> None: ...


class ChatClient:
    """Calls one endpoint and keeps its connections; close it, or use it in a `with`.

    `usage` sums up all calls, also those whose answer was of no use. `habits` remembers what the endpoint
    refuses, `meter` allows and counts the calls.
    """

    def __init__(
        self, endpoint: Endpoint, *, habits: Habits | None = None, meter: Meter | None = None
    ) -> None:
        self.endpoint = endpoint
        self.habits: Habits = habits or OwnHabits()
        self.usage = Usage()
        self._meter: Meter = meter or _NoMeter()
        self._wire = Wire(endpoint)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._wire.close()

    def chat(
        self,
        messages: Sequence[Message],
        *,
        model: str,
        response_format: Mapping[str, Any] | None = None,
        max_tokens: int = 4096,
        temperature: float = 0.0,
        timeout: float | None = None,
        tick: Tick | None = None,
    ) -> Answer:
        """The model's answer. What may pass is tried up to ATTEMPTS times, waiting longer each time.

        `timeout` (seconds, the endpoint's if None) bounds all of it: no attempt and no wait goes beyond.
        `tick` is called about twice a second while waiting; what it raises ends the call. A `response_format`
        that the endpoint refuses is asked for in the next weaker form. Raises: LlmError.
        """
        deadline = time.monotonic() + (self.endpoint.timeout_s if timeout is None else timeout)
        request = {"model": model, "messages": list(messages), "max_tokens": max_tokens}
        request["temperature"] = temperature
        if response_format is not None:
            request["response_format"] = dict(response_format)
        call = Call(model, Usage(estimated_tokens(messages), max_tokens))
        self._meter.started(call)
        return self._metered(call, lambda: self._persist(request, call, deadline, tick))

    def _metered(self, call: Call, work: Callable[[], Answer]) -> Answer:
        started, failed = time.monotonic(), None
        try:
            answer = work()
            call.outcome = answer.outcome
            return answer
        except LlmError as error:
            call.outcome, failed = error.code, error
            raise
        finally:
            call.duration_s = time.monotonic() - started
            self.usage += call.spent
            self._meter.ended(call, failed)

    def _persist(self, request: dict[str, Any], call: Call, deadline: float, tick: Tick | None) -> Answer:
        for attempt in count(1):
            try:
                return self._ask(request, call, deadline, tick)
            except LlmError as error:
                pause = FIRST_PAUSE_S * 2 ** (attempt - 1)
                pause = max(pause, error.retry_after or 0.0)
                if not error.transient or attempt >= ATTEMPTS or time.monotonic() + pause >= deadline:
                    raise
                wait(pause, tick)
        raise AssertionError("count() never ends")

    def _ask(self, request: dict[str, Any], call: Call, deadline: float, tick: Tick | None) -> Answer:
        """One attempt, asked anew without what the endpoint refuses of it."""
        refused = set(self.habits.refused(call.model))
        while True:
            body = adapted(request, refused)
            call.tries += 1
            reply = ticking(partial(self._wire.post, body, deadline), tick)
            if reply.status == HTTP_OK:
                call.spent += reply.usage
                return reply.answer()
            logger.warning("Language model answered HTTP %s %s", reply.status, reply.kind)
            name = refused_in(body, reply.param, reply.message) if reply.status in HTTP_REFUSALS else ""
            if not name:
                raise errors.refused(
                    reply.status, call.model, reply.retry_after, reply.message, picture=_has_picture(body)
                )
            refused.add(name)
            self.habits.refuse(call.model, name)


def estimated_tokens(messages: Sequence[Message]) -> int:
    """How many tokens the messages have at most, roughly: three bytes each, a picture PICTURE_TOKENS."""
    total = 0
    for part in _parts(messages):
        picture = part.get("type") == "image_url"
        total += PICTURE_TOKENS if picture else tokens_in(str(part.get("text", "")))
    return total


def tokens_in(text: str) -> int:
    """An estimate that errs upwards: words of European languages have some four bytes per token."""
    return -(-len(text.encode()) // 3)


def _parts(messages: Sequence[Message]) -> list[Mapping[str, Any]]:
    parts: list[Mapping[str, Any]] = []
    for message in messages:
        content = message.get("content")
        parts += content if isinstance(content, list) else [{"type": "text", "text": content}]
    return parts


def _has_picture(body: Mapping[str, Any]) -> bool:
    return any(part.get("type") == "image_url" for part in _parts(body["messages"]))
