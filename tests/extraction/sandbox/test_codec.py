"""Documents cross the pipe unchanged, and nothing else gets across."""

from __future__ import annotations

import pytest

from extraction.engines.blocks import Block, Box, Cell, ConvertedDocument, Page, Word
from extraction.sandbox.codec import decode, encode

BOX = Box(1, 0.1, 0.2, 0.3, 0.04)
DOCUMENT = ConvertedDocument(
    (Page(1, 595.0, 842.0, 90, (Word("Größe", BOX, 3, 0.9), Word("x", BOX)), 0.8),),
    (
        Block("list_item", "one", 1, BOX, 2, True, marker="1."),
        Block("table", "a", 1, cells=(Cell(0, 1, "a", 2, 3, True, BOX), Cell(1, 0, "b"))),
    ),
    "mixed",
    "test",
    "1.0",
    {"page_count": 1},
)


def test_there_and_back() -> None:
    assert decode(encode(DOCUMENT)) == DOCUMENT


def test_text_that_no_database_stores_is_cleaned() -> None:
    dirty = ConvertedDocument((), (Block("paragraph", "a\x00b\ud800c", 1),), "office", "test", "1")
    assert decode(encode(dirty)).blocks[0].text == "ab?c"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"[" * 100_000,
        encode(DOCUMENT)[:-20],
        encode(DOCUMENT).replace(b"list_item", b"nonsense"),
        encode(DOCUMENT).replace(b"0.04", b"NaN"),
        encode(DOCUMENT).replace(b"595.0", b"[]"),
    ],
)
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - JSON's own message or ours
        decode(data)
