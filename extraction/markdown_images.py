"""The pictures in a document's Markdown: as links, inside the text, or left out."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping

from documents.services.files import file_read
from extraction.figure_links import figure_path
from extraction.models import Figure

# What render.to_markdown writes for a figure: a line of its own.
PICTURE = re.compile(r"^!\[((?:\\.|[^\]\\])*)\]\(figures/([\w.-]+)\)\n*", re.M)
# How images are given, by what an upload calls it.
FORMS = {"referenced": "links", "embedded": "embedded", "none": "none"}
# Beyond this much of pictures the others are links: a text of gigabytes helps nobody.
MAX_EMBEDDED_BYTES = 20 * 1024 * 1024


def with_images(markdown: str, figures: Iterable[Figure], form: str, *, base: str = "") -> str:
    """The Markdown with its pictures as `form` says: "links", "embedded" (data: URIs), "none".

    `base` comes before the links ("https://host"). A picture that could not be drawn is left out. Embedding
    reads the files. Raises: StorageAway.
    """
    if form == "none":
        return _placed(markdown, {})
    links = {figure.name: base + figure_path(figure) for figure in figures}
    if form == "embedded":
        links |= _data_uris(figures)
    return _placed(markdown, links)


def with_names(markdown: str, figures: Iterable[Figure]) -> str:
    """The Markdown with the pictures as files beside it, without those that could not be drawn."""
    return _placed(markdown, {figure.name: f"figures/{figure.name}" for figure in figures})


def _placed(markdown: str, addresses: Mapping[str, str]) -> str:
    def place(found: re.Match[str]) -> str:
        target = addresses.get(found[2])
        return f"![{found[1]}]({target})\n\n" if target else ""

    text = PICTURE.sub(place, markdown).rstrip("\n")
    return f"{text}\n" if text else ""


def _data_uris(figures: Iterable[Figure]) -> dict[str, str]:
    left, found = MAX_EMBEDDED_BYTES, {}
    for figure in figures:
        if figure.size_bytes <= left:
            left -= figure.size_bytes
            data = base64.b64encode(file_read(figure.key)).decode()
            found[figure.name] = f"data:{figure.content_type};base64,{data}"
    return found
