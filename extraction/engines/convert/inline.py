"""Runs of text inside one paragraph, as plain text and as inline Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from urllib.parse import quote, urlsplit

from extraction.engines.convert.render import escape

LINK_SCHEMES = frozenset({"http", "https", "mailto"})
MAX_HREF = 2_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text in one style. `href` is its link's target, `mark` the footnote it points to ("1")."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    href: str = ""
    mark: str = ""


def plain(pieces: Iterable[Piece]) -> str:
    """The text alone; footnote marks are no part of it."""
    return "".join(piece.text for piece in pieces if not piece.mark)


def markup(pieces: Iterable[Piece]) -> str:
    """The same text as inline Markdown, empty where it would say no more than the text."""
    pieces = list(pieces)
    styled = any(p.bold or p.italic or p.code or p.href or p.mark for p in pieces)
    return markdown(pieces) if styled else ""


def markdown(pieces: Iterable[Piece]) -> str:
    """The pieces as inline Markdown, with everything escaped that would change its meaning."""
    parts: list[str] = []
    for href, group in groupby(_merged(pieces), key=lambda piece: piece.href):
        text = _emphasised(list(group))
        parts.append(_link(text, href) if href else text)
    return "".join(parts).strip()


def squeezed(pieces: Iterable[Piece]) -> list[Piece]:
    """The pieces with each run of white space as one blank, also across pieces; line breaks stay."""
    result: list[Piece] = []
    at_start = True
    for piece in pieces:
        text = re.sub(r"[ \t\r\f\xa0]*\n[ \t\r\f\xa0]*", "\n", re.sub(r"[ \t\r\f]+", " ", piece.text))
        if at_start:
            text = text.lstrip(" ")
        if text or piece.mark:
            result.append(replace(piece, text=text))
            at_start = text[-1:] in (" ", "\n") if text else at_start
    return result


def safe_href(target: str) -> str:
    """The address as a link may carry it; empty for all but web and mail addresses."""
    target = re.sub(r"[\x00-\x20\x7f]+", "", target)
    try:
        scheme = urlsplit(target).scheme.lower()
    except ValueError:
        return ""
    if scheme not in LINK_SCHEMES or len(target) > MAX_HREF:
        return ""
    return quote(target, safe="%/:?#@!$&'*+,;=~[]-._")


def _merged(pieces: Iterable[Piece]) -> list[Piece]:
    """Neighbours of one style as one piece: word processors cut runs anywhere."""
    groups = groupby((p for p in pieces if p.text or p.mark), key=lambda piece: replace(piece, text=""))
    return [replace(look, text="".join(piece.text for piece in group)) for look, group in groups]


def _emphasised(pieces: Sequence[Piece]) -> str:
    parts = []
    for index, piece in enumerate(pieces):
        before = pieces[index - 1].text[-1:] if index else ""
        after = pieces[index + 1].text[:1] if index + 1 < len(pieces) else ""
        parts.append(_styled(piece, before, after))
    return "".join(parts)


def _styled(piece: Piece, before: str, after: str) -> str:
    if piece.mark:
        return f"[^{piece.mark}]"
    inner = piece.text.strip()
    if not inner:
        return piece.text
    start = piece.text.index(inner)
    lead, tail = piece.text[:start], piece.text[start + len(inner) :]
    if piece.code and "\n" not in inner:
        return lead + _code(inner) + tail
    mark = "*" * (2 * piece.bold + piece.italic)
    if not mark or not _can_carry(inner, lead or before, tail or after):
        return lead + escape(inner) + tail
    return f"{lead}{mark}{escape(inner)}{mark}{tail}"


def _can_carry(inner: str, before: str, after: str) -> bool:
    """Whether emphasis can open before and close behind this text (CommonMark's flanking rule)."""
    opens = inner[0].isalnum() or not before or not before[-1].isalnum()
    closes = inner[-1].isalnum() or not after or not after[0].isalnum()
    return opens and closes


def _code(text: str) -> str:
    fence = "`" * max([1, *(len(run) + 1 for run in re.findall(r"`+", text))])
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def _link(text: str, href: str) -> str:
    inner = text.strip()
    if not inner:
        return text
    start = text.index(inner)
    return f"{text[:start]}[{inner}]({href}){text[start + len(inner) :]}"
