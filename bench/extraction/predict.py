"""Predictions of the product's field engine for a scorer."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.extraction.truth import Item, Words, items_of, read
from extraction.engines.convert import EngineError
from extraction.engines.fields.builtin import fields_of
from extraction.engines.fields.extract import FieldValue, extract


def predict(truth: Path, out: Path, *, sets: Sequence[str], words: Words) -> dict[str, Any]:
    """Writes every document's fields to `out` and gives the figures of the run.

    `ms_per_document` is the wall time of the field engine alone, on words that are already there.
    """
    found: dict[str, Any] = {}
    spent: list[float] = []
    failures: dict[str, str] = {}
    for item in items_of(truth, sets):
        if not fields_of(item.doc_type):
            continue
        try:
            values, seconds = _fields(item, words)
        except EngineError as error:
            failures[item.name] = error.code
            continue
        found[item.name] = values
        spent.append(seconds)
    out.write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")
    return {
        "documents": len(found),
        "ms_per_document": round(1000 * sum(spent) / len(spent), 2) if spent else None,
        "ms_per_document_p95": round(1000 * sorted(spent)[int(0.95 * len(spent))], 2) if spent else None,
        "failures": failures,
    }


def _fields(item: Item, words: Words) -> tuple[dict[str, Any], float]:
    document = read(item, words)
    started = time.perf_counter()
    result = extract(document, fields_of(item.doc_type), type_slug=item.doc_type)
    seconds = time.perf_counter() - started
    return {name: _json(value) for name, value in result.values.items()}, seconds


def _json(value: FieldValue) -> dict[str, Any]:
    others = [{"value": other.value, "confidence": other.confidence} for other in value.alternatives]
    return {"value": value.value, "confidence": value.confidence, "alternatives": others}
