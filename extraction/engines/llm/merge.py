"""One page as a vision model reads it, held against the words read on this machine.

The model gives structure and wording; the local words give the places, and tell what nobody printed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from extraction.engines.blocks import Block, BlockKind, Box, Page, Source, Word, union
from extraction.engines.llm.align import align, is_number, tokens

# A local block of which the model gave less than this is kept as it was read here.
_LEFT_OUT = 1 / 3
# What Markdown has no words for: the local layout says what it is.
_LOCAL_KINDS: frozenset[BlockKind] = frozenset({"header", "footer", "footnote", "caption", "figure_text"})
# A page prints some 1,000 tokens; tables of figures up to 4,000.
MAX_TOKENS = 6_000


@dataclass(frozen=True, slots=True)
class Merged:
    """The page's blocks with places, and how far the two readings agree.

    `supported` is the share (0–1) of the model's text that the page prints, `covered` the share of the page's
    text that the model gave; `unsupported_numbers` are those that stand nowhere on the page.
    """

    blocks: tuple[Block, ...]
    supported: float
    covered: float
    unsupported_numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of the model's text with a box of its own, and which printed words stand behind it."""

    tokens: Sequence[str]
    words: tuple[int | None, ...]

    @property
    def places(self) -> set[int]:
        return {word for word in self.words if word is not None}

    @property
    def unsupported(self) -> tuple[str, ...]:
        """The numbers that the page does not print."""
        pairs = zip(self.tokens, self.words, strict=True)
        return tuple(token for token, word in pairs if word is None and is_number(token))

    @property
    def is_supported(self) -> bool:
        return len(self.tokens) > 0 and not self.unsupported and 2 * self.found >= len(self.tokens)

    @property
    def found(self) -> int:
        return sum(word is not None for word in self.words)


def merge(said: Sequence[Block], page: Page, local: Sequence[Block]) -> Merged | None:
    """The model's blocks of a page with the boxes of the words they stand for, in the model's order.

    A block is the page's own (`source` as that of its words) if half of its text and all of its numbers are
    printed there, else "llm"; without any printed word it has no box. Local blocks that the model left out
    are put back, figures always. None for texts too long to compare.
    """
    parts = [text for block in said for text in _texts(block)]
    said_tokens = [tokens(text) for text in parts]
    printed, owner = _printed_tokens(page.words)
    count = sum(map(len, said_tokens))
    if max(count, len(printed)) > MAX_TOKENS:
        return None
    found = align([token for part in said_tokens for token in part], printed)
    words = [None if place is None else owner[place] for place in found.place]
    placed = _cut(said_tokens, words)
    blocks = _placed_blocks(said, placed, page)
    used = {word for part in placed for word in part.places}
    return Merged(
        tuple(_with_local(blocks, local, page.words, used)),
        found.supported,
        found.covered,
        tuple(number for part in placed for number in part.unsupported),
    )


def _texts(block: Block) -> list[str]:
    """What has a box of its own: the cells of a table, else the block with its number."""
    if block.cells:
        return [cell.text for cell in block.cells]
    return [f"{block.marker} {block.text}"]


def _printed_tokens(words: Sequence[Word]) -> tuple[list[str], list[int]]:
    pairs = [(token, index) for index, word in enumerate(words) for token in tokens(word.text)]
    return [token for token, _ in pairs], [index for _, index in pairs]


def _cut(said: Sequence[Sequence[str]], words: Sequence[int | None]) -> list[_Part]:
    ends = [0]
    for part in said:
        ends.append(ends[-1] + len(part))
    return [
        _Part(part, tuple(words[start:end])) for part, (start, end) in zip(said, pairwise(ends), strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _Placed:
    block: Block
    words: frozenset[int]


def _placed_blocks(said: Sequence[Block], parts: Sequence[_Part], page: Page) -> list[_Placed]:
    placed: list[_Placed] = []
    rest = iter(parts)
    for block in said:
        own = [next(rest) for _ in _texts(block)]
        boxes = [_box(part, page.words) for part in own]
        whole = _Part(
            [token for part in own for token in part.tokens],
            tuple(word for part in own for word in part.words),
        )
        source: Source = _source(page) if whole.is_supported else "llm"
        box = union([box for box in boxes if box is not None])
        cells = tuple(replace(cell, box=box) for cell, box in zip(block.cells, boxes, strict=False))
        placed.append(_Placed(replace(block, box=box, cells=cells, source=source), frozenset(whole.places)))
    return placed


def _box(part: _Part, words: Sequence[Word]) -> Box | None:
    return union([words[index].box for index in sorted(part.places)])


def _source(page: Page) -> Source:
    return "ocr" if page.ocr_score is not None or page.ocr_engine else "text_layer"


def _with_local(
    said: Sequence[_Placed], local: Sequence[Block], words: Sequence[Word], used: set[int]
) -> Iterator[Block]:
    """The model's blocks, with the local ones that it left out behind what stands before them on the page."""
    holds = [_words_in(block, words) for block in local]
    kinds = {word: block.kind for block, held in zip(local, holds, strict=True) for word in held}
    where = {word: index for index, placed in enumerate(said) for word in placed.words}
    kept: dict[int, list[Block]] = {}
    last = -1
    for block, held in zip(local, holds, strict=True):
        given = held & used
        if given:
            last = Counter(where[word] for word in given).most_common(1)[0][0]
        if block.kind == "figure" or (held and len(given) < _LEFT_OUT * len(held)):
            kept.setdefault(last, []).append(block)
    yield from kept.get(-1, ())
    for index, placed in enumerate(said):
        yield _of_local_kind(placed, kinds)
        yield from kept.get(index, ())


def _of_local_kind(placed: _Placed, kinds: dict[int, BlockKind]) -> Block:
    """The block as header, footer, caption … if most of its words stand in one."""
    votes = Counter(kinds.get(word) for word in placed.words)
    kind, count = votes.most_common(1)[0] if votes else (None, 0)
    if kind not in _LOCAL_KINDS or 2 * count <= len(placed.words) or placed.block.cells:
        return placed.block
    return replace(placed.block, kind=kind, level=0)


def _words_in(block: Block, words: Sequence[Word]) -> set[int]:
    """The indices of the words whose middle lies in the block's box."""
    if block.box is None:
        return set()
    return {index for index, word in enumerate(words) if _inside(word.box, block.box)}


def _inside(inner: Box, outer: Box) -> bool:
    x, y = inner.x + inner.w / 2, inner.y + inner.h / 2
    return outer.x <= x <= outer.right and outer.y <= y <= outer.bottom
