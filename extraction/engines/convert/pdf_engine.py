"""Runs liteparse over a PDF a few pages at a time, so that memory stays bounded and progress can be told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.metadata import version
from typing import Any

import liteparse

from extraction.engines.convert.pdf_source import PageSigns

PARSER = "liteparse"
# Read once: looking it up costs more than reading a page.
PARSER_VERSION = version("liteparse")
# Opening the file anew for each chunk costs a few milliseconds; a page's objects a few hundred kilobytes.
CHUNK_PAGES = 24


def parsed_pages(
    data: bytes, numbers: Sequence[int], *, page_count: int, password: str | None
) -> Iterator[tuple[int, Any | None]]:
    """Each page number with liteparse's page, None where liteparse fails on it or leaves it out.

    `data` is the file: given a path, liteparse goes by its name and would run converters on other kinds.
    """
    for start in range(0, len(numbers), CHUNK_PAGES):
        chunk = numbers[start : start + CHUNK_PAGES]
        parsed = _parse(data, chunk if len(chunk) < page_count else None, password)
        for number in chunk:
            yield number, parsed.pop(number, None)


def _parse(data: bytes, chunk: Sequence[int] | None, password: str | None) -> dict[int, Any]:
    whole = chunk is None and password is None
    parser = _whole_file_parser() if whole else _parser(chunk, password)
    try:
        return {page.page_num: page for page in parser.parse(data).pages}
    except liteparse.ParseError:
        return {}


@lru_cache(maxsize=1)
def _whole_file_parser() -> Any:
    # Making a parser costs as much as reading half a page.
    return _parser(None, None)


def _parser(chunk: Sequence[int] | None, password: str | None) -> Any:
    return liteparse.LiteParse(
        ocr_enabled=False,
        extract_blocks=True,
        emit_word_boxes=True,
        extract_text_metadata=True,
        include_complexity=True,
        keep_headers_footers=True,
        continue_on_page_error=True,
        extract_annotations=True,
        extract_links=False,
        image_mode="off",
        quiet=True,
        password=password,
        target_pages=",".join(map(str, chunk)) if chunk else None,
    )


def signs_of(page: Any) -> PageSigns:
    """What liteparse counted on the page."""
    stats = page.complexity
    if stats is None:
        return PageSigns()
    layout = stats.layout
    signs = PageSigns(
        images=stats.image_block_count,
        image_coverage=stats.image_coverage,
        full_page_image=stats.full_page_image,
        garbled=stats.is_garbled,
    )
    if layout is None:
        return signs
    return PageSigns(
        columns=layout.column_count,
        ruled_tables=layout.ruled_table_count,
        ruled_table_coverage=layout.ruled_table_coverage,
        text_tables=layout.text_table_run_count,
        figures=layout.figure_count,
        rules=sum(block.kind == "rule" for block in page.blocks or ()),
        figure_coverage=layout.figure_coverage,
        images=signs.images,
        image_coverage=signs.image_coverage,
        full_page_image=signs.full_page_image,
        garbled=signs.garbled,
    )
