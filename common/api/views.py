"""The base of every API view."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from rest_framework.response import Response
from rest_framework.views import APIView

from common.api.throttling import rate_headers


class ApiView(APIView):
    """An endpoint. `scopes` names the scope that each method needs, `buckets` its rate limit bucket."""

    scopes: dict[str, str] = {}
    buckets: dict[str, str] = {}

    def finalize_response(self, request: Any, response: Response, *args: Any, **kwargs: Any) -> Response:
        response = super().finalize_response(request, response, *args, **kwargs)
        inner: HttpRequest = getattr(request, "_request", request)
        for name, value in rate_headers(inner).items():
            response[name] = value
        return response
