"""What runs inside a child.

A job takes the file, its JSON arguments and a `report(done, total)` for progress, and yields frames of bytes.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from extraction.engines.blocks import block_from_json, page_from_json
from extraction.engines.convert.figures import figure_images
from extraction.engines.convert.images import open_pages
from extraction.engines.convert.options import ConvertOptions, OnPage
from extraction.engines.convert.reader import convert as convert_file
from extraction.sandbox import codec

PAGE_NUMBER = HEAD_SIZE = struct.Struct("!I")


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


def figures(source: Path, arguments: dict[str, Any], report: OnPage) -> Iterator[bytes]:
    """One frame per figure: the size of its head, its head as JSON, its PNG."""
    blocks = [block_from_json(block) for block in arguments["figures"]]
    file = {name: arguments[name] for name in ("content_type", "password")}
    for image in figure_images(source, blocks, **file):
        head = {"index": image.index, "width": image.width, "height": image.height}
        text = json.dumps(head).encode()
        yield HEAD_SIZE.pack(len(text)) + text + image.png
        report(image.index, len(blocks))


def attachment(source: Path, arguments: dict[str, Any], report: OnPage) -> Iterator[bytes]:
    """One frame: the bytes of a mail's attachment."""
    from extraction.engines.convert.eml import read_attachment

    yield read_attachment(source, arguments["index"])


def embedded_file(source: Path, arguments: dict[str, Any], report: OnPage) -> Iterator[bytes]:
    """One frame: the bytes of a file embedded in a PDF."""
    from extraction.engines.einvoice.embedded import embedded_file as read_embedded_file

    yield read_embedded_file(source, arguments["name"])


def searchable(source: Path, arguments: dict[str, Any], report: OnPage) -> Iterator[bytes]:
    """One frame: a PDF that shows the pages and holds their words."""
    from extraction.engines.convert.searchable import searchable_pdf

    pages = [page_from_json(page) for page in arguments["pages"]]
    yield searchable_pdf(
        source, pages, content_type=arguments["content_type"], turned=dict(arguments["turned"])
    )
