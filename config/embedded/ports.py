"""Free TCP ports, remembered between runs."""

import json
import socket
from pathlib import Path

from .paths import read_json, write_private

LOOPBACK = "127.0.0.1"


def port_is_free(port: int, host: str = LOOPBACK) -> bool:
    """Whether a server could listen on `host`:`port` right now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        # The servers set it too: connections of an earlier run in TIME_WAIT do not make a port taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError):
            return False
    return True


def free_port(*preferred: int, host: str = LOOPBACK) -> int:
    """The first of `preferred` that is free on `host`, else a free one that the system picks."""
    for port in preferred:
        if port_is_free(port, host):
            return port
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


class PortBook:
    """Remembers which port each server had, so that bookmarks and open clients survive a restart."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def choose(self, name: str, default: int) -> int:
        """A free port for the server `name`: the one it had last time, `default`, or any other."""
        remembered = read_json(self._path)
        last = remembered.get(name)
        port = free_port(*([last] if isinstance(last, int) else []), default)
        if port != last:
            write_private(self._path, json.dumps({**remembered, name: port}))
        return port
