"""PDF passwords: only in Valkey, sealed, for one hour, gone after the parse."""

from __future__ import annotations

from uuid import UUID

from django.core.cache import cache

from common.crypto import seal, unseal

TTL_SECONDS = 3600
PURPOSE = "pdf-password"


def password_keep(*, document_id: UUID, password: str) -> None:
    """Holds the password until the document is parsed, for an hour at most."""
    cache.set(_key(document_id), seal(password, purpose=PURPOSE), timeout=TTL_SECONDS)


def password_get(document_id: UUID) -> str | None:
    sealed = cache.get(_key(document_id))
    return unseal(sealed, purpose=PURPOSE) if sealed else None


def password_forget(document_id: UUID) -> None:
    cache.delete(_key(document_id))


def _key(document_id: UUID) -> str:
    return f"pdf-password:{document_id}"
