"""One log for several programs: each line says where it comes from."""

import contextlib
from collections.abc import Mapping
from typing import TextIO

_COLOURS = {"up": "1;36", "web": "32", "worker": "33", "postgres": "34", "valkey": "35", "migrate": "36"}
_OTHER_COLOUR = "37"


def wants_colour(stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Whether to colour: never with NO_COLOR, always with FORCE_COLOR, else on a terminal."""
    if environ.get("NO_COLOR"):
        return False
    return bool(environ.get("FORCE_COLOR")) or stream.isatty()


class Log:
    """Writes `name | text` lines to `stream`."""

    def __init__(self, stream: TextIO, *, colour: bool = False) -> None:
        self._stream = stream
        self._colour = colour

    def write(self, name: str, text: str) -> None:
        """Write `text`, each of its lines with the prefix `name`."""
        prefix = f"{name:<6}|"
        if self._colour:
            prefix = f"\x1b[{_COLOURS.get(name, _OTHER_COLOUR)}m{prefix}\x1b[0m"
        lines = "".join(f"{prefix} {line}\n" for line in text.splitlines() or [""])
        # Whoever read the log may have left; that must not keep us from stopping the programs in order.
        with contextlib.suppress(OSError, ValueError):
            self._stream.write(lines)
            self._stream.flush()
