"""A simulation in words and as a curve."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extraction.engines.fields.thresholds import Point
from extraction.models import Flow
from extraction.simulation import NOTHING_PASSES, Answer, Question

# The scale of errors ends at the first of these that holds them all; a curve of small ones is not flat then.
SCALES = (0.02, 0.05, 0.1, 0.2, 0.5, 1.0)


@dataclass(frozen=True)
class Chart:
    """Two curves over the threshold, as points of an SVG of 100 × 100; `scale` (0–1) tops that of errors."""

    passing: str
    area: str
    wrong: str
    at_most: str
    scale: float
    marker: float | None
    advised: int | None


def sentence(question: Question, answer: Answer) -> str:
    """What would happen, in one sentence."""
    if question.passes_from >= NOTHING_PASSES:
        return "Every document would go to a person: all are reviewed, and none is approved by itself."
    passing = answer.passing
    start = f"With {passing.threshold:g}: {percent(passing.pass_share)} would pass without a person"
    if passing.error_upper is None:
        return f"{start}; nobody has looked at any of those yet, so their errors are not known."
    return (
        f"{start}; {passing.wrong} of the {passing.reviewed} of those that people have looked at"
        f" {'was' if passing.wrong == 1 else 'were'} wrong"
        f" (at most {percent(passing.error_upper)} with 95 % confidence)."
    )


def advice_words(question: Question, answer: Answer) -> str:
    """Which threshold keeps the precision asked for, or why none can be named."""
    wanted, advice = percent(question.precision), answer.advice
    if advice.threshold is not None:
        return f"From {advice.threshold} on at least {wanted} of what passes is right, with 95 % confidence."
    if advice.doubt == "too_few_reviews":
        return (
            f"Too few reviews to promise {wanted}: it takes at least {advice.needed} documents that pass"
            " and were found without a fault."
        )
    return f"No threshold can promise {wanted}: among the surest documents, too, people found wrong values."


def chart(question: Question, answer: Answer) -> Chart:
    points = answer.points
    seen = [item for item in points if item.error_upper is not None]
    scale = next(top for top in SCALES if top >= max((item.error_upper or 0 for item in seen), default=0))
    passing = _line((item.threshold, item.pass_share) for item in points)
    first, last = points[0].threshold, points[-1].threshold
    upper = _line((item.threshold, (item.error_upper or 0) / scale) for item in seen)
    low = " ".join(f"{item.threshold:g},100" for item in reversed(seen))
    return Chart(
        passing=passing,
        area=f"{first:g},100 {passing} {last:g},100",
        wrong=_line((item.threshold, (item.error_rate or 0) / scale) for item in seen),
        at_most=f"{upper} {low}",
        scale=scale,
        marker=question.passes_from if question.passes_from <= 100 else None,
        advised=answer.advice.threshold,
    )


def table(question: Question, points: Sequence[Point]) -> list[dict[str, object]]:
    """The rows beside the curve; the one that the thresholds asked for fall on is `here`."""
    reached = [item.threshold for item in points if item.threshold <= question.passes_from]
    here = max(reached, default=None)
    return [
        {
            "threshold": f"{item.threshold:g}",
            "share": percent(item.pass_share),
            "reviewed": item.reviewed,
            "wrong": item.wrong if item.reviewed else "–",
            "at_most": "–" if item.error_upper is None else percent(item.error_upper),
            "here": item.threshold == here and question.passes_from <= 100,
        }
        for item in points
    ]


def wrong_fields(flow: Flow, answer: Answer) -> list[tuple[str, int]]:
    """The fields that people changed in what would have passed, most often first."""
    labels = {item.name: item.label for item in flow.field_defs()}
    found = sorted(answer.field_errors.items(), key=lambda pair: (-pair[1], pair[0]))
    return [(labels.get(name, name), count) for name, count in found]


def percent(fraction: float) -> str:
    """A share as people read it: one digit behind the point where it matters."""
    value = 100 * fraction
    exact = f"{value:.1f}".removesuffix(".0")
    return f"{exact if value < 10 or value > 98 else round(value)} %"


def _line(pairs: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{x:g},{100 - 100 * y:.2f}" for x, y in pairs)
