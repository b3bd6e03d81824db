"""PDF: liteparse reads text layer and layout; PDFium checks, renders and stands in where liteparse fails."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import liteparse

from extraction.engines.blocks import Block, Box, Cell, ConvertedDocument, Method, Page, Word
from extraction.engines.convert import pdf_plain, scanned
from extraction.engines.convert.furniture import mark_furniture
from extraction.engines.convert.layout import in_lines
from extraction.engines.convert.markup import plain_text
from extraction.engines.convert.options import ConvertOptions, OnPage, selected_pages
from extraction.engines.convert.pdf_open import (
    has_full_page_image,
    open_pdf,
    page_rotation,
    page_size,
    render,
)

PARSER = "liteparse"
# Read once: looking it up costs more than reading a page.
PARSER_VERSION = version("liteparse")
# A scan's text layer may hold a stamp or a page number; a page of text holds more than this.
FEW_CHARS = 50
_KINDS = {"heading": "heading", "list_item": "list_item", "code": "code", "figure": "figure"}


def read_pdf(path: Path, options: ConvertOptions, report: OnPage) -> ConvertedDocument:
    """Pages, words and blocks of a PDF; pages without usable text are read by OCR as the options say.

    Raises: PasswordRequired; EngineError. Native code: call it in a sandbox child only.
    """
    with open_pdf(path, password=options.password, max_pages=options.max_pages) as document:
        numbers = selected_pages(options.pages, len(document))
        for number in numbers:
            page_size(document, number)
        parsed = None if options.plain_pdf else _parse(path, options, numbers)
        if parsed is None:
            found = pdf_plain.read_text_layer(path, options)
            scans = [page.number for page in found.pages if _is_plain_scan(page, document)]
        else:
            found, scans = _convert(parsed, document)
        found = _with_ocr(found, document, options, scans)
        return replace(found, blocks=mark_furniture(found.blocks, len(numbers)))


def _parse(path: Path, options: ConvertOptions, numbers: list[int]) -> Any | None:
    """liteparse's own result, or None where it gives up on the file."""
    parser = liteparse.LiteParse(
        ocr_enabled=False,
        extract_blocks=True,
        emit_word_boxes=True,
        include_complexity=True,
        keep_headers_footers=True,
        extract_links=False,
        image_mode="off",
        quiet=True,
        password=options.password,
        max_pages=options.max_pages,
        target_pages=",".join(map(str, numbers)) if options.pages else None,
    )
    try:
        # By bytes: given a path, liteparse goes by the file's name and would run converters on other kinds.
        result = parser.parse(path.read_bytes())
    except liteparse.ParseError:
        return None
    return result if [page.page_num for page in result.pages] == numbers else None


def _convert(parsed: Any, document: Any) -> tuple[ConvertedDocument, list[int]]:
    pages = tuple(_page(page, document) for page in parsed.pages)
    blocks = tuple(block for page in parsed.pages for block in _blocks(page))
    scans = [
        source.page_num for source, page in zip(parsed.pages, pages, strict=True) if _is_scan(source, page)
    ]
    meta = {"page_count": len(document)}
    return ConvertedDocument(pages, blocks, "text_layer", PARSER, PARSER_VERSION, meta), scans


def _is_scan(source: Any, page: Page) -> bool:
    signals = source.complexity
    if not page.words or (signals is not None and signals.is_garbled):
        return True
    return bool(signals is not None and signals.full_page_image and _few_chars(page.words))


def _is_plain_scan(page: Page, document: Any) -> bool:
    return not page.words or (_few_chars(page.words) and has_full_page_image(document, page.number))


def _few_chars(words: Iterable[Word]) -> bool:
    return sum(len(word.text) for word in words) < FEW_CHARS


def _page(source: Any, document: Any) -> Page:
    number = source.page_num
    words: list[Word] = []
    for turned in (False, True):
        # Text along the page's edge would tear the rows it runs past, so it comes after them.
        items = [item for item in source.text_items if (abs(item.rotation) > 1) == turned]
        found = [word for item in items for word in _words(item, source)]
        words += in_lines(found, first_line=words[-1].line + 1 if words else 0)
    return Page(number, source.width, source.height, page_rotation(document, number), tuple(words))


def _words(item: Any, page: Any) -> Iterator[Word]:
    """The item's words. liteparse also cuts inside words ("(e" + ".g.,"); such pieces are joined again."""
    pieces = [piece for piece in item.words if piece.text.strip()]
    if not pieces:
        box = _box(item, page)
        if item.text.strip() and box is not None:
            yield Word(item.text.strip(), box)
        return
    tokens = item.text.split()
    whole = "".join(tokens) == "".join(piece.text for piece in pieces)
    for group in _grouped(pieces, tokens) if whole else [[piece] for piece in pieces]:
        box = _box_around(group, page)
        if box is not None:
            yield Word("".join(piece.text for piece in group), box)


def _grouped(pieces: list[Any], tokens: list[str]) -> Iterator[list[Any]]:
    group: list[Any] = []
    position = 0
    for piece in pieces:
        group.append(piece)
        if position < len(tokens) and "".join(part.text for part in group) == tokens[position]:
            yield group
            group, position = [], position + 1
    if group:
        yield group


def _box_around(pieces: list[Any], page: Any) -> Box | None:
    left, top = min(piece.x for piece in pieces), min(piece.y for piece in pieces)
    right = max(piece.x + piece.width for piece in pieces)
    bottom = max(piece.y + piece.height for piece in pieces)
    return _fraction(page, left, top, right, bottom)


def _box(rect: Any, page: Any) -> Box | None:
    if rect is None:
        return None
    return _fraction(page, rect.x, rect.y, rect.x + rect.width, rect.y + rect.height)


def _fraction(page: Any, left: float, top: float, right: float, bottom: float) -> Box | None:
    """The part of the rectangle that is on the page, in fractions of it; None if there is none."""
    x, y = max(left / page.width, 0.0), max(top / page.height, 0.0)
    right, bottom = min(right / page.width, 1.0), min(bottom / page.height, 1.0)
    return Box(page.page_num, x, y, right - x, bottom - y) if right > x and bottom > y else None


def _blocks(page: Any) -> Iterator[Block]:
    for source in page.blocks or []:
        block = _table(source, page) if source.kind == "table" else _text_block(source, page)
        if block is not None:
            yield block


def _text_block(source: Any, page: Any) -> Block | None:
    if source.kind == "rule":
        return None
    lines = source.lines or []
    text = "\n".join(lines) if lines else plain_text(source.text or "")
    kind = _KINDS.get(source.kind, "paragraph")
    if not text.strip() and kind != "figure":
        return None
    level = source.level or (1 if kind == "heading" else 0)
    return Block(
        kind=kind,  # type: ignore[arg-type]  # _KINDS' values are block kinds
        text=text,
        page=page.page_num,
        box=_box(source.bbox, page),
        level=level,
        ordered=bool(source.ordered),
        marker=(source.marker or "") if source.ordered else "",
    )


def _table(source: Any, page: Any) -> Block | None:
    header = [source.header] if source.header else []
    rows = [*header, *(source.rows or [])]
    cells = tuple(
        Cell(row, col, plain_text(cell.text), header=bool(header) and row == 0, box=_box(cell.bbox, page))
        for row, line in enumerate(rows)
        for col, cell in enumerate(line)
    )
    text = "\n".join("\t".join(plain_text(cell.text) for cell in line) for line in rows)
    return Block("table", text, page.page_num, box=_box(source.bbox, page), cells=cells) if cells else None


def _with_ocr(
    found: ConvertedDocument, document: Any, options: ConvertOptions, scans: list[int]
) -> ConvertedDocument:
    """`found` with the scanned pages (all pages if forced) replaced by what OCR reads on them."""
    if options.ocr == "force":
        scans = [page.number for page in found.pages]
    if options.ocr == "off" or not scans:
        return found
    read: dict[int, scanned.ScannedPage] = {}
    for page in found.pages:
        if page.number in scans:
            image = render(document, page.number, scale=scanned.scale_for(page.width, page.height))
            result = scanned.read_image(image, page, languages=options.languages)
            if result is not None:
                read[page.number] = result
    if not read:
        return found
    pages = tuple(read[page.number].page if page.number in read else page for page in found.pages)
    method: Method = "ocr" if len(read) == len(pages) else "mixed"
    engines = sorted({result.engine for result in read.values()})
    meta = {**found.meta, "ocr_engines": engines, "ocr_pages": sorted(read)}
    return replace(found, pages=pages, blocks=_merged(found, read), method=method, meta=meta)


def _merged(found: ConvertedDocument, read: dict[int, scanned.ScannedPage]) -> tuple[Block, ...]:
    blocks: list[Block] = []
    for page in found.pages:
        if page.number in read:
            blocks += read[page.number].blocks
        else:
            blocks += [block for block in found.blocks if block.page == page.number]
    return tuple(blocks)
