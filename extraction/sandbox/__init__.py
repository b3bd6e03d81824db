"""Every native parser runs in a child of its own: bounded memory, time and output, no network, no secrets."""

from extraction.sandbox.client import (
    ChildDied,
    attachment,
    close,
    convert,
    embedded_file,
    figures,
    page_sizes,
    render_pages,
    run,
    searchable_pdf,
)
from extraction.sandbox.limits import DEFAULT, Limits

__all__ = [
    "DEFAULT",
    "ChildDied",
    "Limits",
    "attachment",
    "close",
    "convert",
    "embedded_file",
    "figures",
    "page_sizes",
    "render_pages",
    "run",
    "searchable_pdf",
]
