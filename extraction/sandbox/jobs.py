"""What runs inside a child.

A job takes the file, its JSON arguments and a `report(done, total)` for progress, and yields frames of bytes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from extraction.engines.convert.images import open_pages
from extraction.engines.convert.options import ConvertOptions, OnPage
from extraction.engines.convert.reader import convert as convert_file
from extraction.sandbox import codec

PAGE_NUMBER = struct.Struct("!I")


def convert(source: Path, arguments: dict[str, Any], report: OnPage) -> Iterator[bytes]:
    """One frame: the document as `codec` writes it."""
    lists = {name: tuple(value) for name, value in arguments["options"].items() if isinstance(value, list)}
    options = ConvertOptions(**{**arguments["options"], **lists})
    yield codec.encode(convert_file(source, options, content_type=arguments["content_type"], on_page=report))


def render_pages(source: Path, arguments: dict[str, Any], report: OnPage) -> Iterator[bytes]:
    """One frame per page as soon as it is drawn: its number and its WebP."""
    with open_pages(source, content_type=arguments["content_type"], password=arguments["password"]) as pages:
        for done, number in enumerate(arguments["pages"], start=1):
            yield PAGE_NUMBER.pack(number) + pages.webp(number, arguments["width"])
            report(done, len(arguments["pages"]))


def page_sizes(source: Path, arguments: dict[str, Any], report: OnPage) -> Iterator[bytes]:
    """One frame per page: its width and height in points."""
    with open_pages(source, content_type=arguments["content_type"], password=arguments["password"]) as pages:
        for number in range(1, pages.count() + 1):
            yield struct.pack("!dd", *pages.size(number))
