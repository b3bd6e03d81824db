"""Checks of one value alone: check digits, the field's own pattern, its type."""

from __future__ import annotations

from extraction.engines.fields.candidates import Candidate
from extraction.engines.fields.defs import FieldDef
from extraction.engines.fields.sources import fits_regex

from .base import Chosen, Verdict


def check_single(chosen: Chosen, verdict: Verdict) -> None:
    for definition in chosen.fields:
        candidate = chosen.by_name.get(definition.name)
        if candidate is not None:
            _check(definition, candidate, verdict)
            if _is_wrong_as_printed(candidate, chosen):
                verdict.as_printed.add(definition.name)


def _check(definition: FieldDef, candidate: Candidate, verdict: Verdict) -> None:
    name = definition.name
    if _has_wrong_digits(candidate):
        verdict.errors[name].append(f'The check digits of "{candidate.raw}" are wrong.')
    if not fits_regex(candidate, definition):
        verdict.errors[name].append(f'"{candidate.raw}" does not fit the pattern of the field.')
    if candidate.seen.get("checksum", 0.0) > 0 or definition.regex or definition.type != "string":
        verdict.passed.add(name)


def _has_wrong_digits(candidate: Candidate) -> bool:
    return candidate.seen.get("checksum", 1.0) < 0 and not candidate.seen.get("structure")


def _is_wrong_as_printed(candidate: Candidate, chosen: Chosen) -> bool:
    """Wrong check digits in a text layer, where no letter can have been misread."""
    method = chosen.reading.document.method if chosen.reading else ""
    return _has_wrong_digits(candidate) and method in ("text_layer", "office")
