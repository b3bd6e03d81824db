"""Predictions of the product's field engine for a scorer."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.extraction.truth import Words, fields_in, items_of, read
from extraction.engines.blocks import ConvertedDocument
from extraction.engines.convert import EngineError
from extraction.engines.fields.builtin import fields_of
from extraction.engines.fields.candidates import CandidateSource
from extraction.engines.fields.extract import FieldValue, extract
from extraction.engines.fields.memory.store import Memory, memory_of
from extraction.engines.fields.rank import Ranker, rank
from extraction.engines.fields.sources import LOCAL_SOURCES


def predict(
    truth: Path, out: Path, *, sets: Sequence[str], words: Words, memory: Memory | None = None
) -> dict[str, Any]:
    """Writes every document's fields to `out` and gives the figures of the run.

    `memory` is what senders taught before. `ms_per_document` is the wall time of the field engine alone, on
    words that are already there.
    """
    found: dict[str, Any] = {}
    spent: list[float] = []
    failures: dict[str, str] = {}
    for item in items_of(truth, sets):
        if not fields_of(item.doc_type):
            continue
        try:
            document = read(item, words)
        except EngineError as error:
            failures[item.name] = error.code
            continue
        started = time.perf_counter()
        found[item.name] = values_of(document, item.doc_type, memory=memory)
        spent.append(time.perf_counter() - started)
    out.write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")
    return {
        "documents": len(found),
        "ms_per_document": round(1000 * sum(spent) / len(spent), 2) if spent else None,
        "ms_per_document_p95": round(1000 * sorted(spent)[int(0.95 * len(spent))], 2) if spent else None,
        "failures": failures,
    }


def taught(truth: Path, words: Words, count: int) -> Memory:
    """What the first `count` documents of each sender in a truth.json teach, their answers included."""
    answers = fields_in(truth)
    readings = (
        (read(item, words), item.doc_type, answers[item.name])
        for item in items_of(truth)
        if fields_of(item.doc_type) and answers[item.name]
    )
    return memory_of(list(readings), count)


def values_of(
    document: ConvertedDocument, doc_type: str, *, ranker: Ranker = rank, memory: Memory | None = None
) -> dict[str, Any]:
    """Every field of the document's type, as the scorer wants it."""
    sources: Sequence[CandidateSource] = LOCAL_SOURCES
    if memory:
        recall = memory.recall(doc_type)
        sources, ranker = (*LOCAL_SOURCES, recall.source), recall.ranker(ranker)
    result = extract(document, fields_of(doc_type), type_slug=doc_type, sources=sources, ranker=ranker)
    return {name: _json(value) for name, value in result.values.items()}


def _json(value: FieldValue) -> dict[str, Any]:
    others = [{"value": other.value, "confidence": other.confidence} for other in value.alternatives]
    return {"value": value.value, "confidence": value.confidence, "alternatives": others}
