"""Features of names: where they stand and which headings speak for or against them."""

from __future__ import annotations

from collections.abc import Mapping

from extraction.engines.fields.aliases import Role
from extraction.engines.fields.candidates import Candidate, Reading

_NO_LINE = 99.0  # for candidates that stand nowhere on the page
_HEADINGS = frozenset({"seller_name", "buyer_name", "other_party"})


def party_features(family: str, candidate: Candidate, strengths: Mapping[Role, float]) -> dict[str, float]:
    seen = candidate.seen
    line = seen.get("line", _NO_LINE)
    letters = [char for char in str(candidate.value) if char.isalpha()]
    return {
        "named": strengths.get("name", 0.0),
        "titled": strengths.get(f"{family}_name", 0.0),
        "holder": strengths.get("holder", 0.0),
        "contact": strengths.get("other_party", 0.0),
        "later_page": 1.0 if seen.get("page", 1.0) > 1 else 0.0,
        "first_lines": 1.0 if seen.get("page") == 1 and line < 3 else 0.0,
        "line_1": 1.0 if line == 0 else 0.5 if line == 1 else 0.0,
        "near_top": max(0.0, 1 - line / 8),
        "wordy": 1.0 if seen.get("words", 0.0) > 7 else 0.0,
        "length": float(min(len(str(candidate.value)), 60)),
        "capitals": sum(char.isupper() for char in letters) / max(len(letters), 1),
    }


def heading_features(reading: Reading, candidate: Candidate) -> dict[str, float]:
    """Which party's heading stands over a value, such as a VAT id."""
    if not candidate.spans:
        return {}
    segment = candidate.spans[0].segment
    page = reading.layout.by_number[segment.page]
    label = reading.labels.heading_above(segment, _HEADINGS, limit=15 * page.letter)
    return {f"under_{label.role}": 1.0} if label else {}
