"""The whole document's structure: what the pages' blocks are once all of them are known."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from extraction.engines.blocks import Block, Box
from extraction.engines.convert.captions import mark_captions
from extraction.engines.convert.footnotes import mark_footnotes, number_footnotes
from extraction.engines.convert.furniture import mark_furniture, part_furniture
from extraction.engines.convert.headings import Style, find_headings, split_lead_lines
from extraction.engines.convert.inline import markdown, markup
from extraction.engines.convert.levels import set_levels
from extraction.engines.convert.lists import mark_lists
from extraction.engines.convert.outline import Outline
from extraction.engines.convert.paragraphs import Vocabulary
from extraction.engines.convert.pdf_blocks import Draft
from extraction.engines.convert.pdf_inline import pieces_of, text_of
from extraction.engines.convert.pdf_pages import PageDraft
from extraction.engines.convert.torn import join_torn

_FORMULA = re.compile(r"\$(?P<tex>[^$]+)\$\s*[.,;]?")


def structured(pages: Sequence[PageDraft], outline: Outline) -> tuple[Block, ...]:
    """The document's blocks in reading order, page after page."""
    style = Style.of(draft for page in pages for draft in page.drafts)
    vocabulary = Vocabulary()
    for page in pages:
        part_furniture(page)
        page.drafts = [part for draft in page.drafts for part in split_lead_lines(draft, style)]
        for draft in page.drafts:
            vocabulary.add(line.text for line in draft.lines)
    mark_furniture(pages)
    for page in pages:
        mark_captions(page.drafts)
        mark_footnotes(page.drafts, style, page.page.height)
        find_headings(page.drafts, style, page.page.height)
        mark_lists(page.drafts)
        mark_formulas(page.drafts)
    drafts = [draft for page in pages for draft in page.drafts]
    notes = number_footnotes(drafts)
    for draft in drafts:
        if draft.lines:
            draft.pieces = pieces_of(draft, vocabulary, notes.get(draft.page, {}), bold_body=style.bold)
            draft.text = text_of(draft.pieces)
    set_levels(drafts, outline)
    sizes = {page.page.number: (page.page.width, page.page.height) for page in pages}
    return tuple(_block(draft, *sizes[draft.page]) for draft in join_torn(drafts, vocabulary))


def mark_formulas(drafts: Sequence[Draft]) -> None:
    """Set the kind of blocks that the engine set as one formula in TeX and nothing else."""
    for draft in drafts:
        found = _FORMULA.fullmatch(draft.text.strip()) if draft.kind == "paragraph" else None
        if found:
            draft.kind, draft.text, draft.lines = "formula", found.group("tex"), []


def _block(draft: Draft, width: float, height: float) -> Block:
    block = draft.block
    if draft.kind == block.kind and not draft.lines:
        return replace(block, level=draft.level)
    box = _box(draft, width, height)
    return replace(
        block,
        kind=draft.kind,
        text=draft.text,
        box=box or block.box,
        level=draft.level,
        ordered=draft.ordered,
        marker=draft.marker,
        markup=_markup(draft),
    )


def _markup(draft: Draft) -> str:
    pieces = draft.pieces
    if draft.kind == "footnote" and pieces:
        # The mark is the label of the footnote in Markdown, not part of its text.
        rest = pieces[0].text.lstrip().removeprefix(draft.mark).lstrip(".) ")
        return markdown([replace(pieces[0], text=rest), *pieces[1:]])
    return markup(pieces)


def _box(draft: Draft, width: float, height: float) -> Box | None:
    x, y = max(draft.x0 / width, 0.0), max(draft.y0 / height, 0.0)
    right, bottom = min(draft.x1 / width, 1.0), min(draft.y1 / height, 1.0)
    return Box(draft.page, x, y, right - x, bottom - y) if right > x and bottom > y else None
