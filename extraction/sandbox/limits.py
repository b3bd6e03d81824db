"""What a child may use."""

from __future__ import annotations

import resource
from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one job: `wall_s` and `cpu_s` in seconds, the others in bytes.

    `memory_bytes` bounds what the child may add to the address space it starts with; text recognition of a
    full page takes 1.3 GB of it. `output_bytes` bounds all that it may answer.
    """

    wall_s: float = 300.0
    cpu_s: int = 300
    memory_bytes: int = 2048 * MIB
    output_bytes: int = 64 * MIB


DEFAULT = Limits()
# EasyOCR needs 2.3 GB for a full page.
WITH_EASYOCR = Limits(memory_bytes=3072 * MIB)
RENDERING = Limits(wall_s=120.0, cpu_s=120)
# Pictures come one by one and are let go again, so their sum may be larger.
PICTURES = Limits(output_bytes=1024 * MIB)

# The file, the answer and the standard three are open; libraries open a font or a model on top.
_OPEN_FILES = 64


def apply(limits: Limits) -> None:
    """Bind this process and all it starts. Cannot be undone."""
    # The libraries reserve a gigabyte of addresses that they never touch; it must not count.
    _bind(resource.RLIMIT_AS, _address_space() + limits.memory_bytes)
    # A second of grace: at the soft limit comes SIGXCPU, which tells a time-out from a kill.
    _bind(resource.RLIMIT_CPU, limits.cpu_s, grace=1)
    _bind(resource.RLIMIT_FSIZE, 0)
    _bind(resource.RLIMIT_CORE, 0)
    _bind(resource.RLIMIT_NOFILE, _OPEN_FILES)


def _address_space() -> int:
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[0]) * resource.getpagesize()


def _bind(kind: int, value: int, *, grace: int = 0) -> None:
    _, hard = resource.getrlimit(kind)
    highest = value + grace if hard == resource.RLIM_INFINITY else min(value + grace, hard)
    resource.setrlimit(kind, (min(value, highest), highest))
