"""Voices from outside the page: embedded XML, remembered corrections, a language model.

A voice is a candidate of another origin than the page. It never overrides: where the page has a candidate of
the same value, that one gains by the voice's trust; where not, the voice stands for itself.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from .candidates import Origin
from .parse import comparable

if TYPE_CHECKING:
    from .rank import Ranked


# What log-odds of 1 add to a score, for the voice that also knows what is wrong.
MEMORY_WEIGHT = 0.65


def heard(items: Sequence[Ranked]) -> list[Ranked]:
    """The candidates of one field with what the voices say counted in; without voices, as they are."""
    voices = [item for item in items if item.candidate.origin != "page"]
    if not voices:
        return list(items)
    page = [item for item in items if item.candidate.origin == "page"]
    spoken = {comparable(item.candidate.value) for item in page}
    alone = [
        voice for voice in voices if comparable(voice.candidate.value) not in spoken and _speaks_for(voice)
    ]
    return [_with_voices(item, voices) for item in page] + [_with_voices(item, alone) for item in alone]


def _with_voices(item: Ranked, voices: Iterable[Ranked]) -> Ranked:
    """The item with the trust of every voice that says the same value added to its score.

    A memory with a trust under 0.5 speaks against a value that a person rejected in this place before.
    """
    mine = comparable(item.candidate.value)
    agreeing = [voice for voice in voices if comparable(voice.candidate.value) == mine]
    if not agreeing:
        return item
    said = {voice.candidate.origin: _trust(voice) for voice in agreeing}
    weighed = sum(_weight(origin, trust) for origin, trust in said.items())
    # A voice that points to a place on the page is judged by what stands there, too.
    score = weighed + (item.score if item.candidate.spans else 0.0)
    features = {**item.features, **{f"said_by_{origin}": trust for origin, trust in said.items()}}
    return replace(item, score=score, features=features)


def _speaks_for(voice: Ranked) -> bool:
    return voice.candidate.origin != "memory" or _trust(voice) > 0.5


def _weight(origin: Origin, trust: float) -> float:
    if origin != "memory":
        return trust
    sure = max(0.02, min(0.98, trust))
    return MEMORY_WEIGHT * math.log(sure / (1 - sure))


def _trust(voice: Ranked) -> float:
    return max(0.0, min(1.0, voice.candidate.seen.get("trust", 0.5)))
