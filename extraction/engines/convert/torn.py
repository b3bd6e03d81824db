"""Paragraphs that a column or page break tore apart, made whole."""

from __future__ import annotations

from collections.abc import Sequence

from extraction.engines.convert.paragraphs import Vocabulary, runs_on
from extraction.engines.convert.pdf_blocks import Draft
from extraction.engines.convert.pdf_inline import joined_pieces, text_of

_FLOATING = frozenset({"figure", "figure_text", "caption", "footnote", "header", "footer"})
# Shorter pieces are labels as often as torn sentences.
_LEAST_WORDS = 5


def join_torn(drafts: Sequence[Draft], vocabulary: Vocabulary) -> list[Draft]:
    """The drafts with paragraphs whole again that a column, a page or something between tore apart.

    A paragraph that stops in the middle of a sentence goes on with the next paragraph, if that begins in the
    middle of one and is set alike; figures, captions, footnotes and furniture may stand between, headings and
    tables not. What stands between comes after the whole paragraph. A caption goes on in the line below it.
    """
    result: list[Draft] = []
    open_one: Draft | None = None
    for draft in drafts:
        if draft.kind == "paragraph":
            above = result[-1] if result and result[-1].kind == "caption" else open_one
            if above is not None and _continues(above, draft):
                above.pieces = joined_pieces(above.pieces, draft.pieces, vocabulary)
                above.text = text_of(above.pieces)
                above.last = draft
                continue
        if draft.kind not in _FLOATING:
            open_one = draft if draft.kind in ("paragraph", "list_item") else None
        result.append(draft)
    return result


def _continues(whole: Draft, after: Draft) -> bool:
    before = whole.last or whole
    if not (before.pieces and after.pieces) or after.page - before.page > 1:
        return False
    if abs(before.size - after.size) > 0.05 * before.size:
        return False
    if whole.kind == "caption":
        return _is_next_line(before, after) and runs_on(whole.text, after.text)
    if before.bold != after.bold:
        return False
    if _is_next_line(before, after):
        return runs_on(whole.text, after.text)
    elsewhere = after.page != before.page or after.y0 < before.y1 or after.x0 > before.x1
    enough = whole.words >= _LEAST_WORDS and after.words > 1
    return elsewhere and enough and runs_on(whole.text, after.text)


def _is_next_line(before: Draft, after: Draft) -> bool:
    """Whether the second stands right below the first, where its next line would be."""
    if after.page != before.page or not -0.5 * before.size < after.y0 - before.y1 < 0.8 * before.size:
        return False
    return abs(after.x0 - before.x0) < 1.5 * before.size
