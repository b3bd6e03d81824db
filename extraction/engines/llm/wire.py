"""One HTTP request to a model, by the openai SDK: bounded in time and size, its errors without secrets."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, BeforeValidator, ValidationError

from extraction.engines.llm import errors

if TYPE_CHECKING:
    from httpx2 import Client, Response
    from openai import OpenAI

# The longest page in Markdown has some 40 kB; anything near this is a model that runs in circles.
MAX_ANSWER_BYTES = 4 * 1024 * 1024
CONNECT_TIMEOUT_S = 10.0

# A closing mark without an opening one comes from chat templates that begin the thought themselves.
_THOUGHTS = re.compile(r"\A(?:\s*<think>)?(?:(?!<think>).)*</think>", re.S)
_UNFINISHED_THOUGHT = re.compile(r"\A\s*<think>.*", re.S)
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
    """What the model wrote, without its thoughts. `finish_reason` is "stop", "length", "content_filter" …

    A refusal in the model's own words is told as "content_filter" too.
    """

    text: str
    usage: Usage
    finish_reason: str

    @property
    def outcome(self) -> str:
        return {"content_filter": "refused", "length": "cut_off"}.get(self.finish_reason, "ok")


def _whole(value: object) -> int:
    return value if isinstance(value, int) and value > 0 else 0


Count = Annotated[int, BeforeValidator(_whole)]


class _Message(BaseModel):
    content: str | None = None
    refusal: str | None = None


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None


class _Usage(BaseModel):
    prompt_tokens: Count = 0
    completion_tokens: Count = 0


class _Completion(BaseModel):
    """What we read of a completion; compatible servers leave out much of the rest."""

    choices: list[_Choice]
    usage: _Usage | None = None


class _OnlyUsage(BaseModel):
    usage: _Usage | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer. `message` and `param` are the endpoint's own words: never logged, never shown."""

    status: int
    content: bytes
    retry_after: float | None = None

    @property
    def usage(self) -> Usage:
        try:
            said = _OnlyUsage.model_validate_json(self.content).usage or _Usage()
        except ValidationError:
            return Usage()
        return Usage(said.prompt_tokens, said.completion_tokens)

    def answer(self) -> Answer:
        """Raises: LlmError where this is no completion."""
        try:
            choice = _Completion.model_validate_json(self.content).choices[0]
        except (ValidationError, IndexError):
            raise errors.not_valid() from None
        text, reason = choice.message.content or "", choice.finish_reason or ""
        if choice.message.refusal and not text:
            reason = "content_filter"
        return Answer(without_thoughts(text), self.usage, reason)

    @property
    def message(self) -> str:
        return str(self._error.get("message") or "")

    @property
    def param(self) -> str:
        return str(self._error.get("param") or "")

    @property
    def kind(self) -> str:
        """The error's kind, fit for logs. Its sentence is not: it may quote the key or the document."""
        kinds = [str(self._error.get(name) or "") for name in ("code", "type")]
        return " ".join(kind for kind in kinds if _SAFE_TO_LOG.fullmatch(kind))

    @property
    def _error(self) -> dict[str, Any]:
        """The `error` object; only its message where the endpoint gives a sentence."""
        try:
            said = json.loads(self.content)
            error = said.get("error", said.get("detail", said.get("message")))
        except (ValueError, AttributeError, RecursionError):
            return {}
        return error if isinstance(error, dict) else {"message": error}


class Wire:
    """The SDK's client with bounded answers; no redirect is followed, since it would carry the key along."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        # The deadline belongs to a request, and requests run in threads.
        self._bounds = threading.local()
        self._http: Client | None = None
        self._sdk: OpenAI | None = None

    def close(self) -> None:
        if self._http:
            self._http.close()

    def post(self, body: dict[str, Any], deadline: float) -> Reply:
        """The reply to one attempt, whatever its status. Raises: LlmError for none."""
        # Half a second of CPU time, spent only where a model is called.
        import httpx2
        import openai

        left = deadline - time.monotonic()
        if left <= 0:
            raise errors.too_slow()
        self._bounds.deadline = deadline
        timeout = httpx2.Timeout(left, connect=min(CONNECT_TIMEOUT_S, left))
        try:
            sdk = self._sdk = self._sdk or self._open()
            # Said again for each call: the SDK insists on a key unless the caller leaves the header out.
            keyless: dict[str, Any] = {} if self._endpoint.api_key else {"Authorization": openai.Omit()}
            got = sdk.chat.completions.with_raw_response.create(
                **body, timeout=timeout, extra_headers=keyless
            )
            return Reply(got.status_code, got.content)
        except openai.APIStatusError as error:
            after = seconds(error.response.headers.get("Retry-After"))
            return Reply(error.status_code, error.response.content, after)
        except openai.APITimeoutError as error:
            if isinstance(error.__cause__, httpx2.ReadTimeout | httpx2.WriteTimeout):
                raise errors.too_slow() from None
            raise errors.unreachable() from None
        except (openai.APIConnectionError, httpx2.HTTPError, httpx2.InvalidURL):
            # Their texts may hold the address.
            raise errors.unreachable() from None

    def _open(self) -> OpenAI:
        import httpx2
        import openai

        self._http = httpx2.Client(follow_redirects=False, event_hooks={"response": [self._bound]})
        return openai.OpenAI(
            base_url=self._endpoint.base_url,
            api_key=self._endpoint.api_key or "none",
            max_retries=0,  # chat() tries again: within its deadline, and ticking
            default_headers={"Accept-Encoding": "identity"},
            http_client=self._http,
        )

    def _bound(self, response: Response) -> None:
        """Puts the limits around a body that is about to be read."""
        from httpx2 import SyncByteStream

        deadline = self._bounds.deadline
        assert isinstance(response.stream, SyncByteStream)
        inner: SyncByteStream = response.stream
        # Packed bodies could unpack to any size.
        if response.headers.get("Content-Encoding", "identity") != "identity":
            raise errors.not_valid()

        class Bounded(SyncByteStream):
            def __iter__(self) -> Iterator[bytes]:
                return _bounded(inner, deadline)

            def close(self) -> None:
                inner.close()

        response.stream = Bounded()


def _bounded(parts: Iterable[bytes], deadline: float) -> Iterator[bytes]:
    size = 0
    for part in parts:
        size += len(part)
        if size > MAX_ANSWER_BYTES:
            raise errors.too_long()
        if time.monotonic() > deadline:
            raise errors.too_slow()
        yield part


def without_thoughts(text: str) -> str:
    """The text behind a model's thoughts; empty where it never came to an end of them."""
    found = _THOUGHTS.match(text)
    text = text[found.end() :] if found else text
    return _UNFINISHED_THOUGHT.sub("", text)


def seconds(retry_after: str | None) -> float | None:
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
