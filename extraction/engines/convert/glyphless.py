"""A TrueType font for invisible text: every character it is made for has a glyph of its own, a plain box.

PDF viewers find and copy text by its characters and mark it by its glyphs' boxes, so letter shapes are not
needed; but each character must have a glyph that leads back to it. Made by hand because no font at hand has
all scripts.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping

UNITS_PER_EM = 1000
# Of every glyph, in units.
ADVANCE = 500
_ASCENT, _DESCENT = UNITS_PER_EM, 0
_CHECKSUM = 0xB1B0AFBA
# Seconds from 1904 to 2024, for the dates a font must have.
_CREATED = 3_786_825_600
_NAME = "Glyphless"
# One outline of four points on the curve: their steps across, then up.
_BOX = struct.pack(
    ">hhhhhHH4B4h4hxx",
    1, 0, 0, ADVANCE, UNITS_PER_EM, 3, 0, *[1] * 4, 0, 0, ADVANCE, 0, 0, UNITS_PER_EM, 0, -UNITS_PER_EM,
)  # fmt: skip


def glyphless_font(characters: Iterable[str]) -> bytes:
    """The font file for these characters (at most 65,000 different ones)."""
    codes = sorted({ord(character) for character in characters})
    count = len(codes) + 1
    tables = {
        b"OS/2": _os2(codes),
        b"cmap": _cmap(codes),
        b"glyf": _BOX * count,
        b"head": _head(),
        b"hhea": struct.pack(
            ">IhhhHhhhhhhhhhhhH", 0x10000, _ASCENT, _DESCENT, 0, ADVANCE, 0, 0, 0, 1, *[0] * 7, count
        ),
        b"hmtx": struct.pack(">Hh", ADVANCE, 0) * count,
        b"loca": b"".join(struct.pack(">I", len(_BOX) * glyph) for glyph in range(count + 1)),
        b"maxp": struct.pack(">IH13H", 0x10000, count, 4, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0),
        b"name": _names(),
        b"post": struct.pack(">IIhhIIIII", 0x30000, 0, 0, 0, 1, 0, 0, 0, 0),
    }
    return _file(tables)


def _head() -> bytes:
    return struct.pack(
        ">IIIIHHqqhhhhHHhhh",
        0x10000, 0x10000, 0, 0x5F0F3CF5, 0, UNITS_PER_EM, _CREATED, _CREATED,
        0, _DESCENT, ADVANCE, _ASCENT, 0, 8, 2, 1, 0,
    )  # fmt: skip


def _os2(codes: list[int]) -> bytes:
    first, last = (min(codes[0], 0xFFFF), min(codes[-1], 0xFFFF)) if codes else (0, 0)
    usual = struct.pack(">HhHHH", 3, ADVANCE, 400, 5, 0)
    # Places of small letters, family, kind of script: nothing to say.
    nothing = bytes(20 + 2 + 10 + 16) + b"    "
    lines = struct.pack(">hhhHH", _ASCENT, _DESCENT, 0, _ASCENT, -_DESCENT)
    return (
        usual
        + nothing
        + struct.pack(">HHH", 0x40, first, last)
        + lines
        + struct.pack(">IIhhHHH", 1, 0, 0, 0, 0, 32, 1)
    )


def _cmap(codes: list[int]) -> bytes:
    """Formats 4, which every reader knows, and 12, for characters beyond 65,535."""
    pairs = [(code, glyph) for glyph, code in enumerate(codes, start=1)]
    short = _format_4([(code, glyph) for code, glyph in pairs if code < 0xFFFF])
    groups = b"".join(struct.pack(">III", code, code, glyph) for code, glyph in pairs)
    full = struct.pack(">HHIII", 12, 0, 16 + len(groups), 0, len(pairs)) + groups
    return struct.pack(">HHHHIHHI", 0, 2, 3, 1, 20, 3, 10, 20 + len(short)) + short + full


def _format_4(pairs: list[tuple[int, int]]) -> bytes:
    """One segment for each run of neighbouring characters, whose glyphs are neighbours too."""
    runs: list[tuple[int, int, int]] = []
    for code, glyph in pairs:
        if runs and runs[-1][1] == code - 1:
            runs[-1] = (runs[-1][0], code, runs[-1][2])
        else:
            runs.append((code, code, (glyph - code) & 0xFFFF))
    runs.append((0xFFFF, 0xFFFF, 1))
    count = len(runs)
    power = 1 << (count.bit_length() - 1)
    body = struct.pack(">4H", 2 * count, 2 * power, power.bit_length() - 1, 2 * (count - power))
    body += b"".join(struct.pack(">H", end) for _, end, _ in runs) + b"\0\0"
    body += b"".join(struct.pack(">H", start) for start, _, _ in runs)
    body += b"".join(struct.pack(">H", delta) for _, _, delta in runs) + b"\0\0" * count
    return struct.pack(">HHH", 4, 6 + len(body), 0) + body


def _names() -> bytes:
    text = _NAME.encode("utf-16-be")
    # Family, style, full name and PostScript name.
    records = b"".join(struct.pack(">6H", 3, 1, 0x409, kind, len(text), 0) for kind in (1, 2, 4, 6))
    return struct.pack(">HHH", 0, 4, 6 + len(records)) + records + text


def _file(tables: Mapping[bytes, bytes]) -> bytes:
    count = len(tables)
    power = 1 << (count.bit_length() - 1)
    directory = struct.pack(
        ">IHHHH", 0x10000, count, 16 * power, power.bit_length() - 1, 16 * (count - power)
    )
    body = b""
    start = len(directory) + 16 * count
    for tag in sorted(tables):
        data = tables[tag]
        directory += struct.pack(">4sIII", tag, _checksum(data), start + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    font = directory + body
    head = font.index(tables[b"head"]) + 8
    return font[:head] + struct.pack(">I", (_CHECKSUM - _checksum(font)) & 0xFFFFFFFF) + font[head + 4 :]


def _checksum(data: bytes) -> int:
    padded = data + bytes(-len(data) % 4)
    numbers: tuple[int, ...] = struct.unpack(f">{len(padded) // 4}I", padded)
    return sum(numbers) & 0xFFFFFFFF
