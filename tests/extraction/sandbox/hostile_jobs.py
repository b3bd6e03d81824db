"""Jobs that misbehave, for the sandbox to survive. They run in children only."""

from __future__ import annotations

import errno
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from extraction.engines.convert.errors import EngineError

Report = Callable[[int, int], None]


def echo(source: Path, arguments: dict[str, Any], report: Report) -> Iterator[bytes]:
    yield source.read_bytes() + str(arguments["more"]).encode()


def eat_memory(source: Path, arguments: dict[str, Any], report: Report) -> Iterator[bytes]:
    hoard = []
    while True:
        hoard.append(bytearray(16 * 1024 * 1024))
        yield b""


def spin(source: Path, arguments: dict[str, Any], report: Report) -> Iterator[bytes]:
    while True:
        pass
    yield b""


def sleep(source: Path, arguments: dict[str, Any], report: Report) -> Iterator[bytes]:
    """Sleeps beside a grandchild that would outlive it."""
    subprocess.Popen(["sleep", "60"])
    yield str(os.getpid()).encode()
    time.sleep(60)


def die(source: Path, arguments: dict[str, Any], report: Report) -> Iterator[bytes]:
    yield b"before"
    os.kill(os.getpid(), signal.SIGKILL)


def crash(source: Path, arguments: dict[str, Any], report: Report) -> Iterator[bytes]:
    import ctypes

    yield ctypes.string_at(0)


def flood(source: Path, arguments: dict[str, Any], report: Report) -> Iterator[bytes]:
    while True:
        yield bytes(1024 * 1024)


def babble(source: Path, arguments: dict[str, Any], report: Report) -> Iterator[bytes]:
    """Writes junk into the answer, as a parser that was taken over might."""
    for fd in range(3, 20):
        try:
            os.write(fd, b"\xff" * 64)
        except OSError:
            continue
    yield b""


def lie(source: Path, arguments: dict[str, Any], report: Report) -> Iterator[bytes]:
    raise EngineError("no_such_code", "/secret/path")  # type: ignore[arg-type]
    yield b""


def surroundings(source: Path, arguments: dict[str, Any], report: Report) -> Iterator[bytes]:
    """What a child can see: environment, what its open descriptors are, and whether it may write a file."""
    yield "\n".join(sorted(os.environ)).encode()
    links = []
    for fd in os.listdir("/proc/self/fd"):
        try:
            links.append(os.readlink(f"/proc/self/fd/{fd}").partition(":")[0])
        except OSError:
            continue
    yield "\n".join(sorted(links)).encode()
    try:
        with open(arguments["path"], "wb") as file:
            file.write(b"x")
        yield b"written"
    except OSError:
        yield b"refused"


def phone_home(source: Path, arguments: dict[str, Any], report: Report) -> Iterator[bytes]:
    """Why this machine's own address cannot be reached from the child."""
    try:
        socket.create_connection(("127.0.0.1", 9), timeout=2).close()
    except OSError as error:
        yield errno.errorcode[error.errno or 0].encode()
