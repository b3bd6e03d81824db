"""The readings of a document side by side: who or what made each, and what it changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from documents.models import Document
from extraction.models import Extraction, ExtractionMethod
from extraction.presenters import words_of

MOST = 50
METHODS = {
    ExtractionMethod.RULES: "Read",
    ExtractionMethod.TEMPLATE: "Read with a template",
    ExtractionMethod.MODEL: "Read with a model",
    ExtractionMethod.MANUAL_CORRECTION: "Corrected",
}


@dataclass(frozen=True)
class Reading:
    """One reading in a line. `score` is 0–100; `changed` names the fields that differ from the one before."""

    extraction: Extraction
    words: str
    when: datetime
    score: float | None
    reason: str
    changed: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Difference:
    """A field of an earlier reading beside what stands there now."""

    label: str
    then: str
    then_score: float | None
    now: str
    differs: bool


def readings_of(document: Document) -> list[Reading]:
    """The last readings of the document, the newest first. Causes one SQL query."""
    rows = list(Extraction.objects.filter(document=document).select_related("created_by")[:MOST])
    before = [*rows[1:], None]
    return [_reading(row, old) for row, old in zip(rows, before, strict=True)]


def _reading(row: Extraction, old: Extraction | None) -> Reading:
    words = METHODS.get(ExtractionMethod(row.method), row.method)
    if row.created_by:
        words = f"{words} by {row.created_by.short_name}"
    elif row.model_used not in ("", "local"):
        words = f"{words} ({row.model_used})"
    changed = [item["label"] for item in row.schema if old and _value(row, item) != _value(old, item)]
    return Reading(row, words, row.created_at, row.confidence_score, row.reason, changed)


def differences(then: Extraction, now: Extraction | None) -> list[Difference]:
    """Every field of an earlier reading beside the current one, in the earlier one's order."""
    return [_difference(item, then, now) for item in then.schema]


def _difference(item: dict[str, Any], then: Extraction, now: Extraction | None) -> Difference:
    old, new = _value(then, item), _value(now, item) if now else None
    score = (then.fields.get(item["name"]) or {}).get("score")
    return Difference(
        item["label"], words_of(old, item), score if old is not None else None,
        words_of(new, item), old != new,
    )  # fmt: skip


def _value(extraction: Extraction, item: dict[str, Any]) -> Any:
    return (extraction.fields.get(item["name"]) or {}).get("value")
