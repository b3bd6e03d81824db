"""One page of a PDF on its way to blocks: what liteparse read, with its text set line by line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from extraction.engines.blocks import Block, Page, Word
from extraction.engines.convert.captions import without_caption
from extraction.engines.convert.figure_boxes import find_figures
from extraction.engines.convert.options import ConvertOptions
from extraction.engines.convert.paragraphs import groups
from extraction.engines.convert.pdf_blocks import Draft, blocks_of, draft_of_lines, drafts_of
from extraction.engines.convert.pdf_engine import signs_of
from extraction.engines.convert.pdf_source import PdfSource
from extraction.engines.convert.pdf_text import Line, Run, lines_of_runs, page_words, runs_of
from extraction.engines.convert.reading_order import agreement, columns_of, side_by_side, stretches_of, xy_cut
from extraction.engines.convert.tables import refine_tables
from extraction.engines.convert.text_columns import text_lines

# A scan's text layer may hold a stamp or a page number; a page of text holds more than this.
FEW_CHARS = 50
# Letter boxes this many times as high as the font hide each other, and liteparse drops what is hidden.
_TALL = 2.2
# A page with next to no text and this many drawn shapes shows its letters as outlines.
_OUTLINES = 200
# Columns of blocks are further apart than this, in points.
_BLOCK_GUTTER = 4.0


@dataclass(slots=True)
class PageDraft:
    """One page with its blocks in the making. `scan` says that its text layer is not what it shows."""

    page: Page
    drafts: list[Draft]
    scan: bool = False


def page_draft(parsed: Any, source: PdfSource, options: ConvertOptions, rotation: int) -> PageDraft | None:
    """The page as liteparse read it; None where liteparse lost text and PDFium must read it."""
    runs = runs_of(parsed)
    if _hides_text(runs):
        return None
    signs = signs_of(parsed)
    source = replace(source, signs=signs)
    lines = page_lines(runs)
    words = page_words(lines, parsed.page_num, parsed.width, parsed.height)
    page = Page(parsed.page_num, parsed.width, parsed.height, rotation, words)
    draft = laid_out(tuple(blocks_of(parsed)), runs, lines, page, source, options)
    draft.scan = signs.garbled or is_scan(words, source, page.number, pictured=signs.full_page_image)
    return draft


def laid_out(
    blocks: tuple[Block, ...],
    runs: Sequence[Run],
    lines: Sequence[Line],
    page: Page,
    source: PdfSource,
    options: ConvertOptions,
) -> PageDraft:
    """The page with its tables mended, its figures found, and its text in reading order line by line."""
    tables = refine_tables(blocks, page, source, options)
    blocks = find_figures([part for block in tables for part in without_caption(block)], page, source)
    drafts = drafts_of(blocks, runs, page.width, page.height)
    drafts = [part for draft in drafts for part in _untorn(draft)]
    drafts, confidence = in_reading_order(drafts, page.width)
    ordered = text_lines(lines, drafts)
    if len(ordered) != len(lines):
        page = replace(page, words=page_words(ordered, page.number, page.width, page.height))
    if len(drafts) > 1:
        page = replace(page, order_confidence=round(confidence, 3))
    return PageDraft(page, drafts)


def _hides_text(runs: Sequence[Run]) -> bool:
    tall = sum(not run.turned and run.y1 - run.y0 > _TALL * run.size for run in runs)
    return tall > 0.3 * len(runs)


def is_scan(words: Sequence[Word], source: PdfSource, number: int, *, pictured: bool) -> bool:
    """Whether the text layer is not what the page shows: it has next to none, on a picture of the page or
    beside text that is drawn as shapes. `pictured` says that one picture covers the page."""
    if not words:
        return True
    return few_chars(words) and (pictured or len(source.drawing(number).shapes) >= _OUTLINES)


def few_chars(words: Iterable[Word]) -> bool:
    return sum(len(word.text) for word in words) < FEW_CHARS


def page_lines(runs: Sequence[Run]) -> list[Line]:
    """The page's rows; text along its edge would tear the rows it runs past, so it comes after them."""
    turned = [run for run in runs if run.turned]
    if not turned:
        return lines_of_runs(runs)
    upright = lines_of_runs([run for run in runs if not run.turned])
    return upright + [Line([run]) for run in turned]


def _untorn(draft: Draft) -> list[Draft]:
    """The draft, or its columns where it reads across columns of running text."""
    if draft.kind == "heading":
        return [draft_of_lines(draft, part, "heading") for part in side_by_side(draft.lines)] or [draft]
    if draft.kind not in ("paragraph", "list_item"):
        return [draft]
    stretches = list(stretches_of(draft.lines))
    if len(stretches) > 1:
        return [
            draft_of_lines(draft, stretch, draft.kind if i == 0 else "paragraph")
            for i, stretch in enumerate(stretches)
        ]
    columns = columns_of(draft.lines)
    if len(columns) == 1:
        return [draft]
    return [draft_of_lines(draft, part) for column in columns for part in groups(column)]


def in_reading_order(drafts: list[Draft], width: float) -> tuple[list[Draft], float]:
    """The drafts as the page's white space orders them, and how far the engine's order agreed (0-1).

    Text turned on its side stands aside: at the left edge it comes first, elsewhere last.
    """
    aside = [draft for draft in drafts if draft.lines and all(run.turned for run in draft.lines[0].runs)]
    upright = [draft for draft in drafts if all(draft is not other for other in aside)] if aside else drafts
    order = _order(upright)
    first = [draft for draft in aside if draft.x1 < 0.15 * width]
    last = [draft for draft in aside if draft.x1 >= 0.15 * width]
    return [*first, *(upright[index] for index in order), *last], agreement(order)


def _order(drafts: Sequence[Draft]) -> list[int]:
    rects = [(draft.x0, draft.y0, draft.x1, draft.y1) for draft in drafts]
    letters = [sum(map(str.isalpha, draft.text)) for draft in drafts]
    return xy_cut(rects, letters, gutter=_BLOCK_GUTTER)
