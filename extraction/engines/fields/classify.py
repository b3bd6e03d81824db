"""What kind of document this is, by the words that name it and the marks of its layout."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from extraction.engines.blocks import ConvertedDocument

from .amounts import find_numbers
from .codes import find_ibans
from .dates import find_dates
from .idnumbers import find_niks
from .kinds import HINTS, TITLES
from .layout import Layout, Segment, fold, lay_out
from .locale import Locale
from .mrz import find_mrz

OTHER = "other"
# Evidence → probability: `exp(STEEPNESS × evidence)`, shared with all other types and with "none of them",
# which has the evidence NOTHING. Both were chosen on this repository's samples (tests/…/test_classify.py).
STEEPNESS, NOTHING = 1.5, 1.3
_TITLE_LETTERS, _TITLE_ROWS = 60, 14
_READ_PAGES = 3
_HINT, _OWN_KEYWORD, _MOST_HINTS = 0.45, 0.9, 4.0


@dataclass(frozen=True, slots=True)
class TypeHints:
    """A user's own document type: words that name it or occur in it, in any spelling of case and accents."""

    slug: str
    keywords: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Shape:
    """Layout marks of a document's first pages."""

    words: int
    pages: int
    amounts: int
    dates: int
    narrow: bool
    long_lines: float
    has_iban: bool


# What is printed on a card or one page of a booklet has few words; a text that speaks of passports has many.
CARDS = ("ktp", "npwp", "sim", "passport", "identity_document")
MOST_ON_A_CARD = 300


def classify(document: ConvertedDocument, extra: Sequence[TypeHints] = ()) -> list[tuple[str, float]]:
    """Type slugs with probabilities, best first, every known type once; `other` leads if nothing stands out.

    `extra` are types beside the built-in ones. The probabilities add up to 1.
    """
    layout = lay_out(document)
    text = _words("\n".join(segment.text for page in layout.pages[:_READ_PAGES] for segment in page.segments))
    shape = _shape(layout)
    evidence = {slug: _hinted(words, text, _HINT) for slug, words in HINTS.items()}
    evidence |= {item.slug: _hinted("|".join(item.keywords), text, _OWN_KEYWORD) for item in extra}
    names = {**TITLES, **{item.slug: "|".join(item.keywords) for item in extra if item.keywords}}
    titled = [(slug, _named_only(slug, evidence) * weight) for slug, weight in _titled(layout, names)]
    for slug, weight in (*titled, *_shaped(shape), *_structured(layout, evidence)):
        evidence[slug] = evidence.get(slug, 0.0) + weight
    return _probabilities(evidence)


def _named_only(slug: str, evidence: Mapping[str, float]) -> float:
    """The share that a title counts: less for a card that shows none of a card's labels."""
    return 0.5 if slug in CARDS and not evidence.get(slug) else 1.0


def _probabilities(evidence: Mapping[str, float]) -> list[tuple[str, float]]:
    powers = {
        slug: math.exp(STEEPNESS * max(value, 0.0)) for slug, value in evidence.items() if slug != OTHER
    }
    # A type without any evidence is not a rival: twenty of them would crowd out a clear one.
    powers = {slug: power - 1 for slug, power in powers.items()}
    powers[OTHER] = math.exp(STEEPNESS * NOTHING) - 1
    total = sum(powers.values())
    made = [(slug, round(power / total, 4)) for slug, power in powers.items()]
    return sorted(made, key=lambda item: (-item[1], item[0] != OTHER, item[0]))


@lru_cache(maxsize=256)
def _pattern(source: str) -> re.Pattern[str]:
    words = sorted({_words(text) for text in source.split("|")} - {""}, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(word) for word in words) or '(?!)'})(?!\w)")


def _words(text: str) -> str:
    return re.sub(r"[\W_]+", " ", fold(text)).strip()


def _hinted(words: str, text: str, weight: float) -> float:
    """Each different word counts, the second sight of it no more; up to 4."""
    return min(_MOST_HINTS, weight * len({found.group() for found in _pattern(words).finditer(text)}))


def _titled(layout: Layout, names: Mapping[str, str]) -> Iterable[tuple[str, float]]:
    """Type names found in short lines at the top of the first page; larger and earlier lines count more."""
    if not layout.pages:
        return
    page = layout.pages[0]
    best: dict[str, float] = {}
    for segment in (item for row in page.rows for item in row if len(item.text) <= _TITLE_LETTERS):
        weight = _title_weight(
            segment, page.letter, segment.row < _TITLE_ROWS or segment.y0 < 0.4 * page.height
        )
        text = _words(segment.text)
        for slug, source in names.items():
            found = _pattern(source).search(text)
            if found:
                share = len(found.group()) / max(len(text), 1)
                best[slug] = max(best.get(slug, 0.0), weight * (0.4 + 0.6 * share))
    yield from best.items()


def _structured(layout: Layout, evidence: Mapping[str, float]) -> Iterable[tuple[str, float]]:
    """What numbers with an inner structure say: a machine-readable zone, a NIK."""
    zone = find_mrz(layout)
    if zone is not None:
        yield ("passport" if zone.format == "TD3" else "identity_document"), 4.0 if zone.all_valid else 2.5
    niks = sum(1 for segment in layout.segments for code in find_niks(segment.text) if code.valid)
    if niks >= 3 and evidence["kartu_keluarga"] >= 1:
        yield "kartu_keluarga", 1.5
    elif niks and evidence["ktp"] >= 1.5:
        yield "ktp", 1.5


def _title_weight(segment: Segment, letter: float, on_top: bool) -> float:
    size = min(segment.height / max(letter, 1.0), 2.0)
    return (2.2 if on_top else 0.6) * (0.5 + 0.5 * size)


def _shape(layout: Layout) -> _Shape:
    segments = [segment for page in layout.pages[:_READ_PAGES] for segment in page.segments]
    habits = Locale()
    lines = [len(segment.words) for segment in segments]
    first = layout.pages[0] if layout.pages else None
    return _Shape(
        words=sum(lines),
        pages=len(layout.pages),
        amounts=sum(number.decimals == 2 for item in segments for number in find_numbers(item.text, habits)),
        dates=sum(1 for item in segments for _ in find_dates(item.text, habits)),
        narrow=bool(first and first.height > 1.7 * first.width) or (bool(segments) and max(lines) <= 8),
        long_lines=sum(1 for count in lines if count >= 9) / max(len(lines), 1),
        has_iban=any(True for item in segments for _ in find_ibans(item.text)),
    )


def _shaped(shape: _Shape) -> Iterable[tuple[str, float]]:
    prose = shape.long_lines > 0.4 and shape.words > 60
    if shape.narrow and shape.amounts >= 2:
        yield "receipt", 1.2
        yield "invoice", -0.4
    if shape.has_iban and shape.amounts >= 2:
        yield "invoice", 0.8
        yield "receipt", -0.8
    if shape.amounts == 0:
        yield "invoice", -0.8
        yield "receipt", -1.5
        yield "rekening_koran", -1.0
    if shape.dates >= 6 and shape.amounts >= 8:
        yield "rekening_koran", 1.0
    if prose:
        yield "contract", 0.5
        yield "report", 0.3 if shape.pages > 2 else -0.3
        yield "receipt", -1.0
    if shape.words > 900:
        yield "letter", -0.8
    if shape.words > MOST_ON_A_CARD:
        yield from ((slug, -2.0) for slug in CARDS)
