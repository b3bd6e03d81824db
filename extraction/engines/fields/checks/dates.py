"""Dates that must stand in order."""

from __future__ import annotations

from datetime import date

from .base import Chosen, Verdict

# Meaning of the earlier date, of the later one, and how both are called in the sentence.
ORDERED = (
    ("issue_date", "due_date", "issue date", "due date"),
    ("order_date", "delivery_date", "order date", "delivery date"),
    ("period_start", "period_end", "start of the period", "end of the period"),
    ("effective_date", "end_date", "effective date", "end date"),
    ("date_of_birth", "issue_date", "date of birth", "issue date"),
    ("date_of_birth", "expiry_date", "date of birth", "expiry date"),
    ("issue_date", "expiry_date", "issue date", "expiry date"),
)


def check_dates(chosen: Chosen, verdict: Verdict) -> None:
    for first, last, first_words, last_words in ORDERED:
        names = (_name(chosen, first), _name(chosen, last))
        early, late = (_day(chosen, name) for name in names)
        if names[0] != names[1] and early and late and late < early:
            verdict.blame(names, f"The {last_words} {late} lies before the {first_words} {early}.")


def _name(chosen: Chosen, meaning: str) -> str:
    return chosen.names.get(meaning) or chosen.name_of(meaning)


def _day(chosen: Chosen, name: str) -> date | None:
    candidate = chosen.by_name.get(name)
    try:
        return date.fromisoformat(str(candidate.value)[:10]) if candidate else None
    except ValueError:
        return None
