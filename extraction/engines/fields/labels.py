"""Where labels stand and how strongly each speaks for a value near it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from .aliases import ROLE_KINDS, Role
from .builtin import Alias, known_aliases
from .layout import Layout, Segment, Span, Token

Strengths = dict[Role, float]

# How much a label in each place counts; a value follows its label on the line more often than below it.
INLINE, LEFT, ABOVE, HEADER, AFTER = 1.0, 0.95, 0.8, 0.45, 0.45
HEADER_REACH = 40  # letter heights a column header reaches down
_ROWS_ABOVE = 40
_FUZZY_CUTOFF = 86.0
_FUZZY_MIN_LETTERS = 5
_COMPOUND_HEADS = ("rechnung", "rechnungsnummer", "rechnungsdatum")


@dataclass(frozen=True, eq=False, slots=True)
class Label:
    """A label's words at `start`–`end` of a segment. `coverage` is the share of the segment it fills."""

    segment: Segment
    start: int
    end: int
    role: Role
    weight: float
    coverage: float


class Lexicon:
    """Finds aliases in lines: the longest alias at each place wins, near spellings count a little less."""

    def __init__(self, aliases: Iterable[Alias]) -> None:
        self._by_first: dict[str, list[Alias]] = defaultdict(list)
        for alias in aliases:
            self._by_first[alias.tokens[0]].append(alias)
        self._long = sorted({token for token in self._all_tokens() if len(token) >= _FUZZY_MIN_LETTERS})
        self._known = frozenset(self._all_tokens())
        self._near: dict[str, str] = {}

    def find(self, segment: Segment, *, fuzzy: bool) -> list[Label]:
        """The labels of one segment; `fuzzy` also accepts misread letters (text from OCR)."""
        words = [self._spelling(token.text, fuzzy) for token in segment.tokens]
        labels: list[Label] = []
        at = 0
        while at < len(words):
            found = self._longest(words, at)
            labels.extend(_label(segment, alias, at) for alias in found)
            at += max((len(alias.tokens) for alias in found), default=1)
        return labels

    def _longest(self, words: Sequence[str], at: int) -> list[Alias]:
        fitting = [
            alias
            for alias in self._by_first.get(words[at], ())
            if tuple(words[at : at + len(alias.tokens)]) == alias.tokens
        ]
        longest = max((len(alias.tokens) for alias in fitting), default=0)
        return [alias for alias in fitting if len(alias.tokens) == longest]

    def _spelling(self, word: str, fuzzy: bool) -> str:
        if word in self._known or len(word) < _FUZZY_MIN_LETTERS or word.isdigit():
            return word
        for head in _COMPOUND_HEADS:
            if word.endswith(head):
                return head
        return self._nearest(word) if fuzzy else word

    def _nearest(self, word: str) -> str:
        if word not in self._near:
            found = process.extractOne(word, self._long, scorer=fuzz.ratio, score_cutoff=_FUZZY_CUTOFF)
            self._near[word] = found[0] if found else word
        return self._near[word]

    def _all_tokens(self) -> Iterable[str]:
        return (token for aliases in self._by_first.values() for alias in aliases for token in alias.tokens)


@lru_cache(maxsize=1)
def builtin_lexicon() -> Lexicon:
    return Lexicon(known_aliases())


class LabelMap:
    """All labels of a document, asked by the place of a value."""

    def __init__(self, layout: Layout, lexicons: Sequence[Lexicon], *, fuzzy: bool) -> None:
        self.layout = layout
        self.by_segment: dict[Segment, list[Label]] = {}
        self._label_rows: set[tuple[int, int]] = set()
        self._by_role: dict[tuple[Role, int], list[Label]] = defaultdict(list)
        for segment in layout.segments:
            labels = _settled([lexicon.find(segment, fuzzy=fuzzy) for lexicon in lexicons])
            if labels:
                self.by_segment[segment] = labels
                self._label_rows.add((segment.page, segment.row))
            for label in labels:
                self._by_role[label.role, segment.page].append(label)

    def strengths(self, span: Span, busy: frozenset[Segment], *, in_table: float = 1.0) -> Strengths:
        """How strongly the labels around a value speak for each role (0–1 each).

        `busy` are the segments that hold values of the same kind: a label is used up by the first of them.
        `in_table` weakens the headers of wide tables, whose columns hold many values of one kind.
        """
        found: dict[Role, list[float]] = defaultdict(list)
        for label, place in self._around(span, busy, in_table):
            found[label.role].append(label.weight * place)
        return {role: _join(values) for role, values in found.items()}

    def heading_above(self, segment: Segment, roles: frozenset[Role], limit: float) -> Label | None:
        """The nearest label of one of the roles that heads a segment, at most `limit` points above it.

        A heading is a line of its own without figures: over the segment's column, or alone on its row.
        """
        page = self.layout.by_number[segment.page]
        best: Label | None = None
        for role in sorted(roles):
            for label in self._by_role.get((role, segment.page), ()):
                other = label.segment
                nearer = best is None or other.row > best.segment.row
                near = other is not segment and other.row <= segment.row and segment.y0 - other.y1 <= limit
                if near and nearer and _is_heading(label) and self._heads(other, segment, page.letter):
                    best = label
        return best

    def under(self, segment: Segment, role: Role, limit: float) -> bool:
        """Whether a label of a role stands anywhere above a segment, at most `limit` points away."""
        labels = self._by_role.get((role, segment.page), ())
        return any(
            label.segment.row < segment.row and segment.y0 - label.segment.y1 <= limit for label in labels
        )

    def _has_value_beside(self, row: Sequence[Segment], segment: Segment) -> bool:
        """Whether the next thing on the row is not a label: then the label speaks for that one."""
        right = [other for other in row if other.x0 >= segment.x1]
        return bool(right) and right[0] not in self.by_segment

    def _heads(self, upper: Segment, lower: Segment, letter: float) -> bool:
        alone = len(self.layout.row_of(upper)) == 1
        return alone or _over(upper, lower) or abs(upper.x0 - lower.x0) < 4 * letter

    def _around(self, span: Span, busy: frozenset[Segment], in_table: float) -> Iterable[tuple[Label, float]]:
        yield from self._inline(span)
        yield from self._left(span, busy)
        yield from self._above(span, busy, in_table)

    def _inline(self, span: Span) -> Iterable[tuple[Label, float]]:
        segment = span.segment
        for label in self.by_segment.get(segment, ()):
            if label.end <= span.start:
                between = _tokens_between(segment.tokens, label.end, span.start)
                yield label, INLINE * max(0.2, 1 - 0.13 * between)
            elif label.start >= span.end:
                between = _tokens_between(segment.tokens, span.end, label.start)
                yield label, AFTER * max(0.0, 1 - 0.5 * between)

    def _left(self, span: Span, busy: frozenset[Segment]) -> Iterable[tuple[Label, float]]:
        segment = span.segment
        if _tokens_between(segment.tokens, 0, span.start) > 2:
            return
        place = LEFT
        for other in reversed([item for item in self.layout.row_of(segment) if item.x1 <= segment.x0 + 1]):
            for label in self.by_segment.get(other, ()):
                trailing = _tokens_between(other.tokens, label.end, len(other.text))
                yield label, place * (0.6 + 0.4 * label.coverage) * max(0.3, 1 - 0.1 * trailing)
            place *= 0.7 if other in busy else 0.9

    def _above(self, span: Span, busy: frozenset[Segment], in_table: float) -> Iterable[tuple[Label, float]]:
        segment = span.segment
        page = self.layout.by_number[segment.page]
        seen_busy = False
        for row in reversed(page.rows[max(0, segment.row - _ROWS_ABOVE) : segment.row]):
            if segment.y0 - row[0].y1 > HEADER_REACH * page.letter:
                return
            if seen_busy and (segment.page, row[0].row) not in self._label_rows:
                continue
            for other in (other for other in row if _over(other, segment)):
                place = _above_place((segment.y0 - other.y1) / max(page.letter, 1.0), seen_busy)
                crowd = in_table if len(row) >= 4 else 1.0
                taken = 0.5 if other in self.by_segment and self._has_value_beside(row, other) else 1.0
                for label in self.by_segment.get(other, ()):
                    if label.coverage >= 0.5:
                        yield label, place * label.coverage * taken * crowd
                seen_busy = seen_busy or other in busy


def _settled(found: Sequence[list[Label]]) -> list[Label]:
    """The labels of all lexicons, where a longer label of a later one has the say over shorter earlier ones.

    "Delivery date" of the caller's own field is then no "date" any more.
    """
    kept: list[Label] = []
    for labels in found:
        kept = [old for old in kept if not any(_is_part(old, new) for new in labels)] + labels
    return kept


def _is_part(old: Label, new: Label) -> bool:
    inside = new.start <= old.start and old.end <= new.end
    return inside and old.end - old.start < new.end - new.start


def kind_of(role: Role) -> str:
    """The kind of value a label's role belongs to; a user's own role fits every kind."""
    return ROLE_KINDS.get(role, "any")


def _is_heading(label: Label) -> bool:
    text = label.segment.text
    return (label.coverage >= 0.6 or text.rstrip().endswith(":")) and not any(char.isdigit() for char in text)


def _label(segment: Segment, alias: Alias, at: int) -> Label:
    tokens = segment.tokens[at : at + len(alias.tokens)]
    letters = sum(len(token.text) for token in segment.tokens)
    own = sum(len(token.text) for token in tokens)
    return Label(segment, tokens[0].start, tokens[-1].end, alias.role, alias.weight, own / max(letters, 1))


def _join(values: list[float]) -> float:
    rest = 1.0
    for value in values:
        rest *= 1 - min(value, 0.98)
    return 1 - rest


def _tokens_between(tokens: Sequence[Token], start: int, end: int) -> int:
    return sum(1 for token in tokens if token.start >= start and token.end <= end)


def _over(upper: Segment, lower: Segment) -> bool:
    return min(upper.x1, lower.x1) - max(upper.x0, lower.x0) > 0


def _above_place(letters: float, seen_busy: bool) -> float:
    """The weight of a label that stands so many letter heights above a value."""
    if letters <= 2.0 and not seen_busy:
        return ABOVE
    return HEADER * (0.8 if seen_busy else 1.0) * max(0.0, 1 - letters / 60)
