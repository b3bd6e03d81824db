"""Voices from outside the page: embedded XML, remembered corrections, a language model.

A voice is a candidate of another origin than the page. It never overrides: where the page has a candidate of
the same value, that one gains by the voice's trust; where not, the voice stands for itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from .parse import comparable

if TYPE_CHECKING:
    from .rank import Ranked


def heard(items: Sequence[Ranked]) -> list[Ranked]:
    """The candidates of one field with what the voices say counted in; without voices, as they are."""
    voices = [item for item in items if item.candidate.origin != "page"]
    if not voices:
        return list(items)
    page = [item for item in items if item.candidate.origin == "page"]
    spoken = {comparable(item.candidate.value) for item in page}
    alone = [voice for voice in voices if comparable(voice.candidate.value) not in spoken]
    # The floors of the families are for what the page suggests; a voice alone is weighed by its trust only.
    lonely = [replace(_with_voices(item, alone), family="voice") for item in alone]
    return [_with_voices(item, voices) for item in page] + lonely


def _with_voices(item: Ranked, voices: Iterable[Ranked]) -> Ranked:
    """The item with the trust of every voice that says the same value added to its score."""
    mine = comparable(item.candidate.value)
    agreeing = [voice.candidate for voice in voices if comparable(voice.candidate.value) == mine]
    if not agreeing:
        return item
    said = {voice.origin: max(0.0, min(1.0, voice.seen.get("trust", 0.5))) for voice in agreeing}
    score = sum(said.values()) + (item.score if item.candidate.origin == "page" else 0.0)
    features = {**item.features, **{f"said_by_{origin}": trust for origin, trust in said.items()}}
    return replace(item, score=score, features=features)
