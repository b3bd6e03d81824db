"""Compound files, the container of Office 97: the names of their streams, and one stream's bytes.

Layout: [MS-CFB] "Compound File Binary File Format", sections 2.2 to 2.6. Every chain is bounded by the file's
size, so that a loop or a lie costs no more than reading the file once.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAX_BYTES = 300 * 1024 * 1024
_MAX_ENTRIES = 20_000
_ENTRY = struct.Struct("<64sHBBIII16sIQQIQ")
_END, _FREE = 0xFFFFFFFE, 0xFFFFFFFF
_STREAM, _ROOT = 2, 5


class BadCompoundFile(ValueError):
    """The file is not a compound file or contradicts itself."""


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    kind: int
    start: int
    size: int


def stream_names(source: Path | BinaryIO) -> set[str]:
    """The names of all streams and storages. Raises BadCompoundFile, OSError."""
    return {entry.name for entry in _CompoundFile(source).entries}


def read_stream(source: Path | BinaryIO, *names: str) -> bytes:
    """The bytes of the first stream that has one of the names. Raises BadCompoundFile, OSError."""
    file = _CompoundFile(source)
    for name in names:
        for entry in file.entries:
            if entry.kind == _STREAM and entry.name == name:
                return file.content(entry)
    raise BadCompoundFile("no such stream")


class _CompoundFile:
    def __init__(self, source: Path | BinaryIO) -> None:
        self.data = source.read_bytes() if isinstance(source, Path) else source.read(MAX_BYTES + 1)
        if len(self.data) > MAX_BYTES or len(self.data) < 512 or not self.data.startswith(SIGNATURE):
            raise BadCompoundFile("no header")
        shift, small_shift = struct.unpack_from("<HH", self.data, 30)
        if shift not in (9, 12) or small_shift != 6:
            raise BadCompoundFile("sector size")
        self.sector = 1 << shift
        self.cutoff = struct.unpack_from("<I", self.data, 56)[0]
        self.table = self._table()
        directory = struct.unpack_from("<I", self.data, 48)[0]
        self.entries = list(self._entries(b"".join(self._sectors(directory))))
        if not self.entries or self.entries[0].kind != _ROOT:
            raise BadCompoundFile("no root")

    def content(self, entry: _Entry) -> bytes:
        if entry.size >= self.cutoff:
            return b"".join(self._sectors(entry.start))[: entry.size]
        small = b"".join(self._sectors(self.entries[0].start))
        first_small = struct.unpack_from("<I", self.data, 60)[0]
        table = _numbers(b"".join(self._sectors(first_small)))
        return b"".join(small[64 * n : 64 * n + 64] for n in _chain(table, entry.start))[: entry.size]

    def _table(self) -> list[int]:
        """The chain table: for each sector the one that follows it."""
        numbers = list(struct.unpack_from("<109I", self.data, 76))
        following = struct.unpack_from("<I", self.data, 68)[0]
        most = len(self.data) // self.sector + 1
        while following < _END - 3 and len(numbers) <= most:
            *more, following = _numbers(self._at(following))
            numbers += more
        sectors = [number for number in numbers if number < most]
        return _numbers(b"".join(map(self._at, dict.fromkeys(sectors))))

    def _at(self, number: int) -> bytes:
        data = self.data[(number + 1) * self.sector : (number + 2) * self.sector]
        if not data:
            raise BadCompoundFile("sector outside")
        return data.ljust(self.sector, b"\xff")

    def _sectors(self, start: int) -> Iterator[bytes]:
        if start < _END - 3:
            yield from map(self._at, _chain(self.table, start))

    def _entries(self, directory: bytes) -> Iterator[_Entry]:
        for position in range(0, min(len(directory), _MAX_ENTRIES * _ENTRY.size), _ENTRY.size):
            name, length, kind, *_, start, size = _ENTRY.unpack_from(directory, position)
            if kind:
                text = name[: max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace")
                yield _Entry(text, kind, start, size & 0xFFFFFFFF if self.sector == 512 else size)


def _numbers(data: bytes) -> list[int]:
    return list(struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4]))


def _chain(table: list[int], start: int) -> Iterator[int]:
    seen = 0
    while start not in (_END, _FREE):
        if start >= len(table) or seen > len(table):
            raise BadCompoundFile("chain")
        yield start
        seen += 1
        start = table[start]
