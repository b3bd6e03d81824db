"""The base of every API view."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.api.pagination import ListPagination
from common.api.throttling import rate_headers


class ApiView(APIView):
    """An endpoint. `scopes` names the scope that each method needs, `buckets` its rate limit bucket."""

    scopes: dict[str, str] = {}
    buckets: dict[str, str] = {}

    def paged(self, request: Request, rows: Any, output: Any, **context: Any) -> Response:
        """One page of the rows as the serializer `output` shows them. Raises: what ListPagination raises."""
        pages = ListPagination()
        found = pages.paginate_queryset(rows, request, self)
        return pages.get_paginated_response(output(found, many=True, context=context).data)

    def finalize_response(self, request: Any, response: Response, *args: Any, **kwargs: Any) -> Response:
        response = super().finalize_response(request, response, *args, **kwargs)
        inner: HttpRequest = getattr(request, "_request", request)
        for name, value in rate_headers(inner).items():
            response[name] = value
        return response
