"""How processes of the sandbox talk: JSON messages with descriptors, and frames of bytes as results.

Only JSON and bytes go through, never pickles: a parser taken over by a hostile file must not be able to hand
code to the worker.
"""

from __future__ import annotations

import json
import os
import select
import socket
import struct
import time
from collections.abc import Callable, Sequence
from typing import Any

MAX_MESSAGE = 64 * 1024
_MAX_FDS = 4
TICK_S = 0.5
_HEADER = struct.Struct("!cI")

# Kinds of frames a child sends.
DATA, ERROR, PROGRESS, END = b"D", b"E", b"P", b"."
PROGRESS_BODY = struct.Struct("!II")


class Gone(Exception):
    """The other side closed or died before the answer was complete."""


class TooLate(Exception):
    """The deadline passed."""


class TooMuch(Exception):
    """The other side sent more than allowed."""


def send_message(sock: socket.socket, message: Any, fds: Sequence[int] = ()) -> None:
    """Send one JSON message, at most MAX_MESSAGE bytes, with open descriptors. Raises OSError."""
    data = json.dumps(message).encode()
    if len(data) > MAX_MESSAGE:
        raise ValueError("message too long")
    socket.send_fds(sock, [data], list(fds))


def receive_message(sock: socket.socket) -> tuple[Any, list[int]]:
    """The next message and its descriptors. Raises Gone if the other side has closed."""
    data, fds, _, _ = socket.recv_fds(sock, MAX_MESSAGE, _MAX_FDS)
    if not data:
        raise Gone
    return json.loads(data), fds


def send_frame(fd: int, kind: bytes, data: bytes = b"") -> None:
    """Write one frame to a pipe, whole."""
    view = memoryview(_HEADER.pack(kind, len(data)) + data)
    while view:
        view = view[os.write(fd, view) :]


class FrameReader:
    """Reads frames off a pipe, with a deadline and a budget of bytes over all frames.

    `while_waiting` is called about twice a second as long as nothing comes; what it raises ends the waiting.
    """

    def __init__(
        self, fd: int, *, deadline: float, budget: int, while_waiting: Callable[[], None] | None = None
    ) -> None:
        self._fd, self._deadline, self._budget = fd, deadline, budget
        self._while_waiting = while_waiting
        self._poll = select.poll()
        self._poll.register(fd, select.POLLIN | select.POLLHUP)

    def next(self) -> tuple[bytes, bytes]:
        """The next frame's kind and data. Raises Gone, TooLate, TooMuch."""
        kind, size = _HEADER.unpack(self._exactly(_HEADER.size))
        if size > self._budget:
            raise TooMuch
        self._budget -= size
        return kind, self._exactly(size)

    def _exactly(self, size: int) -> bytes:
        parts = bytearray()
        while len(parts) < size:
            self._wait()
            chunk = os.read(self._fd, min(size - len(parts), 1024 * 1024))
            if not chunk:
                raise Gone
            parts += chunk
        return bytes(parts)

    def _wait(self) -> None:
        while True:
            left = self._deadline - time.monotonic()
            if left <= 0:
                raise TooLate
            step = min(left, TICK_S) if self._while_waiting else left
            if self._poll.poll(step * 1000):
                return
            if self._while_waiting:
                self._while_waiting()
