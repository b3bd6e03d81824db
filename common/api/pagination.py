"""Lists: signed keyset cursors everywhere, offsets where a screen jumps between pages."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core import signing
from django.db.models import DateTimeField, F, Model, Q, QuerySet
from django.utils.dateparse import parse_datetime
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response

from common.errors import AppError, ValidationFailed

if TYPE_CHECKING:
    from rest_framework.views import APIView

SALT = "recto.cursor"
PAGE_KEYS = {"cursor", "limit", "offset", "count"}
MAX_LIMIT, DEFAULT_LIMIT, MAX_OFFSET = 200, 50, 10_000


@dataclass(frozen=True)
class PageRequest:
    """The paging part of a query string, checked."""

    limit: int
    offset: int | None
    cursor: dict[str, Any] | None
    ordering: str
    count: bool
    filter_hash: str


class ListPagination(BasePagination):
    """`{"results": […], "pagination": {…}}`; keyset by `ordering` and id, so that depth costs nothing.

    A view says `ordering_fields` (public name → column), `default_ordering`, and `allow_offset`.
    """

    def paginate_queryset(self, queryset: Any, request: Request, view: APIView | None = None) -> Any:
        columns: dict[str, str] = getattr(view, "ordering_fields", {"created_at": "created_at"})
        default: str = getattr(view, "default_ordering", "-created_at")
        self.page = read_page_request(
            request, columns, default, allow_offset=getattr(view, "allow_offset", False)
        )
        column, descending = columns[self.page.ordering.lstrip("-")], self.page.ordering.startswith("-")
        self.total = queryset.count() if self.page.count else None
        ordered = _ordered(queryset, column, descending=descending)
        if self.page.cursor is not None:
            ordered = ordered.filter(_after(self.page.cursor, queryset.model, column, descending=descending))
        start = self.page.offset or 0
        rows = list(ordered[start : start + self.page.limit + 1])
        self.has_more = len(rows) > self.page.limit
        rows = rows[: self.page.limit]
        self.next_cursor = self._cursor(rows[-1], column) if self.has_more else None
        return rows

    def paginate_list(self, rows: Sequence[Any], column: str, request: Request, view: Any) -> list[Any]:
        """One page of rows that are all in memory, sorted by `column`, which tells them apart."""
        self.page = read_page_request(
            request, {column: column}, column, allow_offset=getattr(view, "allow_offset", False)
        )
        descending = self.page.ordering.startswith("-")
        found = sorted(rows, key=lambda row: getattr(row, column), reverse=descending)
        self.total = len(found) if self.page.count else None
        if self.page.cursor is not None:
            last = self.page.cursor["v"]
            found = [row for row in found if _is_behind(getattr(row, column), last, descending=descending)]
        found = found[self.page.offset or 0 :]
        self.has_more = len(found) > self.page.limit
        found = found[: self.page.limit]
        self.next_cursor = self._cursor(found[-1], column) if self.has_more else None
        return found

    def _cursor(self, last: Any, column: str) -> str:
        value = getattr(last, column)
        payload = {
            "v": value.isoformat() if hasattr(value, "isoformat") else value,
            "i": str(getattr(last, "pk", value)),
            "f": self.page.filter_hash,
            "o": self.page.ordering,
        }
        return signing.dumps(payload, salt=SALT, compress=True)

    def get_paginated_response(self, data: Any) -> Response:
        pagination: dict[str, Any] = {
            "next_cursor": self.next_cursor,
            "has_more": self.has_more,
            "total_count": self.total,
        }
        if self.page.offset is not None:
            pagination |= {"limit": self.page.limit, "offset": self.page.offset}
        return Response({"results": data, "pagination": pagination})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        page = {
            "type": "object",
            "required": ["next_cursor", "has_more", "total_count"],
            "properties": {
                "next_cursor": {"type": ["string", "null"]},
                "has_more": {"type": "boolean"},
                "total_count": {"type": ["integer", "null"]},
                "limit": {"type": "integer"},
                "offset": {"type": "integer"},
            },
        }
        return {
            "type": "object",
            "required": ["results", "pagination"],
            "properties": {"results": schema, "pagination": page},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        names = [
            ("limit", "integer", "Rows per page, 1–200, default 50."),
            ("cursor", "string", "`next_cursor` of the page before."),
            ("ordering", "string", "Field to sort by, `-` in front for descending."),
            ("count", "boolean", "`false` leaves `total_count` null."),
        ]
        if getattr(view, "allow_offset", False):
            names.append(("offset", "integer", "Rows to skip, up to 10,000; not together with `cursor`."))
        return [
            {"name": name, "in": "query", "required": False, "description": text, "schema": {"type": kind}}
            for name, kind, text in names
        ]


def read_page_request(
    request: Request, columns: dict[str, str], default: str, *, allow_offset: bool
) -> PageRequest:
    """The checked paging parameters.

    Raises: AppError `validation_failed`, `invalid_pagination` or `invalid_cursor`.
    """
    query = request.query_params
    ordering = query.get("ordering") or default
    if ordering.lstrip("-") not in columns:
        raise ValidationFailed({"ordering": [f"Choose one of: {', '.join(sorted(columns))}."]})
    offset = _whole(query, "offset", 0, None) if "offset" in query else None
    if offset is not None and (not allow_offset or "cursor" in query or offset > MAX_OFFSET):
        raise _invalid_pagination()
    filter_hash = _hash_filters(request)
    cursor = _read_cursor(query["cursor"], ordering, filter_hash) if "cursor" in query else None
    limit = _whole(query, "limit", 1, MAX_LIMIT) if "limit" in query else DEFAULT_LIMIT
    count = query.get("count", "true").lower() not in ("false", "0")
    return PageRequest(limit, offset, cursor, ordering, count, filter_hash)


def _whole(query: Any, name: str, low: int, high: int | None) -> int:
    text = query[name]
    value = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
    if value < low or (high is not None and value > high):
        wanted = f"Must be between {low} and {high}." if high is not None else f"Must be {low} or more."
        raise ValidationFailed({name: [wanted]})
    return value


def _invalid_pagination() -> AppError:
    message = "Page with a cursor, or with an offset up to 10,000 where the list allows it; not with both."
    return AppError("invalid_pagination", 400, message, details={"max_offset": MAX_OFFSET})


def _hash_filters(request: Request) -> str:
    filters = sorted(
        (k, v) for k, values in request.query_params.lists() if k not in PAGE_KEYS for v in values
    )
    return hashlib.sha256(repr((request.path, filters)).encode()).hexdigest()[:16]


def _read_cursor(text: str, ordering: str, filter_hash: str) -> dict[str, Any]:
    try:
        cursor: dict[str, Any] = signing.loads(text, salt=SALT)
    except (signing.BadSignature, ValueError):
        cursor = {}
    if cursor.get("f") != filter_hash or cursor.get("o") != ordering:
        raise AppError(
            "invalid_cursor", 400, "The cursor is not valid for this list and these filters. Start anew."
        )
    return cursor


def _is_behind(value: str, last: str, *, descending: bool) -> bool:
    return value < last if descending else value > last


def _ordered(queryset: QuerySet[Any], column: str, *, descending: bool) -> QuerySet[Any]:
    if descending:
        return queryset.order_by(F(column).desc(nulls_last=True), "-pk")
    return queryset.order_by(F(column).asc(nulls_last=True), "pk")


def _after(cursor: dict[str, Any], model: type[Model], column: str, *, descending: bool) -> Q:
    """Rows behind the cursor's row; nulls stand last in both directions."""
    step = "lt" if descending else "gt"
    row_id: Any = UUID(cursor["i"]) if "-" in str(cursor["i"]) else cursor["i"]
    same_but_later = {f"pk__{step}": row_id}
    value = cursor["v"]
    if value is None:
        return Q(**{f"{column}__isnull": True}, **same_but_later)
    # By the column's type, never by the look of the value: a title may read like a date.
    if isinstance(model._meta.get_field(column), DateTimeField):
        value = parse_datetime(value)
    return (
        Q(**{f"{column}__{step}": value})
        | Q(**{column: value}, **same_but_later)
        | Q(**{f"{column}__isnull": True})
    )
