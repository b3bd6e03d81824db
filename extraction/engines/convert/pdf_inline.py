"""A block's printed lines as running text with its emphasis, links and footnote marks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from extraction.engines.convert.inline import Piece
from extraction.engines.convert.lists import BULLET
from extraction.engines.convert.paragraphs import Vocabulary, joint
from extraction.engines.convert.pdf_blocks import Draft
from extraction.engines.convert.pdf_text import Line, Run

_MARK = re.compile(r"\d{1,3}|[*∗†‡§¶]{1,3}")
# A footnote mark is at most this much of its line's size, and its middle stands higher.
_MARK_SIZE = 0.8
_BARE = frozenset({"heading", "caption", "header", "footer", "code"})


def pieces_of(
    draft: Draft, vocabulary: Vocabulary, notes: Mapping[str, str], *, bold_body: bool
) -> list[Piece]:
    """The draft's lines as pieces of one style each.

    `notes` are the markers of the page's footnotes by printed mark. Emphasis is what differs from the block
    itself: none in a heading, no bold where the document's text is bold anyway.
    """
    bare = draft.kind in _BARE
    pieces: list[Piece] = []
    for line in draft.lines:
        _append(pieces, _line(line, notes, bold=not (bare or bold_body), other=not bare), vocabulary)
    return _without_bullet(pieces) if draft.kind == "list_item" and not draft.ordered else pieces


def _without_bullet(pieces: list[Piece]) -> list[Piece]:
    for index, piece in enumerate(pieces):
        text = BULLET.sub("", piece.text)
        if text.strip() and not BULLET.match(f"{text} "):
            return [replace(piece, text=text.lstrip()), *pieces[index + 1 :]]
    return pieces


def joined_pieces(before: Sequence[Piece], after: Sequence[Piece], vocabulary: Vocabulary) -> list[Piece]:
    """Two stretches of running text as one, broken words made whole."""
    pieces = list(before)
    _append(pieces, after, vocabulary)
    return pieces


def _append(pieces: list[Piece], after: Sequence[Piece], vocabulary: Vocabulary) -> None:
    if not pieces or not after:
        pieces += after
        return
    last, first = pieces[-1], after[0]
    link = joint(last.text, first.text, vocabulary)
    if link == "-":
        pieces[-1] = _with_text(last, last.text[:-1])
        pieces += after
    elif link and _alike(last, first):
        pieces[-1] = _with_text(last, f"{last.text} {first.text}")
        pieces += after[1:]
    else:
        pieces += [Piece(" "), *after] if link else after


def _with_text(piece: Piece, text: str) -> Piece:
    return Piece(text, piece.bold, piece.italic, piece.code, piece.href, piece.mark)


def _alike(one: Piece, other: Piece) -> bool:
    if one.mark or other.mark:
        return False
    return (one.bold, one.italic, one.code, one.href) == (other.bold, other.italic, other.code, other.href)


def text_of(pieces: Sequence[Piece]) -> str:
    """The text as printed, footnote marks with it."""
    return "".join(piece.text for piece in pieces)


def _line(line: Line, notes: Mapping[str, str], *, bold: bool, other: bool) -> list[Piece]:
    """The line in pieces; `bold` and `other` emphasis count or do not."""
    pieces: list[Piece] = []
    for text, run in line.parts():
        mark = notes[run.text] if run.text in notes and _is_raised(run, line) else ""
        face = run.face
        piece = Piece(text, bold and run.bold, other and face.italic, other and face.mono, run.href, mark)
        if pieces and _alike(pieces[-1], piece):
            pieces[-1] = _with_text(piece, pieces[-1].text + text)
        else:
            pieces.append(piece)
    return pieces


def _is_raised(run: Run, line: Line) -> bool:
    size = max(line.runs, key=lambda run: len(run.text)).size
    if not _MARK.fullmatch(run.text) or run.size > _MARK_SIZE * size:
        return False
    beside = [other for other in line.runs if other is not run and other.size > run.size]
    return bool(beside) and all(run.middle < other.middle for other in beside)
