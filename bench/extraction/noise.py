"""What makes a page harder to read: letters mixed up, lines lost, foreign lines between."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

from extraction.engines.blocks import Box, ConvertedDocument, Page, Word

_MIX_UPS = {
    "O": "0",
    "I": "1",
    "S": "5",
    "B": "8",
    "l": "1",
    "o": "0",
    "i": "l",
    "m": "n",
    "e": "c",
    "G": "C",
}
_FOREIGN = (
    "COPY",
    "Welcome",
    "Original",
    "DUPLICATE",
    "Page 1",
    "REPRINT",
    "* * *",
    "Kopie",
    "V 2.1",
    "PAID",
    "No. 4",
)


def worn(document: ConvertedDocument, rng: random.Random, *, letters: bool) -> ConvertedDocument:
    """The document with a random wear; half of the documents stay as they are but for single letters."""
    if letters and rng.random() < 0.7:
        document = misread(document, rng.choice((0.002, 0.005, 0.01, 0.03)), rng)
    if rng.random() < 0.25:
        document = lose(document, rng.uniform(0.01, 0.08), rng)
    if rng.random() < 0.25:
        document = crowd(document, rng.randint(1, 2), rng)
    return document


def misread(document: ConvertedDocument, rate: float, rng: random.Random) -> ConvertedDocument:
    """Letters mixed up or dropped at `rate`; digits stay, since a misread value is another question."""
    return _rewritten(
        document, lambda word: replace(word, text="".join(_blurred(char, rate, rng) for char in word.text))
    )


def lose(document: ConvertedDocument, share: float, rng: random.Random) -> ConvertedDocument:
    """A share of the words without digits gone, as under a stamp or a fold."""
    return _rewritten(
        document,
        lambda word: None if rng.random() < share and not any(char.isdigit() for char in word.text) else word,
    )


def crowd(document: ConvertedDocument, count: int, rng: random.Random) -> ConvertedDocument:
    """Foreign words put at the margins of the first page's lines."""
    first, *rest = document.pages
    for _ in range(count if first.words else 0):
        near = rng.choice(first.words)
        x = rng.choice((0.01, 0.85))
        box = Box(first.number, x, near.box.y, 0.1, near.box.h)
        first = replace(first, words=(*first.words, Word(rng.choice(_FOREIGN), box, near.line)))
    return replace(document, pages=(first, *rest))


def _rewritten(document: ConvertedDocument, change: Callable[[Word], Word | None]) -> ConvertedDocument:
    return replace(document, pages=tuple(_page(page, change) for page in document.pages))


def _page(page: Page, change: Callable[[Word], Word | None]) -> Page:
    kept = (new for word in page.words if (new := change(word)) is not None and new.text)
    return replace(page, words=tuple(kept))


def _blurred(char: str, rate: float, rng: random.Random) -> str:
    if char.isdigit() or rng.random() >= rate:
        return char
    return _MIX_UPS.get(char, rng.choice(("", char)))
