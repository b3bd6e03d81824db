"""What the candidates of one field have in common: how often each value occurs, which is largest or first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from extraction.engines.fields.candidates import Candidate
from extraction.engines.fields.parse import comparable


class Pool:
    """The candidates of one field, in reading order, with what is counted over all of them."""

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        self.candidates = candidates
        self.counts = Counter(comparable(item.value) for item in candidates)
        self.places = {candidate: place for place, candidate in enumerate(candidates)}
        amounts = [item.number for item in candidates if item.number is not None and item.seen.get("cents")]
        self.largest = max(amounts, default=None)
        self.numbers = frozenset(item.number for item in candidates if item.number is not None)
        dates = [str(item.value) for item in candidates if item.kind == "date"]
        self.latest, self.earliest = max(dates, default=""), min(dates, default="")

    def repeats(self, candidate: Candidate) -> float:
        """How often the value stands elsewhere, at most 3."""
        return float(min(self.counts[comparable(candidate.value)], 4) - 1)

    def share(self, candidate: Candidate) -> float:
        return self.counts[comparable(candidate.value)] / max(len(self.candidates), 1)

    def order(self, candidate: Candidate) -> float:
        """The candidate's place among all, 0 (first) to 1 (last)."""
        return self.places[candidate] / max(len(self.candidates) - 1, 1)
