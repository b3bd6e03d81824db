"""Live progress: Postgres holds the log, the channel layer only says that there is something new to read.

A WebSocket or SSE client joins a group after its permission was checked, reads the log from where it stands,
and reads again at each bell. A lost bell costs POLL_SECONDS, never an event.
"""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from typing import Any
from uuid import UUID

from channels.layers import get_channel_layer
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)
POLL_SECONDS = 5.0


def job_group(job_id: UUID) -> str:
    return f"job.{job_id}"


def workspace_group(workspace_id: UUID) -> str:
    return f"workspace.{workspace_id}"


def ring_job(job_id: UUID) -> None:
    _ring(job_group(job_id))


def ring_workspace(workspace_id: UUID) -> None:
    _ring(workspace_group(workspace_id))


def _ring(group: str) -> None:
    """Sends without waiting: a bell that does not get through is made up for by the clients' polling."""
    asyncio.run_coroutine_threadsafe(_send(group), _loop.get())


async def _send(group: str) -> None:
    layer: Any = get_channel_layer()
    try:
        await layer.group_send(group, {"type": "bell"})
    except (RedisError, OSError):
        logger.warning("The channel layer is away; clients will poll")


class _BellLoop:
    """An event loop in a thread of its own, one per process, so that its connection to Valkey stays open."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._pid = 0

    def get(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None or self._pid != os.getpid():  # a forked child has no such thread
                self._loop, self._pid = asyncio.new_event_loop(), os.getpid()
                threading.Thread(target=self._loop.run_forever, daemon=True, name="bells").start()
            return self._loop


_loop = _BellLoop()
