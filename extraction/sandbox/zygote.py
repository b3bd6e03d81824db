"""The zygote: a small process that has the readers loaded and forks a child for each job.

Started by `client.py` with one end of a socket pair as descriptor 0. It handles one message at a time:
{"run": …} with three descriptors (file, arguments, result pipe) → {"pid": …}; {"reap": pid} → {"status",
"cpu_s", "memory_bytes"}; {"preload": [targets]} → nothing. It ends when the other side closes the socket.
A child stays a zombie until reaped, so its number cannot be given to another process that the client would
then kill.
"""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import socket
from contextlib import suppress
from importlib import import_module
from typing import Any

from extraction.sandbox import child, warmup
from extraction.sandbox.wire import Gone, receive_message, send_message

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
# What every job needs; the rest is loaded on demand, so that an idle zygote stays small.
_READERS = ("extraction.sandbox.jobs", "extraction.engines.convert.pdf", "PIL.WebPImagePlugin")


def main() -> None:
    """Serve until the client is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Where the kernel allows it the whole family loses the network; elsewhere the container's rules stand.
    ctypes.CDLL(None).unshare(_CLONE_NEWUSER | _CLONE_NEWNET)
    for module in _READERS:
        import_module(module)
    warmup.pdf()
    # The objects loaded so far are never freed; leaving them out of collections keeps their pages shared.
    gc.collect()
    gc.freeze()
    # liteparse's runtime cannot start in a child without the pair of sockets it opened here for signals.
    library_fds = [int(fd) for fd in os.listdir("/proc/self/fd")]
    sock = socket.socket(fileno=0)
    send_message(sock, {"ready": True})
    with suppress(Gone, ConnectionError):
        while True:
            message, fds = receive_message(sock)
            _handle(sock, message, fds, library_fds)


def _handle(sock: socket.socket, message: dict[str, Any], fds: list[int], kept: list[int]) -> None:
    if "run" in message:
        send_message(sock, {"pid": _spawn(message["run"], fds, kept)})
    elif "reap" in message:
        _, status, usage = os.wait4(message["reap"], 0)
        cpu = usage.ru_utime + usage.ru_stime
        answer = {"status": status, "cpu_s": cpu, "memory_bytes": usage.ru_maxrss * 1024}
        send_message(sock, answer)
    elif "preload" in message:
        for target in message["preload"]:
            _preload(target)


def _spawn(job: dict[str, Any], fds: list[int], kept: list[int]) -> int:
    source, arguments, result = fds
    pid = os.fork()
    if pid == 0:
        child.run(job, source, arguments, result, kept=kept)
    with suppress(OSError):
        # Both sides set the group: whoever comes first, it exists before anyone kills it.
        os.setpgid(pid, pid)
    for fd in fds:
        os.close(fd)
    return pid


def _preload(target: str) -> None:
    """Import a module, and call its function after a colon if there is one. Failing only costs speed."""
    module, _, function = target.partition(":")
    with suppress(Exception):
        loaded = import_module(module)
        if function:
            getattr(loaded, function)()
    gc.freeze()


if __name__ == "__main__":
    main()
