"""Fields of a converted document: candidates → rank → check → calibrate."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from extraction.engines.blocks import Box, ConvertedDocument, union

from .calibrate import FAILED_CAP, confidence
from .candidates import Candidate, CandidateSource, Origin, Reading, Source
from .check import check
from .checks.base import Verdict
from .defs import FieldDef
from .layout import Span
from .parse import JsonValue, comparable
from .rank import Ranked, Ranker, rank
from .sources import LOCAL_SOURCES, gather
from .structured.arrays import Array, read_array
from .structured.objects import flattened, in_section, objects_in, parts_of
from .structured.trust import table_confidence
from .structured.values import Part

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
    `parts` are the values inside an array (one mapping per row) or object (one), each with its own boxes.
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
    parts: tuple[Mapping[str, Part], ...] = ()


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
    flat, objects = flattened(fields), objects_in(fields)
    reading = Reading(document, [*flat, *objects], type_slug, language)
    single = [item for item in flat if item.type != "array"]
    arrays = {item.name: read_array(reading, item, sources) for item in flat if item.type == "array"}
    candidates = {item.name: _candidates(reading, item, sources, objects) for item in single}
    ranked = ranker(reading, candidates, single)
    tables = {name: array.table for name, array in arrays.items() if array}
    verdict = check(flat, reading.roles, ranked, tables=tables, reading=reading)
    found = {item.name: _value(reading, item, ranked.get(item.name, []), verdict) for item in single}
    found |= {
        item.name: _array(reading, item, arrays[item.name], verdict) for item in flat if item.name in arrays
    }
    values = {item.name: _assembled(item, found) for item in fields}
    return Extraction(values, overall(fields, values), flags_of(fields, values))


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


def _candidates(
    reading: Reading,
    definition: FieldDef,
    sources: Sequence[CandidateSource],
    objects: Sequence[FieldDef],
) -> list[Candidate]:
    found = _with_structure(gather(reading, definition, sources))
    names = [item.name for item in objects]
    return in_section(reading, definition.name, names, found) if "." in definition.name else found


def _with_structure(candidates: list[Candidate]) -> list[Candidate]:
    """Without the page's free texts where it prints a value of the field's own structure (a NIK, a NPWP)."""
    if not any(item.seen.get("structure") for item in candidates):
        return candidates
    return [item for item in candidates if item.seen.get("structure") or item.origin != "page"]


def _array(reading: Reading, definition: FieldDef, array: Array | None, verdict: Verdict) -> FieldValue:
    """A table or list as a value; its confidence is that of all its rows together (structured/trust.py)."""
    if array is None:
        return _missing(reading, definition)
    name, table = definition.name, array.table
    errors = tuple(verdict.errors.get(name, ()))
    said = {"held": name in verdict.held, "doubted": name in verdict.doubted}
    unchecked = table_confidence(table) if array.trust is None else array.trust
    sure = table_confidence(table, **said, failed=bool(errors)) if array.trust is None else array.trust
    sure = 1 - (1 - sure) * (1 - array.agreed)
    return FieldValue(
        name=name,
        value=table.value,
        raw=table.raw,
        confidence=round(min(sure, FAILED_CAP) if errors else sure, 4),
        confidence_unchecked=round(unchecked, 4),
        boxes=table.boxes,
        source=_page_source(reading) if table.boxes else "rule",
        origin=array.origin,
        validated=not errors and name in verdict.passed,
        errors=errors,
        parts=table.parts,
    )


def _assembled(definition: FieldDef, found: Mapping[str, FieldValue]) -> FieldValue:
    """A field's value; an object's from its parts, as sure as they are together (see `overall`)."""
    if definition.type != "object":
        return found[definition.name]
    parts = [(item, _assembled(item, found)) for item in parts_of(definition)]
    by_name = {item.name.rpartition(".")[2]: value for item, value in parts}
    if all(value.value is None for value in by_name.values()):
        return FieldValue(definition.name, None, errors=(MISSING,) if definition.required else ())
    sure = overall([item for item, _ in parts], {item.name: value for item, value in parts}) or 0.0
    return FieldValue(
        name=definition.name,
        value={name: value.value for name, value in by_name.items()},
        raw="\n".join(value.raw for value in by_name.values() if value.raw),
        confidence=sure,
        confidence_unchecked=sure,
        boxes=tuple(box for value in by_name.values() for box in value.boxes),
        source=next((value.source for value in by_name.values() if value.boxes), "rule"),
        errors=tuple(error for value in by_name.values() for error in value.errors),
        parts=({name: _part(value) for name, value in by_name.items()},),
    )


def _part(value: FieldValue) -> Part:
    return Part(value.value, value.raw, value.confidence, value.boxes)


def _value(reading: Reading, definition: FieldDef, ranked: Sequence[Ranked], verdict: Verdict) -> FieldValue:
    if not ranked:
        return _missing(reading, definition)
    name, best = definition.name, ranked[0].candidate
    errors = tuple(verdict.errors.get(name, ()))
    sure = confidence(ranked, failed=verdict.misread(name), held=name in verdict.held)
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
            round(min(limit, item.candidate.certainty, rest * _chance(item) / weight), 4),
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


def flags_of(fields: Sequence[FieldDef], values: dict[str, FieldValue]) -> list[Flag]:
    """What is wrong with the values as a whole."""
    flags: list[Flag] = []
    missing = {item.name for item in fields if item.required and values[item.name].value is None}
    if missing:
        flags.append("required_missing")
    if any(value.errors for name, value in values.items() if name not in missing):
        flags.append("validation_failed")
    return flags
