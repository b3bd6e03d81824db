"""What a threshold would let pass, and how often it would be wrong, told from documents people have judged.

Shares and rates are fractions 0–1, scores and thresholds 0–100. A document passes at a threshold when its
score is at least that and nothing else stops it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

# One-sided, 95 %: "at most this much" is one bound, not two.
Z = 1.6449
CURVE = tuple(range(0, 101, 5))
Doubt = Literal["", "too_few_reviews", "not_precise_enough"]


@dataclass(frozen=True, slots=True)
class Tally:
    """Documents of one score that nothing but their score can stop.

    `reviewed` of them were judged by a person, and `wrong` of those had a value changed or were rejected.
    """

    score: float
    documents: int
    reviewed: int = 0
    wrong: int = 0


@dataclass(frozen=True, slots=True)
class Point:
    """What passes at a threshold: how many documents, and what people said of those they have looked at.

    `error_rate` is the share of wrong ones among the reviewed, `error_upper` what it is at most, with 95 %
    confidence; both None where no person has looked at any.
    """

    threshold: float
    documents: int
    pass_share: float
    reviewed: int
    wrong: int
    error_rate: float | None
    error_upper: float | None


@dataclass(frozen=True, slots=True)
class Advice:
    """The lowest threshold that is precise enough, or None with the reason why there is none.

    `needed` is how many reviewed documents without a fault it takes at least.
    """

    threshold: int | None
    doubt: Doubt
    needed: int


def wilson(wrong: int, reviewed: int) -> tuple[float, float]:
    """The least and the most (0–1) that a share may be of which `wrong` in `reviewed` were seen.

    Each of the two bounds holds with 95 % confidence by itself. Wilson's, since the plain interval says
    "never" when nothing was wrong in a handful.

    Raises: ValueError unless 0 ≤ wrong ≤ reviewed and reviewed > 0.
    """
    if not 0 <= wrong <= reviewed or reviewed == 0:
        raise ValueError("A share needs at least one document, and no more wrong ones than there are.")
    share, spread = wrong / reviewed, Z * Z / reviewed
    middle = (share + spread / 2) / (1 + spread)
    half = math.sqrt(share * (1 - share) * spread + spread * spread / 4) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)


def point(threshold: float, tallies: Iterable[Tally], total: int) -> Point:
    """What passes at this threshold of `total` documents, those that something else stops included."""
    passing = [tally for tally in tallies if tally.score >= threshold]
    documents, reviewed, wrong = (
        sum(getattr(tally, name) for tally in passing) for name in ("documents", "reviewed", "wrong")
    )
    return Point(
        threshold=threshold,
        documents=documents,
        pass_share=documents / total if total else 0.0,
        reviewed=reviewed,
        wrong=wrong,
        error_rate=wrong / reviewed if reviewed else None,
        error_upper=wilson(wrong, reviewed)[1] if reviewed else None,
    )


def curve(tallies: Sequence[Tally], total: int, thresholds: Sequence[float] = CURVE) -> list[Point]:
    """The points of a curve over the thresholds, in their order."""
    return [point(threshold, tallies, total) for threshold in thresholds]


def advise(tallies: Sequence[Tally], total: int, precision: float = 0.99) -> Advice:
    """The lowest whole threshold at which at least `precision` (0–1, below 1) of what passes is right.

    Right with 95 % confidence: Wilson's lower bound, not the share that was seen. What was seen flatters a
    threshold that was chosen by looking at it; the bound takes most of that back.
    """
    points = curve(tallies, total, range(101))
    needed = least_reviews(precision)
    for found in points:
        if found.error_upper is not None and 1 - found.error_upper >= precision:
            return Advice(int(found.threshold), "", needed)
    enough = max(found.reviewed for found in points) >= needed
    return Advice(None, "not_precise_enough" if enough else "too_few_reviews", needed)


def least_reviews(precision: float) -> int:
    """How many documents, all of them right, show this precision (0–1, below 1) with 95 % confidence."""
    return math.ceil(Z * Z * precision / (1 - precision) - 1e-9)
