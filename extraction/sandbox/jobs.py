"""What runs inside a child. A job takes the file and its JSON arguments and yields frames of bytes."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from extraction.engines.convert.images import open_pages
from extraction.engines.convert.options import ReadOptions
from extraction.engines.convert.reader import read
from extraction.sandbox import codec

PAGE_NUMBER = struct.Struct("!I")


def convert(source: Path, arguments: dict[str, Any]) -> Iterator[bytes]:
    """One frame: the document as `codec` writes it."""
    options = ReadOptions(**{**arguments["options"], "languages": tuple(arguments["options"]["languages"])})
    yield codec.encode(read(source, content_type=arguments["content_type"], options=options))


def render_pages(source: Path, arguments: dict[str, Any]) -> Iterator[bytes]:
    """One frame per page as soon as it is drawn: its number and its WebP."""
    with open_pages(source, content_type=arguments["content_type"], password=arguments["password"]) as pages:
        for number in arguments["pages"]:
            yield PAGE_NUMBER.pack(number) + pages.webp(number, arguments["width"])


def page_sizes(source: Path, arguments: dict[str, Any]) -> Iterator[bytes]:
    """One frame per page: its width and height in points."""
    with open_pages(source, content_type=arguments["content_type"], password=arguments["password"]) as pages:
        for number in range(1, pages.count() + 1):
            yield struct.pack("!dd", *pages.size(number))
