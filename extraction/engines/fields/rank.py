"""How well each candidate fits a field: features, weighed by hand and by trained trees, then joint rules.

A score is on the log-odds scale: 0 for a candidate as likely right as wrong. It becomes a confidence in
calibrate.py. The hand-made weights are one feature of the trees, and the whole ranker for fields that no
model was trained on (a user's own texts and choices).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import product
from typing import Protocol

from .aliases import Role
from .candidates import Candidate, Reading
from .defs import FieldDef
from .features import observe_all
from .features.money import TOLERANCE as SUM_TOLERANCE
from .parse import comparable
from .trees import Curve, Forest, shipped
from .voices import assurance, heard
from .weights import FLOORS, HAND_SLOPE, HAND_START, WEIGHTS

KEPT = 12  # candidates per field that later steps see
_SUM_DEPTH = 8
_SUM_BONUS = 3.0
_OTHER_PARTY = 2.0
_OTHER_SUM = 6.0
NO_FLOOR = -math.inf
_LABELLED = 0.6  # a label this strong names the value
_SUM_LABELS = 1.0  # labels of the three summands and the sum must speak for at least this much together


@dataclass(frozen=True, eq=False, slots=True)
class Ranked:
    """A candidate with its score (log-odds), the features it comes from and its family's confidence curve."""

    candidate: Candidate
    score: float
    features: Mapping[str, float]
    family: str
    curve: Curve | None = None


class Ranker(Protocol):
    """Scores the candidates of all fields; gives each field its list, best first, without hopeless ones."""

    def __call__(
        self, reading: Reading, candidates: Mapping[str, Sequence[Candidate]], fields: Sequence[FieldDef]
    ) -> dict[str, list[Ranked]]: ...


def rank(
    reading: Reading, candidates: Mapping[str, Sequence[Candidate]], fields: Sequence[FieldDef]
) -> dict[str, list[Ranked]]:
    """The ranker that ships."""
    return rank_with(shipped(), reading, candidates, fields)


def rank_with(
    models: Mapping[str, Forest],
    reading: Reading,
    candidates: Mapping[str, Sequence[Candidate]],
    fields: Sequence[FieldDef],
) -> dict[str, list[Ranked]]:
    """Candidates scored by the trees of their family, then a bonus for net, tax and total that add up."""
    ranked = {
        item.name: heard(_scored(models, described(reading, item, candidates.get(item.name, ()))))
        for item in fields
    }
    names = {reading.roles[item.name]: item.name for item in fields}
    _reward_sums(ranked, names)
    _part_sums(ranked, names)
    _part_parties(ranked, names)
    return {name: _hopeful(_sorted(items)) for name, items in ranked.items()}


def _hopeful(items: Sequence[Ranked]) -> list[Ranked]:
    """The best candidates; none when even the first is better left out."""
    if not items or (items[0].score < FLOORS.get(items[0].family, NO_FLOOR) and not assurance(items[0])):
        return []
    return _printed_first(items[:KEPT])


def _printed_first(items: Sequence[Ranked]) -> list[Ranked]:
    """Of the candidates of the first one's value, one that the page prints leads: it shows where to look."""
    first = items[0]
    mine = comparable(first.candidate.value)
    printed = [item for item in items if item.candidate.spans and comparable(item.candidate.value) == mine]
    if first.candidate.spans or not printed:
        return list(items)
    leader = replace(printed[0], score=first.score)
    return [leader, *(item for item in items if item is not printed[0])]


def described(reading: Reading, definition: FieldDef, candidates: Sequence[Candidate]) -> list[Ranked]:
    """The candidates of one field with all their features and the score of the hand-made weights."""
    made = []
    for candidate, (family, features) in zip(
        candidates, observe_all(reading, definition, candidates), strict=True
    ):
        hand = sum(weight * features.get(name, 0.0) for name, weight in WEIGHTS[family].items())
        made.append(Ranked(candidate, hand, features, family))
    return _compared(made)


def _compared(made: Sequence[Ranked]) -> list[Ranked]:
    """The items with how far each one's hand-made score leads the others', and how many labels follow."""
    values = [comparable(item.candidate.value) for item in made]
    order = sorted(range(len(made)), key=lambda at: -made[at].score)
    firsts = [order[0], next((at for at in order if values[at] != values[order[0]]), None)] if made else []
    after, compared = 0, []
    for at in reversed(range(len(made))):
        item = made[at]
        rival = firsts[1] if values[at] == values[order[0]] else firsts[0]
        features = {
            **item.features,
            "hand": item.score,
            "lead": item.score - (made[rival].score if rival is not None else 0.0),
            "better": float(min(order.index(at), 8)),
            "labels_after": float(min(after, 5)),
        }
        after += item.features.get("label", 0.0) > _LABELLED
        compared.append(replace(item, features=features))
    return compared[::-1]


def _scored(models: Mapping[str, Forest], items: Sequence[Ranked]) -> list[Ranked]:
    done: list[Ranked] = []
    for family in dict.fromkeys(item.family for item in items):
        group = [item for item in items if item.family == family]
        forest = models.get(family)
        scores = (
            forest.scores([item.features for item in group])
            if forest
            else [HAND_START + HAND_SLOPE * item.score for item in group]
        )
        curve = forest.curve if forest else None
        done += [replace(item, score=score, curve=curve) for item, score in zip(group, scores, strict=True)]
    return _sorted(done)


def _sorted(items: Iterable[Ranked]) -> list[Ranked]:
    return sorted(items, key=lambda item: -item.score)


def _reward_sums(ranked: dict[str, list[Ranked]], names: Mapping[Role, str]) -> None:
    """A bonus for the best-labelled net, tax and total with net + tax = total."""
    total = "total" if "total" in names else "receipt_total"
    if not {"net", "tax", total} <= names.keys():
        return
    lists = [_distinct(ranked[names[role]])[:_SUM_DEPTH] for role in ("net", "tax", total)]
    adding = [trio for trio in product(*lists) if _adds_up(*trio)]
    if not adding:
        return
    best = max(adding, key=lambda trio: sum(item.score for item in trio))
    for role, winner in zip(("net", "tax", total), best, strict=True):
        ranked[names[role]] = [_rewarded(item, winner) for item in ranked[names[role]]]


def _part_sums(ranked: dict[str, list[Ranked]], names: Mapping[Role, str]) -> None:
    """Where a tax is printed, no print is both the total and one of its parts: the surer field has it."""
    total = "total" if "total" in names else "receipt_total"
    if not {"net", "tax", total} <= names.keys():
        return
    parts = {role: _sorted(ranked[names[role]])[:1] for role in ("net", "tax")}
    if not all(parts.values()) or not parts["tax"][0].candidate.number:
        return
    whole = _sorted(ranked[names[total]])[:1]
    for role, (part,) in parts.items():
        if whole and _same_print(part, whole[0]) and part.score <= whole[0].score:
            ranked[names[role]] = _without(ranked[names[role]], whole[0])
        else:
            ranked[names[total]] = _without(ranked[names[total]], part)


def _without(items: Sequence[Ranked], taken: Ranked) -> list[Ranked]:
    """The items, those at a print that another field has taken far less likely."""
    return [
        replace(item, score=item.score - _OTHER_SUM) if _same_print(item, taken) else item for item in items
    ]


def _same_print(left: Ranked, right: Ranked) -> bool:
    ours, theirs = left.candidate.spans[:1], right.candidate.spans[:1]
    return bool(ours and theirs) and (ours[0].segment, ours[0].start) == (theirs[0].segment, theirs[0].start)


def _part_parties(ranked: dict[str, list[Ranked]], names: Mapping[Role, str]) -> None:
    """Seller and buyer differ: of the best pair of two names, each counts against the other's role."""
    if not {"seller_name", "buyer_name"} <= names.keys():
        return
    lists = [_distinct(_sorted(ranked[names[role]]))[:_SUM_DEPTH] for role in ("seller_name", "buyer_name")]
    pairs = [pair for pair in product(*lists) if not _same_value(*pair)]
    if not pairs:
        return
    seller, buyer = max(pairs, key=lambda pair: pair[0].score + pair[1].score)
    for role, rival in (("seller_name", buyer), ("buyer_name", seller)):
        ranked[names[role]] = [
            replace(item, score=item.score - _OTHER_PARTY) if _same_value(item, rival) else item
            for item in ranked[names[role]]
        ]


def _same_value(left: Ranked, right: Ranked) -> bool:
    return comparable(left.candidate.value) == comparable(right.candidate.value)


def _distinct(items: Sequence[Ranked]) -> list[Ranked]:
    seen: dict[str, Ranked] = {}
    for item in items:
        seen.setdefault(comparable(item.candidate.value), item)
    return list(seen.values())


def _adds_up(net: Ranked, tax: Ranked, total: Ranked) -> bool:
    numbers = [item.candidate.number for item in (net, tax, total)]
    if any(number is None for number in numbers):
        return False
    a, b, c = (number or Decimal(0) for number in numbers)
    labels = sum(item.features["label"] for item in (net, tax, total))
    return a != 0 and c != 0 and labels >= _SUM_LABELS and abs(a + b - c) <= SUM_TOLERANCE


def _rewarded(item: Ranked, winner: Ranked) -> Ranked:
    if item.candidate.number != winner.candidate.number:
        return item
    return replace(item, score=item.score + _SUM_BONUS, features={**item.features, "adds_up": 1.0})
