"""Ranker scores → confidence, an estimate of the probability that the value is right.

One logistic curve per family of fields: `1 / (1 + exp(-(slope·score + lead·margin + shift)))`, where `margin`
is the score's distance to the best candidate of another value (0–1). Slope and lead are positive, so more
evidence never lowers a confidence. Free multi-feature calibrators learned the wrong direction on families
with few errors; therefore the curve is fixed and has two inputs.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from .parse import comparable
from .rank import Ranked


@dataclass(frozen=True, slots=True)
class Curve:
    slope: float
    lead: float
    shift: float

    def __call__(self, score: float, margin: float) -> float:
        return 1 / (1 + math.exp(-(self.slope * score + self.lead * margin + self.shift)))


# Fitted in 2026-11 by logistic regression with a weak prior (slope 3, lead 2.5, shift −1.5) on 445
# development receipts and invoices, each sender counting by the square root of its documents, then
# rounded; families without an observed error (code, iban, vat, date) were moved towards the prior.
CURVES: dict[str, Curve] = {
    "address": Curve(2.4, 0.6, -1.6),
    "buyer": Curve(2.6, 3.0, -2.3),
    "code": Curve(3.2, 2.4, -1.2),
    "company": Curve(2.1, 4.0, -3.2),
    "currency": Curve(2.0, 2.6, -1.0),
    "date": Curve(3.0, 3.0, -1.0),
    "due": Curve(1.9, 2.8, -2.2),
    "iban": Curve(3.0, 2.6, -1.4),
    "money": Curve(2.0, 2.9, -1.9),
    "part": Curve(2.5, 1.7, -1.7),
    "seller": Curve(1.5, 1.6, -2.0),
    "vat": Curve(3.0, 2.5, -1.6),
}
DEFAULT_CURVE = Curve(3.0, 2.0, -2.0)

# A failed check caps a value below the review threshold of 0.70, whatever else speaks for it.
FAILED_CAP = 0.55
HIGHEST = 0.995  # nothing read from a page alone is certain
SUM_LIFT = 1.0  # on the log-odds scale, for net + tax = total


def confidence(items: Sequence[Ranked], *, failed: bool = False, held: bool = False) -> float:
    """The confidence (0–1) in the first of a field's ranked candidates.

    `failed` says that a check spoke against it, `held` that an independent sum confirmed it. The reader's
    own score of the words multiplies in, and the certainty of reading caps: a value cannot be surer than its
    letters, nor an ambiguous date surer than the order of its parts.
    """
    best = items[0]
    raw = CURVES.get(best.family, DEFAULT_CURVE)(best.score, margin(items))
    if held:
        raw = 1 / (1 + (1 - raw) / raw * math.exp(-SUM_LIFT))
    ocr = best.candidate.ocr_score
    sure = min(raw, HIGHEST, best.candidate.certainty) * (
        1.0 if ocr is None else min(1.0, max(ocr, 0.0) + 0.02)
    )
    return min(sure, FAILED_CAP) if failed else sure


def margin(items: Sequence[Ranked]) -> float:
    """How far the first candidate leads the best one of another value, at most 1."""
    best = items[0]
    mine = comparable(best.candidate.value)
    for other in items[1:]:
        if comparable(other.candidate.value) != mine:
            return min(1.0, best.score - other.score)
    return 1.0
