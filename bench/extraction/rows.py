"""Examples as rows of numbers: one row per candidate, by family of fields."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bench.extraction.examples import Example, is_right
from extraction.engines.fields.builtin import fields_of
from extraction.engines.fields.candidates import Reading
from extraction.engines.fields.defs import NESTING
from extraction.engines.fields.rank import Ranked, described
from extraction.engines.fields.sources import gather

MOST_WRONG = 30  # wrong candidates that one field of one document adds to learn from


@dataclass(frozen=True, slots=True)
class Row:
    """What is seen of one candidate and whether it was right."""

    features: Mapping[str, float]
    right: bool
    weight: float
    group: str


def rows_of(examples: Iterable[Example]) -> dict[str, list[Row]]:
    """The candidates of all known fields by family."""
    families: dict[str, list[Row]] = defaultdict(list)
    for number, example in enumerate(examples):
        rng = random.Random(number)
        for item, right in _candidates(example, rng):
            families[item.family].append(Row(item.features, right, example.weight, example.group))
    return families


def _candidates(example: Example, rng: random.Random) -> Iterator[tuple[Ranked, bool]]:
    fields = [item for item in fields_of(example.slug) if item.type not in NESTING]
    reading = Reading(example.document, fields, example.slug, None)
    for item in fields:
        if item.name not in example.truth and item.name not in example.absent:
            continue
        found = gather(reading, item)
        true = example.truth.get(item.name)
        seen = [
            (one, true is not None and is_right(item, one.candidate.value, str(true)))
            for one in described(reading, item, found)
        ]
        yield from _thinned(seen, rng)


def _thinned(seen: list[tuple[Ranked, bool]], rng: random.Random) -> list[tuple[Ranked, bool]]:
    """All right candidates, the wrong ones nearest to them, and some of the rest."""
    right = [pair for pair in seen if pair[1]]
    wrong = sorted((pair for pair in seen if not pair[1]), key=lambda pair: -pair[0].score)
    near, rest = wrong[: MOST_WRONG // 2], wrong[MOST_WRONG // 2 :]
    return right + near + rng.sample(rest, min(len(rest), MOST_WRONG // 2))
