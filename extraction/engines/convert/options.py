"""How a file is to be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from extraction.engines.convert.errors import EngineError

Ocr = Literal["auto", "force", "off"]
Tables = Literal["off", "fast", "accurate"]
# `done` of `total` pages are read.
OnPage = Callable[[int, int], None]
OCR_ENGINES = ("rapidocr", "tesseract", "easyocr")


@dataclass(frozen=True, slots=True)
class ConvertOptions:
    """Options of one reading.

    `pages` is a selection such as "1-5,8" (None: all). `ocr`: "auto" reads pages without usable text,
    "force" every page, "off" none. `languages` are ISO 639-1 codes, the likeliest first; none means that
    script and language are told from the page. `ocr_engines` are asked in this order, those of them that this
    machine has. `ocr_figures` also reads pictures on pages that have a text layer. `tables`: "off" leaves
    tables as text, "fast" takes what the layout engine finds and mends it where the page shows a reason,
    "accurate" looks twice at every page. `easyocr_models` is a folder with EasyOCR's weights.
    `plain_pdf` reads a PDF with PDFium alone: fewer structures, but calm with files on which the layout
    engine dies.
    """

    password: str | None = None
    pages: str | None = None
    ocr: Ocr = "auto"
    languages: tuple[str, ...] = ()
    ocr_engines: tuple[str, ...] = OCR_ENGINES
    ocr_figures: bool = False
    tables: Tables = "fast"
    easyocr_models: str = ""
    max_pages: int = 500
    plain_pdf: bool = False


def selected_pages(selection: str | None, count: int) -> list[int]:
    """The page numbers of a selection in ascending order, once each; all pages for None.

    Raises: EngineError `unsupported_content` for a selection that names no page of the document.
    """
    if not selection or not selection.strip():
        return list(range(1, count + 1))
    chosen = sorted({page for part in selection.split(",") for page in _part(part, count)})
    if not chosen:
        raise _bad_selection(count)
    return chosen


def _part(part: str, count: int) -> Iterator[int]:
    first, dash, last = (piece.strip() for piece in part.partition("-"))
    if not _is_number(first) or (last and not _is_number(last)):
        raise _bad_selection(count)
    end = int(last) if last else (count if dash else int(first))
    yield from range(max(int(first), 1), min(end, count) + 1)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 8


def _bad_selection(count: int) -> EngineError:
    return EngineError(
        "unsupported_content", f'Choose pages such as "1-5,8" between 1 and {count}, the number of pages.'
    )
