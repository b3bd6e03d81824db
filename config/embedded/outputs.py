"""Passing the output of child processes on to the log, without threads."""

import os
import selectors
import time

from .log import Log
from .processes import Child

_CHUNK_BYTES = 65536  # also the longest line; a longer one is cut


class Outputs:
    """The output pipes of running children."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._selector = selectors.DefaultSelector()
        self._partial: dict[Child, bytes] = {}

    def listen(self, child: Child) -> None:
        """From now on `read` passes on what `child` prints."""
        if child.output is not None:
            os.set_blocking(child.output.fileno(), False)
            self._partial[child] = b""
            self._selector.register(child.output, selectors.EVENT_READ, child)

    def read(self, timeout_s: float) -> None:
        """Wait at most `timeout_s` for output, and pass on what is there."""
        if not self._selector.get_map():
            time.sleep(timeout_s)  # not every system waits when there is nothing to watch
        for key, _ in self._selector.select(timeout_s):
            self._read_child(key.data)

    def finish(self, child: Child) -> None:
        """Pass on the last output of a child that has ended, and close its pipe."""
        if child not in self._partial:
            return
        # Without blocking: a process that left the group may hold the other end for long.
        while self._read_child(child):
            pass
        if rest := self._partial.pop(child):
            self._write(child, rest)
        self._unregister(child)
        child.close()

    def close(self) -> None:
        """Stop listening to everyone."""
        self._selector.close()

    def _read_child(self, child: Child) -> bool:
        """Pass on one piece of output. False if there is none now."""
        assert child.output is not None
        try:
            chunk = os.read(child.output.fileno(), _CHUNK_BYTES)
        except BlockingIOError:
            return False
        *lines, rest = (self._partial[child] + chunk).split(b"\n")
        if len(rest) > _CHUNK_BYTES:
            lines, rest = [*lines, rest], b""
        self._partial[child] = rest
        for line in lines:
            self._write(child, line)
        if not chunk:
            self._unregister(child)
        return bool(chunk)

    def _write(self, child: Child, line: bytes) -> None:
        self._log.write(child.program.name, line.decode(errors="replace"))

    def _unregister(self, child: Child) -> None:
        if child.output in self._selector.get_map():
            assert child.output is not None
            self._selector.unregister(child.output)
