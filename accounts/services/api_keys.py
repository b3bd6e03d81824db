"""API keys: made, looked up, revoked."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import re
import secrets
import zlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.actors import Actor
from accounts.models import ApiKey
from accounts.scopes import ALL_SCOPES, expand
from accounts.services.audit import audit_record
from common.errors import AppError, ValidationFailed

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
TOKEN_START = "recto_"  # noqa: S105  (the public start of every token)
VISIBLE, SECRET, CHECKSUM = 11, 32, 6
TOKEN = re.compile(rf"{TOKEN_START}[0-9A-Za-z]{{{VISIBLE}}}_[0-9A-Za-z]{{{SECRET + CHECKSUM}}}")


def api_key_create(
    *,
    actor: Actor,
    name: str,
    scopes: Sequence[str],
    expires_at: datetime | None = None,
    allowed_ips: Sequence[str] = (),
) -> tuple[ApiKey, str]:
    """A new key and its token, which is shown this once.

    Raises: ValidationFailed for unknown scopes or networks, AppError `insufficient_scope` when the key would
    get more than its maker has.
    """
    _check_scopes(actor, scopes)
    _check_networks(allowed_ips)
    _check_expiry(actor, expires_at)
    token = new_token()
    with transaction.atomic():
        key = ApiKey.objects.create(
            workspace=actor.workspace,
            name=name,
            key_prefix=prefix_of(token),
            last_four=token[-4:],
            token_hash=hash_token(token),
            scopes=list(dict.fromkeys(scopes)),
            expires_at=expires_at,
            allowed_ips=list(allowed_ips),
            created_by=actor.user,
        )
        audit_record(
            actor=actor,
            action="api_key.created",
            object_type="api_key",
            object_id=key.pk,
            changes={"name": name, "scopes": key.scopes},
        )
    return key, token


def api_key_revoke(*, actor: Actor, key: ApiKey) -> ApiKey:
    """The key, dead from now on. Revoking twice changes nothing."""
    with transaction.atomic():
        if ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=timezone.now()):
            audit_record(actor=actor, action="api_key.revoked", object_type="api_key", object_id=key.pk)
    key.refresh_from_db()
    return key


def api_key_authenticate(*, token: str, ip: str | None) -> ApiKey:
    """The live key of this token.

    Raises: AppError 401 `invalid_api_key` or `token_expired`, 403 `permission_denied` for a foreign address.
    """
    keys = ApiKey.objects.select_related("workspace", "created_by")
    key = keys.filter(key_prefix=prefix_of(token)).first() if TOKEN.fullmatch(token) else None
    stored = key.token_hash if key else "0" * 64
    if not hmac.compare_digest(stored, hash_token(token)) or key is None or key.revoked_at:
        raise AppError("invalid_api_key", 401, "The API key is not valid. Check it, or make a new one.")
    if key.expires_at and key.expires_at <= timezone.now():
        raise AppError("token_expired", 401, "The API key has expired. Make a new one.")
    if key.created_by is not None and not key.created_by.is_active:
        raise AppError("account_disabled", 403, "The account that made this API key is disabled.")
    if key.allowed_ips and not _address_allowed(ip, key.allowed_ips):
        raise AppError("permission_denied", 403, "This API key may not be used from your address.")
    _touch(key)
    return key


def new_token() -> str:
    """`recto_` + 11 visible + `_` + 32 secret + 6 checksum characters, verifiable offline."""
    body = f"{TOKEN_START}{_random(VISIBLE)}_{_random(SECRET)}"
    return body + checksum(body)


def checksum(body: str) -> str:
    """CRC-32 of the text in six base-62 digits."""
    number, digits = zlib.crc32(body.encode()), ""
    for _ in range(CHECKSUM):
        number, rest = divmod(number, len(ALPHABET))
        digits = ALPHABET[rest] + digits
    return digits


def prefix_of(token: str) -> str:
    return token[: len(TOKEN_START) + VISIBLE]


def hash_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def _check_scopes(actor: Actor, scopes: Sequence[str]) -> None:
    unknown = sorted(set(scopes) - set(ALL_SCOPES))
    if unknown or not scopes:
        raise ValidationFailed({"scopes": [f"Choose from: {', '.join(ALL_SCOPES)}."]})
    missing = sorted(expand(scopes) - actor.scopes)
    manage_by_key = actor.api_key is not None and "api_keys:manage" in scopes
    if missing or manage_by_key:
        raise AppError(
            "insufficient_scope",
            403,
            "A key cannot be given more than its maker has.",
            details={"required_scope": missing[0] if missing else "api_keys:manage"},
        )


def _check_expiry(actor: Actor, expires_at: datetime | None) -> None:
    if expires_at is not None and expires_at <= timezone.now():
        raise ValidationFailed({"expires_at": ["Must be in the future."]})
    limit = actor.api_key.expires_at if actor.api_key else None
    if limit is not None and (expires_at is None or expires_at > limit):
        raise ValidationFailed({"expires_at": ["Must not be after the end of the key that makes it."]})


def _check_networks(networks: Sequence[str]) -> None:
    for network in networks:
        try:
            ipaddress.ip_network(network, strict=False)
        except ValueError:
            raise ValidationFailed({"allowed_ips": [f"{network!r} is not an address or network."]}) from None


def _address_allowed(ip: str | None, networks: Sequence[str]) -> bool:
    if not ip:
        return False
    address = ipaddress.ip_address(ip)
    # A server on a dual-stack socket sees IPv4 callers as ::ffff:a.b.c.d.
    address = getattr(address, "ipv4_mapped", None) or address
    return any(address in ipaddress.ip_network(network, strict=False) for network in networks)


def _touch(key: ApiKey) -> None:
    """Writes `last_used_at` at most once a minute."""
    now = timezone.now()
    old = Q(last_used_at=None) | Q(last_used_at__lt=now - timedelta(minutes=1))
    if key.last_used_at is None or key.last_used_at < now - timedelta(minutes=1):
        ApiKey.objects.filter(old, pk=key.pk).update(last_used_at=now)
