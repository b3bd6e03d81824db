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


# Printed by `python -m bench.fit_calibration` from documents that may be redistributed: this repository's own
# generator (480 invoices, 40 scanned receipts, and four worn copies of each on which the extractor errs) and
# 58 invoices from test sets under Apache, MIT and BSD licences; none for research only. Figures: decision 6.
CURVES: dict[str, Curve] = {
    "address": Curve(1.9, 2.8, -2.2),
    "buyer": Curve(2.5, 2.2, -1.2),
    "code": Curve(4.2, 1.5, -2.8),
    "company": Curve(2.6, 2.8, -1.8),
    "currency": Curve(2.4, 3.0, -1.0),
    "date": Curve(2.6, 2.2, -1.2),
    "due": Curve(2.6, 3.3, -1.7),
    "iban": Curve(2.3, 3.4, -1.9),
    "money": Curve(2.0, 2.6, -1.8),
    "part": Curve(2.8, 1.9, -2.0),
    "seller": Curve(1.9, 2.0, -1.6),
    "vat": Curve(2.4, 2.7, -1.8),
}
# By hand, for families without documents to learn from (a user's own texts and choices).
DEFAULT_CURVE = Curve(3.0, 2.0, -2.0)

# By hand, too: a failed check caps a value below the review threshold of 0.70, whatever else speaks for it.
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
