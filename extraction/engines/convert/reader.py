"""One door to all readers."""

from __future__ import annotations

from pathlib import Path

from extraction.engines.blocks import ConvertedDocument
from extraction.engines.convert.errors import unsupported
from extraction.engines.convert.filetypes import DOCX, HTML, IMAGES, PDF, TEXTS, XLSX
from extraction.engines.convert.options import ReadOptions


def read(path: Path, *, content_type: str, options: ReadOptions | None = None) -> ConvertedDocument:
    """What the file holds: pages with words and boxes, and blocks in reading order.

    Made-up pages (`meta["synthetic_layout"]`) stand for formats without pages. Native parsers run in this
    very process: use `extraction.sandbox.convert` for files from outside.
    Raises: PasswordRequired; EngineError.
    """
    options = options or ReadOptions()
    # Readers are imported where they are used: a child that reads a PDF never pays for Excel.
    if content_type == PDF:
        from extraction.engines.convert.pdf import read_pdf

        return read_pdf(path, options)
    if content_type in IMAGES:
        from extraction.engines.convert.image import read_image_file

        return read_image_file(path, options, content_type=content_type)
    if content_type == DOCX:
        from extraction.engines.convert.docx import read_docx

        return read_docx(path)
    if content_type == XLSX:
        from extraction.engines.convert.xlsx import read_xlsx

        return read_xlsx(path)
    if content_type == HTML:
        from extraction.engines.convert.html import read_html

        return read_html(path)
    if content_type in TEXTS:
        from extraction.engines.convert.text import read_text_file

        return read_text_file(path, content_type=content_type)
    raise unsupported("its kind is not supported")
