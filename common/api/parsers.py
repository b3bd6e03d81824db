"""Bodies: JSON with a size limit, and the error codes that go with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from rest_framework import parsers

from common.errors import AppError


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
        return data
