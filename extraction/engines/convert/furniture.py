"""Running headers and footers: told by their place and by coming back page after page."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

from extraction.engines.convert.pdf_blocks import Draft, split_lines
from extraction.engines.convert.pdf_pages import PageDraft

# The part of the page's height at its top and bottom where furniture is looked for.
_BAND = 0.12
# Lone page numbers stand nearer to the edge.
_EDGE = 0.09
_PAGE_NUMBER = re.compile(
    r"(page|seite|pagina|página|p\.|s\.)?\s*[-–—|]?\s*(\d{1,4}|[ivxlc]{1,7})\s*[-–—|]?"
    r"(\s*(of|von|/|de|di|sur)\s*\d{1,4})?",
    re.I,
)
_DIGITS = re.compile(r"\d+|\b[ivxlc]+\b", re.I)
_LONGEST = 200
# Left and right pages may differ, and chapters change their running titles.
_LEAST_PAGES = 3


def mark_furniture(pages: Sequence[PageDraft]) -> None:
    """Set the kind of lines that come back at the pages' edges, and of lone page numbers there.

    A line counts as coming back if it stands at the same edge of three pages that are close together (of both
    pages where there are but two or three), whatever its numbers are. On a single page only page numbers are
    furniture: nothing else can be told from a title.
    """
    seen: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, page in enumerate(pages):
        for draft in _at_edges(page):
            seen[_band(draft, page), _shape(draft.text)].append(place)
    enough = 2 if len(pages) <= _LEAST_PAGES else _LEAST_PAGES
    repeating = {key for key, places in seen.items() if _comes_back(places, enough)}
    numbers = _numbering(pages)
    for page in pages:
        for draft in _at_edges(page):
            band = _band(draft, page)
            if (band, _shape(draft.text)) in repeating or _is_page_number(draft, page, numbers):
                draft.kind, draft.level = "header" if band == "header" else "footer", 0


def _comes_back(places: Sequence[int], enough: int) -> bool:
    """Whether enough of these pages, in ascending order, are every or every second one in a row."""
    places = sorted(set(places))
    return any(
        last - first <= 2 * (enough - 1) for first, last in zip(places, places[enough - 1 :], strict=False)
    )


def part_furniture(page: PageDraft) -> None:
    """Split blocks at the page's edges into their lines, so that a running title is not glued to text."""
    page.drafts = [
        part for draft in page.drafts for part in (split_lines(draft) if _is_mixed(draft, page) else [draft])
    ]


def _is_mixed(draft: Draft, page: PageDraft) -> bool:
    """Whether a short block stands at an edge and holds lines that are far apart in size or place."""
    if draft.kind not in ("paragraph", "heading") or not 2 <= len(draft.lines) <= 3 or not _band(draft, page):
        return False
    return any(below.y0 - above.y1 > (above.y1 - above.y0) for above, below in pairwise(draft.lines))


def _at_edges(page: PageDraft) -> Iterable[Draft]:
    return [draft for draft in page.drafts if draft.text and _band(draft, page)]


def _band(draft: Draft, page: PageDraft) -> str:
    if draft.kind not in ("paragraph", "heading", "list_item", "footnote") or len(draft.text) > _LONGEST:
        return ""
    if draft.y1 <= draft.y0:
        return ""
    if draft.y1 < _BAND * page.page.height:
        return "header"
    return "footer" if draft.y0 > (1 - _BAND) * page.page.height else ""


def _shape(text: str) -> str:
    return _DIGITS.sub("#", " ".join(text.split()).casefold())


def _is_page_number(draft: Draft, page: PageDraft, numbering: int | None) -> bool:
    found = _PAGE_NUMBER.fullmatch(draft.text.strip())
    if found is None:
        return False
    height = page.page.height
    if draft.y1 > _EDGE * height and draft.y0 < (1 - _EDGE) * height:
        return False
    figures = found.group(2)
    # Printed numbers run at one distance from the page's place in the file; other figures are text.
    return numbering is None or not figures.isdigit() or int(figures) - page.page.number == numbering


def _numbering(pages: Sequence[PageDraft]) -> int | None:
    """What the printed page numbers are ahead of the pages' places; None where too few tell."""
    ahead: dict[int, int] = defaultdict(int)
    for page in pages:
        for draft in _at_edges(page):
            if draft.text.strip().isdigit() and len(draft.text) < 6:
                ahead[int(draft.text) - page.page.number] += 1
    if not ahead:
        return None
    best = max(ahead, key=lambda distance: ahead[distance])
    return best if ahead[best] >= _LEAST_PAGES else None
