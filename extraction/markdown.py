"""Markdown of strangers' documents as HTML for our pages."""

from __future__ import annotations

import nh3
from markdown_it import MarkdownIt

# No links, no pictures from elsewhere: a document must not make the reader's browser call anybody.
TAGS = {
    "p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "strong", "em", "s", "code", "pre",
    "blockquote", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
ATTRIBUTES = {"ol": {"start"}, "th": {"colspan", "rowspan"}, "td": {"colspan", "rowspan"}}
LEVELS_DOWN = 2
MAX_CHARS = 400_000


def markdown_to_html(text: str) -> str:
    """Safe HTML; headings start at level 3, since the page has its own. At most MAX_CHARS are shown."""
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    tokens = parser.parse(text[:MAX_CHARS])
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + LEVELS_DOWN)}"
    html = parser.renderer.render(tokens, parser.options, {})
    return nh3.clean(str(html), tags=TAGS, attributes=ATTRIBUTES, link_rel=None)
