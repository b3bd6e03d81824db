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


def _check(definition: FieldDef, candidate: Candidate, verdict: Verdict) -> None:
    name = definition.name
    if candidate.seen.get("checksum", 1.0) < 0 and not candidate.seen.get("structure"):
        verdict.errors[name].append(f'The check digits of "{candidate.raw}" are wrong.')
    if not fits_regex(candidate, definition):
        verdict.errors[name].append(f'"{candidate.raw}" does not fit the pattern of the field.')
    if candidate.seen.get("checksum", 0.0) > 0 or definition.regex or definition.type != "string":
        verdict.passed.add(name)
