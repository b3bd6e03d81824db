"""Live progress: Postgres holds the log, the channel layer only says that there is something new to read.

A WebSocket or SSE client joins a group after its permission was checked, reads the log from where it stands,
and reads again at each bell. A lost bell costs POLL_SECONDS, never an event.
"""

from __future__ import annotations

import logging
from typing import Any
from uuid import UUID

from asgiref.sync import async_to_sync
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
    layer: Any = get_channel_layer()
    try:
        async_to_sync(layer.group_send)(group, {"type": "bell"})
    except (RedisError, OSError):
        logger.warning("The channel layer is away; clients will poll")
