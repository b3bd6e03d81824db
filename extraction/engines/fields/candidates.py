"""Candidates: every span of a document that could be a field's value, typed, with what is seen around it.

A source of candidates is a function `(Reading, FieldDef, Role) -> list[Candidate]`. The sources here read the
page; remembered corrections, embedded XML and a language model are further sources, and the ranker judges
all of their candidates alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, TypeVar, cast

from extraction.engines.blocks import Box, ConvertedDocument

from .aliases import Role
from .amounts import FoundNumber, find_numbers, money_text
from .builtin import custom_aliases, is_custom, role_of
from .codes import find_ibans, find_vat_ids
from .dates import find_dates
from .defs import FieldDef
from .labels import LabelMap, Lexicon, Strengths, builtin_lexicon
from .layout import Layout, Segment, Span, lay_out
from .locale import MONEY, Locale, currency_code, observe
from .parse import JsonValue

T = TypeVar("T")
Source = Literal["text_layer", "ocr", "rule", "llm"]
# Who names the value: the page itself, or a voice from outside that the page can agree with.
Origin = Literal["page", "xml", "memory", "model"]
Kind = Literal["date", "money", "code", "vat", "iban", "currency", "party", "address", "text", "rows"]


@dataclass(frozen=True, eq=False, slots=True)
class Candidate:
    """A possible value. `certainty` (0–1) is how sure the reading of the print is, not whether it fits.

    Candidates of another `origin` than the page say in `seen["trust"]` (0–1) how often such a voice is right;
    they have the spans where their value is printed, or none where it is not found on the page.
    """

    kind: Kind
    value: JsonValue
    raw: str
    spans: tuple[Span, ...]
    certainty: float = 1.0
    source: Source | None = None
    number: Decimal | None = None
    origin: Origin = "page"
    seen: Mapping[str, float] = field(default_factory=dict)

    @property
    def boxes(self) -> list[Box]:
        return [box for span in self.spans if (box := span.box)]

    @property
    def ocr_score(self) -> float | None:
        """The mean reader's score of the words (0–1), None for a text layer."""
        scores = [word.score for span in self.spans for word in span.words if word.score is not None]
        return sum(scores) / len(scores) if scores else None


class Reading:
    """A document made ready for extraction: layout, habits, labels and typed values, each found once."""

    def __init__(
        self,
        document: ConvertedDocument,
        fields: Sequence[FieldDef],
        type_slug: str | None,
        language: str | None,
    ) -> None:
        self.document = document
        self.type_slug = type_slug
        self.layout: Layout = lay_out(document)
        self.text = "\n".join(
            "   ".join(part.text for part in row) for page in self.layout.pages for row in page.rows
        )
        self.locale: Locale = observe(self.text, language)
        self.roles: dict[str, Role] = {item.name: role_of(item, type_slug) for item in fields}
        own = [
            alias
            for item in fields
            if is_custom(role := self.roles[item.name])
            for alias in custom_aliases(item, role, type_slug)
        ]
        self.labels = LabelMap(
            self.layout, [builtin_lexicon(), Lexicon(own)], fuzzy=document.method in ("ocr", "mixed")
        )
        self._pools: dict[Kind, list[Candidate]] = {}
        self._busy: dict[Kind, frozenset[Segment]] = {}
        self._strengths: dict[tuple[Segment, int, int, Kind], Strengths] = {}
        self._memo: dict[str, object] = {}

    def pool(self, kind: Kind) -> list[Candidate]:
        """All typed values of one kind in reading order; empty for kinds that need a field to look for."""
        if kind not in self._pools:
            self._pools[kind] = list(_FINDERS[kind](self)) if kind in _FINDERS else []
            self._busy[kind] = frozenset(item.spans[0].segment for item in self._pools[kind])
        return self._pools[kind]

    def strengths(self, candidate: Candidate) -> Strengths:
        """How strongly the labels around a candidate speak for each role."""
        if not candidate.spans:
            return {}
        span = candidate.spans[0]
        key = (span.segment, span.start, span.end, candidate.kind)
        if key not in self._strengths:  # the same print is a candidate of many fields
            busy = self._busy.get(candidate.kind, frozenset())
            in_table = 0.5 if candidate.kind == "money" else 1.0
            self._strengths[key] = self.labels.strengths(span, busy, in_table=in_table)
        return self._strengths[key]

    def once(self, key: str, make: Callable[[Reading], T]) -> T:
        """What `make` gives for this document, made the first time it is asked for."""
        if key not in self._memo:
            self._memo[key] = make(self)
        return cast(T, self._memo[key])

    def depth(self, segment: Segment) -> float:
        """Where a segment stands in the whole document, 0 (first line) to 1 (last line)."""
        page = self.layout.by_number[segment.page]
        before = segment.page - self.layout.pages[0].number
        return (before + segment.middle / max(page.height, 1.0)) / len(self.layout.pages)


CandidateSource = Callable[[Reading, FieldDef, Role], list[Candidate]]


def span_of(segment: Segment, start: int = 0, end: int | None = None) -> Span:
    return Span(segment, start, len(segment.text) if end is None else end)


def _dates(reading: Reading) -> Iterable[Candidate]:
    for segment in reading.layout.segments:
        for found in find_dates(segment.text, reading.locale):
            span = Span(segment, found.start, found.end)
            yield Candidate("date", found.value.isoformat(), span.raw, (span,), found.certainty)


def _money(reading: Reading) -> Iterable[Candidate]:
    dated: dict[Segment, list[Span]] = {}
    for item in reading.pool("date"):
        dated.setdefault(item.spans[0].segment, []).append(item.spans[0])
    for segment in reading.layout.segments:
        for found in find_numbers(segment.text, reading.locale):
            inside = any(span.start <= found.start < span.end for span in dated.get(segment, ()))
            if not (inside or found.percent):
                yield _amount(segment, found)


def _amount(segment: Segment, found: FoundNumber) -> Candidate:
    span = Span(segment, found.start, found.end)
    seen = {
        "cents": 1.0 if found.decimals == 2 else 0.0,
        "bare": 1.0 if not (found.decimals or found.grouped or found.currency) else 0.0,
        "money_sign": 1.0 if found.currency else 0.0,
    }
    return Candidate(
        "money", money_text(found.value), span.raw, (span,), found.certainty, number=found.value, seen=seen
    )


def _sure(reading: Reading, valid: bool) -> float:
    """The certainty of a number with check digits: wrong ones hint at a misread letter, where one can be."""
    return 1.0 if valid or reading.document.method in ("text_layer", "office") else 0.85


def _ibans(reading: Reading) -> Iterable[Candidate]:
    for segment in reading.layout.segments:
        for found in find_ibans(segment.text):
            span = Span(segment, found.start, found.end)
            seen = {"checksum": 1.0 if found.valid else -1.0}
            yield Candidate("iban", found.value, span.raw, (span,), _sure(reading, found.valid), seen=seen)


def _vat_ids(reading: Reading) -> Iterable[Candidate]:
    for segment in reading.layout.segments:
        for found in find_vat_ids(segment.text):
            span = Span(segment, found.start, found.end)
            seen = {"checksum": 1.0 if found.valid else -1.0}
            yield Candidate("vat", found.value, span.raw, (span,), _sure(reading, found.valid), seen=seen)


def _currencies(reading: Reading) -> Iterable[Candidate]:
    for segment in reading.layout.segments:
        for found in MONEY.finditer(segment.text):
            code = currency_code(found.group())
            if code and _is_whole_mark(segment.text, found.start(), found.end()):
                span = Span(segment, *found.span())
                yield Candidate("currency", code, span.raw, (span,), 0.8 if "$" in span.raw else 1.0)


def _is_whole_mark(text: str, start: int, end: int) -> bool:
    """A sign, or a code that no other letter touches."""
    if not text[start].isalnum() and "$" not in text[start:end]:
        return True
    return not (text[start - 1 : start].isalpha() or text[end : end + 1].isalpha())


_FINDERS: dict[Kind, Callable[[Reading], Iterable[Candidate]]] = {
    "date": _dates,
    "money": _money,
    "iban": _ibans,
    "vat": _vat_ids,
    "currency": _currencies,
}
