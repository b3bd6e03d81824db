"""Documents with figures, for the tests of what is done with them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from documents.models import Document, Status
from documents.services.lifecycle import Claim, document_claim, document_finish
from extraction import stages
from extraction.engines.blocks import Block, Box, Cell, ConvertedDocument, Page, Word
from extraction.services.conversion import conversion_store
from tests.extraction.illustrated import HEIGHT, WIDTH, illustrated_pdf

PLACE = {"x": 150 / WIDTH, "y": 1 - 500 / HEIGHT, "w": 300 / WIDTH, "h": 200 / HEIGHT}


def found_in(colors: tuple[str, ...]) -> ConvertedDocument:
    """What a reader finds in the file of illustrated_pdf, with a table on the first page."""
    pages, blocks = [], []
    for number, color in enumerate(colors, start=1):
        box = Box(number, **PLACE)
        pages.append(
            Page(number, WIDTH, HEIGHT, words=(Word(f"Rings{number}", Box(number, 0.1, 0.1, 0.2, 0.02)),))
        )
        blocks.append(Block("paragraph", f"Text of page {number}", number))
        blocks.append(Block("figure", f"Rings on {color}", number, box))
    cells = (Cell(0, 0, "Item"), Cell(0, 1, "Sum"), Cell(1, 0, "=1+1"), Cell(1, 1, "-7.50"))
    blocks.append(Block("table", "", 1, Box(1, 0.1, 0.6, 0.5, 0.1), cells=cells))
    return ConvertedDocument(tuple(pages), tuple(blocks), "text_layer", "test", "1")


@pytest.fixture
def in_work(upload: Callable[..., Document]) -> Callable[..., tuple[Document, Claim]]:
    """A document that a worker holds."""

    def make(path: Path, **options: Any) -> tuple[Document, Claim]:
        document = upload(path, process=True, **options)
        claim = document_claim(document_id=document.pk)
        assert claim is not None
        document.refresh_from_db()
        return document, claim

    return make


@pytest.fixture
def illustrate(
    in_work: Callable[..., tuple[Document, Claim]], tmp_path: Path
) -> Callable[..., tuple[Document, Claim]]:
    """A document with a figure on each page, up to and with the stage of figures."""

    def make(*colors: str, **options: Any) -> tuple[Document, Claim]:
        colors = colors or ("navy", "darkred")
        document, claim = in_work(illustrated_pdf(tmp_path / "rings.pdf", colors=colors), **options)
        conversion_store(document_id=document.pk, attempt=claim.attempt, found=found_in(colors))
        stages.render(document.pk, claim.attempt)
        stages.figures(document.pk, claim.attempt)
        return document, claim

    return make


@pytest.fixture
def illustrated(illustrate: Callable[..., tuple[Document, Claim]]) -> Document:
    """The same, done."""
    document, claim = illustrate()
    return document_finish(document_id=document.pk, attempt=claim.attempt, to=Status.COMPLETED)
