"""Finds the printed words behind a model's text.

Tokens are runs of letters and numbers. First come runs of equal tokens in the same order, then, among what is
left, runs that the model moved (columns, tables); last, letters between two found places are compared one by
one, so that misread, joined and divided words are found too. Numbers must be equal.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from rapidfuzz.distance import Indel

# Scripts without spaces count letter by letter; a number keeps its separators and a sign before it.
_TOKEN = re.compile(
    r"(?<![^\W_])-\d+(?:[.,']\d+)*|\d+(?:[.,']\d+)*|[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W\d_]+"
)
_SAME = str.maketrans({"−": "-", "–": "-", "‐": "-", "‑": "-", "’": "'", "´": "'"})
# A lone token that stands more than once on the page counts only this near to its neighbours.
_NEAR = 12
# Longer stretches without any equal token hold different texts.
_MAX_STRETCH = 400
# Of a word's letters, how many must be found in their order.
_ENOUGH_LETTERS = 0.75
_MAX_MOVES = 12


def tokens(text: str) -> list[str]:
    """The text's letters and numbers, compatibility forms and case folded."""
    return _TOKEN.findall(unicodedata.normalize("NFKC", text).translate(_SAME).casefold())


def is_number(token: str) -> bool:
    return token[-1].isdigit()


@dataclass(slots=True)
class Alignment:
    """`place[i]` is the index of the printed token behind the model's token i, None without one."""

    said: Sequence[str]
    printed: Sequence[str]
    place: list[int | None]

    @property
    def supported(self) -> float:
        """The share (0–1) of the model's tokens that the page prints; 0 for an empty answer."""
        return sum(place is not None for place in self.place) / len(self.said) if self.said else 0.0

    @property
    def covered(self) -> float:
        """The share (0–1) of the page's tokens that the model gave; 1 for an empty page."""
        found = {place for place in self.place if place is not None}
        return len(found) / len(self.printed) if self.printed else 1.0


def align(said: Sequence[str], printed: Sequence[str]) -> Alignment:
    """Pairs the model's tokens with the page's; printed tokens serve once, but for joined words."""
    found = Alignment(said, printed, [None] * len(said))
    _match_runs(found, in_order=True)
    _drop_strays(found)
    for _ in range(_MAX_MOVES):
        if not _match_runs(found, in_order=False):
            break
    _match_letters(found)
    return found


def _match_runs(found: Alignment, *, in_order: bool) -> bool:
    """Pair equal runs among what is left; a single token only in order, or if it stands there only once."""
    taken = {place for place in found.place if place is not None}
    left = [index for index, place in enumerate(found.place) if place is None]
    right = [index for index in range(len(found.printed)) if index not in taken]
    ours, theirs = [found.said[i] for i in left], [found.printed[i] for i in right]
    count_ours, count_theirs = Counter(ours), Counter(theirs)
    matched = False
    matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
    for start, other, size in matcher.get_matching_blocks():
        alone = size == 1 and count_ours[ours[start]] == count_theirs[ours[start]] == 1
        if not (in_order or size > 1 or alone):
            continue
        for offset in range(size):
            found.place[left[start + offset]] = right[other + offset]
            matched = True
    return matched


def _drop_strays(found: Alignment) -> None:
    """Undo lone pairs of frequent tokens far from where the text around them was found."""
    counts = Counter(found.printed)
    pairs = [(index, place) for index, place in enumerate(found.place) if place is not None]
    for number, (index, place) in enumerate(pairs):
        around = [pairs[near][1] for near in (number - 1, number + 1) if 0 <= near < len(pairs)]
        if counts[found.said[index]] > 1 and all(abs(place - other) > _NEAR for other in around):
            found.place[index] = None


def _match_letters(found: Alignment) -> None:
    """Look for each stretch without a place in the free words beside its neighbours' places."""
    taken = {place for place in found.place if place is not None}
    index = 0
    while index < len(found.said):
        end = index
        while end < len(found.said) and found.place[end] is None:
            end += 1
        if end > index:
            before = found.place[index - 1] if index else -1
            after = found.place[end] if end < len(found.said) else len(found.printed)
            free = _free_between(before, after, taken, len(found.printed))
            taken |= _match_stretch(found, range(index, end), free)
        index = max(end, index + 1)


def _free_between(before: int | None, after: int | None, taken: set[int], count: int) -> list[int]:
    """The free printed tokens next to two places: behind the first, ahead of the second."""
    free: set[int] = set()
    for start, step in ((before, 1), (after, -1)):
        place = (count if start is None else start) + step
        while 0 <= place < count and place not in taken and len(free) < _MAX_STRETCH:
            free.add(place)
            place += step
    return sorted(free)


def _match_stretch(found: Alignment, stretch: range, free: Sequence[int]) -> set[int]:
    words = [index for index in stretch if not is_number(found.said[index])][:_MAX_STRETCH]
    places = [place for place in free if not is_number(found.printed[place])]
    ours, owner = _spelled((found.said[index] for index in words), words)
    theirs, holder = _spelled((found.printed[place] for place in places), places)
    letters: dict[int, list[int]] = {}
    for part in Indel.opcodes(ours, theirs):
        if part.tag == "equal":
            for offset in range(part.src_end - part.src_start):
                letters.setdefault(owner[part.src_start + offset], []).append(part.dest_start + offset)
    near = {index: at for index, at in letters.items() if _is_same_word(at, len(found.said[index]))}
    # Both ways: a short word is found inside many a long one.
    shown = Counter(holder[position] for at in near.values() for position in at)
    whole = {place for place, count in shown.items() if count >= _ENOUGH_LETTERS * len(found.printed[place])}
    for index, at in near.items():
        place = Counter(holder[position] for position in at).most_common(1)[0][0]
        found.place[index] = place if place in whole else None
    return whole


def _is_same_word(at: Sequence[int], length: int) -> bool:
    """Whether the letters found stand close together; scattered ones are found in any long text."""
    return len(at) >= _ENOUGH_LETTERS * length and at[-1] - at[0] < length / _ENOUGH_LETTERS


def _spelled(words: Iterable[str], owners: Sequence[int]) -> tuple[str, list[int]]:
    """The words as one string, and for each letter the owner of its word."""
    text, index = "", []
    for word, owner in zip(words, owners, strict=True):
        text += word
        index += [owner] * len(word)
    return text, index
