"""Where a value of the XML is printed on the page, however the page writes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import product

from rapidfuzz import fuzz

from extraction.engines.fields.aliases import ACCEPTS, Role
from extraction.engines.fields.candidates import Candidate, Kind, Reading
from extraction.engines.fields.labels import kind_of
from extraction.engines.fields.layout import Segment, Span

NAME_LIKENESS = 90.0  # of 100; the page may abbreviate or misspell by a letter or two
# No real row has so many pairs of cells, no real name or code so many letters.
_MOST_PAIRS, _MOST_LETTERS = 400, 120
_TYPED: frozenset[Kind] = frozenset({"date", "money", "iban", "vat", "currency"})


def spans_of(reading: Reading, role: Role, kind: Kind, value: str) -> tuple[Span, ...]:
    """The place that the labels around it favour, the first of equals; none where it is not printed."""
    if kind in _TYPED:
        same = [item for item in reading.pool(kind) if is_same(item, value)]
        if same:
            return max(same, key=lambda item: label_of(reading, item, role)).spans
    if kind in ("party", "address"):
        return name_spans(reading, value)[0]
    return next(code_spans(reading, value), ())


def is_same(candidate: Candidate, value: str) -> bool:
    """Whether a printed value says the same: credit notes print sums with either sign, a date that could be
    read two ways counts in both."""
    if candidate.kind == "money":
        return candidate.number is not None and abs(candidate.number) == abs(Decimal(value))
    if candidate.kind == "date" and candidate.certainty < 0.97:
        year, month, day = str(candidate.value).split("-")
        return value in (candidate.value, f"{year}-{day}-{month}")
    return candidate.value == value


def label_of(reading: Reading, candidate: Candidate, role: Role) -> float:
    """How strongly the labels around a value name this role (0–1), less where they name another one more."""
    accepted = ACCEPTS.get(role, {role: 1.0})
    missing, rival = 1.0, 0.0
    for other, strength in reading.strengths(candidate).items():
        if other in accepted:
            missing *= 1 - min(strength * accepted[other], 0.99)
        elif kind_of(other) in (kind_of(role), "any"):
            rival = max(rival, strength)
    own = 1 - missing
    return max(0.0, own - 0.5 * max(0.0, rival - 0.5 * own))


def code_spans(reading: Reading, value: str) -> Iterator[tuple[Span, ...]]:
    """Every place where the letters and digits of a code stand in this order and by themselves."""
    wanted = [char.casefold() for char in value if char.isalnum()]
    for segment in reading.layout.segments if 0 < len(wanted) <= _MOST_LETTERS else ():
        yield from _code_in(segment, wanted)


def _code_in(segment: Segment, wanted: Sequence[str]) -> Iterable[tuple[Span, ...]]:
    places = [at for at, char in enumerate(segment.text) if char.isalnum()]
    letters = [segment.text[at].casefold() for at in places]
    size = len(wanted)
    for first in range(len(letters) - size + 1):
        if letters[first] == wanted[0] and letters[first : first + size] == wanted:
            start, end = places[first], places[first + size - 1] + 1
            alone = not segment.text[start - 1 : start].isalnum() or start == 0
            if alone and not segment.text[end : end + 1].isalnum():
                yield (Span(segment, start, end),)


def name_spans(reading: Reading, name: str) -> tuple[tuple[Span, ...], float]:
    """The place most like a name and its likeness (0–100); no place below NAME_LIKENESS.

    Names broken over two lines are looked for, too.
    """
    best: tuple[Span, ...] = ()
    likeness = 0.0
    for spans in _lines_and_pairs(reading) if len(name) <= _MOST_LETTERS else ():
        here, found = _like(spans, name)
        if here > likeness:
            best, likeness = found, here
        if likeness >= 99.9:
            break
    return (best if likeness >= NAME_LIKENESS else ()), likeness


def _lines_and_pairs(reading: Reading) -> Iterable[tuple[Segment, ...]]:
    for page in reading.layout.pages:
        yield from ((segment,) for segment in page.segments)
    for page in reading.layout.pages:
        for upper, lower in zip(page.rows, page.rows[1:], strict=False):
            if len(upper) * len(lower) <= _MOST_PAIRS:
                yield from ((a, b) for a, b in product(upper, lower) if abs(a.x0 - b.x0) < 12)


def _like(segments: tuple[Segment, ...], name: str) -> tuple[float, tuple[Span, ...]]:
    text = " ".join(segment.text for segment in segments)
    if len(text) < 0.8 * len(name):
        return fuzz.ratio(name.lower(), text.lower()), ()
    found = fuzz.partial_ratio_alignment(name.lower(), text.lower(), score_cutoff=50)
    if found is None:
        return 0.0, ()
    if len(segments) == 1:
        return found.score, (Span(segments[0], found.dest_start, min(found.dest_end, len(text))),)
    return found.score, tuple(Span(segment, 0, len(segment.text)) for segment in segments)
