"""What an endpoint does not take, learned from its refusals.

Compatible servers differ in the parameters they know. What one refuses is left out, or asked for in another
way, from then on. Names: "max_tokens", "temperature", "json_schema", "json_object".
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any, Protocol

HTTP_REFUSALS = (400, 422)

_SAYS_NO = re.compile(
    r"unsupported|not support|n't support|unknown|unrecogni[sz]ed|not permitted|not allowed|unexpected"
    r"|invalid|extra (inputs|fields)|only the default|deprecated|not available|must be|should be|cannot",
    re.I,
)
# A limit is no refusal of the parameter: "max_tokens is too large, at most 4096 are supported".
_LIMIT = re.compile(r"too (large|long|many|high)|at most|maximum|exceed", re.I)
_FORMAT = re.compile(r"response_format|json_schema|json_object|structured output|guided|grammar|schema", re.I)


class Habits(Protocol):
    """A memory of refusals, per model."""

    def refused(self, model: str) -> Collection[str]: ...

    def refuse(self, model: str, name: str) -> None: ...


class OwnHabits:
    """Remembers as long as it lives."""

    def __init__(self) -> None:
        self._names: dict[str, set[str]] = {}

    def refused(self, model: str) -> Collection[str]:
        return self._names.get(model, set())

    def refuse(self, model: str, name: str) -> None:
        self._names.setdefault(model, set()).add(name)


def adapted(request: Mapping[str, Any], refused: Collection[str]) -> dict[str, Any]:
    """The request without what is refused: a shorter ladder of answer formats, the other token limit."""
    body = {name: value for name, value in request.items() if name not in refused}
    if "max_tokens" in refused:
        body["max_completion_tokens"] = request["max_tokens"]
    kind = format_of(request)
    if kind == "json_schema" and kind in refused:
        body["response_format"], kind = {"type": "json_object"}, "json_object"
    if kind == "json_object" and kind in refused:
        del body["response_format"]
    return body


def format_of(body: Mapping[str, Any]) -> str:
    """The kind of answer format the body asks for, empty for none."""
    return str((body.get("response_format") or {}).get("type", ""))


def refused_in(body: Mapping[str, Any], param: str, message: str) -> str:
    """The name of what the endpoint refused of this body and we can do without; empty if it is none."""
    said = f"{param} {message}"
    if not _SAYS_NO.search(message):
        return ""
    for name in ("max_tokens", "temperature"):
        if name in body and re.search(rf"\b{name}\b", said) and not _LIMIT.search(message):
            return name
    kind = format_of(body)
    return kind if kind and _FORMAT.search(said) else ""
