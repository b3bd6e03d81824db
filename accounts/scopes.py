"""Scopes of API keys and what each role may do."""

from __future__ import annotations

from collections.abc import Iterable

READ = [
    f"{room}:read"
    for room in ("documents", "flows", "customers", "jobs", "duplicates", "ai", "rag", "paperless", "config")
]
WRITE = [scope.replace(":read", ":write") for scope in READ]
REVIEW = "reviews:write"
MANAGE = ["webhooks:manage", "api_keys:manage"]
WILDCARDS: dict[str, list[str]] = {"read": READ, "write": [*READ, *WRITE, REVIEW]}
ALL_SCOPES: list[str] = [*READ, *WRITE, REVIEW, *MANAGE, *WILDCARDS]

ADMIN_ONLY = {"config:write", "flows:write", "ai:write", "rag:write", "paperless:write", *MANAGE}
# Pseudo-scope: a person in a session, never an API key.
PERSON_ONLY = "person"
ROLE_SCOPES: dict[str, frozenset[str]] = {
    "admin": frozenset([*READ, *WRITE, REVIEW, *MANAGE]),
    "reviewer": frozenset({*READ, *WRITE, REVIEW} - ADMIN_ONLY),
    "member": frozenset({*READ, *WRITE} - ADMIN_ONLY),
}


def expand(scopes: Iterable[str]) -> frozenset[str]:
    """The plain scopes, wildcards resolved."""
    plain: set[str] = set()
    for scope in scopes:
        plain.update(WILDCARDS.get(scope, [scope]))
    return frozenset(plain)
