"""What the memory of a sender proposes on its next document.

A remembered place gives a span and a freshly read value. A remembered value is proposed only where it is
printed, or, for what every document of a sender has (its name, its currency), with less trust elsewhere.
Nothing is overridden: the proposals are candidates of the origin "memory" that the ranker weighs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from extraction.engines.fields.aliases import Role
from extraction.engines.fields.calibrate import confidence
from extraction.engines.fields.candidates import Candidate, Reading
from extraction.engines.fields.defs import FieldDef
from extraction.engines.fields.parse import JsonValue, comparable
from extraction.engines.fields.rank import Ranked, Ranker, rank

from .context import Context, context_of, likeness
from .facts import CONSTANT_ROLES, TEXT_ROLES, Remembered, says, text_likeness
from .pool import everything
from .prints import SenderPrint, fingerprint

# A taught fact is right at first sight nine times in ten; three failures without a success silence it.
PRIOR_RIGHT, PRIOR_WRONG, LEAST_RELIABLE = 4.0, 0.25, 0.6
# Where the page alone was right before, a place or a code that now says otherwise is little more than a coin.
CONFIRMED = 0.25
# How far a place may differ and still be proposed, and from where on it is the place without doubt.
LEAST_FIT, SURE_FIT, REJECTED_FIT = 0.5, 0.85, 0.75
CLEAR_LEAD = 0.12
# An address of a chain differs from its other branches' by a number or a street.
SAME_ADDRESS = 0.93
# The trust in a value that was printed where it was learned and is not printed here; 0 for all other roles.
NOT_PRINTED: Mapping[Role, float] = {"currency": 0.8, "seller_name": 0.6, "company": 0.6}
NEVER_PRINTED = 0.95  # learned from a document that did not print it either: a name in a logo


@dataclass(frozen=True, slots=True)
class FieldMemory:
    """What is remembered of one field of a sender, the newest fact first.

    `successes` and `failures` count the documents since on which it was right or wrong; `taught_by` is
    whatever the caller wants to know again about where the newest fact comes from.
    """

    facts: tuple[Remembered, ...]
    successes: int = 0
    failures: int = 0
    taught_by: Any = None

    @property
    def reliability(self) -> float:
        """The expected share (0–1) of right proposals: the mean of Beta(successes + 4, failures + 1/4)."""
        right, wrong = self.successes + PRIOR_RIGHT, self.failures + PRIOR_WRONG
        return right / (right + wrong)

    @property
    def emptiness(self) -> float:
        """How surely (0–1) the field stays empty: the mean of Beta(successes + 5, failures + 1/2), or 0."""
        if not self.facts or self.facts[0].what != "empty":
            return 0.0
        return (self.successes + 5) / (self.successes + self.failures + 5.5)

    @property
    def positive(self) -> tuple[Remembered, ...]:
        """The facts that name a value, learned after the field was last said to be empty."""
        empty = [at for at, fact in enumerate(self.facts) if fact.what == "empty"]
        return self.facts[: empty[0]] if empty else self.facts


@dataclass(frozen=True, slots=True)
class Match:
    """A recognised sender. `likeness` is 0–1; `key` is whatever the caller knows the sender by."""

    key: Any
    likeness: float
    fields: Mapping[str, FieldMemory] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Proposal:
    """`candidate` is what the page prints; `value` is how a person spells it. `trust` is 0–1."""

    candidate: Candidate
    value: JsonValue
    trust: float


class Recall:
    """The memory at work on one document: it is asked once whose document this is, and is silent if nobody's.

    `find` gives the match for a print. `said` keeps what was proposed per field, the surest first, also where
    the page won against it.
    """

    def __init__(self, find: Callable[[SenderPrint], Match | None]) -> None:
        self._find = find
        self._asked = False
        self.match: Match | None = None
        self.said: dict[str, list[Proposal]] = {}

    def source(self, reading: Reading, definition: FieldDef, role: Role) -> list[Candidate]:
        """Candidates of the origin "memory". `seen["trust"]` is the chance that a value is right where the
        page says otherwise: over 0.5 it speaks for the value, under 0.5 against one once rejected."""
        if not self._asked:
            self.match, self._asked = self._find(fingerprint(reading)), True
        known = self._known(definition.name)
        if known is None:
            return []
        found = proposals(reading, definition, role, known)
        self.said[definition.name] = found
        said = {comparable(item.candidate.value) for item in found}
        rejected = _rejected(reading, definition, role, known)
        return [
            *(_voice(item.candidate, item.trust) for item in found),
            *(_voice(item, trust) for item, trust in rejected if comparable(item.value) not in said),
        ]

    def ranker(self, base: Ranker = rank) -> Ranker:
        """The base ranker, after which values get the person's spelling, and a field that this sender leaves
        empty stays empty unless the page is surer of its value."""

        def ranked(
            reading: Reading, candidates: Mapping[str, Sequence[Candidate]], fields: Sequence[FieldDef]
        ) -> dict[str, list[Ranked]]:
            found = base(reading, candidates, fields)
            return {name: self._settled(name, items) for name, items in found.items()}

        return ranked

    def _settled(self, name: str, items: list[Ranked]) -> list[Ranked]:
        known = self._known(name)
        if known is None or not items:
            return items
        if confidence(items) < known.emptiness:
            return []
        spellings = {comparable(item.candidate.value): item.value for item in self.said.get(name, ())}
        return [_spelled(item, spellings) for item in items]

    def _known(self, name: str) -> FieldMemory | None:
        return self.match.fields.get(name) if self.match else None


def proposals(reading: Reading, definition: FieldDef, role: Role, known: FieldMemory) -> list[Proposal]:
    """The memory's values for a field on this document, the surest first, each value once."""
    if known.reliability < LEAST_RELIABLE:
        return []
    facts = known.positive
    options = [*_printed(reading, definition, role, facts), *_placed(reading, definition, role, facts)]
    if not options and role in CONSTANT_ROLES:
        options = list(_unprinted(role, facts))
    doubt = max(0.0, 2 * known.reliability - 1)
    best: dict[str, Proposal] = {}
    for option in sorted(options, key=lambda option: -option.trust):
        trust = round(0.5 + (option.trust - 0.5) * doubt, 4)
        if trust > 0.5:
            best.setdefault(comparable(option.candidate.value), replace(option, trust=trust))
    return list(best.values())


def _printed(
    reading: Reading, definition: FieldDef, role: Role, facts: Sequence[Remembered]
) -> Iterable[Proposal]:
    """Remembered values that this document prints, too."""
    if role not in CONSTANT_ROLES | TEXT_ROLES:
        return
    for fact in facts:
        same = [item for item in everything(reading, definition, role) if says(item, fact.value, role)]
        if not same:
            continue
        best = max(same, key=lambda item: _closeness(reading, item, role, fact))
        exact = text_likeness(best.raw, str(fact.value)) if role in TEXT_ROLES else 1.0
        if role != "receipt_address" or exact >= SAME_ADDRESS:
            weight = CONFIRMED if fact.confirmed and role not in TEXT_ROLES else 1.0
            yield Proposal(best, fact.value, 0.5 + weight * (0.4 + 0.1 * exact))


def _closeness(reading: Reading, item: Candidate, role: Role, fact: Remembered) -> tuple[float, float]:
    text = text_likeness(str(item.value), str(fact.value)) if role in TEXT_ROLES else 1.0
    return round(text, 2), _best_fit(reading, item, fact.places)


def _unprinted(role: Role, facts: Sequence[Remembered]) -> Iterable[Proposal]:
    """What every document of the sender has, though it is not printed here."""
    for fact in facts:
        trust = NOT_PRINTED.get(role, 0.0) if fact.places else NEVER_PRINTED
        if trust:
            yield Proposal(Candidate("text", fact.value, "", ()), fact.value, trust)


def _placed(
    reading: Reading, definition: FieldDef, role: Role, facts: Sequence[Remembered]
) -> Iterable[Proposal]:
    """What stands here in the remembered places: one value each, more where a fact leaves several open.

    Facts of several documents agree on the places that count: their mean tells such from a chance.
    """
    pool = everything(reading, definition, role)
    winners = _winners(reading, pool, facts)
    chosen = {comparable(item.value) for item in winners}
    places = [place for fact in facts for place in fact.places]
    rivals = (item for item in pool if comparable(item.value) not in chosen)
    rest = max((_best_fit(reading, item, places) for item in rivals), default=0.0) if winners else 0.0
    weight = CONFIRMED if all(fact.confirmed for fact in facts) else 1.0
    for item in winners:
        fits = [_best_fit(reading, item, fact.places) for fact in facts]
        fit = 0.7 * max(fits) + 0.3 * sum(fits) / len(fits)
        agreed = sum(one >= SURE_FIT for one in fits) / len(fits)
        if fit >= LEAST_FIT:
            sure = place_trust(fit, max(fits) - rest) - 0.5
            yield Proposal(item, item.value, 0.5 + weight * sure * (0.8 + 0.2 * agreed))


def _winners(reading: Reading, pool: Sequence[Candidate], facts: Sequence[Remembered]) -> list[Candidate]:
    """The best fitting candidate of each remembered place."""
    found: dict[Candidate, None] = {}
    for place in (place for fact in facts for place in fact.places):
        best = max(pool, key=lambda item: _fit(reading, item, place), default=None)
        if best:
            found[best] = None
    return list(found)


def place_trust(fit: float, lead: float) -> float:
    """How surely the best fitting value is the right one (0.5–0.98), from its fit and its lead on others."""
    sure = min(1.0, max(0.0, (fit - LEAST_FIT) / (SURE_FIT - LEAST_FIT)))
    clear = min(1.0, max(0.0, lead / CLEAR_LEAD))
    return 0.5 + 0.48 * sure * (0.7 + 0.3 * clear)


def _best_fit(reading: Reading, item: Candidate, places: Iterable[Context]) -> float:
    return max((_fit(reading, item, place) for place in places), default=0.0)


def _fit(reading: Reading, item: Candidate, place: Context) -> float:
    """How well a candidate stands in a place, 0–1; reckoned once per document."""
    known: dict[tuple[int, int], float] = reading.once("fits", lambda _: {})
    key = (id(item), id(place))
    if key not in known:
        known[key] = likeness(place, surroundings(reading, item)) if item.spans else 0.0
    return known[key]


def surroundings(reading: Reading, item: Candidate) -> Context:
    """A candidate's context, made once per document."""
    kept: dict[Candidate, Context] = reading.once("contexts", lambda _: {})
    if item not in kept:
        kept[item] = context_of(reading, item.spans)
    return kept[item]


def _rejected(
    reading: Reading, definition: FieldDef, role: Role, known: FieldMemory
) -> Iterable[tuple[Candidate, float]]:
    """The candidates that a person once said no to, in the same place, with the trust left in them."""
    for place in (fact.wrong_place for fact in known.facts if fact.wrong_place):
        pool = everything(reading, definition, role)
        best = max(pool, key=lambda item: _fit(reading, item, place), default=None)
        fit = _fit(reading, best, place) if best else 0.0
        if best and fit >= REJECTED_FIT:
            yield best, round(1 - known.reliability * fit, 4)


def _voice(item: Candidate, trust: float) -> Candidate:
    return replace(item, origin="memory", seen={**item.seen, "trust": trust})


def _spelled(item: Ranked, spellings: Mapping[str, JsonValue]) -> Ranked:
    value = spellings.get(comparable(item.candidate.value), item.candidate.value)
    if value == item.candidate.value:
        return item
    return replace(item, candidate=replace(item.candidate, value=value))
