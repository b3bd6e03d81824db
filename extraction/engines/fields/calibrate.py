"""Ranker scores → confidence, an estimate of the probability that the value is right.

One logistic curve per family of fields (Platt, 1999): `1 / (1 + exp(-(slope·score + lead·margin + shift)))`,
where `margin` is the score's distance to the best candidate of another value. Slope and lead are not
negative, so more evidence never lowers a confidence. Free multi-feature calibrators learned the wrong
direction on families with few errors; therefore the curve is fixed and has two inputs. The curves stand in
the model file, fitted on senders and countries that the model had not seen.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from .parse import comparable
from .rank import Ranked
from .trees import Curve
from .voices import ALONE, assurance

# For families that no model was trained on (a user's own texts and choices).
DEFAULT_CURVE = Curve(0.75, 0.3, 0.0)
# A voice's trust is a probability already.
VOICE_CURVE = Curve(1.0, 0.0, 0.0)
WIDEST_MARGIN = 6.0

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
    raw = max(_curve(best)(best.score, margin(items)), assurance(best))
    if held:
        raw = 1 / (1 + (1 - raw) / raw * math.exp(-SUM_LIFT))
    ocr = best.candidate.ocr_score
    sure = min(raw, HIGHEST, best.candidate.certainty) * (
        1.0 if ocr is None else min(1.0, max(ocr, 0.0) + 0.02)
    )
    return min(sure, FAILED_CAP) if failed else sure


def _curve(item: Ranked) -> Curve:
    if item.family == ALONE:
        return VOICE_CURVE
    return item.curve or DEFAULT_CURVE


def margin(items: Sequence[Ranked]) -> float:
    """How far the first candidate leads the best one of another value, in log-odds, at most 6."""
    best = items[0]
    mine = comparable(best.candidate.value)
    for other in items[1:]:
        if comparable(other.candidate.value) != mine:
            return min(WIDEST_MARGIN, best.score - other.score)
    return WIDEST_MARGIN
