"""What views read from a request, checked: bodies, filters, numbers, versions, yes or no."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request

from common.errors import ValidationFailed


def checked(serializer_class: Any, request: Request) -> dict[str, Any]:
    """The request's valid data. Raises: DRF's ValidationError."""
    serializer = serializer_class(data=request.data)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def checked_version(serializer_class: Any, request: Request) -> dict[str, Any]:
    """The request's valid data, with the If-Match header as `version` where the body names none."""
    data = checked(serializer_class, request)
    return data | {"version": data.get("version") or if_match(request)}


def if_match(request: Request) -> int | None:
    """The version that an If-Match header names. Raises: ValidationFailed for something else."""
    text: Any = request.headers.get("If-Match", "").strip('W/" ')
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise ValidationFailed({"If-Match": ["Must be a version number."]})
    return int(text)


def filter_rows(filterset_class: Any, request: Request, rows: Any) -> Any:
    """The rows that the query string asks for. Raises: ValidationFailed."""
    filterset = filterset_class(request.query_params, queryset=rows, request=request)
    if not filterset.is_valid():
        raise ValidationFailed(
            {name: [str(text) for text in texts] for name, texts in filterset.errors.items()}
        )
    return filterset.qs


def query_value(request: Request, name: str, field: serializers.Field[Any, Any, Any, Any]) -> Any:
    """The query parameter as `field` reads it; None when it is absent. Raises: DRF's ValidationError."""
    if name not in request.query_params:
        return None
    try:
        return field.run_validation(request.query_params[name])
    except serializers.ValidationError as error:
        raise serializers.ValidationError({name: error.detail}) from None


def query_flag(request: Request, name: str) -> bool:
    """Whether the query parameter says yes."""
    return request.query_params.get(name) in ("true", "1")
