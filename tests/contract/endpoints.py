"""Every endpoint of the API with the scope that each of its methods needs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

PUBLIC, ANY = "public", "any"
# A signed address is the right to what it names; nobody logs in for it.
SIGNED = "signed"
CONVERTER = re.compile("<[^>]*>")
METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Endpoint:
    """A route with its scope per method; `body` passes validation, so that only the object decides."""

    route: str
    scopes: dict[str, str]
    body: dict[str, Any]

    def path(self, object_id: object = "") -> str:
        return "/api/v1/" + self.route.replace("{id}", str(object_id)).replace("{n}", "1")

    @property
    def is_one_object(self) -> bool:
        return "{id}" in self.route


def endpoint(route: str, body: dict[str, Any] | None = None, **scopes: str) -> Endpoint:
    return Endpoint(route, scopes, body or {})


DOCUMENTS = "documents/{id}"
FILE = {"filename": "a.txt", "content_base64": "aGVsbG8="}
TEMPLATE = {"name": "Mine", "fields": [{"label": "Number"}]}
ENDPOINTS = [
    endpoint("", get=PUBLIC),
    endpoint("health", get=PUBLIC),
    endpoint("ready", get=PUBLIC),
    endpoint("meta", get=PUBLIC),
    endpoint("schema", get=PUBLIC),
    endpoint("docs", get=PUBLIC),
    endpoint("auth/me", {"full_name": "Ada"}, get=ANY, patch=ANY),
    endpoint("auth/ws-ticket", post=ANY),
    endpoint(
        "api-keys", {"name": "k", "scopes": ["jobs:read"]}, get="api_keys:manage", post="api_keys:manage"
    ),
    endpoint("api-keys/{id}", delete="api_keys:manage"),
    endpoint("documents", FILE, get="documents:read", post="documents:write"),
    endpoint("documents/upload", post="documents:write"),
    endpoint("documents/upload-json", FILE, post="documents:write"),
    endpoint(DOCUMENTS, get="documents:read"),
    endpoint(f"{DOCUMENTS}/status", get="documents:read"),
    endpoint(f"{DOCUMENTS}/events", get="documents:read"),
    endpoint(f"{DOCUMENTS}/cancel", post="documents:write"),
    endpoint(f"{DOCUMENTS}/result", get="documents:read"),
    endpoint(f"{DOCUMENTS}/content", get="documents:read"),
    endpoint(f"{DOCUMENTS}/markdown", get="documents:read"),
    endpoint(f"{DOCUMENTS}/text", get="documents:read"),
    endpoint(f"{DOCUMENTS}/assets", get="documents:read"),
    endpoint(f"{DOCUMENTS}/export", get="documents:read"),
    endpoint(f"{DOCUMENTS}/figures", get="documents:read"),
    endpoint(f"{DOCUMENTS}/figures/{{n}}", get="documents:read"),
    endpoint(f"{DOCUMENTS}/figures/{{n}}/download", get="documents:read"),
    endpoint("figures/{id}", get=SIGNED),
    endpoint(f"{DOCUMENTS}/pages", get="documents:read"),
    endpoint(f"{DOCUMENTS}/preview", get="documents:read"),
    endpoint(f"{DOCUMENTS}/thumb", get="documents:read"),
    endpoint(f"{DOCUMENTS}/approve", post="reviews:write"),
    endpoint(f"{DOCUMENTS}/reject", {"reason": "wrong"}, post="reviews:write"),
    endpoint(f"{DOCUMENTS}/classify", post="documents:write"),
    endpoint(f"{DOCUMENTS}/convert", post="documents:write"),
    endpoint(f"{DOCUMENTS}/reextract", post="documents:write"),
    endpoint(
        f"{DOCUMENTS}/extractions", {"fields": {"total": "1"}}, get="documents:read", post="reviews:write"
    ),
    endpoint("review/queue", get="reviews:write"),
    endpoint("jobs", get="jobs:read"),
    endpoint("jobs/{id}", get="jobs:read"),
    endpoint("jobs/{id}/cancel", post="jobs:write"),
    endpoint("jobs/{id}/progress", get="jobs:read"),
    endpoint("events", get="documents:read"),
    endpoint("memories", get="flows:read"),
    endpoint("memories/export", get="flows:read"),
    endpoint("memories/{id}", get="flows:read", delete="flows:write"),
    endpoint("memories/{id}/fields/{n}", delete="flows:write"),
    endpoint("flows", {"name": "Mine"}, get="flows:read", post="flows:write"),
    endpoint("flows/{id}", {"name": "Mine"}, get="flows:read", patch="flows:write", delete="flows:write"),
    endpoint("flows/{id}/duplicate", post="flows:write"),
    endpoint("flows/suggest", post="flows:write"),
    endpoint("flows/{id}/test", {"document_id": "7b1a2f4e-8d3c-4d55-9d0a-1f2e3c4b5a69"}, post="flows:write"),
    endpoint("flows/{id}/stats", get="flows:read"),
    endpoint("templates", TEMPLATE, get="flows:read", post="flows:write"),
    endpoint("templates/{id}", {"name": "Mine"}, get="flows:read", patch="flows:write", delete="flows:write"),
    endpoint("templates/{id}/versions", get="flows:read"),
    endpoint("templates/{id}/publish", post="flows:write"),
    endpoint("templates/{id}/validate", {"fields": {}}, post="flows:write"),
    endpoint("document-types", {"slug": "mine", "name": "Mine"}, get="flows:read", post="flows:write"),
    endpoint(
        "document-types/{id}", {"name": "Mine"}, get="flows:read", patch="flows:write", delete="flows:write"
    ),
    endpoint("flows/{id}/simulate", post="flows:read"),
]
CALLS = [(row, method, scope) for row in ENDPOINTS for method, scope in row.scopes.items()]
GUARDED = [call for call in CALLS if call[2] not in (PUBLIC, SIGNED)]
SCOPED = [call for call in GUARDED if call[2] != ANY]
OBJECTS = [call for call in SCOPED if call[0].is_one_object]
# Streams never end, so they are read by tests of their own.
STREAMS = ("events", "jobs/{id}/progress")


def call_name(value: object) -> str | None:
    return value.route if isinstance(value, Endpoint) else None


def api_routes() -> Iterator[tuple[str, Any]]:
    """Every route below /api/v1/ with its view class; the first path converter is {id}, the second {n}."""
    yield from (
        (route.removeprefix("api/v1/"), view) for route, view in _walk(get_resolver()) if "api/" in route
    )


def _walk(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern, route)
        elif isinstance(pattern, URLPattern) and route.startswith("api/v1/"):
            name = CONVERTER.sub("{n}", CONVERTER.sub("{id}", route, count=1))
            yield name, pattern.callback.view_class
