"""Confidence curves, fitted on answers of models that had not seen the sender or the country."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from bench.extraction.examples import Example, is_right
from extraction.engines.fields.builtin import fields_of
from extraction.engines.fields.calibrate import SUM_LIFT, Curve, margin
from extraction.engines.fields.candidates import Reading
from extraction.engines.fields.check import check
from extraction.engines.fields.defs import NESTING
from extraction.engines.fields.rank import rank_with
from extraction.engines.fields.sources import gather
from extraction.engines.fields.trees import Forest

PRIOR = Curve(0.7, 0.15, -0.3)
PRIOR_WEIGHT = 2.0
LEAST = (0.2, 0.0)  # of slope and lead: more evidence never lowers a confidence


@dataclass(frozen=True, slots=True)
class Answered:
    """One chosen value: what the curve sees of it and whether it was right."""

    family: str
    group: str
    score: float
    margin: float
    held: bool
    right: bool
    weight: float


def answers(models: Mapping[str, Forest], examples: Iterable[Example]) -> Iterator[Answered]:
    """The chosen values of fields with a known truth that no check spoke against (a cap does)."""
    for example in examples:
        fields = [item for item in fields_of(example.slug) if item.type not in NESTING]
        reading = Reading(example.document, fields, example.slug, None)
        found = {item.name: gather(reading, item) for item in fields}
        ranked = rank_with(models, reading, found, fields)
        verdict = check(fields, reading.roles, ranked)
        for item in fields:
            items, name = ranked.get(item.name), item.name
            if (
                items
                and not verdict.errors.get(name)
                and name in example.truth | dict.fromkeys(example.absent)
            ):
                true = example.truth.get(name)
                right = true is not None and is_right(item, items[0].candidate.value, str(true))
                best, held = items[0], name in verdict.held
                seen = (best.family, example.group, best.score, margin(items), held)
                yield Answered(*seen, right, example.weight)


def curves(found: Iterable[Answered]) -> dict[str, Curve]:
    """A curve for each family."""
    families: dict[str, list[Answered]] = defaultdict(list)
    for one in found:
        families[one.family].append(one)
    return {family: fit(rows) for family, rows in sorted(families.items())}


def fit(rows: Sequence[Answered]) -> Curve:
    """The likeliest monotone curve under the prior (Platt's scaling with two inputs, slope and lead ≥ 0)."""
    seen = np.array([(row.score, row.margin, 1.0) for row in rows])
    lift = np.array([SUM_LIFT * row.held for row in rows])
    right = np.array([float(row.right) for row in rows])
    weights = _weights(rows)
    prior = np.array([PRIOR.slope, PRIOR.lead, PRIOR.shift])

    def loss(at: np.ndarray) -> tuple[float, np.ndarray]:
        z = seen @ at + lift
        chance = 1 / (1 + np.exp(-z))
        surprise = weights @ (np.logaddexp(0, z) - right * z)
        pull = at - prior
        return float(surprise + PRIOR_WEIGHT * pull @ pull), seen.T @ (
            weights * (chance - right)
        ) + 2 * PRIOR_WEIGHT * pull

    bounds = [(LEAST[0], None), (LEAST[1], None), (None, None)]
    best = minimize(loss, prior, jac=True, bounds=bounds, method="L-BFGS-B").x
    return Curve(*(round(float(value), 2) for value in best))


def _weights(rows: Sequence[Answered]) -> np.ndarray:
    """A group counts by the square root of its rows: a hundred of one sender are not a hundred proofs."""
    sizes: dict[str, float] = defaultdict(float)
    for row in rows:
        sizes[row.group] += row.weight
    return np.array([row.weight / math.sqrt(sizes[row.group]) for row in rows])
