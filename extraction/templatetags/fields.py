"""Words for document types and values."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.utils.safestring import SafeString, mark_safe

from extraction.document_types import DOCUMENT_TYPES
from extraction.markdown import markdown_to_html

register = template.Library()


@register.filter
def type_label(slug: str, own: Mapping[str, str]) -> str:
    """The document type in words, `own` naming the workspace's types; empty stays empty."""
    if not slug or slug in DOCUMENT_TYPES:
        return DOCUMENT_TYPES.get(slug, "")
    return own.get(slug) or slug.replace("_", " ").replace("-", " ").capitalize()


@register.filter
def markdown(text: str, figures: Mapping[str, str] | None = None) -> SafeString:
    """The Markdown as HTML that can do no harm; `figures` gives the pictures' addresses."""
    return mark_safe(markdown_to_html(text, figures))  # noqa: S308  (nh3 has cleaned it)
