"""Rate limits: fixed windows in Valkey, one counter per credential and bucket."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from common.errors import AppError

if TYPE_CHECKING:
    from rest_framework.views import APIView

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Usage:
    """The state of one bucket after this request; `reset` is a unix time in seconds."""

    bucket: str
    limit: int
    remaining: int
    reset: int


class BucketThrottle(BaseThrottle):
    """Counts the request in the view's bucket (`read`, `write`, `upload`, `auth`).

    Raises: AppError `rate_limit_exceeded` with `retry_after`. Costs one or two Valkey calls.
    """

    def allow_request(self, request: Request, view: APIView) -> bool:
        bucket = bucket_of(request, view)
        if bucket not in settings.RATE_LIMITS:
            return True
        try:
            usage, allowed = count(bucket, credential_of(request, bucket))
        except RedisError:
            logger.warning("Valkey is away; rate limits are not counted")
            return True  # Postgres still serves; counting is no reason to stop that
        request._request.rate_usage = usage  # type: ignore[attr-defined]
        if not allowed:
            raise AppError(
                "rate_limit_exceeded",
                429,
                f"At most {usage.limit} requests of this kind. Wait and try again.",
                details={"bucket": bucket, "limit": usage.limit},
                retry_after=max(1, usage.reset - int(time.time())),
            )
        return True


def bucket_of(request: Request, view: APIView) -> str:
    """The bucket this request counts in; uploads by a person have a larger one than those by a key."""
    method = (request.method or "GET").upper()
    buckets: dict[str, str] = getattr(view, "buckets", {})
    bucket = buckets.get(method) or ("read" if method in ("GET", "HEAD", "OPTIONS") else "write")
    return "upload_session" if bucket == "upload" and request.auth is None else bucket


def credential_of(request: Request, bucket: str) -> str:
    """Whose counter it is: the key's, the user's, or the address' for anonymous calls."""
    if bucket == "auth" or (request.user is None and request.auth is None):
        return f"ip:{request.META.get('REMOTE_ADDR', '')}"
    return f"key:{request.auth.pk}" if request.auth is not None else f"user:{request.user.pk}"


def count(bucket: str, credential: str) -> tuple[Usage, bool]:
    """One more request in the current window; False when it is one too many."""
    limit, seconds = settings.RATE_LIMITS[bucket]
    window = int(time.time()) // seconds
    key = f"rate:{bucket}:{credential}:{window}"
    cache.add(key, 0, timeout=seconds + 1)
    try:
        used = cache.incr(key)
    except ValueError:  # the window ended between the two calls
        used = 1
    usage = Usage(bucket, limit, max(0, limit - used), (window + 1) * seconds)
    return usage, used <= limit


def rate_headers(request: Any) -> dict[str, str]:
    """The X-RateLimit headers for the response to this request."""
    usage: Usage | None = getattr(request, "rate_usage", None)
    if usage is None:
        return {}
    return {
        "X-RateLimit-Limit": str(usage.limit),
        "X-RateLimit-Remaining": str(usage.remaining),
        "X-RateLimit-Reset": str(usage.reset),
    }
