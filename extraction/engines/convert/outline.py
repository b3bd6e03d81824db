"""A PDF's own outline (bookmarks): titles with their depth and page."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import pypdfium2

MAX_ENTRIES = 5000
_MAX_DEPTH = 6
_NOT_LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Outline:
    """The depth (1–6) of each title by its page (from 1) and letters."""

    levels: dict[tuple[int, str], int] = field(default_factory=dict)

    def level(self, text: str, page: int) -> int | None:
        """The depth of a heading on a page; None if the outline does not name it."""
        return self.levels.get((page, key_of(text)))


def key_of(text: str) -> str:
    """The letters by which a title in the outline and one on the page are the same."""
    return _NOT_LETTERS.sub("", text).casefold()


def read_outline(document: Any) -> Outline:
    """The outline of an open `pypdfium2.PdfDocument`; empty where it has none or a damaged one."""
    levels: dict[tuple[int, str], int] = {}
    try:
        # PDFium stops at entries it has seen, so that a circle ends.
        for count, entry in enumerate(document.get_toc(max_depth=_MAX_DEPTH)):
            if count >= MAX_ENTRIES:
                break
            target = entry.get_dest()
            page = target.get_index() if target else None
            if page is not None:
                levels.setdefault((page + 1, key_of(entry.get_title())), entry.level + 1)
    except (pypdfium2.PdfiumError, UnicodeDecodeError, RecursionError):
        return Outline()
    return Outline(levels)
