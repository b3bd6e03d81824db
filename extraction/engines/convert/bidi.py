"""Right-to-left text: words found from left to right, put into the order in which they are read.

A short form of the Unicode bidirectional algorithm (UAX 9) for whole words: PDFium has put each word's
letters in order already.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TypeVar

_RTL = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_LETTER = re.compile(r"[^\W\d_]")

T = TypeVar("T")


def has_rtl(text: str) -> bool:
    """Whether a text holds Hebrew, Arabic or related letters."""
    return not text.isascii() and _RTL.search(text) is not None


def in_reading_order(items: Sequence[T], text_of: Callable[[T], str]) -> list[T]:
    """Items of one line, given from left to right, as they are read.

    A line with more right-to-left words than others runs from the right; words of the other direction keep
    theirs among themselves.
    """
    turned = [has_rtl(text_of(item)) for item in items]
    if not any(turned):
        return list(items)
    pairs = list(zip(items, turned, strict=True))
    others = sum(not rtl and _LETTER.search(text_of(item)) is not None for item, rtl in pairs)
    from_right = sum(turned) >= others
    ordered: list[T] = []
    stretch: list[T] = []
    for item, rtl in reversed(pairs) if from_right else pairs:
        if rtl == from_right:
            ordered += [*reversed(stretch), item]
            stretch = []
        else:
            stretch.append(item)
    return ordered + list(reversed(stretch))
