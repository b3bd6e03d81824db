"""Markdown of strangers' documents as HTML for our pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin

# No pictures from elsewhere: a document must not make the reader's browser call anybody unasked.
TAGS = {
    "p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "strong", "em", "s", "code", "pre",
    "blockquote", "table", "thead", "tbody", "tr", "th", "td", "a", "sup", "section", "div",
}  # fmt: skip
ATTRIBUTES = {
    "ol": {"start"},
    "th": {"colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
    "a": {"href", "id"},
    "li": {"id"},
    "img": {"src", "alt", "loading"},
    "section": {"class"},
    "div": {"class"},
}
LINKS = {"http", "https", "mailto"}
LEVELS_DOWN = 2
MAX_CHARS = 400_000


def markdown_to_html(text: str, figures: Mapping[str, str] | None = None) -> str:
    """Safe HTML; headings start at level 3, since the page has its own. At most MAX_CHARS are shown.

    `figures` gives the address of each picture by the target that the Markdown names; others show their text.
    """
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    # Formulas stand in blocks of their own; in a line, dollars are money.
    parser.use(footnote_plugin, inline=False).use(dollarmath_plugin).disable("math_inline")
    tokens = parser.parse(text[:MAX_CHARS])
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + LEVELS_DOWN)}"
    _place_pictures(tokens, figures or {})
    html = parser.renderer.render(tokens, parser.options, {})
    own = set((figures or {}).values())

    def keep(tag: str, attribute: str, value: str) -> str | None:
        # Raw HTML of the document comes through here too.
        if attribute == "src" and value not in own:
            return None
        return None if attribute == "id" and not value.startswith("fn") else value

    return nh3.clean(
        str(html),
        tags=TAGS | ({"img"} if own else set()),
        attributes=ATTRIBUTES,
        attribute_filter=keep,
        url_schemes=LINKS,
        link_rel="noopener noreferrer nofollow",
    )


def _place_pictures(tokens: Iterable[Token], figures: Mapping[str, str]) -> None:
    for token in tokens:
        for child in token.children or ():
            if child.type != "image":
                continue
            address = figures.get(str(child.attrGet("src")))
            if address is None:
                child.type, child.tag, child.content = "text", "", child.content
            else:
                child.attrs = {"src": address, "alt": child.content, "loading": "lazy"}
