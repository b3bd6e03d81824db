"""Documents as compact JSON for the pipe. Decoding trusts nothing: the sender may be taken over."""

from __future__ import annotations

import json
from typing import Any, cast, get_args

from extraction.engines.blocks import (
    Block,
    BlockKind,
    Box,
    Cell,
    ConvertedDocument,
    Method,
    Page,
    Source,
    Word,
)

_KINDS = frozenset(get_args(BlockKind))
_METHODS = frozenset(get_args(Method))
_SOURCES = frozenset(get_args(Source))


def encode(document: ConvertedDocument) -> bytes:
    """The document in a form that `decode` reads; boxes keep five decimals, under a tenth of a pixel."""
    data = {
        "pages": [_page_out(page) for page in document.pages],
        "blocks": [_block_out(block) for block in document.blocks],
        "method": document.method,
        "parser": [document.parser, document.parser_version],
        "meta": document.meta,
    }
    return json.dumps(data, separators=(",", ":"), allow_nan=False).encode()


def decode(data: bytes) -> ConvertedDocument:
    """The document out of `encode`'s bytes. Raises ValueError for anything else."""
    try:
        source = json.loads(data, parse_constant=_refuse)
        return ConvertedDocument(
            pages=tuple(_page_in(page) for page in source["pages"]),
            blocks=tuple(_block_in(block) for block in source["blocks"]),
            method=cast("Method", _one_of(_METHODS, source["method"])),
            parser=str(source["parser"][0]),
            parser_version=str(source["parser"][1]),
            meta=dict(source["meta"]),
        )
    except (KeyError, IndexError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("not a document") from error


def _page_out(page: Page) -> list[Any]:
    words = [[word.text, word.line, word.score, *_box_out(word.box)] for word in page.words]
    return [
        page.number,
        page.width,
        page.height,
        page.rotation,
        page.ocr_score,
        page.ocr_engine,
        page.order_confidence,
        words,
    ]


def _page_in(source: list[Any]) -> Page:
    number, width, height, rotation, score, engine, order, words = source
    return Page(
        number=int(number),
        width=float(width),
        height=float(height),
        rotation=int(rotation),
        words=tuple(map(_word_in, words)),
        ocr_score=_score_in(score),
        ocr_engine=_text(engine),
        order_confidence=_score_in(order),
    )


def _word_in(source: list[Any]) -> Word:
    text, line, score, page, x, y, w, h = source
    return Word(
        str(text), Box(int(page), float(x), float(y), float(w), float(h)), int(line), _score_in(score)
    )


def _score_in(value: Any) -> float | None:
    return None if value is None else float(value)


def _box_out(box: Box) -> list[float]:
    return [box.page, round(box.x, 5), round(box.y, 5), round(box.w, 5), round(box.h, 5)]


def _box_in(source: list[Any] | None) -> Box | None:
    if source is None:
        return None
    page, x, y, w, h = source
    return Box(int(page), float(x), float(y), float(w), float(h))


def _block_out(block: Block) -> list[Any]:
    cells = [
        [c.row, c.col, c.text, c.rowspan, c.colspan, c.header, _box_out(c.box) if c.box else None]
        for c in block.cells
    ]
    box = _box_out(block.box) if block.box else None
    said = [block.marker, block.markup, block.ref, block.source]
    return [block.kind, block.text, block.page, box, block.level, block.ordered, said, cells]


def _block_in(source: list[Any]) -> Block:
    kind, text, page, box, level, ordered, (marker, markup, ref, origin), cells = source
    return Block(
        kind=cast("BlockKind", _one_of(_KINDS, kind)),
        text=_text(text),
        page=int(page),
        box=_box_in(box),
        level=int(level),
        ordered=bool(ordered),
        cells=tuple(_cell_in(cell) for cell in cells),
        marker=_text(marker),
        markup=_text(markup),
        ref=_text(ref),
        source=cast("Source", _one_of(_SOURCES, origin)),
    )


def _cell_in(source: list[Any]) -> Cell:
    row, col, text, rowspan, colspan, header, box = source
    return Cell(int(row), int(col), _text(text), int(rowspan), int(colspan), bool(header), _box_in(box))


def _one_of(known: frozenset[str], value: Any) -> str:
    if value not in known:
        raise ValueError("not a document")
    return str(value)


def _text(value: Any) -> str:
    """Text that can be stored: databases refuse NULs, UTF-8 refuses halves of surrogate pairs."""
    return str(value).replace("\x00", "").encode("utf-8", "replace").decode()


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} in a document")
