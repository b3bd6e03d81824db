"""Trains the models that ship: trees per family of fields, then confidence curves on held-out groups."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_limits

from bench.extraction.boosting import fit
from bench.extraction.calibration import Answered, answers, curves
from bench.extraction.examples import Example, invoice_examples, real_examples, receipt_examples
from bench.extraction.rows import Row, rows_of
from extraction.engines.fields.trees import MODEL, forests

FOLDS = 4
INVENTED = 1500  # receipts, and as many invoices


def train(truth: Path | None, out: Path = MODEL, *, count: int = INVENTED) -> dict[str, Any]:
    """Writes the model file and gives the figures; `truth` adds real documents that may be shared.

    The same input gives the same bytes: one thread, fixed seeds, rounded numbers.
    """
    with threadpool_limits(limits=1):
        examples = list(all_examples(truth, count))
        held_out = list(answers_of_folds(examples))
        model = models_of(examples)
    for family, curve in curves(held_out).items():
        model[family]["curve"] = [curve.slope, curve.lead, curve.shift]
    text = json.dumps(model, separators=(",", ":"), sort_keys=True)
    out.parent.mkdir(exist_ok=True)
    out.write_text(text + "\n", encoding="utf-8")
    right = sum(one.right for one in held_out)
    return {
        "bytes": len(text),
        "documents": len(examples),
        "values": len(held_out),
        "right": right / len(held_out),
    }


def all_examples(truth: Path | None, count: int) -> Iterator[Example]:
    yield from receipt_examples(count)
    yield from invoice_examples(count)
    if truth:
        yield from real_examples(truth)


def models_of(examples: Sequence[Example]) -> dict[str, Any]:
    """The trees of every family, as the model file has them."""
    return {family: fit(rows) for family, rows in sorted(rows_of(examples).items()) if _learnable(rows)}


def _learnable(rows: Sequence[Row]) -> bool:
    return len({row.right for row in rows}) == 2


def answers_of_folds(examples: Sequence[Example]) -> Iterator[Answered]:
    """What models answer for groups (countries, senders) that they were not trained on."""
    for fold in range(FOLDS):
        yield from answers(*_split(examples, fold))


def _split(examples: Sequence[Example], fold: int) -> tuple[Mapping[str, Any], list[Example]]:
    learned = [example for example in examples if fold_of(example.group) != fold]
    return forests(models_of(learned)), [example for example in examples if fold_of(example.group) == fold]


def fold_of(group: str) -> int:
    """The fold of a group, 0 to FOLDS - 1, the same on every machine."""
    return zlib.crc32(group.encode()) % FOLDS
