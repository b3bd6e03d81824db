"""List items: their marks, and how deep they are nested."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extraction.engines.convert.pdf_blocks import Draft

_ROUND = "•●○▪■◦‣➢➤✓✔►◆❖□\uf0b7\uf0a7"
_DASHES = "·–—*»‐-"
BULLET = re.compile(rf"^\s*[{_ROUND}{_DASHES}]\s+")
# What is a bullet wherever it begins a line.
PLAIN_BULLET = re.compile(rf"^[{_ROUND}]\s*(?=\w)")
MARK = re.compile(rf"^(?:[{_ROUND}{_DASHES}]|\(?(?:\d{{1,3}}|[A-Za-z]|[ivxIVX]{{1,5}})[.)])(?:\s+|$)")
# Items whose left edges differ by less than this many letter heights are of one depth.
_STEP = 0.7


def mark_lists(drafts: Sequence[Draft]) -> None:
    """Set the depth of runs of list items from their left edges; text behind a bullet is one, too."""
    run: list[Draft] = []
    for draft in drafts:
        if draft.kind == "paragraph" and PLAIN_BULLET.match(draft.text):
            draft.kind = "list_item"
    for draft in drafts:
        if draft.kind == "list_item":
            run.append(draft)
        elif run:
            _set_depths(run)
            run = []
    _set_depths(run)


def _set_depths(items: Sequence[Draft]) -> None:
    edges: list[float] = []
    for item in items:
        while edges and item.x0 < edges[-1] - _STEP * item.size:
            edges.pop()
        if not edges or item.x0 > edges[-1] + _STEP * item.size:
            edges.append(item.x0)
        item.level = len(edges) - 1
