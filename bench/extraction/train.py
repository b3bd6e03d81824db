"""Trains the models that ship: trees per family of fields, then confidence curves on held-out groups."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_limits

from bench.extraction.boosting import fit
from bench.extraction.calibration import Answered, answers, curves
from bench.extraction.examples import (
    REDISTRIBUTABLE,
    Example,
    invoice_examples,
    real_examples,
    receipt_examples,
)
from bench.extraction.predict import values_of
from bench.extraction.rows import Row, rows_of
from bench.extraction.truth import items_of, read
from extraction.engines.fields.rank import rank_with
from extraction.engines.fields.trees import MODEL, Forest, forests

FOLDS = 4
INVENTED = 1000  # receipts, and as many invoices


@dataclass(frozen=True, slots=True)
class Fold:
    """Models that have not seen some groups, and what they answer for them."""

    number: int
    model: dict[str, Any]
    answers: list[Answered]


def train(
    truth: Path | None, out: Path = MODEL, *, count: int = INVENTED, check: Path | None = None
) -> dict[str, Any]:
    """Writes the model file and gives the figures; `truth` adds real documents that may be shared.

    `check` is where to write predictions for those real documents, each by a model and curves that had not
    seen its sender. The same input gives the same bytes: one thread, fixed seeds, rounded numbers.
    """
    with threadpool_limits(limits=1):
        examples = list(all_examples(truth, count))
        folds = [_fold(examples, number) for number in range(FOLDS)]
        model = models_of(examples)
    held_out = [one for fold in folds for one in fold.answers]
    text = json.dumps(_with_curves(model, held_out), separators=(",", ":"), sort_keys=True)
    out.parent.mkdir(exist_ok=True)
    out.write_text(text + "\n", encoding="utf-8")
    if truth and check:
        _write_check(truth, check, folds)
    right = sum(one.right for one in held_out) / len(held_out)
    return {"bytes": len(text), "documents": len(examples), "values": len(held_out), "right": round(right, 4)}


def _fold(examples: Sequence[Example], number: int) -> Fold:
    learned = [example for example in examples if fold_of(example.group) != number]
    held_out = [example for example in examples if fold_of(example.group) == number]
    model = models_of(learned)
    return Fold(number, model, list(answers(forests(model), held_out)))


def _with_curves(model: Mapping[str, Any], found: Sequence[Answered]) -> dict[str, Any]:
    fitted = curves(found)
    return {
        family: entry | {"curve": [fitted[family].slope, fitted[family].lead, fitted[family].shift]}
        for family, entry in model.items()
    }


def _write_check(truth: Path, out: Path, folds: Sequence[Fold]) -> None:
    found = {}
    rankers = {fold.number: partial(rank_with, _model_for(fold, folds)) for fold in folds}
    for item in items_of(truth, REDISTRIBUTABLE):
        found[item.name] = values_of(read(item, "file"), item.doc_type, ranker=rankers[fold_of(item.sender)])
    out.write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")


def _model_for(fold: Fold, folds: Sequence[Fold]) -> dict[str, Forest]:
    """The fold's model with curves fitted on the answers of the other folds."""
    others = [one for other in folds if other is not fold for one in other.answers]
    return forests(_with_curves(fold.model, others))


def all_examples(truth: Path | None, count: int) -> Iterator[Example]:
    yield from receipt_examples(count)
    yield from invoice_examples(count)
    if truth:
        yield from real_examples(truth)


def models_of(examples: Sequence[Example]) -> dict[str, Any]:
    """The trees of every family, as the model file has them."""
    return {
        family: fit(family, rows) for family, rows in sorted(rows_of(examples).items()) if _learnable(rows)
    }


def _learnable(rows: Sequence[Row]) -> bool:
    return len({row.right for row in rows}) == 2


def fold_of(group: str) -> int:
    """The fold of a group, 0 to FOLDS - 1, the same on every machine."""
    return zlib.crc32(group.encode()) % FOLDS
