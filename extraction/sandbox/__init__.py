"""Every native parser runs in a child of its own: bounded memory, time and output, no network, no secrets."""

from extraction.sandbox.client import ChildDied, close, convert, page_sizes, render_pages, run
from extraction.sandbox.limits import DEFAULT, Limits

__all__ = ["DEFAULT", "ChildDied", "Limits", "close", "convert", "page_sizes", "render_pages", "run"]
