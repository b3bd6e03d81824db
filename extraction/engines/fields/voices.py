"""Voices from outside the page: embedded XML, remembered corrections, a language model.

A voice is a candidate of another origin than the page, with the probability that such a voice is right
(`seen["trust"]`, 0–1). It never overrides, it is evidence (naive Bayes on the log-odds scale): a page
candidate of the same value gains, the others lose, and a value that the page has no candidate for stands for
itself.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from .parse import comparable

if TYPE_CHECKING:
    from .candidates import Candidate, Origin
    from .rank import Ranked

# How often a voice that errs would name just this wrong value: those beside the right one on the page.
_SAME_ERROR = 0.3
_LEAST, _MOST = 0.02, 0.995
_EVEN = 0.5
# What voices alone may make of a confidence: over the usual threshold of reviews, under that of automation.
_MOST_ASSURED = 0.84
ALONE = "voice"
"""The family of values that only a voice knows: their score is their trust, and no floor drops them."""


def heard(items: Sequence[Ranked]) -> list[Ranked]:
    """The candidates of one field with what the voices say counted in; without voices, as they are."""
    voices = [item for item in items if item.candidate.origin != "page"]
    if not voices:
        return list(items)
    page = [item for item in items if item.candidate.origin == "page"]
    spoken = {comparable(item.candidate.value) for item in page}
    alone = [
        voice
        for voice in voices
        if comparable(voice.candidate.value) not in spoken and _speaks_for(voice.candidate)
    ]
    said = [voice.candidate for voice in voices]
    return [_weighed(item, said) for item in page] + [_standing_alone(item, said) for item in alone]


def trust_of(voice: Candidate) -> float:
    return min(_MOST, max(_LEAST, voice.seen.get("trust", 0.5)))


def _weighed(item: Ranked, voices: Iterable[Candidate]) -> Ranked:
    """The item with what every origin says of its value; an origin's most trusted voice speaks for it."""
    mine = comparable(item.candidate.value)
    agrees: dict[Origin, float] = {}
    differs: dict[Origin, float] = {}
    for voice in voices:
        heard_as = agrees if comparable(voice.value) == mine else differs
        if heard_as is differs and not _speaks_for(voice):
            continue
        heard_as[voice.origin] = max(heard_as.get(voice.origin, 0.0), trust_of(voice))
    score = item.score + sum(_gain(origin, trust) for origin, trust in agrees.items())
    score += sum(math.log(1 - trust) for origin, trust in differs.items() if trust > agrees.get(origin, 0.0))
    return replace(item, score=score, features={**item.features, **_named(agrees)})


def _standing_alone(item: Ranked, voices: Iterable[Candidate]) -> Ranked:
    trust = trust_of(item.candidate)
    others = [voice for voice in voices if voice.origin != item.candidate.origin]
    lone = replace(item, score=_log_odds(trust), family=ALONE, curve=None)
    weighed = _weighed(lone, others)
    return replace(weighed, features={**weighed.features, **_named({item.candidate.origin: trust})})


def _speaks_for(voice: Candidate) -> bool:
    """A memory with little trust in a value says that a person rejected it there before."""
    return voice.origin != "memory" or trust_of(voice) > _EVEN


def _gain(origin: Origin, trust: float) -> float:
    if origin == "memory" and trust <= _EVEN:
        return _log_odds(trust)
    return max(0.0, _log_odds(trust) - math.log(_SAME_ERROR))


def assurance(item: Ranked) -> float:
    """The least confidence (0–1) in a value that the XML or a memory says: their trust, up to a bound."""
    told = max(item.features.get("said_by_memory", 0.0), item.features.get("said_by_xml", 0.0))
    return min(told, _MOST_ASSURED)


def _named(trusts: dict[Origin, float]) -> dict[str, float]:
    return {f"said_by_{origin}": trust for origin, trust in trusts.items()}


def _log_odds(trust: float) -> float:
    return math.log(trust / (1 - trust))
