"""Fields of a converted document: candidates → rank → check → calibrate."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from extraction.engines.blocks import Box, ConvertedDocument, union

from .calibrate import confidence
from .candidates import Candidate, CandidateSource, Origin, Reading, Source
from .check import Verdict, check
from .defs import FieldDef
from .layout import Span
from .parse import JsonValue, comparable
from .rank import Ranked, Ranker, rank
from .sources import LOCAL_SOURCES, gather

Flag = Literal["required_missing", "validation_failed"]
MISSING = "No value found for a required field."
ALTERNATIVES = 3


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another value the field could have, for a person to pick."""

    value: JsonValue
    raw: str
    confidence: float
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class FieldValue:
    """One field's value. None with confidence 0 when nothing was found; boxes hold one per printed line.

    `validated` is true when at least one check (type, check digits, sum) confirmed the value and none spoke
    against it; `errors` are plain sentences. `confidence_unchecked` is what it would be without the checks.
    """

    name: str
    value: Any
    raw: str = ""
    confidence: float = 0.0
    confidence_unchecked: float = 0.0
    boxes: tuple[Box, ...] = ()
    source: Source = "text_layer"
    origin: Origin = "page"
    validated: bool = False
    errors: tuple[str, ...] = ()
    alternatives: tuple[Alternative, ...] = ()


@dataclass(frozen=True, slots=True)
class Extraction:
    """All wanted fields in the order asked. `confidence` is 0–1, None when no field was asked for."""

    values: dict[str, FieldValue] = field(default_factory=dict)
    confidence: float | None = None
    flags: list[Flag] = field(default_factory=list)


def extract(
    document: ConvertedDocument,
    fields: Sequence[FieldDef],
    *,
    type_slug: str | None,
    language: str | None = None,
    sources: Sequence[CandidateSource] = LOCAL_SOURCES,
    ranker: Ranker = rank,
) -> Extraction:
    """The fields' values with confidence, places and alternatives; the same input gives the same output.

    `language` (ISO 639-1) settles how numbers and dates are written where the document itself does not.
    Pure and CPU-bound, some milliseconds per page; may be called in a child process. Raises nothing for a
    document without text: every field is then missing.
    """
    reading = Reading(document, fields, type_slug, language)
    candidates = {item.name: gather(reading, item, sources) for item in fields}
    ranked = ranker(reading, candidates, fields)
    verdict = check(fields, reading.roles, ranked)
    values = {item.name: _value(reading, item, ranked.get(item.name, []), verdict) for item in fields}
    return Extraction(values, overall(fields, values), _flags(fields, values))


def overall(fields: Sequence[FieldDef], values: dict[str, FieldValue]) -> float | None:
    """The confidence in the document as a whole, 0–1: 0.7 × the weakest important field + 0.3 × the mean.

    Important are required fields and those that failed a check, since one of them wrong makes the document
    wrong; the mean runs over all values found. A product over a dozen fields would send every document to
    review, a mean alone would hide one wrong total.
    """
    if not fields:
        return None
    found = [value.confidence for value in values.values() if value.value is not None]
    required = {item.name for item in fields if item.required}
    important = [value.confidence for value in values.values() if value.name in required or value.errors]
    mean = sum(found) / len(found) if found else 0.0
    return round(0.7 * min(important, default=mean) + 0.3 * mean, 4)


def _value(reading: Reading, definition: FieldDef, ranked: Sequence[Ranked], verdict: Verdict) -> FieldValue:
    if not ranked:
        return _missing(reading, definition)
    name, best = definition.name, ranked[0].candidate
    errors = tuple(verdict.errors.get(name, ()))
    sure = confidence(ranked, failed=bool(errors), held=name in verdict.held)
    return FieldValue(
        name=name,
        value=best.value,
        raw=best.raw,
        confidence=round(sure, 4),
        confidence_unchecked=round(confidence(ranked), 4),
        boxes=line_boxes(best),
        source=best.source or _source(reading, best),
        origin=best.origin,
        validated=not errors and name in verdict.passed,
        errors=errors,
        alternatives=_alternatives(ranked, 1 - sure, sure),
    )


def _missing(reading: Reading, definition: FieldDef) -> FieldValue:
    if definition.default is not None:
        return FieldValue(definition.name, definition.default, source="rule", confidence=0.5)
    errors = (MISSING,) if definition.required else ()
    return FieldValue(definition.name, None, errors=errors, source=_page_source(reading))


def _alternatives(ranked: Sequence[Ranked], rest: float, limit: float) -> tuple[Alternative, ...]:
    """The best candidates of other values; what the winner leaves of certainty is shared by their scores."""
    others: dict[str, Ranked] = {}
    winner = comparable(ranked[0].candidate.value)
    for item in ranked[1:]:
        key = comparable(item.candidate.value)
        if key != winner:
            others.setdefault(key, item)
    kept = list(others.values())[:ALTERNATIVES]
    weight = sum(_chance(item) for item in kept)
    return tuple(
        Alternative(
            item.candidate.value,
            item.candidate.raw,
            round(min(limit, rest * _chance(item) / weight), 4),
            line_boxes(item.candidate),
        )
        for item in kept
    )


def _chance(item: Ranked) -> float:
    return 1 / (1 + math.exp(-item.score))


def line_boxes(candidate: Candidate) -> tuple[Box, ...]:
    """One box per printed line that the value covers."""
    lines: dict[tuple[int, int], list[Span]] = {}
    for span in candidate.spans:
        lines.setdefault((span.segment.page, span.segment.row), []).append(span)
    boxes = (union([box for span in spans if (box := span.box)]) for spans in lines.values())
    return tuple(box for box in boxes if box)


def _source(reading: Reading, candidate: Candidate) -> Source:
    if not candidate.spans:
        return "rule"
    return "ocr" if candidate.ocr_score is not None else _page_source(reading)


def _page_source(reading: Reading) -> Source:
    return "ocr" if reading.document.method == "ocr" else "text_layer"


def _flags(fields: Sequence[FieldDef], values: dict[str, FieldValue]) -> list[Flag]:
    flags: list[Flag] = []
    missing = {item.name for item in fields if item.required and values[item.name].value is None}
    if missing:
        flags.append("required_missing")
    if any(value.errors for name, value in values.items() if name not in missing):
        flags.append("validation_failed")
    return flags
