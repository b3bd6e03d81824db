"""Bodies: JSON with a size limit, and the error codes that go with it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from rest_framework import parsers

from common.errors import AppError, ValidationFailed

MAX_DEPTH = 64
UNSTORABLE_TEXT = re.compile("[\x00\ud800-\udfff]")
MAX_INTEGER = 2**63


def body_too_large(limit: int) -> AppError:
    message = f"The request body may have at most {limit // (1024 * 1024)} MB."
    return AppError("body_too_large", 413, message, details={"limit": limit})


class JSONParser(parsers.JSONParser):
    """JSON up to MAX_JSON_BODY_BYTES, NUL characters refused since Postgres cannot hold them."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        limit: int = settings.MAX_JSON_BODY_BYTES
        request = (parser_context or {}).get("request")
        if request is not None and int(request.META.get("CONTENT_LENGTH") or 0) > limit:
            raise body_too_large(limit)
        try:
            data = super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise AppError("invalid_json", 400, "The JSON is nested too deeply.") from None
        if not isinstance(data, dict):
            raise AppError("invalid_json", 400, "The request body must be a JSON object.")
        if problem := unstorable(data):
            raise ValidationFailed({"body": [problem]})
        return data


def unstorable(data: Any) -> str | None:
    """Why the database or a later JSON answer could not hold this parsed JSON; None when they can."""
    level = [data]
    for _ in range(MAX_DEPTH):
        for item in level:
            if problem := _problem_of(item):
                return problem
        nested = [[*item, *item.values()] if isinstance(item, dict) else item for item in level]
        level = [part for parts in nested if isinstance(parts, list) for part in parts]
        if not level:
            return None
    return f"The JSON is nested more than {MAX_DEPTH} levels deep."


def _problem_of(item: Any) -> str | None:
    if isinstance(item, str) and UNSTORABLE_TEXT.search(item):
        return "Texts may not hold NUL characters or halves of characters (surrogates)."
    if isinstance(item, float) and not math.isfinite(item):
        return "Numbers must be finite."
    if isinstance(item, int) and abs(item) > MAX_INTEGER:
        return "Whole numbers may have at most 64 bits."
    return None
