"""One door to all readers."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from extraction.engines.blocks import ConvertedDocument
from extraction.engines.convert.errors import unsupported
from extraction.engines.convert.filetypes import (
    DOCX,
    EML,
    HTML,
    IMAGES,
    ODS,
    PDF,
    PPTX,
    TEXTS,
    XLS,
    XLSX,
    XML_INVOICE,
    kind_of,
)
from extraction.engines.convert.options import ConvertOptions, OnPage

_ENGINES = "extraction.engines.convert"
_OTHERS = {
    DOCX: (f"{_ENGINES}.docx", "read_docx"),
    XLSX: (f"{_ENGINES}.xlsx", "read_xlsx"),
    XLS: (f"{_ENGINES}.xls", "read_xls"),
    ODS: (f"{_ENGINES}.ods", "read_ods"),
    PPTX: (f"{_ENGINES}.pptx", "read_pptx"),
    HTML: (f"{_ENGINES}.html", "read_html"),
    EML: (f"{_ENGINES}.eml", "read_eml"),
    XML_INVOICE: ("extraction.engines.einvoice.page", "read_xml"),
}


def convert(
    source: Path,
    options: ConvertOptions | None = None,
    *,
    content_type: str = "",
    on_page: OnPage | None = None,
) -> ConvertedDocument:
    """What the file holds: pages with words and boxes, and blocks in reading order.

    `content_type` is told from the file's content when it is not given. `on_page` hears of every page read.
    Made-up pages (`meta["synthetic_layout"]`) stand for formats without pages. Native parsers run in this
    very process: use `extraction.sandbox.convert` for files from outside.
    Raises: PasswordRequired; EngineError.
    """
    options = options or ConvertOptions()
    report = on_page or _nobody
    content_type = content_type or kind_of(source)
    # Readers are imported where they are used: a child that reads a PDF never pays for Excel.
    if content_type == PDF:
        from extraction.engines.convert.pdf import read_pdf

        return read_pdf(source, options, report)
    if content_type in IMAGES:
        from extraction.engines.convert.image import read_image_file

        return read_image_file(source, options, report, content_type=content_type)
    return _without_pages(source, content_type)


def _without_pages(source: Path, content_type: str) -> ConvertedDocument:
    if content_type in TEXTS and content_type != HTML:
        from extraction.engines.convert.text import read_text_file

        return read_text_file(source, content_type=content_type)
    if content_type not in _OTHERS:
        raise unsupported("its kind is not supported")
    module, name = _OTHERS[content_type]
    read: Callable[[Path], ConvertedDocument] = getattr(import_module(module), name)
    return read(source)


def _nobody(done: int, total: int) -> None:
    """Hears of pages for callers that do not care."""
