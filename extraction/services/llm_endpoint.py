"""What all workers know of an endpoint, shared through the cache: what it refuses, and whether it fails.

Without the cache each worker knows only what it has seen itself, and asks.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Collection
from contextlib import suppress

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError

from extraction.engines.llm import errors
from extraction.engines.llm.errors import LlmError
from extraction.engines.llm.habits import OwnHabits

# Servers are brought up to date: what they refused yesterday is tried again.
HABITS_TTL_S = 24 * 3600
_BREAKER_TTL_S = 3600


class SharedHabits:
    """What an endpoint's models refuse, remembered for a day."""

    def __init__(self, base_url: str) -> None:
        self._prefix = f"llm:habits:{endpoint_id(base_url)}"
        self._own = OwnHabits()

    def refused(self, model: str) -> Collection[str]:
        shared: Collection[str] = ()
        with suppress(RedisError):
            shared = cache.get(self._key(model)) or ()
        return {*shared, *self._own.refused(model)}

    def refuse(self, model: str, name: str) -> None:
        self._own.refuse(model, name)
        with suppress(RedisError):
            cache.set(self._key(model), sorted(self.refused(model)), timeout=HABITS_TTL_S)

    def _key(self, model: str) -> str:
        return f"{self._prefix}:{endpoint_id(model)}"


class Breaker:
    """Opens after LLM_BREAKER_FAILURES outages in a row; after LLM_BREAKER_SECONDS one call may probe.

    The probe's success closes it, its failure keeps it open for as long again.
    """

    def __init__(self, base_url: str) -> None:
        prefix = f"llm:breaker:{endpoint_id(base_url)}"
        self._failures, self._until, self._probe = f"{prefix}:failures", f"{prefix}:until", f"{prefix}:probe"

    def admit(self) -> None:
        """Raises: LlmError while the endpoint is left alone."""
        with suppress(RedisError):
            until = cache.get(self._until)
            if until is None:
                return
            if time.time() < until or not cache.add(self._probe, 1, timeout=settings.LLM_STAGE_SECONDS):
                raise errors.resting()

    def release(self) -> None:
        """After an admitted call that was not made, or told nothing of the endpoint."""
        with suppress(RedisError):
            cache.delete(self._probe)

    def heard(self, error: LlmError | None) -> None:
        """Counts an outage; any other answer closes the breaker."""
        with suppress(RedisError):
            if error is None or not error.outage:
                cache.delete_many([self._failures, self._until, self._probe])
                return
            if self._count() >= settings.LLM_BREAKER_FAILURES:
                until = time.time() + settings.LLM_BREAKER_SECONDS
                cache.set(self._until, until, timeout=_BREAKER_TTL_S + settings.LLM_BREAKER_SECONDS)
            cache.delete(self._probe)

    def _count(self) -> int:
        cache.add(self._failures, 0, timeout=_BREAKER_TTL_S)
        try:
            return cache.incr(self._failures)
        except ValueError:  # it ran out in between
            cache.set(self._failures, 1, timeout=_BREAKER_TTL_S)
            return 1


def endpoint_id(text: str) -> str:
    """A short name for an address or a model, fit for a cache key and without a secret in it."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
