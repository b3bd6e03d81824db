"""Running headers and footers: told by their place and by coming back page after page."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from extraction.engines.blocks import Block, BlockKind

_BAND = 0.09
_PAGE_NUMBER = re.compile(
    r"(page|seite|pagina|página)?\s*-?\s*\d{1,4}\s*-?(\s*(of|von|/|de|di)\s*\d{1,4})?", re.I
)
_DIGITS = re.compile(r"\d+")


def mark_furniture(blocks: Sequence[Block], page_count: int) -> tuple[Block, ...]:
    """The blocks with repeated lines at the pages' edges, and lone page numbers, marked header or footer."""
    seen: dict[tuple[BlockKind, str], set[int]] = defaultdict(set)
    for block in blocks:
        band = _band(block)
        if band is not None:
            seen[band, _shape(block)].add(block.page)
    enough = max(2, min(3, page_count // 2 + 1))
    return tuple(_marked(block, seen, enough) for block in blocks)


def _marked(block: Block, seen: dict[tuple[BlockKind, str], set[int]], enough: int) -> Block:
    band = _band(block)
    if band is None:
        return block
    repeated = len(seen[band, _shape(block)]) >= enough
    return (
        replace(block, kind=band, level=0)
        if repeated or _PAGE_NUMBER.fullmatch(block.text.strip())
        else block
    )


def _band(block: Block) -> BlockKind | None:
    if block.box is None or block.kind not in ("paragraph", "heading") or len(block.text) > 200:
        return None
    if block.box.bottom < _BAND:
        return "header"
    return "footer" if block.box.y > 1 - _BAND else None


def _shape(block: Block) -> str:
    return _DIGITS.sub("#", " ".join(block.text.split()).casefold())
