"""How well each candidate fits a field: features with written-down weights, then sums that add up.

A score is about 0 for a value nothing speaks for and 1 for one with a plain label; it is not a probability
(see calibrate.py). The weights are by hand. A trained ranker replaces `HandRanker` and keeps its interface.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import product
from typing import Protocol

from .aliases import ACCEPTS, Role
from .builtin import is_custom
from .candidates import Candidate, Reading
from .defs import FieldDef
from .labels import kind_of
from .parse import comparable
from .sources import fits_regex
from .voices import heard
from .weights import FLOORS, WEIGHTS

KEPT = 12  # candidates per field that later steps see
SUM_TOLERANCE = Decimal("0.02")
_SUM_DEPTH = 8
_CENTS = tuple(Decimal(cents) / 100 for cents in (-2, -1, 1, 2))
_SUM_BONUS = 0.5
_OTHER_PARTY = 0.5
_NO_LINE = 99.0  # for candidates that stand nowhere on the page
_SUM_LABELS = 1.0  # labels of the three summands and the sum must speak for at least this much together


@dataclass(frozen=True, eq=False, slots=True)
class Ranked:
    """A candidate with its score and the features it comes from."""

    candidate: Candidate
    score: float
    features: Mapping[str, float]
    family: str


class Ranker(Protocol):
    """Scores the candidates of all fields; gives each field its list, best first, without hopeless ones."""

    def __call__(
        self, reading: Reading, candidates: Mapping[str, Sequence[Candidate]], fields: Sequence[FieldDef]
    ) -> dict[str, list[Ranked]]: ...


def rank_by_hand(
    reading: Reading, candidates: Mapping[str, Sequence[Candidate]], fields: Sequence[FieldDef]
) -> dict[str, list[Ranked]]:
    """The ranker of this version: weighted features, then a bonus for net, tax and total that add up."""
    ranked = {item.name: heard(_rank(reading, item, candidates.get(item.name, ()))) for item in fields}
    names = {reading.roles[item.name]: item.name for item in fields}
    _reward_sums(ranked, names)
    _part_parties(ranked, names)
    return {
        name: [item for item in _sorted(items) if item.score >= FLOORS.get(item.family, 0.0)][:KEPT]
        for name, items in ranked.items()
    }


def family_of(role: Role, candidate: Candidate) -> str:
    """Which set of weights judges a candidate."""
    if role == "due_date":
        return "due"
    if role in ("net", "tax", "amount_due") or (is_custom(role) and candidate.kind == "money"):
        return "part"
    if candidate.kind == "date" and is_custom(role):
        return "due"
    named = {
        "seller_name": "seller",
        "buyer_name": "buyer",
        "company": "company",
        "receipt_address": "address",
    }
    return named.get(role, candidate.kind)


def _rank(reading: Reading, definition: FieldDef, candidates: Sequence[Candidate]) -> list[Ranked]:
    role = reading.roles[definition.name]
    pool = _Pool(candidates)
    made = []
    for candidate in candidates:
        family = "choice" if definition.type in ("enum", "boolean") else family_of(role, candidate)
        features = {**candidate.seen, **_common(reading, definition, role, candidate)}
        features.update(_own(reading, family, role, candidate, pool))
        weights = WEIGHTS[family]
        score = sum(weight * features.get(name, 0.0) for name, weight in weights.items())
        made.append(Ranked(candidate, score, features, family))
    return _sorted(made)


def _sorted(items: Iterable[Ranked]) -> list[Ranked]:
    return sorted(items, key=lambda item: -item.score)


class _Pool:
    """What a field's candidates have in common: how often each value occurs, which is largest or first."""

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        self.candidates = candidates
        self.counts = Counter(comparable(item.value) for item in candidates)
        amounts = [item.number for item in candidates if item.number is not None and item.seen.get("cents")]
        self.largest = max(amounts, default=None)
        self.numbers = frozenset(item.number for item in candidates if item.number is not None)
        self.latest = max((str(item.value) for item in candidates if item.kind == "date"), default="")

    def repeats(self, candidate: Candidate) -> float:
        return float(min(self.counts[comparable(candidate.value)], 4) - 1)

    def share(self, candidate: Candidate) -> float:
        return self.counts[comparable(candidate.value)] / max(len(self.candidates), 1)


def _common(reading: Reading, definition: FieldDef, role: Role, candidate: Candidate) -> dict[str, float]:
    strengths = reading.strengths(candidate)
    accepted = ACCEPTS.get(role, {role: 1.0})
    missing, rival = 1.0, 0.0
    for other, strength in strengths.items():
        if other in accepted:
            missing *= 1 - min(strength * accepted[other], 0.99)
        elif kind_of(other) in (kind_of(role), "any") or (
            is_custom(role) and kind_of(other) == candidate.kind
        ):
            rival = max(rival, strength)
    label = max(1 - missing, candidate.seen.get("label", 0.0))  # some values say themselves what they are
    return {
        "label": label,
        "rival": max(0.0, rival - 0.5 * label),
        "certainty": candidate.certainty,
        "regex_miss": 0.0 if fits_regex(candidate, definition) else 1.0,
    }


def _own(reading: Reading, family: str, role: Role, candidate: Candidate, pool: _Pool) -> dict[str, float]:
    if family in ("seller", "buyer", "company"):
        return _party_features(reading, family, candidate)
    if family == "address":
        return _address_features(candidate)
    features = {"own": 1.0, "repeats": pool.repeats(candidate), **_place(reading, candidate)}
    if family in ("date", "due"):
        features["first"] = 1.0 if candidate is pool.candidates[0] else 0.0
        features["only"] = 1.0 if len(pool.counts) == 1 else 0.0
        features["latest"] = 1.0 if candidate.value == pool.latest else 0.0
    elif family in ("money", "part"):
        features.update(_money_features(reading, candidate, pool))
    elif family == "currency":
        features.update(share=pool.share(candidate), guess=1.0 if candidate.source == "rule" else 0.0)
    elif family == "code":
        features["short"] = 1.0 if len(str(candidate.value)) < 4 or _is_year(str(candidate.value)) else 0.0
    elif family == "vat":
        features.update(_under(reading, candidate))
    return features


def _is_year(value: str) -> bool:
    return len(value) == 4 and value.isdigit() and value[:2] in ("19", "20")


def _place(reading: Reading, candidate: Candidate) -> dict[str, float]:
    if not candidate.spans:
        return {}
    segment = candidate.spans[0].segment
    depth = reading.depth(segment)
    page = reading.layout.by_number[segment.page]
    low = 1.0 if segment.y0 > 0.82 * page.height else 0.0
    tall = min(segment.height / max(page.letter, 1.0), 2.0) - 1
    return {"depth": depth, "early": 1 - depth, "footer": low, "tall": tall}


def _money_features(reading: Reading, candidate: Candidate, pool: _Pool) -> dict[str, float]:
    number = candidate.number or Decimal(0)
    return {
        "largest": 1.0 if number == pool.largest else 0.0,
        "zero": 1.0 if number == 0 else 0.0,
        "negative": 1.0 if number < 0 else 0.0,
        "paid_less_change": 1.0 if number > 0 and number in reading.once("payments", _payments) else 0.0,
        "rounded": 1.0 if _is_rounded(number, pool) else 0.0,
        "in_tax_summary": 1.0 if _in_tax_summary(reading, candidate) else 0.0,
    }


def _payments(reading: Reading) -> frozenset[Decimal]:
    """Every difference of two amounts labelled as paid, tendered or change."""
    named = {
        item.number
        for item in reading.pool("money")
        if item.number is not None and reading.strengths(item).get("other_money", 0.0) > 0.6
    }
    amounts = sorted({abs(number) for number in named if number})[:12]
    return frozenset(large - small for large in amounts for small in amounts if large > small)


def _is_rounded(number: Decimal, pool: _Pool) -> bool:
    """A multiple of five cents beside an amount one or two cents off, as where small coins left use."""
    if number <= 0 or number % Decimal("0.05"):
        return False
    return any(number + cents in pool.numbers for cents in _CENTS)


def _in_tax_summary(reading: Reading, candidate: Candidate) -> bool:
    if not candidate.spans:
        return False
    segment = candidate.spans[0].segment
    letter = reading.layout.by_number[segment.page].letter
    return reading.labels.under(segment, "tax_summary", 12 * letter)


def _under(reading: Reading, candidate: Candidate) -> dict[str, float]:
    if not candidate.spans:
        return {}
    segment = candidate.spans[0].segment
    page = reading.layout.by_number[segment.page]
    roles = frozenset({"seller_name", "buyer_name", "other_party"})
    label = reading.labels.heading_above(segment, roles, limit=15 * page.letter)
    return {f"under_{label.role}": 1.0} if label else {}


def _party_features(reading: Reading, family: str, candidate: Candidate) -> dict[str, float]:
    seen = candidate.seen
    line = seen.get("line", _NO_LINE)
    strengths = reading.strengths(candidate)
    return {
        "named": strengths.get("name", 0.0),
        "titled": strengths.get(f"{family}_name", 0.0),
        "holder": strengths.get("holder", 0.0),
        "contact": strengths.get("other_party", 0.0),
        "own": 1.0,
        "later_page": 1.0 if seen.get("page", 1.0) > 1 else 0.0,
        "first_lines": 1.0 if seen.get("page") == 1 and line < 3 else 0.0,
        "line_1": 1.0 if line == 0 else 0.5 if line == 1 else 0.0,
        "near_top": max(0.0, 1 - line / 8),
        "wordy": 1.0 if seen.get("words", 0.0) > 7 else 0.0,
    }


def _address_features(candidate: Candidate) -> dict[str, float]:
    seen = candidate.seen
    return {
        "own": 1.0,
        "near_top": max(0.0, 1 - seen.get("line", _NO_LINE) / 12),
        "length": min(seen.get("lines", 0.0), 4.0) / 4,
    }


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
