"""Footnotes: small text at a page's foot that begins with a mark."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from extraction.engines.convert.pdf_blocks import Draft

if TYPE_CHECKING:
    from extraction.engines.convert.headings import Style

_MARK = re.compile(r"^(?P<mark>\d{1,3}|[*†‡§¶∗]{1,3})[.)]?\s*(?=\S)")
_FOOT = 0.5
_SMALL = 0.95


def mark_footnotes(drafts: Sequence[Draft], style: Style, page_height: float) -> None:
    """Set kind and marker of the footnotes among one page's drafts."""
    for draft in drafts:
        if draft.kind not in ("paragraph", "list_item") or draft.y0 < _FOOT * page_height or not draft.size:
            continue
        found = _MARK.match(draft.text if not draft.lines else draft.lines[0].text)
        if found and draft.size < _SMALL * style.size and draft.words > 2 and _lowest(draft, drafts):
            draft.kind, draft.mark, draft.level = "footnote", found.group("mark"), 0


def _lowest(draft: Draft, drafts: Sequence[Draft]) -> bool:
    """Whether nothing of the text's own size comes below it in its column."""
    return not any(
        other.y0 > draft.y1 and other.size > draft.size * 1.05 and other.x0 < draft.x1 and other.x1 > draft.x0
        for other in drafts
        if other.kind in ("paragraph", "heading")
    )


def number_footnotes(drafts: Sequence[Draft]) -> dict[int, dict[str, str]]:
    """Give each footnote a marker of its own; the markers by page and printed mark.

    The marker is the mark as printed; where a document counts anew on each page, the page is added.
    """
    notes: dict[int, dict[str, str]] = {}
    taken: set[str] = set()
    for draft in drafts:
        if draft.kind == "footnote":
            mark = draft.mark
            draft.marker = mark if mark not in taken else f"{mark}-p{draft.page}"
            taken.add(draft.marker)
            notes.setdefault(draft.page, {})[mark] = draft.marker
    return notes
