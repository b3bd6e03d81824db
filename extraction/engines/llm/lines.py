"""A document's printed lines with ids, as a model gets them, cut to what it can read at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extraction.engines.fields.defs import FieldDef
from extraction.engines.fields.layout import Layout, PageLayout, fold, tokens_of
from extraction.engines.llm.client import tokens_in

RowKey = tuple[int, int]
_ID = re.compile(r"(\d{1,6}):(\d{1,6})")
# What an id and the line's end cost besides the text.
_LINE_TOKENS = 5

# Text that speaks to a model. The first guard is that a value must be printed; this is the second, since the
# text of an attack is printed, too.
_TO_A_MODEL = re.compile(
    r"\b(ignor\w*|disregard\w*|forget\w*|overrid\w*|vergiss|missacht\w*|oubli\w*|olvid\w*|abaikan)\b"
    r".{0,60}\b(instructions?|prompts?|rules|anweisung\w*|vorgaben|regeln|consignes?|instruc\w+|perintah)\b"
    r"|\b(system prompt|(large )?language model|sprachmodell|ai (assistant|model)|chatgpt|gpt-\d|llm)\b"
    r"|\b(you are|act as|du bist|tu es|kamu adalah)\b.{0,30}\b(assistant|model|ai|bot|ki|ia)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Line:
    """One printed row. Its id is "page:row", both from 1; no JSON number can be mistaken for it."""

    page: int
    row: int
    text: str

    @property
    def id(self) -> str:
        return f"{self.page}:{self.row + 1}"

    @property
    def tokens(self) -> int:
        return tokens_in(self.text) + _LINE_TOKENS


def lines_of(layout: Layout) -> list[Line]:
    """All rows of the document; segments are parted as columns are, by three spaces."""
    return [line for page in layout.pages for line in _page_lines(page)]


def keys_in(ids: Iterable[str]) -> list[RowKey]:
    """The rows that ids name; what is no id is left out. A model may write "[2:14]" or "2:14-2:15"."""
    found = (match for text in ids for match in _ID.finditer(text))
    return [(int(match[1]), int(match[2]) - 1) for match in found]


def rows_to_a_model(layout: Layout) -> frozenset[RowKey]:
    """The rows whose text speaks to a model, with those an attack of several lines runs over."""
    found: set[RowKey] = set()
    for page in layout.pages:
        texts = [" ".join(part.text for part in row) for row in page.rows]
        for index, text in enumerate(texts):
            pair = " ".join(texts[index : index + 2])
            if _TO_A_MODEL.search(text):
                found.update((page.number, row) for row in (index, index + 1))
            elif _TO_A_MODEL.search(pair) and not _TO_A_MODEL.search(" ".join(texts[index + 1 : index + 2])):
                found.update((page.number, row) for row in (index, index + 1, index + 2))
    return frozenset(found)


def parcels(layout: Layout, fields: Sequence[FieldDef], tokens: int) -> list[list[Line]]:
    """The lines in parcels of at most so many tokens, the most useful pages first; one if all fit.

    Useful is the first page, then pages that print words of the fields' labels, then the last. A page larger
    than a parcel is cut between lines.
    """
    lines = lines_of(layout)
    if sum(line.tokens for line in lines) <= tokens:
        return [lines] if lines else []
    packed: list[list[Line]] = []
    for piece in _pieces(layout, fields, tokens):
        size = sum(line.tokens for line in piece)
        room = (one for one in packed if sum(line.tokens for line in one) + size <= tokens)
        fitting = next(room, None)
        if fitting is None:
            packed.append(list(piece))
        else:
            fitting += piece
    return [sorted(parcel, key=lambda line: (line.page, line.row)) for parcel in packed]


def _page_lines(page: PageLayout) -> list[Line]:
    return [
        Line(page.number, index, "   ".join(part.text for part in row)) for index, row in enumerate(page.rows)
    ]


def _pieces(layout: Layout, fields: Sequence[FieldDef], tokens: int) -> Iterable[list[Line]]:
    words = {token.text for text in _labels(fields) for token in tokens_of(text) if len(token.text) > 2}
    for page in sorted(layout.pages, key=lambda page: (-_use(page, layout, words), page.number)):
        piece: list[Line] = []
        for line in _page_lines(page):
            if piece and sum(other.tokens for other in piece) + line.tokens > tokens:
                yield piece
                piece = []
            piece.append(line)
        if piece:
            yield piece


def _use(page: PageLayout, layout: Layout, words: set[str]) -> float:
    place = {layout.pages[-1].number: 2.0, layout.pages[0].number: 1000.0}.get(page.number, 0.0)
    printed = {fold(token.text) for segment in page.segments for token in segment.tokens}
    return place + len(words & printed)


def _labels(fields: Sequence[FieldDef]) -> Iterable[str]:
    for field in fields:
        yield field.label
        yield field.name.replace("_", " ")
        yield from _labels(field.items)
