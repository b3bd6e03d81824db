"""A small client for OpenAI-compatible chat completions."""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import count
from types import TracebackType
from typing import Any, Self

import httpx

from extraction.engines.llm import errors
from extraction.engines.llm.errors import LlmError

logger = logging.getLogger(__name__)

Message = Mapping[str, Any]
# Called while waiting; what it raises ends the call.
Tick = Callable[[], None]

# The longest page in Markdown has some 40 kB; anything near this is a model that runs in circles.
MAX_ANSWER_BYTES = 4 * 1024 * 1024
ATTEMPTS = 4
FIRST_PAUSE_S = 1.0
CONNECT_TIMEOUT_S = 10.0
_TICK_S = 0.5

_THOUGHTS = re.compile(r"\s*<think>.*?</think>", re.S)
_ABOUT_PICTURES = re.compile(r"\b(image|images|image_url|vision|multimodal|multi-modal)\b", re.I)
_SAFE_TO_LOG = re.compile(r"[\w.-]{1,64}")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where the models are: `base_url` ends before "/chat/completions", `timeout_s` bounds a whole call."""

    base_url: str = field(repr=False)
    api_key: str = field(default="", repr=False)
    timeout_s: float = 120.0


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens read and written, 0 where the endpoint does not say."""

    prompt_tokens: int = 0
    completion_tokens: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.prompt_tokens + other.prompt_tokens, self.completion_tokens + other.completion_tokens
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """What the model wrote, without its thoughts. `finish_reason` is "stop", "length", "content_filter" …"""

    text: str
    usage: Usage
    finish_reason: str


class ChatClient:
    """Calls one endpoint and keeps its connections; close it, or use it in a `with`.

    `usage` sums up all calls, also those whose answer was of no use.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self.usage = Usage()
        # Parameters that this endpoint has refused.
        self._unsupported: set[str] = set()
        headers = {b"Accept-Encoding": b"identity"}
        if endpoint.api_key:
            headers[b"Authorization"] = f"Bearer {endpoint.api_key}".encode()
        self._http = httpx.Client(headers=headers)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

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
        `tick` is called about twice a second while waiting between attempts.
        Raises: LlmError.
        """
        deadline = time.monotonic() + (self.endpoint.timeout_s if timeout is None else timeout)
        request = {"model": model, "messages": list(messages), "max_tokens": max_tokens}
        request["temperature"] = temperature
        if response_format is not None:
            request["response_format"] = dict(response_format)
        for attempt in count(1):
            try:
                return self._ask(request, deadline)
            except LlmError as error:
                pause = FIRST_PAUSE_S * 2 ** (attempt - 1)
                pause = max(pause, error.retry_after or 0.0)
                if not error.transient or attempt >= ATTEMPTS or time.monotonic() + pause >= deadline:
                    raise
                _wait(pause, tick)
        raise AssertionError("count() never ends")

    def _ask(self, request: dict[str, Any], deadline: float) -> Answer:
        status, headers, content = self._post(self._supported(request), deadline)
        if status != httpx.codes.OK:
            said = _error_in(content)
            logger.warning("Language model answered HTTP %s %s", status, _loggable(said))
            if status == httpx.codes.BAD_REQUEST and self._learn(str(said.get("message"))):
                return self._ask(request, deadline)
            if _has_picture(request) and _ABOUT_PICTURES.search(str(said.get("message"))):
                raise errors.without_vision(str(request["model"]))
            raise errors.refused(status, str(request["model"]), _seconds(headers.get("Retry-After")))
        answer = _answer_in(content)
        self.usage += answer.usage
        return answer

    def _post(self, body: dict[str, Any], deadline: float) -> tuple[int, httpx.Headers, bytes]:
        left = deadline - time.monotonic()
        if left <= 0:
            raise errors.too_slow()
        url = f"{self.endpoint.base_url.rstrip('/')}/chat/completions"
        timeout = httpx.Timeout(left, connect=min(CONNECT_TIMEOUT_S, left))
        try:
            with self._http.stream("POST", url, json=body, timeout=timeout) as response:
                return response.status_code, response.headers, _read(response, deadline)
        except httpx.ReadTimeout:
            raise errors.too_slow() from None
        except (httpx.HTTPError, httpx.InvalidURL):
            # Their texts may hold the address.
            raise errors.unreachable() from None

    def _supported(self, request: dict[str, Any]) -> dict[str, Any]:
        body = {name: value for name, value in request.items() if name not in self._unsupported}
        if "max_tokens" in self._unsupported:
            body["max_completion_tokens"] = request["max_tokens"]
        return body

    def _learn(self, message: str) -> bool:
        """Whether the endpoint refused a parameter that we can do without; the next calls leave it out."""
        if "unsupported" not in message.lower():
            return False
        new = {name for name in ("max_tokens", "temperature") if f"'{name}'" in message} - self._unsupported
        self._unsupported |= new
        return bool(new)


def _read(response: httpx.Response, deadline: float) -> bytes:
    parts: list[bytes] = []
    size = 0
    for part in response.iter_bytes():
        parts.append(part)
        size += len(part)
        if size > MAX_ANSWER_BYTES:
            raise errors.too_long()
        if time.monotonic() > deadline:
            raise errors.too_slow()
    return b"".join(parts)


def _answer_in(content: bytes) -> Answer:
    try:
        data = json.loads(content)
        choice = data["choices"][0]
        text = choice["message"]["content"] or ""
        if not isinstance(text, str):
            raise TypeError
        usage = data.get("usage") or {}
        counted = Usage(_whole(usage.get("prompt_tokens")), _whole(usage.get("completion_tokens")))
        thoughts = _THOUGHTS.match(text)
        text = text[thoughts.end() :] if thoughts else text
        return Answer(text, counted, str(choice.get("finish_reason") or ""))
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
        raise errors.not_valid() from None


def _whole(value: object) -> int:
    return value if isinstance(value, int) and value > 0 else 0


def _error_in(content: bytes) -> dict[str, Any]:
    """The `error` object of an answer; only its message where the endpoint gives a sentence."""
    try:
        error = json.loads(content)["error"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return {}
    return error if isinstance(error, dict) else {"message": error}


def _loggable(said: Mapping[str, Any]) -> str:
    """The error's kind. Its sentence stays out of the logs: it may quote the key or the document."""
    kinds = [str(said.get(name) or "") for name in ("code", "type")]
    return " ".join(kind for kind in kinds if _SAFE_TO_LOG.fullmatch(kind))


def _has_picture(request: Mapping[str, Any]) -> bool:
    contents = [message.get("content") for message in request["messages"]]
    return any(
        part.get("type") == "image_url"
        for content in contents
        if isinstance(content, list)
        for part in content
    )


def _seconds(retry_after: str | None) -> float | None:
    """A Retry-After header in seconds; it may be a number or a date."""
    if not retry_after:
        return None
    if retry_after.isascii() and retry_after.isdigit():
        return float(retry_after[:9])
    try:
        then = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    then = then if then.tzinfo else then.replace(tzinfo=UTC)
    return max((then - datetime.now(UTC)).total_seconds(), 0.0)


def _wait(seconds: float, tick: Tick | None) -> None:
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        time.sleep(min(left, _TICK_S))
        if tick:
            tick()
